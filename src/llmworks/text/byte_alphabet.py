"""GPT-2's alphabet: one printable character for each byte, so that tokens can stand in JSON and text files.

    0x21..0x7E, 0xA1..0xAC, 0xAE..0xFF   stand for themselves       "A" -> "A"
    the other 68, in order               U+0100, U+0101, …          " " -> "Ġ", "\\n" -> "Ċ"

Source: OpenAI GPT-2, src/encoder.py (bytes_to_unicode).
"""

from __future__ import annotations

_SELVES = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
_OTHERS = [value for value in range(256) if value not in _SELVES]

# str.translate tables: byte value -> character, and back.
_WRITE = {value: 256 + place for place, value in enumerate(_OTHERS)}
_READ = {character: value for value, character in _WRITE.items()} | {value: value for value in _SELVES}
_READABLE = frozenset(map(chr, _READ))


def to_alphabet(token: bytes) -> str:
    """The bytes of a token as characters of the alphabet."""
    return token.decode("latin-1").translate(_WRITE)


def from_alphabet(text: str) -> bytes | None:
    """The bytes that `text` writes, or None when it holds a character that is not of the alphabet."""
    if not _READABLE.issuperset(text):
        return None
    return text.translate(_READ).encode("latin-1")
