"""Each part of a package read by itself; what cannot be read is a finding and stays None."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from llmworks.errors import ConfigError, LLMWorksError
from llmworks.models.families import config_from_hf
from llmworks.packages.chat import ChatTemplate
from llmworks.packages.chat_files import read_template_sources
from llmworks.packages.doctor.findings import Report
from llmworks.packages.generation import GenerationDefaults
from llmworks.packages.json_file import read_object, read_text
from llmworks.packages.package import SPECIAL_NAMES, Package, read_tokenizer
from llmworks.packages.quantised import unpacked
from llmworks.packages.safetensors_file import WeightSource, open_weights
from llmworks.text.tokenizer import Tokenizer

T = TypeVar("T")


@dataclass
class Parts:
    """What could be read of a package."""

    path: Path
    hf_config: dict[str, Any] | None = None
    config: Any = None
    weights: WeightSource | None = None
    tokenizer: Tokenizer | None = None
    tokenizer_config: dict[str, Any] = field(default_factory=dict)
    generation_file: dict[str, Any] = field(default_factory=dict)
    generation: GenerationDefaults | None = None
    specials: dict[str, str] = field(default_factory=dict)
    template: ChatTemplate | None = None
    template_broken: bool = False
    card: str = ""


def read_parts(path: Path, report: Report) -> Parts:
    """All parts of a folder, or of a GGUF file."""
    if not path.is_dir():
        return _of_gguf(path, report)
    parts = Parts(path)
    attempt = _Attempt(report)
    hf_config = attempt("config", "config.json", lambda: read_object(path / "config.json"))
    stored = attempt("weights", "the weights", lambda: open_weights(path))
    if hf_config is not None:
        parts.hf_config = hf_config
        if stored is not None:
            opened = attempt("weights", "the weights", partial(unpacked, hf_config, stored))
            if opened is not None:
                parts.hf_config, parts.weights = dict(opened[0]), opened[1]
        parts.config = _config(parts.hf_config, parts.weights, report)
    else:
        parts.weights = stored
    tokenizer_config = attempt("tokenizer-config", "", lambda: _optional(path, "tokenizer_config.json"))
    parts.tokenizer_config = tokenizer_config or {}
    parts.tokenizer = attempt("tokenizer", "the tokenizer", lambda: _tokenizer(path, tokenizer_config))
    parts.generation_file = attempt("generation", "", lambda: _optional(path, "generation_config.json")) or {}
    parts.generation = attempt(
        "generation",
        "the generation defaults",
        lambda: GenerationDefaults.from_hf(parts.generation_file, hf_config or {}, "generation_config.json"),
    )
    parts.specials = _specials(parts, report)
    _read_template(parts, report)
    if (path / "README.md").exists():
        parts.card = attempt("card", "README.md", lambda: read_text(path / "README.md")) or ""
    return parts


class _Attempt:
    """Reads a part; what goes wrong becomes a fault of that part's code."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def __call__(self, code: str, what: str, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except LLMWorksError as error:
            reason = str(error)
        except Exception as error:
            reason = f"{type(error).__name__}: {str(error)[:200]}"
        self._report.fault(
            f"{code}-unreadable",
            f"the model does not load: {reason}",
            f"{what or code} is missing, cut off, damaged or of another program",
            "fetch or write the package again",
        )
        return None


def _optional(path: Path, name: str) -> dict[str, Any]:
    return read_object(path / name) if (path / name).exists() else {}


def _config(hf_config: Mapping[str, Any], weights: WeightSource | None, report: Report) -> Any:
    try:
        return config_from_hf(hf_config, None if weights is None else list(weights))
    except (ConfigError, TypeError, ValueError, AttributeError, LLMWorksError) as error:
        report.fault(
            "config-invalid",
            f"the model does not load: {str(error)[:400]}",
            "a value of config.json is missing, out of range, or of a family that is not known here",
            "correct config.json; take the one that the model was published with",
        )
        return None


def _tokenizer(path: Path, tokenizer_config: object) -> Tokenizer | None:
    """The tokenizer; from its own file alone where tokenizer_config.json cannot be read."""
    alone = path / "tokenizer.json"
    if tokenizer_config is None and alone.exists():
        return Tokenizer.from_file(alone)
    return read_tokenizer(path)


def _specials(parts: Parts, report: Report) -> dict[str, str]:
    """`bos_token` and its kin; each that the tokenizer does not have is a fault."""
    found: dict[str, str] = {}
    for name in SPECIAL_NAMES:
        value = parts.tokenizer_config.get(name)
        text = value.get("content") if isinstance(value, dict) else value
        if not isinstance(text, str):
            continue
        if parts.tokenizer is not None and parts.tokenizer.token_id(text) is None:
            report.fault(
                "special-token",
                f"{name} is {text!r}, which the tokenizer cuts into pieces",
                "tokenizer_config.json and the tokenizer are not of one model, or the token was never added",
                f"add {text!r} to the tokenizer (and a row to the embedding), or name the token that it has",
            )
        found[name] = text
    if parts.tokenizer is not None:
        for name, id in (("bos_token", parts.tokenizer.bos_id), ("eos_token", parts.tokenizer.eos_id)):
            if id is not None and name not in parts.tokenizer_config:
                found.setdefault(name, parts.tokenizer.decode([id]))
    return found


def _read_template(parts: Parts, report: Report) -> None:
    try:
        found = read_template_sources(parts.path, parts.tokenizer_config)
        if found is not None and "default" in found.sources:
            parts.template = ChatTemplate(found.sources["default"], parts.specials, found.sources)
    except LLMWorksError as error:
        parts.template_broken = True
        report.fault(
            "template-broken",
            f"no conversation can be had: {error}",
            "the chat template is no Jinja program",
            "correct it, or take the template of the model's format (`llmworks template FORMAT --source`)",
        )


def _of_gguf(path: Path, report: Report) -> Parts:
    parts = Parts(path)
    package = _Attempt(report)("gguf", "the GGUF file", lambda: Package.load(path))
    if package is not None:
        parts.hf_config, parts.config = dict(package.hf_config), package.config
        parts.weights, parts.tokenizer = package.weights, package.tokenizer
        parts.template, parts.generation = package.chat_template, package.generation
        parts.generation_file, parts.card = package.generation.to_hf(), package.card
        parts.specials = {} if package.chat_template is None else package.chat_template.special_tokens
    return parts
