"""Families: how the folders of other projects say what our one decoder is.

    config.json ⇄ ModelConfig            config_from_hf, config_to_hf
    model.safetensors ⇄ state dict       state_from_hf, state_to_hf, expected_tensors

What is particular to a family stands as data in `family_table.py`. A decoder that no family can say exactly
is written under our own name, `model_type: "llmworks"`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import torch
from torch import Tensor

from llmworks.errors import ConfigError, PackageError
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.models.family_table import FAMILIES, LLAMA, OURS, REQUIRED, Family, Tensors
from llmworks.models.rope_config import folded, read_rotary, write_rotary

# --- config.json -----------------------------------------------------------------------------------------


def family_of(hf_config: Mapping[str, Any]) -> Family:
    """The family that a config.json names by `model_type`, or by `architectures` where that is absent."""
    model_type = hf_config.get("model_type")
    architectures = hf_config.get("architectures")
    architectures = architectures if isinstance(architectures, list) else []
    for family in FAMILIES:
        if model_type == family.model_type or (model_type is None and family.architecture in architectures):
            return family
    raise ConfigError(
        f"config.json: model_type {model_type!r} (architectures {architectures!r:.80}) is not a family "
        f"that llmworks knows; it knows {', '.join(family.model_type for family in FAMILIES)}"
    )


def config_from_hf(hf_config: Mapping[str, Any]) -> ModelConfig:
    """The ModelConfig that a config.json describes. Raises ConfigError for what our decoder cannot do."""
    family = family_of(hf_config)
    where = f"config.json of a {family.model_type} model"
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
            if not isinstance(value, str) or value not in key.words:
                raise ConfigError(f"{where}: {name} {value!r} is not one of {', '.join(key.words)}")
            value = key.words[value]
        values[key.ours] = value
    if family is LLAMA:
        values |= read_rotary(hf_config, where)
    try:
        return ModelConfig(**values)
    except ConfigError as error:
        named = ", ".join(
            f"{key.ours} is its {key.names[0]}" for key in family.keys if key.ours in str(error)
        )
        raise ConfigError(
            f"{where}: {error}" + (f" ({named})" if named and family is not OURS else "")
        ) from None


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
    config = config if family is OURS else folded(config)
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
        hf_config |= write_rotary(config)
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
    """For each of our tensors: its name, whether theirs are transposed, and theirs in the order of rows."""
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
    if second_head(family, config) and "lm_head.weight" in names and "embed.weight" in state:
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
    harmless = (*family.harmless, "*.lm_head.weight") if second_head(family, config) else family.harmless
    extra = [
        name
        for name in sorted(given - set(found.values()))
        if not any(fnmatchcase(f".{name}", pattern) for pattern in harmless)
    ]
    if missing or extra:
        said = [f"missing: {listing(missing)}"] if missing else []
        said += [f"not of this model: {listing(extra)}"] if extra else []
        raise PackageError(
            f"weights of a {family.model_type} model with {config.n_layers} layers do not match its config: "
            + "; ".join(said)
        )
    return found


def second_head(family: Family, config: ModelConfig) -> bool:
    """Whether a folder may hold the tied head a second time (as files converted from pickles do)."""
    return config.tie_embeddings and family is not OURS


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
