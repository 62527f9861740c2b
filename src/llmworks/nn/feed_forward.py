"""The feed-forward part: each position by itself, widened, bent, narrowed.

    plain   W_down · act(W_up · x)
    gated   W_down · (act(W_gate · x) ⊙ W_up · x)         SwiGLU, GeGLU: Shazeer 2020

ReLU² is So et al. 2021 (Primer). GeGLU takes the tanh form of GELU, as T5 1.1 and Gemma do, `geglu_erf` the
exact one (ModernBERT).
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

from llmworks.nn.trace import Trace


def gelu_tanh(x: Tensor) -> Tensor:
    """GELU by its tanh approximation (GPT-2's `gelu_new`)."""
    return F.gelu(x, approximate="tanh")


def relu2(x: Tensor) -> Tensor:
    """max(x, 0)²."""
    if differentiated(x):
        squared: Tensor = ReLUSquared.apply(x)  # type: ignore[no-untyped-call]
        return squared
    return F.relu(x).square()


def gated(gate_up: Tensor, activation: str) -> Tensor:
    """act(gate) ⊙ up for the two halves of [..., 2F]."""
    if differentiated(gate_up):
        product: Tensor = Gated.apply(gate_up, activation)  # type: ignore[no-untyped-call]
        return product
    gate, up = gate_up.chunk(2, dim=-1)
    return GATES[activation](gate) * up


def differentiated(x: Tensor) -> bool:
    """Whether a gradient written out below is worth its while: a compiler finds it by itself."""
    return x.requires_grad and torch.is_grad_enabled() and not torch.compiler.is_compiling()


class ReLUSquared(torch.autograd.Function):
    """ReLU² in half the passes over memory: its gradient is 2·max(x, 0), and max(x, 0) is at hand."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        positive = F.relu(x)
        ctx.save_for_backward(positive)
        return positive * positive

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        (positive,) = ctx.saved_tensors
        by_x: Tensor = gradient * positive
        return by_x.mul_(2)


class Gated(torch.autograd.Function):
    """act(gate) ⊙ up, whose gradient goes straight into one tensor for the one matrix before it."""

    @staticmethod
    def forward(ctx: Any, gate_up: Tensor, activation: str) -> Tensor:
        gate, up = gate_up.chunk(2, dim=-1)
        open_gate = GATES[activation](gate)
        ctx.save_for_backward(gate_up, open_gate)
        ctx.slope = SLOPES[activation]
        return open_gate * up

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        gate_up, open_gate = ctx.saved_tensors
        gate, up = gate_up.chunk(2, dim=-1)
        by_gate_up = torch.empty_like(gate_up)
        by_gate, by_up = by_gate_up.chunk(2, dim=-1)
        torch.mul(gradient, open_gate, out=by_up)
        by_gate.copy_(ctx.slope(gradient * up, gate))
        return by_gate_up, None


PLAIN: dict[str, Callable[[Tensor], Tensor]] = {
    "gelu": F.gelu, "gelu_tanh": gelu_tanh, "relu": F.relu, "relu2": relu2,
}  # fmt: skip
GATES: dict[str, Callable[[Tensor], Tensor]] = {
    "swiglu": F.silu, "geglu": gelu_tanh, "geglu_erf": F.gelu, "reglu": F.relu,
}  # fmt: skip
SLOPES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {  # (gradient, gate) → gradient by the gate
    "swiglu": torch.ops.aten.silu_backward,
    "geglu": partial(torch.ops.aten.gelu_backward, approximate="tanh"),
    "geglu_erf": partial(torch.ops.aten.gelu_backward, approximate="none"),
    "reglu": partial(torch.ops.aten.threshold_backward, threshold=0),
}


class FeedForward(nn.Module):
    """[B, T, D] → [B, T, D] by way of width F.

    Addresses, both [B, T, F]: `pre` is W_up · x, `post` is what W_down reads.
    """

    def __init__(self, d_model: int, d_ff: int, activation: str, *, bias: bool, address: str) -> None:
        super().__init__()
        self.activation, self.address = PLAIN[activation], address
        self.up = nn.Linear(d_model, d_ff, bias=bias)
        self.down = nn.Linear(d_ff, d_model, bias=bias)

    def forward(self, x: Tensor, trace: Trace | None = None) -> Tensor:
        pre = self.up(x)
        if trace is not None:
            pre = trace.at(f"{self.address}.pre", pre)
        post = self.activation(pre)
        if trace is not None:
            post = trace.at(f"{self.address}.post", post)
        out: Tensor = self.down(post)
        return out

    def addresses(self) -> list[str]:
        """In the order in which they arise."""
        return [f"{self.address}.pre", f"{self.address}.post"]


class GatedFeedForward(nn.Module):
    """[B, T, D] → [B, T, D] by way of width F.

    Addresses: `gate` is W_gate · x before its activation; `pre` and `post` as in FeedForward.
    Both projections are one matrix, gate first: one larger product is faster than two.
    """

    def __init__(self, d_model: int, d_ff: int, activation: str, *, bias: bool, address: str) -> None:
        super().__init__()
        self.activation, self.address = activation, address
        self.gate_up = nn.Linear(d_model, 2 * d_ff, bias=bias)
        self.down = nn.Linear(d_ff, d_model, bias=bias)

    def forward(self, x: Tensor, trace: Trace | None = None) -> Tensor:
        gate_up = self.gate_up(x)
        if trace is None:
            post = gated(gate_up, self.activation)
        else:
            gate, pre = gate_up.chunk(2, dim=-1)
            gate = trace.at(f"{self.address}.gate", gate)
            pre = trace.at(f"{self.address}.pre", pre)
            post = trace.at(f"{self.address}.post", GATES[self.activation](gate) * pre)
        out: Tensor = self.down(post)
        return out

    def addresses(self) -> list[str]:
        """In the order in which they arise."""
        return [f"{self.address}.{name}" for name in ("gate", "pre", "post")]


def make_feed_forward(
    d_model: int, d_ff: int, activation: str, *, bias: bool, address: str
) -> FeedForward | GatedFeedForward:
    """The feed-forward that a config names."""
    if activation in GATES:
        return GatedFeedForward(d_model, d_ff, activation, bias=bias, address=address)
    return FeedForward(d_model, d_ff, activation, bias=bias, address=address)
