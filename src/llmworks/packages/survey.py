"""Survey: what a model is made of, told from headers alone.

    a package folder · a folder or file with nothing but config.json · a GGUF file · a name   →   Survey

No weight is read. A family that is not in the table is counted as transformers builds it, a GGUF file of an
unknown architecture by the names of its tensors.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from llmworks.errors import ConfigError, PackageError
from llmworks.gguf.reader import GGUFFile, StoredTensor, is_gguf
from llmworks.models.anatomy import Anatomy, TensorGroup, anatomy
from llmworks.models.costs import LayerCache
from llmworks.models.families import config_from_hf
from llmworks.models.foreign_anatomy import foreign_anatomy
from llmworks.models.networks import AnyConfig
from llmworks.packages import registry
from llmworks.packages.adapters import is_adapter, refuse_adapter
from llmworks.packages.bundled import bundled_path
from llmworks.packages.gguf.open import read_header
from llmworks.packages.hub import fetch_config, looks_like_hub_name
from llmworks.packages.json_file import read_object
from llmworks.packages.package import MAX_CONTEXT, Package, locate

MAX_LAYERS = 4096


@dataclass(frozen=True)
class Survey:
    """What was found.

    config: None where the family is not ours. stored_bytes: of the weights as they lie in the file, where
    there is one; stored_types: type → numbers in it. package: whether a whole package is there.
    """

    name: str
    path: Path
    family: str
    config: AnyConfig | None
    anatomy: Anatomy
    longest: int
    stored_bytes: int | None = None
    stored_types: dict[str, int] = field(default_factory=dict)
    package: Package | None = None
    notes: tuple[str, ...] = ()


def survey(name: str, context: int | None = None) -> Survey:
    """Looks at what a name or a path means; costs are for `context` tokens (default: the longest)."""
    path = Path(name).expanduser()
    if path.is_file() and path.suffix == ".json":
        return of_config(name, path, context)
    if path.is_file() and (path.suffix == ".gguf" or is_gguf(path)):
        return of_gguf(name, path, context)
    if path.is_dir() and (path / "config.json").exists() and not any(path.glob("*.safetensors")):
        return of_config(name, path / "config.json", context)
    here = path.exists() or bundled_path(name) is not None or registry.find(name) is not None
    if not here and looks_like_hub_name(name):
        return of_config(name, fetch_config(name), context)
    path = locate(name)
    if path.is_file():
        return of_gguf(name, path, context)
    return of_folder(name, path, context)


def of_folder(name: str, path: Path, context: int | None) -> Survey:
    """A package folder with weights, checked as a whole; where a family is not ours, its config."""
    if is_adapter(path):
        raise refuse_adapter(path)
    try:
        package = Package.load(path)
    except PackageError:
        found = of_config(name, path / "config.json", context)
        if found.config is None:
            return found
        raise
    if package.foreign is not None:
        found = of_config(name, path / "config.json", context)
        told = "load it to learn which addresses its module tree gives (`model.unreachable()`)"
        return replace(found, package=package, notes=(*found.notes, *package.notes, told))
    counted = anatomy(package.config, context)
    return Survey(
        name, path, family_name(package.hf_config), package.config, counted, package.config.max_length,
        package=package, notes=tuple(package.notes),
    )  # fmt: skip


def of_config(name: str, path: Path, context: int | None) -> Survey:
    """A config.json by itself."""
    return of_hf_config(name, path, read_object(path), context)


def of_hf_config(name: str, path: Path, hf_config: Mapping[str, Any], context: int | None) -> Survey:
    """By our table, else by transformers. How the weights are packed does not change how many there are."""
    notes = []
    packed = hf_config.get("quantization_config")
    if isinstance(packed, Mapping):
        notes.append(f"the weights are published packed ({str(packed.get('quant_method'))[:20]})")
    plain = {key: value for key, value in hf_config.items() if key != "quantization_config"}
    try:
        config = sane(config_from_hf(plain))
    except (TypeError, ValueError, AttributeError) as error:
        raise ConfigError(f"{path}: a value is of the wrong kind: {error}") from None
    except ConfigError as ours:
        try:
            counted = foreign_anatomy(plain, context)
        except ConfigError as theirs:
            raise ConfigError(f"{path}: {ours}; and {theirs}") from None
        notes.append(f"counted as transformers builds it: {ours}")
        return Survey(name, path, family_name(plain), None, counted, counted.context, notes=tuple(notes))
    return Survey(
        name, path, family_name(plain), config, anatomy(config, context), config.max_length,
        notes=tuple(notes),
    )  # fmt: skip


def sane(config: AnyConfig) -> AnyConfig:
    """The config, unless its context is beyond any model."""
    if config.max_length > MAX_CONTEXT:
        raise ConfigError(f"a context of {config.max_length:,} tokens is beyond any model")
    return config


def of_gguf(name: str, path: Path, context: int | None) -> Survey:
    """A GGUF file, by its header."""
    try:
        header = read_header(path)
        found = of_hf_config(name, path, header.hf_config, context)
        tensors = header.tensors
    except (PackageError, ConfigError) as error:
        file = GGUFFile(path)  # which raises again where the file itself is at fault
        tensors = tuple(file.tensors.values())
        counted = by_names(tensors, file.metadata, file.architecture, context)
        note = f"counted by the names of its tensors: {error}"
        found = Survey(name, path, file.architecture, None, counted, counted.context, notes=(note,))
    types: Counter[str] = Counter()
    for tensor in tensors:
        types[tensor.type.name] += tensor.n_elements
    stored = sum(tensor.nbytes for tensor in tensors)
    return replace(found, stored_bytes=stored, stored_types=dict(types))


GGUF_PARTS = (
    ("norms", re.compile(r"norm")),
    ("router", re.compile(r"ffn_gate_inp|exp_probs_b")),
    ("experts", re.compile(r"_exps")),
    ("attention", re.compile(r"attn")),
    ("state space", re.compile(r"ssm|time_mix")),
    ("mlp", re.compile(r"ffn|channel_mix")),
    ("embedding", re.compile(r"^(token_embd|position_embd|token_types)")),
    ("head", re.compile(r"^(output|cls)")),
)


def by_names(
    tensors: tuple[StoredTensor, ...], metadata: Mapping[str, Any], architecture: str, context: int | None
) -> Anatomy:
    """The anatomy that tensor names and the usual keys tell."""

    def number(key: str, default: int = 0) -> int:
        value = metadata.get(f"{architecture}.{key}", default)
        return int(value) if isinstance(value, int) and value > 0 else default

    experts, chosen = number("expert_count"), number("expert_used_count")
    share = chosen / experts if 0 < chosen <= experts else 1.0
    groups = []
    for tensor in tensors:
        part = next((part for part, pattern in GGUF_PARTS if pattern.search(tensor.name)), "other")
        active = share if part == "experts" else 1.0
        groups.append(TensorGroup(tensor.name, part, tensor.shape, 1, active))
    layers, heads = min(number("block_count"), MAX_LAYERS), number("attention.head_count")
    width = number("attention.key_length", number("embedding_length") // max(1, heads))
    kv_heads = number("attention.head_count_kv", heads)
    kind = "MHA" if kv_heads == heads else "MQA" if kv_heads == 1 else "GQA"
    cache = LayerCache(kind, layers, kv_heads * (width + number("attention.value_length", width)))
    context = number("context_length", 2048) if context is None else context
    matrices = sum(
        round(group.numel * group.active_share)
        for group in groups
        if len(group.shape) >= 2 and group.part not in ("embedding", "norms")
    )
    return Anatomy(
        groups=tuple(groups),
        n_layers=layers,
        per_block=sum(group.numel for group in groups if group.name.startswith(f"blk.{layers - 1}.")),
        caches=(cache,) if layers and heads else (),
        context=context,
        flops_per_token=2 * matrices + 4 * heads * width * layers * context,
        width=12 * number("embedding_length") + 4 * number("feed_forward_length"),
    )


def family_name(hf_config: Mapping[str, Any]) -> str:
    """What a config calls its family."""
    return str(hf_config.get("model_type") or "unknown")[:60]
