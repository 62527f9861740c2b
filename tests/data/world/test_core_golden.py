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
    "text": "22f7db70da30fe2522fa0216b2c92fda600c8a48562138c1b31a132a26a1372c",
    "talks": "b7a73acdf821223d7054a7ad6f872b1b10a459d744be9ad4758d49ba8d72dd08",
    "choices": "428da4579009956540bffa15a55e2934377ea9b3b84c90bd82b9a3226766d9ef",
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
