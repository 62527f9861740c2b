"""Hashes of runs of words, all at once in numpy.

    H[i] = Σ_{j<i} text[j] · B^j  (mod 2^64)        hash(s, e) = mix((H[e] − H[s]) · B^−s)

B is odd and so has an inverse modulo 2^64: after one cumulative sum over the bytes the hash of any span
costs one multiplication (Rabin and Karp 1987, with prefix sums). `mix` (splitmix64's finaliser) spreads the
bits. Words are what is left when a text is put in lower case and everything but letters and digits becomes a
space; in scripts that write no spaces each character is a word.
"""

from __future__ import annotations

import functools
import hashlib
import re

import numpy as np
import numpy.typing as npt

from llmworks.data.mixture import UInt64s, mix

BASE = 0x9E3779B97F4A7C15  # odd
INVERSE = pow(BASE, -1, 1 << 64)
# ASCII: upper case to lower case, all but letters and digits to spaces; other bytes stay.
FOLD = bytes(
    code if code > 127 else ord(chr(code).lower()) if chr(code).isalnum() else 32 for code in range(256)
)
# Beyond ASCII only the frequent marks are told from letters: it is enough that copies are treated alike.
MARKS = tuple("\u00a0–—‘’“”…•·«»„′″‹›¿¡§©®™°×،؟।、。，？！：；（）「」【】")
# Thai, Lao, Khmer, Myanmar, kana, Han: written without spaces.
UNSPACED = re.compile(r"([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])")


def normal_words(text: str) -> bytes:
    """The words of a text in UTF-8, lower case, one space between them."""
    if text.isascii():
        return b" ".join(text.encode().translate(FOLD).split())
    for mark in MARKS:
        text = text.replace(mark, " ")
    text = text.lower()
    if UNSPACED.search(text):
        text = UNSPACED.sub(r" \1 ", text)
    return b" ".join(text.encode("utf-8", "replace").translate(FOLD).split())


@functools.lru_cache(maxsize=4)
def _powers(size: int, base: int) -> UInt64s:
    """base^0 … base^(size−1); sizes are powers of two, so that few are kept."""
    powers = np.full(size, base, np.uint64)
    powers[0] = 1
    with np.errstate(over="ignore"):
        return np.cumprod(powers, dtype=np.uint64)


def word_spans(words: bytes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """(starts, ends) in bytes of the words of `normal_words`."""
    if not words:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    spaces = np.flatnonzero(np.frombuffer(words, np.uint8) == 32)
    return np.concatenate(([0], spaces + 1)), np.concatenate((spaces, [len(words)]))


class SpanHasher:
    """Hashes of spans of one text; equal spans have equal hashes, wherever they stand."""

    def __init__(self, text: bytes) -> None:
        size = 1 << max(12, len(text).bit_length())
        self._inverse = _powers(size, INVERSE)
        self._prefix = np.zeros(len(text) + 1, np.uint64)
        with np.errstate(over="ignore"):
            letters = np.frombuffer(text, np.uint8).astype(np.uint64)
            letters += np.uint64(1)
            letters *= _powers(size, BASE)[: len(text)]
            np.cumsum(letters, out=self._prefix[1:])

    def __call__(self, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> UInt64s:
        """The hash of text[start:end] for each pair."""
        with np.errstate(over="ignore"):
            return mix((self._prefix[ends] - self._prefix[starts]) * self._inverse[starts])


def ngram_hashes(words: bytes, n: int) -> UInt64s:
    """The hash of each run of n words, in order; of the whole text where it has fewer."""
    starts, ends = word_spans(words)
    if not len(starts):
        return np.zeros(0, np.uint64)
    n = min(n, len(starts))
    return SpanHasher(words)(starts[: len(starts) - n + 1], ends[n - 1 :])


def text_hash(text: bytes) -> int:
    """64 bits of a whole text."""
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")
