"""Text that knows who wrote each of its characters, however a template cuts, trims, joins or escapes it.

    text      <|im_start|>user⏎Say <|im_end|>!<|im_end|>⏎
    origins   0000000000000000022222222222222200000000000       0: the template, 2: the first message, 4: …

`Text` is a `str` with a second string of the same length beside it: one code point a character, its origin.
What cuts or joins a text does the same to its origins, so a template runs as it always does (it compares,
searches and tests the true characters) and what it prints can be told apart afterwards. A plain `str` is the
template's own. Where an operation is too involved to follow (`'%5s' % text`), all of its result counts as
the message's: never as the template's. This is taint tracking, as in Perl's `-T`, a character at a time.

An origin's code is even; the odd code above it is the same origin inside a `{% generation %}` block.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, SupportsIndex

TEMPLATE = "\0"


class Text(str):
    """A `str` whose character i was written by `_llmworks_origins[i]`."""

    __slots__ = ("_llmworks_origins",)  # a name that no message uses: Jinja looks at attributes before keys

    _llmworks_origins: str

    def __new__(cls, text: str, origins: str) -> Text:
        if len(text) != len(origins):
            raise ValueError("a text and its origins differ in length")
        made = super().__new__(cls, text)
        made._llmworks_origins = origins
        return made

    def __str__(self) -> str:
        return self

    def __getitem__(self, key: SupportsIndex | slice) -> Text:
        return Text(super().__getitem__(key), self._llmworks_origins[key])

    def __iter__(self) -> Iterator[Text]:
        for character, origin in zip(super().__iter__(), self._llmworks_origins, strict=True):
            yield Text(character, origin)

    def __add__(self, other: str) -> str:
        return concat((self, other)) if isinstance(other, str) else NotImplemented

    def __radd__(self, other: str) -> str:
        return concat((other, self)) if isinstance(other, str) else NotImplemented

    def __mul__(self, times: SupportsIndex) -> Text:
        return Text(super().__mul__(times), self._llmworks_origins * times)

    __rmul__ = __mul__

    def __mod__(self, given: Any) -> str:
        return percent(self, given)

    def __rmod__(self, pattern: Any) -> str:
        return percent(pattern, self) if isinstance(pattern, str) else NotImplemented

    # What takes from the ends.

    def lstrip(self, chars: str | None = None, /) -> Text:
        return self[len(self) - len(super().lstrip(chars)) :]

    def rstrip(self, chars: str | None = None, /) -> Text:
        return self[: len(super().rstrip(chars))]

    def strip(self, chars: str | None = None, /) -> Text:
        return self.lstrip(chars).rstrip(chars)

    def removeprefix(self, prefix: str, /) -> Text:
        return self[len(prefix) :] if self.startswith(prefix) else self

    def removesuffix(self, suffix: str, /) -> Text:
        return self[: len(self) - len(suffix)] if suffix and self.endswith(suffix) else self

    # What cuts.

    def _cut(self, parts: Iterable[str], gap: int) -> list[Text]:
        """The parts of self that lie one after another with `gap` characters between."""
        cut, position = [], 0
        for part in parts:
            cut.append(self[position : position + len(part)])
            position += len(part) + gap
        return cut

    def split(self, sep: str | None = None, maxsplit: SupportsIndex = -1) -> list[Text]:  # type: ignore[override]
        parts = super().split(sep, maxsplit)
        if sep is not None:
            return self._cut(parts, len(sep))
        cut, position = [], 0
        for part in parts:
            position = self.index(part, position)
            cut.append(self[position : position + len(part)])
            position += len(part)
        return cut

    def rsplit(self, sep: str | None = None, maxsplit: SupportsIndex = -1) -> list[Text]:  # type: ignore[override]
        parts = super().rsplit(sep, maxsplit)
        if sep is not None:
            return self._cut(parts, len(sep))
        cut, end = [], len(self)
        for part in reversed(parts):
            end = self.rindex(part, 0, end)
            cut.append(self[end : end + len(part)])
        return cut[::-1]

    def splitlines(self, keepends: bool = False) -> list[Text]:  # type: ignore[override]
        lines = self._cut(super().splitlines(True), 0)
        if keepends:
            return lines
        return [line[: len(str.splitlines(line)[0])] for line in lines]

    def partition(self, sep: str, /) -> tuple[Text, Text, Text]:
        return tuple(self._cut(super().partition(sep), 0))  # type: ignore[return-value]

    def rpartition(self, sep: str, /) -> tuple[Text, Text, Text]:
        return tuple(self._cut(super().rpartition(sep), 0))  # type: ignore[return-value]

    # What joins and changes.

    def join(self, items: Iterable[str], /) -> str:
        return join(self, items)

    def replace(self, old: str, new: str, count: SupportsIndex = -1, /) -> str:
        if old:
            return join(new, self.split(old, count))
        return blame(super().replace(old, new, count), self, new)

    def upper(self) -> str:
        return self._letter_by_letter(str.upper)

    def lower(self) -> str:
        return self._letter_by_letter(str.lower)

    def title(self) -> str:
        return self._letter_by_letter(str.title)

    def capitalize(self) -> str:
        return self._letter_by_letter(str.capitalize)

    def swapcase(self) -> str:
        return self._letter_by_letter(str.swapcase)

    def casefold(self) -> str:
        return self._letter_by_letter(str.casefold)

    def _letter_by_letter(self, change: Callable[[str], str]) -> str:
        changed = change(self)
        if len(changed) == len(self):
            return Text(changed, self._llmworks_origins)
        pieces = [change(character) for character in str.__iter__(self)]  # ß becomes SS
        origins = "".join(
            origin * len(piece) for origin, piece in zip(self._llmworks_origins, pieces, strict=True)
        )
        return Text(changed, origins) if len(origins) == len(changed) else blame(changed, self)

    def center(self, width: SupportsIndex, fill: str = " ", /) -> str:
        return self._within(super().center(width, fill))

    def ljust(self, width: SupportsIndex, fill: str = " ", /) -> str:
        return self + str.__getitem__(super().ljust(width, fill), slice(len(self), None))

    def rjust(self, width: SupportsIndex, fill: str = " ", /) -> str:
        padded = super().rjust(width, fill)
        return str.__getitem__(padded, slice(len(padded) - len(self))) + self

    def zfill(self, width: SupportsIndex, /) -> str:
        return blame(super().zfill(width), self)

    def expandtabs(self, tabsize: SupportsIndex = 8) -> str:
        return blame(super().expandtabs(tabsize), self)

    def _within(self, padded: str) -> str:
        start = padded.find(str.__str__(self))
        return concat((padded[:start], self, padded[start + len(self) :]))


class TracedDict(dict[Any, Any]):
    """An object of a message: JSON that a template makes of it is the message's, braces and all."""

    _llmworks_origins: str


class TracedList(list[Any]):
    """A list of a message."""

    _llmworks_origins: str


class TracedInt(int):
    """A number of a message; what is computed from it is a plain number."""

    _llmworks_origins: str


class TracedFloat(float):
    """A number of a message with a fraction."""

    _llmworks_origins: str


def traced(value: Any, origin: str) -> Any:
    """A copy of JSON data in which everything is of `origin` (one code point)."""
    made: Any
    if isinstance(value, str):
        return Text(value, origin * len(value))
    if isinstance(value, Mapping):
        made = TracedDict({traced(key, origin): traced(item, origin) for key, item in value.items()})
    elif isinstance(value, list):
        made = TracedList(traced(item, origin) for item in value)
    elif isinstance(value, tuple):
        return tuple(traced(item, origin) for item in value)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        return value
    else:
        made = TracedInt(value) if isinstance(value, int) else TracedFloat(value)
    made._llmworks_origins = origin
    return made


def origins_of(text: str) -> str:
    """One code point a character."""
    return text._llmworks_origins if isinstance(text, Text) else TEMPLATE * len(text)


def plain(text: str) -> str:
    """The characters alone."""
    return "".join((text,))


def concat(parts: Iterable[str]) -> str:
    """`"".join`, with the origins."""
    parts = list(parts)
    text = "".join(parts)
    if not any(isinstance(part, Text) for part in parts):
        return text
    return Text(text, "".join(map(origins_of, parts)))


def join(separator: str, items: Iterable[str]) -> str:
    """`separator.join(items)`, with the origins."""
    parts: list[str] = []
    for item in items:
        parts += [separator, item] if parts else [item]
    return concat(parts)


def printed(value: Any) -> str:
    """`str(value)`, with the origins."""
    if isinstance(value, str):
        return value
    text = str(value)
    if isinstance(value, list | tuple | dict) and origin_of(value) != TEMPLATE:
        return confirmed(text, _repr_pieces(value, TEMPLATE), value)
    return blame(text, value)


def generated(text: str) -> Text:
    """The same text, as written inside a generation block."""
    return Text(plain(text), origins_of(text).translate(_Odd()))


class _Odd:
    def __getitem__(self, code: int) -> int:
        return code | 1


def owner_of(value: Any, otherwise: str = TEMPLATE) -> str:
    """Whose an object, a list or a number is."""
    if isinstance(value, TracedDict | TracedList | TracedInt | TracedFloat):
        return value._llmworks_origins
    return otherwise


def origin_of(value: Any, depth: int = 64) -> str:
    """Any origin but the template's that is found in a value; the template's if there is no other."""
    if isinstance(value, Text):
        return next((origin for origin in value._llmworks_origins if origin > "\1"), TEMPLATE)
    own = owner_of(value)
    if own != TEMPLATE:
        return own
    if isinstance(value, list | tuple | dict) and depth:
        inside = [*value.keys(), *value.values()] if isinstance(value, dict) else value
        for item in inside:
            found = origin_of(item, depth - 1)
            if found != TEMPLATE:
                return found
    return TEMPLATE


def blame(text: str, *given: Any) -> str:
    """`text`, made from `given` in a way that was not followed: all of it counts as the message's."""
    origin = origin_of(given)
    return text if origin == TEMPLATE else Text(plain(text), origin * len(text))


def confirmed(text: str, pieces: Iterable[str], *given: Any) -> str:
    """The pieces joined if they are `text`, which is what Python made of `given`; else `blame`."""
    followed = concat(pieces)
    return followed if plain(followed) == plain(text) else blame(text, *given)


# --- % formats -------------------------------------------------------------------------------------------

_PERCENT = re.compile(r"%(?:\((\w+)\))?([#0\- +]*\d*(?:\.\d+)?)([diouxXeEfFgGcrsa%])")


def percent(pattern: str, given: Any) -> str:
    """`pattern % given`, with the origins."""
    text = str.__mod__(plain(pattern), given)
    if origin_of((pattern, given)) == TEMPLATE:
        return text
    try:
        return confirmed(text, _percent_pieces(pattern, given), pattern, given)
    except (IndexError, KeyError, TypeError, ValueError):
        return blame(text, pattern, given)


def _percent_pieces(pattern: str, given: Any) -> Iterator[str]:
    values = iter(given if isinstance(given, tuple) else (given,))
    position = 0
    for match in _PERCENT.finditer(plain(pattern)):
        yield pattern[position : match.start()]
        position = match.end()
        name, flags, kind = match.groups()
        if kind == "%":
            yield "%"
            continue
        value = given[name] if name else next(values, "")
        whole = kind == "s" and not flags
        yield printed(value) if whole else blame(f"%{flags}{kind}" % (value,), value)
    yield pattern[position:]


# --- repr ------------------------------------------------------------------------------------------------


def _repr_pieces(value: Any, owner: str) -> Iterator[str]:
    """`repr(value)` of JSON data, in pieces with their origins."""
    owner = owner_of(value, owner)
    if isinstance(value, Text):
        yield from _repr_text(value)
        return
    if not isinstance(value, list | tuple | dict):
        yield Text(repr(value), owner * len(repr(value))) if not isinstance(value, str) else repr(value)
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]" if isinstance(value, list) else "()"
    yield Text(opening, owner)
    for place, item in enumerate(value):
        if place:
            yield Text(", ", owner * 2)
        yield from _repr_pieces(item, owner)
        if isinstance(value, dict):
            yield Text(": ", owner * 2)
            yield from _repr_pieces(value[item], owner)
    if isinstance(value, tuple) and len(value) == 1:
        yield Text(",", owner)
    yield Text(closing, owner)


def _repr_text(value: Text) -> Iterator[Text]:
    quote = '"' if "'" in value and '"' not in value else "'"
    runs = list(same_origin(value))
    yield Text(quote, runs[0][1] if runs else TEMPLATE)
    for run, origin in runs:
        # A run that holds both quotes is written in single ones, as the whole is.
        body = repr(run)[1:-1] if quote == '"' else repr("'\"" + run)[4:-1]
        yield Text(body, origin * len(body))
    yield Text(quote, runs[-1][1] if runs else TEMPLATE)


def same_origin(text: str) -> Iterator[tuple[str, str]]:
    """(characters, origin) of each stretch of one origin."""
    for match in re.finditer(r"(.)\1*", origins_of(text), re.DOTALL):
        yield plain(text)[match.start() : match.end()], match[1]
