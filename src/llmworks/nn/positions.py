"""Positions: attention alone cannot tell the order of what it reads.

    learned      x_t + P[t]                                             GPT-2
    sinusoidal   x_t + (sin, cos)(t / 10000^(2i/D))                     Vaswani et al. 2017, §3.5
    rotary       q_t and k_t turned by t·θ^(−2i/E) in each pair         Su et al. 2021

Turned vectors keep their length, and the product of a query at m with a key at n depends on m − n alone.
The pairs are value i with value i + E/2 (the layout of Hugging Face's checkpoints), not neighbours.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from llmworks.errors import RequestError

FIRST_ROWS = 4096
"""Of a table when it is made; it doubles when a run goes beyond."""

Rotation = tuple[Tensor, Tensor]
"""Cosine and sine of the angles of T positions, [T, E/2] each, float32."""


class LearnedPositions(nn.Module):
    """One learned vector a position; `weight` is [max_length, D]."""

    def __init__(self, max_length: int, d_model: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(max_length, d_model))

    def forward(self, start: int, count: int) -> Tensor:
        """Vectors [T, D] of the positions start … start + count."""
        if start + count > self.weight.shape[0]:
            raise RequestError(
                f"this model has learned {self.weight.shape[0]} positions; given {start + count} tokens: "
                f"send a shorter text"
            )
        return self.weight[start : start + count]


class Table(nn.Module):
    """Numbers that follow from the position alone: computed once, grown on need, never saved.

    A table begins no longer than FIRST_ROWS: a model for a million tokens is mostly given a few. It stays
    float32 whatever the model is cast to, since bfloat16 cannot tell position 257 from 256, and is real even
    where the model is built without memory (device "meta").
    """

    def __init__(self, make: Callable[[int], Tensor], length: int) -> None:
        super().__init__()
        self.make = make
        self.table = self.build(min(length, FIRST_ROWS))

    def build(self, length: int) -> Tensor:
        """The first `length` rows, usable in training even if first needed in an inference run."""
        with torch.inference_mode(False), torch.device("cpu"):
            return self.make(length)

    def rows(self, start: int, count: int) -> Tensor:
        """Rows start … start + count."""
        end = start + count
        if end > self.table.shape[0]:
            if torch.compiler.is_compiling():  # a compiled graph has no side effects: computed within it
                return self.make(end)[start:].to(self.table.device)
            self.table = self.build(max(end, 2 * self.table.shape[0])).to(self.table.device)
        return self.table[start:end]

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> "Table":
        # What `.to()` calls: follow the model to its device, but not to its type.
        self.table = self.table.to(fn(torch.empty(0, device=self.table.device)).device)
        return self


class SinusoidalPositions(Table):
    """Fixed waves of lengths 2π … 10000·2π; even values are sines, odd ones cosines."""

    def __init__(self, max_length: int, d_model: int) -> None:
        super().__init__(partial(wave_table, d_model=d_model), max_length)

    def forward(self, start: int, count: int) -> Tensor:
        """Vectors [T, D] of the positions start … start + count."""
        return self.rows(start, count)


class RotaryPositions(Table):
    """The angles by which `rotate` turns queries and keys."""

    def __init__(self, max_length: int, d_head: int, theta: float) -> None:
        super().__init__(partial(rotation_table, d_head=d_head, theta=theta), max_length)

    def forward(self, start: int, count: int) -> Rotation:
        """The turns of the positions start … start + count."""
        cos, sin = self.rows(start, count).unbind(1)
        return cos, sin


def wave_table(length: int, d_model: int) -> Tensor:
    """Sines and cosines in turn, [length, D]."""
    angles = position_angles(length, d_model, 10_000.0)
    return torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(1)


def rotation_table(length: int, d_head: int, theta: float) -> Tensor:
    """Cosines, then sines, [length, 2, E/2]."""
    angles = position_angles(length, d_head, theta)
    return torch.stack((angles.cos(), angles.sin()), dim=1)


def position_angles(length: int, width: int, theta: float) -> Tensor:
    """t · theta^(−2i/width) for each position t and pair i, [length, width/2] float32."""
    # Just this order of operations: the last bit of a frequency is a visible angle at position 100,000.
    frequencies = 1.0 / theta ** (torch.arange(0, width, 2, dtype=torch.float32) / width)
    return torch.outer(torch.arange(length, dtype=torch.float32), frequencies)


def rotate(x: Tensor, rotation: Rotation) -> Tensor:
    """Turns each pair (x_i, x_{i+E/2}) of x [..., T, E] by its position's angle; same shape and type."""
    if torch.compiler.is_compiling():  # which fuses the formula as it stands
        a, b = x.float().chunk(2, -1)
        cos, sin = rotation
        return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1).to(x.dtype)
    if x.requires_grad and torch.is_grad_enabled():
        turned: Tensor = Rotate.apply(x, *rotation)  # type: ignore[no-untyped-call]
        return turned
    return turn(x, *rotation)


def turn(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """`rotate` itself, in four passes and one allocation."""
    wide = x.float()
    out = torch.empty_like(wide)
    (a, b), (left, right) = wide.chunk(2, -1), out.chunk(2, -1)
    torch.mul(a, cos, out=left).addcmul_(b, sin, value=-1)
    torch.mul(b, cos, out=right).addcmul_(a, sin)
    return out.to(x.dtype)


class Rotate(torch.autograd.Function):
    """A rotation's gradient is the rotation back: nothing of x need be kept for it."""

    @staticmethod
    def forward(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        return turn(x, cos, sin)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor, Tensor], output: Tensor) -> None:
        ctx.save_for_backward(inputs[1], inputs[2])

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        cos, sin = ctx.saved_tensors
        return rotate(gradients[0], (cos, -sin)), None, None
