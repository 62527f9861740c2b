"""The pre-tokenisers: C, the Python path and the published regexes give the same pieces, everywhere."""

from __future__ import annotations

import ctypes
import random
from collections.abc import Iterable, Sequence

import pytest
import tiktoken
import tiktoken_ext.openai_public as openai_public
from hypothesis import given
from tokenizers import Regex, pre_tokenizers

from llmworks.errors import TokenizerError
from llmworks.native.build import load_library
from llmworks.text.patterns import (
    ALIASES,
    PATTERN_NUMBERS,
    PATTERNS,
    Pretokenizer,
    pattern_name,
    unicode_classes,
)
from tests.text.text_cases import SCRIPTS, any_bytes, any_text, random_texts

EVERY_CHARACTER = "".join(chr(cp) for cp in range(0x110000) if not 0xD800 <= cp < 0xE000)
NAMES = sorted(PATTERNS)


@pytest.fixture(scope="module")
def library() -> ctypes.CDLL:
    found = load_library("bpe", "pretokenize.c", "bpe_tables.c", "bpe_encode.c")
    if found is None:
        pytest.skip("no C compiler here")
    found.lw_pieces.restype = found.lw_next_piece.restype = ctypes.c_size_t
    return found


def c_pieces(library: ctypes.CDLL, name: str, text: bytes) -> list[bytes]:
    size = ctypes.c_size_t
    ends = (size * (len(text) + 1))()
    count = library.lw_pieces(
        PATTERN_NUMBERS[name], text, size(0), size(len(text)), ends, size(len(text) + 1)
    )
    starts = [0, *ends[:count]]
    return [text[start:end] for start, end in zip(starts, ends[:count], strict=False)]


def hugging_face(name: str) -> pre_tokenizers.PreTokenizer:
    if name == "gpt2_digits":
        # The files say Digits, then ByteLevel. But ByteLevel would rewrite the text here, and Digits goes by
        # the newer Unicode of Rust's own library (11 digits of Tolong Siki more than the regexes know).
        parts = [Regex(r"\p{N}"), Regex(PATTERNS["gpt2"])]
        return pre_tokenizers.Sequence([pre_tokenizers.Split(part, "isolated") for part in parts])
    return pre_tokenizers.Split(Regex(PATTERNS[name]), "isolated")


def pieces_of(pre_tokenizer: pre_tokenizers.PreTokenizer, text: str) -> list[bytes]:
    return [piece.encode() for piece, _ in pre_tokenizer.pre_tokenize_str(text)]


@pytest.mark.parametrize("name", NAMES)
def test_pieces_equal_those_of_hugging_face(name: str, library: ctypes.CDLL) -> None:
    peer, python = hugging_face(name), Pretokenizer(name)
    for text in SCRIPTS + random_texts(3000, seed=7):
        expected = pieces_of(peer, text)
        assert c_pieces(library, name, text.encode()) == expected, text
        assert list(python.pieces(text.encode())) == expected, text


SURROUNDINGS = ["{}", "a{}", "'{}", " {}b", "A{}a", "!{}1", "\n{} "]


def check_characters(
    library: ctypes.CDLL, name: str, characters: Iterable[str], surroundings: Sequence[str] = SURROUNDINGS
) -> None:
    """Each in all surroundings; between them form feeds, which no pattern joins to what follows."""
    text = "\f".join(around.format(character) for character in characters for around in surroundings)
    expected = pieces_of(hugging_face(name), text)
    assert c_pieces(library, name, text.encode()) == expected
    assert list(Pretokenizer(name).pieces(text.encode())) == expected


@pytest.mark.parametrize("name", NAMES)
def test_first_and_last_character_of_every_class(name: str, library: ctypes.CDLL) -> None:
    """The classes themselves are compared over all of Unicode in the next test."""
    classes = unicode_classes()
    edges = {cp for cp in range(1, 0x110000) if classes[cp] != classes[cp - 1]}
    around = sorted(edges | {cp - 1 for cp in edges} | {cp + 1 for cp in edges if cp < 0x300})
    check_characters(library, name, (chr(cp) for cp in around if not 0xD7FF < cp < 0xE000))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_character_before_a_letter(name: str, library: ctypes.CDLL) -> None:
    for start in range(0, len(EVERY_CHARACTER), 1 << 16):
        check_characters(library, name, EVERY_CHARACTER[start : start + (1 << 16)], [" {}b"])


@pytest.mark.parametrize("name", NAMES)
def test_pieces_equal_those_of_tiktoken(name: str, library: ctypes.CDLL) -> None:
    """tiktoken shows ids only: with every pair of bytes as a token, they tell where most pieces end."""
    ranks = {bytes([a]): a for a in range(256)}
    ranks |= {bytes([a, b]): 256 + 256 * a + b for a in range(256) for b in range(256)}
    pattern = {
        "gpt2": openai_public.r50k_pat_str,
        "o200k": PATTERNS["o200k"],
        "cl100k": next(text for text, alias in ALIASES.items() if alias == "cl100k"),
    }.get(name, PATTERNS[name])
    every_piece = tiktoken.Encoding("pieces", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    one_piece = tiktoken.Encoding("piece", pat_str=r"(?s:.+)", mergeable_ranks=ranks, special_tokens={})
    for text in SCRIPTS + random_texts(1500, seed=8):
        expected = every_piece.encode_ordinary(text)
        pieces = c_pieces(library, name, text.encode())
        # A piece may end within no character, so each is text of its own.
        assert [id for piece in pieces for id in one_piece.encode_ordinary(piece.decode())] == expected, text


@given(any_text)
def test_python_and_c_cut_alike(library: ctypes.CDLL, text: str) -> None:
    data = text.encode("utf-8", "replace")
    for name in NAMES:
        assert c_pieces(library, name, data) == list(Pretokenizer(name).pieces(data))


@given(any_bytes)
def test_any_bytes_are_cut_and_none_is_lost(library: ctypes.CDLL, data: bytes) -> None:
    for name in NAMES:
        pieces = c_pieces(library, name, data)
        assert b"".join(pieces) == data
        assert all(pieces)
        assert pieces == list(Pretokenizer(name).pieces(data))


@pytest.mark.parametrize(
    "bad", [b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe4\xb8", b"\xf0\x9f\x8e", b"\x80", b"\xff"]
)
def test_a_byte_that_is_no_character_counts_as_a_symbol(bad: bytes, library: ctypes.CDLL) -> None:
    for name in NAMES:
        expected = [piece.encode() for piece in _with_symbols(name, bad)]
        found = c_pieces(library, name, b"a" + bad + b"b 1" + bad)
        assert [len(piece) for piece in found] == [len(piece) for piece in expected]


def _with_symbols(name: str, bad: bytes) -> list[str]:
    text = "a" + "!" * len(bad) + "b 1" + "!" * len(bad)
    return [piece.decode() for piece in Pretokenizer(name).pieces(text.encode())]


@pytest.mark.parametrize("name", NAMES)
def test_piece_by_piece_equals_many_at_once(name: str, library: ctypes.CDLL) -> None:
    text = " ".join(SCRIPTS).encode()
    size, pos, pieces = ctypes.c_size_t, 0, []
    while pos < len(text):
        end = library.lw_next_piece(PATTERN_NUMBERS[name], text, size(pos), size(len(text)))
        pieces.append(text[pos:end])
        pos = end
    assert pieces == c_pieces(library, name, text)


def test_the_end_of_the_text_is_where_the_caller_says(library: ctypes.CDLL) -> None:
    """Behind `end` may stand a control token: it must not be looked at."""
    size = ctypes.c_size_t
    text = b"a   <|endoftext|>"
    for name, number in PATTERN_NUMBERS.items():
        assert library.lw_next_piece(number, text, size(1), size(4)) == 4, name
        assert library.lw_next_piece(number, text, size(1), size(len(text))) == 3, name


@pytest.mark.parametrize(("text", "name"), ALIASES.items(), ids=lambda value: value[:24])
def test_aliases_cut_alike(text: str, name: str) -> None:
    assert pattern_name(text) == name
    # `{1,3}+` and a `\s*[\r\n]` that wants `\s++$` before it are Rust's dialect: tiktoken reads those.
    ranks = {bytes([a]): a for a in range(256)}
    ranks |= {bytes([a, b]): 256 + 256 * a + b for a in range(256) for b in range(256)}
    ours = tiktoken.Encoding("ours", pat_str=PATTERNS[name], mergeable_ranks=ranks, special_tokens={})
    theirs = tiktoken.Encoding("theirs", pat_str=text, mergeable_ranks=ranks, special_tokens={})
    for case in SCRIPTS + random_texts(500, seed=9):
        assert ours.encode_ordinary(case) == theirs.encode_ordinary(case), case


def test_unicode_classes_are_those_of_the_peers() -> None:
    """All 1.1 million code points: letters, numbers, marks, white space, kinds of letters."""
    classes = unicode_classes()
    wanted = {r"\p{L}": b"\1\2\3", r"\p{N}": b"\5", r"\p{M}": b"\4", r"\s": b"\6\7\x08", r"\p{Ll}": b"\2",
              r"[\p{Lu}\p{Lt}]": b"\1", r"[\p{Lm}\p{Lo}]": b"\3"}  # fmt: skip
    single = {bytes([value]): value for value in range(256)}
    for pattern, numbers in wanted.items():
        ours = "".join(character for character in EVERY_CHARACTER if classes[ord(character)] in numbers)
        rust = tiktoken.Encoding("probe", pat_str=pattern, mergeable_ranks=single, special_tokens={})
        assert bytes(rust.encode_ordinary(EVERY_CHARACTER)).decode() == ours, pattern


def test_an_unknown_pattern_is_refused_by_name() -> None:
    with pytest.raises(TokenizerError, match=r"\\\\w\+.*cl100k"):
        Pretokenizer(r"\w+")


@pytest.mark.parametrize("name", NAMES)
def test_windows_of_bit_masks_cut_as_the_state_machine(name: str, library: ctypes.CDLL) -> None:
    """Longer text, nearly all ASCII, goes 64 bytes at a time; a piece at a time goes the other way."""
    draw = random.Random(name)
    alphabet = [*"          \n\n\n\r\t\t\v'''sSdtTmrReEvVlLaZ019!?/.-_", *(["word"] * 4), "é", "中", "\u00a0"]
    size = ctypes.c_size_t
    for _ in range(300):
        weights = [draw.random() ** 3 for _ in alphabet]
        text = "".join(draw.choices(alphabet, weights, k=draw.randint(60, 160))).encode()
        pos, pieces = 0, []
        while pos < len(text):
            end = library.lw_next_piece(PATTERN_NUMBERS[name], text, size(pos), size(len(text)))
            pieces.append(text[pos:end])
            pos = end
        assert c_pieces(library, name, text) == pieces
