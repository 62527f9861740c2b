"""SentencePiece: text without words. Blanks are characters like others (`▁`), so any script is cut alike.

    "Hello  ﬁne"  --normaliser-->  "▁Hello▁fine"  --Unigram | BPE | word | char-->  pieces  -->  ids

Ids and decoded text are those of the SentencePiece library for the same `tokenizer.model`. Round trips lose
what the normaliser folds (blanks thinned, `ﬁ` for `fi`, a literal `▁`), bytes that are no UTF-8, and, without
byte fallback, unknown characters: `lossless` is False.

Source: Kudo and Richardson, "SentencePiece" (2018); google/sentencepiece, sentencepiece_processor.cc.
"""

from __future__ import annotations

import functools
import hashlib
import operator
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from llmworks.errors import TokenizerError
from llmworks.text.explain import Explanation, PieceSteps, ids_in
from llmworks.text.limits import read_bytes
from llmworks.text.native_pieces import Ends
from llmworks.text.python_unigram import byte_trie, character_length, matches, put_segments
from llmworks.text.sentencepiece_bpe import PieceBPE
from llmworks.text.sentencepiece_decoder import PieceStream
from llmworks.text.sentencepiece_file import (
    META,
    ModelType,
    Piece,
    PieceType,
    SentencePieceModel,
    byte_of,
    byte_piece,
    model_bytes,
    read_model,
    write_model,
)
from llmworks.text.sentencepiece_normalizer import SentencePieceNormalizer
from llmworks.text.special import AddedToken, SpecialSplitter
from llmworks.text.tokenizer import Ids, Tokenizer, TokenSpan, utf8
from llmworks.text.unigram import Unigram, character_places

# The user's own symbols that steer a chat are control tokens here: no text becomes them unless allowed.
_STEERING = re.compile(
    rb"<\|[^|]+\|>|<(start|end|begin|eos|bos)_of_\w+>|<(bos|eos|pad|unk|mask|s|/s)>|\[/?(INST|SYS|TOOL_\w+)\]"
)


class Segmenter(Protocol):
    """Cuts normalised text into ids."""

    def encode(self, text: bytes, *, with_ends: bool = False) -> tuple[Ids, Ends | None]: ...


class SentencePieceTokenizer(Tokenizer):
    """The tokenizer of a `tokenizer.model`.

    A control token that is allowed cuts the text; each stretch between is a text of its own, with its own
    dummy prefix. add_bos: as in Tokenizer; the file does not say it.
    native: False keeps to the Python path.
    """

    lossless = False

    def __init__(self, model: SentencePieceModel, *, add_bos: bool = False, native: bool = True) -> None:
        self.model = model
        self.add_bos = add_bos
        self._native_wanted = native
        self.vocab_size = len(model.pieces)
        self.unk_id = next(iter(model.ids_of_type(PieceType.UNKNOWN)), None)
        self.bos_id = model.control_id(model.bos_piece)
        self.eos_id = model.control_id(model.eos_piece)
        self.pad_id = model.control_id(model.pad_piece)
        # What no text may become is of type CONTROL from here on, whatever the file calls it.
        self.pieces = [_steering_as_control(piece) for piece in model.pieces]
        self.special_tokens = {
            piece.text.decode("utf-8", "replace"): id
            for id, piece in enumerate(self.pieces)
            if piece.type == PieceType.CONTROL
        }
        self._splitter = SpecialSplitter([AddedToken(text, id) for text, id in self.special_tokens.items()])
        own = [piece.text for piece in self.pieces if piece.type == PieceType.USER_DEFINED]
        self._normalizer = SentencePieceNormalizer(
            model.normalizer, own, suffix=model.treat_whitespace_as_suffix, native=native
        )
        self._byte_ids = byte_ids_of(self.pieces) if model.byte_fallback else None
        self._segmenter = self._build_segmenter(native)

    @classmethod
    def from_model_file(cls, path: Path, **choices: Any) -> SentencePieceTokenizer:
        return cls(read_model(read_bytes(path), str(path)), **choices)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object, ...]]:
        rules: dict[str, Any] = {"add_bos": self.add_bos, "native": self._native_wanted}
        return functools.partial(type(self), **rules), (self.model,)

    def _build_segmenter(self, native: bool) -> Segmenter:
        kind = self.model.type
        if kind == ModelType.BPE:
            return PieceBPE(self.pieces, self.unk_id, self._byte_ids, native=native)
        if kind == ModelType.UNIGRAM:
            return _UnigramSegmenter(
                unigram_of(self.pieces, self.unk_id, self.model.byte_fallback, native=native)
            )
        return _LookupSegmenter(self.pieces, self.unk_id, self._byte_ids, words=kind == ModelType.WORD)

    def normalize(self, text: str | bytes) -> str:
        """What the pieces are cut from."""
        return self._normalizer.normalize(utf8(text)).decode("utf-8", "replace")

    def _normalized_stretch(self, part: bytes, opening: bool) -> bytes:
        return self._normalizer.normalize(part, opening=opening)

    def encode_array(self, text: str | bytes, *, allow_special: bool | Collection[str] = False) -> Ids:
        parts = []
        opening = True
        for part, id in self._splitter.split(utf8(text), allow_special):
            if id is None:
                parts.append(self._segmenter.encode(self._normalized_stretch(part, opening))[0])
            else:
                parts.append(np.array([id], np.int32))
                # The user's own symbols stand within a text, control pieces between texts.
                opening = self.model.pieces[id].type == PieceType.CONTROL
        return np.concatenate(parts) if parts else np.zeros(0, np.int32)

    def spans(self, text: str, *, allow_special: bool | Collection[str] = False) -> list[TokenSpan]:
        found: list[TokenSpan] = []
        data = utf8(text)
        places = character_places(text, len(data))
        base, opening = 0, True
        for part, id in self._splitter.split(data, allow_special):
            if id is not None:
                found.append(TokenSpan(id, places[base], places[base + len(part) - 1] + 1))
                opening = self.model.pieces[id].type == PieceType.CONTROL
            else:
                normalized, origins = self._normalizer.aligned(part, opening=opening)
                ids, ends = self._segmenter.encode(normalized, with_ends=True)
                assert ends is not None
                start = 0
                for token, end in zip(ids.tolist(), ends.tolist(), strict=True):
                    low, high = base + origins[start][0], base + origins[end - 1][1]
                    found.append(TokenSpan(token, places[low], places[high - 1] + 1))
                    start = end
            base += len(part)
        return found

    def sample(self, text: str, *, alpha: float = 1.0, seed: int | None = None) -> list[int]:
        """Ids of a way to cut `text` drawn with probability ∝ exp(α · score); Unigram models only."""
        normalized = self.normalize(text)
        return self.unigram.sample(normalized, alpha=alpha, seed=seed) if normalized else []

    @property
    def unigram(self) -> Unigram:
        """The Unigram model inside, for n-best and sampled ways."""
        if isinstance(self._segmenter, _UnigramSegmenter):
            return self._segmenter.model
        raise TokenizerError(f"a {self.model.type.name} model has one way to cut a text; Unigram has many")

    def token_bytes(self, id: int) -> bytes:
        piece = self._piece(id)
        if piece.type == PieceType.UNKNOWN:
            return self.model.unk_surface.encode()
        if piece.type == PieceType.BYTE:
            value = byte_of(piece.text)
            assert value is not None
            return bytes([value])
        return piece.text if piece.type == PieceType.CONTROL else piece.text.replace(META.encode(), b" ")

    def _piece(self, id: int) -> Piece:
        id = operator.index(id)
        if not 0 <= id < len(self.pieces):
            raise TokenizerError(f"id {id} is no token here: ids are 0 to {self.vocab_size - 1}")
        return self.pieces[id]

    def token_id(self, token: str) -> int | None:
        return self._ids_by_text.get(token.encode("utf-8", "surrogateescape"))

    @functools.cached_property
    def _ids_by_text(self) -> dict[bytes, int]:
        return {piece.text: id for id, piece in reversed(list(enumerate(self.pieces)))}

    def decode(self, ids: Iterable[int], *, skip_control: bool = False) -> str:
        """The text of `ids`. The blank that the dummy prefix put before a text is taken away again.

        skip_control: control tokens are left out, as the SentencePiece library does; else written out."""
        stream = self.stream(skip_control=skip_control)
        return "".join([stream.feed(id) for id in ids]) + stream.flush()

    def decode_bytes(self, ids: Iterable[int]) -> bytes:
        """`decode` in UTF-8, but bytes that are no UTF-8 stay as they are."""
        stream = self.stream(errors="surrogateescape")
        text = "".join([stream.feed(id) for id in ids]) + stream.flush()
        return text.encode("utf-8", "surrogateescape")

    def stream(
        self, before: Iterable[int] = (), *, skip_control: bool = False, errors: str = "each"
    ) -> PieceStream:
        """A decoder for one id at a time. before: ids that the new ones continue, so that a word that goes on
        a text keeps its blank; their own text is not given again."""
        stream = PieceStream(self, skip_control=skip_control, errors=errors)
        for id in before:
            stream.feed(id)
        return stream

    def explain(self, text: str, *, allow_special: bool | Collection[str] = False) -> Explanation:
        pieces: list[PieceSteps] = []
        start = 0
        opening = True
        for part, id in self._splitter.split(utf8(text), allow_special):
            if id is not None:
                pieces.append(PieceSteps(start, part.decode("utf-8", "replace"), [], [], [id], control=True))
                opening = self.model.pieces[id].type == PieceType.CONTROL
            else:
                normalized = self._normalized_stretch(part, opening)
                if normalized:
                    pieces.append(self._explain_stretch(normalized, start))
            start += len(part.decode("utf-8", "surrogateescape"))
        ids = [id for piece in pieces for id in piece.ids]
        seen = {id for piece in pieces for id in ids_in(piece) if id >= 0}
        labels = {id: self.token_label(id) for id in sorted(seen)}
        kind = {ModelType.BPE: "merges", ModelType.UNIGRAM: "lattice"}.get(self.model.type, "lookup")
        return Explanation(text, "sentencepiece", pieces, ids, labels, kind)

    def _explain_stretch(self, normalized: bytes, start: int) -> PieceSteps:
        text = normalized.decode("utf-8", "surrogateescape")
        ids: list[int] = self._segmenter.encode(normalized)[0].tolist()
        if isinstance(self._segmenter, PieceBPE):
            _, merges, start_ids = self._segmenter.merge(normalized, steps=True)
            return PieceSteps(start, text, start_ids, merges, ids)
        if isinstance(self._segmenter, _UnigramSegmenter):
            return self._segmenter.model.explain(text, start)
        return PieceSteps(start, text, [], [], ids)

    def token_label(self, id: int) -> str:
        piece = self._piece(id)
        return piece.text.decode() if piece.type == PieceType.UNKNOWN else super().token_label(id)

    def to_model_file(self) -> bytes:
        """This tokenizer as the bytes of a `tokenizer.model`."""
        return write_model(self.model)

    def to_json(self) -> str:
        from llmworks.text.sentencepiece_hf import sentencepiece_json  # builds on this class

        return sentencepiece_json(self.model)

    def fingerprint(self) -> str:
        return hashlib.sha256(type(self).__name__.encode() + model_bytes(self.model)).hexdigest()


class _UnigramSegmenter:
    def __init__(self, model: Unigram) -> None:
        self.model = model

    def encode(self, text: bytes, *, with_ends: bool = False) -> tuple[Ids, Ends | None]:
        return self.model.encode_with_ends(text) if with_ends else (self.model.encode(text), None)


class _LookupSegmenter:
    """Word and character models: each word (with its `▁`) or character is a piece or unknown."""

    def __init__(
        self, pieces: Sequence[Piece], unk_id: int | None, byte_ids: Sequence[int] | None, *, words: bool
    ) -> None:
        self._words, self._unk_id, self._byte_ids = words, unk_id, byte_ids
        ordinary = (PieceType.NORMAL, PieceType.USER_DEFINED)
        self._ids = {piece.text: id for id, piece in enumerate(pieces) if piece.type in ordinary}
        own = {piece.text: 0 for piece in pieces if piece.type == PieceType.USER_DEFINED}
        self._own = byte_trie(own)

    def encode(self, text: bytes, *, with_ends: bool = False) -> tuple[Ids, Ends | None]:
        segments = [(self._ids.get(text[low:high], -1), low, high) for low, high in self._spans(text)]
        ids, ends = put_segments(segments, text, self._unk_id, self._byte_ids)
        return np.array(ids, np.int32), np.array(ends, np.uint32) if with_ends else None

    def _spans(self, text: bytes) -> Iterable[tuple[int, int]]:
        mark = META.encode()
        start = 0
        while start < len(text):
            if self._words:
                end = text.find(mark, start + 1)
                end = len(text) if end < 0 else end
            else:
                own = [end for end, _ in matches(self._own, text, start)]
                end = own[-1] if own else start + character_length(text, start)
            yield start, end
            start = end


def unigram_of(
    pieces: Sequence[Piece], unk_id: int | None, byte_fallback: bool, *, native: bool = True
) -> Unigram:
    """The Unigram model of a file's pieces, in the library's arithmetic."""
    spoken = (PieceType.NORMAL, PieceType.USER_DEFINED)
    return Unigram(
        [(piece.text.decode("utf-8", "surrogateescape"), piece.score) for piece in pieces],
        unk_id=unk_id,
        byte_fallback=byte_fallback,
        user_defined=[id for id, piece in enumerate(pieces) if piece.type == PieceType.USER_DEFINED],
        never=[id for id, piece in enumerate(pieces) if piece.type not in spoken],
        floor=[id for id, piece in enumerate(pieces) if piece.type == PieceType.NORMAL],
        single=True,
        native=native,
    )


def byte_ids_of(pieces: Sequence[Piece]) -> list[int] | None:
    """The ids of the 256 byte pieces; None where one is missing."""
    found = {piece.text: id for id, piece in enumerate(pieces) if piece.type == PieceType.BYTE}
    ids = [found.get(byte_piece(value)) for value in range(256)]
    return None if None in ids else [id for id in ids if id is not None]


def _steering_as_control(piece: Piece) -> Piece:
    if piece.type == PieceType.USER_DEFINED and _STEERING.fullmatch(piece.text):
        return replace(piece, type=PieceType.CONTROL)
    return piece
