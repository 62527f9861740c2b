"""How SentencePiece prepares a text: rules, then blanks.

    " Hello   ﬁne "  --rules-->  " Hello   fine "  --thin-->  "Hello fine"  --prefix, escape-->  "▁Hello▁fine"

`native/charsmap.c` gives the same bytes. Source: google/sentencepiece, normalizer.cc.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np

from llmworks.text.native_pieces import NativeNormalizer, PieceTrie
from llmworks.text.python_unigram import byte_trie, matches
from llmworks.text.sentencepiece_charsmap import CharsMap, character_at
from llmworks.text.sentencepiece_file import META, NormalizerSpec

DUMMY_PREFIX, THIN, ESCAPE, SUFFIX = 1, 2, 4, 8


class _Step(NamedTuple):
    """The bytes `start` to `end` of the text became `made`."""

    made: bytes
    start: int
    end: int


class SentencePieceNormalizer:
    """A spec at work.

    kept: the user's own symbols, which stay as they are. suffix: the dummy blank goes behind the text.
    """

    def __init__(
        self,
        spec: NormalizerSpec,
        kept: Collection[bytes] = (),
        *,
        suffix: bool = False,
        native: bool = True,
    ) -> None:
        self.charsmap = CharsMap(spec.precompiled_charsmap) if spec.precompiled_charsmap else None
        self._flags = (
            DUMMY_PREFIX * spec.add_dummy_prefix
            | THIN * spec.remove_extra_whitespaces
            | ESCAPE * spec.escape_whitespaces
            | SUFFIX * suffix
        )
        entries = dict.fromkeys(kept, 0)
        self._kept = byte_trie(entries) if entries else None
        self._kept_trie = PieceTrie.build(entries) if native and entries else None
        self._native: dict[int, NativeNormalizer] = {}
        if native and (not entries or self._kept_trie is not None):
            for flags in (self._flags, self._flags & ~DUMMY_PREFIX):
                made = self._build(flags)
                if made is not None:
                    self._native[flags] = made

    def _build(self, flags: int) -> NativeNormalizer | None:
        units = None if self.charsmap is None else np.ascontiguousarray(self.charsmap.units)
        replacements = b"" if self.charsmap is None else self.charsmap.replacements
        return NativeNormalizer.build(units, replacements, self._kept_trie, flags)

    def normalize(self, text: bytes, *, opening: bool = True) -> bytes:
        """The normalised text. opening: it opens a text; without, no dummy prefix is added."""
        flags = self._flags if opening else self._flags & ~DUMMY_PREFIX
        native = self._native.get(flags)
        return self.aligned(text, opening=opening)[0] if native is None else native.normalize(text)

    def _steps(self, text: bytes) -> Iterator[_Step]:
        """What each character, symbol or rule of the text becomes."""
        at = 0
        while at < len(text):
            ends = [end for end, _ in matches(self._kept, text, at)] if self._kept is not None else []
            if ends:
                yield _Step(text[at : ends[-1]], at, ends[-1])
                at = ends[-1]
                continue
            length, made = (0, b"") if self.charsmap is None else self.charsmap.longest(text, at)
            if not length:
                length, made = character_at(text, at)
            yield _Step(made, at, at + length)
            at += length

    def _blanked(self, text: bytes, flags: int) -> Iterator[_Step]:
        """The steps with blanks thinned and escaped, and the dummy ones."""
        blank = META.encode() if flags & ESCAPE else b" "
        thin = bool(flags & THIN)
        after_blank, first = thin, True
        for made, start, end in self._steps(text):
            if first and thin and made == b" ":
                continue
            if first and flags & DUMMY_PREFIX and not flags & SUFFIX:
                yield _Step(blank, start, end)
            first = False
            if after_blank:
                made = made.lstrip(b" ")
            if made:
                after_blank = thin and made.endswith(b" ")
            yield _Step(made.replace(b" ", blank), start, end)

    def aligned(self, text: bytes, *, opening: bool = True) -> tuple[bytes, list[tuple[int, int]]]:
        """The normalised text, and for each of its bytes the bytes (start, end) of `text` that it is of."""
        flags = self._flags if opening else self._flags & ~DUMMY_PREFIX
        blank = META.encode() if flags & ESCAPE else b" "
        steps = list(self._blanked(text, flags))
        whole = b"".join(step.made for step in steps)
        origins = [(step.start, step.end) for step in steps for _ in step.made]
        while flags & THIN and whole.endswith(blank):
            whole = whole[: -len(blank)]
        del origins[len(whole) :]
        if flags & DUMMY_PREFIX and flags & SUFFIX and steps:
            whole += blank
            origins += [(steps[-1].start, steps[-1].end)] * len(blank)
        return whole, origins
