"""Instructions, sums, letters, tools, preferences: exercises whose right answers are known."""

from llmworks.data.world.instructions import (
    arithmetic,
    in_context,
    letters,
    preferences,
    problems,
    texts,
    tools,
)
from llmworks.data.world.writers import ChoiceWriter, FactWriter, FreeWriter, TalkWriter

FACT_WRITERS: tuple[FactWriter, ...] = ()
FREE_WRITERS: tuple[FreeWriter, ...] = (
    *arithmetic.FREE,
    *problems.FREE,
    *letters.FREE,
    *texts.FREE,
    *in_context.FREE,
)
TALK_WRITERS: tuple[TalkWriter, ...] = (
    *arithmetic.TALKS,
    *problems.TALKS,
    *letters.TALKS,
    *texts.TALKS,
    *tools.TALKS,
)
CHOICE_WRITERS: tuple[ChoiceWriter, ...] = preferences.CHOICES

__all__ = ["CHOICE_WRITERS", "FACT_WRITERS", "FREE_WRITERS", "TALK_WRITERS"]
