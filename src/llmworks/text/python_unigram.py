"""Viterbi for Unigram in Python; the same ids as `native/unigram.c`, whose comments say why each rule is."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from llmworks.text.native_pieces import Ends
from llmworks.text.tokenizer import Ids

RESET_BEYOND = 100_000.0
_FLOAT = struct.Struct("f")


class Edge(NamedTuple):
    """A token (id; -1 unknown) that covers the bytes `start` to `end`."""

    start: int
    end: int
    id: int
    score: float


class PythonUnigram:
    """See `unigram.Unigram` for what the parameters are."""

    def __init__(
        self,
        entries: Mapping[bytes, int],
        scores: Sequence[float],
        user_defined: Collection[int],
        unk_score: float,
        unk_id: int | None,
        byte_ids: Sequence[int] | None,
        single: bool,
    ) -> None:
        self._root = byte_trie(entries)
        self._scores, self._user_defined = scores, user_defined
        self._unk_score, self._unk_id, self._byte_ids = unk_score, unk_id, byte_ids
        self._single = single

    def encode(self, text: bytes, *, with_ends: bool = False) -> tuple[Ids, Ends | None]:
        ids, ends = self.put(self.best_path(text), text)
        return np.array(ids, np.int32), np.array(ends, np.uint32) if with_ends else None

    def put(self, path: Iterable[tuple[int, int, int]], text: bytes) -> tuple[list[int], list[int]]:
        """Ids and ends of (id, start, end) segments: unknown ones as bytes, or one token a run."""
        return put_segments(path, text, self._unk_id, self._byte_ids)

    def edges_at(self, text: bytes, start: int, *, whole_characters: bool = False) -> list[Edge]:
        """Every token that begins at `start`, and the unknown one where no token is the character alone.

        whole_characters: the bonus of the user's tokens counts characters, as it does in SentencePiece's
        lattice for n-best and sampling, and bytes in its search for the best way.
        """
        character = start + character_length(text, start)
        edges, covered = [], False
        for end, id in matches(self._root, text, start):
            score = self._scores[id]
            if id in self._user_defined:
                length = len(text[start:end].decode("utf-8", "replace")) if whole_characters else end - start
                score = _rounded(0.1 * (length - 1))
            edges.append(Edge(start, end, id, score))
            covered |= end == character
        if not covered:
            edges.append(Edge(start, character, -1, self._unk_score))
        return edges

    def best_path(self, text: bytes) -> list[tuple[int, int, int]]:
        """(id, start, end) of the best way; id -1 for unknown characters."""
        size = len(text)
        scores = [0.0] * (size + 1)
        starts = [-1] * (size + 1)
        ids = [-1] * (size + 1)
        frontier = start = 0
        single = self._single
        while start < size:
            here = scores[start]
            if single and abs(here) > RESET_BEYOND:
                for place in range(start, frontier + 1):
                    if place == start or starts[place] >= 0:
                        scores[place] = _rounded(scores[place] - here)
                here = 0.0
            for edge in self.edges_at(text, start):
                score = here + edge.score
                if single:
                    score = _rounded(score)
                end = edge.end
                frontier = max(frontier, end)
                if starts[end] < 0 or score > scores[end]:
                    scores[end], starts[end], ids[end] = score, start, edge.id
            start += character_length(text, start)
        path = []
        end = size
        while end > 0:
            start, id = (starts[end], ids[end]) if starts[end] >= 0 else (end - 1, -1)
            path.append((id, start, end))
            end = start
        return path[::-1]


def put_segments(
    path: Iterable[tuple[int, int, int]],
    text: bytes,
    unk_id: int | None,
    byte_ids: Sequence[int] | None,
    merge_unknown: bool = True,
) -> tuple[list[int], list[int]]:
    """`lw_put` of native/piece_trie.c for each (id, start, end)."""
    ids: list[int] = []
    ends: list[int] = []
    after_unknown = False
    for id, start, end in path:
        unknown = id < 0 or id == unk_id
        if unknown and byte_ids is not None:
            ids += [byte_ids[value] for value in text[start:end]]
            ends += range(start + 1, end + 1)
        elif unknown and after_unknown and merge_unknown:
            if ends:
                ends[-1] = end
        elif not unknown or unk_id is not None:
            ids.append(unk_id if unknown and unk_id is not None else id)
            ends.append(end)
        after_unknown = unknown
    return ids, ends


def byte_trie(entries: Mapping[bytes, int]) -> dict[Any, Any]:
    """Nested dicts by byte; an entry's value under None."""
    root: dict[Any, Any] = {}
    for key, value in entries.items():
        node = root
        for byte in key:
            node = node.setdefault(byte, {})
        node[None] = value
    return root


def matches(root: dict[Any, Any], text: bytes, start: int) -> Iterator[tuple[int, int]]:
    """(end, value) of every entry that begins at `start`, shortest first."""
    node: dict[Any, Any] | None = root
    for end in range(start, len(text)):
        node = node.get(text[end]) if node is not None else None
        if node is None:
            return
        value = node.get(None)
        if value is not None:
            yield end + 1, value


def character_length(text: bytes, at: int) -> int:
    """Bytes of the character at `at`; a malformed one ends where its bytes do."""
    first = text[at]
    want = 1 if first < 0xC0 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    have = 1
    while have < want and at + have < len(text) and text[at + have] & 0xC0 == 0x80:
        have += 1
    return have


def _rounded(value: float) -> float:
    """`value` as a float of 32 bits."""
    rounded: float = _FLOAT.unpack(_FLOAT.pack(value))[0]
    return rounded
