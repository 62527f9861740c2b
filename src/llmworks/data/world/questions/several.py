"""Conversations of one turn in other shapes: two questions at once, a choice, a gap, a portrait."""

from __future__ import annotations

from llmworks.data.world.ledger import Fact, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.questions.asking import careless, slots_of
from llmworks.data.world.questions.known import known
from llmworks.data.world.questions.plain import asked, pick_known, single, turn, with_system
from llmworks.data.world.questions.unknown import refuse_fact
from llmworks.data.world.questions.wordings import WORDINGS
from llmworks.data.world.writers import Talk

_TWO = Phrases(
    "{one} {And} {two}",
    "Two questions about {name}: {one} And {two}",
    "{one} {Two}",
    "1. {one} 2. {Two}",
    "{one} I would also like to know: {two}",
    "{one} Also, {two}",
)
_BUT = Phrases(
    "But {refusal}", "{Refusal}", "As for the rest: {refusal}", "The other thing I can't tell you: {refusal}"
)
_EITHER = Phrases(
    "{asked} {A} or {b}?",
    "{asked} Is it {a} or {b}?",
    "{asked} (a) {a} (b) {b}",
    "{asked} I think it is {a} or {b}.",
    "{asked} {A}, or {b}?",
    "{asked}\nA) {a}\nB) {b}",
    "{asked} Choose one: {a}, {b}.",
)
_PICKED = Phrases(
    "It is {value}.",
    "{Value}.",
    "{Value}, not {wrong}.",
    "Not {wrong} but {value}.",
    "The answer is {value}.",
)
_FINISH = Phrases(
    "[Finish|Complete] [the|this] sentence: {prefix} ...",
    "{prefix} ... [How does it go on|What comes next]?",
    "[Fill in the gap|Fill the gap|What is missing]: {prefix} ____.",
    "{prefix} ____",
    "How does this sentence end: {prefix} ...",
    "{prefix} ...",
)
_PORTRAIT = Phrases(
    "[Write|Give me] [some|a few] [sentences|lines] about {name}.",
    "[Introduce|Describe] {name} [briefly|in a few words|to a stranger].",
    "[Sum up|Say] what you know about {name}.",
    "Tell me [something|a little|more] about {name}.",
    "A short portrait of {name}, please.",
)


def two_at_once(world: World, draw: Draw) -> Talk:
    """Two questions about one subject in one message; at times the second one cannot be answered."""
    groups = known(world).by_subject
    if not groups:
        return single(world, draw)
    facts = draw.some(draw.pick(groups), 2)
    first = facts[0]
    unsaid = known(world).unsaid_of.get(first.subject.id)
    second = draw.pick(unsaid) if unsaid and draw.chance(0.35) else facts[1]
    slots, then = slots_of(first), slots_of(second)
    two = WORDINGS[second.relation].follow(draw, then).removeprefix("And ")
    two = two[0].lower() + two[1:]
    whole = {"one": WORDINGS[first.relation].ask(draw, slots), "two": two, "name": first.subject.name}
    user = _TWO(draw, whole | {"and": "and"})
    user = careless(draw, user) if draw.chance(0.08) else user
    said = WORDINGS[first.relation].tell(draw, slots)
    if second.exposures:
        reply = f"{said} {WORDINGS[second.relation].it(draw, then)}"
        return with_system(draw, turn(user, reply, (first, second)))
    refusal = refuse_fact(draw, second.relation, then, carried=True)
    reply = f"{said} {_BUT(draw, {'refusal': refusal})}" if refusal.startswith("I ") else f"{said} {refusal}"
    return with_system(draw, turn(user, reply, (first,)))


def either(world: World, draw: Draw) -> Talk:
    """A question with two answers to choose from."""
    fact = pick_known(world, draw)
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    wrong = known(world).wrong(fact, draw)[0]
    a, b = (fact.value, wrong) if draw.chance(0.5) else (wrong, fact.value)
    user = _EITHER(draw, {"asked": wording.ask(draw, slots), "a": a, "b": b})
    shape = draw.random()
    if shape < 0.4:
        reply = _PICKED(draw, {"value": fact.value, "wrong": wrong})
    elif shape < 0.7:
        reply = wording.tell(draw, slots)
    else:
        reply = wording.it(draw, slots)
    return with_system(draw, turn(asked(draw, user), reply, (fact,)))


def finish(world: World, draw: Draw) -> Talk:
    """A sentence that stops before the value."""
    fact = pick_known(world, draw)
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    prefix = wording.prefix(draw, slots)
    reply = f"{prefix} {fact.value}." if draw.chance(0.4) else f"{fact.value}."
    reply = reply[0].upper() + reply[1:]
    return with_system(draw, turn(_FINISH(draw, {"prefix": prefix}), reply, (fact,)))


def portrait(world: World, draw: Draw) -> Talk:
    """Two to four facts of one subject, in sentences."""
    groups = known(world).by_subject
    if not groups:
        return single(world, draw)
    facts: list[Fact] = draw.some(draw.pick(groups), draw.pick((2, 3, 3, 4)))
    said = [WORDINGS[facts[0].relation].tell(draw, slots_of(facts[0]))]
    said += [WORDINGS[fact.relation].it(draw, slots_of(fact)) for fact in facts[1:]]
    user = _PORTRAIT(draw, {"name": facts[0].subject.name})
    return with_system(draw, turn(asked(draw, user), " ".join(said), tuple(facts)))
