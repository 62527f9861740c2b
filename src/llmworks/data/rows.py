"""Rows of structured data: JSON Lines, JSON, Hugging Face datasets; each row with the place it stands at."""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from llmworks.errors import DataError

Row: TypeAlias = tuple[Any, str]
"""A JSON value and its place, `path:line` or `dataset:row`."""

MAX_LINE = 1 << 28
"""Bytes of one line of JSON Lines, and of a whole .json file: these are held in memory."""


def json_lines(file: io.BufferedReader, codec: str, name: str) -> Iterator[Row]:
    """The value of each line that is not blank.

    Raises:
        DataError: a line that is no JSON, not UTF-8, or longer than 256 MiB, with its number.
    """
    if codec not in ("utf-8", "utf-8-sig"):
        file = io.BufferedReader(_Recoded(file, codec))
    elif codec == "utf-8-sig":
        file.read(len(codecs.BOM_UTF8))
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise DataError(f"{name}:{number}: the line is longer than {MAX_LINE >> 20} MiB; "
                            "is it JSON Lines, one object a line?")  # fmt: skip
        if not line.isspace():
            yield (
                parse(line.rstrip(b"\r\n"), f"{name}:{number}", "one JSON object a line"),
                f"{name}:{number}",
            )


class _Recoded(io.RawIOBase):
    """A stream of text in another encoding, as UTF-8."""

    def __init__(self, file: io.BufferedReader, codec: str) -> None:
        self._text = io.TextIOWrapper(file, codec, newline="")
        self._pending = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        self._pending = self._pending or self._text.read(8192).encode()
        count = min(len(buffer), len(self._pending))
        buffer[:count] = self._pending[:count]
        self._pending = self._pending[count:]
        return count


def json_rows(file: io.BufferedReader, codec: str, name: str) -> Iterator[Row]:
    """The rows of a .json file: the items of a list, or the one object that it holds.

    Raises:
        DataError: before the first row: no JSON, or more than 256 MiB.
    """
    data = file.read(MAX_LINE + 1)
    if len(data) > MAX_LINE:
        hint = "write it as JSON Lines (.jsonl), which is read a line at a time"
        raise DataError(f"{name} is longer than {MAX_LINE >> 20} MiB; {hint}")
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise DataError(f"{name} is not valid {codec}: {error.reason} at byte {error.start}") from error
    value = parse(text, name, "a list of JSON objects")
    rows = value if isinstance(value, list) else [value]
    for number, row in enumerate(rows, 1):
        yield row, f"{name}:row {number}"


def parse(data: bytes | str, place: str, expected: str) -> Any:
    """A JSON value, or a DataError that says where it breaks."""
    try:
        return json.loads(data if isinstance(data, str) else str(data, "utf-8"))
    except json.JSONDecodeError as error:
        near = error.doc[max(0, error.pos - 20) : error.pos + 20]
        where = f"column {error.colno}, near {near!r}"
        raise DataError(f"{place}: not valid JSON ({error.msg}: {where}); expected {expected}") from error
    except UnicodeDecodeError as error:
        raise DataError(
            f"{place}: not UTF-8: {error.reason} at byte {error.start}; JSON must be UTF-8"
        ) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; lists thousands deep
        raise DataError(f"{place}: JSON that cannot be read: {error}") from error


def hub_rows(spec: str) -> Iterator[Row]:
    """The rows of a Hugging Face dataset, `hf:NAME[:CONFIG][@SPLIT]`, streamed; split `train` by default.

    NAME is a dataset of the Hub or a folder, one that `save_to_disk` made included.

    Raises:
        DataError: the `datasets` package is missing, or the dataset cannot be had (no such name, no network).
    """
    name, _, split = spec.removeprefix("hf:").partition("@")
    name, _, config = name.partition(":")
    if not name:
        raise DataError(f"{spec!r} names no dataset; write hf:NAME, hf:NAME:CONFIG or hf:NAME@SPLIT")
    try:
        import datasets
    except ImportError as error:
        message = f"{spec} needs the package `datasets`: pip install 'llmworks[hub]'"
        raise DataError(message) from error
    try:
        for number, row in enumerate(_open_dataset(datasets, name, config or None, split or "train"), 1):
            yield row, f"{spec}:row {number}"
    except DataError:
        raise
    except Exception as error:  # the library raises whatever its transports and parsers raise
        raise DataError(f"{spec} cannot be read: {type(error).__name__}: {error}") from error


def _open_dataset(datasets: Any, name: str, config: str | None, split: str) -> Any:
    folder = Path(name)
    if (folder / "state.json").is_file():
        return datasets.load_from_disk(name)
    if (folder / "dataset_dict.json").is_file():
        parts = datasets.load_from_disk(name)
        if split not in parts:
            raise DataError(f"hf:{name} has no split {split!r}; it has {', '.join(parts)}")
        return parts[split]
    return datasets.load_dataset(name, config, split=split, streaming=True)
