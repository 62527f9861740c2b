"""Text that repeats itself: the thresholds of Gopher (Rae et al. 2021, table A1).

    duplicate lines, paragraphs      share of them that were said before; share of the characters in them
    top 2- to 4-grams                share of the characters in the most frequent run of n words
    duplicate 5- to 10-grams         share of the characters in runs of n words that were said before,
                                     no character counted twice

Runs of words are compared by their hashes (hashing.py), all at once; only a document with a repeated run is
walked through.
"""

from __future__ import annotations

import re
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from llmworks.data.cleaning.hashing import SpanHasher, word_spans
from llmworks.data.cleaning.stage import KEPT, Dropped, Outcome, Stage
from llmworks.data.mixture import UInt64s
from llmworks.data.sources import Document

LINES, PARAGRAPHS = re.compile(r"\n+"), re.compile(r"\n{2,}")

Lengths = npt.NDArray[np.int64]


class GopherRepetition(Stage):
    """Drops a document that repeats itself; `top` and `duplicate` map n (as text, for TOML) to a share."""

    kind: Literal["gopher_repetition"] = "gopher_repetition"
    duplicate_lines: float | None = Field(default=0.3, ge=0, le=1)
    duplicate_paragraphs: float | None = Field(default=0.3, ge=0, le=1)
    duplicate_line_characters: float | None = Field(default=0.2, ge=0, le=1)
    duplicate_paragraph_characters: float | None = Field(default=0.2, ge=0, le=1)
    min_words: int = Field(default=50, ge=0)  # in shorter texts a run that is said once has a large share
    top: dict[int, float] = Field(default={2: 0.2, 3: 0.18, 4: 0.16})
    duplicate: dict[int, float] = Field(default={5: 0.15, 6: 0.14, 7: 0.13, 8: 0.12, 9: 0.11, 10: 0.1})

    def apply(self, document: Document) -> Outcome:
        text = document.text
        if not text.strip():
            return Dropped("empty")
        pieces = (
            ("paragraphs", PARAGRAPHS.split(text.strip()), self.duplicate_paragraphs,
             self.duplicate_paragraph_characters),
            ("lines", LINES.split(text), self.duplicate_lines, self.duplicate_line_characters),
        )  # fmt: skip
        for what, parts, most, most_characters in pieces:
            again, characters = _said_before(parts)
            if most is not None and again / len(parts) > most:
                return Dropped(f"repeated {what}", f"{again} of {len(parts)} {what}")
            if most_characters is not None and characters / len(text) > most_characters:
                return Dropped(f"repeated {what}", f"{characters / len(text):.0%} of the characters")
        return self._runs(text)

    def _runs(self, text: str) -> Outcome:
        words = text.split()
        joined = " ".join(words).encode("utf-8", "replace")
        starts, ends = word_spans(joined)
        octets = np.frombuffer(joined, np.uint8)
        characters = np.concatenate(([0], np.cumsum((octets & 0xC0) != 0x80)))
        lengths = characters[ends] - characters[starts]
        hasher = SpanHasher(joined)
        before = np.concatenate(([0], np.cumsum(lengths)))
        for n, most in self.top.items():
            if len(words) >= max(n, self.min_words):
                hashes = hasher(starts[: len(words) - n + 1], ends[n - 1 :])
                share = _top_run(hashes, before, n) / len(text)
                if share > most:
                    return Dropped(f"one {n}-gram too often", f"{share:.0%} of the characters")
        for n, most in sorted(self.duplicate.items()):
            if len(words) < n:
                break
            hashes = hasher(starts[: len(words) - n + 1], ends[n - 1 :])
            again = _again(hashes)
            if not again.any():
                break  # then no longer run is repeated either
            if _covered(again, lengths, n) <= most * len(text):
                continue  # even all words of repeated runs together are few enough
            share = _repeated_runs(hashes, before, n) / len(text)
            if share > most:
                return Dropped(f"repeated {n}-grams", f"{share:.0%} of the characters")
        return KEPT


def _said_before(parts: list[str]) -> tuple[int, int]:
    """(parts that were there before, their characters)."""
    seen: set[str] = set()
    again = characters = 0
    for part in parts:
        if part in seen:
            again += 1
            characters += len(part)
        else:
            seen.add(part)
    return again, characters


def _again(hashes: UInt64s) -> npt.NDArray[np.bool_]:
    """Which runs were there before."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    again = np.zeros(len(hashes), bool)
    again[order[1:][ordered[1:] == ordered[:-1]]] = True
    return again


def _covered(again: npt.NDArray[np.bool_], lengths: Lengths, n: int) -> int:
    """Characters in the words of these runs of n."""
    steps = np.zeros(len(lengths) + 1, np.int64)
    steps[: len(again)] += again
    steps[n : n + len(again)] -= again
    return int(lengths[np.cumsum(steps)[:-1] > 0].sum())


def _top_run(hashes: UInt64s, before: Lengths, n: int) -> int:
    """Characters, with a space between words, in all occurrences of the most frequent run of n words.

    hashes: of each run. before: characters in the words before each word. Of equally frequent runs the
    earliest counts.
    """
    ordered = np.sort(hashes)
    edges = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1], [True])))
    counts = np.diff(edges)
    most = int(counts.max())
    place = 0
    if most > 1:
        frequent = ordered[edges[:-1][counts == most]]
        place = int(np.flatnonzero(np.isin(hashes, frequent))[0])
    return most * (int(before[place + n] - before[place]) + n - 1)


def _repeated_runs(hashes: UInt64s, before: Lengths, n: int) -> int:
    """Characters (without spaces) in runs of n words that were said before; such a run is stepped over."""
    seen: set[int] = set()
    characters = place = 0
    values = hashes.tolist()
    while place < len(values):
        if values[place] in seen:
            characters += int(before[place + n] - before[place])
            place += n
        else:
            seen.add(values[place])
            place += 1
    return characters
