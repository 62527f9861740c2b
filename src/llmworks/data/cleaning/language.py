"""Which language a text is in: by its script, and by runs of one to three letters where scripts are shared.

    v(g, L) = log( P(g | L) / floor )  for a frequent run g of language L, else 0
    L* = argmax_L  Σ_g v(g, L)          naive Bayes with one floor for all that is rare

Scripts that one language of the table writes (Greek, Hangul, Thai …) decide by themselves. For Latin,
Cyrillic, Arabic and Devanagari the runs of some 670 characters (beginning, middle and end of a text)
are looked up in a table of 2^17 hashed rows, and summed. `share` compares the two best sums; a text whose
runs are rarer than in that language's own text (random letters, base64) has a low `typical` and is "und",
undetermined, as is one that is mostly no letters.

Source of the table: n-gram counts of langdetect (Nakatani 2010, Apache-2.0; from Wikipedia), and for further
languages the Universal Declaration of Human Rights; see make_language_table.py. Method: Cavnar and Trenkle
1994; Lui and Baldwin 2012. Weak where languages hardly differ: Bosnian and Latin-script Serbian are told as
Croatian (hr), Norwegian and Danish, Malay and Indonesian are confused in short texts.
"""

from __future__ import annotations

import functools
import importlib.resources
import io
import lzma
import math
import unicodedata
from collections import Counter
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import Field

from llmworks.data.cleaning.stage import KEPT, Dropped, Outcome, Stage
from llmworks.data.mixture import UInt64s, mix
from llmworks.data.sources import Document

TABLE = "language_table.npz.xz"
ROWS = 1 << 17
WINDOW = 224  # characters of each of the three windows
UNDETERMINED = "und"
MIN_TYPICAL = 0.62
MIN_LETTERS = 0.5  # share of what is no space; below, no language: numbers, code, addresses
SHARPNESS = 12.0  # of `share`: how fast a lead in the mean score becomes certainty

# (first, last code point, script); scripts without a language of their own are looked up in the table.
SCRIPTS = [
    (0x0041, 0x024F, "Latin"), (0x0370, 0x03FF, "el"), (0x0400, 0x052F, "Cyrillic"), (0x0531, 0x058F, "hy"),
    (0x0590, 0x05FF, "he"), (0x0600, 0x077F, "Arabic"), (0x0900, 0x097F, "Devanagari"),
    (0x0980, 0x09FF, "bn"),
    (0x0A00, 0x0A7F, "pa"), (0x0A80, 0x0AFF, "gu"), (0x0B00, 0x0B7F, "or"), (0x0B80, 0x0BFF, "ta"),
    (0x0C00, 0x0C7F, "te"), (0x0C80, 0x0CFF, "kn"), (0x0D00, 0x0D7F, "ml"), (0x0D80, 0x0DFF, "si"),
    (0x0E00, 0x0E7F, "th"), (0x0E80, 0x0EFF, "lo"), (0x0F00, 0x0FFF, "bo"), (0x1000, 0x109F, "my"),
    (0x10A0, 0x10FF, "ka"), (0x1100, 0x11FF, "ko"), (0x1200, 0x139F, "am"), (0x1780, 0x17FF, "km"),
    (0x1E00, 0x1EFF, "Latin"), (0x1F00, 0x1FFF, "el"), (0x3040, 0x30FF, "ja"), (0x3400, 0x4DBF, "Han"),
    (0x4E00, 0x9FFF, "Han"), (0xAC00, 0xD7AF, "ko"), (0xFB50, 0xFDFF, "Arabic"), (0xFE70, 0xFEFF, "Arabic"),
]  # fmt: skip
FIRST = np.array([first for first, _, _ in SCRIPTS], np.uint32)
LAST = np.array([last for _, last, _ in SCRIPTS], np.uint32)
SHARED = {"Latin", "Cyrillic", "Arabic", "Devanagari"}


class Guess(NamedTuple):
    """A language (ISO 639-1, else 639-3; "und"), how sure (0 to 1), and how typical its letters are."""

    language: str
    share: float
    typical: float


class Language(Stage):
    """Keeps documents in some languages."""

    kind: Literal["language"] = "language"
    keep: tuple[str, ...] = ("en",)
    min_share: float = Field(default=0.5, ge=0, le=1)  # below, the language counts as not told
    min_letters: int = Field(default=20, ge=0)  # shorter texts are kept: nobody could tell
    min_typical: float = Field(default=MIN_TYPICAL, ge=0)  # below, no language at all; prose has about 1

    def apply(self, document: Document) -> Outcome:
        text = sample(document.text)
        if sum(map(str.isalpha, text)) < self.min_letters:
            return KEPT
        guess = guess_language(text, self.min_typical)
        if guess.language in self.keep and guess.share >= self.min_share:
            return KEPT
        if guess.language == UNDETERMINED:
            return Dropped("no language", f"typical {guess.typical:.2f}")
        if guess.share < self.min_share:
            return Dropped("language not told", f"{guess.language}? {guess.share:.2f}")
        return Dropped(f"language {guess.language}", f"{guess.share:.2f}")


class Table(NamedTuple):
    languages: tuple[str, ...]
    values: npt.NDArray[np.float32]  # [ROWS, languages]
    typical: npt.NDArray[np.float32]  # mean value of the runs of each language's own text


@functools.cache
def table() -> Table:
    """The table of n-grams, from its compressed file."""
    packed = importlib.resources.files(__package__).joinpath(TABLE).read_bytes()
    with np.load(io.BytesIO(lzma.decompress(packed))) as arrays:
        languages = tuple(str(name) for name in arrays["languages"])
        values = np.zeros((ROWS, len(languages)), np.float32)
        start = 0
        for number, count in enumerate(arrays["counts"].tolist()):
            rows = np.cumsum(arrays["steps"][start : start + count].astype(np.int64))
            values[rows, number] = arrays["values"][start : start + count] / np.float32(arrays["scale"])
            start += count
        typical = arrays["typical"]
    return Table(languages, values, typical)


def sample(text: str) -> str:
    """Up to three windows of a text."""
    if len(text) <= 3 * WINDOW:
        return text
    middle = len(text) // 2 - WINDOW // 2
    return f"{text[:WINDOW]} {text[middle : middle + WINDOW]} {text[-WINDOW:]}"


def guess_language(text: str, min_typical: float = MIN_TYPICAL) -> Guess:
    """The language of a text (some 670 characters of it are looked at; see `sample`)."""
    text = unicodedata.normalize("NFC", sample(text).lower())
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
    place = np.searchsorted(FIRST, codes, side="right") - 1
    known = (place >= 0) & (codes <= LAST[place])
    scripts = Counter[str]()
    for number, count in enumerate(
        np.bincount(place[known & _letters(codes)], minlength=len(SCRIPTS)).tolist()
    ):
        scripts[SCRIPTS[number][2]] += count
    if scripts.total() < MIN_LETTERS * np.count_nonzero(codes > 32):
        return Guess(UNDETERMINED, 0.0, 0.0)
    if scripts["ja"] and scripts["ja"] >= 0.1 * scripts["Han"]:  # kana among Han is Japanese
        scripts["ja"] += scripts.pop("Han", 0)
    script, count = scripts.most_common(1)[0]
    share = count / scripts.total()
    if script == "Han":
        return Guess("zh", share, 1.0)
    if script not in SHARED and script != "he":
        return Guess(script, share, 1.0)
    return _by_runs(codes, min_typical)


def _letters(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Which code points are letters, roughly: of ASCII and Latin-1 exactly, above all but signs."""
    ascii_letter = ((codes >= 0x61) & (codes <= 0x7A)) | ((codes >= 0x41) & (codes <= 0x5A))
    letters: npt.NDArray[np.bool_] = ascii_letter | (
        (codes >= 0xC0) & (codes != 0xD7) & (codes != 0xF7) & ~_signs(codes)
    )
    return letters


def _signs(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """General punctuation, symbols and arrows; Arabic and CJK punctuation."""
    signs: npt.NDArray[np.bool_] = (
        ((codes >= 0x2000) & (codes <= 0x2BFF)) | ((codes >= 0x3000) & (codes <= 0x303F))
        | (codes == 0x060C) | (codes == 0x061B) | (codes == 0x061F) | (codes == 0x06D4) | (codes == 0x0964)
        | ((codes >= 0x0660) & (codes <= 0x0669)) | ((codes >= 0x06F0) & (codes <= 0x06F9))
        | ((codes >= 0xFF00) & (codes <= 0xFF20))
    )  # fmt: skip
    return signs


def unified(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Letters that langdetect's counts do not tell apart: Vietnamese ones with two marks, Persian yeh and
    Arabic yeh, Romanian letters with a comma and with a cedilla."""
    codes = np.where((codes >= 0x1EA0) & (codes <= 0x1EFF), np.uint32(0x1EC3), codes)
    for one, other in ((0x06CC, 0x064A), (0x0219, 0x015F), (0x021B, 0x0163)):
        codes[codes == one] = other
    return codes


def run_rows(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """The rows of the table for all runs of one to three letters; a space stands for all else."""
    codes = unified(codes)
    letters = _letters(codes)
    padded = np.concatenate(([32], np.where(letters, codes, 32), [32])).astype(np.uint64)
    keep = np.ones(len(padded), bool)
    keep[1:] = (padded[1:] != 32) | (padded[:-1] != 32)  # one space for many
    runs: UInt64s = padded[keep]
    one = runs[runs != 32]
    two = runs[:-1] | (runs[1:] << np.uint64(21))
    three = two[:-1] | (runs[2:] << np.uint64(42))
    three = three[runs[1:-1] != 32]
    return (mix(np.concatenate((one, two, three))) >> np.uint64(64 - 17)).astype(np.int64)


def _by_runs(codes: npt.NDArray[np.uint32], min_typical: float) -> Guess:
    languages, values, typical = table()
    rows = run_rows(codes)
    means = values[rows].sum(0).astype(np.float64) / max(1, len(rows))
    best = int(means.argmax())
    # The lead counts for more the more runs it was found in.
    sharpness = SHARPNESS * math.sqrt(len(rows) / 100)
    odds = np.exp((means - means[best]) * sharpness)
    usual = float(means[best] / typical[best])
    return Guess(languages[best] if usual >= min_typical else UNDETERMINED, float(1 / odds.sum()), usual)
