"""SentencePiece models: ids, text and spans equal to the library's, for both paths."""

from __future__ import annotations

import pickle
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmworks.errors import TokenizerError
from llmworks.text.sentencepiece import SentencePieceTokenizer
from llmworks.text.sentencepiece_charsmap import CharsMap, compile_charsmap, normalize_graphemes
from llmworks.text.sentencepiece_file import PieceType, read_model, write_model
from llmworks.text.tokenizer import Tokenizer
from tests.text.sentencepiece_cases import OPTIONS, TEXTS, reference_model
from tests.text.text_cases import any_text

sentencepiece = pytest.importorskip("sentencepiece")


def loaded(name: str, *, unused: bool = False):
    """(the library's processor, ours in C, ours in Python); `unused`: a tenth of the pieces are so marked."""
    content = reference_model(**OPTIONS[name])
    if unused:
        model, draw = read_model(content), random.Random(1)
        pieces = [
            replace(piece, type=PieceType.UNUSED)
            if piece.type == PieceType.NORMAL and draw.random() < 0.1
            else piece
            for piece in model.pieces
        ]
        content = write_model(replace(model, pieces=pieces))
    model = read_model(content)
    reference = sentencepiece.SentencePieceProcessor(model_proto=content)
    return reference, SentencePieceTokenizer(model), SentencePieceTokenizer(model, native=False)


@pytest.mark.parametrize("unused", [False, True], ids=["", "unused"])
@pytest.mark.parametrize("name", OPTIONS)
def test_ids_and_text_are_the_librarys(name: str, unused: bool) -> None:
    reference, native, python = loaded(name, unused=unused)
    own = set(native.special_tokens) & {"<start_of_turn>"}
    for text in TEXTS:
        expected = reference.encode(text)
        assert native.encode(text, allow_special=own) == expected, text
        assert python.encode(text, allow_special=own) == expected, text
        assert native.decode(expected, skip_control=True) == reference.decode(expected)


@pytest.mark.parametrize("name", OPTIONS)
def test_any_ids_decode_as_in_the_library(name: str) -> None:
    reference, ours, _ = loaded(name)
    draw = random.Random(5)
    for _ in range(300):
        ids = [draw.randrange(ours.vocab_size) for _ in range(draw.randrange(9))]
        assert ours.decode(ids, skip_control=True) == reference.decode(ids), ids
        stream = ours.stream()
        assert "".join(map(stream.feed, ids)) + stream.flush() == ours.decode(ids)


@pytest.mark.parametrize("name", ["unigram_bytes", "bpe_llama", "bpe_across_words", "unigram_own"])
def test_random_strings(name: str) -> None:
    reference, native, python = loaded(name)

    @given(any_text)
    def check(text: str) -> None:
        if any("\ud800" <= character <= "\udfff" for character in text):
            return
        expected = reference.encode(text)
        assert native.encode(text) == python.encode(text) == expected

    check()


@pytest.mark.parametrize("name", ["unigram_bytes", "bpe_gemma"])
def test_malformed_bytes(name: str) -> None:
    reference, native, python = loaded(name)

    @given(st.binary(max_size=40))
    def check(data: bytes) -> None:
        assert native.encode(data) == python.encode(data) == reference.encode(data)

    check()


@pytest.mark.parametrize("name", OPTIONS)
def test_spans_and_explanations_tell_of_the_same_ids(name: str) -> None:
    _, ours, _ = loaded(name)
    for text in TEXTS[:60] + TEXTS[-30:]:
        ids = ours.encode(text)
        spans = ours.spans(text)
        assert [span.id for span in spans] == ids
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert [span.start for span in spans] == sorted(span.start for span in spans)
        if len(text) < 40:
            explained = ours.explain(text)
            assert explained.ids == ids
            assert str(explained) or not ids


def test_spans_of_folded_characters() -> None:
    _, ours, _ = loaded("unigram_bytes")
    text = "the ﬁne"
    whole = {text[span.start : span.end] for span in ours.spans(text)}
    assert any("ﬁ" in part for part in whole)


def test_merges_are_explained_in_their_order() -> None:
    _, ours, _ = loaded("bpe_llama")
    (piece,) = ours.explain("the function").pieces
    scores = [ours.pieces[step.result].score for step in piece.merges]
    assert piece.merges
    assert piece.merges[-1].parts == piece.ids
    assert scores[0] == max(scores)


def test_user_text_never_becomes_a_control_token() -> None:
    _, ours, _ = loaded("bpe_gemma")
    turn = ours.special_tokens["<start_of_turn>"]
    text = "<bos><start_of_turn>user"
    assert not {turn, ours.bos_id} & set(ours.encode(text))
    allowed = ours.encode(text, allow_special=True)
    assert allowed[:2] == [ours.bos_id, turn]
    assert ours.decode(allowed) == text
    assert ours.encode("<h1>") == [ours.token_id("<h1>")]  # a user's own symbol that steers nothing


def test_a_continued_text_keeps_its_blank() -> None:
    _, ours, _ = loaded("bpe_llama")
    ids = ours.encode("the function the")
    head, last = ids[:-1], ids[-1]
    assert ours.decode([last]) == "the"
    assert ours.stream(head).feed(last) == " the"


def test_written_models_open_in_the_library(tmp_path) -> None:
    for name in ("unigram_own", "bpe_llama", "char"):
        reference, ours, _ = loaded(name)
        (tmp_path / "tokenizer.model").write_bytes(ours.to_model_file())
        again = sentencepiece.SentencePieceProcessor(str(tmp_path / "tokenizer.model"))
        assert again.encode(TEXTS) == reference.encode(TEXTS)
        read = Tokenizer.from_file(tmp_path / "tokenizer.model")
        assert isinstance(read, SentencePieceTokenizer)
        assert read.fingerprint() == ours.fingerprint()
        assert pickle.loads(pickle.dumps(ours)).encode(TEXTS[5]) == ours.encode(TEXTS[5])


def test_only_byte_level_tokenizers_promise_every_byte() -> None:
    from tests.text.text_cases import small_tokenizer

    _, ours, _ = loaded("bpe_llama")
    assert not ours.lossless
    assert ours.decode(ours.encode("a▁b")) == "a b"
    assert small_tokenizer().lossless


def test_sampled_ways_come_from_unigram_only() -> None:
    _, unigram, _ = loaded("unigram")
    _, bpe, _ = loaded("bpe")
    ids = {tuple(unigram.sample("the function", alpha=0.1, seed=seed)) for seed in range(20)}
    assert len(ids) > 1
    assert {unigram.decode(way) for way in ids} == {"the function"}
    with pytest.raises(TokenizerError, match="one way"):
        bpe.sample("the function")


def test_charsmap_is_the_librarys_normaliser() -> None:
    charsmap = CharsMap(read_model(reference_model(**OPTIONS["unigram"])).normalizer.precompiled_charsmap)
    plain = sentencepiece.SentencePieceNormalizer(
        rule_name="nmt_nfkc", add_dummy_prefix=False, escape_whitespaces=False, remove_extra_whitespaces=False
    )
    assert len(charsmap.rules) > 100_000
    for text in TEXTS:
        if text:
            assert charsmap.normalize(text) == plain.normalize(text), text


def test_precompiled_normaliser_is_that_of_tokenizers() -> None:
    from tokenizers.normalizers import Precompiled

    blob = read_model(reference_model(**OPTIONS["unigram"])).normalizer.precompiled_charsmap
    theirs, charsmap = Precompiled(blob), CharsMap(blob)
    for text in TEXTS:
        assert normalize_graphemes(charsmap, text) == theirs.normalize_str(text), text


rules = st.dictionaries(
    st.binary(min_size=1, max_size=5).filter(lambda key: b"\0" not in key),
    st.binary(max_size=4).filter(lambda made: b"\0" not in made),
    min_size=1,
    max_size=30,
)


@given(rules, st.binary(max_size=30))
def test_compiled_rules_are_found_again(rules: dict[bytes, bytes], text: bytes) -> None:
    charsmap = CharsMap(compile_charsmap(rules))
    assert charsmap.rules == rules
    fits = [(len(key), made) for key, made in rules.items() if text.startswith(key)]
    assert charsmap.longest(text) == max(fits, default=(0, b""))
