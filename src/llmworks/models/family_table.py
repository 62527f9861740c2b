"""The table of families: what the config keys and tensor names of other projects mean here.

A family is data. To add one, write its row and put it into FAMILIES: `families.py` does the reading and the
writing, and the one decoder runs it. The facts are those of Hugging Face transformers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from llmworks.models.config import ModelConfig

REQUIRED = object()


@dataclass(frozen=True)
class Key:
    """One of our fields in their words.

    The first of their keys is read and all are written; `default` is what an absent key means; `words`
    translates values, theirs to ours, and the first with the same meaning is written.
    """

    ours: str
    theirs: str | tuple[str, ...]
    default: Any = REQUIRED
    words: Mapping[str, str] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.theirs,) if isinstance(self.theirs, str) else self.theirs


@dataclass(frozen=True)
class Tensors:
    """One of our tensors and theirs whose rows, one after another, make it; `{i}` is the block.

    `transposed`: they keep the matrix as [inputs, outputs] (GPT-2's Conv1D), we as [outputs, inputs].
    """

    ours: str
    theirs: str | tuple[str, ...]
    transposed: bool = False


@dataclass(frozen=True)
class Family:
    """What one `model_type` means."""

    model_type: str
    architecture: str
    keys: tuple[Key, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)  # our fields that the family never varies
    must: Mapping[str, Any] = field(default_factory=dict)  # their keys that only this value is supported of
    tensors: tuple[Tensors, ...] = ()
    prefix: str = ""  # what the names lose when the bare network is saved without its head
    harmless: tuple[str, ...] = ()  # buffers in old files that follow from the config


GELUS = {"gelu_new": "gelu_tanh", "gelu_pytorch_tanh": "gelu_tanh", "gelu": "gelu", "relu": "relu"}
GATES = {"silu": "swiglu", "swish": "swiglu", "gelu_pytorch_tanh": "geglu", "gelu_new": "geglu"}

GPT2 = Family(
    model_type="gpt2",
    architecture="GPT2LMHeadModel",
    keys=(
        Key("vocab_size", "vocab_size"),
        Key("d_model", "n_embd"),
        Key("n_layers", "n_layer"),
        Key("n_heads", "n_head"),
        Key("d_ff", "n_inner", None),
        Key("max_length", "n_positions"),
        Key("norm_eps", "layer_norm_epsilon", 1e-5),
        Key("activation", "activation_function", "gelu_new", GELUS),
        Key("tie_embeddings", "tie_word_embeddings", True),
        Key("dropout", ("resid_pdrop", "embd_pdrop", "attn_pdrop"), 0.1),
        Key("init_std", "initializer_range", 0.02),
    ),
    fixed={
        "positions": "learned", "norm": "layernorm", "norm_position": "pre", "norm_affine": True,
        "norm_bias": True, "attention_bias": True, "mlp_bias": True,
    },
    must={"scale_attn_weights": True, "scale_attn_by_inverse_layer_idx": False, "add_cross_attention": False},
    tensors=(
        Tensors("embed.weight", "transformer.wte.weight"),
        Tensors("pos_embed.weight", "transformer.wpe.weight"),
        Tensors("blocks.{i}.attn_norm.weight", "transformer.h.{i}.ln_1.weight"),
        Tensors("blocks.{i}.attn_norm.bias", "transformer.h.{i}.ln_1.bias"),
        Tensors("blocks.{i}.attn.qkv.weight", "transformer.h.{i}.attn.c_attn.weight", transposed=True),
        Tensors("blocks.{i}.attn.qkv.bias", "transformer.h.{i}.attn.c_attn.bias"),
        Tensors("blocks.{i}.attn.out.weight", "transformer.h.{i}.attn.c_proj.weight", transposed=True),
        Tensors("blocks.{i}.attn.out.bias", "transformer.h.{i}.attn.c_proj.bias"),
        Tensors("blocks.{i}.mlp_norm.weight", "transformer.h.{i}.ln_2.weight"),
        Tensors("blocks.{i}.mlp_norm.bias", "transformer.h.{i}.ln_2.bias"),
        Tensors("blocks.{i}.mlp.up.weight", "transformer.h.{i}.mlp.c_fc.weight", transposed=True),
        Tensors("blocks.{i}.mlp.up.bias", "transformer.h.{i}.mlp.c_fc.bias"),
        Tensors("blocks.{i}.mlp.down.weight", "transformer.h.{i}.mlp.c_proj.weight", transposed=True),
        Tensors("blocks.{i}.mlp.down.bias", "transformer.h.{i}.mlp.c_proj.bias"),
        Tensors("final_norm.weight", "transformer.ln_f.weight"),
        Tensors("final_norm.bias", "transformer.ln_f.bias"),
        Tensors("unembed.weight", "lm_head.weight"),
    ),
    prefix="transformer.",
    harmless=("*.attn.bias", "*.attn.masked_bias"),
)  # fmt: skip

LLAMA = Family(
    model_type="llama",
    architecture="LlamaForCausalLM",
    keys=(
        Key("vocab_size", "vocab_size"),
        Key("d_model", "hidden_size"),
        Key("n_layers", "num_hidden_layers"),
        Key("n_heads", "num_attention_heads"),
        Key("n_kv_heads", "num_key_value_heads", None),
        Key("d_head", "head_dim", None),
        Key("d_ff", "intermediate_size"),
        Key("max_length", "max_position_embeddings", 2048),
        Key("rope_theta", "rope_theta", 10_000.0),
        Key("norm_eps", "rms_norm_eps", 1e-6),
        Key("activation", "hidden_act", "silu", GATES),
        Key("attention_bias", "attention_bias", False),
        Key("mlp_bias", "mlp_bias", False),
        Key("tie_embeddings", "tie_word_embeddings", False),
        Key("init_std", "initializer_range", 0.02),
    ),
    fixed={"positions": "rope", "norm": "rmsnorm", "norm_position": "pre", "norm_affine": True},
    must={"quantization_config": None},
    tensors=(
        Tensors("embed.weight", "model.embed_tokens.weight"),
        Tensors("blocks.{i}.attn_norm.weight", "model.layers.{i}.input_layernorm.weight"),
        *(
            Tensors(
                f"blocks.{{i}}.attn.qkv.{kind}",
                tuple(f"model.layers.{{i}}.self_attn.{name}_proj.{kind}" for name in "qkv"),
            )
            for kind in ("weight", "bias")
        ),
        Tensors("blocks.{i}.attn.out.weight", "model.layers.{i}.self_attn.o_proj.weight"),
        Tensors("blocks.{i}.attn.out.bias", "model.layers.{i}.self_attn.o_proj.bias"),
        Tensors("blocks.{i}.mlp_norm.weight", "model.layers.{i}.post_attention_layernorm.weight"),
        *(
            Tensors(
                f"blocks.{{i}}.mlp.gate_up.{kind}",
                tuple(f"model.layers.{{i}}.mlp.{name}_proj.{kind}" for name in ("gate", "up")),
            )
            for kind in ("weight", "bias")
        ),
        Tensors("blocks.{i}.mlp.down.weight", "model.layers.{i}.mlp.down_proj.weight"),
        Tensors("blocks.{i}.mlp.down.bias", "model.layers.{i}.mlp.down_proj.bias"),
        Tensors("final_norm.weight", "model.norm.weight"),
        Tensors("unembed.weight", "lm_head.weight"),
    ),
    prefix="model.",
    harmless=("*.rotary_emb.inv_freq",),
)  # fmt: skip

OURS = Family(
    model_type="llmworks",
    architecture="Decoder",
    keys=tuple(
        Key(name, name, REQUIRED if info.is_required() else info.default)
        for name, info in ModelConfig.model_fields.items()
    ),
)

# In the order in which a config is tried on them for writing; OURS says everything, so it is last.
FAMILIES: tuple[Family, ...] = (LLAMA, GPT2, OURS)
