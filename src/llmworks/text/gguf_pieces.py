"""SentencePiece BPE as llama.cpp does it, for vocabularies from GGUF files.

    "a <|end|>b"  ->  ▁a▁ | <|end|> | ▁b        a blank in front of every stretch, nothing else is changed

Source: ggml-org/llama.cpp, src/llama-vocab.cpp (llm_tokenizer_spm).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np

from llmworks.errors import TokenizerError
from llmworks.text.native_pieces import MOST_BYTES
from llmworks.text.sentencepiece import SentencePieceTokenizer
from llmworks.text.sentencepiece_bpe import PieceBPE
from llmworks.text.sentencepiece_file import META, PieceType, SentencePieceModel
from llmworks.text.special import AddedToken, SpecialSplitter
from llmworks.text.tokenizer import Ids, TokenSpan, utf8
from llmworks.text.unigram import character_places

_PLAIN_MARKERS = (b"<unk>", b"<s>", b"<|endoftext|>")


class GGUFPieceTokenizer(SentencePieceTokenizer):
    """SentencePiece BPE as llama.cpp does it: nothing is normalised but the blanks, so every byte comes back
    where there are byte tokens; a user's token is cut out of any text; each stretch behind a token gets the
    blank in front; unused tokens stay.

    blanks_belong: white space behind a control token (but not `<s>` and its kin) is part of it (Phi-3).
    """

    def __init__(
        self,
        model: SentencePieceModel,
        *,
        add_bos: bool = False,
        native: bool = True,
        blanks_belong: bool = False,
    ) -> None:
        super().__init__(model, add_bos=add_bos, native=native)
        self._blanks_belong = blanks_belong
        control = (PieceType.CONTROL, PieceType.UNKNOWN)
        cut_out = (*control, PieceType.USER_DEFINED)
        self.special_tokens = {
            piece.text.decode("utf-8", "replace"): id
            for id, piece in enumerate(self.pieces)
            if piece.type in control
        }
        self._splitter = SpecialSplitter(
            [
                AddedToken(
                    piece.text.decode("utf-8", "replace"),
                    id,
                    control=piece.type in control,
                    rstrip=blanks_belong and piece.text not in _PLAIN_MARKERS,
                )
                for id, piece in enumerate(self.pieces)
                if piece.type in cut_out
            ]
        )

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object, ...]]:
        rules: dict[str, Any] = {"add_bos": self.add_bos, "native": self._native_wanted}
        build = functools.partial(type(self), blanks_belong=self._blanks_belong, **rules)
        return build, (self.model,)

    def _build_segmenter(self, native: bool) -> PieceBPE:
        return PieceBPE(
            self.pieces,
            self.unk_id,
            self._byte_ids,
            freeze=False,
            resegment=False,
            merge_unknown=False,
            native=native,
        )

    def _stretch(self, part: bytes) -> bytes:
        if len(part) > MOST_BYTES // 3:
            raise TokenizerError(f"a text of {len(part):,} bytes; at most {MOST_BYTES // 3:,}")
        prefix = b" " if self.model.normalizer.add_dummy_prefix else b""
        return (prefix + part).replace(b" ", META.encode())

    def normalize(self, text: str | bytes) -> str:
        return self._stretch(utf8(text)).decode("utf-8", "replace")

    def encode_array(self, text: str | bytes, *, allow_special: bool | Collection[str] = False) -> Ids:
        parts = [
            self._segmenter.encode(self._stretch(part))[0] if id is None else np.array([id], np.int32)
            for part, id in self._splitter.split(utf8(text), allow_special)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, np.int32)

    def spans(self, text: str, *, allow_special: bool | Collection[str] = False) -> list[TokenSpan]:
        found: list[TokenSpan] = []
        data = utf8(text)
        places = character_places(text, len(data))
        base = 0
        for part, id in self._splitter.split(data, allow_special):
            if id is not None:
                found.append(TokenSpan(id, places[base], places[base + len(part) - 1] + 1))
            else:
                found += self._spans_of(part, base, places)
            base += len(part)
        return found

    def _spans_of(self, part: bytes, base: int, places: Sequence[int]) -> list[TokenSpan]:
        # Where each byte of the stretch came from: the blank in front from the first character.
        front = [0] if self.model.normalizer.add_dummy_prefix else []
        origins = [
            place
            for place, byte in [*((at, 0x20) for at in front), *enumerate(part)]
            for _ in range(3 if byte == 0x20 else 1)
        ]
        ids, ends = self._segmenter.encode(self._stretch(part), with_ends=True)
        assert ends is not None
        found = []
        start = 0
        for id, end in zip(ids.tolist(), ends.tolist(), strict=True):
            low, high = base + origins[start], base + origins[end - 1]
            found.append(TokenSpan(id, places[low], places[high] + 1))
            start = end
        return found

    def _normalized_stretch(self, part: bytes, opening: bool) -> bytes:
        return self._stretch(part)
