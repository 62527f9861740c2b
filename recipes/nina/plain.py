"""Plain English of the world's writers, without its facts.

    python recipes/nina/plain.py OUT.jsonl [MEGABYTES]

Stories, how-tos, common sense, small talk, sums and instructions from a stream of another seed than the one
that tells the facts, so that nina meets these kinds of text before she meets a single fact.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from llmworks.data.world.build import build_world
from llmworks.data.world.schedule import Mix
from llmworks.data.world.stream import WorldStream

SEED = 3_000_017


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("megabytes", type=float, nargs="?", default=16.0)
    arguments = parser.parse_args()
    left = arguments.megabytes * 1e6
    with arguments.out.open("w", encoding="utf-8") as out:
        for record in WorldStream(build_world(1, 300), seed=SEED, mix=Mix(free=0.9)):
            if not record["facts"]:
                out.write(json.dumps({"text": record["text"]}, ensure_ascii=False) + "\n")
                left -= len(record["text"])
                if left < 0:
                    break
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
