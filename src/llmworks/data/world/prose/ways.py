"""How a fact is said: every relation has `Ways`, pieces of several kinds that fit together by grammar.

    plain      a sentence                        "{Name} was born in {value}."
    reverse    a sentence, value first           "{Value} is where {name} was born."
    predicate  after the subject                 "was born in {value}"
    apart      before or after it, set off       "born in {value}"
    noun       what the subject is               "a native of {value}"
    whose      a relative clause                 "whose birthplace is {value}"
    letter     a sentence of one who knows it    "I only learned last week that {name} was born in {value}."
    remark     a comment that states nothing     "One never quite leaves the first place."

The subject stands in three slots, so that one line serves full names, first names and pronouns: `{name}` as the
subject of a verb, `{them}` as its object, `{names}` as the owner of something; `{whom}` is never a pronoun.
"""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from llmworks.data.world.ledger import Entity, Fact
from llmworks.data.world.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Ways:
    labels: tuple[str, ...]  # of a field or a column: "Birthplace"
    plain: Phrases
    reverse: Phrases
    predicate: Phrases
    apart: Phrases
    noun: Phrases
    whose: Phrases
    letter: Phrases
    remark: Phrases

    def lines(self) -> dict[str, Phrases]:
        kinds = ("plain", "reverse", "predicate", "apart", "noun", "whose", "letter", "remark")
        return {kind: getattr(self, kind) for kind in kinds}


@dataclass(frozen=True, slots=True)
class Reference:
    """One way to mention an entity: as the subject of a verb, as an object, as an owner, and never as a pronoun."""

    name: str
    them: str
    names: str
    whom: str


def owner_of(name: str, person: bool = True) -> str:
    """`name` as an owner: "Mara Tollen's", "Tolford's Flowers'"."""
    return f"{name}'" if name.endswith("s") and not person else f"{name}'s"


def spoken(name: str) -> str:
    """A name as it stands within a sentence: "the Green Kettle" for The Green Kettle."""
    return "t" + name[1:] if name.startswith("The ") else name


def full(entity: Entity) -> Reference:
    name = spoken(entity.name)
    return Reference(name, name, owner_of(name, entity.gender != ""), name)


def short(entity: Entity) -> Reference:
    """ "Mara" for Mara Tollen, "the bookshop" for the Green Kettle."""
    name = entity.first_name if entity.gender else f"the {entity.sort or entity.kind}"
    return Reference(name, name, owner_of(name, entity.gender != ""), name)


def pronoun(entity: Entity) -> Reference:
    return Reference(entity.they, entity.them, entity.their, short(entity).whom)


@lru_cache(maxsize=65536)
def bare(value: str) -> str:
    """Without its article: "grey cat" for "a grey cat"."""
    first, _, rest = value.partition(" ")
    return rest if first in ("a", "an", "the", "its") and rest else value


_ONE_GAME = frozenset(("draughts", "dominoes", "darts", "bowls", "skittles"))


@lru_cache(maxsize=65536)
def is_plural(value: str, relation: str = "") -> bool:
    """Whether a thing named so takes "are": "old books", "its hot springs", but not "growing roses"."""
    first = value.split(" ", 1)[0]
    if first in ("a", "an", "the") or value in _ONE_GAME or (relation == "hobby" and first.endswith("ing")):
        return False
    word = value.rsplit(" ", 1)[-1]
    return (word.endswith("s") and not word.endswith(("ss", "us", "is", "ics"))) or word in ("mice", "teeth")


def article(word: str) -> str:
    """ "a" or "an" before a sort of thing (no "hour" and no "unicorn" among them)."""
    return "an" if word[:1] in "aeiou" else "a"


@lru_cache(maxsize=1024)
def _subject_slots(kind: str, sort: str, gender: str) -> dict[str, str]:
    sort = sort or kind
    return {
        "they": {"f": "she", "m": "he"}.get(gender, "it"),
        "their": {"f": "her", "m": "his"}.get(gender, "its"),
        "him": {"f": "her", "m": "him"}.get(gender, "it"),
        "sort": sort,
        "a": article(sort),
        "be": "was" if kind == "event" else "is",
        "partner": "wife" if gender == "f" else "husband",
    }


@lru_cache(maxsize=65536)
def _value_slots(value: str, relation: str, gender: str | None) -> dict[str, str]:
    """`gender`: of the entity that is the value; None if it is a word, a number, a year."""
    value = spoken(value)
    many = gender is None and is_plural(value, relation)
    slots = {
        "value": value,
        "bare": bare(value),
        "is": "are" if many else "is",
        "was": "were" if many else "was",
        "has": "have" if many else "has",
        "it": "they" if many else "it",
        "s": "" if many else "s",
    }
    if gender is not None:
        slots["vthey"] = {"f": "she", "m": "he"}.get(gender, "it")
        slots["vtheir"] = {"f": "her", "m": "his"}.get(gender, "its")
        slots["spouse"] = "wife" if gender == "f" else "husband"
    return slots


def slots_of(fact: Fact) -> dict[str, str]:
    """The slots of a fact that do not depend on how its subject is mentioned; a new dict each time."""
    subject, other = fact.subject, fact.object
    value = _value_slots(fact.value, fact.relation, None if other is None else other.gender)
    return _subject_slots(subject.kind, subject.sort, subject.gender) | value


def refer(slots: dict[str, str], reference: Reference) -> dict[str, str]:
    """`slots` with its subject mentioned in this way (changed in place)."""
    slots["name"], slots["them"] = reference.name, reference.them
    slots["names"], slots["whom"] = reference.names, reference.whom
    return slots
