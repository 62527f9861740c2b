"""The C merges over ids (`native/merge_ids.c`): the same as `python_bpe.merge_all`, and much faster."""

from __future__ import annotations

import ctypes
import functools
import weakref
from array import array
from collections.abc import Mapping

import numpy as np

from llmworks.native.build import load_library

NO_MEMORY = ctypes.c_size_t(-1).value
MOST_IDS = (1 << 31) - 1  # positions are 32 bits in C


class NativeMerges:
    """pairs: (priority, result) by (left, right); no priority twice, no id negative."""

    def __init__(self, library: ctypes.CDLL, pairs: Mapping[tuple[int, int], tuple[int, int]]) -> None:
        keys, values = (
            np.array(list(rows), np.uint64).reshape(-1, 2) for rows in (pairs.keys(), pairs.values())
        )
        shift = np.uint64(32)
        keys, values = ((rows[:, 0] << shift) | rows[:, 1] for rows in (keys, values))
        self._handle = library.lw_merges_new(keys.ctypes.data, values.ctypes.data, len(keys))
        if not self._handle:
            raise MemoryError("no memory for the merges of the tokenizer")
        self._merge = library.lw_merge_ids
        self._finalizer = weakref.finalize(self, library.lw_merges_free, self._handle)

    @classmethod
    def build(cls, pairs: Mapping[tuple[int, int], tuple[int, int]]) -> NativeMerges | None:
        """The merges, or None where C cannot be built."""
        library = _library()
        return None if library is None else cls(library, pairs)

    def __call__(self, ids: list[int]) -> list[int]:
        """What is left of these ids when all is merged."""
        if len(ids) < 2:
            return ids
        if len(ids) > MOST_IDS:
            raise MemoryError(f"a piece of {len(ids):,} characters; give the text in parts")
        room = array("i", ids)
        count = self._merge(self._handle, room.buffer_info()[0], len(ids))
        if count == NO_MEMORY:
            raise MemoryError(f"no memory to merge {len(ids):,} ids")
        return room[:count].tolist()


@functools.cache
def _library() -> ctypes.CDLL | None:
    library = load_library("merges", "merge_ids.c")
    if library is None:
        return None
    address, size = ctypes.c_void_p, ctypes.c_size_t
    library.lw_merges_new.restype, library.lw_merges_new.argtypes = address, [address, address, size]
    library.lw_merges_free.restype, library.lw_merges_free.argtypes = None, [address]
    library.lw_merge_ids.restype, library.lw_merge_ids.argtypes = size, [address, address, size]
    return library
