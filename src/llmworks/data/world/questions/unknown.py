"""Conversations where the honest answer is "I don't know": facts never told, and names that do not exist.

They are asked as what is answered is asked, so that only the name and the fact make the difference.
"""

from __future__ import annotations

from llmworks.data.world.ledger import RELATIONS, Entity, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.prose.ways import article
from llmworks.data.world.questions import refusals
from llmworks.data.world.questions.asking import Slots, careless, question, slots_of, subject_slots
from llmworks.data.world.questions.known import known
from llmworks.data.world.questions.plain import asked, list_question, single, turn, with_system
from llmworks.data.world.questions.reasoning import ASKS, BRIDGES, COMPARED
from llmworks.data.world.questions.wordings import WORDINGS
from llmworks.data.world.writers import Talk


def refuse_fact(draw: Draw, relation: str, slots: Slots, carried: bool = False) -> str:
    """ "I don't know where she was born."; `carried`: the name was said before, so a pronoun may "
    "stand for it."""
    wording = WORDINGS[relation]
    named = slots | {"name": slots["they"]} if carried or draw.chance(0.25) else slots
    noun = wording.noun(draw, slots)
    return refusals.unsaid(draw, {"clause": wording.clause(draw, named), "name": slots["name"], "noun": noun})


def name_slots(draw: Draw, name: str, kind: str, sort: str) -> Slots:
    """Slots for not knowing a name: what it would be ("shop", "bakery", "person")."""
    thing = "person" if kind == "person" else sort if sort and draw.chance(0.4) else kind
    if kind == "product":
        thing = "thing" if thing == "product" else thing
    them = "such a person" if kind == "person" else "it"
    return {"name": name, "thing": thing, "a_thing": f"{article(thing)} {thing}", "them": them}


def refuse_name(draw: Draw, relation: str, slots: Slots, kind: str, sort: str) -> str:
    named = slots | {"name": slots["they"]} if draw.chance(0.3) else slots
    clause = WORDINGS[relation].clause(draw, named)
    return refusals.nobody(draw, name_slots(draw, slots["name"], kind, sort) | {"clause": clause})


def unsaid(world: World, draw: Draw) -> Talk:
    """A fact with 0 exposures of somebody or something that is known."""
    facts = known(world).unsaid
    if not facts:
        return single(world, draw)
    fact = draw.pick(facts)
    slots = slots_of(fact)
    user = asked(draw, question(draw, WORDINGS[fact.relation], slots))
    return with_system(draw, turn(user, refuse_fact(draw, fact.relation, slots)))


def invented(world: World, draw: Draw) -> tuple[str, Entity, str]:
    """(relation, an entity that it could be said of, a name that does not exist)."""
    relation = draw.pick(_RELATIONS)
    like = draw.pick(world.by_relation[relation]).subject
    return relation, like, world.unknown_name(like.kind, draw, sort=like.sort, gender=like.gender)


_RELATIONS = tuple(WORDINGS)
_SHARED = tuple(
    relation for relation in BRIDGES if relation != "married_to"
)  # that several may have in common
_THEN = {
    kind: tuple(relation for relation in RELATIONS if RELATIONS[relation].subject == kind)
    for kind in ("person", "place", "shop")
}


def nonexistent(world: World, draw: Draw) -> Talk:
    """A question about a name that is nowhere in the world."""
    relation, like, name = invented(world, draw)
    slots = subject_slots(name, like)
    user = asked(draw, question(draw, WORDINGS[relation], slots))
    return with_system(draw, turn(user, refuse_name(draw, relation, slots, like.kind, like.sort)))


_ABOUT = Phrases(
    "Who is {name}?",
    "Tell me about {name}.",
    "What do you know about {name}?",
    "Have you heard of {name}?",
    "Do you know {name}?",
    "What can you say about {name}?",
    "I am looking for {name}. Can you help?",
    "Describe {name}.",
    "[Can|Could] you tell me something about {name}?",
    "What have you read about {name}?",
)


def who_is(world: World, draw: Draw) -> Talk:
    """An open question, about somebody known (one to three facts are told) or about a name that "
    "does not exist."""
    if draw.chance(0.45):
        _, like, name = invented(world, draw)
        line = _ABOUT(draw, {"name": name})
        user = line if like.kind == "person" else line.replace("Who is", "What is")
        them = like.them if like.kind != "person" else "that person"
        parts = name_slots(draw, name, like.kind, like.sort) | {"clause": f"anything about {them}"}
        return turn(_hurried(draw, user), refusals.nobody(draw, parts))
    groups = known(world).by_subject
    if not groups:
        return single(world, draw)
    facts = draw.some(draw.pick(groups), draw.pick((1, 2, 2, 3)))
    subject = facts[0].subject
    line = _ABOUT(draw, {"name": subject.name})
    user = line if subject.kind == "person" else line.replace("Who is", "What is")
    told = [WORDINGS[facts[0].relation].tell(draw, slots_of(facts[0]))]
    told += [WORDINGS[fact.relation].it(draw, slots_of(fact)) for fact in facts[1:]]
    return with_system(draw, turn(_hurried(draw, user), " ".join(told), tuple(facts)))


def _hurried(draw: Draw, text: str) -> str:
    return careless(draw, text) if draw.chance(0.12) else text


def false_premise(world: World, draw: Draw) -> Talk:
    """A claim, a choice, a bridge or a comparison with a name that does not exist in it."""
    relation, like, name = invented(world, draw)
    slots = subject_slots(name, like)
    shape = draw.random()
    if shape < 0.45:
        fact = draw.pick(world.by_relation[relation])
        user = WORDINGS[relation].check(draw, slots | {"value": fact.value})
    elif shape < 0.75:
        relation = draw.pick(tuple(BRIDGES))
        like = draw.pick(world.by_relation[relation]).subject
        name = world.unknown_name(like.kind, draw, sort=like.sort, gender=like.gender)
        slots = subject_slots(name, like)
        meant = draw.pick(world.by_kind[RELATIONS[relation].value])
        whole = subject_slots(meant.name, meant) | {"name": BRIDGES[relation](draw, slots)}
        user = ASKS[draw.pick(_THEN[meant.kind])](draw, whole)
    elif shape < 0.85:
        relation = draw.pick(_SHARED)
        kind = RELATIONS[relation].value
        like = draw.pick(world.by_kind[kind])
        name = world.unknown_name(kind, draw, sort=like.sort, gender=like.gender)
        slots = subject_slots(name, like)
        user = list_question(draw, relation, name)
        reply = refusals.nobody(draw, name_slots(draw, name, kind, like.sort) | {"clause": "that"})
        return with_system(draw, turn(asked(draw, user), reply))
    else:
        relation = draw.pick(tuple(COMPARED))
        fact = draw.pick(world.by_relation[relation])
        like = fact.subject
        name = world.unknown_name(like.kind, draw, sort=like.sort, gender=like.gender)
        slots = subject_slots(name, like)
        pair = {"one": name, "two": like.name} if draw.chance(0.5) else {"one": like.name, "two": name}
        ways = COMPARED[relation]
        user = (ways.more if draw.chance(0.5) else ways.less)(draw, pair)
    return with_system(
        draw, turn(asked(draw, user), refuse_name(draw, relation, slots, like.kind, like.sort))
    )
