"""Texts whose characters both editions of Unicode class alike go through the `regex` module's classes, and
ASCII without `Aligned`: the pieces stay the same."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Regex, pre_tokenizers

from llmworks.text.aligned import Aligned
from llmworks.text.oniguruma import Pattern
from llmworks.text.pre_tokenizers import read_pre_tokenizer
from tests.text.hf_cases import BLOOM, DEEPSEEK, LLAMA3, O200K, QWEN
from tests.text.text_cases import SCRIPTS

SOURCES = [
    *(*DEEPSEEK, LLAMA3, QWEN, O200K, BLOOM),
    *(
        r"\w+|[^\w\s]+",
        r"\W+",
        r"\bthe\b|\B\d",
        r"\p{Greek}+|[^\p{Greek}a]",
        r"[\p{L}&&[^a-f]]+",
        r"\P{Lo}{2}",
    ),
    *(
        r"(?i)ks|the",
        r"(?i:k|t)s",
        r"[[:punct:]]+|[[:^alnum:]]",
        r"[\p{M}\p{Lo}]|.",
        r"[^\p{M}]x?",
        r"$|^a",
    ),
]
ASCII = [*map(chr, range(128)), "the", "ks", "  ", "123", "\r\n", "'S", "!!"]
ascii_text = st.lists(st.sampled_from(ASCII), max_size=40).map("".join)


def assert_as_in_the_whole_regex(source: str, text: str) -> None:
    whole, quick = Pattern(source=source), Pattern(source=source)
    whole._native = None
    assert quick.matches(text) == whole.matches(text), (source, text)


@pytest.mark.parametrize("source", SOURCES)
def test_matches_are_those_of_the_whole_regex_and_of_tokenizers(source: str) -> None:
    draw = random.Random(source)
    peer = pre_tokenizers.Split(Regex(source), "isolated")
    ours = read_pre_tokenizer(
        {"type": "Split", "pattern": {"Regex": source}, "behavior": "Isolated", "invert": False}
    )
    assert ours is not None
    for text in ["".join(draw.choices(ASCII, k=draw.randint(1, 40))) for _ in range(150)]:
        assert_as_in_the_whole_regex(source, text)
        assert ours.texts(text) == [piece for piece, _ in peer.pre_tokenize_str(text)], text


@given(text=ascii_text, source=st.sampled_from(SOURCES))
def test_any_ascii(text: str, source: str) -> None:
    assert_as_in_the_whole_regex(source, text)


@given(text=st.one_of(st.text(max_size=30), st.sampled_from(SCRIPTS)), source=st.sampled_from(SOURCES))
def test_any_text(text: str, source: str) -> None:
    assert_as_in_the_whole_regex(source, text)


def test_characters_that_the_editions_class_apart_go_through_the_whole_regex() -> None:
    pattern = Pattern(source=r"\p{L}+|\w")
    assert pattern._quickest("the fox – ça va, Москва 東京") is not pattern._regex
    apart = [
        character
        for character in map(chr, range(0x80, 0x30000))
        if not 0xD800 <= ord(character) < 0xE000 and pattern._quickest(character) is pattern._regex
    ]
    assert apart  # Unicode has grown between the editions
    for character in apart[:200]:
        assert_as_in_the_whole_regex(r"\p{L}+|\w", f"a{character}1 {character}")


def test_no_own_classes_where_case_is_folded() -> None:
    assert Pattern(source=r"\p{L}+")._native is not None
    assert Pattern(source=r"(?i)\p{L}+")._native is None
    assert Pattern(source=r"a(?mi:s)")._native is None


@given(text=st.one_of(ascii_text, st.text(max_size=30), st.sampled_from(SCRIPTS)), split=st.booleans())
def test_chains_of_splits_and_bytes_cut_texts_as_they_cut_what_is_aligned(text: str, split: bool) -> None:
    steps = [
        {"type": "Split", "pattern": {"Regex": source}, "behavior": "Isolated", "invert": False}
        for source in DEEPSEEK
    ]
    last = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": split}
    chain = read_pre_tokenizer({"type": "Sequence", "pretokenizers": [*steps, last]})
    assert chain is not None
    assert chain.texts(text) == [part.text for part in chain([Aligned(text)])]
