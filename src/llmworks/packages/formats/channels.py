"""Harmony's messages: every part has a header that says its channel, and for a call its recipient.

    <|channel|>analysis<|message|>hm<|end|><|start|>assistant
    └─ header ───────┘            └─ reasoning_content
     to=functions.f<|channel|>commentary json<|message|>{}<|call|>
    └─ header ─────────────────────────────┘           └─ arguments of a call

`analysis` is thought; `final`, and `commentary` to nobody, are content; what has a recipient is a call.
"""

from __future__ import annotations

import re
from typing import Any

from llmworks.packages.formats import bodies
from llmworks.packages.formats.syntax import call

START, MESSAGE = "<|start|>", "<|message|>"
ENDS = ("<|end|>", "<|return|>", "<|call|>", START)
_HEADERS = ("<|channel|>", " to=", START, "<|constrain|>", "to=", " <|")


class ChannelReader:
    """Parts of channels, told as they come."""

    def __init__(self) -> None:
        self._held = ""
        self._kind = "header"
        self._recipient: str | None = None
        self._told: set[str] = set()
        self._events: list[tuple[str, Any]] = []

    def feed(self, text: str) -> list[tuple[str, Any]]:
        self._held += text
        while self._step():
            pass
        events, self._events = self._events, []
        return events

    def finish(self) -> list[tuple[str, Any]]:
        events = self.feed("")
        if self._kind == "call":
            self._close(whole=False, body=self._held)
        elif self._kind != "header" or not self._is_header(self._held, last=True):
            self._tell(self._held)
        self._held = ""
        return events + self._events

    def _step(self) -> bool:
        if self._kind == "header":
            return self._in_header()
        ends = [(place, end) for end in ENDS if (place := self._held.find(end)) >= 0]
        if ends:
            place, end = min(ends)
            body, self._held = self._held[:place], self._held[place + len(end) :]
            if self._kind == "call":
                self._close(whole=True, body=body)
            else:
                self._tell(body)
            self._kind = "header"
            return True
        if self._kind != "call":
            longest = max(map(len, ENDS)) - 1
            sure = len(self._held)
            for length in range(min(longest, len(self._held)), 0, -1):
                if any(end.startswith(self._held[-length:]) for end in ENDS):
                    sure = len(self._held) - length
                    break
            self._tell(self._held[:sure])
            self._held = self._held[sure:]
        return False

    def _in_header(self) -> bool:
        if not self._held:
            return False
        if not self._is_header(self._held, last=False):
            self._kind, self._recipient = "content", None  # a model that writes no headers
            return True
        end = self._held.find(MESSAGE)
        if end < 0:
            return False
        header, self._held = self._held[:end], self._held[end + len(MESSAGE) :]
        recipient = re.search(r"\bto=([^\s<]+)", header)
        channel = re.search(r"<\|channel\|>\s*(\w+)", header)
        self._recipient = recipient[1].removeprefix("functions.") if recipient else None
        if self._recipient is not None:
            self._kind = "call"
        else:
            self._kind = "reasoning" if channel and channel[1] == "analysis" else "content"
            if self._kind in self._told:
                self._tell("\n")  # a further part of the same kind
        return True

    @staticmethod
    def _is_header(text: str, last: bool) -> bool:
        """Whether a text without `<|message|>` is a header, or may become one."""
        begun = text.removeprefix("assistant")
        if last:
            return not begun.strip() or "<|" in begun
        return any(begun.startswith(mark) or mark.startswith(begun) for mark in _HEADERS) or (
            "assistant".startswith(text)
        )

    def _close(self, whole: bool, body: str) -> None:
        try:
            arguments = bodies.read_json(body) if whole or body.strip().endswith("}") else None
        except (ValueError, RecursionError):
            arguments = None
        if isinstance(arguments, dict) and self._recipient:
            self._events.append(("call", call(self._recipient, arguments)))
        else:
            self._events.append(("content", body))

    def _tell(self, text: str) -> None:
        if text:
            kind = "content" if self._kind == "header" else self._kind
            self._told.add(kind)
            self._events.append((kind, text))
