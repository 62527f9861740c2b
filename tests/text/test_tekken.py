"""Mistral's tekken.json: ids are those of tiktoken with the same ranks, behind the control tokens."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import tiktoken
import tokenizers

from llmworks.errors import TokenizerError
from llmworks.text.bpe import BPETokenizer
from llmworks.text.patterns import PATTERNS
from llmworks.text.tokenizer import Tokenizer
from tests.text.text_cases import SCRIPTS, random_texts, small_tokenizer

TEXTS = SCRIPTS + random_texts(300, seed=21) + ["<s>[INST]Hi[/INST]</s> it's 12345 DON'T"]
SPECIALS = 30


def tokens() -> list[bytes]:
    """All bytes in order, as in the real files, then what merges make."""
    made = sorted(small_tokenizer().vocabulary.items(), key=lambda item: item[1])
    return [bytes([value]) for value in range(256)] + [token for token, _ in made if len(token) > 1]


def tekken(**changes: Any) -> dict[str, Any]:
    entries = [
        {"rank": rank, "token_bytes": base64.b64encode(token).decode(), "token_str": None}
        for rank, token in enumerate(tokens())
    ]
    beyond = [{"rank": len(entries), "token_bytes": base64.b64encode(b"zzz").decode(), "token_str": "zzz"}]
    config = {
        "pattern": PATTERNS["tekken"],
        "num_vocab_tokens": len(entries) + 1,
        "default_vocab_size": len(entries) + SPECIALS,
        "default_num_special_tokens": SPECIALS,
        "version": "v3",
    }
    file: dict[str, Any] = {"config": config, "vocab": entries + beyond}
    for path, value in changes.items():
        part: Any = file
        *above, name = path.split("__")
        for step in above:
            part = part[int(step)] if isinstance(part, list) else part[step]
        part[name] = value
    return file


def read(folder: Path, file: dict[str, Any]) -> Tokenizer:
    (folder / "tekken.json").write_text(json.dumps(file))
    return Tokenizer.from_file(folder)


def test_ids_are_those_of_tiktoken(tmp_path: Path) -> None:
    ours = read(tmp_path, tekken())
    assert isinstance(ours, BPETokenizer)
    assert ours.pattern == "tekken"
    ranks = {token: rank for rank, token in enumerate(tokens())}
    peer = tiktoken.Encoding("tekken", pat_str=PATTERNS["tekken"], mergeable_ranks=ranks, special_tokens={})
    for text in TEXTS:
        ids = ours.encode(text)
        assert ids == [SPECIALS + rank for rank in peer.encode_ordinary(text)], text
        assert ours.decode(ids) == text
    assert ours.vocab_size == len(tokens()) + SPECIALS
    assert b"zzz" not in ours.vocabulary


def test_control_tokens_stand_in_front(tmp_path: Path) -> None:
    ours = read(tmp_path, tekken())
    assert (ours.bos_id, ours.eos_id, ours.add_bos) == (1, 2, True)
    assert ours.encode("<s>[INST]a", allow_special=True) == [1, 3, SPECIALS + 97]
    assert ours.token_id("[TOOL_CONTENT]") == 19
    assert ours.token_id("<SPECIAL_20>") == 20
    assert ours.decode([4, SPECIALS + 98]) == "[/INST]b"
    assert len(ours.special_tokens) == SPECIALS
    listed = [{"rank": rank, "token_str": name} for rank, name in enumerate(["<unk>", "<s>", "[THINK]"])]
    file = tekken(config__version="v13", special_tokens=listed)
    newer = read(tmp_path, file)
    assert newer.special_tokens["[THINK]"] == 2
    assert newer.special_tokens["<SPECIAL_3>"] == 3
    assert newer.eos_id is None


def test_written_as_tokenizer_json_it_gives_the_same_ids(tmp_path: Path) -> None:
    ours = read(tmp_path, tekken())
    peer, again = tokenizers.Tokenizer.from_str(ours.to_json()), Tokenizer.from_json(ours.to_json())
    for text in TEXTS:
        ids = ours.encode(text, allow_special=True)
        assert (
            ids == peer.encode(text, add_special_tokens=False).ids == again.encode(text, allow_special=True)
        )


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"config__version": "v13"}, "lists its special_tokens"),
        ({"config__pattern": r"\w+"}, "not known"),
        ({"config__pattern": None}, "config.pattern"),
        ({"config__default_vocab_size": 10**9}, "expected fewer than all"),
        ({"config__default_vocab_size": 10**5}, "the config asks for"),
        ({"config__default_num_special_tokens": -1}, "expected fewer than all"),
        ({"config__default_num_special_tokens": 5, "config__default_vocab_size": 261}, "below 5"),
        ({"config__default_vocab_size": "x"}, "a whole number"),
        ({"vocab__9__rank": 7}, "in order"),
        ({"vocab__5__token_bytes": "*"}, "no base64"),
        ({"vocab__5__token_bytes": "BA=="}, "stands there twice"),
        ({"vocab__5__token_bytes": None}, "a string"),
        ({"special_tokens": [{"rank": 0, "token_str": 5}]}, "a string"),
        ({"special_tokens": [{"rank": 99, "token_str": "a"}]}, "below 30"),
        ({"special_tokens": [{"rank": 1, "token_str": "a"}] * 2}, "each once"),
        ({"special_tokens": [{"rank": 1, "token_str": "<SPECIAL_2>"}]}, "contradicts"),
        ({"special_tokens": {}}, "a list"),
    ],
)
def test_files_that_do_not_hold_together(tmp_path: Path, changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(TokenizerError, match=complaint):
        read(tmp_path, tekken(**changes))
