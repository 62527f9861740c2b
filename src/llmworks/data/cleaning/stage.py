"""One stage of cleaning: a document in, a verdict out.

    Document ──► stage.apply ──► Kept()                       as it was
                                 Changed(text, {"e-mail": 2})  mended; what was done, counted
                                 Dropped("too short", "31 words")

A stage is its settings: a small frozen model that a recipe fills in, with everything heavy loaded on first
use. It is a pure function of the document, so that documents may be cleaned in any order by any number of
processes. A stage that must know all documents first (duplicates, percentiles) is a `PooledStage`: each
document gives some rows of numbers, `decide` looks at all rows at once and gives one number a row, and
`judge` reads its document's numbers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from llmworks.data.sources import Document

Rows: TypeAlias = npt.NDArray[Any]
Decisions: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Kept:
    """The document passes as it is."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """The document goes; `reason` is what it is counted under, `detail` what was measured."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """The document passes with another text; `counts` says what was done, and how often."""

    text: str
    counts: Mapping[str, int] = field(default_factory=dict)


Outcome: TypeAlias = Kept | Dropped | Changed
KEPT = Kept()


class Stage(BaseModel, ABC):
    """Base of the stages that look at one document at a time."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)
    shows_before: ClassVar[bool] = True  # whether examples of changes may show what was there before

    kind: str

    @property
    def name(self) -> str:
        """What the stage is called in the funnel."""
        return self.kind

    def prepare(self, folder: Path) -> None:
        """Called once before the work: make in `folder` what all processes need (a trained scorer, say)."""

    def open(self, folder: Path) -> None:
        """Called in each process before the work: load what `prepare` made."""

    @abstractmethod
    def apply(self, document: Document) -> Outcome:
        """The verdict on one document."""


class PooledStage(Stage):
    """Base of the stages that decide when all documents are known."""

    width: ClassVar[int] = 1
    dtype: ClassVar[Any] = np.uint64

    @property
    def columns(self) -> int:
        """Numbers a row; a stage whose settings decide it says so here."""
        return self.width

    @abstractmethod
    def rows(self, document: Document) -> Rows:
        """[n, columns]: what must be known of this document, in as few bytes as will do."""

    @abstractmethod
    def decide(self, pool: Pool) -> tuple[Decisions, dict[str, Any]]:
        """([all rows] int64, findings for the report), from the rows of all documents in order."""

    @abstractmethod
    def judge(self, document: Document, decisions: Decisions) -> Outcome:
        """The verdict on one document, from the numbers of its rows."""

    def apply(self, document: Document) -> Outcome:
        """The verdict on a document that stands alone: it is all that there is."""
        rows = self.rows(document)
        decisions, _ = self.decide(Pool.of_arrays([rows], [[len(rows)]], lambda number: document))
        return self.judge(document, decisions)


class Pool:
    """The rows of all documents, which lie in files and are read a piece at a time."""

    def __init__(
        self, files: list[tuple[Path, Path]], document: Callable[[int], Document], columns: int, dtype: Any
    ) -> None:
        """files: (rows .npy, rows-a-document .npy) of each chunk in order; document: number n itself."""
        self._files, self.document = files, document
        self.columns, self.dtype = columns, np.dtype(dtype)
        self._arrays: list[tuple[Rows, npt.NDArray[Any]]] | None = None

    @classmethod
    def of_arrays(cls, rows: list[Rows], counts: list[Any], document: Callable[[int], Document]) -> Pool:
        """A pool of what is in memory."""
        pool = cls([], document, rows[0].shape[1], rows[0].dtype)
        pool._arrays = [(one, np.asarray(count, np.int64)) for one, count in zip(rows, counts, strict=True)]
        return pool

    def parts(self) -> Iterator[tuple[Rows, npt.NDArray[Any]]]:
        """(rows, rows a document) of each chunk, mapped from its file."""
        if self._arrays is not None:
            yield from self._arrays
            return
        for rows, counts in self._files:
            yield np.load(rows, mmap_mode="r"), np.load(counts)

    def column(self, number: int) -> npt.NDArray[Any]:
        """One number of every row."""
        parts = [np.asarray(rows[:, number]) for rows, _ in self.parts()]
        return np.concatenate(parts) if parts else np.zeros(0, self.dtype)

    def all_rows(self) -> Callable[[npt.NDArray[np.int64]], Rows]:
        """A function that gathers whole rows by their numbers."""
        parts = [rows for rows, _ in self.parts()]
        starts = np.cumsum([0, *(len(part) for part in parts)])

        def gather(numbers: npt.NDArray[np.int64]) -> Rows:
            out = np.empty((len(numbers), self.columns), self.dtype)
            where = np.searchsorted(starts, numbers, side="right") - 1
            for part in np.unique(where):
                chosen = where == part
                out[chosen] = parts[part][numbers[chosen] - starts[part]]
            return out

        return gather

    def owners(self) -> npt.NDArray[np.int64]:
        """The number of the document that each row belongs to."""
        counts = [count for _, count in self.parts()]
        every = np.concatenate(counts) if counts else np.zeros(0, np.int64)
        return np.repeat(np.arange(len(every)), every)
