"""The C trainer (`native/bpe_train.c` and what it builds on) behind the same face as `python_bpe_train`."""

from __future__ import annotations

import ctypes
import functools
from array import array
from collections.abc import Iterator
from typing import Any

from llmworks.errors import DataError
from llmworks.native.build import load_library
from llmworks.text.patterns import PATTERN_NUMBERS

_SOURCES = ("bpe_train.c", "bpe_words.c", "piece_counter.c", "pretokenize.c")

_address, _text, _u32, _u64 = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32, ctypes.c_uint64
_SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "lw_counter_new": (_address, []),
    "lw_counter_free": (None, [_address]),
    "lw_counter_add": (ctypes.c_bool, [_address, ctypes.c_int, _text, _address, ctypes.c_size_t]),
    "lw_counter_absorb": (ctypes.c_bool, [_address, _address]),
    "lw_counter_unique": (_u64, [_address]),
    "lw_counter_total": (_u64, [_address]),
    "lw_trainer_new": (_address, [_address, _u32, _u64]),
    "lw_trainer_free": (None, [_address]),
    "lw_trainer_run": (ctypes.c_int64, [_address, _u32, _address, _address, _address]),
}


@functools.cache
def library() -> ctypes.CDLL | None:
    """The compiled trainer, or None where it cannot be built."""
    found = load_library("bpe_train", *_SOURCES)
    if found is not None:
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(found, name)
            function.restype, function.argtypes = result, arguments
    return found


class NativeCounter:
    """How often each piece occurs. The GIL is free while it counts; a counter serves one thread at a time."""

    _handle: int | None = None

    def __init__(self, lib: ctypes.CDLL, pattern: str) -> None:
        self._lib = lib
        self._pattern = PATTERN_NUMBERS[pattern]
        self._handle = _or_memory_error(lib.lw_counter_new())

    def add(self, text: bytes, ends: array[int]) -> None:
        """Count the pieces of documents that lie end to end; document i ends at ends[i] (uint64)."""
        address, n = ends.buffer_info()
        _or_memory_error(self._lib.lw_counter_add(self._handle, self._pattern, text, address, n))

    def absorb(self, other: NativeCounter) -> None:
        """Add the counts of `other`, which is empty afterwards."""
        _or_memory_error(self._lib.lw_counter_absorb(self._handle, other._handle))
        other.close()

    @property
    def unique(self) -> int:
        """Different pieces."""
        return int(self._lib.lw_counter_unique(self._handle))

    @property
    def total(self) -> int:
        """Pieces in all."""
        return int(self._lib.lw_counter_total(self._handle))

    def trainer(self, most_merges: int, min_count: int) -> NativeTrainer:
        """The trainer over these counts, which are let go."""
        return NativeTrainer(self._lib, self, most_merges, min_count)

    def close(self) -> None:
        """Free the memory."""
        if self._handle:
            self._lib.lw_counter_free(self._handle)
        self._handle = None

    __del__ = close


class NativeTrainer:
    """The merge phase."""

    _handle: int | None = None

    def __init__(self, lib: ctypes.CDLL, counter: NativeCounter, most_merges: int, min_count: int) -> None:
        self._lib = lib
        self._handle = lib.lw_trainer_new(counter._handle, most_merges, min_count)
        counter.close()
        if not self._handle:
            raise DataError(
                "out of memory, or the different pre-tokens of the corpus are longer than 4 GiB together; "
                "train on a sample of it"
            )

    def run(self, n: int) -> Iterator[tuple[int, int, int]]:
        """Up to `n` further merges: (left id, right id, count). Fewer than `n`: no pair is left."""
        left, right, count = array("I", bytes(4 * n)), array("I", bytes(4 * n)), array("Q", bytes(8 * n))
        columns = [column.buffer_info()[0] for column in (left, right, count)]
        made = self._lib.lw_trainer_run(self._handle, n, *columns)
        if made < 0:
            raise MemoryError("out of memory while merging pairs")
        return zip(left[:made], right[:made], count[:made], strict=True)

    def close(self) -> None:
        """Free the memory."""
        if self._handle:
            self._lib.lw_trainer_free(self._handle)
        self._handle = None

    __del__ = close


def _or_memory_error(result: int | None) -> int:
    if not result:
        raise MemoryError("out of memory while counting pre-tokens")
    return result
