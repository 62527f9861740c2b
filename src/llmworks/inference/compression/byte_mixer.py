"""Any bytes, coded without a network: what came before in this very file predicts what comes.

    order 2:  three opinions on each bit (after no byte, after the last one, after the last two), weighed by a
    network of three weights that learns as it goes

The Python path of `native/byte_mixer.c`, which says more; both code alike, on every machine.
"""

from __future__ import annotations

import math
from array import array
from functools import cache

import numpy as np
import numpy.typing as npt

from llmworks.inference.compression import native_coder
from llmworks.inference.compression.range_coder import (
    Decoder,
    Encoder,
    NativeDecoder,
    NativeEncoder,
    make_decoder,
    make_encoder,
)

MOST_ORDER = 6
_SLOTS_LOG = 22
_FRESH = 1 << 31  # probability 1/2, never asked


def encode_bytes(data: bytes, order: int) -> bytes:
    """`data` coded with contexts of up to `order` bytes."""
    encoder = make_encoder()
    if isinstance(encoder, NativeEncoder):
        mixer = _NativeMixer(order)
        mixer.library.lw_mixer_encode(mixer.handle, encoder.coder.handle, data, len(data))
    else:
        _Mixer(order).encode(encoder, data)
    return encoder.finish()


def decode_bytes(coded: bytes, length: int, order: int) -> bytes:
    """The `length` bytes that `encode_bytes` has coded; of other bytes it makes something else."""
    decoder = make_decoder(coded)
    if not isinstance(decoder, NativeDecoder):
        return _Mixer(order).decode(decoder, length)
    mixer, made = _NativeMixer(order), np.empty(length, np.uint8)
    mixer.library.lw_mixer_decode(mixer.handle, decoder.coder.handle, made.ctypes.data, length)
    return made.tobytes()


@cache
def tables() -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16]]:
    """stretch: ln(p / (1 - p)) · 256 of p = (i + ½) / 4096; squash: back, of -2047 … 2047.

    Squash is interpolated between 33 whole numbers and stretch is its inverse (as in Mahoney's lpaq), so that
    no machine's logarithm takes part.
    """
    knots = [
        1, 2, 3, 6, 10, 16, 27, 45, 73, 120, 194, 310, 488, 747, 1101, 1546, 2047, 2549, 2994, 3348, 3607,
        3785, 3901, 3975, 4022, 4050, 4068, 4079, 4085, 4089, 4092, 4093, 4094,
    ]  # fmt: skip
    squash = np.empty(4095, np.int16)
    for x in range(-2047, 2048):
        weight, knot = x & 127, (x >> 7) + 16
        squash[x + 2047] = (knots[knot] * (128 - weight) + knots[knot + 1] * weight + 64) >> 7
    stretch = (np.searchsorted(squash, np.arange(4096)) - 2047).clip(-2047, 2047).astype(np.int16)
    return stretch, squash


class _NativeMixer:
    def __init__(self, order: int) -> None:
        found = native_coder.library()
        assert found is not None
        stretch, squash = tables()
        self.library = found
        self.handle = found.lw_mixer_new(order + 1, stretch.ctypes.data, squash.ctypes.data)
        if not self.handle:
            raise MemoryError("no memory for the tables of the byte mixer")

    def __del__(self) -> None:
        if self.handle:
            self.library.lw_mixer_free(self.handle)


class _Mixer:
    """The same in Python, number by number."""

    def __init__(self, order: int) -> None:
        self.orders = order + 1
        self.slots = [array("I", [_FRESH]) * (1 << _SLOTS_LOG) for _ in range(self.orders)]
        self.base, self.at, self.opinions = ([0] * self.orders for _ in range(3))
        self.weights = [[(1 << 16) * 2 // (self.orders + 1)] * self.orders for _ in range(256)]
        self.stretch, self.squash = (table.tolist() for table in tables())
        self.history, self.partial, self.p = 0, 1, 0
        self._next_byte()

    def encode(self, encoder: Encoder, data: bytes) -> None:
        for byte in data:
            for place in range(7, -1, -1):
                bit = byte >> place & 1
                self._predict()
                encoder.encode(0 if bit else self.p, self.p if bit else 65536 - self.p, 65536)
                self._learn(bit)
            self._next_byte()

    def decode(self, decoder: Decoder, length: int) -> bytes:
        made = bytearray()
        for _ in range(length):
            for _ in range(8):
                self._predict()
                bit = int(decoder.locate(65536) < self.p)
                decoder.narrow(0 if bit else self.p, self.p if bit else 65536 - self.p, 65536)
                self._learn(bit)
            made.append(self.partial & 255)
            self._next_byte()
        return bytes(made)

    def _predict(self) -> None:
        total, weights = 0, self.weights[self.partial]
        for i in range(self.orders):
            mixed = self.base[i] + self.partial * 0x85EBCA6B & 0xFFFFFFFF
            place = ((mixed ^ mixed >> 15) * 0xC2B2AE35 & 0xFFFFFFFF) >> (32 - _SLOTS_LOG)
            slot = self.slots[i][place]
            self.at[i] = place
            self.opinions[i] = self.stretch[slot >> 20] if slot & 1023 else 0
            total += weights[i] * self.opinions[i]
        p = self.squash[max(-2047, min(2047, total >> 16)) + 2047] * 16 + 8
        self.p = max(32, min(65504, p))

    def _learn(self, bit: int) -> None:
        error, weights = ((bit << 16) - self.p) * 7 >> 4, self.weights[self.partial]
        for i in range(self.orders):
            weights[i] += self.opinions[i] * error + 0x8000 >> 16
            slot = self.slots[i][self.at[i]]
            n, p = slot & 1023, slot >> 10
            step = (((1 << 22) - 1 if bit else 0) - p) * 2
            p += int(math.copysign(abs(step) // (2 * n + 3), step))
            self.slots[i][self.at[i]] = p << 10 | (n + 1 if n < 255 else n)
        self.partial = self.partial << 1 | bit

    def _next_byte(self) -> None:
        self.history = (self.history << 8 | self.partial & 255) & 0xFFFFFFFFFFFFFFFF
        self.partial = 1
        for i in range(1, self.orders):
            context = self.history & (1 << 8 * i) - 1
            mixed = (context + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
            self.base[i] = (mixed >> 32) + i * 0x632BE5AB & 0xFFFFFFFF
