"""Instructions, sums, letters, tools and preferences: exercises whose right answers are known (writers of the stream)."""

from llmworks.data.world.instructions import arithmetic, letters, problems
from llmworks.data.world.writers import ChoiceWriter, FactWriter, FreeWriter, TalkWriter

FACT_WRITERS: tuple[FactWriter, ...] = ()
FREE_WRITERS: tuple[FreeWriter, ...] = (*arithmetic.FREE, *problems.FREE, *letters.FREE)
TALK_WRITERS: tuple[TalkWriter, ...] = (*arithmetic.TALKS, *problems.TALKS, *letters.TALKS)
CHOICE_WRITERS: tuple[ChoiceWriter, ...] = ()

__all__ = ["CHOICE_WRITERS", "FACT_WRITERS", "FREE_WRITERS", "TALK_WRITERS"]
