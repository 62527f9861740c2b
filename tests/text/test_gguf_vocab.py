"""Tokenizers from GGUF metadata and back; beside llama.cpp where it is installed."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from llmworks.errors import TokenizerError
from llmworks.text.bpe import BPETokenizer
from llmworks.text.bpe_train import train_bpe
from llmworks.text.gguf_pre import PRE_TOKENIZERS
from llmworks.text.gguf_vocab import GGUFPieceTokenizer, gguf_from_tokenizer, tokenizer_from_gguf
from llmworks.text.hf_json import read_json
from llmworks.text.pre_tokenizers import read_pre_tokenizer
from llmworks.text.sentencepiece import SentencePieceTokenizer
from llmworks.text.sentencepiece_file import read_model
from llmworks.text.tokenizer import Tokenizer
from tests.text.sentencepiece_cases import CORPUS, GEMMA, LLAMA, OPTIONS, T5, TEXTS, reference_model
from tests.text.text_cases import write_gpt2_files

# The patterns of byte-level BPE that have a name in llama.cpp.
PATTERN_OF = {
    "gpt2": "gpt-2",
    "llama3": "llama-bpe",
    "qwen2": "qwen2",
    "gpt2_digits": "smollm",
    "o200k": "gpt-4o",
}
T5_SPM = T5 | {"normalization_rule_name": "nmt_nfkc", "user_defined_symbols": ("<extra_id_0>",)}


def byte_level(pattern: str) -> BPETokenizer:
    return train_bpe(CORPUS, 700, pattern=pattern, special_tokens=["<|endoftext|>", "<|im_start|>"])


def pieces(options: dict[str, Any], kind: type = SentencePieceTokenizer) -> SentencePieceTokenizer:
    pytest.importorskip("sentencepiece")
    made: SentencePieceTokenizer = kind(read_model(reference_model(**options)))
    return made


def wordpiece() -> Tokenizer:
    tokenizers = pytest.importorskip("tokenizers")
    tokenizer = tokenizers.BertWordPieceTokenizer()
    tokenizer.train_from_iterator(CORPUS, vocab_size=700, show_progress=False)
    return read_json(tokenizer.to_str(), "tokenizer.json")


@pytest.mark.parametrize("pattern", PATTERN_OF)
def test_byte_level_there_and_back(pattern: str) -> None:
    tokenizer = byte_level(pattern)
    tokenizer.bos_id = tokenizer.eos_id = tokenizer.special_tokens["<|endoftext|>"]
    metadata = gguf_from_tokenizer(tokenizer)
    assert PRE_TOKENIZERS[metadata["tokenizer.ggml.pre"]] == PRE_TOKENIZERS[PATTERN_OF[pattern]] or (
        pattern == "llama3" and metadata["tokenizer.ggml.pre"] == "dbrx"  # without whole pieces first
    )
    again = tokenizer_from_gguf(metadata)
    assert isinstance(again, BPETokenizer)
    for text in TEXTS:
        for allow in (False, True):
            assert again.encode(text, allow_special=allow) == tokenizer.encode(text, allow_special=allow)
    assert (again.bos_id, again.eos_id, again.vocab_size) == (tokenizer.bos_id,) * 2 + (tokenizer.vocab_size,)
    assert not again.add_bos


@pytest.mark.parametrize("options", [LLAMA, GEMMA], ids=["llama", "gemma"])
def test_sentencepiece_bpe_there_and_back(options: dict[str, Any]) -> None:
    tokenizer = pieces(options)
    again = tokenizer_from_gguf(gguf_from_tokenizer(tokenizer))
    python = tokenizer_from_gguf(gguf_from_tokenizer(tokenizer), native=False)
    assert isinstance(again, GGUFPieceTokenizer)
    for text in TEXTS:
        # llama.cpp leaves U+0000 and its like alone too; its user's symbols take a blank behind them.
        expected = tokenizer.encode(text)
        if not any(symbol in text for symbol in ("<h1>", "\n\n")):
            assert again.encode(text) == python.encode(text) == expected, text
        assert again.decode(again.encode(text)) in (text, text.replace("▁", " "))
        spans = again.spans(text)
        assert [span.id for span in spans] == again.encode(text)
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        if len(text) < 30:
            assert again.explain(text).ids == again.encode(text)


def test_fingerprints_tell_vocabularies_apart() -> None:
    metadata = gguf_from_tokenizer(pieces(LLAMA))
    types = metadata["tokenizer.ggml.token_type"]
    changed = metadata | {"tokenizer.ggml.token_type": [2, 2, *types[2:]]}  # as in some files of Phi-3
    prints = [tokenizer_from_gguf(m).fingerprint() for m in (metadata, metadata, changed)]
    assert prints[0] == prints[1] != prints[2]


def test_every_byte_comes_back() -> None:
    tokenizer = tokenizer_from_gguf(gguf_from_tokenizer(pieces(LLAMA)))
    draw = random.Random(0)
    for _ in range(200):
        data = bytes(draw.randrange(256) for _ in range(draw.randrange(12)))
        assert tokenizer.decode_bytes(tokenizer.encode_array(data).tolist()) == data


@pytest.mark.parametrize("options", [T5_SPM, OPTIONS["unigram_bytes"]], ids=["t5", "bytes"])
def test_unigram_there_and_back(options: dict[str, Any]) -> None:
    tokenizer = pieces(options)
    metadata = gguf_from_tokenizer(tokenizer)
    assert metadata["tokenizer.ggml.model"] == "t5"
    again = tokenizer_from_gguf(metadata)
    for text in TEXTS:
        assert again.encode(text) == tokenizer.encode(text), text


def test_wordpiece_there_and_back() -> None:
    tokenizer = wordpiece()
    metadata = gguf_from_tokenizer(tokenizer)
    assert any(token.startswith("▁") for token in metadata["tokenizer.ggml.tokens"])
    again = tokenizer_from_gguf(metadata)
    for text in TEXTS:
        if len(text) <= 100:  # llama.cpp knows no longest word; BERT's is 100 characters
            assert again.encode(text) == tokenizer.encode(text), text
    assert (again.bos_id, again.eos_id) == (tokenizer.token_id("[CLS]"), tokenizer.token_id("[SEP]"))


def test_llama_from_tokenizer_json() -> None:
    """A folder with tokenizer.json only has merges; their ranks become scores."""
    tokenizer = read_json(pieces(LLAMA).to_json(), "tokenizer.json")
    again = tokenizer_from_gguf(gguf_from_tokenizer(tokenizer))
    assert isinstance(again, GGUFPieceTokenizer)
    differing = [text for text in TEXTS if again.encode(text) != tokenizer.encode(text)]
    assert len(differing) <= 3, differing


def test_the_unknown_token_of_llama_goes_to_gguf_and_back() -> None:
    """tokenizer.json with byte fallback may name none; the piece is there, and a folder needs it again."""
    tokenizer = read_json(pieces(LLAMA).to_json(), "tokenizer.json")
    file = json.loads(tokenizer.to_json())
    file["model"]["unk_token"] = None
    metadata = gguf_from_tokenizer(read_json(json.dumps(file), "tokenizer.json"))
    id = tokenizer.special_tokens["<unk>"]
    assert metadata["tokenizer.ggml.token_type"][id] == 2
    assert metadata["tokenizer.ggml.unknown_token_id"] == id
    old = metadata | {"tokenizer.ggml.token_type": list(metadata["tokenizer.ggml.token_type"])}
    old["tokenizer.ggml.token_type"][id] = 3  # as some files have it
    for each in (metadata, old):
        again = read_json(tokenizer_from_gguf(each).to_json(), "tokenizer.json")
        assert again.encode("a b") == tokenizer.encode("a b")


def test_gpt2_itself(tmp_path: Path) -> None:
    tokenizer = Tokenizer.from_file(write_gpt2_files(tmp_path)[0])
    metadata = gguf_from_tokenizer(tokenizer)
    assert metadata["tokenizer.ggml.pre"] == "gpt-2"
    again = tokenizer_from_gguf(metadata)
    assert [again.encode(text) for text in TEXTS] == [tokenizer.encode(text) for text in TEXTS]


def test_every_name_can_be_run() -> None:
    for name, meaning in PRE_TOKENIZERS.items():
        assert read_pre_tokenizer(meaning.to_json()) is not None, name
    metadata = gguf_from_tokenizer(byte_level("gpt2"))
    for name in PRE_TOKENIZERS:
        tokenizer = tokenizer_from_gguf(metadata | {"tokenizer.ggml.pre": name})
        for text in ("Hello, I'LL pay 12345!\n\n  x = 3.14;", "你好 мир\t  éa"):
            assert tokenizer.decode(tokenizer.encode(text)) == text, name


def test_deepseek_cuts_digits_and_han() -> None:
    metadata = gguf_from_tokenizer(byte_level("gpt2")) | {"tokenizer.ggml.pre": "deepseek-v3"}
    tokenizer = tokenizer_from_gguf(metadata)
    texts = [piece.text for piece in tokenizer.explain("ab 1234567你好").pieces]
    cut = read_pre_tokenizer(PRE_TOKENIZERS["deepseek-v3"].to_json())
    assert cut is not None
    assert len(texts) == 6  # ab, blank, 123, 456, 7, 你好


def test_numpy_values_serve_as_well() -> None:
    metadata = gguf_from_tokenizer(pieces(LLAMA))
    arrays = metadata | {
        "tokenizer.ggml.scores": np.array(metadata["tokenizer.ggml.scores"], np.float32),
        "tokenizer.ggml.token_type": np.array(metadata["tokenizer.ggml.token_type"], np.int32),
        "tokenizer.ggml.bos_token_id": np.uint32(1),
        "tokenizer.ggml.add_bos_token": np.bool_(True),
    }
    again = tokenizer_from_gguf(arrays)
    assert again.encode("the function") == tokenizer_from_gguf(metadata).encode("the function")
    assert (again.bos_id, again.add_bos) == (1, True)


def test_control_tokens_are_never_text() -> None:
    tokenizer = tokenizer_from_gguf(gguf_from_tokenizer(byte_level("qwen2")))
    start = tokenizer.special_tokens["<|im_start|>"]
    assert start not in tokenizer.encode("<|im_start|>user")
    assert tokenizer.encode("<|im_start|>user", allow_special=True)[0] == start
    spm = tokenizer_from_gguf(gguf_from_tokenizer(pieces(LLAMA)))
    assert not {0, 1, 2} & set(spm.encode("<s></s><unk>"))
    assert spm.encode("<s>", allow_special=True) == [1]


def test_phi3_control_tokens_take_the_blanks_behind_them() -> None:
    metadata = gguf_from_tokenizer(pieces(LLAMA))
    end = metadata["tokenizer.ggml.eos_token_id"]
    plain, phi = (tokenizer_from_gguf(metadata | {"general.name": name}) for name in ("Llama", "Phi-3 Mini"))
    text = "</s> \nthe"
    assert phi.encode(text, allow_special=True) == [end, *plain.encode("the")]
    assert plain.encode(text, allow_special=True) == [end, *plain.encode(" \nthe")]
    copied = pickle.loads(pickle.dumps(phi))
    assert copied.encode(text, allow_special=True) == phi.encode(text, allow_special=True)


GOOD = {
    "tokenizer.ggml.model": "llama",
    "tokenizer.ggml.tokens": ["<unk>", "<s>", "a"],
    "tokenizer.ggml.scores": [0.0, 0.0, -1.0],
    "tokenizer.ggml.token_type": [2, 3, 1],
}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": "rwkv"}, "known are gpt2"),
        ({"model": 3}, "expected a text"),
        ({"model": None}, "expected a text"),
        ({"tokens": None}, "expected a list"),
        ({"tokens": []}, "0 entries"),
        ({"tokens": ["a", "a", "b"]}, "stands there twice"),
        ({"tokens": ["a", 3]}, "expected a list of str"),
        ({"scores": [0.0]}, "1 entries for 3"),
        ({"scores": [0.0, float("nan"), 0.0]}, "not all are numbers"),
        ({"scores": "abc"}, "list of numbers"),
        ({"token_type": [1]}, "1 entries for 3"),
        ({"bos_token_id": "x"}, "expected an id"),
        ({"add_bos_token": "yes"}, "true or false"),
        ({"model": "gpt2"}, "merges"),
        ({"model": "gpt2", "merges": ["ab"]}, "expected two tokens"),
        ({"model": "gpt2", "merges": [], "pre": "nonsense"}, "pre-tokeniser that is not known"),
        ({"model": "bert"}, "unknown token"),
        ({"model": "t5", "precompiled_charsmap": [1, 2, 3]}, "charsmap"),
        ({"model": "t5", "precompiled_charsmap": ["x"]}, "expected bytes"),
        ({"tokens": ["x" * (33 << 20)], "scores": None, "token_type": None}, "more than"),
    ],
)
def test_bad_metadata(changes: dict[str, Any], message: str) -> None:
    metadata = GOOD | {f"tokenizer.ggml.{name}": value for name, value in changes.items()}
    with pytest.raises(TokenizerError, match=message):
        tokenizer_from_gguf(metadata)


def test_changed_metadata_gives_errors_or_tokenizers() -> None:
    draw = random.Random(0)
    bases = [gguf_from_tokenizer(byte_level("gpt2")), gguf_from_tokenizer(pieces(T5_SPM))]
    wrong = [None, -1, 1 << 40, "x", [], [1, 2], ["a"], {"a": 1}, 1.5, True]
    for _ in range(60):
        metadata = dict(draw.choice(bases))
        metadata[draw.choice(sorted(metadata))] = draw.choice(wrong)
        with contextlib.suppress(TokenizerError):
            tokenizer_from_gguf(metadata).encode("a b é")


def test_what_gguf_cannot_say_is_refused() -> None:
    with pytest.raises(TokenizerError, match="normalises nothing"):
        gguf_from_tokenizer(pieces(OPTIONS["bpe"]))
    with pytest.raises(TokenizerError, match="WORD"):
        gguf_from_tokenizer(pieces(OPTIONS["word"]))
    file = json.loads(byte_level("gpt2").to_json())
    file["pre_tokenizer"] = {
        "type": "Sequence",
        "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": "x+"}, "behavior": "Isolated", "invert": False},
            {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False},
        ],
    }
    with pytest.raises(TokenizerError, match="no name for this pre-tokeniser"):
        gguf_from_tokenizer(read_json(json.dumps(file), "tokenizer.json"))


def llama_ids(metadata: dict[str, Any], texts: list[str], path: Path) -> list[list[int]]:
    """What llama.cpp makes of the texts with a file that has this vocabulary only."""
    gguf, llama_cpp = pytest.importorskip("gguf"), pytest.importorskip("llama_cpp")
    writer = gguf.GGUFWriter(str(path), "llama")
    for key, value in metadata.items():
        if isinstance(value, bool):
            writer.add_bool(key, value)
        elif isinstance(value, int):
            writer.add_uint32(key, value)
        elif isinstance(value, str):
            writer.add_string(key, value)
        elif isinstance(value, np.ndarray):
            kind = gguf.GGUFValueType.UINT8
            writer.add_key_value(key, value.tolist(), gguf.GGUFValueType.ARRAY, kind)
        else:
            writer.add_array(key, list(value))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    model = llama_cpp.Llama(str(path), vocab_only=True, verbose=False)
    return [model.tokenize(text.encode(), add_bos=False, special=False) for text in texts]


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind", [*PATTERN_OF, "deepseek-llm", "deepseek-v3", "falcon", "llama", "gemma", "t5"]
)
def test_ids_are_those_of_llama_cpp(kind: str, tmp_path: Path) -> None:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    makers = {"llama": LLAMA, "gemma": GEMMA, "t5": T5_SPM}
    if kind in makers:
        metadata = gguf_from_tokenizer(pieces(makers[kind]))
    elif kind in PATTERN_OF:
        metadata = gguf_from_tokenizer(byte_level(kind))
    else:
        metadata = gguf_from_tokenizer(byte_level("gpt2")) | {"tokenizer.ggml.pre": kind}
    if kind == "o200k":
        pytest.skip("llama.cpp's gpt-4o has no marks among its letters, as the original has")
    texts = [text for text in TEXTS if "\0" not in text]
    expected = llama_ids(metadata, texts, tmp_path / "vocab.gguf")
    ours = tokenizer_from_gguf(metadata)
    assert [ours.encode(text) for text in texts] == expected
