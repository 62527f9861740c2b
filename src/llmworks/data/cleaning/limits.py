"""Lengths and boilerplate: documents that are too short or too long, lines that every site has."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal, Self

from pydantic import Field, model_validator

from llmworks.data.cleaning.stage import KEPT, Changed, Dropped, Outcome, Stage
from llmworks.data.sources import Document

# Lines that are boilerplate by what they say. A line is judged only if it is short: a paragraph that speaks
# of cookies is prose.
LINES = {
    "copyright": re.compile(
        r"(?:^|[\s|·–-])(?:©|\(c\)|copyright)\s*(?:©|\(c\))?\s*(?:\d{4}|by\b|all\b)|all rights reserved", re.I
    ),
    "cookies": re.compile(
        r"\b(?:accept|allow|manage|reject|decline) (?:all )?cookies\b|\b(?:we|site|website) uses? cookies\b|"
        r"\bcookie (?:policy|settings|preferences|notice)\b", re.I,
    ),
    "policies": re.compile(
        r"\b(?:privacy policy|terms (?:of (?:use|service)|and conditions|& conditions))\b", re.I
    ),
    "navigation": re.compile(
        r"^\W*(?:skip to (?:main )?content|back to (?:top|home)|toggle navigation|main menu|site ?map|"
        r"(?:previous|next|older|newer) (?:post|article|page|entries)s?|(?:read|show|load) more|see also|"
        r"(?-i:Home|HOME|Search|SEARCH|Menu|MENU|Contact(?: [Uu]s)?|About [Uu]s|Log ?[Ii]n|"
        r"Sign ?(?:[Ii]n|[Uu]p)|Register|Subscribe)(?=[^.!?,;]*$)|"
        r"share (?:this|on)\b.{0,40}|(?:tweet|pin it|e-?mail this|print this(?: page)?)|"
        r"leave a (?:reply|comment)|posted (?:by|on|in)\b.{0,60}|filed under\b.{0,60}|tags?:.{0,80}|"
        r"\d+ (?:comments?|views|likes|shares))\W*$", re.I,
    ),
    "subscription": re.compile(
        r"\b(?:subscribe to our|sign up for (?:our|the) (?:free )?newsletter|enter your e-?mail|"
        r"follow us on|click here to|enable javascript)\b", re.I,
    ),
}  # fmt: skip
# "Home | About | Contact", "Home > Shop > Boots": short parts between bars.
BAR = re.compile(r"\s*[|»›·•>]\s*")
MENU = (
    "home about contact shop news blog search login register cart account help faq menu products services "
    "privacy terms sitemap careers press support download pricing docs gallery events team"
)
MENU_WORDS = frozenset(MENU.split())


class Boilerplate(Stage):
    """Takes out short lines that are navigation, notices and invitations."""

    kind: Literal["boilerplate"] = "boilerplate"
    max_line_words: int = Field(default=25, ge=1)  # longer lines are prose
    max_share: float = Field(default=0.7, ge=0, le=1)  # drops a document of which more than this share goes

    def apply(self, document: Document) -> Outcome:
        counts: Counter[str] = Counter()
        kept, gone = [], 0
        for line in document.text.split("\n"):
            reason = self._kind_of(line) if line and not line.isspace() else ""
            if reason:
                counts[reason] += 1
                gone += len(line)
            else:
                kept.append(line)
        if not gone:
            return KEPT
        if gone > self.max_share * len(document.text.strip()):
            return Dropped("mostly boilerplate", ", ".join(f"{n} × {what}" for what, n in counts.items()))
        return Changed(re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n"), counts)

    def _kind_of(self, line: str) -> str:
        if len(line) > 12 * self.max_line_words or line.count(" ") >= self.max_line_words:
            return ""
        for kind, pattern in LINES.items():
            if pattern.search(line):
                return kind
        parts = [part for part in BAR.split(line.strip()) if part]
        if len(parts) >= 3 and sum(part.lower() in MENU_WORDS for part in parts) >= 2:
            return "navigation"
        return ""


class Length(Stage):
    """Drops documents that are too short; drops or cuts those that are too long."""

    kind: Literal["length"] = "length"
    min_characters: int = Field(default=200, ge=0)
    max_characters: int | None = Field(default=None, ge=1)
    too_long: Literal["drop", "cut"] = "drop"  # a cut falls after a paragraph, line or word

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.max_characters is not None and self.max_characters < self.min_characters:
            raise ValueError(
                f"max_characters ({self.max_characters}) is below min_characters ({self.min_characters})"
            )
        return self

    def apply(self, document: Document) -> Outcome:
        text = document.text
        size = len(text.strip())
        if size < self.min_characters:
            return Dropped("too short", f"{size} characters")
        if self.max_characters is None or len(text) <= self.max_characters:
            return KEPT
        if self.too_long == "drop":
            return Dropped("too long", f"{size} characters")
        for mark in ("\n\n", "\n", " "):
            at = text.rfind(mark, self.max_characters // 2, self.max_characters)
            if at >= 0:
                return Changed(text[:at], {"cut": 1})
        return Changed(text[: self.max_characters], {"cut": 1})
