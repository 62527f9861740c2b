"""Where the command line speaks: answers on stdout, everything else on stderr.

A program that reads `--json` gets exactly one JSON value on stdout; progress, notes and errors never mix
with it. Colour is rich's own choice (a terminal, and no NO_COLOR).
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

# A file or a pipe has no width: 80 columns would cut paths.
out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 160)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """Writes `value` as one line of JSON. Infinities and NaN, which JSON lacks, become null."""
    sys.stdout.write(json.dumps(_finite(value), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value


def note(text: str) -> None:
    """One quiet line for the person, on stderr."""
    err.print(f"[dim]{escape(text)}[/dim]")


def fail(text: str) -> None:
    """The one message of a command that did not work, on stderr."""
    err.print(f"[bold red]error:[/bold red] {escape(text)}")


def table(*columns: str, title: str | None = None) -> Table:
    """An airy table; a column whose name starts with `>` is right-aligned."""
    made = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        right = column.startswith(">")
        made.add_column(column.lstrip(">"), justify="right" if right else "left", header_style="dim")
    return made


def count(number: int) -> str:
    """1234567 → '1,234,567'."""
    return f"{number:,}"


def size(number_of_bytes: float) -> str:
    """1234567 → '1.2 MB' (powers of 1000)."""
    value = float(number_of_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"
