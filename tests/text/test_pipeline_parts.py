"""Each normaliser, pre-tokeniser, decoder of tokenizer.json against that of `tokenizers`; hostile files."""

from __future__ import annotations

import copy
import functools
import json
import random
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Regex
from tokenizers import decoders as D
from tokenizers import normalizers as N
from tokenizers import pre_tokenizers as P

from llmworks.errors import TokenizerError
from llmworks.text import oniguruma
from llmworks.text.aligned import Aligned
from llmworks.text.decoders import read_decoder
from llmworks.text.normalizers import read_normalizer
from llmworks.text.oniguruma import Pattern
from llmworks.text.pre_tokenizers import PreTokenizer, read_pre_tokenizer
from llmworks.text.tokenizer import Tokenizer
from tests.text.hf_cases import BLOOM, DEEPSEEK, LLAMA3, O200K, family
from tests.text.text_cases import SCRIPTS, any_text, random_texts

POINTS = [point for point in range(0x110000) if not 0xD800 <= point < 0xE000]


def wild_texts(count: int) -> list[str]:
    """Short texts over all of Unicode, the lower part more often."""
    draw = random.Random(0)
    pools = [POINTS[:0x3000], POINTS]
    return [
        "".join(chr(draw.choice(draw.choice(pools))) for _ in range(draw.randint(1, 10)))
        for _ in range(count)
    ]


TEXTS = [
    *SCRIPTS, *filter(None, random_texts(200, seed=3)), *wild_texts(500), "Σας ΟΔΟΣ Σ", "가각 한국",
    "\u09c7\u09be \u0344 a\u0315\u0300",
]  # fmt: skip


def as_json(part: Any) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(part.__getstate__())
    return value


def named(parts: list[Any]) -> list[Any]:
    return [pytest.param(part, id=str(as_json(part))[:90]) for part in parts]


BERT = [
    N.BertNormalizer(clean, chinese, accents, lower)
    for clean in (True, False)
    for chinese in (True, False)
    for accents in (None, True, False)
    for lower in (True, False)
]
NORMALIZERS = [
    N.NFC(), N.NFD(), N.NFKC(), N.NFKD(), N.Lowercase(), N.StripAccents(), N.Nmt(), N.ByteLevel(), N.Strip(),
    N.Strip(True, False), N.Strip(False, True), N.Prepend("▁"), N.Replace(" ", "▁"),
    N.Replace(Regex(r"\s+"), "_"), N.Replace(Regex(r" {2,}"), "$1"), *BERT,
    N.Sequence([N.NFKD(), N.StripAccents(), N.Lowercase()]),
]  # fmt: skip


@pytest.mark.parametrize("peer", named(NORMALIZERS))
def test_normalizers(peer: Any) -> None:
    ours = read_normalizer(as_json(peer))
    assert ours is not None
    assert ours.to_json() == as_json(peer)
    for text in ["", " ", *TEXTS]:
        wanted = peer.normalize_str(text)
        aligned = ours.apply(Aligned.of(text))
        assert ours(text) == aligned.text == wanted, ascii(text)
        assert aligned.spans is not None
        assert len(aligned.spans) == len(wanted)
        assert all(low <= high for low, high in aligned.spans)


REGEXES = [
    *DEEPSEEK, O200K, LLAMA3, BLOOM, r"\d|\w+|[^\w\s]+|\s+", r"\p{Han}+|\p{Hiragana}", "[[:punct:]]+",
    r"\p{Alpha}\p{Punct}?", "[[:alpha:]&&[^aeiou]]+", r"\bt", r"\Bo", "x*", "^.|.$", r"(?<=[a-z])(?=[A-Z])",
    r"\h+", r"\P{L}+", r"\p{^N}x?", r"[\S\n]", "(?:[a-z]{2})+?", r"\n+|[\x{4e00}-\x{9fff}]|\u0041", r"[\w-]+",
    "(?m:a.)", "a{,2}b?", r"[\p{Han}\p{Latin}]+", r"\R", r"[a-z]{2}+", r"\A.|.\z", "(?i)the|S",
    "[^]a]+", "(?>a+)b|c",
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*"
    r"|\s*[\r\n]|\s+(?!\S)|\s+",
]  # fmt: skip
SEVERAL = [
    P.Sequence([P.WhitespaceSplit(), P.Metaspace("▁", "always")]),
    P.Sequence([P.Split(Regex(r"\p{N}{1,3}"), "isolated"), P.ByteLevel(False, use_regex=False)]),
    P.Sequence([P.Punctuation("contiguous"), P.ByteLevel(False), P.Digits(False)]),
]
SCHEMES = ("always", "first", "never")
PRE_TOKENIZERS = [
    *(P.Split(Regex(source), "isolated") for source in REGEXES),
    *(
        P.Split(pattern, behavior, invert=invert)
        for pattern in (" ", "a", Regex(r"\s+"), Regex("[a-z]+"))
        for behavior in ("removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous")
        for invert in (False, True)
    ),
    *(P.ByteLevel(prefix, use_regex=own) for prefix in (False, True) for own in (False, True)),
    *(P.Metaspace("▁", scheme, split=cut) for scheme in SCHEMES for cut in (True, False)),
    P.BertPreTokenizer(), P.Whitespace(), P.WhitespaceSplit(), P.Punctuation(), P.Punctuation("contiguous"),
    P.Digits(True), P.Digits(False), P.CharDelimiterSplit("a"), P.FixedLength(3), *SEVERAL,
]  # fmt: skip


@pytest.mark.parametrize("peer", named(PRE_TOKENIZERS))
def test_pre_tokenizers(peer: Any) -> None:
    ours = read_pre_tokenizer(as_json(peer))
    assert isinstance(ours, PreTokenizer)
    assert ours.to_json() == as_json(peer)
    for text in TEXTS if peer in SEVERAL else TEXTS[::3]:
        wanted = peer.pre_tokenize_str(text)
        pieces = ours([Aligned.of(text)])
        assert [(piece.text, piece.span(0, len(piece.text))) for piece in pieces] == wanted, ascii(text)
        assert ours.texts(text) == [piece for piece, _ in wanted]


TOKENS = [
    "▁Hey", "▁fr", "iend", "<0xE2>", "<0x82>", "<0xAC>", "<0xe2>", "a", "##b", ".", "▁", " ", "Ġthe",
    "Ã", "©", "<s>", "b</w>", "</w>", "|", "<pad>", "'s", " do not", "▁▁x", "  ", "é", "", "bb", "aab",
]  # fmt: skip
LLAMA = [D.Replace("▁", " "), D.ByteFallback(), D.Fuse()]
DECODERS = [
    D.ByteLevel(), D.ByteFallback(), D.Fuse(), D.Strip(" ", 1, 0), D.Strip("a", 0, 2), D.Replace("▁", " "),
    D.Replace(Regex("[▁a]"), "_"), D.Metaspace(), D.Metaspace(prepend_scheme="never"), D.WordPiece(),
    D.WordPiece("##", False), D.BPEDecoder(), D.BPEDecoder(""), D.CTC(), D.CTC("<pad>", "|", False),
    D.Sequence([*LLAMA, D.Strip(" ", 1, 0)]), D.Sequence([*LLAMA, D.Strip(" ", 2, 0)]), D.Sequence(LLAMA),
    D.Sequence([D.Fuse(), D.Replace("a ", "X")]), D.Sequence([D.ByteFallback(), D.Metaspace()]),
    D.Sequence([D.Replace("x", "a"), D.Fuse(), D.Strip("a", 1, 1)]), D.Sequence([]),
]  # fmt: skip


@pytest.mark.parametrize("peer", named(DECODERS))
def test_decoders(peer: Any) -> None:
    ours = read_decoder(as_json(peer))
    assert ours is not None
    assert ours.to_json() == as_json(peer)
    draw = random.Random(7)
    for _ in range(1500):
        tokens = draw.choices(TOKENS, k=draw.randint(1, 8))
        try:
            wanted = peer.decode(tokens)
        except BaseException as panic:  # the library's, on a text that is stripped away from both ends
            assert type(panic).__name__ == "PanicException"  # noqa: PT017
            continue
        assert ours(tokens) == wanted, tokens


def test_bytes_are_kept_where_bytes_are_asked_for() -> None:
    for peer in (D.ByteFallback(), D.Sequence([*LLAMA, D.Strip(" ", 1, 0)])):
        ours = read_decoder(as_json(peer))
        assert ours is not None
        assert (
            ours(["a", "<0xE2>", "<0x82>"], "surrogateescape").encode("utf-8", "surrogateescape")
            == b"a\xe2\x82"
        )


# ---- what a stranger's file may hold ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [r"(?:\p{L}{1000}){1000}", "(" * 300, "a{0,1000}" * 500, "((((a{999}){999}){999}){999}){999}", "[[" * 999,
     "a" * 6000],
)  # fmt: skip
def test_regexes_that_would_fill_the_memory_are_refused(source: str) -> None:
    with pytest.raises(TokenizerError):
        Pattern(source=source)


def test_a_regex_that_takes_exponential_time_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oniguruma, "SECONDS", 0.1)
    pattern = Pattern(source=r"(?:a|aa)+\Z")
    start = time.monotonic()
    with pytest.raises(TokenizerError, match="exponential"):
        pattern.matches("a" * 60 + "b")
    assert time.monotonic() - start < 60  # it ends at all


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 900) | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=6,
)  # fmt: skip
NAMES = ["bert", "llama2", "gemma", "deepseek", "t5", "openai_gpt", "word_level"]


@functools.cache
def sound(name: str) -> dict[str, Any]:
    file: dict[str, Any] = json.loads(family(name).to_str())
    return file


@given(data=st.data(), name=st.sampled_from(NAMES), value=JSON)
def test_a_file_with_any_part_replaced_is_read_or_refused(data: st.DataObject, name: str, value: Any) -> None:
    file = copy.deepcopy(sound(name))
    inner: Any = file
    while True:
        keys = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
        key = data.draw(st.sampled_from(keys))
        below = inner[key]
        if not isinstance(below, dict | list) or not below or data.draw(st.booleans()):
            break
        inner = below
    if data.draw(st.booleans()):
        inner[key] = value
    else:
        del inner[key]
    try:
        tokenizer = Tokenizer.from_json(json.dumps(file))
        ids = tokenizer.encode("abc é [CLS] <s>\n", allow_special=True)
    except TokenizerError:
        return
    tokenizer.check_ids(ids)
    tokenizer.decode(ids)
    assert Tokenizer.from_json(tokenizer.to_json()).encode("abc é [CLS] <s>\n", allow_special=True) == ids


@given(any_text)
def test_every_stretch_of_the_text_is_named_in_order(text: str) -> None:
    for name in ("bert", "gemma", "mistral", "deepseek"):
        spans = _read(name).spans(text)
        assert [span.id for span in spans] == _read(name).encode(text)
        assert all(0 <= low <= high <= len(text) for _, low, high in spans)


@functools.cache
def _read(name: str) -> Tokenizer:
    return Tokenizer.from_json(family(name).to_str())
