# ruff: noqa: E501, SIM905 (lists of words)
"""Tasks learned from examples alone: k pairs, then a question, for curves of skill over the number of examples.

    cat -> cats        Zarn: red        small - big
    apple -> apples    Bilo: green      hot -
    tree ->            Zarn:

A task is a mapping that the examples show and no instruction names. Invented words ("recall") must be read off the
examples; the others (plural, capitals, opposite, category, first letter, next number, past) can also be known.
"""

from __future__ import annotations

from collections.abc import Callable

from llmworks.data.world.instructions.held import Pool
from llmworks.data.world.instructions.nouns import CATEGORIES, OF_WORD, OPPOSITES
from llmworks.data.world.instructions.sentences import ACTIONS
from llmworks.data.world.instructions.words import COLOURS, NAMES, THINGS
from llmworks.data.world.ledger import World
from llmworks.data.world.phrases import Draw
from llmworks.data.world.writers import FreeWriter
from llmworks.errors import DataError

Pair = tuple[str, str]
_OPPOSITES = Pool(
    [(a, b) for a, b in OPPOSITES] + [(b, a) for a, b in OPPOSITES], lambda pair: "-".join(sorted(pair))
)
_SORTS = ("fruit", "animal", "bird", "tool", "vehicle", "drink", "flower", "colour", "job")
_SORTED = Pool(
    [(word, sort) for sort in _SORTS for word in CATEGORIES[sort] if len(OF_WORD[word]) == 1],
    lambda pair: pair[0],
)
_STARTS = "b br d dr f fl g gr k kl l m n p pl r s sk st t tr v w z".split()
_MIDDLES = "a e i o u a o ee oo".split()
_ENDS = "b d f g k l m n p r s t x rn lt nk mo la ri no".split()
_FRAMES = (
    ("{a} -> {b}", "\n"),
    ("{a}: {b}", "\n"),
    ("{a} - {b}", "\n"),
    ("{a} = {b}", "\n"),
    ("{a}, {b}", "\n"),
    ("Input: {a}\nOutput: {b}", "\n\n"),
    ("Q: {a}\nA: {b}", "\n\n"),
    ("{a} => {b}", "\n"),
)


def invented(draw: Draw) -> str:
    """A word of no language."""
    word = draw.pick(_STARTS) + draw.pick(_MIDDLES) + draw.pick(_ENDS)
    return word + draw.pick(_MIDDLES) + draw.pick(_ENDS) if draw.chance(0.3) else word


def _recall(draw: Draw, held: bool, count: int) -> list[Pair]:
    """Invented names with a colour each; the last pair is one of the earlier ones."""
    names: list[str] = []
    while len(names) < count - 1:
        name = invented(draw).capitalize()
        if name not in names:
            names.append(name)
    values = [COLOURS(draw, False) if draw.chance(0.95) else COLOURS(draw, True) for _ in names]
    pairs = list(zip(names, values, strict=True))
    return [*pairs, draw.pick(pairs) if pairs else (invented(draw).capitalize(), COLOURS(draw, False))]


def _plural(draw: Draw, held: bool, count: int) -> list[Pair]:
    return [(thing.one, thing.many) for thing in THINGS.some(draw, held, count)]


def _capitals(draw: Draw, held: bool, count: int) -> list[Pair]:
    return [(thing.one, thing.one.upper()) for thing in THINGS.some(draw, held, count)]


def _opposite(draw: Draw, held: bool, count: int) -> list[Pair]:
    return _OPPOSITES.some(draw, held, count)


def _category(draw: Draw, held: bool, count: int) -> list[Pair]:
    """Words of two or three categories (more, where these have too few) with the category's name."""
    sorts, fitting = draw.some(_SORTS, len(_SORTS)), list[Pair]()
    least = draw.pick((2, 3))
    for number, sort in enumerate(sorts):
        if number >= least and len(fitting) >= count:
            break
        fitting += [pair for pair in (_SORTED.held if held else _SORTED.train) if pair[1] == sort]
    return draw.some(fitting, count)


def _first(draw: Draw, held: bool, count: int) -> list[Pair]:
    return [(name.text, name.text[0]) for name in NAMES.some(draw, held, count)]


def _next(draw: Draw, held: bool, count: int) -> list[Pair]:
    """A number and another a fixed step on."""
    step = draw.pick((1, 1, 2, 5, 10, 100))
    return [(str(number), str(number + step)) for number in draw.sample(range(1, 90), count)]


def _past(draw: Draw, held: bool, count: int) -> list[Pair]:
    verbs = {action.verb.base: action.verb.past for action in ACTIONS.some(draw, held, count * 4)}
    return list(verbs.items())[:count]


TASKS: dict[str, Callable[[Draw, bool, int], list[Pair]]] = {
    "recall": _recall,
    "plural": _plural,
    "capitals": _capitals,
    "opposite": _opposite,
    "category": _category,
    "first_letter": _first,
    "next": _next,
    "past": _past,
}
_NAMES = tuple(TASKS)


def _pairs(draw: Draw, held: bool, count: int, task: str) -> list[Pair]:
    if task not in TASKS:
        raise DataError(f"there is no task in context {task!r}; there are {', '.join(TASKS)}.")
    while True:
        pairs = TASKS[task](draw, held, count)
        if len(pairs) == count:
            return pairs


def in_context(draw: Draw, examples: int, task: str = "") -> tuple[str, str]:
    """(prompt, answer) with so many examples, of words that no training text of this kind has.

    The prompt ends where the answer begins (without the blank before it); the answer is a word or a number.
    With 0 examples only the form is shown, so that a curve can begin at chance.
    """
    pairs = _pairs(draw, True, examples + 1, task or draw.pick(_NAMES))
    frame, gap = draw.pick(_FRAMES)
    shown = [frame.format(a=a, b=b) for a, b in pairs[:-1]]
    asked = frame.format(a=pairs[-1][0], b="").rstrip()
    return gap.join([*shown, asked]), pairs[-1][1]


def in_context_text(world: World, draw: Draw) -> str:
    """Three to ten pairs, the last one whole too."""
    pairs = _pairs(draw, False, draw.pick((3, 4, 5, 6, 8, 10)), draw.pick((*_NAMES, "recall")))
    frame, gap = draw.pick(_FRAMES)
    return gap.join(frame.format(a=a, b=b) for a, b in pairs)


FREE = (FreeWriter("in_context", in_context_text, 0.6),)
