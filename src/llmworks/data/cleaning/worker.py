"""The work on one chunk of documents, in whatever process it is done.

documents ─► verdicts of the pooled stage before ─► stage ─► stage ─► … ─► rows for the pooled stage after
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from llmworks.data.cleaning.outcome import StageCounts, Totals
from llmworks.data.cleaning.stage import Changed, Dropped, Outcome, PooledStage, Stage
from llmworks.data.cleaning.workfiles import (
    ChunkRecord,
    WorkFiles,
    read_work,
    write_array,
    write_documents,
    write_whole,
)
from llmworks.data.sources import Document
from llmworks.errors import DataError
from llmworks.text.tokenizer import Tokenizer


@dataclass(frozen=True)
class Pass:
    """A stretch of the recipe between two pooled stages."""

    number: int
    opening: PooledStage | None  # whose verdicts are carried out first
    stages: tuple[Stage, ...]
    closing: PooledStage | None  # for which rows are gathered

    @property
    def last(self) -> bool:
        return self.closing is None


def split_passes(stages: list[Stage]) -> list[Pass]:
    """The passes over the documents that a list of stages needs."""
    passes: list[Pass] = []
    opening: PooledStage | None = None
    between: list[Stage] = []
    for stage in stages:
        if isinstance(stage, PooledStage):
            passes.append(Pass(len(passes), opening, tuple(between), stage))
            opening, between = stage, []
        else:
            between.append(stage)
    return [*passes, Pass(len(passes), opening, tuple(between), None)]


@dataclass
class Draft:
    """A document on its way, and its length in tokens where they are counted."""

    document: Document
    tokens: int = 0

    @property
    def size(self) -> Totals:
        text = self.document.text
        octets = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        return Totals(documents=1, bytes=octets, tokens=self.tokens)


class Worker:
    """All that a process needs to work on chunks."""

    def __init__(self, stages: list[Stage], out: Path, tokenizer: str | None) -> None:
        self.files = WorkFiles(out)
        self.passes = split_passes(stages)
        self._tokenizer = load_tokenizer(tokenizer) if tokenizer else None
        for stage in stages:
            stage.open(self.files.work)

    def first(self, chunk: int, documents: list[Document], record: ChunkRecord) -> ChunkRecord:
        """Chunk of the first pass: documents as they were read; `record` says where reading stands."""
        drafts = [Draft(document, self._count(document.text)) for document in documents]
        record.read = total(drafts)
        return self._run(self.passes[0], chunk, drafts, record)

    def later(self, number: int, chunk: int, first_row: int) -> ChunkRecord:
        """Chunk of a later pass: read from the pass before, whose decisions begin at `first_row`."""
        drafts = [Draft(*one) for one in read_work(self.files.text(number - 1, chunk))]
        record = ChunkRecord(stages=[])
        counts = np.load(self.files.counts(number - 1, chunk))
        decisions = np.load(self.files.decisions(number - 1), mmap_mode="r")
        ends = first_row + np.cumsum(counts)
        mine = {
            id(draft.document): np.array(decisions[end - count : end])
            for draft, count, end in zip(drafts, counts.tolist(), ends.tolist(), strict=True)
        }
        current = self.passes[number]
        opening = current.opening
        assert opening is not None
        drafts = self._judge(
            opening, drafts, lambda document: opening.judge(document, mine[id(document)]), record
        )
        return self._run(current, chunk, drafts, record)

    def _run(self, current: Pass, chunk: int, drafts: list[Draft], record: ChunkRecord) -> ChunkRecord:
        for stage in current.stages:
            drafts = self._judge(stage, drafts, stage.apply, record)
        if current.closing is not None:
            started = time.thread_time()
            rows = [current.closing.rows(draft.document) for draft in drafts]
            counts = np.array([len(one) for one in rows], np.int64)
            empty = np.zeros((0, current.closing.columns), current.closing.dtype)
            write_array(self.files.rows(current.number, chunk), np.concatenate([empty, *rows]))
            write_array(self.files.counts(current.number, chunk), counts)
            record.rows = int(counts.sum())
            record.stages.append(StageCounts(name=current.closing.name, seconds=time.thread_time() - started))
        path = self.files.text(current.number, chunk, last=current.last)
        write_documents(path, ((draft.document, draft.tokens) for draft in drafts), last=current.last)
        record.documents = len(drafts)
        write_whole(self.files.record(current.number, chunk), record.model_dump_json().encode())
        return record

    def _judge(
        self,
        stage: Stage,
        drafts: list[Draft],
        verdict_on: Callable[[Document], Outcome],
        record: ChunkRecord,
    ) -> list[Draft]:
        """What a stage leaves of some documents; its counts go into the record."""
        counts = StageCounts(name=stage.name, documents_in=total(drafts))
        kept = []
        started = time.thread_time()
        for draft in drafts:
            verdict = verdict_on(draft.document)
            if isinstance(verdict, Dropped):
                counts.drop(draft.document, verdict, draft.size)
                continue
            if isinstance(verdict, Changed) and verdict.text != draft.document.text:
                counts.change(stage, draft.document, verdict)
                document = Document(verdict.text, draft.document.source, draft.document.metadata)
                draft = Draft(document, self._count(verdict.text))
            kept.append(draft)
        counts.seconds = time.thread_time() - started
        counts.documents_out = total(kept)
        record.stages.append(counts)
        return kept

    def _count(self, text: str) -> int:
        return 0 if self._tokenizer is None else len(self._tokenizer.encode_array(text))


def total(drafts: list[Draft]) -> Totals:
    sum_of = Totals()
    for draft in drafts:
        sum_of.add(draft.size)
    return sum_of


def load_tokenizer(name: str) -> Tokenizer:
    """The tokenizer of a file, a package's folder or a package's name."""
    from llmworks.text.formats import NAMES_IN_FOLDER

    path = Path(name).expanduser()
    if path.is_file() or any((path / one).is_file() for one in NAMES_IN_FOLDER):
        return Tokenizer.from_file(path)
    from llmworks.packages import Package

    tokenizer = Package.load(name).tokenizer
    if tokenizer is None:
        raise DataError(f"{name} has no tokenizer to count tokens with; name another, or none")
    return tokenizer


# In a process of its own: one worker, made once.

_worker: Worker | None = None


def start(stages: list[Stage], out: Path, tokenizer: str | None, parent: int) -> None:
    """Called once in each process. Ctrl-C is the parent's to handle; where it is gone, so are we."""
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _worker = Worker(stages, out, tokenizer)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def run_first(chunk: int, documents: list[Document], record: ChunkRecord) -> ChunkRecord:
    assert _worker is not None
    return _worker.first(chunk, documents, record)


def run_later(number: int, chunk: int, first_row: int) -> ChunkRecord:
    assert _worker is not None
    return _worker.later(number, chunk, first_row)
