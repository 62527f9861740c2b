"""Which format a chat template or a tokenizer is of, told by the marks that the formats do not share."""

from __future__ import annotations

from llmworks.packages.chat import ChatTemplate
from llmworks.packages.formats.library import FORMATS, ChatFormat
from llmworks.text.tokenizer import Tokenizer


def detect(given: str | ChatTemplate | Tokenizer) -> str | None:
    """The name of the format of a template (its source), or of the control tokens of a tokenizer; None if
    it is none of the library's.

    Of a template all marks of a format must be there, and the format with the most characters of marks is
    it. A tokenizer's tokens tell less: the formats that share tokens are told apart by no tokenizer, and the
    plainest of them is named.
    """
    if isinstance(given, Tokenizer):
        known = {text for text in given.special_tokens if text not in ("<s>", "</s>")}
        fitting = [one for one in FORMATS.values() if _own(one) and _own(one) <= known]
        best = max(fitting, key=lambda one: (len(_own(one)), -one.tools), default=None)
        return None if best is None else best.name
    source = given.source if isinstance(given, ChatTemplate) else given
    for one in FORMATS.values():
        if one.source == source:
            return one.name
    marked = [one for one in FORMATS.values() if all(_holds(source, mark) for mark in one.marks)]
    found = max(marked, key=lambda one: (len(one.marks), sum(map(len, one.marks))), default=None)
    return None if found is None else found.name


def _holds(source: str, mark: str) -> bool:
    """Whether the template holds a mark, whichever quotes and line ends it writes."""
    return mark in source or mark.replace('"', "'") in source


def _own(one: ChatFormat) -> set[str]:
    return set(one.controls) - {"<s>", "</s>", "<|endoftext|>"}
