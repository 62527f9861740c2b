"""SentencePiece's BPE: neighbours whose joined text is a piece merge, the best score first.

    ▁ l o w e r  ->  ▁ l o w er  ->  ▁ l ow er  ->  ▁l ow er  ->  …        leftmost among equal scores

There is no list of merges: a piece's score is its priority, and any two symbols that make it may merge. The
user's own symbols are cut out first and never merge. A piece marked unused serves as a step on the way and
falls apart again at the end.

`native/sentencepiece_bpe.c` gives the same ids. Source: google/sentencepiece, bpe_model.cc.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from llmworks.text.explain import MergeStep
from llmworks.text.native_pieces import Ends, NativePieceBPE, PieceTrie
from llmworks.text.python_unigram import byte_trie, character_length, matches, put_segments
from llmworks.text.sentencepiece_file import Piece, PieceType
from llmworks.text.tokenizer import Ids

MOST_DEPTH = 100
_MARK = "▁".encode()
# How the C code and this one tell pieces apart.
NORMAL, UNUSED, NEVER = 0, 1, 2


@dataclass
class _Symbol:
    start: int
    end: int  # start where it was joined to its left neighbour
    previous: int
    next: int
    frozen: bool


class PieceBPE:
    """Merges by score.

    unk_id: for text without a piece, where there are no byte_ids. freeze: the user's own symbols are cut out
    first. resegment: unused pieces fall apart at the end (SentencePiece; llama.cpp leaves them).
    merge_unknown: one unknown token for a run of them.
    """

    def __init__(
        self,
        pieces: Sequence[Piece],
        unk_id: int | None,
        byte_ids: Sequence[int] | None,
        *,
        freeze: bool = True,
        resegment: bool = True,
        merge_unknown: bool = True,
        native: bool = True,
    ) -> None:
        self._kinds = [_kind(piece.type) for piece in pieces]
        self._scores = [piece.score for piece in pieces]
        self._unk_id, self._byte_ids, self._merge_unknown = unk_id, byte_ids, merge_unknown
        self._resegment = resegment and UNUSED in self._kinds
        self.entries = {piece.text: id for id, piece in enumerate(pieces) if self._kinds[id] != NEVER}
        own = {
            piece.text: id
            for id, piece in enumerate(pieces)
            if freeze and piece.type == PieceType.USER_DEFINED
        }
        self._frozen = byte_trie(own) if own else None
        # No merge reaches over a `▁` behind another character: words can be merged one by one.
        words = not self._resegment and not any(_crosses_words(text) for text in self.entries)
        trie = PieceTrie.build(self.entries) if native else None
        self._native = None
        if trie is not None:
            self._native = NativePieceBPE(
                trie,
                PieceTrie.build(own) if own else None,
                self._scores,
                self._kinds,
                unk_id,
                byte_ids,
                words=words,
                resegment=self._resegment,
                merge_unknown=merge_unknown,
            )

    @property
    def is_native(self) -> bool:
        return self._native is not None

    def encode(self, text: bytes, *, with_ends: bool = False) -> tuple[Ids, Ends | None]:
        """Ids of normalised text, and (asked for) the byte behind each."""
        if self._native is not None:
            return self._native.encode(text, with_ends=with_ends)
        segments, _, _ = self.merge(text)
        ids, ends = put_segments(segments, text, self._unk_id, self._byte_ids, self._merge_unknown)
        return np.array(ids, np.int32), np.array(ends, np.uint32) if with_ends else None

    def merge(
        self, text: bytes, *, steps: bool = False
    ) -> tuple[list[tuple[int, int, int]], list[MergeStep], list[int]]:
        """(id or -1, start, end) of each symbol at the end; with `steps` every merge in order, and the ids
        of the symbols that they start from. A merge's priority is its rank among the merges of this text."""
        symbols = self._symbols(text)
        start_ids = [self._symbol_id(text, symbol) for symbol in symbols]
        agenda: list[tuple[float, int, int, int]] = []
        halves: dict[bytes, int] = {}

        def offer(left: int, right: int) -> None:
            if left < 0 or right < 0 or symbols[left].frozen or symbols[right].frozen:
                return
            joined = text[symbols[left].start : symbols[right].end]
            id = self.entries.get(joined)
            if id is not None:
                heapq.heappush(agenda, (-self._scores[id], left, right, len(joined)))
                if self._kinds[id] == UNUSED:
                    halves[joined] = symbols[left].end - symbols[left].start

        for right in range(1, len(symbols)):
            offer(right - 1, right)
        made: list[MergeStep] = []
        while agenda:
            _, left, right, length = heapq.heappop(agenda)
            into, gone = symbols[left], symbols[right]
            if into.start == into.end or gone.start == gone.end or gone.end - into.start != length:
                continue
            before = (self._symbol_id(text, into), self._symbol_id(text, gone)) if steps else (0, 0)
            into.end, into.next = gone.end, gone.next
            if gone.next >= 0:
                symbols[gone.next].previous = left
            gone.start = gone.end
            if steps:
                parts = [self._symbol_id(text, symbol) for symbol in _chain(symbols)]
                made.append(MergeStep(*before, self._symbol_id(text, into), len(made), parts))
            offer(into.previous, left)
            offer(left, into.next)
        segments = []
        for symbol in _chain(symbols):
            segments += self._apart(text, symbol.start, symbol.end, halves, 0)
        return segments, made, start_ids

    def _symbols(self, text: bytes) -> list[_Symbol]:
        symbols: list[_Symbol] = []
        at = 0
        while at < len(text):
            ends = [end for end, _ in matches(self._frozen, text, at)] if self._frozen else []
            end = ends[-1] if ends else at + character_length(text, at)
            symbols.append(_Symbol(at, end, len(symbols) - 1, len(symbols) + 1, bool(ends)))
            at = end
        if symbols:
            symbols[-1].next = -1
        return symbols

    def _symbol_id(self, text: bytes, symbol: _Symbol) -> int:
        id = self.entries.get(text[symbol.start : symbol.end])
        return id if id is not None else -1 if self._unk_id is None else self._unk_id

    def _apart(
        self, text: bytes, start: int, end: int, halves: dict[bytes, int], depth: int
    ) -> list[tuple[int, int, int]]:
        piece = text[start:end]
        id = self.entries.get(piece, -1)
        if id < 0 or self._kinds[id] != UNUSED or not self._resegment or depth > MOST_DEPTH:
            return [(id, start, end)]
        half = halves.get(piece)
        if half is None:
            return [(-1, start, end)]
        left = self._apart(text, start, start + half, halves, depth + 1)
        return left + self._apart(text, start + half, end, halves, depth + 1)


def _chain(symbols: list[_Symbol]) -> list[_Symbol]:
    found = []
    at = 0 if symbols else -1
    while at >= 0:
        found.append(symbols[at])
        at = symbols[at].next
    return found


def _kind(type: PieceType) -> int:
    if type in (PieceType.NORMAL, PieceType.USER_DEFINED):
        return NORMAL
    return UNUSED if type == PieceType.UNUSED else NEVER


def _crosses_words(text: bytes) -> bool:
    """Whether a `▁` stands behind another character."""
    while text.startswith(_MARK):
        text = text[len(_MARK) :]
    return _MARK in text
