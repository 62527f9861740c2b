"""The reading side of a build: inputs in order, their documents in batches, each batch with its position.

A position is (inputs read to their end, documents into the next): all that resuming needs, since an input's
documents always come in the same order.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from llmworks.data.shardset import InputRecord, hash_file
from llmworks.data.sources import Input, ReadLog, list_inputs, read_input
from llmworks.errors import DataError

BATCH_CHARACTERS = 1 << 20


@dataclass
class TextBatch:
    """Some documents' texts, and the position after them."""

    texts: list[str] = field(default_factory=list)
    characters: int = 0
    finished: list[InputRecord] = field(default_factory=list)  # inputs that ended since the batch before
    position: int = 0  # documents into the next input


class Reader:
    """All inputs of a build. `logs[s]` and `inputs` [(s, input)] go by the number s of the source."""

    def __init__(self, specs: list[str], text_field: str, out: Path) -> None:
        self.specs, self.text_field = specs, text_field
        self.logs = [ReadLog() for _ in specs]
        self.inputs: list[tuple[int, Input]] = []
        for number, (spec, log) in enumerate(zip(specs, self.logs, strict=True)):
            for item in list_inputs(spec, log):
                if not item.given and Path(item.path).resolve().is_relative_to(out.resolve()):
                    log.skip(item.name, "what is being made")
                else:
                    self.inputs.append((number, item))

    @property
    def bytes_read(self) -> int:
        return sum(log.bytes_read for log in self.logs)

    def bytes_of(self, inputs: int | None = None) -> int:
        """Size on disk of the first so many inputs, or of all."""
        return sum(stamp(item)[0] or 0 for _, item in self.inputs[:inputs])

    def stamps(self) -> list[tuple[str, int | None, int | None]]:
        """(name, size, time of change) of every input: a build goes on only while these stay the same."""
        return [(item.name, *stamp(item)) for _, item in self.inputs]

    def spool_streams(self, folder: Path) -> None:
        """Copy standard input and pipes to files: a stream cannot be read twice, and a build may need to."""
        for number, (source, item) in enumerate(self.inputs):
            if is_stream(item):
                spool = spool_file(folder, number)
                try:
                    stream = open(item.path, "rb")  # noqa: SIM115
                except OSError as error:
                    raise DataError(f"{item.name} cannot be read: {error.strerror}") from error
                with stream, spool.open("wb") as copy:
                    shutil.copyfileobj(stream, copy, 1 << 20)
                self.inputs[number] = (source, Input(item.name, str(spool)))

    def batches(self, inputs_done: int, documents_done: int) -> Iterator[TextBatch]:
        """The documents after a position, about a million characters at a time; the last may be empty."""
        batch = TextBatch()
        for number, (source, item) in enumerate(self.inputs[inputs_done:]):
            reading = _Reading(item, self.text_field, self.logs[source])
            skip = documents_done if number == 0 else 0
            for text in reading.texts():
                if reading.position > skip and text:
                    batch.texts.append(text)
                    batch.characters += len(text)
                if batch.characters >= BATCH_CHARACTERS:
                    batch.position = reading.position
                    yield batch
                    batch = TextBatch()
            batch.finished.append(reading.record())
        yield batch


class _Reading:
    """One input being read, and what its record in the manifest will say."""

    def __init__(self, item: Input, text_field: str, log: ReadLog) -> None:
        self.item, self.text_field, self.log = item, text_field, log
        self.position = self.empty = 0
        self.is_dataset = item.name.startswith("hf:")
        self._texts_hash = hashlib.sha256()
        self._replaced, self._skipped = log.replaced, log.skipped.copy()

    def texts(self) -> Iterator[str]:
        """Each document's text; "" for one of white space only, which counts but is left out."""
        for document in read_input(self.item, self.text_field, self.log):
            self.position += 1
            if self.is_dataset:
                self._texts_hash.update(document.text.encode() + b"\0")
            empty = not document.text or document.text.isspace()
            self.empty += empty
            yield "" if empty else document.text

    def record(self) -> InputRecord:
        """To be called when all was read."""
        size, modified = stamp(self.item)
        return InputRecord(
            path=self.item.name,
            size=size,
            modified_ns=modified,
            sha256=self._texts_hash.hexdigest() if self.is_dataset else content_hash(self.item),
            documents=self.position - self.empty,
            empty=self.empty,
            replaced=self.log.replaced - self._replaced,
            skipped=next(iter(self.log.skipped - self._skipped), None),
        )


def content_hash(item: Input) -> str:
    """sha256 of a file; empty for one that may not be read."""
    try:
        return hash_file(Path(item.path))
    except PermissionError:
        return ""


def stamp(item: Input) -> tuple[int | None, int | None]:
    """(size in bytes, time of change in ns) of an input that is a file."""
    if item.name.startswith("hf:"):
        return None, None
    status = _status(item)
    return status.st_size, status.st_mtime_ns


def _status(item: Input) -> os.stat_result:
    try:
        return os.stat(item.path)
    except OSError as error:
        raise DataError(f"{item.name} cannot be read: {error.strerror}") from error


def is_stream(item: Input) -> bool:
    """Whether an input can be read once only."""
    return not item.name.startswith("hf:") and not stat.S_ISREG(_status(item).st_mode)


def spool_file(folder: Path, number: int) -> Path:
    return folder / f"stream-{number}.spool"
