"""The training of byte-pair encoding in Python: where there is no C compiler, and the shorter one to read.

    {"low": 5, "lower": 2} -> pair counts -> the most frequent pair becomes a token -> its words' pairs change

The same result as `native/bpe_train.c`, whose head explains the algorithm. Here a pair knows the words that
hold it, not the places in them; a word that holds the winner is counted out, rewritten and counted in.
That is quick as long as words are short: one word of many megabytes wants the C path.
"""

from __future__ import annotations

import heapq
from array import array
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from llmworks.text.patterns import Pretokenizer

Pair = tuple[int, int]

_INVERTED = bytes(range(255, -1, -1))


class PythonCounter:
    """How often each piece occurs."""

    def __init__(self, pattern: str) -> None:
        self._pretokenizer = Pretokenizer(pattern)
        self._counts: Counter[bytes] = Counter()

    def add(self, text: bytes, ends: array[int]) -> None:
        """Count the pieces of documents that lie end to end; document i ends at ends[i]."""
        start = 0
        for end in ends:
            self._counts.update(self._pretokenizer.pieces(text[start:end]))
            start = end

    def absorb(self, other: PythonCounter) -> None:
        """Add the counts of `other`."""
        self._counts.update(other._counts)

    @property
    def unique(self) -> int:
        """Different pieces."""
        return len(self._counts)

    @property
    def total(self) -> int:
        """Pieces in all."""
        return self._counts.total()

    def trainer(self, most_merges: int, min_count: int) -> PythonTrainer:
        """The trainer over these counts."""
        return PythonTrainer(self._counts, most_merges, min_count)


class PythonTrainer:
    """The merge phase."""

    def __init__(self, counts: Counter[bytes], most_merges: int, min_count: int) -> None:
        self._words = [list(piece) for piece in counts if len(piece) > 1]
        self._weights = [count for piece, count in counts.items() if len(piece) > 1]
        self._left_to_make, self._min_count = most_merges, min_count
        self._tokens = [bytes([value]) for value in range(256)]
        self._order = [_descending(token) for token in self._tokens]
        self._counts: Counter[Pair] = Counter()
        self._holders: dict[Pair, set[int]] = {}
        for word in range(len(self._words)):
            self._count_in(word)
        self._queue = [self._candidate(pair) for pair in self._counts]
        heapq.heapify(self._queue)

    def run(self, n: int) -> Iterator[tuple[int, int, int]]:
        """Up to `n` further merges: (left id, right id, count). Fewer than `n`: no pair is left."""
        for _ in range(min(n, self._left_to_make)):
            if (pair := self._best()) is None:
                return
            self._left_to_make -= 1
            count = self._counts[pair]
            self._merge(pair)
            yield *pair, count

    def _candidate(self, pair: Pair) -> tuple[int, str, str, Pair]:
        """Smallest first: by falling count, then the greatest bytes."""
        return -self._counts[pair], self._order[pair[0]], self._order[pair[1]], pair

    def _best(self) -> Pair | None:
        while self._queue:
            count, *_, pair = heapq.heappop(self._queue)
            if -count == self._counts[pair]:
                return pair if -count >= self._min_count else None
            if self._counts[pair]:  # fewer than when it was queued
                heapq.heappush(self._queue, self._candidate(pair))
        return None

    def _count_in(self, word: int) -> None:
        for pair in pairwise(self._words[word]):
            self._counts[pair] += self._weights[word]
            self._holders.setdefault(pair, set()).add(word)

    def _count_out(self, word: int) -> None:
        for pair in pairwise(self._words[word]):
            self._counts[pair] -= self._weights[word]

    def _merge(self, pair: Pair) -> None:
        token = len(self._tokens)
        self._tokens.append(self._tokens[pair[0]] + self._tokens[pair[1]])
        self._order.append(_descending(self._tokens[token]))
        born: set[Pair] = set()
        for word in self._holders.pop(pair):
            merged = _merged(self._words[word], pair, token)
            if len(merged) == len(self._words[word]):
                continue  # it held the pair once, and no longer
            self._count_out(word)
            self._words[word] = merged
            self._count_in(word)
            born.update(found for found in pairwise(merged) if token in found)
        for found in born:
            heapq.heappush(self._queue, self._candidate(found))


def _merged(ids: list[int], pair: Pair, token: int) -> list[int]:
    """`ids` with each `pair` replaced by `token`, from left to right."""
    merged: list[int] = []
    position = 0
    while position < len(ids):
        if ids[position] == pair[0] and position + 1 < len(ids) and ids[position + 1] == pair[1]:
            merged.append(token)
            position += 2
        else:
            merged.append(ids[position])
            position += 1
    return merged


def _descending(token: bytes) -> str:
    """A key that sorts the other way round than `token`: what ends sorts behind what goes on."""
    return token.translate(_INVERTED).decode("latin-1") + "\u0100"
