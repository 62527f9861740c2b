"""Normalisers: what `tokenizer.json` does to a text before it is cut.

    " Élan\\u0301 vital " --Strip--> --NFD--> --StripAccents--> --Lowercase--> "elan vital"

Each gives the characters that `tokenizers` gives, by its editions of Unicode (`unicode_tables.py`), and can
say what each character came from (`apply` on an `Aligned`).

Source: huggingface/tokenizers, its normalizers; BERT's: google-research/bert, tokenization.py.
"""

from __future__ import annotations

import base64
import functools
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import regex

from llmworks.errors import TokenizerError
from llmworks.text.aligned import Aligned, Edit, edited
from llmworks.text.byte_alphabet import to_alphabet
from llmworks.text.oniguruma import Pattern, read_pattern
from llmworks.text.parts_json import Fields, steps_of
from llmworks.text.sentencepiece_charsmap import CharsMap, normalize_graphemes
from llmworks.text.unicode_tables import Form, characters, is_in, lowercase, normal_form


class Normalizer(ABC):
    """Text to text. A normaliser never sees the added tokens that are matched before it."""

    kind: ClassVar[str]

    @abstractmethod
    def edits(self, text: str) -> list[Edit]:
        """What changes, in order, without overlap."""

    def __call__(self, text: str) -> str:
        return edited(text, self.edits(text))

    def apply(self, aligned: Aligned) -> Aligned:
        """The same, remembering where characters came from."""
        return aligned.edit(self.edits(aligned.text))

    def to_json(self) -> dict[str, Any]:
        return {"type": self.kind}


class Chain(Normalizer):
    """One after another."""

    kind = "Sequence"

    def __init__(self, steps: Sequence[Normalizer]) -> None:
        self.steps = list(steps)

    def __call__(self, text: str) -> str:
        for step in self.steps:
            text = step(text)
        return text

    def edits(self, text: str) -> list[Edit]:
        after = self(text)
        return [] if after == text else [Edit(0, len(text), after)]

    def apply(self, aligned: Aligned) -> Aligned:
        for step in self.steps:
            aligned = step.apply(aligned)
        return aligned

    def to_json(self) -> dict[str, Any]:
        return {"type": "Sequence", "normalizers": [step.to_json() for step in self.steps]}


class NormalForm(Normalizer):
    """NFC, NFD, NFKC or NFKD."""

    def __init__(self, form: Form) -> None:
        self.form = form

    def __call__(self, text: str) -> str:
        return normal_form(self.form, text)

    def edits(self, text: str) -> list[Edit]:
        """By stretches that nothing composes with or moves out of."""
        if self(text) == text:
            return []
        starts = [place for place, character in enumerate(text) if place == 0 or _opens(character)]
        found: list[Edit] = []
        for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
            before, after = text[start:end], normal_form(self.form, text[start:end])
            if before == after:
                continue
            single = [normal_form(self.form, character) for character in before]
            if "".join(single) == after:
                found += [
                    Edit(start + place, start + place + 1, new)
                    for place, (old, new) in enumerate(zip(before, single, strict=True))
                    if old != new
                ]
            else:
                found.append(Edit(start, end, after))
        return found

    def to_json(self) -> dict[str, Any]:
        return {"type": self.form}


def _opens(character: str) -> bool:
    """Whether nothing before this character can compose with it."""
    return not unicodedata.combining(character) and character not in _composing_starters()


@functools.cache
def _composing_starters() -> frozenset[str]:
    """Second halves of compositions that are no combining characters (Hangul vowels, some Indic signs)."""
    pairs = (unicodedata.decomposition(chr(point)).split() for point in range(0x20000))
    seconds = {chr(int(pair[1], 16)) for pair in pairs if len(pair) == 2 and pair[0][0] != "<"}
    jamo = {chr(point) for point in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    return frozenset(seconds | jamo)


class PerCharacter(Normalizer):
    """Each character becomes a text of its own accord."""

    def __init__(self) -> None:
        self._table = _Memo(self.one)

    @abstractmethod
    def one(self, character: str) -> str:
        """What a single character becomes."""

    def __call__(self, text: str) -> str:
        return text.translate(self._table)

    def edits(self, text: str) -> list[Edit]:
        news = [(place, old, self._table[ord(old)]) for place, old in enumerate(text)]
        return [Edit(place, place + 1, new) for place, old, new in news if old != new]

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (self.to_json(),)


class _Memo(dict[int, str]):
    """A `str.translate` table that asks once for each character."""

    def __init__(self, one: Callable[[str], str]) -> None:
        super().__init__()
        self._one = one

    def __missing__(self, point: int) -> str:
        found = self[point] = self._one(chr(point))
        return found


class Lowercase(PerCharacter):
    kind = "Lowercase"

    def one(self, character: str) -> str:
        return lowercase(character)

    def __call__(self, text: str) -> str:
        return lowercase(text)


class StripAccents(PerCharacter):
    """Drops combining marks (of Unicode 9)."""

    kind = "StripAccents"

    def one(self, character: str) -> str:
        return "" if character in characters("combining_mark") else character


class Nmt(PerCharacter):
    """SentencePiece's `nmt` rules: control characters go, odd blanks become a space."""

    kind = "Nmt"
    _GONE = frozenset([*range(1, 9), 0xB, *range(0xE, 0x20), 0x7F, 0x8F, 0x9F])
    _BLANK = frozenset(
        [0x9, 0xA, 0xC, 0xD, 0x1680, *range(0x200B, 0x2010), 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD]
    )

    def one(self, character: str) -> str:
        point = ord(character)
        return "" if point in self._GONE else " " if point in self._BLANK else character


class ByteLevel(PerCharacter):
    """Each byte of the text as a character of GPT-2's alphabet."""

    kind = "ByteLevel"

    def one(self, character: str) -> str:
        return to_alphabet(character.encode("utf-8", "surrogateescape"))


class Strip(Normalizer):
    kind = "Strip"

    def __init__(self, left: bool = True, right: bool = True) -> None:
        self.left, self.right = left, right

    def edits(self, text: str) -> list[Edit]:
        blanks = characters("white_space")
        start, end = 0, len(text)
        while self.left and start < end and text[start] in blanks:
            start += 1
        while self.right and end > start and text[end - 1] in blanks:
            end -= 1
        ends = [Edit(0, start, ""), Edit(end, len(text), "")]
        return [edit for edit in ends if edit.start < edit.end]

    def to_json(self) -> dict[str, Any]:
        return {"type": "Strip", "strip_left": self.left, "strip_right": self.right}


class Prepend(Normalizer):
    """Puts a text before every stretch that is not empty."""

    kind = "Prepend"

    def __init__(self, prepend: str) -> None:
        self.prepend = prepend

    def edits(self, text: str) -> list[Edit]:
        return [Edit(0, 1, self.prepend + text[0])] if text and self.prepend else []

    def to_json(self) -> dict[str, Any]:
        return {"type": "Prepend", "prepend": self.prepend}


class Replace(Normalizer):
    kind = "Replace"

    def __init__(self, pattern: Pattern, content: str) -> None:
        self.pattern, self.content = pattern, content

    def __call__(self, text: str) -> str:
        if self.pattern.literal is not None:
            return text.replace(self.pattern.literal, self.content) if self.pattern.literal else text
        return super().__call__(text)

    def edits(self, text: str) -> list[Edit]:
        return [Edit(start, end, new) for start, end, new in self.pattern.replacements(text, self.content)]

    def to_json(self) -> dict[str, Any]:
        return {"type": "Replace", "pattern": self.pattern.to_json(), "content": self.content}


class Precompiled(Normalizer):
    """SentencePiece's own normalisation, compiled into a trie of byte strings (`precompiled_charsmap`)."""

    kind = "Precompiled"

    def __init__(self, charsmap: bytes) -> None:
        self.charsmap = CharsMap(charsmap)

    def __call__(self, text: str) -> str:
        return normalize_graphemes(self.charsmap, text)

    def edits(self, text: str) -> list[Edit]:
        """As `normalize_graphemes` goes: a grapheme as one, or its characters one by one."""
        found: list[Edit] = []
        for match in regex.finditer(r"\X", text):
            whole, start = match.group(), match.start()
            made = None
            if len(whole.encode("utf-8", "surrogateescape")) < 6:
                made = self.charsmap.transform(whole)
            if made is not None:
                found.append(Edit(start, match.end(), made))
                continue
            singles = ((at, self.charsmap.transform(character)) for at, character in enumerate(whole, start))
            found += [Edit(at, at + 1, made) for at, made in singles if made is not None]
        return found

    def to_json(self) -> dict[str, Any]:
        return {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(self.charsmap.blob).decode()}


class BertNormalizer(Normalizer):
    """BERT's: controls go, blanks become spaces, ideographs stand alone, accents go, letters get small.

    strip_accents: None does as `lowercase` says.
    """

    kind = "BertNormalizer"

    def __init__(
        self,
        clean_text: bool = True,
        handle_chinese_chars: bool = True,
        strip_accents: bool | None = None,
        lowercase: bool = True,
    ) -> None:
        self.clean_text, self.handle_chinese_chars = clean_text, handle_chinese_chars
        self.strip_accents, self.lowercase = strip_accents, lowercase
        steps: list[Normalizer] = [_BertCharacters(clean_text, handle_chinese_chars)]
        if lowercase if strip_accents is None else strip_accents:
            steps += [NormalForm("NFD"), _BertMarks()]
        if lowercase:
            steps.append(Lowercase())
        self._steps = Chain(steps)

    def __call__(self, text: str) -> str:
        return self._steps(text)

    def edits(self, text: str) -> list[Edit]:
        return self._steps.edits(text)

    def apply(self, aligned: Aligned) -> Aligned:
        return self._steps.apply(aligned)

    def to_json(self) -> dict[str, Any]:
        names = ("clean_text", "handle_chinese_chars", "strip_accents", "lowercase")
        return {"type": "BertNormalizer"} | {name: getattr(self, name) for name in names}


class _BertCharacters(PerCharacter):
    # Blocks of ideographs, as BERT lists them.
    _BLOCKS = (
        (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
        (0x2B920, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
    )  # fmt: skip

    def __init__(self, clean: bool, ideographs: bool) -> None:
        super().__init__()
        self._clean, self._ideographs = clean, ideographs

    def one(self, character: str) -> str:
        if self._clean:
            if character in characters("bert_space"):
                return " "
            if is_in("bert_removed", character) or "\ud800" <= character <= "\udfff":
                return ""
        point = ord(character)
        if self._ideographs and any(low <= point <= high for low, high in self._BLOCKS):
            return f" {character} "
        return character

    def __reduce__(self) -> tuple[Any, ...]:
        return _BertCharacters, (self._clean, self._ideographs)


class _BertMarks(PerCharacter):
    def one(self, character: str) -> str:
        return "" if character in characters("bert_mark") else character

    def __reduce__(self) -> tuple[Any, ...]:
        return _BertMarks, ()


def read_normalizer(value: Any, what: str = "normalizer") -> Normalizer | None:
    """The normaliser that a tokenizer.json describes; None where it has none."""
    if value is None:
        return None
    fields = Fields(value, what)
    if fields.kind == "Sequence":
        steps = (read_normalizer(step, place) for step, place in steps_of(fields, "normalizers"))
        return Chain([step for step in steps if step is not None])
    build = _KINDS.get(fields.kind)
    if build is None:
        known = ", ".join(sorted([*_KINDS, "Sequence"]))
        raise TokenizerError(f"{what} {fields.kind} is not supported; known are {known}")
    return build(fields)


def _rebuilt(value: dict[str, Any]) -> Normalizer | None:
    return read_normalizer(value)


def _bert(fields: Fields) -> Normalizer:
    strip = fields.get("strip_accents", (bool, type(None)), None)
    others = (fields.get(name, bool, True) for name in ("clean_text", "handle_chinese_chars", "lowercase"))
    clean, chinese, lower = others
    return BertNormalizer(clean, chinese, strip, lower)


def _precompiled(fields: Fields) -> Normalizer:
    text = fields.get("precompiled_charsmap", str)
    try:
        charsmap = base64.b64decode(text, validate=True)
    except ValueError:
        raise TokenizerError(f"{fields.what}.precompiled_charsmap is no base64") from None
    return Precompiled(charsmap)


_KINDS: dict[str, Callable[[Fields], Normalizer]] = {
    "NFC": lambda fields: NormalForm("NFC"),
    "NFD": lambda fields: NormalForm("NFD"),
    "NFKC": lambda fields: NormalForm("NFKC"),
    "NFKD": lambda fields: NormalForm("NFKD"),
    "Lowercase": lambda fields: Lowercase(),
    "StripAccents": lambda fields: StripAccents(),
    "Nmt": lambda fields: Nmt(),
    "ByteLevel": lambda fields: ByteLevel(),
    "Strip": lambda fields: Strip(fields.get("strip_left", bool), fields.get("strip_right", bool)),
    "Prepend": lambda fields: Prepend(fields.get("prepend", str)),
    "Replace": lambda fields: Replace(
        read_pattern(fields.get("pattern", dict), f"{fields.what}.pattern"), fields.get("content", str)
    ),
    "Precompiled": _precompiled,
    "BertNormalizer": _bert,
}
