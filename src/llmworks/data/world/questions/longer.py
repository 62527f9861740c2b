"""Conversations of three to eight turns: subjects carried by pronouns, small talk and doubts.

open      a greeting or a first question                    named subject
follow    "And when was she born?"                          pronoun
beat      thanks, doubt, "shorter, please", "say it again", something unknown, a story, small talk
change    another subject, or the one just mentioned        named again
close     thanks and goodbye
"""

from __future__ import annotations

from llmworks.data.world.ledger import Fact, World
from llmworks.data.world.phrases import Draw
from llmworks.data.world.questions import beats, smalltalk
from llmworks.data.world.questions.known import known
from llmworks.data.world.questions.plain import single, with_system
from llmworks.data.world.questions.reasoning import held_pair
from llmworks.data.world.questions.thread import BACK, CHANGE, ROOM, Thread
from llmworks.data.world.stories import offers
from llmworks.data.world.writers import Talk

_MIXED: tuple[beats.Beat, ...] = (
    beats.story,
    beats.common_sense,
    beats.how_to,
    beats.chat,
    beats.about_itself,
    beats.real_world,
    beats.no_such,
    beats.one_fact,
    beats.one_fact,
)


def _subject(thread: Thread, facts: list[Fact], lead: str) -> None:
    """Two or more questions about one subject, with something between them at times."""
    draw = thread.draw
    for place, fact in enumerate(facts):
        if fact.id in thread.facts:
            continue  # told meanwhile
        if place == 0:
            thread.ask(fact, lead)
        elif thread.last is not None and thread.subject is fact.subject:
            thread.follow(fact)
        else:
            thread.ask(fact, BACK(draw, {"name": fact.subject.name}))
        if draw.chance(0.45) and thread.size < ROOM * 0.6:
            beats.beat(thread)


def conversation(world: World, draw: Draw) -> Talk:
    """Three to eight turns about one to three subjects of the world."""
    groups = known(world).by_subject
    if not groups:
        return single(world, draw)
    thread, wanted = Thread(world, draw), draw.pick((3, 4, 5, 6, 6, 6, 7, 8))
    if draw.chance(0.25):
        thread.say(smalltalk.GREETINGS(draw, {}), smalltalk.HELLO(draw, {}))
    facts = draw.some(draw.pick(groups), draw.pick((2, 2, 3, 3, 4)))
    lead = ""
    while thread.turns < wanted and thread.size < ROOM * 0.75:
        _subject(thread, facts[: max(1, wanted - thread.turns)], lead)
        facts = _next(thread, groups)
        lead = CHANGE(draw, {"name": facts[0].subject.name})
    if draw.chance(0.3):
        thread.say(smalltalk.THANKS(draw, {}), smalltalk.WELCOME(draw, {}))
    elif draw.chance(0.2):
        thread.say(smalltalk.BYES(draw, {}), smalltalk.FAREWELL(draw, {}))
    return with_system(draw, Talk(thread.messages, tuple(thread.facts.values())), 0.2)


def _next(thread: Thread, groups: list[list[Fact]]) -> list[Fact]:
    """What was just mentioned, where more can be said of it, or a new subject."""
    draw, last = thread.draw, thread.last
    if last is not None and last.object is not None and draw.chance(0.7):
        known_more = known(thread.world).of.get(last.object.id, [])
        more = [fact for fact in known_more if fact.id not in thread.facts and not held_pair(last, fact)]
        if more:
            return draw.some(more, draw.pick((1, 2)))
    facts = draw.some(draw.pick(groups), draw.pick((1, 2, 2)))
    fresh = [fact for fact in facts if fact.id not in thread.facts]
    return fresh or draw.some(draw.pick(groups), 1)


def mixed(world: World, draw: Draw) -> Talk:
    """Small talk, common sense, a how-to or a story, with a question or two about the world between them."""
    thread, wanted = Thread(world, draw), draw.pick((2, 3, 3, 4, 5))
    if draw.chance(0.4):
        for user, reply in offers.small_talk(draw):
            thread.say(user, reply)
    while thread.turns < wanted and thread.size < ROOM * 0.6:
        draw.pick(_MIXED)(thread)
    return with_system(draw, Talk(thread.messages, tuple(thread.facts.values())), 0.1)
