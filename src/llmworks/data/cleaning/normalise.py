"""Text as it was meant: mojibake mended, composed characters, no control characters, plain white space.

    "cafÃ© â€œMÃ¼ller”"  ──bytes in Windows-1252──►  UTF-8  ──►  "café “Müller”"

Mojibake is UTF-8 that was read as Windows-1252 or Latin-1. It is mended a run at a time: a run of characters
that are bytes in that encoding and whose bytes are valid UTF-8 is replaced by what those bytes say, if the
text has at least one run that nobody means: “CAFÉ” ends in such a run, and is left alone. Doubly mangled text
is mended twice. The idea is ftfy's (Speer 2019); only this, the most frequent fault, is mended. Composition
is Unicode NFC; compatibility forms (ﬁ, ²) are left as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Literal

from llmworks.data.cleaning.stage import KEPT, Changed, Outcome, Stage
from llmworks.data.sources import Document

# What each byte 0x80 … 0xFF is read as: Windows-1252 where it says something, else Latin-1.
AS_READ: dict[str, int] = {}
for _byte in range(0x80, 0x100):
    for _codec in ("cp1252", "latin-1"):
        try:
            AS_READ.setdefault(bytes([_byte]).decode(_codec), _byte)
            if _codec == "cp1252":
                break
        except UnicodeDecodeError:
            continue
for _byte in range(0x80, 0xA0):
    AS_READ.setdefault(chr(_byte), _byte)  # Latin-1 proper: control characters
LEADS = "".join(char for char, byte in AS_READ.items() if 0xC2 <= byte <= 0xF4)
TAILS = "".join(re.escape(char) for char, byte in AS_READ.items() if 0x80 <= byte <= 0xBF)
RUN = re.compile(f"(?:[{LEADS}][{TAILS}]{{1,3}})+")
# Runs that nobody means: of four and more, â€ and a third, with control characters, Ã or Â before what
# closes no word.
STRONG = re.compile(
    f"(?:[{LEADS}][{TAILS}]{{1,3}}){{2}}|â€[{TAILS}]|[{LEADS}][\x80-\x9f]|[ÃÂ](?![”’»›…–—])[{TAILS}]"
)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
ASCII_CONTROL = bytes(code for code in range(128) if CONTROL.match(chr(code)))
INVISIBLE = re.compile("[\u00ad\u200b\u2060\u202a-\u202e\u2066-\u2069]")
SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
TRAILING = re.compile(r"[ \t]+(?=\n|\Z)")
BLANK_LINES = re.compile(r"\n{3,}")
MOST_ROUNDS = 3


class Normalise(Stage):
    """Mends characters and white space; never drops a document."""

    kind: Literal["normalise"] = "normalise"
    mojibake: bool = True
    composition: bool = True  # Unicode NFC
    control: bool = True  # control, invisible and direction characters, except line ends and tabs
    white_space: bool = True  # line ends, wide spaces, spaces at line ends, more than one blank line

    def apply(self, document: Document) -> Outcome:
        text, counts = document.text, Counter[str]()
        if self.mojibake and not text.isascii():
            text, counts["mojibake"] = mend_mojibake(text)
        if self.composition and not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
            counts["composed"] += 1
        if self.white_space and "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            counts["line ends"] += 1
        if self.control and (not text.isascii() or _has_control(text)):
            text, counts["control characters"] = CONTROL.subn("", text)
            if not text.isascii():
                text, removed = INVISIBLE.subn("", text)
                counts["control characters"] += removed
        if self.white_space:
            text, counts["white space"] = _plain_space(text)
        return Changed(text, +counts) if text != document.text else KEPT


def _has_control(text: str) -> bool:
    """Whether a text in ASCII has control characters; quick."""
    return len(text.encode().translate(None, ASCII_CONTROL)) < len(text)


def _plain_space(text: str) -> tuple[str, int]:
    """White space without its accidents, and how many there were."""
    count = 0
    if not text.isascii():
        text, count = SPACES.subn(" ", text)
    if " \n" in text or "\t\n" in text or text[-1:] in (" ", "\t"):
        text, found = TRAILING.subn("", text)
        count += found
    if "\n\n\n" in text:
        text, found = BLANK_LINES.subn("\n\n", text)
        count += found
    return text, count


def mend_mojibake(text: str) -> tuple[str, int]:
    """(text with its mangled runs mended, how many there were)."""
    mended = 0
    for _ in range(MOST_ROUNDS):
        if not STRONG.search(text):
            break
        found = 0

        def mend(match: re.Match[str]) -> str:
            nonlocal found
            run = match.group()
            try:
                meant = bytes(AS_READ[char] for char in run).decode("utf-8")
            except UnicodeDecodeError:
                return run
            found += 1
            return meant

        text = RUN.sub(mend, text)
        mended += found
        if not found:
            break
    return text, mended
