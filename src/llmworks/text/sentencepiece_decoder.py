"""PieceStream: SentencePiece's decoding, one id at a time.

    ▁Hello ▁wor ld <0xF0> <0x9F> <0x8E> <0x89>  ->  "Hello", " wor", "ld", "", "", "", "🎉"

The blank of the first piece is the dummy prefix's and is not shown. A run of byte pieces is read as UTF-8 by
itself; a byte that is no part of a character becomes U+FFFD.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from llmworks.text.sentencepiece_file import META, PieceType
from llmworks.text.sentencepiece_normalizer import SentencePieceNormalizer
from llmworks.text.stream import StreamDecoder

if TYPE_CHECKING:
    from llmworks.text.sentencepiece import SentencePieceTokenizer


def _each_byte(error: UnicodeError) -> tuple[str, int]:
    """U+FFFD for every byte that is malformed, where Python's own "replace" gives one for several."""
    assert isinstance(error, UnicodeDecodeError)
    return "\ufffd" * (error.end - error.start), error.end


codecs.register_error("llmworks-each-byte", _each_byte)


class PieceStream(StreamDecoder):
    """See `SentencePieceTokenizer.stream`."""

    def __init__(
        self, tokenizer: SentencePieceTokenizer, *, skip_control: bool = False, errors: str = "each"
    ) -> None:
        self._pieces = tokenizer.pieces
        self._token_bytes = tokenizer.token_bytes
        self._skip_control = skip_control
        spec = tokenizer.model.normalizer
        self._strips = spec.add_dummy_prefix or spec.remove_extra_whitespaces
        self._strips_all = spec.remove_extra_whitespaces
        denormalizer = tokenizer.model.denormalizer
        self._denormalizer = (
            SentencePieceNormalizer(denormalizer)
            if denormalizer is not None and denormalizer.precompiled_charsmap
            else None
        )
        self._errors = "llmworks-each-byte" if errors == "each" else errors
        self._held: list[str] = []
        self._restart()

    def _restart(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(self._errors)
        self._opening = True  # nothing of the text was shown so far

    def feed(self, id: int) -> str:
        text = self._feed(id)
        if self._denormalizer is None:
            return text
        self._held.append(text)  # its rules may reach over pieces: all at the end
        return ""

    def flush(self) -> str:
        rest = self._decoder.decode(b"", final=True)
        self._restart()
        if self._denormalizer is None:
            return rest
        whole = "".join(self._held) + rest
        self._held = []
        return self._denormalizer.normalize(whole.encode("utf-8", "surrogateescape")).decode("utf-8")

    def _feed(self, id: int) -> str:
        content = self._token_bytes(id)  # an id that is no token is told here
        piece = self._pieces[id]
        if piece.type == PieceType.BYTE:
            shown = self._decoder.decode(content)
            self._opening = self._opening and not shown and not self._decoder.getstate()[0]
            return shown
        shown = self._decoder.decode(b"", final=True)
        self._decoder.reset()
        self._opening = self._opening and not shown
        if piece.type == PieceType.CONTROL:
            if self._skip_control:
                return shown
            self._opening = True
            return shown + content.decode("utf-8", self._errors)
        text = content.decode("utf-8", self._errors)
        known = piece.type != PieceType.UNKNOWN
        if known and self._opening and self._strips and piece.text.startswith(META.encode()):
            text = text[1:]
            if not self._strips_all:
                self._opening = False
        if text:
            self._opening = False
        return shown + text
