"""A shard set: documents as token ids on disk, ready to be mapped into memory.

manifest.json           what it was made from and with, counts, hashes; written last
train.tokens.bin        all documents' ids end to end, uint16 or uint32, little-endian
train.documents.bin     one record a document: where it starts, its bytes and characters, its hash
validation.tokens.bin, validation.documents.bin
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from llmworks.errors import DataError

FORMAT: Literal[1] = 1
SPLITS = ("train", "validation")
MANIFEST = "manifest.json"

DOCUMENT = np.dtype([("start", "<i8"), ("bytes", "<i8"), ("characters", "<i8"), ("hash", "<u8")])
"""One document: first token in the split, length of its text in UTF-8 bytes and in characters, and the hash
of its normalised text (the same for documents that differ in white space or case only)."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class InputRecord(_Part):
    """One file (or data set) that was read."""

    path: str
    size: int | None  # bytes on disk
    modified_ns: int | None
    sha256: str  # of the file; of the documents' text where there is no file
    documents: int
    empty: int = 0  # documents of white space only, left out
    replaced: int = 0  # characters that did not decode and stand as U+FFFD
    skipped: str | None = None  # why the file was left out, if it was


class SourceRecord(_Part):
    """One source as the user named it."""

    spec: str
    inputs: list[InputRecord]
    left_out: dict[str, int]  # reason → files of a folder that were not opened


class SplitRecord(_Part):
    """Counts of one split. `tokens` includes one end-of-document token a document, `bytes` does not."""

    documents: int
    characters: int
    bytes: int
    tokens: int
    sha256: str  # of the token file


class Manifest(_Part):
    """What a shard set holds and where it came from."""

    format: Literal[1]
    dtype: Literal["uint16", "uint32"]
    tokenizer: str  # fingerprint
    vocab_size: int
    end_token: str
    end_id: int
    text_field: str
    validation: float
    seed: int
    held_out: str  # how validation was chosen, in words
    options: str  # hash of what a build must have in common to give the same
    sources: list[SourceRecord]
    splits: dict[Literal["train", "validation"], SplitRecord]


class ShardSet:
    """A finished shard set, opened for reading. Opening maps nothing; a split is mapped when asked for."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path, self.manifest = path, manifest

    @classmethod
    def open(cls, path: str | Path) -> ShardSet:
        """Open a folder that `build_shards` made, checking that its files are what the manifest says.

        Raises:
            DataError: no shard set, an unfinished one, one of another format, or files of the wrong size.
        """
        path = Path(path)
        try:
            text = (path / MANIFEST).read_text(encoding="utf-8")
        except OSError as error:
            hint = "the build was not finished: run it again" if is_unfinished(path) else "build it first"
            raise DataError(f"{path} is not a shard set (no readable {MANIFEST}); {hint}") from error
        try:
            manifest = Manifest.model_validate_json(text)
        except ValidationError as error:
            problem = error.errors()[0]
            where = ".".join(map(str, problem["loc"])) or "the top"
            raise DataError(
                f"{path / MANIFEST} is no manifest of format {FORMAT}: at {where}: {problem['msg']}"
            ) from error
        shards = cls(path, manifest)
        for split in SPLITS:
            shards._check_sizes(split)
        return shards

    @property
    def name(self) -> str:
        return self.path.resolve().name

    @property
    def fingerprint(self) -> str:
        """sha256 over the token files' hashes: the same data, wherever it lies."""
        parts = [self.manifest.dtype, *(self._record(split).sha256 for split in SPLITS)]
        return hashlib.sha256(" ".join(parts).encode()).hexdigest()

    @property
    def tokenizer_fingerprint(self) -> str:
        return self.manifest.tokenizer

    def tokens(self, split: str) -> npt.NDArray[Any]:
        """[N] ids of a split, mapped read-only."""
        return self._map(split, "tokens", np.dtype(self.manifest.dtype).newbyteorder("<"))

    def documents(self, split: str) -> npt.NDArray[Any]:
        """[documents] records of type DOCUMENT, mapped read-only."""
        return self._map(split, "documents", DOCUMENT)

    def starts(self, split: str) -> npt.NDArray[np.int64]:
        """[documents + 1]: where each document begins in `tokens`, and last of all N."""
        starts = self.documents(split)["start"]
        return np.append(starts, self._record(split).tokens).astype(np.int64)

    def document(self, split: str, number: int) -> npt.NDArray[Any]:
        """The ids of one document, its end-of-document token last."""
        starts = self.starts(split)
        return self.tokens(split)[starts[number] : starts[number + 1]]

    def check_tokenizer(self, fingerprint: str) -> None:
        """Refuse to be read with another tokenizer than it was made with."""
        if fingerprint != self.manifest.tokenizer:
            raise DataError(
                f"{self.path} was made with the tokenizer {self.manifest.tokenizer[:12]}, not "
                f"{fingerprint[:12]}: its ids mean other text. Build the shards again with this tokenizer"
            )

    def verify(self) -> None:
        """Read all tokens and compare their hashes with the manifest's."""
        for split in SPLITS:
            path = token_file(self.path, split)
            if hash_file(path) != self._record(split).sha256:
                raise DataError(f"{path} is not what was written: its hash differs from the manifest's")

    def _record(self, split: str) -> SplitRecord:
        for name, record in self.manifest.splits.items():
            if name == split:
                return record
        raise DataError(f"{self.path} has no split {split!r}; it has {', '.join(SPLITS)}")

    def _check_sizes(self, split: str) -> None:
        record = self._record(split)
        sizes = {
            token_file(self.path, split): record.tokens * np.dtype(self.manifest.dtype).itemsize,
            document_file(self.path, split): record.documents * DOCUMENT.itemsize,
        }
        for path, expected in sizes.items():
            found = path.stat().st_size if path.is_file() else None
            if found != expected:
                raise DataError(
                    f"{path} should hold {expected} bytes and "
                    + ("is missing" if found is None else f"holds {found}")
                    + "; build the shards again, overwriting these"
                )

    def _map(self, split: str, kind: str, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
        record = self._record(split)
        path, count = (
            (token_file(self.path, split), record.tokens)
            if kind == "tokens"
            else (document_file(self.path, split), record.documents)
        )
        if count == 0:  # an empty file cannot be mapped
            return np.zeros(0, dtype)
        return np.memmap(path, dtype, mode="r", shape=(count,))


def token_file(path: Path, split: str) -> Path:
    return path / f"{split}.tokens.bin"


def document_file(path: Path, split: str) -> Path:
    return path / f"{split}.documents.bin"


def journal_file(path: Path) -> Path:
    """Where a build notes how far it is; gone when it has finished."""
    return path / "building.json"


def is_unfinished(path: Path) -> bool:
    return journal_file(path).is_file()


def hash_file(path: Path) -> str:
    """sha256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
