"""Stories with plots, dialogues, how-tos, common sense and other everyday English."""

from __future__ import annotations

from collections.abc import Callable

from llmworks.data.world.ledger import World
from llmworks.data.world.phrases import Draw
from llmworks.data.world.stories.fact_talk import write_fact_questions, write_fact_talk
from llmworks.data.world.stories.howto import write_how_to
from llmworks.data.world.stories.little_forms import write_little
from llmworks.data.world.stories.sense import write_sense
from llmworks.data.world.stories.small_talk import write_small_talk
from llmworks.data.world.stories.telling import write_story
from llmworks.data.world.writers import ChoiceWriter, FactWriter, FreeWriter, TalkWriter


def _free(name: str, write: Callable[[Draw], str], weight: float) -> FreeWriter:
    def of_world(world: World, draw: Draw) -> str:
        return write(draw)

    return FreeWriter(name, of_world, weight)


FACT_WRITERS: tuple[FactWriter, ...] = (
    FactWriter("talk", write_fact_talk, 4.0, least=1, most=3),
    FactWriter("asking talk", write_fact_questions, 2.0, least=1, most=3, question=True),
)
# Weights are of texts; a story is about twice as long as the rest, so stories are half of the characters.
FREE_WRITERS: tuple[FreeWriter, ...] = (
    _free("story", write_story, 7.0),
    _free("common sense", write_sense, 6.0),
    _free("how-to", write_how_to, 2.5),
    _free("small talk", write_small_talk, 4.0),
    _free("little forms", write_little, 3.0),
)
TALK_WRITERS: tuple[TalkWriter, ...] = ()
CHOICE_WRITERS: tuple[ChoiceWriter, ...] = ()
