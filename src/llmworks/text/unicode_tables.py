"""Sets of characters as the parts of `tokenizers` see them, read from `unicode_tables.txt`.

Python's own tables follow another edition of Unicode than each of those parts does (`make_unicode_tables.py`
says which), and ids depend on them.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Literal

FILE = Path(__file__).parent / "unicode_tables.txt"
Form = Literal["NFC", "NFD", "NFKC", "NFKD"]


@functools.cache
def _ranges_by_name() -> dict[str, str]:
    lines = FILE.read_text(encoding="ascii").splitlines()
    return dict(line.split("\t") for line in lines)


@functools.cache
def ranges(name: str) -> tuple[tuple[int, int], ...]:
    """(first, last) of each run of code points in the set `name`."""
    pairs = (run.partition("-") for run in _ranges_by_name()[name].split())
    return tuple((int(low, 16), int(high or low, 16)) for low, _, high in pairs)


@functools.cache
def characters(name: str) -> frozenset[str]:
    """The set `name` itself; for sets of moderate size."""
    return frozenset(chr(point) for low, high in ranges(name) for point in range(low, high + 1))


@functools.cache
def inside_brackets(*names: str, plane_0: bool = False) -> str:
    r"""The sets, united, as the inside of a regex class: `\U00000041-\U0000005a…`."""
    runs = sorted(run for name in names for run in ranges(name) if not plane_0 or run[0] <= 0xFFFF)
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in runs)


def is_in(name: str, character: str) -> bool:
    """Whether the set `name` holds a character."""
    known = _memberships(name)
    found = known.get(character)
    if found is None:
        runs = ranges(name)
        place = bisect.bisect_right(runs, (ord(character), 0x110000)) - 1
        found = known[character] = place >= 0 and ord(character) <= runs[place][1]
    return found


@functools.cache
def _memberships(name: str) -> dict[str, bool]:
    return {}


def pattern_for(text: str, build: Callable[[Callable[..., str]], str]) -> re.Pattern[str]:
    """A regex over sets, to be used on `text`. build: makes it of a function that writes sets as the inside
    of a class.

    `re` looks up the first 65,536 code points in a bitmap and walks through the ranges behind; so a text
    without characters from there has a regex without those ranges.
    """
    return _built(build, text.isascii() or max(text, default="") <= "\uffff")


@functools.cache
def _built(build: Callable[[Callable[..., str]], str], plane_0: bool) -> re.Pattern[str]:
    return re.compile(build(functools.partial(inside_brackets, plane_0=plane_0)))


def normal_form(form: Form, text: str) -> str:
    """`text` in a Unicode normal form, of the edition (9) that `tokenizers` knows.

    Unicode never changes the form of an assigned character, so Python's are right for those; the others stand
    as they are, and nothing composes with or moves past them.
    """
    if text.isascii():
        return text
    unknown = {character for character in set(text) if is_in("unknown_to_normal_forms", character)}
    if not unknown:
        return unicodedata.normalize(form, text)
    runs = ((apart, "".join(run)) for apart, run in itertools.groupby(text, unknown.__contains__))
    return "".join(run if apart else unicodedata.normalize(form, run) for apart, run in runs)


# Cased letters that came after Python 3.11's edition (14); each moves by a fixed step.
_LATER_CASES = {
    0x1C89: 0x1C8A,
    0xA7CB: 0x0264,
    0xA7CC: 0xA7CD,
    0xA7CE: 0xA7CF,
    0xA7D2: 0xA7D3,
    0xA7D4: 0xA7D5,
}
_LATER_CASES |= {0xA7DA: 0xA7DB, 0xA7DC: 0x019B}
_LATER_CASES |= {point: point + 32 for point in range(0x10D50, 0x10D66)}
_LATER_CASES |= {point: point + 27 for point in range(0x16EA0, 0x16EB9)}
_LATER = re.compile(f"[{''.join(map(chr, _LATER_CASES))}]")


def lowercase(text: str) -> str:
    """Each character in lower case for itself: Σ is always σ, also at the end of a word."""
    if text.isascii():
        return text.lower()
    lowered = text.replace("Σ", "σ").lower()
    return lowered.translate(_LATER_CASES) if _LATER.search(lowered) else lowered
