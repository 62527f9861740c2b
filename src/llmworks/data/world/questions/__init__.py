"""Questions: asked and answered for pretraining; conversations about the world, and honesty, for tuning."""

from __future__ import annotations

from llmworks.data.world.questions import cards, sheets
from llmworks.data.world.questions.talks import TALK_WRITERS
from llmworks.data.world.writers import ChoiceWriter, FactWriter, FreeWriter, TalkWriter

FACT_WRITERS: tuple[FactWriter, ...] = cards.FACT_WRITERS + sheets.FACT_WRITERS
FREE_WRITERS: tuple[FreeWriter, ...] = ()
CHOICE_WRITERS: tuple[ChoiceWriter, ...] = ()

__all__ = ["CHOICE_WRITERS", "FACT_WRITERS", "FREE_WRITERS", "TALK_WRITERS", "TalkWriter"]
