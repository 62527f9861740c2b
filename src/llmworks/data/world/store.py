"""A world on disk: a folder that anybody can read with any tool.

    world.json      manifest: version, seed, people, tables, and bytes, SHA-256 and records of each file
    ledger.jsonl    one line an entity, then one line a fact with its exposures
    text.jsonl      {"id", "kind", "text", "facts": [ids]}
    talks.jsonl     {"id", "kind", "messages", "facts"}
    choices.jsonl   {"id", "kind", "why", "prompt", "chosen", "rejected", "facts"}

The ids in `facts` are those of the ledger's facts that the record states.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

from llmworks.data.world.ledger import RELATIONS, Entity, Fact, World
from llmworks.data.world.schedule import Mix
from llmworks.errors import DataError

MANIFEST, LEDGER = "world.json", "ledger.jsonl"
FORMAT = 1


def ledger_lines(world: World) -> Iterator[str]:
    """The lines of ledger.jsonl."""
    for entity in world.entities:
        row: dict[str, Any] = {
            "entity": entity.id,
            "kind": entity.kind,
            "name": entity.name,
            "sort": entity.sort,
        }
        if entity.gender:
            row["gender"] = entity.gender
        yield json.dumps(row | {"asked": entity.asked}, ensure_ascii=False)
    for fact in world.facts:
        row = {"fact": fact.id, "of": fact.subject.id, "name": fact.subject.name, "relation": fact.relation}
        row["value"] = fact.value
        if fact.object is not None:
            row["object"] = fact.object.id
        yield json.dumps(row | {"exposures": fact.exposures}, ensure_ascii=False)


def text_line(record: dict[str, Any]) -> str:
    """The line of text.jsonl, as `json.dumps` writes it, in a third of the time."""
    kind, text = encode_basestring(record["kind"]), encode_basestring(record["text"])
    return f'{{"id": {record["id"]}, "kind": {kind}, "text": {text}, "facts": {record["facts"]}}}\n'


def read_manifest(folder: str | Path) -> dict[str, Any]:
    """world.json of a folder.

    Raises:
        DataError: no world there, or one of another format.
    """
    path = Path(folder) / MANIFEST
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise DataError(
            f"{folder} holds no {MANIFEST}: it is no world, or its making was stopped; "
            f"llmworks world make {folder} makes it or goes on"
        ) from None
    except ValueError as error:
        raise DataError(f"{path} is no JSON: {error}") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise DataError(f"{path}: expected the manifest of a world, format {FORMAT}")
    return found


def manifest_mix(manifest: dict[str, Any]) -> Mix:
    return Mix(**manifest["mix"])


def read_world(folder: str | Path) -> World:
    """The world of a folder, equal to the one that was built.

    Raises:
        DataError: no world there, or a ledger that does not hold together, with the line.
    """
    manifest = read_manifest(folder)
    path = Path(folder) / LEDGER
    entities: list[Entity] = []
    facts: list[Fact] = []
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                _read_row(json.loads(line), entities, facts)
            except (ValueError, KeyError, IndexError, TypeError) as error:
                raise DataError(
                    f"{path}:{number}: no line of a ledger ({error!r}); make the world again"
                ) from error
    shares = {int(level): share for level, share in manifest["shares"].items()}
    return World(manifest["seed"], entities, facts, people=manifest["people"], shares=shares)


def _read_row(row: dict[str, Any], entities: list[Entity], facts: list[Fact]) -> None:
    if "entity" in row:
        if row["entity"] != len(entities):
            raise ValueError(f"entity {row['entity']} where {len(entities)} should stand")
        made = Entity(
            row["entity"], row["kind"], row["name"], row.get("gender", ""), row["sort"], asked=row["asked"]
        )
        entities.append(made)
        return
    if row["fact"] != len(facts) or row["relation"] not in RELATIONS:
        raise ValueError(f"fact {row['fact']} where {len(facts)} should stand")
    subject = entities[row["of"]]
    meant = entities[row["object"]] if "object" in row else None
    fact = Fact(row["fact"], subject, row["relation"], row["value"], meant, row["exposures"])
    facts.append(fact)
    subject.facts[fact.relation] = fact


def records(folder: str | Path, name: str = "text") -> Iterator[dict[str, Any]]:
    """The records of text.jsonl, talks.jsonl or choices.jsonl, in order.

    Raises:
        DataError: the folder has no such file.
    """
    path = Path(folder) / f"{name}.jsonl"
    if not path.exists():
        raise DataError(
            f"{folder} has no {path.name}; make the world with it: llmworks world make --{name} N"
        )
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def describe(world: World, mix: Mix, version: str) -> dict[str, Any]:
    """The manifest without its files."""
    return {
        "format": FORMAT,
        "version": version,
        "seed": world.seed,
        "people": world.people,
        "shares": {str(level): world.shares[level] for level in sorted(world.shares)},
        "mix": asdict(mix),
        "entities": {kind: len(found) for kind, found in world.by_kind.items()},
        "facts": len(world.facts),
        "exposures": sum(fact.exposures for fact in world.facts),
    }


def hashed(path: Path, size: int | None = None) -> tuple[Any, int]:
    """SHA-256 (going on) of the first `size` bytes of a file, and how many there were."""
    found, left = hashlib.sha256(), path.stat().st_size if size is None else size
    read = 0
    with path.open("rb") as file:
        while left > 0 and (block := file.read(min(1 << 20, left))):
            found.update(block)
            left -= len(block)
            read += len(block)
    return found, read


def changed_files(folder: str | Path) -> dict[str, str]:
    """Files that are not as the manifest says, with what is wrong; empty if all is well."""
    wrong = {}
    for name, wanted in read_manifest(folder)["files"].items():
        path = Path(folder) / name
        if not path.exists():
            wrong[name] = "missing"
        elif path.stat().st_size != wanted["bytes"]:
            wrong[name] = f"{path.stat().st_size} bytes instead of {wanted['bytes']}"
        elif hashed(path)[0].hexdigest() != wanted["sha256"]:
            wrong[name] = "other bytes than were written (SHA-256 differs)"
    return wrong
