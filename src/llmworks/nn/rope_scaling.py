"""Rotary scaling: rotations for texts longer than the model was trained on.

    scaling ── inverse_frequencies (rope_frequencies.py) ──► radians a position, for each pair
       └────── cosine_factor ──────────────────────────────► what cosines and sines are multiplied by

The names in config files of transformers are read by `from_hf` and written by `to_hf`, in the style of
version 4 (`rope_scaling`) and 5 (`rope_parameters`) alike.
"""

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from llmworks.errors import ConfigError

ScalingKind = Literal["linear", "ntk", "dynamic", "yarn", "longrope", "llama3"]
KINDS: tuple[str, ...] = get_args(ScalingKind)

Real = Annotated[float, Field(strict=True)]
Whole = Annotated[int, Field(strict=True)]

MAX_FACTORS = 65_536
"""Of longrope's lists: one a pair of a head's values."""

# Our field → their key in `rope_scaling` or `rope_parameters`, and which kinds have it beside `factor`.
THEIRS = {
    "original_length": "original_max_position_embeddings",
    **{name: name for name in (
        "factor", "attention_factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim", "truncate",
        "short_factor", "long_factor", "low_freq_factor", "high_freq_factor",
    )},
}  # fmt: skip
FIELDS: dict[str, frozenset[str]] = {
    "linear": frozenset({"original_length"}),
    "ntk": frozenset({"original_length"}),
    "dynamic": frozenset({"original_length"}),
    "yarn": frozenset(
        {
            *("original_length", "attention_factor", "beta_fast", "beta_slow"),
            *("mscale", "mscale_all_dim", "truncate"),
        }
    ),
    "longrope": frozenset({"original_length", "attention_factor", "short_factor", "long_factor"}),
    "llama3": frozenset({"original_length", "low_freq_factor", "high_freq_factor"}),
}
NEED_ORIGINAL = frozenset({"dynamic", "yarn", "longrope", "llama3"})

OLD_NAMES = {"su": "longrope", "mrope": "default"}
"""Phi-3's first name; Qwen2-VL's three axes, which are one and the same for text."""
# What else stands in their dictionaries without a bearing on the frequencies of a scaled text model.
BESIDE = frozenset({"type", "rope_type", "rope_theta", "partial_rotary_factor", "mrope_section", "finetuned"})


class RotaryScaling(BaseModel):
    """How the frequencies differ from theta^(-2i/E); `factor` is how many times longer texts may be."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: ScalingKind
    factor: Real = Field(gt=0)
    original_length: Whole | None = Field(default=None, gt=0, description="tokens that it was trained on")
    attention_factor: Real | None = Field(default=None, gt=0, description="of cosines, sines; None: by rule")
    beta_fast: Real = Field(default=32.0, gt=0, description="pairs that turn this often are left as they are")
    beta_slow: Real = Field(default=1.0, gt=0, description="pairs that turn less often are wholly slowed")
    mscale: Real | None = Field(default=None, ge=0)
    mscale_all_dim: Real | None = Field(default=None, ge=0)
    truncate: bool = Field(default=True, description="the ramp begins and ends at whole pairs")
    short_factor: tuple[Real, ...] | None = Field(default=None, max_length=MAX_FACTORS)
    long_factor: tuple[Real, ...] | None = Field(default=None, max_length=MAX_FACTORS)
    low_freq_factor: Real = Field(default=1.0, gt=0)
    high_freq_factor: Real = Field(default=4.0, gt=0)

    @model_validator(mode="after")
    def fits(self) -> Self:
        """What is said belongs to the kind, and holds together."""
        foreign = self.model_fields_set - FIELDS[self.kind] - {"kind", "factor"}
        foreign = {name for name in foreign if getattr(self, name) != type(self).model_fields[name].default}
        if foreign:
            raise ValueError(
                f"{', '.join(sorted(foreign))} says nothing in {self.kind!r} scaling: leave it out"
            )
        if self.kind in NEED_ORIGINAL and self.original_length is None:
            raise ValueError(
                f"{self.kind!r} scaling needs original_length, the tokens that the model was trained on"
            )
        if self.kind == "longrope":
            self.check_lists()
        elif self.factor < 1:
            raise ValueError(f"factor {self.factor:g} is below 1: scaling makes contexts longer, not shorter")
        if self.kind == "yarn" and self.beta_fast < self.beta_slow:
            raise ValueError(f"beta_fast {self.beta_fast:g} is below beta_slow {self.beta_slow:g}")
        if self.kind == "llama3" and self.high_freq_factor <= self.low_freq_factor:
            raise ValueError(
                f"high_freq_factor {self.high_freq_factor:g} must be above low_freq_factor "
                f"{self.low_freq_factor:g}"
            )
        return self

    def check_lists(self) -> None:
        """Longrope's: both there, equally long, positive; and a length whose logarithm can be divided by."""
        short, long = self.short_factor, self.long_factor
        if not short or not long or len(short) != len(long):
            counts = [len(factors or ()) for factors in (short, long)]
            raise ValueError(
                f"'longrope' needs short_factor and long_factor, a number for each pair; given {counts}"
            )
        if min(*short, *long) <= 0:
            raise ValueError("short_factor and long_factor divide frequencies: all must be above 0")
        if self.factor > 1 and self.attention_factor is None and self.original_length == 1:
            raise ValueError(
                "original_length 1 leaves no rule for the attention factor: give attention_factor"
            )

    @property
    def depends_on_length(self) -> bool:
        """Whether the angle of one and the same position changes as the text grows."""
        return self.kind in ("dynamic", "longrope")

    def regime(self, length: int) -> int:
        """Texts of one regime have the same frequencies: a length that stands for all, 0 up to the first."""
        if not self.depends_on_length or self.original_length is None or length <= self.original_length:
            return 0
        return self.original_length + 1 if self.kind == "longrope" else length

    @property
    def cosine_factor(self) -> float:
        """The attention factor: of cosines and sines, and so its square of the scores."""
        if self.attention_factor is not None:
            return self.attention_factor
        if self.kind == "yarn":
            if self.mscale and self.mscale_all_dim:
                return yarn_mscale(self.factor, self.mscale) / yarn_mscale(self.factor, self.mscale_all_dim)
            return yarn_mscale(self.factor)
        if self.kind == "longrope" and self.factor > 1 and self.original_length is not None:
            return math.sqrt(1 + math.log(self.factor) / math.log(self.original_length))
        return 1.0

    @property
    def latent_score_factor(self) -> float:
        """DeepSeek's latent attention multiplies whole scores, unrotated parts too, by this (V3, §4.3)."""
        if self.kind != "yarn" or not self.mscale_all_dim:
            return 1.0
        return yarn_mscale(self.factor, self.mscale_all_dim) ** 2

    @classmethod
    def from_hf(
        cls,
        parameters: Mapping[str, Any],
        *,
        max_length: int,
        original_length: int | None = None,
        where: str = "config.json",
    ) -> "RotaryScaling | None":
        """What `rope_scaling` (transformers 4) or `rope_parameters` (5) says; None for plain rotations.

        max_length: the config's `max_position_embeddings`, which is the original length where none is said,
        and always in "dynamic". original_length: `original_max_position_embeddings` where it stands in the
        config itself (Phi-3). Raises ConfigError for kinds and keys that are unknown, and for values that
        contradict each other.
        """
        given = {key: value for key, value in parameters.items() if value is not None}
        kind = kind_of(given, where)
        if kind == "default":
            return None
        if kind not in KINDS:
            known = ", ".join(name for name in KINDS if name != "ntk")
            raise ConfigError(f"{where}: rotary scaling {kind!r} is not known; there are default, {known}")
        ours = {theirs: name for name, theirs in THEIRS.items() if name in FIELDS[kind] | {"factor"}}
        unknown = sorted(set(given) - set(ours) - BESIDE)
        if unknown:
            raise ConfigError(
                f"{where}: rotary scaling {kind!r} has no {', '.join(unknown)}; "
                f"it has {', '.join(sorted(ours))}"
            )
        values = {ours[key]: value for key, value in given.items() if key in ours}
        values["original_length"] = original(kind, values, max_length, original_length, where)
        if "factor" not in values:
            if kind not in ("longrope", "yarn"):
                raise ConfigError(f"{where}: rotary scaling {kind!r} needs a factor")
            length = values["original_length"]
            if not isinstance(length, int) or isinstance(length, bool) or length < 1:
                raise ConfigError(
                    f"{where}: original_max_position_embeddings must be a length; given {length!r:.60}"
                )
            values["factor"] = max_length / length
        try:
            return cls(kind=kind, **values)  # type: ignore[arg-type]
        except ValidationError as error:
            raise ConfigError(f"{where}: rotary scaling {kind!r}: {readable(error)}") from None

    def to_hf(self) -> dict[str, Any]:
        """`rope_scaling` or `rope_parameters`, without the base. Fixed NTK has no name there (`folded`)."""
        if self.kind == "ntk":
            raise ConfigError(
                "transformers has no name for fixed NTK scaling: write its folded_theta as rope_theta"
            )
        said: dict[str, Any] = {"rope_type": self.kind}
        names = {"factor", *FIELDS[self.kind]} - ({"original_length"} if self.kind == "dynamic" else set())
        for name, theirs in THEIRS.items():
            value = getattr(self, name)
            if name in names and value is not None:
                said[theirs] = list(value) if isinstance(value, tuple) else value
        if self.kind == "linear":
            said.pop(THEIRS["original_length"], None)  # which decides nothing, and is not known there
        return said

    def reach(self, max_length: int) -> int:
        """The context that a config means whose `max_position_embeddings` is `max_length`.

        For dynamic and YaRN many configs keep there what the model was trained on; the scaling then carries
        it `factor` times as far (Qwen2.5: 32,768, factor 4, in truth 131,072).
        """
        if self.kind not in ("dynamic", "yarn") or max_length != self.original_length:
            return max_length
        return int(max_length * self.factor)


def kind_of(given: Mapping[str, Any], where: str) -> str:
    """`rope_type`, which older files call `type`; older names of kinds become the newer."""
    kinds = []
    for key in ("rope_type", "type"):
        kind = given.get(key)
        if kind is not None and not isinstance(kind, str):
            raise ConfigError(f"{where}: {key} must be the name of a rotary scaling; given {kind!r:.80}")
        if kind is not None:
            kinds.append(OLD_NAMES.get(kind, kind))
    if len(set(kinds)) > 1:
        raise ConfigError(
            f"{where}: rope_type says {kinds[0]!r} and type {kinds[1]!r}: leave one of them out"
        )
    if not kinds and "factor" in given:
        raise ConfigError(f"{where}: rotary scaling with a factor but no rope_type: say which kind it is")
    return kinds[0] if kinds else "default"


def original(
    kind: str, values: Mapping[str, Any], max_length: int, outside: int | None, where: str
) -> int | None:
    """The length that the model was trained on, from the three places where a config may say it."""
    inside = values.get("original_length")
    if kind == "dynamic" and inside not in (None, max_length):
        raise ConfigError(
            f"{where}: dynamic scaling begins at max_position_embeddings, {max_length}, which contradicts "
            f"original_max_position_embeddings {inside}: write the original length as both"
        )
    if kind == "dynamic":
        return max_length
    if inside is not None and outside is not None and inside != outside:
        raise ConfigError(
            f"{where}: original_max_position_embeddings is {outside} in the config and {inside} in its "
            "rotary scaling: they must be the same"
        )
    said = inside if inside is not None else outside
    return max_length if said is None and kind in NEED_ORIGINAL else said


def readable(error: ValidationError) -> str:
    """Pydantic's findings in one line."""
    lines = []
    for fault in error.errors(include_url=False):
        message = fault["msg"].removeprefix("Value error, ")
        field = ".".join(str(part) for part in fault["loc"])
        lines.append(f"{field}: {message}; given {fault['input']!r:.60}" if field else message)
    return "; ".join(lines)


def yarn_mscale(factor: float, mscale: float = 1.0) -> float:
    """How much sharper scores should be at a context `factor` times as long: 0.1·m·ln s + 1."""
    return 1.0 if factor <= 1 else 0.1 * mscale * math.log(factor) + 1.0
