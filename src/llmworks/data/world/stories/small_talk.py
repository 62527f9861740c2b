"""Everyday talks between two: as a script ("Anna: ..."), with dashes, or told with quotes; and pairs for tuning."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.stories.cast import BOYS, GIRLS
from llmworks.data.world.stories.chat_tables import CHATS
from llmworks.data.world.stories.small_talk_tables import EVERYDAY

_PAIRS = list[tuple[tuple[Phrases, ...], tuple[Phrases, ...]]]


def _compiled(pairs: tuple[tuple[str, str], ...]) -> _PAIRS:
    return [
        (tuple(map(Phrases, first.split(";;"))), tuple(map(Phrases, second.split(";;"))))
        for first, second in pairs
    ]


def _lists(slots: dict[str, str]) -> list[tuple[str, list[str]]]:
    return [(name, values.split(";")) for name, values in slots.items()]


_EVERYDAY = [
    (name, first, second, _lists(slots), _compiled(pairs))
    for name, (first, second, slots, pairs) in EVERYDAY.items()
]
_CHATS = [(_lists(slots), _compiled(pairs)) for slots, pairs in CHATS]


def _turns(draw: Draw, lists: list[tuple[str, list[str]]], pairs: _PAIRS) -> list[tuple[str, str]]:
    """From two pairs to all of them; the n-th wording of an answer answers the n-th wording of its question."""
    slots = {name: draw.pick(values) for name, values in lists}
    count = len(pairs) if draw.random() < 0.6 else min(2, len(pairs))
    turns = []
    for first, second in pairs[:count]:
        which = int(draw.random() * len(first))
        turns.append((first[which](draw, slots), second[which % len(second)](draw, slots)))
    return turns


def small_talk(draw: Draw) -> list[tuple[str, str]]:
    """(user, reply) pairs of a short, friendly talk."""
    lists, pairs = draw.pick(_CHATS)
    return _turns(draw, lists, pairs)


_SCENES = Phrases(
    "", "", "", "", "", "{First} and {second}:\n", "Scene: {name}.\n", "A short talk: {name}\n\n", "{Name}\n\n", "A conversation ({name}):\n",
    "A {first} and a {second}.\n", "Overheard [today|yesterday|this morning]:\n",
)  # fmt: skip
_TOLD_A = ('"{q}" said {a}.', '{a} said, "{q}"', '"{q}" said {a}.', '"{q}"', '"{q}" began {a}.')
_TOLD_B = (
    '"{q}" said {b}.',
    '"{q}" answered {b}.',
    '"{q}"',
    '{b} smiled. "{q}"',
    '{b} nodded. "{q}"',
    '"{q}" {b} said.',
)


def quoted(form: str, text: str, a: str, b: str) -> str:
    if form.startswith('"{q}" ') and text.endswith("."):
        text = text[:-1] + ","
    return form.replace("{q}", text).replace("{a}", a).replace("{b}", b)


def write_small_talk(draw: Draw) -> str:
    random = draw.random
    if random() < 0.12:
        tags = draw.pick((("Question", "Answer"), ("User", "Helper"), ("You", "Me"), ("A", "B")))
        return "\n".join(f"{tags[0]}: {first}\n{tags[1]}: {second}" for first, second in small_talk(draw))
    name, first, second, lists, pairs = draw.pick(_EVERYDAY)
    turns = _turns(draw, lists, pairs)
    girl, boy = draw.pick(GIRLS), draw.pick(BOYS)
    luck = random()
    if luck < 0.3:  # a told talk
        a, b = (girl, boy) if random() < 0.5 else (boy, girl)
        lines = []
        for said, answer in turns:
            lines += [quoted(draw.pick(_TOLD_A), said, a, b), quoted(draw.pick(_TOLD_B), answer, a, b)]
        return ("\n" if random() < 0.6 else " ").join(lines)
    if luck < 0.4:
        return "\n".join(f"- {line}" for turn in turns for line in turn)
    roles = {"name": name, "first": first, "second": second}
    if first.startswith("other") or second.startswith("other") or first == second or random() < 0.6:
        a, b = (girl, boy) if random() < 0.5 else (boy, girl)
    else:
        a, b = first[:1].upper() + first[1:], second[:1].upper() + second[1:]
    head = (
        ""
        if first == second or second.startswith("other") or first[0] in "aeiou" or second[0] in "aeiou"
        else _SCENES(draw, roles)
    )
    gap = "\n" if random() < 0.7 else "\n\n"
    return head + gap.join(f"{a}: {said}{gap}{b}: {answer}" for said, answer in turns)
