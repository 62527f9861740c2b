"""Every writer of the closed world, gathered from the packages that write."""

from __future__ import annotations

from llmworks.data.world import instructions, prose, questions, stories
from llmworks.data.world.writers import ChoiceWriter, FactWriter, FreeWriter, TalkWriter

FACT_WRITERS: tuple[FactWriter, ...] = (
    *prose.FACT_WRITERS,
    *stories.FACT_WRITERS,
    *questions.FACT_WRITERS,
    *instructions.FACT_WRITERS,
)
FREE_WRITERS: tuple[FreeWriter, ...] = (
    *prose.FREE_WRITERS,
    *stories.FREE_WRITERS,
    *questions.FREE_WRITERS,
    *instructions.FREE_WRITERS,
)
TALK_WRITERS: tuple[TalkWriter, ...] = (
    *prose.TALK_WRITERS,
    *stories.TALK_WRITERS,
    *questions.TALK_WRITERS,
    *instructions.TALK_WRITERS,
)
CHOICE_WRITERS: tuple[ChoiceWriter, ...] = (
    *prose.CHOICE_WRITERS,
    *stories.CHOICE_WRITERS,
    *questions.CHOICE_WRITERS,
    *instructions.CHOICE_WRITERS,
)
