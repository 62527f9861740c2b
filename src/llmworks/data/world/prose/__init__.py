"""Prose that states facts: how each relation is said, and entries, letters, diaries, news, lists made of it."""

# ruff: noqa: E501 (a line of the notation stays one line)
from __future__ import annotations

from llmworks.data.world.prose import entries, letters, lists, news, voices
from llmworks.data.world.writers import ChoiceWriter, FactWriter, FreeWriter, TalkWriter

FACT_WRITERS: tuple[FactWriter, ...] = (
    *entries.WRITERS,
    *letters.WRITERS,
    *news.WRITERS,
    *voices.WRITERS,
    *lists.WRITERS,
)
FREE_WRITERS: tuple[FreeWriter, ...] = ()
TALK_WRITERS: tuple[TalkWriter, ...] = ()
CHOICE_WRITERS: tuple[ChoiceWriter, ...] = ()
