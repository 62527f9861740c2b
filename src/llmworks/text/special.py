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

from llmworks.errors import TokenizerError


@dataclass(frozen=True)
class AddedToken:
    """A token beside the merges.

    control: counts as a control token, never read from text unless allowed.
    flagged: what `special` says in tokenizer.json (decoders there may leave such tokens out).
    lstrip, rstrip: white space before, after it belongs to it.
    """

    text: str
    id: int
    control: bool = True
    flagged: bool = True
    lstrip: bool = False
    rstrip: bool = False
    normalized: bool = False

    def regex(self) -> str:
        return r"\s*" * self.lstrip + re.escape(self.text) + r"\s*" * self.rstrip


class SpecialSplitter:
    """Cuts a text at the added tokens that may be read from it."""

    def __init__(self, tokens: Sequence[AddedToken]) -> None:
        self._tokens = tokens
        self._plain = frozenset(token.text for token in tokens if not token.control)
        self._control = frozenset(token.text for token in tokens if token.control)
        self._ids = {token.text.encode(): token.id for token in tokens}
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
            if match.start() > position:
                yield text[position : match.start()], None
            position = match.end()
            found = match.group()
            yield found, self._ids[found if found in self._ids else found.strip()]
        if position < len(text):
            yield text[position:], None

    def _allowed(self, allow_special: bool | Collection[str]) -> frozenset[str]:
        if isinstance(allow_special, bool):
            return self._control if allow_special else frozenset()
        if isinstance(allow_special, str):
            raise TokenizerError(
                f"allow_special is True, False or a collection of tokens, not the text {allow_special!r}; "
                f"write {{{allow_special!r}}} to allow that one"
            )
        if unknown := sorted(set(allow_special) - self._control):
            known = ", ".join(sorted(self._control)[:10]) or "none"
            raise TokenizerError(
                f"allow_special names {unknown[0]!r}, no control token here (known: {known})"
            )
        return frozenset(allow_special)

    def _build_pattern(self, texts: frozenset[str]) -> re.Pattern[bytes] | None:
        """Longest first, since `re` takes the first alternative that matches."""
        tokens = sorted((token for token in self._tokens if token.text in texts), key=lambda t: -len(t.text))
        if not tokens:
            return None
        if any(token.lstrip or token.rstrip for token in tokens):
            return re.compile("|".join(token.regex() for token in tokens).encode())
        # A common beginning (`<|`) in front lets `re` leap from one to the next.
        prefix = _common_beginning(tokens[0].text, tokens)
        rest = "|".join(re.escape(token.text[len(prefix) :]) for token in tokens)
        return re.compile(f"{re.escape(prefix)}(?:{rest})".encode())


def _common_beginning(prefix: str, tokens: Sequence[AddedToken]) -> str:
    while not all(token.text.startswith(prefix) for token in tokens):
        prefix = prefix[:-1]
    return prefix
