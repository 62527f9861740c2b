"""What a source holds, before anything is made of it: counts, the longest document, a few samples."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from pathlib import Path

from llmworks.data.sources import Document, ReadLog, read_documents
from llmworks.data.split import document_hash, place
from llmworks.text.tokenizer import Tokenizer

SAMPLE_CHARACTERS = 300


@dataclass
class SourceReport:
    """Counts of one source; `tokens` is None without a tokenizer, `copies` have the text of another."""

    source: str
    documents: int = 0
    characters: int = 0
    bytes: int = 0  # in UTF-8
    tokens: int | None = None
    empty: int = 0  # documents of white space only, not counted above
    copies: int = 0
    longest: int = 0  # characters
    longest_source: str = ""
    replaced: int = 0  # characters that did not decode
    skipped: dict[str, int] = field(default_factory=dict)  # reason → files
    samples: list[Document] = field(default_factory=list)  # drawn at random, cut to 300 characters

    def add(self, document: Document) -> None:
        self.documents += 1
        self.characters += len(document.text)
        self.bytes += len(document.text.encode())
        if len(document.text) > self.longest:
            self.longest, self.longest_source = len(document.text), document.source


def report_source(
    spec: str | Path,
    tokenizer: Tokenizer | None = None,
    *,
    text_field: str = "text",
    samples: int = 3,
    seed: int = 0,
) -> SourceReport:
    """Read a source through and count. Samples depend on the documents' text and the seed only.

    Raises:
        DataError: as `read_documents`.
    """
    log = ReadLog()
    report = SourceReport(str(spec), tokens=None if tokenizer is None else 0)
    hashes: set[int] = set()
    drawn: list[tuple[float, int, Document]] = []  # a heap of the smallest places, negated
    for document in read_documents(spec, text_field, log=log):
        if not document.text.strip():
            report.empty += 1
            continue
        value = document_hash(document.text)
        report.add(document)
        if tokenizer is not None and report.tokens is not None:
            report.tokens += len(tokenizer.encode_array(document.text))
        if value in hashes:
            report.copies += 1
            continue
        hashes.add(value)
        sample = Document(document.text[:SAMPLE_CHARACTERS], document.source)
        heapq.heappush(drawn, (-place(value, seed), report.documents, sample))
        if len(drawn) > samples:
            heapq.heappop(drawn)
    report.samples = [sample for _, _, sample in sorted(drawn, key=lambda item: -item[0])]
    report.replaced, report.skipped = log.replaced, dict(log.skipped)
    return report
