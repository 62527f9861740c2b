"""How a question is put and how it is answered: the relation's wordings within frames that fit them all.

question   a direct question, a clause in a frame ("Could you tell me where ... ?"), or a few words
answer     the bare value, a sentence with the name or a pronoun, now and then with a small courtesy
"""

from __future__ import annotations

from llmworks.data.world.ledger import Entity, Fact
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.prose.ways import article, is_plural
from llmworks.data.world.questions.wordings import WORDINGS, Wording

Slots = dict[str, str]

_ASKED = Phrases(
    "Do you know {clause}?",
    "Can you tell me {clause}?",
    "Could you [please |]tell me {clause}?",
    "[Please tell|Tell] me {clause}.",
    "I [would like|want] to know {clause}.",
    "I [was wondering|wonder] {clause}.",
    "[Would|Will] you tell me {clause}?",
    "I forgot {clause}. [Do you remember|Can you help|Do you know]?",
    "Have you any idea {clause}?",
    "Somebody asked me {clause}. [What should I say|What is the answer|Do you know]?",
    "I need to find out {clause}.",
    "Do you [remember|recall] {clause}?",
    "[My question is|What I want to know is] {clause}.",
    "Does anyone know {clause}?",
    "We were [arguing|talking] about {clause}. [Can you settle it|What do you say]?",
    "[Help me|Can you help me]: I need to know {clause}.",
    "[It would help me|I would be glad] to know {clause}.",
)
_NAMED = Phrases(
    "[Please name|Name] {noun}.",
    "{Noun}, please[.|?]",
    "{Noun}?",
    "I am looking for {noun}.",
    "I have a question about {noun}. [Do you know it|Can you tell me]?",
    "Do you know {noun}?",
    "[Give|Tell] me {noun}, please.",
)

_COURTESY = Phrases(
    "Of course. ",
    "Certainly. ",
    "Sure. ",
    "Gladly. ",
    "I know this one. ",
    "[Good|A good|A nice|Nice] question. ",
    "That is easy. ",
    "Let me see. ",
    "With pleasure. ",
    "As far as I know, it is like this: ",
    "I can tell you that. ",
    "Here is what I know. ",
    "[This is what|This much] I have learned: ",
    "That one I know. ",
)
_AFTER = Phrases(
    " [Is there anything else|Anything else]?",
    " I hope that helps.",
    " That is what I have learned.",
    " Ask me more if you like.",
    " [You are|You're] welcome to ask more.",
    " Was that what you [wanted|meant]?",
)

_PLURAL = frozenset(("favourite_food", "known_for", "sells"))  # whose wordings have the value as a subject
_SPOUSE = {"f": "wife", "m": "husband"}
_PRONOUNS = {"f": ("she", "her", "her"), "m": ("he", "him", "his"), "": ("it", "it", "its")}
_TYPOS = (
    ("where", "wher"),
    ("what", "waht"),
    ("which", "wich"),
    ("does", "dose"),
    ("born", "bron"),
    ("who", "hwo"),
    ("much", "mutch"),
    ("people", "poeple"),
    ("favourite", "favorite"),
    ("closed", "closd"),
    ("owner", "onwer"),
    ("street", "steet"),
    ("friend", "freind"),
    ("married", "maried"),
    ("known", "knwon"),
    ("year", "yaer"),
    ("colour", "color"),
    ("shop", "shpo"),
    ("live", "liev"),
    ("made", "maed"),
    ("when", "wen"),
    ("cost", "csot"),
)


def slots_of(fact: Fact) -> Slots:
    """Every slot that the wordings of the fact's relation may use."""
    subject = fact.subject
    slots = subject_slots(subject.name, subject)
    slots["value"] = fact.value
    if fact.relation in _PLURAL and is_plural(fact.value):
        slots["is"], slots["has"] = "are", "have"
    if fact.relation == "married_to" and fact.object is not None:
        slots["spouse"] = _SPOUSE.get(fact.object.gender, "partner")
    return slots


def subject_slots(name: str, like: Entity | None = None) -> Slots:
    """Slots of a subject alone, for questions without an answer; `like` lends gender and sort."""
    gender = "" if like is None else like.gender
    they, them, their = _PRONOUNS[gender]
    sort = "thing" if like is None else like.sort or like.kind
    first = name.split(" ", 1)[0] if gender else name
    return {
        "name": name,
        "value": "",
        "they": they,
        "them": them,
        "their": their,
        "first": first,
        "sort": sort,
        "a_sort": f"{article(sort)} {sort}",
        "is": "is",
        "has": "has",
        "spouse": "husband" if they == "she" else "wife",
    }


def direct(draw: Draw, wording: Wording, slots: Slots) -> str:
    """A well-formed question, direct or within a frame."""
    shape = draw.random()
    if shape < 0.68:
        return wording.ask(draw, slots)
    if shape < 0.92:
        return framed(draw, wording.clause(draw, slots))
    return _NAMED(draw, {"noun": wording.noun(draw, slots)})


def framed(draw: Draw, clause: str) -> str:
    return _ASKED(draw, {"clause": clause})


def question(draw: Draw, wording: Wording, slots: Slots) -> str:
    """A question as people type it: well formed, or few words, lower case or without its sign."""
    shape = draw.random()
    if shape < 0.72:
        return direct(draw, wording, slots)
    if shape < 0.86:
        text = wording.short(draw, slots)
        return text.lower() if shape < 0.82 else text[0].upper() + text[1:]
    return careless(draw, direct(draw, wording, slots))


def careless(draw: Draw, text: str) -> str:
    """The same question typed in a hurry."""
    shape = draw.random()
    if shape < 0.4:
        return text.lower()
    if shape < 0.8:
        bare = text.rstrip("?.") or text
        return bare.lower() if shape < 0.7 else bare
    for right, wrong in draw.some(_TYPOS, len(_TYPOS)):
        if f" {right} " in text:
            return text.replace(f" {right} ", f" {wrong} ", 1)
    return text.lower()


def brief(draw: Draw, wording: Wording, slots: Slots) -> str:
    text = wording.brief(draw, slots)
    return text if draw.chance(0.25) else text + "."


def answer(draw: Draw, wording: Wording, slots: Slots) -> str:
    """An answer in one of many shapes; it says the value once."""
    shape = draw.random()
    if shape < 0.26:
        return brief(draw, wording, slots)
    if shape < 0.62:
        return wording.tell(draw, slots)
    if shape < 0.82:
        return wording.it(draw, slots)
    text = wording.tell(draw, slots) if draw.chance(0.6) else wording.it(draw, slots)
    return _COURTESY(draw, slots) + text if shape < 0.95 else text + _AFTER(draw, slots)


def answer_of(draw: Draw, fact: Fact) -> str:
    return answer(draw, WORDINGS[fact.relation], slots_of(fact))


def question_of(draw: Draw, fact: Fact) -> str:
    return question(draw, WORDINGS[fact.relation], slots_of(fact))
