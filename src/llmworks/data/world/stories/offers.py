"""What the writers of conversations may use: a story on a subject, a how-to, common sense, small talk.

    story_about(draw, subject=None) -> (subject, story)        ("a lost kite", "The red kite was gone. ...")
    how_to(draw) -> (question, answer)                         ("How do I make tea?", "Boil some water. ...")
    common_sense_question(draw) -> (question, answer)          ("Why does ice melt?", "Because ...")
    small_talk(draw) -> [(user, reply), ...]                   two to four turns that answer each other

All are pure functions of the draw, and nothing in them is of the ledger.
"""

from __future__ import annotations

from llmworks.data.world.phrases import Draw
from llmworks.data.world.stories import howto, sense
from llmworks.data.world.stories import small_talk as talks
from llmworks.data.world.stories.telling import PLOTS, tell, tell_about


def story_about(draw: Draw, subject: str | None = None) -> tuple[str, str]:
    """(subject, story): on the given subject, or on one drawn ("a broken teapot", "the moon in the pond")."""
    if subject is None:
        return tell(draw, draw.pick(PLOTS))
    return subject, tell_about(draw, subject)


def common_sense_question(draw: Draw) -> tuple[str, str]:
    """("What is a young horse called?", "A foal.")"""
    return sense.question(draw)


def how_to(draw: Draw) -> tuple[str, str]:
    """("How do I boil an egg?", "You need a pan, water and an egg. First, fill ...")"""
    return howto.how_to(draw)


def small_talk(draw: Draw) -> list[tuple[str, str]]:
    """(user, reply) pairs, two to four; the reply is a plain and friendly program's."""
    return talks.small_talk(draw)
