"""Tokenizer files: read, written, read by the peers with the same ids; refused when they cannot be kept."""

from __future__ import annotations

import copy
import json
import lzma
from pathlib import Path
from typing import Any

import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st

from llmworks.errors import TokenizerError
from llmworks.text.bpe import BPETokenizer
from llmworks.text.byte_alphabet import from_alphabet, to_alphabet
from llmworks.text.patterns import PATTERNS
from llmworks.text.special import AddedToken
from llmworks.text.tiktoken_file import write_tiktoken
from llmworks.text.tokenizer import Tokenizer
from tests.support import shared_data
from tests.text.text_cases import (
    SCRIPTS,
    any_text,
    cl100k,
    random_texts,
    small_tokenizer,
    write_gpt2_files,
)

TEXTS = SCRIPTS + random_texts(600, seed=11) + ["<|endoftext|>a <|im_start|>user\nHi<|im_end|>\n"]


def peer_of(tokenizer: Tokenizer) -> tokenizers.Tokenizer:
    return tokenizers.Tokenizer.from_str(tokenizer.to_json())


def assert_same_ids(ours: Tokenizer, peer: tokenizers.Tokenizer, texts: list[str] = TEXTS) -> None:
    for text in texts:
        ids = ours.encode(text, allow_special=True)
        assert ids == peer.encode(text, add_special_tokens=False).ids, text
        assert ours.decode(ids) == peer.decode(ids, skip_special_tokens=False)


@pytest.mark.parametrize("pattern", sorted(PATTERNS))
def test_written_json_gives_the_same_ids_in_tokenizers(pattern: str) -> None:
    ours = small_tokenizer(pattern=pattern)
    assert_same_ids(ours, peer_of(ours))


@pytest.mark.parametrize("pattern", sorted(PATTERNS))
def test_written_json_comes_back(pattern: str, tmp_path: Path) -> None:
    ours = small_tokenizer(pattern=pattern)
    ours.save(tmp_path)
    again = Tokenizer.from_file(tmp_path)
    assert again.fingerprint() == ours.fingerprint()
    assert again.to_json() == ours.to_json() == (tmp_path / "tokenizer.json").read_text(encoding="utf-8")
    assert Tokenizer.from_json(ours.to_json()).special_tokens == ours.special_tokens


@given(any_text)
def test_any_text_as_in_tokenizers(text: str) -> None:
    ours = small_tokenizer()
    assert ours.encode(text, allow_special=True) == SMALL_PEER.encode(text).ids


SMALL_PEER = peer_of(small_tokenizer())


def test_cl100k_ranks_as_tokenizer_json() -> None:
    ours = cl100k()
    peer = peer_of(ours)
    wiki = lzma.decompress(shared_data("text/wikitext2_valid.txt.xz").read_bytes()).decode()[:200_000]
    long_ones = ["=" * 300, " " * 400 + "x", "a" * 500, "中" * 200]
    assert_same_ids(ours, peer, [*TEXTS, *long_ones, wiki, "<|fim_prefix|>x<|endofprompt|><|endoftext|>"])
    again = Tokenizer.from_json(ours.to_json())
    assert [again.encode(text) for text in TEXTS] == [ours.encode(text) for text in TEXTS]


def test_a_text_file_is_told_what_was_expected(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello world\n")
    with pytest.raises(TokenizerError, match=r"no tokenizer at all; expected it under the name merges\.txt"):
        Tokenizer.from_file(tmp_path / "a.txt")


def test_gpt2_pair_of_files(tmp_path: Path) -> None:
    vocab, merges = write_gpt2_files(tmp_path)
    ours = Tokenizer.from_file(vocab)
    assert (
        Tokenizer.from_file(merges).fingerprint()
        == ours.fingerprint()
        == Tokenizer.from_file(tmp_path).fingerprint()
    )
    assert ours.vocab_size == 50257
    assert ours.special_tokens == {"<|endoftext|>": 50256}
    peer = tokenizers.Tokenizer(tokenizers.models.BPE.from_file(str(vocab), str(merges)))
    peer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    peer.decoder = tokenizers.decoders.ByteLevel()
    peer.add_special_tokens(["<|endoftext|>"])
    assert_same_ids(ours, peer)
    assert_same_ids(ours, peer_of(ours))
    merges.unlink()
    with pytest.raises(TokenizerError, match=r"merges\.txt is not beside it"):
        Tokenizer.from_file(vocab)


def test_tiktoken_file(tmp_path: Path) -> None:
    content = lzma.decompress(shared_data("tok/cl100k_base.tiktoken.xz").read_bytes())
    path = tmp_path / "any_name.txt"
    path.write_bytes(content)
    ours = Tokenizer.from_file(path)  # OpenAI's own: known by its hash
    assert isinstance(ours, BPETokenizer)
    assert (ours.pattern, ours.vocab_size) == ("cl100k", 100277)
    assert ours.special_tokens["<|endofprompt|>"] == 100276
    write_tiktoken(ours, tmp_path / "again.tiktoken")
    assert (tmp_path / "again.tiktoken").read_bytes() == content


def test_tiktoken_file_of_unknown_origin(tmp_path: Path) -> None:
    ours = simple_tokenizer()
    path = tmp_path / "mine.tiktoken"
    write_tiktoken(ours, path)
    with pytest.raises(TokenizerError, match="pattern="):
        Tokenizer.from_file(path)
    again = Tokenizer.from_file(path, pattern="gpt2", special_tokens={"<|endoftext|>": 258})
    for text in [*TEXTS, "abc ab bc abcabc"]:
        assert again.encode(text, allow_special=True) == ours.encode(text, allow_special=True)


def simple_tokenizer() -> BPETokenizer:
    vocabulary = {bytes([value]): value for value in range(256)} | {b"ab": 256, b"abc": 257}
    return BPETokenizer(
        vocabulary, [(97, 98), (256, 99)], pattern="gpt2", special_tokens={"<|endoftext|>": 258}
    )


def test_merges_that_ranks_cannot_say_are_not_written_as_ranks(tmp_path: Path) -> None:
    vocabulary = {bytes([value]): value for value in range(256)} | {b"bc": 256, b"ab": 257, b"abc": 258}
    # "abc" becomes a+bc by these merges, which no merge joins; by ranks it would be one token.
    tokenizer = BPETokenizer(vocabulary, [(98, 99), (97, 98), (257, 99)])
    with pytest.raises(TokenizerError, match="b'abc'"):
        write_tiktoken(tokenizer, tmp_path / "x")
    swapped = BPETokenizer(vocabulary, [(97, 98), (98, 99), (257, 99)])
    with pytest.raises(TokenizerError, match="order"):
        write_tiktoken(swapped, tmp_path / "x")


def test_ranks_with_a_token_that_merges_do_not_reach() -> None:
    """`abc` is found only as a whole piece; inside `abcd` the merges give a+bc+d."""
    vocabulary = {bytes([value]): value for value in range(256)} | {b"bc": 256, b"abc": 257, b"xabc": 258}
    ours = [BPETokenizer(vocabulary, native=native) for native in (True, False)]
    peer = peer_of(ours[0])
    for text in ["abc", "abcd", " abc", "xabc", "xabcabc", "bcabc"]:
        assert ours[0].encode(text) == ours[1].encode(text) == peer.encode(text).ids


@pytest.mark.parametrize("whole_pieces", [True, False])
def test_ignore_merges(whole_pieces: bool) -> None:
    vocabulary = {bytes([value]): value for value in range(256)} | {b"ab": 256, b"abc": 257}
    ours = BPETokenizer(vocabulary, [(97, 98)], whole_pieces=whole_pieces)
    assert ours.encode("abc") == ([257] if whole_pieces else [256, 99])
    assert_same_ids(ours, peer_of(ours), ["abc", "abcd", "ab c"])


def test_normaliser_prefix_and_added_tokens_are_kept() -> None:
    vocabulary = {bytes([value]): value for value in range(256)}
    added = [
        AddedToken("<|a|>", 256),
        AddedToken("    ", 258, control=False, flagged=False, normalized=True),
        AddedToken("<tool_call>", 259, flagged=False),
    ]
    nfc = BPETokenizer(vocabulary, [], pattern="qwen2", normalizer="NFC", special_tokens=added)
    prefixed = BPETokenizer(vocabulary, [], pattern="gpt2", add_prefix_space=True, special_tokens=added)
    texts = ["e\u0301<|a|>x", "a     b", "<tool_call>{}</tool_call>", "\u1100\u1161 \u212b"]
    for ours in (nfc, prefixed):
        peer, again = peer_of(ours), Tokenizer.from_json(ours.to_json())
        assert again.fingerprint() == ours.fingerprint()
        for text in texts:
            assert ours.encode(text, allow_special=True) == peer.encode(text).ids, text
    assert 259 not in nfc.encode("<tool_call>")


def test_the_token_that_opens_a_text_is_known_but_not_added() -> None:
    ours = small_tokenizer()
    opened = BPETokenizer(
        ours.vocabulary,
        ours.merges,
        special_tokens=ours.special_tokens,
        bos_id=ours.special_tokens["<|endoftext|>"],
        add_bos=True,
    )
    again = Tokenizer.from_json(opened.to_json())
    assert again.add_bos
    assert again.bos_id == opened.bos_id
    assert again.encode("a") == ours.encode("a")
    assert peer_of(opened).encode("a").ids == [opened.bos_id, *ours.encode("a")]


def test_roberta_style_template() -> None:
    file = simple_file()
    file["added_tokens"] += [
        {"id": 258 + place, "content": text, "special": True} for place, text in enumerate(["<s>", "</s>"])
    ]
    file["post_processor"] = {"type": "RobertaProcessing", "cls": ["<s>", 258], "sep": ["</s>", 259]}
    read = Tokenizer.from_json(json.dumps(file))
    assert (read.bos_id, read.eos_id, read.add_bos) == (258, 259, True)


def test_byte_alphabet_is_gpt2s() -> None:
    every = bytes(range(256))
    assert from_alphabet(to_alphabet(every)) == every
    assert sorted(to_alphabet(every)) == sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    assert from_alphabet("a b") is None


# ---- what is refused -------------------------------------------------------------------------------


def simple_file() -> dict[str, Any]:
    file: dict[str, Any] = json.loads(
        BPETokenizer(simple_tokenizer().vocabulary, [(97, 98), (256, 99)]).to_json()
    )
    return file


def changed(**changes: Any) -> str:
    """A sound file with parts replaced; `model__merges` means model.merges."""
    file = simple_file()
    for path, value in changes.items():
        place, *rest = path.split("__")
        if rest:
            file[place][rest[0]] = value
        else:
            file[place] = value
    return json.dumps(file)


SPLIT = {"type": "Split", "pattern": {"Regex": r"\w+"}, "behavior": "Isolated", "invert": False}
NFC = {"type": "NFC"}


def nested(depth: int) -> dict[str, Any]:
    part: dict[str, Any] = {"type": "Sequence", "pretokenizers": []}
    for _ in range(min(depth, 300)):
        part = {"type": "Sequence", "pretokenizers": [part]}
    return part


UNKNOWN_OPENING = {
    "type": "TemplateProcessing",
    "single": [{"SpecialToken": {"id": "<x>"}}, {"Sequence": {"id": "A"}}],
}
BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (changed(model={"type": "Unigram", "vocab": [["a"]]}), r"vocab\[0\]"),
        (changed(model={"type": "WordPiece", "vocab": {}}), "WordPiece"),
        (changed(model={"type": "Neural", "vocab": {}}), "Neural"),
        (changed(model={"vocab": {}}), "the model is 'None'"),
        (changed(model=None), "model: expected an object, not None"),
        (changed(model__dropout=0.1), "dropout"),
        (changed(model__end_of_word_suffix=3), "end_of_word_suffix"),
        (changed(model__unk_token="<unk>", pre_tokenizer=None), "'<unk>' is not in the vocabulary"),
        (changed(model__vocab=["a"]), r"model\.vocab: expected an object"),
        (changed(model__merges="a b"), r"model\.merges: expected a list"),
        (changed(model__merges=[["a", "b", "c"]]), "a merge is two tokens"),
        (changed(model__merges=["a"]), "a merge is two tokens"),
        (changed(model__merges=[[1, 2]]), "a merge is two tokens"),
        (changed(model__merges=["a q"]), "'aq' is not in the vocabulary"),
        (changed(model__merges=["a b", "a b"]), "listed twice"),
        (changed(model__ignore_merges="yes"), "ignore_merges: expected true or false"),
        (changed(normalizer={"type": "Uppercase"}), "normalizer Uppercase"),
        (changed(normalizer={"type": "Sequence", "normalizers": [NFC, {"type": "S"}]}), r"\[1\] S is"),
        (changed(normalizer={"type": "Sequence", "normalizers": [None]}), "not None"),
        (changed(normalizer={"type": "Strip"}), "'strip_left' is missing"),
        (changed(normalizer={"type": "Replace", "pattern": {"Glob": "*"}, "content": ""}), "String"),
        (changed(normalizer={"type": "Precompiled", "precompiled_charsmap": "?"}), "base64"),
        (changed(normalizer={"type": "Precompiled", "precompiled_charsmap": "AAAA"}), "map"),
        (changed(pre_tokenizer={"type": "Whitespaces"}), "pre_tokenizer Whitespaces"),
        (changed(pre_tokenizer={"type": "Metaspace", "replacement": "ab"}), "one character"),
        (changed(pre_tokenizer={"type": "Metaspace", "prepend_scheme": "x"}), "always, first, never"),
        (changed(pre_tokenizer={"type": "FixedLength", "length": 0}), "at least 1"),
        (changed(pre_tokenizer={**SPLIT, "pattern": {"Regex": "(a"}}), "cannot be read"),
        (changed(pre_tokenizer={**SPLIT, "pattern": {"Regex": "(?<x>a)\\k<x>"}}), "escape"),
        (changed(pre_tokenizer={**SPLIT, "pattern": {"Regex": "a{99999}"}}), "repetition"),
        (changed(pre_tokenizer={**SPLIT, "pattern": {"Regex": "[" * 100}}), "class"),
        (changed(pre_tokenizer={**SPLIT, "pattern": {"Regex": "[" * 4900}}), "cannot be read"),
        (changed(pre_tokenizer={**SPLIT, "pattern": {"Regex": "\\p{Klingon}"}}), "Klingon"),
        (changed(pre_tokenizer={**SPLIT, "behavior": "Torn"}), "Torn"),
        (changed(pre_tokenizer={"type": "Sequence", "pretokenizers": "x"}), "expected a list"),
        (changed(pre_tokenizer=nested(2000)), "nested too deeply"),
        (changed(decoder={"type": "WordPiece"}), "decoder.*'prefix' is missing"),
        (changed(decoder={"type": "Mystery"}), "decoder Mystery"),
        (changed(decoder={"type": "Strip", "content": " ", "start": -1, "stop": 0}), "from 0"),
        (changed(post_processor={"type": "Mystery"}), "Mystery"),
        (changed(post_processor=UNKNOWN_OPENING), "<x>"),
        (changed(added_tokens=[{"id": "5", "content": "<a>"}]), r"\[0\]\.id: expected a whole number"),
        (changed(added_tokens=[{"id": True, "content": "<a>"}]), "expected a whole number"),
        (changed(added_tokens=[{"id": 300}]), r"content: expected a string"),
        (changed(added_tokens=[{"id": 97, "content": "<a>", "special": True}]), "contradicts another token"),
        (changed(added_tokens=[{"id": 10**9, "content": "<a>", "special": True}]), "out of range"),
        (changed(added_tokens=[{"id": 300, "content": "<a>", "single_word": 1}]), "single_word"),
        (changed(truncation=[]), "truncation: expected an object"),
        ('{"model": ' + "[" * 100_000, "nested too deeply|no valid JSON"),
        ('{"model": {"a": 1, "a": 2}}', "stands twice"),
        ('{"model": NaN}', "NaN"),
        ("[]", "expected a JSON object"),
        ("", "no valid JSON"),
        (changed()[:200], "no valid JSON"),
    ],
    ids=lambda value: value[:30] if value.isprintable() and len(value) < 60 else "file",
)  # fmt: skip
def test_files_that_cannot_be_kept_are_refused_by_name(text: str, complaint: str) -> None:
    with pytest.raises(TokenizerError, match=complaint):
        Tokenizer.from_json(text)


@pytest.mark.parametrize(
    ("vocab", "complaint"),
    [
        ({"a": "0"}, "no whole number"),
        ({"a": -1}, "no whole number"),
        ({"a": 1.5}, "no whole number"),
        ({"a": True}, "no whole number"),
        ({"a": 10**30}, "out of range"),
        ({"a": 98}, "stands for two tokens"),
        ({"a b": 98}, "stands for two tokens"),
        ({"\ud83d": 300}, "half of a surrogate pair"),
        ({"": 300}, "empty token"),
    ],
)
def test_vocabularies_that_do_not_hold_together(vocab: dict[str, Any], complaint: str) -> None:
    file = simple_file()
    file["model"]["vocab"].update(vocab)
    with pytest.raises(TokenizerError, match=complaint):
        Tokenizer.from_json(json.dumps(file))


def test_entries_beside_the_byte_alphabet_are_kept_and_no_text_comes_to_them(tmp_path: Path) -> None:
    """Cohere's files list the emoji as they are, and the same again in the byte alphabet."""
    file = simple_file()
    top = max(file["model"]["vocab"].values())
    written = to_alphabet("⌚".encode())
    pairs = [[written[0], written[1]], [written[:2], written[2]], ["⌚", "a"]]
    made = ["".join(pair) for pair in pairs]
    names = ["⌚", *made, "a b", "👩\u200d", "日本"]
    file["model"]["vocab"].update({name: top + 1 + place for place, name in enumerate(names)})
    file["model"]["merges"] += pairs
    ours = Tokenizer.from_json(json.dumps(file))
    peer = tokenizers.Tokenizer.from_str(json.dumps(file))
    assert isinstance(ours, BPETokenizer)
    ids = [file["model"]["vocab"][name] for name in names]
    assert ours.encode("⌚") == peer.encode("⌚").ids == [ids[2]]
    for text in ["⌚a", "a b", "👩\u200d👩", "日本", *TEXTS[:40]]:
        assert ours.encode(text) == peer.encode(text).ids
        assert not set(ours.encode(text)) & {ids[0], *ids[3:]}
    for some in ([ids[0]], ids, [ids[1], ids[0], ids[1]], [ids[-1], *ids]):
        assert ours.decode(some) == peer.decode(some)
    assert ours.decode([ids[5]]) == "👩\u200d"
    assert ours.token_id("日本") == ids[-1]
    assert (ours.vocab_size, peer.get_vocab_size()) == (top + 1 + len(names),) * 2
    ours.save(tmp_path)
    again = Tokenizer.from_file(tmp_path)
    assert again.fingerprint() == ours.fingerprint() == copy.deepcopy(ours).fingerprint()
    assert again.decode(ids) == ours.decode(ids)
    with pytest.raises(TokenizerError, match="beside the byte alphabet"):
        write_tiktoken(ours, tmp_path / "x.tiktoken")


def test_missing_bytes_are_refused() -> None:
    file = simple_file()
    del file["model"]["vocab"]["!"]
    with pytest.raises(TokenizerError, match="no token for byte 0x21"):
        Tokenizer.from_json(json.dumps(file))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "an empty file"),
        (b"GGUF\x03\x00\x00\x00", "GGUF"),
        (b"[PAD]\n[UNK]\n[CLS]\n\xff\nthe\n", "not UTF-8"),
        (b"\n\x0e\n\x05<unk>\x15\x00\x00\x00\x00\x18\x02\n\xff", "file"),
        (b"\x00\x01\x02", "no tokenizer format"),
        (b'{"tokenizer_class": "GPT2Tokenizer"}', "settings only"),
        (b'{"a": 1, "b": "x"}', "no `model`"),
        (b"IQ== 0\nIg== x\n", "line 2"),
        (b"IQ== 0\nIQ== 1\n", "twice"),
        (b"IQ== 0\nIg=x 1\n", "line 2"),
    ],
)
def test_files_of_other_kinds_are_named(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    choices = {"pattern": "gpt2"} if content.startswith(b"IQ") else {}
    with pytest.raises(TokenizerError, match=complaint):
        Tokenizer.from_file(path, **choices)


def test_missing_file_and_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(TokenizerError, match="cannot read"):
        Tokenizer.from_file(tmp_path / "nothing.json")
    with pytest.raises(TokenizerError, match=r"no tokenizer in this folder.*tokenizer\.json"):
        Tokenizer.from_file(tmp_path)
    small_tokenizer().save(tmp_path)
    with pytest.raises(TokenizerError, match="takes no 'pattern'"):
        Tokenizer.from_file(tmp_path, pattern="gpt2")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 400) | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=6,
)
SOUND = simple_file()
PLACES = [
    ("model",), ("model", "vocab"), ("model", "merges"), ("model", "type"), ("model", "ignore_merges"),
    ("model", "vocab", "a"), ("model", "merges", 0), ("added_tokens",), ("normalizer",), ("pre_tokenizer",),
    ("pre_tokenizer", "pretokenizers"), ("pre_tokenizer", "pretokenizers", 0), ("decoder",),
    ("post_processor",),
]  # fmt: skip


@given(st.sampled_from(PLACES), JSON)
def test_a_file_with_any_part_replaced_is_read_or_refused(place: tuple[Any, ...], value: Any) -> None:
    file = copy.deepcopy(SOUND)
    inner: Any = file
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    try:
        tokenizer = Tokenizer.from_json(json.dumps(file))
        ids = tokenizer.encode("abc é\n")
    except TokenizerError:
        return
    tokenizer.check_ids(ids)
    if isinstance(tokenizer, BPETokenizer):
        assert tokenizer.decode(ids) == "abc é\n"
    assert Tokenizer.from_json(tokenizer.to_json()).encode("abc é\n") == ids


@given(st.binary(max_size=300))
def test_any_bytes_are_no_surprise(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(content)
    try:
        tokenizer = Tokenizer.from_file(path)
    except TokenizerError:
        return
    tokenizer.check_ids(tokenizer.encode("abc"))


def test_settings_say_the_markers_only_where_the_file_cannot(tmp_path: Path) -> None:
    end = "<|endoftext|>"
    settings = {
        "bos_token": end,
        "eos_token": {"content": end},
        "add_bos_token": True,
        "add_eos_token": False,
    }
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(settings))
    file = simple_file()
    tokens = {**file["model"]["vocab"], end: 258}
    (tmp_path / "vocab.json").write_text(json.dumps(tokens))
    (tmp_path / "merges.txt").write_text("#version: 0.2\na b\nab c\n")
    pair = Tokenizer.from_file(tmp_path)
    assert pair.with_markers(pair.encode("abc")).ids == [258, 257]
    assert Tokenizer.from_json(pair.to_json()).with_markers([257]).markers == [True, False]
    simple_tokenizer().save(tmp_path)
    whole = Tokenizer.from_file(tmp_path)
    assert whole.with_markers([257]).ids == [257]
    assert (whole.bos_id, whole.eos_id) == (258, 258)
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"eos_token": "</s>"}))
    with pytest.raises(TokenizerError, match="eos_token is '</s>'"):
        Tokenizer.from_file(tmp_path)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_normal_forms(form: Any) -> None:
    """Claude's published tokenizer composes by compatibility (NFKC) before GPT-2's pattern."""
    ours = BPETokenizer(small_tokenizer().vocabulary, pattern="gpt2", normalizer=form)
    again = Tokenizer.from_json(ours.to_json())
    assert isinstance(again, BPETokenizer)
    assert again.normalizer == form
    assert again.fingerprint() != BPETokenizer(ours.vocabulary, pattern="gpt2").fingerprint()
    # The last was assigned after the edition of Unicode that `tokenizers` goes by.
    assert_same_ids(
        again, peer_of(ours), [*TEXTS, "ﬁ ① Ⅷ ㌀ 한국어 é é Å ｶﾞ", "\u0344\U0001e4ee\u0301 e\U000105c9"]
    )
