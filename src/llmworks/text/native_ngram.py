"""The C side of the n-gram model (`native/ngram.c`): scoring text at millions of tokens a second."""

from __future__ import annotations

import ctypes
import functools

import numpy as np
import numpy.typing as npt

from llmworks.native.build import load_library


class _NGram(ctypes.Structure):
    _fields_ = (
        ("words", ctypes.c_void_p),
        ("children", ctypes.c_void_p),
        ("suffixes", ctypes.c_void_p),
        ("log_probs", ctypes.c_void_p),
        ("log_backoffs", ctypes.c_void_p),
        ("inner", ctypes.c_int32),
        ("log_floor", ctypes.c_float),
    )


class NativeNGram:
    """Holds the arrays of a model, which must be contiguous int32 and float32, for C to read."""

    def __init__(
        self, library: ctypes.CDLL, arrays: tuple[npt.NDArray[np.generic], ...], floor: float
    ) -> None:
        self._arrays = arrays  # C has their addresses: they live as long as this does
        self._score = library.lw_ngram_score
        inner = len(arrays[4])
        self._model = _NGram(*(array.ctypes.data for array in arrays), inner, floor)

    @classmethod
    def build(cls, arrays: tuple[npt.NDArray[np.generic], ...], floor: float) -> NativeNGram | None:
        """Words, children, suffixes, log probabilities and back-offs; None where C cannot be built."""
        library = _library()
        return None if library is None else cls(library, arrays, floor)

    def score(self, ids: npt.NDArray[np.int32], state: int) -> tuple[npt.NDArray[np.float32], int]:
        """Log probability of each id, and the state after the last."""
        out = np.empty(len(ids), np.float32)
        after = self._score(ctypes.byref(self._model), ids.ctypes.data, len(ids), state, out.ctypes.data)
        return out, int(after)


@functools.cache
def _library() -> ctypes.CDLL | None:
    library = load_library("ngram", "ngram.c")
    if library is None:
        return None
    address, size, number = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int32
    library.lw_ngram_score.restype = number
    library.lw_ngram_score.argtypes = [ctypes.POINTER(_NGram), address, size, number, address]
    return library
