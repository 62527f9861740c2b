"""Attention inside somebody else's model: its own where nobody looks, ours written out where somebody does.

transformers lets a model's attention be computed by any function that is registered under a name. Ours hands
on to its fused one, except within `tracing`, where the steps are taken one by one and each can be recorded
and changed: q, k, v → scores → pattern → z.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from llmworks.nn.trace import Trace

NAME = "llmworks"
STEPS = ("q", "k", "v", "scores", "pattern", "z")
PLAIN = frozenset(
    {
        "position_ids",
        "cache_position",
        "use_cache",
        "output_attentions",
        "sliding_window",
        "past_key_values",
        "output_router_logits",
        "output_hidden_states",
    }
)
"""Arguments that do not change the formula (a window is in the mask already)."""

current = threading.local()


@contextmanager
def tracing(trace: Trace, layers: dict[nn.Module, int]) -> Iterator[None]:
    """Within the block, and on this thread alone, attention is taken step by step."""
    current.trace, current.layers = trace, layers
    try:
        yield
    finally:
        current.trace = None


@contextmanager
def counting() -> Iterator[list[tuple[nn.Module, frozenset[str]]]]:
    """Which modules call our function, and with which arguments beyond the plain ones."""
    calls: list[tuple[nn.Module, frozenset[str]]] = []
    current.calls = calls
    try:
        yield calls
    finally:
        current.calls = None


def register() -> None:
    """Make our function known to transformers; twice does no harm."""
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.masking_utils import sdpa_mask

    AttentionInterface.register(NAME, attention)
    AttentionMaskInterface.register(NAME, sdpa_mask)


def attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    **options: Any,
) -> tuple[Tensor, Tensor | None]:
    """transformers' signature: q [B, H, T, E], k, v [B, K, S, E] → ([B, T, H, E], pattern or None)."""
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    trace: Trace | None = getattr(current, "trace", None)
    calls = getattr(current, "calls", None)
    if calls is not None:
        odd = {name for name, item in options.items() if item is not None and name not in PLAIN}
        calls.append((module, frozenset(odd - {"dropout", "scaling", "is_causal"})))
    if trace is None or module not in current.layers:
        plain: tuple[Tensor, Tensor | None] = sdpa_attention_forward(
            module, query, key, value, attention_mask, **options
        )
        return plain
    return step_by_step(module, query, key, value, attention_mask, trace, **options)


def step_by_step(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    mask: Tensor | None,
    trace: Trace,
    *,
    scaling: float | None = None,
    is_causal: bool | None = None,
    **_: Any,
) -> tuple[Tensor, Tensor | None]:
    """The formula as it is written. `k` and `v` are those of the new positions, as in our own networks."""
    address = f"blocks.{current.layers[module]}.attn"
    count = query.shape[2]
    q = trace.at(f"{address}.q", query)
    k = newest(trace, f"{address}.k", key, count)
    v = newest(trace, f"{address}.v", value, count)
    groups = q.shape[1] // k.shape[1]
    k, v = k.repeat_interleave(groups, dim=1), v.repeat_interleave(groups, dim=1)
    scores = q @ k.transpose(-1, -2) * (q.shape[-1] ** -0.5 if scaling is None else scaling)
    if mask is not None and mask.dtype != torch.bool:
        scores = scores + mask[..., : k.shape[2]]
        mask = None
    elif (
        mask is None
        and count > 1
        and (getattr(module, "is_causal", True) if is_causal is None else is_causal)
    ):
        mask = torch.ones(scores.shape[-2:], dtype=torch.bool, device=q.device).tril(k.shape[2] - count)
    scores = trace.at(f"{address}.scores", scores)
    if mask is not None:
        scores = scores.masked_fill(~mask[..., : k.shape[2]], -torch.inf)
    pattern = trace.at(f"{address}.pattern", scores.softmax(dim=-1, dtype=torch.float32).to(v.dtype))
    z = trace.at(f"{address}.z", pattern @ v)
    return z.transpose(1, 2).contiguous(), pattern


def newest(trace: Trace, address: str, tensor: Tensor, count: int) -> Tensor:
    """The last `count` positions shown to the trace, and put back."""
    if not trace.wants(address):
        return tensor
    shown = trace.at(address, tensor[:, :, -count:])
    return torch.cat((tensor[:, :, :-count], shown), dim=2)
