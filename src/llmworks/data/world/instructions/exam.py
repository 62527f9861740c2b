"""The exam: a task of any of the ten kinds, on content and in wordings that no training text has.

make_task("rewrite", draw) -> Task(kind, prompt, reference, check)
"""

from __future__ import annotations

from collections.abc import Callable

from llmworks.data.world.instructions.arithmetic import arithmetic_question, compare_question
from llmworks.data.world.instructions.kinds import (
    classify,
    continuing,
    correct,
    explain,
    extract,
    listing,
    order,
    reading,
    rewrite,
    summarise,
)
from llmworks.data.world.instructions.letters import letter_question
from llmworks.data.world.instructions.problems import word_problem
from llmworks.data.world.instructions.task import Task, check
from llmworks.data.world.phrases import Draw
from llmworks.errors import DataError

MAKERS: dict[str, Callable[[Draw, bool], Task]] = {
    "summarise": summarise.make,
    "rewrite": rewrite.make,
    "extract": extract.make,
    "classify": classify.make,
    "list": listing.make,
    "continue": continuing.make,
    "answer": reading.make,
    "order": order.make,
    "correct": correct.make,
    "explain": explain.make,
}
KINDS: tuple[str, ...] = tuple(MAKERS)


def make_task(kind: str, draw: Draw, held: bool = True) -> Task:
    """A task of the kind; DataError if there is no such kind."""
    if kind not in MAKERS:
        raise DataError(f"there is no kind of instruction {kind!r}; there are {', '.join(KINDS)}.")
    return MAKERS[kind](draw, held)


__all__ = [
    "KINDS",
    "Task",
    "arithmetic_question",
    "check",
    "compare_question",
    "letter_question",
    "make_task",
    "word_problem",
]
