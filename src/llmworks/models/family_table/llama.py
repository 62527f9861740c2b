"""The kin of Llama: RMSNorm, rotary positions, gated feed-forwards.

Llama (Touvron et al. 2023), Mistral (Jiang et al. 2023), Qwen 2 and 3, Phi-3 (Abdin et al. 2024), SmolLM3,
OLMo 1 to 3 (Groeneveld et al. 2024), Granite.
"""

from typing import Any

from llmworks.models.family_table.core import GATES, Computed, Family, Key, Tensors, Translation
from llmworks.models.family_table.rotary import Rope
from llmworks.models.family_table.windows import Layers, always, every, last_from, leading_full

FIXED: dict[str, Any] = {"positions": "rope", "norm": "rmsnorm", "norm_position": "pre", "norm_affine": True}
HARMLESS = ("*.rotary_emb.inv_freq",)


def keys(*special: Translation, **defaults: Any) -> tuple[Translation, ...]:
    """The keys that all of them have, with a family's own defaults by our names, and those of its own."""
    absent: dict[str, Any] = {"n_kv_heads": None, "d_head": None, "max_length": 2048, "norm_eps": 1e-6}
    absent |= {"activation": "silu", "tie_embeddings": False, "init_std": 0.02} | defaults
    return (
        Key("vocab_size", "vocab_size"),
        Key("d_model", "hidden_size"),
        Key("n_layers", "num_hidden_layers"),
        Key("n_heads", "num_attention_heads"),
        Key("n_kv_heads", "num_key_value_heads", absent["n_kv_heads"]),
        Key("d_head", "head_dim", absent["d_head"]),
        Key("d_ff", "intermediate_size"),
        Key("max_length", "max_position_embeddings", absent["max_length"]),
        Key("norm_eps", "rms_norm_eps", absent["norm_eps"]),
        Key("activation", "hidden_act", absent["activation"], GATES),
        Key("tie_embeddings", "tie_word_embeddings", absent["tie_embeddings"]),
        Key("init_std", "initializer_range", absent["init_std"]),
        *special,
    )


def neutral(value: float) -> float | None:
    """A factor of one is none."""
    return None if value == 1 else value


def joined(ours: str, part: str, names: tuple[str, ...]) -> tuple[Tensors, Tensors]:
    """The weights and the biases of several projections that are one matrix here."""
    weight, bias = (
        Tensors(
            f"blocks.{{i}}.{ours}.{kind}", tuple(f"model.layers.{{i}}.{part}.{n}_proj.{kind}" for n in names)
        )
        for kind in ("weight", "bias")
    )
    return weight, bias


ENDS = (
    Tensors("embed.weight", "model.embed_tokens.weight"),
    Tensors("final_norm.weight", "model.norm.weight"),
    Tensors("unembed.weight", "lm_head.weight"),
)
ATTENTION = (
    *joined("attn.qkv", "self_attn", ("q", "k", "v")),
    Tensors("blocks.{i}.attn.out.weight", "model.layers.{i}.self_attn.o_proj.weight"),
    Tensors("blocks.{i}.attn.out.bias", "model.layers.{i}.self_attn.o_proj.bias"),
    Tensors("blocks.{i}.attn.qk_norm.q_weight", "model.layers.{i}.self_attn.q_norm.weight"),
    Tensors("blocks.{i}.attn.qk_norm.k_weight", "model.layers.{i}.self_attn.k_norm.weight"),
)
MLP = (
    *joined("mlp.gate_up", "mlp", ("gate", "up")),
    Tensors("blocks.{i}.mlp.down.weight", "model.layers.{i}.mlp.down_proj.weight"),
    Tensors("blocks.{i}.mlp.down.bias", "model.layers.{i}.mlp.down_proj.bias"),
)
PRE_NORMS = (
    Tensors("blocks.{i}.attn_norm.weight", "model.layers.{i}.input_layernorm.weight"),
    Tensors("blocks.{i}.mlp_norm.weight", "model.layers.{i}.post_attention_layernorm.weight"),
)
BRANCH_NORMS = (
    Tensors("blocks.{i}.attn_post_norm.weight", "model.layers.{i}.post_attention_layernorm.weight"),
    Tensors("blocks.{i}.mlp_post_norm.weight", "model.layers.{i}.post_feedforward_layernorm.weight"),
)
TENSORS = (*ENDS, *PRE_NORMS, *ATTENTION, *MLP)

LLAMA = Family(
    model_type="llama",
    architecture="LlamaForCausalLM",
    keys=keys(
        Rope(),
        Key("attention_bias", "attention_bias", False),
        Key("mlp_bias", "mlp_bias", False),
    ),
    fixed=FIXED,
    tensors=TENSORS,
    prefix="model.",
    harmless=HARMLESS,
)

MISTRAL = Family(
    model_type="mistral",
    architecture="MistralForCausalLM",
    keys=keys(Rope(), Layers(always, 4096, types=False), n_kv_heads=8, max_length=131_072),
    fixed=FIXED,
    tensors=TENSORS,
    prefix="model.",
    harmless=HARMLESS,
)

QWEN_LAYERS = Layers(
    last_from("max_window_layers", 28),
    4096,
    switch="use_sliding_window",
    rule_keys=("max_window_layers",),
    writes=lambda config: {"max_window_layers": leading_full(config)},
)

QWEN2 = Family(
    model_type="qwen2",
    architecture="Qwen2ForCausalLM",
    keys=keys(Rope(), QWEN_LAYERS, n_kv_heads=32, max_length=32_768),
    fixed=FIXED | {"attention_bias": True, "attention_out_bias": False},
    tensors=TENSORS,
    prefix="model.",
    harmless=HARMLESS,
)

QWEN3 = Family(
    model_type="qwen3",
    architecture="Qwen3ForCausalLM",
    keys=keys(
        Rope(),
        QWEN_LAYERS,
        Key("attention_bias", "attention_bias", False),
        n_kv_heads=32,
        d_head=128,
        max_length=32_768,
    ),
    fixed=FIXED | {"qk_norm": True},
    tensors=TENSORS,
    prefix="model.",
    harmless=HARMLESS,
)

PHI3 = Family(
    model_type="phi3",
    architecture="Phi3ForCausalLM",
    keys=keys(
        Rope(share="partial_rotary_factor", original_length=4096),
        Layers(always, types=False),
        Key("dropout", ("resid_pdrop", "embd_pdrop"), 0.0),
        max_length=4096,
        norm_eps=1e-5,
    ),
    fixed=FIXED,
    tensors=(
        *ENDS,
        *PRE_NORMS,
        Tensors("blocks.{i}.attn.qkv.weight", "model.layers.{i}.self_attn.qkv_proj.weight"),
        Tensors("blocks.{i}.attn.out.weight", "model.layers.{i}.self_attn.o_proj.weight"),
        Tensors("blocks.{i}.mlp.gate_up.weight", "model.layers.{i}.mlp.gate_up_proj.weight"),
        Tensors("blocks.{i}.mlp.down.weight", "model.layers.{i}.mlp.down_proj.weight"),
    ),
    prefix="model.",
    harmless=HARMLESS,
)


def unrotated(hf: Any) -> dict[str, Any]:
    """SmolLM3: `no_rope_layers` has, for all its name, a 1 for each layer that rotates."""
    count, rotates = hf["num_hidden_layers"], hf.get("no_rope_layers")
    if rotates is None:
        period = hf.get("no_rope_layer_interval", 4)
        rotates = [(layer + 1) % period != 0 for layer in range(min(count, 4096))]
    if not isinstance(rotates, list) or len(rotates) != count:
        raise ValueError(f"no_rope_layers needs one entry for each of the {count} layers")
    return {"unrotated_layers": tuple(layer for layer, turns in enumerate(rotates) if not turns)}


def rotates(config: Any) -> dict[str, Any]:
    """The list that `unrotated` reads."""
    return {"no_rope_layers": [int(i not in config.unrotated_layers) for i in range(config.n_layers)]}


def slides_unrotated(hf: Any, layer: int) -> bool:
    """SmolLM3's rule: the layers without positions slide, if any do."""
    return layer in unrotated(hf)["unrotated_layers"]


SMOLLM3 = Family(
    model_type="smollm3",
    architecture="SmolLM3ForCausalLM",
    keys=keys(
        Rope(theta=2_000_000.0),
        Computed(("no_rope_layers", "no_rope_layer_interval"), unrotated, rotates, "unrotated_layers"),
        Layers(slides_unrotated, switch="use_sliding_window"),
        Key("attention_bias", "attention_bias", False),
        Key("mlp_bias", "mlp_bias", False),
        n_kv_heads=4,
        max_length=32_768,
        tie_embeddings=True,
    ),
    fixed=FIXED,
    tensors=TENSORS,
    prefix="model.",
    harmless=HARMLESS,
)

OLMO = Family(
    model_type="olmo",
    architecture="OlmoForCausalLM",
    keys=tuple(
        key
        for key in keys(Rope(), Key("attention_bias", "attention_bias", False))
        if key.names[0] != "rms_norm_eps"
    ),
    fixed=FIXED | {"norm": "layernorm", "norm_affine": False, "norm_eps": 1e-5},
    must={"clip_qkv": None},
    tensors=TENSORS,
    prefix="model.",
    harmless=HARMLESS,
)

OLMO2 = Family(
    model_type="olmo2",
    architecture="Olmo2ForCausalLM",
    keys=keys(Rope(), Key("attention_bias", "attention_bias", False), norm_eps=1e-5),
    fixed=FIXED | {"norm_position": "branch", "qk_norm": True, "qk_norm_over": "all"},
    tensors=(*ENDS, *BRANCH_NORMS, *ATTENTION, *MLP),
    prefix="model.",
    harmless=HARMLESS,
)

OLMO3 = Family(
    model_type="olmo3",
    architecture="Olmo3ForCausalLM",
    keys=keys(
        Rope(theta=500_000.0, by_kind=True),
        Layers(every(4), 4096),
        Key("attention_bias", "attention_bias", False),
        norm_eps=1e-5,
    ),
    fixed=OLMO2.fixed,
    tensors=OLMO2.tensors,
    prefix="model.",
    harmless=HARMLESS,
)

GRANITE = Family(
    model_type="granite",
    architecture="GraniteForCausalLM",
    keys=keys(
        Rope(),
        Key("attention_bias", "attention_bias", False),
        Key("mlp_bias", "mlp_bias", False),
        *(
            Key(ours, theirs, 1.0, reads=neutral, writes=lambda value: 1.0 if value is None else value)
            for ours, theirs in (
                ("embed_scale", "embedding_multiplier"),
                ("branch_scale", "residual_multiplier"),
            )
        ),
        Key(
            "logit_scale",
            "logits_scaling",
            1.0,
            reads=lambda divisor: neutral(1 / divisor) if divisor else divisor,
            writes=lambda value: 1.0 if value is None else 1 / value,
        ),
        Computed(
            ("attention_multiplier",),
            lambda hf: {"attention_scale": hf.get("attention_multiplier", 1.0)},
            lambda config: {"attention_multiplier": config.attention_scale or config.d_head**-0.5},
            "attention_scale",
        ),
    ),
    fixed=FIXED,
    tensors=TENSORS,
    prefix="model.",
    harmless=HARMLESS,
)
