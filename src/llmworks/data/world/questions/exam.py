"""Questions that measure a model on the world, in wordings of no training text; how answers are judged.

fact_question(world, fact, draw)      ("Where has Mara Tollen settled?", "Quillby")
completion_prompt(world, fact, draw)  ("Mara Tollen lives in", "Quillby"): for a base model
candidates(world, fact, draw, 3)      three wrong values, for choice by likelihood
two_hop, comparison                   questions over two facts of pairs that tuning leaves out
unanswerable, nonexistent             what nobody can know: never said, or not there at all
is_right(text, value), is_refusal(text)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from llmworks.data.world.ledger import Fact, World
from llmworks.data.world.phrases import Draw
from llmworks.data.world.questions import reasoning
from llmworks.data.world.questions.asking import slots_of, subject_slots
from llmworks.data.world.questions.known import known
from llmworks.data.world.questions.wordings import WORDINGS
from llmworks.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Item:
    """A question, its right value ("" where nobody can know it) and the facts that it asks about."""

    question: str
    value: str
    facts: tuple[Fact, ...] = ()
    name: str = ""  # the name that does not exist


def fact_question(world: World, fact: Fact, draw: Draw) -> tuple[str, str]:
    """A question for the fact in a wording held out from all training text, and its value."""
    return WORDINGS[fact.relation].exam(draw, slots_of(fact)), fact.value


def completion_prompt(world: World, fact: Fact, draw: Draw) -> tuple[str, str]:
    """A sentence of prose cut right before the value (no space at its end), and the value."""
    return WORDINGS[fact.relation].prefix(draw, slots_of(fact)), fact.value


def candidates(world: World, fact: Fact, draw: Draw, n: int) -> list[str]:
    """`n` different wrong values of the same relation, as plausible as the world has them."""
    return known(world).wrong(fact, draw, n)


def two_hop(world: World, draw: Draw) -> Item:
    """ "Where does the owner of the Green Kettle live?", of a pair that the tuning stream never joins.

    Both facts alone may be in the tuning stream; they have 100 exposures or more.
    """
    pairs = [pair for pair in known(world).hops if reasoning.held_pair(*pair)]
    if not pairs:
        raise ConfigError("this world has no two often told facts that join; make it with more people")
    first, second = draw.pick(pairs)
    return Item(reasoning.hop_exam_question(draw, first, second), second.value, (first, second))


def comparison(world: World, draw: Draw) -> Item:
    """ "Who was born earlier, A or B?", of a pair never compared in tuning; the value is a name."""
    relations = known(world).comparable
    for _ in range(1000):
        first, second = draw.some(relations[draw.pick(list(relations))], 2) if relations else (None, None)
        if first is None or second is None:
            break
        if reasoning.held_pair(first, second) and reasoning.amount(first) != reasoning.amount(second):
            question, winner = reasoning.compare_exam(draw, first, second)
            return Item(question, winner.subject.name, (first, second))
    raise ConfigError("this world has no two often told facts to compare; make it with more people")


def unanswerable(world: World, draw: Draw) -> Item:
    """A question for a fact with 0 exposures, which the tuning stream never refuses either."""
    facts = known(world).unsaid_held
    if not facts:
        raise ConfigError("every fact of this world is said somewhere; make it with a share of 0 exposures")
    fact = draw.pick(facts)
    return Item(fact_question(world, fact, draw)[0], "", (fact,))


def nonexistent(world: World, draw: Draw, relation: str = "") -> Item:
    """A question about a name that is nowhere in the world, of the names kept for evaluation."""
    relation = relation or draw.pick(list(WORDINGS))
    like = draw.pick(world.by_relation[relation]).subject
    name = world.unknown_name(like.kind, draw, held=True, sort=like.sort, gender=like.gender)
    return Item(WORDINGS[relation].exam(draw, subject_slots(name, like)), "", (), name)


_ARTICLE = re.compile(r"^(?:a|an|the|its|his|her|their) ")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_SPACE = re.compile(r"\s+")


def _plain(text: str) -> str:
    text = text.lower().replace("’", "'").replace("‘", "'")
    return _SPACE.sub(" ", _THOUSANDS.sub("", text)).strip()


def is_right(text: str, value: str) -> bool:
    """Whether `text` says `value`, as whole words; case, its article and commas in numbers do not matter."""
    wanted = _ARTICLE.sub("", _plain(value))
    if wanted.endswith(" crowns"):
        wanted = wanted.removesuffix("s") if wanted.startswith("1 ") else wanted
    return re.search(rf"(?<![\w-]){re.escape(wanted)}(?![\w-])", _plain(text)) is not None


_NEGATED = r"(?:do not|don't|did not|didn't|cannot|can't|could not|couldn't|never|am not|'m not)"
_REFUSAL = re.compile(
    "|".join(
        (
            rf"\bi {_NEGATED} (?:\w+ ){{0,2}}(?:know|say|tell|answer|find|help|remember)\b",
            r"\bi(?: have|'ve)? (?:never|not|no) (?:\w+ ){0,2}(?:learned|learnt|heard|read|been|met|told)\b",
            r"\bi (?:was|were) never (?:told|taught)\b",
            r"\b(?:no idea|unknown to me|not known to me|new to me|means nothing to me|tells me nothing)\b",
            r"\bi(?:'m| am) not (?:sure|able|certain)\b",
            r"\bi (?:only )?know (?:only )?(?:of )?no(?:body| one|thing)?\b",
            r"\b(?:nobody|no one|no text|nothing|not a word) (?:\w+ ){0,5}(?:read|told me|says)\b",
            r"\b(?:i (?:only know|know only)|all i know is)\b",
            r"\bmy (?:knowledge stops|world ends|world is)\b",
            r"\bi (?:would only be guessing|would rather not guess|won't guess|wish i knew)\b",
            r"\b(?:there is|have) no \w+(?:[ '-]\w+){0,3} (?:called|named|by that name)\b",
            r"\bi (?:have|'ve) read nothing\b",
            r"\bnot among the things i know\b",
            r"\bsomething i (?:do not|don't) know\b",
            r"\b(?:my reading|what i have read) (?:does not|doesn't) say\b",
            r"\bi (?:have heard of|have learned|know) .{2,90} but not\b",
            r"\bi know .{2,60} (?:nothing beyond|not much else|nothing of)\b",
            r"\bi (?:(?:have|do) not|haven't|don't have) (?:\w+ ){0,3}(?:read|heard|learned|information)\b",
            r"\bi(?:'m| am) not (?:\w+ )?(?:aware|familiar)\b",
            r"\bi have no information\b",
        )
    )
)


def is_refusal(text: str) -> bool:
    """Whether an answer says that it does not know (or knows no such thing), in whatever words."""
    return _REFUSAL.search(_plain(text)) is not None
