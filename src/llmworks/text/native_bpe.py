"""The C encoder (`native/bpe_encode.c`) behind the same face as `PythonBPE`."""

from __future__ import annotations

import ctypes
import functools
import queue
import weakref
from collections.abc import Mapping, Sequence

import numpy as np

from llmworks.native.build import load_library
from llmworks.text.patterns import PATTERN_NUMBERS
from llmworks.text.tokenizer import Ids

SOURCES = ("pretokenize.c", "bpe_tables.c", "bpe_encode.c")
MOST_MERGES = (1 << 24) - 1  # LW_NO_MERGE
NO_MEMORY = ctypes.c_size_t(-1).value

# The ids of a text are written into room for one a byte; above this the room is cut to size afterwards
# rather than copied.
COPY_BELOW = 1 << 16

# const char *PyUnicode_AsUTF8AndSize(PyObject *, Py_ssize_t *): the bytes belong to the str and live as long.
_utf8_of = ctypes.pythonapi.PyUnicode_AsUTF8AndSize
_utf8_of.argtypes = [ctypes.py_object, ctypes.POINTER(ctypes.c_ssize_t)]
_utf8_of.restype = ctypes.c_void_p


class NativeBPE:
    """Encodes text without control tokens, from any number of threads at once.

    A call borrows a worker (its own cache and scratch room in C, about 4 MB) and runs without the
    interpreter's lock; there are as many workers as calls that ever ran at once.
    """

    def __init__(
        self,
        library: ctypes.CDLL,
        vocabulary: Mapping[bytes, int],
        merges: Sequence[tuple[int, int]] | None,
        pattern: str,
        whole_pieces: bool,
    ) -> None:
        tokens = list(vocabulary)
        text = b"".join(tokens)
        ends = np.cumsum([len(token) for token in tokens], dtype=np.uint32)
        ids = np.fromiter(vocabulary.values(), np.int32, len(tokens))
        triples = None if merges is None else _triples(vocabulary, merges)
        self._library = library
        self._tables = library.lw_bpe_new(
            PATTERN_NUMBERS[pattern],
            int(whole_pieces),
            text,
            ends.ctypes.data,
            ids.ctypes.data,
            len(tokens),
            None if triples is None else triples.ctypes.data,
            0 if triples is None else len(triples),
        )
        if not self._tables:
            raise MemoryError("no memory for the tables of the tokenizer")
        self._workers: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._finalizer = weakref.finalize(self, _free, library, self._tables, self._workers)

    @classmethod
    def build(
        cls,
        vocabulary: Mapping[bytes, int],
        merges: Sequence[tuple[int, int]] | None,
        pattern: str,
        whole_pieces: bool,
    ) -> NativeBPE | None:
        """The encoder, or None where it cannot be built."""
        if merges is not None and len(merges) >= MOST_MERGES:
            return None
        library = _library()
        return None if library is None else cls(library, vocabulary, merges, pattern, whole_pieces)

    def pairs_by_result(self) -> dict[int, list[tuple[int, int]]]:
        """The pairs of ids that the encoder merges, by the id that they make; for a vocabulary with ranks."""
        rows = np.empty((self._library.lw_bpe_merges(self._tables, None), 3), np.int32)
        self._library.lw_bpe_merges(self._tables, rows.ctypes.data)
        found: dict[int, list[tuple[int, int]]] = {}
        for left, right, result in rows.tolist():
            found.setdefault(result, []).append((left, right))
        return found

    def encode(self, text: bytes) -> Ids:
        """Ids of `text`, int32."""
        return self._encode(text, len(text))

    def encode_str(self, text: str) -> Ids | None:
        """Ids of `text`, from the UTF-8 that the interpreter keeps of it; None where it has none."""
        size = ctypes.c_ssize_t()
        try:
            address = _utf8_of(text, ctypes.byref(size))
        except UnicodeEncodeError:  # half of a surrogate pair
            return None
        return self._encode(address, size.value)

    def _encode(self, text: bytes | int, length: int) -> Ids:
        ids = np.empty(length, np.int32)
        try:
            worker = self._workers.get_nowait()
        except queue.Empty:
            worker = self._library.lw_worker_new(self._tables)
            if not worker:
                raise MemoryError("no memory for a tokenizer thread") from None
        try:
            count = self._library.lw_encode(worker, text, length, ids.ctypes.data)
        finally:
            self._workers.put(worker)
        if count == NO_MEMORY:
            raise MemoryError(f"no memory to encode {length:,} bytes")
        if len(ids) < COPY_BELOW:
            return ids[:count].copy()
        ids.resize(count, refcheck=False)  # gives the unused pages back in place
        return ids


def _triples(vocabulary: Mapping[bytes, int], merges: Sequence[tuple[int, int]]) -> Ids:
    """(left, right, result) of each merge, [merges, 3]."""
    tokens = {id: token for token, id in vocabulary.items()}
    rows = [(left, right, vocabulary[tokens[left] + tokens[right]]) for left, right in merges]
    return np.array(rows, np.int32).reshape(-1, 3)


def _free(library: ctypes.CDLL, tables: int, workers: queue.SimpleQueue[int]) -> None:
    while not workers.empty():
        library.lw_worker_free(workers.get_nowait())
    library.lw_bpe_free(tables)


@functools.cache
def _library() -> ctypes.CDLL | None:
    library = load_library("bpe", *SOURCES)
    if library is None:
        return None
    address, size, number = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
    text = ctypes.c_char_p
    declare = {
        "lw_bpe_new": (address, [number, number, text, address, address, size, address, size]),
        "lw_bpe_free": (None, [address]),
        "lw_bpe_merges": (size, [address, address]),
        "lw_worker_new": (address, [address]),
        "lw_worker_free": (None, [address]),
        "lw_encode": (size, [address, address, size, address]),
    }
    for name, (result, arguments) in declare.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
