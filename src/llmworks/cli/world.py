"""`llmworks world`: a small invented world, every fact of it in a ledger, and texts about it."""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmworks.cli import options
from llmworks.cli.console import count, note, out, print_json, size, table
from llmworks.cli.world_shown import report_json, tell_manifest, tell_record, tell_report
from llmworks.errors import ConfigError, DataError

if TYPE_CHECKING:
    from llmworks.data.world.ledger import Entity, World
    from llmworks.data.world.making import Order, Report

app = typer.Typer(
    help="A small invented world: its ledger of facts, and texts that know what they state.",
    no_args_is_help=True,
)

FILES = ("text", "talks", "choices")
SHOWN_PEOPLE = 300  # of the world that `show` and `sample` build where no folder is named

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that `world make` wrote.")]
Maybe = Annotated[
    Path | None, typer.Option("--in", help="A folder that `world make` wrote (default: build one now).")
]
Seed = Annotated[int, typer.Option("--seed", help="Makes the world and its texts.")]
People = Annotated[int, typer.Option("--people", min=20, help="How many people live in the world.")]


@app.command()
def make(
    target: Annotated[str, typer.Argument(metavar="FOLDER", help="Where to; - streams the texts to stdout.")],
    seed: Seed = 0,
    people: Annotated[
        int | None, typer.Option("--people", min=20, help="How many people live there (default: 1000).")
    ] = None,
    wanted: Annotated[
        str | None, typer.Option("--size", help="Instead of --people: so much text, e.g. 60MB, 1GB.")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes that write.")] = 1,
    talks: Annotated[int, typer.Option("--talks", min=0, help="Conversations for tuning.")] = 0,
    choices: Annotated[int, typer.Option("--choices", min=0, help="Preference pairs.")] = 0,
    free: Annotated[
        float | None, typer.Option("--free", help="Share of the text that states no fact of the ledger.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace another world there.")] = False,
    json: options.Json = False,
) -> None:
    """Write a world: ledger, texts, conversations, preferences. The same command resumes."""
    from llmworks.data.world.making import Order, make_world, people_for
    from llmworks.data.world.schedule import Mix

    if people is not None and wanted is not None:
        raise ConfigError("--people and --size both say how large the world is; give one of them")
    mix = Mix() if free is None else Mix(free=free)
    number = people_for(_bytes(wanted), seed, mix) if wanted is not None else people or 1000
    order = Order(seed, number, talks=talks, choices=choices, mix=mix)
    if target == "-":
        _stream(order)
        return
    with _progress(shown=not json) as report:
        manifest = make_world(target, order, workers=workers, overwrite=overwrite, report=report)
    if json:
        print_json({"path": target, **manifest})
        return
    tell_manifest(manifest)
    note(f"{target}: version {manifest['version'][:16]}; the texts are {target}/text.jsonl")


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of a person, place, shop, product or event.")],
    folder: Maybe = None,
    seed: Seed = 0,
    people: People = SHOWN_PEOPLE,
    json: options.Json = False,
) -> None:
    """Every fact of one entity, with how often the texts say it."""
    world = _world(folder, seed, people)
    entity = _find(world, name)
    facts = list(entity.facts.values())
    asked = "asked about" if entity.asked else "never asked about"
    texts = _texts_of(world, entity, folder)
    if json:
        print_json(
            {
                "name": entity.name, "kind": entity.kind, "sort": entity.sort, "asked": entity.asked,
                "texts": texts,
                "facts": [
                    {"id": f.id, "relation": f.relation, "value": f.value, "exposures": f.exposures,
                     "held_from_tuning": world.held_from_tuning(f)}
                    for f in facts
                ],
            }
        )  # fmt: skip
        return
    shown = table("relation", "value", ">said", "tuning")
    for fact in facts:
        tuning = "answered" if world.may_answer(fact) else "unknown" if world.never_said(fact) else "silent"
        shown.add_row(fact.relation, fact.value, count(fact.exposures), tuning)
    out.print(shown)
    said = f"{count(texts)} texts state one of these facts"
    note(f"{entity.name}: {entity.kind} ({entity.sort}), {asked}; {said}")


@app.command()
def sample(
    folder: Maybe = None,
    which: Annotated[str, typer.Option("--from", help="text, talks or choices.")] = "text",
    kind: Annotated[str | None, typer.Option("--kind", help="Only texts of this kind.")] = None,
    number: Annotated[int, typer.Option("--count", "-n", min=1, help="How many.")] = 5,
    seed: Seed = 0,
    people: People = SHOWN_PEOPLE,
    json: options.Json = False,
) -> None:
    """Some texts, with the facts that they state."""
    if which not in FILES:
        raise ConfigError(f"--from must be one of {', '.join(FILES)}; it is {which!r}")
    world = _world(folder, seed, people)
    kinds: Counter[str] = Counter()
    found = []
    for record in islice(_records(world, which, folder, seed), None if folder is not None else 200_000):
        kinds[record["kind"]] += 1
        if kind is None or record["kind"] == kind:
            found.append(record)
            if len(found) == number:
                break
    if not found:
        raise DataError(f"no {which} of kind {kind!r}; the kinds are {', '.join(sorted(kinds)) or 'none'}")
    for record in found:
        if json:
            print_json(record)
        else:
            tell_record(world, record)


@app.command()
def verify(folder: Folder, json: options.Json = False) -> None:
    """Whether the files are as they were written, and whether today's code would make them again."""
    from llmworks.data.world.making import Order, first_records
    from llmworks.data.world.store import changed_files, manifest_mix, read_manifest, records

    manifest = read_manifest(folder)
    wrong = changed_files(folder)
    shares = {int(level): share for level, share in manifest["shares"].items()}
    order = Order(manifest["seed"], manifest["people"], mix=manifest_mix(manifest), shares=shares)
    same_version = order.version == manifest["version"]
    same = same_version or first_records(order, 200) == list(islice(records(folder), 200))
    told = {"path": str(folder), "changed": wrong, "same_version": same_version, "same_texts": same}
    if json:
        print_json(told)
    else:
        for name in manifest["files"]:
            out.print(f"{name}: {wrong.get(name, 'as written')}", markup=False)
        if same_version:
            out.print("today's code is the version that wrote it, and makes the same bytes")
        elif same:
            out.print("today's code is another version; the first 200 texts are the same all the same")
        else:
            out.print("today's code is another version and writes other texts")
    if wrong:
        raise DataError(
            f"{folder}: {', '.join(wrong)} changed since it was made; make it again with --overwrite"
        )


@app.command()
def stats(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="A world on disk (default: build one now).")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Exit status 1 unless exposures, values and lengths hold.")
    ] = False,
    openings: Annotated[int, typer.Option("--openings", help="Commonest openings shown of each kind.")] = 0,
    seed: Seed = 0,
    people: People = SHOWN_PEOPLE,
    json: options.Json = False,
) -> None:
    """Read all texts: kinds and lengths, exposures against the ledger, how much repeats."""
    from llmworks.data.world.checking import check_stream

    world = _world(folder, seed, people)
    report = check_stream(world, _records(world, "text", folder, seed))
    unfit = _unfit(world, folder)
    if json:
        print_json(report_json(report, unfit))
    else:
        tell_report(world, report, unfit, openings)
    if check and not (report.sound and not unfit):
        raise DataError("the texts do not keep the ledger's word (see above)")


def _stream(order: Order) -> None:
    from llmworks.data.world.build import build_world
    from llmworks.data.world.store import text_line
    from llmworks.data.world.stream import WorldStream

    world = build_world(order.seed, order.people, order.shares)
    for record in WorldStream(world, mix=order.mix):
        sys.stdout.write(text_line(record))


def _bytes(text: str) -> int:
    """ "60MB" -> 60000000 (powers of 1000)."""
    found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([kKMG]?)B?\s*", text)
    if found is None or not float(found[1]):
        raise ConfigError(f"--size must be a number with kB, MB or GB, as in 60MB; it is {text!r}")
    return round(float(found[1]) * {"": 1, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9}[found[2]])


@contextmanager
def _progress(shown: bool) -> Iterator[Report]:
    """One bar a file, on stderr, where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[written]}"),
               TimeElapsedColumn(), TimeRemainingColumn())  # fmt: skip
    # Refreshed by hand: a thread of its own would be alive when the workers are forked.
    bar = Progress(*columns, console=console, disable=not (shown and console.is_terminal), auto_refresh=False)
    tasks: dict[str, Any] = {}

    def report(name: str, records: int, total: int, written: int) -> None:
        if name not in tasks:
            tasks[name] = bar.add_task(name, total=total, written="")
        bar.update(tasks[name], completed=records, written=size(written), refresh=True)

    with bar:
        yield report


def _world(folder: Path | None, seed: int, people: int) -> World:
    from llmworks.data.world.build import build_world
    from llmworks.data.world.store import read_world

    return build_world(seed, people) if folder is None else read_world(folder)


def _records(world: World, which: str, folder: Path | None, seed: int) -> Iterator[dict[str, Any]]:
    from llmworks.data.world import store
    from llmworks.data.world.stream import WorldStream, choices, talks

    if folder is not None:
        return store.records(folder, which)
    if which == "text":
        return iter(WorldStream(world, seed=seed))
    return (talks if which == "talks" else choices)(world, 200_000, seed)


def _find(world: World, name: str) -> Entity:
    from difflib import get_close_matches

    folded = {found.lower(): entity for found, entity in world.by_name.items()}
    key = name.lower().strip()
    for tried in (key, f"the {key}"):
        if tried in folded:
            return folded[tried]
    near = [found for found in folded if key in found][:5] or get_close_matches(key, folded, 5, 0.45)
    near = near or [entity.name for entity in random.Random(key).sample(world.entities, 5)]
    said = ", ".join(folded[found].name if found in folded else found for found in near)
    raise DataError(f"nothing in this world is called {name!r}; there are, for example: {said}")


def _texts_of(world: World, entity: Entity, folder: Path | None) -> int:
    """How many texts state a fact of the entity: read from the folder, or from the plan."""
    import numpy as np

    ids = {fact.id for fact in entity.facts.values()}
    if folder is not None:
        return sum(not ids.isdisjoint(record["facts"]) for record in _records(world, "text", folder, 0))
    from llmworks.data.world.all_writers import FACT_WRITERS
    from llmworks.data.world.schedule import plan_texts

    plan = plan_texts(world, FACT_WRITERS, world.seed)
    texts = np.repeat(np.arange(len(plan)), np.diff(plan.start))
    return len(np.unique(texts[np.isin(plan.facts, list(ids))]))


def _unfit(world: World, folder: Path | None) -> int:
    """Facts told in the tuning streams that must not be told there."""
    from llmworks.data.world.checking import unfit_talks

    names = [name for name in FILES[1:] if folder is None or (folder / f"{name}.jsonl").exists()]
    found = 0
    for name in names:
        records = _records(world, name, folder, world.seed)
        found += len(unfit_talks(world, islice(records, 2000) if folder is None else records))
    return found
