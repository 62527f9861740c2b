"""The world that a model is asked about, and the luck that draws its questions.

--world 1:1000          seed and people
--world FOLDER          what `llmworks world make` wrote
MODEL/world.json        seed, people and shares, beside the weights
else                    1:1000
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from llmworks.data.world.build import SHARES, build_world
from llmworks.data.world.ledger import EXPOSURES, Fact, World
from llmworks.data.world.phrases import Draw
from llmworks.data.world.store import MANIFEST, read_world
from llmworks.evals.errors import EvalError

DEFAULT = (1, 1000)
Options = Mapping[str, Any]
Row = dict[str, Any]
T = TypeVar("T")


def world_of(options: Options) -> World:
    """The world that the options name."""
    if "world_folder" in options:
        return _read(str(options["world_folder"]))
    if "world_seed" in options:
        return _built(int(options["world_seed"]), int(options["people"]), tuple(SHARES.items()))
    beside = Path(str(options.get("model_path", ""))) / MANIFEST
    if beside.is_file():
        return _built(*_said(beside))
    return _built(*DEFAULT, tuple(SHARES.items()))


def _said(path: Path) -> tuple[int, int, tuple[tuple[int, float], ...]]:
    """Seed, people and shares of a world.json."""
    try:
        found = json.loads(path.read_text("utf-8"))
        shares = {int(level): float(share) for level, share in found.get("shares", SHARES).items()}
        return int(found["seed"]), int(found["people"]), tuple(shares.items())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvalError(
            f"{path}: expected the seed, people and shares of a world; {type(error).__name__}: {error}"
        ) from None


@lru_cache(maxsize=2)
def _built(seed: int, people: int, shares: tuple[tuple[int, float], ...]) -> World:
    return build_world(seed, people, dict(shares))


@lru_cache(maxsize=2)
def _read(folder: str) -> World:
    return read_world(folder)


def luck(options: Options, name: str) -> Draw:
    """Questions of the same name, world and seed are the same in every run."""
    return Draw(f"exam {name} {options.get('seed', 0)}")


def by_exposure(
    world: World, draw: Draw, count: int, fits: Callable[[Fact], bool] = lambda fact: True
) -> Iterator[Fact]:
    """Up to `count` facts of each number of exposures."""
    for exposures in EXPOSURES:
        yield from draw.some(
            [fact for fact in world.facts if fact.exposures == exposures and fits(fact)], count
        )


def distinct(make: Callable[[], T], key: Callable[[T], str], count: int) -> list[T]:
    """`count` things with different keys; fewer where so many cannot be found."""
    found: dict[str, T] = {}
    for _ in range(30 * count):
        made = make()
        found.setdefault(key(made), made)
        if len(found) == count:
            break
    return list(found.values())


def about(world: World, fact: Fact) -> Row:
    """What results are grouped by.

    tuning: "answered" if the tuning stream may answer it, "held" if it is told often enough but kept out of
    it, "never" otherwise. asked: whether the pretraining text also asks questions about the subject.
    """
    if world.may_answer(fact):
        tuning = "answered"
    else:
        tuning = "held" if fact.exposures >= 100 else "never"
    return {
        "fact": fact.id,
        "relation": fact.relation,
        "exposures": fact.exposures,
        "often": "100 or more" if fact.exposures >= 100 else "fewer",
        "kind": fact.subject.kind,
        "asked": "asked" if fact.subject.asked else "prose only",
        "tuning": tuning,
    }
