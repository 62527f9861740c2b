"""Cases of networks that are no ordinary decoder: encoders with each of their heads, Mamba.

The odd sizes are chosen so that a swapped pair of dimensions, a missing bias or a wrong offset shows.
"""

from typing import Any

import transformers
from torch import Tensor

from tests.models.family_cases import Case, causal, register

SIZES: dict[str, Any] = {
    "vocab_size": 83, "hidden_size": 30, "num_hidden_layers": 3, "num_attention_heads": 5,
    "intermediate_size": 44, "max_position_embeddings": 40,
}  # fmt: skip
DISTIL: dict[str, Any] = {
    "vocab_size": 83, "dim": 30, "n_layers": 3, "n_heads": 5, "hidden_dim": 44, "max_position_embeddings": 40,
}  # fmt: skip
MODERN = SIZES | {"num_attention_heads": 3, "num_hidden_layers": 5, "local_attention": 8, "pad_token_id": 0,
                  "bos_token_id": 1, "eos_token_id": 2, "cls_token_id": 1, "sep_token_id": 2}  # fmt: skip
LABELS = {"id2label": {0: "no", 1: "yes", 2: "perhaps"}, "label2id": {"no": 0, "yes": 1, "perhaps": 2}}
PAD = {"pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2}


def answer(model: Any, ids: Tensor) -> Tensor:
    """The head's logits, or the hidden states where there is no head."""
    out = model(ids)
    logits: Tensor = out.logits if "logits" in out else out.last_hidden_state
    return logits


def encoder(name: str, kind: str, head: str, config: dict[str, Any], **options: Any) -> None:
    """Registers one head of one kind of encoder; `kind` as in transformers' class names."""
    theirs = getattr(transformers, f"{kind}{head}")
    auto = getattr(transformers, f"Auto{head}" if head == "Model" else f"AutoModel{head}")
    given = {name: options.pop(name) for name in ("add_pooling_layer",) if name in options}

    def build() -> Any:
        settings = getattr(transformers, f"{kind}Config")(**config, attn_implementation="eager")
        return theirs(settings, **given)

    options = {"theirs": answer} | options
    register(Case(name, build, auto=options.pop("auto", auto), cached=False, **options))


for kind, word, config in (
    ("Bert", "BERT", SIZES | {"type_vocab_size": 3}),
    ("Roberta", "RoBERTa", SIZES | PAD),
    ("XLMRoberta", "XLM-R", SIZES | PAD | {"type_vocab_size": 1}),
    ("Camembert", "CamemBERT", SIZES | PAD),
    ("MPNet", "MPNet", SIZES | PAD | {"max_position_embeddings": 170}),
    ("DistilBert", "DistilBERT", DISTIL),
    ("ModernBert", "ModernBERT", MODERN),
):
    for head in ("Model", "ForMaskedLM", "ForSequenceClassification", "ForTokenClassification"):
        labels = LABELS if head.endswith("Classification") else {}
        lengths = {"lengths": (1, 9, 150)} if kind == "MPNet" else {}  # its distances end at 128
        encoder(f"{word} {head}", kind, head, config | labels, **lengths)

encoder("BERT Model without pooler (MiniLM)", "Bert", "Model", SIZES, add_pooling_layer=False)
encoder("BERT ForMaskedLM, tanh gelu", "Bert", "ForMaskedLM", SIZES | {"hidden_act": "gelu_new"})
encoder("DistilBERT ForMaskedLM untied", "DistilBert", "ForMaskedLM", DISTIL | {"tie_word_embeddings": False})
encoder("BERT ForPreTraining", "Bert", "ForPreTraining", SIZES, auto=transformers.AutoModelForPreTraining,
        theirs=lambda model, ids: model(ids).prediction_logits)  # fmt: skip
encoder("BERT one label", "Bert", "ForSequenceClassification", SIZES | {"num_labels": 1})
BIASES = dict.fromkeys(("norm_bias", "attention_bias", "mlp_bias", "classifier_bias"), True)
encoder(
    "ModernBERT all biases, mean",
    "ModernBert",
    "ForSequenceClassification",
    MODERN | LABELS | BIASES | {"classifier_pooling": "mean", "classifier_activation": "silu"},
)
encoder("ModernBERT no decoder bias, all full", "ModernBert", "ForMaskedLM",
        MODERN | {"decoder_bias": False, "layer_types": ["full_attention"] * 5})  # fmt: skip
encoder("ModernBERT other rotations", "ModernBert", "Model",
        MODERN | {"rope_parameters": {"full_attention": {"rope_type": "default", "rope_theta": 700.0},
                                      "sliding_attention": {"rope_type": "default", "rope_theta": 90.0}},
                  "hidden_activation": "silu"})  # fmt: skip

MAMBA = {"vocab_size": 83, "hidden_size": 24, "num_hidden_layers": 3, "state_size": 5}
causal("Mamba", "mamba", MAMBA, spread=0.15)
causal("Mamba untied, biases", "mamba", MAMBA | {
    "use_bias": True, "use_conv_bias": False, "tie_word_embeddings": False, "conv_kernel": 3, "expand": 3,
    "time_step_rank": 7,
}, spread=0.15)  # fmt: skip
