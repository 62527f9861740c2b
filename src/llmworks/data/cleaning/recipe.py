"""The recipe of a cleaning: an ordered list of stages, each with its settings, as TOML.

    [[stage]]
    kind = "language"
    keep = ["en"]

    [[stage]]
    kind = "gopher_quality"
    min_words = 20

`--set language.keep=["en", "de"]` overrides one setting of the stage of that kind, `--without KIND` leaves a
stage out. The order matters: what is cheap and drops much comes first, what compares documents comes when
little can change in them.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from llmworks.data.cleaning.c4 import C4Rules
from llmworks.data.cleaning.decontaminate import Decontaminate
from llmworks.data.cleaning.exact import ExactDuplicates, RepeatedLines
from llmworks.data.cleaning.heuristics import GopherQuality
from llmworks.data.cleaning.language import Language
from llmworks.data.cleaning.limits import Boilerplate, Length
from llmworks.data.cleaning.minhash import NearDuplicates
from llmworks.data.cleaning.normalise import Normalise
from llmworks.data.cleaning.perplexity import Perplexity
from llmworks.data.cleaning.personal import PersonalData
from llmworks.data.cleaning.repetition import GopherRepetition
from llmworks.data.cleaning.stage import Stage
from llmworks.data.cleaning.unwanted import Unwanted
from llmworks.errors import ConfigError

AnyStage = Annotated[
    Normalise | Boilerplate | Language | Length | GopherQuality | GopherRepetition | C4Rules | Unwanted
    | PersonalData | ExactDuplicates | NearDuplicates | RepeatedLines | Perplexity | Decontaminate,
    Field(discriminator="kind"),
]  # fmt: skip
KINDS: dict[str, type[Stage]] = {
    "normalise": Normalise, "boilerplate": Boilerplate, "language": Language, "length": Length,
    "gopher_quality": GopherQuality, "gopher_repetition": GopherRepetition, "c4": C4Rules,
    "unwanted": Unwanted,
    "personal_data": PersonalData, "exact_duplicates": ExactDuplicates, "near_duplicates": NearDuplicates,
    "repeated_paragraphs": RepeatedLines, "repeated_lines": RepeatedLines, "perplexity": Perplexity,
    "decontaminate": Decontaminate,
}  # fmt: skip
# Perplexity and decontamination need something to compare with, and C4's rules are for pages: not by default.
DEFAULT = (
    "normalise", "boilerplate", "language", "length", "gopher_quality", "gopher_repetition", "unwanted",
    "personal_data", "exact_duplicates", "near_duplicates", "repeated_paragraphs",
)  # fmt: skip


class CleaningRecipe(BaseModel):
    """The stages of a cleaning in order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stage: tuple[AnyStage, ...] = ()

    @classmethod
    def default(cls) -> CleaningRecipe:
        """What suits English text of unknown quality."""
        return cls.parse({"stage": [{"kind": kind} for kind in DEFAULT]})

    @classmethod
    def load(
        cls, path: str | Path | None = None, overrides: Iterable[str] = (), without: Iterable[str] = ()
    ) -> CleaningRecipe:
        """A recipe from a TOML file (None: the default) with settings changed and stages left out."""
        data: dict[str, Any] = {"stage": [{"kind": kind} for kind in DEFAULT]}
        if path is not None:
            try:
                data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
            except FileNotFoundError:
                raise ConfigError(f"there is no recipe {path}") from None
            except (OSError, UnicodeDecodeError) as error:
                raise ConfigError(f"recipe {path} cannot be read: {error}") from None
            except tomllib.TOMLDecodeError as error:
                raise ConfigError(f"recipe {path} is not valid TOML: {error}") from None
        where = "the recipe" if path is None else str(path)
        stages = data.get("stage", [])
        if not isinstance(stages, list) or not all(isinstance(one, dict) for one in stages):
            raise ConfigError(
                f'{where}: stages are written as [[stage]] with kind = "…"; see recipes/cleaning'
            )
        for kind in without:
            _find(stages, kind, "--without")
            stages[:] = [one for one in stages if one.get("kind") != kind]
        for override in overrides:
            _override(stages, override)
        return cls.parse(data, where)

    @classmethod
    def parse(cls, data: dict[str, Any], where: str = "the recipe") -> CleaningRecipe:
        """Validates a plain dictionary; `where` names it in errors."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise ConfigError(_explain(error, data, where)) from None


def describe_stages() -> list[dict[str, Any]]:
    """For each kind of stage: what it does, and its settings with their defaults."""
    described = []
    for kind, stage in KINDS.items():
        settings = {
            name: "(required)"
            if field.is_required()
            else _plain(field.get_default(call_default_factory=True))
            for name, field in stage.model_fields.items()
            if name != "kind"
        }
        what = (stage.__doc__ or "").strip().splitlines()[0]
        described.append({"kind": kind, "what": what, "settings": settings})
    return described


def _plain(value: Any) -> Any:
    return (
        sorted(value) if isinstance(value, frozenset) else list(value) if isinstance(value, tuple) else value
    )


def _find(stages: list[dict[str, Any]], kind: str, given: str) -> dict[str, Any]:
    """The stage of a kind, or an error that says which there are."""
    for stage in stages:
        if stage.get("kind") == kind:
            return stage
    there = ", ".join(str(stage.get("kind")) for stage in stages) or "none"
    hint = "" if kind in KINDS else _nearest(kind, KINDS)
    raise ConfigError(f"{given} names the stage {kind!r}, which the recipe has not; it has {there}{hint}")


def _override(stages: list[dict[str, Any]], text: str) -> None:
    path, equals, right = text.partition("=")
    kind, dot, key = path.strip().partition(".")
    if not equals or not dot or not key:
        raise ConfigError(
            f"an override is written kind.setting=value (length.min_characters=100), not {text!r}"
        )
    try:
        value = tomllib.loads(f"value = {right}")["value"]
    except tomllib.TOMLDecodeError:
        value = None if right.strip() == "null" else right.strip()
    try:
        stage = _find(stages, kind, f"override {text!r}")
    except ConfigError:
        if kind not in KINDS:
            raise
        stage = {"kind": kind}  # a stage that is set is wanted: it comes last
        stages.append(stage)
    stage[key.strip()] = value


def _nearest(key: str, names: Iterable[str]) -> str:
    names = list(names)
    close = difflib.get_close_matches(key, names, n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else f"; known: {', '.join(sorted(names))}"


def _explain(error: ValidationError, data: dict[str, Any], where: str) -> str:
    """Pydantic's findings as lines: the stage, the setting, what is wrong, what was given."""
    lines = []
    for problem in error.errors():
        place = problem["loc"]
        if place[:1] != ("stage",) or len(place) < 2:
            known = _nearest(str(place[-1]), ["stage"]) if place else ""
            lines.append(f"  {'.'.join(map(str, place))}: unknown key{known}")
            continue
        stage = data["stage"][place[1]]
        kind = str(stage.get("kind", "")) if isinstance(stage, dict) else ""
        name = f"stage {int(place[1]) + 1}" + (f" ({kind})" if kind else "")
        if problem["type"] in ("union_tag_invalid", "union_tag_not_found"):
            lines.append(f"  {name}: {_unknown_kind(kind)}")
        elif problem["type"] == "extra_forbidden":
            fields = [field for field in KINDS[kind].model_fields if field != "kind"]
            lines.append(f"  {name}: unknown setting {place[-1]}{_nearest(str(place[-1]), fields)}")
        else:
            keys = ".".join(str(part) for part in place[3:])
            given = "" if problem["type"] == "missing" else f" (given: {problem['input']!r})"
            message = problem["msg"].removeprefix("Value error, ")
            lines.append(f"  {name}: {keys}: {message}{given}" if keys else f"  {name}: {message}")
    return f"{where} cannot be used:\n" + "\n".join(lines)


def _unknown_kind(kind: str) -> str:
    if not kind:
        return f'it has no kind; write kind = "…" with one of {", ".join(KINDS)}'
    return f"there is no stage of kind {kind!r}{_nearest(kind, KINDS)}"
