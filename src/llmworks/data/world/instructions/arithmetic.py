# ruff: noqa: E501 (sentences)
"""Arithmetic in plain texts and in talks: sums in figures and words, columns, tables, rows, steps, comparisons.

    12 + 7 = 19        Twelve plus seven is nineteen.        What is 12 + 7? - 19.

A sum that is held for the exam (`held.held_pair`) is in none of them.
"""

from __future__ import annotations

from llmworks.data.world.instructions.held import held_pair
from llmworks.data.world.instructions.sums import (
    PLACES,
    Sum,
    exam_sum,
    of_digits,
    steps_of,
    train_sum,
)
from llmworks.data.world.instructions.words import NAMES, in_words, joined
from llmworks.data.world.ledger import World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.writers import FreeWriter, Message, Talk, TalkWriter

_WORD = {"+": "plus", "-": "minus", "x": "times", "/": "divided by"}
_ASK = Phrases(
    "What is {a} {sign} {b}?",
    "[How much is|What do you get for|Can you work out|Please work out] {a} {sign} {b}?",
    "{a} {sign} {b} = ?",
    "{a} {sign} {b}",
    "[Work out|Calculate|Solve|Do this sum:] {a} {sign} {b}[.|]",
    "{a} {word} {b}?",
    "What is {a} {word} {b}?",
    "How much [is|do you get for] {a} {word} {b}?",
    "Do you know what {a} {word} {b} [makes|is]?",
)
_ASK_BY = {
    "+": Phrases(
        "Add {a} and {b}.",
        "What is the sum of {a} and {b}?",
        "What do {a} and {b} make together?",
        "I have {a} and get {b} more. How many is that?",
    ),
    "-": Phrases(
        "Take {b} away from {a}.",
        "What is {a} take away {b}?",
        "What is the difference between {a} and {b}?",
        "Subtract {b} from {a}.",
        "I had {a} and gave away {b}. How many are left?",
    ),
    "x": Phrases(
        "Multiply {a} by {b}.",
        "What is the product of {a} and {b}?",
        "What are {b} lots of {a}?",
        "How many are {a} groups of {b}?",
    ),
    "/": Phrases(
        "Divide {a} by {b}.",
        "How many times does {b} go into {a}?",
        "Share {a} among {b}. How many does each get?",
        "What is {a} split into {b} equal parts?",
    ),
}
_ANSWER = Phrases(
    "{c}",
    "{c}.",
    "{C}",
    "{a} {sign} {b} = {c}",
    "{a} {sign} {b} = {c}.",
    "{a} {sign} {b} is {c}.",
    "[It is|That is|That makes|The answer is|It comes to] {c}.",
    "{a} {word} {b} is {c}.",
)
_STEP_OPENING = Phrases(
    "",
    "[Let us|Let me|We can] do it [step by step|one column at a time|in small steps|bit by bit].\n",
    "[Step by step:|In steps:|Here is how:|We go from the right.]\n",
)
_STEP_OPENING_SIDE = Phrases(
    "",
    "[Let us|Let me|We can] do it [step by step|in small steps|bit by bit].\n",
    "[Step by step:|In steps:|Here is how:|We take it apart.]\n",
)
_STEP_END = Phrases(
    "So {a} {sign} {b} = {c}.",
    "[So the|The] answer is {c}.",
    "[Together that is|That makes|This gives|The result is] {c}.",
    "Answer: {c}",
    "{a} {sign} {b} = {c}",
)


def slots_of(made: Sum, draw: Draw, *, school: bool = False) -> dict[str, str]:
    """The parts of a sum for the phrases; `x` is sometimes written `*`, and `/` as a word."""
    sign = "*" if made.operation == "x" and not school and draw.chance(0.3) else made.operation
    return {
        "a": str(made.a), "b": str(made.b), "c": str(made.value), "sign": sign, "word": _WORD[made.operation]
    }  # fmt: skip


def ask(made: Sum, draw: Draw) -> str:
    return (_ASK if draw.chance(0.6) else _ASK_BY[made.operation])(draw, slots_of(made, draw))


def answer(made: Sum, draw: Draw) -> str:
    return _ANSWER(draw, slots_of(made, draw))


def with_steps(made: Sum, draw: Draw) -> str:
    """The sum done in steps, ending with the answer; "" if a step would say a held sum."""
    steps = steps_of(made)
    if not steps.free:
        return ""
    slots = slots_of(made, draw, school=True)
    opening = (_STEP_OPENING if made.operation in "+-" else _STEP_OPENING_SIDE)(draw, slots)
    lines = [line[:1].upper() + line[1:] for line in steps.lines]
    shape = int(draw.random() * 4)
    if shape == 0:
        body = "\n".join(lines)
    elif shape == 1:
        body = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
    else:
        body = (
            lines[0] + "".join(f"; {line}" for line in steps.lines[1:]) + "."
            if shape == 2
            else ". ".join(lines) + "."
        )
        opening = opening.replace("\n", " ")
    gap = "\n" if shape < 2 else " "
    return f"{opening}{body}{gap}{_STEP_END(draw, slots)}"


def a_sum_with_steps(draw: Draw) -> tuple[Sum, str]:
    while True:
        digits = draw.pick((2, 2, 2, 3, 3, 4))
        made = train_sum(draw, draw.pick("++--xx/"), digits)
        if made.operation == "x" and digits == 2 and draw.chance(0.3):
            made = Sum("x", made.a, 11 + int(draw.random() * 20))
            if made.held:
                continue
        text = with_steps(made, draw)
        if text:
            return made, text


# Free texts


def plain_sums(world: World, draw: Draw) -> str:
    """A handful of sums in one shape."""
    count = draw.pick((2, 4, 5, 6, 8, 10))
    operation, digits = draw.pick(("", "+", "-", "x", "/")), draw.pick((0, 0, 1, 1, 2, 2, 3))
    sums = [train_sum(draw, operation, digits) for _ in range(count)]
    shape = int(draw.random() * 6)
    if shape == 0:
        return "\n".join(f"{s.a} {s.operation} {s.b} = {s.value}" for s in sums)
    if shape == 1:
        return ", ".join(f"{s.a} {s.operation} {s.b} = {s.value}" for s in sums) + "."
    if shape == 2:
        return " ".join(_sentence(f"{in_words(s.a)} {_WORD[s.operation]} {in_words(s.b)} is {in_words(s.value)}.")
                        for s in sums[:5])  # fmt: skip
    if shape == 3:
        heads = _HEADS(draw, {})
        return (
            heads
            + "\n"
            + "\n".join(f"{n}) {s.a} {s.operation} {s.b} = {s.value}" for n, s in enumerate(sums, 1))
        )
    if shape == 4:
        return "\n".join(f"{s.a} {_WORD[s.operation]} {s.b} is {s.value}" for s in sums)
    questions = [(ask(s, draw), answer(s, draw)) for s in sums[:5]]
    first, second = draw.pick((("Q: ", "A: "), ("", ""), ("- ", "- "), ("Question: ", "Answer: ")))
    return "\n".join(f"{first}{q}\n{second}{a}" for q, a in questions)


_HEADS = Phrases(
    "[Sums|Some sums|Number work|Arithmetic|Sums for today|Practice|Mental arithmetic|Number facts][:|]",
    "[Sums|Number work] [of the day|for class two|for the morning|with answers][:|]",
    "[Checked|Corrected|Finished] sums:",
)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def one_sum(world: World, draw: Draw) -> str:
    """One question with its answer, as people write it down."""
    made = train_sum(draw)
    said = answer(made, draw)
    return _ONE(draw, {"ask": ask(made, draw), "answer": said, "said": said.rstrip("."),
                       "name": NAMES(draw, False).text, "other": NAMES(draw, False).text})  # fmt: skip


_ONE = Phrases(
    "{ask}\n{answer}",
    "{ask} {answer}",
    "Q: {ask}\nA: {answer}",
    "{name}: {ask}\n{other}: {answer}",
    '[{name} asked:|The teacher asked {name}:|On the [board|card] stood:] "{ask}" [{other} said:|The answer was:] "{said}."',
    "User: {ask}\nAssistant: {answer}",
    "{ask}\n\nAnswer: {answer}",
)


def steps_text(world: World, draw: Draw) -> str:
    made, text = a_sum_with_steps(draw)
    slots = {**slots_of(made, draw, school=True), "steps": text, "name": NAMES(draw, False).text}
    return _STEPS_TEXT(draw, {**slots, "ask": ask(made, draw)})


_STEPS_TEXT = Phrases(
    "{ask}\n{steps}",
    "{ask}\n\n{steps}",
    "How do you work out {a} {sign} {b}?\n{steps}",
    "{a} {sign} {b}\n{steps}",
    "{name} [has to|must|wants to] work out {a} {sign} {b}.\n{steps}",
    "Question: {ask}\n{steps}",
    "Example: {a} {sign} {b}\n{steps}",
)


def times_table(world: World, draw: Draw) -> str:
    """A table of one number, or a square of a few."""
    number = 1 + int(draw.random() * 10)
    shape = int(draw.random() * 5)
    if shape == 0:
        return f"The {in_words(number)} times table\n" + "\n".join(
            f"{n} x {number} = {n * number}" for n in range(1, 11)
        )
    if shape == 1:
        return ", ".join(f"{in_words(n)} {_many(number, n)} {'is' if n == 1 else 'are'} {in_words(n * number)}"
                         for n in range(1, 11)).capitalize() + "."  # fmt: skip
    if shape == 2:
        return (
            f"Counting in {_number_plural(number)}: " + ", ".join(str(number * n) for n in range(1, 11)) + "."
        )
    if shape == 3:
        numbers = sorted(draw.some(range(1, 11), 4))
        rows = sorted(draw.some(range(1, 11), 4))
        lines = [f"| {r} | " + " | ".join(str(r * n) for n in numbers) + " |" for r in rows]
        return f"| x | {' | '.join(map(str, numbers))} |\n|{' --- |' * 5}\n" + "\n".join(lines)
    sign = draw.pick("+-")
    if sign == "+":
        return "\n".join(f"{n} + {number} = {n + number}" for n in range(1, 11))
    return "\n".join(f"{n + number} - {number} = {n}" for n in range(1, 11))


def _many(number: int, count: int) -> str:
    return in_words(number) if count == 1 else _number_plural(number)


def _number_plural(number: int) -> str:
    word = in_words(number)
    return {"six": "sixes", "x": ""}.get(word, word + "s")


def number_talk(world: World, draw: Draw) -> str:
    """What can be said of one number or two: order, words, places, halves, rows."""
    return " ".join(draw.pick(_SAYINGS)(draw) for _ in range(draw.pick((1, 1, 2, 3))))


def _compare(draw: Draw) -> str:
    digits = draw.pick((1, 2, 2, 3, 3, 4))
    a, b = of_digits(draw, digits), of_digits(draw, draw.pick((digits, digits, max(1, digits - 1))))
    if a == b:
        b += 1
    low, high = min(a, b), max(a, b)
    return _COMPARE(
        draw, {"a": str(a), "b": str(b), "low": str(low), "high": str(high), "sign": "<" if a < b else ">"}
    )


_COMPARE = Phrases(
    "{a} {sign} {b}",
    "{high} is [more|greater|larger|bigger] than {low}.",
    "{low} is [less|smaller] than {high}.",
    "Which is [larger|bigger|greater|more], {a} or {b}? [{high}|{high}.|{high} is.]",
    "Which is [smaller|less], {a} or {b}? [{low}|{low}.|{low} is.]",
    "Of {a} and {b}, {high} is the larger [number|one].",
)


def compare_question(draw: Draw) -> tuple[str, str]:
    """A comparison as question and answer."""
    digits = draw.pick((1, 2, 2, 3, 3, 4))
    a, b = draw.sample(range(10 ** (digits - 1), 10**digits), 2)
    if draw.chance(0.5):
        return f"Which is {draw.pick(('larger', 'bigger', 'greater'))}, {a} or {b}?", str(max(a, b))
    return f"Which is {draw.pick(('smaller', 'less'))}, {a} or {b}?", str(min(a, b))


def _words(draw: Draw) -> str:
    number = of_digits(draw, draw.pick((1, 2, 2, 3, 3, 4)))
    return _WORDS(draw, {"n": str(number), "words": in_words(number)})


_WORDS = Phrases(
    "{n} in words is {words}.",
    "{Words} is written {n}.",
    "How do you write {words} in figures? {n}.",
    "{n}: {words}",
)


def _places(draw: Draw) -> str:
    number = of_digits(draw, draw.pick((2, 3, 3, 4)))
    text = str(number)
    said = [f"{sign} {PLACES[len(text) - 1 - at][:-1] if sign == '1' else PLACES[len(text) - 1 - at]}"
            for at, sign in enumerate(text)]  # fmt: skip
    return _PLACES(draw, {"n": text, "parts": joined(said), "last": text[-1], "ones": said[-1].split()[1]})


_PLACES = Phrases(
    "{n} is made of {parts}.",
    "In {n} there are {parts}.",
    "{n} = {parts}",
    "The last digit of {n} is {last}.",
)


def _double(draw: Draw) -> str:
    n = 1 + int(draw.random() * 50)
    while held_pair("x", n, 2) or held_pair("+", n, n) or held_pair("/", 2 * n, 2):
        n = 1 + int(draw.random() * 50)
    return _DOUBLE(draw, {"n": str(n), "m": str(2 * n)})


_DOUBLE = Phrases(
    "Half of {m} is {n}.",
    "Twice {n} is {m}.",
    "Double {n} and you get {m}.",
    "{n} and {n} make {m}.",
    "What is half of {m}? {n}.",
)


def _row(draw: Draw) -> str:
    step, start = draw.pick((1, 2, 2, 3, 4, 5, 5, 10, 10, 20, 100)), int(draw.random() * 60)
    numbers = [str(start + step * n) for n in range(7)]
    if draw.chance(0.3):
        numbers.reverse()
    return _ROW(draw, {"row": ", ".join(numbers[:-1]), "next": numbers[-1]})


_ROW = Phrases(
    "{row}, {next}",
    "What comes next: {row}? {next}.",
    "{row}. The next number is {next}.",
)


def _even(draw: Draw) -> str:
    n = of_digits(draw, draw.pick((1, 2, 2, 3)))
    kind, other = ("even", "odd") if n % 2 == 0 else ("odd", "even")
    return _EVEN(draw, {"n": str(n), "kind": kind, "other": other, "last": str(n % 10)})


_EVEN = Phrases(
    "{n} is an {kind} number.",
    "Is {n} even or odd? {Kind}.",
    "{n} ends in {last}, so it is {kind}.",
    "{n} is {kind}, not {other}.",
)
_SAYINGS = (_compare, _words, _places, _double, _row, _even)


def remainders(world: World, draw: Draw) -> str:
    lines = []
    for _ in range(draw.pick((1, 3, 4, 5))):
        b = 2 + int(draw.random() * 8)
        a = b + 1 + int(draw.random() * 60)
        while held_pair("/", a, b) or held_pair("x", a // b, b) or held_pair("+", a // b * b, a % b):
            a += 1
        if a % b:
            lines.append(_REMAINDER(draw, {"a": str(a), "b": str(b), "q": str(a // b), "r": str(a % b),
                                           "p": str(a // b * b), "times": _times(a // b)}))  # fmt: skip
        else:
            lines.append(f"{a} / {b} = {a // b}")
    return "\n".join(lines)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{in_words(count)} times")


_REMAINDER = Phrases(
    "{a} / {b} = {q} remainder {r}",
    "{a} divided by {b} is {q} with {r} left over.",
    "{b} goes into {a} {times}, with {r} left, because {q} x {b} = {p} and {p} + {r} = {a}.",
)


# Talks


def _say(role: str, text: str) -> Message:
    return {"role": role, "content": text}


def sum_talk(world: World, draw: Draw) -> Talk:
    """One to three sums, answered at once or in steps."""
    messages: list[Message] = []
    for _ in range(draw.pick((1, 1, 1, 2, 3))):
        if draw.chance(0.5):
            made = train_sum(draw)
            messages += [_say("user", ask(made, draw)), _say("assistant", answer(made, draw))]
        else:
            made, text = a_sum_with_steps(draw)
            messages += [_say("user", ask(made, draw)), _say("assistant", text)]
    return Talk(messages)


def compare_talk(world: World, draw: Draw) -> Talk:
    question, right = compare_question(draw)
    said = draw.pick((f"{right}", f"{right}.", f"{right} is.", f"It is {right}."))
    return Talk([_say("user", question), _say("assistant", said)])


def arithmetic_question(draw: Draw, digits: int, operation: str) -> tuple[str, str]:
    """A question of the exam, of "+", "-", "x" or "/", and its answer in figures: a sum that no training text has.

    With one digit there are no such sums: then it asks for one of the facts that all others are made of.
    """
    made = exam_sum(draw, operation, digits)
    return f"What is {made.a} {made.operation} {made.b}?", str(made.value)


FREE = (
    FreeWriter("plain_sums", plain_sums, 1.0),
    FreeWriter("one_sum", one_sum, 1.2),
    FreeWriter("sum_steps", steps_text, 1.2),
    FreeWriter("times_table", times_table, 0.4),
    FreeWriter("number_talk", number_talk, 0.8),
    FreeWriter("remainders", remainders, 0.2),
)
TALKS = (TalkWriter("sums", sum_talk, 1.2), TalkWriter("compare_numbers", compare_talk, 0.2))
