"""What the Unigram trainer counts, in C (`native/unigram_train.c`) or in Python: the same numbers but for
the last digits."""

from __future__ import annotations

import ctypes
import functools
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from llmworks.native.build import load_library
from llmworks.text.native_pieces import NO_MEMORY, PieceTrie
from llmworks.text.native_pieces import SOURCES as PIECE_SOURCES
from llmworks.text.python_unigram import Edge, PythonUnigram
from llmworks.text.unigram_lattice import log_sum

Pieces = Sequence[tuple[str, float]]


class Counts(NamedTuple):
    """of_piece: expected occurrences by id. log_likelihood: Σ count · log P(word), in nats."""

    of_piece: list[float]
    log_likelihood: float


class Counter(Protocol):
    """A corpus of words with their counts."""

    def expected(self, pieces: Pieces, unk_score: float) -> Counts:
        """How often each piece is expected, over all ways to cut each word."""

    def best(self, pieces: Pieces, unk_score: float) -> list[float]:
        """How often each piece stands in the best ways."""

    def alternatives(self, pieces: Pieces, unk_score: float) -> list[list[int] | None]:
        """For each piece the best way to cut its text without it (ids; -1 unknown), [] where there is none,
        None where that way is the better one."""


def counter(words: Sequence[str], counts: Sequence[int], *, native: bool = True) -> Counter:
    library = _library() if native else None
    if library is None:
        return _PythonCounter(words, counts)
    return _NativeCounter(library, words, counts)


class _Joined:
    """Texts joined, for C."""

    def __init__(self, texts: Sequence[str]) -> None:
        encoded = [text.encode() for text in texts]
        self.text = b"".join(encoded)
        self.ends = np.cumsum([len(text) for text in encoded], dtype=np.uint64)
        self.size = len(texts)


class _NativeCounter:
    def __init__(self, library: ctypes.CDLL, words: Sequence[str], counts: Sequence[int]) -> None:
        self._library = library
        self._words = _Joined(words)
        self._counts = np.array(counts, np.float64)

    def expected(self, pieces: Pieces, unk_score: float) -> Counts:
        expected = np.zeros(len(pieces))
        total = self._run(pieces, unk_score, expected.ctypes.data, None)
        return Counts(expected.tolist(), total)

    def best(self, pieces: Pieces, unk_score: float) -> list[float]:
        counts = np.zeros(len(pieces))
        self._run(pieces, unk_score, None, counts.ctypes.data)
        return counts.tolist()

    def _run(self, pieces: Pieces, unk_score: float, expected: int | None, best: int | None) -> float:
        trie, scores = _trie(self._library, pieces)
        total: float = self._library.lw_unigram_expect(
            trie.handle,
            scores.ctypes.data,
            unk_score,
            self._words.text,
            self._words.ends.ctypes.data,
            self._counts.ctypes.data,
            self._words.size,
            expected,
            best,
        )
        if math.isnan(total):
            raise MemoryError("no memory to count pieces")
        return total

    def alternatives(self, pieces: Pieces, unk_score: float) -> list[list[int] | None]:
        trie, scores = _trie(self._library, pieces)
        texts = _Joined([text for text, _ in pieces])
        parts = np.empty(len(texts.text), np.int32)
        sizes = np.empty(texts.size, np.int32)
        good = self._library.lw_unigram_alternatives(
            trie.handle,
            scores.ctypes.data,
            unk_score,
            texts.text,
            texts.ends.ctypes.data,
            texts.size,
            parts.ctypes.data,
            sizes.ctypes.data,
        )
        if not good:
            raise MemoryError("no memory to count pieces")
        starts = np.concatenate([[0], texts.ends[:-1].astype(np.int64)]).tolist()
        listed: list[int] = parts.tolist()
        return [
            None if size < 0 else listed[start : start + size]
            for start, size in zip(starts, sizes.tolist(), strict=True)
        ]


def _trie(library: ctypes.CDLL, pieces: Pieces) -> tuple[PieceTrie, np.ndarray]:
    entries = {text.encode(): id for id, (text, _) in enumerate(pieces)}
    return PieceTrie(library, entries), np.array([score for _, score in pieces], np.float64)


class _PythonCounter:
    def __init__(self, words: Sequence[str], counts: Sequence[int]) -> None:
        self._words = [(word.encode(), count) for word, count in zip(words, counts, strict=True)]

    def expected(self, pieces: Pieces, unk_score: float) -> Counts:
        model = _python_model(pieces, unk_score)
        expected, total = [0.0] * len(pieces), 0.0
        for word, count in self._words:
            edges = list(_edges(model, word))
            alpha = _forward(edges, len(word))
            beta = _forward([_mirrored(edge, len(word)) for edge in reversed(edges)], len(word))
            for edge in edges:
                if edge.id >= 0:
                    log_share = alpha[edge.start] + edge.score + beta[len(word) - edge.end] - alpha[-1]
                    expected[edge.id] += count * math.exp(log_share)
            total += count * alpha[-1]
        return Counts(expected, total)

    def best(self, pieces: Pieces, unk_score: float) -> list[float]:
        model = _python_model(pieces, unk_score)
        counts = [0.0] * len(pieces)
        for word, count in self._words:
            for id, _, _ in model.best_path(word):
                if id >= 0:
                    counts[id] += count
        return counts

    def alternatives(self, pieces: Pieces, unk_score: float) -> list[list[int] | None]:
        model = _python_model(pieces, unk_score)
        found: list[list[int] | None] = []
        for text, score in pieces:
            word = text.encode()
            edges = [edge for edge in _edges(model, word) if edge.end - edge.start < len(word)]
            way = _best_way(edges, len(word))
            found.append([] if way is None else None if way[0] > score else way[1])
        return found


def _python_model(pieces: Pieces, unk_score: float) -> PythonUnigram:
    entries = {text.encode(): id for id, (text, _) in enumerate(pieces)}
    return PythonUnigram(entries, [score for _, score in pieces], (), unk_score, None, None, False)


def _edges(model: PythonUnigram, word: bytes) -> Iterator[Edge]:
    for start in range(len(word)):
        if word[start] & 0xC0 != 0x80:
            yield from model.edges_at(word, start)


def _mirrored(edge: Edge, size: int) -> Edge:
    return Edge(size - edge.end, size - edge.start, edge.id, edge.score)


def _forward(edges: Sequence[Edge], size: int) -> list[float]:
    alpha = [-math.inf] * (size + 1)
    alpha[0] = 0.0
    for edge in sorted(edges, key=lambda edge: edge.start):
        alpha[edge.end] = log_sum([alpha[edge.end], alpha[edge.start] + edge.score])
    return alpha


def _best_way(edges: Sequence[Edge], size: int) -> tuple[float, list[int]] | None:
    best: list[tuple[float, list[int]] | None] = [None] * (size + 1)
    best[0] = (0.0, [])
    for edge in edges:
        before, here = best[edge.start], best[edge.end]
        if before is not None and (here is None or before[0] + edge.score > here[0]):
            best[edge.end] = (before[0] + edge.score, [*before[1], edge.id])
    return best[size]


def repeated_substrings(text: bytes, most: int, *, native: bool = True) -> Iterator[tuple[int, int, int]]:
    """(place, bytes, count) of every substring of 2 to `most` - 1 bytes that repeats, is not always followed
    by the same byte, and begins and ends with whole characters."""
    library = _library() if native else None
    if library is None:
        yield from _python_substrings(text, most)
        return
    capacity = len(text) // 2 + 1024
    while True:
        found = np.empty((capacity, 3), np.uint32)
        count = library.lw_repeated_substrings(text, len(text), most, found.ctypes.data, capacity)
        if count == NO_MEMORY:
            raise MemoryError(f"no memory to sort {len(text):,} bytes")
        if count <= capacity:
            break
        capacity = count
    yield from map(tuple, found[:count].tolist())


def _python_substrings(text: bytes, most: int) -> Iterator[tuple[int, int, int]]:
    suffixes = sorted(range(len(text)), key=lambda place: text[place : place + most])
    stack = [(0, 0)]
    for i in range(1, len(text) + 1):
        common = 0
        if i < len(text):
            here, before = (text[p : p + most] for p in (suffixes[i], suffixes[i - 1]))
            pairs = enumerate(zip(here, before, strict=False))
            common = next((at for at, (a, b) in pairs if a != b), min(len(here), len(before)))
        first = i - 1
        while common < stack[-1][1]:
            first, depth = stack.pop()
            place = suffixes[first]
            end = place + depth
            whole = text[place] & 0xC0 != 0x80 and (end == len(text) or text[end] & 0xC0 != 0x80)
            if 1 < depth < most and whole:
                yield place, depth, i - first
        if common > stack[-1][1]:
            stack.append((first, common))


@functools.cache
def _library() -> ctypes.CDLL | None:
    library = load_library("unigram_train", *PIECE_SOURCES, "unigram_train.c")
    if library is None:
        return None
    address, size, text, real = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_double
    declare = {
        "lw_trie_new": (address, [text, address, address, size]),
        "lw_trie_free": (None, [address]),
        "lw_unigram_expect": (
            real,
            [address, address, real, text, address, address, size, address, address],
        ),
        "lw_unigram_alternatives": (
            ctypes.c_int,
            [address, address, real, text, address, size, address, address],
        ),
        "lw_repeated_substrings": (size, [text, size, size, address, size]),
    }
    for name, (result, arguments) in declare.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
