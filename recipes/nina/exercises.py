"""More instructions for nina: the ten kinds and sums, as texts for the base and conversations for the tuning.

    python recipes/nina/exercises.py TEXT TEXTS.jsonl TALKS.jsonl [MEGABYTES [TALKS]]

Of the world's own writers, from seeds that the world's streams do not use. No fact of the world stands in
them, and what the exam asks about (`instructions/held.py`) does not either. With the 160 names and 190 things
of the writers a model learns those by heart and writes one of them where it should copy: here some thousands
of names, nouns and towns, found in the plain English of TEXT (`text.py`), stand in their places.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from llmworks.data.world.all_writers import FREE_WRITERS
from llmworks.data.world.build import build_world
from llmworks.data.world.instructions import arithmetic, problems, texts, words
from llmworks.data.world.instructions.held import Pool
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
    "one_sum": 2.5,
    "plain_sums": 2,
    "sum_steps": 1.5,
    "times_table": 0.8,
}
STORIES = 0.6  # of their share in the world's own conversations: they are long
PATTERNS = {
    "noun": r"\b(?:the|a|an|his|her|my|your) ([a-z]{2,10}[a-rt-z])(?=[.,;!?])",
    "name": r"\b([A-Z][a-z]{2,10})(?: [A-Z][a-z]+)* (?:was|said|asked|cried|replied|thought|went|had)\b",
    "town": r"\b(?:in|to|near|from|at) ([A-Z][a-z]{3,11})(?=[.,;])",
}
LEAST, MOST = 4, 4000
T = TypeVar("T")


def found(text: Path) -> dict[str, list[str]]:
    """Nouns, names and towns of the English, the frequent ones first; no name that is a word as well."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in PATTERNS}
    small: Counter[str] = Counter()
    for line in _texts(text):
        small.update(re.findall(r"\b[a-z]+\b", line))
        for kind, pattern in PATTERNS.items():
            counts[kind].update(re.findall(pattern, line))
    months = {*words.MONTHS.all, *words.DAYS.all}
    return {
        kind: [
            word
            for word, times in count.most_common(MOST)
            if times >= LEAST and word not in months and (kind == "noun" or small[word.lower()] < 3)
        ]
        for kind, count in counts.items()
    }


def _texts(folder: Path) -> Iterator[str]:
    for path in sorted((folder / "train").glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)["text"]


def of_the_exam() -> set[str]:
    """The words that any pool of the exercises keeps for the exam."""
    modules = [module for name, module in sys.modules.items() if name.startswith(texts.__package__)]
    pools = [pool for module in modules for pool in vars(module).values() if isinstance(pool, Pool)]
    kept = [one for pool in pools for one in pool.held]
    return {str(one[0] if isinstance(one, tuple) else one) for one in kept}


def put(pool: Pool[T], more: list[T]) -> None:
    """Half of what is drawn is still of the writers' own words, so that their sense is not lost."""
    pool.train = (*more, *(pool.train * max(1, len(more) // len(pool.train))))


def widen(text: Path) -> str:
    """Put the words into the writers' pools; those of the exam stay out of them."""
    kept = of_the_exam()
    wide = {kind: [word for word in most if word not in kept] for kind, most in found(text).items()}
    they = (("he", "him", "his"), ("she", "her", "her"))
    put(words.NAMES, [words.Name(word, *they[at % 2]) for at, word in enumerate(wide["name"])])
    for pool in (words.THINGS, words.GOODS):
        put(pool, [words.Thing(word, words.plural(word)) for word in wide["noun"]])
    put(words.TOWNS, wide["town"])
    return ", ".join(f"{len(most):,} {kind}s" for kind, most in wide.items())


def write_texts(path: Path, megabytes: float) -> None:
    world = build_world(1, 300)
    write = {writer.name: writer.write for writer in FREE_WRITERS if writer.name in SHARES}
    kinds, sums = tuple(SHARES), list(accumulate(SHARES.values()))
    chooser, left, number = Draw(SEED), megabytes * 1e6, 0
    with path.open("w", encoding="utf-8") as out:
        while left > 0:
            kind = kinds[bisect(sums, chooser.random() * sums[-1])]
            text = write[kind](world, Draw(f"exercise {SEED} {number}"))
            out.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
            left, number = left - len(text.encode()), number + 1


def write_talks(path: Path, count: int) -> None:
    writers = [
        replace(writer, weight=writer.weight * STORIES) if writer.name == "instruction_story" else writer
        for writer in (*texts.TALKS, *arithmetic.TALKS, *problems.TALKS)
    ]
    with path.open("w", encoding="utf-8") as out:
        for talk in talks(build_world(1, 300), count, SEED, writers=writers):
            out.write(json.dumps(talk, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("text", type=Path)
    parser.add_argument("texts", type=Path)
    parser.add_argument("talks", type=Path)
    parser.add_argument("megabytes", type=float, nargs="?", default=21.0)
    parser.add_argument("count", type=int, nargs="?", default=70_000)
    arguments = parser.parse_args()
    print(widen(arguments.text))
    write_texts(arguments.texts, arguments.megabytes)
    write_talks(arguments.talks, arguments.count)
    for path in (arguments.texts, arguments.talks):
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
