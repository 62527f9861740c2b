"""BPE over characters, in the variants of `tokenizer.json`: SentencePiece's with bytes behind, GPT-1's with
`</w>`, and byte-level BPE behind any pre-tokeniser (there the characters are those of the byte alphabet).

    "▁hallo€"  -->  ▁ h a l l o <0xE2> <0x82> <0xAC>  --merges-->  ▁hallo <0xE2> <0x82> <0xAC>

A character without a token becomes its bytes (`byte_fallback`), or `unk_token` (neighbours as one with
`fuse_unk`), or nothing. The merges are those of `python_bpe.py`, in C where that can be built.

Source: huggingface/tokenizers, models/bpe; Sennrich et al. 2016, arXiv:1508.07909.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from llmworks.errors import TokenizerError
from llmworks.text.explain import MergeStep, PieceSteps
from llmworks.text.native_merges import NativeMerges
from llmworks.text.python_bpe import Parts, merge_all
from llmworks.text.subword import Part, SubwordModel

# Where words begin in a text that is one piece (Llama 2, Gemma): before a run of ▁ that ends in a word.
_WORDS = re.compile("▁*[^▁]+|▁+")


class _Symbols(NamedTuple):
    """What the merges start from: ids, and where in the piece each begins and ends."""

    ids: list[int]
    spans: list[tuple[int, int]]


class BPEModel(SubwordModel):
    """vocabulary: token text to id. merges: pairs of token texts in order of priority. native: False keeps to
    the Python path."""

    kind = "BPE"

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        merges: Sequence[tuple[str, str]],
        *,
        unk_token: str | None = None,
        fuse_unk: bool = False,
        byte_fallback: bool = False,
        ignore_merges: bool = False,
        continuing_subword_prefix: str | None = None,
        end_of_word_suffix: str | None = None,
        native: bool = True,
    ) -> None:
        self.vocabulary = dict(vocabulary)
        self.merges = list(merges)
        self.unk_token, self.fuse_unk, self.byte_fallback = unk_token, fuse_unk, byte_fallback
        self.ignore_merges = ignore_merges
        self.continuing_subword_prefix = continuing_subword_prefix
        self.end_of_word_suffix = end_of_word_suffix
        self.unk_id = None if unk_token is None else self.vocabulary.get(unk_token)
        self.use_native = native
        self._known = dict(self.vocabulary)
        self._pairs = self._read_merges()
        self._bytes = self._byte_ids() if byte_fallback else None
        # No merge joins the end of a word with the ▁ of the next: each word can be merged by itself.
        self._by_words = not (continuing_subword_prefix or end_of_word_suffix) and not any(
            (right.startswith("▁") and not left.endswith("▁")) or left.startswith("<0x")
            for left, right in self.merges
        )

    def _read_merges(self) -> dict[tuple[int, int], tuple[int, int]]:
        pairs: dict[tuple[int, int], tuple[int, int]] = {}
        prefix = self.continuing_subword_prefix or ""
        for place, (left, right) in enumerate(self.merges):
            joined = left + (right[len(prefix) :] if prefix else right)
            for part in (left, right, joined):
                if part not in self.vocabulary:
                    raise TokenizerError(
                        f"merge {place} ({left[:40]} {right[:40]}): {part[:60]!r} is not in the vocabulary"
                    )
            # The later of two equal merges counts, as in `tokenizers`.
            pairs[self.vocabulary[left], self.vocabulary[right]] = (place, self.vocabulary[joined])
        return pairs

    def _byte_ids(self) -> list[int | None]:
        return [self.vocabulary.get(f"<0x{value:02X}>") for value in range(256)]

    @property
    def keeps_bytes(self) -> bool:
        return self._bytes is not None and None not in self._bytes

    def forbid(self, texts: frozenset[str]) -> None:
        # A token that merges make is text like any other.
        made = {left + right for left, right in self.merges}
        self._known = {text: id for text, id in self._known.items() if text not in texts or text in made}

    def _piece_ids(self, piece: str) -> list[int]:
        if self.ignore_merges and piece in self._known:
            return [self._known[piece]]
        if self._by_words and "▁" in piece[1:]:
            words = _WORDS.findall(piece)
            if len(words) > 1:
                return [id for word in words for id in self._word_ids(word)]
        return self._merged_ids(piece)

    def _word_ids(self, word: str) -> list[int]:
        cache = self._cache
        key = "\0" + word  # a word in a piece is never looked up whole
        known = cache.get(key)
        if known is None:
            known = self._merged_ids(word)
            if len(word) <= 64:
                if len(cache) >= 1 << 16:
                    cache.clear()
                cache[key] = known
        return known

    def _merged_ids(self, piece: str) -> list[int]:
        ids = self._start_ids(piece)
        if self._native is not None:
            return self._native(ids)
        parts = Parts(ids)
        for _ in merge_all(parts, self._join):
            pass
        return parts.ids()

    @functools.cached_property
    def _native(self) -> NativeMerges | None:
        return NativeMerges.build(self._pairs) if self.use_native else None

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "_native"}

    def _join(self, left: int, right: int) -> tuple[int, int] | None:
        return self._pairs.get((left, right))

    def parts(self, piece: str) -> list[Part]:
        if self.ignore_merges and piece in self._known:
            return [Part(self._known[piece], 0, len(piece))]
        symbols = self._symbols(piece)
        parts = Parts(list(symbols.ids))
        for _ in merge_all(parts, self._join):
            pass
        places = parts.places()
        ends = [*places[1:], parts.count]
        return [
            Part(parts.id[place], symbols.spans[place][0], symbols.spans[end - 1][1])
            for place, end in zip(places, ends, strict=True)
        ]

    def explain(self, piece: str, start: int) -> PieceSteps:
        if self.ignore_merges and piece in self._known:
            return PieceSteps(start, piece, [], [], [self._known[piece]], whole=True)
        symbols = self._symbols(piece)
        parts = Parts(list(symbols.ids))
        steps = [MergeStep(*step, parts.ids()) for step in merge_all(parts, self._join)]
        return PieceSteps(start, piece, symbols.ids, steps, parts.ids())

    def _start_ids(self, piece: str) -> list[int]:
        if not (self.continuing_subword_prefix or self.end_of_word_suffix):
            try:
                return [self._known[character] for character in piece]
            except KeyError:
                pass
        return self._symbols(piece).ids

    def _symbols(self, piece: str) -> _Symbols:
        found = _Symbols([], [])
        pending: tuple[int, int] | None = None  # unknown characters that wait for one more

        def close() -> None:
            nonlocal pending
            if pending is not None and self.unk_id is not None:
                found.ids.append(self.unk_id)
                found.spans.append(pending)
            pending = None

        for place, character in enumerate(piece):
            text = character
            if place and self.continuing_subword_prefix:
                text = self.continuing_subword_prefix + text
            if place == len(piece) - 1 and self.end_of_word_suffix:
                text += self.end_of_word_suffix
            id = self._known.get(text)
            if id is not None:
                close()
                found.ids.append(id)
                found.spans.append((place, place + 1))
            elif (values := self._fallback(text)) is not None:
                # As in `tokenizers`, an unknown character before is put only when a known one follows.
                found.ids.extend(values)
                found.spans.extend([(place, place + 1)] * len(values))
            elif self.unk_id is not None:
                if pending is not None and self.fuse_unk:
                    pending = (pending[0], place + 1)
                else:
                    close()
                    pending = (place, place + 1)
        close()
        return found

    def _fallback(self, text: str) -> list[int] | None:
        if self._bytes is None:
            return None
        ids = [self._bytes[value] for value in text.encode("utf-8", "surrogateescape")]
        return None if None in ids else [id for id in ids if id is not None]

    def to_json(self) -> dict[str, Any]:
        return {
            "type": "BPE",
            "dropout": None,
            "unk_token": self.unk_token,
            "continuing_subword_prefix": self.continuing_subword_prefix,
            "end_of_word_suffix": self.end_of_word_suffix,
            "fuse_unk": self.fuse_unk,
            "byte_fallback": self.byte_fallback,
            "ignore_merges": self.ignore_merges,
            "vocab": dict(sorted(self.vocabulary.items(), key=lambda item: item[1])),
            "merges": [list(pair) for pair in self.merges],
        }
