"""A bag of words: which words a text has and how often, and nothing of their order.

    "the dog bites the man"  →  {the: 2, dog: 1, bites: 1, man: 1}  ←  "the man bites the dog"

    weight(word, text) = count · idf(word),   idf = ln((1 + N) / (1 + texts that have it)) + 1
    similarity(a, b)   = a · b / |a| |b|

(Salton & McGill 1983; the smoothed idf is scikit-learn's.) The baseline under every sentence vector: good at
what a text is about, blind to who did what to whom.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import regex

from llmworks.errors import DataError, RequestError

Weighting = Literal["count", "tfidf"]
Floats = npt.NDArray[np.float64]
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*")


def words(text: str) -> list[str]:
    """Runs of letters and digits, in lower case; an apostrophe within a word is part of it."""
    return _WORD.findall(text.lower())


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A text of the collection: its number there, and its cosine to the question."""

    index: int
    similarity: float


class BagOfWords:
    """A collection of texts as bags, to be asked for those nearest to a text.

    vocabulary: the column of each word, in alphabetical order. idf: [V], all 1 with the weighting "count".
    """

    def __init__(
        self,
        texts: Iterable[str],
        *,
        weighting: Weighting = "tfidf",
        split: Callable[[str], Sequence[str]] = words,
        min_texts: int = 1,
    ) -> None:
        """min_texts: words that fewer texts have are left out. split: cuts a text into words."""
        if weighting not in get_args(Weighting):
            raise RequestError(f"no weighting named {weighting!r}; there are count and tfidf")
        self.split, self.weighting = split, weighting
        bags = [Counter(split(text)) for text in texts]
        if not bags:
            raise DataError("there is no text to make a bag of words from")
        spread = Counter(word for bag in bags for word in bag)
        kept = sorted(word for word, count in spread.items() if count >= min_texts)
        self.vocabulary = {word: column for column, word in enumerate(kept)}
        self.size = len(bags)
        self.idf: Floats = np.ones(len(kept))
        if weighting == "tfidf":
            having = np.array([spread[word] for word in kept], np.float64)
            self.idf = np.log((1 + self.size) / (1 + having)) + 1
        self._index(bags)

    def _index(self, bags: list[Counter[str]]) -> None:
        """For each word the texts that have it, with their weights: an inverted index."""
        entries = [
            (self.vocabulary[word], row, count)
            for row, bag in enumerate(bags)
            for word, count in bag.items()
            if word in self.vocabulary
        ]
        columns, rows, counts = np.array(entries, np.int64).reshape(-1, 3).T
        weights = counts * self.idf[columns]
        norms = np.sqrt(np.bincount(rows, weights**2, self.size))
        norms[norms == 0] = 1
        by_word = np.argsort(columns, kind="stable")
        self._rows, self._weights = rows[by_word], (weights / norms[rows])[by_word]
        self._starts = np.searchsorted(columns[by_word], np.arange(len(self.idf) + 1))

    def vector(self, text: str) -> Floats:
        """The weights [V] of a text; words outside the vocabulary count nothing."""
        made = np.zeros(len(self.idf))
        for word, count in Counter(self.split(text)).items():
            if word in self.vocabulary:
                made[self.vocabulary[word]] = count
        return made * self.idf

    def similarity(self, a: str, b: str) -> float:
        """The cosine of two texts, 0 to 1; 0 where one has no known word."""
        return cosine(self.vector(a), self.vector(b))

    def similarities(self, text: str) -> Floats:
        """The cosine [N] of every text of the collection to this one."""
        asked = self.vector(text)
        made, norm = np.zeros(self.size), float(np.sqrt(asked @ asked))
        for column in np.flatnonzero(asked):
            span = slice(self._starts[column], self._starts[column + 1])
            made[self._rows[span]] += asked[column] / norm * self._weights[span]
        return made

    def nearest(self, text: str, count: int = 5) -> list[Neighbour]:
        """The texts that share most with this one, nearest first; those that share nothing are left out."""
        found = self.similarities(text)
        best = np.argsort(-found, kind="stable")[:count]
        return [Neighbour(int(row), float(found[row])) for row in best if found[row] > 0]


def cosine(a: Floats, b: Floats) -> float:
    """a · b / |a| |b|, 0 where either is nothing."""
    norms = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / norms if norms else 0.0
