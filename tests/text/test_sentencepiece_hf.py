"""Folders with a tokenizer.model: ids as the class in `transformers` gives them."""

from __future__ import annotations

import json

import pytest

from llmworks.errors import TokenizerError
from llmworks.text.hf_json import read_json
from llmworks.text.sentencepiece import SentencePieceTokenizer
from llmworks.text.sentencepiece_file import Piece, PieceType, read_model
from llmworks.text.sentencepiece_hf import merges_of
from llmworks.text.tokenizer import Tokenizer
from tests.text.sentencepiece_cases import GEMMA, LLAMA, OPTIONS, T5, TEXTS, reference_model

XLM = OPTIONS["unigram"]
CASES = [
    ("LlamaTokenizer", "tokenizer.model", LLAMA, {"add_bos_token": True}),
    (
        "LlamaTokenizer",
        "tokenizer.model",
        LLAMA,
        {"legacy": True, "add_bos_token": True, "add_eos_token": True},
    ),
    ("LlamaTokenizer", "tokenizer.model", LLAMA, {"add_prefix_space": False, "add_bos_token": False}),
    ("GemmaTokenizer", "tokenizer.model", GEMMA, {"add_bos_token": True}),
    ("T5Tokenizer", "spiece.model", T5, {}),
    ("XLMRobertaTokenizer", "sentencepiece.bpe.model", XLM, {}),
]


@pytest.mark.parametrize(("name", "file", "options", "config"), CASES)
def test_ids_are_those_of_transformers(tmp_path, name: str, file: str, options: dict, config: dict) -> None:
    transformers = pytest.importorskip("transformers")
    (tmp_path / file).write_bytes(reference_model(**options))
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": name, **config}))
    theirs = getattr(transformers, name).from_pretrained(str(tmp_path))
    ours = Tokenizer.from_file(tmp_path)
    for text in [*TEXTS, "<s> hello</s> there <start_of_turn>user"]:
        expected = theirs.encode(text, add_special_tokens=False)
        assert ours.encode(text, allow_special=True) == expected, text
        if expected:
            assert ours.decode(expected) == theirs.decode(expected, clean_up_tokenization_spaces=False), text
    marked = theirs.encode("hello")
    assert ours.add_bos == (bool(marked) and marked[0] == theirs.bos_token_id)


@pytest.mark.parametrize("name", ["bpe_llama", "bpe_gemma", "unigram_bytes"])
def test_to_json_keeps_the_ids(name: str) -> None:
    ours = SentencePieceTokenizer(read_model(reference_model(**OPTIONS[name])))
    again = read_json(ours.to_json(), "tokenizer.json")
    differing = [text for text in TEXTS if again.encode(text) != ours.encode(text)]
    # `Precompiled` folds by graphemes; runs of one letter merge in another order.
    assert len(differing) <= (0.2 * len(TEXTS) if name == "unigram_bytes" else 1)


def test_no_merge_makes_a_token_that_steers() -> None:
    pieces = [Piece(b"<unk>", 0.0, PieceType.UNKNOWN), Piece(b"<s>", 0.0, PieceType.CONTROL)]
    pieces += [Piece(text.encode(), -1.0) for text in ("<s", ">", "<", "s", "<a", "a", "aa")]
    pieces.append(Piece(b"<a>", 0.0, PieceType.USER_DEFINED))
    assert {left + right for left, right in merges_of(pieces)} == {"<s", "<a", "aa"}


def test_words_have_no_json() -> None:
    with pytest.raises(TokenizerError, match="WORD"):
        SentencePieceTokenizer(read_model(reference_model(**OPTIONS["word"]))).to_json()


@pytest.mark.parametrize(
    "config",
    [
        {"added_tokens_decoder": {"x": {"content": "a"}}},
        {"added_tokens_decoder": {"0": {"content": "</s>"}}},
        {"added_tokens_decoder": [1]},
        {"tokenizer_class": "T5Tokenizer", "extra_ids": 1 << 40},
    ],
)
def test_bad_settings(tmp_path, config: dict) -> None:
    (tmp_path / "tokenizer.model").write_bytes(reference_model(**LLAMA))
    settings = {"tokenizer_class": "LlamaTokenizer", **config}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(settings))
    with pytest.raises(TokenizerError):
        Tokenizer.from_file(tmp_path)
