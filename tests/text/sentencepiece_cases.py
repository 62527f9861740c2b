"""Models that the reference trains in the tests, and texts to try them on."""

from __future__ import annotations

import functools
import io
from pydoc_data.topics import topics  # prose that every Python has
from typing import Any

from tests.text.text_cases import SCRIPTS, random_texts

PROSE = [line.strip() for name in sorted(topics)[:12] for line in topics[name].split("\n") if line.strip()]
CORPUS = (
    PROSE + [line for text in SCRIPTS for line in text.split("\n") if line.strip() and "\r" not in line] * 2
)
TEXTS = [
    *random_texts(300, 3),
    *SCRIPTS,
    "",
    " ",
    "   ",
    " the  the<html>foo bar  x ",
    "foo▁bar ▁▁a",
    "\x00a\x00",
    "a" * 200,
    "½ ① ﬁ ｱｲｳ Å e\u0301 \u1e9b\u0323",
    *CORPUS[:20],
]


@functools.cache
def reference_model(**options: Any) -> bytes:
    """A `tokenizer.model` trained by SentencePiece on CORPUS."""
    import sentencepiece

    made = io.BytesIO()
    options = {name: list(v) if isinstance(v, tuple) else v for name, v in options.items()}
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS), model_writer=made, minloglevel=5, num_threads=1, **options
    )
    return made.getvalue()


LLAMA = {
    "model_type": "bpe",
    "vocab_size": 800,
    "byte_fallback": True,
    "normalization_rule_name": "identity",
    "remove_extra_whitespaces": False,
    "character_coverage": 0.98,
    "split_digits": True,
}
GEMMA = LLAMA | {
    "add_dummy_prefix": False,
    "pad_id": 0,
    "eos_id": 1,
    "bos_id": 2,
    "unk_id": 3,
    "bos_piece": "<bos>",
    "eos_piece": "<eos>",
    "user_defined_symbols": ("<start_of_turn>", "<h1>", "\n\n"),
}
T5 = {"model_type": "unigram", "vocab_size": 700, "pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1}
OPTIONS: dict[str, dict[str, Any]] = {
    "unigram": {"model_type": "unigram", "vocab_size": 700},
    "unigram_bytes": {
        "model_type": "unigram",
        "vocab_size": 800,
        "byte_fallback": True,
        "character_coverage": 0.98,
    },
    "unigram_own": {
        "model_type": "unigram",
        "vocab_size": 700,
        "normalization_rule_name": "identity",
        "remove_extra_whitespaces": False,
        "user_defined_symbols": ("<html>", "  ", "foo▁bar", "the"),
    },
    "unigram_suffix": {"model_type": "unigram", "vocab_size": 700, "treat_whitespace_as_suffix": True},
    "bpe": {"model_type": "bpe", "vocab_size": 700, "unk_surface": "??"},
    "bpe_llama": LLAMA,
    "bpe_gemma": GEMMA,
    "bpe_suffix": {"model_type": "bpe", "vocab_size": 700, "treat_whitespace_as_suffix": True},
    "bpe_across_words": {
        "model_type": "bpe",
        "vocab_size": 700,
        "split_by_whitespace": False,
        "normalization_rule_name": "nmt_nfkc_cf",
    },
    "char": {"model_type": "char", "vocab_size": 400, "hard_vocab_limit": False},
    "word": {"model_type": "word", "vocab_size": 700, "hard_vocab_limit": False},
}
