"""The kin of BERT: networks that read a text from both sides.

BERT (Devlin et al. 2019) and the sentence encoders made from it, RoBERTa (Liu et al. 2019), XLM-R (Conneau
et al. 2020), CamemBERT, MPNet (Song et al. 2020), DistilBERT (Sanh et al. 2019), ModernBERT (Warner et al.
2024).

A `model_type` has several rows, one for each head that stands on the same network: `architectures` in
config.json says which. Poolers, and BERT's next-sentence scores, are there if their tensors are.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from llmworks.models.encoder_config import EncoderConfig
from llmworks.models.family_table.core import GATES, Computed, Family, Key, Present, Tensors
from llmworks.models.family_table.gpt import both
from llmworks.models.family_table.rotary import Rope
from llmworks.models.family_table.windows import read_types

BENDS = {"gelu": "gelu", "gelu_new": "gelu_tanh", "gelu_pytorch_tanh": "gelu_tanh", "relu": "relu"}
HEAD_BENDS = BENDS | {"silu": "silu", "tanh": "tanh"}
POST_NORM: dict[str, Any] = {
    "positions": "learned", "embed_norm": True, "norm": "layernorm", "norm_position": "post",
    "norm_affine": True, "norm_bias": True, "attention_bias": True, "mlp_bias": True,
}  # fmt: skip
TASKS = {
    None: "one", "single_label_classification": "one", "multi_label_classification": "many",
    "regression": "number",
}  # fmt: skip


# --- heads -----------------------------------------------------------------------------------------------


def read_labels(hf: Mapping[str, Any]) -> dict[str, Any]:
    """`id2label`, whose keys are numbers as texts; transformers' own default is two labels."""
    count = int(hf.get("num_labels") or 2)
    named = hf.get("id2label") or {i: f"LABEL_{i}" for i in range(min(count, 65_536))}
    by_number = {int(number): str(name) for number, name in dict(named).items()}
    if sorted(by_number) != list(range(len(by_number))):
        raise ValueError("id2label must number its labels from 0 without a gap")
    return {"labels": tuple(by_number[i] for i in range(len(by_number)))}


def write_labels(config: EncoderConfig) -> dict[str, Any]:
    """Both directions, as transformers writes them."""
    return {
        "id2label": {str(i): name for i, name in enumerate(config.labels)},
        "label2id": {name: i for i, name in enumerate(config.labels)},
    }


OWN_BIAS = ("cls.predictions.bias", "lm_head.bias")
"""Biases that stand outside of their decoder: with a free decoder its own holds, and this one nothing."""
LABELS = (
    Computed(("id2label", "num_labels"), read_labels, write_labels, ours="labels"),
    Key("task", "problem_type", None, TASKS),
)


def rows(
    base: Family, stem: str, tensors: Mapping[str, tuple[Tensors, ...]], **heads: Any
) -> tuple[Family, ...]:
    """A family's row for each head; `base` is the bare network with its names as they stand beneath a head.

    tensors: those of a head by our name of it. heads: more keys and fixed fields of one head, by its name.
    """
    made = []
    for head, name in (("none", "Model"), ("mlm", "ForMaskedLM"), ("sequence", "ForSequenceClassification"),
                       ("token", "ForTokenClassification")):  # fmt: skip
        keys, fixed = heads.get(head, ((), {}))
        own = tensors.get(head, ())
        if head in ("sequence", "token"):
            keys = (*keys, *LABELS)
        row = replace(
            base,
            architecture=stem + name,
            keys=(*base.keys, *keys),
            fixed={**base.fixed, **fixed, "head": head},
            tensors=(*base.tensors, *own),
        )
        if "pooler" in fixed:  # which the head cannot do without
            row = replace(row, keys=tuple(key for key in row.keys if key.ours != "pooler"))
        if head == "mlm" and any(rule.theirs in OWN_BIAS for rule in own):
            row = replace(row, must={**row.must, "tie_word_embeddings": True})
        made.append(bare(row) if head == "none" else row)
    return tuple(made)


def bare(row: Family) -> Family:
    """The same with the names that a network has when it is saved without a head."""
    shorter = []
    for rule in row.tensors:
        theirs = (rule.theirs,) if isinstance(rule.theirs, str) else rule.theirs
        names = tuple(name.removeprefix(row.prefix) for name in theirs)
        shorter.append(replace(rule, theirs=names[0] if len(names) == 1 else names))
    keys = tuple(replace(key, default=True) if isinstance(key, Present) else key for key in row.keys)
    return replace(row, keys=keys, tensors=tuple(shorter), prefix="", outer=row.prefix)


# --- BERT ------------------------------------------------------------------------------------------------


def bert_names(prefix: str) -> tuple[Tensors, ...]:
    """BERT's and RoBERTa's names of one network."""
    layer = f"{prefix}encoder.layer.{{i}}"
    return (
        Tensors("embed.weight", f"{prefix}embeddings.word_embeddings.weight"),
        Tensors("pos_embed.weight", f"{prefix}embeddings.position_embeddings.weight"),
        Tensors("type_embed.weight", f"{prefix}embeddings.token_type_embeddings.weight"),
        *both("embed_norm", f"{prefix}embeddings.LayerNorm"),
        *fused(
            "blocks.{i}.attn.qkv", *(f"{layer}.attention.self.{name}" for name in ("query", "key", "value"))
        ),
        *both("blocks.{i}.attn.out", f"{layer}.attention.output.dense"),
        *both("blocks.{i}.attn_norm", f"{layer}.attention.output.LayerNorm"),
        *both("blocks.{i}.mlp.up", f"{layer}.intermediate.dense"),
        *both("blocks.{i}.mlp.down", f"{layer}.output.dense"),
        *both("blocks.{i}.mlp_norm", f"{layer}.output.LayerNorm"),
        *both("pooler", f"{prefix}pooler.dense"),
    )


def fused(ours: str, *theirs: str) -> tuple[Tensors, Tensors]:
    """Several of theirs in one of ours, weights and biases."""
    return (
        Tensors(f"{ours}.weight", tuple(f"{name}.weight" for name in theirs)),
        Tensors(f"{ours}.bias", tuple(f"{name}.bias" for name in theirs)),
    )


def read_positions(hf: Mapping[str, Any]) -> dict[str, Any]:
    """RoBERTa's table begins with the rows up to padding's own, which no token uses."""
    pad = hf.get("pad_token_id", 1)
    offset = (1 if pad is None else int(pad)) + 1
    length = int(hf.get("max_position_embeddings", 512)) - offset
    if length < 1:
        raise ValueError(f"the first {offset} positions belong to padding, and there are no others")
    return {"max_length": length, "position_offset": offset, "pad_id": offset - 1}


def write_positions(config: EncoderConfig) -> dict[str, Any]:
    """As `read_positions` reads it."""
    rows = config.max_length + config.position_offset
    return {"max_position_embeddings": rows, "pad_token_id": config.pad_id}


BERT_SIZES = (
    Key("vocab_size", "vocab_size"),
    Key("d_model", "hidden_size"),
    Key("n_layers", "num_hidden_layers"),
    Key("n_heads", "num_attention_heads"),
    Key("d_ff", "intermediate_size"),
    Key("n_token_types", "type_vocab_size", 2),
    Key("norm_eps", "layer_norm_eps", 1e-12),
    Key("activation", "hidden_act", "gelu", BENDS),
    Key("tie_embeddings", "tie_word_embeddings", True),
    Key("dropout", ("hidden_dropout_prob", "attention_probs_dropout_prob"), 0.1),
    Key("init_std", "initializer_range", 0.02),
)
BUFFERS = ("*.embeddings.position_ids", "*.embeddings.token_type_ids")
BERT_MUST = {"is_decoder": False, "add_cross_attention": False, "position_embedding_type": (None, "absolute")}
TRANSFORM = {"head_dense": True, "head_norm": True}
BERT = rows(
    Family(
        model_type="bert",
        architecture="BertModel",
        keys=(
            *BERT_SIZES,
            Key("max_length", "max_position_embeddings", 512),
            Key("pad_id", "pad_token_id", 0),
            Present("pooler", "pooler.dense.weight"),
        ),
        fixed=POST_NORM,
        must=BERT_MUST,
        tensors=bert_names("bert."),
        prefix="bert.",
        harmless=(*BUFFERS, "*.cls.predictions.decoder.bias"),
        config=EncoderConfig,
    ),
    "Bert",
    {
        "mlm": (
            *both("output.dense", "cls.predictions.transform.dense"),
            *both("output.norm", "cls.predictions.transform.LayerNorm"),
            Tensors("output.weight", "cls.predictions.decoder.weight"),
            Tensors("output.bias", "cls.predictions.bias"),
            *both("next_sentence", "cls.seq_relationship"),
        ),
        "sequence": both("output", "classifier"),
        "token": both("output", "classifier"),
    },
    mlm=(
        (
            Key("head_activation", "hidden_act", "gelu", BENDS),
            Present("next_sentence", "cls.seq_relationship.weight"),
        ),
        TRANSFORM,
    ),
    sequence=((), {"head_reads": "pooler", "pooler": True}),
)
# What BERT was trained with is both of its heads; transformers has a class of its own for it.
BERT_PRETRAINING = replace(
    BERT[1],
    architecture="BertForPreTraining",
    keys=tuple(key for key in BERT[1].keys if key.ours not in ("next_sentence", "pooler")),
    fixed={**BERT[1].fixed, "next_sentence": True, "pooler": True},
)


# --- RoBERTa ---------------------------------------------------------------------------------------------

ROBERTA_HEADS = {
    "mlm": (
        *both("output.dense", "lm_head.dense"),
        *both("output.norm", "lm_head.layer_norm"),
        Tensors("output.weight", "lm_head.decoder.weight"),
        Tensors("output.bias", "lm_head.bias"),
    ),
    "sequence": (*both("output.dense", "classifier.dense"), *both("output", "classifier.out_proj")),
    "token": both("output", "classifier"),
}


def roberta(model_type: str, stem: str) -> tuple[Family, ...]:
    """RoBERTa and those that are it in all but their data."""
    base = Family(
        model_type=model_type,
        architecture=f"{stem}Model",
        keys=(
            *BERT_SIZES,
            Computed(
                ("max_position_embeddings", "pad_token_id"), read_positions, write_positions, "max_length"
            ),
            Present("pooler", "pooler.dense.weight"),
        ),
        fixed=POST_NORM,
        must=BERT_MUST,
        tensors=bert_names("roberta."),
        prefix="roberta.",
        harmless=(*BUFFERS, "*.lm_head.decoder.bias"),
        config=EncoderConfig,
    )
    return rows(
        base,
        stem,
        ROBERTA_HEADS,
        mlm=((), TRANSFORM | {"head_activation": "gelu"}),
        sequence=((), {"head_dense": True, "head_activation": "tanh"}),
    )


ROBERTA = roberta("roberta", "Roberta")
XLM_ROBERTA = roberta("xlm-roberta", "XLMRoberta")
CAMEMBERT = roberta("camembert", "Camembert")


# --- MPNet -----------------------------------------------------------------------------------------------

MPNET_LAYER = "mpnet.encoder.layer.{i}"
MPNET = rows(
    Family(
        model_type="mpnet",
        architecture="MPNetModel",
        keys=(
            *(key for key in BERT_SIZES if key.ours != "n_token_types"),
            Computed(
                ("max_position_embeddings", "pad_token_id"), read_positions, write_positions, "max_length"
            ),
            Key("relative_buckets", "relative_attention_num_buckets", 32),
            Present("pooler", "pooler.dense.weight"),
        ),
        fixed=POST_NORM,
        # Their network takes both numbers for granted, whatever the config says.
        must={"relative_attention_num_buckets": 32, "pad_token_id": 1},
        tensors=(
            Tensors("relative.weight", "mpnet.encoder.relative_attention_bias.weight"),
            Tensors("embed.weight", "mpnet.embeddings.word_embeddings.weight"),
            Tensors("pos_embed.weight", "mpnet.embeddings.position_embeddings.weight"),
            *both("embed_norm", "mpnet.embeddings.LayerNorm"),
            *fused("blocks.{i}.attn.qkv", *(f"{MPNET_LAYER}.attention.attn.{name}" for name in "qkv")),
            *both("blocks.{i}.attn.out", f"{MPNET_LAYER}.attention.attn.o"),
            *both("blocks.{i}.attn_norm", f"{MPNET_LAYER}.attention.LayerNorm"),
            *both("blocks.{i}.mlp.up", f"{MPNET_LAYER}.intermediate.dense"),
            *both("blocks.{i}.mlp.down", f"{MPNET_LAYER}.output.dense"),
            *both("blocks.{i}.mlp_norm", f"{MPNET_LAYER}.output.LayerNorm"),
            *both("pooler", "mpnet.pooler.dense"),
        ),
        prefix="mpnet.",
        harmless=(*BUFFERS, "*.lm_head.decoder.bias"),
        config=EncoderConfig,
    ),
    "MPNet",
    ROBERTA_HEADS,
    mlm=((), TRANSFORM | {"head_activation": "gelu"}),
    sequence=((), {"head_dense": True, "head_activation": "tanh"}),
)


# --- DistilBERT ------------------------------------------------------------------------------------------

DISTIL = "distilbert.transformer.layer.{i}"
DISTILBERT = rows(
    Family(
        model_type="distilbert",
        architecture="DistilBertModel",
        keys=(
            Key("vocab_size", "vocab_size"),
            Key("d_model", "dim", older=("hidden_size",)),
            Key("n_layers", "n_layers", older=("num_hidden_layers",)),
            Key("n_heads", "n_heads", older=("num_attention_heads",)),
            Key("d_ff", "hidden_dim", 3072),
            Key("max_length", "max_position_embeddings", 512),
            Key("pad_id", "pad_token_id", 0),
            Key("activation", "activation", "gelu", BENDS),
            Key("tie_embeddings", "tie_word_embeddings", True),
            Key("dropout", ("dropout", "attention_dropout"), 0.1),
            Key("init_std", "initializer_range", 0.02),
        ),
        fixed=POST_NORM | {"norm_eps": 1e-12},
        tensors=(
            Tensors("embed.weight", "distilbert.embeddings.word_embeddings.weight"),
            Tensors("pos_embed.weight", "distilbert.embeddings.position_embeddings.weight"),
            *both("embed_norm", "distilbert.embeddings.LayerNorm"),
            *fused("blocks.{i}.attn.qkv", *(f"{DISTIL}.attention.{name}_lin" for name in "qkv")),
            *both("blocks.{i}.attn.out", f"{DISTIL}.attention.out_lin"),
            *both("blocks.{i}.attn_norm", f"{DISTIL}.sa_layer_norm"),
            *both("blocks.{i}.mlp.up", f"{DISTIL}.ffn.lin1"),
            *both("blocks.{i}.mlp.down", f"{DISTIL}.ffn.lin2"),
            *both("blocks.{i}.mlp_norm", f"{DISTIL}.output_layer_norm"),
        ),
        prefix="distilbert.",
        harmless=("*.embeddings.position_ids",),
        config=EncoderConfig,
    ),
    "DistilBert",
    {
        "mlm": (
            *both("output.dense", "vocab_transform"),
            *both("output.norm", "vocab_layer_norm"),
            *both("output", "vocab_projector"),
        ),
        "sequence": (*both("output.dense", "pre_classifier"), *both("output", "classifier")),
        "token": both("output", "classifier"),
    },
    mlm=((Key("head_activation", "activation", "gelu", BENDS),), TRANSFORM),
    sequence=((), {"head_dense": True, "head_activation": "relu"}),
)


# --- ModernBERT ------------------------------------------------------------------------------------------


def read_layers(hf: Mapping[str, Any]) -> dict[str, Any]:
    """Every third block sees everything, the others a window; `layer_types` says it in newer files."""
    told, count = hf.get("layer_types"), int(hf["num_hidden_layers"])
    period = int(hf.get("global_attn_every_n_layers", 3))
    kinds = ["sliding" if i % period else "full" for i in range(min(count, 4096))]
    kinds = kinds if told is None else read_types(told, "config.json")
    window = hf.get("local_attention", 128)
    if "sliding" not in kinds and len(kinds) == count:
        return {"layer_kinds": None, "sliding_window": None}
    return {"layer_kinds": tuple(kinds), "sliding_window": window}


def write_layers(config: EncoderConfig) -> dict[str, Any]:
    """In words that every reader takes."""
    words = {"full": "full_attention", "sliding": "sliding_attention"}
    kinds = config.layer_kinds or ("full",) * config.n_layers
    window = 128 if config.sliding_window is None else config.sliding_window
    return {"layer_types": [words[kind] for kind in kinds], "local_attention": window}


MODERN = "model.layers.{i}"
MODERN_DENSE = (*both("output.dense", "head.dense"), *both("output.norm", "head.norm"))
MODERN_KEYS = (
    Key("head_activation", "classifier_activation", "gelu", HEAD_BENDS),
    Key("head_dense_bias", "classifier_bias", False),
)
MODERNBERT = rows(
    Family(
        model_type="modernbert",
        architecture="ModernBertModel",
        keys=(
            Key("vocab_size", "vocab_size"),
            Key("d_model", "hidden_size"),
            Key("n_layers", "num_hidden_layers"),
            Key("n_heads", "num_attention_heads"),
            Key("d_ff", "intermediate_size"),
            Key("max_length", "max_position_embeddings", 8192),
            Key("pad_id", "pad_token_id", 50283),
            Key("norm_eps", "norm_eps", 1e-5),
            Key("norm_bias", "norm_bias", False),
            Key("activation", "hidden_activation", "gelu", GATES),
            Key("attention_bias", "attention_bias", False),
            Key("mlp_bias", "mlp_bias", False),
            Rope(160_000.0, base="global_rope_theta", by_kind=True, local_base="local_rope_theta"),
            Computed(
                ("layer_types", "num_hidden_layers", "global_attn_every_n_layers", "local_attention"),
                read_layers, write_layers, "sliding_window",
            ),
            Key("tie_embeddings", "tie_word_embeddings", True),
            Key("dropout", ("embedding_dropout", "attention_dropout", "mlp_dropout"), 0.0),
            Key("init_std", "initializer_range", 0.02),
        ),
        fixed={
            "positions": "rope", "embed_norm": True, "norm": "layernorm", "norm_position": "pre",
            "norm_affine": True, "first_norm": False,
        },
        tensors=(
            Tensors("embed.weight", "model.embeddings.tok_embeddings.weight"),
            *both("embed_norm", "model.embeddings.norm"),
            *both("blocks.{i}.attn_norm", f"{MODERN}.attn_norm"),
            *both("blocks.{i}.attn.qkv", f"{MODERN}.attn.Wqkv"),
            *both("blocks.{i}.attn.out", f"{MODERN}.attn.Wo"),
            *both("blocks.{i}.mlp_norm", f"{MODERN}.mlp_norm"),
            *both("blocks.{i}.mlp.gate_up", f"{MODERN}.mlp.Wi"),
            *both("blocks.{i}.mlp.down", f"{MODERN}.mlp.Wo"),
            *both("final_norm", "model.final_norm"),
        ),
        prefix="model.",
        config=EncoderConfig,
    ),
    "ModernBert",
    {
        "mlm": (*MODERN_DENSE, *both("output", "decoder")),
        "sequence": (*MODERN_DENSE, *both("output", "classifier")),
        "token": (*MODERN_DENSE, *both("output", "classifier")),
    },
    mlm=((*MODERN_KEYS, Key("output_bias", "decoder_bias", True)), TRANSFORM),
    sequence=(
        (*MODERN_KEYS, Key("head_reads", "classifier_pooling", "cls", {"cls": "first", "mean": "mean"})),
        TRANSFORM,
    ),
    token=(MODERN_KEYS, TRANSFORM),
)  # fmt: skip

ENCODERS: tuple[Family, ...] = (
    BERT_PRETRAINING, *BERT, *ROBERTA, *XLM_ROBERTA, *CAMEMBERT, *MPNET, *DISTILBERT, *MODERNBERT,
)  # fmt: skip
