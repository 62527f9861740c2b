"""How a relation is asked and answered: one `Wording` a relation, each part a `Phrases`.

    ask      "Where was {name} born?"            clause   "where {name} was born" (name as subject only,
    short    "{name} birthplace?"                         so that a pronoun can stand for it)
    follow   "And where was {they} born?"        noun     "{name}'s place of birth"
    tell     "{Name} was born in {value}."       brief    "In {value}"
    it       "{They} was born in {value}."       label    "Place of birth"
    check    "Was {name} born in {value}?"       prefix   "{Name} was born in" (the value comes next)
    exam     held-out questions: in no training text
    reverse  "Who is the mayor of ...?" the other way round, for values that fit one subject only

Slots: name, value, they, them, their, first (a person's first name, else the name), sort, a_sort ("an antique
shop"), spouse ("husband", "wife"), is and has (as the value wants them).
"""

from __future__ import annotations

from dataclasses import dataclass

from llmworks.data.world.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Wording:
    ask: Phrases
    short: Phrases
    follow: Phrases
    clause: Phrases
    noun: Phrases
    tell: Phrases
    it: Phrases
    brief: Phrases
    check: Phrases
    label: Phrases
    prefix: Phrases
    exam: Phrases
    reverse: Phrases | None = None
