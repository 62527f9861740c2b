"""Control tokens: where they stand in a text, when the caller allows them to.

    "Hi<|im_end|>" --allow_special=True--> "Hi" text, <|im_end|> control
                   --allow_special=False-> "Hi<|im_end|>" text

At each place the longest allowed token wins (`<|im_end|>` before `<|im_`). Besides control tokens a
vocabulary may have *plain* added tokens, such as runs of blanks in GPT-NeoX: those are ordinary text that is
looked for in every text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from llmworks.errors import TokenizerError


@dataclass(frozen=True)
class AddedToken:
    """A token beside the merges.

    control: counts as a control token, never read from text unless allowed.
    flagged: what `special` says in tokenizer.json (decoders there may leave such tokens out).
    lstrip, rstrip: white space before, after it belongs to it.
    normalized: it is looked for, normalised, in the normalised text.
    single_word: it is read only where no word character stands beside it.
    """

    text: str
    id: int
    control: bool = True
    flagged: bool = True
    lstrip: bool = False
    rstrip: bool = False
    normalized: bool = False
    single_word: bool = False

    def to_json(self) -> dict[str, Any]:
        """As `added_tokens` of a tokenizer.json lists it."""
        flags = ("single_word", "lstrip", "rstrip", "normalized")
        return {
            "id": self.id,
            "content": self.text,
            **{name: getattr(self, name) for name in flags},
            "special": self.flagged,
        }


def allowed_among(control: frozenset[str], allow_special: bool | Collection[str]) -> frozenset[str]:
    """The control tokens that a caller's `allow_special` lets a text name."""
    if isinstance(allow_special, bool):
        return control if allow_special else frozenset()
    if isinstance(allow_special, str):
        raise TokenizerError(
            f"allow_special is True, False or a collection of tokens, not the text {allow_special!r}; "
            f"write {{{allow_special!r}}} to allow that one"
        )
    if unknown := sorted(set(allow_special) - control):
        known = ", ".join(sorted(control)[:10]) or "none"
        raise TokenizerError(f"allow_special names {unknown[0]!r}, no control token here (known: {known})")
    return frozenset(allow_special)


class SpecialSplitter:
    """Cuts a text at the added tokens that may be read from it."""

    def __init__(self, tokens: Sequence[AddedToken]) -> None:
        self._tokens = tokens
        self._plain = frozenset(token.text for token in tokens if not token.control)
        self._control = frozenset(token.text for token in tokens if token.control)
        self._tokens_by_bytes = {token.text.encode(): token for token in tokens}
        self._pattern = lru_cache(maxsize=16)(self._build_pattern)

    @property
    def has_plain(self) -> bool:
        """Whether some tokens are read from every text."""
        return bool(self._plain)

    def split(self, text: bytes, allow_special: bool | Collection[str]) -> Iterator[tuple[bytes, int | None]]:
        """(text, None) for text between tokens, never empty, and (token's text, id) for tokens, in order."""
        pattern = self._pattern(self._plain | self._allowed(allow_special))
        if pattern is None:
            if text:
                yield text, None
            return
        position = 0
        for match in pattern.finditer(text):
            start, end = match.span()
            if start < position:  # in the white space that a token before it took
                continue
            token = self._tokens_by_bytes[match.group()]
            if token.lstrip:
                start = _before_blanks(text, position, start)
            if token.rstrip:
                end = _after_blanks(text, end)
            if start > position:
                yield text[position:start], None
            yield text[start:end], token.id
            position = end
        if position < len(text):
            yield text[position:], None

    def _allowed(self, allow_special: bool | Collection[str]) -> frozenset[str]:
        return allowed_among(self._control, allow_special)

    def _build_pattern(self, texts: frozenset[str]) -> re.Pattern[bytes] | None:
        """Longest first, since `re` takes the first alternative that matches."""
        tokens = sorted((token for token in self._tokens if token.text in texts), key=lambda t: -len(t.text))
        if not tokens:
            return None
        # A common beginning (`<|`) in front lets `re` leap from one to the next.
        prefix = _common_beginning(tokens[0].text, tokens)
        rest = "|".join(re.escape(token.text[len(prefix) :]) for token in tokens)
        return re.compile(f"{re.escape(prefix)}(?:{rest})".encode())


def _common_beginning(prefix: str, tokens: Sequence[AddedToken]) -> str:
    while not all(token.text.startswith(prefix) for token in tokens):
        prefix = prefix[:-1]
    return prefix


# Unicode's white space in UTF-8.
_ASCII_BLANKS = "\t\n\v\f\r "
_OTHER_BLANKS = "\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_BLANKS = tuple(character.encode() for character in _ASCII_BLANKS + _OTHER_BLANKS)


def _before_blanks(text: bytes, low: int, place: int) -> int:
    """Where the white space that ends at `place` begins, not before `low`."""
    while blank := next((b for b in _BLANKS if text.endswith(b, low, place)), b""):
        place -= len(blank)
    return place


def _after_blanks(text: bytes, place: int) -> int:
    """Where the white space that begins at `place` ends."""
    while blank := next((b for b in _BLANKS if text.startswith(b, place)), b""):
        place += len(blank)
    return place
