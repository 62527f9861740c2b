# ruff: noqa: E501 (lists of words)
"""List things: so many of a category, or those of a category that a passage names."""

from __future__ import annotations

from llmworks.data.world.instructions.held import Wordings, held
from llmworks.data.world.instructions.nouns import CATEGORIES, MANY, OF_WORD
from llmworks.data.world.instructions.task import Task, laid_out, words_of
from llmworks.data.world.instructions.words import NAMES, PLACES, in_words, joined, plural, with_article
from llmworks.data.world.phrases import Draw, Phrases

_NAME = Wordings(
    "[Could you|Can you] [list|name|tell me|give me] {n} {things}?",
    "[Think of|Suggest|Find] {n} {things}.",
    "List of {n} {things}:",
    "[Please give|Please list|Please name] {n} {things}.",
    "[Do you know|Can you think of] {n} {things}?",
    "[Any|Some] {things}? {N}, please.",
    "name {n} {things} for me",
    "[Which|What] {things} do you know? [Name|Tell me] {n}.",
    "[A child asks|My sister asks] for {n} {things}.",
    "[Just|Only] the names of {n} {things}.",
    "{N} examples of {things}[, please|].",
    "[Name|List|Give me|Tell me] {n} {things}.",
    "[Can you|Please] [name|list|think of] {n} {things}{mark}",
    "What are {n} {things}?",
    "[Write down|I need|Say] {n} {things}.",
    "{N} {things}, please.",
    "I am looking for {n} {things}. Any ideas?",
    "[Make|Write] a list of {n} {things}.",
)
_NUMBERED = Wordings(
    "[Number|Count off] {n} {things} in a list.",
    "[Give|Write] {n} {things}, numbered.",
    "[Make|Write] a numbered list of {n} {things}.",
    "{N} {things} as a numbered list[, please|].",
)
_FROM = Wordings(
    "[Can|Could] you list the {things} [in|from] this text?",
    "[Find|Extract|Pick out] [every one of the|all the|the] {things}.",
    "[All|The] {things} in this text[, please|]:",
    "[Please list|Please name] the {things} [that are named|in the passage].",
    "[Make|Write] a list of the {things} in this text.",
    "[Only|Just] the {things}: which are they?",
    "Go through the text and [write down|list] the {things}.",
    "[List|Name|Give|Find] the {things} in this [text|passage].",
    "Which {things} does this text name?",
    "[Which|What] {things} [are there in|come up in] the text?",
    "[Write down|Pick out|List] all {things} [that it names|in it|from the text].",
    "What {things} are named here?",
)
_OF = [name for name in CATEGORIES if name not in ("shape", "season", "kind of fish")]
_PASSAGE = tuple(name for name in ("fruit", "vegetable", "animal", "bird", "tool", "kitchen thing", "vehicle",
                                   "piece of clothing", "piece of furniture", "flower", "musical instrument"))  # fmt: skip
_SCENE = Phrases(
    "{Name} [saw|noticed|found] {items} {place}. {Extra}",
    "{Extra} {Place} there were {items}.",
    "There were {items} {place}. {Extra}",
    "{Place} {name} [drew|counted|looked at|asked about] {items}. {Extra}",
    "{Extra} {Name} [dreamt of|talked about|wrote about] {items}.",
)
_EXTRA = Phrases(
    "[It was a quiet afternoon|The sun was low|Nobody was in a hurry|It had rained a little].",
    "[The day had only begun|It was nearly noon|Evening came slowly|A light wind blew].",
    "{Name} [was in good spirits|had time|was alone|had come early] [that day|this time].",
    "[Then it was time to go|That was all|It took an hour|There was much to do].",
)


def _pair_held(category: str, count: int) -> bool:
    return held(f"list {count} {category}")


def items_in(answer: str, category: str) -> list[str]:
    """The words of the category that the answer names, in order, singular."""
    singular = {plural(word).lower(): word.lower() for word in CATEGORIES[category]}
    singular |= {word.lower(): word.lower() for word in CATEGORIES[category]}
    return [singular[word] for word in words_of(answer) if word in singular]


def _so_many(draw: Draw, is_held: bool) -> Task:
    while True:
        category, count = draw.pick(_OF), draw.pick((2, 3, 3, 3, 4, 5))
        if _pair_held(category, count) == is_held and count <= len(CATEGORIES[category]) - 2:
            break
    words = draw.some(CATEGORIES[category], count)
    if category in ("day of the week", "month") and draw.chance(0.7):
        start = int(draw.random() * (len(CATEGORIES[category]) - count + 1))
        words = CATEGORIES[category][start : start + count]
    slots = {"n": in_words(count) if draw.chance(0.7) else str(count), "things": MANY[category], "mark": "?"}
    numbered = draw.chance(0.15)
    prompt = (_NUMBERED if numbered else _NAME)(draw, is_held, slots)
    if prompt.startswith("Please"):
        prompt = prompt[:-1] + "."
    right = _written(draw, words, numbered)

    def checked(answer: str) -> bool:
        found = items_in(answer, category)
        extra = [word for word in words_of(answer) if not word.isdigit()]
        return len(found) == count == len(set(found)) and len(extra) <= 2 * count + 6

    return Task("list", prompt, right, checked)


def _written(draw: Draw, words: list[str], numbered: bool) -> str:
    if numbered:
        return "\n".join(f"{number}. {word}" for number, word in enumerate(words, 1))
    shape = int(draw.random() * 5)
    if shape == 0:
        return "\n".join(f"- {word}" for word in words)
    if shape == 1:
        text = joined(words)
        return f"{text[:1].upper()}{text[1:]}."
    return joined(words) if shape == 2 else ", ".join(words)


def _from_passage(draw: Draw, is_held: bool) -> Task:
    category = draw.pick(_PASSAGE)
    right = draw.some(CATEGORIES[category], draw.pick((1, 2, 2, 3)))
    others: list[str] = []
    while len(others) < draw.pick((1, 2)):
        word = draw.pick(CATEGORIES[draw.pick(_PASSAGE)])
        if category not in OF_WORD[word] and word not in others:
            others.append(word)
    mixed = draw.some([*right, *others], 9)
    right = [word for word in mixed if word in right]
    name = NAMES(draw, is_held)
    place = PLACES(draw, is_held)
    slots = {
        "name": name.text,
        "place": place,
        "items": joined([_with(word) for word in mixed]),
        "things": MANY[category],
    }
    slots["extra"] = _EXTRA(draw, slots)
    passage = _SCENE(draw, slots)

    def checked(answer: str) -> bool:
        wanted = {word.lower() for word in right}
        found = items_in(answer, category)
        return set(found) == wanted and not any(word in words_of(answer) for word in others)

    return Task(
        "list", laid_out(draw, _FROM(draw, is_held, slots), passage), _written(draw, right, False), checked
    )


def _with(word: str) -> str:
    return f"some {word}" if word in ("spinach", "lettuce", "celery", "pliers") else with_article(word)


def make(draw: Draw, held: bool) -> Task:
    return _so_many(draw, held) if draw.chance(0.55) else _from_passage(draw, held)
