"""Where the numbers of a run go: metrics.jsonl (always), TensorBoard (where installed), the progress line.

Each line of metrics.jsonl is one event: `{"event": "step", "step": 12, "loss": …}`, "evaluation", "sample",
"skipped", "rolled back". A checkpoint remembers the length of the file; on resuming, what a killed run wrote
after its last checkpoint is cut off, so that no step stands there twice.
"""

from __future__ import annotations

import json
import math
import os
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from llmworks.training.compute import readable


class MetricsFile:
    """Appends events; `length()` is what a checkpoint keeps, `cut(length)` what resuming does."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file = path.open("a", encoding="utf-8")

    def write(self, event: str, **values: Any) -> None:
        self._file.write(json.dumps({"event": event, **{k: _number(v) for k, v in values.items()}}) + "\n")
        self._file.flush()

    def length(self) -> int:
        """Bytes so far, all of them safe on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._file.tell()

    def cut(self, length: int) -> None:
        self._file.truncate(length)
        self._file.seek(0, os.SEEK_END)

    def close(self) -> None:
        self._file.close()


def _number(value: Any) -> Any:
    """JSON has no NaN and no infinity; they are written as text."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


class TensorBoard:
    """Scalars for TensorBoard; does nothing where the package is missing or it was not asked for."""

    def __init__(self, folder: Path, wanted: bool) -> None:
        self._writer: Any = None
        if wanted:
            try:
                from torch.utils.tensorboard import SummaryWriter
            except ImportError:
                return
            self._writer = SummaryWriter(str(folder))

    def scalars(self, step: int, **values: float) -> None:
        if self._writer is not None:
            for name, value in values.items():
                self._writer.add_scalar(name.replace("_", "/", 1), value, step)

    def text(self, step: int, name: str, text: str) -> None:
        if self._writer is not None:
            self._writer.add_text(name, text, step)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


class ProgressLine:
    """Loss, rate, tokens/s, FLOP/s, share of the machine's product rate and time left.

    A live line in a terminal; elsewhere a plain line now and then. Everything goes to standard error, so that
    standard output stays free for what a program reads.
    """

    def __init__(
        self, steps: int, done: int, tokens_per_step: int, flops_per_step: float, peak: float
    ) -> None:
        self.steps, self.done = steps, done
        self.tokens_per_step, self.flops_per_step, self.peak = tokens_per_step, flops_per_step, peak
        self.console = Console(stderr=True, highlight=False)
        self.live = self.console.is_terminal
        self.seconds_per_step = 0.0
        self._loss = 0.0
        self._next_line = time.perf_counter() + 2.0
        self._progress = Progress(
            TextColumn("step {task.completed:,.0f} of {task.total:,.0f}"), BarColumn(), TaskProgressColumn(),
            TextColumn("{task.description}"), console=self.console, disable=not self.live,
        )  # fmt: skip
        self._task = self._progress.add_task("", total=steps, completed=done)
        self._progress.start()

    def step(self, step: int, loss: float, lr: float, seconds: float) -> None:
        # A moving mean over some 20 steps: new speed shows soon, noise does not.
        self.seconds_per_step += (seconds - self.seconds_per_step) * (0.05 if self.seconds_per_step else 1.0)
        self._loss += (loss - self._loss) * (0.05 if self._loss else 1.0)
        self.done = step
        line = f"loss {self._loss:.3f}  lr {lr:.2g}  {self.rate()}  {self.time_left()} left"
        if self.live:
            self._progress.update(self._task, completed=step, description=line)
        elif time.perf_counter() >= self._next_line or step == self.steps:
            self._next_line = time.perf_counter() + 15.0
            self.console.print(f"step {step:,} of {self.steps:,}  {line}", markup=False, soft_wrap=True)

    def rate(self) -> str:
        if not self.seconds_per_step:
            return ""
        flops = self.flops_per_step / self.seconds_per_step
        share = f" ({flops / self.peak:.0%} of the product rate)" if self.peak else ""
        return f"{self.tokens_per_second():,.0f} tokens/s  {readable(flops, 'FLOP/s')}{share}"

    def tokens_per_second(self) -> float:
        return self.tokens_per_step / self.seconds_per_step if self.seconds_per_step else 0.0

    def time_left(self) -> str:
        return duration((self.steps - self.done) * self.seconds_per_step)

    def say(self, text: str) -> None:
        self.console.print(text, markup=False, soft_wrap=True)

    def close(self) -> None:
        self._progress.stop()


def duration(seconds: float) -> str:
    """'1 h 02 min', '3 min 05 s', '12 s'."""
    whole = round(seconds)
    if whole >= 3600:
        return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
    return f"{whole // 60} min {whole % 60:02d} s" if whole >= 60 else f"{whole} s"
