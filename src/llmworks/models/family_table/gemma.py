"""The kin of Gemma: norms whose scale is 1 + weight, embeddings times √d_model, GeGLU.

Gemma 1 to 3 (Gemma Team 2024, 2024, 2025). From the second on each branch is normed before and after, and
layers that see a window stand between those that see everything.
"""

from typing import Any

from llmworks.models.family_table import llama
from llmworks.models.family_table.core import Computed, Family, Key, Tensors, Translation
from llmworks.models.family_table.rotary import Rope
from llmworks.models.family_table.windows import Layers, every

TANH = {"gelu_pytorch_tanh": "geglu", "gelu_new": "geglu", "gelu_fast": "geglu"}

FIXED: dict[str, Any] = llama.FIXED | {"norm_offset": True}
MUST: dict[str, Any] = {"use_bidirectional_attention": (None, False)}

EMBED_SCALE = Computed(("hidden_size",), lambda hf: {"embed_scale": hf["hidden_size"] ** 0.5})


def keys(*special: Translation, activation: Key, **defaults: Any) -> tuple[Translation, ...]:
    """Llama's with Gemma's own defaults, and its own name of the activation."""
    plain = llama.keys(
        EMBED_SCALE,
        Key("attention_bias", "attention_bias", False),
        *special,
        **{"d_head": 256, "tie_embeddings": True} | defaults,
    )
    return (activation, *(key for key in plain if key.names[0] != "hidden_act"))


def scale(hf: Any) -> dict[str, Any]:
    """Scores are divided by the root of a number of their own; that of the head's width is the usual one."""
    divisor = hf.get("query_pre_attn_scalar", 256)
    usual = divisor == hf.get("head_dim", 256)
    return {"attention_scale": None if usual else divisor**-0.5}


def divisor(config: Any) -> dict[str, Any]:
    """The number that `scale` reads; whole, as they want it."""
    wanted = config.d_head if config.attention_scale is None else round(config.attention_scale**-2)
    return {"query_pre_attn_scalar": wanted}


SCALE = Computed(("query_pre_attn_scalar", "head_dim"), scale, divisor, "attention_scale")

SANDWICH = (
    Tensors("blocks.{i}.attn_norm.weight", "model.layers.{i}.input_layernorm.weight"),
    Tensors("blocks.{i}.attn_post_norm.weight", "model.layers.{i}.post_attention_layernorm.weight"),
    Tensors("blocks.{i}.mlp_norm.weight", "model.layers.{i}.pre_feedforward_layernorm.weight"),
    Tensors("blocks.{i}.mlp_post_norm.weight", "model.layers.{i}.post_feedforward_layernorm.weight"),
)

GEMMA = Family(
    model_type="gemma",
    architecture="GemmaForCausalLM",
    keys=keys(
        Rope(),
        # The first files say "gelu" and mean its approximation.
        activation=Key("activation", "hidden_act", "gelu_pytorch_tanh", {**TANH, "gelu": "geglu"}),
        n_kv_heads=16,
        max_length=8192,
    ),
    fixed=FIXED,
    must=MUST | {"hidden_activation": (None, *TANH)},
    tensors=llama.TENSORS,
    prefix="model.",
    harmless=llama.HARMLESS,
)

GEMMA2 = Family(
    model_type="gemma2",
    architecture="Gemma2ForCausalLM",
    keys=keys(
        Rope(),
        Layers(every(2), 4096),
        SCALE,
        Key("attention_softcap", "attn_logit_softcapping", 50.0),
        Key("logit_softcap", "final_logit_softcapping", 30.0),
        activation=Key("activation", "hidden_activation", "gelu_pytorch_tanh", TANH),
        n_kv_heads=4,
        max_length=8192,
    ),
    fixed=FIXED | {"norm_position": "sandwich"},
    must=MUST,
    tensors=(*llama.ENDS, *SANDWICH, *llama.ATTENTION, *llama.MLP),
    prefix="model.",
    harmless=llama.HARMLESS,
)

GEMMA3 = Family(
    model_type="gemma3_text",
    architecture="Gemma3ForCausalLM",
    keys=keys(
        Rope(theta=1_000_000.0, by_kind=True, local_theta=10_000.0),
        Layers(every(6, "sliding_window_pattern"), 4096, rule_keys=("sliding_window_pattern",)),
        SCALE,
        Key("attention_softcap", "attn_logit_softcapping", None),
        Key("logit_softcap", "final_logit_softcapping", None),
        activation=Key("activation", "hidden_activation", "gelu_pytorch_tanh", TANH),
        n_kv_heads=4,
        max_length=131_072,
    ),
    fixed=FIXED | {"norm_position": "sandwich", "qk_norm": True},
    must=MUST,
    tensors=GEMMA2.tensors,
    prefix="model.",
    harmless=llama.HARMLESS,
)
