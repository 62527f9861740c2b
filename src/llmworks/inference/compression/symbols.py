"""Any bytes as the tokens of any tokenizer, and back, byte for byte.

A tokenizer of bytes gives them back by itself. One that normalises may not: then its tokens are laid along
the bytes by the longest match, and a byte that no token holds stands as symbol V + byte.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from llmworks.errors import LLMWorksError
from llmworks.text.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class Symbols:
    """ids: tokens below the vocabulary's size V, bytes from V on. blank: a blank stands in front that is no
    part of the data (SentencePiece puts it there)."""

    ids: npt.NDArray[np.int32]
    escapes: bool = False
    blank: bool = False


class Alphabet:
    """A tokenizer's tokens as bytes. size: the rows of the model's embedding, from which bytes count."""

    def __init__(self, tokenizer: Tokenizer, size: int) -> None:
        self.tokenizer, self.size = tokenizer, size
        control = set(tokenizer.special_tokens.values())
        self.tokens = [
            b"" if id in control else _token_bytes(tokenizer, id)
            for id in range(min(size, tokenizer.vocab_size))
        ]
        self._by_bytes: dict[bytes, int] | None = None

    def read(self, data: bytes) -> Symbols:
        """The symbols of these bytes."""
        if self.tokenizer.lossless:
            ids = self.tokenizer.encode_array(data)
            if self._join(ids) == data:
                return Symbols(ids.astype(np.int32))
        return self._as_text(data) or self._longest_matches(data)

    def _as_text(self, data: bytes) -> Symbols | None:
        """As the tokenizer cuts it, if that loses nothing but a blank in front."""
        try:
            ids = self.tokenizer.encode_array(data.decode())
            joined = self._join(ids)
        except (UnicodeDecodeError, LLMWorksError):
            return None
        if joined != data and joined != b" " + data:
            return None
        return Symbols(ids.astype(np.int32), blank=joined != data)

    def _longest_matches(self, data: bytes) -> Symbols:
        if self._by_bytes is None:
            self._by_bytes = {token: id for id, token in reversed(list(enumerate(self.tokens))) if token}
        longest = max(map(len, self._by_bytes), default=0)
        found, place, escapes = list[int](), 0, False
        while place < len(data):
            for length in range(min(longest, len(data) - place), 0, -1):
                id = self._by_bytes.get(data[place : place + length])
                if id is not None:
                    break
            else:
                id, length, escapes = self.size + data[place], 1, True
            found.append(id)
            place += length
        return Symbols(np.array(found, np.int32), escapes)

    def write(self, symbols: Symbols) -> bytes:
        """The bytes of these symbols; ids that are no token give none."""
        data = self._join(symbols.ids)
        return data[1:] if symbols.blank else data

    def _join(self, ids: npt.NDArray[np.int32]) -> bytes:
        size, tokens = self.size, self.tokens
        pad = [b""] * (size - len(tokens))
        table = [*tokens, *pad, *(bytes([byte]) for byte in range(256))]
        return b"".join(map(table.__getitem__, ids.tolist()))


def _token_bytes(tokenizer: Tokenizer, id: int) -> bytes:
    try:
        return tokenizer.token_bytes(id)
    except LLMWorksError:  # a hole in the vocabulary
        return b""
