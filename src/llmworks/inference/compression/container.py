"""What a compressed file says before its coded bytes.

    LLMZ 1 │ how it was coded, how long it was, its checksum, by which model, in how many lanes │ crc32
           │ coded bytes, a run for each group of lanes                                          │ crc32

Numbers are varints (7 bits a byte, the last without the high bit); texts and digests carry their length.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from typing import Literal, get_args

from llmworks.inference.compression.range_coder import CorruptError

MAGIC = b"LLMZ\x01"
Kind = Literal["stored", "bytes", "ngram", "network"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_LONGEST_TEXT = 4096


@dataclass(frozen=True, slots=True)
class Header:
    """size, checksum: of the original. order: of a byte mixer. The rest only where a model of tokens coded.

    model: its name; fingerprint: of its weights and tokenizer. environment: what computed. symbols: how many
    were coded; escapes: bytes outside the vocabulary are among them; blank: the tokenizer put a blank in
    front, which is no part of the file. lanes, width, context: see `network_codec.py`.
    """

    kind: Kind
    size: int
    checksum: bytes
    order: int = 0
    model: str = ""
    fingerprint: bytes = b""
    environment: str = ""
    symbols: int = 0
    escapes: bool = False
    blank: bool = False
    lanes: int = 0
    width: int = 0
    context: int = 0


def checksum(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=8).digest()


def write(header: Header, payloads: list[bytes]) -> bytes:
    """The whole file."""
    flags = header.escapes | header.blank << 1
    out = bytearray(MAGIC)
    for number in (
        KINDS.index(header.kind), header.size, header.order, header.symbols, flags, header.lanes,
        header.width, header.context, len(payloads), *map(len, payloads),
    ):  # fmt: skip
        _put(out, number)
    for text in (header.checksum, header.model.encode(), header.fingerprint, header.environment.encode()):
        _put(out, len(text))
        out += text
    out += zlib.crc32(out).to_bytes(4, "big")
    body = b"".join(payloads)
    return bytes(out) + body + zlib.crc32(body).to_bytes(4, "big")


def read(data: bytes) -> tuple[Header, list[bytes]]:
    """Header and coded runs of a file; CorruptError where it is not whole."""
    if data[:4] != MAGIC[:4]:
        raise CorruptError("this is no file that `llmworks compress` made: it does not begin with LLMZ")
    if data[:5] != MAGIC:
        raise CorruptError("this file has a newer format than this llmworks knows; upgrade llmworks")
    reader = _Reader(data, len(MAGIC))
    kind, size, order, symbols, flags, lanes, width, context, runs = (reader.number() for _ in range(9))
    if runs > len(data):
        raise _damaged()
    lengths = [reader.number() for _ in range(runs)]
    digest, model, fingerprint, environment = (reader.text() for _ in range(4))
    if zlib.crc32(data[: reader.place]).to_bytes(4, "big") != reader.take(4) or kind >= len(KINDS):
        raise _damaged()
    payloads = [reader.take(length) for length in lengths]
    if zlib.crc32(b"".join(payloads)).to_bytes(4, "big") != reader.take(4) or reader.place != len(data):
        raise _damaged()
    header = Header(
        KINDS[kind], size, digest, order, model.decode(), fingerprint, environment.decode(), symbols,
        bool(flags & 1), bool(flags & 2), lanes, width, context,
    )  # fmt: skip
    return header, payloads


def _damaged() -> CorruptError:
    return CorruptError(
        "the file is damaged: its checksums do not fit its bytes (cut short, or changed on the way); "
        "get it anew"
    )


def _put(out: bytearray, number: int) -> None:
    while number >= 128:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)


class _Reader:
    def __init__(self, data: bytes, place: int) -> None:
        self.data, self.place = data, place

    def take(self, length: int) -> bytes:
        made = self.data[self.place : self.place + length]
        if len(made) != length:
            raise _damaged()
        self.place += length
        return made

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
            if shift > 63:
                raise _damaged()

    def text(self) -> bytes:
        length = self.number()
        if length > _LONGEST_TEXT:
            raise _damaged()
        return self.take(length)
