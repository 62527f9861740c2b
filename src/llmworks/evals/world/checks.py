"""What judges answers about the world. Each check gets the row and what the model said.

passed      what the task wants              refused    it says that it does not know
invented    neither right nor "I don't know"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from llmworks.data.world.instructions.exam import Task, make_task
from llmworks.data.world.phrases import Draw
from llmworks.data.world.questions.exam import is_refusal, is_right

Row = Mapping[str, Any]
Verdict = dict[str, float]

_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n")
DAYS = frozenset(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_WORD = re.compile(r"[a-z']+")
_SMALL = frozenset(
    [
        *("a", "an", "the", "of", "and", "or", "to", "in", "on", "at", "for", "with", "about", "who", "that"),
        *("was", "is", "it", "its", "his", "her", "their", "my", "not", "no", "one", "two", "could", "would"),
        *("too", "first", "last", "went", "did", "had", "has", "have", "by", "from", "into", "out", "up"),
    ]
)


def says(said: str, value: str) -> bool:
    """Whether a text says the value; a shop that is closed on Tuesday is closed on Tuesdays."""
    return is_right(said, value) or (value in DAYS and is_right(said, f"{value}s"))


def answered(row: Row, said: str) -> Verdict:
    """A question with an answer: right, refused or invented."""
    right = says(said, str(row["value"]))
    refused = not right and is_refusal(said)
    return {"passed": right, "refused": refused, "invented": not right and not refused}


def completed(row: Row, said: str) -> Verdict:
    """A sentence gone on with: the value stands in what is left of the sentence."""
    end = _SENTENCE_END.search(said)
    return {"passed": says(said[: end.start()] if end else said, str(row["value"]))}


def compared(row: Row, said: str) -> Verdict:
    """One of two names: the right one is said before the other."""
    value, others = str(row["value"]), [str(other) for other in row["others"]]
    places = [place for other in others if (place := _place(said, other)) is not None]
    mine = _place(said, value)
    right = mine is not None and all(mine < place for place in places)
    refused = not right and is_refusal(said)
    return {"passed": right, "refused": refused, "invented": not right and not refused}


def _place(said: str, name: str) -> int | None:
    """Where a name is first said, with or without its article."""
    bare = re.sub(r"^(?:a|an|the) ", "", name, flags=re.IGNORECASE)
    found = re.search(rf"(?<![\w-]){re.escape(bare)}(?![\w-])", said, re.IGNORECASE)
    return found.start() if found else None


def unknown(row: Row, said: str) -> Verdict:
    """A question that nobody can answer: passed if it says so. lucky: a guess that hits the truth."""
    refused = is_refusal(said)
    lucky = not refused and "truth" in row and says(said, str(row["truth"]))
    return {"passed": refused, "invented": not refused, "lucky": lucky}


def numbered(row: Row, said: str) -> Verdict:
    """The last number said is the right one ("12 + 7 = 19", "There are 3 of them.")."""
    numbers = _NUMBER.findall(said)
    return {"passed": bool(numbers) and _same_number(numbers[-1], str(row["value"]))}


def first_number(row: Row, said: str) -> Verdict:
    """The first number said is the right one: for a sum that is gone on with."""
    numbers = _NUMBER.findall(said)
    return {"passed": bool(numbers) and _same_number(numbers[0], str(row["value"]))}


def _same_number(said: str, value: str) -> bool:
    return said.replace(",", "").rstrip(".") == value.replace(",", "")


def first_line(row: Row, said: str) -> Verdict:
    """The first line is the answer, as the examples show it."""
    lines = said.strip().splitlines()
    return {"passed": bool(lines) and lines[0].strip() == str(row["value"])}


def instructed(row: Row, said: str) -> Verdict:
    """By the task's own examiner."""
    return {"passed": _task(str(row["kind"]), str(row["draw"])).check(said)}


@lru_cache(maxsize=4096)
def _task(kind: str, draw: str) -> Task:
    return make_task(kind, Draw(draw))


def spoken(row: Row, said: str) -> Verdict:
    """One turn of a conversation, by what it expects."""
    expects = row["expects"]
    if expects == "right":
        return {"passed": says(said, str(row["value"]))}
    if expects == "refusal":
        return {"passed": is_refusal(said)}
    if expects == "number":
        return numbered(row, said)
    return {"passed": plain_words(said)}


def plain_words(said: str) -> bool:
    """A whole answer in words: it ends properly, is not empty and does not go in circles."""
    words = _WORD.findall(said.lower())
    return 1 <= len(words) <= 80 and ends_properly(said) and not loops(said)


def story(row: Row, said: str) -> Verdict:
    """A story on its subject: of 40 to 300 words, whole, not in circles, with the subject's words in it."""
    words = _WORD.findall(said.lower())
    wanted = [word for word in _WORD.findall(str(row["subject"]).lower()) if word not in _SMALL]
    found = sum(any(_kin(word, other) for other in words) for word in wanted)
    on_subject = found >= max(1, -(-len(wanted) // 2))
    long_enough, whole, straight = 40 <= len(words) <= 300, ends_properly(said), not loops(said)
    return {
        "passed": on_subject and long_enough and whole and straight,
        "on_subject": on_subject,
        "right_length": long_enough,
        "whole": whole,
        "no_loop": straight,
    }


def _kin(word: str, other: str) -> bool:
    """Whether two words are one, up to an ending: kite, kites; paint, painted."""
    stem = min(len(word), len(other), max(3, len(word) - 2))
    return word == other or (
        len(word) > 3 and word[:stem] == other[:stem] and abs(len(word) - len(other)) <= 3
    )


def ends_properly(text: str) -> bool:
    return text.rstrip().rstrip("\"'”’)").endswith((".", "!", "?"))


def loops(text: str) -> bool:
    """Whether a text goes in circles: a sentence said three times, or runs of four words that come again.

    Of the training stories' runs at least 97 % are different.
    """
    sentences = [part.strip().lower() for part in re.split(r"[.!?\n]+", text) if part.strip()]
    if any(sentences.count(sentence) >= 3 and len(sentence.split()) > 2 for sentence in set(sentences)):
        return True
    words = text.lower().split()
    runs = [tuple(words[at : at + 4]) for at in range(len(words) - 3)]
    return len(runs) >= 12 and len(set(runs)) < 0.85 * len(runs)
