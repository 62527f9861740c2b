"""Pooling: the vectors of a text's tokens become one vector for the text.

    first    x_0                       BERT's [CLS]
    mean     Σ x_t / n                 Sentence-BERT (Reimers & Gurevych 2019)
    sqrt     Σ x_t / √n
    max      the largest of each value
    last     x_{n−1}                   of a decoder: the only one that has seen the whole text
    weighted Σ (t+1) x_t / Σ (t+1)     SGPT (Muennighoff 2022)

Only real tokens count: `mask` says which they are, so that a text gives the same vector whatever it is
batched with.
"""

from collections.abc import Callable

import torch
from torch import Tensor


def pool_first(x: Tensor, mask: Tensor) -> Tensor:
    """The first real token's vector, wherever the padding stands."""
    return x[torch.arange(len(x), device=x.device), mask.int().argmax(1)]


def pool_last(x: Tensor, mask: Tensor) -> Tensor:
    """The last real token's vector."""
    places = torch.arange(mask.shape[1], device=x.device)
    return x[torch.arange(len(x), device=x.device), (places * mask).argmax(1)]


def pool_mean(x: Tensor, mask: Tensor) -> Tensor:
    return total(x, mask) / count(x, mask)


def pool_sqrt(x: Tensor, mask: Tensor) -> Tensor:
    return total(x, mask) / count(x, mask).sqrt()


def pool_max(x: Tensor, mask: Tensor) -> Tensor:
    return x.masked_fill(~mask[..., None], -torch.inf).amax(1)


def pool_weighted(x: Tensor, mask: Tensor) -> Tensor:
    """Later tokens count more: a decoder's have seen more."""
    weights = mask * torch.arange(1, mask.shape[1] + 1, device=x.device)
    return (x * weights[..., None].to(x.dtype)).sum(1) / weights.sum(1, keepdim=True).to(x.dtype)


def total(x: Tensor, mask: Tensor) -> Tensor:
    # Not a product with the mask: what padding holds may be anything, and 0 × ∞ is no number.
    return x.masked_fill(~mask[..., None], 0).sum(1)


def count(x: Tensor, mask: Tensor) -> Tensor:
    return mask.sum(1, keepdim=True).clamp_min(1).to(x.dtype)


POOLINGS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "first": pool_first, "mean": pool_mean, "max": pool_max, "sqrt": pool_sqrt,
    "weighted": pool_weighted, "last": pool_last,
}  # fmt: skip
"""By name: x [B, T, D] and mask [B, T] bool → [B, D]."""
