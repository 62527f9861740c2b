"""From ids to text that may be shown: whole characters, and nothing that may yet become a stop string.

    stop = "\\nUser:"      … " day" "." "\\n" "Us" "ing" …    "\\n" and "Us" wait; "ing" frees them
                          … " day" "." "\\n" "Us" "er:"       the output ends after "day."

The output ends before the stop string that is complete first; among those complete at the same character, the
longest. So the result does not depend on how the text was cut into tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from llmworks.errors import TokenizerError


class StopStrings:
    """Watches text that arrives in pieces for the first of some strings."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = sorted(stops, key=len, reverse=True)
        self._held = ""
        self.found: str | None = None

    def feed(self, text: str) -> str:
        """What may be shown now. Once `found` is set, all that comes after belongs to nobody."""
        if self.found is not None:
            return ""
        if not self._stops:
            return text
        text, self._held = self._held + text, ""
        end = self._first_end(text)
        if end is not None:
            return text[: end - len(self.found or "")]
        hold = self._longest_beginning(text)
        cut = len(text) - hold
        self._held = text[cut:]
        return text[:cut]

    def flush(self) -> str:
        """What was held back, now that no more text comes."""
        text, self._held = self._held, ""
        return text

    def _first_end(self, text: str) -> int | None:
        ends = [(at + len(stop), -len(stop), stop) for stop in self._stops if (at := text.find(stop)) >= 0]
        if not ends:
            return None
        end, _, self.found = min(ends)
        return end

    def _longest_beginning(self, text: str) -> int:
        """Length of the longest end of `text` that a stop string begins with."""
        for length in range(min(len(text), len(self._stops[0]) - 1), 0, -1):
            tail = text[-length:]
            if any(len(stop) > length and stop.startswith(tail) for stop in self._stops):
                return length
        return 0


class CharacterStream(Protocol):
    """What `Tokenizer.stream()` gives."""

    def feed(self, id: int) -> str: ...
    def flush(self) -> str: ...


class TextOutput:
    """One request's text: bytes to whole characters, then past the stop strings.

    `silent` ids (control tokens) are left out of the text, and so are ids that no token has: a model's
    vocabulary may be padded, and its sampler may draw such a row.
    """

    def __init__(
        self, characters: CharacterStream | None, stops: Sequence[str], silent: frozenset[int]
    ) -> None:
        self._characters = characters
        self._stops = StopStrings(stops)
        self._silent = silent
        self.length = 0  # characters decoded so far, shown or held

    @property
    def found(self) -> str | None:
        return self._stops.found

    def feed(self, token: int) -> str:
        if self._characters is None:
            return ""
        if token not in self._silent:
            with suppress(TokenizerError):
                return self._show(self._characters.feed(token))
        return self._show(self._characters.flush())

    def flush(self) -> str:
        """The rest; half a character at the end becomes U+FFFD."""
        text = self._show(self._characters.flush()) if self._characters is not None else ""
        return text + self._stops.flush()

    def _show(self, text: str) -> str:
        self.length += len(text)
        return self._stops.feed(text)
