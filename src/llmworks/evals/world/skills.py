"""Rows about skills: sums by digits, letters, examples in context, instructions, word problems, stories."""

from __future__ import annotations

from llmworks.data.world.instructions.exam import (
    KINDS,
    arithmetic_question,
    letter_question,
    make_task,
    word_problem,
)
from llmworks.data.world.instructions.in_context import TASKS, in_context
from llmworks.data.world.phrases import Draw
from llmworks.data.world.stories.offers import story_about
from llmworks.evals.world.checks import story
from llmworks.evals.world.source import Options, Row, distinct, luck

TOLD = 5
OPERATIONS = ("+", "-", "x", "/")
NEW_SUBJECTS = (
    "a brown umbrella", "a snail on a gate", "two sisters and a ladder", "a clock that stopped",
    "a muddy football", "a baker who overslept", "the last apple on the tree", "a letter for the wrong house",
    "a frog in a boot", "a boy who could not whistle", "an old tractor", "a scarf that was too long",
    "a goat on the roof", "a train with one carriage", "the first snow", "a jar of buttons",
    "a noisy neighbour", "a picnic in the rain", "a girl who painted stones", "a duck at the bus stop",
)  # fmt: skip
"""Subjects for stories that the writers of the training texts do not know."""


def arithmetic(options: Options) -> list[Row]:
    """`question`, `sum` ("12 + 7"), `value`, by `digits` and `operation`; no sum twice."""
    draw, rows = luck(options, "arithmetic"), []
    for digits in range(1, int(options["digits"]) + 1):
        for operation in OPERATIONS:
            made = distinct(
                lambda digits=digits, operation=operation: arithmetic_question(draw, digits, operation),  # type: ignore[misc]
                lambda pair: pair[0],
                int(options["count"]),
            )
            for question, value in made:
                told = question.removeprefix("What is ").removesuffix("?")
                rows.append(
                    {
                        "question": question,
                        "sum": told,
                        "value": value,
                        "digits": digits,
                        "operation": operation,
                    }
                )
    return rows


def letters(options: Options) -> list[Row]:
    """How many letters a word has, and how often one occurs in it; the word whole and letter by letter."""
    draw, rows = luck(options, "letters"), []
    for question, value in distinct(
        lambda: letter_question(draw), lambda pair: pair[0], int(options["count"])
    ):
        asks = "length" if question.startswith("How many letters") else "one letter"
        before, word, after = question.split('"')
        for form, shown in (("whole", word), ("letter by letter", " ".join(word))):
            rows.append({"question": f'{before}"{shown}"{after}', "value": value, "asks": asks, "form": form})
    return rows


def problems(options: Options) -> list[Row]:
    """Word problems with a number as answer."""
    draw = luck(options, "problems")
    made = distinct(lambda: word_problem(draw), lambda pair: pair[0], int(options["count"]))
    return [{"question": question, "value": value} for question, value in made]


def examples(options: Options) -> list[Row]:
    """Tasks shown by 0 to `most` examples: `prompt`, `value`, by `examples` and `task`."""
    draw, rows = luck(options, "in context"), []
    for count in range(int(options["most"]) + 1):
        for task in TASKS:
            if task == "recall" and count == 0:
                continue  # an invented name that was never shown has no answer
            for _ in range(int(options["count"])):
                prompt, value = in_context(draw, count, task)
                rows.append({"prompt": prompt, "value": value, "examples": count, "task": task})
    return rows


def instructions(options: Options) -> list[Row]:
    """All kinds of instruction. `draw` is the luck by which the checker makes the task again."""
    rows = []
    for kind in KINDS:
        for number in range(int(options["count"])):
            name = f"exam {options.get('seed', 0)} {kind} {number}"
            task = make_task(kind, Draw(name))
            rows.append({"prompt": task.prompt, "reference": task.reference, "kind": kind, "draw": name})
    return rows


def stories(options: Options) -> list[Row]:
    """Wishes for a story: half on subjects as the training stories have, half on others.

    Only subjects that a story names: those of which all of some told stories pass the check ("a red kite",
    not "making peace", of which a story may tell without a word of it).
    """
    draw, count = luck(options, "stories"), int(options["count"])

    def named() -> str:
        while True:
            subject = story_about(draw)[0]
            told = [story_about(draw, subject)[1] for _ in range(TOLD)]
            if all(story({"subject": subject}, text)["passed"] for text in told):
                return subject

    known = distinct(named, lambda subject: subject, count // 2)
    new = draw.some(NEW_SUBJECTS, count - len(known))
    return [
        {"subject": subject, "known": "known" if subject in known else "new"} for subject in (*known, *new)
    ]
