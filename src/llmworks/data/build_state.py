"""The state of a build on disk: files that only grow, and a journal that says how much of them counts.

journal   building.json, replaced atomically: counts a split, inputs finished, documents into the next
commit    flush the files to disk, then replace the journal: killed between the two, the old one still holds
resume    cut every file to what the journal counts
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from io import BufferedRandom
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from llmworks.data.shardset import (
    DOCUMENT,
    SPLITS,
    InputRecord,
    SplitRecord,
    document_file,
    hash_file,
    journal_file,
    token_file,
)
from llmworks.data.split import SplitRule
from llmworks.errors import DataError


class Counts(BaseModel):
    """What one split holds so far."""

    model_config = ConfigDict(extra="forbid")

    documents: int = 0
    characters: int = 0
    bytes: int = 0
    tokens: int = 0


class Journal(BaseModel):
    """How far a build is. `plan` is the hash of all that it depends on: it goes on only with the same."""

    model_config = ConfigDict(extra="forbid")

    format: Literal[1] = 1
    plan: str
    rule: SplitRule
    inputs: int = 0  # inputs read to their end
    inputs_bytes: int = 0  # length of the file of their records
    documents: int = 0  # documents of the next input that are written
    counts: dict[str, Counts]

    @classmethod
    def new(cls, plan: str, rule: SplitRule) -> Journal:
        return cls(plan=plan, rule=rule, counts={split: Counts() for split in SPLITS})

    @classmethod
    def load(cls, folder: Path) -> Journal | None:
        """The journal of an unfinished build, or None."""
        try:
            return cls.model_validate_json(journal_file(folder).read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as error:
            raise DataError(
                f"{journal_file(folder)} cannot be understood: remove {folder} and build again"
            ) from error


class BuildFiles:
    """The growing files of a build, opened at the state that a journal describes."""

    def __init__(self, folder: Path, journal: Journal, dtype: np.dtype[Any]) -> None:
        self.folder, self.journal, self.dtype = folder, journal, dtype
        self._write_journal()  # before there is a file that it would have to account for
        self._tokens: dict[str, BufferedRandom] = {}
        self._documents: dict[str, BufferedRandom] = {}
        for split in SPLITS:
            counts = journal.counts[split]
            self._tokens[split] = _open_at(token_file(folder, split), counts.tokens * dtype.itemsize)
            self._documents[split] = _open_at(
                document_file(folder, split), counts.documents * DOCUMENT.itemsize
            )
        self._inputs = _open_at(inputs_file(folder), journal.inputs_bytes)

    def append(self, split: str, tokens: npt.NDArray[Any], documents: npt.NDArray[Any]) -> None:
        """Add documents to a split; their `start` counts from the first of these tokens."""
        counts = self.journal.counts[split]
        documents = documents.copy()
        documents["start"] += counts.tokens
        self._tokens[split].write(np.ascontiguousarray(tokens).data)
        self._documents[split].write(documents.tobytes())
        counts.tokens += len(tokens)
        counts.documents += len(documents)
        counts.bytes += int(documents["bytes"].sum())
        counts.characters += int(documents["characters"].sum())

    def finish_input(self, record: InputRecord) -> None:
        """Note that an input was read to its end."""
        line = record.model_dump_json().encode() + b"\n"
        self._inputs.write(line)
        self.journal.inputs += 1
        self.journal.inputs_bytes += len(line)
        self.journal.documents = 0

    def commit(self) -> None:
        """From here a resumed build goes on."""
        for file in self._files():
            file.flush()
            os.fsync(file.fileno())
        self._write_journal()

    def _write_journal(self) -> None:
        write_atomically(journal_file(self.folder), self.journal.model_dump_json())

    def close(self) -> None:
        for file in self._files():
            with contextlib.suppress(OSError):  # a full disk: what matters was committed
                file.close()

    def _files(self) -> list[BufferedRandom]:
        return [*self._tokens.values(), *self._documents.values(), self._inputs]

    def input_records(self) -> list[InputRecord]:
        """The inputs that were read to their end."""
        lines = inputs_file(self.folder).read_bytes().splitlines()
        return [InputRecord.model_validate_json(line) for line in lines]

    def split_records(self) -> dict[str, SplitRecord]:
        """The counts of the splits with the hashes of their token files."""
        return {
            split: SplitRecord(
                **self.journal.counts[split].model_dump(), sha256=hash_file(token_file(self.folder, split))
            )
            for split in SPLITS
        }

    def written_documents(self) -> npt.NDArray[Any]:
        """The records of all documents of both splits."""
        return np.concatenate([np.fromfile(document_file(self.folder, split), DOCUMENT) for split in SPLITS])


def _open_at(path: Path, size: int) -> BufferedRandom:
    """A file for appending after its first `size` bytes; what came after is cut off."""
    path.touch()
    file = path.open("r+b")
    if path.stat().st_size < size:
        file.close()
        raise DataError(
            f"{path} is shorter than its journal says; remove {path.parent} and build the shards again"
        )
    file.truncate(size)
    file.seek(size)
    return file


def inputs_file(folder: Path) -> Path:
    return folder / "building.inputs.jsonl"


def write_atomically(path: Path, text: str) -> None:
    """Replace a file's contents: whoever reads, at any instant, finds the old or the new, never a part."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from building in the folder; the lock ends with the process, however it ends."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise DataError(f"another process is building shards in {folder}; wait for it to end") from error
    finally:
        os.close(descriptor)


def digest(*parts: object) -> str:
    """A hash over anything whose repr says all that it is."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()
