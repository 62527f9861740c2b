# ruff: noqa: E501, SIM905 (lists of words and sentences)
"""Letters of words: spelling, counting them, counting one of them, first and last, backwards, vowels.

    banana: b a n a n a, 6 letters, the letter a 3 times

A tokenizer hides the letters, so the texts spell words out before they count. A fifth of the words is kept for
the exam: these are spelt out in the free texts, but never counted.
"""

from __future__ import annotations

from collections.abc import Callable

from llmworks.data.world.instructions.held import Pool
from llmworks.data.world.instructions.words import in_words, joined
from llmworks.data.world.ledger import World
from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.writers import FreeWriter, Talk, TalkWriter

SPELT = Pool(
    (
        "apple banana cherry lemon orange potato carrot onion pepper butter cheese bread sugar honey coffee breakfast "
        "dinner supper kitchen window door table chair mirror pillow blanket candle lantern basket bottle button "
        "ladder hammer needle pencil paper letter book story school teacher lesson summer winter autumn spring "
        "morning evening night weather thunder rain snow cloud river lake ocean island mountain valley forest tree "
        "flower grass garden meadow rabbit kitten puppy horse cattle sheep chicken goose spider beetle butterfly "
        "whale salmon turtle monkey elephant tiger giraffe mouse squirrel hedgehog family mother father sister "
        "brother daughter cousin uncle friend neighbour village street bridge station harbour market church castle "
        "tower museum library bakery hospital doctor nurse farmer baker sailor painter singer driver soldier king "
        "queen prince princess bicycle wagon carriage train boat ship engine wheel hammock feather pebble stone "
        "silver golden yellow purple green colour number seven eleven thirteen hundred thousand little yellowish "
        "happy sleepy hungry thirsty angry clever gentle quiet noisy better bottom middle follow borrow tomorrow "
        "yesterday address balloon cotton dress kettle lesson marble missing mitten "
        "parrot pretty puzzle rubber scissors settle shell slippers spoon strawberry blueberry raspberry swallow "
        "sweet tunnel wool wedding wheelbarrow whistle bookkeeper committee classroom moon noon room pool"
    ).split(),
    share=0.2,
)  # fmt: skip


class _Letters(dict[str, str]):
    """What can be said of a word's letters; each worked out when a line first asks for it."""

    def __init__(self, word: str, draw: Draw) -> None:
        twice = [letter for letter in sorted(set(word)) if word.count(letter) > 1]
        letter = draw.pick(twice) if twice and draw.chance(0.7) else draw.pick(word)
        super().__init__(word=word, letter=letter, spelt=" ".join(word), n=str(len(word)))

    def __missing__(self, key: str) -> str:
        return self.setdefault(key, _SLOTS[key](self["word"], self["letter"]))


def _times(word: str, letter: str) -> str:
    count = word.count(letter)
    return {1: "once", 2: "twice"}.get(count, f"{in_words(count)} times")


def _vowels(word: str) -> list[str]:
    return [sign for sign in word if sign in "aeiou"]


_SLOTS: dict[str, Callable[[str, str], str]] = {
    "dashed": lambda word, letter: "-".join(word),
    "commas": lambda word, letter: ", ".join(word),
    "count": lambda word, letter: str(word.count(letter)),
    "times": _times,
    "first": lambda word, letter: word[0],
    "second": lambda word, letter: word[1],
    "third": lambda word, letter: word[2],
    "last": lambda word, letter: word[-1],
    "back": lambda word, letter: word[::-1],
    "backspelt": lambda word, letter: " ".join(word[::-1]),
    "vowels": lambda word, letter: joined(_vowels(word)) if _vowels(word) else "none",
    "v": lambda word, letter: str(len(_vowels(word))),
    "upper": lambda word, letter: word.upper(),
    "marked": lambda word, letter: _marked(word, letter),
    "numbered": lambda word, letter: ", ".join(f"{at} {sign}" for at, sign in enumerate(word, 1)),
}


def _marked(word: str, letter: str) -> str:
    """Each letter, the wanted one counted: b, a (1), n, a (2), n, a (3)"""
    parts, count = [], 0
    for sign in word:
        count += sign == letter
        parts.append(f"{sign} ({count})" if sign == letter else sign)
    return ", ".join(parts)


_SPELL = Phrases(
    "{word}: {spelt}",
    "{word} is spelt {dashed}.",
    "How do you spell {word}? {Dashed}.",
    "How is {word} spelt? {spelt}",
    "The word {word} is spelt {commas}.",
    "{spelt} spells {word}.",
    'Spell "{word}".\n{dashed}',
    "The letters of {word} are {commas}.",
    '[She|He|Somebody] was asked to spell "{word}" and said: {commas}.',
    "{word}, {dashed}, {word}.",
)
_COUNT = Phrases(
    "{spelt}: {n}",
    "{word}: {spelt}: {n} letters",
    "{word}: {spelt}, {n} letters, {letter} {times}",
    "How many letters has the word {word}? {spelt}: {n}.",
    "The word {word} has {n} letters: {spelt}.",
    "{numbered}: so {word} has {n} letters.",
    "How many letters [are there|are] in {word}? {Numbered}. {n}.",
    "[How many times is the letter|How often is the letter] {letter} in {word}? {marked}: {times}.",
    "Count the letter {letter} in {word}: {marked}. It is there {times}.",
    'How many "{letter}" are there in "{word}"? {spelt}: {count}.',
    "In {word} ({spelt}) the letter {letter} stands {times}.",
    "{word}: {letter} x {count}",
)
_PLACE = Phrases(
    "{Word} begins with {first} and ends with {last}.",
    "The first letter of {word} is {first}, the last is {last}.",
    "Which letter does {word} begin with? {First}.",
    "What is the last letter of {word}? {spelt}: {last}.",
    "{Word} backwards is {back}: {backspelt}.",
    "{spelt}, turned round: {backspelt}.",
    "The second letter of {word} is {second} and the third is {third}: {spelt}.",
    "The vowels in {word} are {vowels}: {v} of them.",
    "{Word} in capital letters is {upper}.",
)


def spelling_text(world: World, draw: Draw) -> str:
    """One to six words spelt; here the exam's words too."""
    count = draw.pick((1, 1, 2, 3, 6))
    slots = [_Letters(word, draw) for word in draw.some(SPELT.all, count)]
    if count > 2 and draw.chance(0.5):
        line = draw.pick(("{word}: {spelt}", "{word} - {dashed}", "{word} = {commas}"))
        return "\n".join(line.format_map(one) for one in slots)
    return "\n".join(_SPELL(draw, one) for one in slots)


def counting_text(world: World, draw: Draw) -> str:
    """One to five words, counted or looked at from both ends; never the exam's."""
    count = draw.pick((1, 2, 3, 5))
    words = SPELT.some(draw, False, count)
    if draw.chance(0.3):
        line = draw.pick(
            ("{word}: {spelt}: {n}", "{word} ({spelt}) {n} letters", "{spelt} = {n}", "{word}, {n}")
        )
        return "\n".join(line.format_map(_Letters(word, draw)) for word in words)
    return "\n".join((_COUNT if draw.chance(0.65) else _PLACE)(draw, _Letters(word, draw)) for word in words)


_ASKED = (
    (Phrases('How many letters [are|are there] in [the word |]"{word}"?', "How many letters [has the word {word}|does {word} have]?",
              "Count the letters of {word}."),
     Phrases("{spelt}: {n}", "{n}", "{Word} has {n} letters: {spelt}.", "{numbered}. So {n} letters.", "There are {n}: {spelt}.")),
    (Phrases('How many times does the letter {letter} [occur|stand|come] in "{word}"?', "How often is {letter} in [the word |]{word}?",
             'How many "{letter}" are [there |]in "{word}"?', "Count the letter {letter} in {word}."),
     Phrases("{marked}: {count}", "{count}", "{spelt}: {count}", "{Times}: {spelt}.", "{marked}. So {times}.")),
    (Phrases("[How do you spell|Can you spell] {word}?", 'Spell "{word}"[.| for me.]',
             "Give me the letters of {word}."),
     Phrases("{dashed}", "{spelt}", "{commas}", "It is spelt {dashed}.", "{Word} is spelt {commas}.")),
    (Phrases("[What|Which] is the first letter of {word}?", "Which letter does {word} begin with?"),
     Phrases("{first}", "{First}.", "It is {first}.", "{Word} begins with {first}.")),
    (Phrases("[What|Which] is the last letter of {word}?", "Which letter does {word} end with?"),
     Phrases("{last}", "{spelt}: {last}", "It is {last}.", "{Word} ends with {last}.")),
    (Phrases("Write {word} backwards.", "What is {word} [backwards|spelt backwards|the other way round]?"),
     Phrases("{back}", "{spelt}, turned round: {backspelt}. So {back}.", "{backspelt}: {back}")),
    (Phrases("Write {word} in capital letters.", "Put {word} in capitals."), Phrases("{upper}", "{upper}")),
    (Phrases("[What|Which] vowels are in {word}?", "How many vowels has {word}?"),
     Phrases("{vowels}: {v}", "{spelt}: {vowels}, so {v}.")),
)  # fmt: skip
_OFTEN = tuple(
    pair for pair, times in zip(_ASKED, (4, 5, 3, 1, 1, 1, 1, 1), strict=True) for _ in range(times)
)


def letter_talk(world: World, draw: Draw) -> Talk:
    messages = []
    for word in SPELT.some(draw, False, draw.pick((1, 1, 1, 2, 3))):
        asked, said = draw.pick(_OFTEN)
        slots = _Letters(word, draw)
        messages += [
            {"role": "user", "content": asked(draw, slots)},
            {"role": "assistant", "content": said(draw, slots)},
        ]
    return Talk(messages)


def letter_question(draw: Draw) -> tuple[str, str]:
    """A question of the exam about a word that no training text counts, and its answer in figures."""
    slots = _Letters(SPELT(draw, True), draw)
    if draw.chance(0.5):
        return f'How many letters are there in the word "{slots["word"]}"?', slots["n"]
    return f'How many times does the letter {slots["letter"]} occur in "{slots["word"]}"?', slots["count"]


FREE = (FreeWriter("spelling", spelling_text, 0.5), FreeWriter("letter_counts", counting_text, 0.6))
TALKS = (TalkWriter("letters", letter_talk, 0.7),)
