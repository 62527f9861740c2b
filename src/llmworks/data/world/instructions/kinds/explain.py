# ruff: noqa: E501, SIM905 (lists of words)
"""Say what a thing is, or how two things differ."""

from __future__ import annotations

from llmworks.data.world.instructions.held import Pool, Wordings, held
from llmworks.data.world.instructions.nouns import ALIKE_PAIRS, MEANINGS, Meaning
from llmworks.data.world.instructions.task import Task, words_of
from llmworks.data.world.phrases import Draw, Phrases

WORDS = Pool(sorted(MEANINGS))
_ASK = Wordings(
    "[Do you know|Can you tell me] what {a} is?",
    "[Describe|Explain] {a}[ in one sentence| in a few words|].",
    "{A}: what is that?",
    "[Write|Give] a definition of {word}.",
    "[How would you explain|How do you describe] {a}[ to a child|]?",
    "[What is meant by|What do people mean by] {a}?",
    "meaning of {word}?",
    "[Tell me about|Say something about] {a}.",
    "[Give me|I need] [the meaning of {word}|a definition of {word}].",
    "what's {a}",
    "What is {a}?",
    "[Explain|Say|Tell me] what {a} is.",
    "[Can you|Could you|Please] explain [what {a} is|the word {word}]{mark}",
    "[I do not know what {a} is.|A child asks:] What is {a}?",
    "What does the word {word} mean?",
    "Define {word}.",
    "In one sentence, what is {a}?",
)
_TELL = Phrases(
    "{A} is {what}.",
    "{A} is {what}. It {more}.",
    "{A} is {what}. It {more}.",
    "It is {what}. It {more}.",
    "{What}.",
)
_TELL_PERSON = Phrases("{A} is {what}.", "{A} is {what} and {more}.", "{A} is {what}. Such a person {more}.")
_DIFFER = Wordings(
    "[Can|Could] you [explain|tell me] the difference between {a} and {b}?",
    "In what way is {a} different from {b}?",
    "[Difference|What is different] between {a} and {b}?",
    "{A} and {b}: how do they differ?",
    "Tell me the difference between {a} and {b}.",
    "[Contrast|Please compare] {a} and {b}.",
    "[Why is {a} not {b}|How is {a} different from {b}]?",
    "What is the difference between {a} and {b}?",
    "How [does {a} differ from {b}|do {a} and {b} differ]?",
    "[Compare|Tell apart] {a} and {b}.",
    "[How can you tell|How do you tell] {a} from {b}?",
    "[Explain|Say] how {a} and {b} differ.",
    "{A} or {b}: what is the difference?",
)
_BOTH = Phrases(
    "{A} is {what}, but {b} is {what2}.",
    "{A} is {what}. {B} is {what2}.",
    "{A} is {what}, while {b} is {what2}.",
    "{A} {more}, but {b} {more2}.",
    "{A} is {what} and {more}. {B} is {what2} and {more2}.",
)
_ALL = Phrases(
    "{A} is {what} and {more}. {B} is {what2} and {more2}.",
    "{A} is {what}; it {more}. {B} is {what2}; it {more2}.",
)
_SMALL = frozenset(
    "a an the of in on at by to and or is are it its with for from that which who has have be can you one two thing".split()
)


def _content(text: str) -> set[str]:
    return {_stem(word) for word in words_of(text) if word not in _SMALL}


def _stem(word: str) -> str:
    for end in ("ing", "ers", "er", "es", "ed", "s"):
        if word.endswith(end) and len(word) - len(end) > 2:
            return word[: -len(end)]
    return word


def about(answer: str, meaning: Meaning) -> bool:
    """Whether the answer says at least two of the words that tell this thing, or all that there are."""
    wanted = _content(f"{meaning.what} {meaning.more}") - {_stem(meaning.word)}
    return len(_content(answer) & wanted) >= min(2, len(wanted))


def _slots(meaning: Meaning) -> dict[str, str]:
    return {"word": meaning.word, "a": meaning.a, "what": meaning.what, "more": meaning.more, "mark": "?"}


def _is_person(meaning: Meaning) -> bool:
    return meaning.what.startswith("a person")


def explained(draw: Draw, meaning: Meaning) -> str:
    return (_TELL_PERSON if _is_person(meaning) else _TELL)(draw, _slots(meaning))


def _one(draw: Draw, is_held: bool) -> Task:
    meaning = MEANINGS[WORDS(draw, is_held)]
    prompt = _ASK(draw, is_held, _slots(meaning))
    if prompt.startswith("Please"):
        prompt = prompt[:-1] + "."
    return Task("explain", prompt, explained(draw, meaning), lambda answer: about(answer, meaning))


def _two(draw: Draw, is_held: bool) -> Task:
    while True:
        first, second = draw.pick(ALIKE_PAIRS)
        if held(f"compare {min(first, second)} {max(first, second)}") == is_held:
            break
    one, other = MEANINGS[first], MEANINGS[second]
    slots = {**_slots(one), "b": other.a, "what2": other.what, "more2": other.more}

    def checked(answer: str) -> bool:
        own = [_content(f"{m.what} {m.more}") - {_stem(m.word)} for m in (one, other)]
        said = _content(answer)
        names = all(_stem(word) in said for word in (first, second))
        return names and all(said & words for words in (own[0] - own[1], own[1] - own[0]))

    right = _BOTH(draw, slots)
    if not checked(right):  # what it says is true of both
        right = _ALL(draw, slots)
    return Task("explain", _DIFFER(draw, is_held, slots), right, checked)


def make(draw: Draw, held: bool) -> Task:
    return _one(draw, held) if draw.chance(0.6) else _two(draw, held)
