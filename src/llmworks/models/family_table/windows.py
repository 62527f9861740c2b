"""Which layers see the whole context and which a window of it, in the words of config files.

layer_types        a list of "full_attention" and "sliding_attention"        newer files
a family's rule    every second, every sixth, all from the 28th on           older ones
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from llmworks.errors import ConfigError
from llmworks.models.family_table.core import number

WORDS = {"full_attention": "full", "sliding_attention": "sliding"}
THEIRS = {ours: theirs for theirs, ours in WORDS.items()}

Rule = Callable[[Mapping[str, Any], int], bool]
"""Whether block i slides, by their config."""


def always(hf: Mapping[str, Any], layer: int) -> bool:
    """Mistral's first models: all."""
    return True


def every(default: int, key: str = "") -> Rule:
    """All but each n-th, the number from the config if `key` names it there."""

    def slides(hf: Mapping[str, Any], layer: int) -> bool:
        period = hf.get(key, default)
        return bool(isinstance(period, int) and period > 0 and (layer + 1) % period)

    return slides


def last_from(key: str, default: int) -> Rule:
    """All from a certain one on (Qwen 2)."""

    def slides(hf: Mapping[str, Any], layer: int) -> bool:
        return layer >= number(hf.get(key, default), key, "config.json")

    return slides


@dataclass(frozen=True)
class Layers:
    """`layer_kinds` and `sliding_window`.

    rule: what slides where no `layer_types` are given; `types`: whether the family reads them. switch: a key
    without which nothing slides. windowless: whether the rule holds even where no window is said (the config
    is then refused). extra: keys of the rule, with what they are written as.
    """

    rule: Rule
    default: int | None = None
    types: bool = True
    switch: str | None = None
    rule_keys: tuple[str, ...] = ()
    writes: Callable[[Any], dict[str, Any]] | None = None
    ours: str = "sliding_window"

    @property
    def names(self) -> tuple[str, ...]:
        names = ["sliding_window", *(["layer_types"] if self.types else []), *self.rule_keys]
        return (*names, *([self.switch] if self.switch else []))

    def read(self, hf: Mapping[str, Any], values: Mapping[str, Any], where: str) -> dict[str, Any]:
        window = hf.get("sliding_window", self.default)
        if self.switch and not hf.get(self.switch, False):
            window = None
        count = values["n_layers"]
        told = hf.get("layer_types") if self.types else None
        if told is not None:
            kinds = read_types(told, where)
        elif isinstance(count, int) and 0 < count <= 4096:
            kinds = ["sliding" if window is not None and self.rule(hf, i) else "full" for i in range(count)]
        else:  # which the config itself will refuse
            kinds = []
        if "sliding" not in kinds and len(kinds) == count:
            return {"layer_kinds": None, "sliding_window": None}
        return {"layer_kinds": tuple(kinds), "sliding_window": window}

    def write(self, config: Any) -> dict[str, Any]:
        kinds = config.layer_kinds or ("full",) * config.n_layers
        hf: dict[str, Any] = {"sliding_window": config.sliding_window}
        if self.types:
            hf["layer_types"] = [THEIRS[kind] for kind in kinds]
        if self.switch:
            hf[self.switch] = "sliding" in kinds
        return hf if self.writes is None else hf | self.writes(config)


@dataclass(frozen=True)
class RotatesWhereItSlides(Layers):
    """The same where full layers have no positions (Command-R7B)."""

    def read(self, hf: Mapping[str, Any], values: Mapping[str, Any], where: str) -> dict[str, Any]:
        said = super().read(hf, values, where)
        kinds = said["layer_kinds"]
        if kinds is None:
            kinds = ("full",) * values["n_layers"]
        return said | {"unrotated_layers": tuple(i for i, kind in enumerate(kinds) if kind == "full")}


def read_types(told: Any, where: str) -> list[str]:
    """`layer_types` in our words."""
    if not isinstance(told, list):
        raise ConfigError(f"{where}: layer_types must be a list; given {told!r:.80}")
    unknown = sorted({str(word)[:40] for word in told if not isinstance(word, str) or word not in WORDS})
    if unknown:
        raise ConfigError(
            f"{where}: layer_types has {', '.join(unknown[:5])}; llmworks knows {', '.join(WORDS)}"
        )
    return [WORDS[word] for word in told]


def leading_full(config: Any) -> int:
    """How many blocks there are before the first that slides."""
    kinds = config.layer_kinds or ()
    return kinds.index("sliding") if "sliding" in kinds else config.n_layers
