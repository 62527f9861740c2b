"""What stages did, counted: documents, bytes and tokens in and out, reasons, and a few examples of each.

Counts of chunks add up in any order. Examples are the ones whose hash is smallest (a bottom-k sample), so
that the same ones are shown whatever process met them first.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from pydantic import BaseModel, ConfigDict

from llmworks.data.cleaning.stage import Changed, Dropped, Stage
from llmworks.data.sources import Document

EXAMPLES = 3  # of each reason
EXCERPT = 280  # characters


class Example(BaseModel):
    """One document that a stage dropped or changed."""

    key: str  # decides which examples are kept
    source: str
    what: str  # the reason, or what was changed
    detail: str = ""
    before: str = ""
    after: str = ""


class Totals(BaseModel):
    """An amount of text. Tokens are 0 where no tokenizer was given."""

    documents: int = 0
    bytes: int = 0
    tokens: int = 0

    def add(self, other: Totals) -> None:
        self.documents += other.documents
        self.bytes += other.bytes
        self.tokens += other.tokens


class StageCounts(BaseModel):
    """All that one stage did."""

    model_config = ConfigDict(extra="forbid")

    name: str
    documents_in: Totals = Totals()
    documents_out: Totals = Totals()
    dropped: dict[str, Totals] = {}  # reason → what went
    changed: int = 0  # documents
    changes: dict[str, int] = {}  # what was done → how often
    seconds: float = 0.0  # of work, over all processes
    findings: dict[str, Any] = {}  # of a pooled stage
    examples: dict[str, list[Example]] = {}

    def merge(self, other: StageCounts) -> None:
        """Add the counts of another part of the documents."""
        self.documents_in.add(other.documents_in)
        self.documents_out.add(other.documents_out)
        for reason, totals in other.dropped.items():
            self.dropped.setdefault(reason, Totals()).add(totals)
        self.changed += other.changed
        self.changes = dict(Counter(self.changes) + Counter(other.changes))
        self.seconds += other.seconds
        self.findings |= other.findings
        for what, examples in other.examples.items():
            kept = self.examples.get(what, []) + examples
            self.examples[what] = sorted(kept, key=lambda example: example.key)[:EXAMPLES]

    def drop(self, document: Document, verdict: Dropped, size: Totals) -> None:
        self.dropped.setdefault(verdict.reason, Totals()).add(size)
        if self._is_shown(document, verdict.reason):
            self._show(document, verdict.reason, verdict.detail, excerpt(document.text), "")

    def change(self, stage: Stage, document: Document, verdict: Changed) -> None:
        self.changed += 1
        for what, count in verdict.counts.items():
            self.changes[what] = self.changes.get(what, 0) + count
        for what, count in verdict.counts.items():
            if self._is_shown(document, what):
                place = first_difference(document.text, verdict.text)
                before = excerpt(document.text, place) if stage.shows_before else ""
                self._show(document, what, f"{count} ×", before, excerpt(verdict.text, place))

    def _key(self, document: Document) -> str:
        return hashlib.blake2b(f"{self.name}\0{document.source}".encode(), digest_size=8).hexdigest()

    def _is_shown(self, document: Document, what: str) -> bool:
        kept = self.examples.get(what, [])
        return len(kept) < EXAMPLES or self._key(document) < kept[-1].key

    def _show(self, document: Document, what: str, detail: str, before: str, after: str) -> None:
        kept = self.examples.setdefault(what, [])
        source = document.source
        kept.append(
            Example(
                key=self._key(document), source=source, what=what, detail=detail, before=before, after=after
            )
        )
        kept.sort(key=lambda example: example.key)
        del kept[EXAMPLES:]


def first_difference(left: str, right: str) -> int:
    """Where two texts begin to differ, by halving."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def excerpt(text: str, place: int = 0) -> str:
    """A short piece of a text around a place."""
    start = max(0, place - EXCERPT // 4)
    piece = text[start : start + EXCERPT]
    return "…" * (start > 0) + piece + "…" * (start + EXCERPT < len(text))
