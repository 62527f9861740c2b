"""Pulling: a plan of files fetched into the registry, each checked against the Hub's checksum.

    plan → room on the disk? → fetch (resumes where it was cut off) → checksum → record

A model is in the registry only once every byte of it has been checked; what was cut off lies in its folder
and is gone on with by the same command.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from llmworks.errors import LLMWorksError, PackageError
from llmworks.packages import registry
from llmworks.packages.bundled import single_gguf
from llmworks.packages.hub import Plan, RemoteFile, endpoint, reason
from llmworks.packages.json_file import read_object

Progress = Callable[[str, int, int], None]
"""Called with a file's name, its bytes that are here, and its size."""

SPARE_BYTES = 64 * 2**20  # left free beside what is fetched
CHUNK = 4 * 2**20
PARTS = ".partial"
TRIES = 5  # in a row that brought nothing
TIMEOUT = 30.0  # seconds without a byte


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
    shutil.rmtree(folder / PARTS, ignore_errors=True)
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
    needed = sum(file.size for file in missing) - registry.size_of(folder / PARTS)
    free = shutil.disk_usage(folder).free
    if needed + SPARE_BYTES > free:
        raise PackageError(
            f"{plan.name} needs {needed / 1e9:.2f} GB more in {folder}, where {free / 1e9:.2f} GB are free. "
            "Make room, or name another disk with LLMWORKS_HOME."
        )


def fetch(folder: Path, file: RemoteFile, plan: Plan, progress: Progress | None) -> None:
    """One file into the folder; what an earlier pull has left of it is gone on with.

    By huggingface_hub's own session (its token, proxies and redirects), but with a part file that outlives
    the process: huggingface_hub itself begins anew.
    """
    part = partial(folder, file)
    tries = TRIES
    while (have := size_of(part)) != file.size or not part.exists():
        try:
            stream_into(part, file, plan, progress)
        except Exception as error:  # the network has many ways to fail
            if isinstance(error, OSError) and error.filename is not None:  # no room, no right to write
                raise PackageError(f"{error.filename} cannot be written: {error.strerror}.") from None
            tries = TRIES if size_of(part) > have else tries - 1
            if not transient(error) or tries == 0:
                raise interrupted(plan, file, error) from None
            time.sleep(1)
    (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
    os.replace(part, folder / file.path)


def stream_into(part: Path, file: RemoteFile, plan: Plan, progress: Progress | None) -> None:
    """One request for what is still missing, appended as it comes."""
    from huggingface_hub import hf_hub_url
    from huggingface_hub.utils import (  # type: ignore[attr-defined]
        build_hf_headers,
        get_session,
        hf_raise_for_status,
    )

    part.parent.mkdir(parents=True, exist_ok=True)
    have = size_of(part)
    if have > file.size:
        part.unlink()
        have = 0
    headers = build_hf_headers() | {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    url = hf_hub_url(plan.repo, file.path, revision=plan.revision, endpoint=endpoint())
    with get_session().stream(
        "GET", url, headers=headers, follow_redirects=True, timeout=TIMEOUT
    ) as response:
        hf_raise_for_status(response)
        if response.status_code != 206:  # the whole file, whatever was asked for
            have = 0
        with part.open("r+b" if have else "wb") as stream:
            stream.seek(have)
            for chunk in response.iter_bytes():
                have += len(chunk)
                if have > file.size:
                    raise PackageError(f"{plan.name}: {file.path} is longer than the Hub says: pull again.")
                stream.write(chunk)
                if progress is not None:
                    progress(file.path, have, file.size)


def partial(folder: Path, file: RemoteFile) -> Path:
    """Where a file grows until it is whole; named by its checksum, so that a newer one begins anew."""
    mark = hashlib.sha256(f"{file.path} {file.sha256 or file.git_sha1}".encode()).hexdigest()[:24]
    return folder / PARTS / mark


def size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def transient(error: Exception) -> bool:
    """Whether the line dropped, or the server is busy: worth another try."""
    response = getattr(error, "response", None)
    if response is not None:
        return response.status_code in (408, 429, 500, 502, 503, 504)
    return any(kind.__name__ in ("TransportError", "ConnectionError") for kind in type(error).__mro__)


def interrupted(plan: Plan, file: RemoteFile, error: Exception) -> PackageError:
    if isinstance(error, PackageError):
        return error
    return PackageError(
        f"{plan.name}: {file.path} could not be fetched whole: {reason(error)}. What has arrived is kept: "
        "the same command goes on from there."
    )


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
    if path.suffix == ".gguf" or (path.is_dir() and single_gguf(path)):
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
