"""The rules of C4 (Raffel et al. 2020, section 2.2): lines that are sentences, pages that are prose.

    lines   that do not end in . ! ? " ' (or end in an ellipsis), have fewer than 3 words, a word of over
            1,000 characters, or speak of JavaScript or of cookies and policies: taken out
    pages   with "lorem ipsum", with a curly bracket, or with fewer than 5 sentences left: dropped

Reference marks such as [12] and [edit] are taken out of lines. Code and lists do not survive these rules.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

from pydantic import Field

from llmworks.data.cleaning.stage import KEPT, Changed, Dropped, Outcome, Stage
from llmworks.data.sources import Document

CITATION = re.compile(r"\[\d*\]|\[edit\]|\[citation needed\]")
SENTENCE_END = re.compile(r"[.!?…。！？]+[\"'”’)\]»]*(?=\s|$)")
POLICIES = (
    "terms of use",
    "privacy policy",
    "cookie policy",
    "uses cookies",
    "use of cookies",
    "use cookies",
)


class C4Rules(Stage):
    """Takes lines out that are no sentences, and drops pages of which too little is left."""

    kind: Literal["c4"] = "c4"
    terminal_punctuation: bool = True
    closing: tuple[str, ...] = (".", "?", "!", '"', "'", "”", "’")  # the paper's . ! ? ", and curly quotes
    min_words_a_line: int = Field(default=3, ge=0)
    max_word_length: int = Field(default=1000, ge=1)
    min_sentences: int = Field(default=5, ge=0)
    javascript: bool = True
    policies: bool = True
    citations: bool = True
    lorem_ipsum: bool = True
    curly_brackets: bool = True

    def apply(self, document: Document) -> Outcome:
        text = document.text
        lower = text.lower()
        if self.lorem_ipsum and "lorem ipsum" in lower:
            return Dropped("lorem ipsum")
        if self.curly_brackets and "{" in text:
            return Dropped("curly bracket")
        counts: Counter[str] = Counter()
        kept: list[str] = []
        for line in text.splitlines():
            mended = CITATION.sub("", line.strip()) if self.citations and "[" in line else line.strip()
            reason = self._fault(mended) if mended else ""
            if reason:
                counts[reason] += 1
            else:
                counts["citation marks"] += mended != line.strip()
                kept.append(mended)
        left = "\n".join(kept).strip("\n")
        if (
            self.min_sentences
            and (sentences := count_sentences(left, self.min_sentences)) < self.min_sentences
        ):
            return Dropped("too few sentences", f"{sentences} left, {counts.total()} lines taken out")
        counts = +counts
        return Changed(left, counts) if counts else KEPT

    def _fault(self, line: str) -> str:
        """Why a line goes, or nothing."""
        words = line.split()
        if len(line) > self.max_word_length and any(len(word) > self.max_word_length for word in words):
            return "line with an endless word"
        if self.terminal_punctuation and (not line.endswith(self.closing) or line.endswith("...")):
            return "line that ends without punctuation"
        if len(words) < self.min_words_a_line:
            return "line of too few words"
        lower = line.lower()
        if self.javascript and "javascript" in lower:
            return "line about JavaScript"
        if self.policies and any(phrase in lower for phrase in POLICIES):
            return "line about cookies or policies"
        return ""


def count_sentences(text: str, enough: int) -> int:
    """Sentences of a text, counted until there are enough: marks that end one, and a last one without."""
    count = place = 0
    for match in SENTENCE_END.finditer(text):
        count, place = count + 1, match.end()
        if count >= enough:
            return count
    return count + bool(text[place:].strip())
