"""Ids of a rendered conversation, its control tokens known by their places.

    <s>[INST] Say </s>! [/INST] I will.</s>      owned: the first <s> and the last </s>; said: " I will.</s>"
    └── one chunk ────────────┘└─ another ┘

Text is tokenised in chunks that end where the assistant begins and ends, so that the ids of a prompt are the
same in training and in generation. A chunk is read as it stands in the whole: a SentencePiece tokenizer that
puts a blank before a text does not put another one before each chunk.
"""

from __future__ import annotations

from itertools import pairwise

from llmworks.packages.chat_spans import Span, find_controls
from llmworks.text.tokenizer import Tokenizer


def encode_spans(
    text: str, owned: list[Span], said: list[Span], tokenizer: Tokenizer
) -> tuple[list[int], list[bool]]:
    """Ids of `text`, in which only `owned` are control tokens; the mask is True inside `said`."""
    encoder = _Encoder(text, owned, tokenizer)
    starts = {start for start, _ in said}
    edges = sorted({0, len(text), *(edge for span in said for edge in span)})
    ids: list[int] = []
    mask: list[bool] = []
    for start, end in pairwise(edges):
        piece = encoder.chunk(start, end)
        ids += piece
        mask += [start in starts] * len(piece)
    return ids, mask


class _Encoder:
    def __init__(self, text: str, owned: list[Span], tokenizer: Tokenizer) -> None:
        self._text = text
        self._owned = owned
        self._tokenizer = tokenizer
        self._controls = frozenset(filter(None, tokenizer.special_tokens))
        self._ends = {end: text[start:end] for start, end in owned}
        # One id if a line end is a token; with a blank of the tokenizer's own before it there are two.
        self._line = tokenizer.encode("\n")

    def chunk(self, start: int, end: int) -> list[int]:
        """Ids of text[start:end]; no owned token lies across its ends."""
        inside = [(first, last) for first, last in self._owned if start <= first and last <= end]
        found = find_controls(self._text[start:end], self._controls)
        if [(start + first, start + last) for first, last in found] == inside:
            return self._encode(start, self._text[start:end], allow=True)
        ids: list[int] = []
        position = start
        for first, last in [*inside, (end, end)]:
            if position < first:
                ids += self._encode(position, self._text[position:first], allow=False)
            if first < last:
                ids.append(self._tokenizer.special_tokens[self._text[first:last]])
            position = last
        return ids

    def _encode(self, start: int, text: str, *, allow: bool) -> list[int]:
        """Ids of a part of the text, read after what stands before it; `allow`: with control tokens."""
        if not text:
            return []
        if start in self._ends:
            return self._after_control(self._ends[start], text, allow)
        if start == 0 or len(self._line) == 1:
            return self._tokenizer.encode(text, allow_special=allow)
        ids = self._tokenizer.encode("\n" + text, allow_special=allow)
        if ids[: len(self._line)] == self._line:
            return ids[len(self._line) :]
        return self._tokenizer.encode(text, allow_special=allow)

    def _after_control(self, control: str, text: str, allow: bool) -> list[int]:
        """The control token is read with the text, and its id left out again."""
        if not allow and control in text:  # then any other does, so that the text's own stays text
            control = next((other for other in sorted(self._controls) if other not in text), "")
            if not control:
                return self._tokenizer.encode(text)
        ids = self._tokenizer.encode(control + text, allow_special=True if allow else {control})
        known = ids[:1] == [self._tokenizer.special_tokens[control]]
        return ids[1:] if known else self._tokenizer.encode(text, allow_special=allow)
