"""Tiny encoder packages as other projects write them: transformers' weights, a WordPiece of `tokenizers`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from tests.support import TINY_TEXT

SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
SIZES: dict[str, Any] = {
    "hidden_size": 30, "num_hidden_layers": 2, "num_attention_heads": 5, "intermediate_size": 44,
    "max_position_embeddings": 48,
}  # fmt: skip


def wordpiece() -> Tokenizer:
    """BERT's pipeline over the words of TINY_TEXT, the letters, and some continuations."""
    normalizer, splitter = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    words = [word for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(TINY_TEXT))]
    letters = "abcdefghijklmnopqrstuvwxyz"
    entries = [*SPECIALS, *words, *letters, *(f"##{letter}" for letter in letters), "##ing", "##ed"]
    vocabulary = {entry: id for id, entry in enumerate(dict.fromkeys(entries))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, splitter
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(SPECIALS)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return tokenizer


def hf_tokenizer() -> Any:
    """The same in transformers."""
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=wordpiece(), model_max_length=48, pad_token="[PAD]", unk_token="[UNK]",
        cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]",
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )  # fmt: skip


def encoder_package(folder: Path, head: str = "ForMaskedLM", **config: Any) -> Any:
    """A BERT with random weights and its tokenizer in `folder`; gives transformers' model."""
    tokenizer = hf_tokenizer()
    torch.manual_seed(0)
    settings = transformers.BertConfig(vocab_size=len(tokenizer), **SIZES | config)
    model = getattr(transformers, f"Bert{head}")(settings).eval()
    for parameter in model.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return model


def write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


def sentence_files(folder: Path, pooling: dict[str, Any], *more: str, **reading: Any) -> None:
    """What sentence-transformers writes beside a model; `more`: Dense or Normalize after the pooling."""
    kinds = ["Transformer", "Pooling", *more]
    names = ["", *(f"{number}_{kind}" for number, kind in enumerate(kinds) if number)]
    write(folder / "modules.json", [
        {"idx": number, "name": str(number), "path": name, "type": f"sentence_transformers.models.{kind}"}
        for number, (kind, name) in enumerate(zip(kinds, names, strict=True))
    ])  # fmt: skip
    write(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": 30} | pooling)
    write(folder / "sentence_bert_config.json", {"max_seq_length": 16, "do_lower_case": False} | reading)
