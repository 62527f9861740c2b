"""The registry: which models this person has, by name.

    LLMWORKS_HOME/                          default: the platform's folder for a user's data
        registry/owner--name.json           one record a model: where it lies, its licence, its checksums
        models/owner--name/                 what `llmworks pull` fetched

`models add` records a folder or file where it lies; `models remove` forgets it, and deletes only what was
pulled. A record is written whole and renamed, so two commands at once cannot leave half of one.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from llmworks.errors import LLMWorksError, PackageError
from llmworks.packages.bundled import list_bundled
from llmworks.packages.json_file import dump, read_object

_PART = r"[A-Za-z0-9](?:[\w.-]{0,95})"
_NAME = re.compile(rf"{_PART}(?:/{_PART})?(?:@[\w./-]{{1,96}})?(?::[\w.-]{{1,96}})?", re.ASCII)


class Record(BaseModel):
    """What is known of one model. path: the folder, or the GGUF file. files: path within it → sha256."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    path: str
    source: Literal["pulled", "added"]
    family: str = ""
    licence: str = ""
    revision: str = ""
    added: str = Field(default="", description="date and time, UTC")
    files: dict[str, str] = {}

    @property
    def exists(self) -> bool:
        """Whether the model is still where it was."""
        return Path(self.path).exists()

    @property
    def bytes(self) -> int:
        """On disk; 0 where nothing is left."""
        return size_of(Path(self.path))


def home() -> Path:
    """Where models and their records are kept: LLMWORKS_HOME, or the platform's folder for a user's data."""
    said = os.environ.get("LLMWORKS_HOME", "").strip()
    if said:
        return Path(said).expanduser()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Application Support")
    else:
        base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "llmworks"


def model_folder(name: str) -> Path:
    """Where a pulled model of this name lies."""
    return home() / "models" / slug(name)


def check_name(name: str) -> str:
    """The name if it can be one: `spark`, `owner/name`, `owner/name@revision`, `owner/name:Q4_K_M`."""
    if _NAME.fullmatch(name) is None or ".." in name or "--" in name:
        raise PackageError(
            f"{name[:80]!r} cannot be a model's name: letters, digits, '.', '_' and single '-', with at most "
            "one '/' as in owner/name."
        )
    return name


def slug(name: str) -> str:
    """A name as a file name: one for each name, on every file system."""
    out = check_name(name)
    for character, stand_in in (("/", "--"), (":", "+"), ("@", "=")):
        out = out.replace(character, stand_in)
    return out


def find(name: str) -> Record | None:
    """The record of this name, or None."""
    if _NAME.fullmatch(name) is None or ".." in name or "--" in name:
        return None
    path = _record_path(name)
    return _read(path) if path.is_file() else None


def list_records() -> Iterator[Record]:
    """All records, by name. One that cannot be read is passed over: it must not hide the others."""
    for path in sorted((home() / "registry").glob("*.json")):
        try:
            yield _read(path)
        except LLMWorksError:
            continue


def save(record: Record) -> Record:
    """Writes a record, in place of an older one of the same name."""
    path = _record_path(record.name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(dump(record.model_dump()))
        os.replace(draft, path)
    except OSError as error:
        raise PackageError(
            f"the registry {path.parent} cannot be written: {error.strerror or error}. "
            "LLMWORKS_HOME names another place for it."
        ) from error
    return record


def remove(name: str) -> Record:
    """Forgets a model, and deletes its files if they were pulled; what was added is left where it lies."""
    record = find(name)
    if record is None:
        if name in list_bundled():
            raise PackageError(f"{name} comes with llmworks and is not in the registry: it stays.")
        known = ", ".join(known_names()) or "it is empty"
        raise PackageError(f"there is no model {name[:80]!r} in the registry ({known}).")
    _record_path(name).unlink(missing_ok=True)
    if record.source == "pulled":
        folder = model_folder(name)  # by its name, not by what the record says: nothing else is ever deleted
        try:
            if folder.exists():
                shutil.rmtree(folder)
        except OSError as error:
            raise PackageError(
                f"{folder} cannot be deleted: {error.strerror or error}. Delete it by hand."
            ) from None
    return record


def known_names() -> list[str]:
    """Names in the registry."""
    return [record.name for record in list_records()]


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files below a folder, links followed."""
    if path.is_file():
        return path.stat().st_size
    return sum(inner.stat().st_size for inner in path.rglob("*") if inner.is_file()) if path.is_dir() else 0


def _record_path(name: str) -> Path:
    return home() / "registry" / f"{slug(name)}.json"


def _read(path: Path) -> Record:
    try:
        return Record.model_validate(read_object(path))
    except ValidationError as error:
        raise PackageError(
            f"{path} is not a record of the registry ({error.error_count()} faults). Delete it, and pull or "
            "add the model again."
        ) from None
