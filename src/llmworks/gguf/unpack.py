"""Bits out of bytes, for blocks [n, bytes]: what the decoders of all tensor types share."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Blocks: TypeAlias = npt.NDArray[np.uint8]
Numbers: TypeAlias = npt.NDArray[np.float32]


def part(b: Blocks, begin: int, end: int, dtype: str) -> npt.NDArray[Any]:
    """Bytes `begin` to `end` of each block as little-endian numbers of `dtype`."""
    return np.ascontiguousarray(b[:, begin:end]).view("<" + dtype)


def half(b: Blocks, at: int) -> Numbers:
    """The float16 at byte `at`, [n, 1]."""
    return part(b, at, at + 2, "f2").astype(np.float32)


def flat(numbers: npt.NDArray[Any], block: int) -> Numbers:
    """The numbers of each block in a row, [n, block]."""
    return np.asarray(numbers, np.float32).reshape(-1, block)


def signed(b: Blocks) -> Numbers:
    return b.view(np.int8).astype(np.float32)


def bits(q: Blocks, shifts: tuple[int, ...], mask: int) -> Blocks:
    """[n, groups, bytes] → [n, groups, shifts, bytes]: all bytes at the first shift, then at the next, …"""
    steps = np.array(shifts, np.uint8)[:, None]
    return (q[:, :, None, :] >> steps) & np.uint8(mask)


def nibbles(q: Blocks, group: int) -> Blocks:
    """Each `group` bytes give their low halves, then their high ones: [n, bytes] → [n, 2·bytes]."""
    return bits(q.reshape(len(q), -1, group), (0, 4), 15).reshape(len(q), -1)


def sign_bits(b: Blocks) -> Numbers:
    """[n, …] bytes → [n, …, 8] of +1 and -1, the lowest bit first."""
    ones = np.unpackbits(b[..., None], axis=-1, bitorder="little")
    return np.where(ones == 0, np.float32(1), np.float32(-1))


def scales_and_mins(packed: Blocks) -> tuple[Blocks, Blocks]:
    """Eight scales and eight minima of six bits in twelve bytes: [n, 12] → [n, 8], [n, 8].

    Bytes 0 to 3 hold scales 0 to 3 and, in their top two bits, the top of scales 4 to 7; bytes 4 to 7 the
    same for the minima; bytes 8 to 11 the low four bits of scales and minima 4 to 7.
    """
    d, m, low = packed[:, :4], packed[:, 4:8], packed[:, 8:]
    scales = np.concatenate([d & 63, (low & 15) | ((d >> 2) & 48)], axis=1)
    mins = np.concatenate([m & 63, (low >> 4) | ((m >> 2) & 48)], axis=1)
    return scales, mins


def pack_scales_and_mins(scales: Blocks, mins: Blocks) -> Blocks:
    """The inverse of `scales_and_mins`."""
    d = scales[:, :4] | ((scales[:, 4:] >> 4) << 6)
    m = mins[:, :4] | ((mins[:, 4:] >> 4) << 6)
    return np.concatenate([d, m, (scales[:, 4:] & 15) | ((mins[:, 4:] & 15) << 4)], axis=1).astype(np.uint8)


def pack_nibbles(q: Blocks, group: int) -> Blocks:
    """The inverse of `nibbles`."""
    halves = q.reshape(len(q), -1, 2, group)
    packed: Blocks = halves[:, :, 0] | halves[:, :, 1] << np.uint8(4)
    return packed.reshape(len(q), -1)


def pack_bits(q: Blocks, width: int, count: int, group: int = 32) -> Blocks:
    """`count` numbers of `width` bits a byte: the inverse of `bits` over groups of `group` bytes."""
    planes = q.reshape(len(q), -1, count, group)
    shifts = (np.arange(count, dtype=np.uint8) * np.uint8(width))[:, None]
    packed: Blocks = np.bitwise_or.reduce(planes << shifts, axis=2)
    return packed.reshape(len(q), -1)
