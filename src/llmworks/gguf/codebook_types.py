"""Decoders of the types with codebooks or ternary digits: IQ1 to IQ4, TQ1 and TQ2, MXFP4, NVFP4.

    number = scale × point of the codebook × sign

Source: ggml-quants.c (`dequantize_row_iq*`) and gguf-py (`quants.py`); Frantar et al. and Tseng et al. 2024
(QuIP#) for the idea of lattice codebooks.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from llmworks.gguf.codebooks import FP4, NON_LINEAR, grid, signs
from llmworks.gguf.unpack import Blocks, Numbers, bits, flat, half, nibbles, part, sign_bits

QUARTER, HALF, EIGHTH = np.float32(0.25), np.float32(0.5), np.float32(0.125)


def iq2_xxs(b: Blocks) -> Numbers:
    """Of each 8 bytes: four points, then four 7-bit sign numbers and a 4-bit scale."""
    words = part(b, 2, 66, "u4").reshape(-1, 8, 2)
    d = half(b, 0) * (HALF + (words[..., 1] >> 28).astype(np.float32)) * QUARTER
    points = grid("IQ2_XXS")[b[:, 2:].reshape(-1, 8, 8)[..., :4]]
    sign = signs()[(words[..., 1, None] >> np.array([0, 7, 14, 21], np.uint32)) & 127]
    return flat(d[..., None, None] * points * sign, 256)


def iq2_xs(b: Blocks) -> Numbers:
    """16 bits a point: nine for the point, seven for the signs."""
    words = part(b, 2, 66, "u2")
    d = _half_steps(b, 66)
    points, sign = grid("IQ2_XS")[words & 511], signs()[words >> 9]
    points, sign = points.reshape(-1, 16, 2, 8), sign.reshape(-1, 16, 2, 8)
    return flat(d[..., None, None] * points * sign, 256)


def iq2_s(b: Blocks) -> Numbers:
    d = _half_steps(b, 74)
    number = b[:, 2:34].astype(np.uint16) | _pairs(b[:, 66:74]) << 8
    points = grid("IQ2_S")[number].reshape(-1, 16, 2, 8)
    return flat(d[..., None, None] * points * sign_bits(b[:, 34:66]).reshape(-1, 16, 2, 8), 256)


def _half_steps(b: Blocks, at: int) -> Numbers:
    """Sixteen 4-bit scales from byte `at`: d · (0.5 + s) / 4."""
    s = np.stack([b[:, at : at + 8] & 15, b[:, at : at + 8] >> 4], axis=-1).reshape(-1, 16)
    return half(b, 0) * (HALF + s.astype(np.float32)) * QUARTER


def _pairs(b: Blocks) -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
    """Four 2-bit numbers of each byte, lowest first."""
    return ((b[..., None] >> np.array([0, 2, 4, 6], np.uint8)) & 3).reshape(len(b), -1).astype(np.uint16)


def iq3_xxs(b: Blocks) -> Numbers:
    words = part(b, 66, 98, "u4")
    d = half(b, 0) * (HALF + (words >> 28).astype(np.float32)) * HALF
    sign = signs()[(words[..., None] >> np.array([0, 7, 14, 21], np.uint32)) & 127]
    points = grid("IQ3_XXS")[b[:, 2:66]].reshape(-1, 8, 4, 8)
    return flat(d[..., None, None] * points * sign, 256)


def iq3_s(b: Blocks) -> Numbers:
    s = np.stack([b[:, 106:] & 15, b[:, 106:] >> 4], axis=-1).reshape(-1, 8)
    d = half(b, 0) * (1 + 2 * s).astype(np.float32)
    high = np.unpackbits(b[:, 66:74], axis=1, bitorder="little").astype(np.uint16)
    points = grid("IQ3_S")[b[:, 2:66].astype(np.uint16) | high << 8].reshape(-1, 8, 4, 8)
    return flat(d[..., None, None] * points * sign_bits(b[:, 74:106]).reshape(-1, 8, 4, 8), 256)


def iq1_s(b: Blocks) -> Numbers:
    """Points of -1, 0 and 1, all shifted by an eighth one way or the other."""
    high = part(b, 34, 50, "u2")
    d = half(b, 0) * (2 * ((high >> 12) & 7) + 1).astype(np.float32)
    shift = np.where(high & 0x8000 == 0, EIGHTH, -EIGHTH)
    top = (high[..., None] >> np.array([0, 3, 6, 9], np.uint16)) & 7
    points = grid("IQ1_S")[b[:, 2:34].reshape(-1, 8, 4).astype(np.uint16) | top << 8]
    return flat(d[..., None, None] * (points + shift[..., None, None]), 256)


def iq1_m(b: Blocks) -> Numbers:
    """The block's float16 scale lies in the top four bits of four 16-bit words of smaller scales."""
    words = part(b, 48, 56, "u2")
    pieces = (words & 0xF000) >> np.array([12, 8, 4, 0], np.uint16)
    d = np.bitwise_or.reduce(pieces, axis=1).view(np.float16).astype(np.float32)[:, None]
    s = ((words[..., None] >> np.array([0, 3, 6, 9], np.uint16)) & 7).reshape(-1, 16)
    d = (d * (2 * s + 1).astype(np.float32)).reshape(-1, 16, 1, 1)
    high = np.stack([b[:, 32:48] & 15, b[:, 32:48] >> 4], axis=-1).reshape(-1, 32)
    points = grid("IQ1_S")[b[:, :32].astype(np.uint16) | (high & 7).astype(np.uint16) << 8]
    shift = np.where(high & 8 == 0, EIGHTH, -EIGHTH).reshape(-1, 16, 2, 1)
    return flat(d * (points.reshape(-1, 16, 2, 8) + shift), 256)


def iq4_nl(b: Blocks) -> Numbers:
    return flat(half(b, 0) * NON_LINEAR[nibbles(b[:, 2:], 16)], 32)


def iq4_xs(b: Blocks) -> Numbers:
    low = np.stack([b[:, 4:8] & 15, b[:, 4:8] >> 4], axis=-1).reshape(-1, 8)
    scales = ((low | (_pairs(b[:, 2:4]).astype(np.uint8) << 4)).astype(np.int8) - np.int8(32)).astype(
        np.float32
    )
    q = NON_LINEAR[nibbles(b[:, 8:], 16)].reshape(-1, 8, 32)
    return flat((half(b, 0) * scales)[..., None] * q, 256)


def tq1_0(b: Blocks) -> Numbers:
    """Five ternary digits a byte: it is their number as a share of 243, times 256; the next digit is 3·it."""
    first = _digits(b[:, None, :32], 5).reshape(len(b), -1)
    second = _digits(b[:, None, 32:48], 5).reshape(len(b), -1)
    last = _digits(b[:, None, 48:52], 4).reshape(len(b), -1)
    return flat(half(b, 52) * np.concatenate([first, second, last], axis=1), 256)


def _digits(b: Blocks, count: int) -> Numbers:
    shifted = b * np.array([3**power for power in range(count)], np.uint8)[:, None]
    return ((shifted.astype(np.uint16) * 3 >> 8).astype(np.int8) - np.int8(1)).astype(np.float32)


def tq2_0(b: Blocks) -> Numbers:
    q = bits(b[:, :64].reshape(-1, 2, 32), (0, 2, 4, 6), 3).reshape(-1, 256)
    return half(b, 64) * (q.astype(np.int8) - np.int8(1)).astype(np.float32)


def mxfp4(b: Blocks) -> Numbers:
    """A scale that is a bare exponent: half of 2^(e - 127), since the levels are doubled."""
    e = b[:, :1].astype(np.uint32)
    scale = np.where(e < 2, np.uint32(0x200000) << (e & 1), (e - 1) << 23).astype(np.uint32).view(np.float32)
    return flat(scale * FP4[nibbles(b[:, 1:], 16)], 32)


def nvfp4(b: Blocks) -> Numbers:
    """Four scales of an unsigned 8-bit float (4 bits of exponent, 3 of mantissa), 16 numbers each."""
    e, m = (b[:, :4] >> 3 & 15).astype(np.float32), (b[:, :4] & 7).astype(np.float32)
    value = np.where(e == 0, m * np.float32(2**-9), (1 + m / 8) * np.float32(2) ** (e - 7))
    scale = np.where((b[:, :4] == 0) | (b[:, :4] == 0x7F), np.float32(0), value * HALF)
    q = FP4[nibbles(b[:, 4:], 8)].reshape(-1, 4, 16)
    return flat(scale.astype(np.float32)[..., None] * q, 64)


CODEBOOK_DECODERS: dict[str, Callable[[Blocks], Numbers]] = {
    "IQ1_S": iq1_s,
    "IQ1_M": iq1_m,
    "IQ2_XXS": iq2_xxs,
    "IQ2_XS": iq2_xs,
    "IQ2_S": iq2_s,
    "IQ3_XXS": iq3_xxs,
    "IQ3_S": iq3_s,
    "IQ4_NL": iq4_nl,
    "IQ4_XS": iq4_xs,
    "TQ1_0": tq1_0,
    "TQ2_0": tq2_0,
    "MXFP4": mxfp4,
    "NVFP4": nvfp4,
}
