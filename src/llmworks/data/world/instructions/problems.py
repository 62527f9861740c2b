# ruff: noqa: E501, SIM905 (lists of words and sentences)
"""Word problems with their steps: shopping, sharing, time, distance, gardens, animals, change.

    numbers  ->  story and question  ->  steps ("7 x 3 = 21; 50 - 21 = 29")  ->  a closing sentence

A pattern chooses numbers whose sums may be said in training (or, for the exam, of which one is held); a story is
told for a pattern. There are more stories below than patterns: `len(SHAPES)` of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from llmworks.data.world.instructions.held import held_pair
from llmworks.data.world.instructions.words import NAMES, PLACES, THINGS, TOWNS, two_names
from llmworks.data.world.ledger import World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.writers import FreeWriter, Talk, TalkWriter

Numbers = dict[str, int]
Step = tuple[str, int, int]  # operation, a, b


class Pattern(NamedTuple):
    choose: Callable[[Draw], Numbers]
    steps: Callable[[Numbers], list[Step]]


class Shape(NamedTuple):
    pattern: str
    story: Phrases
    end: Phrases


def _between(draw: Draw, least: int, most: int) -> int:
    return least + int(draw.random() * (most - least + 1))


def _large(draw: Draw) -> int:
    return _between(draw, 3, draw.pick((12, 20, 20, 40, 90)))


def _two(draw: Draw) -> Numbers:
    return {"a": _large(draw), "b": _large(draw)}


def _more_less(draw: Draw) -> Numbers:
    a = _large(draw) + 3
    return {"a": a, "b": _between(draw, 2, a - 1)}


def _times(draw: Draw) -> Numbers:
    return {"a": _between(draw, 2, 10), "b": _between(draw, 2, draw.pick((6, 10, 12)))}


def _share(draw: Draw) -> Numbers:
    b = _between(draw, 2, 9)
    return {"a": b * _between(draw, 2, 12), "b": b}


def _three(draw: Draw) -> Numbers:
    return {"a": _large(draw), "b": _large(draw), "c": _between(draw, 2, 15)}


def _add_less(draw: Draw) -> Numbers:
    a, b = _large(draw), _large(draw)
    return {"a": a, "b": b, "c": _between(draw, 2, a + b - 1)}


def _less_less(draw: Draw) -> Numbers:
    b, c = _between(draw, 2, 15), _between(draw, 2, 15)
    return {"a": b + c + _between(draw, 1, 30), "b": b, "c": c}


def _times_more(draw: Draw) -> Numbers:
    return {**_times(draw), "c": _between(draw, 2, 15)}


def _change(draw: Draw) -> Numbers:
    a, b = _between(draw, 2, 6), _between(draw, 2, 9)
    return {"a": a, "b": b, "c": next(n for n in (20, 50, 100) if n > a * b)}


def _times_less(draw: Draw) -> Numbers:
    a, b = _between(draw, 2, 9), _between(draw, 2, 9)
    return {"a": a, "b": b, "c": _between(draw, 1, a * b - 1)}


def _change_of_two(draw: Draw) -> Numbers:
    a, b = _between(draw, 2, 25), _between(draw, 2, 20)
    return {"a": a, "b": b, "c": next(n for n in (20, 50, 100) if n > a + b)}


PATTERNS: dict[str, Pattern] = {
    "add": Pattern(_two, lambda n: [("+", n["a"], n["b"])]),
    "less": Pattern(_more_less, lambda n: [("-", n["a"], n["b"])]),
    "times": Pattern(_times, lambda n: [("x", n["a"], n["b"])]),
    "share": Pattern(_share, lambda n: [("/", n["a"], n["b"])]),
    "add_add": Pattern(_three, lambda n: [("+", n["a"], n["b"]), ("+", n["a"] + n["b"], n["c"])]),
    "add_less": Pattern(_add_less, lambda n: [("+", n["a"], n["b"]), ("-", n["a"] + n["b"], n["c"])]),
    "less_less": Pattern(_less_less, lambda n: [("-", n["a"], n["b"]), ("-", n["a"] - n["b"], n["c"])]),
    "times_more": Pattern(_times_more, lambda n: [("x", n["a"], n["b"]), ("+", n["a"] * n["b"], n["c"])]),
    "times_less": Pattern(_times_less, lambda n: [("x", n["a"], n["b"]), ("-", n["a"] * n["b"], n["c"])]),
    "change": Pattern(_change, lambda n: [("x", n["a"], n["b"]), ("-", n["c"], n["a"] * n["b"])]),
    "change_of_two": Pattern(
        _change_of_two, lambda n: [("+", n["a"], n["b"]), ("-", n["c"], n["a"] + n["b"])]
    ),
}


def _shape(pattern: str, story: str, end: str) -> Shape:
    return Shape(pattern, Phrases(story), Phrases(end))


SHAPES: tuple[Shape, ...] = tuple(
    _shape(*row)
    for row in (
        ("add", "{Name} has {a} {things}. {Other} gives {them} {b} more. How many {things} does {name} have [now|in all]?", "{Name} has {r} {rthings}[ now|]."),
        ("add", "There are {a} {things} [on the table|in the box|on the shelf] and {b} {things} on the floor. How many {things} are there [in all|altogether]?", "There are {r} {rthings}[ in all|]."),
        ("add", "{Name} read {a} pages on Monday and {b} pages on Tuesday. How many pages [is that|did {they} read]?", "{They} read {r} pages."),
        ("add", "A bus has {a} people in it. At the [next stop|station] {b} people get on[, and nobody gets off|]. How many people are in the bus now?", "There are {r} people in the bus."),
        ("add", "{Name} pays {a} crowns for a {thing} and {b} crowns for a {thing2}. How much [does {they} pay|is that together]?", "{They} pays {r} crowns."),
        ("add", "A farmer has {a} sheep and {b} goats. How many animals [is that|has the farmer]?", "The farmer has {r} animals."),
        ("add", "It takes {name} {a} minutes to walk to the {shop} and {b} minutes to walk on to school. How long is {their} walk?", "{Their} walk takes {r} minutes."),
        ("add", "{Name} is {a} years old. How old will {they} be in {b} years?", "{They} will be {r} years old."),
        ("add", "In the morning {a} [visitors|guests|people] came to the museum, in the afternoon {b}. How many came that day?", "{r} came that day."),
        ("less", "{Name} has {a} {things}. {They} gives {b} of them to {other}. How many {things} are left?", "{They} has {r} {rthings} left."),
        ("less", "A {stall} had {a} {things} in the morning. By evening {b} were sold. How many were not sold?", "{r} {rwere} not sold."),
        ("less", "{Name} has {a} crowns and buys a {thing} for {b} crowns. How much money [is left|does {they} have left]?", "{They} has {r} {rcrowns} left."),
        ("less", "There were {a} birds [on the roof|in the tree|on the wire]. {B} flew away. How many [stayed|are still there]?", "{r} {rstayed}."),
        ("less", "The rope is {a} metres long. {Name} cuts off {b} metres. How long is [the rest|the rope now]?", "It is {r} {rmetres} long."),
        ("less", "{Name} wants to save {a} crowns. {They} has {b} already. How many more does {they} need?", "{They} needs {r} more."),
        ("less", "{Name} has {a} {things} and {other} has {b}. How many more does {name} have?", "{Name} has {r} more."),
        ("less", "A book has {a} pages. {Name} has read {b} of them. How many pages are still to read?", "There {rare} {r} {rpages} to read."),
        ("less", "{Name} is {a} years old and {other} is {b}. How much older is {name}?", "{Name} is {r} {ryears} older."),
        ("times", "{Name} buys {a} {things} for {b} crowns each. How much does {they} pay?", "{They} pays {r} crowns."),
        ("times", "There are {a} boxes with {b} {things} in each[ box|]. How many {things} are there?", "There are {r} {rthings}."),
        ("times", "{Name} walks {b} miles [every day|each day|a day]. How far does {they} walk in {a} days?", "{They} walks {r} miles."),
        ("times", "A {cart} goes {b} miles in an hour. How far does it go in {a} hours?", "It goes {r} miles."),
        ("times", "In the garden there are {a} rows of {b} {plants}. How many {plants} is that?", "There are {r} {plants}."),
        ("times", "{a} children get {b} {things} each. How many {things} are needed?", "{r} {rthings} are needed."),
        ("times", "One {thing} costs {b} crowns. What do {a} {things} cost?", "They cost {r} crowns."),
        ("times", "{Name} earns {b} crowns an hour and works for {a} hours. How much does {they} earn?", "{They} earns {r} crowns."),
        ("times", "[Each|Every] page of the album has room for {b} stamps, and {name} fills {a} pages. How many stamps is that?", "That is {r} stamps."),
        ("share", "{Name} shares {a} {things} equally among {b} friends. How many does each [friend get|get]?", "Each gets {r}."),
        ("share", "{a} {things} are put into {b} baskets, the same number in each. How many are in one basket?", "There are {r} in one basket."),
        ("share", "{b} {things} cost {a} crowns. What does one cost?", "One costs {r} crowns."),
        ("share", "{Name} has {a} pages to read and reads {b} pages a day. How many days does {they} need?", "{They} needs {r} days."),
        ("share", "A ribbon of {a} metres is cut into pieces of {b} metres. How many pieces are there?", "There are {r} pieces."),
        ("share", "{a} children make teams of {b}. How many teams are there?", "There are {r} teams."),
        ("share", "A cart goes {a} miles in {b} hours, always at the same speed. How far does it go in one hour?", "It goes {r} miles in one hour."),
        ("add_add", "{Name} picks {a} {foods} on the first day, {b} on the second and {c} on the third. How many {foods} is that?", "{They} picks {r} {foods}."),
        ("add_add", "There are {a} red, {b} blue and {c} green {things} in the bag. How many {things} are in the bag?", "There are {r} {rthings} in the bag."),
        ("add_less", "{Name} has {a} {things} and finds {b} more. Then {they} loses {c}. How many {things} does {they} have now?", "{They} has {r} {rthings} now."),
        ("add_less", "A train leaves {town} with {a} people. At the first stop {b} get on and {c} get off. How many people are in the train?", "There {rare} {r} {rpeople} in the train."),
        ("add_less", "The baker makes {a} loaves in the morning and {b} at noon. {C} of them are sold. How many are left?", "{r} {rare} left."),
        ("less_less", "{Name} has {a} crowns. {They} spends {b} crowns on a {thing} and {c} crowns on a {thing2}. How much is left?", "{They} has {r} {rcrowns} left."),
        ("less_less", "There are {a} {things} {place}. {Name} takes {b} and {other} takes {c}. How many are left?", "{r} {rare} left."),
        ("times_more", "{Name} has {a} bags with {b} {things} in each, and {c} {things} in {their} hand. How many {things} does {they} have?", "{They} has {r} {rthings}."),
        ("times_more", "{Name} buys {a} {things} for {b} crowns each and a {thing2} for {c} crowns. What does {they} pay?", "{They} pays {r} crowns."),
        ("times_less", "There are {a} plates with {b} {foods} on each. The children eat {c} of them. How many {foods} are left?", "{r} {rare} left."),
        ("times_less", "{Name} fills {a} baskets with {b} {foods} each, but {c} of them are bad. How many are good?", "{r} {rare} good."),
        ("change", "{Name} buys {a} {things} for {b} crowns each and pays with {c} crowns. How much change does {they} get?", "{They} gets {r} {rcrowns} back."),
        ("change", "One {thing} costs {b} crowns. {Name} takes {a} of them and gives the shopkeeper {c} crowns. What does {they} get back?", "{They} gets {r} {rcrowns} back."),
        ("change_of_two", "A {thing} costs {a} crowns and a {thing2} {b} crowns. {Name} buys both and pays with {c} crowns. How much change is that?", "{They} gets {r} {rcrowns} back."),
    )
)  # fmt: skip

_FOODS = "apples pears plums eggs buns cherries lemons nuts carrots tomatoes potatoes".split()
_PLANTS = "cabbages carrots onions roses tulips beans young trees lettuces".replace(
    "young trees", "bushes"
).split()
_SHOPS = "bakery bookshop market library".split()
_STARTS = Phrases(
    "", "", "", "[Work it out:|A sum:|Here is a problem.|A problem:] ", "[Can you solve this?|Try this one.] "
)
_STEP_WORDS = Phrases("{s}", "{s}", "First, {s}", "We work out {s}")
_NEXT_WORDS = Phrases("{s}", "{s}", "then {s}", "and then {s}")


class Problem(NamedTuple):
    question: str
    steps: list[str]
    end: str
    answer: int


def word_problem_of(draw: Draw, held: bool = False) -> Problem:
    """A problem with its steps; for the exam the things and names are held ones and one of its sums is."""
    shape = draw.pick(SHAPES)
    pattern = PATTERNS[shape.pattern]
    for _ in range(400):
        numbers = pattern.choose(draw)
        steps = pattern.steps(numbers)
        if any(held_pair(*step) for step in steps) == held:
            break
        if held and shape.pattern in ("times", "share") and draw.chance(0.02):
            break  # nearly all of these are among the facts that are never held
    else:
        return word_problem_of(draw, held)
    values = [_value(step) for step in steps]
    slots = _slots(draw, held, numbers, values[-1])
    lines = [f"{a} {op} {b} = {value}" for (op, a, b), value in zip(steps, values, strict=True)]
    return Problem(shape.story(draw, slots), lines, _capital(shape.end(draw, slots)), values[-1])


def _value(step: Step) -> int:
    operation, a, b = step
    return {"+": a + b, "-": a - b, "x": a * b, "/": a // b if b else 0}[operation]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _slots(draw: Draw, held: bool, numbers: Numbers, r: int) -> dict[str, str]:
    first, second = two_names(draw, held)
    thing, thing2 = THINGS.some(draw, held, 2)
    while thing.a[:2] != "a " or thing2.a[:2] != "a ":
        thing, thing2 = THINGS.some(draw, held, 2)
    one = r == 1
    slots = {key: str(value) for key, value in numbers.items()}
    return {
        **slots, "r": str(r), "name": first.text, "they": first.they, "them": first.them, "their": first.their,
        "other": second.text, "thing": thing.one, "things": thing.many, "thing2": thing2.one,
        "rthings": thing.one if one else thing.many, "rwere": "was" if one else "were",
        "rare": "is" if one else "are", "rcrowns": "crown" if one else "crowns",
        "rstayed": "is still there" if one else "are still there", "rmetres": "metre" if one else "metres",
        "rpages": "page" if one else "pages", "ryears": "year" if one else "years",
        "rpeople": "person" if one else "people", "foods": draw.pick(_FOODS), "plants": draw.pick(_PLANTS),
        "shop": draw.pick(_SHOPS), "cart": draw.pick(("cart", "boat", "train", "cyclist")),
        "stall": draw.pick(("shop", "stall", "small shop", "market stall")), "town": TOWNS(draw, held),
        "place": PLACES(draw, held),
    }  # fmt: skip


def solution(problem: Problem, draw: Draw, steps: bool = True) -> str:
    """The answer, with the steps in one of several shapes."""
    if not steps:
        return problem.end
    lines = problem.steps
    shape = int(draw.random() * 4)
    if shape == 0:
        return "\n".join([*lines, problem.end])
    first = _STEP_WORDS(draw, {"s": lines[0]})
    if len(lines) == 1:
        return (
            f"{_capital(first)}. {problem.end}"
            if shape != 1
            else f"{lines[0]}, so the answer is {problem.answer}."
        )
    if shape == 1:
        return f"{_capital(first)}. {_capital(_NEXT_WORDS(draw, {'s': lines[1]}))}. {problem.end}"
    if shape == 2:
        return f"{lines[0]}, {_NEXT_WORDS(draw, {'s': lines[1]})}. {problem.end}"
    return f"Step 1: {lines[0]}\nStep 2: {lines[1]}\n{problem.end}"


def word_problem(draw: Draw) -> tuple[str, str]:
    """A question of the exam and its answer in figures."""
    problem = word_problem_of(draw, held=True)
    return problem.question, str(problem.answer)


def problem_text(world: World, draw: Draw) -> str:
    problem = word_problem_of(draw)
    slots = {
        "q": problem.question,
        "s": solution(problem, draw, draw.chance(0.85)),
        "start": _STARTS(draw, {}),
    }
    return _PROBLEM_TEXT(draw, slots)


_PROBLEM_TEXT = Phrases(
    "{start}{q}\n{s}",
    "{q}\n\n{s}",
    "Problem: {q}\nAnswer: {s}",
    "Q: {q}\nA: {s}",
    "{q}\nAnswer: {s}",
)


# Time: a clock that goes on, and how long something took.


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24}:{minutes % 60:02d}"


def _long(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = ([f"{hours} hour{'s' * (hours > 1)}"] if hours else []) + (
        [f"{rest} minute{'s' * (rest > 1)}"] if rest else []
    )
    return " and ".join(parts)


class _TimeShape(NamedTuple):
    ask: Phrases
    end: Phrases


_LATER = Phrases(
    "The {train} leaves at {start} and takes {long}. When does it arrive?",
    "{Name} begins to [read|work|paint|cook|walk] at {start} and goes on for {long}. When does {they} stop?",
    "It is {start}. What time will it be in {long}?",
    "The [film|play|lesson|concert] starts at {start} and lasts {long}. When is it over?",
)
_BETWEEN = Phrases(
    "How long is it from {start} to {end}?",
    "The {train} leaves at {start} and arrives at {end}. How long does it take?",
    "{Name} works from {start} to {end}. How long is that?",
    "The shop opens at {start} and closes at {end}. How long is it open?",
)
_LATER_END = Phrases(
    "At {end}.", "{end}", "It is {end} then.", "{sums}. So at {end}.", "{sums}. The answer is {end}."
)
_BETWEEN_END = Phrases("{Long}.", "It is {long}.", "[That is|This makes] {long}.", "{sums2}. That is {long}.")


def time_question(draw: Draw, held: bool = False) -> tuple[str, str]:
    """A question about the clock with its answer."""
    start = 5 * _between(draw, 72, 204)
    lasts = draw.pick((10, 15, 20, 25, 30, 40, 45, 50, 60, 75, 90, 120, 150, 180))
    end = start + lasts
    name = NAMES(draw, held)
    slots = {
        "start": _clock(start), "end": _clock(end), "long": _long(lasts), "name": name.text, "they": name.they,
        "train": draw.pick(("train", "bus", "boat", "ferry")), "sums": _clock_steps(start, lasts),
        "sums2": _between_steps(start, end),
    }  # fmt: skip
    if draw.chance(0.6):
        return _LATER(draw, slots), _LATER_END(draw, slots)
    return _BETWEEN(draw, slots), _BETWEEN_END(draw, slots)


def _clock_steps(start: int, lasts: int) -> str:
    to_hour = -start % 60
    if lasts % 60 == 0 or not 0 < to_hour < lasts:
        return f"{_clock(start)} and {_long(lasts)} is {_clock(start + lasts)}"
    rest = lasts - to_hour
    return (f"{_long(to_hour)} from {_clock(start)} is {_clock(start + to_hour)}, and {_long(rest)} more "
            f"is {_clock(start + lasts)}")  # fmt: skip


def _between_steps(start: int, end: int) -> str:
    to_hour = -start % 60
    if not 0 < to_hour < end - start:
        return f"From {_clock(start)} to {_clock(end)}"
    return (f"From {_clock(start)} to {_clock(start + to_hour)} it is {_long(to_hour)}, and from there to "
            f"{_clock(end)} it is {_long(end - start - to_hour)}")  # fmt: skip


def time_text(world: World, draw: Draw) -> str:
    pairs = [time_question(draw) for _ in range(draw.pick((1, 1, 2, 3)))]
    return "\n".join(f"{q}\n{a}" if draw.chance(0.5) else f"{q} {a}" for q, a in pairs)


# Talks


def problem_talk(world: World, draw: Draw) -> Talk:
    messages = []
    for _ in range(draw.pick((1, 1, 1, 2))):
        problem = word_problem_of(draw)
        asked = _STARTS(draw, {}) + problem.question
        said = solution(problem, draw, draw.chance(0.85))
        messages += [{"role": "user", "content": asked}, {"role": "assistant", "content": said}]
    return Talk(messages)


def time_talk(world: World, draw: Draw) -> Talk:
    asked, said = time_question(draw)
    return Talk([{"role": "user", "content": asked}, {"role": "assistant", "content": said}])


FREE = (FreeWriter("word_problem", problem_text, 1.2), FreeWriter("clock", time_text, 0.4))
TALKS = (TalkWriter("word_problem", problem_talk, 0.8), TalkWriter("clock_sum", time_talk, 0.2))
