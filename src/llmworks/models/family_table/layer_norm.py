"""Llama's kin with LayerNorm in the place of RMSNorm: StableLM, Command-R and Command-R7B (Cohere)."""

from typing import Any

from llmworks.models.family_table.core import Computed, Family, Key, Tensors, Translation
from llmworks.models.family_table.llama import (
    ATTENTION,
    ENDS,
    FIXED,
    HARMLESS,
    MLP,
    PRE_NORMS,
    TENSORS,
    keys,
    neutral,
)
from llmworks.models.family_table.rotary import Rope
from llmworks.models.family_table.windows import RotatesWhereItSlides, every


def layer_norm_keys(*special: Translation, **defaults: Any) -> tuple[Translation, ...]:
    """`keys` of a family with LayerNorm, whose ε has another name."""
    plain = keys(*special, **defaults)
    eps = Key("norm_eps", "layer_norm_eps", 1e-5)
    return tuple(eps if key.ours == "norm_eps" else key for key in plain)


BOTH_PRE_NORMS = (
    *PRE_NORMS,
    Tensors("blocks.{i}.attn_norm.bias", "model.layers.{i}.input_layernorm.bias"),
    Tensors("blocks.{i}.mlp_norm.bias", "model.layers.{i}.post_attention_layernorm.bias"),
    Tensors("final_norm.bias", "model.norm.bias"),
)

STABLELM = Family(
    model_type="stablelm",
    architecture="StableLmForCausalLM",
    keys=layer_norm_keys(
        Rope(share="partial_rotary_factor", default_share=0.25),
        Key("attention_bias", "use_qkv_bias", False),
        Computed(
            ("use_parallel_residual",),
            lambda hf: dict.fromkeys(("parallel", "shared_norm"), hf.get("use_parallel_residual", False)),
            lambda config: {"use_parallel_residual": config.parallel},
        ),
        Key("dropout", "hidden_dropout", 0.0),
        n_kv_heads=32,
        max_length=4096,
    ),
    fixed=FIXED | {"norm": "layernorm", "norm_bias": True, "attention_out_bias": False},
    must={"qk_layernorm": False},
    tensors=(*ENDS, *BOTH_PRE_NORMS, *ATTENTION, *MLP),
    prefix="model.",
    harmless=HARMLESS,
)

COHERE_FIXED = FIXED | {"norm": "layernorm", "parallel": True, "shared_norm": True, "rope_interleaved": True}
COHERE_KEYS: tuple[Translation, ...] = (
    Key("attention_bias", "attention_bias", False),
    Key("logit_scale", "logit_scale", 0.0625, reads=neutral, writes=lambda v: 1.0 if v is None else v),
)

COHERE = Family(
    model_type="cohere",
    architecture="CohereForCausalLM",
    keys=layer_norm_keys(Rope(theta=500_000.0), *COHERE_KEYS, max_length=8192, tie_embeddings=True),
    fixed=COHERE_FIXED,
    must={"use_qk_norm": False},
    tensors=TENSORS,
    prefix="model.",
    harmless=HARMLESS,
)

COHERE2 = Family(
    model_type="cohere2",
    architecture="Cohere2ForCausalLM",
    keys=layer_norm_keys(
        Rope(),
        RotatesWhereItSlides(every(4, "sliding_window_pattern"), 4096, rule_keys=("sliding_window_pattern",)),
        *COHERE_KEYS,
        max_length=8192,
        tie_embeddings=True,
    ),
    fixed=COHERE_FIXED,
    tensors=TENSORS,
    prefix="model.",
    harmless=HARMLESS,
)
