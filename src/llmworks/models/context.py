"""Longer contexts for a model that is there: the same weights, other rotations.

    extended(config, "yarn", 4.0)           4 × the context that it was trained on
    parse_extension("yarn:4")               the same, as it is written on a command line

The weights stay as they are, so it costs nothing to try; training on at the new length (a recipe's
`[context]` beside `init`) brings back what the change takes. The rotations: `nn/rope_frequencies.py`.
"""

from typing import Any

from pydantic import ValidationError

from llmworks.errors import ConfigError
from llmworks.models.config import ModelConfig
from llmworks.nn.rope_scaling import FIELDS, KINDS, RotaryScaling, readable


def extended(
    config: Any, kind: str | None, factor: float | None = None, *, max_length: int | None = None, **more: Any
) -> ModelConfig:
    """The config with its context made longer.

    kind: one of RotaryScaling's, or None for `max_length` alone. factor: how many times the original length
    (default: `max_length` divided by it). max_length: default the original length times the factor. more:
    further fields of RotaryScaling. A model that is scaled already is scaled anew from its original length.
    Raises ConfigError for a model without rotary positions, and for values that do not fit.
    """
    if not isinstance(config, ModelConfig) or config.positions != "rope":
        positions = getattr(config, "positions", type(config).__name__)
        raise ConfigError(f"context extension turns rotary positions; this model has none ({positions})")
    values = config.model_dump()
    if kind is None:
        return ModelConfig(**values | {"max_length": max_length or config.max_length})
    scaled = config.rope_scaling
    original = more.pop("original_length", None) or (scaled and scaled.original_length) or config.max_length
    if kind not in KINDS:
        raise ConfigError(f"context extension {kind!r} is not known; there are {', '.join(KINDS)}")
    if factor is None:
        if max_length is None:
            raise ConfigError(f"context extension {kind!r} needs a factor (yarn:4), or a max_length")
        factor = max_length / original
    said = more | ({"original_length": original} if "original_length" in FIELDS[kind] else {})
    try:
        scaling = RotaryScaling(kind=kind, factor=factor, **said)  # type: ignore[arg-type]
    except ValidationError as error:
        raise ConfigError(f"context extension {kind!r}: {readable(error)}") from None
    length = max_length or int(original * factor)
    return ModelConfig(**values | {"rope_scaling": scaling.model_dump(), "max_length": length})


def parse_extension(text: str) -> tuple[str, float]:
    """`yarn:4` → ("yarn", 4.0)."""
    kind, colon, factor = text.partition(":")
    try:
        number = float(factor)
    except ValueError:
        number = 0.0
    if not colon or kind not in KINDS or not 0 < number < float("inf"):
        raise ConfigError(
            f"context extension {text[:40]!r}: write KIND:FACTOR, such as yarn:4; kinds: {', '.join(KINDS)}"
        )
    return kind, number
