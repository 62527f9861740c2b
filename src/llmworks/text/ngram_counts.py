"""Every n-gram of a token stream with its count, by sorting; no table of texts, no hashing.

    an n-gram's number at order n  =  rank of (number of its first n - 1 words) · (V + 1) + last word

One integer says a whole n-gram of any order exactly, sorting these integers brings equal ones together, and
the sorted keys are already the levels of a trie: what follows one context lies side by side, in word order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from llmworks.errors import DataError

Array = npt.NDArray[np.integer]
CHUNK = 1 << 21  # windows that are ranked at once


@dataclass
class Level:
    """The distinct n-grams of one order, sorted. Numbers of n-grams are places in such a level.

    words: the last word. parents: the n-gram without its last word, in the level before. suffixes: the one
    without its first. counts: how often it was seen. first: where those begin that open a document (they have
    nothing on their left).
    """

    words: Array
    parents: Array
    suffixes: Array
    counts: Array
    first: int


def count_ngrams(documents: Iterable[npt.ArrayLike], order: int, vocab_size: int) -> list[Level]:
    """Levels 1 to `order`; an n-gram may begin with the mark `vocab_size`, which opens every document.

    Level 1 is whole: word w is number w, seen or not, and the mark is the last.
    """
    stream = join_documents(documents, vocab_size)
    nodes: Array = stream
    counts = np.bincount(stream, minlength=vocab_size + 1)
    nothing = np.zeros(len(counts), np.int32)
    levels = [Level(np.arange(len(counts), dtype=np.int32), nothing, nothing, counts, vocab_size)]
    for length in range(2, order + 1):
        level, nodes = _next_level(levels[-1], nodes, stream, length, vocab_size)
        levels.append(level)
    return levels


def join_documents(documents: Iterable[npt.ArrayLike], vocab_size: int) -> Array:
    """One stream of int32 in which every document opens with the mark."""
    mark = np.array([vocab_size], np.int32)
    parts: list[Array] = []
    for document in documents:
        ids = np.asarray(document)
        if ids.ndim != 1 or (ids.size and not np.issubdtype(ids.dtype, np.integer)):
            raise DataError(
                f"a document must be a list of token ids; this has shape {ids.shape}, {ids.dtype}"
            )
        if ids.size and not 0 <= int(ids.min()) <= int(ids.max()) < vocab_size:
            wrong = int(ids.min()) if ids.min() < 0 else int(ids.max())
            raise DataError(
                f"token {wrong} is not in a vocabulary of {vocab_size}: give the right vocab_size"
            )
        parts += [mark, ids.astype(np.int32)]
    if not any(part.size for part in parts[1::2]):
        raise DataError("there is no token to count in these documents")
    return np.concatenate(parts)


def _next_level(
    before: Level, nodes: Array, stream: Array, length: int, vocab_size: int
) -> tuple[Level, Array]:
    """n-grams of `length`, and the number of the one that begins at each place (-1: it would cross into the
    next document, or the stream ends)."""
    heads, words = nodes[: len(stream) - length + 1], stream[length - 1 :]
    inside = (heads >= 0) & (words != vocab_size)
    starts = np.flatnonzero(inside)
    base = np.int64(vocab_size + 1)
    keys = heads[starts].astype(np.int64) * base + words[starts]
    ordered = np.sort(keys)
    fresh = np.flatnonzero(np.diff(ordered, prepend=-1))
    distinct, counts = ordered[fresh], np.diff(fresh, append=len(ordered)).astype(np.int32)
    del ordered
    if len(distinct) >= 1 << 31:
        raise DataError(f"over 2³¹ different {length}-grams: train on less text or with a lower order")
    numbers = np.full(len(heads), -1, np.int32)
    suffixes = np.empty(len(distinct), np.int32)
    for begin in range(0, len(keys), CHUNK):
        some, places = keys[begin : begin + CHUNK], starts[begin : begin + CHUNK]
        # Sorted questions walk through the keys once, where random ones would miss the cache each time.
        by_key = np.argsort(some)
        found = np.searchsorted(distinct, some[by_key])
        numbers[places[by_key]] = found
        suffixes[found] = nodes[places[by_key] + 1]
    parents = (distinct // base).astype(np.int32)
    first = int(np.searchsorted(parents, before.first))
    return Level((distinct % base).astype(np.int32), parents, suffixes, counts, first), numbers
