"""Write a BPETokenizer as a Hugging Face `tokenizer.json` that gives the same ids in `tokenizers`."""

from __future__ import annotations

import json
from typing import Any

from llmworks.errors import TokenizerError
from llmworks.text.bpe import BPETokenizer
from llmworks.text.byte_alphabet import to_alphabet
from llmworks.text.patterns import PATTERNS


def write_json(tokenizer: BPETokenizer) -> str:
    """The text of the file."""
    written = {token: to_alphabet(token) for token in tokenizer.vocabulary}
    by_id = {id: written[token] for token, id in tokenizer.vocabulary.items()}
    file = {
        "version": "1.0",
        "truncation": tokenizer.truncation,
        "padding": tokenizer.padding,
        "added_tokens": [token.to_json() for token in tokenizer.added_tokens],
        "normalizer": None if tokenizer.normalizer is None else {"type": tokenizer.normalizer},
        "pre_tokenizer": _pre_tokenizer(tokenizer),
        "post_processor": _post_processor(tokenizer),
        "decoder": _byte_level(add_prefix_space=True, use_regex=True),
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": tokenizer.whole_pieces,
            "vocab": _vocab(tokenizer, by_id),
            "merges": [[by_id[left], by_id[right]] for left, right in tokenizer.merge_list()],
        },
    }
    return json.dumps(file, ensure_ascii=False, indent=1) + "\n"


def _vocab(tokenizer: BPETokenizer, by_id: dict[int, str]) -> dict[str, int]:
    """Ids by text, in order of ids. Added tokens are listed too, as in GPT-2's file: `tokenizers` would
    number one that is not, and not as here when its id is not the next."""
    taken = set(by_id.values())
    added = {token.id: token.text for token in tokenizer.added_tokens if token.text not in taken}
    beside = {id: text for text, id in tokenizer.unreachable.items()}
    return {text: id for id, text in sorted((by_id | beside | added).items())}


def _byte_level(*, add_prefix_space: bool, use_regex: bool) -> dict[str, Any]:
    return {
        "type": "ByteLevel",
        "add_prefix_space": add_prefix_space,
        "trim_offsets": True,
        "use_regex": use_regex,
    }


def _pre_tokenizer(tokenizer: BPETokenizer) -> dict[str, Any]:
    prefix = tokenizer.add_prefix_space
    if tokenizer.pattern == "gpt2":
        return _byte_level(add_prefix_space=prefix, use_regex=True)
    if prefix:
        raise TokenizerError(
            f"tokenizer.json cannot say add_prefix_space with the pattern {tokenizer.pattern}"
        )
    if tokenizer.pattern == "gpt2_digits":
        steps = [
            {"type": "Digits", "individual_digits": True},
            _byte_level(add_prefix_space=False, use_regex=True),
        ]
    else:
        steps = [
            {
                "type": "Split",
                "pattern": {"Regex": PATTERNS[tokenizer.pattern]},
                "behavior": "Isolated",
                "invert": False,
            },
            _byte_level(add_prefix_space=False, use_regex=False),
        ]
    return {"type": "Sequence", "pretokenizers": steps}


def _post_processor(tokenizer: BPETokenizer) -> dict[str, Any]:
    if tokenizer.post_processor is not None:
        return tokenizer.post_processor.to_json()
    if not tokenizer.add_bos or tokenizer.bos_id is None:
        return _byte_level(add_prefix_space=True, use_regex=True) | {"trim_offsets": False}
    bos = tokenizer.token_bytes(tokenizer.bos_id).decode()
    opening = {"SpecialToken": {"id": bos, "type_id": 0}}
    first, second = ({"Sequence": {"id": name, "type_id": place}} for place, name in enumerate("AB"))
    return {
        "type": "TemplateProcessing",
        "single": [opening, first],
        "pair": [opening, first, second],
        "special_tokens": {bos: {"id": bos, "ids": [tokenizer.bos_id], "tokens": [bos]}},
    }
