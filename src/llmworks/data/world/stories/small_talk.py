"""Everyday talks between two: as a script ("Anna: ..."), with dashes, or told with quotes; and pairs for tuning."""

from __future__ import annotations

from llmworks.data.world.phrases import Draw, Phrases
from llmworks.data.world.stories.cast import BOYS, GIRLS
from llmworks.data.world.stories.chat_tables import CHATS
from llmworks.data.world.stories.small_talk_tables import EVERYDAY

_PAIRS = list[tuple[Phrases, Phrases]]


def _compiled(pairs: tuple[tuple[str, str], ...]) -> _PAIRS:
    return [(Phrases(*first.split(";;")), Phrases(*second.split(";;"))) for first, second in pairs]


def _lists(slots: dict[str, str]) -> list[tuple[str, list[str]]]:
    return [(name, values.split(";")) for name, values in slots.items()]


_EVERYDAY = [
    (name, first, second, _lists(slots), _compiled(pairs))
    for name, (first, second, slots, pairs) in EVERYDAY.items()
]
_CHATS = [(_lists(slots), _compiled(pairs)) for slots, pairs in CHATS]
