"""From numbers to stored blocks: for each block the scale (and minimum) with the least squared error.

    symmetric:  x ≈ s·q,       q in [-m, m)      given the q:  s = Σxq / Σq²
    affine:     x ≈ s·q + low, q in [0, m]       given the q:  s, low by linear regression on q

The q follow from a scale by rounding, the best scale follows from the q: so a fan of scales around the one
that just spans the block is tried, each corrected by least squares, and the one that explains most is kept.
In the k types the scales of 8 or 16 sub-blocks are themselves numbers of 4 to 8 bits times a float16; each is
settled last, together with its neighbours, on what is really stored.

The same bytes come from C (`native/gguf_quantise.c`) and from this page: sums run in eight lanes in both.
Sources: ggml-quants.c for the layouts and the fan of scales (there weighted by
|x|; here the plain error counts).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from llmworks.errors import PackageError
from llmworks.gguf.dequantise import SLICE, THREAD_SLICE, in_parallel, slices_of
from llmworks.gguf.native import library
from llmworks.gguf.types import TensorType
from llmworks.gguf.unpack import Blocks, Numbers, pack_bits, pack_nibbles, pack_scales_and_mins

LOW2, LOW4, TWO, FOUR = np.uint8(3), np.uint8(15), np.uint8(2), np.uint8(4)
TINY = np.float32(1e-15)
MOST_HALF = 65_504.0
FAN = np.float32(0.1)  # between one scale that is tried and the next, in levels
CLEARLY = np.float32(1.000001)  # more than rounding: among equals the first is kept
SHARES = (1.0, 0.98, 0.96, 0.94)  # of the largest integer scale, for the widest sub-block
CHANGES = (0.0, -1.0, 1.0)


def quantise(kind: TensorType, numbers: npt.NDArray[np.float32]) -> Blocks:
    """The stored bytes of a flat array of float32, whose length divides into blocks.

    Raises PackageError for a type that is not written, and for numbers that it cannot hold.
    """
    if kind.name not in WRITABLE:
        raise PackageError(f"{kind.name} is not written. Types that are: {', '.join(WRITABLE)}.")
    numbers = np.ascontiguousarray(numbers, np.float32).reshape(-1)
    kind.row_bytes(numbers.size)
    if kind.name == "F32":
        return numbers.view(np.uint8)
    _check_range(kind, numbers)
    if kind.name == "F16":
        return numbers.astype("<f2").view(np.uint8)
    if kind.name == "BF16":
        return _bfloat16(numbers)
    out = np.empty(numbers.size // kind.block * kind.nbytes, np.uint8)
    native = library()

    def run(begin: int, end: int) -> None:
        source = numbers[begin * kind.block : end * kind.block]
        target = out[begin * kind.nbytes : end * kind.nbytes]
        if native is not None:
            native.lw_gguf_quantise(kind.number, source.ctypes.data, target.ctypes.data, end - begin)
        else:
            with np.errstate(all="ignore"):
                target[:] = ENCODERS[kind.name](source.reshape(-1, kind.block)).reshape(-1)

    in_parallel(run, slices_of(kind, numbers.size, SLICE if native is None else THREAD_SLICE // 16))
    return out


def _check_range(kind: TensorType, numbers: Numbers) -> None:
    if not numbers.size:
        return
    least, most = float(numbers.min()), float(numbers.max())
    if not np.isfinite([least, most]).all():
        raise PackageError(f"it holds numbers that are not finite, which {kind.name} cannot store. Use F32.")
    if kind.name != "BF16" and max(-least, most) > MOST_HALF:
        raise PackageError(
            f"it holds {max(most, least, key=abs):.3g}, and {kind.name} reaches only to ±{MOST_HALF:,.0f}. "
            "Use F32 or BF16."
        )


def _bfloat16(numbers: Numbers) -> Blocks:
    """The upper half of a float32, rounded to nearest even."""
    bits = numbers.view(np.uint32)
    rounded = (bits + (np.uint32(0x7FFF) + (bits >> 16 & 1))) >> 16
    return rounded.astype("<u2").view(np.uint8)


# --- the two searches, over sub-blocks [n, length] ---------------------------------------------------------


def total(x: Numbers) -> Numbers:
    """Sum of each row in eight lanes, added up pairwise: [n, 8·k] → [n]. The order is C's."""
    lanes = x.reshape(len(x), -1, 8)
    sums = lanes[:, 0].copy()
    for step in range(1, lanes.shape[1]):
        sums += lanes[:, step]
    fours = sums[:, :4] + sums[:, 4:]
    twos = fours[:, :2] + fours[:, 2:]
    return np.asarray(twos[:, 0] + twos[:, 1], np.float32)


def fan(most: int) -> list[int]:
    """0, -1, 1, -2, 2, … to ±most."""
    return [0, *(sign * step for step in range(1, most + 1) for sign in (-1, 1))]


def symmetric_scale(x: Numbers, m: int) -> Numbers:
    """[n] scales for q in [-m, m): the number farthest from zero goes to about -m."""
    peak = np.take_along_axis(x, np.abs(x).argmax(1)[:, None], 1)
    found, best = np.zeros(len(x), np.float32), np.zeros(len(x), np.float32)
    for step in fan(9):
        inverse = -(np.float32(m) + FAN * np.float32(step)) / peak
        q = np.clip(np.rint(inverse * x), np.float32(-m), np.float32(m - 1))
        xq, qq = total(x * q), total(q * q)
        gain = xq * xq / qq
        better = (qq > 0) & (gain > best * CLEARLY)
        best, found = np.where(better, gain, best), np.where(better, xq / qq, found)
    return np.where(np.abs(peak[:, 0]) < TINY, np.float32(0), found)


def affine_scale(x: Numbers, m: int, *, free: bool) -> tuple[Numbers, Numbers]:
    """[n] scales and [n] lows for q in [0, m]; unless `free`, low is at most 0."""
    length, sx = np.float32(x.shape[1]), total(x)
    low = x.min(1) if free else np.minimum(x.min(1), np.float32(0))
    low = low + np.float32(0)  # not -0
    span = x.max(1) - low
    found, found_low = span / np.float32(m), low.copy()
    best = np.zeros(len(x), np.float32)
    for step in fan(10):
        inverse = (np.float32(m) + FAN * np.float32(step)) / span
        q = np.clip(np.rint(inverse[:, None] * (x - low[:, None])), np.float32(0), np.float32(m))
        sq, qq, xq = total(q), total(q * q), total(x * q)
        spread = length * qq - sq * sq
        scale, least = (length * xq - sx * sq) / spread, (qq * sx - sq * xq) / spread
        if not free:
            above = least > 0
            scale, least = np.where(above, xq / qq, scale), np.where(above, np.float32(0), least)
        gain = scale * xq + least * sx
        better = (spread > 0) & (gain > best * CLEARLY)
        best = np.where(better, gain, best)
        found, found_low = np.where(better, scale, found), np.where(better, least, found_low)
    flat = span < TINY
    return np.where(flat, np.float32(0), found), np.where(flat, low, found_low)


def to_half(x: Numbers) -> tuple[Blocks, Numbers]:
    """Stored bytes [n, 2] and what they say, [n]."""
    stored = x.astype("<f2")
    return stored.view(np.uint8).reshape(-1, 2), stored.astype(np.float32)


def inverse_of(x: Numbers) -> Numbers:
    return np.where(x == 0, np.float32(0), np.float32(1) / x)


# --- blocks of 32 ----------------------------------------------------------------------------------------


def q8_0(x: Numbers) -> Blocks:
    """As the reference has it: the largest number is ±127, halves are rounded away from zero."""
    d = np.abs(x).max(1) / np.float32(127)
    scaled = x * inverse_of(d)[:, None]
    whole = np.floor(np.abs(scaled))
    q = np.sign(scaled) * (whole + np.floor(np.float32(2) * (np.abs(scaled) - whole)))
    return np.concatenate([to_half(d)[0], q.astype(np.int8).view(np.uint8)], axis=1)


def symmetric_block(x: Numbers, m: int) -> tuple[Blocks, Blocks]:
    """The scale's bytes, and q + m."""
    stored, d = to_half(symmetric_scale(x, m))
    q = np.clip(np.rint(x * inverse_of(d)[:, None]), np.float32(-m), np.float32(m - 1))
    return stored, (q + np.float32(m)).astype(np.uint8)


def affine_block(x: Numbers, m: int) -> tuple[Blocks, Blocks, Blocks]:
    scale, least = affine_scale(x, m, free=True)
    (stored, d), (stored_low, low) = to_half(scale), to_half(least)
    q = np.clip(np.rint((x - low[:, None]) * inverse_of(d)[:, None]), np.float32(0), np.float32(m))
    return stored, stored_low, q.astype(np.uint8)


def fifth(q: Blocks) -> Blocks:
    """The fifth bits of 32 numbers, four bytes."""
    return np.packbits(q >> 4, axis=1, bitorder="little")


def q4_0(x: Numbers) -> Blocks:
    d, q = symmetric_block(x, 8)
    return np.concatenate([d, pack_nibbles(q, 16)], axis=1)


def q5_0(x: Numbers) -> Blocks:
    d, q = symmetric_block(x, 16)
    return np.concatenate([d, fifth(q), pack_nibbles(q & LOW4, 16)], axis=1)


def q4_1(x: Numbers) -> Blocks:
    d, low, q = affine_block(x, 15)
    return np.concatenate([d, low, pack_nibbles(q, 16)], axis=1)


def q5_1(x: Numbers) -> Blocks:
    d, low, q = affine_block(x, 31)
    return np.concatenate([d, low, fifth(q), pack_nibbles(q & LOW4, 16)], axis=1)


# --- blocks of 256, of sub-blocks ------------------------------------------------------------------------


def affine_levels(x: Numbers, m: int, size: Numbers, offset: Numbers) -> tuple[Numbers, Numbers]:
    """The best q [n, length] for given scales and minima [n], and their squared error [n]."""
    size, offset = size[:, None], offset[:, None]
    q = np.clip(np.rint((x + offset) * inverse_of(size)), np.float32(0), np.float32(m))
    miss = size * q - offset - x
    return q, total(miss * miss)


def symmetric_levels(x: Numbers, m: int, size: Numbers) -> tuple[Numbers, Numbers]:
    q = np.clip(np.rint(x * inverse_of(size[:, None])), np.float32(-m), np.float32(m - 1))
    miss = size[:, None] * q - x
    return q, total(miss * miss)


def best_step(
    widest: Numbers, most: int, parts: int, error_of: Callable[[Numbers], Numbers]
) -> tuple[Blocks, Numbers]:
    """The float16 d of each block: the widest sub-block's scale over `most`, or somewhat more."""
    found, step = to_half(widest / np.float32(most))
    best = np.full(len(widest), np.inf, np.float32)
    for share in SHARES:
        stored, tried = to_half(widest / (np.float32(most) * np.float32(share)))
        each = error_of(np.repeat(tried, parts)).reshape(-1, parts)
        error = np.zeros(len(widest), np.float32)
        for part in range(parts):
            error += each[:, part]
        better = error < best
        best, step = np.where(better, error, best), np.where(better, tried, step)
        found = np.where(better[:, None], stored, found)
    return found, np.repeat(step, parts)


def affine_k(x: Numbers, parts: int, m: int, most: int) -> tuple[Blocks, Blocks, Blocks, Blocks, Blocks]:
    """d, dmin, integer scales and minima [n, parts] up to `most`, and q [n, 256]."""
    sub, top = x.reshape(-1, 256 // parts), np.float32(most)
    scale, low = affine_scale(sub, m, free=False)
    minimum = np.float32(0) - low
    dmin, step_min = to_half(minimum.reshape(-1, parts).max(1) / top)
    step_min = np.repeat(step_min, parts)
    near_min = np.rint(minimum * inverse_of(step_min))

    def error_of(step: Numbers) -> Numbers:
        size = step * np.clip(np.rint(scale * inverse_of(step)), np.float32(0), top)
        return affine_levels(sub, m, size, step_min * np.clip(near_min, np.float32(0), top))[1]

    d, step = best_step(np.maximum(scale.reshape(-1, parts).max(1), np.float32(0)), most, parts, error_of)
    near = np.rint(scale * inverse_of(step))
    best = np.full(len(sub), np.inf, np.float32)
    kept, kept_min, kept_q = np.zeros_like(near), np.zeros_like(near), np.zeros_like(sub)
    for change in CHANGES:
        for change_min in CHANGES:
            s = np.clip(near + np.float32(change), np.float32(0), top)
            least = np.clip(near_min + np.float32(change_min), np.float32(0), top)
            q, error = affine_levels(sub, m, step * s, step_min * least)
            better = error < best
            best, kept = np.where(better, error, best), np.where(better, s, kept)
            kept_min, kept_q = np.where(better, least, kept_min), np.where(better[:, None], q, kept_q)
    scales, mins = kept.astype(np.uint8).reshape(-1, parts), kept_min.astype(np.uint8).reshape(-1, parts)
    return d, dmin, scales, mins, kept_q.astype(np.uint8).reshape(-1, 256)


def symmetric_k(x: Numbers, m: int, most: int) -> tuple[Blocks, npt.NDArray[np.int8], Blocks]:
    """d, sixteen integer scales in [-most, most), and q + m [n, 256]."""
    sub, bottom, top = x.reshape(-1, 16), np.float32(-most), np.float32(most - 1)
    scale = symmetric_scale(sub, m)
    rows = scale.reshape(-1, 16)
    widest = np.take_along_axis(rows, np.abs(rows).argmax(1)[:, None], 1)[:, 0]

    def error_of(step: Numbers) -> Numbers:
        return symmetric_levels(sub, m, step * np.clip(np.rint(scale * inverse_of(step)), bottom, top))[1]

    d, step = best_step(widest, -most, 16, error_of)
    near = np.rint(scale * inverse_of(step))
    best, kept, kept_q = np.full(len(sub), np.inf, np.float32), np.zeros_like(near), np.zeros_like(sub)
    for change in CHANGES:
        s = np.clip(near + np.float32(change), bottom, top)
        q, error = symmetric_levels(sub, m, step * s)
        better = error < best
        best, kept = np.where(better, error, best), np.where(better, s, kept)
        kept_q = np.where(better[:, None], q, kept_q)
    q8 = (kept_q + np.float32(m)).astype(np.uint8).reshape(-1, 256)
    return d, kept.astype(np.int8).reshape(-1, 16), q8


def q2_k(x: Numbers) -> Blocks:
    d, dmin, scales, mins, q = affine_k(x, 16, 3, 15)
    return np.concatenate([scales | mins << np.uint8(4), pack_bits(q, 2, 4), d, dmin], axis=1)


def q3_k(x: Numbers) -> Blocks:
    d, scales, q = symmetric_k(x, 4, 32)
    s = (scales + np.int8(32)).astype(np.uint8)
    low, high = s & LOW4, s >> FOUR
    packed = np.concatenate([low[:, :8] | low[:, 8:] << FOUR, pack_bits(high, 2, 4, group=4)], axis=1)
    return np.concatenate([pack_bits(q >> TWO, 1, 8), pack_bits(q & LOW2, 2, 4), packed, d], axis=1)


def q4_k(x: Numbers) -> Blocks:
    d, dmin, scales, mins, q = affine_k(x, 8, 15, 63)
    return np.concatenate([d, dmin, pack_scales_and_mins(scales, mins), pack_nibbles(q, 32)], axis=1)


def q5_k(x: Numbers) -> Blocks:
    d, dmin, scales, mins, q = affine_k(x, 8, 31, 63)
    high = pack_bits(q >> FOUR, 1, 8)
    packed = pack_scales_and_mins(scales, mins)
    return np.concatenate([d, dmin, packed, high, pack_nibbles(q & LOW4, 32)], axis=1)


def q6_k(x: Numbers) -> Blocks:
    d, scales, q = symmetric_k(x, 32, 128)
    high = pack_bits(q >> FOUR, 2, 4)
    return np.concatenate([pack_nibbles(q & LOW4, 64), high, scales.view(np.uint8), d], axis=1)


ENCODERS: dict[str, Callable[[Numbers], Blocks]] = {
    "Q4_0": q4_0,
    "Q4_1": q4_1,
    "Q5_0": q5_0,
    "Q5_1": q5_1,
    "Q8_0": q8_0,
    "Q2_K": q2_k,
    "Q3_K": q3_k,
    "Q4_K": q4_k,
    "Q5_K": q5_k,
    "Q6_K": q6_k,
}
WRITABLE = ("F32", "F16", "BF16", *ENCODERS)
