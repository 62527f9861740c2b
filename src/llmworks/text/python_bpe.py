"""Byte-pair encoding in Python: the algorithm to read, and the path where there is no C compiler.

    l o w e r  --(e,r)-->  l o w er  --(l,o)-->  lo w er  --(lo,w)-->  low er  --(low,er)-->  lower

Among all neighbouring pairs the one with the lowest priority number is merged, the leftmost among equals,
until no pair can be. Where the priority comes from, two ways:
  merges: the place of the pair (left, right) in the list of merges (Hugging Face, GPT-2's merges.txt);
  ranks: the id of the token that the pair makes, whichever pair makes it (tiktoken).

A heap of pairs over a linked list gives O(n log n) for a piece of n bytes, so one letter a million times is
no trouble. Source: Sennrich et al. 2016, arXiv:1508.07909; bytes: Radford et al. 2019 (GPT-2), section 2.2.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from llmworks.text.explain import MergeStep
from llmworks.text.patterns import Pretokenizer
from llmworks.text.tokenizer import Ids

CACHE_PIECES = 1 << 16
CACHE_PIECE_BYTES = 64


class PythonBPE:
    """Encodes text without control tokens. Same ids as `llmworks.text.native_bpe.NativeBPE`."""

    def __init__(
        self,
        vocabulary: Mapping[bytes, int],
        merges: Sequence[tuple[int, int]] | None,
        pattern: str,
        whole_pieces: bool,
    ) -> None:
        self._ids = vocabulary
        self._bytes = {id: token for token, id in vocabulary.items()}
        self._pretokenizer = Pretokenizer(pattern)
        self._whole_pieces = whole_pieces
        self._byte_ids = [vocabulary[bytes([value])] for value in range(256)]
        self._cache: dict[bytes, list[int]] = {}
        self._pairs: dict[tuple[int, int], tuple[int, int]] | None = None
        if merges is not None:
            self._pairs = {}
            for priority, (left, right) in enumerate(merges):
                result = vocabulary[self._bytes[left] + self._bytes[right]]
                self._pairs.setdefault((left, right), (priority, result))

    def encode(self, text: bytes) -> Ids:
        """Ids of `text`, int32."""
        ids: list[int] = []
        for piece in self._pretokenizer.pieces(text):
            ids += self.piece_ids(piece)
        return np.array(ids, dtype=np.int32)

    def pieces(self, text: bytes) -> Iterator[bytes]:
        """The pieces that merges stay within."""
        return self._pretokenizer.pieces(text)

    def is_whole(self, piece: bytes) -> bool:
        """Whether the piece is looked up in the vocabulary before any merge."""
        return self._whole_pieces and piece in self._ids

    def byte_ids(self, piece: bytes) -> list[int]:
        """The ids that the merges start from, one a byte."""
        return [self._byte_ids[value] for value in piece]

    def piece_ids(self, piece: bytes) -> list[int]:
        """Ids of one piece."""
        if (known := self._cache.get(piece)) is not None:
            return known
        if self.is_whole(piece):
            ids = [self._ids[piece]]
        else:
            parts = Parts(self.byte_ids(piece))
            for _ in merge_all(parts, self.join):
                pass
            ids = parts.ids()
        if len(piece) <= CACHE_PIECE_BYTES:
            if len(self._cache) >= CACHE_PIECES:
                self._cache.clear()
            self._cache[piece] = ids
        return ids

    def merge_steps(self, piece: bytes) -> list[MergeStep]:
        """The merges of one piece in order, each with the parts that it leaves."""
        parts = Parts(self.byte_ids(piece))
        return [
            MergeStep(left, right, result, priority, parts.ids())
            for left, right, result, priority in merge_all(parts, self.join)
        ]

    def pairs_of(self, token: bytes) -> list[tuple[int, int]]:
        """The pairs that a token of a vocabulary with ranks can be made of.

        That is one, the last merge, where the token comes to itself when it is merged from its bytes: two
        neighbours x y with its bytes have arisen as they would in the token alone, since nothing was merged
        across their ends, and the token alone went on from x y to itself. Otherwise every pair that fits.
        """
        steps = self.merge_steps(token)
        if steps and steps[-1].parts == [self._ids[token]]:
            return [(steps[-1].left, steps[-1].right)]
        cuts = [(token[:cut], token[cut:]) for cut in range(1, len(token))]
        return sorted((self._ids[x], self._ids[y]) for x, y in cuts if x in self._ids and y in self._ids)

    def join(self, left: int, right: int) -> tuple[int, int] | None:
        """(priority, result) of merging two neighbours, or None."""
        if self._pairs is not None:
            return self._pairs.get((left, right))
        result = self._ids.get(self._bytes[left] + self._bytes[right])
        return None if result is None else (result, result)


def merge_all(
    parts: Parts, join: Callable[[int, int], tuple[int, int] | None]
) -> Iterator[tuple[int, int, int, int]]:
    """Merge in place, as `join` gives (priority, result); yields (left, right, result, priority)."""
    heap: list[tuple[int, int, int, int, int]] = []  # priority, place, left, right, result

    def offer(place: int) -> None:
        if place < 0 or (after := parts.next[place]) >= parts.count:
            return
        left, right = parts.id[place], parts.id[after]
        if joined := join(left, right):
            heapq.heappush(heap, (joined[0], place, left, right, joined[1]))

    for place in range(parts.count - 1):
        offer(place)
    while heap:
        priority, place, left, right, result = heapq.heappop(heap)
        after = parts.next[place]
        # A pair whose half was merged meanwhile is out of date.
        if after >= parts.count or parts.id[place] != left or parts.id[after] != right:
            continue
        parts.merge(place, result)
        offer(parts.previous[place])
        offer(place)
        yield left, right, result, priority


class Parts:
    """A piece as a doubly linked list of token ids; a merged part keeps the place of its left half."""

    def __init__(self, ids: list[int]) -> None:
        self.count = len(ids)
        self.id = ids
        self.next = list(range(1, self.count + 1))
        self.previous = list(range(-1, self.count - 1))

    def merge(self, place: int, result: int) -> None:
        gone = self.next[place]
        after = self.next[gone]
        self.id[place], self.id[gone] = result, -1
        self.next[place] = after
        if after < self.count:
            self.previous[after] = place

    def ids(self) -> list[int]:
        return [self.id[place] for place in self.places()]

    def places(self) -> list[int]:
        """Where each part begins."""
        found, place = [], 0
        while place < self.count:
            found.append(place)
            place = self.next[place]
        return found
