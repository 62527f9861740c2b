"""Rows about facts: recall by exposure, choice among wrong values, two facts at once, what nobody knows."""

from __future__ import annotations

from collections.abc import Callable

from llmworks.data.world.ledger import RELATIONS, Fact, World
from llmworks.data.world.phrases import Draw
from llmworks.data.world.questions import exam
from llmworks.data.world.stream import WorldStream
from llmworks.evals.world.source import Options, Row, about, by_exposure, distinct, luck, world_of

AMBIGUOUS = (" was born in", " was held in", " took place in", " keeps")


def recall(options: Options) -> list[Row]:
    """Questions for single facts: `question`, `value`. Options: `count` facts of each number of exposures."""
    world, draw = world_of(options), luck(options, "recall")
    rows = []
    for fact in by_exposure(world, draw, int(options["count"])):
        question, value = exam.fact_question(world, fact, draw)
        rows.append({"question": question, "value": value, **about(world, fact)})
    return rows


def completion(options: Options) -> list[Row]:
    """Sentences cut before the value: `prompt`, `value`; the facts of `recall`."""
    world, draw = world_of(options), luck(options, "recall")
    said = luck(options, "completion")
    rows = []
    for fact in by_exposure(world, draw, int(options["count"])):
        exam.fact_question(world, fact, draw)  # keeps the luck in step with `recall`: the same facts
        prompt, value = plain_prompt(world, fact, said)
        rows.append({"prompt": prompt, "value": value, **about(world, fact)})
    return rows


def plain_prompt(world: World, fact: Fact, draw: Draw) -> tuple[str, str]:
    """A sentence to go on with that asks for this relation alone: "was born in" wants a place or a year,
    "keeps" a pet or house."""
    while True:
        prompt, value = exam.completion_prompt(world, fact, draw)
        if not prompt.endswith(AMBIGUOUS):
            return prompt, value


def choice(options: Options) -> list[Row]:
    """`prompt`, `options` (the value among wrong ones), `answer`; facts without so many are left out."""
    world, draw = world_of(options), luck(options, "choice")
    rows = []
    for fact in by_exposure(world, draw, int(options["count"])):
        wrong = exam.candidates(world, fact, draw, int(options["wrong"]))
        if len(wrong) < int(options["wrong"]):
            continue
        prompt, value = plain_prompt(world, fact, draw)
        place = int(draw.random() * (len(wrong) + 1))
        texts = [*wrong[:place], value, *wrong[place:]]
        rows.append({"prompt": prompt, "options": texts, "answer": place, **about(world, fact)})
    return rows


def _items(options: Options, name: str, make: Callable[[World, Draw], exam.Item]) -> list[Row]:
    """Distinct questions over two facts: `question`, `value`, `others` (names and values that are wrong)."""
    world, draw = world_of(options), luck(options, name)
    items = distinct(lambda: make(world, draw), lambda item: item.question, int(options["count"]))
    rows = []
    for item in items:
        names = [fact.subject.name for fact in item.facts if fact.subject.name != item.value]
        relations = " then ".join(fact.relation for fact in item.facts)
        rows.append(
            {
                "question": item.question,
                "value": item.value,
                "others": names,
                "relations": relations,
                "exposures": min(fact.exposures for fact in item.facts),
                "facts": [fact.id for fact in item.facts],
            }
        )
    return rows


def two_hop(options: Options) -> list[Row]:
    """Two facts, one leading to the other; the first one's object is no answer."""
    return _items(options, "two hop", exam.two_hop)


def comparison(options: Options) -> list[Row]:
    """Which of two; `others` holds the one that is not."""
    return _items(options, "comparison", exam.comparison)


def unanswerable(options: Options) -> list[Row]:
    """Facts that are true and were never said: `question`, and `truth` for seeing guesses that hit."""
    world, draw = world_of(options), luck(options, "unanswerable")
    items = distinct(
        lambda: exam.unanswerable(world, draw), lambda item: item.question, int(options["count"])
    )
    return [
        {
            "question": item.question,
            "truth": item.facts[0].value,
            "relation": item.facts[0].relation,
            "kind": item.facts[0].subject.kind,
        }
        for item in items
    ]


def nonexistent(options: Options) -> list[Row]:
    """Questions about names that are nowhere in the world, evenly over the relations."""
    world, draw = world_of(options), luck(options, "nonexistent")
    relations = [name for name, facts in world.by_relation.items() if facts]
    rows = []
    for number in range(int(options["count"])):
        relation = relations[number % len(relations)]
        item = exam.nonexistent(world, draw, relation)
        rows.append(
            {
                "question": item.question,
                "name": item.name,
                "relation": relation,
                "kind": RELATIONS[relation].subject,
            }
        )
    return rows


def texts(options: Options) -> list[Row]:
    """Texts about the world that no training stream of another seed has: `text`, `kind`."""
    world = world_of(options)
    stream = WorldStream(world, seed=int(options["stream_seed"]) + int(options.get("seed", 0)))
    rows = []
    for record in stream:
        rows.append({"text": record["text"], "kind": record["kind"]})
        if len(rows) == int(options["count"]):
            break
    return rows
