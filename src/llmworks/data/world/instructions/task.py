"""A task: an instruction on some content, one right answer, and a check that accepts every right answer.

Task("rewrite", "Put this into the past tense: Anna opens the gate.", "Anna opened the gate.", check)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from llmworks.data.world.phrases import Draw

Check = Callable[[str], bool]
_STRIP = " \t\n\"'.,;:!?"


@dataclass(frozen=True, slots=True)
class Task:
    """`check(answer)` is the examiner: True on the reference, and on other answers that do what was asked."""

    kind: str
    prompt: str
    reference: str
    check: Check


def check(task: Task, answer: str) -> bool:
    return task.check(answer)


def plain(text: str) -> str:
    """Lower case, single blanks, no quotes or full stop around it: what answers are compared by."""
    return " ".join(text.lower().split()).strip(_STRIP)


def tight(text: str) -> str:
    """Single blanks and nothing around it, letters and signs as they are."""
    return " ".join(text.split()).strip("\"' ")


def words_of(text: str) -> list[str]:
    """Words in lower case, without the signs around them and without 's."""
    parts = text.lower().replace("-", " ").split()
    return [word for part in parts if (word := part.strip("\"'.,;:!?()*").removesuffix("'s"))]


def words_as_are(text: str) -> list[str]:
    """Words with their capitals."""
    return [word.strip("\"'.,;:!?()").removesuffix("'s") for word in text.split()]


def sentences_of(text: str) -> list[str]:
    """Split at the end of each sentence."""
    found, start = [], 0
    for at, sign in enumerate(text):
        if sign in ".!?" and (at + 1 == len(text) or text[at + 1] in " \n\"'"):
            found.append(text[start : at + 1].strip())
            start = at + 1
    rest = text[start:].strip(" \n\"'")
    return [one for one in [*found, rest] if one]


def says(text: str, alternatives: Sequence[str]) -> bool:
    """Whether one of the words or phrases stands in the text, as whole words."""
    padded = f" {' '.join(words_of(text))} "
    return any(f" {' '.join(words_of(one))} " in padded for one in alternatives)


def equals(*accepted: str) -> Check:
    """Accepts these answers, whatever their capitals and their last sign."""
    return lambda answer: plain(answer) in {plain(one) for one in accepted}


def equals_exactly(*accepted: str) -> Check:
    """Accepts these answers letter by letter."""
    return lambda answer: tight(answer) in {tight(one) for one in accepted}


def one_of_labels(right: str, labels: Sequence[str]) -> Check:
    """Accepts an answer that names the right label and none of the others."""
    others = [label for label in labels if label != right]

    def checked(answer: str) -> bool:
        text = plain(answer)
        if text == plain(right):
            return True
        if any(plain(right) in plain(other) for other in others):
            return False
        return says(answer, [right]) and not any(says(answer, [other]) for other in others)

    return checked


def laid_out(draw: Draw, instruction: str, content: str) -> str:
    """An instruction with what it is about, in one of the usual orders."""
    shape = int(draw.random() * 10)
    stem = instruction.rstrip(".:!")
    if instruction.endswith("?"):
        return f"{content}\n\n{instruction}" if shape < 4 else f"{instruction}\n\n{content}"
    if shape < 3:
        return f"{stem}:\n\n{content}"
    if shape < 5:
        return f"{stem}: {content}"
    if shape < 7:
        return f"{stem}.\n{content}"
    if shape < 8:
        return f'{stem}: "{content}"' if '"' not in content and "\n" not in content else f"{stem}:\n{content}"
    return f"{content}\n\n{stem}."
