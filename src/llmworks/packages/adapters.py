"""Adapters in PEFT's format, recognised: what they are, for which model, and what they would change.

    adapter_config.json ── kind, base model, rank, α, target modules
    adapter_model.safetensors ── base_model.model.<module>.lora_A.weight [r, in], …lora_B.weight [out, r]

    W' = W + (α / r) · B A                                              LoRA, Hu et al. 2021

Their use comes with fine-tuning; here a folder that holds one says so, in place of "no config.json".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from llmworks.errors import PackageError
from llmworks.packages.json_file import read_object
from llmworks.packages.safetensors_file import SafetensorsFile

CONFIG, WEIGHTS, PICKLED = "adapter_config.json", "adapter_model.safetensors", "adapter_model.bin"
PREFIX = "base_model.model."
MAX_RANK = 65_536


@dataclass(frozen=True)
class Adapter:
    """What an adapter's folder says.

    kind: PEFT's name, such as LORA. base: the model that it was trained on. targets: module names that it
    asks for (or one regular expression). modules: what its tensors really change, module → rank, 0 where it
    holds no low-rank pair. scale: what B A is multiplied by.
    """

    kind: str
    base: str
    task: str
    rank: int | None
    alpha: float | None
    scale: float | None
    targets: tuple[str, ...]
    saved_modules: tuple[str, ...]
    modules: dict[str, int]
    parameters: int

    @property
    def summary(self) -> str:
        """One or two sentences for a person."""
        about = f"{self.kind} adapter"
        if self.rank is not None:
            about += f" of rank {self.rank}"
        if self.alpha is not None:
            about += f", α {self.alpha:g}"
        targets = ", ".join(self.targets[:8]) or "modules that its config does not name"
        return (
            f"a {about} for the base model {self.base or '(not named)'}: {self.parameters:,} parameters that "
            f"change {len(self.modules)} modules ({targets})"
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)


def is_adapter(folder: Path) -> bool:
    """Whether a folder holds an adapter and no model of its own."""
    return (folder / CONFIG).is_file() and not (folder / "config.json").exists()


def read_adapter(folder: str | Path) -> Adapter:
    """What the adapter in `folder` is; reads its config and the header of its weights, not the weights.

    Raises PackageError where config and tensors contradict each other.
    """
    folder = Path(folder).expanduser()
    config = read_object(folder / CONFIG)
    where = str(folder / CONFIG)
    kind = config.get("peft_type")
    if not isinstance(kind, str) or not kind:
        raise PackageError(f"{where}: peft_type is missing; PEFT writes it into every adapter.")
    rank = number(config, "r", where, whole=True)
    alpha = number(config, "lora_alpha", where)
    if not (folder / WEIGHTS).exists():
        hint = " Its weights are a pickle: `llmworks models convert PATH --convert-pickle`."
        raise PackageError(
            f"{folder} holds an adapter's config without {WEIGHTS}."
            + (hint if (folder / PICKLED).exists() else " Fetch it again.")
        )
    file = SafetensorsFile(folder / WEIGHTS)
    modules = changed_modules(file, config, rank, where)
    root = math.sqrt(rank) if rank and config.get("use_rslora") else float(rank or 1)
    return Adapter(
        kind=kind,
        base=text(config.get("base_model_name_or_path")),
        task=text(config.get("task_type")),
        rank=None if rank is None else int(rank),
        alpha=alpha,
        scale=alpha / root if alpha is not None and rank else None,
        targets=names(config.get("target_modules"), f"{where}: target_modules"),
        saved_modules=names(config.get("modules_to_save"), f"{where}: modules_to_save"),
        modules=modules,
        parameters=sum(math.prod(entry.shape) for entry in file.entries.values()),
    )


def changed_modules(
    file: SafetensorsFile, config: Mapping[str, Any], rank: float | None, where: str
) -> dict[str, int]:
    """Module → rank of its pair, from the tensors' names and shapes."""
    pattern = config.get("rank_pattern") or {}
    if not isinstance(pattern, Mapping):
        raise PackageError(f"{where}: rank_pattern must be an object.")
    found: dict[str, int] = {}
    # Pairs first: a module may have its whole weights beside (an embedding that was trained on).
    for name, entry in sorted(file.entries.items(), key=lambda item: ".lora_" not in item[0]):
        module, low_rank, side = split_name(name)
        if not low_rank:
            found.setdefault(module, 0)
            continue
        if len(entry.shape) < 2:
            raise PackageError(
                f"{file.path}: {name} has shape {list(entry.shape)}; a low-rank factor is a matrix."
            )
        given = entry.shape[0] if side.endswith("A") else entry.shape[1]
        if found.setdefault(module, given) != given:
            raise PackageError(
                f"{file.path}: the two factors of {module} have the ranks {found[module]} and {given}."
            )
        if rank is not None and given != rank and not pattern:
            raise PackageError(f"{file.path}: {name} has rank {given}, but {where} says r = {rank:g}.")
    if not found:
        raise PackageError(f"{file.path} holds no tensor: there is nothing that it would change.")
    return found


def split_name(name: str) -> tuple[str, bool, str]:
    """`base_model.model.x.q_proj.lora_A.weight` → (x.q_proj, True, "A")."""
    bare = name.removeprefix(PREFIX)
    for side in ("A", "B", "embedding_A", "embedding_B"):
        module, mark, _ = bare.partition(f".lora_{side}")
        if mark and not bare.startswith(f"{module}.lora_{side}_"):
            return module, True, side
    module = bare.rpartition(".")[0] or bare
    return (
        module.partition(".lora_")[0].removesuffix(".modules_to_save").removesuffix(".base_layer"),
        False,
        "",
    )


def number(config: Mapping[str, Any], key: str, where: str, *, whole: bool = False) -> float | None:
    """A positive number, or None where it is absent."""
    value = config.get(key)
    if value is None:
        return None
    fits = isinstance(value, int) if whole else isinstance(value, int | float)
    if not fits or isinstance(value, bool) or not 0 < value <= MAX_RANK:
        raise PackageError(
            f"{where}: {key} must be a positive {'whole ' if whole else ''}number; given {value!r:.40}"
        )
    return float(value)


def names(value: Any, where: str) -> tuple[str, ...]:
    """A list of module names, or one regular expression."""
    if value is None:
        return ()
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise PackageError(f"{where} must be a list of names or one regular expression; given {value!r:.60}")
    return tuple(sorted(value))


def text(value: Any) -> str:
    return value[:300] if isinstance(value, str) else ""


def refuse_adapter(folder: Path) -> PackageError:
    """What `load` says of such a folder."""
    adapter = read_adapter(folder)
    base = f"llmworks.load({adapter.base!r})" if adapter.base else "the model that it was trained on"
    return PackageError(
        f"{folder} holds no model of its own but {adapter.summary}. Load the base, {base}; running it with "
        "the adapter is not possible yet."
    )
