"""Documents to token shards: read, tokenized in threads, written in order, resumed at any instant.

    read ──► batches of ~1 M characters ──► tokenize (threads; the C loops release the GIL) ──► append
                                                                                  │ every 2 seconds
                                        building.json ◄── flush to disk ◄─────────┘

Files grow by appending only, and `building.json`, replaced atomically, says how much of them counts. A build
that was killed cuts the files to that, skips the documents that are in them and goes on. What is written
depends on nothing but the documents and their order, so the result is the same to the byte. `manifest.json`
comes last.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from llmworks.data.build_progress import BuildProgress
from llmworks.data.build_reading import Reader, TextBatch, content_hash, is_stream, spool_file, stamp
from llmworks.data.build_state import BuildFiles, Journal, digest, inputs_file, locked, write_atomically
from llmworks.data.shardset import (
    DOCUMENT,
    FORMAT,
    MANIFEST,
    SPLITS,
    InputRecord,
    Manifest,
    ShardSet,
    SourceRecord,
    document_file,
    journal_file,
    token_file,
)
from llmworks.data.sources import Input, describe_skipped, readable
from llmworks.data.split import Part, SplitRule
from llmworks.errors import DataError
from llmworks.text.tokenizer import Tokenizer

__all__ = ["ShardSet", "build_shards", "find_end_token"]

COMMIT_SECONDS = 2.0
END_TOKENS = ("<|endoftext|>", "<|end_of_text|>", "</s>", "<eos>")
"""Names of the end-of-document token; the first that a tokenizer has is taken."""

Encoded: TypeAlias = dict[str, tuple[npt.NDArray[Any], npt.NDArray[Any]]]
"""split → (tokens, document records)"""


def build_shards(
    specs: str | Path | Sequence[str | Path],
    tokenizer: Tokenizer,
    out: str | Path,
    *,
    validation: float = 0.01,
    seed: int = 0,
    text_field: str = "text",
    end_token: str | None = None,
    workers: int | None = None,
    overwrite: bool = False,
    progress: bool = True,
) -> ShardSet:
    """Tokenize sources into a folder of memory-mapped shards, divided into train and validation.

    Called again with the same sources and options it returns what is there; after an interruption it goes on
    where the last build was. Each document ends with the end-of-document token.

    Args:
        specs: one source or several, as `read_documents` takes them.
        out: the folder to make.
        validation: share of the documents held out, chosen by the hash of their text (see split.py).
        seed: of that choice.
        text_field: the field of a row that holds its text.
        end_token: name of the end-of-document token; by default the first of END_TOKENS there is.
        workers: tokenizing threads; by default one a processor.
        overwrite: replace a shard set of other sources or options rather than refuse.
        progress: show a progress bar on a terminal.

    Raises:
        DataError: a source that cannot be read or is empty; `out` holds something else; the disk is full.
    """
    if not 0 <= validation < 1:
        raise DataError(f"validation is the share held out, from 0 to below 1; it was {validation}")
    names = [os.fspath(spec) for spec in ([specs] if isinstance(specs, str | Path) else specs)]
    if not names:
        raise DataError("no source was given to build shards from")
    rule = SplitRule(share=validation, seed=seed)
    job = _Job(Reader(names, text_field, Path(out)), tokenizer, Path(out), rule, end_token)
    try:
        job.out.mkdir(parents=True, exist_ok=True)
        with locked(job.out):
            return job.run(workers or available_processors(), overwrite, progress)
    except OSError as error:
        raise DataError(f"shards cannot be written to {out}: {error.strerror or error}") from error


class _Job:
    """One call of build_shards."""

    def __init__(
        self, reader: Reader, tokenizer: Tokenizer, out: Path, rule: SplitRule, end_token: str | None
    ) -> None:
        self.reader, self.tokenizer, self.out, self.rule = reader, tokenizer, out, rule
        self.end_token, self.end_id = find_end_token(tokenizer, end_token)
        self.dtype = np.dtype("<u2" if tokenizer.vocab_size <= 1 << 16 else "<u4")
        self.options = digest(
            FORMAT,
            tokenizer.fingerprint(),
            self.end_id,
            reader.text_field,
            rule.share,
            rule.seed,
        )

    def run(self, workers: int, overwrite: bool, progress: bool) -> ShardSet:
        done = self._finished_before(overwrite)
        if done is not None:
            return done
        self.reader.spool_streams(self.out)
        plan = digest(self.options, self.reader.stamps())
        journal = Journal.load(self.out)
        if journal is None or journal.plan != plan:
            journal = Journal.new(plan, self.rule)
        with BuildProgress(self.reader.bytes_of(), progress) as bar:
            files = self._write_all(journal, workers, bar)
            self._require_documents(files)
            if journal.rule == self.rule and self._leaves_a_side_empty(journal):
                documents = files.written_documents()
                rule = self.rule.for_few_documents(documents["hash"], documents["characters"])
                files = self._write_all(Journal.new(plan, rule), workers, bar)
        return self._finish(files)

    # Before the work: is it done already?

    def _finished_before(self, overwrite: bool) -> ShardSet | None:
        """The shard set that is there, if it is of these sources and options."""
        if not (self.out / MANIFEST).exists():
            self._refuse_foreign_files()
            return None
        if overwrite:
            self._remove_traces()
            for path in (*_split_files(self.out), self.out / MANIFEST):
                path.unlink(missing_ok=True)
            return None
        shards = ShardSet.open(self.out)
        if not self._is_made_by(shards.manifest):
            raise DataError(
                f"{self.out} holds shards of other sources, contents or options; choose another folder, or "
                "have them overwritten"
            )
        self._remove_traces()
        return shards

    def _refuse_foreign_files(self) -> None:
        """The folder must be new or hold an unfinished build: nothing of the user's is overwritten."""
        if journal_file(self.out).exists():
            return
        for path in _split_files(self.out):
            if path.exists():
                raise DataError(f"{path} is in the way, and belongs to no unfinished build; remove it")

    def _is_made_by(self, manifest: Manifest) -> bool:
        made = [record for source in manifest.sources for record in source.inputs]
        inputs = [item for _, item in self.reader.inputs]
        if manifest.options != self.options or len(made) != len(inputs):
            return False
        return all(_is_unchanged(record, item) for record, item in zip(made, inputs, strict=True))

    # The work: read, tokenize, write.

    def _write_all(self, journal: Journal, workers: int, bar: BuildProgress) -> BuildFiles:
        """Write what the journal does not count yet; the files are closed and complete on return."""
        files = BuildFiles(self.out, journal, self.dtype)
        pool = ThreadPoolExecutor(workers, "tokenize")
        pending: deque[tuple[TextBatch, Future[Encoded]]] = deque()
        committed = 0.0
        done = self.reader.bytes_of(journal.inputs) - self.reader.bytes_read
        try:
            for batch in self.reader.batches(journal.inputs, journal.documents):
                bar.read(done + self.reader.bytes_read)
                pending.append((batch, pool.submit(self._encode, batch.texts, journal.rule)))
                while len(pending) > workers + 2 or (pending and pending[0][1].done()):
                    _write(files, *pending.popleft(), bar)
                if time.monotonic() - committed > COMMIT_SECONDS:
                    files.commit()
                    committed = time.monotonic()
            while pending:
                _write(files, *pending.popleft(), bar)
            files.commit()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            files.close()
        return files

    def _encode(self, texts: list[str], rule: SplitRule) -> Encoded:
        """Tokenize documents and divide them; runs in a worker thread."""
        sides: dict[str, list[Part]] = {split: [] for split in SPLITS}
        for part in (part for text in texts for part in rule.divide(text)):
            sides[part.split].append(part)
        return {split: self._encode_side(parts) for split, parts in sides.items()}

    def _encode_side(self, parts: list[Part]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """(tokens of all the parts, each ended; their records)."""
        texts = [part.text for part in parts]
        ids = self.tokenizer.encode_batch(texts)
        tokens = np.full(sum(map(len, ids)) + len(ids), self.end_id, self.dtype)
        records = np.zeros(len(parts), DOCUMENT)
        at = 0
        for number, (one, part) in enumerate(zip(ids, parts, strict=True)):
            octets = len(part.text) if part.text.isascii() else len(part.text.encode())
            records[number] = (at, octets, len(part.text), part.hash)
            if len(one) and int(one.max()) >= self.tokenizer.vocab_size:
                raise DataError(f"the tokenizer gave the id {one.max()}, beyond its own vocabulary")
            tokens[at : at + len(one)] = one
            at += len(one) + 1
        return tokens, records

    # After it.

    def _require_documents(self, files: BuildFiles) -> None:
        """Every source must have had something to read."""
        documents = [0] * len(self.reader.specs)
        for (source, _), record in zip(self.reader.inputs, files.input_records(), strict=True):
            documents[source] += record.documents
            if record.skipped and not self.reader.logs[source].skipped[record.skipped]:
                self.reader.logs[source].skip(record.path, record.skipped)
        for spec, count, log in zip(self.reader.specs, documents, self.reader.logs, strict=True):
            if count == 0:
                raise DataError(f"{spec} holds no document{describe_skipped(log)}")

    def _leaves_a_side_empty(self, journal: Journal) -> bool:
        return self.rule.share > 0 and any(counts.documents == 0 for counts in journal.counts.values())

    def _finish(self, files: BuildFiles) -> ShardSet:
        """Write the manifest, which makes the folder a shard set, and take away what only a build needs."""
        records = files.input_records()
        sources = []
        for number, (spec, log) in enumerate(zip(self.reader.specs, self.reader.logs, strict=True)):
            mine = [
                record
                for record, (source, _) in zip(records, self.reader.inputs, strict=True)
                if source == number
            ]
            left_out = dict(sorted(log.left_out.items()))
            sources.append(SourceRecord(spec=readable(spec), inputs=mine, left_out=left_out))
        manifest = Manifest(
            format=FORMAT,
            dtype=self.dtype.name,  # type: ignore[arg-type]
            tokenizer=self.tokenizer.fingerprint(),
            vocab_size=self.tokenizer.vocab_size,
            end_token=self.end_token,
            end_id=self.end_id,
            text_field=self.reader.text_field,
            validation=self.rule.share,
            seed=self.rule.seed,
            held_out=files.journal.rule.describe(),
            options=self.options,
            sources=sources,
            splits=files.split_records(),  # type: ignore[arg-type]
        )
        write_atomically(self.out / MANIFEST, manifest.model_dump_json(indent=2) + "\n")
        self._remove_traces()
        return ShardSet.open(self.out)

    def _remove_traces(self) -> None:
        spools = [spool_file(self.out, number) for number in range(len(self.reader.inputs))]
        for path in (journal_file(self.out), inputs_file(self.out), *spools):
            path.unlink(missing_ok=True)


def _write(files: BuildFiles, batch: TextBatch, encoded: Future[Encoded], bar: BuildProgress) -> None:
    """Append a batch when its tokens are there, and move the position past it."""
    for split, (tokens, documents) in encoded.result().items():
        files.append(split, tokens, documents)
    for record in batch.finished:
        files.finish_input(record)
    files.journal.documents = batch.position
    bar.wrote(sum(counts.tokens for counts in files.journal.counts.values()))


def _split_files(folder: Path) -> list[Path]:
    return [file(folder, split) for file in (token_file, document_file) for split in SPLITS]


def _is_unchanged(record: InputRecord, item: Input) -> bool:
    """Whether an input is what was read: by its time of change, or else, wherever it lies, its contents."""
    same_name = record.path == item.name
    if item.name.startswith("hf:"):
        return same_name
    if is_stream(item):
        return False
    size, modified = stamp(item)
    if record.size != size:
        return False
    return (same_name and record.modified_ns == modified) or record.sha256 == content_hash(item)


def find_end_token(tokenizer: Tokenizer, name: str | None = None) -> tuple[str, int]:
    """The end-of-document token's name and id."""
    for candidate in END_TOKENS if name is None else (name,):
        number = tokenizer.special_tokens.get(candidate)
        if number is not None:
            return candidate, number
    raise DataError(
        f"the tokenizer has no end-of-document token ({name or ' or '.join(END_TOKENS)}); its special tokens "
        f"are {', '.join(tokenizer.special_tokens) or 'none'}. Name one with end_token"
    )


def available_processors() -> int:
    """Processors that this process may use, which a container may have limited."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
