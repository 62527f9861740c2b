"""Families: how the folders of other projects say what our one decoder is.

A family is data: which of its `config.json` keys is which field of ModelConfig, what is fixed, and which of
its tensors make which of ours. One forward serves all of them. The facts are those of Hugging Face
transformers (`GPT2LMHeadModel`, `LlamaForCausalLM`). A decoder that is neither is written under our own name.

    config.json ⇄ ModelConfig            config_from_hf, config_to_hf
    model.safetensors ⇄ state dict       state_from_hf, state_to_hf, expected_tensors
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

import torch
from torch import Tensor

from llmworks.errors import ConfigError, PackageError
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder

REQUIRED = object()


@dataclass(frozen=True)
class Key:
    """Our field, their keys (the first is read, all are written), what an absent key means, and their words."""

    ours: str
    theirs: str | tuple[str, ...]
    default: Any = REQUIRED
    words: Mapping[str, str] | None = None  # theirs → ours; the first with the same meaning is written

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

# In the order in which `config_to_hf` tries them; OURS says everything, so it is last.
FAMILIES: tuple[Family, ...] = (LLAMA, GPT2, OURS)


# --- config.json -----------------------------------------------------------------------------------------


def family_of(hf_config: Mapping[str, Any]) -> Family:
    """The family that a config.json names by `model_type`, or by `architectures` where that is absent."""
    model_type = hf_config.get("model_type")
    architectures = hf_config.get("architectures") or ()
    for family in FAMILIES:
        if model_type == family.model_type or (model_type is None and family.architecture in architectures):
            return family
    raise ConfigError(
        f"config.json: model_type {model_type!r} (architectures {list(architectures)!r}) is not a family that "
        f"llmworks knows; it knows {', '.join(family.model_type for family in FAMILIES)}"
    )


def config_from_hf(hf_config: Mapping[str, Any]) -> ModelConfig:
    """The ModelConfig that a config.json describes. Raises ConfigError for what our decoder cannot do."""
    family = family_of(hf_config)
    where = f"config.json of a {family.model_type} model"
    hf_config = with_rope_theta(hf_config, where) if family is LLAMA else hf_config
    for name, supported in family.must.items():
        if hf_config.get(name, supported) != supported:
            raise ConfigError(f"{where}: {name} {hf_config[name]!r} is not supported, only {supported!r}")
    values = dict(family.fixed)
    for key in family.keys:
        name = key.names[0]
        value = hf_config.get(name, key.default)
        if value is REQUIRED:
            raise ConfigError(f"{where}: {name} is missing")
        if key.words is not None:
            if value not in key.words:
                raise ConfigError(f"{where}: {name} {value!r} is not one of {', '.join(key.words)}")
            value = key.words[value]
        values[key.ours] = value
    try:
        return ModelConfig(**values)
    except ConfigError as error:
        named = ", ".join(
            f"{key.ours} is its {key.names[0]}" for key in family.keys if key.ours in str(error)
        )
        raise ConfigError(
            f"{where}: {error}" + (f" ({named})" if named and family is not OURS else "")
        ) from None


def with_rope_theta(hf_config: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    """The same config with `rope_theta` where older versions of transformers have it.

    transformers 5 moved it into `rope_parameters`, together with the scaling that older ones call
    `rope_scaling`. Scaled rotations (llama3, yarn, …) are refused: unscaled they would give wrong logits.
    """
    parameters: dict[str, Any] = {}
    for name in ("rope_scaling", "rope_parameters"):
        given = hf_config.get(name) or {}
        if not isinstance(given, Mapping):
            raise ConfigError(f"{where}: {name} must be an object; given {given!r:.80}")
        parameters |= given
    kind = parameters.get("rope_type", parameters.get("type", "default"))
    if kind != "default":
        raise ConfigError(f"{where}: rotary scaling {kind!r} is not supported, only plain rotary positions")
    if parameters.get("partial_rotary_factor", 1.0) != 1.0:
        raise ConfigError(f"{where}: partial_rotary_factor other than 1 is not supported")
    if "rope_theta" in parameters:
        return {**hf_config, "rope_theta": parameters["rope_theta"]}
    return hf_config


def config_to_hf(config: ModelConfig) -> dict[str, Any]:
    """A config.json: of the first family that says this config exactly, else of our own.

    Token ids (`bos_token_id` …) are left null for the package to fill in: left out, transformers would take
    the family's own.
    """
    for family in FAMILIES:
        hf_config = describe(config, family)
        if hf_config is not None:
            return hf_config
    raise AssertionError("our own family says everything")


def describe(config: ModelConfig, family: Family) -> dict[str, Any] | None:
    """The config in a family's words, or None where reading those back would give another network."""
    hf_config: dict[str, Any] = {"model_type": family.model_type, "architectures": [family.architecture]}
    for key in family.keys:
        value = getattr(config, key.ours)
        if key.words is not None:
            value = next((theirs for theirs, ours in key.words.items() if ours == value), None)
            if value is None:
                return None
        hf_config |= dict.fromkeys(key.names, value)
    hf_config |= family.must
    if family is LLAMA:
        hf_config["rope_parameters"] = {"rope_type": "default", "rope_theta": config.rope_theta}
        del hf_config["quantization_config"]
    hf_config |= {"bos_token_id": None, "eos_token_id": None, "pad_token_id": None}
    try:
        read_back = config_from_hf(hf_config)
    except ConfigError:
        return None
    return hf_config if same_network(read_back, config) else None


def same_network(one: ModelConfig, other: ModelConfig) -> bool:
    """Equal in all that decides logits. Dropout does not: it is a choice of the training run."""
    idle = {"dropout"} if one.positions == "rope" else {"dropout", "rope_theta"}
    return one.model_dump(exclude=idle) == other.model_dump(exclude=idle)


# --- tensors ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One of their tensors: its name and shape, and the rows of ours that it holds."""

    name: str
    shape: tuple[int, ...]
    rows: int


def layout(family: Family, config: ModelConfig) -> Iterator[tuple[str, bool, list[Part]]]:
    """For each of our tensors its name, whether theirs are transposed, and theirs in the order of the rows."""
    rules = {rule.ours: rule for rule in family.tensors}
    splits = {
        "qkv": [config.n_heads * config.d_head, *[config.n_kv_heads * config.d_head] * 2],
        "gate_up": [config.d_ff] * 2,
    }
    for ours, tensor in Decoder.without_memory(config).state_dict().items():
        head, _, tail = ours.partition(".")
        block, _, rest = tail.partition(".")
        rule = rules.get(f"{head}.{{i}}.{rest}" if block.isdigit() else ours, Tensors(ours, ours))
        theirs = (rule.theirs,) if isinstance(rule.theirs, str) else rule.theirs
        rows = [tensor.shape[0]] if len(theirs) == 1 else splits[ours.split(".")[-2]]
        parts = []
        for name, count in zip(theirs, rows, strict=True):
            shape = (count, *tensor.shape[1:])
            shape = shape[::-1] if rule.transposed else shape
            parts.append(Part(name.format(i=block), shape, count))
        yield ours, rule.transposed, parts


def expected_tensors(hf_config: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """Name and shape of every tensor that a folder with this config.json must hold."""
    config = config_from_hf(hf_config)
    return {part.name: part.shape for _, _, parts in layout(family_of(hf_config), config) for part in parts}


def state_from_hf(
    hf_config: Mapping[str, Any], get_tensor: Callable[[str], Tensor], names: Collection[str]
) -> dict[str, Tensor]:
    """Our state dict from their tensors: `names` are those in the folder, `get_tensor` reads one.

    Raises PackageError with all that is missing, extra, misshapen or of a wrong type. Let pass are only the
    names without the family's prefix (the bare network), buffers that follow from the config, and a second
    copy of a tied head, if it is one.
    """
    family, config = family_of(hf_config), config_from_hf(hf_config)
    plan = list(layout(family, config))
    found = match_names(family, config, [part.name for _, _, parts in plan for part in parts], names)
    faults: list[str] = []

    def read(part: Part) -> Tensor | None:
        tensor = get_tensor(found[part.name])
        if tuple(tensor.shape) != part.shape:
            faults.append(f"{found[part.name]} has shape {list(tensor.shape)}, expected {list(part.shape)}")
        elif tensor.dtype not in (torch.float32, torch.bfloat16, torch.float16, torch.float64):
            faults.append(f"{found[part.name]} is of type {tensor.dtype}, expected a floating-point type")
        else:
            return tensor
        return None

    state = {}
    for ours, transposed, parts in plan:
        read_parts = [tensor for part in parts if (tensor := read(part)) is not None]
        if len(read_parts) == len(parts):
            joined = read_parts[0] if len(parts) == 1 else torch.cat(read_parts)
            state[ours] = joined.t().contiguous() if transposed else joined
    if config.tie_embeddings and "lm_head.weight" in names and "embed.weight" in state and family is not OURS:
        head = get_tensor("lm_head.weight")
        if head.shape != state["embed.weight"].shape or not torch.equal(head, state["embed.weight"]):
            faults.append(
                "lm_head.weight differs from the embedding, but tie_word_embeddings says they are one"
            )
    if faults:
        raise PackageError(f"weights of a {family.model_type} model: {listing(faults)}")
    return state


def match_names(
    family: Family, config: ModelConfig, expected: Collection[str], names: Collection[str]
) -> dict[str, str]:
    """For each expected tensor its name in the folder; PackageError for what is missing or extra."""
    given = set(names)
    found = {}
    for name in expected:
        bare = name.removeprefix(family.prefix)
        found[name] = name if name in given or bare not in given else bare
    missing = [name for name in expected if found[name] not in given]
    allowed = (
        *family.harmless,
        *(["lm_head.weight"] if config.tie_embeddings and family is not OURS else []),
    )
    extra = [
        name
        for name in sorted(given - set(found.values()))
        if not any(fnmatchcase(f".{name}", f"*{pattern}".replace("**", "*")) for pattern in allowed)
    ]
    if missing or extra:
        said = [f"missing: {listing(missing)}"] if missing else []
        said += [f"not of this model: {listing(extra)}"] if extra else []
        raise PackageError(
            f"weights of a {family.model_type} model with {config.n_layers} layers do not match its config: "
            + "; ".join(said)
        )
    return found


def listing(items: list[str], most: int = 5) -> str:
    """The first few, and how many more."""
    return ", ".join(items[:most]) + (f" and {len(items) - most} more" if len(items) > most else "")


def state_to_hf(model: Decoder) -> dict[str, Tensor]:
    """Their tensors, contiguous and each with its own memory, for the family that `config_to_hf` names."""
    family = family_of(config_to_hf(model.config))
    state = model.state_dict()
    out = {}
    for ours, transposed, parts in layout(family, model.config):
        pieces = state[ours].detach().split([part.rows for part in parts])
        for part, piece in zip(parts, pieces, strict=True):
            alone = len(parts) == 1 and not transposed
            piece = piece.t() if transposed else piece
            out[part.name] = piece if alone else piece.clone(memory_format=torch.contiguous_format)
    return out
