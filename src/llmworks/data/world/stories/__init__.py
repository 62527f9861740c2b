"""Stories with plots, dialogues, how-tos, common sense and other everyday English."""

from __future__ import annotations

from llmworks.data.world.stories.telling import write_story
from llmworks.data.world.writers import ChoiceWriter, FactWriter, FreeWriter, TalkWriter

FACT_WRITERS: tuple[FactWriter, ...] = ()
FREE_WRITERS: tuple[FreeWriter, ...] = (FreeWriter("story", lambda world, draw: write_story(draw), 10.0),)
TALK_WRITERS: tuple[TalkWriter, ...] = ()
CHOICE_WRITERS: tuple[ChoiceWriter, ...] = ()
