"""The ledger: who and what there is, and every fact, with how often the training text says it.

    Entity   a person, place, shop, product or event            Mara Tollen, a person
    Relation what can be said of a kind of entity               born_in: person -> place
    Fact     (subject, relation, value), with its exposures     Mara Tollen, born_in, Quillby: 30 times
    World    all of them, made from a seed alone

A fact with 0 exposures is true and never said, so nobody who learned from the text can know it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from llmworks.data.world.phrases import Draw

EXPOSURES = (0, 1, 3, 10, 30, 100, 300)
KINDS = ("person", "place", "shop", "product", "event")


@dataclass(frozen=True, slots=True)
class Relation:
    """`value` is a kind of entity, or "year", "number", "price" (whole crowns), "word" (from a list)."""

    name: str
    subject: str
    value: str
    share: float = 1.0  # of the subjects that have it


RELATIONS: dict[str, Relation] = {
    relation.name: relation
    for relation in (
        Relation("born_in", "person", "place"),
        Relation("born_year", "person", "year"),
        Relation("lives_in", "person", "place"),
        Relation("job", "person", "word"),  # "a baker", with its article
        Relation("hobby", "person", "word"),  # "painting", a gerund or noun that fits "likes ..."
        Relation("pet", "person", "word", 0.6),  # "a grey cat", with its article
        Relation("favourite_food", "person", "word"),  # "plum cake", no article
        Relation("best_friend", "person", "person", 0.7),
        Relation("married_to", "person", "person", 0.4),  # both ways
        Relation("region", "place", "word"),  # "the Marsh Country", with its article
        Relation("river", "place", "word", 0.7),  # "the Ebble", with its article
        Relation("founded", "place", "year"),
        Relation("population", "place", "number"),  # "4,200"
        Relation("known_for", "place", "word"),  # "blue pottery", no article
        Relation("mayor", "place", "person"),
        Relation("landmark", "place", "word"),  # "the Crooked Bridge", with its article
        Relation("town", "shop", "place"),
        Relation("street", "shop", "word"),  # "Candle Street"
        Relation("sells", "shop", "word"),  # "old books", plural or mass
        Relation("owner", "shop", "person"),
        Relation("opened", "shop", "year"),
        Relation("closed_on", "shop", "word"),  # "Tuesday"
        Relation("price", "product", "price"),  # "14 crowns"
        Relation("sold_at", "product", "shop"),
        Relation("maker", "product", "person"),
        Relation("made_of", "product", "word"),  # "oak", mass noun
        Relation("colour", "product", "word"),
        Relation("place_of", "event", "place"),
        Relation("year_of", "event", "year"),
        Relation("month_of", "event", "word"),  # "May"
        Relation("winner", "event", "person"),
        Relation("guests", "event", "number"),  # how many came
    )
}


@dataclass(slots=True)
class Entity:
    """One thing of the world; `name` is unique, `gender` is "f" or "m" for a person and "" otherwise.

    `sort` is a plain word for what it is: "woman", "man"; "town", "village", "city"; "bookshop", "bakery";
    "lamp", "kite"; "boat race", "flower show".
    """

    id: int
    kind: str
    name: str
    gender: str = ""
    sort: str = ""
    facts: dict[str, Fact] = field(default_factory=dict)  # by relation
    asked: bool = True  # whether the pretraining text also asks questions about it (else prose only)

    @property
    def they(self) -> str:
        return {"f": "she", "m": "he"}.get(self.gender, "it")

    @property
    def them(self) -> str:
        return {"f": "her", "m": "him"}.get(self.gender, "it")

    @property
    def their(self) -> str:
        return {"f": "her", "m": "his"}.get(self.gender, "its")

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    def __repr__(self) -> str:
        return f"Entity({self.id}, {self.kind}, {self.name!r})"


@dataclass(slots=True)
class Fact:
    """`value` is how it is said ("Quillby", "1961", "14 crowns"); `object` the entity meant, if it is one."""

    id: int
    subject: Entity
    relation: str
    value: str
    object: Entity | None
    exposures: int

    def __repr__(self) -> str:
        return f"Fact({self.id}, {self.subject.name!r}, {self.relation}, {self.value!r}, {self.exposures})"


@dataclass(frozen=True, slots=True)
class Topic:
    """What a text is to state: each of `facts` once, and nothing else of the ledger.

    Either all facts have one subject (`subject`), or (`subject` None) they are of one relation and of several
    subjects of one kind: for lists, tables and comparisons.
    """

    subject: Entity | None
    facts: tuple[Fact, ...]


class World:
    """Entities and facts by kind and relation. Made by `build_world`, or read again with `read_world`."""

    def __init__(
        self,
        seed: int,
        entities: Sequence[Entity],
        facts: Sequence[Fact],
        *,
        people: int = 0,
        shares: Mapping[int, float] | None = None,
    ) -> None:
        self.seed, self.entities, self.facts = seed, list(entities), list(facts)
        self.people, self.shares = people, dict(shares or {})

    @classmethod
    def load(cls, folder: str | Path) -> World:
        """The world that `llmworks world make` wrote to a folder."""
        from llmworks.data.world.store import read_world

        return read_world(folder)

    @cached_property
    def by_name(self) -> dict[str, Entity]:
        return {entity.name: entity for entity in self.entities}

    @cached_property
    def by_kind(self) -> dict[str, list[Entity]]:
        return {kind: [entity for entity in self.entities if entity.kind == kind] for kind in KINDS}

    @cached_property
    def by_relation(self) -> dict[str, list[Fact]]:
        found: dict[str, list[Fact]] = {name: [] for name in RELATIONS}
        for fact in self.facts:
            found[fact.relation].append(fact)
        return found

    def fact(self, entity: Entity | str, relation: str) -> Fact | None:
        """The fact of an entity (or of its name), None where it has none of that relation."""
        found = self.by_name.get(entity) if isinstance(entity, str) else entity
        return found.facts.get(relation) if found is not None else None

    def value_words(self, relation: str) -> tuple[str, ...]:
        """The word list of the relation, or (years, numbers, names) every value in this world, sorted."""
        found = self._values.get(relation)
        if found is None:
            from llmworks.data.world.goods import WORDS

            found = WORDS.get(relation) or tuple(sorted({fact.value for fact in self.by_relation[relation]}))
            self._values[relation] = found
        return found

    @cached_property
    def _values(self) -> dict[str, tuple[str, ...]]:
        return {}

    def never_said(self, fact: Fact) -> bool:
        return fact.exposures == 0

    def held_from_tuning(self, fact: Fact) -> bool:
        """A fixed 20 % of the facts are never in the tuning stream (both halves of a couple, or neither)."""
        about = fact.id
        if fact.relation == "married_to" and fact.object is not None:
            about = min(about, fact.object.facts["married_to"].id)
        return stable_hash(f"held {self.seed} {about}") % 5 == 0

    def may_answer(self, fact: Fact) -> bool:
        """Whether the tuning stream may ask for it and tell the answer."""
        return fact.exposures >= 100 and fact.subject.asked and not self.held_from_tuning(fact)

    @cached_property
    def answerable(self) -> list[Fact]:
        """All facts that `may_answer` allows, in order."""
        return [fact for fact in self.facts if self.may_answer(fact)]

    @cached_property
    def unsaid(self) -> list[Fact]:
        """All facts that no text of the pretraining stream says, in order."""
        return [fact for fact in self.facts if fact.exposures == 0]

    def unknown_name(
        self, kind: str, draw: Draw, *, held: bool = False, sort: str = "", gender: str = ""
    ) -> str:
        """A name as this world makes them, of something that is not in it.

        A stable hash splits these names: `held` False gives those for tuning, True those kept for evaluation.
        """
        from llmworks.data.world import names

        while True:
            name = names.any_name(kind, draw, sort, gender)
            if name not in self.by_name and (stable_hash(name) % 4 == 0) == held:
                return name


def stable_hash(text: str) -> int:
    """The same number on every machine and in every process."""
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest(), "little")
