"""From an assistant's text back to a message, whole or as it comes.

    <think>⏎hm⏎</think>⏎⏎I will see.⏎<tool_call>⏎{"name": "f", "arguments": {}}⏎</tool_call>
     →  {"reasoning_content": "hm", "content": "I will see.", "tool_calls": [{…"f"…}]}

The reader shows content and thoughts as soon as it is sure of them: it keeps back an end of the text that
may be the beginning of a mark (`<tool_c`), and white space that may stand before one. What looks like a call
and is none is content, as it was written. Cut anywhere, a text gives the same message.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from llmworks.packages.formats.channels import ChannelReader
from llmworks.packages.formats.library import ChatFormat, get_format
from llmworks.packages.formats.syntax import Call, Calls, Syntax

Part: TypeAlias = Calls | Literal["start", "opened", "thoughts", "after", "content"]
Kind: TypeAlias = Literal["content", "reasoning", "call"]


@dataclass(frozen=True)
class Piece:
    """A part of a message: a text that goes on with the last one of its kind, or a whole call."""

    kind: Kind
    text: str = ""
    call: Call | None = None


def read_message(text: str, format: ChatFormat | str, *, thinking: bool | None = None) -> dict[str, Any]:
    """The message that an assistant's text is: content, and reasoning_content and tool_calls if it has them.

    thinking: whether the prompt ended inside the thoughts; by default as the format's own prompt ends.
    """
    reader = MessageReader(format, thinking=thinking)
    reader.feed(text)
    reader.finish()
    return reader.message


@dataclass
class _Told:
    content: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)


class MessageReader:
    """Feed it the text as it comes; it gives the pieces that are certain."""

    def __init__(self, format: ChatFormat | str, *, thinking: bool | None = None) -> None:
        chosen = get_format(format) if isinstance(format, str) else format
        self._told = _Told()
        self._reader: ChannelReader | _TagReader
        self._reader = ChannelReader() if chosen.syntax.channels else _TagReader(chosen.syntax, thinking)

    def feed(self, text: str) -> list[Piece]:
        """What became certain with `text`."""
        return self._keep(self._reader.feed(text))

    def finish(self) -> list[Piece]:
        """The rest, once the text is at its end."""
        return self._keep(self._reader.finish())

    @property
    def message(self) -> dict[str, Any]:
        """The message so far, as a chat template takes it."""
        made: dict[str, Any] = {"role": "assistant", "content": "".join(self._told.content)}
        if self._told.reasoning:
            made["reasoning_content"] = "".join(self._told.reasoning)
        if self._told.calls:
            made["tool_calls"] = list(self._told.calls)
        return made

    def _keep(self, events: list[tuple[str, Any]]) -> list[Piece]:
        pieces: list[Piece] = []
        for kind, value in events:
            if kind == "call":
                self._told.calls.append(value)
                pieces.append(Piece("call", call=value))
            elif value:
                kept = self._told.content if kind == "content" else self._told.reasoning
                kept.append(value)
                pieces.append(Piece("content" if kind == "content" else "reasoning", value))
        return pieces


class _TagReader:
    """Thoughts, content and calls, told apart by marks."""

    def __init__(self, syntax: Syntax, thinking: bool | None) -> None:
        self._think = syntax.thinking
        self._bare = [one for one in syntax.calls if one.bare]
        self._marked = [one for one in syntax.calls if not one.bare]
        begun = self._think is not None and (self._think.begun if thinking is None else thinking)
        self._inside: Part = "opened" if begun else "start"
        self._held = ""  # not told yet
        self._before = ""  # what stood before the calls that are being read, should they be none
        self._events: list[tuple[str, Any]] = []

    def feed(self, text: str) -> list[tuple[str, Any]]:
        self._held += text
        return self._go_on(last=False)

    def finish(self) -> list[tuple[str, Any]]:
        events = self._go_on(last=True)
        if isinstance(self._inside, Calls):
            self._read_calls(self._inside, self._held, whole=False)
        elif self._inside == "thoughts":
            self._tell("reasoning", self._held.rstrip("\n"))
        elif self._inside != "opened":
            self._tell("content", self._held)
        self._held = ""
        events += self._events
        self._events = []
        return events

    def _go_on(self, last: bool) -> list[tuple[str, Any]]:
        while self._step(last):
            pass
        events, self._events = self._events, []
        return events

    def _step(self, last: bool) -> bool:
        """Go on by one mark; False if more text must come first."""
        if isinstance(self._inside, Calls):
            return self._in_calls(self._inside)
        if self._inside == "start":
            return self._at_start(last)
        if self._inside in ("opened", "thoughts"):
            return self._in_thoughts(last)
        if self._inside == "after":  # the line ends after thoughts and calls are the format's
            self._held = self._held.lstrip("\n")
            if not self._held:
                return False
            self._inside = "content"
        return self._in_content(last)

    def _at_start(self, last: bool) -> bool:
        """What counts only where a message begins: thoughts, and calls without a mark."""
        begun = self._held.lstrip()
        openings: list[tuple[str, Part]] = [(one.open, one) for one in self._bare]
        if self._think is not None:
            openings.append((self._think.open, "opened"))
        for text, part in openings:
            if begun.startswith(text):
                self._before = self._held[: len(self._held) - len(begun)]
                self._held, self._inside = begun[len(text) :], part
                return True
        if not last and any(text.startswith(begun) for text, _ in openings):
            return False
        self._inside = "content"
        return True

    def _in_thoughts(self, last: bool) -> bool:
        assert self._think is not None
        if self._inside == "opened":
            begun = self._held.lstrip("\n")
            if not last and self._think.open.startswith(begun):
                return False
            # Some models write the opening although the prompt has it.
            self._held, self._inside = begun.removeprefix(self._think.open).lstrip("\n"), "thoughts"
            return True
        end = self._held.find(self._think.close)
        if end >= 0:
            self._tell("reasoning", self._held[:end].rstrip("\n"))
            self._held, self._inside = self._held[end + len(self._think.close) :], "after"
            return True
        sure = len(self._held) - _may_begin(self._held, [self._think.close])
        self._tell_up_to(len(self._held[:sure].rstrip("\n")), "reasoning")
        return False

    def _in_content(self, last: bool) -> bool:
        found = [(place, one) for one in self._marked if (place := self._held.find(one.open)) >= 0]
        if found:
            place, calls = min(found, key=lambda one: one[0])
            before = self._held[:place]
            self._tell("content", before.removesuffix(calls.lead))
            self._before = before[len(before.removesuffix(calls.lead)) :]
            self._held, self._inside = self._held[place + len(calls.open) :], calls
            return True
        marks = [mark for one in self._marked for mark in (one.lead + one.open, one.open)]
        self._tell_up_to(len(self._held) - _may_begin(self._held, marks), "content")
        return False

    def _in_calls(self, calls: Calls) -> bool:
        end = -1 if calls.close is None else self._held.find(calls.close)
        if end < 0 or calls.close is None:
            return False
        body, rest = self._held[:end], self._held[end + len(calls.close) :]
        self._inside = "after" if self._read_calls(calls, body, whole=True) else "content"
        self._held = rest
        return True

    def _read_calls(self, calls: Calls, body: str, whole: bool) -> bool:
        """Tell the calls; what is none, or has no end, is content."""
        try:
            if not whole and calls.close is not None:
                raise ValueError("cut off")
            made = calls.read(calls.open + body if calls.bare else body)
        except (ValueError, RecursionError):
            self._tell("content", self._before + calls.open + body + ((calls.close or "") if whole else ""))
            return False
        self._events += [("call", one) for one in made]
        return True

    def _tell_up_to(self, end: int, kind: str) -> None:
        self._tell(kind, self._held[:end])
        self._held = self._held[end:]

    def _tell(self, kind: str, text: str) -> None:
        if text:
            self._events.append((kind, text))


def _may_begin(text: str, marks: list[str]) -> int:
    """How many characters at the end of `text` may be the beginning of a mark."""
    longest = max(map(len, marks), default=0) - 1
    for length in range(min(longest, len(text)), 0, -1):
        if any(mark.startswith(text[-length:]) for mark in marks):
            return length
    return 0
