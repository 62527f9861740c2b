"""Open questions about the world, as a stranger asks them: "Who lives in Quillby?", "Name a "
"bakery.", "Tell me a fact."

Answers name who and what there is, and state facts that may be answered; a list says that it is not all.
"""

from __future__ import annotations

from llmworks.data.world.ledger import Entity, Fact, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.questions.asking import careless, slots_of
from llmworks.data.world.questions.known import known
from llmworks.data.world.questions.plain import asked, single, turn, with_system
from llmworks.data.world.questions.wordings import WORDINGS
from llmworks.data.world.writers import Talk

# Questions whose answer is who or what has a value; any number of subjects may have it.
_WHO_HAS = {
    "lives_in": Phrases(
        "Who lives in {value}?",
        "Do you know [anyone|somebody] who lives in {value}?",
        "Which people live in {value}?",
    ),
    "born_in": Phrases(
        "Who was born in {value}?", "Who comes from {value}?", "Do you know anyone from {value}?"
    ),
    "born_year": Phrases("Who was born in {value}?", "Do you know anyone born in {value}?"),
    "job": Phrases(
        "Who is {value}?",
        "Who works as {value}?",
        "Do you know {value}?",
        "I am looking for {value}. Whom do you know?",
    ),
    "hobby": Phrases(
        "Who likes {value}?", "Whose hobby is {value}?", "Do you know somebody who likes {value}?"
    ),
    "pet": Phrases("Who has {value}?", "Who keeps {value}?", "Do you know anyone with {value}?"),
    "favourite_food": Phrases("Who likes {value} best?", "Whose favourite food is {value}?"),
    "region": Phrases(
        "Which places are in {value}?", "What is there in {value}?", "Which [towns|villages] lie in {value}?"
    ),
    "river": Phrases("Which places lie on {value}?", "What places are there on {value}?"),
    "town": Phrases(
        "What shops are there in {value}?", "Which shops are in {value}?", "Where can I shop in {value}?"
    ),
    "street": Phrases("Which shop is on {value}?", "What shops are there on {value}?"),
    "sells": Phrases(
        "Where can I buy {value}?",
        "Who sells {value}?",
        "Which shop sells {value}?",
        "I need {value}. Where should I go?",
    ),
    "closed_on": Phrases("Which shops are closed on {value}?", "What is closed on {value}?"),
    "opened": Phrases("Which shop opened in {value}?", "What opened in {value}?"),
    "sold_at": Phrases("What can I get at {value}?", "What is on the shelves of {value}, for example?"),
    "made_of": Phrases("What is made of {value}?", "Do you know a thing made of {value}?"),
    "place_of": Phrases("What was held in {value}?", "Which events took place in {value}?"),
    "year_of": Phrases("What happened in {value}?", "Which event was held in {value}?"),
    "known_for": Phrases("Where do {value} come from?", "Which place is known for {value}?"),
}
_SOME = Phrases(
    "For one, {sentences}",
    "{Sentences}",
    "I know of this: {sentences}",
    "{Sentences} There may be more.",
    "{Sentences} That is what I know.",
    "{Sentences} Perhaps others too.",
)

_NAME_ONE = Phrases(
    "Name a {sort}[ in the Vale of Merrin|].",
    "Do you know a {sort}[ in the Vale| there|]?",
    "Tell me about a {sort}[ in the Vale of Merrin|].",
    "Is there a {sort} in the Vale of Merrin?",
    "Give me the name of a {sort}.",
    "Can you name {a_sort}?",
    "Pick a {sort} and tell me about it.",
)
_NAME_PERSON = Phrases(
    "Name somebody from the Vale of Merrin.",
    "Tell me about somebody who lives in the Vale.",
    "Do you know anyone in the Vale of Merrin?",
    "Tell me about a person from the Vale.",
    "Who lives in the Vale of Merrin?",
    "Pick a person and tell me about them.",
    "Name one person you know.",
    "Whom do you know?",
    "Introduce me to somebody.",
)
_FACT = Phrases(
    "Tell me something about the Vale of Merrin.",
    "Tell me a fact[ about the Vale of Merrin|].",
    "Surprise me.",
    "What do you know about the Vale?",
    "[Tell|Teach] me something [new|I don't know].",
    "Give me a fact.",
    "Something about the Vale, please.",
    "Say something about your world.",
    "Tell me anything about the Vale of Merrin.",
    "[One|Any] fact about the Vale of Merrin, please.",
)
_PLACES = Phrases(
    "Which {many} do you know[ in the Vale of Merrin|]?",
    "Name [some|a few] {many}.",
    "What {many} are there in the Vale of Merrin?",
    "List [some|a few|three] {many}[ of the Vale|].",
    "Can you name some {many}?",
    "Tell me the names of a few {many}.",
)
_NAMED = Phrases(
    "{Names}.",
    "There are {names}, for example.",
    "{Names}, and more.",
    "I know {names}.",
    "For example {names}.",
    "Here are some: {names}.",
    "Some of them are {names}.",
)
_MANY = {
    "person": "people",
    "place": "places",
    "shop": "shops",
    "product": "things to buy",
    "event": "events",
}
_MANY_SORTS = {"town": "towns", "village": "villages", "city": "cities", "bakery": "bakeries"}


def _told(draw: Draw, facts: list[Fact], name_first: bool) -> str:
    first, *others = facts
    name = first.subject.name
    if name_first:
        said = [f"{name[0].upper()}{name[1:]}.", WORDINGS[first.relation].it(draw, slots_of(first))]
    else:
        said = [WORDINGS[first.relation].tell(draw, slots_of(first))]
    return " ".join(said + [WORDINGS[fact.relation].it(draw, slots_of(fact)) for fact in others])


def who_has(world: World, draw: Draw) -> Talk:
    """ "Who lives in Quillby?": one to three of those who may be told."""
    index = known(world)
    for _ in range(12):
        fact = draw.pick(world.answerable)
        if fact.relation in _WHO_HAS:
            break
    else:
        return single(world, draw)
    same = [other for other in index.same_relation[fact.relation] if other.value == fact.value]
    chosen = draw.some(same, draw.pick((1, 2, 3)))
    wording = WORDINGS[fact.relation]
    user = _WHO_HAS[fact.relation](draw, slots_of(fact))
    user = careless(draw, user) if draw.chance(0.15) else user
    if draw.chance(0.4):
        names = _joined([other.subject.name for other in chosen])
        reply = _NAMED(draw, {"names": names}) if len(chosen) > 1 else f"{names[0].upper()}{names[1:]}."
    else:
        sentences = " ".join(wording.tell(draw, slots_of(other)) for other in chosen)
        reply = _SOME(draw, {"sentences": sentences})
    return with_system(draw, turn(asked(draw, user), reply, tuple(chosen)))


def _joined(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def name_one(world: World, draw: Draw) -> Talk:
    """ "Name a bakery.", "Tell me a fact.": something known, with one to three facts of it."""
    index = known(world)
    shape = draw.random()
    if shape < 0.3:
        group = draw.pick(index.by_any)
        user = _FACT(draw, {})
    elif shape < 0.55 and index.groups_by_kind["person"]:
        group = draw.pick(index.groups_by_kind["person"])
        user = _NAME_PERSON(draw, {})
    else:
        group = draw.pick(index.by_any)
        subject = group[0].subject
        if subject.kind == "person":
            user = _NAME_PERSON(draw, {})
        else:
            user = _one_of(draw, subject)
    facts = draw.some(group, draw.pick((1, 2, 2, 3)))
    user = careless(draw, user) if draw.chance(0.12) else user
    return with_system(draw, turn(user, _told(draw, facts, shape >= 0.3 and draw.chance(0.5)), tuple(facts)))


def _one_of(draw: Draw, subject: Entity) -> str:
    slots = slots_of(next(iter(subject.facts.values())))
    return _NAME_ONE(draw, slots).replace(f"a {slots['sort']}", slots["a_sort"])


def name_some(world: World, draw: Draw) -> Talk:
    """ "Which towns do you know?": names alone, which state nothing of the ledger."""
    index = known(world)
    kind = draw.pick([kind for kind, groups in index.groups_by_kind.items() if len(groups) >= 3] or [""])
    if not kind:
        return single(world, draw)
    groups, many = index.groups_by_kind[kind], _MANY[kind]
    if draw.chance(0.4):
        sort = draw.pick(list(_MANY_SORTS))
        if len(index.groups_by_sort.get(sort, ())) >= 3:
            groups, many = index.groups_by_sort[sort], _MANY_SORTS[sort]
    names = [facts[0].subject.name for facts in draw.some(groups, 3)]
    user = _PLACES(draw, {"many": many})
    reply = _NAMED(draw, {"names": _joined(names)})
    return with_system(draw, turn(careless(draw, user) if draw.chance(0.12) else user, reply))
