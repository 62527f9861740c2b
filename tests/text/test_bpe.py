"""BPETokenizer: the same ids as tiktoken, in C as in Python, for any text and any bytes."""

from __future__ import annotations

import functools
import json
import lzma
import pickle
import threading
from pathlib import Path

import numpy as np
import pytest
import tiktoken
import tiktoken_ext.openai_public as openai_public
from hypothesis import given, settings
from hypothesis import strategies as st

from llmworks.errors import TokenizerError
from llmworks.text.bpe import BPETokenizer
from llmworks.text.formats import read_gpt2_pair
from llmworks.text.patterns import ALIASES
from llmworks.text.special import AddedToken
from tests.support import shared_data
from tests.text.text_cases import (
    SCRIPTS,
    any_bytes,
    any_text,
    cl100k,
    cl100k_ranks,
    random_texts,
    small_tokenizer,
    write_gpt2_files,
)

LONG = [
    "a" * 5000,
    " " * 3000,
    "ab" * 2000,
    "中文" * 900,
    "\n" * 700,
    "=" * 1000,
    "🎉" * 300,
    "aaaa" * 33 + "b",
]


@functools.cache
def tiktoken_cl100k() -> tiktoken.Encoding:
    pattern = next(text for text, name in ALIASES.items() if name == "cl100k")
    return tiktoken.Encoding(
        "cl100k_base",
        pat_str=pattern,
        mergeable_ranks=cl100k_ranks(),
        special_tokens=dict(cl100k().special_tokens),
    )


@pytest.fixture(scope="module")
def gpt2(tmp_path_factory: pytest.TempPathFactory) -> tuple[BPETokenizer, tiktoken.Encoding]:
    ours = read_gpt2_pair(*write_gpt2_files(tmp_path_factory.mktemp("gpt2")))
    peer = tiktoken.Encoding(
        "gpt2",
        pat_str=openai_public.r50k_pat_str,
        mergeable_ranks=ours.vocabulary,
        special_tokens=dict(ours.special_tokens),
    )
    return ours, peer


def real_texts() -> list[str]:
    """Prose, dialogues in JSON, and whatever else of the development data is small."""
    wiki = lzma.decompress(shared_data("text/wikitext2_valid.txt.xz").read_bytes()).decode()
    play = lzma.decompress(shared_data("text/tinyshakespeare.txt.xz").read_bytes()).decode()
    facts = lzma.decompress(shared_data("rag/factbook.jsonl.xz").read_bytes())[:400_000].decode(
        "utf-8", "ignore"
    )
    code = Path(json.decoder.__file__).read_text()
    return [wiki[:400_000], play[:300_000], facts, code]


def test_cl100k_ids_equal_tiktoken() -> None:
    ours, peer = cl100k(), tiktoken_cl100k()
    for text in SCRIPTS + LONG + real_texts() + random_texts(4000, seed=1, longest=20):
        assert ours.encode(text) == peer.encode_ordinary(text), text[:80]


def test_gpt2_ids_equal_tiktoken(gpt2: tuple[BPETokenizer, tiktoken.Encoding]) -> None:
    ours, peer = gpt2
    for text in SCRIPTS + LONG + real_texts() + random_texts(4000, seed=2, longest=20):
        assert ours.encode(text) == peer.encode_ordinary(text), text[:80]


def test_python_path_gives_the_ids_of_the_c_path(gpt2: tuple[BPETokenizer, tiktoken.Encoding]) -> None:
    merges = BPETokenizer(gpt2[0].vocabulary, gpt2[0].merges, pattern="gpt2", native=False)
    for ours, python in ((cl100k(), cl100k(native=False)), (gpt2[0], merges)):
        assert not python.is_native
        for text in SCRIPTS + LONG + random_texts(800, seed=3):
            assert python.encode(text) == ours.encode(text), text[:80]


@settings(max_examples=300)
@given(any_text)
def test_any_text_as_tiktoken(text: str) -> None:
    assert cl100k().encode(text) == tiktoken_cl100k().encode_ordinary(text)


@given(
    st.text(st.sampled_from("ab low er the123"), min_size=0, max_size=200),
    st.sampled_from(["gpt2", "cl100k", "o200k"]),
)
def test_python_equals_c_where_merges_compete(text: str, pattern: str) -> None:
    assert small_tokenizer(True, pattern).encode(text) == small_tokenizer(False, pattern).encode(text)


@given(any_bytes)
def test_any_bytes_come_back(data: bytes) -> None:
    for tokenizer in (small_tokenizer(True), small_tokenizer(False), small_tokenizer(True, "o200k")):
        ids = tokenizer.encode_array(data)
        assert ids.dtype == np.int32
        assert tokenizer.decode_bytes(ids) == data
    assert (
        small_tokenizer(True).encode_array(data).tolist()
        == small_tokenizer(False).encode_array(data).tolist()
    )


@given(any_text)
def test_text_comes_back(text: str) -> None:
    tokenizer = small_tokenizer()
    ids = tokenizer.encode(text)
    assert tokenizer.decode(ids) == text
    stream = tokenizer.stream()
    shown = [stream.feed(id) for id in ids] + [stream.flush()]
    assert "".join(shown) == text
    assert "\ufffd" in text or not any("\ufffd" in part for part in shown)


@given(any_bytes)
def test_stream_equals_decode_on_any_bytes(data: bytes) -> None:
    tokenizer = small_tokenizer()
    ids = tokenizer.encode_array(data).tolist()
    stream = tokenizer.stream()
    assert "".join([*map(stream.feed, ids), stream.flush()]) == tokenizer.decode(ids)


def test_stream_holds_half_a_character_back() -> None:
    tokenizer = small_tokenizer()
    first, second = tokenizer.encode_array("🎉".encode())
    stream = tokenizer.stream()
    assert [stream.feed(int(first)), stream.feed(int(second))] == ["", "🎉"]
    assert [stream.feed(int(first)), stream.flush(), stream.feed(tokenizer.token_id("e") or 0)] == [
        "",
        "\ufffd",
        "e",
    ]


def test_a_large_cache_forgets_and_stays_right() -> None:
    """More different pieces than the cache holds, of all lengths that it treats differently."""
    draw = np.random.default_rng(5)
    lengths = draw.integers(1, 300, 60_000) // draw.integers(1, 60, 60_000) + 1
    letters = draw.integers(97, 123, int(lengths.sum()), dtype=np.uint8).tobytes().decode()
    ends = np.cumsum(lengths)
    text = " ".join(letters[end - length : end] for end, length in zip(ends, lengths, strict=True))
    ours = cl100k()
    assert ours.encode(text) == tiktoken_cl100k().encode_ordinary(text)
    assert ours.encode(text) == tiktoken_cl100k().encode_ordinary(text)


def test_threads_give_the_same_ids() -> None:
    tokenizer = small_tokenizer()
    texts = random_texts(300, seed=4, longest=200)
    alone = [tokenizer.encode(text) for text in texts]
    assert [ids.tolist() for ids in tokenizer.encode_batch(texts, threads=4)] == alone
    assert [ids.tolist() for ids in tokenizer.encode_batch(texts)] == alone
    results: dict[int, list[list[int]]] = {}

    def work(number: int) -> None:
        results[number] = [tokenizer.encode(text) for text in texts]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(result == alone for result in results.values())


def test_a_pickled_copy_gives_the_same_ids() -> None:
    tokenizer = small_tokenizer()
    copy = pickle.loads(pickle.dumps(tokenizer))
    assert copy.fingerprint() == tokenizer.fingerprint()
    assert copy.encode("lower the<|im_end|>", allow_special=True) == tokenizer.encode(
        "lower the<|im_end|>", allow_special=True
    )


# ---- control tokens ----------------------------------------------------------------------------


@given(
    st.lists(
        st.sampled_from(["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|", "|>", "a", " ", "<"]),
        max_size=12,
    )
)
def test_user_text_never_becomes_a_control_token(parts: list[str]) -> None:
    text = "".join(parts)
    for tokenizer in (small_tokenizer(True), small_tokenizer(False)):
        control = set(tokenizer.special_tokens.values())
        assert not control & set(tokenizer.encode(text))
        assert tokenizer.decode(tokenizer.encode(text, allow_special=True)) == text


def test_allowed_control_tokens_as_tiktoken() -> None:
    ours, peer = cl100k(), tiktoken_cl100k()
    for text in [
        "a<|endoftext|>b",
        "<|fim_prefix|><|fim_suffix|>  <|fim_middle|>\n",
        "<|endoftext",
        "  <|endofprompt|>  x",
    ]:
        assert ours.encode(text, allow_special=True) == peer.encode(text, allowed_special="all")
        some = {"<|fim_suffix|>", "<|endofprompt|>"}
        expected = peer.encode(text, allowed_special=some, disallowed_special=())
        assert ours.encode(text, allow_special=some) == expected


def test_the_longest_control_token_wins() -> None:
    vocabulary = {bytes([value]): value for value in range(256)}
    tokenizer = BPETokenizer(vocabulary, special_tokens={"<|a|>": 256, "<|a|>b": 257, "<|": 258, "||": 259})
    assert tokenizer.encode("<|a|>b<|a|>c<|x", allow_special=True) == [257, 256, ord("c"), 258, ord("x")]
    assert tokenizer.encode("<|a|>b", allow_special={"<|a|>"}) == [256, ord("b")]
    assert tokenizer.encode("||||", allow_special=True) == [259, 259]


def test_plain_added_tokens_are_read_from_every_text() -> None:
    vocabulary = {bytes([value]): value for value in range(256)}
    added = [AddedToken("   ", 256, control=False, flagged=False), AddedToken("<s>", 257, rstrip=True)]
    tokenizer = BPETokenizer(vocabulary, special_tokens=added)
    assert tokenizer.encode("a    b<s>") == [97, 256, 32, 98, 60, 115, 62]
    assert tokenizer.encode("<s>  b", allow_special=True) == [257, 98]
    assert tokenizer.special_tokens == {"<s>": 257}


def test_a_control_token_that_is_not_known_is_refused() -> None:
    with pytest.raises(TokenizerError, match=r"<\|nope\|>.*<\|endoftext\|>"):
        small_tokenizer().encode("x", allow_special={"<|nope|>"})
    with pytest.raises(TokenizerError, match="collection"):
        small_tokenizer().encode("x", allow_special="<|endoftext|>")


# ---- looking inside ----------------------------------------------------------------------------


@given(any_text)
def test_explain_ends_with_the_ids(text: str) -> None:
    tokenizer = small_tokenizer()
    explanation = tokenizer.explain(text)
    assert explanation.ids == tokenizer.encode(text)
    assert "".join(piece.text for piece in explanation.pieces) == text
    for piece in explanation.pieces:
        parts = piece.start_ids
        for step in piece.merges:
            place = next(
                i for i in range(len(parts) - 1) if [*parts[:i], step.result, *parts[i + 2 :]] == step.parts
            )
            assert (parts[place], parts[place + 1]) == (step.left, step.right)
            parts = step.parts
        assert parts == piece.ids
    json.dumps(explanation.to_dict())


def test_explain_shows_the_merges_in_order() -> None:
    explanation = small_tokenizer().explain("lower the<|im_end|>")
    assert str(explanation).splitlines()[0] == "l o w e r  ->  l o w er  ->  lo w er  ->  low er  ->  lower"
    allowed = small_tokenizer().explain("x<|im_end|>", allow_special=True)
    assert [piece.control for piece in allowed.pieces] == [False, True]


def test_explain_says_when_a_piece_was_looked_up_whole() -> None:
    assert [piece.whole for piece in cl100k().explain(" lower indivisible").pieces] == [True, False]


def test_labels_for_people() -> None:
    tokenizer = small_tokenizer()
    label = {
        text: tokenizer.token_label(tokenizer.encode_array(text)[0])
        for text in (b" the", b"\n", b"\xe2", b"\x00")
    }
    assert label == {b" the": "␣the", b"\n": "↵", b"\xe2": "<0xE2>", b"\x00": "<U+0000>"}
    assert tokenizer.token_label(tokenizer.special_tokens["<|im_end|>"]) == "<|im_end|>"
    assert tokenizer.token_id(" the") == tokenizer.encode(" the")[0]
    assert tokenizer.token_id("<|im_end|>") == tokenizer.special_tokens["<|im_end|>"]
    assert tokenizer.token_id("no such token") is None


# ---- rules around the merges ----------------------------------------------------------------------------


def test_normaliser_and_prefix_space() -> None:
    vocabulary = {bytes([value]): value for value in range(256)}
    composed = BPETokenizer(vocabulary, normalizer="NFC")
    assert composed.decode(composed.encode("e\u0301a")) == "éa"
    assert composed.decode_bytes(composed.encode_array(b"e\xcc\x81\xff")) == b"\xc3\xa9\xff"
    prefixed = BPETokenizer(vocabulary, pattern="gpt2", add_prefix_space=True, special_tokens={"<s>": 256})
    assert prefixed.decode(prefixed.encode("a<s> b", allow_special=True)) == " a<s> b"


def test_surrogates_in_a_str_are_read_as_tiktoken_does() -> None:
    for text in ["a\ud83c\udf89b", "a\ud83cb", "\udc00"]:
        assert cl100k().encode(text) == tiktoken_cl100k().encode_ordinary(text)


def test_fingerprint_tells_rules_apart() -> None:
    vocabulary = {bytes([value]): value for value in range(256)}
    variants = [
        BPETokenizer(vocabulary),
        BPETokenizer(vocabulary, pattern="gpt2"),
        BPETokenizer(vocabulary, special_tokens={"<s>": 256}),
        BPETokenizer(vocabulary | {b"ab": 256}),
        BPETokenizer(vocabulary | {b"ab": 256}, [(97, 98)]),
        BPETokenizer(vocabulary, normalizer="NFC"),
    ]
    assert len({tokenizer.fingerprint() for tokenizer in variants}) == len(variants)
    assert BPETokenizer(dict(reversed(vocabulary.items()))).fingerprint() == variants[0].fingerprint()


BYTES = {bytes([value]): value for value in range(256)}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (({b"a": 0},), "no token for byte 0x00 .255 of the 256"),
        ((BYTES | {b"ab": 5},), "id 5 stands for two tokens"),
        ((BYTES | {b"": 256},), "empty token"),
        ((BYTES | {b"ab": 1 << 24},), "16777216 is out of range"),
        ((BYTES | {b"ab": -1},), "-1 is out of range"),
        ((BYTES, [(97, 98)]), "b'a' . b'b': the result is not in the vocabulary"),
        ((BYTES, [(97, 400)]), "names an id that is not"),
        ((BYTES | {b"ab": 256}, [(97, 98), (97, 98)]), "twice"),
    ],
)
def test_parts_that_contradict_each_other_are_refused(arguments: tuple[object, ...], complaint: str) -> None:
    with pytest.raises(TokenizerError, match=complaint):
        BPETokenizer(*arguments)  # type: ignore[arg-type]


def test_control_tokens_that_contradict_are_refused() -> None:
    for specials in (
        [AddedToken("<a>", 97)],
        [AddedToken("<a>", 300), AddedToken("<a>", 301)],
        [AddedToken("", 300)],
    ):
        with pytest.raises(TokenizerError):
            BPETokenizer(BYTES, special_tokens=specials)


def test_ids_that_do_not_exist_are_refused() -> None:
    tokenizer = small_tokenizer()
    for id in (-1, tokenizer.vocab_size):
        with pytest.raises(TokenizerError, match=f"id {id} is no token"):
            tokenizer.decode([id])
    with pytest.raises(TokenizerError, match="str or bytes"):
        tokenizer.encode(12)  # type: ignore[arg-type]


def test_empty_text() -> None:
    tokenizer = small_tokenizer()
    assert tokenizer.encode("") == []
    assert tokenizer.decode([]) == ""
    assert tokenizer.encode_array(b"").shape == (0,)
    assert tokenizer.encode_batch([]) == []
    assert tokenizer.explain("").pieces == []
