"""Encoders in llama.cpp's words: BERT and the sentence encoders made from it.

The files hold the bare network: a pooler or a head for masked words has no place in them. What a text's
vector is made of stands in `bert.pooling_type`; llama.cpp gives vectors of length 1.
"""

from __future__ import annotations

from typing import Any

from llmworks.errors import PackageError
from llmworks.packages.gguf.architecture import Architecture, Facts, Names
from llmworks.packages.gguf.rows_gpt import in_h, read_sizes
from llmworks.packages.sentence import Normalize, SentenceSettings

POOLINGS = {1: "mean", 2: "first", 3: "last"}
NO_POOLING = 0


def read_bert(facts: Facts) -> dict[str, Any]:
    names = {
        "d_model": "hidden_size", "n_layers": "num_hidden_layers", "n_heads": "num_attention_heads",
        "max_length": "max_position_embeddings", "norm_eps": "layer_norm_eps", "d_ff": "intermediate_size",
    }  # fmt: skip
    types = facts.shape("token_types.weight")[0]
    return read_sizes(facts, names) | {
        "type_vocab_size": types, "hidden_act": "gelu", "tie_word_embeddings": True,
    }  # fmt: skip


def write_bert(config: Any) -> dict[str, Any]:
    return {
        "vocab_size": config.vocab_size,
        "context_length": config.max_length,
        "embedding_length": config.d_model,
        "block_count": config.n_layers,
        "feed_forward_length": config.d_ff,
        "attention.head_count": config.n_heads,
        "attention.layer_norm_epsilon": float(config.norm_eps),
        "attention.causal": False,
    }


def read_sentence(facts: Facts) -> SentenceSettings | None:
    """How the vector of a text is made, where the file says it."""
    pooling = facts.get("pooling_type", NO_POOLING)
    if pooling == NO_POOLING:
        return None
    if pooling not in POOLINGS:
        raise facts.fault("pooling_type", pooling, "0 to 3")
    return SentenceSettings(poolings=(POOLINGS[pooling],), steps=(Normalize(),))


def write_sentence(sentence: SentenceSettings | None) -> dict[str, Any]:
    if sentence is None:
        return {}
    number = next((key for key, name in POOLINGS.items() if sentence.poolings == (name,)), None)
    if number is None or any(not isinstance(step, Normalize) for step in sentence.steps):
        raise PackageError(
            f"GGUF knows one pooling of {', '.join(POOLINGS.values())} and no layer after it; this model has "
            f"{', '.join(sentence.poolings)} and {len(sentence.steps)} steps."
        )
    return {"pooling_type": number}


BERT = Architecture(
    "bert", "bert", "BertModel",
    (
        Names("token_embd", "embeddings.word_embeddings"), Names("token_embd_norm", "embeddings.LayerNorm"),
        Names("token_types", "embeddings.token_type_embeddings"),
        Names("position_embd", "embeddings.position_embeddings"),
        *in_h(
            ("attn_q", "attention.self.query"), ("attn_k", "attention.self.key"),
            ("attn_v", "attention.self.value"), ("attn_output", "attention.output.dense"),
            ("attn_output_norm", "attention.output.LayerNorm"), ("ffn_up", "intermediate.dense"),
            ("ffn_down", "output.dense"), ("layer_output_norm", "output.LayerNorm"),
            inside="encoder.layer.{i}.",
        ),
    ),
    read_bert, write_bert, prefix="", dropped={"pooler": False},
    skipped=r"^pooler\.dense\.|embeddings\.(position_ids|token_type_ids)$",
)  # fmt: skip

ROWS = (BERT,)
