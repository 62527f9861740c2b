"""How sure a score is: standard errors, bootstrap intervals, and the paired bootstrap between two models.

    s.e. = s / √n        s² = Σ (x - x̄)² / (n - 1)
    interval: the 2.5 % and 97.5 % points of the statistic over resamples with replacement (Efron 1979)

Paired: both models' scores of the same items are drawn together, so that items that are hard for both do not
count as noise (Koehn 2004).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
RESAMPLES = 1000
CHUNK = 1 << 22  # drawn indices held at once


@dataclass(frozen=True, slots=True)
class Estimate:
    """A statistic of n items. error: standard error; low, high: the bootstrap interval."""

    value: float
    error: float
    low: float
    high: float
    n: int

    def to_dict(self) -> dict[str, float | int]:
        return {"value": self.value, "error": self.error, "low": self.low, "high": self.high, "n": self.n}


def standard_error(values: Sequence[float] | Floats) -> float:
    """Of the mean; nan for fewer than two values."""
    array = np.asarray(values, np.float64)
    if len(array) < 2:
        return math.nan
    return float(array.std(ddof=1) / math.sqrt(len(array)))


def resampled(
    columns: Sequence[Floats], statistic: Callable[..., Floats], *, seed: int, resamples: int = RESAMPLES
) -> Floats:
    """`statistic` of `resamples` draws of the items: [resamples].

    columns: arrays [n], drawn together. statistic: from the columns [r, n] to [r].
    """
    n = len(columns[0])
    random = np.random.default_rng(seed)
    found = []
    step = max(1, CHUNK // max(n, 1))
    for start in range(0, resamples, step):
        drawn = random.integers(0, n, (min(step, resamples - start), n))
        found.append(statistic(*(column[drawn] for column in columns)))
    return np.concatenate(found)


def estimate(
    columns: Sequence[Sequence[float] | Floats],
    statistic: Callable[..., Floats],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    confidence: float = 0.95,
) -> Estimate:
    """The statistic of all items with its bootstrap interval.

    The standard error is the exact one where the statistic is the plain mean of one column, else the
    standard deviation of the resamples.
    """
    arrays = [np.asarray(column, np.float64) for column in columns]
    n = len(arrays[0])
    if n == 0:
        return Estimate(math.nan, math.nan, math.nan, math.nan, 0)
    value = float(statistic(*(array[None] for array in arrays))[0])
    if n == 1:
        return Estimate(value, math.nan, math.nan, math.nan, 1)
    drawn = resampled(arrays, statistic, seed=seed, resamples=resamples)
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    error = standard_error(arrays[0]) if statistic is mean else float(drawn.std(ddof=1))
    return Estimate(value, error, float(low), float(high), n)


def mean(values: Floats) -> Floats:
    """[r, n] -> [r]"""
    result: Floats = values.mean(axis=1)
    return result


def exp_minus_mean(values: Floats) -> Floats:
    """Perplexity of log-likelihoods, one a document: e^(-mean)."""
    result: Floats = np.exp(-values.mean(axis=1))
    return result


def exp_minus_ratio(values: Floats, weights: Floats) -> Floats:
    """Perplexity a unit (word, byte) of log-likelihoods and counts of units: e^(-Σ ll / Σ units)."""
    result: Floats = np.exp(-values.sum(axis=1) / weights.sum(axis=1))
    return result


def bits_ratio(values: Floats, weights: Floats) -> Floats:
    """Bits a unit: -Σ ll / (Σ units · ln 2)."""
    result: Floats = -values.sum(axis=1) / weights.sum(axis=1) / math.log(2)
    return result


@dataclass(frozen=True, slots=True)
class Difference:
    """b - a on the same items. p: how often resamples fall on the other side of 0, both sides counted."""

    a: float
    b: float
    value: float
    low: float
    high: float
    p: float
    n: int

    def to_dict(self) -> dict[str, float | int]:
        return {name: getattr(self, name) for name in ("a", "b", "value", "low", "high", "p", "n")}


def paired_difference(
    a: Sequence[Sequence[float] | Floats],
    b: Sequence[Sequence[float] | Floats],
    statistic: Callable[..., Floats],
    *,
    seed: int = 0,
    resamples: int = 10_000,
    confidence: float = 0.95,
) -> Difference:
    """The difference of a statistic between two models, items drawn in pairs.

    p = 2 · min(share of draws ≤ 0, share ≥ 0), at most 1, at least 1/resamples.
    """
    left, right = ([np.asarray(column, np.float64) for column in side] for side in (a, b))
    wide = len(left)

    def difference(*columns: Floats) -> Floats:
        return statistic(*columns[wide:]) - statistic(*columns[:wide])

    value_a, value_b = (float(statistic(*(column[None] for column in side))[0]) for side in (left, right))
    drawn = resampled([*left, *right], difference, seed=seed, resamples=resamples)
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    p = 2 * min(float((drawn <= 0).mean()), float((drawn >= 0).mean()))
    return Difference(
        value_a, value_b, value_b - value_a, float(low), float(high),
        min(1.0, max(p, 1 / resamples)), len(left[0]),
    )  # fmt: skip
