"""One architecture of llama.cpp against one family of ours: its keys, its tensor names, both ways.

    GGUF metadata ──read──► a Hugging Face config ──family table──► our config
         ▲                                                              │
         └───────────────────────────── write ──────────────────────────┘

So the family table stays the one source of what a family is; here stands only what llama.cpp calls it.
Sources: gguf-py (constants.py, tensor_mapping.py) and llama.cpp (conversion/*.py, src/models/*.cpp).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from torch import Tensor

from llmworks.errors import PackageError
from llmworks.packages.gguf.changes import HF, SAME, Change

SUFFIXES = ("", ".weight", ".bias")
MAX_LAYERS = 4096


@dataclass(frozen=True)
class Names:
    """A tensor's name there and in a Hugging Face folder, without .weight or .bias; `{i}` is the block.

    With `{e}` in `hf` each expert is a tensor of its own there, a slice of one tensor here. `exact`: both
    names are whole.
    """

    gguf: str
    hf: str
    change: Change = SAME
    exact: bool = False

    @property
    def suffixes(self) -> tuple[str, ...]:
        return ("",) if self.exact else SUFFIXES[1:]


@dataclass(frozen=True)
class Merged:
    """One Hugging Face tensor that is several here; all names are whole. `split` gives them in order."""

    gguf: tuple[str, ...]
    hf: str
    split: Callable[[Tensor, HF], tuple[Tensor, ...]]
    join: Callable[[list[Tensor], HF], Tensor]


class Facts:
    """What a file's header says, for the rows that read it: checked numbers, names and shapes."""

    def __init__(
        self,
        where: str,
        metadata: Mapping[str, Any],
        shapes: Mapping[str, tuple[int, ...]],
        numbers: Callable[[str], Any] = lambda name: None,
    ) -> None:
        self.where, self.metadata, self.shapes = where, metadata, shapes
        self.numbers = numbers
        self.architecture = metadata.get("general.architecture")

    def get(self, key: str, default: Any = None) -> Any:
        """The value of `<architecture>.key`; one for all layers where a list says it for each."""
        value = self.metadata.get(f"{self.architecture}.{key}")
        if isinstance(value, np.ndarray):
            if value.ndim == 1 and value.size and (value == value[0]).all():
                return value[0].item()
            raise PackageError(
                f"{self.where}: {self.architecture}.{key} differs from layer to layer "
                f"({value[:8].tolist()} …), which our decoder cannot do."
            )
        return default if value is None else value

    def integer(self, key: str, default: int | None = None) -> int:
        value = self.get(key, default)
        if type(value) is not int:
            raise self.fault(key, value, "a whole number")
        return value

    def real(self, key: str, default: float | None = None) -> float:
        value = self.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.fault(key, value, "a number")
        return shortest(value)

    def optional(self, key: str) -> float | None:
        return None if self.get(key) is None else self.real(key)

    def has(self, name: str) -> bool:
        return name in self.shapes

    def shape(self, name: str) -> tuple[int, ...]:
        if name not in self.shapes:
            raise PackageError(f"{self.where} has no tensor {name}, which a {self.architecture} model needs.")
        return self.shapes[name]

    def fault(self, key: str, value: Any, expected: str) -> PackageError:
        what = "is missing" if value is None else f"is {str(value)[:40]!r}"
        return PackageError(f"{self.where}: {self.architecture}.{key} {what}; expected {expected}.")


def shortest(value: float) -> float:
    """The decimal number that somebody meant by a float32: 9.99999974e-06 → 1e-05."""
    if isinstance(value, int):
        return value
    return float(str(np.float32(value)))


ReadConfig = Callable[[Facts], dict[str, Any]]
WriteKeys = Callable[[Any], dict[str, Any]]


@dataclass(frozen=True)
class Architecture:
    """A row of the table.

    name: `general.architecture`. model_type, class_name: what config.json calls the family.
    read: a Hugging Face config from the header. write: the keys after `<name>.` from our config.
    prefix: what Hugging Face names lose when the bare network is saved. merged: tensors that are several
    here; they go before `tensors`. applies: whether a file of this `name` is of this family (where several
    share it). ignored: tensors that follow from the metadata. dropped: our fields of
    parts that the files have no place for, as they are read back.
    """

    name: str
    model_type: str
    class_name: str
    tensors: tuple[Names, ...]
    read: ReadConfig
    write: WriteKeys
    prefix: str = "model."
    merged: tuple[Merged, ...] = ()
    dropped: Mapping[str, Any] = field(default_factory=dict)
    applies: Callable[[Facts], bool] = field(default=lambda facts: True)
    ignored: tuple[str, ...] = ("rope_freqs.weight", "rope_factors_long.weight", "rope_factors_short.weight")
    skipped: str = r"rotary_emb\.inv_freq$|\.attn\.(masked_)?bias$|\.attention\.(masked_)?bias$"

    @functools.cached_property
    def by_gguf(self) -> list[tuple[re.Pattern[str], Names]]:
        return [(_pattern(names.gguf, names.suffixes), names) for names in self.tensors]

    @functools.cached_property
    def by_hf(self) -> list[tuple[re.Pattern[str], Names]]:
        return [(_pattern(names.hf, names.suffixes), names) for names in self.tensors]

    def merged_from(self, name: str) -> tuple[Merged, int, str] | None:
        """The rule of a GGUF tensor that is a part of a Hugging Face one: which part, of which."""
        for merged in self.merged:
            for index, part in enumerate(merged.gguf):
                if found := _pattern(part, ("",)).fullmatch(name):
                    return merged, index, _fill(merged.hf, found)
        return None

    def merged_into(self, name: str) -> tuple[Merged, list[str]] | None:
        """The rule of a Hugging Face tensor that is several here, and their names."""
        for candidate in (name, self.prefix + name):
            for merged in self.merged:
                if found := _pattern(merged.hf, ("",)).fullmatch(candidate):
                    return merged, [_fill(part, found) for part in merged.gguf]
        return None

    def hf_name(self, name: str) -> tuple[Names, str] | None:
        """The rule of a GGUF tensor and its Hugging Face name, with `{e}` still in it for experts."""
        for pattern, names in self.by_gguf:
            if found := pattern.fullmatch(name):
                return names, _fill(names.hf, found) + found["suffix"]
        return None

    def gguf_name(self, name: str) -> tuple[Names, str, int | None] | None:
        """The rule of a Hugging Face tensor, its GGUF name, and which expert it is."""
        for candidate in (name, self.prefix + name):
            for pattern, names in self.by_hf:
                if found := pattern.fullmatch(candidate):
                    groups = found.groupdict()
                    expert = int(groups["e"]) if groups.get("e") is not None else None
                    return names, _fill(names.gguf, found) + found["suffix"], expert
        return None

    def is_skipped(self, name: str) -> bool:
        """Whether a Hugging Face tensor is a buffer that follows from the config."""
        return re.search(self.skipped, name) is not None


@functools.cache
def _pattern(template: str, suffixes: tuple[str, ...]) -> re.Pattern[str]:
    escaped = re.escape(template).replace(r"\{i\}", r"(?P<i>0|[1-9]\d{0,3})")
    escaped = escaped.replace(r"\{e\}", r"(?P<e>0|[1-9]\d{0,4})")
    return re.compile(f"{escaped}(?P<suffix>{'|'.join(map(re.escape, suffixes))})")


def _fill(template: str, found: re.Match[str]) -> str:
    groups = found.groupdict()
    return template.replace("{i}", groups.get("i") or "")
