"""SentencePiece's `tokenizer.model`: a protobuf, read and written here without a protobuf library.

    ModelProto   1 pieces*  (1 text, 2 score, 3 type)   2 trainer   3 normaliser   5 denormaliser
    a field:     varint key = number << 3 | wire        wire 0 varint, 1 eight bytes, 2 length + bytes, 5 four

The reader takes what decides ids and text, checks that it holds together as the SentencePiece library does,
and is bounded: nothing is believed about a length before it was compared with what is there.

Source: google/sentencepiece, sentencepiece_model.proto and model_interface.cc.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Any

from llmworks.errors import TokenizerError

MAX_PIECES = 1 << 20
MAX_PIECE_BYTES = 8000
MAX_TEXT_BYTES = 32 << 20  # of all pieces; the largest vocabularies in use have 3 MB
MAX_FIELDS = 10_000  # of anything but the list of pieces
META = "▁"  # how a blank is written in pieces


class PieceType(IntEnum):
    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER_DEFINED = 4
    UNUSED = 5
    BYTE = 6


class ModelType(IntEnum):
    UNIGRAM = 1
    BPE = 2
    WORD = 3
    CHAR = 4


@dataclass(frozen=True)
class Piece:
    """One entry: its text (UTF-8, blanks as `▁`), its score (a float of 32 bits), its type."""

    text: bytes
    score: float = 0.0
    type: PieceType = PieceType.NORMAL


@dataclass(frozen=True)
class NormalizerSpec:
    """How text is prepared: the map's rules first, then blanks."""

    name: str = "identity"
    precompiled_charsmap: bytes = b""
    add_dummy_prefix: bool = True
    remove_extra_whitespaces: bool = True
    escape_whitespaces: bool = True


@dataclass(frozen=True)
class SentencePieceModel:
    """All of a model file that decides ids and text.

    unk_surface: what the unknown token decodes to.
    """

    pieces: list[Piece]
    type: ModelType = ModelType.UNIGRAM
    normalizer: NormalizerSpec = field(default_factory=NormalizerSpec)
    denormalizer: NormalizerSpec | None = None
    byte_fallback: bool = False
    treat_whitespace_as_suffix: bool = False
    unk_piece: str = "<unk>"
    bos_piece: str = "<s>"
    eos_piece: str = "</s>"
    pad_piece: str = "<pad>"
    unk_surface: str = " \u2047 "
    vocabulary_output_piece_score: bool = True

    def ids_of_type(self, kind: PieceType) -> list[int]:
        return [id for id, piece in enumerate(self.pieces) if piece.type == kind]

    def control_id(self, text: str) -> int | None:
        """The id of the control piece with this text."""
        wanted = text.encode()
        found = (id for id, p in enumerate(self.pieces) if p.text == wanted and p.type == PieceType.CONTROL)
        return next(found, None)


def read_model(content: bytes, where: str = "tokenizer.model") -> SentencePieceModel:
    """The model in the bytes of a file; TokenizerError where it is broken or contradicts itself."""
    try:
        model = _model(content)
        check_model(model)
    except TokenizerError as error:
        raise TokenizerError(f"{where}: {error}") from None
    return model


def check_model(model: SentencePieceModel) -> None:
    """What the SentencePiece library asks of a model before it uses it."""
    if not model.pieces:
        raise TokenizerError("a SentencePiece model without a piece")
    if sum(len(piece.text) for piece in model.pieces) > MAX_TEXT_BYTES:
        raise TokenizerError(f"the pieces have more than {MAX_TEXT_BYTES:,} bytes of text")
    apart = model.type != ModelType.BPE  # control and byte pieces may share a text with others there
    seen: set[tuple[bool, bytes]] = set()
    unknown = 0
    bytes_found = set()
    for id, piece in enumerate(model.pieces):
        if not piece.text or len(piece.text) >= MAX_PIECE_BYTES:
            raise TokenizerError(
                f"piece {id} has {len(piece.text)} bytes; expected 1 to {MAX_PIECE_BYTES - 1}"
            )
        if b"\0" in piece.text:
            if piece.text == b"\0" and piece.type == PieceType.UNUSED:
                continue
            raise TokenizerError(f"piece {id} ({piece.text[:40]!r}) has a NUL in it")
        ordinary = piece.type in (PieceType.NORMAL, PieceType.USER_DEFINED, PieceType.UNUSED)
        key = (ordinary or not apart, piece.text)
        if key in seen:
            raise TokenizerError(f"piece {id} ({_shown(piece.text)}) is defined twice")
        seen.add(key)
        if math.isnan(piece.score) or math.isinf(piece.score):
            raise TokenizerError(f"piece {id} ({_shown(piece.text)}) has the score {piece.score}")
        unknown += piece.type == PieceType.UNKNOWN
        if piece.type == PieceType.BYTE:
            value = byte_of(piece.text)
            if value is None or not model.byte_fallback:
                raise TokenizerError(
                    f"piece {id} ({_shown(piece.text)}) is a byte piece, but "
                    + ("not one of <0x00> to <0xFF>" if value is None else "the model has no byte_fallback")
                )
            bytes_found.add(value)
    if unknown > 1 or (not unknown and not model.byte_fallback):
        raise TokenizerError(f"{unknown} pieces are of type UNKNOWN; expected one")
    if model.byte_fallback and len(bytes_found) < 256:
        raise TokenizerError(f"byte_fallback needs 256 byte pieces; there are {len(bytes_found)}")


def byte_of(text: bytes) -> int | None:
    """The value of a byte piece `<0xE2>`; None for another text."""
    if len(text) == 6 and text[:3] == b"<0x" and text[5:] == b">":
        digits = text[3:5]
        if all(digit in b"0123456789ABCDEF" for digit in digits):
            return int(digits, 16)
    return None


def byte_piece(value: int) -> bytes:
    return b"<0x%02X>" % value


def _shown(text: bytes) -> str:
    return repr(text[:40].decode("utf-8", "replace"))


# Reading.


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    for place in range(at, min(at + 10, len(data))):
        byte = data[place]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, place + 1
        shift += 7
    raise TokenizerError(f"a protobuf number that does not end (byte {at} of {len(data)})")


def _fields(data: bytes, most: int = MAX_FIELDS) -> Iterator[tuple[int, int, Any]]:
    """(number, wire type, value) of each field; a value is an int, or bytes for wires 1, 2 and 5."""
    at = 0
    while at < len(data):
        most -= 1
        if most < 0:
            raise TokenizerError(f"the protobuf has more fields than a tokenizer's (at byte {at:,})")
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield number, wire, value
            continue
        if wire == 2:
            size, at = _varint(data, at)
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
        else:
            raise TokenizerError(f"protobuf field {number} has wire type {wire} (at byte {at})")
        if number == 0 or size > len(data) - at:
            raise TokenizerError(
                f"protobuf field {number} claims {size:,} bytes; {len(data) - at:,} are left"
            )
        yield number, wire, data[at : at + size]
        at += size


def _expect(wire: int, wanted: int, what: str) -> None:
    if wire != wanted:
        raise TokenizerError(f"{what} has protobuf wire type {wire}; expected {wanted}")


def _piece(data: bytes) -> Piece:
    text, score, kind = b"", 0.0, PieceType.NORMAL
    for number, wire, value in _fields(data):
        if number == 1:
            _expect(wire, 2, "a piece's text")
            text = value
        elif number == 2:
            _expect(wire, 5, "a piece's score")
            (score,) = struct.unpack("<f", value)
        elif number == 3:
            _expect(wire, 0, "a piece's type")
            kind = _enum(PieceType, value, "a piece's type")
    return Piece(text, score, kind)


def _enum(kind: Any, value: int, what: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise TokenizerError(f"{what} is {value}; expected 1 to {max(kind).value}") from None


def _model(content: bytes) -> SentencePieceModel:
    pieces: list[Piece] = []
    changes: dict[str, Any] = {}
    for number, wire, value in _fields(content, MAX_PIECES + MAX_FIELDS):
        if number in (1, 2, 3, 5):
            _expect(wire, 2, f"field {number} of the model")
        if number == 1:
            if len(pieces) == MAX_PIECES:
                raise TokenizerError(f"more than {MAX_PIECES:,} pieces")
            pieces.append(_piece(value))
        elif number == 2:
            changes |= _trainer(value)
        elif number == 3:
            changes["normalizer"] = _normalizer(value, changes.get("normalizer"))
        elif number == 5:
            changes["denormalizer"] = _normalizer(value, changes.get("denormalizer"))
    # A file without a normaliser has the format's defaults, and no name.
    changes.setdefault("normalizer", NormalizerSpec(name=""))
    model = SentencePieceModel(pieces, **changes)
    if model.byte_fallback:  # converters write a raw NUL beside <0x00>; the library takes it as unused
        for id, piece in enumerate(pieces):
            if piece.text == b"\0":
                pieces[id] = replace(piece, type=PieceType.UNUSED)
    return model


_TRAINER_TEXTS = {44: "unk_surface", 45: "unk_piece", 46: "bos_piece", 47: "eos_piece", 48: "pad_piece"}
_TRAINER_FLAGS = {
    24: "treat_whitespace_as_suffix",
    32: "vocabulary_output_piece_score",
    35: "byte_fallback",
}


def _trainer(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, wire, value in _fields(data):
        if number == 3:
            _expect(wire, 0, "the model's type")
            found["type"] = _enum(ModelType, value, "the model's type")
        elif number in _TRAINER_FLAGS:
            _expect(wire, 0, _TRAINER_FLAGS[number])
            found[_TRAINER_FLAGS[number]] = bool(value)
        elif number in _TRAINER_TEXTS:
            name = _TRAINER_TEXTS[number]
            _expect(wire, 2, name)
            text = value.decode("utf-8", "replace")
            # An empty name is as good as none, an empty surface is a surface.
            if text or name == "unk_surface":
                found[name] = text
    return found


_NORMALIZER_FLAGS = {3: "add_dummy_prefix", 4: "remove_extra_whitespaces", 5: "escape_whitespaces"}


def _normalizer(data: bytes, before: NormalizerSpec | None) -> NormalizerSpec:
    found: dict[str, Any] = {}
    for number, wire, value in _fields(data):
        if number in (1, 2):
            _expect(wire, 2, "a normaliser's field")
            if number == 1:
                found["name"] = value.decode("utf-8", "replace")
            else:
                found["precompiled_charsmap"] = value
        elif number in _NORMALIZER_FLAGS:
            _expect(wire, 0, _NORMALIZER_FLAGS[number])
            found[_NORMALIZER_FLAGS[number]] = bool(value)
    return replace(before or NormalizerSpec(name=""), **found)


# Writing.


def write_model(model: SentencePieceModel) -> bytes:
    """The bytes of a `tokenizer.model` that the SentencePiece library opens."""
    check_model(model)
    return model_bytes(model)


def model_bytes(model: SentencePieceModel) -> bytes:
    """The same of any model, also of one that the library would refuse."""
    out = [_bytes_field(1, _piece_bytes(piece)) for piece in model.pieces]
    out.append(_bytes_field(2, _trainer_bytes(model)))
    out.append(_bytes_field(3, _normalizer_bytes(model.normalizer)))
    if model.denormalizer is not None:
        out.append(_bytes_field(5, _normalizer_bytes(model.denormalizer)))
    return b"".join(out)


def _varint_bytes(value: int) -> bytes:
    out = bytearray()
    value &= 0xFFFFFFFFFFFFFFFF  # negative numbers take ten bytes
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number_field(number: int, value: int) -> bytes:
    return _varint_bytes(number << 3) + _varint_bytes(value)


def _bytes_field(number: int, value: bytes) -> bytes:
    return _varint_bytes(number << 3 | 2) + _varint_bytes(len(value)) + value


def _piece_bytes(piece: Piece) -> bytes:
    made = _bytes_field(1, piece.text) + _varint_bytes(2 << 3 | 5) + struct.pack("<f", piece.score)
    return made if piece.type == PieceType.NORMAL else made + _number_field(3, piece.type)


def _trainer_bytes(model: SentencePieceModel) -> bytes:
    ids = [_id_of_unknown(model)] + [
        model.control_id(text) for text in (model.bos_piece, model.eos_piece, model.pad_piece)
    ]
    out = [_number_field(3, model.type), _number_field(4, len(model.pieces))]
    for number, name in _TRAINER_FLAGS.items():
        out.append(_number_field(number, getattr(model, name)))
    for number, id in zip((40, 41, 42, 43), ids, strict=True):
        out.append(_number_field(number, -1 if id is None else id))
    for number, name in _TRAINER_TEXTS.items():
        out.append(_bytes_field(number, getattr(model, name).encode()))
    return b"".join(out)


def _id_of_unknown(model: SentencePieceModel) -> int | None:
    return next(iter(model.ids_of_type(PieceType.UNKNOWN)), None)


def _normalizer_bytes(spec: NormalizerSpec) -> bytes:
    out = _bytes_field(1, spec.name.encode()) + _bytes_field(2, spec.precompiled_charsmap)
    for number, name in _NORMALIZER_FLAGS.items():
        out += _number_field(number, getattr(spec, name))
    return out
