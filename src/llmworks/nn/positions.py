"""Positions: attention alone cannot tell the order of what it reads.

    learned      x_t + P[t]                                             GPT-2
    sinusoidal   x_t + (sin, cos)(t / 10000^(2i/D))                     Vaswani et al. 2017, §3.5
    rotary       q_t and k_t turned by t·θ^(−2i/R) in each pair         Su et al. 2021
    ALiBi        score − slope_h · (t − s)                              Press et al. 2022

Turned vectors keep their length, and the product of a query at m with a key at n depends on m − n alone.
The first R values of a head are turned (all of them in most models); the pairs are value i with value i + R/2
(the layout of most of Hugging Face's checkpoints) or neighbours (GPT-J, DeepSeek).
"""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from llmworks.errors import RequestError
from llmworks.nn.rope_frequencies import inverse_frequencies
from llmworks.nn.rope_scaling import RotaryScaling

FIRST_ROWS = 4096
"""Of a table when it is made; it doubles when a run goes beyond."""

Rotation = tuple[Tensor, Tensor]
"""Cosine and sine of the angles of T positions, [T, R/2] each, float32."""


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
    """The angles by which `rotate` turns queries and keys.

    Where they depend on the length of the text (dynamic NTK, LongRoPE) there is a second table, of the last
    regime that was asked for beside the plain one.
    """

    def __init__(
        self, max_length: int, width: int, theta: float, scaling: RotaryScaling | None = None
    ) -> None:
        self.make_in = partial(rotation_table, width=width, theta=theta, scaling=scaling)
        super().__init__(self.make_in, max_length)
        self.scaling = scaling
        self.beyond: tuple[int, Table] | None = None

    @property
    def depends_on_length(self) -> bool:
        """Whether a position's angle changes as the text grows."""
        return self.scaling is not None and self.scaling.depends_on_length

    def regime(self, length: int) -> int:
        """Texts of one regime have the same angles; 0 for those that are no longer than in training."""
        return 0 if self.scaling is None else self.scaling.regime(length)

    def forward(self, start: int, count: int, length: int | None = None) -> Rotation:
        """The turns of the positions start … start + count in a text of `length` (or just so many) tokens."""
        regime = self.regime(start + count if length is None else length)
        if regime == 0:
            rows = self.rows(start, count)
        elif torch.compiler.is_compiling():  # as in `rows`
            rows = self.make_in(start + count, regime=regime)[start:].to(self.table.device)
        else:
            rows = self.table_of(regime).rows(start, count)
        cos, sin = rows.unbind(1)
        return cos, sin

    def table_of(self, regime: int) -> Table:
        """The table of a regime beyond the original length."""
        beyond = self.beyond  # once: another thread may be asking for another
        if beyond is None or beyond[0] != regime or beyond[1].table.device != self.table.device:
            made = Table(partial(self.make_in, regime=regime), max(regime, self.table.shape[0]))
            beyond = self.beyond = (regime, made.to(self.table.device))
        return beyond[1]


class Alibi(nn.Module):
    """What is taken off the scores for distance; the slopes follow from the number of heads."""

    def __init__(self, n_heads: int, bias_max: float) -> None:
        super().__init__()
        with torch.inference_mode(False), torch.device("cpu"):  # real even in a model without memory
            self.slopes = alibi_slopes(n_heads, bias_max)

    def forward(self, start: int, count: int) -> Tensor:
        """[H, T, S] float32: of each query start … start + count, to each key 0 … start + count."""
        return alibi_bias(self.slopes, count, start)

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> "Alibi":
        # As a Table: to the model's device, but not to its type.
        self.slopes = self.slopes.to(fn(torch.empty(0, device=self.slopes.device)).device)
        return self


def wave_table(length: int, d_model: int) -> Tensor:
    """Sines and cosines in turn, [length, D]."""
    angles = position_angles(length, d_model, 10_000.0)
    return torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(1)


def rotation_table(
    length: int, width: int, theta: float, scaling: RotaryScaling | None = None, regime: int = 0
) -> Tensor:
    """Cosines, then sines, [length, 2, R/2], in a text of `regime` tokens."""
    angles = position_angles(length, width, theta, scaling, regime)
    factor = 1.0 if scaling is None else scaling.cosine_factor
    return torch.stack((angles.cos(), angles.sin()), dim=1) * factor


def position_angles(
    length: int, width: int, theta: float, scaling: RotaryScaling | None = None, regime: int = 0
) -> Tensor:
    """t · theta^(−2i/width), or as scaled, for each position t and pair i, [length, width/2] float32."""
    frequencies = inverse_frequencies(width, theta, scaling, length=regime)
    return torch.outer(torch.arange(length, dtype=torch.float32), frequencies)


def alibi_slopes(n_heads: int, bias_max: float = 8.0) -> Tensor:
    """What a head takes off its score for each token of distance, [H] float32: 2^(−bias_max·i/H), i = 1 … H.

    Of a number of heads that is no power of two: every second slope of the next power, then the ones between,
    as many as there are heads (Press et al. 2022, in their code; BLOOM and MPT alike).
    """
    power = 2 ** math.ceil(math.log2(n_heads))
    slopes = torch.pow(2.0, -torch.arange(1, power + 1, dtype=torch.float32) * (bias_max / power))
    return slopes if power == n_heads else torch.cat((slopes[1::2], slopes[::2]))[:n_heads]


def alibi_bias(slopes: Tensor, count: int, start: int) -> Tensor:
    """−slope · distance of each of `count` queries, the first at `start`, to each key: [H, T, S]."""
    queries = torch.arange(start, start + count, device=slopes.device)
    keys = torch.arange(start + count, device=slopes.device)
    distance = (queries[:, None] - keys).clamp(min=0)
    return -slopes[:, None, None] * distance


def rotate(x: Tensor, rotation: Rotation, interleaved: bool = False) -> Tensor:
    """Turns each pair of the first R values of x [..., T, E] by its position's angle; same shape and type.

    A pair is (x_i, x_{i+R/2}), or (x_2i, x_2i+1) where `interleaved`; R is twice the width of the angles.
    """
    width = 2 * rotation[0].shape[-1]
    if width < x.shape[-1]:
        return torch.cat((rotate(x[..., :width], rotation, interleaved), x[..., width:]), dim=-1)
    if torch.compiler.is_compiling():  # which fuses the formula as it stands
        a, b = pairs(x.float(), interleaved)
        cos, sin = rotation
        turned_pairs = (a * cos - b * sin, b * cos + a * sin)
        if interleaved:
            return torch.stack(turned_pairs, dim=-1).flatten(-2).to(x.dtype)
        return torch.cat(turned_pairs, dim=-1).to(x.dtype)
    if x.requires_grad and torch.is_grad_enabled():
        turned: Tensor = Rotate.apply(x, *rotation, interleaved)  # type: ignore[no-untyped-call]
        return turned
    return turn(x, *rotation, interleaved)


def pairs(x: Tensor, interleaved: bool) -> tuple[Tensor, Tensor]:
    """The first and the second of each pair, as views."""
    if interleaved:
        return x[..., ::2], x[..., 1::2]
    a, b = x.chunk(2, -1)
    return a, b


def turn(x: Tensor, cos: Tensor, sin: Tensor, interleaved: bool = False) -> Tensor:
    """`rotate` itself, in four passes and one allocation."""
    wide = x.float()
    out = torch.empty_like(wide)
    (a, b), (left, right) = pairs(wide, interleaved), pairs(out, interleaved)
    torch.mul(a, cos, out=left).addcmul_(b, sin, value=-1)
    torch.mul(b, cos, out=right).addcmul_(a, sin)
    return out.to(x.dtype)


class Rotate(torch.autograd.Function):
    """A rotation's gradient is the rotation back: nothing of x need be kept for it."""

    @staticmethod
    def forward(x: Tensor, cos: Tensor, sin: Tensor, interleaved: bool) -> Tensor:
        return turn(x, cos, sin, interleaved)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor, Tensor, bool], output: Tensor) -> None:
        ctx.save_for_backward(inputs[1], inputs[2])
        ctx.interleaved = inputs[3]

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None, None]:
        cos, sin = ctx.saved_tensors
        return rotate(gradients[0], (cos, -sin), ctx.interleaved), None, None, None
