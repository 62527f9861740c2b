"""Golden hashes: the world of one seed, to the last letter, so that no change of a text goes unnoticed.

A change on purpose: `python tests/data/world/test_core_golden.py` prints the new hashes; put them below, and
say in the commit that worlds of one seed now read otherwise (models trained on the old ones keep theirs).
"""

import hashlib
import json
from collections.abc import Iterable
from itertools import chain
from typing import Any

import pytest

from llmworks.data.world.build import build_world
from llmworks.data.world.store import ledger_lines
from llmworks.data.world.stream import WorldStream, choices, talks

GOLDEN = {
    "ledger": "ec683177fcb0c733f703cdbf858a3841e4e793b09d0bf5dad2cdc61c0a6a2ff1",
    "text": "5788a6fdbc50ffb93b158f429f0fc4967700c65aa1a3f55445eca38d51afe3aa",
    "talks": "996b926c2d8d4a4fffdfbc967e704ab7c28a5a0c031114caf4ffec5c494bc7d6",
    "choices": "85595ad41900d242607147e71d44d2d3a80b694e1ce649332b604d8703736e4f",
}


def _hash(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _lines(records: Iterable[dict[str, Any]]) -> Iterable[str]:
    return (json.dumps(record, ensure_ascii=False, sort_keys=True) for record in records)


def hashes() -> dict[str, str]:
    world = build_world(2024, 80)
    stream = WorldStream(world)
    return {
        "ledger": _hash(ledger_lines(world)),
        "text": _hash(_lines(chain(stream.part(0, 1500), stream.part(len(stream) - 500, len(stream))))),
        "talks": _hash(_lines(talks(world, 600, 2024))),
        "choices": _hash(_lines(choices(world, 300, 2024))),
    }


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return hashes()


@pytest.mark.parametrize("name", ["ledger", "text", "talks", "choices"])
def test_the_world_of_a_seed_is_what_it_was(made: dict[str, str], name: str) -> None:
    assert made[name] == GOLDEN[name], f"{name} of seed 2024 changed; see the top of this file"


if __name__ == "__main__":
    for name, value in hashes().items():
        print(f'    "{name}": "{value}",')
