"""Added tokens in a pipeline: found in the text before and after it is normalised.

    "Hi <mask> there"   lstrip:      "Hi" | " <mask>" | " there"
    "a<mask>b"          single_word: not a token there
    "MASK it"           normalized, with a normaliser that lower-cases: the token `mask` is read

Tokens that are not `normalized` are looked for in the text as it came; what lies between is normalised, and
in that the others are looked for, they too normalised. At each place the longest wins. A control token is
looked for only where the caller allows it.

Source: huggingface/tokenizers, its AddedVocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from llmworks.text.aligned import Aligned
from llmworks.text.normalizers import Normalizer
from llmworks.text.special import AddedToken, allowed_among
from llmworks.text.unicode_tables import characters, is_in


class _Finder(NamedTuple):
    pattern: re.Pattern[str]
    tokens: dict[str, AddedToken]


class AddedVocabulary:
    def __init__(self, tokens: Sequence[AddedToken], normalizer: Normalizer | None) -> None:
        self.tokens = list(tokens)
        self.control = frozenset(token.text for token in tokens if token.control)
        self._plain = frozenset(token.text for token in tokens if not token.control)
        self._normalizer = normalizer
        self._finders = lru_cache(maxsize=16)(self._build)

    def __reduce__(self) -> tuple[object, ...]:
        return AddedVocabulary, (self.tokens, self._normalizer)

    def split(
        self, text: Aligned, allow_special: bool | Collection[str]
    ) -> Iterator[tuple[Aligned, AddedToken | None]]:
        """The normalised stretches between added tokens (None), and the tokens, in order."""
        raw, normalized = self._finders(self._plain | allowed_among(self.control, allow_special))
        for part, token in _cut(text, raw):
            if token is not None:
                yield part, token
                continue
            if self._normalizer is not None:
                if part.spans is None:
                    part = Aligned(self._normalizer(part.text), None, part.first)
                else:
                    part = self._normalizer.apply(part)
                    # Where its front was stripped it does not begin where the text begins.
                    part.first = part.span(0, 1)[0] == 0 if part.text else False
            yield from _cut(part, normalized)

    def _build(self, texts: frozenset[str]) -> tuple[_Finder | None, _Finder | None]:
        raw: dict[str, AddedToken] = {}
        normalized: dict[str, AddedToken] = {}
        for token in self.tokens:
            if token.text not in texts:
                continue
            if not token.normalized:
                raw[token.text] = token
            else:
                written = self._normalizer(token.text) if self._normalizer else token.text
                normalized.setdefault(written, token)
        return _finder(raw), _finder(normalized)


def _finder(tokens: dict[str, AddedToken]) -> _Finder | None:
    """Longest first, since `re` takes the first alternative that matches."""
    texts = sorted((text for text in tokens if text), key=len, reverse=True)
    if not texts:
        return None
    return _Finder(re.compile("|".join(map(re.escape, texts))), tokens)


def _cut(text: Aligned, finder: _Finder | None) -> Iterator[tuple[Aligned, AddedToken | None]]:
    if finder is None:
        if text.text:
            yield text, None
        return
    place = 0
    for start, end, token in _matches(text.text, finder):
        if place < start:
            yield text.slice(place, start), None
        yield text.slice(start, end), token
        place = end
    if place < len(text.text):
        yield text.slice(place, len(text.text)), None


def _matches(text: str, finder: _Finder) -> Iterator[tuple[int, int, AddedToken]]:
    blanks = characters("white_space")
    last = 0
    for match in finder.pattern.finditer(text):
        start, end = match.span()
        if start < last:  # in the white space that a token before it took
            continue
        token = finder.tokens[match.group()]
        if token.single_word and (_is_word(text[start - 1 : start]) or _is_word(text[end : end + 1])):
            continue
        while token.lstrip and start > last and text[start - 1] in blanks:
            start -= 1
        while token.rstrip and end < len(text) and text[end] in blanks:
            end += 1
        yield start, end, token
        last = end


def _is_word(character: str) -> bool:
    return bool(character) and is_in("word", character)
