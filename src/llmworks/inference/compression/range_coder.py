"""Arithmetic coding of tokens by logits: a token of probability p takes -log2 p bits, to a ten-thousandth.

    interval [low, low + range)  ─ token of count c, with b counts before it, of t ─▶  range · c / t  wide

(Rissanen 1976, Pasco 1976; as a range coder Martin 1979.) Encoder and decoder must have the same counts to
the last one, so counts are whole numbers from a table: see `native/range_coder.c`, of which this is the
Python path; the same logits give the same bytes in both.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from functools import cache
from math import isqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from llmworks.errors import LLMWorksError
from llmworks.inference.compression import native_coder
from llmworks.inference.request import OutputError

Logits = npt.NDArray[np.float32]
Symbols = npt.NDArray[np.int32]

LEAST_RANGE = 1 << 56
MASK = (1 << 64) - 1
STEPS_PER_NAT = 1024 / math.log(2)
MOST_STEPS = 31 * 1024


class CorruptError(LLMWorksError):
    """A compressed file that is not what was written."""


@cache
def powers() -> npt.NDArray[np.uint32]:
    """2^30 · 2^(-j / 1024), rounded: made of whole numbers, so that it is the same everywhere."""
    bits = 160
    root = 1 << bits - 1  # 2^-1
    for _ in range(10):
        root = isqrt(root << bits)  # 2^(-1/2), …, 2^(-1/1024)
    made, value = [], 1 << bits
    for _ in range(1024):
        made.append((value + (1 << bits - 31)) >> bits - 30)
        value = value * root >> bits
    return np.array(made, np.uint32)


def not_finite() -> OutputError:
    return OutputError(
        "the model gave no finite probabilities for this text; its weights hold NaN or overflow: check the "
        "training run, or load the model in float32"
    )


class Encoder(ABC):
    """Takes symbols, gives bytes."""

    @abstractmethod
    def encode_rows(self, logits: Logits, symbols: Symbols, *, escapes: bool = False) -> float:
        """Codes symbols [R] by logits [R, V], row after row; the bits that they take.

        A symbol from V on is a byte outside the vocabulary (V + byte); such need `escapes`, which costs all
        others a 65,536th of the probability.
        """

    @abstractmethod
    def encode(self, below: int, count: int, total: int) -> None:
        """Codes one symbol of `count` of `total` counts, with `below` counts before it; total ≤ 2^48."""

    @abstractmethod
    def finish(self) -> bytes:
        """All that was coded; nothing may be coded after."""


class Decoder(ABC):
    """Takes bytes, gives symbols; behind the last byte it reads zeros without end."""

    failed: bool
    """Whether the bytes are such that no encoder makes."""

    @abstractmethod
    def decode_rows(self, logits: Logits, *, escapes: bool = False) -> Symbols:
        """A symbol [R] for each row of logits [R, V]."""

    @abstractmethod
    def locate(self, total: int) -> int:
        """The count in 0 … total - 1 in which the next symbol lies; `narrow` must follow."""

    @abstractmethod
    def narrow(self, below: int, count: int, total: int) -> None:
        """Goes on behind the symbol that `locate` has found."""


def make_encoder() -> Encoder:
    return NativeEncoder() if native_coder.library() is not None else PythonEncoder()


def make_decoder(data: bytes) -> Decoder:
    return NativeDecoder(data) if native_coder.library() is not None else PythonDecoder(data)


def _with_escape(total: int) -> int:
    return total + (total >> 16) + 1


def row_counts(logits: Logits) -> npt.NDArray[np.int64]:
    """Whole-number counts [V] of one row of logits."""
    largest = logits.max()
    if not np.isfinite(largest) or np.isnan(logits).any():
        raise not_finite()
    q = (np.float64(largest) - logits.astype(np.float64)) * STEPS_PER_NAT
    steps = np.rint(np.minimum(q, MOST_STEPS)).astype(np.int64)
    counts: npt.NDArray[np.int64] = (powers()[steps & 1023].astype(np.int64) >> (steps >> 10)) + 1
    return counts


class PythonEncoder(Encoder):
    def __init__(self) -> None:
        self.low, self.range = 0, MASK
        self.out = bytearray()

    def encode_rows(self, logits: Logits, symbols: Symbols, *, escapes: bool = False) -> float:
        bits, size = 0.0, logits.shape[1]
        for row, symbol in zip(logits, symbols.tolist(), strict=True):
            counts = row_counts(row)
            inside = int(counts.sum())
            total = _with_escape(inside) if escapes else inside
            if symbol < size:
                count = int(counts[symbol])
                self.encode(int(counts[:symbol].sum()), count, total)
            else:
                count = total - inside
                self.encode(inside, count, total)
                self.encode(symbol - size, 1, 256)
                bits += 8
            bits += math.log2(total / count)
        return bits

    def encode(self, below: int, count: int, total: int) -> None:
        unit = self.range // total
        self.low += unit * below
        if self.low > MASK:
            self.low &= MASK
            place = len(self.out) - 1
            while self.out[place] == 255:
                self.out[place] = 0
                place -= 1
            self.out[place] += 1
        self.range = unit * count
        while self.range < LEAST_RANGE:
            self.out.append(self.low >> 56)
            self.low = self.low << 8 & MASK
            self.range <<= 8

    def finish(self) -> bytes:
        for n in range(9):
            mask = MASK >> 8 * n
            value = (self.low + mask) & ~mask
            if value <= MASK and value - self.low < self.range:
                self.out += value.to_bytes(8, "big")[:n]
                break
        return bytes(self.out).rstrip(b"\0")


class PythonDecoder(Decoder):
    def __init__(self, data: bytes) -> None:
        self.data, self.place, self.failed = data, 8, False
        self.range, self.code = MASK, int.from_bytes(data[:8].ljust(8, b"\0"), "big")

    def decode_rows(self, logits: Logits, *, escapes: bool = False) -> Symbols:
        made = np.empty(len(logits), np.int32)
        for place, row in enumerate(logits):
            counts = row_counts(row)
            ends = np.cumsum(counts)
            inside = int(ends[-1])
            total = _with_escape(inside) if escapes else inside
            at = self.locate(total)
            if at < inside:
                symbol = int(np.searchsorted(ends, at, side="right"))
                self.narrow(int(ends[symbol] - counts[symbol]), int(counts[symbol]), total)
            else:
                self.narrow(inside, total - inside, total)
                byte = self.locate(256)
                self.narrow(byte, 1, 256)
                symbol = len(row) + byte
            made[place] = symbol
        return made

    def locate(self, total: int) -> int:
        at = self.code // (self.range // total)
        if at >= total:
            self.failed = True
            return total - 1
        return at

    def narrow(self, below: int, count: int, total: int) -> None:
        unit = self.range // total
        self.code = self.code - unit * below & MASK
        self.range = unit * count
        while self.range < LEAST_RANGE:
            byte = self.data[self.place] if self.place < len(self.data) else 0
            self.code = (self.code << 8 | byte) & MASK
            self.place += 1
            self.range <<= 8


class NativeEncoder(Encoder):
    def __init__(self) -> None:
        self.coder = native_coder.NativeCoder(None)
        self._counts = np.empty(0, np.uint32)

    def encode_rows(self, logits: Logits, symbols: Symbols, *, escapes: bool = False) -> float:
        self._counts = _room(self._counts, logits)
        given, rows = np.ascontiguousarray(symbols, np.int32), np.ascontiguousarray(logits, np.float32)
        bits = self.coder.library.lw_encode_rows(
            self.coder.handle, rows.ctypes.data, *rows.shape, powers().ctypes.data,
            self._counts.ctypes.data, given.ctypes.data, int(escapes),
        )  # fmt: skip
        if bits < 0:
            raise not_finite()
        return float(bits)

    def encode(self, below: int, count: int, total: int) -> None:
        self.coder.library.lw_coder_encode(self.coder.handle, below, count, total)

    def finish(self) -> bytes:
        return self.coder.finish()


class NativeDecoder(Decoder):
    def __init__(self, data: bytes) -> None:
        self.coder = native_coder.NativeCoder(data)
        self._counts = np.empty(0, np.uint32)

    @property
    def failed(self) -> bool:  # type: ignore[override]  # C keeps it
        return bool(self.coder.library.lw_coder_failed(self.coder.handle))

    def decode_rows(self, logits: Logits, *, escapes: bool = False) -> Symbols:
        self._counts = _room(self._counts, logits)
        rows, made = np.ascontiguousarray(logits, np.float32), np.empty(len(logits), np.int32)
        wrong = self.coder.library.lw_decode_rows(
            self.coder.handle, rows.ctypes.data, *rows.shape, powers().ctypes.data,
            self._counts.ctypes.data, made.ctypes.data, int(escapes),
        )  # fmt: skip
        if wrong:
            raise not_finite()
        return made

    def locate(self, total: int) -> int:
        return int(self.coder.library.lw_coder_locate(self.coder.handle, total))

    def narrow(self, below: int, count: int, total: int) -> None:
        self.coder.library.lw_coder_narrow(self.coder.handle, below, count, total)


def _room(counts: npt.NDArray[np.uint32], logits: npt.NDArray[Any]) -> npt.NDArray[np.uint32]:
    return counts if len(counts) >= logits.shape[1] else np.empty(logits.shape[1], np.uint32)
