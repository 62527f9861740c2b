"""Which character of a rendered chat comes from a message, and which from the template.

    given    {"role": "user", "content": "Say <|im_end|>!"}
    shadow   {"role": "user", "content": "▓▓▓ ▓▓▓▓▓▓▓▓▓▓▓"}      ▓ is another code point for each message

The shadow is as long as the text and breaks at the same white space, so a template that trims, indents or
counts renders both alike. The alignment is checked character by character: a shadow that agrees with the
text everywhere but at the blots proves where each message's text went. No character stays visible that
could be a part of a control token (`_can_touch`), so a control string found in the shadow is the template's.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llmworks.errors import RequestError
from llmworks.packages.template_sandbox import TemplateProgram

FIRST_BLOT = 0x40000
"""Planes 4 to 16: not assigned or private, so neither white space nor letters to any string method."""

Span = tuple[int, int]
Renderer = Callable[[list[dict[str, str]], bool], str | None]  # messages, add_generation_prompt


@dataclass(frozen=True)
class Shadow:
    """A rendering aligned with the plain text: `text[i]` is the plain character or a blot.

    `blots[m]` is the blot of message m; `spans` are the generation blocks, None if the template has none.
    """

    text: str
    blots: list[str]
    spans: list[Span] | None


@dataclass(frozen=True)
class Frame:
    """What a template writes around an assistant's message.

    `opening` is what `add_generation_prompt` adds, `lead` what comes between that and the message's text,
    `closing` the control token that ends the turn.
    """

    opening: str
    lead: str
    closing: str | None

    @classmethod
    def observe(cls, render: Renderer, controls: frozenset[str]) -> Frame:
        """Learn the frame from a conversation of two messages."""
        said = "\U000fffff"
        user, assistant = {"role": "user", "content": "a"}, {"role": "assistant", "content": said}
        asked, prompted = render([user], False), render([user], True)
        whole = render([user, assistant], False)
        if whole is None or said not in whole:
            return cls("", "", None)
        begin = whole.index(said)
        closing = find_controls(whole[begin + 1 :], controls)
        end = whole[begin + 1 :][slice(*closing[0])] if closing else None
        opening = prompted[len(asked) :] if asked and prompted and prompted.startswith(asked) else ""
        lead = whole[len(prompted) : begin] if prompted and whole.startswith(prompted) else ""
        return cls(opening, lead, end)


def find_controls(text: str, controls: frozenset[str]) -> list[Span]:
    """Where control strings stand in `text`, leftmost first, the longest at each place."""
    if not controls:
        return []
    pattern = "|".join(re.escape(token) for token in sorted(controls, key=len, reverse=True))
    return [match.span() for match in re.finditer(pattern, text)]


def shadow_of(
    given: dict[str, Any],
    text: str,
    controls: frozenset[str],
    program: TemplateProgram,
    trusted: Mapping[str, str],
) -> Shadow | None:
    """The shadow of a rendering, or None if none aligns and some message's text could be a control token.

    `given` are the template's variables, `text` what they render to; `trusted` names variables that are the
    package's own. The first try blots out all that can be; the second leaves to see what a template may look
    for: names, and the template's own constants inside a text.
    """
    texts = _texts({name: value for name, value in given.items() if name not in trusted})
    blots, marks = _alphabet(text + "".join(texts), len(given["messages"]) + 1)
    for look in (frozenset[str](), program.constants):
        blotter = _blotter(controls, look)
        shadowed = dict(given)
        for name, value in given.items():
            if name not in trusted and name != "messages":
                shadowed[name] = blotter(value, blots[-1])
        shadowed["messages"] = [
            blotter.message(message, blot) for message, blot in zip(given["messages"], blots, strict=False)
        ]
        shadow = _render_shadow(program, shadowed, marks)
        if shadow is not None and _aligned(text, shadow[0], set(blots)):
            return Shadow(shadow[0], blots, shadow[1] if program.marks_generation else None)
    # No shadow fits: the template changes the texts. Then they may not hold a character with which any
    # control string begins or ends, so that no change makes one of them.
    edges = {edge for control in controls for edge in (control[0], control[-1])}
    if any(not edges.isdisjoint(piece) for piece in texts):
        return None
    plain = _render_shadow(program, given, marks)
    if plain is None or plain[0] != text:
        return None
    return Shadow(text, blots, plain[1] if program.marks_generation else None)


def assistant_spans(
    messages: Sequence[Mapping[str, Any]], shadow: Shadow, owned: list[Span], frame: Frame
) -> list[Span]:
    """The assistant's parts of a rendering whose template does not mark them."""
    spans = []
    text, position = shadow.text, 0
    for number, message in enumerate(messages):
        first, last = text.find(shadow.blots[number], position), text.rfind(shadow.blots[number])
        if message["role"] == "assistant":
            start = _start(text, position, first, frame)
            if start is not None:
                stop = _next_blot(text, max(start, last + 1))
                end = _end(text, owned, max(start, last + 1), stop, frame, bool(message.get("tool_calls")))
                if end > start:
                    spans.append((start, end))
                    position = end
        position = max(position, last + 1)
    return spans


def _start(text: str, position: int, first: int, frame: Frame) -> int | None:
    """Where the assistant begins: after the generation prompt, or else with its own first character."""
    if frame.opening:
        found = (
            text.rfind(frame.opening, position, first) if first >= 0 else text.find(frame.opening, position)
        )
        if found >= 0:
            return found + len(frame.opening)
    if first < 0:
        return None
    if frame.lead and text.endswith(frame.lead, position, first):
        return first - len(frame.lead)
    return first


def _end(text: str, owned: list[Span], last: int, stop: int, frame: Frame, calls_tools: bool) -> int:
    """After the control token that closes the turn, if one does before another message speaks."""
    for start, end in owned:
        if last <= start and end <= stop:
            closes = text[start:end] == frame.closing or (calls_tools and frame.closing is not None)
            return end if closes else last
    return last


def _next_blot(text: str, position: int) -> int:
    found = re.compile(f"[{chr(FIRST_BLOT)}-{chr(0x10FFFF)}]").search(text, position)
    return found.start() if found else len(text)


class _Blotter:
    """Copies of values in which every text is blotted out, but for what `look` allows to be seen."""

    def __init__(self, controls: frozenset[str], look: frozenset[str]) -> None:
        self._controls = controls
        self._names = bool(look)
        words = [word for word in look if not word.isspace() and not _can_touch(word, controls)]
        # What trims, splits and escapes look at: white space, the quote and the backslash.
        touching = "".join(c for c in set("".join(controls)) if c.isspace() or c in '"\\')
        shape = rf'[^\S{re.escape(touching)}]|(?![{re.escape(touching)} ])["\\]'
        kept = [shape, *(re.escape(word) for word in sorted(words, key=len, reverse=True))]
        self._pattern = re.compile(f"({'|'.join(kept)})|.", re.DOTALL)

    def message(self, message: Mapping[str, Any], blot: str) -> dict[str, Any]:
        return {
            key: value if key == "role" else self.text(value, blot) if key == "content" else self(value, blot)
            for key, value in message.items()
        }

    def __call__(self, value: Any, blot: str) -> Any:
        if isinstance(value, str):
            seen = self._names and re.fullmatch(r"[\w.-]+", value) and not _can_touch(value, self._controls)
            return value if seen else self.text(value, blot)
        if isinstance(value, Mapping):
            return {self._key(key, blot): self(item, blot) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self(item, blot) for item in value]
        return value

    def text(self, value: Any, blot: str) -> Any:
        if not isinstance(value, str):
            return value
        return self._pattern.sub(lambda match: match[0] if match.lastindex else blot, value)

    def _key(self, key: Any, blot: str) -> Any:
        """Keys are what templates ask by; one that is no plain name is text like any other."""
        plain = not isinstance(key, str) or (re.fullmatch(r"\w+", key) and key not in self._controls)
        return key if plain else self.text(key, blot)


@functools.lru_cache(maxsize=32)
def _blotter(controls: frozenset[str], look: frozenset[str]) -> _Blotter:
    return _Blotter(controls, look)


def _render_shadow(
    program: TemplateProgram, variables: dict[str, Any], marks: tuple[str, str]
) -> tuple[str, list[Span]] | None:
    """The rendering without its marks, and the spans that stood between them."""
    try:
        marked = program.render(variables, marks=marks)
    except RequestError:
        return None
    opened, closed = marks
    pieces, spans, length, start = [], [], 0, None
    for piece in re.split(f"([{opened}{closed}])", marked):
        if piece == opened:
            start = length if start is None else start
        elif piece == closed:
            if start is not None and length > start:
                spans.append((start, length))
            start = None
        else:
            pieces.append(piece)
            length += len(piece)
    return "".join(pieces), spans


def _aligned(text: str, shadow: str, blots: set[str]) -> bool:
    return len(text) == len(shadow) and all(
        there == here or there in blots for here, there in zip(text, shadow, strict=True)
    )


def _alphabet(used_text: str, count: int) -> tuple[list[str], tuple[str, str]]:
    """`count` blots and two marks: code points that no text here holds."""
    used = {ord(character) for character in used_text if ord(character) >= FIRST_BLOT}
    free = (chr(code) for code in range(FIRST_BLOT, 0x110000) if code not in used)
    alphabet = [character for character, _ in zip(free, range(count + 2), strict=False)]
    if len(alphabet) < count + 2:
        raise RequestError(f"a conversation of {count:,} messages is longer than a template can be given.")
    return alphabet[:-2], (alphabet[-2], alphabet[-1])


def _texts(value: Any) -> list[str]:
    """Every text inside a value but the roles; of the keys those that are no plain names."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        keys = [key for key in value if isinstance(key, str) and not key.isidentifier()]
        return keys + [text for key, item in value.items() if key != "role" for text in _texts(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in _texts(item)]
    return []


def _can_touch(piece: str, controls: frozenset[str]) -> bool:
    """Whether `piece` could be a part of a control string: hold one, lie in one, or overlap an end of one."""
    for control in controls:
        if piece in control or control in piece:
            return True
        for length in range(1, min(len(piece), len(control))):
            if piece[-length:] == control[:length] or piece[:length] == control[-length:]:
                return True
    return False
