"""Every relation's `Ways`, and how one fact, two or three become a sentence.

"Born in Quillby, Mara Tollen keeps a grey cat."      apart + predicate
"She works as a baker and is fond of chess."          predicate + predicate
"A baker, she likes plum cake best of all food."      noun + predicate
"""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llmworks.data.world.ledger import Entity, Fact
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.prose import sentences_event as event
from llmworks.data.world.prose import sentences_person as person
from llmworks.data.world.prose import sentences_place as place
from llmworks.data.world.prose import sentences_product as product
from llmworks.data.world.prose import sentences_shop as shop
from llmworks.data.world.prose.ways import Reference, Ways, full, pronoun, refer, short, slots_of

WAYS: dict[str, Ways] = {
    "born_in": person.BORN_IN,
    "born_year": person.BORN_YEAR,
    "lives_in": person.LIVES_IN,
    "job": person.JOB,
    "hobby": person.HOBBY,
    "pet": person.PET,
    "favourite_food": person.FAVOURITE_FOOD,
    "best_friend": person.BEST_FRIEND,
    "married_to": person.MARRIED_TO,
    "region": place.REGION,
    "river": place.RIVER,
    "founded": place.FOUNDED,
    "population": place.POPULATION,
    "known_for": place.KNOWN_FOR,
    "mayor": place.MAYOR,
    "landmark": place.LANDMARK,
    "town": shop.TOWN,
    "street": shop.STREET,
    "sells": shop.SELLS,
    "owner": shop.OWNER,
    "opened": shop.OPENED,
    "closed_on": shop.CLOSED_ON,
    "price": product.PRICE,
    "sold_at": product.SOLD_AT,
    "maker": product.MAKER,
    "made_of": product.MADE_OF,
    "colour": product.COLOUR,
    "place_of": event.PLACE_OF,
    "year_of": event.YEAR_OF,
    "month_of": event.MONTH_OF,
    "winner": event.WINNER,
    "guests": event.GUESTS,
}

FRAMES = Phrases(
    "[I happen to know|I have it on good authority|I can confirm|I am sure|I remember] that {clause}.",
    "[What I can tell you is|What stuck in my mind is|The one thing I remember is] that {clause}.",
    "[See here|Look|Listen|Mark this|You see]: {clause}.",
    "[Strange or not|Like it or not|Believe it or not|Funnily enough|As it happens|Oddly enough], {clause}.",
    "[In case you wonder|In case anyone asks|If anyone asks|For the record|For completeness], {clause}.",
    "[Is it true|Can it be|So is it right] that {clause}? [It is|Yes|Indeed].",
    "[It is well known|It is no secret|It should be said|It may be added|One may add|It is written somewhere] that {clause}.",
    "[They say|People say|I am told|We are told|Word has it|One hears] that {clause}.",
    "{Clause}, [they say|so people say|as we have heard|as is well known|by all accounts|it seems].",
    "[As everyone knows|As the neighbours know|As far as anyone knows|By all accounts|As is well known], {clause}.",
    "[Ask anyone|Ask at any door|Take my word for it|One thing is certain|Note well|This much is known]: {clause}.",
    "[The fact is|The truth is|What is certain is|What matters here is|The first thing to know is] that {clause}.",
    "[Did you know|Who would have guessed|Have you heard|Is it generally known] that {clause}?",
    "[Remember|Make a note|Do not forget|Keep in mind|Never forget] that {clause}.",
    "[In plain words|To put it simply|In short|Briefly|In a word or two], {clause}.",
    "[What many do not know|Something that many forget|A thing worth knowing]: {clause}.",
    "[Nobody doubts|No one disputes|There is no doubt|All agree|Everyone agrees] that {clause}.",
    "[Let it be said|Let us note|Let us not forget|Let it be remembered] that {clause}.",
    "{Clause}: [that is certain|that much is sure|so much is known|of that there is no doubt].",
    "[According to|If we may believe] [the neighbours|those who know|the old hands|the papers], {clause}.",
)
"""Around a clause, subject and predicate: "Did you know that Mara Tollen keeps a grey cat?" """


@dataclass(frozen=True, slots=True)
class Style:
    """How likely each way of a single sentence is (the rest: predicate), and a remark after it; `pairs`: of joining."""

    plain: float
    reverse: float
    letter: float = 0.0
    frame: float = 0.0
    remark: float = 0.0
    pairs: float = 0.5


ENTRY = Style(plain=0.42, reverse=0.36, frame=0.06, remark=0.06)
TALKED = Style(plain=0.25, reverse=0.25, letter=0.2, frame=0.2, remark=0.2, pairs=0.3)
WRITTEN = Style(plain=0.16, reverse=0.2, letter=0.46, frame=0.1, remark=0.16, pairs=0.3)


def state(draw: Draw, fact: Fact, reference: Reference, style: Style = ENTRY) -> str:
    """One sentence that states the fact."""
    ways, slots = WAYS[fact.relation], refer(slots_of(fact), reference)
    luck = draw.random() - style.plain
    if luck < 0:
        return ways.plain(draw, slots)
    luck -= style.reverse
    if luck < 0:
        return ways.reverse(draw, slots)
    luck -= style.letter
    if luck < 0:
        return ways.letter(draw, slots)
    slots["clause"] = f"{slots['name']} {ways.predicate(draw, slots)}"
    if luck < style.frame:
        return FRAMES(draw, slots)
    return _capital(f"{slots['clause']}.")


_Join = tuple[str, Phrases]
_JOINS2: tuple[_Join, ...] = (
    ("pp", Phrases("{Name} {x} and {y}.", "{Name} {x}; {they} {y}.", "{Name} {x}, and {they} {y}.")),
    (
        "pp",
        Phrases(
            "{Name} {x} and {y}.",
            "{Name} {x} and[, what is more,|, besides,|, by the way,|, not least,] {y}.",
        ),
    ),
    (
        "pp",
        Phrases("{Whom} {x}. {They} {y}.", "{Name} {x}; [furthermore|besides|also|moreover], {they} {y}."),
    ),
    ("ap", Phrases("{X}, {name} {y}.", "{Whom}, {x}, {y}.", "{X}, {whom} {y}.")),
    ("ap", Phrases("{X}, {name} {y}.", "{Whom}, {x}, {y}.")),
    ("wp", Phrases("{Whom}, {x}, {y}.")),
    ("np", Phrases("{X}, {name} {y}.", "{Whom}, {x}, {y}.", "{Whom} {be} {x} and {y}.", "{Whom}, {x}, {y}.")),
    ("sp", Phrases("{x}, and {they} {y}.", "{x}; {they} {y}.", "{x}; [also|besides], {they} {y}.")),
)
_JOINS3: tuple[_Join, ...] = (
    ("ppp", Phrases("{Name} {x}, {y} and {z}.", "{Name} {x} and {y}, and {they} {z}.", "{Name} {x}; {they} {y} and {z}.")),
    ("app", Phrases("{X}, {name} {y} and {z}.", "{Whom}, {x}, {y} and {z}.", "{X}, {name} {y}; {they} {z}.")),
    ("wpp", Phrases("{Whom}, {x}, {y} and {z}.", "{Whom}, {x}, {y}; {they} {z}.")),
    ("npp", Phrases("{X}, {name} {y} and {z}.", "{Whom}, {x}, {y} and {z}.", "{Whom} {be} {x}; {they} {y} and {z}.")),
    ("apw", Phrases("{X}, {whom}, {z}, {y}.")),
    ("naa", Phrases("{Whom} {be} {x}, {y} and {z}.")),
)  # fmt: skip


def join(draw: Draw, facts: Sequence[Fact], reference: Reference) -> str:
    """One sentence (or two short ones) that states two or three facts of one subject."""
    kinds, phrases = draw.pick(_JOINS2 if len(facts) == 2 else _JOINS3)
    slots = {"be": "was" if facts[0].subject.kind == "event" else "is", "they": facts[0].subject.they}
    if any(fact.object is not None and fact.object.they == slots["they"] for fact in facts):
        slots["they"] = short(facts[0].subject).name  # "she" could be the other one
    refer(slots, reference)
    before = ""
    for number, fact in enumerate(facts):
        kind, key, last = kinds[number], "xyz"[number], number + 1 == len(facts)
        piece = _piece(draw, kind, fact, refer(slots_of(fact), reference))
        for _ in range(4):  # no open apposition before "and", no "was held in ... and was held in ..."
            if piece and not (
                kind == "p" and ((not last and ", " in piece) or piece.startswith(before or "?"))
            ):
                break
            piece = _piece(draw, kind, fact, refer(slots_of(fact), reference))
        if piece is not None and kind == "p":
            before = piece[: piece.find(" ", piece.find(" ") + 1) + 1]
        if piece is None:  # a question cannot be continued
            return f"{state(draw, facts[0], reference)} {state(draw, facts[1], pronoun(fact.subject))}"
        slots[key] = piece
    return phrases(draw, slots)


def _piece(draw: Draw, kind: str, fact: Fact, slots: dict[str, str]) -> str | None:
    ways = WAYS[fact.relation]
    if kind == "p":
        return ways.predicate(draw, slots)
    if kind == "a":
        return ways.apart(draw, slots)
    if kind == "n":
        return ways.noun(draw, slots)
    if kind == "w":
        return (
            ways.whose(draw, slots)
            if draw.chance(0.5)
            else f"{_which(fact.subject)} {ways.predicate(draw, slots)}"
        )
    said = (ways.plain if draw.chance(0.4) else ways.reverse)(draw, slots)
    return said[:-1] if said.endswith(".") and "?" not in said else None


def _which(entity: Entity) -> str:
    return "who" if entity.gender else "which"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def passage(
    draw: Draw, subject: Entity, facts: Sequence[Fact], style: Style = ENTRY, introduced: bool = False
) -> list[str]:
    """Sentences that state these facts of the subject, each once, in random order; remarks may stand between.

    `introduced`: the text has named the subject in full already.
    """
    order = draw.some(facts, len(facts))
    said: list[str] = []
    place = 0
    reference = pronoun(subject) if introduced else full(subject)
    while place < len(order):
        left = len(order) - place
        size = 1
        if left > 1 and draw.chance(style.pairs):
            size = 3 if left > 2 and draw.chance(0.25) else 2
        group = order[place : place + size]
        said.append(state(draw, group[0], reference, style) if size == 1 else join(draw, group, reference))
        place += size
        if size == 1 and draw.chance(style.remark):
            said.append(WAYS[group[0].relation].remark(draw, {}))
        reference = _next(draw, subject, group)
    return said


def _next(draw: Draw, subject: Entity, said: Sequence[Fact]) -> Reference:
    """How to go on: a pronoun mostly, never one that could mean somebody just named."""
    luck = draw.random()
    for fact in said:
        if fact.object is not None and fact.object.they == subject.they:
            return short(subject) if luck < 0.7 else full(subject)
    return pronoun(subject) if luck < 0.62 else short(subject) if luck < 0.86 else full(subject)


def clause(draw: Draw, fact: Fact, reference: Reference) -> str:
    """Subject and predicate, no capital and no full stop."""
    slots = refer(slots_of(fact), reference)
    return f"{slots['name']} {WAYS[fact.relation].predicate(draw, slots)}"


def label(draw: Draw, fact: Fact) -> str:
    return draw.pick(WAYS[fact.relation].labels)
