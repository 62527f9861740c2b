"""Pre-tokenisers: how `tokenizer.json` cuts a normalised text into the pieces that a model works within.

    "don't stop"  --Whitespace-->  don ' t stop      --Metaspace-->  ▁don't ▁stop
                  --ByteLevel-->   don 't Ġstop      --Bert-->       don ' t stop

They cut, and some change what they cut (`ByteLevel` writes bytes as letters, `Metaspace` blanks as ▁).

Source: huggingface/tokenizers, its pre_tokenizers.
"""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from llmworks.errors import TokenizerError
from llmworks.text.aligned import Aligned, Edit, Span
from llmworks.text.byte_alphabet import to_alphabet
from llmworks.text.oniguruma import Pattern, read_pattern
from llmworks.text.parts_json import Fields, steps_of
from llmworks.text.unicode_tables import pattern_for

BEHAVIORS = ("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous")
PREPEND_SCHEMES = ("always", "first", "never")
# GPT-2's pattern as Oniguruma reads it in `tokenizers`.
GPT2_REGEX = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


class PreTokenizer(ABC):
    """Cuts each piece into pieces, in order; empty ones are dropped by whoever runs it."""

    kind: ClassVar[str]

    @abstractmethod
    def cut(self, piece: Aligned) -> list[Aligned]:
        """The pieces of one piece."""

    def __call__(self, pieces: list[Aligned]) -> list[Aligned]:
        return [part for piece in pieces if piece.text for part in self.cut(piece) if part.text]

    def texts(self, text: str) -> list[str]:
        """The pieces of a text that stands at its beginning, as texts only."""
        return [part.text for part in self([Aligned(text)])]

    @property
    def is_plain(self) -> bool:
        """Whether `texts` says it all, wherever a piece stands."""
        return False

    def to_json(self) -> dict[str, Any]:
        return {"type": self.kind}


class Chain(PreTokenizer):
    """One after another, each on all the pieces that the one before left."""

    kind = "Sequence"

    def __init__(self, steps: Sequence[PreTokenizer]) -> None:
        self.steps = list(steps)

    def cut(self, piece: Aligned) -> list[Aligned]:
        return self([piece])

    def __call__(self, pieces: list[Aligned]) -> list[Aligned]:
        for step in self.steps:
            pieces = step(pieces)
        return pieces

    def texts(self, text: str) -> list[str]:
        if not all(step.is_plain for step in self.steps):
            return super().texts(text)
        texts = [text] if text else []
        for step in self.steps:
            texts = [part for piece in texts for part in step.texts(piece)]
        return texts

    def to_json(self) -> dict[str, Any]:
        return {"type": "Sequence", "pretokenizers": [step.to_json() for step in self.steps]}


class Splitter(PreTokenizer):
    """Finds delimiters and cuts by one of the five behaviours."""

    behavior: str = "Isolated"

    @abstractmethod
    def delimiters(self, text: str) -> list[Span]:
        """Where the delimiters are."""

    def cut(self, piece: Aligned) -> list[Aligned]:
        covers = _covered(self.delimiters(piece.text), len(piece.text))
        return [piece.slice(start, end) for start, end in _by_behavior(covers, self.behavior)]


def _covered(matches: list[Span], length: int) -> list[tuple[Span, bool]]:
    """The whole text as stretches, in order, each with whether it is a match."""
    found, last = [], 0
    for start, end in matches:
        if last != start:
            found.append(((last, start), False))
        found.append(((start, end), True))
        last = end
    if last != length:
        found.append(((last, length), False))
    return found


def _by_behavior(stretches: list[tuple[Span, bool]], behavior: str) -> list[Span]:
    if behavior == "Isolated":
        return [span for span, _ in stretches]
    if behavior == "Removed":
        return [span for span, is_match in stretches if not is_match]
    if behavior == "MergedWithNext":
        mirrored = [((-end, -start), is_match) for (start, end), is_match in reversed(stretches)]
        return [(-end, -start) for start, end in reversed(_by_behavior(mirrored, "MergedWithPrevious"))]
    joined: list[Span] = []
    before = False
    for place, ((start, end), is_match) in enumerate(stretches):
        if behavior == "Contiguous":
            joins = place > 0 and is_match == before
        else:  # a delimiter goes to what is before it, unless that is a delimiter
            joins = place > 0 and is_match and not before
        if joins:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
        before = is_match
    return joined


class Split(Splitter):
    kind = "Split"

    def __init__(self, pattern: Pattern, behavior: str = "Isolated", invert: bool = False) -> None:
        self.pattern, self.behavior, self.invert = pattern, behavior, invert

    def delimiters(self, text: str) -> list[Span]:
        found = self.pattern.matches(text)
        if self.invert:
            return [span for span, is_match in _covered(found, len(text)) if not is_match]
        return found

    def cut(self, piece: Aligned) -> list[Aligned]:
        if not self.invert:
            return super().cut(piece)
        covers = _covered(self.pattern.matches(piece.text), len(piece.text))
        turned = [(span, not is_match) for span, is_match in covers]
        return [piece.slice(start, end) for start, end in _by_behavior(turned, self.behavior)]

    @property
    def is_plain(self) -> bool:
        return self.behavior == "Isolated" and not self.invert

    def texts(self, text: str) -> list[str]:
        if not self.is_plain:
            return super().texts(text)
        found, last = [], 0
        for start, end in self.pattern.matches(text):
            if last < start:
                found.append(text[last:start])
            if start < end:
                found.append(text[start:end])
            last = end
        if last < len(text):
            found.append(text[last:])
        return found

    def to_json(self) -> dict[str, Any]:
        pattern = self.pattern.to_json()
        return {"type": "Split", "pattern": pattern, "behavior": self.behavior, "invert": self.invert}


class ByteLevel(PreTokenizer):
    """GPT-2's: its pattern (if `use_regex`), then every byte as a character of its alphabet."""

    kind = "ByteLevel"

    def __init__(
        self, add_prefix_space: bool = True, trim_offsets: bool = True, use_regex: bool = True
    ) -> None:
        self.add_prefix_space, self.trim_offsets, self.use_regex = add_prefix_space, trim_offsets, use_regex
        self._split = Split(Pattern(source=GPT2_REGEX)) if use_regex else None

    def cut(self, piece: Aligned) -> list[Aligned]:
        if self.add_prefix_space and not piece.text.startswith(" "):
            piece = piece.edit([Edit(0, 1, " " + piece.text[:1])])
        pieces = [piece] if self._split is None else self._split.cut(piece)
        return [_as_bytes(part) for part in pieces]

    @property
    def is_plain(self) -> bool:
        return not self.add_prefix_space and not self.use_regex

    def texts(self, text: str) -> list[str]:
        return [_written(text)] if self.is_plain and text else super().texts(text)

    def to_json(self) -> dict[str, Any]:
        names = ("add_prefix_space", "trim_offsets", "use_regex")
        return {"type": "ByteLevel"} | {name: getattr(self, name) for name in names}


@functools.lru_cache(maxsize=1 << 15)
def _written_short(text: str) -> str:
    return to_alphabet(text.encode("utf-8", "surrogateescape"))


def _written(text: str) -> str:
    # The cache holds words, not whole texts.
    return _written_short(text) if len(text) <= 32 else _written_short.__wrapped__(text)


def _as_bytes(piece: Aligned) -> Aligned:
    text = to_alphabet(piece.text.encode("utf-8", "surrogateescape"))
    if piece.spans is None or len(text) == len(piece.text):
        return Aligned(text, piece.spans, piece.first)
    widths = [len(character.encode("utf-8", "surrogateescape")) for character in piece.text]
    spans = [span for span, width in zip(piece.spans, widths, strict=True) for _ in range(width)]
    return Aligned(text, spans, piece.first)


class Metaspace(PreTokenizer):
    """SentencePiece's: blanks become ▁, which is also put in front, and each piece begins with one.

    prepend_scheme: in front of every stretch between added tokens ("always"), only of one that begins where
    the text begins ("first"), or never. split: False leaves one piece.
    """

    kind = "Metaspace"

    def __init__(self, replacement: str = "▁", prepend_scheme: str = "always", split: bool = True) -> None:
        self.replacement, self.prepend_scheme, self.split = replacement, prepend_scheme, split

    def cut(self, piece: Aligned) -> list[Aligned]:
        mark = self.replacement
        text = piece.text.replace(" ", mark)
        front = not text.startswith(mark) and (
            self.prepend_scheme == "always" or (self.prepend_scheme == "first" and piece.first)
        )
        piece = Aligned(text, piece.spans, piece.first)
        if front:
            piece = piece.edit([Edit(0, 1, mark + text[:1])])
        if not self.split:
            return [piece]
        starts = [place for place, character in enumerate(piece.text) if character == mark or place == 0]
        return [
            piece.slice(start, end) for start, end in zip(starts, [*starts[1:], len(piece.text)], strict=True)
        ]

    def to_json(self) -> dict[str, Any]:
        names = ("replacement", "prepend_scheme", "split")
        return {"type": "Metaspace"} | {name: getattr(self, name) for name in names}


Inside = Callable[..., str]


def _blank(inside: Inside) -> str:
    return f"[{inside('white_space')}]"


def _mark(inside: Inside) -> str:
    return f"[{inside('punctuation')}]"


def _digit(inside: Inside) -> str:
    return f"[{inside('numeric')}]"


def _words(inside: Inside) -> str:
    word = inside("word")
    return f"[{word}]+|[^{word}{inside('white_space')}]+"


def _words_and_marks(inside: Inside) -> str:
    mark = inside("punctuation")
    return f"[^{mark}{inside('white_space')}]+|[{mark}]"


class WhitespaceSplit(Splitter):
    """At white space, which is dropped."""

    kind = "WhitespaceSplit"
    behavior = "Removed"

    def delimiters(self, text: str) -> list[Span]:
        return [match.span() for match in pattern_for(text, _blank).finditer(text)]


class Whitespace(PreTokenizer):
    r"""Runs of word characters and runs of others: `\w+|[^\w\s]+`."""

    kind = "Whitespace"

    def cut(self, piece: Aligned) -> list[Aligned]:
        pieces = pattern_for(piece.text, _words).finditer(piece.text)
        return [piece.slice(*match.span()) for match in pieces]

    def texts(self, text: str) -> list[str]:
        return pattern_for(text, _words).findall(text)


class Punctuation(Splitter):
    """ASCII's and Unicode's punctuation."""

    kind = "Punctuation"

    def __init__(self, behavior: str = "Isolated") -> None:
        self.behavior = behavior

    def delimiters(self, text: str) -> list[Span]:
        return [match.span() for match in pattern_for(text, _mark).finditer(text)]

    def to_json(self) -> dict[str, Any]:
        return {"type": "Punctuation", "behavior": self.behavior}


class BertPreTokenizer(PreTokenizer):
    """White space is dropped, each punctuation mark stands alone."""

    kind = "BertPreTokenizer"

    def cut(self, piece: Aligned) -> list[Aligned]:
        pieces = pattern_for(piece.text, _words_and_marks).finditer(piece.text)
        return [piece.slice(*match.span()) for match in pieces]

    def texts(self, text: str) -> list[str]:
        return pattern_for(text, _words_and_marks).findall(text)


class Digits(Splitter):
    """Numeric characters, each alone or in runs."""

    kind = "Digits"

    def __init__(self, individual_digits: bool = False) -> None:
        self.individual_digits = individual_digits
        self.behavior = "Isolated" if individual_digits else "Contiguous"

    def delimiters(self, text: str) -> list[Span]:
        return [match.span() for match in pattern_for(text, _digit).finditer(text)]

    def to_json(self) -> dict[str, Any]:
        return {"type": "Digits", "individual_digits": self.individual_digits}


class CharDelimiterSplit(Splitter):
    """At one character, which is dropped."""

    kind = "CharDelimiterSplit"
    behavior = "Removed"

    def __init__(self, delimiter: str) -> None:
        self.delimiter = delimiter
        self._pattern = Pattern(literal=delimiter)

    def delimiters(self, text: str) -> list[Span]:
        return self._pattern.matches(text)

    def to_json(self) -> dict[str, Any]:
        return {"type": "CharDelimiterSplit", "delimiter": self.delimiter}


class FixedLength(PreTokenizer):
    """Every so many characters."""

    kind = "FixedLength"

    def __init__(self, length: int = 5) -> None:
        self.length = length

    def cut(self, piece: Aligned) -> list[Aligned]:
        size = len(piece.text)
        return [piece.slice(at, min(at + self.length, size)) for at in range(0, size, self.length)]

    def to_json(self) -> dict[str, Any]:
        return {"type": "FixedLength", "length": self.length}


def read_pre_tokenizer(value: Any, what: str = "pre_tokenizer") -> PreTokenizer | None:
    """The pre-tokeniser that a tokenizer.json describes; None where it has none."""
    if value is None:
        return None
    fields = Fields(value, what)
    if fields.kind == "Sequence":
        steps = (read_pre_tokenizer(step, place) for step, place in steps_of(fields, "pretokenizers"))
        return Chain([step for step in steps if step is not None])
    build = _KINDS.get(fields.kind)
    if build is None:
        known = ", ".join(sorted([*_KINDS, "Sequence"]))
        raise TokenizerError(f"{what} {fields.kind[:60]} is not supported; known are {known}")
    return build(fields)


def _behavior(fields: Fields, default: str) -> str:
    value: str = fields.get("behavior", str, default)
    if value not in BEHAVIORS:
        raise TokenizerError(
            f"{fields.what}.behavior is {value[:60]!r}; expected one of {', '.join(BEHAVIORS)}"
        )
    return value


def _split(fields: Fields) -> PreTokenizer:
    pattern = read_pattern(fields.get("pattern", dict), f"{fields.what}.pattern")
    return Split(pattern, _behavior(fields, "Isolated"), fields.get("invert", bool, False))


def _byte_level(fields: Fields) -> PreTokenizer:
    names = ("add_prefix_space", "trim_offsets", "use_regex")
    prefix, trim, own_regex = (fields.get(name, bool, True) for name in names)
    return ByteLevel(prefix, trim, own_regex)


def read_metaspace(fields: Fields) -> tuple[str, str, bool]:
    """(replacement, prepend_scheme, split) of a Metaspace, of today's form or the one before."""
    replacement = fields.character("replacement", "▁")
    older = fields.get("add_prefix_space", bool, True)
    scheme = fields.get("prepend_scheme", str, "always" if older else "never")
    if scheme not in PREPEND_SCHEMES:
        raise TokenizerError(
            f"{fields.what}.prepend_scheme is {scheme[:60]!r}; expected one of {', '.join(PREPEND_SCHEMES)}"
        )
    if not older and scheme != "never":
        raise TokenizerError(
            f"{fields.what}: add_prefix_space is false, but prepend_scheme is {scheme!r}: they contradict"
        )
    return replacement, scheme, fields.get("split", bool, True)


def _fixed_length(fields: Fields) -> PreTokenizer:
    if (length := fields.count("length", 5)) == 0:
        raise TokenizerError(f"{fields.what}.length is 0; expected at least 1")
    return FixedLength(length)


_KINDS: dict[str, Callable[[Fields], PreTokenizer]] = {
    "Split": _split,
    "ByteLevel": _byte_level,
    "Metaspace": lambda fields: Metaspace(*read_metaspace(fields)),
    "WhitespaceSplit": lambda fields: WhitespaceSplit(),
    "Whitespace": lambda fields: Whitespace(),
    "Punctuation": lambda fields: Punctuation(_behavior(fields, "Isolated")),
    "BertPreTokenizer": lambda fields: BertPreTokenizer(),
    "Digits": lambda fields: Digits(fields.get("individual_digits", bool, False)),
    "CharDelimiterSplit": lambda fields: CharDelimiterSplit(fields.character("delimiter", "")),
    "FixedLength": _fixed_length,
}
