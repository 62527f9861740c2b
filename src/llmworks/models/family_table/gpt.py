"""The kin of GPT-2: LayerNorm, plain feed-forwards, biases; positions learned, rotary or ALiBi.

GPT-2 (Radford et al. 2019), GPT-NeoX and Pythia (Black et al. 2022, Biderman et al. 2023), BLOOM (Le Scao et
al. 2022), MPT (MosaicML 2023), StarCoder 1 and 2 (Li et al. 2023, Lozhkov et al. 2024), Phi-1 and 2,
GPT-J (Wang & Komatsuzaki 2021).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from llmworks.models.family_table.core import GELUS, Computed, Family, Key, Tensors, by_group
from llmworks.models.family_table.rotary import Rope
from llmworks.models.family_table.windows import Layers, always

LAYER_NORM: dict[str, Any] = {
    "norm": "layernorm",
    "norm_position": "pre",
    "norm_affine": True,
    "norm_bias": True,
}


def both(ours: str, theirs: str, **options: Any) -> tuple[Tensors, Tensors]:
    """The weight and the bias of one part; only the weight may be transposed."""
    options_of_bias = {name: value for name, value in options.items() if name != "transposed"}
    return (
        Tensors(f"{ours}.weight", f"{theirs}.weight", **options),
        Tensors(f"{ours}.bias", f"{theirs}.bias", **options_of_bias),
    )


GPT2 = Family(
    model_type="gpt2",
    architecture="GPT2LMHeadModel",
    keys=(
        Key("vocab_size", "vocab_size"),
        Key("d_model", "n_embd", older=("hidden_size",)),
        Key("n_layers", "n_layer", older=("num_hidden_layers",)),
        Key("n_heads", "n_head", older=("num_attention_heads",)),
        Key("d_ff", "n_inner", None),
        Key("max_length", "n_positions", older=("max_position_embeddings",)),
        Key("norm_eps", "layer_norm_epsilon", 1e-5),
        Key("activation", "activation_function", "gelu_new", GELUS),
        Key("tie_embeddings", "tie_word_embeddings", True),
        Key("dropout", ("resid_pdrop", "embd_pdrop", "attn_pdrop"), 0.1),
        Key("init_std", "initializer_range", 0.02),
    ),
    fixed={
        "positions": "learned", "norm": "layernorm", "norm_position": "pre", "norm_affine": True,
        "norm_bias": True, "attention_bias": True, "mlp_bias": True,
    },
    must={"scale_attn_weights": True, "scale_attn_by_inverse_layer_idx": False, "add_cross_attention": False},
    tensors=(
        Tensors("embed.weight", "transformer.wte.weight"),
        Tensors("pos_embed.weight", "transformer.wpe.weight"),
        Tensors("blocks.{i}.attn_norm.weight", "transformer.h.{i}.ln_1.weight"),
        Tensors("blocks.{i}.attn_norm.bias", "transformer.h.{i}.ln_1.bias"),
        Tensors("blocks.{i}.attn.qkv.weight", "transformer.h.{i}.attn.c_attn.weight", transposed=True),
        Tensors("blocks.{i}.attn.qkv.bias", "transformer.h.{i}.attn.c_attn.bias"),
        Tensors("blocks.{i}.attn.out.weight", "transformer.h.{i}.attn.c_proj.weight", transposed=True),
        Tensors("blocks.{i}.attn.out.bias", "transformer.h.{i}.attn.c_proj.bias"),
        Tensors("blocks.{i}.mlp_norm.weight", "transformer.h.{i}.ln_2.weight"),
        Tensors("blocks.{i}.mlp_norm.bias", "transformer.h.{i}.ln_2.bias"),
        Tensors("blocks.{i}.mlp.up.weight", "transformer.h.{i}.mlp.c_fc.weight", transposed=True),
        Tensors("blocks.{i}.mlp.up.bias", "transformer.h.{i}.mlp.c_fc.bias"),
        Tensors("blocks.{i}.mlp.down.weight", "transformer.h.{i}.mlp.c_proj.weight", transposed=True),
        Tensors("blocks.{i}.mlp.down.bias", "transformer.h.{i}.mlp.c_proj.bias"),
        Tensors("final_norm.weight", "transformer.ln_f.weight"),
        Tensors("final_norm.bias", "transformer.ln_f.bias"),
        Tensors("unembed.weight", "lm_head.weight"),
    ),
    prefix="transformer.",
    harmless=("*.attn.bias", "*.attn.masked_bias"),
)  # fmt: skip

GPT_NEOX = Family(
    model_type="gpt_neox",
    architecture="GPTNeoXForCausalLM",
    keys=(
        Key("vocab_size", "vocab_size"),
        Key("d_model", "hidden_size"),
        Key("n_layers", "num_hidden_layers"),
        Key("n_heads", "num_attention_heads"),
        Key("d_ff", "intermediate_size"),
        Key("max_length", "max_position_embeddings", 2048),
        Rope(base="rotary_emb_base", share="rotary_pct", default_share=0.25),
        Key("norm_eps", "layer_norm_eps", 1e-5),
        Key("activation", "hidden_act", "gelu", GELUS),
        Key("parallel", "use_parallel_residual", True),
        Key("attention_bias", "attention_bias", True),
        Key("tie_embeddings", "tie_word_embeddings", False),
        Key("dropout", "hidden_dropout", 0.0),
        Key("init_std", "initializer_range", 0.02),
    ),
    fixed=LAYER_NORM | {"positions": "rope", "mlp_bias": True},
    tensors=(
        Tensors("embed.weight", "gpt_neox.embed_in.weight"),
        *both("blocks.{i}.attn_norm", "gpt_neox.layers.{i}.input_layernorm"),
        *both("blocks.{i}.attn.qkv", "gpt_neox.layers.{i}.attention.query_key_value", rows=by_group),
        *both("blocks.{i}.attn.out", "gpt_neox.layers.{i}.attention.dense"),
        *both("blocks.{i}.mlp_norm", "gpt_neox.layers.{i}.post_attention_layernorm"),
        *both("blocks.{i}.mlp.up", "gpt_neox.layers.{i}.mlp.dense_h_to_4h"),
        *both("blocks.{i}.mlp.down", "gpt_neox.layers.{i}.mlp.dense_4h_to_h"),
        *both("final_norm", "gpt_neox.final_layer_norm"),
        Tensors("unembed.weight", "embed_out.weight"),
    ),
    prefix="gpt_neox.",
    harmless=("*.attention.bias", "*.attention.masked_bias", "*.attention.rotary_emb.inv_freq"),
)

BLOOM = Family(
    model_type="bloom",
    architecture="BloomForCausalLM",
    keys=(
        Key("vocab_size", "vocab_size"),
        Key("d_model", "hidden_size", older=("n_embed",)),
        Key("n_layers", "n_layer", older=("num_hidden_layers",)),
        Key("n_heads", "n_head", older=("num_attention_heads",)),
        Key("max_length", "seq_length", 2048),  # which the network itself does not know
        Key("norm_eps", "layer_norm_epsilon", 1e-5),
        Key("tie_embeddings", "tie_word_embeddings", True),
        Key("dropout", "hidden_dropout", 0.0),
        Key("init_std", "initializer_range", 0.02),
    ),
    fixed=LAYER_NORM
    | {
        "positions": "alibi", "attention_bias": True, "mlp_bias": True, "activation": "gelu_tanh",
        "embed_norm": True,
    },
    must={"apply_residual_connection_post_layernorm": False},
    tensors=(
        Tensors("embed.weight", "transformer.word_embeddings.weight"),
        *both("embed_norm", "transformer.word_embeddings_layernorm"),
        *both("blocks.{i}.attn_norm", "transformer.h.{i}.input_layernorm"),
        *both("blocks.{i}.attn.qkv", "transformer.h.{i}.self_attention.query_key_value", rows=by_group),
        *both("blocks.{i}.attn.out", "transformer.h.{i}.self_attention.dense"),
        *both("blocks.{i}.mlp_norm", "transformer.h.{i}.post_attention_layernorm"),
        *both("blocks.{i}.mlp.up", "transformer.h.{i}.mlp.dense_h_to_4h"),
        *both("blocks.{i}.mlp.down", "transformer.h.{i}.mlp.dense_4h_to_h"),
        *both("final_norm", "transformer.ln_f"),
        Tensors("unembed.weight", "lm_head.weight"),
    ),
    prefix="transformer.",
)  # fmt: skip

MPT = Family(
    model_type="mpt",
    architecture="MptForCausalLM",
    keys=(
        Key("vocab_size", "vocab_size"),
        Key("d_model", "d_model", older=("hidden_size",)),
        Key("n_layers", "n_layers", older=("num_hidden_layers",)),
        Key("n_heads", "n_heads", older=("num_attention_heads",)),
        Key("max_length", "max_seq_len", 2048),
        Key("attention_scale", "attn_config.softmax_scale", None),
        Key("norm_eps", "layer_norm_epsilon", 1e-5),
        Key("tie_embeddings", "tie_word_embeddings", True),
        Key("init_std", "initializer_range", 0.02),
    ),
    fixed=LAYER_NORM | {"norm_bias": False, "positions": "alibi", "activation": "gelu"},
    must={
        "expansion_ratio": 4, "no_bias": True, "logit_scale": None, "attn_config.alibi": True,
        "attn_config.alibi_bias_max": 8,
        "attn_config.clip_qkv": None, "attn_config.qk_ln": False, "attn_config.prefix_lm": False,
        "attn_config.attn_type": "multihead_attention", "attn_config.attn_uses_sequence_id": False,
        "norm_type": "low_precision_layernorm", "embedding_fraction": 1.0,
    },
    tensors=(
        Tensors("embed.weight", "transformer.wte.weight"),
        Tensors("blocks.{i}.attn_norm.weight", "transformer.blocks.{i}.norm_1.weight"),
        Tensors("blocks.{i}.attn.qkv.weight", "transformer.blocks.{i}.attn.Wqkv.weight"),
        Tensors("blocks.{i}.attn.out.weight", "transformer.blocks.{i}.attn.out_proj.weight"),
        Tensors("blocks.{i}.mlp_norm.weight", "transformer.blocks.{i}.norm_2.weight"),
        Tensors("blocks.{i}.mlp.up.weight", "transformer.blocks.{i}.ffn.up_proj.weight"),
        Tensors("blocks.{i}.mlp.down.weight", "transformer.blocks.{i}.ffn.down_proj.weight"),
        Tensors("final_norm.weight", "transformer.norm_f.weight"),
        Tensors("unembed.weight", "lm_head.weight"),
    ),
    prefix="transformer.",
)  # fmt: skip

STARCODER2 = Family(
    model_type="starcoder2",
    architecture="Starcoder2ForCausalLM",
    keys=(
        Key("vocab_size", "vocab_size"),
        Key("d_model", "hidden_size"),
        Key("n_layers", "num_hidden_layers"),
        Key("n_heads", "num_attention_heads"),
        Key("n_kv_heads", "num_key_value_heads", 2),
        Key("d_head", "head_dim", None),
        Key("d_ff", "intermediate_size"),
        Key("max_length", "max_position_embeddings", 4096),
        Rope(),
        Layers(always, types=False),
        Key("norm_eps", "norm_epsilon", 1e-5),
        Key("activation", "hidden_act", "gelu_pytorch_tanh", GELUS),
        Computed(
            ("use_bias",),
            lambda hf: dict.fromkeys(("attention_bias", "mlp_bias"), hf.get("use_bias", True)),
            lambda config: {"use_bias": config.attention_bias},
        ),
        Key("tie_embeddings", "tie_word_embeddings", True),
        Key("dropout", ("residual_dropout", "embedding_dropout"), 0.0),
        Key("init_std", "initializer_range", 0.018042),
    ),
    fixed=LAYER_NORM | {"positions": "rope"},
    tensors=(
        Tensors("embed.weight", "model.embed_tokens.weight"),
        *both("blocks.{i}.attn_norm", "model.layers.{i}.input_layernorm"),
        *(
            Tensors(
                f"blocks.{{i}}.attn.qkv.{kind}",
                tuple(f"model.layers.{{i}}.self_attn.{name}_proj.{kind}" for name in "qkv"),
            )
            for kind in ("weight", "bias")
        ),
        *both("blocks.{i}.attn.out", "model.layers.{i}.self_attn.o_proj"),
        *both("blocks.{i}.mlp_norm", "model.layers.{i}.post_attention_layernorm"),
        *both("blocks.{i}.mlp.up", "model.layers.{i}.mlp.c_fc"),
        *both("blocks.{i}.mlp.down", "model.layers.{i}.mlp.c_proj"),
        *both("final_norm", "model.norm"),
        Tensors("unembed.weight", "lm_head.weight"),
    ),
    prefix="model.",
    harmless=("*.rotary_emb.inv_freq",),
)

PHI = Family(
    model_type="phi",
    architecture="PhiForCausalLM",
    keys=(
        Key("vocab_size", "vocab_size"),
        Key("d_model", "hidden_size"),
        Key("n_layers", "num_hidden_layers"),
        Key("n_heads", "num_attention_heads"),
        Key("n_kv_heads", "num_key_value_heads", None),
        Key("d_head", "head_dim", None),
        Key("d_ff", "intermediate_size"),
        Key("max_length", "max_position_embeddings", 2048),
        Rope(share="partial_rotary_factor", default_share=0.5),
        Key("norm_eps", "layer_norm_eps", 1e-5),
        Key("activation", "hidden_act", "gelu_new", GELUS),
        Key("dropout", ("resid_pdrop", "embd_pdrop"), 0.0),
        Key("init_std", "initializer_range", 0.02),
    ),
    fixed=LAYER_NORM
    | {
        "positions": "rope", "parallel": True, "shared_norm": True, "attention_bias": True, "mlp_bias": True,
        "head_bias": True,
    },
    must={"qk_layernorm": False, "tie_word_embeddings": False},
    tensors=(
        Tensors("embed.weight", "model.embed_tokens.weight"),
        *both("blocks.{i}.attn_norm", "model.layers.{i}.input_layernorm"),
        *(
            Tensors(
                f"blocks.{{i}}.attn.qkv.{kind}",
                tuple(f"model.layers.{{i}}.self_attn.{name}_proj.{kind}" for name in "qkv"),
            )
            for kind in ("weight", "bias")
        ),
        *both("blocks.{i}.attn.out", "model.layers.{i}.self_attn.dense"),
        *both("blocks.{i}.mlp.up", "model.layers.{i}.mlp.fc1"),
        *both("blocks.{i}.mlp.down", "model.layers.{i}.mlp.fc2"),
        *both("final_norm", "model.final_layernorm"),
        *both("unembed", "lm_head"),
    ),
    prefix="model.",
    harmless=("*.rotary_emb.inv_freq",),
)  # fmt: skip


def rotated_share(hf: Mapping[str, Any]) -> dict[str, Any]:
    """GPT-J says how many values of a head are rotated; null: all of them."""
    width = hf.get("n_embd", hf.get("hidden_size")) // hf.get("n_head", hf.get("num_attention_heads"))
    rotated = hf.get("rotary_dim", 64)
    return {"rope_fraction": 1.0 if rotated is None else rotated / width}


GPT_J = Family(
    model_type="gptj",
    architecture="GPTJForCausalLM",
    keys=(
        *(key for key in GPT2.keys if key.ours not in ("tie_embeddings", "dropout")),
        Key("dropout", ("resid_pdrop", "embd_pdrop", "attn_pdrop"), 0.0),
        Computed(
            ("rotary_dim",), rotated_share, lambda config: {"rotary_dim": config.d_rotary}, "rope_fraction"
        ),
    ),
    fixed=LAYER_NORM
    | {
        "positions": "rope", "rope_interleaved": True, "parallel": True, "shared_norm": True,
        "mlp_bias": True, "head_bias": True,
    },
    must={"tie_word_embeddings": False},
    tensors=(
        Tensors("embed.weight", "transformer.wte.weight"),
        *both("blocks.{i}.attn_norm", "transformer.h.{i}.ln_1"),
        Tensors(
            "blocks.{i}.attn.qkv.weight", tuple(f"transformer.h.{{i}}.attn.{n}_proj.weight" for n in "qkv")
        ),
        Tensors("blocks.{i}.attn.out.weight", "transformer.h.{i}.attn.out_proj.weight"),
        *both("blocks.{i}.mlp.up", "transformer.h.{i}.mlp.fc_in"),
        *both("blocks.{i}.mlp.down", "transformer.h.{i}.mlp.fc_out"),
        *both("final_norm", "transformer.ln_f"),
        *both("unembed", "lm_head"),
    ),
    prefix="transformer.",
    harmless=("*.attn.bias", "*.attn.masked_bias"),
)  # fmt: skip

GPT_BIGCODE = Family(
    model_type="gpt_bigcode",
    architecture="GPTBigCodeForCausalLM",
    keys=(
        *(key for key in GPT2.keys if key.ours != "activation"),
        Key("activation", "activation_function", "gelu_pytorch_tanh", GELUS),
    ),
    fixed={**GPT2.fixed, "n_kv_heads": 1},
    must={"multi_query": True, "scale_attn_weights": True, "add_cross_attention": False},
    tensors=tuple(replace(rule, transposed=False) for rule in GPT2.tensors),
    prefix="transformer.",
    harmless=GPT2.harmless,
)
