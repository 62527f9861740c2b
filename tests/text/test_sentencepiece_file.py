"""Model files that somebody else made: broken, huge, contradictory. Only ever a TokenizerError."""

from __future__ import annotations

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmworks.errors import LLMWorksError, TokenizerError
from llmworks.text.sentencepiece import SentencePieceTokenizer
from llmworks.text.sentencepiece_charsmap import CharsMap, compile_charsmap
from llmworks.text.sentencepiece_file import (
    MAX_PIECES,
    ModelType,
    NormalizerSpec,
    Piece,
    PieceType,
    SentencePieceModel,
    read_model,
    write_model,
)
from llmworks.text.tokenizer import Tokenizer

UNKNOWN = Piece(b"<unk>", 0.0, PieceType.UNKNOWN)


def small_model(**changes) -> SentencePieceModel:
    pieces = [
        UNKNOWN,
        Piece(b"<s>", 0.0, PieceType.CONTROL),
        Piece("▁".encode(), -1.0),
        Piece(b"a", -2.0),
        Piece("▁a".encode(), -3.5),
        Piece(b"own", 0.0, PieceType.USER_DEFINED),
    ]
    blob = compile_charsmap({b"A": b"a", "é".encode(): b"e", b"xy": b""})
    return SentencePieceModel(pieces, normalizer=NormalizerSpec("mine", blob), **changes)


CONTENT = write_model(small_model())


def try_reading(content: bytes) -> None:
    """Whatever can be read can be used."""
    try:
        tokenizer = SentencePieceTokenizer(read_model(content, "x.model"))
    except TokenizerError:
        return
    ids = tokenizer.encode("aA é own xy\x00", allow_special=True)
    tokenizer.decode(ids)


def test_what_is_written_is_read_back() -> None:
    for kind in ModelType:
        model = small_model(type=kind, unk_surface="", treat_whitespace_as_suffix=True)
        assert read_model(write_model(model)) == model


def test_every_truncation() -> None:
    for size in range(0, len(CONTENT), 7):
        try_reading(CONTENT[:size])
    for size in range(120):
        try_reading(CONTENT[:size])


def test_changed_bytes() -> None:
    draw = random.Random(0)
    for _ in range(400):
        content = bytearray(CONTENT)
        for _ in range(draw.randint(1, 4)):
            content[draw.randrange(200 if draw.random() < 0.7 else len(content))] = draw.randrange(256)
        try_reading(bytes(content))


@given(st.binary(max_size=60))
def test_random_bytes(content: bytes) -> None:
    try_reading(content)
    try_reading(CONTENT + content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "without a piece"),
        (b"\x0a" + b"\xff" * 9 + b"\x7f", "claims|does not end"),
        (b"\x0a" + b"\xff" * 20, "does not end"),
        (b"\x0a\xff\xff\xff\xff\x0f" + b"x" * 50, "claims 4,294,967,295 bytes"),
        (b"\x0b\x0b\x0b", "wire type 3"),
        (b"\x08\x01", "wire type 0"),
        (b"\x0a\x02\x18\x09", "piece's type is 9"),
        (b"\x00\x01" * 20_000_000, "more fields"),
        (b"\x0a\x00" * (MAX_PIECES + 1), "more than"),
        (b"\x12\x02\x18\x63", "model's type is 99"),
    ],
)
def test_hostile_protobufs(content: bytes, message: str) -> None:
    with pytest.raises(TokenizerError, match=message):
        read_model(content, "x.model")


def bytes_model(values: range, **changes) -> SentencePieceModel:
    pieces = [UNKNOWN, *(Piece(b"<0x%02X>" % value, 0.0, PieceType.BYTE) for value in values)]
    return SentencePieceModel(pieces, **changes)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (SentencePieceModel([UNKNOWN, Piece(b"a"), Piece(b"a")]), "defined twice"),
        (SentencePieceModel([Piece(b"a")]), "0 pieces are of type UNKNOWN"),
        (SentencePieceModel([UNKNOWN, Piece(b"u", 0.0, PieceType.UNKNOWN)]), "2 pieces are of type UNKNOWN"),
        (SentencePieceModel([UNKNOWN, Piece(b"")]), "0 bytes"),
        (SentencePieceModel([UNKNOWN, Piece(b"a" * 8000)]), "8000 bytes"),
        (SentencePieceModel([UNKNOWN, Piece(b"a\0b")]), "NUL"),
        (SentencePieceModel([UNKNOWN, Piece(b"a", float("nan"))]), "score nan"),
        (SentencePieceModel([UNKNOWN, Piece(b"a", float("-inf"))]), "score -inf"),
        (bytes_model(range(256)), "no byte_fallback"),
        (bytes_model(range(255), byte_fallback=True), "there are 255"),
        (SentencePieceModel([UNKNOWN, Piece(b"<0xzz>", 0.0, PieceType.BYTE)]), "byte piece"),
    ],
)
def test_contradictory_models(model: SentencePieceModel, message: str) -> None:
    with pytest.raises(TokenizerError, match=message):
        write_model(model)


def charsmap(units: list[int], replacements: bytes = b"a\0") -> bytes:
    padded = units + [0] * (256 - len(units))
    return struct.pack("<I", 1024) + struct.pack("<256I", *padded) + replacements


@pytest.mark.parametrize(
    "blob",
    [
        b"abc",
        struct.pack("<I", 1 << 31) + b"x" * 2000,
        struct.pack("<I", 1024) + b"\0" * 1024,  # no replacements
        charsmap([1 << 10], b"no end"),
        charsmap([0xFFFFFC00]),  # far outside
        charsmap([5 << 10, 0x80000005]),  # a root with a leaf's child, and a place behind the end
        charsmap([1 << 10 | 0x100]),
        b"\xff" * 5000,
    ],
)
def test_broken_charsmaps(blob: bytes) -> None:
    with pytest.raises(TokenizerError, match="charsmap"):
        CharsMap(blob)


def test_cyclic_charsmap() -> None:
    # From the root `a` leads to a unit whose own `a` leads back to itself.
    units = [0] * 256
    units[0] = 1 << 10
    at = 1 ^ ord("a")
    units[at] = ord("a") | (at ^ at ^ ord("a")) << 10
    with pytest.raises(TokenizerError, match="cyclic"):
        CharsMap(charsmap(units))


@given(st.lists(st.integers(0, 2**32 - 1), max_size=256), st.binary(max_size=20), st.binary(max_size=30))
def test_random_charsmaps(units: list[int], replacements: bytes, text: bytes) -> None:
    try:
        charsmap_read = CharsMap(charsmap(units, replacements + b"\0"))
    except TokenizerError:
        return
    charsmap_read.normalize(text)


def test_a_file_that_is_none(tmp_path) -> None:
    path = tmp_path / "tokenizer.model"
    for content in (b"", b"\x0a\x05\x0a\x03", CONTENT[:40], b"GGUF" + b"\0" * 40):
        path.write_bytes(content)
        with pytest.raises(LLMWorksError, match=r"tokenizer\.model"):
            Tokenizer.from_file(path)


def test_deep_unused_pieces_fall_apart_within_bounds() -> None:
    letters = [Piece(bytes([97 + k]), -1.0 - k) for k in range(26)]
    long = [Piece(b"a" * n, float(n), PieceType.UNUSED) for n in range(2, 400)]
    model = SentencePieceModel([UNKNOWN, *letters, *long], type=ModelType.BPE)
    native, python = SentencePieceTokenizer(model), SentencePieceTokenizer(model, native=False)
    assert native.encode("a" * 500) == python.encode("a" * 500)
