"""SubwordModel: what cuts one piece of the pre-tokenisation into tokens. The middle of every pipeline.

    normaliser --> pre-tokeniser --> pieces --SubwordModel--> tokens --> ids
                                     "▁hello"   BPE, WordPiece, Unigram, WordLevel

`pipeline.PipelineTokenizer` owns what is around it; a model knows pieces, its vocabulary and how it writes
itself into `tokenizer.json`. Its `type` there finds it in `hf_models.MODELS`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from llmworks.text.explain import PieceSteps

CACHE_PIECES = 1 << 16
CACHE_PIECE_LENGTH = 64
# Larger ids are a mistake or an attack: an embedding needs a row for each up to the largest.
MAX_ID = (1 << 24) - 1


class Part(NamedTuple):
    """One token of a piece: its id, and the characters of the piece that it covers."""

    id: int
    start: int
    end: int


class SubwordModel(ABC):
    """Cuts pieces into tokens.

    kind: its `type` in tokenizer.json.
    vocabulary: every token with its id, also those that no text may become (control tokens).
    unk_id: the id for what the vocabulary cannot say, or None.
    byte_fallback: whether a character without a token becomes its bytes, `<0xE2>`.
    keeps_bytes: whether a lone surrogate (surrogateescape's stand-in for a byte that is no UTF-8) in a piece
        comes to that byte's own token; where False the pipeline shows the model U+FFFD instead.
    """

    kind: ClassVar[str]
    vocabulary: Mapping[str, int]
    unk_id: int | None = None
    byte_fallback: bool = False

    @property
    def keeps_bytes(self) -> bool:
        return self.byte_fallback

    @abstractmethod
    def parts(self, piece: str) -> list[Part]:
        """The tokens of a piece (never empty text), in order. What has no token and no `unk_id` to stand for
        it is left out, as `tokenizers` does."""

    @abstractmethod
    def explain(self, piece: str, start: int) -> PieceSteps:
        """How the piece becomes tokens; `start` is where it stands in the text (for `PieceSteps.start`)."""

    @abstractmethod
    def to_json(self) -> dict[str, Any]:
        """The `model` of a tokenizer.json, with `type`."""

    @abstractmethod
    def forbid(self, texts: frozenset[str]) -> None:
        """From now on no piece becomes one of these tokens: they are control tokens, and what a person types
        is text. (A piece that spells one is cut further, or is unknown.)"""

    def ids(self, piece: str) -> list[int]:
        """The ids of `parts`, from a cache for pieces of ordinary length."""
        cache = self._cache
        known = cache.get(piece)
        if known is None:
            known = self._piece_ids(piece)
            if len(piece) <= CACHE_PIECE_LENGTH:
                if len(cache) >= CACHE_PIECES:
                    cache.clear()
                cache[piece] = known
        return known

    def _piece_ids(self, piece: str) -> list[int]:
        return [part.id for part in self.parts(piece)]

    @property
    def _cache(self) -> dict[str, list[int]]:
        cache: dict[str, list[int]] | None = self.__dict__.get("_ids_of_pieces")
        if cache is None:
            cache = self.__dict__["_ids_of_pieces"] = {}
        return cache

    def __getstate__(self) -> dict[str, Any]:
        """Copies and other processes fill their own cache."""
        return {name: value for name, value in self.__dict__.items() if name != "_ids_of_pieces"}
