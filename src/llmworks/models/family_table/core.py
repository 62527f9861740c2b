"""What a family is made of: config keys in their words, and tensors under their names.

    their config.json ──Key, Rope, Layers, Computed──► our config
    their tensors     ──Tensors──────────────────────► our state dict

All of it goes both ways. To add a family, write its row in the file of its kin and put it into FAMILIES:
`models/families.py` does the reading and the writing, and the one network of its kind runs it. The facts are
those of Hugging Face transformers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from pydantic import BaseModel
from torch import Tensor

from llmworks.errors import ConfigError
from llmworks.models.config import ModelConfig
from llmworks.models.networks import AnyConfig

REQUIRED = object()


class Translation(Protocol):
    """Some of our fields against some of their keys."""

    @property
    def names(self) -> tuple[str, ...]:
        """Their keys that it reads."""
        ...

    @property
    def ours(self) -> str:
        """The field of ours that an error message should lead back to `names[0]`; "" for none."""
        ...

    def read(self, hf: Mapping[str, Any], values: Mapping[str, Any], where: str) -> dict[str, Any]:
        """Our fields; `values` are those read so far. Raises ConfigError."""
        ...

    def write(self, config: Any) -> dict[str, Any]:
        """Their keys. Raises ConfigError for what they have no words for; a value that reading would not
        give back need not be noticed: whoever writes reads back and compares."""
        ...


@dataclass(frozen=True)
class Key:
    """One of our fields in their words.

    Of their keys the first that is there is read, and all of `theirs` are written; `older` ones are read
    only. `default` is what an absent key means; `words` translates values, theirs to ours, and the first
    with the same meaning is written; `reads` and `writes` are functions instead of a list of words.
    """

    ours: str
    theirs: str | tuple[str, ...]
    default: Any = REQUIRED
    words: Mapping[Any, Any] | None = None
    older: tuple[str, ...] = ()
    reads: Callable[[Any], Any] | None = None
    writes: Callable[[Any], Any] | None = None

    @property
    def written(self) -> tuple[str, ...]:
        return (self.theirs,) if isinstance(self.theirs, str) else self.theirs

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.written, *self.older)

    def read(self, hf: Mapping[str, Any], values: Mapping[str, Any], where: str) -> dict[str, Any]:
        present = [name for name in (self.written[0], *self.older) if lookup(hf, name) is not None]
        name = present[0] if present else self.written[0]
        value = lookup(hf, name, self.default)
        if value is REQUIRED:
            raise ConfigError(f"{where}: {name} is missing")
        if self.words is not None:
            if not isinstance(value, str | bool | None) or value not in self.words:
                known = ", ".join(str(word) for word in self.words)
                raise ConfigError(f"{where}: {name} {value!r:.80} is not one of {known}")
            value = self.words[value]
        elif self.reads is not None and value is not None:
            value = self.reads(number(value, name, where))
        return {self.ours: value}

    def write(self, config: Any) -> dict[str, Any]:
        value = getattr(config, self.ours)
        if self.words is not None:
            theirs = [word for word, ours in self.words.items() if ours == value]
            if not theirs:
                raise ConfigError(f"no word for {self.ours} {value!r}")
            value = theirs[0]
        elif self.writes is not None:
            value = self.writes(value)
        if isinstance(value, BaseModel):  # of our own family alone
            value = value.model_dump(mode="json")
        return dict.fromkeys(self.written, value)


@dataclass(frozen=True)
class Computed:
    """Our fields that follow from several of their keys, by two functions."""

    names: tuple[str, ...]
    reads: Callable[[Mapping[str, Any]], dict[str, Any]]
    writes: Callable[[Any], dict[str, Any]] = field(default=lambda config: {})
    ours: str = ""

    def read(self, hf: Mapping[str, Any], values: Mapping[str, Any], where: str) -> dict[str, Any]:
        try:
            return self.reads(hf)
        except (TypeError, ValueError, KeyError, ZeroDivisionError, OverflowError) as error:
            given = {name: lookup(hf, name) for name in self.names}
            raise ConfigError(f"{where}: these do not go together: {given!r:.200} ({error})") from None

    def write(self, config: Any) -> dict[str, Any]:
        return self.writes(config)


TENSORS = " tensors"
"""The key under which the names of a folder's tensors stand beside its config while it is read."""


@dataclass(frozen=True)
class Present:
    """A part of ours that a model has if its tensor is in the file: no key says it.

    default: where there is a config and no file.
    """

    ours: str
    tensor: str
    default: bool = False
    names: tuple[str, ...] = ()

    def read(self, hf: Mapping[str, Any], values: Mapping[str, Any], where: str) -> dict[str, Any]:
        names = hf.get(TENSORS)
        if names is None:
            return {self.ours: self.default}
        return {self.ours: any(f".{name}".endswith(f".{self.tensor}") for name in names)}

    def write(self, config: Any) -> dict[str, Any]:
        return {}


def lookup(hf: Mapping[str, Any], name: str, default: Any = None) -> Any:
    """The value of a key; a dot leads into an inner object."""
    value: Any = hf
    for part in name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return default
        value = value[part]
    return value


def place(hf: dict[str, Any], name: str, value: Any) -> None:
    """Writes what `lookup` finds."""
    *outer, last = name.split(".")
    for part in outer:
        hf = hf.setdefault(part, {})
    hf[last] = value


def number(value: Any, name: str, where: str) -> float:
    """A number to compute with, or ConfigError."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigError(f"{where}: {name} must be a number; given {value!r:.80}")
    return value


@dataclass(frozen=True)
class Tensors:
    """One of our tensors and theirs whose rows, one after another, make it; `{i}` is the block.

    transposed: they keep the matrix as [inputs, outputs] (GPT-2's Conv1D), we as [outputs, inputs].
    rows: for each of our rows the number of theirs, where they keep another order.
    stacked: our first dimension counts experts. With `{e}` in their names each expert is a tensor of its
    own there; without, they stack too, and rows are the second dimension.
    """

    ours: str
    theirs: str | tuple[str, ...]
    transposed: bool = False
    rows: Callable[[Any], Tensor] | None = None
    stacked: bool = False


def by_group(config: ModelConfig) -> Tensor:
    """Rows of q, k, v for files that keep, for each key/value head, its queries, its key and its value."""
    group, groups = config.n_heads // config.n_kv_heads, config.n_kv_heads
    rows = torch.arange((group + 2) * groups * config.d_head).view(groups, group + 2, config.d_head)
    q, k, v = torch.split(rows, [group, 1, 1], dim=1)
    return torch.cat((q.flatten(), k.flatten(), v.flatten()))


@dataclass(frozen=True)
class Family:
    """What one `model_type` means.

    fixed: our fields that the family never varies. must: their keys of which only this value (or, in a
    tuple, these) can be run; the first is written unless it is None. prefix: what the names lose when the
    bare network is saved without its head; outer: what they gain when it is saved beneath one. harmless:
    tensors in old files that follow from the config. config: of which kind of network it is.
    """

    model_type: str
    architecture: str
    keys: tuple[Translation, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    must: Mapping[str, Any] = field(default_factory=dict)
    tensors: tuple[Tensors, ...] = ()
    prefix: str = ""
    outer: str = ""
    harmless: tuple[str, ...] = ()
    config: type[AnyConfig] = ModelConfig

    def reads(self) -> frozenset[str]:
        """Their keys that are read or insisted on."""
        return frozenset(name for key in self.keys for name in key.names) | frozenset(self.must)


GELUS = {
    "gelu_new": "gelu_tanh", "gelu_pytorch_tanh": "gelu_tanh", "gelu_fast": "gelu_tanh", "gelu": "gelu",
    "relu": "relu", "relu2": "relu2",
}  # fmt: skip
GATES = {
    "silu": "swiglu", "swish": "swiglu", "gelu_pytorch_tanh": "geglu", "gelu_new": "geglu",
    "gelu_fast": "geglu", "gelu": "geglu_erf", "relu": "reglu",
}  # fmt: skip
