"""Recipes: a TOML file that says a whole run, and repeats it exactly.

    depth = 4                                   # the dial: decides whatever is not written below
    [data]
    sources = [{ path = "books/", weight = 2 }, { path = "wiki.jsonl.xz" }]
    [training]
    steps = 2000

A value that a recipe leaves out (None here) is decided by `llmworks.training.dial` from the depth and the
size of the corpus. `--set training.steps=50` overrides one value; its right side is TOML (or plain text).
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from llmworks.errors import ConfigError
from llmworks.models.config import ModelConfig
from llmworks.models.recurrent import MambaConfig
from llmworks.models.rnn import RecurrentConfig
from llmworks.nn.rope_scaling import ScalingKind

NETWORKS: dict[str, type[BaseModel]] = {
    "decoder": ModelConfig, "mamba": MambaConfig,
    "rnn": RecurrentConfig, "gru": RecurrentConfig, "lstm": RecurrentConfig,
}  # fmt: skip
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Positive = Annotated[int, Field(gt=0)]
Rate = Annotated[float, Field(gt=0.0)]


class Section(BaseModel):
    """A table of the recipe: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class Source(Section):
    """One part of the mixture: anything that `read_documents` (or, for SFT, `read_conversations`) reads."""

    path: str
    weight: Annotated[float, Field(gt=0.0)] = 1.0
    text_field: str = "text"
    as_text: bool = False  # SFT: documents among the conversations, every token of them learned

    @property
    def spec(self) -> str:
        """The path with ~ and $VARIABLES filled in; relative ones are relative to where the command runs."""
        return os.path.expanduser(os.path.expandvars(self.path))


class DataSection(Section):
    sources: list[Source] = []
    validation: Share = 0.01  # share of the documents that is never trained on
    block_size: Positive | None = None  # tokens a sequence
    document_mask: bool = False  # keeps attention within each packed document; slower on a CPU


class TokenizerSection(Section):
    path: str | None = None  # an existing tokenizer; None trains one on the data
    vocab_size: Annotated[int, Field(ge=257)] | None = None
    pattern: str = "cl100k"
    special_tokens: list[str] = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    train_bytes: Positive = 100_000_000  # text that the trainer looks at, at most


class OptimiserSection(Section):
    name: Literal["muon", "adamw"] = "muon"
    lr: Rate | None = None  # AdamW: embeddings, head, norms, biases (and matrices where name = "adamw")
    matrix_lr: Rate | None = None  # Muon: matrices inside the network
    weight_decay: Annotated[float, Field(ge=0.0)] | None = None  # of matrices; vectors and tables have none
    betas: tuple[Share, Share] = (0.9, 0.95)
    eps: Rate = 1e-10
    momentum: Share = 0.95
    iterations: Annotated[int, Field(ge=1, le=20)] = 5  # Newton–Schulz rounds of Muon
    clip: Annotated[float, Field(ge=0.0)] = 1.0  # limit of the gradient norm; 0 = none


class ScheduleSection(Section):
    name: Literal["wsd", "cosine", "constant"] = "wsd"
    warmup: Annotated[float, Field(ge=0.0)] | None = None  # below 1: share of the run; else updates
    decay: Annotated[float, Field(ge=0.0)] = 0.4  # of wsd, likewise
    shape: Literal["linear", "sqrt"] = "linear"
    floor: Share = 0.0  # share of the peak rate at the end


class TrainingSection(Section):
    steps: Positive | None = None
    tokens: Positive | None = None
    epochs: Annotated[float, Field(gt=0.0)] | None = None
    batch_size: Positive | None = None  # sequences an update
    accumulation: Positive = 1  # micro-batches that an update is cut into
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    device: str = "auto"
    threads: Positive | None = None
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    compile: Literal["auto", "on", "off"] = "auto"
    z_loss: Annotated[float, Field(ge=0.0)] = 0.0
    log_every: Positive = 10
    eval_every: Positive | None = None
    eval_tokens: Positive = 200_000  # of the validation split, at most
    checkpoint_every: Positive | None = None
    checkpoint_seconds: Annotated[float, Field(ge=0.0)] = 300.0  # and at least this often
    keep_checkpoints: Positive = 2
    keep_steps: list[Annotated[int, Field(ge=0)]] = []  # kept for good as packages, OUT/steps/STEP
    sample_every: Positive | None = None  # default: at each evaluation
    sample_prompts: list[str] = []
    sample_tokens: Positive = 48
    spike_factor: Annotated[float, Field(gt=1.0)] = 8.0  # gradient norm beyond this many running medians
    max_skips: Annotated[int, Field(ge=0)] = 20
    tensorboard: bool = True  # where the tensorboard package is installed

    @model_validator(mode="after")
    def one_horizon(self) -> Self:
        given = [key for key in ("steps", "tokens", "epochs") if getattr(self, key) is not None]
        if len(given) > 1:
            raise ValueError(f"give one of steps, tokens and epochs, not {' and '.join(given)}")
        return self


class ContextSection(Section):
    """Beside `init`: train on with a longer context; fields as in `llmworks.models.context.extended`."""

    kind: ScalingKind | None = None
    factor: Annotated[float, Field(ge=1.0)] | None = None
    max_length: Positive | None = None


class PackageSection(Section):
    name: str = ""
    card: str = ""  # Markdown, above what the trainer writes about the run
    weights: Literal["last", "best"] = "last"
    chat_template: str | None = None  # a Jinja file; SFT without one uses ChatML


class Recipe(Section):
    """A whole run. `Recipe.load` reads it from TOML; `llmworks.training.train` runs it."""

    depth: Annotated[int, Field(ge=1, le=128)] | None = None
    objective: Literal["pretrain", "sft"] = "pretrain"
    init: str | None = None  # the package to start from: a folder or a name
    model: dict[
        str, Any
    ] = {}  # network = "decoder" | "mamba" | "rnn" | "gru" | "lstm", and fields of its config
    context: ContextSection = ContextSection()
    tokenizer: TokenizerSection = TokenizerSection()
    data: DataSection = DataSection()
    optimizer: OptimiserSection = OptimiserSection()
    schedule: ScheduleSection = ScheduleSection()
    training: TrainingSection = TrainingSection()
    package: PackageSection = PackageSection()

    @model_validator(mode="after")
    def parts_fit(self) -> Self:
        if self.network not in NETWORKS:
            raise ValueError(f"model.network: {self.network!r} is not one of {', '.join(NETWORKS)}")
        known = NETWORKS[self.network].model_fields
        for key in self.network_fields:
            if key not in known:
                raise ValueError(f"model.{key}: unknown key{_nearest(key, known)}")
        if self.init is None and self.objective == "sft":
            raise ValueError('objective = "sft" needs init = "…": the package whose model is to be tuned')
        if self.init is not None and (self.model or self.depth):
            raise ValueError("init starts from a finished model, so depth and [model] have nothing to decide")
        if self.init is None and self.context != ContextSection():
            raise ValueError(
                "[context] makes a finished model's context longer: name it with init, or set "
                "model.max_length and model.rope_scaling for a new one"
            )
        return self

    @property
    def network(self) -> str:
        """What kind of network is trained from nothing."""
        return str(self.model.get("network", "decoder"))

    @property
    def network_fields(self) -> dict[str, Any]:
        """The fields of its config that the recipe writes."""
        return {name: value for name, value in self.model.items() if name != "network"}

    @classmethod
    def load(cls, path: str | Path | None = None, overrides: Iterable[str] = ()) -> Recipe:
        """Reads a TOML recipe (None: an empty one) and applies overrides like `training.steps=50`."""
        where = "the recipe" if path is None else str(path)
        data: dict[str, Any] = {}
        if path is not None:
            try:
                data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
            except FileNotFoundError:
                raise ConfigError(f"there is no recipe {path}") from None
            except (OSError, UnicodeDecodeError) as error:
                raise ConfigError(f"recipe {path} cannot be read: {error}") from None
            except tomllib.TOMLDecodeError as error:
                raise ConfigError(f"recipe {path} is not valid TOML: {error}") from None
        for override in overrides:
            _override(data, override)
        return cls.parse(data, where)

    @classmethod
    def parse(cls, data: dict[str, Any], where: str = "the recipe") -> Recipe:
        """Validates a plain dictionary; `where` names it in errors."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise ConfigError(_explain(error, where)) from None


def _override(data: dict[str, Any], text: str) -> None:
    """Sets `a.b.c=value` in nested tables."""
    path, equals, right = text.partition("=")
    keys = [key.strip() for key in path.split(".")]
    if not equals or not all(keys):
        raise ConfigError(f"an override is written key=value (training.steps=50), not {text!r}")
    try:
        value = tomllib.loads(f"value = {right}")["value"]
    except tomllib.TOMLDecodeError:
        value = right.strip()
    for key in keys[:-1]:
        table = data.setdefault(key, {})
        if not isinstance(table, dict):
            raise ConfigError(f"override {text!r}: {key} is not a table of the recipe")
        data = table
    data[keys[-1]] = value


def _nearest(key: str, names: Iterable[str]) -> str:
    names = list(names)
    close = difflib.get_close_matches(key, names, n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else f"; known: {', '.join(sorted(names))}"


def _explain(error: ValidationError, where: str) -> str:
    """Pydantic's findings as lines: key path, what is wrong, what was given."""
    lines = []
    for problem in error.errors():
        keys = [str(part) for part in problem["loc"]]
        if problem["type"] == "extra_forbidden":
            message = f"unknown key{_nearest(keys[-1], _fields(keys[:-1]))}"
        else:
            message = problem["msg"].removeprefix("Value error, ")
            if keys and not isinstance(problem["input"], dict):
                message += f" (given: {problem['input']!r})"
        lines.append(f"  {'.'.join(keys)}: {message}" if keys else f"  {message}")
    return f"{where} cannot be used:\n" + "\n".join(lines)


def _fields(keys: list[str]) -> Iterable[str]:
    """Names that the table at `keys` knows."""
    known: type[BaseModel] = Recipe
    for key in keys:
        if key == "sources":
            known = Source
        elif key in known.model_fields:
            annotation = known.model_fields[key].annotation
            if isinstance(annotation, type) and issubclass(annotation, BaseModel):
                known = annotation
    return known.model_fields
