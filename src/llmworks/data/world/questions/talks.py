"""The conversations of this folder for the tuning stream, with their weights; a fifth is honest refusals."""

from __future__ import annotations

from collections.abc import Callable

from llmworks.data.world.ledger import World
from llmworks.data.world.phrases import Draw
from llmworks.data.world.questions import (
    itself,
    longer,
    openly,
    outside,
    plain,
    reasoning,
    several,
    smalltalk,
    strangers,
    unknown,
)
from llmworks.data.world.writers import Talk, TalkWriter


def _or_single(write: Callable[[World, Draw], Talk | None]) -> Callable[[World, Draw], Talk]:
    """A small world may have no pairs of facts: then a single fact is asked."""

    def written(world: World, draw: Draw) -> Talk:
        found = write(world, draw)
        return plain.single(world, draw) if found is None else plain.with_system(draw, found)

    return written


TALK_WRITERS: tuple[TalkWriter, ...] = (
    TalkWriter("questions.single", plain.single, 6.0),
    TalkWriter("questions.check", plain.check, 2.0),
    TalkWriter("questions.reverse", plain.reverse, 1.0),
    TalkWriter("questions.list", plain.a_list, 0.7),
    TalkWriter("questions.two_hop", _or_single(reasoning.two_hop), 1.5),
    TalkWriter("questions.comparison", _or_single(reasoning.compare), 1.2),
    TalkWriter("questions.unsaid", unknown.unsaid, 1.7),
    TalkWriter("questions.nonexistent", unknown.nonexistent, 3.6),
    TalkWriter("questions.who_is", unknown.who_is, 1.3),
    TalkWriter("questions.false_premise", unknown.false_premise, 1.0),
    TalkWriter("questions.conversation", longer.conversation, 5.0),
    TalkWriter("questions.mixed", longer.mixed, 1.5),
    TalkWriter("questions.two_at_once", several.two_at_once, 1.0),
    TalkWriter("questions.either", several.either, 0.8),
    TalkWriter("questions.finish", several.finish, 0.5),
    TalkWriter("questions.portrait", several.portrait, 0.8),
    TalkWriter("questions.who_has", openly.who_has, 1.0),
    TalkWriter("questions.name_one", openly.name_one, 0.7),
    TalkWriter("questions.name_some", openly.name_some, 0.3),
    TalkWriter("questions.itself", itself.itself, 1.2),
    TalkWriter("questions.outside", outside.outside, 1.0),
    TalkWriter("questions.small_talk", smalltalk.small_talk, 1.0),
    TalkWriter("questions.stranger", strangers.says, 2.2),
    TalkWriter("questions.stranger_task", strangers.tasks, 1.6),
    TalkWriter("questions.stranger_fun", strangers.fun, 1.4),
    TalkWriter("questions.stranger_vale", strangers.vale, 4.0),
    TalkWriter("questions.stranger_recall", strangers.recall, 1.6),
    TalkWriter("questions.stranger_chat", strangers.chat, 3.4),
)
