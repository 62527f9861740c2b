"""Writing a world to a folder: in parts, by several processes, joined in order; stopped and gone on with.

    part k ── worker ──► lines ──┐
    part k+1 ── worker ──► lines ─┴─► appended in order ──► making.json: so many records, so many bytes

A folder half made holds making.json; the same command goes on from there, byte for byte.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from llmworks.data.world.build import SHARES, build_world
from llmworks.data.world.schedule import Mix
from llmworks.data.world.store import LEDGER, MANIFEST, describe, hashed, ledger_lines, text_line
from llmworks.data.world.stream import Record, WorldStream, choices, talks
from llmworks.data.world.version import world_version
from llmworks.errors import ConfigError, DataError

STATE = "making.json"
PART = 4000
"""Texts of a part: what one worker writes at a time."""

Report = Callable[[str, int, int, int], None]
"""Told after each part: file, records so far, records in all, bytes so far."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted; `talks` and `choices` are numbers of records."""

    seed: int
    people: int
    talks: int = 0
    choices: int = 0
    mix: Mix = field(default_factory=Mix)
    shares: Mapping[int, float] = field(default_factory=lambda: dict(SHARES))

    @property
    def version(self) -> str:
        return world_version(self.seed, self.people, self.shares, self.mix)


def people_for(size: int, seed: int, mix: Mix | None = None, shares: Mapping[int, float] = SHARES) -> int:
    """How many people make about `size` bytes of text: measured on 400, then on that many."""
    people = 400
    for _ in range(3):
        expected = WorldStream(build_world(seed, people, shares), mix=mix).bytes_expected
        if abs(expected / size - 1) < 0.02:
            break
        people = max(20, round(people * size / expected))
    return people


def make_world(
    folder: str | Path,
    order: Order,
    *,
    workers: int = 1,
    overwrite: bool = False,
    report: Report | None = None,
) -> dict[str, Any]:
    """Make the folder, or go on with it; returns the manifest.

    Raises:
        DataError: the folder holds another world (`overwrite` replaces it).
        ConfigError: a world that cannot be, or no worker.
    """
    if workers < 1:
        raise ConfigError(f"a world needs at least one worker; {workers} were asked for")
    folder = Path(folder)
    state = _state(folder, order, overwrite)
    if "files" in state:  # made before
        return state
    job = _Job(order)
    with _mapped(job, workers) as run:
        (folder / LEDGER).write_text("".join(f"{line}\n" for line in ledger_lines(job.world)), "utf-8")
        files = {LEDGER: _told(folder / LEDGER, len(job.world.entities) + len(job.world.facts))}
        for name, count in job.counts().items():
            if count:
                files[f"{name}.jsonl"] = _write(folder, name, count, state, run, report)
    manifest = describe(job.world, order.mix, order.version) | {"files": files}
    _replace(folder / MANIFEST, manifest)
    (folder / STATE).unlink(missing_ok=True)
    return manifest


def _state(folder: Path, order: Order, overwrite: bool) -> dict[str, Any]:
    """The manifest if it is made, else the state of the making: new, or where it was stopped."""
    wanted = {"version": order.version, "talks": order.talks, "choices": order.choices}
    if not overwrite:
        if (folder / MANIFEST).exists():
            made = json.loads((folder / MANIFEST).read_text("utf-8"))
            counts = {
                name: made["files"].get(f"{name}.jsonl", {}).get("records", 0)
                for name in ("talks", "choices")
            }
            if {"version": made["version"], **counts} == wanted:
                return dict(made)
            raise DataError(
                f"{folder} holds another world (version {made['version'][:12]}, {made['people']} people, "
                f"seed {made['seed']}); --overwrite replaces it, or choose another folder"
            )
        if (folder / STATE).exists():
            state = json.loads((folder / STATE).read_text("utf-8"))
            if state["wanted"] == wanted:
                return dict(state)
            raise DataError(
                f"{folder} holds another world, half made (or the code has changed since); "
                "--overwrite begins anew, or choose another folder"
            )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    state = {"wanted": wanted, "done": {}}
    _replace(folder / STATE, state)
    return state


def _replace(path: Path, value: dict[str, Any]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
    os.replace(part, path)


def _told(path: Path, records: int) -> dict[str, Any]:
    found, size = hashed(path)
    return {"bytes": size, "sha256": found.hexdigest(), "records": records}


class _Job:
    """What a process needs to make any part: the world and its stream, built once."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.world = build_world(order.seed, order.people, order.shares)
        self.stream = WorldStream(self.world, mix=order.mix)

    def counts(self) -> dict[str, int]:
        return {"text": len(self.stream), "talks": self.order.talks, "choices": self.order.choices}

    def records(self, name: str, start: int, end: int) -> Iterator[Record]:
        if name == "text":
            return self.stream.part(start, end)
        make = talks if name == "talks" else choices
        return make(self.world, end, self.order.seed, start=start)

    def lines(self, name: str, start: int) -> tuple[bytes, int]:
        """One part: its lines, and how many."""
        end = min(start + PART, self.counts()[name])
        records = self.records(name, start, end)
        if name == "text":
            lines = "".join(map(text_line, records))
        else:
            lines = "".join([json.dumps(record, ensure_ascii=False) + "\n" for record in records])
        return lines.encode(), end - start


_job: _Job | None = None  # of this process


def _begin(order: Order) -> None:
    global _job
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    if _job is None:
        _job = _Job(order)


def _lines(name: str, start: int) -> tuple[bytes, int]:
    assert _job is not None  # `_begin` ran
    return _job.lines(name, start)


Run = Callable[[str, range], Iterator[tuple[bytes, int]]]


@contextmanager
def _mapped(job: _Job, workers: int) -> Iterator[Run]:
    """A function that makes the parts of a file, in order: here, or in a pool of processes."""
    global _job
    _job = job
    gc.collect()
    gc.freeze()  # millions of facts that stay: the collector need not walk them, nor a fork copy them
    try:
        if workers == 1:
            yield lambda name, starts: map(partial(_lines, name), starts)
            return
        # A forked process has the world and its plan already; elsewhere each builds its own.
        context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        with context.Pool(workers, _begin, (job.order,)) as pool:
            yield lambda name, starts: pool.imap(partial(_lines, name), starts)
    finally:
        gc.unfreeze()
        _job = None


def _write(
    folder: Path, name: str, count: int, state: dict[str, Any], run: Run, report: Report | None
) -> dict[str, Any]:
    """Write one file from where it stands; returns its entry of the manifest."""
    path = folder / f"{name}.jsonl"
    done = state["done"].setdefault(name, {"records": 0, "bytes": 0})
    if done["bytes"] and (not path.exists() or path.stat().st_size < done["bytes"]):
        done.update(records=0, bytes=0)  # somebody cut it: begin this file anew
    path.touch()
    os.truncate(path, done["bytes"])
    digest, _ = hashed(path)
    with path.open("ab") as file:
        for lines, made in run(name, range(done["records"], count, PART)):
            file.write(lines)
            file.flush()
            digest.update(lines)
            done["records"] += made
            done["bytes"] += len(lines)
            _replace(folder / STATE, state)
            if report is not None:
                report(path.name, done["records"], count, done["bytes"])
    return {"bytes": done["bytes"], "sha256": digest.hexdigest(), "records": count}


def first_records(order: Order, count: int) -> list[Record]:
    """What today's code makes first."""
    return list(islice(_Job(order).stream, count))
