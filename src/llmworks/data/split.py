"""Which documents are held out for validation: decided by each document's own text.

    hash = blake2b(text without white space, in lower case)        place(hash, seed) < share  →  validation

The side depends on nothing but the text, the seed and the share: not on order, place or other documents. So
copies of a document fall on the same side, and a document stays on its side when more data is added.

A corpus of a few documents may leave a side empty. Then the documents of smallest hash are held out, as many
as make up the share; and where each is too large for that (a single book), the tail of every document.
"""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

LOWER, WHITE_SPACE = bytes(range(256)).lower(), b" \t\n\v\f\r"
LARGEST_HELD_OUT = 0.2
"""Share of the corpus that a single held-out document may make up."""


def document_hash(text: str) -> int:
    """64 bits of the normalised text: the same for copies that differ in white space, case or composition."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.casefold())
    normal = text.encode().translate(LOWER, WHITE_SPACE)
    return int.from_bytes(hashlib.blake2b(normal, digest_size=8).digest(), "little")


class Part(NamedTuple):
    """A document, or part of one, and the side it goes to."""

    split: Literal["train", "validation"]
    text: str
    hash: int


class SplitRule(BaseModel):
    """How documents are divided; plain data, so that a build can note it and take it up again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    share: float
    seed: int
    held_out: frozenset[int] | None = None  # these hashes rather than the smallest share of all hashes
    tails: bool = False  # the last share of every document

    def divide(self, text: str) -> list[Part]:
        """Where a document goes: whole to one side, or its head and its tail to both."""
        if self.tails:
            head, tail = cut_tail(text, self.share)
            parts = [Part("train", head, document_hash(head)), Part("validation", tail, document_hash(tail))]
            return parts if tail else parts[:1]
        value = document_hash(text)
        if self.held_out is not None:
            held = value in self.held_out
        else:
            held = place(value, self.seed) < self.share
        return [Part("validation" if held else "train", text, value)]

    def describe(self) -> str:
        """For the manifest: how the validation documents were chosen."""
        if self.tails:
            return "the tail of every document: too few documents to hold out whole ones"
        if self.held_out is not None:
            return f"{len(self.held_out)} documents of smallest hash: too few documents to leave it to chance"
        return "documents by hash" if self.share else "none"

    def for_few_documents(
        self, hashes: npt.NDArray[np.uint64], characters: npt.NDArray[np.int64]
    ) -> SplitRule:
        """The rule to use when this one leaves a side empty, from all documents' hashes and lengths."""
        sizes: dict[int, int] = {}
        for value, size in zip(hashes.tolist(), characters.tolist(), strict=True):
            sizes[value] = sizes.get(value, 0) + size
        total = sum(sizes.values())
        limit = max(self.share, LARGEST_HELD_OUT) * total
        chosen: set[int] = set()
        held = 0
        for value in sorted(sizes, key=lambda value: place(value, self.seed)):
            if held < self.share * total and held + sizes[value] <= limit:
                chosen.add(value)
                held += sizes[value]
        if chosen and len(chosen) < len(sizes):
            return self.model_copy(update={"held_out": frozenset(chosen)})
        return self.model_copy(update={"tails": True})


def place(value: int, seed: int) -> float:
    """Where a hash comes, from 0 to below 1, in the order in which documents are held out under a seed."""
    key = (seed & 0xFFFFFFFFFFFFFFFF).to_bytes(8, "little")
    scrambled = hashlib.blake2b(value.to_bytes(8, "little"), digest_size=8, key=key).digest()
    return int.from_bytes(scrambled, "little") / 2**64


def cut_tail(text: str, share: float) -> tuple[str, str]:
    """A text as (head, tail), the tail about `share` of it, cut after a paragraph, line or word if it can.

    The tail is empty when the text is too short to be cut.
    """
    at = round(len(text) * (1 - share))
    latest = round(len(text) * (1 - share / 2))
    for mark in ("\n\n", "\n", " "):
        found = text.find(mark, at, latest)
        if found >= 0:
            at = found + len(mark)
            break
    head, tail = text[:at], text[at:]
    return (head, tail) if head.strip() and tail.strip() else (text, "")
