"""Norms: bring a vector to a standard size, so that deep stacks neither blow up nor fade.

LayerNorm(x) = (x − mean(x)) / √(var(x) + ε) · weight + bias        Ba et al. 2016
RMSNorm(x)   = x / √(mean(x²) + ε) · weight                         Zhang & Sennrich 2019

With `offset` the scale is 1 + weight (Gemma): a weight near zero loses nothing in bfloat16.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional as F


class LayerNorm(nn.Module):
    """Over the last dimension, [..., D] → [..., D]; scale and shift are optional."""

    def __init__(
        self, width: int, eps: float, *, affine: bool = True, bias: bool = False, offset: bool = False
    ) -> None:
        super().__init__()
        self.shape, self.eps, self.offset = (width,), eps, offset
        self.weight = nn.Parameter(torch.ones(width)) if affine else None
        self.bias = nn.Parameter(torch.zeros(width)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        weight = self.weight if not self.offset or self.weight is None else self.weight + 1
        return F.layer_norm(x, self.shape, weight, self.bias, self.eps)


class RMSNorm(nn.Module):
    """Over the last dimension, [..., D] → [..., D]; the scale is optional."""

    def __init__(self, width: int, eps: float, *, affine: bool = True, offset: bool = False) -> None:
        super().__init__()
        self.shape, self.eps, self.offset = (width,), eps, offset
        self.weight = nn.Parameter(torch.ones(width)) if affine else None

    def forward(self, x: Tensor) -> Tensor:
        if self.offset and self.weight is not None:
            return offset_rms_norm(x, self.weight, self.eps)
        return rms_norm(x, self.weight, self.eps)


Norm = LayerNorm | RMSNorm


def make_norm(
    kind: str, width: int, eps: float, *, affine: bool, bias: bool = False, offset: bool = False
) -> Norm:
    """The norm that a config names."""
    if kind == "layernorm":
        return LayerNorm(width, eps, affine=affine, bias=bias, offset=offset)
    return RMSNorm(width, eps, affine=affine, offset=offset)


def offset_rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """RMSNorm scaled by 1 + weight, the sum in float32: in bfloat16 it would round the weight away."""
    if x.dtype == torch.float32:
        return rms_norm(x, weight + 1, eps)
    return rms_norm(x.float(), weight.float() + 1, eps).to(x.dtype)


def rms_norm(x: Tensor, weight: Tensor | None, eps: float) -> Tensor:
    """RMSNorm over the last dimension, by whichever way is fastest where x lives."""
    if (
        x.device.type == "cpu"
        and x.requires_grad
        and torch.is_grad_enabled()
        and x.dtype == torch.float32
        and not torch.compiler.is_compiling()
        and not torch.is_autocast_enabled("cpu")
    ):
        normed: Tensor = RMSNormOnCPU.apply(x, weight, eps)  # type: ignore[no-untyped-call]
        return normed
    return F.rms_norm(x, x.shape[-1:], weight, eps)


class RMSNormOnCPU(torch.autograd.Function):
    """RMSNorm with its gradient written out.

    PyTorch fuses the operation on a GPU but composes it of single ones on a CPU, where this takes half the
    time. With n = x/rms and g the gradient arriving, scaled:  ∂x = (g − n · mean(g·n)) / rms.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor | None, eps: float) -> Tensor:
        width = x.shape[-1]
        inverse_rms = (
            torch.linalg.vector_norm(x, dim=-1, keepdim=True).square_().div_(width).add_(eps).rsqrt_()
        )
        normed = x * inverse_rms
        ctx.save_for_backward(normed, inverse_rms, weight)
        scaled: Tensor = normed if weight is None else normed * weight
        return scaled

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor | None, None]:
        normed, inverse_rms, weight = ctx.saved_tensors
        product = gradient * normed
        if weight is None:
            by_weight, dot, by_x = None, product.sum(-1, keepdim=True), gradient.clone()
        else:
            by_weight = product.reshape(-1, weight.shape[0]).sum(0)
            dot, by_x = (product @ weight).unsqueeze(-1), gradient * weight
        by_x.addcmul_(normed, dot, value=-1 / normed.shape[-1]).mul_(inverse_rms)
        return by_x, by_weight, None
