"""The progress line of cleaning: which pass, how far, how many documents are left."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from llmworks.data.cleaning.worker import Pass


class CleaningProgress:
    """Shown on the standard error stream, and only where that is a terminal."""

    def __init__(self, shown: bool) -> None:
        console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
            TextColumn("{task.fields[kept]}"), TimeElapsedColumn(), TimeRemainingColumn(),
            console=console, disable=not (shown and console.is_terminal),
        )  # fmt: skip
        self._task = self._bar.add_task("cleaning", total=None, kept="")
        self._kept = 0

    def __enter__(self) -> CleaningProgress:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def begin(self, current: Pass, chunks: int | None, total_bytes: int) -> None:
        """A pass begins: over so many chunks, or, the first one, over so many bytes of input."""
        names = [stage.name for stage in (current.opening, *current.stages) if stage is not None]
        what = f"pass {current.number + 1}: {', '.join(names[:3])}{' …' * (len(names) > 3)}"
        self._bar.reset(
            self._task, description=what, total=(total_bytes or None) if chunks is None else chunks, kept=""
        )

    def read(self, total: int, documents: int) -> None:
        """So many bytes of the inputs were read, and so many more documents passed."""
        self._kept += documents
        self._bar.update(self._task, completed=total, kept=f"{self._kept:,} documents")

    def chunks(self, done: int) -> None:
        self._bar.update(self._task, completed=done)

    def decide(self, name: str) -> None:
        self._bar.update(self._task, description=f"{name}: comparing all documents")
