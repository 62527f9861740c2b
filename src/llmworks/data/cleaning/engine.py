"""Documents through the stages of a recipe: in chunks, in processes, resumed at any instant.

    read ─► chunks of ~4 M characters ─► pass 0 ─► rows ─► decide ─► pass 1 ─► … ─► documents/, report
             (worker processes)           text on disk, compressed

A pass is a stretch of stages that look at one document at a time; it ends where a pooled stage must know all
documents, and the next pass begins with that stage's verdicts. Between passes the text lies on disk, and
only rows of numbers (8 bytes a document for copies, 452 for near-copies) are looked at together, mapped from
their files. What comes out depends on nothing but the documents, their order and the recipe: not on the
number of processes, nor on how often the work was killed.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import shutil
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import numpy as np

from llmworks.data.build_reading import Reader
from llmworks.data.build_state import digest, locked
from llmworks.data.cleaning.outcome import StageCounts, Totals
from llmworks.data.cleaning.progress import CleaningProgress
from llmworks.data.cleaning.recipe import CleaningRecipe
from llmworks.data.cleaning.report import CleaningReport, write_report
from llmworks.data.cleaning.stage import Pool, PooledStage, Stage
from llmworks.data.cleaning.worker import Pass, Worker, run_first, run_later, split_passes, start
from llmworks.data.cleaning.workfiles import (
    ChunkRecord,
    PassRecord,
    WorkFiles,
    read_work,
    write_array,
    write_whole,
)
from llmworks.data.shards import available_processors
from llmworks.data.sources import Document, describe_skipped, read_input, readable
from llmworks.errors import DataError

CHUNK_CHARACTERS = 1 << 22
FORMAT = 1


def clean_documents(
    specs: str | Path | Sequence[str | Path],
    out: str | Path,
    recipe: CleaningRecipe | None = None,
    *,
    text_field: str = "text",
    tokenizer: str | None = None,
    workers: int | None = None,
    overwrite: bool = False,
    progress: bool = True,
    chunk_characters: int = CHUNK_CHARACTERS,
) -> CleaningReport:
    """Clean the documents of some sources into `out`/documents, with the funnel in `out`/report.*.

    Called again with the same sources and recipe it returns the report that is there; after an interruption
    it goes on where it was.

    Args:
        specs: one source or several, as `read_documents` takes them.
        recipe: the stages; by default `CleaningRecipe.default()`.
        tokenizer: a package or tokenizer file; with it the report counts tokens too.
        workers: processes; by default one a processor. With 1 the work is done in this process.
        overwrite: replace what another recipe or other sources left in `out`.
        chunk_characters: how much text is one piece of work; a chunk is held in memory by each process.

    Raises:
        DataError: a source that cannot be read or is empty; `out` holds something else; the disk is full.
    """
    names = [os.fspath(spec) for spec in ([specs] if isinstance(specs, str | Path) else specs)]
    if not names:
        raise DataError("no source was given to clean")
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            job = _Job(names, folder, recipe or CleaningRecipe.default(), text_field, tokenizer)
            job.chunk_characters = chunk_characters
            return job.run(workers or available_processors(), overwrite, progress)
    except BrokenProcessPool as error:
        raise DataError(
            "a worker process died, most likely for want of memory; the same command goes on where it was: "
            "give it fewer --workers"
        ) from error
    except OSError as error:
        raise DataError(f"{out} cannot be written: {error.strerror or error}") from error


class _Job:
    """One call of clean_documents."""

    chunk_characters = CHUNK_CHARACTERS

    def __init__(
        self, names: list[str], out: Path, recipe: CleaningRecipe, text_field: str, tokenizer: str | None
    ) -> None:
        self.files = WorkFiles(out)
        self.recipe, self.tokenizer = recipe, tokenizer
        self.stages: list[Stage] = list(recipe.stage)
        self.reader = Reader(names, text_field, out)

    def run(self, workers: int, overwrite: bool, progress: bool) -> CleaningReport:
        self.files.work.mkdir(exist_ok=True) if overwrite else None
        plan = self._plan()
        if overwrite and not self._is_ours(plan):
            self._remove_traces()
        done = self._finished_before(plan)
        if done is not None:
            return done
        self._begin(plan)
        self.reader.spool_streams(self.files.work)
        for stage in self.stages:
            stage.prepare(self.files.work)
        passes = split_passes(self.stages)
        with CleaningProgress(progress) as bar:
            pool = _Processes(workers, self.stages, self.files.out, self.tokenizer)
            try:
                records = [self._run_pass(current, pool, bar) for current in passes]
            finally:
                pool.close()
        report = self._report(passes, records)
        write_report(report, self.files.out)
        shutil.rmtree(self.files.work, ignore_errors=True)
        return CleaningReport.load(self.files.out)

    # Before the work: whose folder is it?

    def _plan(self) -> str:
        stamps = self.reader.stamps()
        recipe = self.recipe.model_dump_json()
        return digest(FORMAT, recipe, self.tokenizer, self.reader.text_field, self.chunk_characters, stamps)

    def _is_ours(self, plan: str) -> bool:
        if self.files.report.exists():
            return CleaningReport.load(self.files.out).plan == plan
        return self.files.plan.exists() and self.files.plan.read_text() == plan

    def _remove_traces(self) -> None:
        for folder in (self.files.work, self.files.documents):
            shutil.rmtree(folder, ignore_errors=True)
        for kind in ("json", "md", "html"):
            self.files.report.with_suffix(f".{kind}").unlink(missing_ok=True)

    def _finished_before(self, plan: str) -> CleaningReport | None:
        """The report that is there, if it is of these sources and this recipe."""
        if self.files.report.exists():
            report = CleaningReport.load(self.files.out)
            if report.plan == plan:
                return report
            raise DataError(
                f"{self.files.out} holds what another recipe or other sources gave; choose another folder, "
                "or have it overwritten"
            )
        if self.files.plan.exists() and self.files.plan.read_text() != plan:
            raise DataError(
                f"{self.files.out} holds unfinished work of another recipe or other sources; choose another "
                "folder, or have it overwritten"
            )
        if not self.files.plan.exists() and self.files.documents.exists():
            raise DataError(f"{self.files.documents} is in the way: it is none of this command's; remove it")
        return None

    def _begin(self, plan: str) -> None:
        self.files.work.mkdir(exist_ok=True)
        self.files.documents.mkdir(exist_ok=True)
        write_whole(self.files.plan, plan.encode())

    # The work.

    def _run_pass(self, current: Pass, pool: _Processes, bar: CleaningProgress) -> PassRecord:
        path = self.files.pass_record(current.number)
        if path.exists():
            return PassRecord.model_validate_json(path.read_bytes())
        self.files.folder(current.number).mkdir(exist_ok=True)
        before = None
        if current.number:
            before = PassRecord.model_validate_json(self.files.pass_record(current.number - 1).read_bytes())
        bar.begin(current, None if before is None else len(before.chunk_documents), self.reader.bytes_of())
        records = (
            self._read_chunks(pool, bar) if before is None else self._later_chunks(current, before, pool, bar)
        )
        merged = merge_records(records)
        if current.closing is not None:
            bar.decide(current.closing.name)
            merged.stages[-1].findings |= self._decide(current, current.closing, merged)
        write_whole(path, merged.model_dump_json().encode())
        if current.number:  # its text was needed until now
            for chunk in range(len(merged.chunk_documents)):
                self.files.text(current.number - 1, chunk).unlink(missing_ok=True)
                self.files.rows(current.number - 1, chunk).unlink(missing_ok=True)
        return merged

    def _read_chunks(self, pool: _Processes, bar: CleaningProgress) -> list[ChunkRecord]:
        """Pass 0: from the sources. The chunks that are done, from the first on, are not read again."""
        done: list[ChunkRecord] = []
        while (path := self.files.record(0, len(done))).exists():
            done.append(ChunkRecord.model_validate_json(path.read_bytes()))
        inputs, position = (done[-1].inputs, done[-1].position) if done else (0, 0)
        skipped = self.reader.bytes_of(inputs)
        jobs = (
            functools.partial(pool.first, number, documents, record)
            for number, (documents, record) in enumerate(self._chunks(inputs, position), len(done))
        )
        for record in pool.in_order(jobs):
            bar.read(skipped + self.reader.bytes_read, record.documents)
            done.append(record)
        if not any(record.read.documents for record in done):
            reasons = "".join(describe_skipped(log) for log in self.reader.logs)
            raise DataError(f"{', '.join(map(readable, self.reader.specs))}: no document to clean{reasons}")
        return done

    def _chunks(self, inputs_done: int, documents_done: int) -> Iterator[tuple[list[Document], ChunkRecord]]:
        """Documents from a position on, about `chunk_characters` at a time."""
        documents: list[Document] = []
        record, size = ChunkRecord(stages=[]), 0
        for number, (source, item) in enumerate(self.reader.inputs[inputs_done:], inputs_done):
            log = self.reader.logs[source]
            replaced, skipped = log.replaced, log.skipped.copy()
            skip = documents_done if number == inputs_done else 0
            for position, document in enumerate(read_input(item, self.reader.text_field, log), 1):
                if position <= skip:
                    replaced = log.replaced
                    continue
                if document.text and not document.text.isspace():
                    documents.append(document)
                    size += len(document.text)
                else:
                    record.empty += 1
                if size >= self.chunk_characters:
                    record.inputs, record.position = number, position
                    record.replaced += log.replaced - replaced
                    replaced = log.replaced
                    yield documents, record
                    documents, record, size = [], ChunkRecord(stages=[]), 0
            record.replaced += log.replaced - replaced
            for reason, count in (log.skipped - skipped).items():
                record.skipped[reason] = record.skipped.get(reason, 0) + count
        record.inputs = len(self.reader.inputs)
        if documents or record.empty or record.skipped or record.replaced:
            yield documents, record

    def _later_chunks(
        self, current: Pass, before: PassRecord, pool: _Processes, bar: CleaningProgress
    ) -> list[ChunkRecord]:
        records: dict[int, ChunkRecord] = {}
        jobs: list[Callable[[], Future[ChunkRecord]]] = []
        numbers = []
        first_rows = np.cumsum([0, *before.chunk_rows]).tolist()
        for chunk in range(len(before.chunk_documents)):
            path = self.files.record(current.number, chunk)
            if path.exists():
                records[chunk] = ChunkRecord.model_validate_json(path.read_bytes())
            else:
                jobs.append(functools.partial(pool.later, current.number, chunk, first_rows[chunk]))
                numbers.append(chunk)
        bar.chunks(len(records))
        for chunk, record in zip(numbers, pool.in_order(iter(jobs)), strict=True):
            records[chunk] = record
            bar.chunks(len(records))
        return [records[chunk] for chunk in range(len(records))]

    def _decide(self, current: Pass, stage: PooledStage, merged: PassRecord) -> dict[str, Any]:
        """Let a pooled stage look at all rows; its decisions go to disk, its findings are returned."""
        count = len(merged.chunk_documents)
        rows = [
            (self.files.rows(current.number, one), self.files.counts(current.number, one))
            for one in range(count)
        ]
        starts = np.cumsum([0, *merged.chunk_documents])

        @functools.lru_cache(maxsize=16)
        def chunk_texts(chunk: int) -> list[Document]:
            return [document for document, _ in read_work(self.files.text(current.number, chunk))]

        def document(number: int) -> Document:
            chunk = int(np.searchsorted(starts, number, side="right")) - 1
            return chunk_texts(chunk)[number - int(starts[chunk])]

        decisions, findings = stage.decide(Pool(rows, document, stage.columns, stage.dtype))
        write_array(self.files.decisions(current.number), decisions)
        return findings

    # After it.

    def _report(self, passes: list[Pass], records: list[PassRecord]) -> CleaningReport:
        stages: list[StageCounts] = []
        for current, record in zip(passes, records, strict=True):
            mine = [one.model_copy(deep=True) for one in record.stages]
            if current.opening is not None:  # what gathered its rows was noted by the pass before
                stages[-1].merge(mine.pop(0))
            stages += mine
        skipped = dict(records[0].skipped)
        for log in self.reader.logs:
            for reason, count in log.left_out.items():
                skipped[reason] = skipped.get(reason, 0) + count
        first = records[0]
        return CleaningReport(
            plan=self._plan(), sources=[readable(spec) for spec in self.reader.specs], stages=stages,
            recipe=self.recipe.model_dump(mode="json"), tokenizer=self.tokenizer, read=first.read,
            kept=stages[-1].documents_out if stages else first.read, empty=first.empty,
            replaced=first.replaced, skipped=skipped,
        )  # fmt: skip


def merge_records(records: list[ChunkRecord]) -> PassRecord:
    """The counts of all chunks of a pass."""
    merged = PassRecord(stages=[], chunk_documents=[], chunk_rows=[])
    for record in records:
        if not merged.stages:
            merged.stages = [StageCounts(name=one.name) for one in record.stages]
        for into, one in zip(merged.stages, record.stages, strict=True):
            into.merge(one)
        merged.chunk_documents.append(record.documents)
        merged.chunk_rows.append(record.rows)
        merged.read.add(record.read)
        merged.empty += record.empty
        merged.replaced += record.replaced
        for reason, count in record.skipped.items():
            merged.skipped[reason] = merged.skipped.get(reason, 0) + count
    return merged


class _Processes:
    """Worker processes, or this process where one worker is asked for."""

    def __init__(self, workers: int, stages: list[Stage], out: Path, tokenizer: str | None) -> None:
        self._workers = workers
        self._here = Worker(stages, out, tokenizer) if workers == 1 else None
        self._pool: ProcessPoolExecutor | None = None
        if workers > 1:
            context = multiprocessing.get_context("spawn")  # a fork of a process with threads may lock up
            given = (stages, out, tokenizer, os.getpid())
            self._pool = ProcessPoolExecutor(workers, context, initializer=start, initargs=given)

    def first(self, chunk: int, documents: list[Document], record: ChunkRecord) -> Future[ChunkRecord]:
        if self._pool is not None:
            return self._pool.submit(run_first, chunk, documents, record)
        assert self._here is not None
        return _finished(self._here.first(chunk, documents, record))

    def later(self, number: int, chunk: int, first_row: int) -> Future[ChunkRecord]:
        if self._pool is not None:
            return self._pool.submit(run_later, number, chunk, first_row)
        assert self._here is not None
        return _finished(self._here.later(number, chunk, first_row))

    def in_order(self, jobs: Iterator[Callable[[], Future[ChunkRecord]]]) -> Iterator[ChunkRecord]:
        """Results in the order of the jobs; only a few jobs are begun ahead of the one that is waited for."""
        pending: deque[Future[ChunkRecord]] = deque()
        for job in jobs:
            pending.append(job())
            while len(pending) > self._workers + 1 or (pending and pending[0].done()):
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)


def _finished(record: ChunkRecord) -> Future[ChunkRecord]:
    future: Future[ChunkRecord] = Future()
    future.set_result(record)
    return future


__all__ = ["Totals", "clean_documents"]
