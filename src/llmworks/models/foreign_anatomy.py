"""Anatomy of what is not in the table of families, as transformers builds it without memory.

The parts are told by the names of parameters, which most networks choose alike; what a name does not tell is
"other". Costs of attention are given where the config has the usual keys, and of plain heads.
"""

import re
from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from llmworks.errors import ConfigError
from llmworks.models.anatomy import Anatomy, TensorGroup
from llmworks.models.costs import LayerCache

MOST_LAYERS, MOST_CONTEXT = 4096, 2**26

NAMES = (
    ("norms", re.compile(r"norm|(^|\.)ln_|(^|\.)ln\d")),
    ("mlp", re.compile(r"shared_(experts?|mlp)\.")),
    ("experts", re.compile(r"experts?(\.|_)(?!gate\.)|input_linear|output_linear")),
    ("router", re.compile(r"router|(moe|mlp|feed_forward)\.gate\.|expert_gate|e_score")),
    ("head", re.compile(r"lm_head|embed_out")),
    ("embedding", re.compile(r"embed|(^|\.)w[tp]e\.|(^|\.)shared\.weight")),
    ("attention", re.compile(r"attn|attention|(^|\.)[qkvo]_proj")),
    ("state space", re.compile(r"mixer|ssm|mamba|time_mix")),
    (
        "mlp",
        re.compile(r"mlp|ffn|feed_?forward|\.fc\d?|dense|intermediate|output\.dense|channel_mix|\.wi|\.wo\."),
    ),
    ("head", re.compile(r"output|classifier|score|cls|predictions|^head|pooler|projection")),
)
"""In this order: the first that fits."""

EXPERTS = ("num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts", "num_routed_experts")
CHOSEN = ("num_experts_per_tok", "num_experts_per_token", "experts_per_token", "moe_topk", "moe_k", "top_k")


def foreign_anatomy(hf_config: Mapping[str, Any], context: int | None = None) -> Anatomy:
    """Counts what transformers would build. Raises ConfigError where it is not installed or cannot."""
    config, model = built(hf_config)
    text = config.get_text_config()
    first = {name: next((getattr(text, key) for key in keys if getattr(text, key, None)), None)
             for name, keys in (("experts", EXPERTS), ("chosen", CHOSEN))}  # fmt: skip
    share = 1.0
    if isinstance(first["experts"], int) and isinstance(first["chosen"], int):
        share = min(1.0, first["chosen"] / first["experts"])
    groups = []
    for name, parameter in model.named_parameters():
        part = part_of(name)
        groups.append(TensorGroup(name, part, tuple(parameter.shape), 1, share if part == "experts" else 1.0))
    layers = whole(text, "num_hidden_layers", 0)
    longest = whole(text, "max_position_embeddings", 2048)
    if longest > MOST_CONTEXT:
        raise ConfigError(f"config.json: a context of {longest:,} tokens is beyond any model")
    context = longest if context is None else context
    caches, heads = layer_caches(text, layers)
    read = sum(cache.layers * cache.tokens(context) * heads for cache in caches)
    matrices = sum(
        round(group.numel * group.active_share)
        for group in groups
        if len(group.shape) >= 2 and group.part not in ("embedding", "norms") and "bias" not in group.name
    )
    tied = not any(group.part == "head" for group in groups)
    if tied:
        matrices += whole(text, "vocab_size", 0) * whole(text, "hidden_size", 0)
    return Anatomy(
        groups=tuple(groups),
        n_layers=layers,
        per_block=sum(group.numel for group in groups if re.search(rf"\.{layers - 1}\.", group.name)),
        caches=caches,
        context=context,
        flops_per_token=2 * matrices + 4 * read,
        width=12 * whole(text, "hidden_size", 0) + 4 * whole(text, "intermediate_size", 0),
        vocab_size=whole(text, "vocab_size", 0),
    )


def built(hf_config: Mapping[str, Any]) -> tuple[Any, nn.Module]:
    """Their config and their network on device "meta". Nothing that a config names is downloaded or run."""
    model_type = hf_config.get("model_type")
    if not isinstance(model_type, str):
        raise ConfigError("config.json: model_type is missing: of what family is this model?")
    try:
        import transformers
    except ImportError:
        raise ConfigError(
            f"config.json: {model_type!r:.60} is not a family that llmworks knows; with the package "
            "transformers installed it can count what that would build"
        ) from None
    for key in ("num_hidden_layers", "n_layer", "n_layers", "num_layers"):
        if isinstance(hf_config.get(key), int) and hf_config[key] > MOST_LAYERS:
            raise ConfigError(
                f"config.json: {key} is {hf_config[key]:,}; no model has more than {MOST_LAYERS:,}"
            )
    values = {key: value for key, value in hf_config.items() if key not in ("model_type", "auto_map")}
    values.pop("quantization_config", None)
    names = hf_config.get("architectures")
    named = names[0] if isinstance(names, list) and names and isinstance(names[0], str) else ""
    try:
        config = transformers.AutoConfig.for_model(model_type, **values)
        kind = getattr(transformers, named, None)
        with torch.device("meta"):
            if isinstance(kind, type) and issubclass(kind, transformers.PreTrainedModel):
                return config, kind(config)
            for auto in (transformers.AutoModelForCausalLM, transformers.AutoModel):
                if type(config) in auto._model_mapping:
                    return config, auto.from_config(config)  # type: ignore[no-untyped-call]
    except Exception as error:  # of many kinds: their validation, their modules, a config that is hostile
        raise ConfigError(
            f"config.json: transformers cannot build this {model_type!r:.60}: {type(error).__name__}: "
            f"{str(error).strip()[:300]}"
        ) from None
    raise ConfigError(f"config.json: transformers has no network for {model_type!r:.60}")


def part_of(name: str) -> str:
    """The part that a parameter's name tells."""
    lower = name.lower()
    return next((part for part, pattern in NAMES if pattern.search(lower)), "other")


def whole(config: Any, name: str, default: int) -> int:
    """A number of the config, if it has it and it is one."""
    value = getattr(config, name, None)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else default


def layer_caches(config: Any, layers: int) -> tuple[tuple[LayerCache, ...], int]:
    """What blocks of plain heads keep, where the config has the usual keys; and all heads' width."""
    heads = whole(config, "num_attention_heads", 0)
    if not heads or not layers:
        return (), 0
    alone = getattr(config, "multi_query", False) and not getattr(config, "new_decoder_architecture", False)
    groups = 1 if alone else whole(config, "num_key_value_heads", whole(config, "num_kv_heads", heads))
    width = whole(config, "head_dim", whole(config, "hidden_size", heads) // heads)
    rank, rope = whole(config, "kv_lora_rank", 0), whole(config, "qk_rope_head_dim", 0)
    kind = "MLA" if rank and rope else "MHA" if groups == heads else "MQA" if groups == 1 else "GQA"
    numbers = rank + rope if kind == "MLA" else 2 * groups * width
    kinds = getattr(config, "layer_types", None) or []
    near = sum(kind in ("sliding_attention", "chunked_attention") for kind in kinds)
    without = sum(kind not in ("full_attention", "sliding_attention", "chunked_attention") for kind in kinds)
    found = (
        LayerCache(kind, max(0, layers - near - without), numbers),
        LayerCache(kind, near, numbers, whole(config, "sliding_window", 0) or None),
    )
    return tuple(cache for cache in found if cache.layers), heads * width
