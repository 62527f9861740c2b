"""Rotary scaling: rotations for texts longer than the model was trained on."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

ScalingKind = Literal["linear", "ntk", "dynamic", "yarn", "longrope", "llama3"]


class RotaryScaling(BaseModel):
    """How the rotary frequencies differ from theta^(-2i/E); `factor` is how many times longer texts may be."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: ScalingKind
    factor: float = Field(default=1.0, gt=0)
    original_length: int | None = Field(default=None, gt=0, description="tokens that it was trained on")
    attention_factor: float | None = Field(default=None, gt=0)
    beta_fast: float = 32.0
    beta_slow: float = 1.0
    mscale: float | None = None
    mscale_all_dim: float | None = None
    truncate: bool = True
    short_factor: tuple[float, ...] | None = None
    long_factor: tuple[float, ...] | None = None
    low_freq_factor: float = 1.0
    high_freq_factor: float = 4.0
