"""What questions need to know of a world, indexed once: wrong values, values that fit one subject only.

Known(world).wrong(fact, draw, 3)     three values of the same relation that are not the fact's
Known(world).only(fact)               whether no other subject has this value, so it can be asked in reverse
Known(world).answerable               facts that the tuning stream may answer, and pairs and groups of them
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from weakref import WeakKeyDictionary

from llmworks.data.world.ledger import RELATIONS, Fact, World
from llmworks.data.world.phrases import Draw
from llmworks.data.world.questions.wordings import WORDINGS

# What is said of a shop or a product goes with its sort: a bakery sells no sheet music.
_BY_SORT = frozenset({"sells", "made_of", "price", "guests", "month_of"})


class Known:
    """Indexes over one world. `known(world)` keeps one a world."""

    def __init__(self, world: World) -> None:
        # No reference to the world itself: the cache of `known` is keyed by it, weakly.
        self.facts, self.answerable = world.facts, world.answerable
        self.unsaid = [fact for fact in world.unsaid if not world.held_from_tuning(fact)]
        self.unsaid_held = [fact for fact in world.unsaid if world.held_from_tuning(fact)]
        self.by_kind = world.by_kind

    @cached_property
    def _values(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for fact in self.facts:
            found[fact.relation, ""][fact.value] = None
            found[_like(fact)][fact.value] = None
        return {key: list(values) for key, values in found.items()}

    def wrong(self, fact: Fact, draw: Draw, count: int = 1) -> list[str]:
        """`count` different wrong values, as plausible as the world has them (of the same gender or sort)."""
        values = self._values[_like(fact)]
        if len(values) <= count + 2:
            values = self._values[fact.relation, ""]
        banned = {fact.value, fact.subject.name}
        found: list[str] = []
        for _ in range(8 * count):
            value = draw.pick(values)
            if value not in banned:
                found.append(value)
                if len(found) == count:
                    return found
                banned.add(value)
        rest = [value for value in self._values[fact.relation, ""] if value not in banned]
        return [*found, *rest[: count - len(found)]]

    @cached_property
    def _holders(self) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = defaultdict(int)
        for fact in self.facts:
            found[fact.relation, fact.value] += 1
        return found

    def only(self, fact: Fact) -> bool:
        """Whether the subject is the only one in the whole ledger with this value."""
        return self._holders[fact.relation, fact.value] == 1

    @cached_property
    def by_subject(self) -> list[list[Fact]]:
        """Answerable facts by subject, where there are two or more."""
        found: dict[int, list[Fact]] = defaultdict(list)
        for fact in self.answerable:
            found[fact.subject.id].append(fact)
        return [facts for facts in found.values() if len(facts) >= 2]

    @cached_property
    def of(self) -> dict[int, list[Fact]]:
        """Answerable facts by the id of their subject."""
        found: dict[int, list[Fact]] = defaultdict(list)
        for fact in self.answerable:
            found[fact.subject.id].append(fact)
        return found

    @cached_property
    def by_any(self) -> list[list[Fact]]:
        """Answerable facts by subject."""
        return list(self.of.values())

    @cached_property
    def groups_by_kind(self) -> dict[str, list[list[Fact]]]:
        """The same by the kind of the subject."""
        found: dict[str, list[list[Fact]]] = defaultdict(list)
        for facts in self.by_any:
            found[facts[0].subject.kind].append(facts)
        return found

    @cached_property
    def groups_by_sort(self) -> dict[str, list[list[Fact]]]:
        """The same by the sort of the subject: "town", "bakery"."""
        found: dict[str, list[list[Fact]]] = defaultdict(list)
        for facts in self.by_any:
            found[facts[0].subject.sort].append(facts)
        return found

    @cached_property
    def same_relation(self) -> dict[str, list[Fact]]:
        """Answerable facts by relation."""
        found: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.answerable:
            found[fact.relation].append(fact)
        return found

    @cached_property
    def hops(self) -> list[tuple[Fact, Fact]]:
        """Pairs of answerable facts where the first one's value is the second one's subject."""
        return [
            (first, second)
            for first in self.answerable
            if first.object is not None
            for second in self.of.get(first.object.id, ())
            if second.object is not first.subject and second.value != first.value
        ]

    @cached_property
    def comparable(self) -> dict[str, list[Fact]]:
        """Answerable facts by relation, of the relations with numbers, where there are two or more."""
        found: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.answerable:
            if RELATIONS[fact.relation].value in ("year", "number", "price"):
                found[fact.relation].append(fact)
        return {relation: facts for relation, facts in found.items() if len(facts) >= 2}

    @cached_property
    def groups(self) -> list[list[Fact]]:
        """Answerable facts of one relation with one value: two or more subjects to name in a list."""
        found: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        for fact in self.answerable:
            found[fact.relation, fact.value].append(fact)
        return [facts for facts in found.values() if len(facts) >= 2]

    @cached_property
    def reversible(self) -> list[Fact]:
        """Answerable facts that can be asked the other way round."""
        return [
            fact
            for fact in self.answerable
            if WORDINGS[fact.relation].reverse is not None and self.only(fact)
        ]

    @cached_property
    def unsaid_of(self) -> dict[int, list[Fact]]:
        """Facts that are never said, and not held for the exam, by the id of their subject."""
        found: dict[int, list[Fact]] = defaultdict(list)
        for fact in self.unsaid:
            found[fact.subject.id].append(fact)
        return found


def _like(fact: Fact) -> tuple[str, str]:
    if fact.object is not None and fact.object.gender:
        return fact.relation, fact.object.gender
    return (fact.relation, fact.subject.sort) if fact.relation in _BY_SORT else (fact.relation, "")


_KNOWN: WeakKeyDictionary[World, Known] = WeakKeyDictionary()


def known(world: World) -> Known:
    """The indexes of a world, made at the first call."""
    found = _KNOWN.get(world)
    if found is None:
        found = _KNOWN[world] = Known(world)
    return found
