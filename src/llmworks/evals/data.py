"""Rows of a task: from files below a folder, out of archives there, from the Hub, or from a generator.

    --data FOLDER   or   $LLMWORKS_EVAL_DATA
        arc/ARC-Easy-Test.jsonl           a pattern of the task file matches the end of a path
        blimp.tar.xz: blimp/adjunct_island.jsonl      also inside .tar, .tar.gz, .tar.xz, .zip

Formats: JSON Lines, JSON, CSV and TSV, Parquet, plain text (one row a line); also .gz .xz .zst. What is not
there is fetched from the Hub where the task names a dataset.
"""

from __future__ import annotations

import csv
import fnmatch
import hashlib
import importlib
import io
import os
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from llmworks.data.files import encoding_of, open_bytes
from llmworks.data.rows import hub_rows, json_lines, json_rows
from llmworks.data.sources import kind_of
from llmworks.errors import DataError
from llmworks.evals.errors import EvalError
from llmworks.evals.prepare import prepared
from llmworks.evals.task import Source

Row = dict[str, Any]
DATA_VARIABLE = "LLMWORKS_EVAL_DATA"
ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".zip")
MAX_MEMBER = 1 << 30
_WORLD = "llmworks.evals.world"
GENERATORS: dict[str, str] = {
    "world.recall": f"{_WORLD}.facts:recall",
    "world.completion": f"{_WORLD}.facts:completion",
    "world.choice": f"{_WORLD}.facts:choice",
    "world.two_hop": f"{_WORLD}.facts:two_hop",
    "world.comparison": f"{_WORLD}.facts:comparison",
    "world.unanswerable": f"{_WORLD}.facts:unanswerable",
    "world.nonexistent": f"{_WORLD}.facts:nonexistent",
    "world.texts": f"{_WORLD}.facts:texts",
    "world.arithmetic": f"{_WORLD}.skills:arithmetic",
    "world.letters": f"{_WORLD}.skills:letters",
    "world.problems": f"{_WORLD}.skills:problems",
    "world.examples": f"{_WORLD}.skills:examples",
    "world.instructions": f"{_WORLD}.skills:instructions",
    "world.stories": f"{_WORLD}.skills:stories",
    "world.conversations": f"{_WORLD}.talking:conversations",
}
"""Generators by name: "module:function", imported when a task asks for one; see `evals/world/`."""


@dataclass(frozen=True, slots=True)
class Found:
    """One file with rows: on disk, or a member of an archive."""

    name: str  # what a pattern is matched with, "/" between its parts
    path: Path
    member: str | None = None


@dataclass
class Rows:
    """Rows of a task with where they came from. missing: subsets of which nothing was found."""

    rows: list[Row] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def fingerprint(self) -> str:
        """sha256 of the rows, so that two results can tell whether they were asked the same."""
        digest = hashlib.sha256()
        for row in self.rows:
            digest.update(repr(sorted(row.items(), key=lambda pair: pair[0])).encode("utf-8", "replace"))
        return digest.hexdigest()


def read_rows(source: Source, where: str, folder: Path | None, options: dict[str, Any] | None = None) -> Rows:
    """All rows of a source; those of a subset carry its name as `subset`.

    options: settings of this run that a generator may want (the world's seed, the model's folder, …).

    Raises:
        EvalError: nothing found, with where it was looked for.
    """
    if source.generator is not None:
        rows = generator(source.generator, where)({**source.options, **(options or {})})
        return Rows(prepared(rows, source.prepare, where), [f"generator {source.generator}"])
    found = Rows()
    there = [] if folder is None else list_files(folder)
    for subset in source.subsets or [""]:
        part = _local_rows(source, subset, there, found.places)
        _take(found, source, subset, part, where)
    if found.rows:
        return found
    if source.hub is None:
        raise EvalError(f"{where}: its data is not here. {_where_to_put_it(source, folder)}")
    found = Rows()
    try:
        for subset in source.subsets or [""]:
            spec = "hf:" + source.hub.replace("{subset}", subset)
            _take(found, source, subset, [dict(row) for row, _ in hub_rows(spec)], where)
            found.places.append(spec)
    except DataError as error:
        raise EvalError(f"{where}: {_where_to_put_it(source, folder)} From the Hub: {error}") from None
    return found


def _take(found: Rows, source: Source, subset: str, part: list[Row] | None, where: str) -> None:
    """Add the rows of a subset, or note that there are none."""
    if part is None:
        found.missing.append(subset)
        return
    if subset:
        part = [{**row, "subset": subset} for row in part]
    found.rows += prepared(part, source.prepare, where)


def _local_rows(source: Source, subset: str, there: list[Found], places: list[str]) -> list[Row] | None:
    """Rows of one subset from the first pattern that matches something; None: nothing does."""
    for pattern in source.files:
        files = matching(there, pattern.replace("{subset}", subset))
        if files:
            place = ", ".join(sorted({str(file.path) for file in files}))
            if place not in places:
                places.append(place)
            return [row for file in files for row in file_rows(file, source.columns)]
    return None


def _where_to_put_it(source: Source, folder: Path | None) -> str:
    looked = f"Looked in {folder}" if folder else f"No folder was given (--data, or ${DATA_VARIABLE})"
    files = " or ".join(source.files[:3])
    return f"{looked} for {files}."


def data_folder(given: Path | None) -> Path | None:
    """The folder given, else the environment's; it must exist."""
    chosen = given or (Path(os.environ[DATA_VARIABLE]) if os.environ.get(DATA_VARIABLE) else None)
    if chosen is not None and not chosen.expanduser().is_dir():
        raise EvalError(f"the data folder {chosen} is not a folder; give the one that holds the sets' files")
    return chosen.expanduser() if chosen is not None else None


def list_files(folder: Path) -> list[Found]:
    """All files below a folder, archives opened, sorted by name."""
    return sorted(_listed(folder), key=lambda file: file.name)


def matching(there: list[Found], pattern: str) -> list[Found]:
    """Files whose path ends as `pattern` says, compressed or not."""
    ends = [pattern, *(pattern + suffix for suffix in (".gz", ".xz", ".zst"))]
    ends += [f"*/{end}" for end in ends]
    return [file for file in there if any(fnmatch.fnmatchcase(file.name, end) for end in ends)]


def _listed(folder: Path) -> Iterator[Found]:
    for path in folder.rglob("*"):
        if not path.is_file() or any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        name = path.relative_to(folder).as_posix()
        if name.endswith(ARCHIVES):
            yield from (Found(f"{name}/{member}", path, member) for member in _members(path))
        else:
            yield Found(name, path)


def _members(path: Path) -> list[str]:
    try:
        if path.suffix == ".zip":
            return [name for name in zipfile.ZipFile(path).namelist() if not name.endswith("/")]
        with tarfile.open(path) as archive:
            return [member.name for member in archive if member.isfile()]
    except (tarfile.TarError, zipfile.BadZipFile, OSError, EOFError) as error:
        raise DataError(f"the archive {path} cannot be read: {error}") from None


def file_rows(file: Found, columns: list[str] | None = None) -> list[Row]:
    """The rows of a file, by its kind."""
    if file.member is None:
        return _path_rows(file.path, file.name, columns)
    with tempfile.NamedTemporaryFile(suffix="-" + Path(file.member).name) as copy:
        copy.write(_member_bytes(file.path, file.member))
        copy.flush()
        return _path_rows(Path(copy.name), file.name, columns)


_OPEN: tuple[Path, dict[str, bytes]] | None = None


def _member_bytes(path: Path, member: str) -> bytes:
    """One member of an archive. The last archive stays unpacked: .xz cannot be read from the middle."""
    global _OPEN
    if _OPEN is None or _OPEN[0] != path:
        _OPEN = path, dict(_unpacked(path))
    return _OPEN[1][member]


def _unpacked(path: Path) -> Iterator[tuple[str, bytes]]:
    total = 0
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                total += info.file_size
                _check_size(path, total)
                yield info.filename, archive.read(info)
        return
    with tarfile.open(path) as tar:
        for member in tar:
            handle = tar.extractfile(member) if member.isfile() else None
            if handle is not None:
                total += member.size
                _check_size(path, total)
                yield member.name, handle.read()


def _check_size(path: Path, total: int) -> None:
    if total > MAX_MEMBER:
        raise DataError(
            f"the archive {path} holds more than {MAX_MEMBER >> 20} MiB; unpack it and give the folder"
        )


def _path_rows(path: Path, name: str, columns: list[str] | None) -> list[Row]:
    kind = kind_of(name)
    if kind == ".parquet":
        return _parquet_rows(path, name)
    with open_bytes(path) as file:
        codec = encoding_of(file, name)
        if kind == ".jsonl":
            return [_as_row(value, place) for value, place in json_lines(file, codec, name)]
        if kind == ".json":
            return [_as_row(value, place) for value, place in _unfolded(json_rows(file, codec, name))]
        text = file.read().decode(codec, "replace")
    if kind in (".csv", ".tsv"):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter="," if kind == ".csv" else "\t")
        table = [line for line in reader if line]
        header = columns or table.pop(0)
        return [dict(zip(header, line, strict=False)) for line in table]
    return (
        [{"text": line} for line in text.splitlines() if line.strip()]
        if columns is None
        else [{columns[0]: text}]
    )


def _unfolded(rows: Iterator[tuple[Any, str]]) -> Iterator[tuple[Any, str]]:
    """A JSON file that holds `{"rows": […]}` (the Hub's preview) or columns is made into rows."""
    for value, place in rows:
        if isinstance(value, dict) and isinstance(value.get("rows"), list):
            yield from ((row.get("row", row), place) for row in value["rows"])
        else:
            yield value, place


def _as_row(value: Any, place: str) -> Row:
    if not isinstance(value, dict):
        raise DataError(f"{place}: a row of a task must be an object, it is {type(value).__name__}")
    return value


def _parquet_rows(path: Path, name: str) -> list[Row]:
    try:
        import pyarrow.parquet  # type: ignore[import-untyped]
    except ImportError as error:
        raise DataError(f"{name} is Parquet, which needs `datasets`: pip install 'llmworks[hub]'") from error
    rows: list[Row] = pyarrow.parquet.read_table(path).to_pylist()
    return rows


def generator(name: str, where: str) -> Any:
    """The function that makes rows under this name."""
    if name not in GENERATORS:
        raise EvalError(f"{where}: there is no generator {name!r}; there are {', '.join(sorted(GENERATORS))}")
    module, function = GENERATORS[name].split(":")
    return getattr(importlib.import_module(module), function)
