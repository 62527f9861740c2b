"""Write a BPETokenizer as a Hugging Face `tokenizer.json` that gives the same ids in `tokenizers`.

A vocabulary with ranks (tiktoken) has no list of merges; the file needs one. Where each token, merged from
its bytes, comes to itself, the last merge of each is the list, and it is exact: two neighbours x, y whose
bytes are a token t have arisen as they would in t alone, and t alone ends with its own last merge, so (x, y)
is that merge. Where some token does not come to itself, every pair that makes a token is listed by rank, as
`transformers` does when it converts; that is exact except where two overlapping pairs make the same bytes.
"""

from __future__ import annotations

import json
from typing import Any

from llmworks.errors import TokenizerError
from llmworks.text.bpe import BPETokenizer
from llmworks.text.byte_alphabet import to_alphabet
from llmworks.text.patterns import PATTERNS
from llmworks.text.python_bpe import PythonBPE


def write_json(tokenizer: BPETokenizer) -> str:
    """The text of the file."""
    written = {token: to_alphabet(token) for token in tokenizer.vocabulary}
    by_id = {id: written[token] for token, id in tokenizer.vocabulary.items()}
    merges = tokenizer.merges if tokenizer.merges is not None else merges_of_ranks(tokenizer)
    file = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": token.id,
                "content": token.text,
                "single_word": False,
                "lstrip": token.lstrip,
                "rstrip": token.rstrip,
                "normalized": token.normalized,
                "special": token.flagged,
            }
            for token in tokenizer.added_tokens
        ],
        "normalizer": {"type": "NFC"} if tokenizer.normalizer == "NFC" else None,
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
            "merges": [[by_id[left], by_id[right]] for left, right in merges],
        },
    }
    return json.dumps(file, ensure_ascii=False, indent=1) + "\n"


def _vocab(tokenizer: BPETokenizer, by_id: dict[int, str]) -> dict[str, int]:
    """Ids by text, in order of ids. Added tokens are listed too, as in GPT-2's file: `tokenizers` would
    number one that is not, and not as here when its id is not the next."""
    taken = set(by_id.values())
    added = {token.id: token.text for token in tokenizer.added_tokens if token.text not in taken}
    return {text: id for id, text in sorted((by_id | added).items())}


def merges_of_ranks(tokenizer: BPETokenizer) -> list[tuple[int, int]]:
    """The merges, as pairs of ids by priority, of a vocabulary with ranks."""
    vocabulary = tokenizer.vocabulary
    bpe = PythonBPE(vocabulary, None, tokenizer.pattern, whole_pieces=False)
    last: list[tuple[int, int]] = []
    for token, id in sorted(vocabulary.items(), key=lambda item: item[1]):
        if len(token) < 2:
            continue
        steps = bpe.merge_steps(token)
        if not steps or steps[-1].parts != [id] or id <= max(steps[-1].left, steps[-1].right):
            return _every_pair(vocabulary)
        last.append((steps[-1].left, steps[-1].right))
    return last


def _every_pair(vocabulary: dict[bytes, int]) -> list[tuple[int, int]]:
    pairs = [
        (id, vocabulary[token[:cut]], vocabulary[token[cut:]])
        for token, id in vocabulary.items()
        for cut in range(1, len(token))
        if token[:cut] in vocabulary and token[cut:] in vocabulary
    ]
    return [(left, right) for _, left, right in sorted(pairs)]


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
