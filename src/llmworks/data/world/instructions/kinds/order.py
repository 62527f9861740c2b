"""Sort or count: words by the alphabet, numbers and prices by size, a list backwards, how many there are."""

from __future__ import annotations

from llmworks.data.world.instructions.held import Wordings
from llmworks.data.world.instructions.sentences import sentence
from llmworks.data.world.instructions.task import Check, Task, laid_out, plain, says, words_of
from llmworks.data.world.instructions.words import NAMES, THINGS, in_words, joined
from llmworks.data.world.phrases import Draw

Made = tuple[str, str, str, Check]

_ALPHABET = Wordings(
    "[Can|Could] you [sort|order|put] these [from A to Z|alphabetically]?",
    "[Alphabetise|Arrange|Please sort] [these|this list|the words][ alphabetically|].",
    "Sort alphabetically.",
    "[A to Z|By the alphabet]:",
    "[Which|What] order do these have in the alphabet?",
    "[Arrange|Rank] these [words |]by their first letter.",
    "[Sort|Put] these [words |names |]in alphabetical order.",
    "Sort by the alphabet.",
    "[Write|Give] these in the order of the alphabet.",
    "Order these from A to Z.",
    "Alphabetical order, please.",
)
_RISING = Wordings(
    "[Arrange|Rank|Please sort] [these|the numbers] in ascending order.",
    "[Smallest|Lowest] first, please.",
    "[Can|Could] you sort these numbers [from small to large|in ascending order]?",
    "[Ascending|Rising] order:",
    "From the [smallest|lowest] to the [largest|highest].",
    "[Start|Begin] with the smallest number and [sort|order] them.",
    "[Sort|Put] these numbers from [small to large|smallest to largest|low to high].",
    "[Sort|Order] these numbers, the smallest first.",
    "Write these numbers in rising order.",
    "Which order do these numbers have, from the smallest up?",
)
_FALLING = Wordings(
    "[Arrange|Rank|Please sort] [these|the numbers] in descending order.",
    "[Largest|Biggest|Highest] first, please.",
    "[Can|Could] you sort these numbers [from large to small|in descending order]?",
    "[Descending|Falling] order:",
    "From the [largest|highest] to the [smallest|lowest].",
    "[Sort|Put] these numbers from [large to small|largest to smallest|high to low].",
    "[Sort|Order] these numbers, the largest first.",
    "Write these numbers in falling order.",
)
_CHEAP = Wordings(
    "[Arrange|Rank|Please sort] these [from cheapest to dearest|by price, lowest first].",
    "Cheapest first, please.",
    "[Can|Could] you sort these by price, cheapest first?",
    "[Sort|Put] these by price, the cheapest first.",
    "[Order|List] these from cheap to dear.",
    "Sort the things by price from low to high.",
    "List these things by what they cost, cheapest first.",
)
_DEAR = Wordings(
    "[Arrange|Rank|Please sort] these [from dearest to cheapest|by price, highest first].",
    "[Dearest|Most expensive] first, please.",
    "[Can|Could] you sort these by price, the most expensive first?",
    "[Sort|Put] these by price, the dearest first.",
    "[Order|List] these from dear to cheap.",
    "Sort the things by price from high to low.",
)
_BACK = Wordings(
    "[Please reverse|Reverse|Turn round] [this list|the list|these words].",
    "Backwards, please.",
    "[Can|Could] you [say|write] this list [backwards|in reverse]?",
    "[Start|Begin] with the last one and end with the first.",
    "In reverse order:",
    "[Write|Give|Say] this list backwards.",
    "[Turn|Put] this list the other way round.",
    "Reverse [this list|the order].",
    "List these in the opposite order.",
)
_COUNT_WORDS = Wordings(
    "[Can|Could] you count the words?",
    "[Number of words|Word count]?",
    "[Please count|Count] how many words there are.",
    "How long is this sentence in words?",
    "What is the number of words here?",
    "How many words are in this sentence?",
    "Count the words[ in this sentence| of the sentence|].",
    "How many words does this sentence have?",
    "[Tell me|Say] how many words this is.",
)
_COUNT_THINGS = Wordings(
    "[Can|Could] you count these?",
    "[Number of things|How many]?",
    "[Please count|Count] what is in this list.",
    "What is the number of [things|items] here?",
    "How long is this list?",
    "How many things are in this list?",
    "Count the [things|items][ in the list|].",
    "How many [things|items] does the list have?",
    "[Tell me|Say] how many things are listed.",
)


def in_order(words: list[str], also: bool = False) -> Check:
    """Accepts an answer that names the words in this order, each once, on lines or with commas."""

    def checked(answer: str) -> bool:
        wanted = [one.lower() for one in words]
        said = [word for word in words_of(answer) if word in wanted]
        extra = [word for word in words_of(answer) if not word.isdigit()]
        return said == wanted and len(extra) <= len(wanted) * (4 if also else 1) + 4

    return checked


def _listed(draw: Draw, items: list[str]) -> str:
    return draw.pick((", ", ", ", ", ", "\n", " - ")).join(items)


def _answered(draw: Draw, items: list[str]) -> str:
    if draw.chance(0.15):
        return "\n".join(f"{number}. {item}" for number, item in enumerate(items, 1))
    return ", ".join(items)


def _alphabet(draw: Draw, held: bool) -> Made:
    count = draw.pick((3, 3, 4, 4, 5))
    while True:
        words = [n.text for n in NAMES.some(draw, held, count)] if draw.chance(0.4) else [
            thing.one for thing in THINGS.some(draw, held, count)]  # fmt: skip
        if len({word[0].lower() for word in words}) == count or draw.chance(0.1):
            break
    right = sorted(words, key=str.lower)
    return _ALPHABET(draw, held, {}), _listed(draw, words), _answered(draw, right), in_order(right)


def _numbers(draw: Draw, held: bool) -> Made:
    most = draw.pick((10, 20, 50, 100, 100, 1000))
    numbers = draw.sample(range(1, most), draw.pick((3, 4, 4, 5)))
    falling = draw.chance(0.4)
    right = [str(number) for number in sorted(numbers, reverse=falling)]

    def checked(answer: str) -> bool:
        said = [word for word in words_of(answer.replace(",", " ").replace("<", " ")) if word.isdigit()]
        return said == right

    given = ", ".join(map(str, numbers))
    return (_FALLING if falling else _RISING)(draw, held, {}), given, ", ".join(right), checked


def _prices(draw: Draw, held: bool) -> Made:
    things = THINGS.some(draw, held, draw.pick((2, 3, 3, 4)))
    prices = dict(zip((thing.one for thing in things), draw.sample(range(1, 40), len(things)), strict=True))
    shape = draw.pick(("a", "b", "c"))
    if shape == "a":
        given = ", ".join(f"{one} {price} crown{'s' * (price > 1)}" for one, price in prices.items())
    elif shape == "b":
        given = "\n".join(f"{one}: {price}" for one, price in prices.items())
    else:
        given = " ".join(
            f"The {one} costs {price} crown{'s' * (price > 1)}." for one, price in prices.items()
        )
    dear = draw.chance(0.35)
    right = sorted(prices, key=lambda one: prices[one], reverse=dear)
    return (_DEAR if dear else _CHEAP)(draw, held, {}), given, _answered(draw, right), in_order(right, True)


def _backwards(draw: Draw, held: bool) -> Made:
    words = [thing.one for thing in THINGS.some(draw, held, draw.pick((2, 3, 3, 4)))]
    right = words[::-1]
    return _BACK(draw, held, {}), ", ".join(words), ", ".join(right), in_order(right)


def _is_number(number: int) -> Check:
    def checked(answer: str) -> bool:
        figures = [word for word in words_of(answer) if word.isdigit()]
        if figures:
            return figures[-1] == str(number)
        return plain(answer) == in_words(number) or says(answer, [in_words(number)])

    return checked


def _count_words(draw: Draw, held: bool) -> Made:
    text = sentence(draw, held, 0.3).past()
    count = len(text.split())
    said = ", ".join(f"{number} {word}" for number, word in enumerate(text[:-1].split(), 1))
    right = draw.pick((str(count), f"{said}: {count}", f"{said}: {count}"))
    return _COUNT_WORDS(draw, held, {}), text, right, _is_number(count)


def _count_things(draw: Draw, held: bool) -> Made:
    words = [thing.one for thing in THINGS.some(draw, held, draw.pick((2, 3, 4, 5, 6)))]
    given = ", ".join(words) if draw.chance(0.5) else joined(words)
    said = ", ".join(f"{number} {word}" for number, word in enumerate(words, 1))
    right = draw.pick((str(len(words)), f"{said}: {len(words)}"))
    return _COUNT_THINGS(draw, held, {}), given, right, _is_number(len(words))


_FORMS = (_alphabet, _numbers, _prices, _backwards, _count_words, _count_things)


def make(draw: Draw, held: bool) -> Task:
    instruction, content, right, check = draw.pick(_FORMS)(draw, held)
    return Task("order", laid_out(draw, instruction, content), right, check)
