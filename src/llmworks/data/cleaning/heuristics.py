"""The quality rules of Gopher (Rae et al. 2021, section A.1): does it look like prose?

Each rule has its own name and its threshold in the recipe; a threshold of null takes the rule out. Words are
what stands between white space. The thresholds are the paper's; the stop words are English, so for another
language give others, or set `min_stop_words = 0`.
"""

from __future__ import annotations

import string
from typing import Literal

from pydantic import Field

from llmworks.data.cleaning.stage import KEPT, Dropped, Outcome, Stage
from llmworks.data.sources import Document

PUNCTUATION = frozenset(string.punctuation + "“”‘’«»„–—…·•、。！？：；（）【】")
BULLETS = ("•", "-")
ELLIPSES = ("...", "…")


class GopherQuality(Stage):
    """Drops a document that fails a rule; the first rule that it fails is the reason."""

    kind: Literal["gopher_quality"] = "gopher_quality"
    min_words: int | None = Field(default=50, ge=0)
    max_words: int | None = Field(default=100_000, ge=1)
    min_mean_word_length: float | None = Field(default=3, ge=0)  # characters
    max_mean_word_length: float | None = Field(default=10, ge=0)
    max_symbol_ratio: float | None = Field(default=0.1, ge=0)  # of # and of ellipses to words
    max_bullet_lines: float | None = Field(default=0.9, ge=0, le=1)  # share of lines that begin with a bullet
    max_ellipsis_lines: float | None = Field(default=0.3, ge=0, le=1)  # share that end with an ellipsis
    min_alphabetic_words: float | None = Field(default=0.8, ge=0, le=1)  # share of words with a letter
    min_stop_words: int = Field(default=2, ge=0)  # different ones
    stop_words: tuple[str, ...] = ("the", "be", "to", "of", "and", "that", "have", "with")

    def apply(self, document: Document) -> Outcome:
        text = document.text
        words = text.split()
        said = [word for word in words if word.isalnum() or not PUNCTUATION.issuperset(word)]
        verdict = (
            self._length(said) or self._symbols(text, len(words)) or self._lines(text) or self._words(words)
        )
        return verdict or KEPT

    def _length(self, said: list[str]) -> Dropped | None:
        count = len(said)
        if self.min_words is not None and count < self.min_words:
            return Dropped("too few words", f"{count} words")
        if self.max_words is not None and count > self.max_words:
            return Dropped("too many words", f"{count} words")
        mean = sum(map(len, said)) / count if count else 0.0
        if self.min_mean_word_length is not None and mean < self.min_mean_word_length:
            return Dropped("words too short", f"{mean:.2f} characters a word")
        if self.max_mean_word_length is not None and mean > self.max_mean_word_length:
            return Dropped("words too long", f"{mean:.2f} characters a word")
        return None

    def _symbols(self, text: str, count: int) -> Dropped | None:
        if self.max_symbol_ratio is None or not count:
            return None
        if text.count("#") / count > self.max_symbol_ratio:
            return Dropped("too many hashes", f"{text.count('#')} to {count} words")
        ellipses = sum(map(text.count, ELLIPSES))
        if ellipses / count > self.max_symbol_ratio:
            return Dropped("too many ellipses", f"{ellipses} to {count} words")
        return None

    def _lines(self, text: str) -> Dropped | None:
        lines = text.splitlines()
        if not lines:
            return None
        if self.max_bullet_lines is not None:
            share = sum(line.lstrip().startswith(BULLETS) for line in lines) / len(lines)
            if share > self.max_bullet_lines:
                return Dropped("too many bullets", f"{share:.0%} of the lines")
        if self.max_ellipsis_lines is not None:
            share = sum(line.rstrip().endswith(ELLIPSES) for line in lines) / len(lines)
            if share > self.max_ellipsis_lines:
                return Dropped("lines end in ellipses", f"{share:.0%} of the lines")
        return None

    def _words(self, words: list[str]) -> Dropped | None:
        if self.min_alphabetic_words is not None and words:
            share = sum(word.isalpha() or any(map(str.isalpha, word)) for word in words) / len(words)
            if share < self.min_alphabetic_words:
                return Dropped("too few words with letters", f"{share:.0%}")
        found = len(set(self.stop_words).intersection(words))
        if found < self.min_stop_words:
            return Dropped("too few stop words", f"{found} of {len(self.stop_words)}")
        return None
