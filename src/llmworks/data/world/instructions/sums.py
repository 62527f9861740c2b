"""Sums: numbers of a chosen length that are not held for the exam, and how each sum is done on paper.

    482 + 39    ones: 2 + 9 = 11, write 1, carry 1; tens: 8 + 3 + 1 = 12, write 2, carry 1; then 4 + 1 = 5

`digits` is the length of the first number. The second has at most as many digits in sums and differences, and
one digit in products and quotients (with two digits in the first number sometimes two).
"""

from __future__ import annotations

from typing import NamedTuple

from llmworks.data.world.instructions.held import held_pair
from llmworks.data.world.phrases import Draw

PLACES = ("ones", "tens", "hundreds", "thousands", "ten thousands")
_DIGITS = (1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 4)


class Sum(NamedTuple):
    operation: str
    a: int
    b: int

    @property
    def value(self) -> int:
        return compute(self.operation, self.a, self.b)

    @property
    def held(self) -> bool:
        return held_pair(self.operation, self.a, self.b)


def compute(operation: str, a: int, b: int) -> int:
    if operation == "+":
        return a + b
    if operation == "-":
        return a - b
    return a * b if operation == "x" else a // b


def of_digits(draw: Draw, digits: int) -> int:
    least = 10 ** (digits - 1) if digits > 1 else 0
    return least + int(draw.random() * (10**digits - least))


def any_sum(draw: Draw, operation: str, digits: int) -> Sum:
    """A sum of that kind and length, whether held or not."""
    if operation == "+":
        b = of_digits(draw, 1 + int(draw.random() * digits)) if digits > 1 else int(draw.random() * 11)
        return Sum("+", of_digits(draw, digits), b)
    if operation == "-":
        a = of_digits(draw, digits)
        return Sum("-", a, int(draw.random() * (a + 1)))
    if operation == "x":
        if digits == 1:
            return Sum("x", int(draw.random() * 11), int(draw.random() * 11))
        return Sum("x", of_digits(draw, digits), 2 + int(draw.random() * 8))
    b = 2 + int(draw.random() * 8)
    if digits == 1:
        return Sum("/", b * (1 + int(draw.random() * 10)), b)
    least = -(-(10 ** (digits - 1)) // b)
    return Sum("/", b * (least + int(draw.random() * ((10**digits - 1) // b - least + 1))), b)


def train_sum(draw: Draw, operation: str = "", digits: int = 0) -> Sum:
    """A sum for training: never one that is held."""
    operation = operation or draw.pick("++--xx/")
    digits = digits or draw.pick(_DIGITS)
    while True:
        made = any_sum(draw, operation, digits)
        if not made.held:
            return made


def exam_sum(draw: Draw, operation: str, digits: int) -> Sum:
    """A sum for the exam: a held one; with one digit, where none is held, any."""
    while True:
        made = any_sum(draw, operation, digits)
        if made.held or digits == 1:
            return made


def train_number(draw: Draw, operation: str, a: int, least: int, most: int) -> int:
    """A second number for `a operation b` that is not held (a + b, a - b, a x b)."""
    while True:
        b = least + int(draw.random() * (most - least + 1))
        if not held_pair(operation, a, b):
            return b


class Steps(NamedTuple):
    """The steps as sentences without a full stop, and whether none of their sums is held."""

    lines: list[str]
    free: bool


def steps_of(made: Sum) -> Steps:
    return _STEPS[made.operation](made.a, made.b)


def _add(a: int, b: int) -> Steps:
    lines, carry, rest_a, rest_b, place = [], 0, a, b, 0
    while rest_a or rest_b or place == 0:
        terms = [str(rest_a % 10)] if rest_a or place == 0 else []
        terms += [str(rest_b % 10)] if rest_b or place == 0 else []
        terms += ["1"] if carry else []
        total = rest_a % 10 + rest_b % 10 + carry
        rest_a, rest_b = rest_a // 10, rest_b // 10
        carry = total // 10
        last = not (rest_a or rest_b)
        said = f"{' + '.join(terms)} = {total}" if len(terms) > 1 else terms[0]
        end = f", write {total % 10} and carry 1" if carry and not last else ""
        lines.append(f"{PLACES[place]}: {said}{end}")
        place += 1
    return Steps(lines, True)


def _subtract(a: int, b: int) -> Steps:
    lines, borrowed, place = [], 0, 0
    while a or place == 0:
        top, low = a % 10, b % 10
        a, b = a // 10, b // 10
        taken = [str(top)] + (["1"] if borrowed else []) + ([str(low)] if low or not borrowed else [])
        if top - borrowed < low:
            taken[0] = str(top + 10)
            why = f"{top} is too small, so borrow ten"
            if borrowed and top >= low:
                why = f"{top} - 1 is too small, so borrow ten" if top else "borrow ten"
            lines.append(f"{PLACES[place]}: {why}, {' - '.join(taken)} = {top + 10 - borrowed - low}")
            borrowed = 1
        else:
            said = " - ".join(taken)
            left = top - borrowed - low
            if not a and not b and len(taken) == 2 and taken[1] == "0":
                said, value = str(top), ""
            else:
                value = f" = {left}"
            lines.append(f"{PLACES[place]}: {said}{value}")
            borrowed = 0
        place += 1
    return Steps(lines, True)


def _parts(number: int) -> list[int]:
    """482 -> [400, 80, 2]"""
    text = str(number)
    return [int(sign) * 10 ** (len(text) - 1 - place) for place, sign in enumerate(text) if sign != "0"]


def _multiply(a: int, b: int) -> Steps:
    if b > 10:
        first, second = b // 10 * 10, b % 10
        terms = [(a, first), (a, second)] if second else [(a, first // 10), (a * (first // 10), 10)]
    else:
        terms = [(part, b) for part in _parts(a)]
    free = not any(held_pair("x", x, y) for x, y in terms)
    lines = [f"{x} x {y} = {x * y}" for x, y in terms]
    if b > 10 and not b % 10:
        return Steps(lines, free)
    total = terms[0][0] * terms[0][1]
    for x, y in terms[1:]:
        free = free and not held_pair("+", total, x * y)
        lines.append(f"{total} + {x * y} = {total + x * y}")
        total += x * y
    return Steps(lines, free)


def _divide(a: int, b: int) -> Steps:
    lines: list[str] = []
    rest, begun = 0, False
    for sign in str(a):
        now = rest * 10 + int(sign)
        if now < b and not begun:
            rest = now
            continue
        begun = True
        quotient, left = divmod(now, b)
        said = f", {left} left" if left else ""
        lines.append(f"{now} / {b} = {quotient}{said}" if now >= b else f"{now} is less than {b}, write 0")
        rest = left
    return Steps(lines or [f"{a} is less than {b}"], True)


_STEPS = {"+": _add, "-": _subtract, "x": _multiply, "/": _divide}
