"""Decoders: how `tokenizer.json` makes text of tokens again.

    ▁don 't ▁stop  --Replace ▁→" "-->  " don" "'t" " stop"  --Fuse-->  " don't stop"  --Strip-->  "don't stop"

Each is a small machine that is fed one token at a time and gives tokens (`feed`, `flush`), so that a whole
text and a stream go the same way: what a stream gave, joined, is what `decode` of all ids gives.

Bytes that are no UTF-8 become U+FFFD, or, where bytes are asked for, surrogateescape's stand-ins.

Source: huggingface/tokenizers, its decoders.
"""

from __future__ import annotations

import codecs
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, Literal

from llmworks.errors import TokenizerError
from llmworks.text.byte_alphabet import from_alphabet
from llmworks.text.oniguruma import Pattern, read_pattern
from llmworks.text.parts_json import Fields, steps_of
from llmworks.text.pre_tokenizers import read_metaspace

Errors = Literal["replace", "surrogateescape"]
BYTE_TOKEN = re.compile("<0x([0-9A-Fa-f]{2})>")


class Machine:
    """A decoder at work on one text. `feed` takes a token and gives what is certain, `flush` the rest."""

    def feed(self, token: str) -> list[str]:
        return [token]

    def flush(self) -> list[str]:
        return []


class Decoder(ABC):
    kind: ClassVar[str]

    @abstractmethod
    def start(self, errors: Errors) -> Machine:
        """A machine for one text."""

    def __call__(self, tokens: Iterable[str], errors: Errors = "replace") -> str:
        machine = self.start(errors)
        parts = [part for token in tokens for part in machine.feed(token)]
        return "".join(parts + machine.flush())

    def lone(self, token: str) -> str:
        """What a token in the middle of a text stands for by itself (bytes by surrogateescape)."""
        return token

    def to_json(self) -> dict[str, Any]:
        return {"type": self.kind}


class Chain(Decoder):
    kind = "Sequence"

    def __init__(self, steps: Sequence[Decoder]) -> None:
        self.steps = list(steps)

    def start(self, errors: Errors) -> Machine:
        steps = self.steps
        if steps and isinstance(steps[-1], Fuse):
            return _ChainMachine([step.start(errors) for step in steps[:-1]])
        if len(steps) > 1 and isinstance(steps[-2], Fuse) and isinstance(steps[-1], Strip):
            # What this strips is known as the text goes along: a stream need not wait for its end.
            machines = [step.start(errors) for step in steps[:-2]]
            return _ChainMachine([*machines, _FusedStripMachine(steps[-1])])
        return _ChainMachine([step.start(errors) for step in steps])

    def lone(self, token: str) -> str:
        for step in self.steps:
            token = step.lone(token)
        return token

    def to_json(self) -> dict[str, Any]:
        return {"type": "Sequence", "decoders": [step.to_json() for step in self.steps]}


class _ChainMachine(Machine):
    def __init__(self, machines: list[Machine]) -> None:
        self._machines = machines

    def feed(self, token: str) -> list[str]:
        return self._through([token], self._machines)

    def flush(self) -> list[str]:
        left: list[str] = []
        for place, machine in enumerate(self._machines):
            left += self._through(machine.flush(), self._machines[place + 1 :])
        return left

    @staticmethod
    def _through(tokens: list[str], machines: list[Machine]) -> list[str]:
        for machine in machines:
            tokens = [part for token in tokens for part in machine.feed(token)]
        return tokens


class PerToken(Decoder):
    """Each token by itself, wherever it stands."""

    def start(self, errors: Errors) -> Machine:
        return _PerTokenMachine(self.lone)


class _PerTokenMachine(Machine):
    def __init__(self, one: Callable[[str], str]) -> None:
        self._one = one

    def feed(self, token: str) -> list[str]:
        return [self._one(token)]


class ByteLevel(Decoder):
    """Characters of GPT-2's alphabet back to bytes; a token that is not written in it is its own text."""

    kind = "ByteLevel"

    def start(self, errors: Errors) -> Machine:
        return _ByteMachine(errors)

    def lone(self, token: str) -> str:
        return _alphabet_bytes(token).decode("utf-8", "surrogateescape")

    def to_json(self) -> dict[str, Any]:
        return {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}


def _alphabet_bytes(token: str) -> bytes:
    found = from_alphabet(token)
    return token.encode("utf-8", "surrogateescape") if found is None else found


class _ByteMachine(Machine):
    def __init__(self, errors: Errors) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors)

    def feed(self, token: str) -> list[str]:
        text = self._decoder.decode(_alphabet_bytes(token))
        return [text] if text else []

    def flush(self) -> list[str]:
        rest = self._decoder.decode(b"", final=True)
        return [rest] if rest else []


class ByteFallback(Decoder):
    """Runs of `<0xE2>` tokens back to text; a run that is no UTF-8 becomes one U+FFFD a token."""

    kind = "ByteFallback"

    def start(self, errors: Errors) -> Machine:
        return _FallbackMachine(errors)

    def lone(self, token: str) -> str:
        value = byte_of(token)
        return token if value is None else bytes([value]).decode("utf-8", "surrogateescape")


def byte_of(token: str) -> int | None:
    """The byte that `<0xE2>` writes, None for other tokens."""
    found = BYTE_TOKEN.fullmatch(token)
    return int(found[1], 16) if found else None


class _FallbackMachine(Machine):
    def __init__(self, errors: Errors) -> None:
        self._errors = errors
        self._run = bytearray()

    def feed(self, token: str) -> list[str]:
        value = byte_of(token)
        if value is None:
            return [*self.flush(), token]
        self._run.append(value)
        return []

    def flush(self) -> list[str]:
        run = bytes(self._run)
        self._run.clear()
        if not run:
            return []
        try:
            return [run.decode("utf-8")]
        except UnicodeDecodeError:
            if self._errors == "surrogateescape":
                return [run.decode("utf-8", "surrogateescape")]
            return ["\ufffd"] * len(run)


class Fuse(Decoder):
    """All tokens become one, so that what comes after sees the text's beginning and end only once."""

    kind = "Fuse"

    def start(self, errors: Errors) -> Machine:
        return _FuseMachine()


class _FuseMachine(Machine):
    def __init__(self) -> None:
        self._parts: list[str] = []

    def feed(self, token: str) -> list[str]:
        self._parts.append(token)
        return []

    def flush(self) -> list[str]:
        text = "".join(self._parts)
        self._parts.clear()
        return [text]


class Strip(PerToken):
    """Up to `start` times `content` at a token's beginning and `stop` times at its end are dropped."""

    kind = "Strip"

    def __init__(self, content: str = " ", start: int = 0, stop: int = 0) -> None:
        self.content, self.at_start, self.at_stop = content, start, stop

    def start(self, errors: Errors) -> Machine:
        return _PerTokenMachine(self.stripped)

    def stripped(self, token: str) -> str:
        low, high = 0, len(token)
        while low < min(self.at_start, len(token)) and token[low] == self.content:
            low += 1
        most = min(self.at_stop, len(token) - low)
        while len(token) - high < most and token[high - 1] == self.content:
            high -= 1
        return token[low:high]

    def to_json(self) -> dict[str, Any]:
        return {"type": "Strip", "content": self.content, "start": self.at_start, "stop": self.at_stop}


class _FusedStripMachine(Machine):
    """Fuse, then Strip."""

    def __init__(self, strip: Strip) -> None:
        self._content = strip.content
        self._to_drop, self._at_stop = strip.at_start, strip.at_stop
        self._held = 0

    def feed(self, token: str) -> list[str]:
        while self._to_drop and token:
            if token[0] != self._content:
                self._to_drop = 0
            else:
                token, self._to_drop = token[1:], self._to_drop - 1
        if not token:
            return []
        body = token.rstrip(self._content) if self._at_stop else token
        tail = len(token) - len(body)
        text = self._content * self._held + body if body else ""
        run = tail if body else self._held + tail
        self._held = min(run, self._at_stop)
        text += self._content * (run - self._held)
        return [text] if text else []

    def flush(self) -> list[str]:
        self._held = 0
        return []


class Replace(PerToken):
    kind = "Replace"

    def __init__(self, pattern: Pattern, content: str) -> None:
        self.pattern, self.content = pattern, content

    def lone(self, token: str) -> str:
        if self.pattern.literal is not None:
            return token.replace(self.pattern.literal, self.content) if self.pattern.literal else token
        parts, last = [], 0
        for start, end, new in self.pattern.replacements(token, self.content):
            parts += [token[last:start], new]
            last = end
        return "".join([*parts, token[last:]])

    def to_json(self) -> dict[str, Any]:
        return {"type": "Replace", "pattern": self.pattern.to_json(), "content": self.content}


class _Positional(Decoder):
    """The first token of a text is treated otherwise."""

    def start(self, errors: Errors) -> Machine:
        return _PositionalMachine(self.first, self.lone)

    @abstractmethod
    def first(self, token: str) -> str:
        """What the first token becomes."""


class _PositionalMachine(Machine):
    def __init__(self, first: Callable[[str], str], later: Callable[[str], str]) -> None:
        self._now, self._later = first, later

    def feed(self, token: str) -> list[str]:
        text = self._now(token)
        self._now = self._later
        return [text]


class Metaspace(_Positional):
    """▁ back to a blank, and nothing at the beginning of a text."""

    kind = "Metaspace"

    def __init__(self, replacement: str = "▁", prepend_scheme: str = "always", split: bool = True) -> None:
        self.replacement, self.prepend_scheme, self.split = replacement, prepend_scheme, split

    def first(self, token: str) -> str:
        return token.replace(self.replacement, " " if self.prepend_scheme == "never" else "")

    def lone(self, token: str) -> str:
        return token.replace(self.replacement, " ")

    def to_json(self) -> dict[str, Any]:
        names = ("replacement", "prepend_scheme", "split")
        return {"type": "Metaspace"} | {name: getattr(self, name) for name in names}


# What WordPiece's and CTC's cleanup puts in place of what, in this order.
_CLEANUP = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
    (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
]  # fmt: skip


def _cleaned(text: str) -> str:
    for before, after in _CLEANUP:
        text = text.replace(before, after)
    return text


class WordPiece(_Positional):
    """A blank before each token that does not begin with the prefix, which goes."""

    kind = "WordPiece"

    def __init__(self, prefix: str = "##", cleanup: bool = True) -> None:
        self.prefix, self.cleanup = prefix, cleanup

    def first(self, token: str) -> str:
        return _cleaned(token) if self.cleanup else token

    def lone(self, token: str) -> str:
        text = token.removeprefix(self.prefix) if token.startswith(self.prefix) else " " + token
        return _cleaned(text) if self.cleanup else text

    def to_json(self) -> dict[str, Any]:
        return {"type": "WordPiece", "prefix": self.prefix, "cleanup": self.cleanup}


class BPEDecoder(Decoder):
    """The suffix of a word's last token becomes a blank; the last token of all loses it."""

    kind = "BPEDecoder"

    def __init__(self, suffix: str = "</w>") -> None:
        self.suffix = suffix

    def start(self, errors: Errors) -> Machine:
        return _LastMachine(self.lone, lambda token: self._replaced(token, ""))

    def lone(self, token: str) -> str:
        return self._replaced(token, " ")

    def _replaced(self, token: str, new: str) -> str:
        if self.suffix:
            return token.replace(self.suffix, new)
        # An empty suffix stands between all characters, as in Rust.
        return new + "".join(character + new for character in token)

    def to_json(self) -> dict[str, Any]:
        return {"type": "BPEDecoder", "suffix": self.suffix}


class _LastMachine(Machine):
    """Holds one token back, since the last is treated otherwise."""

    def __init__(self, one: Callable[[str], str], last: Callable[[str], str]) -> None:
        self._one, self._last = one, last
        self._held: str | None = None

    def feed(self, token: str) -> list[str]:
        before, self._held = self._held, token
        return [] if before is None else [self._one(before)]

    def flush(self) -> list[str]:
        before, self._held = self._held, None
        return [] if before is None else [self._last(before)]


class CTC(Decoder):
    """Speech: repetitions are one, padding goes, the delimiter is a blank."""

    kind = "CTC"

    def __init__(
        self, pad_token: str = "<pad>", word_delimiter_token: str = "|", cleanup: bool = True
    ) -> None:
        self.pad_token, self.word_delimiter_token, self.cleanup = pad_token, word_delimiter_token, cleanup

    def start(self, errors: Errors) -> Machine:
        return _CTCMachine(self.lone)

    def lone(self, token: str) -> str:
        text = token.replace(self.pad_token, "") if self.pad_token else token
        if self.cleanup:
            text = _cleaned(text)
            text = text.replace(self.word_delimiter_token, " ") if self.word_delimiter_token else text
        return text

    def to_json(self) -> dict[str, Any]:
        names = ("pad_token", "word_delimiter_token", "cleanup")
        return {"type": "CTC"} | {name: getattr(self, name) for name in names}


class _CTCMachine(Machine):
    def __init__(self, one: Callable[[str], str]) -> None:
        self._one = one
        self._before: str | None = None

    def feed(self, token: str) -> list[str]:
        if token == self._before:
            return []
        self._before = token
        text = self._one(token)
        return [text] if text else []


def read_decoder(value: Any, what: str = "decoder") -> Decoder | None:
    """The decoder that a tokenizer.json describes; None where it has none."""
    if value is None:
        return None
    fields = Fields(value, what)
    if fields.kind == "Sequence":
        steps = (read_decoder(step, place) for step, place in steps_of(fields, "decoders"))
        return Chain([step for step in steps if step is not None])
    build = _KINDS.get(fields.kind)
    if build is None:
        known = ", ".join(sorted([*_KINDS, "Sequence"]))
        raise TokenizerError(f"{what} {fields.kind[:60]} is not supported; known are {known}")
    return build(fields)


def _ctc(fields: Fields) -> Decoder:
    pad, delimiter = fields.get("pad_token", str), fields.get("word_delimiter_token", str)
    return CTC(pad, delimiter, fields.get("cleanup", bool))


_KINDS: dict[str, Callable[[Fields], Decoder]] = {
    "ByteLevel": lambda fields: ByteLevel(),
    "ByteFallback": lambda fields: ByteFallback(),
    "Fuse": lambda fields: Fuse(),
    "Strip": lambda fields: Strip(
        fields.character("content", " "), fields.count("start"), fields.count("stop")
    ),
    "Replace": lambda fields: Replace(
        read_pattern(fields.get("pattern", dict), f"{fields.what}.pattern"), fields.get("content", str)
    ),
    "Metaspace": lambda fields: Metaspace(*read_metaspace(fields)),
    "WordPiece": lambda fields: WordPiece(fields.get("prefix", str), fields.get("cleanup", bool)),
    "BPEDecoder": lambda fields: BPEDecoder(fields.get("suffix", str)),
    "CTC": _ctc,
}
