"""Llama's kin in llama.cpp's words: Llama, Mistral, Mixtral, Qwen 2 and 3, Phi-3, OLMo 2, Gemma 1 to 3."""

from __future__ import annotations

from typing import Any

from llmworks.errors import PackageError
from llmworks.packages.gguf.architecture import Architecture, Facts, Names
from llmworks.packages.gguf.changes import INTERLEAVED_K, INTERLEAVED_Q, PLUS_ONE, ROW, SAME, Change
from llmworks.packages.gguf.rope import read_rope, write_rope

BLOCK, LAYER = "blk.{i}.", "model.layers.{i}."


def ends(norm: Change = SAME) -> tuple[Names, ...]:
    return (
        Names("token_embd", "model.embed_tokens"),
        Names("output_norm", "model.norm", norm),
        Names("output", "lm_head"),
    )


def in_blocks(*pairs: tuple[str, str] | tuple[str, str, Change]) -> tuple[Names, ...]:
    """Names within a block, there and in Hugging Face's `model.layers`."""
    return tuple(Names(BLOCK + pair[0], LAYER + pair[1], *pair[2:]) for pair in pairs)


def attention(q: Change = SAME, k: Change = SAME) -> tuple[Names, ...]:
    return in_blocks(
        ("attn_q", "self_attn.q_proj", q),
        ("attn_k", "self_attn.k_proj", k),
        ("attn_v", "self_attn.v_proj"),
        ("attn_output", "self_attn.o_proj"),
    )


def qk_norms(norm: Change = SAME) -> tuple[Names, ...]:
    return in_blocks(
        ("attn_q_norm", "self_attn.q_norm", norm),
        ("attn_k_norm", "self_attn.k_norm", norm),
    )


MLP = in_blocks(
    ("ffn_gate", "mlp.gate_proj"), ("ffn_up", "mlp.up_proj"), ("ffn_down", "mlp.down_proj")
)  # fmt: skip
PRE_NORMS = in_blocks(("attn_norm", "input_layernorm"), ("ffn_norm", "post_attention_layernorm"))


def experts(router: str, gate: str, up: str, down: str) -> tuple[Names, ...]:
    return in_blocks(
        ("ffn_gate_inp", router), ("ffn_gate_exps", gate), ("ffn_up_exps", up), ("ffn_down_exps", down)
    )


QWEN_EXPERTS = experts("mlp.gate", *(f"mlp.experts.{{e}}.{name}_proj" for name in ("gate", "up", "down")))


def read_kin(facts: Facts) -> dict[str, Any]:
    """What all of them say."""
    heads, width = facts.integer("attention.head_count"), facts.integer("embedding_length")
    kv_heads = facts.integer("attention.head_count_kv", heads)
    if heads <= 0 or kv_heads <= 0:
        raise facts.fault("attention.head_count", heads, "a positive number")
    return {
        "vocab_size": facts.shape("token_embd.weight")[0],
        "hidden_size": width,
        "num_hidden_layers": facts.integer("block_count"),
        "num_attention_heads": heads,
        "num_key_value_heads": kv_heads,
        "head_dim": facts.integer("attention.key_length", width // heads),
        "intermediate_size": facts.integer("feed_forward_length", 0)
        or facts.integer("expert_feed_forward_length", 0),
        "max_position_embeddings": facts.integer("context_length"),
        "rms_norm_eps": facts.real("attention.layer_norm_rms_epsilon"),
        "tie_word_embeddings": not facts.has("output.weight"),
        **read_rope(facts),
    }


def write_kin(config: Any) -> dict[str, Any]:
    return {
        "vocab_size": config.vocab_size,
        "context_length": config.max_length,
        "embedding_length": config.d_model,
        "block_count": config.n_layers,
        "feed_forward_length": config.d_ff,
        "attention.head_count": config.n_heads,
        "attention.head_count_kv": config.n_kv_heads,
        "attention.key_length": config.d_head,
        "attention.value_length": config.d_head,
        "attention.layer_norm_rms_epsilon": float(config.norm_eps),
        **write_rope(config),
    }


# --- Llama, Mistral, Mixtral -----------------------------------------------------------------------------


def read_llama(facts: Facts) -> dict[str, Any]:
    hf = read_kin(facts)
    hf["attention_bias"] = facts.has("blk.0.attn_q.bias")
    hf["mlp_bias"] = facts.has("blk.0.ffn_gate.bias")
    return hf


def read_mistral(facts: Facts) -> dict[str, Any]:
    return read_kin(facts) | {"sliding_window": facts.integer("attention.sliding_window")}


def read_mixtral(facts: Facts) -> dict[str, Any]:
    window = facts.get("attention.sliding_window")
    return read_kin(facts) | {
        "num_local_experts": facts.integer("expert_count"),
        "num_experts_per_tok": facts.integer("expert_used_count"),
        "sliding_window": window,
    }


def write_windowed(config: Any) -> dict[str, Any]:
    """llama.cpp lets this architecture see everything, whatever the key says; we read it back."""
    window = {} if config.sliding_window is None else {"attention.sliding_window": config.sliding_window}
    return write_kin(config) | window


def write_experts(config: Any) -> dict[str, Any]:
    bank = config.experts
    return {"expert_count": bank.n_experts, "expert_used_count": bank.top_k}


def has_experts(facts: Facts) -> bool:
    return bool(facts.get("expert_count", 0) != 0)


LLAMA_TENSORS = (*ends(), *PRE_NORMS, *attention(INTERLEAVED_Q, INTERLEAVED_K))

MIXTRAL_EXPERTS = experts(
    "block_sparse_moe.gate", *(f"block_sparse_moe.experts.{{e}}.w{number}" for number in (1, 3, 2))
)

LLAMA = Architecture(
    "llama", "llama", "LlamaForCausalLM", (*LLAMA_TENSORS, *MLP), read_llama, write_kin,
    applies=lambda facts: not has_experts(facts) and facts.get("attention.sliding_window") is None,
)  # fmt: skip
MISTRAL = Architecture(
    "llama", "mistral", "MistralForCausalLM", (*LLAMA_TENSORS, *MLP), read_mistral, write_windowed,
    applies=lambda facts: not has_experts(facts) and facts.get("attention.sliding_window") is not None,
)  # fmt: skip
MIXTRAL = Architecture(
    "llama", "mixtral", "MixtralForCausalLM",
    (*LLAMA_TENSORS, *MIXTRAL_EXPERTS),
    read_mixtral, lambda config: write_windowed(config) | write_experts(config), applies=has_experts,
)  # fmt: skip


# --- Qwen ------------------------------------------------------------------------------------------------


def no_window(config: Any) -> None:
    if config.sliding_window is not None:
        raise PackageError(
            "GGUF has no word for this family's sliding layers: llama.cpp would let them see everything."
        )


def write_qwen(config: Any) -> dict[str, Any]:
    no_window(config)
    return write_kin(config)


def read_qwen2moe(facts: Facts) -> dict[str, Any]:
    shared = facts.get("expert_shared_feed_forward_length")
    if shared is None:
        shared = facts.shape("blk.0.ffn_gate_shexp.weight")[0]
    return read_qwen_experts(facts) | {"shared_expert_intermediate_size": shared, "norm_topk_prob": False}


def read_qwen_experts(facts: Facts) -> dict[str, Any]:
    width = facts.get("expert_feed_forward_length") or facts.shape("blk.0.ffn_gate_exps.weight")[-2]
    return read_kin(facts) | {
        "num_experts": facts.integer("expert_count"),
        "num_experts_per_tok": facts.integer("expert_used_count"),
        "moe_intermediate_size": width,
        "decoder_sparse_step": 1,
        "mlp_only_layers": [],
        "norm_topk_prob": True,
    }


def write_qwen_experts(config: Any) -> dict[str, Any]:
    no_window(config)
    bank = config.experts
    shared = {"expert_shared_feed_forward_length": bank.d_shared} if bank.n_shared else {}
    return write_kin(config) | write_experts(config) | {"expert_feed_forward_length": bank.d_expert} | shared


SHARED = in_blocks(
    ("ffn_gate_shexp", "mlp.shared_expert.gate_proj"),
    ("ffn_up_shexp", "mlp.shared_expert.up_proj"),
    ("ffn_down_shexp", "mlp.shared_expert.down_proj"),
    ("ffn_gate_inp_shexp", "mlp.shared_expert_gate", ROW),
)
PLAIN = (*ends(), *PRE_NORMS, *attention())

QWEN2 = Architecture("qwen2", "qwen2", "Qwen2ForCausalLM", (*PLAIN, *MLP), read_kin, write_qwen)
QWEN3 = Architecture("qwen3", "qwen3", "Qwen3ForCausalLM", (*PLAIN, *qk_norms(), *MLP), read_kin, write_qwen)
QWEN2_MOE = Architecture(
    "qwen2moe", "qwen2_moe", "Qwen2MoeForCausalLM", (*PLAIN, *QWEN_EXPERTS, *SHARED), read_qwen2moe,
    write_qwen_experts,
)  # fmt: skip
QWEN3_MOE = Architecture(
    "qwen3moe", "qwen3_moe", "Qwen3MoeForCausalLM", (*PLAIN, *qk_norms(), *QWEN_EXPERTS), read_qwen_experts,
    write_qwen_experts,
)  # fmt: skip


# --- Phi-3, OLMo 2 ---------------------------------------------------------------------------------------


def read_phi3(facts: Facts) -> dict[str, Any]:
    hf = read_kin(facts)
    hf["sliding_window"] = facts.get("attention.sliding_window") or None
    hf["partial_rotary_factor"] = facts.integer("rope.dimension_count", hf["head_dim"]) / hf["head_dim"]
    original = facts.get("rope.scaling.original_context_length", hf["max_position_embeddings"])
    return hf | {"original_max_position_embeddings": original}


def write_phi3(config: Any) -> dict[str, Any]:
    scaling = config.rope_scaling
    original = config.max_length if scaling is None else scaling.original_length or config.max_length
    keys = write_kin(config) | {"rope.scaling.original_context_length": original}
    return keys | {"attention.sliding_window": config.sliding_window or 0}


PHI3 = Architecture(
    "phi3", "phi3", "Phi3ForCausalLM",
    (
        *ends(), *PRE_NORMS,
        *in_blocks(
            ("attn_qkv", "self_attn.qkv_proj"), ("attn_output", "self_attn.o_proj"),
            ("ffn_up", "mlp.gate_up_proj"), ("ffn_down", "mlp.down_proj"),
        ),
    ),
    read_phi3, write_phi3,
)  # fmt: skip

BRANCH_NORMS = in_blocks(
    ("post_attention_norm", "post_attention_layernorm"), ("post_ffw_norm", "post_feedforward_layernorm")
)
OLMO2 = Architecture(
    "olmo2", "olmo2", "Olmo2ForCausalLM", (*ends(), *BRANCH_NORMS, *attention(), *qk_norms(), *MLP),
    read_kin, write_qwen,
)  # fmt: skip


# --- Gemma -----------------------------------------------------------------------------------------------

SANDWICH = in_blocks(
    ("attn_norm", "input_layernorm", PLUS_ONE),
    ("post_attention_norm", "post_attention_layernorm", PLUS_ONE),
    ("ffn_norm", "pre_feedforward_layernorm", PLUS_ONE),
    ("post_ffw_norm", "post_feedforward_layernorm", PLUS_ONE),
)


def divisor(facts: Facts, hf: dict[str, Any], large: int) -> float:
    """What scores are divided by the root of: a head's width; the mean one in the largest (llama.cpp)."""
    wide = hf["num_hidden_layers"] == large
    return float(hf["hidden_size"] // hf["num_attention_heads"] if wide else hf["head_dim"])


def read_gemma2(facts: Facts) -> dict[str, Any]:
    hf = read_kin(facts)
    return hf | {
        "query_pre_attn_scalar": divisor(facts, hf, 46),
        "attn_logit_softcapping": facts.real("attn_logit_softcapping", 50.0),
        "final_logit_softcapping": facts.real("final_logit_softcapping", 30.0),
        "sliding_window": facts.integer("attention.sliding_window", 4096),
        "hidden_activation": "gelu_pytorch_tanh",
    }


def write_gemma2(config: Any) -> dict[str, Any]:
    return write_kin(config) | {
        "attn_logit_softcapping": float(config.attention_softcap or 0),
        "final_logit_softcapping": float(config.logit_softcap or 0),
        "attention.sliding_window": config.sliding_window or 0,
    }


def read_gemma3(facts: Facts) -> dict[str, Any]:
    hf = read_kin(facts) | read_rope(facts, theta=1_000_000.0)
    return hf | {
        "query_pre_attn_scalar": divisor(facts, hf, 62),
        "attn_logit_softcapping": None,
        "final_logit_softcapping": facts.optional("final_logit_softcapping"),
        "sliding_window": facts.integer("attention.sliding_window", 1024),
        "sliding_window_pattern": 6,
        "rope_local_base_freq": facts.real("rope.freq_base_swa", 10_000.0),
        "hidden_activation": "gelu_pytorch_tanh",
    }


def write_gemma3(config: Any) -> dict[str, Any]:
    local = config.rope_theta if config.rope_theta_local is None else config.rope_theta_local
    keys = write_kin(config) | {
        "attention.sliding_window": config.sliding_window or 0,
        "rope.freq_base_swa": float(local),
    }
    cap = config.logit_softcap
    return keys | ({} if cap is None else {"final_logit_softcapping": float(cap)})


GEMMA = Architecture(
    "gemma", "gemma", "GemmaForCausalLM",
    (
        *ends(PLUS_ONE), *attention(), *MLP,
        *in_blocks(
            ("attn_norm", "input_layernorm", PLUS_ONE), ("ffn_norm", "post_attention_layernorm", PLUS_ONE)
        ),
    ),
    lambda facts: read_kin(facts) | {"hidden_act": "gelu_pytorch_tanh"}, write_kin,
)  # fmt: skip
GEMMA2 = Architecture(
    "gemma2", "gemma2", "Gemma2ForCausalLM", (*ends(PLUS_ONE), *SANDWICH, *attention(), *MLP), read_gemma2,
    write_gemma2,
)  # fmt: skip
GEMMA3 = Architecture(
    "gemma3", "gemma3_text", "Gemma3ForCausalLM",
    (*ends(PLUS_ONE), *SANDWICH, *attention(), *qk_norms(PLUS_ONE), *MLP), read_gemma3, write_gemma3,
)  # fmt: skip

ROWS = (
    LLAMA, MISTRAL, MIXTRAL, QWEN2, QWEN3, QWEN2_MOE, QWEN3_MOE, PHI3, OLMO2, GEMMA, GEMMA2, GEMMA3,
)  # fmt: skip
