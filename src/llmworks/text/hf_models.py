"""The `model` of a tokenizer.json, by its `type`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llmworks.errors import TokenizerError
from llmworks.text.bpe_model import BPEModel
from llmworks.text.limits import expect
from llmworks.text.parts_json import Fields
from llmworks.text.subword import SubwordModel
from llmworks.text.word_level import WordLevelModel
from llmworks.text.wordpiece import WordPieceModel


def read_model(model: dict[str, Any]) -> SubwordModel:
    """The model; TokenizerError where it is of a kind that is not known, or does not hold together."""
    kind = model.get("type") or _kind_of_old(model)
    build = MODELS.get(kind) if isinstance(kind, str) else None
    if build is None:
        raise TokenizerError(
            f"the model is {str(kind)[:60]!r}; known are {', '.join(MODELS)} (and byte-level BPE)"
        )
    return build(Fields({**model, "type": kind}, "model"))


def _kind_of_old(model: dict[str, Any]) -> str | None:
    """Files of early versions name no type."""
    if "merges" in model:
        return "BPE"
    if "continuing_subword_prefix" in model or "max_input_chars_per_word" in model:
        return "WordPiece"
    if isinstance(model.get("vocab"), list):
        return "Unigram"
    return "WordLevel" if "vocab" in model and "unk_token" in model else None


def read_vocab(fields: Fields) -> dict[str, int]:
    """`vocab` as an object of ids by token."""
    vocab: dict[str, int] = fields.get("vocab", dict)
    for text, id in vocab.items():
        if type(id) is not int or id < 0:
            raise TokenizerError(
                f"vocab: the id of {text[:60]!r} is {str(id)[:60]!r}, no whole number from 0"
            )
    return vocab


def merge_parts(merge: Any) -> tuple[str, str]:
    parts = merge.split(" ") if isinstance(merge, str) else merge
    if not isinstance(parts, list) or len(parts) != 2 or not all(isinstance(p, str) and p for p in parts):
        raise TokenizerError(f"a merge is two tokens, 'a b' or ['a', 'b'], not {str(merge)[:60]!r}")
    return parts[0], parts[1]


def refuse_dropout(dropout: Any) -> None:
    if dropout:
        raise TokenizerError(f"BPE dropout {str(dropout)[:60]} gives other ids each time; set it to null")


def _bpe(fields: Fields) -> SubwordModel:
    refuse_dropout(fields.value.get("dropout"))
    texts = (str, type(None))
    vocab = read_vocab(fields)
    unk = fields.get("unk_token", texts, None)
    if unk is not None and unk not in vocab:
        raise TokenizerError(f"model.unk_token {unk[:60]!r} is not in the vocabulary")
    flags = {
        name: expect(fields.value.get(name) or False, bool, f"model.{name}")
        for name in ("fuse_unk", "byte_fallback", "ignore_merges")
    }
    return BPEModel(
        vocab,
        [merge_parts(merge) for merge in fields.get("merges", list)],
        unk_token=unk,
        continuing_subword_prefix=fields.get("continuing_subword_prefix", texts, None),
        end_of_word_suffix=fields.get("end_of_word_suffix", texts, None),
        **flags,
    )


def _wordpiece(fields: Fields) -> SubwordModel:
    return WordPieceModel(
        read_vocab(fields),
        unk_token=fields.get("unk_token", str, "[UNK]"),
        continuing_subword_prefix=fields.get("continuing_subword_prefix", str, "##"),
        max_input_chars_per_word=fields.count("max_input_chars_per_word", 100),
    )


def _word_level(fields: Fields) -> SubwordModel:
    return WordLevelModel(read_vocab(fields), fields.get("unk_token", str, "<unk>"))


def _unigram(fields: Fields) -> SubwordModel:
    from llmworks.text.unigram import read_unigram

    return read_unigram(fields.value)


MODELS: dict[str, Callable[[Fields], SubwordModel]] = {
    "BPE": _bpe,
    "WordPiece": _wordpiece,
    "WordLevel": _word_level,
    "Unigram": _unigram,
}
