"""Mistral's `tekken.json`: byte-level BPE by ranks, with the control tokens in front.

    id   0 … 999           control tokens: <unk> <s> </s> [INST] … <SPECIAL_20> …
    id   1000 + rank       the vocabulary, its first (vocabulary size - control tokens) entries

    {"config": {"pattern", "default_vocab_size", "default_num_special_tokens", "version"},
     "vocab": [{"rank", "token_bytes" (base64)}, …], "special_tokens": [{"rank", "token_str"}, …] or none}

The file lists more entries than a model has rows for; those behind are dropped. Without a list of control
tokens (versions 3 and 7) they are the twenty in `OLD_SPECIALS`.
Source: mistralai/mistral-common, tokens/tokenizers/tekken.py.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from llmworks.errors import TokenizerError
from llmworks.text.bpe import BPETokenizer
from llmworks.text.limits import expect, parse_object
from llmworks.text.special import AddedToken
from llmworks.text.subword import MAX_ID

OLD_VERSIONS = ("v3", "v7")
OLD_SPECIALS = (
    *("<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]"),
    *("[TOOL_RESULTS]", "[/TOOL_RESULTS]", "[TOOL_CALLS]", "[IMG]", "<pad>", "[IMG_BREAK]", "[IMG_END]"),
    *("[PREFIX]", "[MIDDLE]", "[SUFFIX]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CONTENT]"),
)


def is_tekken(file: dict[str, Any]) -> bool:
    """Whether a JSON object is such a file."""
    return (
        isinstance(file.get("vocab"), list) and isinstance(file.get("config"), dict) and "model" not in file
    )


def read_tekken(content: bytes, where: str, *, native: bool = True) -> BPETokenizer:
    """The tokenizer in the content of a tekken.json; `where` names the file in error messages."""
    file = parse_object(content, where)
    try:
        config = expect(file.get("config"), dict, "config")
        sizes = ("default_vocab_size", "default_num_special_tokens")
        size, specials = (expect(config.get(name), int, f"config.{name}") for name in sizes)
        if not 0 <= specials < size <= MAX_ID:
            raise TokenizerError(
                f"config: {specials} control tokens of {size} tokens; expected fewer than all"
            )
        names = _special_names(file, specials)
        tokenizer = BPETokenizer(
            _vocabulary(expect(file.get("vocab"), list, "vocab"), size - specials, specials),
            pattern=expect(config.get("pattern"), str, "config.pattern"),
            special_tokens=[AddedToken(name, id) for id, name in enumerate(names)],
            native=native,
        )
    except TokenizerError as error:
        raise TokenizerError(f"{where}: {error}") from None
    tokenizer.bos_id, tokenizer.eos_id = (tokenizer.special_tokens.get(name) for name in ("<s>", "</s>"))
    tokenizer.add_bos = tokenizer.bos_id is not None
    return tokenizer


def _vocabulary(entries: list[Any], count: int, first: int) -> dict[bytes, int]:
    """Ids by bytes, of the first `count` entries."""
    if len(entries) < count:
        raise TokenizerError(f"vocab has {len(entries):,} entries; the config asks for {count:,}")
    vocabulary: dict[bytes, int] = {}
    for place, entry in enumerate(entries[:count]):
        what = f"vocab[{place}]"
        entry = expect(entry, dict, what)
        if entry.get("rank") != place:
            raise TokenizerError(f"{what}.rank is {str(entry.get('rank'))[:60]}; ranks count from 0 in order")
        written = expect(entry.get("token_bytes"), str, f"{what}.token_bytes")
        try:
            token = base64.b64decode(written, validate=True)
        except (ValueError, binascii.Error):
            raise TokenizerError(f"{what}.token_bytes is {written[:60]!r}, no base64") from None
        if token in vocabulary:
            raise TokenizerError(f"{what}: the token {token[:60]!r} stands there twice")
        vocabulary[token] = first + place
    return vocabulary


def _special_names(file: dict[str, Any], count: int) -> list[str]:
    """The names of the control tokens by id; `<SPECIAL_20>` and so on where the file has none."""
    entries = file.get("special_tokens")
    names = [f"<SPECIAL_{id}>" for id in range(count)]
    if entries is None:
        version = file["config"].get("version")
        if version not in OLD_VERSIONS:
            raise TokenizerError(
                f"a file of version {str(version)[:60]} lists its special_tokens; this does not"
            )
        entries = [{"rank": id, "token_str": name} for id, name in enumerate(OLD_SPECIALS)]
    ranks: set[int] = set()
    for place, entry in enumerate(expect(entries, list, "special_tokens")):
        what = f"special_tokens[{place}]"
        entry = expect(entry, dict, what)
        rank = expect(entry.get("rank"), int, f"{what}.rank")
        if not 0 <= rank < count or rank in ranks:
            raise TokenizerError(f"{what}.rank is {str(rank)[:60]}; expected each once and below {count}")
        ranks.add(rank)
        names[rank] = expect(entry.get("token_str"), str, f"{what}.token_str")
    return names
