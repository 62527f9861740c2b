"""Pulling: a plan of files fetched into the registry, each checked against the Hub's checksum.

    plan → room on the disk? → fetch (resumes where it was cut off) → checksum → record

A model is in the registry only once every byte of it has been checked; what was cut off lies in its folder
and is gone on with by the same command.
"""

from __future__ import annotations

import datetime
import hashlib
import inspect
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from llmworks.errors import LLMWorksError, PackageError
from llmworks.packages import registry
from llmworks.packages.hub import Plan, RemoteFile, endpoint, reason
from llmworks.packages.json_file import read_object

Progress = Callable[[str, int, int], None]
"""Called with a file's name, its bytes that are here, and its size."""

SPARE_BYTES = 64 * 2**20  # left free beside what is fetched
CHUNK = 4 * 2**20


def pull(plan: Plan, progress: Progress | None = None) -> registry.Record:
    """Fetch what a plan names, check it, and put it into the registry."""
    folder = registry.model_folder(plan.name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PackageError(
            f"{folder} cannot be made: {error.strerror or error}. LLMWORKS_HOME names another place."
        ) from None
    sums = {file.path: here(folder, file, plan) for file in plan.files}
    check_room(folder, plan, [file for file in plan.files if sums[file.path] is None])
    for file in plan.files:
        if sums[file.path] is None:
            fetch(folder, file, plan, progress)
            sums[file.path] = verified(folder, file, plan)
        elif progress is not None:
            progress(file.path, file.size, file.size)
    shutil.rmtree(folder / ".cache", ignore_errors=True)  # the half-finished files and their notes
    path = folder / plan.gguf if plan.gguf else folder
    return registry.save(
        registry.Record(
            name=plan.name, path=str(path), source="pulled", family=family_of(path), licence=plan.licence,
            revision=plan.revision, added=now(), files={name: str(sum) for name, sum in sums.items()},
        )
    )  # fmt: skip


def here(folder: Path, file: RemoteFile, plan: Plan) -> str | None:
    """The sha256 of a file that is already whole, or None."""
    path = folder / file.path
    if not path.is_file() or path.stat().st_size != file.size:
        return None
    try:
        return verified(folder, file, plan)
    except PackageError:
        return None


def check_room(folder: Path, plan: Plan, missing: list[RemoteFile]) -> None:
    """PackageError where the disk has less room than is to be fetched."""
    needed = sum(file.size for file in missing) - registry.size_of(folder / ".cache")
    free = shutil.disk_usage(folder).free
    if needed + SPARE_BYTES > free:
        raise PackageError(
            f"{plan.name} needs {needed / 1e9:.2f} GB more in {folder}, where {free / 1e9:.2f} GB are free. "
            "Make room, or name another disk with LLMWORKS_HOME."
        )


def fetch(folder: Path, file: RemoteFile, plan: Plan, progress: Progress | None) -> None:
    """One file, by huggingface_hub; goes on with what an interrupted pull has left."""
    from huggingface_hub import hf_hub_download

    options: dict[str, Any] = {}
    if "tqdm_class" in inspect.signature(hf_hub_download).parameters:
        options["tqdm_class"] = counter(file, progress)
    try:
        hf_hub_download(
            plan.repo, file.path, revision=plan.revision, local_dir=folder, endpoint=endpoint(), **options
        )
    except OSError as error:
        if error.errno is not None and error.filename is not None:
            raise PackageError(f"{error.filename} cannot be written: {error.strerror}.") from None
        raise interrupted(plan, file, error) from None
    except Exception as error:  # the network has many ways to fail
        raise interrupted(plan, file, error) from None


def interrupted(plan: Plan, file: RemoteFile, error: Exception) -> PackageError:
    return PackageError(
        f"{plan.name}: {file.path} could not be fetched whole: {reason(error)}. What has arrived is kept: "
        "the same command goes on from there."
    )


def counter(file: RemoteFile, progress: Progress | None) -> type:
    """A progress bar for huggingface_hub that shows nothing itself and tells `progress`."""
    from huggingface_hub.utils.tqdm import tqdm

    class Counter(tqdm):
        def __init__(self, *args: Any, **options: Any) -> None:
            self.have = int(options.get("initial") or 0)
            options["disable"] = True
            options.pop("name", None)
            super().__init__(*args, **options)  # type: ignore[no-untyped-call]
            self.tell()

        def update(self, n: float | None = 1) -> bool | None:
            self.have += int(n or 0)
            self.tell()
            return None

        def tell(self) -> None:
            if progress is not None:
                progress(file.path, self.have, file.size)

    return Counter


def verified(folder: Path, file: RemoteFile, plan: Plan) -> str:
    """The file's sha256 if the Hub promises the same; else the file is deleted, and PackageError."""
    path = folder / file.path
    sha256 = hashlib.sha256()
    git = hashlib.sha1(f"blob {file.size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            sha256.update(chunk)
            if file.sha256 is None:
                git.update(chunk)
    expected, found = (file.sha256, sha256.hexdigest()) if file.sha256 else (file.git_sha1, git.hexdigest())
    if expected is not None and found != expected:
        path.unlink(missing_ok=True)
        raise PackageError(
            f"{plan.name}: {file.path} arrived with the checksum {found[:16]}…, the Hub promises "
            f"{expected[:16]}…. It was damaged on the way, or changed; it was deleted. Pull again."
        )
    return sha256.hexdigest()


def add(path: Path, name: str | None = None, *, licence: str = "") -> registry.Record:
    """Record a folder or a GGUF file where it lies; the caller has made sure that it opens."""
    path = path.expanduser().resolve()
    name = registry.check_name(name or (path.stem if path.is_file() else path.name))
    known = registry.find(name)
    if known is not None and Path(known.path) != path:
        raise PackageError(
            f"the registry has a model {name!r} already, at {known.path}. Give another --name, or "
            "remove it first."
        )
    return registry.save(
        registry.Record(
            name=name, path=str(path), source="added", family=family_of(path), licence=licence, added=now()
        )
    )


def family_of(path: Path) -> str:
    """The kind of model, as its own file says it; "" where it does not."""
    if path.suffix == ".gguf":
        return "gguf"
    for name, key in (("config.json", "model_type"), ("adapter_config.json", "peft_type")):
        if (path / name).exists():
            try:
                said = read_object(path / name).get(key)
            except LLMWorksError:
                return ""
            return f"adapter ({said})" if key == "peft_type" else str(said or "")
    return ""


def now() -> str:
    """Date and time in UTC."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
