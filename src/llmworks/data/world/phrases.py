"""Phrases: one line of a small notation stands for many sentences, read once and told fast.

    "[In {year}|It was in {year} that], {name} [moved|came] to {place}."

`[a|b|c]` is a choice (nests; an empty part is allowed), `{slot}` a value from the slots, `{Slot}` the
same with a capital letter first. `\\[`, `\\|`, `\\{` are the characters themselves. A `Phrases` is a
list of such lines; called, it draws one line and its choices: `phrases(draw, slots) -> str`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

from llmworks.data.world.luck import mixed

T = TypeVar("T")
Slots = Mapping[str, str]


class Draw(random.Random):
    """Seeded luck; `pick` is `choice` without its caution, and so several times faster."""

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self.random() * len(options))]

    def chance(self, share: float) -> bool:
        return self.random() < share

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """`count` different ones, in random order (all of them if there are fewer)."""
        luck, size = self.random, len(options)
        if count * 3 < size:  # few of many: draw again where one repeats
            places: list[int] = []
            while len(places) < count:
                place = int(luck() * size)
                if place not in places:
                    places.append(place)
            return [options[place] for place in places]
        pool = list(options)
        for place in range(min(count, size)):
            other = place + int(luck() * (size - place))
            pool[place], pool[other] = pool[other], pool[place]
        return pool[:count]

    def begin(self, seed: int, first: Sequence[float]) -> None:
        """From here on the numbers of the counter `seed` (luck.py); the first, made all at once, are given.

        Seeding a Mersenne Twister takes as long as a short sentence, and a text needs some twenty numbers.
        """
        self.random = chain(first, _further(seed, len(first))).__next__  # type: ignore[method-assign]

    # Numbers below n by `random`, not by bits of the twister that `begin` leaves unseeded.
    _randbelow = random.Random._randbelow_without_getrandbits  # type: ignore[attr-defined]


def _further(seed: int, place: int) -> Iterator[float]:
    while True:
        yield (mixed(seed, place) >> 11) / (1 << 53)
        place += 1


class Phrases:
    """Lines of the notation, each as likely as the others: `phrases(draw, slots)`."""

    def __init__(self, *lines: str) -> None:
        if not lines:
            raise ValueError("a Phrases needs at least one line")
        self.lines = lines
        self._made = tuple(_made(_parsed(line)) for line in lines)
        self.slots = frozenset(name for line in lines for name in slot_names(line))

    def __call__(self, draw: Draw, slots: Slots) -> str:
        luck, made = draw.random, self._made
        told: list[str] = []
        _tell(made[int(luck() * len(made))], luck, slots, told.append)
        return "".join(told)

    def __len__(self) -> int:
        """How many different strings the lines stand for, slots aside."""
        return sum(_count(_parsed(line)) for line in self.lines)


# A parsed line is a list of parts: str (literal), ("slot", name) or ("choice", [lists of parts]).
_Part = Any


def slot_names(line: str) -> list[str]:
    """Names of the slots of a line, lower-case first letter."""
    found: list[str] = []

    def walk(parts: list[_Part]) -> None:
        for part in parts:
            if isinstance(part, tuple):
                if part[0] == "slot":
                    found.append(part[1][:1].lower() + part[1][1:])
                else:
                    for option in part[1]:
                        walk(option)

    walk(_parsed(line))
    return found


def _parsed(line: str) -> list[_Part]:
    parts, place = _parse(line, 0, "")
    if place != len(line):
        raise ValueError(f"{line!r}: unexpected {line[place]!r} at {place}")
    return parts


def _parse(line: str, place: int, closers: str) -> tuple[list[_Part], int]:
    parts: list[_Part] = []
    literal = ""
    while place < len(line) and line[place] not in closers:
        sign = line[place]
        if sign == "\\" and place + 1 < len(line):
            literal, place = literal + line[place + 1], place + 2
        elif sign == "{":
            end = line.find("}", place)
            if end < 0:
                raise ValueError(f"{line!r}: '{{' at {place} is not closed")
            parts += [literal, ("slot", line[place + 1 : end])]
            literal, place = "", end + 1
        elif sign == "[":
            options = []
            place += 1
            while True:
                option, place = _parse(line, place, "|]")
                if place >= len(line):
                    raise ValueError(f"{line!r}: a '[' is not closed")
                options.append(option)
                place += 1
                if line[place - 1] == "]":
                    break
            parts += [literal, ("choice", options)]
            literal = ""
        else:
            literal, place = literal + sign, place + 1
    parts.append(literal)
    return [part for part in parts if part != ""], place


def _count(parts: list[_Part]) -> int:
    total = 1
    for part in parts:
        if isinstance(part, tuple) and part[0] == "choice":
            total *= sum(_count(option) for option in part[1])
    return total


# A made line is a tuple of parts: str (said as it is), (slot, whether with a capital), or a list to choose
# from, of strings or made lines. Walking it is as fast as compiled code (each of thousands of lines is told
# seldom, so code would be cold), and there is nothing to compile.
_Made = tuple[Any, ...]


def _made(parts: list[_Part]) -> _Made:
    made: list[Any] = []
    for part in parts:
        if isinstance(part, str):
            made.append(part)
        elif part[0] == "slot":
            made.append((part[1][:1].lower() + part[1][1:], part[1][:1].isupper()))
        elif all(isinstance(piece, str) for option in part[1] for piece in option):
            made.append(["".join(option) for option in part[1]])
        else:
            made.append([_made(option) for option in part[1]])
    return tuple(made)


def _tell(made: _Made, luck: Callable[[], float], slots: Slots, say: Callable[[str], None]) -> None:
    for part in made:
        kind = type(part)
        if kind is str:
            say(part)
        elif kind is tuple:
            value = slots[part[0]]
            say(value[:1].upper() + value[1:] if part[1] else value)
        else:
            chosen = part[int(luck() * len(part))]
            if type(chosen) is str:
                say(chosen)
            else:
                _tell(chosen, luck, slots, say)
