"""Does a stream keep its word? Exposures counted, texts measured, sameness found.

    exposures    counted in the records = those of the ledger, fact by fact
    values       every value that a text states stands in it
    skeleton     a text with names and numbers struck out: "_ lives in _ and likes fishing."
    distinct     share of the runs of 8 words of the skeletons that occur once only
    openings     the commonest first 4 words of the skeletons, of each kind

Names make any two texts differ; what is felt as a template shows only once they are struck out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from llmworks.data.world.ledger import World

LONGEST = 400
"""Words that no text may exceed."""
GRAM = 8
OPENING = 4


@dataclass(slots=True)
class KindReport:
    texts: int = 0
    bytes: int = 0
    words: int = 0
    longest: int = 0
    facts: int = 0
    openings: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class StreamReport:
    kinds: dict[str, KindReport]
    wrong_exposures: list[tuple[int, int, int]]  # fact id, wanted, counted
    absent_values: list[tuple[int, int]]  # record id, fact id
    too_long: list[int]  # record ids
    distinct: float  # of the runs of 8 words of the skeletons
    copies: int  # texts whose very words came before
    complete: bool  # whether all of the stream was read, so that exposures could be compared

    @property
    def sound(self) -> bool:
        return not (self.wrong_exposures or self.absent_values or self.too_long)


def bare(value: str) -> str:
    """A value without its article and unit, in small letters: what must stand in any text that states it."""
    value = value.lower().removesuffix(" crowns")
    for article in ("a ", "an ", "the ", "its "):
        value = value.removeprefix(article)
    return value


def skeleton(text: str) -> list[str]:
    """The words, with those that have a capital letter or a digit struck out."""
    return ["_" if word[:1].isupper() or any(map(str.isdigit, word)) else word for word in text.split()]


def check_stream(
    world: World, records: Iterable[dict[str, Any]], *, complete: bool = True, sampled: int = 20_000
) -> StreamReport:
    """Read the records once. Runs of words are counted in about the first `sampled` of them."""
    kinds: dict[str, KindReport] = {}
    said: Counter[int] = Counter()
    absent: list[tuple[int, int]] = []
    too_long: list[int] = []
    grams: Counter[int] = Counter()
    seen: set[int] = set()
    copies = 0
    for number, record in enumerate(records):
        text, facts = record["text"], record["facts"]
        said.update(facts)
        kind = kinds.setdefault(record["kind"], KindReport())
        words = len(text.split())
        kind.texts += 1
        kind.bytes += len(text.encode())
        kind.words += words
        kind.facts += len(facts)
        kind.longest = max(kind.longest, words)
        if words > LONGEST:
            too_long.append(record["id"])
        folded = text.lower() if facts else ""
        absent += [(record["id"], id) for id in facts if bare(world.facts[id].value) not in folded]
        copies += hash(text) in seen
        seen.add(hash(text))
        if number < sampled:
            bones = skeleton(text)
            kind.openings[" ".join(bones[:OPENING])] += 1
            grams.update(hash(tuple(bones[place : place + GRAM])) for place in range(len(bones) - GRAM + 1))
    wrong = []
    if complete:
        wrong = [(f.id, f.exposures, said[f.id]) for f in world.facts if said[f.id] != f.exposures]
    once = sum(1 for times in grams.values() if times == 1)
    return StreamReport(
        dict(sorted(kinds.items())), wrong, absent, too_long, once / max(1, grams.total()), copies, complete
    )


def unfit_talks(world: World, records: Iterable[dict[str, Any]]) -> list[tuple[int, int]]:
    """(record id, fact id) of the facts that the tuning streams may not tell."""
    return [(r["id"], id) for r in records for id in r["facts"] if not world.may_answer(world.facts[id])]
