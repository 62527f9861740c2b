"""Exact copies: whole documents, and paragraphs or lines within and across documents.

A text's hash is of its words alone (see hashing.py): copies that differ in case, white space or punctuation
are copies. The first of each keeps its place. 64 bits a text: among a thousand million texts a pair of
different ones is mistaken for copies with probability 0.03.

Paragraphs (CCNet: Wenzek et al. 2020, section 3.1) are what catches navigation and notices that stand on
every page of a site; short ones are left alone, since "Yes." may be said twice.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from llmworks.data.cleaning.hashing import normal_words, text_hash
from llmworks.data.cleaning.stage import KEPT, Changed, Decisions, Dropped, Outcome, Pool, PooledStage, Rows
from llmworks.data.sources import Document

PARTITION = 1 << 24  # rows that are sorted at a time


class ExactDuplicates(PooledStage):
    """Drops a document whose words are those of an earlier one."""

    kind: Literal["exact_duplicates"] = "exact_duplicates"

    def rows(self, document: Document) -> Rows:
        return np.array([[text_hash(normal_words(document.text))]], np.uint64)

    def decide(self, pool: Pool) -> tuple[Decisions, dict[str, Any]]:
        first, _ = first_places(pool.column(0))
        copies = int((first >= 0).sum())
        return first, {"copies": copies}

    def judge(self, document: Document, decisions: Decisions) -> Outcome:
        return KEPT if decisions[0] < 0 else Dropped("copy", f"of document {decisions[0] + 1}")


class RepeatedLines(PooledStage):
    """Takes out paragraphs (or lines) that were read before, in this document or another."""

    kind: Literal["repeated_paragraphs", "repeated_lines"] = "repeated_paragraphs"
    min_words: int = Field(default=8, ge=1)  # shorter ones stay, however often they are said
    max_copies: int = Field(default=1, ge=1)  # so many may stay, the first ones
    min_left: float = Field(default=0.3, ge=0, le=1)  # drops a document of which less than this share is left

    @property
    def mark(self) -> str:
        return "\n\n" if self.kind == "repeated_paragraphs" else "\n"

    def rows(self, document: Document) -> Rows:
        hashes = [text_hash(words) for words in self._long(document.text)]
        return np.array(hashes, np.uint64).reshape(-1, 1)

    def _long(self, text: str) -> list[bytes]:
        """The words of each piece that is long enough to be judged."""
        every = (normal_words(piece) for piece in text.split(self.mark))
        return [words for words in every if words.count(b" ") + 1 >= self.min_words]

    def decide(self, pool: Pool) -> tuple[Decisions, dict[str, Any]]:
        first, rank = first_places(pool.column(0))
        decisions = np.where(rank >= self.max_copies, first, -1)
        return decisions, {"pieces": len(first), "repeated": int((decisions >= 0).sum())}

    def judge(self, document: Document, decisions: Decisions) -> Outcome:
        if not (decisions >= 0).any():
            return KEPT
        verdicts = iter(decisions.tolist())
        pieces = document.text.split(self.mark)
        kept = [
            piece
            for piece in pieces
            if normal_words(piece).count(b" ") + 1 < self.min_words or next(verdicts) < 0
        ]
        text = self.mark.join(kept)
        taken = len(pieces) - len(kept)
        if len(text.strip()) < self.min_left * len(document.text.strip()) or not text.strip():
            return Dropped("little is left", f"{taken} of {len(pieces)} pieces are repeated")
        return Changed(text, {"repeated": taken})


def first_places(hashes: npt.NDArray[np.uint64]) -> tuple[Decisions, npt.NDArray[np.int64]]:
    """For each hash (the row of its first equal, or −1 for the first itself; how many equals come before).

    Worked off in partitions by the top bits, so that memory stays small beside the hashes themselves.
    """
    first = np.full(len(hashes), -1, np.int64)
    rank = np.zeros(len(hashes), np.int64)
    bits = max(0, (len(hashes) // PARTITION).bit_length())
    tops = (hashes >> np.uint64(64 - bits)) if bits else np.zeros(len(hashes), np.uint64)
    for part in range(1 << bits):
        rows = np.flatnonzero(tops == part) if bits else np.arange(len(hashes))
        order = rows[np.argsort(hashes[rows], kind="stable")]
        ordered = hashes[order]
        new = np.ones(len(order), bool)
        new[1:] = ordered[1:] != ordered[:-1]
        begins = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
        rank[order] = np.arange(len(order)) - begins
        first[order[~new]] = order[begins[~new]]
    return first, rank
