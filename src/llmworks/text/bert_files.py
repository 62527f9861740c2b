"""BERT's own files: `vocab.txt`, a token a line, its number the id, and `tokenizer_config.json` beside it.

    do_lower_case, strip_accents, tokenize_chinese_chars   the normaliser
    unk_token, cls_token, sep_token, pad_token, mask_token control tokens

Source: google-research/bert, tokenization.py; huggingface/transformers, models/bert/tokenization_bert.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from llmworks.errors import TokenizerError
from llmworks.text.decoders import WordPiece
from llmworks.text.limits import expect, parse_object, read_bytes
from llmworks.text.normalizers import BertNormalizer
from llmworks.text.parts_json import Fields
from llmworks.text.pipeline import PipelineTokenizer
from llmworks.text.post_processors import bert_markers
from llmworks.text.pre_tokenizers import BertPreTokenizer
from llmworks.text.special import AddedToken
from llmworks.text.wordpiece import WordPieceModel

NAMES = {
    "unk_token": "[UNK]",
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "pad_token": "[PAD]",
    "mask_token": "[MASK]",
}


def read_bert(path: Path, *, lowercase: bool | None = None) -> PipelineTokenizer:
    """The WordPiece tokenizer of a vocab.txt.

    lowercase: whether text is made small first. Default: as `do_lower_case` in the tokenizer_config.json
        beside it says; without one, small unless the vocabulary has capital letters.
    """
    content = read_bytes(path)
    settings = path.with_name("tokenizer_config.json")
    config = parse_object(read_bytes(settings), str(settings)) if settings.is_file() else {}
    try:
        if lowercase is not None:
            config = {**config, "do_lower_case": lowercase}
        return bert_tokenizer(read_vocab_lines(content), config)
    except TokenizerError as error:
        raise TokenizerError(f"{path}: {error}") from None


def read_vocab_lines(content: bytes) -> dict[str, int]:
    """Ids by token. A token given twice has its last line's id, as in `transformers`."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TokenizerError(f"not UTF-8: {error}") from None
    lines = text.split("\n")  # not splitlines: U+0085 and its like may stand in a token
    if lines and not lines[-1]:
        lines.pop()
    return {line.rstrip("\r"): id for id, line in enumerate(lines)}


def bert_tokenizer(vocabulary: Mapping[str, int], config: Mapping[str, Any]) -> PipelineTokenizer:
    """BERT's chain over `vocabulary`. config: a tokenizer_config.json, or as much of it as there is."""
    fields = Fields({**config, "type": "tokenizer_config.json"}, "tokenizer_config.json")
    names = {name: _text(fields, name, usual) for name, usual in NAMES.items()}
    kept = {name: text for name, text in names.items() if text in vocabulary}
    for name in names.keys() - kept.keys():
        if name in config:
            raise TokenizerError(f"{name} is {names[name][:60]!r}, which is not in the vocabulary")
    lowercase = fields.get("do_lower_case", bool, not _has_capitals(vocabulary, set(kept.values())))
    model = WordPieceModel(vocabulary, unk_token=names["unk_token"])
    markers = None
    if "cls_token" in kept and "sep_token" in kept:
        markers = bert_markers(vocabulary, kept["cls_token"], kept["sep_token"])
    return PipelineTokenizer(
        model,
        normalizer=BertNormalizer(
            handle_chinese_chars=fields.get("tokenize_chinese_chars", bool, True),
            strip_accents=fields.get("strip_accents", (bool, type(None)), None),
            lowercase=lowercase,
        ),
        pre_tokenizer=BertPreTokenizer(),
        decoder=WordPiece(),
        post_processor=markers,
        added_tokens=[AddedToken(text, vocabulary[text]) for text in dict.fromkeys(kept.values())],
        bos_id=None if markers is None else markers.opening(),
        eos_id=None if markers is None else markers.closing(),
        add_bos=markers is not None,
    )


def _text(fields: Fields, name: str, usual: str) -> str:
    value = fields.value.get(name, usual)
    value = value.get("content") if isinstance(value, dict) else value
    return expect(usual if value is None else value, str, f"tokenizer_config.json: {name}")


def _has_capitals(vocabulary: Mapping[str, int], names: set[str]) -> bool:
    return any("A" <= text[:1] <= "Z" for text in vocabulary if text not in names)
