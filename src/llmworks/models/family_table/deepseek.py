"""DeepSeek-V2 and V3: latent attention, experts in groups, and some that every token visits.

DeepSeek-AI 2024 (V2, V3). The published V3 has one more "layer", for a further token; it is left out.
"""

from collections.abc import Mapping
from typing import Any

from llmworks.errors import ConfigError
from llmworks.models.family_table.core import Computed, Family, Key, Tensors
from llmworks.models.family_table.llama import ENDS, FIXED, HARMLESS, MLP, PRE_NORMS, keys
from llmworks.models.family_table.mixtures import BANK, ROUTER, of, shared, whole
from llmworks.models.family_table.rotary import Rope

Hf = Mapping[str, Any]

LATENT_KEYS = ("q_lora_rank", "kv_lora_rank", "qk_rope_head_dim", "qk_nope_head_dim", "v_head_dim")
EXPERT_KEYS = (
    *("n_routed_experts", "num_experts_per_tok", "moe_intermediate_size", "n_shared_experts", "n_group"),
    *("topk_group", "routed_scaling_factor", "first_k_dense_replace", "moe_layer_freq"),
)


def latent(hf: Hf) -> dict[str, Any]:
    """Sizes of the latent attention; a head's width is that of its query."""
    rope, nope = whole(hf, "qk_rope_head_dim", 64), whole(hf, "qk_nope_head_dim", 128)
    q_rank = whole(hf, "q_lora_rank", 1536) if hf.get("q_lora_rank", 1536) is not None else None
    sizes = {"q_rank": q_rank, "kv_rank": whole(hf, "kv_lora_rank", 512), "d_rope": rope, "d_nope": nope}
    heads = whole(hf, "num_attention_heads")
    said = sizes | {"d_value": whole(hf, "v_head_dim", 128)}
    return {"latent": said, "d_head": rope + nope, "n_kv_heads": heads}


def latent_keys(config: Any) -> dict[str, Any]:
    if config.latent is None:
        raise ConfigError("latent attention is needed")
    sizes = config.latent
    values = (sizes.q_rank, sizes.kv_rank, sizes.d_rope, sizes.d_nope, sizes.d_value)
    return dict(zip(LATENT_KEYS, values, strict=True)) | {"num_key_value_heads": config.n_heads}


def common_experts(hf: Hf, *, v3: bool) -> dict[str, Any]:
    """What V2 and V3 share: dense layers first, then experts in groups, and some for every token."""
    first, period = whole(hf, "first_k_dense_replace", 3 if v3 else 0), whole(hf, "moe_layer_freq", 1)
    count = min(whole(hf, "num_hidden_layers"), 4096)
    if period < 1:
        raise ValueError("moe_layer_freq must be at least 1")
    return {
        "n_experts": whole(hf, "n_routed_experts", 256 if v3 else 64),
        "top_k": whole(hf, "num_experts_per_tok", 8 if v3 else None),
        "d_expert": whole(hf, "moe_intermediate_size", 2048 if v3 else 1407),
        "n_shared": whole(hf, "n_shared_experts", 1 if v3 else 2),
        "scale": hf.get("routed_scaling_factor", 2.5 if v3 else 1.0),
        "dense_layers": tuple(layer for layer in range(count) if layer < first or layer % period),
    }


def expert_keys(config: Any) -> dict[str, Any]:
    experts = of(config)
    leading = next((i for i in range(config.n_layers) if i not in experts.dense_layers), config.n_layers)
    if experts.dense_layers != tuple(range(leading)):
        raise ConfigError("dense layers after the first experts have no words here")
    values = (
        *(experts.n_experts, experts.top_k, experts.d_expert, experts.n_shared, experts.n_groups),
        *(experts.top_groups, experts.scale, leading, 1),
    )
    return dict(zip(EXPERT_KEYS, values, strict=True))


def v2_experts(hf: Hf) -> dict[str, Any]:
    method = hf.get("topk_method") or "greedy"
    if method not in ("greedy", "group_limited_greedy"):
        raise ValueError("topk_method is greedy or group_limited_greedy")
    experts = common_experts(hf, v3=False) | {"normalise": False}
    if method == "group_limited_greedy":
        experts |= {"n_groups": whole(hf, "n_group"), "top_groups": whole(hf, "topk_group")}
    return {"experts": experts}


def v2_keys(config: Any) -> dict[str, Any]:
    grouped = of(config).n_groups > 1
    return expert_keys(config) | {"topk_method": "group_limited_greedy" if grouped else "greedy"}


def v3_experts(hf: Hf) -> dict[str, Any]:
    experts = common_experts(hf, v3=True) | {"normalise": hf.get("norm_topk_prob", True)}
    experts |= {"n_groups": whole(hf, "n_group", 8), "top_groups": whole(hf, "topk_group", 4)}
    return {"experts": experts | {"router": "sigmoid", "group_score": "top2"}}


def v3_keys(config: Any) -> dict[str, Any]:
    return expert_keys(config) | {"norm_topk_prob": of(config).normalise}


def common_keys(*special: Any, max_length: int) -> tuple[Any, ...]:
    """The keys of both, without those of ordinary heads."""
    ordinary = keys(
        Rope(),
        Key("attention_bias", "attention_bias", False),
        Computed((*LATENT_KEYS, "num_attention_heads"), latent, latent_keys, "latent"),
        *special,
        max_length=max_length,
    )
    return tuple(key for key in ordinary if key.ours not in ("n_kv_heads", "d_head"))


def projected(ours: str, theirs: str) -> tuple[Tensors, Tensors]:
    """The weight and the bias of a projection of the latent attention."""
    weight, bias = (
        Tensors(f"blocks.{{i}}.attn.{ours}.{kind}", f"model.layers.{{i}}.self_attn.{theirs}.{kind}")
        for kind in ("weight", "bias")
    )
    return weight, bias


TENSORS = (
    *(*ENDS, *PRE_NORMS, *MLP, ROUTER, *BANK, *shared("shared_experts")),
    Tensors("blocks.{i}.mlp.router.correction", "model.layers.{i}.mlp.gate.e_score_correction_bias"),
    *projected("q", "q_proj"),
    *projected("q_down", "q_a_proj"),
    *projected("q_norm", "q_a_layernorm"),
    *projected("q_up", "q_b_proj"),
    *projected("kv_down", "kv_a_proj_with_mqa"),
    *projected("kv_norm", "kv_a_layernorm"),
    *projected("kv_up", "kv_b_proj"),
    *projected("out", "o_proj"),
)

DEEPSEEK_V2 = Family(
    model_type="deepseek_v2",
    architecture="DeepseekV2ForCausalLM",
    keys=common_keys(
        Computed((*EXPERT_KEYS, "topk_method"), v2_experts, v2_keys, "experts"),
        Key("mlp_bias", "mlp_bias", False),
        max_length=2048,
    ),
    fixed=FIXED | {"rope_interleaved": True},
    must={"norm_topk_prob": False, "scoring_func": "softmax"},
    tensors=TENSORS,
    prefix="model.",
    harmless=HARMLESS,
)

DEEPSEEK_V3 = Family(
    model_type="deepseek_v3",
    architecture="DeepseekV3ForCausalLM",
    keys=common_keys(
        Key("rope_interleaved", "rope_interleave", True),
        Computed((*EXPERT_KEYS, "norm_topk_prob"), v3_experts, v3_keys, "experts"),
        max_length=4096,
    ),
    fixed=FIXED,
    must={"topk_method": "noaux_tc", "scoring_func": "sigmoid"},
    tensors=TENSORS,
    prefix="model.",
    # The last "layer" of the published files predicts a further token; the network does without it.
    harmless=(*HARMLESS, "*.layers.{n}.*"),
)
