"""More instructions for nina: the ten kinds, as texts for the base and as conversations for the tuning.

    python recipes/nina/exercises.py TEXTS.jsonl TALKS.jsonl [MEGABYTES [TALKS]]

Of the world's own writers, from seeds that the world's streams do not use; no fact of the world stands in
them, and what the exam asks about (`instructions/held.py`) does not either. A model of ten million parameters
learns to copy, pick and order from very many examples, which is more than a world's own text should hold.
"""

from __future__ import annotations

import argparse
import json
from bisect import bisect
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

from llmworks.data.world.all_writers import FREE_WRITERS
from llmworks.data.world.build import build_world
from llmworks.data.world.instructions import texts
from llmworks.data.world.phrases import Draw
from llmworks.data.world.stream import talks

SEED = 5_000_011
SHARES = {
    "instruction": 20,
    "in_context": 3,
    "spelling": 0.5,
    "opposites": 0.3,
    "plurals": 0.3,
    "categories": 1,
}
STORIES = 0.6  # of their share in the world's own conversations: they are long


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("talks", type=Path)
    parser.add_argument("megabytes", type=float, nargs="?", default=12.0)
    parser.add_argument("count", type=int, nargs="?", default=40_000)
    arguments = parser.parse_args()
    world = build_world(1, 300)
    write = {writer.name: writer.write for writer in FREE_WRITERS if writer.name in SHARES}
    chooser, left, number = Draw(SEED), arguments.megabytes * 1e6, 0
    kinds, sums = tuple(SHARES), list(accumulate(SHARES.values()))
    with arguments.texts.open("w", encoding="utf-8") as out:
        while left > 0:
            kind = kinds[bisect(sums, chooser.random() * sums[-1])]
            text = write[kind](world, Draw(f"exercise {SEED} {number}"))
            out.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
            left, number = left - len(text.encode()), number + 1
    writers = [
        replace(writer, weight=writer.weight * STORIES) if writer.name == "instruction_story" else writer
        for writer in texts.TALKS
    ]
    with arguments.talks.open("w", encoding="utf-8") as out:
        for talk in talks(world, arguments.count, SEED, writers=writers):
            out.write(json.dumps(talk, ensure_ascii=False) + "\n")
    for path in (arguments.texts, arguments.talks):
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
