"""What lies on disk while documents are cleaned.

    OUT/documents/00000.jsonl.zst …     what passed all stages, in the order it was read
    OUT/report.json .md .html           the funnel
    OUT/work/plan                       hash of the recipe and the inputs: work goes on only with the same
    OUT/work/0/00000.{jsonl.zst, rows.npy, counts.npy, json}    pass 0, chunk 0
    OUT/work/0/{decisions.npy, pass.json}                       pass 0 is over

Files appear whole, by renaming; a chunk's .json comes last and says that the chunk is done.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import zstandard
from pydantic import BaseModel, ConfigDict

from llmworks.data.cleaning.outcome import StageCounts, Totals
from llmworks.data.cleaning.stage import Rows
from llmworks.data.files import open_bytes
from llmworks.data.sources import Document

LEVEL = 3  # of zstd


class ChunkRecord(BaseModel):
    """What became of one chunk in one pass."""

    model_config = ConfigDict(extra="forbid")

    stages: list[StageCounts]
    documents: int = 0  # that came out
    rows: int = 0  # for the pooled stage at the end
    # Of the first pass: where reading stands after this chunk, and what reading met.
    inputs: int = 0
    position: int = 0
    read: Totals = Totals()
    empty: int = 0
    replaced: int = 0
    skipped: dict[str, int] = {}


class PassRecord(BaseModel):
    """A pass that is over: its counts, and the rows that each chunk gave."""

    model_config = ConfigDict(extra="forbid")

    stages: list[StageCounts]
    chunk_documents: list[int]
    chunk_rows: list[int]
    read: Totals = Totals()
    empty: int = 0
    replaced: int = 0
    skipped: dict[str, int] = {}


class WorkFiles:
    """Names of all these files."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.work = out / "work"
        self.documents = out / "documents"

    def folder(self, number: int) -> Path:
        return self.work / str(number)

    def text(self, number: int, chunk: int, *, last: bool = False) -> Path:
        return (self.documents if last else self.folder(number)) / f"{chunk:05}.jsonl.zst"

    def rows(self, number: int, chunk: int) -> Path:
        return self.folder(number) / f"{chunk:05}.rows.npy"

    def counts(self, number: int, chunk: int) -> Path:
        return self.folder(number) / f"{chunk:05}.counts.npy"

    def record(self, number: int, chunk: int) -> Path:
        return self.folder(number) / f"{chunk:05}.json"

    def decisions(self, number: int) -> Path:
        return self.folder(number) / "decisions.npy"

    def pass_record(self, number: int) -> Path:
        return self.folder(number) / "pass.json"

    @property
    def plan(self) -> Path:
        return self.work / "plan"

    @property
    def report(self) -> Path:
        return self.out / "report.json"


def write_documents(path: Path, documents: Iterable[tuple[Document, int]], *, last: bool) -> None:
    """(document, tokens) as compressed JSON Lines; `last`: in the form that users read, no file if empty."""
    row = output_row if last else work_row
    text = "\n".join(json.dumps(row(*one), ensure_ascii=False) for one in documents)
    if last and not text:
        path.unlink(missing_ok=True)
        return
    write_whole(path, zstandard.ZstdCompressor(LEVEL if last else 1).compress((text + "\n").encode()))


def work_row(document: Document, tokens: int) -> Any:
    return [document.text, document.source, document.metadata, tokens]


def output_row(document: Document, tokens: int) -> Any:
    """The row's own fields stand beside the text; where it came from is added unless it says so itself."""
    return {"text": document.text, "source": document.source, **document.metadata}


def read_work(path: Path) -> Iterator[tuple[Document, int]]:
    """The documents of a chunk of a pass before."""
    with open_bytes(path) as file:
        for line in file:
            if not line.isspace():
                text, source, metadata, tokens = json.loads(line)
                yield Document(text, source, metadata), tokens


def write_array(path: Path, array: Rows) -> None:
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        np.save(file, array)
    partial.replace(path)


def write_whole(path: Path, data: bytes) -> None:
    """A file that is there whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
