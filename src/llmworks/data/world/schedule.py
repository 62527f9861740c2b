"""The plan: which facts each text states, so that every fact is said exactly as often as the ledger wants.

    exposures of a fact   A 4, B 3, C 1 of one subject
    lot                   single 3/4, questions 1/4 (if the subject is asked), lists a tenth
    spread                copy j of r stands at (j + luck) / r:       A B A C B A B A
    cut                   runs without a repeat, as long as some writer takes:    (A B) (A C B) (A B) (A)

Copies of one fact stand apart, so runs are as long as the numbers allow; a run is cut for a writer drawn by
weight among those that take its length and relations. Nothing is dropped and nothing added: the exposures in
the plan are those of the ledger, and no text states a fact twice.
"""

from __future__ import annotations

from array import array
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from llmworks.data.world.ledger import RELATIONS, Topic, World
from llmworks.data.world.luck import shuffled, uniforms
from llmworks.data.world.phrases import Draw
from llmworks.data.world.writers import FactWriter
from llmworks.errors import ConfigError

_LOOK = 6
"""How far beyond the wanted run facts that differ are looked for."""
_PIECE = 200_000
"""Exposures that are cut as Python numbers at a time: the rest stay in arrays, a tenth of the size."""
_CODES = {name: code for code, name in enumerate(RELATIONS)}
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Mix:
    """How the exposures are shared out; the rest is prose about one subject."""

    questions: float = 0.28  # of the exposures of subjects that are asked
    lists: float = 0.11  # one relation of several subjects
    asking_lists: float = 0.03  # the same, in questions
    free: float = 0.50  # of the characters: text that states nothing of the ledger

    def __post_init__(self) -> None:
        if not 0 <= self.free < 1:
            raise ConfigError(f"the share of free text must be in [0, 1); it is {self.free}")
        shares = (self.questions, self.lists, self.asking_lists)
        if min(shares) < 0 or sum(shares) > 1:
            raise ConfigError(
                f"the shares of questions and lists must be 0 or more, together at most 1: {shares}"
            )


@dataclass(frozen=True, slots=True)
class Plan:
    """Text n states `facts[start[n]:start[n + 1]]` (fact ids) and is written by `writers[writer[n]]`."""

    writers: tuple[FactWriter, ...]
    writer: npt.NDArray[np.int16]
    start: npt.NDArray[np.int64]
    facts: Ints

    def __len__(self) -> int:
        return len(self.writer)

    def topic(self, world: World, number: int) -> tuple[FactWriter, Topic]:
        writer = self.writers[self.writer[number]]
        return writer, topic_of(
            world, writer, self.facts[self.start[number] : self.start[number + 1]].tolist()
        )


def topic_of(world: World, writer: FactWriter, ids: list[int]) -> Topic:
    found = world.facts
    facts = tuple([found[id] for id in ids])
    return Topic(None if writer.several else facts[0].subject, facts)


def plan_texts(world: World, writers: Sequence[FactWriter], seed: int = 0, mix: Mix | None = None) -> Plan:
    """The plan of all texts that state facts, in random order.

    Raises:
        ConfigError: a relation that no writer can state alone.
    """
    lots = _Lots(world, tuple(writers), seed, mix or Mix())
    made = _Topics()
    left = lots.of_lists(made)
    lots.of_subjects(made, left)
    return made.shuffled(tuple(writers), seed)


class _Topics:
    """Grows by one text at a time, in compact arrays."""

    def __init__(self) -> None:
        self.writer, self.length, self.facts = array("h"), array("i"), array("i")

    def add(self, writer: int, facts: Sequence[int]) -> None:
        self.writer.append(writer)
        self.length.append(len(facts))
        self.facts.extend(facts)

    def shuffled(self, writers: tuple[FactWriter, ...], seed: int) -> Plan:
        lengths = np.array(self.length, np.int64)
        order = shuffled(seed * 8 + 1, len(lengths))
        ends = np.cumsum(lengths)
        start = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths[order])])
        # For each place in the new list of facts: where it stood in the old one.
        shift = np.repeat((ends - lengths)[order] - start[:-1], lengths[order])
        facts = np.array(self.facts, np.int32)[np.arange(len(shift)) + shift]
        return Plan(writers, np.array(self.writer, np.int16)[order], start, facts)


class _Lots:
    def __init__(self, world: World, writers: tuple[FactWriter, ...], seed: int, mix: Mix) -> None:
        self.world, self.writers, self.seed = world, writers, seed
        self.draw = Draw(f"plan {seed} {world.seed}")
        facts = world.facts
        self.relation = [_CODES[fact.relation] for fact in facts]
        self.subject = [fact.subject.id for fact in facts]
        self.asked = np.array([fact.subject.asked for fact in facts], bool)
        self.total = np.array([fact.exposures for fact in facts], np.int64)
        self.groups = {
            (several, question): [
                number
                for number, writer in enumerate(writers)
                if (writer.several, writer.question) == (several, question)
            ]
            for several in (False, True)
            for question in (False, True)
        }
        self.mix = mix

    def share(self, share: float, group: tuple[bool, bool], salt: int) -> npt.NDArray[np.int64]:
        """So many of each fact's exposures, rounded by luck; none where nobody can write them."""
        able = {relation for number in self.groups[group] for relation in self.writers[number].relations}
        can = np.array([name in able for name in RELATIONS], bool)[np.array(self.relation, np.int64)]
        if group[1]:
            can &= self.asked
        luck = uniforms(self.seed * 8 + salt, len(self.total))
        return np.where(can, np.floor(self.total * share + luck), 0).astype(np.int64)

    def of_lists(self, made: _Topics) -> npt.NDArray[np.int64]:
        """Cut the lists; returns what each fact still has to be said."""
        left = self.total.copy()
        for group, share, salt in (
            ((True, False), self.mix.lists, 2),
            ((True, True), self.mix.asking_lists, 3),
        ):
            count = np.minimum(self.share(share, group, salt), left)
            sequence = self.spread(count, np.array(self.relation, np.int64), salt)
            unsaid = self.cut(sequence, self.relation, self.groups[group], made)
            left -= count
            np.add.at(left, np.array(unsaid, np.int64), 1)
        return left

    def of_subjects(self, made: _Topics, left: npt.NDArray[np.int64]) -> None:
        subject = np.array(self.subject, np.int64)
        asked = np.minimum(self.share(self.mix.questions, (False, True), 4), left)
        for count, group, salt in ((asked, (False, True), 5), (None, (False, False), 6)):
            wanted = left if count is None else count
            unsaid = self.cut(self.spread(wanted, subject, salt), self.subject, self.groups[group], made)
            left = left - wanted
            np.add.at(left, np.array(unsaid, np.int64), 1)
        if left.any():
            relation = list(RELATIONS)[self.relation[int(np.flatnonzero(left)[0])]]
            raise ConfigError(
                f"no writer can state {relation} of one subject alone; add a FactWriter with least=1 for it"
            )

    def spread(self, count: npt.NDArray[np.int64], near: npt.NDArray[np.int64], salt: int) -> Ints:
        """Each fact `count` times, those of equal `near` together, copies of one fact apart."""
        facts = np.repeat(np.arange(len(count)), count)
        number = np.arange(len(facts)) - np.repeat(np.cumsum(count) - count, count)
        place = (number + uniforms(self.seed * 8 + salt + 1000, len(facts))) / np.repeat(count, count)
        order = np.lexsort((place, near[facts]))
        return facts[order].astype(np.int32)

    def cut(self, sequence: Ints, near: list[int], numbers: list[int], made: _Topics) -> list[int]:
        """Cut a spread sequence into topics; returns the facts that no writer takes."""
        tables, unsaid = _Tables(self.writers, numbers), []
        for piece in _pieces(sequence, near):
            unsaid += self.cut_piece(piece, near, tables, made)
        return unsaid

    def cut_piece(self, sequence: list[int], near: list[int], tables: _Tables, made: _Topics) -> list[int]:
        relation, random = self.relation, self.draw.random
        unsaid, place, end = [], 0, len(sequence)
        while place < end:
            first = sequence[place]
            found = tables.pick(relation[first], tables.most, random())
            if found is not None:
                _, least, most, mask = found
                taken = least + int(max(random(), random()) * (most - least + 1))
                taken = _gather(sequence, place, min(taken, end - place), near)
                facts = sequence[place : place + taken]
                if taken < least or not (mask is None or all(mask >> relation[id] & 1 for id in facts)):
                    found, facts = self.shorter(tables, facts, random())
            if found is None:
                unsaid.append(first)
                place += 1
            else:
                made.add(found[0], facts)
                place += len(facts)
        return unsaid

    def shorter(self, tables: _Tables, facts: list[int], luck: float) -> tuple[_Entry | None, list[int]]:
        """A writer for as many of the first of these facts as any takes."""
        for length in range(len(facts), 0, -1):
            found = tables.pick(self.relation[facts[0]], length, luck)
            if found is not None:
                length = min(length, found[2])
                if found[3] is None or all(found[3] >> self.relation[id] & 1 for id in facts[:length]):
                    return found, facts[:length]
        return None, facts


def _pieces(sequence: Ints, near: list[int]) -> Iterator[list[int]]:
    """The sequence in lists of bounded length, none of which ends amid facts of one `near`."""
    place = 0
    while place < len(sequence):
        end = min(place + _PIECE, len(sequence))
        while end < len(sequence) and near[sequence[end]] == near[sequence[end - 1]]:
            end += 1
        yield sequence[place:end].tolist()
        place = end


def _gather(sequence: list[int], place: int, wanted: int, near: list[int]) -> int:
    """Bring up to `wanted` different facts of one `near` to `place`, from further on where one repeats.

    Returns how many stand there now. The order of a sequence means nothing, so its facts may change places.
    """
    about, length = near[sequence[place]], 1
    end = min(len(sequence), place + wanted + _LOOK)
    for other in range(place + 1, end):
        if length == wanted:
            break
        fact = sequence[other]
        if near[fact] != about:
            break
        if fact not in sequence[place : place + length]:
            at = place + length
            sequence[other], sequence[at] = sequence[at], fact
            length += 1
    return length


_Entry = tuple[int, int, int, int | None]


class _Tables:
    """For a first relation and a length: the writers that take them, and how to draw one by weight."""

    def __init__(self, writers: tuple[FactWriter, ...], numbers: list[int]) -> None:
        self.writers, self.numbers = writers, numbers
        self.most = max((writers[number].most for number in numbers), default=1)
        self.made: dict[tuple[int, int], tuple[list[float], list[_Entry]]] = {}

    def pick(self, relation: int, length: int, luck: float) -> _Entry | None:
        found = self.made.get((relation, length))
        if found is None:
            found = self.made[relation, length] = self._table(list(RELATIONS)[relation], length)
        sums, entries = found
        return entries[bisect(sums, luck * sums[-1])] if entries else None

    def _table(self, relation: str, length: int) -> tuple[list[float], list[_Entry]]:
        sums, entries = [], []
        for number in self.numbers:
            writer = self.writers[number]
            if relation in writer.relations and writer.least <= length and writer.weight > 0:
                sums.append(writer.weight)
                entries.append((number, writer.least, writer.most, _mask(writer)))
        return list(accumulate(sums)), entries


def _mask(writer: FactWriter) -> int | None:
    if len(writer.relations) == len(RELATIONS):
        return None
    return sum(1 << _CODES[name] for name in writer.relations)


def topics(world: World, plan: Plan) -> Iterator[tuple[FactWriter, Topic]]:
    """All topics of the plan, in its order."""
    for number in range(len(plan)):
        yield plan.topic(world, number)
