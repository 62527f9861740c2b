"""Where the assistant speaks in a rendered conversation whose template does not mark it.

    <|im_start|>user⏎Hi<|im_end|>⏎<|im_start|>assistant⏎Hello!<|im_end|>⏎
                                 └──── opening ───────┘└─ said ─┘ closing: said too

The rendering says which characters are of which message (`traced_text.py`). What the template puts before an
answer when it asks for one (`add_generation_prompt`) is not said by the assistant; everything after that up
to the control token that ends the turn is, names of tools and braces included.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llmworks.packages.traced_text import origins_of, plain

Span = tuple[int, int]
Renderer = Callable[[list[dict[str, str]], bool], str | None]  # messages, add_generation_prompt


def code_of(number: int) -> str:
    """The origin of message `number`, as one code point."""
    return chr(2 + 2 * number)


def message_of(origin: str) -> int | None:
    """The number of the message that an origin means; None for the template."""
    return (ord(origin) - 2) // 2 if ord(origin) > 1 else None


def owners_of(text: str) -> str:
    """The origins, inside of generation blocks as outside."""
    return origins_of(text).translate(_Even())


class _Even:
    def __getitem__(self, code: int) -> int:
        return code & ~1


@dataclass(frozen=True)
class Frame:
    """What a template writes around an assistant's message.

    opening: what `add_generation_prompt` adds. head: the part of it that also stands before an answer that
    was given. tail: what stands between a user's text and `opening`. lead: what stands between the prompt and
    the answer's text. closing: the control token that ends the turn.
    """

    opening: str = ""
    head: str = ""
    tail: str = ""
    lead: str = ""
    closing: str | None = None

    @classmethod
    def observe(cls, render: Renderer, controls: frozenset[str]) -> Frame:
        """Learn the frame from a conversation of two messages."""
        user, assistant = {"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}
        asked, prompted = render([user], False) or "", render([user], True) or ""
        whole = render([user, assistant], False)
        if whole is None or code_of(1) not in owners_of(whole):
            return cls()
        begin, last = _extent(owners_of(whole), 1)
        closing = find_controls(hidden(whole)[last + 1 :], controls)
        end = whole[last + 1 :][slice(*closing[0])] if closing else None
        opening = prompted[len(asked) :] if asked and prompted.startswith(asked) else ""
        head = _common_beginning(whole[len(asked) :], opening) if whole.startswith(asked) else ""
        lead = whole[len(prompted) : begin] if prompted and whole.startswith(prompted) else ""
        tail = prompted[_extent(owners_of(prompted), 0)[1] + 1 :].removesuffix(opening) if prompted else ""
        return cls(plain(opening), plain(head), plain(tail), plain(lead), None if end is None else plain(end))


def _common_beginning(one: str, other: str) -> str:
    length = 0
    for here, there in zip(plain(one), plain(other), strict=False):
        if here != there:
            break
        length += 1
    return one[:length]


def find_controls(text: str, controls: frozenset[str]) -> list[Span]:
    """Where control strings stand in `text`, leftmost first, the longest at each place."""
    if not controls:
        return []
    pattern = "|".join(re.escape(token) for token in sorted(controls, key=len, reverse=True))
    return [match.span() for match in re.finditer(pattern, text)]


HIDDEN = "\U0010ffff"
"""Stands for a character that is not the template's; it is no character, so no control token holds it."""


def hidden(text: str) -> str:
    """`text` with everything that is not the template's own blotted out."""
    characters, pieces, position = plain(text), [], 0
    for match in re.finditer(r"[^\0\1]+", origins_of(text)):
        pieces += [characters[position : match.start()], HIDDEN * (match.end() - match.start())]
        position = match.end()
    return "".join([*pieces, characters[position:]])


def generated_spans(text: str) -> list[Span]:
    """What stands in `{% generation %}` blocks: the characters whose origin is odd."""
    return [match.span() for match in re.finditer(r"g+", origins_of(text).translate(_Parity()))]


class _Parity:
    def __getitem__(self, code: int) -> str:
        return "g" if code & 1 else "-"


def assistant_spans(
    messages: Sequence[Mapping[str, Any]], text: str, owned: list[Span], frame: Frame
) -> list[Span]:
    """The assistant's parts of a rendering; `owned` are the template's control tokens in it."""
    origins, own = origins_of(text), hidden(text)
    spans: list[Span] = []
    position = 0
    for number, message in enumerate(messages):
        first, last = _extent(origins, number, position)
        if message["role"] == "assistant":
            start = _start(own, owned, position, first, frame, number > 0)
            if start is not None:
                told = max(start, last + 1)
                end = _end(own, owned, told, _next_foreign(own, told), frame, bool(message.get("tool_calls")))
                if end > start:
                    spans.append((start, end))
                    position = end
        position = max(position, last + 1)
    return spans


def _extent(origins: str, number: int, position: int = 0) -> Span:
    """The first and the last character of a message; (-1, -1) if nothing of it was printed."""
    code = code_of(number)
    return origins.find(code, position), origins.rfind(code, position)


def _start(own: str, owned: list[Span], position: int, first: int, frame: Frame, spoken: bool) -> int | None:
    """Where the assistant begins: after the generation prompt, or else with its own first character."""
    gap = own[position : first if first >= 0 else None]
    for opening in filter(None, (frame.opening, frame.head)):
        found = gap.rfind(opening) if first >= 0 else gap.find(opening)
        if found >= 0:
            return position + found + len(opening)
    if first < 0:
        return None
    if frame.opening or frame.head or not spoken:
        return first - len(frame.lead) if frame.lead and gap.endswith(frame.lead) else first
    if frame.tail and gap.startswith(frame.tail):
        return position + len(frame.tail)
    # The result of a tool has another tail than a user's text: the control token that closes it.
    ends = [end for start, end in owned if position <= start and end <= first]
    return ends[0] if ends else first


def _end(own: str, owned: list[Span], told: int, stop: int, frame: Frame, calls_tools: bool) -> int:
    """After the control token that closes the turn, if one does before another message speaks."""
    before = [(start, end) for start, end in owned if told <= start and end <= stop]
    for start, end in before:
        if own[start:end] == frame.closing and (calls_tools or (start, end) == before[0]):
            return end
    if before and calls_tools and frame.closing is not None:
        return before[0][1]
    return told


def _next_foreign(own: str, position: int) -> int:
    found = own.find(HIDDEN, position)
    return found if found >= 0 else len(own)
