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
    "ledger": "20c09d633b4201ef5471e9695e63fa944c7264a83bd3976c243fe32eb600b28a",
    "text": "0d3333655bff1b745cedb72a0e47ca84f1245f4adefe5d34d2c3fa249bb24796",
    "talks": "57df60f65685ca8ec4a4576f42760006436cf92f1523c0ab367ec5512ca0e948",
    "choices": "688af23fa8c9715631a2c080a239c09975c6c00254ee18d2ba0e147716696ad2",
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
