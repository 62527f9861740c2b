"""Rotary frequencies: how fast each pair of a head's values turns, plainly or scaled.

    plain     w_i = θ^(−2i/E)                                           Su et al. 2021
    linear    w_i / s                                                   Chen et al. 2023
    ntk       θ ← θ·s^(E/(E−2)): the fastest pair stays, the slowest turns s times slower     bloc97 2023
    dynamic   as ntk with s·n/L − (s−1) for s in a text of n > L tokens                       emozilla 2023
    yarn      slow pairs as linear, fast ones as they are, a ramp between                     Peng et al. 2024
    longrope  w_i / f_i with searched f: one list up to L tokens, another beyond              Ding et al. 2024
    llama3    as yarn, but the ramp goes by wavelength                                Dubey et al. 2024

In dynamic and longrope the angle of one and the same position changes as the text grows. Everything that was
computed from the old angles is then another: not the keys alone, but from the second block on the values too,
since what they are made of was read at other angles. So turning cached keys anew is not enough; a cache reads
its ids again where the regime changes (`RotaryScaling.regime`), and then equals a run without one exactly.

θ is the base, E the rotated width, L the original length, s the factor. Equal to the bit to what transformers
computes (`modeling_rope_utils`), so the orders of operations here are its: the last bit of a frequency is a
visible angle at position 100,000.
"""

import math

import torch
from torch import Tensor

from llmworks.errors import ConfigError
from llmworks.nn.rope_scaling import RotaryScaling


def folded_theta(theta: float, width: int, factor: float) -> float:
    """The base that makes fixed NTK scaling plain rotation."""
    return float(theta * factor ** (width / (width - 2))) if width > 2 else theta


def inverse_frequencies(
    width: int, theta: float, scaling: RotaryScaling | None = None, *, length: int = 0
) -> Tensor:
    """Radians a position for each pair, [width/2] float32, in a text of `length` tokens.

    `width` counts the rotated values of a head; `length` matters to the kinds that depend on it.
    """
    if scaling is not None and scaling.kind == "ntk":
        theta = folded_theta(theta, width, scaling.factor)
    base: float | Tensor = theta
    if scaling is not None and scaling.kind == "dynamic":
        base = dynamic_theta(theta, width, scaling, length)
    powers = base ** (torch.arange(0, width, 2, dtype=torch.float32) / width)
    if scaling is not None and scaling.kind == "longrope":
        return 1.0 / (longrope_factors(scaling, width, length) * powers)
    plain = 1.0 / powers
    if scaling is None or scaling.kind in ("ntk", "dynamic"):
        return plain
    if scaling.kind == "linear":
        return plain / scaling.factor
    if scaling.kind == "yarn":
        kept = 1 - yarn_ramp(width, theta, scaling)
        return 1.0 / (scaling.factor * powers) * (1 - kept) + plain * kept
    return llama3_frequencies(plain, scaling)


def dynamic_theta(theta: float, width: int, scaling: RotaryScaling, length: int) -> float | Tensor:
    """The base at `length` tokens: the model's own up to the original length, then ever larger."""
    original = scaling.original_length
    if original is None or length <= original or width <= 2:
        return theta
    # In float32 throughout, as transformers' forward has it, whose length is a tensor.
    stretch = (scaling.factor * torch.tensor(length) / original) - (scaling.factor - 1)
    return theta * stretch ** (width / (width - 2))


def longrope_factors(scaling: RotaryScaling, width: int, length: int) -> Tensor:
    """The list for a text of this length."""
    factors = scaling.long_factor if scaling.regime(length) else scaling.short_factor
    if factors is None or len(factors) != (width + 1) // 2:
        raise ConfigError(
            f"longrope: {len(factors or ())} factors were given for the {(width + 1) // 2} pairs that a head "
            "rotates; short_factor and long_factor hold one for each"
        )
    return torch.tensor(factors, dtype=torch.float32)


def yarn_ramp(width: int, theta: float, scaling: RotaryScaling) -> Tensor:
    """0 for the pairs that are left as they are, 1 for those that are slowed, [width/2]."""
    length = scaling.original_length or 1

    def pair(turns: float) -> float:
        """Which pair turns so often within the original length."""
        return (width * math.log(length / (turns * 2 * math.pi))) / (2 * math.log(theta))

    low, high = pair(scaling.beta_fast), pair(scaling.beta_slow)
    if scaling.truncate:
        low, high = math.floor(low), math.ceil(high)
    low, high = max(low, 0), min(high, width - 1)
    if low == high:
        high += 0.001
    return ((torch.arange(width // 2, dtype=torch.float32) - low) / (high - low)).clamp(0, 1)


def llama3_frequencies(plain: Tensor, scaling: RotaryScaling) -> Tensor:
    """Waves that fit into the original length often stay, those that hardly do are slowed; a ramp between."""
    length = scaling.original_length or 1
    few, many = scaling.low_freq_factor, scaling.high_freq_factor
    waves = 2 * math.pi / plain
    slowed = torch.where(waves > length / few, plain / scaling.factor, plain)
    share = (length / waves - few) / (many - few)
    between = ~(waves < length / many) & ~(waves > length / few)
    return torch.where(between, (1 - share) * slowed / scaling.factor + share * slowed, slowed)
