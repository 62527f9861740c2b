"""Sentence encoders on disk: how the vectors of a text's tokens become the vector of the text.

    modules.json                  Transformer → Pooling → Dense* → Normalize?
    sentence_bert_config.json     how many tokens are read, whether text is lowered first
    1_Pooling/config.json         which poolings, one after another
    2_Dense/                      a layer on the pooled vector: config.json and weights
    config_sentence_transformers.json   prompts by name ("query: " …)

The layout is that of sentence-transformers (Reimers & Gurevych 2019); without modules.json a package says
nothing about it. A module of another kind is refused: leaving it out would give other vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F

from llmworks.errors import PackageError
from llmworks.nn.pooling import POOLINGS
from llmworks.packages.json_file import dump, read_array, read_object
from llmworks.packages.safetensors_file import SINGLE_FILE, open_weights

MODULES = "modules.json"
MAX_MODULES = 32

# Their words for a pooling, ours, in the order in which several are joined.
LEGACY = {
    "pooling_mode_cls_token": "first",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "sqrt",
    "pooling_mode_weightedmean_tokens": "weighted",
    "pooling_mode_lasttoken": "last",
}
MODES = {
    "cls": "first", "max": "max", "mean": "mean", "mean_sqrt_len_tokens": "sqrt",
    "weightedmean": "weighted", "lasttoken": "last",
}  # fmt: skip
BENDS: dict[str, Callable[[Tensor], Tensor]] = {
    "Identity": lambda x: x, "Tanh": torch.tanh, "ReLU": F.relu, "GELU": F.gelu, "SiLU": F.silu,
    "Sigmoid": torch.sigmoid,
}  # fmt: skip


ACTIVATIONS = {
    name: f"torch.nn.modules.{'linear' if name == 'Identity' else 'activation'}.{name}" for name in BENDS
}


@dataclass(frozen=True)
class Dense:
    """A layer on the pooled vector, [N, in] → [N, out]."""

    weight: Tensor
    bias: Tensor | None
    bend: str

    def __call__(self, x: Tensor) -> Tensor:
        weight = self.weight.to(x.device, x.dtype)
        bias = None if self.bias is None else self.bias.to(x.device, x.dtype)
        return BENDS[self.bend](F.linear(x, weight, bias))


@dataclass(frozen=True)
class Normalize:
    """[N, D] → the same directions with length 1."""

    def __call__(self, x: Tensor) -> Tensor:
        return F.normalize(x, dim=-1)


@dataclass(frozen=True)
class SentenceSettings:
    """What a package says about vectors of texts.

    poolings: names of `nn.pooling.POOLINGS`, whose results are joined. steps: what follows. max_length:
    tokens that are read, markers included. prompts: texts that may be put before a text, by name;
    default_prompt is the one that is always put there. pool_prompt: whether its own tokens are pooled too.
    """

    poolings: tuple[str, ...] = ("mean",)
    steps: tuple[Dense | Normalize, ...] = ()
    max_length: int | None = None
    lowercase: bool = False
    prompts: Mapping[str, str] = field(default_factory=dict)
    default_prompt: str | None = None
    pool_prompt: bool = True

    def width(self, d_model: int) -> int:
        """Numbers in a text's vector."""
        layers = [step for step in self.steps if isinstance(step, Dense)]
        return layers[-1].weight.shape[0] if layers else d_model * len(self.poolings)


def read_sentence_settings(folder: Path, d_model: int) -> SentenceSettings | None:
    """What the folder says, or None where it has no modules.json. Raises PackageError."""
    where = folder / MODULES
    if not where.exists():
        return None
    modules = read_array(where)
    if len(modules) > MAX_MODULES:
        raise PackageError(f"{where} lists {len(modules)} modules; at most {MAX_MODULES} are taken")
    kinds = [(kind_of(module, where), place_of(module, folder, where)) for module in modules]
    names = [kind for kind, _ in kinds]
    if (
        names[:2] != ["Transformer", "Pooling"]
        or names.count("Pooling") > 1
        or names.count("Transformer") > 1
    ):
        raise PackageError(
            f"{where} lists {', '.join(names) or 'nothing'}; expected a Transformer, its Pooling, and then "
            "Dense or Normalize"
        )
    if kinds[0][1] != folder:
        raise PackageError(f"{where}: the Transformer lies in {kinds[0][1].name}; expected beside {MODULES}")
    poolings, pool_prompt = read_pooling(kinds[1][1] / "config.json", d_model)
    width = d_model * len(poolings)
    steps: list[Dense | Normalize] = []
    for kind, place in kinds[2:]:
        if kind == "Dense":
            dense = read_dense(place, width)
            width = dense.weight.shape[0]
            steps.append(dense)
        elif kind == "Normalize":
            steps.append(Normalize())
    return SentenceSettings(poolings, tuple(steps), pool_prompt=pool_prompt, **read_reading(folder))


def write_sentence_settings(folder: Path, settings: SentenceSettings, d_model: int) -> None:
    """What `read_sentence_settings` reads, as sentence-transformers writes it."""
    kinds = ["Transformer", "Pooling", *(type(step).__name__ for step in settings.steps)]
    places = ["", *(f"{number}_{kind}" for number, kind in enumerate(kinds) if number)]
    modules = [
        {"idx": i, "name": str(i), "path": place, "type": f"sentence_transformers.models.{kind}"}
        for i, (kind, place) in enumerate(zip(kinds, places, strict=True))
    ]
    modes = {ours: theirs for theirs, ours in LEGACY.items()}
    pooling = {"word_embedding_dimension": d_model, "include_prompt": settings.pool_prompt}
    files: dict[str, Any] = {
        MODULES: modules,
        "sentence_bert_config.json": {
            "max_seq_length": settings.max_length, "do_lower_case": settings.lowercase,
        },
        "1_Pooling/config.json": pooling
        | {theirs: ours in settings.poolings for ours, theirs in modes.items()},
        "config_sentence_transformers.json": {
            "prompts": dict(settings.prompts), "default_prompt_name": settings.default_prompt,
        },
    }  # fmt: skip
    if tuple(name for name in modes if name in settings.poolings) != settings.poolings:
        words = {ours: theirs for theirs, ours in MODES.items()}  # an order that only newer files can say
        files["1_Pooling/config.json"] = pooling | {"pooling_mode": [words[n] for n in settings.poolings]}
    for place, step in zip(places[2:], settings.steps, strict=True):
        (folder / place).mkdir()
        if isinstance(step, Dense):
            files[f"{place}/config.json"] = {
                "in_features": step.weight.shape[1], "out_features": step.weight.shape[0],
                "bias": step.bias is not None, "activation_function": ACTIVATIONS[step.bend],
            }  # fmt: skip
            tensors = {"linear.weight": step.weight} | (
                {} if step.bias is None else {"linear.bias": step.bias}
            )
            save_file(tensors, folder / place / SINGLE_FILE, metadata={"format": "pt"})
    (folder / "1_Pooling").mkdir()
    for name, content in files.items():
        (folder / name).write_text(dump(content), encoding="utf-8", newline="\n")


def kind_of(module: Any, where: Path) -> str:
    """The last word of a module's type: "sentence_transformers.models.Pooling" is a Pooling."""
    kind = module.get("type") if isinstance(module, dict) else None
    if not isinstance(kind, str):
        raise PackageError(f"{where}: a module has no type; given {str(module)[:80]!r}")
    kind = kind.rsplit(".", 1)[-1]
    if kind not in ("Transformer", "Pooling", "Dense", "Normalize", "Dropout"):
        raise PackageError(
            f"{where}: a module is of type {module['type'][:80]!r}, which llmworks does not have; it has "
            "Transformer, Pooling, Dense, Normalize"
        )
    return kind


def place_of(module: Mapping[str, Any], folder: Path, where: Path) -> Path:
    """A module's folder: within the package, whatever the file says."""
    path = module.get("path", "")
    parts = Path(path).parts if isinstance(path, str) and "\0" not in path else ("..",)
    if ".." in parts or Path(*parts).is_absolute():
        raise PackageError(f"{where}: a module's path must lie in the package; given {str(path)[:80]!r}")
    return folder.joinpath(*parts)


def read_pooling(path: Path, d_model: int) -> tuple[tuple[str, ...], bool]:
    """The poolings, and whether they take in the prompt's tokens."""
    said = read_object(path)
    width = said.get("word_embedding_dimension", said.get("embedding_dimension", d_model))
    if width != d_model:
        raise PackageError(f"{path}: it pools vectors of {width!r} numbers, the model gives {d_model}")
    known = {*LEGACY, "pooling_mode", "include_prompt", "word_embedding_dimension", "embedding_dimension"}
    if unknown := sorted(set(said) - known):
        raise PackageError(f"{path}: {unknown[0][:80]!r} is not a pooling that llmworks has")
    if "pooling_mode" in said:
        given = said["pooling_mode"]
        names = [given] if isinstance(given, str) else given
        if not isinstance(names, list) or not names or any(name not in MODES for name in map(str, names)):
            raise PackageError(f"{path}: pooling_mode {given!r:.80} is not one of {', '.join(MODES)}")
        poolings = tuple(MODES[name] for name in names)
    else:
        poolings = tuple(ours for theirs, ours in LEGACY.items() if said.get(theirs) is True) or ("mean",)
    assert all(name in POOLINGS for name in poolings)
    return poolings, said.get("include_prompt", True) is not False


def read_dense(folder: Path, width: int) -> Dense:
    """A Dense module, checked against the vector that it is given."""
    path = folder / "config.json"
    said = read_object(path)
    if said.get("in_features") != width:
        raise PackageError(
            f"{path}: in_features is {said.get('in_features')!r}, but what comes before it gives {width}"
        )
    said_bend = str(said.get("activation_function", "torch.nn.modules.activation.Tanh"))
    bend = said_bend.rsplit(".", 1)[-1]
    if not said_bend.startswith("torch.nn.") or bend not in BENDS:
        raise PackageError(f"{path}: activation_function {said_bend[:80]!r} is not one of {', '.join(BENDS)}")
    if (
        said.get("use_residual")
        or said.get("module_input_name", "sentence_embedding") != "sentence_embedding"
    ):
        raise PackageError(f"{path}: only a plain layer on the text's vector is supported")
    weights = open_weights(folder)
    shapes: dict[str, tuple[Any, ...]] = {"linear.weight": (said.get("out_features"), width)}
    if said.get("bias", True):
        shapes["linear.bias"] = (said.get("out_features"),)
    found = {name: tuple(weights.entry(name).shape) for name in weights}
    if found != shapes:
        raise PackageError(f"{folder}: its weights are {found}, but config.json says {shapes}")
    tensors = {name: weights[name].to(torch.float32, copy=True) for name in weights}
    return Dense(tensors["linear.weight"], tensors.get("linear.bias"), bend)


def read_reading(folder: Path) -> dict[str, Any]:
    """How texts are read: `max_length`, `lowercase`, `prompts`, `default_prompt`."""
    path = folder / "sentence_bert_config.json"
    said = read_object(path) if path.exists() else {}
    longest = said.get("max_seq_length")
    if longest is not None and (not isinstance(longest, int) or isinstance(longest, bool) or longest < 1):
        raise PackageError(f"{path}: max_seq_length must be a positive whole number; given {longest!r:.80}")
    path = folder / "config_sentence_transformers.json"
    more = read_object(path) if path.exists() else {}
    prompts, default = more.get("prompts") or {}, more.get("default_prompt_name")
    if not isinstance(prompts, dict) or not all(isinstance(text, str | None) for text in prompts.values()):
        raise PackageError(f"{path}: prompts must be texts by name")
    prompts = {name: text or "" for name, text in prompts.items()}
    if default is not None and default not in prompts:
        raise PackageError(f"{path}: default_prompt_name {default!r:.80} is none of its prompts")
    return {
        "max_length": longest,
        "lowercase": said.get("do_lower_case") is True,
        "prompts": prompts,
        "default_prompt": default,
    }
