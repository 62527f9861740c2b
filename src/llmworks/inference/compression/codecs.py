"""Compressing with any predictor: `compress(data, codec)`, `decompress(file, codec)`.

    bits of a file = Σ -log2 p(symbol | symbols before)        Shannon 1948; Delétang et al. 2023

A codec says how symbols are predicted: by a network (`network_codec.py`), an n-gram model, or nothing but
the file itself (`ByteCodec`). The latter two compute in whole numbers or in single IEEE operations, so their
files open on any machine.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from llmworks.errors import RequestError
from llmworks.inference.compression import byte_mixer
from llmworks.inference.compression.container import Header, checksum, read, write
from llmworks.inference.compression.range_coder import CorruptError, make_decoder, make_encoder
from llmworks.inference.compression.symbols import Alphabet, Symbols
from llmworks.text.ngram import NGramModel

Progress: TypeAlias = Callable[[int, int], None]
"""Called with how many symbols are done, of how many."""
_SOME = 1024  # symbols between two calls of it


class MismatchError(RequestError):
    """A file that another model has coded."""


@dataclass(frozen=True, slots=True)
class Compressed:
    """data: the file. bits: what the symbols took under the model, without the header."""

    data: bytes
    header: Header
    bits: float

    @property
    def bits_per_byte(self) -> float:
        """Of the whole file, header included."""
        return 8 * len(self.data) / self.header.size if self.header.size else 0.0


class Codec(ABC):
    """Predicts symbols, in the same way when coding and when decoding."""

    @abstractmethod
    def encode(self, data: bytes, progress: Progress | None) -> tuple[Header, list[bytes], float]:
        """Header, coded runs, and the bits of the symbols."""

    @abstractmethod
    def decode(self, header: Header, payloads: list[bytes], progress: Progress | None) -> bytes:
        """The data; something else, or CorruptError, where the runs are not what was written."""

    def unlike(self, header: Header) -> str:
        """What may explain that a whole file came out wrong; nothing by default."""
        return ""


def compress(data: bytes, codec: Codec, progress: Progress | None = None) -> Compressed:
    """`data` as a file. What would grow is stored as it is."""
    header, payloads, bits = codec.encode(data, progress)
    file = write(header, payloads)
    plain = Header("stored", len(data), checksum(data))
    if len(file) <= len(as_it_is := write(plain, [data])):
        return Compressed(file, header, bits)
    return Compressed(as_it_is, plain, 8.0 * len(data))


def decompress(file: bytes, codec: Codec | None = None, progress: Progress | None = None) -> bytes:
    """What `compress` was given. codec: needed where a model coded the file (`header(file).kind`).

    Raises:
        CorruptError: the file is damaged, or was not made by `compress`.
        MismatchError: another model made it.
    """
    head, payloads = read(file)
    if head.kind == "stored":
        data = payloads[0] if len(payloads) == 1 else b""
    else:
        codec = ByteCodec(head.order) if head.kind == "bytes" else codec
        if codec is None:
            raise MismatchError(f"this file was coded by the model {head.model}: it is needed to decode it")
        data = codec.decode(head, payloads, progress)
    if len(data) != head.size or checksum(data) != head.checksum:
        hint = codec.unlike(head) if codec else ""
        raise CorruptError(f"the decoded bytes are not the original ones: their checksums differ{hint}")
    return data


def header(file: bytes) -> Header:
    """What a compressed file says of itself."""
    return read(file)[0]


class ByteCodec(Codec):
    """No model: bytes predicted from up to `order` bytes before them, learned on the way."""

    def __init__(self, order: int = 2) -> None:
        if not 0 <= order <= byte_mixer.MOST_ORDER:
            raise RequestError(f"order{order}: the order goes from 0 to {byte_mixer.MOST_ORDER}")
        self.order = order

    def encode(self, data: bytes, progress: Progress | None) -> tuple[Header, list[bytes], float]:
        coded = byte_mixer.encode_bytes(data, self.order)
        return Header("bytes", len(data), checksum(data), self.order), [coded], 8.0 * len(coded)

    def decode(self, header: Header, payloads: list[bytes], progress: Progress | None) -> bytes:
        if len(payloads) != 1 or header.size > (len(payloads[0]) + 8) * 2048:
            raise CorruptError("the file is damaged: it promises more bytes than it can hold")
        return byte_mixer.decode_bytes(payloads[0], header.size, self.order)


class NGramCodec(Codec):
    """Tokens predicted by an n-gram model with its tokenizer. name: what the header calls it."""

    def __init__(self, model: NGramModel, name: str) -> None:
        if model.tokenizer is None:
            raise RequestError(f"{name} was trained on ids: it has no tokenizer to cut a file with")
        self.model, self.name = model, name
        self.alphabet = Alphabet(model.tokenizer, model.vocab_size)
        digest = hashlib.sha256(model.tokenizer.fingerprint().encode() + model.smoothing.encode())
        for array in model.arrays:
            digest.update(array.tobytes())
        self.fingerprint = digest.digest()[:16]

    def encode(self, data: bytes, progress: Progress | None) -> tuple[Header, list[bytes], float]:
        symbols = self.alphabet.read(data)
        encoder, state, bits = make_encoder(), self.model.begin, 0.0
        for place, symbol in enumerate(symbols.ids.tolist()):
            row = self.model.log_probs_at(state)[None]
            bits += encoder.encode_rows(row, symbols.ids[place : place + 1], escapes=symbols.escapes)
            state = self._advance(state, symbol)
            if progress and place % _SOME == 0:
                progress(place, len(symbols.ids))
        head = Header(
            "ngram", len(data), checksum(data), model=self.name, fingerprint=self.fingerprint,
            symbols=len(symbols.ids), escapes=symbols.escapes, blank=symbols.blank,
        )  # fmt: skip
        return head, [encoder.finish()], bits

    def decode(self, header: Header, payloads: list[bytes], progress: Progress | None) -> bytes:
        check_model(self.name, self.fingerprint, header, "ngram")
        decoder, state = make_decoder(payloads[0] if payloads else b""), self.model.begin
        made = np.empty(header.symbols, np.int32)
        for place in range(header.symbols):
            row = self.model.log_probs_at(state)[None]
            made[place] = decoder.decode_rows(row, escapes=header.escapes)[0]
            state = self._advance(state, int(made[place]))
            if progress and place % _SOME == 0:
                progress(place, header.symbols)
        return self.alphabet.write(Symbols(made, header.escapes, header.blank))

    def _advance(self, state: int, symbol: int) -> int:
        return self.model.advance(state, symbol) if symbol < self.model.vocab_size else 0


def check_model(name: str, fingerprint: bytes, header: Header, kind: str) -> None:
    """MismatchError unless this very model coded the file."""
    if header.kind == kind and header.fingerprint == fingerprint:
        return
    said = {"network": "a network", "ngram": "an n-gram model", "bytes": "no model", "stored": "no model"}
    differ = f"{name} is {said[kind]}"
    if header.kind == kind:
        differ = f"{name} has other weights or another tokenizer than that had"
    raise MismatchError(
        f"this file was coded by {header.model} ({said[header.kind]}); {differ}. Decode it with the model "
        "that coded it"
    )
