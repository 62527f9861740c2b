"""Costs: what one token costs, in products and in cache, by kind of block.

    FLOPs    2 · (weights of the matrices that a token meets) + 2 · H · (E_qk + E_v) · positions read
    cache    2 · K · E numbers a layer and token;  latent attention: kv_rank + d_rope;  a state: none

Of experts a token meets those chosen; a sliding block reads its window; Kaplan et al. 2020 §2.1, Chowdhery et
al. 2022 app. B. A decoder and its anatomy both count by these functions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from torch import nn

from llmworks.models.config import ModelConfig


@dataclass(frozen=True)
class LayerCache:
    """What `layers` blocks of one kind keep of a text.

    kind: MHA, GQA, MQA, MLA or state. numbers: for each token and block. window: tokens that are ever read
    again, None for all. state_bytes: of a block, however long the text is.
    """

    kind: str
    layers: int
    numbers: int
    window: int | None = None
    state_bytes: int = 0

    def tokens(self, context: int) -> int:
        """How many of the last `context` tokens are kept."""
        return context if self.window is None else min(context, self.window)


def attention_kind(config: ModelConfig) -> str:
    """The name of how queries share keys and values."""
    if config.latent is not None:
        return "MLA"
    if config.n_kv_heads == config.n_heads:
        return "MHA"
    return "MQA" if config.n_kv_heads == 1 else "GQA"


def layer_caches(config: ModelConfig) -> tuple[LayerCache, ...]:
    """The full blocks, then the sliding ones."""
    latent = config.latent
    numbers = 2 * config.n_kv_heads * config.d_head if latent is None else latent.d_cached
    sliding = sum(kind == "sliding" for kind in config.layer_kinds or ())
    kind = attention_kind(config)
    found = (
        LayerCache(kind, config.n_layers - sliding, numbers),
        LayerCache(kind, sliding, numbers, config.sliding_window),
    )
    return tuple(cache for cache in found if cache.layers)


def active_parameters(config: ModelConfig, named: Iterator[tuple[str, nn.Parameter]]) -> int:
    """Parameters that one token meets: all but those of experts that were not chosen."""
    return sum(active_count(config, name, parameter) for name, parameter in named)


def active_count(config: ModelConfig, name: str, parameter: nn.Parameter) -> int:
    """The same of one parameter."""
    if ".experts." not in name or config.experts is None:
        return parameter.numel()
    return parameter.numel() // config.experts.n_experts * config.experts.top_k


def matrix_weights(config: ModelConfig, block: nn.Module) -> int:
    """Weights of a block that a token is multiplied with."""
    return sum(
        active_count(config, f".{name}", parameter)
        for name, parameter in block.named_parameters()
        if parameter.dim() >= 2 and not name.endswith("bias")
    )


def attention_flops(config: ModelConfig, context: int) -> int:
    """Of scores and weighted sums in all blocks, for a token that reads `context` positions."""
    latent = config.latent
    widths = 2 * config.d_head if latent is None else latent.d_query + latent.d_value
    read = sum(cache.layers * cache.tokens(context) for cache in layer_caches(config))
    return 2 * config.n_heads * widths * read


def decoder_flops(config: ModelConfig, matrices: int, context: int) -> int:
    """Of one token forward: `matrices` are the weights of all blocks' matrices; the head comes on top."""
    return 2 * (matrices + config.vocab_size * config.d_model) + attention_flops(config, context)


def as_dict(cache: LayerCache) -> dict[str, Any]:
    """Plain data for JSON."""
    return {
        "kind": cache.kind,
        "layers": cache.layers,
        "numbers_per_token": cache.numbers,
        "window": cache.window,
        "state_bytes": cache.state_bytes,
    }
