"""Packing: documents of all lengths, end to end, cut in blocks of one length, with nothing lost.

All epochs of a source make one endless stream of positions; epoch e is the positions eN … (e + 1)N − 1 of a
source of N tokens, in that epoch's order of documents. Block i is the positions iT … (i + 1)T − 1. A block
belongs to the epoch in which it starts, and the blocks of an epoch are taken in that epoch's order:

    block k is in epoch  e = ⌊kT / N⌋,   which has the blocks  ⌈eN/T⌉ … ⌈(e+1)N/T⌉ − 1

So nothing is padded or dropped, no block is cut at the same places twice, and where a token is found follows
from k alone, by arithmetic and one binary search over document ends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from llmworks.data.mixture import permutation
from llmworks.errors import DataError

Int64s = npt.NDArray[np.int64]

DOCUMENTS, BLOCKS = 1, 2  # which of an epoch's two shuffles: part of the seed


class TokenSource(Protocol):
    """Tokens with document boundaries: a ShardSet on disk, or ArrayTokens in memory."""

    @property
    def name(self) -> str: ...
    @property
    def fingerprint(self) -> str:
        """Identifies the data: a sampler's position is valid for this only."""

    @property
    def tokenizer_fingerprint(self) -> str: ...
    def tokens(self, split: str) -> npt.NDArray[Any]:
        """[N] unsigned integers; every document ends with the end-of-document token."""

    def starts(self, split: str) -> Int64s:
        """[documents + 1]: where each document begins, and last of all N."""


class ArrayTokens:
    """A token source in memory: documents as arrays of ids, each ending with the end-of-document token."""

    tokenizer_fingerprint = ""

    def __init__(
        self, name: str, train: Iterable[npt.ArrayLike], validation: Iterable[npt.ArrayLike] = ()
    ) -> None:
        self.name = name
        self._splits = {"train": [np.asarray(ids) for ids in train]}
        self._splits["validation"] = [np.asarray(ids) for ids in validation]
        parts = [ids.astype(np.int64).tobytes() for side in self._splits.values() for ids in side]
        self.fingerprint = hashlib.sha256(b"|".join(parts)).hexdigest()

    def tokens(self, split: str) -> npt.NDArray[Any]:
        return np.concatenate([np.zeros(0, np.int64), *self._splits[split]])

    def starts(self, split: str) -> Int64s:
        return np.concatenate([[0], np.cumsum([len(ids) for ids in self._splits[split]], dtype=np.int64)])


class PackedStream:
    """One split of one source as an endless stream of blocks; `seed` None keeps the stored order."""

    def __init__(
        self, source: TokenSource, split: str, block_size: int, seed: tuple[int, ...] | None
    ) -> None:
        self.tokens = source.tokens(split)
        starts = source.starts(split)
        self.starts, self.lengths = starts[:-1], np.diff(starts)
        self.length = len(self.tokens)  # N
        if self.length == 0:
            raise DataError(
                f"{source.name!r} has no documents in its {split!r} split; use more data, or another "
                "share of validation when the shards are built"
            )
        self.block_size, self.seed = block_size, seed
        self._documents = lru_cache(maxsize=2)(self._shuffle_documents)
        self._blocks = lru_cache(maxsize=2)(self._shuffle_blocks)

    def shuffled_blocks(self, numbers: Int64s) -> tuple[Int64s, Int64s]:
        """`blocks`, where numbers [B] count the blocks in the order in which they are to be taken."""
        epochs = numbers * self.block_size // self.length
        shuffled = np.empty_like(numbers)
        for epoch in np.unique(epochs):
            first, order = self._blocks(int(epoch))
            here = epochs == epoch
            shuffled[here] = first + order[numbers[here] - first]
        return self.blocks(shuffled)

    def blocks(self, numbers: Int64s) -> tuple[Int64s, Int64s]:
        """Blocks by their place in the stream.

        Args:
            numbers: [B] block numbers.

        Returns:
            tokens [B, T + 1], the block with the token before it in front; and [B, T] the document of each
            of the last T, numbered from 0 in each row.
        """
        positions = numbers[:, None] * self.block_size + np.arange(-1, self.block_size)
        places, documents = self._find(np.maximum(positions, 0).ravel())
        tokens = self.tokens[places].astype(np.int64).reshape(positions.shape)
        tokens[positions < 0] = self.tokens[-1]  # before the first document stands an end-of-document token
        documents = documents.reshape(positions.shape)[:, 1:]
        return tokens, documents - documents[:, :1]

    def _find(self, positions: Int64s) -> tuple[Int64s, Int64s]:
        """Where in `tokens` stream positions lie, and the number of the document, counted over all epochs."""
        epochs, within = np.divmod(positions, self.length)
        places, documents = np.empty_like(positions), np.empty_like(positions)
        present = np.unique(epochs)
        for epoch in present:
            shift, ends = self._documents(int(epoch))
            here = slice(None) if len(present) == 1 else epochs == epoch
            document = np.searchsorted(ends, within[here], side="right")
            places[here] = within[here] + shift[document]
            documents[here] = document + epoch * len(ends)
        return places, documents

    def _shuffle_documents(self, epoch: int) -> tuple[Int64s, Int64s]:
        """For the epoch's documents in order: stored place − place in the epoch, and where each ends."""
        count = len(self.starts)
        if self.seed is None:
            order = np.arange(count)
        else:
            order = permutation(count, *self.seed, epoch, DOCUMENTS)
        ends = np.cumsum(self.lengths[order])
        return self.starts[order] - (ends - self.lengths[order]), ends

    def _shuffle_blocks(self, epoch: int) -> tuple[int, Int64s]:
        """The epoch's first block, and the order of its blocks."""
        first, after = (-(-number * self.length // self.block_size) for number in (epoch, epoch + 1))
        assert self.seed is not None
        return first, permutation(after - first, *self.seed, epoch, BLOCKS)
