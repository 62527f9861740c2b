"""From stored blocks back to numbers: every tensor type that ggml's reference decodes, bit for bit.

    blocks [n, bytes] uint8  →  numbers [n, block] float32

The types of whole files are decoded in C (`native/gguf_dequantise.c`), a thread a slice; this page is the
same in numpy, and the only one for the rare types, whose codebooks stand in `codebooks.py`. The order of the
floating-point operations is part of the format: it decides the last bit.

Source: ggml-quants.c (`dequantize_row_*`) and gguf-py (`quants.py`).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from llmworks.errors import PackageError
from llmworks.gguf.codebook_types import CODEBOOK_DECODERS
from llmworks.gguf.native import library
from llmworks.gguf.types import TensorType
from llmworks.gguf.unpack import bits, half, nibbles, scales_and_mins, signed

Blocks: TypeAlias = npt.NDArray[np.uint8]
Numbers: TypeAlias = npt.NDArray[np.float32]

SLICE = 1 << 16  # numbers decoded at once in numpy: what stays in the processor's cache
THREAD_SLICE = 1 << 22

PLAIN: dict[str, str] = {
    "F32": "<f4", "F16": "<f2", "F64": "<f8", "I8": "i1", "I16": "<i2", "I32": "<i4", "I64": "<i8",
}  # fmt: skip
IN_C = frozenset(
    [
        "Q4_0",
        "Q4_1",
        "Q5_0",
        "Q5_1",
        "Q8_0",
        "Q2_K",
        "Q3_K",
        "Q4_K",
        "Q5_K",
        "Q6_K",
        "IQ4_NL",
        "IQ4_XS",
        "MXFP4",
    ]
)


def dequantise(kind: TensorType, raw: npt.NDArray[Any]) -> Numbers:
    """The numbers of stored bytes [nbytes], in a new flat array."""
    if raw.size % kind.nbytes:
        raise PackageError(f"{raw.size:,} bytes are no whole number of {kind.name} blocks of {kind.nbytes}.")
    out = np.empty(raw.size // kind.nbytes * kind.block, np.float32)
    dequantise_into(kind, raw, out)
    return out


def dequantise_into(kind: TensorType, raw: npt.NDArray[Any], out: Numbers) -> None:
    """The numbers of stored bytes [nbytes] into `out` (contiguous, [numbers])."""
    if kind.name in PLAIN:
        np.copyto(out, raw.view(PLAIN[kind.name]), casting="unsafe")
        return
    if kind.name == "BF16":
        np.left_shift(raw.view("<u2"), np.uint32(16), out=out.view(np.uint32), dtype=np.uint32)
        return
    native = library()
    slices = slices_of(kind, len(out), THREAD_SLICE if native is not None and kind.name in IN_C else SLICE)

    def run(begin: int, end: int) -> None:
        source = raw[begin * kind.nbytes : end * kind.nbytes]
        target = out[begin * kind.block : end * kind.block]
        if native is not None and kind.name in IN_C:
            native.lw_gguf_dequantise(kind.number, source.ctypes.data, target.ctypes.data, end - begin)
        else:
            with np.errstate(all="ignore"):  # infinite scales are told of when loading
                target[:] = DECODERS[kind.name](source.reshape(-1, kind.nbytes)).reshape(-1)

    in_parallel(run, slices)


def in_parallel(run: Callable[[int, int], None], slices: list[tuple[int, int]]) -> None:
    """`run` on each slice; on several threads where that pays (C and numpy let go of the interpreter)."""
    workers = min(len(slices), threads())
    if workers < 2:
        for begin, end in slices:
            run(begin, end)
        return
    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(run, *part) for part in slices]:
            done.result()


def threads() -> int:
    """How many threads the machine gives us: as many as torch would take."""
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return int(asked) if asked.isdigit() and int(asked) > 0 else os.cpu_count() or 1


def slices_of(kind: TensorType, numbers: int, size: int) -> list[tuple[int, int]]:
    """Ranges of blocks of about `size` numbers each."""
    blocks, step = numbers // kind.block, max(1, size // kind.block)
    return [(begin, min(begin + step, blocks)) for begin in range(0, blocks, step)]


# --- 32 numbers a block ----------------------------------------------------------------------------------


def q4_0(b: Blocks) -> Numbers:
    return half(b, 0) * (nibbles(b[:, 2:], 16).astype(np.int8) - np.int8(8)).astype(np.float32)


def q4_1(b: Blocks) -> Numbers:
    return half(b, 0) * nibbles(b[:, 4:], 16).astype(np.float32) + half(b, 2)


def fifth_bits(b: Blocks) -> Blocks:
    """The high bit of each of 32 numbers, as 16 or 0."""
    return np.unpackbits(b, axis=1, bitorder="little") << np.uint8(4)


def q5_0(b: Blocks) -> Numbers:
    q = nibbles(b[:, 6:], 16) | fifth_bits(b[:, 2:6])
    return half(b, 0) * (q.astype(np.int8) - np.int8(16)).astype(np.float32)


def q5_1(b: Blocks) -> Numbers:
    q = nibbles(b[:, 8:], 16) | fifth_bits(b[:, 4:8])
    return half(b, 0) * q.astype(np.float32) + half(b, 2)


def q8_0(b: Blocks) -> Numbers:
    return signed(b[:, 2:]) * half(b, 0)


# --- 256 numbers a block: scales of scales ---------------------------------------------------------------


def q2_k(b: Blocks) -> Numbers:
    scales = b[:, :16]
    d = (half(b, 80) * (scales & 15).astype(np.float32))[:, :, None]
    m = (half(b, 82) * (scales >> 4).astype(np.float32))[:, :, None]
    q = bits(b[:, 16:80].reshape(-1, 2, 32), (0, 2, 4, 6), 3).reshape(-1, 16, 16).astype(np.float32)
    return (d * q - m).reshape(-1, 256)


def q3_k(b: Blocks) -> Numbers:
    """Sixteen scales of six bits: the low four in bytes 0 to 7, the high two in bytes 8 to 11."""
    packed = b[:, 96:108]
    low = bits(packed[:, None, :8], (0, 4), 15).reshape(-1, 16)
    high = bits(packed[:, None, 8:], (0, 2, 4, 6), 3).reshape(-1, 16)
    scales = ((low | high << np.uint8(4)).astype(np.int8) - np.int8(32)).astype(np.float32)
    low = bits(b[:, 32:96].reshape(-1, 2, 32), (0, 2, 4, 6), 3).reshape(-1, 256)
    high = bits(b[:, None, :32], tuple(range(8)), 1).reshape(-1, 256)
    q = low.astype(np.int8) - ((high ^ 1) << np.uint8(2)).astype(np.int8)
    return ((half(b, 108) * scales)[:, :, None] * q.reshape(-1, 16, 16).astype(np.float32)).reshape(-1, 256)


def affine_k(b: Blocks, q: Blocks) -> Numbers:
    """Q4_K and Q5_K: eight sub-blocks of 32 with a scale and a minimum each."""
    scales, mins = scales_and_mins(b[:, 4:16])
    d = (half(b, 0) * scales.astype(np.float32))[:, :, None]
    m = (half(b, 2) * mins.astype(np.float32))[:, :, None]
    return (d * q.reshape(-1, 8, 32).astype(np.float32) - m).reshape(-1, 256)


def q4_k(b: Blocks) -> Numbers:
    return affine_k(b, nibbles(b[:, 16:], 32))


def q5_k(b: Blocks) -> Numbers:
    high = bits(b[:, None, 16:48], tuple(range(8)), 1).reshape(-1, 256)
    return affine_k(b, nibbles(b[:, 48:], 32) | high << np.uint8(4))


def q6_k(b: Blocks) -> Numbers:
    low = nibbles(b[:, :128], 64)
    high = bits(b[:, 128:192].reshape(-1, 2, 32), (0, 2, 4, 6), 3).reshape(-1, 256)
    q = (low | high << np.uint8(4)).astype(np.int8) - np.int8(32)
    d = (half(b, 208) * signed(b[:, 192:208]))[:, :, None]
    return (d * q.reshape(-1, 16, 16).astype(np.float32)).reshape(-1, 256)


DECODERS: dict[str, Callable[[Blocks], Numbers]] = {
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
    **CODEBOOK_DECODERS,
}
