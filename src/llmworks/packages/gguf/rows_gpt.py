"""The kin of GPT-2 in llama.cpp's words: GPT-2, GPT-NeoX, BLOOM, MPT, StarCoder2."""

from __future__ import annotations

from typing import Any

from llmworks.packages.gguf.architecture import Architecture, Facts, Names
from llmworks.packages.gguf.changes import BY_KIND, TRANSPOSED_MATRIX
from llmworks.packages.gguf.rope import read_rope, write_rope
from llmworks.packages.gguf.rows_llama import PRE_NORMS, attention, ends, in_blocks, no_window


def read_sizes(facts: Facts, names: dict[str, str]) -> dict[str, Any]:
    """The common sizes under a family's own names."""
    sizes = {
        "d_model": facts.integer("embedding_length"),
        "n_layers": facts.integer("block_count"),
        "n_heads": facts.integer("attention.head_count"),
        "max_length": facts.integer("context_length"),
        "norm_eps": facts.real("attention.layer_norm_epsilon"),
        "d_ff": facts.integer("feed_forward_length"),
    }
    hf = {names[ours]: value for ours, value in sizes.items() if ours in names}
    hf["vocab_size"] = facts.shape("token_embd.weight")[0]
    hf["tie_word_embeddings"] = not facts.has("output.weight")
    return hf


def write_sizes(config: Any) -> dict[str, Any]:
    return {
        "vocab_size": config.vocab_size,
        "context_length": config.max_length,
        "embedding_length": config.d_model,
        "block_count": config.n_layers,
        "feed_forward_length": config.d_ff,
        "attention.head_count": config.n_heads,
        "attention.head_count_kv": config.n_kv_heads,
        "attention.layer_norm_epsilon": float(config.norm_eps),
    }


def in_h(
    *pairs: tuple[str, str, Any] | tuple[str, str], inside: str = "transformer.h.{i}."
) -> tuple[Names, ...]:
    return tuple(Names(f"blk.{{i}}.{pair[0]}", inside + pair[1], *pair[2:]) for pair in pairs)


GPT2 = Architecture(
    "gpt2", "gpt2", "GPT2LMHeadModel",
    (
        Names("token_embd", "transformer.wte"), Names("position_embd", "transformer.wpe"),
        Names("output_norm", "transformer.ln_f"), Names("output", "lm_head"),
        *in_h(
            ("attn_norm", "ln_1"), ("attn_qkv", "attn.c_attn", TRANSPOSED_MATRIX),
            ("attn_output", "attn.c_proj", TRANSPOSED_MATRIX), ("ffn_norm", "ln_2"),
            ("ffn_up", "mlp.c_fc", TRANSPOSED_MATRIX), ("ffn_down", "mlp.c_proj", TRANSPOSED_MATRIX),
        ),
    ),
    lambda facts: read_sizes(facts, {
        "d_model": "n_embd", "n_layers": "n_layer", "n_heads": "n_head", "max_length": "n_positions",
        "norm_eps": "layer_norm_epsilon", "d_ff": "n_inner",
    }),
    write_sizes, prefix="transformer.",
)  # fmt: skip


def read_neox(facts: Facts) -> dict[str, Any]:
    hf = read_sizes(facts, {
        "d_model": "hidden_size", "n_layers": "num_hidden_layers", "n_heads": "num_attention_heads",
        "max_length": "max_position_embeddings", "norm_eps": "layer_norm_eps", "d_ff": "intermediate_size",
    })  # fmt: skip
    width = hf["hidden_size"] // max(1, hf["num_attention_heads"])
    rope = read_rope(facts)
    return hf | {
        "rotary_pct": facts.integer("rope.dimension_count") / max(1, width),
        "rotary_emb_base": rope["rope_theta"],
        "rope_scaling": rope["rope_scaling"],
        "use_parallel_residual": bool(facts.get("use_parallel_residual", True)),
        "attention_bias": facts.has("blk.0.attn_qkv.bias"),
        "hidden_act": "gelu",
    }


GPT_NEOX = Architecture(
    "gptneox", "gpt_neox", "GPTNeoXForCausalLM",
    (
        Names("token_embd", "gpt_neox.embed_in"), Names("output_norm", "gpt_neox.final_layer_norm"),
        Names("output", "embed_out"),
        *in_h(
            ("attn_norm", "input_layernorm"), ("attn_qkv", "attention.query_key_value", BY_KIND),
            ("attn_output", "attention.dense"), ("ffn_norm", "post_attention_layernorm"),
            ("ffn_up", "mlp.dense_h_to_4h"), ("ffn_down", "mlp.dense_4h_to_h"), inside="gpt_neox.layers.{i}.",
        ),
    ),
    read_neox,
    lambda config: write_sizes(config) | write_rope(config) | {"use_parallel_residual": config.parallel},
    prefix="gpt_neox.",
)  # fmt: skip

BLOOM = Architecture(
    "bloom", "bloom", "BloomForCausalLM",
    (
        Names("token_embd", "transformer.word_embeddings"),
        Names("token_embd_norm", "transformer.word_embeddings_layernorm"),
        Names("output_norm", "transformer.ln_f"), Names("output", "lm_head"),
        *in_h(
            ("attn_norm", "input_layernorm"), ("attn_qkv", "self_attention.query_key_value", BY_KIND),
            ("attn_output", "self_attention.dense"), ("ffn_norm", "post_attention_layernorm"),
            ("ffn_up", "mlp.dense_h_to_4h"), ("ffn_down", "mlp.dense_4h_to_h"),
        ),
    ),
    lambda facts: read_sizes(facts, {
        "d_model": "hidden_size", "n_layers": "n_layer", "n_heads": "n_head", "max_length": "seq_length",
        "norm_eps": "layer_norm_epsilon",
    }),
    write_sizes, prefix="transformer.",
)  # fmt: skip


def read_mpt(facts: Facts) -> dict[str, Any]:
    names = {"d_model": "d_model", "n_layers": "n_layers", "n_heads": "n_heads", "max_length": "max_seq_len"}
    hf = read_sizes(facts, names | {"norm_eps": "layer_norm_epsilon"})
    most = facts.real("attention.max_alibi_bias", 8.0)
    return hf | {"attn_config": {"alibi": most > 0, "alibi_bias_max": int(most)}}


MPT = Architecture(
    "mpt", "mpt", "MptForCausalLM",
    (
        Names("token_embd", "transformer.wte"), Names("output_norm", "transformer.norm_f"),
        Names("output", "lm_head"),
        *in_h(
            ("attn_norm", "norm_1"), ("attn_qkv", "attn.Wqkv"), ("attn_output", "attn.out_proj"),
            ("ffn_norm", "norm_2"), ("ffn_up", "ffn.up_proj"), ("ffn_down", "ffn.down_proj"),
            inside="transformer.blocks.{i}.",
        ),
    ),
    read_mpt, lambda config: write_sizes(config) | {"attention.max_alibi_bias": float(config.alibi_bias_max)},
    prefix="transformer.",
)  # fmt: skip


def read_starcoder2(facts: Facts) -> dict[str, Any]:
    hf = read_sizes(facts, {
        "d_model": "hidden_size", "n_layers": "num_hidden_layers", "n_heads": "num_attention_heads",
        "max_length": "max_position_embeddings", "norm_eps": "norm_epsilon", "d_ff": "intermediate_size",
    })  # fmt: skip
    return hf | read_rope(facts) | {
        "num_key_value_heads": facts.integer("attention.head_count_kv", hf["num_attention_heads"]),
        "use_bias": facts.has("blk.0.attn_q.bias"),
        "hidden_act": "gelu_pytorch_tanh",
        "sliding_window": None,
    }  # fmt: skip


def write_starcoder2(config: Any) -> dict[str, Any]:
    no_window(config)
    return write_sizes(config) | write_rope(config)


STARCODER2 = Architecture(
    "starcoder2", "starcoder2", "Starcoder2ForCausalLM",
    (
        *ends(), *PRE_NORMS, *attention(),
        *in_blocks(("ffn_up", "mlp.c_fc"), ("ffn_down", "mlp.c_proj")),
    ),
    read_starcoder2, write_starcoder2,
)  # fmt: skip

ROWS = (GPT2, GPT_NEOX, BLOOM, MPT, STARCODER2)
