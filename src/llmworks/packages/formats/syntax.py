"""How an assistant's text is written in a format: where it thinks, and how it calls tools.

    <think>⏎…⏎</think>⏎⏎ content ⏎<tool_call>⏎{"name": …, "arguments": …}⏎</tool_call>
    └── Thinking ──────┘          └── Calls: open, body, close ───────────────────────┘

A `Calls` names the text that opens a stretch of calls, the text that closes it, and the reader of what
stands between (`bodies.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

Call: TypeAlias = dict[str, Any]
"""{"type": "function", "function": {"name": str, "arguments": dict}}; "id" too where the format has one."""


def call(name: str, arguments: Any, id: str | None = None) -> Call:
    made: Call = {"type": "function", "function": {"name": name, "arguments": arguments}}
    return made if id is None else {"id": id, **made}


@dataclass(frozen=True)
class Thinking:
    """Thoughts between two texts; `begun` if the prompt has already opened them."""

    open: str
    close: str
    begun: bool = False


@dataclass(frozen=True)
class Calls:
    """Calls between `open` and `close` (None: to the end of the message).

    read: what stands between → calls; ValueError if it is none, and then it is content.
    lead: what the format writes between content and calls.
    bare: `open` is itself a part of what is read, and counts only where the message begins with it.
    """

    open: str
    close: str | None
    read: Callable[[str], list[Call]]
    lead: str = ""
    bare: bool = False


@dataclass(frozen=True)
class Syntax:
    """How to read an assistant's message; `channels`: Harmony's, where every part has a header."""

    thinking: Thinking | None = None
    calls: tuple[Calls, ...] = ()
    channels: bool = False
