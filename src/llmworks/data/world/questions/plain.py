"""Conversations of one turn about single facts: asked, checked, asked the other way round, listed."""

from __future__ import annotations

from llmworks.data.world.ledger import Fact, World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.prose.ways import is_plural
from llmworks.data.world.questions.asking import (
    Slots,
    answer,
    careless,
    question,
    slots_of,
)
from llmworks.data.world.questions.known import known
from llmworks.data.world.questions.wordings import WORDINGS
from llmworks.data.world.words import listed
from llmworks.data.world.writers import Message, Talk

_BEFORE = Phrases(
    "Hello! ",
    "Hi. ",
    "Hello nina. ",
    "Hi nina, ",
    "Good morning. ",
    "Good evening! ",
    "Excuse me. ",
    "Hey. ",
    "A question for you. ",
    "Hello, I have a question. ",
    "I hope you can help me. ",
    "Can I ask you something? ",
    "Dear nina, ",
    "nina, ",
    "One more question. ",
    "Please help me. ",
    "I am planning a trip. ",
    "It's for a quiz. ",
    "I'm writing a letter. ",
    "Good afternoon. ",
    "My aunt asked me this. ",
    "Quick one. ",
    "I'm curious. ",
)
_AFTER = Phrases(
    " Thank you!",
    " Thanks.",
    " Thanks in advance.",
    " Please.",
    " Just curious.",
)
SYSTEMS = Phrases(
    "You are nina, a [small|helpful|friendly] model that [knows|has read about] the Vale of Merrin.",
    "You are nina. Answer [plainly|kindly|in plain English] [and honestly|and say when you do not know].",
    "You [are a guide to|answer questions about] the Vale of Merrin. [Be brief|Be friendly|Do not "
    "guess|Be honest].",
    "Answer in plain English.",
    "You are a [helpful|friendly|patient] assistant.",
    "Be short. If you do not know something, say so.",
)


def turn(user: str, assistant: str, facts: tuple[Fact, ...] = ()) -> Talk:
    return Talk([{"role": "user", "content": user}, {"role": "assistant", "content": assistant}], facts)


def with_system(draw: Draw, talk: Talk, share: float = 0.08) -> Talk:
    """The same talk, at times under a system message."""
    if not draw.chance(share):
        return talk
    system: Message = {"role": "system", "content": SYSTEMS(draw, {})}
    return Talk([system, *talk.messages], talk.facts, talk.tools)


def asked(draw: Draw, text: str) -> str:
    """A question with what people say before or after it."""
    shape = draw.random()
    if shape < 0.16:
        before = _BEFORE(draw, {})
        lower = before.endswith(", ") and text.split(" ", 1)[0].isalpha() and text.split(" ", 1)[0] in _STARTS
        return before + (text[0].lower() + text[1:] if lower else text)
    if shape < 0.22 and text.endswith("?"):
        return text + _AFTER(draw, {})
    return text


_STARTS = frozenset(
    listed(
        "Where, In, Which, What, When, Who, Whom, Does, Do, Did, Was, Is, Are, Can, "
        "Could, Would, Will, How, To, On, At, By, Tell, Please, From, For, Have, Of, "
        "Since, Whose"
    )
)


def pick_known(world: World, draw: Draw) -> Fact:
    """A fact that may be answered, each relation about as often as its facts."""
    return draw.pick(world.answerable)


def single(world: World, draw: Draw) -> Talk:
    fact = pick_known(world, draw)
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    user = asked(draw, question(draw, wording, slots))
    return with_system(draw, turn(user, answer(draw, wording, slots), (fact,)))


_YES = Phrases(
    "Yes, {sentence}",
    "Yes. {Sentence}",
    "Yes, that is right. {Sentence}",
    "That's right: {sentence}",
    "Right. {Sentence}",
    "Yes, indeed. {Sentence}",
    "Yes.",
    "Yes, that is right.",
    "It is so. {Sentence}",
    "Correct. {Sentence}",
    "Yes, as far as I know. {Sentence}",
    "You are right. {Sentence}",
    "Exactly. {Sentence}",
    "That is so.",
)
_NO = Phrases(
    "No, {sentence}",
    "No. {Sentence}",
    "No, that is not right. {Sentence}",
    "Not quite: {sentence}",
    "No: {sentence}",
    "That is a mistake. {Sentence}",
    "[Not as far as I know|I don't think so]. {Sentence}",
    "No, it is different. {Sentence}",
    "[I am afraid not|I'm afraid that is wrong]. {Sentence}",
    "You must be thinking of someone or something else. {Sentence}",
    "That is not what I have read. {Sentence}",
    "Almost, but no. {Sentence}",
    "Wrong, I'm afraid. {Sentence}",
)
_CLAIMS = Phrases(
    "{said} [Is that right|Is that true|Isn't that so|Correct|Am I right]?",
    "I [think|believe|read|heard] that {claim}. [Is that right|Is that true|Is it so]?",
    "[Somebody|My friend|My neighbour] [says|told me] that {claim}. [Is that true|True or false|Is "
    "that right]?",
    "[Is it true|Is it right|Can it be] that {claim}?",
    "True or false: {said}",
    "So {claim}, [right|yes|doesn't that fit]?",
    "Can you confirm that {claim}?",
)


def _lower_start(text: str) -> str:
    """For the middle of a sentence: only a pronoun or an article loses its capital letter."""
    first = text.split(" ", 1)[0]
    return text[0].lower() + text[1:] if first in _SMALL else text


_SMALL = frozenset(
    listed(
        "She, He, It, The, You, In, On, At, For, By, His, Her, Its, Most, "
        "When, There, They, People, These, First, A, An"
    )
)


def _sentence(draw: Draw, fact: Fact, slots: Slots) -> Slots:
    """A sentence in both spellings; its first word is a name, or a small word that may lose its capital."""
    wording = WORDINGS[fact.relation]
    said = wording.it(draw, slots) if draw.chance(0.55) else wording.tell(draw, slots)
    name_first = said.startswith(("The ", "A ", "An ")) and fact.value[:4] not in ("the ", "a ", "an ")
    proper = said.startswith(slots["name"]) and name_first and slots["name"].startswith("The ")
    return {"sentence": said if proper else _lower_start(said), "Sentence": said}


def check(world: World, draw: Draw) -> Talk:
    """A yes/no question with a right or a wrong premise; a wrong one is put right."""
    fact = pick_known(world, draw)
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    right = draw.chance(0.45)
    claim = slots
    if not right:
        wrong = known(world).wrong(fact, draw)[0]
        claim = slots | {"value": wrong, "is": "are" if is_plural(wrong) else "is"}
    if draw.chance(0.55):
        user = wording.check(draw, claim)
        if draw.chance(0.12):
            user = careless(draw, user)
    else:
        said = f"{wording.prefix(draw, claim)} {claim['value']}."
        proper = slots["name"].startswith("The ") and said.startswith("The ")
        user = _CLAIMS(draw, {"said": said, "claim": said[:-1] if proper else _lower_start(said[:-1])})
    sentence = _sentence(draw, fact, slots)
    reply = (_YES if right else _NO)(draw, {"sentence": sentence["sentence"]}).replace("  ", " ")
    return with_system(draw, turn(asked(draw, user), reply, (fact,)))


def reverse(world: World, draw: Draw) -> Talk:
    """ "Which shop does Mara Tollen own?": only where exactly one subject of the world fits."""
    facts = known(world).reversible
    if not facts:
        return single(world, draw)
    fact = draw.pick(facts)
    wording, slots = WORDINGS[fact.relation], slots_of(fact)
    assert wording.reverse is not None
    user = wording.reverse(draw, slots)
    if draw.chance(0.15):
        user = careless(draw, user)
    name = slots["name"]
    reply = f"{name[0].upper()}{name[1:]}." if draw.chance(0.35) else wording.tell(draw, slots)
    return with_system(draw, turn(asked(draw, user), reply, (fact,)))


# What the members of a list share, in the plural ("people who live in Quillby").
_SHARED = {
    "born_in": "people who were born in {value}",
    "born_year": "people who were born in {value}",
    "lives_in": "people who live in {value}",
    "job": "people who work as {value}",
    "hobby": "people whose hobby is {value}",
    "pet": "people who keep {value}",
    "favourite_food": "people whose favourite food is {value}",
    "region": "places in {value}",
    "river": "places on {value}",
    "founded": "places that were founded in {value}",
    "known_for": "places that are known for {value}",
    "town": "shops in {value}",
    "street": "shops on a street called {value}",
    "sells": "shops that sell {value}",
    "owner": "shops that belong to {value}",
    "opened": "shops that opened in {value}",
    "closed_on": "shops that are closed on {value}",
    "price": "things that cost {value}",
    "sold_at": "things that are sold at {value}",
    "maker": "things that {value} makes",
    "made_of": "things made of {value}",
    "colour": "things that are {value}",
    "place_of": "events that were held in {value}",
    "year_of": "events of the year {value}",
    "month_of": "events that were held in {value}",
    "winner": "events that {value} won",
    "best_friend": "people whose best friend is {value}",
    "married_to": "people who are married to {value}",
    "mayor": "places that have {value} as their mayor",
}
_LIST_ASK = Phrases(
    "[Name|Tell me] {count} {shared}.",
    "Can you [name|give me|think of] {count} {shared}?",
    "I am looking for {count} {shared}.",
    "[Give me|List|I need] {count} {shared}[|, please].",
    "Do you know {count} {shared}?",
    "Which {shared} do you know? {Count} will do.",
    "{Count} {shared}, please.",
    "Please name {count} {shared}.",
    "Could you name {count} {shared}?",
)
_LIST_TELL = Phrases(
    "{names}.",
    "{Count} {shared} are {names}.",
    "I know {names}.",
    "Here are {count}: {names}.",
    "{Names}.",
    "For example {names}.",
    "I can think of {names}.",
    "{Names} are {shared}.",
    "That would be {names}.",
)
_NUMBERS = {2: "two", 3: "three", 4: "four"}


def named(draw: Draw, world: World) -> Talk | None:
    groups = known(world).groups
    for _ in range(8):
        if not groups:
            break
        group = draw.pick(groups)
        if group[0].relation in _SHARED:
            facts = draw.some(group, draw.pick((2, 2, 3)))
            return turn(*_listed(draw, facts), tuple(facts))
    return None


def list_question(draw: Draw, relation: str, value: str, count: int = 2) -> str:
    """ "Name two people who live in Quillby." """
    shared = _SHARED[relation].format(value=value)
    return _LIST_ASK(draw, {"count": _NUMBERS[count], "shared": shared})


def _listed(draw: Draw, facts: list[Fact]) -> tuple[str, str]:
    count = _NUMBERS[len(facts)]
    shared = _SHARED[facts[0].relation].format(value=facts[0].value)
    names = [fact.subject.name for fact in facts]
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    user = list_question(draw, facts[0].relation, facts[0].value, len(facts))
    if draw.chance(0.15):
        user = careless(draw, user)
    if draw.chance(0.2):
        rows = "\n".join(
            f"{mark}{name[0].upper()}{name[1:]}" for mark, name in zip(_marks(draw), names, strict=False)
        )
        return user, rows
    reply = _LIST_TELL(draw, {"names": listed, "count": count, "shared": shared})
    return user, reply[0].upper() + reply[1:]


def _marks(draw: Draw) -> tuple[str, ...]:
    return draw.pick(
        (("- ", "- ", "- ", "- "), ("1. ", "2. ", "3. ", "4. "), ("* ", "* ", "* ", "* "), ("", "", "", ""))
    )


def a_list(world: World, draw: Draw) -> Talk:
    found = named(draw, world)
    return single(world, draw) if found is None else with_system(draw, found)
