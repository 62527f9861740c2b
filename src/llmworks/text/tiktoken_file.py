"""tiktoken rank files: one token a line, its bytes in base64 and its rank, which is its id.

    IQ== 0
    Ig== 1
    …
    IHRoZQ== 279

The file does not say how text is cut nor which control tokens there are; for OpenAI's own files and for the
`tokenizer.model` of Llama 3 that is known (by hash, or by name for a file that was re-encoded), for others
the caller says it.
Source: OpenAI tiktoken, load.py and tiktoken_ext/openai_public.py; Meta llama-models, llama3/tokenizer.py.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from llmworks.errors import TokenizerError
from llmworks.text.bpe import BPETokenizer
from llmworks.text.limits import read_bytes
from llmworks.text.patterns import PATTERNS
from llmworks.text.python_bpe import PythonBPE


@dataclass(frozen=True)
class _Encoding:
    sha256: str
    pattern: str
    special_tokens: Mapping[str, int]
    bos: str = "<|endoftext|>"
    eos: str = "<|endoftext|>"


_FIM = ("<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>")
_LLAMA3 = (
    *("<|begin_of_text|>", "<|end_of_text|>", "<|reserved_special_token_0|>", "<|reserved_special_token_1|>"),
    *("<|finetune_right_pad_id|>", "<|step_id|>", "<|start_header_id|>", "<|end_header_id|>", "<|eom_id|>"),
    *("<|eot_id|>", "<|python_tag|>", "<|image|>"),
    *(f"<|reserved_special_token_{number}|>" for number in range(2, 246)),
)

ENCODINGS: dict[str, _Encoding] = {
    "r50k_base": _Encoding(
        "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930", "gpt2", {"<|endoftext|>": 50256}
    ),
    "p50k_base": _Encoding(
        "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069", "gpt2", {"<|endoftext|>": 50256}
    ),
    "cl100k_base": _Encoding(
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
        "cl100k",
        {"<|endoftext|>": 100257}
        | {name: 100258 + place for place, name in enumerate(_FIM)}
        | {"<|endofprompt|>": 100276},
    ),
    "o200k_base": _Encoding(
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
        "o200k",
        {"<|endoftext|>": 199999, "<|endofprompt|>": 200018},
    ),
    "llama3": _Encoding(
        "82e9d31979e92ab929cd544440f129d9ecd797b69e327f80f17e1c50d5551b55",
        "llama3",
        {name: 128_000 + place for place, name in enumerate(_LLAMA3)},
        bos="<|begin_of_text|>",
        eos="<|end_of_text|>",
    ),
}


def read_tiktoken(
    path: Path,
    *,
    pattern: str | None = None,
    special_tokens: Mapping[str, int] | None = None,
    native: bool = True,
) -> BPETokenizer:
    """The tokenizer in a rank file; `pattern` and `special_tokens` where the file is not a known one."""
    content = read_bytes(path)
    known = _known_encoding(path, content)
    if pattern is None:
        if known is None:
            raise TokenizerError(
                f"{path} is a tiktoken rank file, which does not say how text is cut into pieces; say it: "
                'Tokenizer.from_file(path, pattern="cl100k", special_tokens={…}); '
                f"known patterns are {', '.join(PATTERNS)}"
            )
        pattern = known.pattern
    if special_tokens is None:
        special_tokens = known.special_tokens if known else {}
    ranks = parse_ranks(content, str(path))
    try:
        tokenizer = BPETokenizer(ranks, pattern=pattern, special_tokens=special_tokens, native=native)
    except TokenizerError as error:
        raise TokenizerError(f"{path}: {error}") from None
    known = known or ENCODINGS["cl100k_base"]
    tokenizer.bos_id, tokenizer.eos_id = special_tokens.get(known.bos), special_tokens.get(known.eos)
    return tokenizer


def parse_ranks(content: bytes, where: str) -> dict[bytes, int]:
    """Rank by token."""
    ranks: dict[bytes, int] = {}
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            token, rank = line.split()
            ranks_before = len(ranks)
            ranks[base64.b64decode(token, validate=True)] = int(rank)
        except (ValueError, binascii.Error):
            raise TokenizerError(
                f"{where}, line {number}: expected base64 and a rank, not {line[:60]!r}"
            ) from None
        if len(ranks) == ranks_before:
            raise TokenizerError(f"{where}, line {number}: the token {line[:60]!r} stands there twice")
    return ranks


def write_tiktoken(tokenizer: BPETokenizer, path: Path) -> None:
    """Write the ranks. TokenizerError when ranks alone would not give the same ids as the merges do.

    They do when each token, merged from its bytes, comes to itself, and the merges stand in the order of the
    ids that they make (`PythonBPE.pairs_of` says why). Control tokens, pattern and other rules
    have no place in the format: say them again to `Tokenizer.from_file`.
    """
    vocabulary = tokenizer.vocabulary
    if tokenizer.normalizer or tokenizer.add_prefix_space:
        raise TokenizerError("a tiktoken file cannot say a normaliser or a blank put before the text")
    if tokenizer.unreachable:
        raise TokenizerError(
            "a tiktoken file cannot hold entries beside the byte alphabet; save tokenizer.json"
        )
    if tokenizer.merges is not None or not tokenizer.whole_pieces:
        _check_ranks_suffice(tokenizer)
    ordered = sorted(vocabulary.items(), key=lambda item: item[1])
    lines = [base64.b64encode(token) + b" " + str(rank).encode() for token, rank in ordered]
    path.write_bytes(b"\n".join(lines) + b"\n")


def _check_ranks_suffice(tokenizer: BPETokenizer) -> None:
    bpe = PythonBPE(tokenizer.vocabulary, tokenizer.merges, tokenizer.pattern, whole_pieces=False)
    tokens = {id: token for token, id in tokenizer.vocabulary.items()}
    ordered = sorted(id for id, token in tokens.items() if len(token) > 1)
    alone = next((tokens[id] for id in ordered if bpe.piece_ids(tokens[id]) != [id]), None)
    if alone is not None:
        reason = f"the merges do not lead to the token {alone!r}"
    elif [tokens[left] + tokens[right] for left, right in tokenizer.merge_list()] != [
        tokens[i] for i in ordered
    ]:
        reason = "the merges stand in another order than the ids that they make"
    else:
        return
    raise TokenizerError(f"ranks alone would not give the same ids: {reason}; save a tokenizer.json instead")


def _known_encoding(path: Path, content: bytes) -> _Encoding | None:
    digest = hashlib.sha256(content).hexdigest()
    by_hash = next((encoding for encoding in ENCODINGS.values() if encoding.sha256 == digest), None)
    return by_hash or ENCODINGS.get(path.stem)
