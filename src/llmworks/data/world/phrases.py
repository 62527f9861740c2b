"""Phrases: one line of a small notation stands for many sentences, compiled to Python for speed.

    "[In {year}|It was in {year} that], {name} [moved|came] to {place}."

`[a|b|c]` is a choice (nests; an empty part is allowed), `{slot}` a value from the slots, `{Slot}` the
same with a capital letter first. `\\[`, `\\|`, `\\{` are the characters themselves. A `Phrases` is a
list of such lines; called, it draws one line and its choices: `phrases(draw, slots) -> str`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
Slots = Mapping[str, str]
_Made = Callable[[Callable[[], float], Slots], str]


class Draw(random.Random):
    """Seeded luck; `pick` is `choice` without its caution, and so several times faster."""

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self.random() * len(options))]

    def chance(self, share: float) -> bool:
        return self.random() < share

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """`count` different ones, in random order (all of them if there are fewer)."""
        return self.sample(options, min(count, len(options)))


class Phrases:
    """Lines of the notation, each as likely as the others: `phrases(draw, slots)`."""

    def __init__(self, *lines: str) -> None:
        if not lines:
            raise ValueError("a Phrases needs at least one line")
        self.lines = lines
        self._made = tuple(_compiled(line) for line in lines)
        self.slots = frozenset(name for line in lines for name in slot_names(line))

    def __call__(self, draw: Draw, slots: Slots) -> str:
        made = self._made
        return made[int(draw.random() * len(made))](draw.random, slots)

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


def _compiled(line: str) -> _Made:
    names: dict[str, Any] = {}
    source = f"lambda r, s: {_source(_parsed(line), names)}"
    made: _Made = eval(source, names)  # of our own constants only: lines stand in the source, never in a file
    return made


def _source(parts: list[_Part], names: dict[str, Any]) -> str:
    pieces = []
    for part in parts:
        if isinstance(part, str):
            pieces.append(repr(part))
        elif part[0] == "slot":
            name = part[1]
            if name[:1].isupper():
                key = name[:1].lower() + name[1:]
                pieces.append(f"(s[{key!r}][:1].upper() + s[{key!r}][1:])")
            else:
                pieces.append(f"s[{name!r}]")
        else:
            pieces.append(_choice(part[1], names))
    return "''" if not pieces else pieces[0] if len(pieces) == 1 else f"''.join(({', '.join(pieces)},))"


def _choice(options: list[list[_Part]], names: dict[str, Any]) -> str:
    key = f"c{len(names)}"
    if all(all(isinstance(part, str) for part in option) for option in options):
        names[key] = tuple("".join(option) for option in options)
        return f"{key}[int(r() * {len(options)})]"
    names[key] = ()
    made = tuple(eval(f"lambda r, s: {_source(option, names)}", names) for option in options)
    names[key] = made
    return f"{key}[int(r() * {len(options)})](r, s)"
