"""What is kept from training for the exam: by a stable hash, so it is the same in every run and version.

    name, object, wording of a task    held("Agnes") -> True: never in a training text of these writers
    pair of numbers                    held_pair("+", 482, 37) -> True: that sum is never said

The ten-by-ten facts (7 + 8, 15 - 7, 6 x 9, 54 / 6) are never held: every longer sum is made of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from llmworks.data.world.phrases import Draw, Phrases, Slots

T = TypeVar("T")
PAIR_SHARE = 0.1
WORD_SHARE = 0.2
OPERATIONS = ("+", "-", "x", "/")


def hashed(text: str) -> float:
    """A number from 0 to 1 that depends on the text alone."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "big") / 2**48


def held(text: str, share: float = WORD_SHARE) -> bool:
    return hashed(text) < share


def held_pair(operation: str, a: int, b: int) -> bool:
    """Whether `a operation b` is kept for the exam. Sums and products are held both ways round."""
    if basic(operation, a, b):
        return False
    if operation in "+x" and a > b:
        a, b = b, a
    mixed = (a * 0x9E3779B1 ^ b * 0x85EBCA77 ^ OPERATIONS.index(operation) * 0xC2B2AE3D) & 0xFFFFFFFF
    mixed = (mixed ^ mixed >> 15) * 0x2C1B3C6D & 0xFFFFFFFF
    mixed = (mixed ^ mixed >> 12) * 0x297A2D39 & 0xFFFFFFFF
    return (mixed ^ mixed >> 15) < PAIR_SHARE * 2**32


def basic(operation: str, a: int, b: int) -> bool:
    """Whether it is one of the facts that every longer sum is made of."""
    if operation in "+x":
        return a <= 10 and b <= 10
    return b <= 10 and (a - b <= 10 if operation == "-" else a <= 10 * b)


class Pool(Generic[T]):
    """Things of which a share is kept for the exam: `pool(draw, held)`."""

    def __init__(self, items: Sequence[T], name: Callable[[T], str] = str, share: float = WORD_SHARE) -> None:
        order = sorted(items, key=lambda item: hashed(name(item)))
        count = max(1, sum(held(name(item), share) for item in items))
        self.held: tuple[T, ...] = tuple(order[:count])
        self.train: tuple[T, ...] = tuple(order[count:])

    def __call__(self, draw: Draw, held: bool) -> T:
        return draw.pick(self.held if held else self.train)

    def some(self, draw: Draw, held: bool, count: int) -> list[T]:
        return draw.some(self.held if held else self.train, count)

    @property
    def all(self) -> tuple[T, ...]:
        return self.held + self.train


class Wordings:
    """Lines of the notation of `phrases.py`, a share of them kept for the exam."""

    def __init__(self, *lines: str, share: float = WORD_SHARE) -> None:
        pool = Pool(lines, share=share)
        self.held_lines = pool.held
        self._train, self._held = Phrases(*pool.train), Phrases(*pool.held)
        self.slots = self._train.slots | self._held.slots

    def __call__(self, draw: Draw, held: bool, slots: Slots) -> str:
        return (self._held if held else self._train)(draw, slots)
