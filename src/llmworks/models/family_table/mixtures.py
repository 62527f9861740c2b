"""Mixtures of experts: Mixtral, Qwen 2 and 3 MoE, OLMoE, GPT-OSS; DeepSeek's stand in `deepseek.py`.

Jiang et al. 2024; Muennighoff et al. 2024; OpenAI 2025. Checkpoints keep each expert as tensors of its own;
GPT-OSS stacks them, inputs first, with the rows of gate and up in turn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from llmworks.errors import ConfigError
from llmworks.models.family_table.core import Computed, Family, Key, Tensors
from llmworks.models.family_table.llama import ATTENTION, ENDS, FIXED, HARMLESS, MLP, PRE_NORMS, keys
from llmworks.models.family_table.rotary import Rope
from llmworks.models.family_table.windows import Layers, always, every
from llmworks.nn.routing import Experts

Hf = Mapping[str, Any]


def of(config: Any) -> Experts:
    """The experts of a config; ConfigError, "has no words for it", where there are none."""
    if config.experts is None:
        raise ConfigError("a mixture of experts is needed")
    experts: Experts = config.experts
    return experts


def whole(hf: Hf, name: str, default: int | None = None) -> int:
    """A whole number of theirs; ValueError where it is none, or missing without a default."""
    value = hf.get(name)
    value = default if value is None else value
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name} must be a whole number; given {value!r:.40}")
    return value


def balance(hf: Hf) -> float:
    """The weight of the balance loss, which their training adds where the router's scores are asked for."""
    return float(hf.get("router_aux_loss_coef", 0.001)) if hf.get("output_router_logits") else 0.0


def balance_keys(experts: Experts) -> dict[str, Any]:
    """The keys that `balance` reads."""
    return {"output_router_logits": experts.balance > 0, "router_aux_loss_coef": experts.balance or 0.001}


BALANCE = ("output_router_logits", "router_aux_loss_coef")


def each(part: str, gate: str, up: str, down: str) -> tuple[Tensors, Tensors]:
    """An expert's three matrices, each a tensor of its own."""
    where = f"model.layers.{{i}}.{part}.experts.{{e}}"
    return (
        Tensors(
            "blocks.{i}.mlp.experts.gate_up", (f"{where}.{gate}.weight", f"{where}.{up}.weight"), stacked=True
        ),
        Tensors("blocks.{i}.mlp.experts.down", f"{where}.{down}.weight", stacked=True),
    )


def shared(name: str) -> tuple[Tensors, ...]:
    """The matrices, and biases, of the expert that every token visits."""
    where = f"model.layers.{{i}}.mlp.{name}"
    return tuple(
        Tensors(f"blocks.{{i}}.mlp.shared.{ours}.{kind}", tuple(f"{where}.{t}_proj.{kind}" for t in theirs))
        for ours, theirs in (("gate_up", ("gate", "up")), ("down", ("down",)))
        for kind in ("weight", "bias")
    )


ROUTER = Tensors("blocks.{i}.mlp.router.weight", "model.layers.{i}.mlp.gate.weight")
BANK = each("mlp", "gate_proj", "up_proj", "down_proj")

# --- Mixtral ---------------------------------------------------------------------------------------------


def mixtral_experts(hf: Hf) -> dict[str, Any]:
    count, top = whole(hf, "num_local_experts", 8), whole(hf, "num_experts_per_tok", 2)
    width = whole(hf, "intermediate_size")
    return {"experts": {"n_experts": count, "top_k": top, "d_expert": width, "balance": balance(hf)}}


def mixtral_keys(config: Any) -> dict[str, Any]:
    experts = of(config)
    named = {"num_local_experts": experts.n_experts, "num_experts_per_tok": experts.top_k}
    return named | {"intermediate_size": experts.d_expert} | balance_keys(experts)


MIXTRAL = Family(
    model_type="mixtral",
    architecture="MixtralForCausalLM",
    keys=keys(
        Rope(theta=1_000_000.0),
        Layers(always, types=False),
        Computed(
            ("num_local_experts", "num_experts_per_tok", "intermediate_size", *BALANCE),
            mixtral_experts,
            mixtral_keys,
            "experts",
        ),
        n_kv_heads=8,
        max_length=131_072,
        norm_eps=1e-5,
    ),
    fixed=FIXED,
    tensors=(
        *ENDS,
        *PRE_NORMS,
        *ATTENTION,
        Tensors("blocks.{i}.mlp.router.weight", "model.layers.{i}.block_sparse_moe.gate.weight"),
        *each("block_sparse_moe", "w1", "w3", "w2"),
    ),
    prefix="model.",
    harmless=HARMLESS,
)

# --- Qwen, OLMoE -----------------------------------------------------------------------------------------

QWEN_KEYS = (
    *("num_experts", "num_local_experts", "num_experts_per_tok", "moe_intermediate_size", "norm_topk_prob"),
    *("decoder_sparse_step", "mlp_only_layers", *BALANCE),
)


def dense_layers(hf: Hf) -> tuple[int, ...]:
    """Qwen: those named, and all but each n-th."""
    step, named = whole(hf, "decoder_sparse_step", 1), hf.get("mlp_only_layers") or []
    count = min(whole(hf, "num_hidden_layers"), 4096)
    if not isinstance(named, list) or step < 1:
        raise ValueError("mlp_only_layers must be a list, and decoder_sparse_step at least 1")
    return tuple(layer for layer in range(count) if layer in named or (layer + 1) % step)


def qwen_experts(hf: Hf) -> dict[str, Any]:
    width = whole(hf, "moe_intermediate_size", 768 if hf.get("model_type") == "qwen3_moe" else 1408)
    few = hf.get("model_type") == "qwen2_moe"
    experts: dict[str, Any] = {
        "n_experts": whole(hf, "num_experts", whole(hf, "num_local_experts", 60 if few else 128)),
        "top_k": whole(hf, "num_experts_per_tok", 4 if few else 8),
        "d_expert": width,
        "normalise": hf.get("norm_topk_prob", False),
        "dense_layers": dense_layers(hf),
        "balance": balance(hf),
    }
    if few:
        d_shared = whole(hf, "shared_expert_intermediate_size", 5632)
        experts |= {"n_shared": 1, "d_shared": d_shared, "shared_gate": True}
    return {"experts": experts}


def qwen_keys(config: Any) -> dict[str, Any]:
    experts = of(config)
    named: dict[str, Any] = {"num_experts": experts.n_experts, "num_experts_per_tok": experts.top_k}
    named |= {"moe_intermediate_size": experts.d_expert, "norm_topk_prob": experts.normalise}
    named |= {"decoder_sparse_step": 1, "mlp_only_layers": list(experts.dense_layers)}
    if experts.n_shared:
        named["shared_expert_intermediate_size"] = experts.shared_width
    else:  # the name in newer files of Qwen 3
        named["num_local_experts"] = experts.n_experts
    return named | balance_keys(experts)


def slides_qwen2(hf: Hf, layer: int) -> bool:
    """Qwen2-MoE without `layer_types`: every second of the first `max_window_layers`."""
    return layer < whole(hf, "max_window_layers", 28) and layer % 2 == 0


QWEN2_MOE = Family(
    model_type="qwen2_moe",
    architecture="Qwen2MoeForCausalLM",
    keys=keys(
        Rope(),
        Layers(slides_qwen2, 4096, switch="use_sliding_window", rule_keys=("max_window_layers",)),
        Key("attention_bias", "qkv_bias", True),
        Computed((*QWEN_KEYS, "shared_expert_intermediate_size"), qwen_experts, qwen_keys, "experts"),
        n_kv_heads=16,
        max_length=32_768,
    ),
    fixed=FIXED | {"attention_out_bias": False},
    tensors=(
        *(*ENDS, *PRE_NORMS, *ATTENTION, *MLP, ROUTER, *BANK, *shared("shared_expert")),
        Tensors("blocks.{i}.mlp.shared_gate.weight", "model.layers.{i}.mlp.shared_expert_gate.weight"),
    ),
    prefix="model.",
    harmless=HARMLESS,
)

QWEN3_MOE = Family(
    model_type="qwen3_moe",
    architecture="Qwen3MoeForCausalLM",
    keys=keys(
        Rope(),
        Layers(always, 4096, types=False, switch="use_sliding_window"),
        Key("attention_bias", "attention_bias", False),
        Computed(QWEN_KEYS, qwen_experts, qwen_keys, "experts"),
        n_kv_heads=4,
        max_length=32_768,
    ),
    fixed=FIXED | {"qk_norm": True},
    tensors=(*ENDS, *PRE_NORMS, *ATTENTION, *MLP, ROUTER, *BANK),
    prefix="model.",
    harmless=HARMLESS,
)


def olmoe_experts(hf: Hf) -> dict[str, Any]:
    return {
        "experts": {
            "n_experts": whole(hf, "num_experts", 64),
            "top_k": whole(hf, "num_experts_per_tok", 8),
            "d_expert": whole(hf, "intermediate_size"),
            "normalise": hf.get("norm_topk_prob", False),
            "balance": balance(hf),
        }
    }


def olmoe_keys(config: Any) -> dict[str, Any]:
    experts = of(config)
    named = {"num_experts": experts.n_experts, "num_experts_per_tok": experts.top_k}
    named |= {"intermediate_size": experts.d_expert, "norm_topk_prob": experts.normalise}
    return named | balance_keys(experts)


OLMOE = Family(
    model_type="olmoe",
    architecture="OlmoeForCausalLM",
    keys=keys(
        Rope(),
        Key("attention_bias", "attention_bias", False),
        Computed(
            ("num_experts", "num_experts_per_tok", "intermediate_size", "norm_topk_prob", *BALANCE),
            olmoe_experts,
            olmoe_keys,
            "experts",
        ),
        max_length=4096,
        norm_eps=1e-5,
    ),
    fixed=FIXED | {"qk_norm": True, "qk_norm_over": "all"},
    must={"clip_qkv": None},
    tensors=(*ENDS, *PRE_NORMS, *ATTENTION, ROUTER, *BANK),
    prefix="model.",
    harmless=HARMLESS,
)

# --- GPT-OSS ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GptOssRope(Rope):
    """A config that says nothing of rotations means the scaling of the published models."""

    def read(self, hf: Mapping[str, Any], values: Mapping[str, Any], where: str) -> dict[str, Any]:
        if not hf.get("rope_parameters") and not hf.get("rope_scaling"):
            yarn = {"rope_type": "yarn", "factor": 32.0, "truncate": False}
            hf = {**hf, "rope_scaling": yarn | {"original_max_position_embeddings": 4096}}
        return super().read(hf, values, where)


def gpt_oss_experts(hf: Hf) -> dict[str, Any]:
    return {
        "experts": {
            "n_experts": whole(hf, "num_local_experts", 128),
            "top_k": whole(hf, "num_experts_per_tok", 4),
            "d_expert": whole(hf, "intermediate_size"),
            "router": "softmax_chosen",
            "router_bias": True,
            "bias": True,
            "clamp": hf.get("swiglu_limit", 7.0),
            "balance": balance(hf),
        }
    }


def gpt_oss_keys(config: Any) -> dict[str, Any]:
    # A window is wanted even where no layer has one.
    window = {} if config.sliding_window else {"sliding_window": 128}
    return mixtral_keys(config) | {"swiglu_limit": of(config).clamp} | window


def in_turn(config: Any) -> Tensor:
    """Their rows of gate and up, which alternate, in our order: gate first."""
    rows = torch.arange(2 * of(config).d_expert)
    return torch.cat((rows[::2], rows[1::2]))


STACKED = "model.layers.{i}.mlp.experts"

GPT_OSS = Family(
    model_type="gpt_oss",
    architecture="GptOssForCausalLM",
    keys=keys(
        GptOssRope(theta=150_000.0),
        Layers(every(2), 128),
        Key("attention_bias", "attention_bias", True),
        Computed(
            ("num_local_experts", "num_experts_per_tok", "intermediate_size", "swiglu_limit", *BALANCE),
            gpt_oss_experts,
            gpt_oss_keys,
            "experts",
        ),
        n_kv_heads=8,
        d_head=64,
        max_length=131_072,
        norm_eps=1e-5,
    ),
    fixed=FIXED | {"attention_sinks": True},
    must={"hidden_act": "silu", "swiglu_alpha": 1.702},
    tensors=(
        *(*ENDS, *PRE_NORMS, *ATTENTION),
        Tensors("blocks.{i}.attn.sinks", "model.layers.{i}.self_attn.sinks"),
        Tensors("blocks.{i}.mlp.router.weight", "model.layers.{i}.mlp.router.weight"),
        Tensors("blocks.{i}.mlp.router.bias", "model.layers.{i}.mlp.router.bias"),
        Tensors(
            "blocks.{i}.mlp.experts.gate_up", f"{STACKED}.gate_up_proj", transposed=True, rows=in_turn,
            stacked=True,
        ),
        Tensors(
            "blocks.{i}.mlp.experts.gate_up_bias", f"{STACKED}.gate_up_proj_bias", rows=in_turn, stacked=True
        ),
        Tensors("blocks.{i}.mlp.experts.down", f"{STACKED}.down_proj", transposed=True, stacked=True),
        Tensors("blocks.{i}.mlp.experts.down_bias", f"{STACKED}.down_proj_bias", stacked=True),
    ),
    prefix="model.",
    harmless=HARMLESS,
)  # fmt: skip
