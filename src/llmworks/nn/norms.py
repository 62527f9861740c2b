"""Norms: bring a vector to a standard size, so that deep stacks neither blow up nor fade.

LayerNorm(x) = (x − mean(x)) / √(var(x) + ε) · weight + bias        Ba et al. 2016
RMSNorm(x)   = x / √(mean(x²) + ε) · weight                         Zhang & Sennrich 2019
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class LayerNorm(nn.Module):
    """Over the last dimension, [..., D] → [..., D]; scale and shift are optional."""

    def __init__(self, width: int, eps: float, *, affine: bool = True, bias: bool = False) -> None:
        super().__init__()
        self.shape, self.eps = (width,), eps
        self.weight = nn.Parameter(torch.ones(width)) if affine else None
        self.bias = nn.Parameter(torch.zeros(width)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        return F.layer_norm(x, self.shape, self.weight, self.bias, self.eps)


class RMSNorm(nn.Module):
    """Over the last dimension, [..., D] → [..., D]; the scale is optional."""

    def __init__(self, width: int, eps: float, *, affine: bool = True) -> None:
        super().__init__()
        self.shape, self.eps = (width,), eps
        self.weight = nn.Parameter(torch.ones(width)) if affine else None

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, self.shape, self.weight, self.eps)


def make_norm(kind: str, width: int, eps: float, *, affine: bool, bias: bool) -> LayerNorm | RMSNorm:
    """The norm that a config names."""
    if kind == "layernorm":
        return LayerNorm(width, eps, affine=affine, bias=bias)
    return RMSNorm(width, eps, affine=affine)
