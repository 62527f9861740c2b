"""The progress bar of a build: bytes read of the files on disk, tokens written, tokens a second."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class BuildProgress:
    """Shown on the standard error stream, and only where that is a terminal."""

    def __init__(self, total_bytes: int, shown: bool) -> None:
        console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("tokenizing"),
            BarColumn(),
            DownloadColumn(),
            TextColumn("{task.fields[tokens]:,} tokens"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not (shown and console.is_terminal),
        )
        self._task = self._bar.add_task("", total=total_bytes or None, tokens=0)

    def __enter__(self) -> BuildProgress:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def read(self, total: int) -> None:
        """So many bytes of the files were read in all."""
        self._bar.update(self._task, completed=total)

    def wrote(self, tokens: int) -> None:
        """So many tokens were written in all."""
        self._bar.update(self._task, tokens=tokens)
