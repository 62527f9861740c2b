"""`tokenizer_config.json` beside a tokenizer: which tokens open and close a text.

    bos_token, eos_token            by text, or as {"content": …}
    add_bos_token, add_eos_token    the markers, for files that cannot say them (vocab.json, …); where there
                                    is a tokenizer.json its post_processor holds

Source: huggingface/transformers 5, tokenization_utils_base.py (_from_pretrained).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmworks.errors import TokenizerError
from llmworks.text.post_processors import marks_at
from llmworks.text.tokenizer import Tokenizer


def apply_settings(tokenizer: Tokenizer, config: Mapping[str, Any], where: str, *, markers: bool) -> None:
    """Let `tokenizer` follow `config`; TokenizerError where that names a token which it does not have.

    markers: whether its own file could not say which markers a text gets.
    """
    bos, eos = (_named(tokenizer, config, name, where) for name in ("bos_token", "eos_token"))
    if bos is not None:
        tokenizer.bos_id = tokenizer.token_id(bos)
    if eos is not None:
        tokenizer.eos_id = tokenizer.token_id(eos)
    flags = [config.get(name) for name in ("add_bos_token", "add_eos_token")]
    if not markers or not any(isinstance(flag, bool) for flag in flags):
        return
    bos, eos = (_known(tokenizer, *pair) for pair in ((bos, tokenizer.bos_id), (eos, tokenizer.eos_id)))
    opening, closing = (name if flag is True else None for name, flag in zip((bos, eos), flags, strict=True))
    names = {name: tokenizer.token_id(name) for name in (opening, closing) if name is not None}
    ids = {name: id for name, id in names.items() if id is not None}
    tokenizer.post_processor = marks_at(ids, opening, closing)
    tokenizer.add_bos = opening is not None


def _known(tokenizer: Tokenizer, name: str | None, id: int | None) -> str | None:
    """The token that the config names, else the one that the tokenizer's own file does."""
    return name if name is not None or id is None else tokenizer.token_bytes(id).decode("utf-8", "replace")


def _named(tokenizer: Tokenizer, config: Mapping[str, Any], name: str, where: str) -> str | None:
    value = config.get(name)
    text = value.get("content") if isinstance(value, dict) else value
    if text is None:
        return None
    if not isinstance(text, str) or tokenizer.token_id(text) is None:
        raise TokenizerError(
            f"{where}: {name} is {str(text)[:60]!r}, which the tokenizer does not have. The two files are "
            "not of one model, or the token was never added."
        )
    return text
