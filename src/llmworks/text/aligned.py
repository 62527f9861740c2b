"""Aligned: a stretch of text on its way through a pipeline, which remembers where its characters came from.

    original   "  Héllo"        positions 0 … 6
    text       "hello"          spans (2,3) (3,4) (4,5) (5,6) (6,7)

Normalisers and pre-tokenisers change text by edits (start, end, replacement); every character of the
replacement then covers all that it replaces. Remembering costs time, so it is done only where somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Span = tuple[int, int]


class Edit(NamedTuple):
    """Put `replacement` in place of the characters from `start` to `end`."""

    start: int
    end: int
    replacement: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """`text` after `edits`, which are in order and do not overlap."""
    parts, last = [], 0
    for start, end, replacement in edits:
        parts += [text[last:start], replacement]
        last = end
    parts.append(text[last:])
    return "".join(parts)


@dataclass(slots=True)
class Aligned:
    """text: what it has become. spans: for each character, (start, end) of what it came from in the original;
    None where nobody asked. first: whether it begins where the original begins."""

    text: str
    spans: list[Span] | None = None
    first: bool = True

    @classmethod
    def of(cls, text: str, start: int = 0) -> Aligned:
        """`text` as it stands at `start` of the original, remembering."""
        return cls(text, [(place, place + 1) for place in range(start, start + len(text))], start == 0)

    def edit(self, edits: Sequence[Edit]) -> Aligned:
        if not edits:
            return self
        if self.spans is None:
            return Aligned(edited(self.text, edits), None, self.first)
        spans: list[Span] = []
        last = 0
        for start, end, replacement in edits:
            spans += self.spans[last:start]
            spans += [self.span(start, end)] * len(replacement)
            last = end
        spans += self.spans[last:]
        return Aligned(edited(self.text, edits), spans, self.first)

    def span(self, start: int, end: int) -> Span:
        """What the characters from `start` to `end` came from; an empty stretch counts to what is before."""
        assert self.spans is not None
        if start < end:
            return self.spans[start][0], max(self.spans[end - 1][1], self.spans[start][0])
        if not self.spans:
            return (0, 0)
        return self.spans[start - 1] if start else (self.spans[0][0],) * 2

    def slice(self, start: int, end: int) -> Aligned:
        if start == 0 and end == len(self.text):
            return self
        if self.spans is None:
            return Aligned(self.text[start:end], None, self.first and start == 0)
        spans = self.spans[start:end]
        return Aligned(self.text[start:end], spans, self.first and bool(spans) and spans[0][0] == 0)
