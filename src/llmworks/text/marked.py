"""A text as a model reads it whole: with its markers, cut to a length.

    [CLS] text [SEP]        <s> text </s>        [CLS] one [SEP] two [SEP]

`Tokenizer.encode` never adds a token; what reads whole texts (an encoder, an embedding) wants the markers,
and where a text is too long its end goes, never a marker.
"""

from __future__ import annotations

from collections.abc import Collection

from llmworks.text.post_processors import Marked
from llmworks.text.tokenizer import Tokenizer


def encode_marked(
    tokenizer: Tokenizer,
    text: str,
    pair: str | None = None,
    *,
    allow_special: bool | Collection[str] = False,
    max_length: int | None = None,
) -> Marked:
    """One text or two with their markers; of two that are too long the longer one is cut first."""
    one = tokenizer.encode(text, allow_special=allow_special)
    two = None if pair is None else tokenizer.encode(pair, allow_special=allow_special)
    if max_length is not None:
        room = max(0, max_length - len(tokenizer.with_markers([], None if two is None else []).ids))
        if two is None:
            one = one[:room]
        elif len(one) + len(two) > room:
            shorter = min(len(one), len(two), room // 2)
            first, second = (shorter, room - shorter) if len(one) <= len(two) else (room - shorter, shorter)
            one, two = one[:first], two[:second]
    return tokenizer.with_markers(one, two)
