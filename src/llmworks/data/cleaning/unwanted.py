"""Unwanted content, by how densely a page uses the terms of such pages.

    density(category) = 1000 · Σ weight of its terms found / words         dropped if density > threshold

and at least two different terms and three in all were found, two of them of weight 2 or more: a text about
cocks and tits is kept, as is a leaflet about a drug, and a page that is made of such terms goes.
Spellings that hide ("p0rn", "v.i.a.g.r.a") are read as what they
hide.

The limits of it: the lists (unwanted.toml) are short and English; they know words and no meaning, so they
miss what is said politely and may drop writing *about* such pages; they weigh slang and reclaimed words like
insults, which bears harder on those who speak so (Dodge et al. 2021 found this in C4). Set a category's
threshold to null to leave it out. A trained classifier can stand in the recipe beside or instead of this.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import re
import tomllib
from collections import Counter
from typing import Literal, NamedTuple

from pydantic import Field

from llmworks.data.cleaning.hashing import normal_words
from llmworks.data.cleaning.stage import KEPT, Dropped, Outcome, Stage
from llmworks.data.sources import Document

STRONG = 2.0
LONGEST = 6  # words of a term
CATEGORIES = ("adult", "hate", "violence", "gambling", "spam")
LEET = str.maketrans("013457@$!", "oieastasi")
TOKEN = re.compile(r"[^\W_][\w@$!*'’-]*[^\W_]|[^\W_]")
SPACED = re.compile(r"(?<!\w)(?:\w[.\-_*•]){3,}\w(?!\w)")  # v.i.a.g.r.a
DISGUISED = re.compile(rb"[a-z]+[013457][a-z013457]*|[013457]+[a-z][a-z013457]+")  # p0rn, not 1990s
LETTERS = re.compile(r"[a-z]")
NOT_LETTER = re.compile(r"[^a-z]")


class Terms(NamedTuple):
    """(category, weight) by the words of a term; lengths of terms by first word; by hash of a word."""

    weights: dict[tuple[str, ...], tuple[str, float]]
    lengths: dict[str, tuple[int, ...]]
    hashed: dict[str, tuple[str, float]]
    thresholds: dict[str, float]


class Unwanted(Stage):
    """Drops documents that are dense in the terms of a category."""

    kind: Literal["unwanted"] = "unwanted"
    thresholds: dict[Literal["adult", "hate", "violence", "gambling", "spam"], float | None] = Field(
        default_factory=dict
    )  # in place of those of unwanted.toml
    min_terms: int = Field(default=2, ge=1)  # different ones
    min_hits: int = Field(default=3, ge=1)
    min_strong: int = Field(default=2, ge=0)  # of weight 2 or more; those of weight 1 say little alone

    def apply(self, document: Document) -> Outcome:
        hits, words = find_terms(document.text)
        if hits.total() < self.min_hits:
            return KEPT
        known = terms()
        for category in CATEGORIES:
            threshold = self.thresholds.get(category, known.thresholds[category])  # type: ignore[call-overload]
            mine = {term: count for (kind, term, _), count in hits.items() if kind == category}
            if threshold is None or len(mine) < self.min_terms or sum(mine.values()) < self.min_hits:
                continue
            strong = sum(count for (kind, _, w), count in hits.items() if kind == category and w >= STRONG)
            if strong < self.min_strong:
                continue
            weight = sum(weight * count for (kind, _, weight), count in hits.items() if kind == category)
            density = 1000 * weight / max(1, words)
            if density > threshold:
                return Dropped(category, f"density {density:.0f} in {words} words")
        return KEPT


@functools.cache
def terms() -> Terms:
    """The lists, from unwanted.toml."""
    data = tomllib.loads(importlib.resources.files(__package__).joinpath("unwanted.toml").read_text("utf-8"))
    weights = {
        tuple(term.split()): (category, float(weight))
        for category in CATEGORIES
        for term, weight in data[category]["terms"]
    }
    lengths: dict[str, set[int]] = {}
    for term in weights:
        lengths.setdefault(term[0], set()).add(len(term))
    hashed = {code: (category, 3.0) for category in CATEGORIES for code in data[category].get("hashed", ())}
    thresholds = {category: float(data[category]["threshold"]) for category in CATEGORIES}
    ordered = {word: tuple(sorted(sizes, reverse=True)) for word, sizes in lengths.items()}
    return Terms(weights, ordered, hashed, thresholds)


def find_terms(text: str) -> tuple[Counter[tuple[str, str, float]], int]:
    """((category, term, weight) → how often, words of the text)."""
    known = terms()
    if SPACED.search(text):
        text = SPACED.sub(lambda match: re.sub(r"[.\-_*•]", "", match.group()), text)
    if not _may_hold_terms(text):
        return Counter(), len(text.split())
    raw = text.lower().split()
    meant = {word: plain_word(word) for word in set(raw)}
    hits: Counter[tuple[str, str, float]] = Counter()
    hashed = {word: code for word in set(meant.values()) if (code := _hash_of_known(word))}
    begins = known.lengths.keys() | hashed.keys()
    begins = {word for word, plain in meant.items() if plain in begins}
    free = 0  # words before this one are part of a term already
    for place in [place for place, word in enumerate(raw) if word in begins]:
        if place >= free:
            words = [meant[word] for word in raw[place : place + LONGEST]]
            free = place + _count_hit(words, known, hashed, hits)
    return hits, len(raw)


def _may_hold_terms(text: str) -> bool:
    """Whether any word could begin a term; quick, since most texts have none."""
    words = set(normal_words(text).split())
    forms, needed = _needed_words()
    present = {forms[word] for word in words & forms.keys()}
    if "@" in text or "$" in text or any(term <= present for term in needed):
        return True
    for word in words:
        if not word.isalpha() and not word.isdigit() and word.isascii() and DISGUISED.fullmatch(word):
            return True
    return any(_hash_of_known(word.decode()) for word in words)


@functools.cache
def _needed_words() -> tuple[dict[bytes, bytes], tuple[frozenset[bytes], ...]]:
    """(word or its plural → word, for the words of all terms; the words of each term)."""
    words = {word.encode() for term in terms().weights for word in term}
    forms = {word + b"s": word for word in words} | {word: word for word in words}
    return forms, tuple(frozenset(word.encode() for word in term) for term in terms().weights)


def _count_hit(
    words: list[str], known: Terms, hashed: dict[str, str], hits: Counter[tuple[str, str, float]]
) -> int:
    """Count the longest term that these words begin with; its length, or 0."""
    for length in known.lengths.get(words[0], ()):
        term = tuple(words[:length])
        found = known.weights.get(term)
        if found is not None:
            hits[(found[0], " ".join(term), found[1])] += 1
            return length
    code = hashed.get(words[0])
    if code is None:
        return 0
    category, weight = known.hashed[code]
    hits[(category, code, weight)] += 1
    return 1


@functools.lru_cache(maxsize=1 << 17)
def plain_word(word: str) -> str:
    """A word as it is meant: signs that stand for letters read as letters, no punctuation, singular."""
    if not word.isalpha() and LETTERS.search(word):
        core = word.strip(".,;:!?\"'()[]{}«»“”‘’…-_*#/")
        word = core.removesuffix("'s").removesuffix("’s")
        if not word.isalpha() and not word.isdigit():
            word = NOT_LETTER.sub("", word.translate(LEET))
    lengths = terms().lengths
    if (
        word.endswith("s")
        and word not in lengths
        and (word[:-1] in lengths or _second_words() >= {word[:-1]})
    ):
        return word[:-1]
    return word


@functools.cache
def _second_words() -> frozenset[str]:
    return frozenset(word for term in terms().weights for word in term[1:])


@functools.lru_cache(maxsize=1 << 17)
def _hash_of_known(word: str) -> str:
    """The hash of a word, or of its singular, if the lists have it."""
    for form in (word, word.removesuffix("s")):
        if 3 <= len(form) <= 16 and hash_of(form) in terms().hashed:
            return hash_of(form)
    return ""


def hash_of(word: str) -> str:
    """blake2b of a word, 8 bytes, in hexadecimal."""
    return hashlib.blake2b(word.encode(), digest_size=8).hexdigest()
