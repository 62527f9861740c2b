"""Families: how the folders of other projects say what our networks are.

    config.json ⇄ ModelConfig            config_from_hf, config_to_hf
    model.safetensors ⇄ state dict       state_from_hf, state_to_hf, expected_tensors

What is particular to a family stands as data in `family_table/`. A network that no family can say exactly is
written under our own name, `model_type: "llmworks"`. `tensor_layout.py` puts single tensors together.
"""

from collections.abc import Callable, Collection, Mapping
from fnmatch import fnmatchcase
from typing import Any

import torch
from torch import Tensor

from llmworks.errors import ConfigError, PackageError
from llmworks.models.config import ModelConfig
from llmworks.models.encoder_config import EncoderConfig
from llmworks.models.family_table import FAMILIES, OURS, REFUSED, Family
from llmworks.models.family_table.core import TENSORS, Present, lookup, place
from llmworks.models.networks import AnyConfig, Network
from llmworks.models.rope_config import folded
from llmworks.models.tensor_layout import Part, layout

# --- config.json -----------------------------------------------------------------------------------------


def family_of(hf_config: Mapping[str, Any], names: Collection[str] | None = None) -> Family:
    """The family that a config.json names by `model_type`, or by `architectures` where that is absent.

    Where several share a `model_type` (BERT with one head or another) the architecture decides; without one,
    or where `names` has no tensor of its head, it is the bare network.
    """
    model_type = hf_config.get("model_type")
    architectures = hf_config.get("architectures")
    architectures = architectures if isinstance(architectures, list) else []
    named = [family for family in FAMILIES if model_type in (family.model_type, None)]
    exact = [family for family in named if family.architecture in architectures]
    bare = [family for family in named if family.outer] if model_type is not None else []
    if bare:
        if exact and (names is None or has_head(exact[0], names)):
            return exact[0]
        if exact or not architectures:
            return bare[0]
        raise ConfigError(
            f"config.json: a {model_type} model with architectures {architectures!r:.80} is not supported; "
            f"llmworks has {', '.join(family.architecture for family in named)}"
        )
    found = exact or (named if model_type is not None else [])
    if found:
        return found[0]
    if isinstance(model_type, str) and model_type in REFUSED:
        raise ConfigError(f"config.json: a {model_type!r} model cannot be run: {REFUSED[model_type]}")
    known = ", ".join(dict.fromkeys(family.model_type for family in FAMILIES))
    raise ConfigError(
        f"config.json: model_type {model_type!r:.80} (architectures {architectures!r:.80}) is not a family "
        f"that llmworks knows; it knows {known}"
    )


def has_head(family: Family, names: Collection[str]) -> bool:
    """Whether a tensor of the family's head is among `names`, or it has none."""
    rules = [rule.theirs for rule in family.tensors if rule.ours.startswith("output.")]
    heads = [name for theirs in rules for name in ((theirs,) if isinstance(theirs, str) else theirs)]
    return not heads or any(name in names for name in heads)


def is_foreign(hf_config: Mapping[str, Any]) -> bool:
    """Whether a config.json names a family that is not in the table, and not known to be out of reach."""
    model_type = hf_config.get("model_type")
    known = {family.model_type for family in FAMILIES} | set(REFUSED)
    return isinstance(model_type, str) and model_type not in known


def config_from_hf(hf_config: Mapping[str, Any], names: Collection[str] | None = None) -> AnyConfig:
    """The config that a config.json describes. Raises ConfigError for what our network cannot do.

    names: of the tensors that lie beside it. Some parts (BERT's pooler) are told by nothing else.
    """
    family = family_of(hf_config, names)
    if names is not None:
        hf_config = {**hf_config, TENSORS: names}
    where = f"config.json of a {family.model_type} model"
    insist(family, hf_config, where)
    values: dict[str, Any] = dict(family.fixed)
    if family is not OURS:
        values["family"] = family.model_type
    try:
        for key in family.keys:
            values |= key.read(hf_config, values, where)
    except ConfigError:
        raise
    except (ValueError, TypeError, OverflowError) as error:  # of a row's own small reading
        raise ConfigError(f"{where}: {error}") from None
    try:
        return family.config(**values)
    except ConfigError as error:
        named = ", ".join(
            f"{key.ours} is its {key.names[0]}"
            for key in family.keys
            if key.ours and key.ours in str(error) and key.ours != key.names[0]
        )
        raise ConfigError(f"{where}: {error}" + (f" ({named})" if named else "")) from None


def insist(family: Family, hf_config: Mapping[str, Any], where: str) -> None:
    """Raises ConfigError where a key has a value of which the family's network is not built."""
    for name, supported in {"quantization_config": None, **family.must}.items():
        allowed = supported if isinstance(supported, tuple) else (supported,)
        value = lookup(hf_config, name, allowed[0])
        if not any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in allowed):
            wanted = " or ".join(repr(one) for one in allowed)
            raise ConfigError(f"{where}: {name} {value!r:.80} is not supported, only {wanted}")


def config_to_hf(config: AnyConfig) -> dict[str, Any]:
    """A config.json: of the family that it came from, else of the first that says it exactly, else our own.

    Token ids (`bos_token_id` …) are left null for the package to fill in: left out, transformers would take
    the family's own.
    """
    came_from = getattr(config, "family", None)
    of_kind = [family for family in FAMILIES if family.config is type(config)]
    for family in sorted(of_kind, key=lambda family: family.model_type != came_from):
        hf_config = describe(config, family)
        if hf_config is not None:
            return hf_config
    raise ConfigError(f"no family says this {type(config).__name__}")


def describe(config: AnyConfig, family: Family) -> dict[str, Any] | None:
    """The config in a family's words, or None where reading those back would give another network."""
    if family is not OURS and isinstance(config, ModelConfig):
        config = folded(config)
    hf_config: dict[str, Any] = {"model_type": family.model_type, "architectures": [family.architecture]}
    try:
        for key in family.keys:
            for name, value in key.write(config).items():
                place(hf_config, name, value)
        for name, supported in family.must.items():
            first = supported[0] if isinstance(supported, tuple) else supported
            if first is not None:
                place(hf_config, name, first)
        for name in ("bos_token_id", "eos_token_id", "pad_token_id"):
            hf_config.setdefault(name, None)
        read_back = config_from_hf(hf_config)
    except ConfigError:
        return None
    told_by_tensors = {key.ours for key in family.keys if isinstance(key, Present)}
    return hf_config if same_network(read_back, config, told_by_tensors) else None


def same_network(one: AnyConfig, other: AnyConfig, idle: Collection[str] = ()) -> bool:
    """Equal in all that decides what the network says. Dropout does not: it is a choice of a training run."""
    idle = {"dropout", "family", *idle}
    if getattr(one, "positions", None) not in ("rope", None):
        idle |= {"rope_theta", "rope_fraction", "rope_interleaved"}
    if getattr(one, "positions", None) != "alibi":
        idle.add("alibi_bias_max")
    said = [config.model_dump(exclude=idle) for config in (one, other)]
    for values in said:
        if values.get("experts"):
            values["experts"].pop("balance")  # of training, too
            if not values["experts"]["dense_layers"]:
                values.pop("d_ff")  # of no block
    return type(one) is type(other) and said[0] == said[1]


# --- tensors ---------------------------------------------------------------------------------------------


def expected_tensors(hf_config: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """Name and shape of every tensor that a folder with this config.json must hold."""
    config = config_from_hf(hf_config)
    return {part.name: part.shape for plan in layout(family_of(hf_config), config) for part in plan.parts}


def state_from_hf(
    hf_config: Mapping[str, Any], get_tensor: Callable[[str], Tensor], names: Collection[str]
) -> dict[str, Tensor]:
    """Our state dict from their tensors: `names` are those in the folder, `get_tensor` reads one.

    Raises PackageError with all that is missing, extra, misshapen or of a wrong type. Let pass are only the
    names without the family's prefix (the bare network), buffers that follow from the config, and a second
    copy of a tied head, if it is one.
    """
    family, config = family_of(hf_config, names), config_from_hf(hf_config, names)
    plans = list(layout(family, config))
    found = match_names(family, config, [part.name for plan in plans for part in plan.parts], names)
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
    for plan in plans:
        tensors = [tensor for part in plan.parts if (tensor := read(part)) is not None]
        if len(tensors) == len(plan.parts):
            state[plan.ours] = plan.join(tensors)
    head = second_head(family, config)
    if head in names and "embed.weight" in state:
        copy = get_tensor(head)
        if copy.shape != state["embed.weight"].shape or not torch.equal(copy, state["embed.weight"]):
            faults.append(f"{head} differs from the embedding, but tie_word_embeddings says they are one")
    if faults:
        raise PackageError(f"weights of a {family.model_type} model: {listing(faults)}")
    return state


def match_names(
    family: Family, config: AnyConfig, expected: Collection[str], names: Collection[str]
) -> dict[str, str]:
    """For each expected tensor its name in the folder; PackageError for what is missing or extra."""
    given = set(names)
    found = {}
    for name in expected:
        # As TensorFlow called a norm's two vectors; BERT's own files still do.
        older = name.replace("Norm.weight", "Norm.gamma").replace("Norm.bias", "Norm.beta")
        others = (name.removeprefix(family.prefix), family.outer + name, older, family.outer + older)
        found[name] = next((other for other in (name, *others) if other in given), name)
    missing = [name for name in expected if found[name] not in given]
    head = second_head(family, config)
    harmless = (*family.harmless, f"*.{head}") if head else family.harmless
    extra = [
        name
        for name in sorted(given - set(found.values()))
        if not any(
            fnmatchcase(f".{name}", pattern.replace("{n}", f"{config.n_layers}")) for pattern in harmless
        )
    ]
    if missing or extra:
        said = [f"missing: {listing(missing)}"] if missing else []
        said += [f"not of this model: {listing(extra)}"] if extra else []
        raise PackageError(
            f"weights of a {family.model_type} model with {config.n_layers} layers do not match its config: "
            + "; ".join(said)
        )
    return found


def second_head(family: Family, config: AnyConfig) -> str:
    """The name under which a folder may hold the tied head a second time (as files converted from pickles
    do), or ""."""
    if isinstance(config, EncoderConfig) and config.head == "mlm" and config.tie_embeddings:
        return next((str(rule.theirs) for rule in family.tensors if rule.ours == "output.weight"), "")
    if not getattr(config, "tie_embeddings", False):
        return ""
    return next((str(rule.theirs) for rule in family.tensors if rule.ours == "unembed.weight"), "")


def needs_numbers(hf_config: Mapping[str, Any], names: Collection[str]) -> bool:
    """Whether names and shapes alone cannot tell if these tensors fit: a second head is to be compared."""
    return second_head(family_of(hf_config, names), config_from_hf(hf_config, names)) in names


def listing(items: list[str], most: int = 5) -> str:
    """The first few, and how many more."""
    return ", ".join(items[:most]) + (f" and {len(items) - most} more" if len(items) > most else "")


def state_to_hf(model: Network) -> dict[str, Tensor]:
    """Their tensors, contiguous and each with its own memory, for the family that `config_to_hf` names."""
    family = family_of(config_to_hf(model.config))
    state = model.state_dict()
    out = {}
    for plan in layout(family, model.config):
        ours = state[plan.ours].detach()
        for part, piece in zip(plan.parts, plan.split(ours), strict=True):
            whole = piece.data_ptr() == ours.data_ptr() and piece.numel() == ours.numel()
            alone = whole and piece.is_contiguous()
            out[part.name] = piece if alone else piece.clone(memory_format=torch.contiguous_format)
    return out
