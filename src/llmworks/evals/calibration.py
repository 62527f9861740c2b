"""Whether a model is as often right as it is sure: reliability, calibration errors, and what abstaining buys.

    ECE   = Σ_b n_b/n · |accuracy_b - confidence_b|         over bins of equal width, or of equal mass
    Brier = mean (confidence - right)²
    risk at coverage c = share of wrong answers among the surest share c;  AURC = its mean over c

Naeini et al. 2015 and Guo et al. 2017 (ECE, temperature scaling), Geifman and El-Yaniv 2017 (coverage).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
BINS = 10
COVERAGES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers whose confidence lies in (low, high]: how many, their mean confidence and share right."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """equal_width, equal_mass: the bins with something in them. when_right, when_wrong: mean confidences.

    abstention: (coverage, risk, confidence of the least sure answer that is still given).
    aurc_best: the AURC of a model that is surer of each right answer than of any wrong one.
    """

    n: int
    accuracy: float
    confidence: float
    when_right: float
    when_wrong: float
    ece: float
    ece_mass: float
    max_error: float
    brier: float
    aurc: float
    aurc_best: float
    equal_width: list[Bin]
    equal_mass: list[Bin]
    abstention: list[tuple[float, float, float]]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def calibration(confidence: Sequence[float], right: Sequence[bool], bins: int = BINS) -> Calibration:
    """All of it for n answers. confidence: 0 to 1 each."""
    sure, hits = np.asarray(confidence, np.float64), np.asarray(right, np.float64)
    width, mass = equal_width(sure, hits, bins), equal_mass(sure, hits, bins)
    risks = risk_coverage(sure, hits)
    order = np.sort(sure)[::-1]
    points = []
    for coverage in COVERAGES:
        kept = max(1, round(coverage * len(sure)))
        points.append((kept / len(sure), float(risks[kept - 1]), float(order[kept - 1])))
    best = np.sort(hits)[::-1]
    return Calibration(
        n=len(sure),
        accuracy=float(hits.mean()),
        confidence=float(sure.mean()),
        when_right=_mean(sure[hits == 1]),
        when_wrong=_mean(sure[hits == 0]),
        ece=expected_error(width),
        ece_mass=expected_error(mass),
        max_error=max(abs(part.accuracy - part.confidence) for part in width),
        brier=float(((sure - hits) ** 2).mean()),
        aurc=float(risks.mean()),
        aurc_best=float(risk_coverage(best, best).mean()) if 0 < hits.mean() < 1 else float(risks.mean()),
        equal_width=width,
        equal_mass=mass,
        abstention=points,
    )


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else math.nan


def equal_width(confidence: Floats, right: Floats, bins: int = BINS) -> list[Bin]:
    """(0, 1/bins], (1/bins, 2/bins], …; 0 itself belongs to the first. Empty bins are left out."""
    edges = np.linspace(0.0, 1.0, bins + 1)
    place = np.clip(np.searchsorted(edges[1:-1], confidence, side="left"), 0, bins - 1)
    made = []
    for index in range(bins):
        within = place == index
        if within.any():
            made.append(_bin(float(edges[index]), float(edges[index + 1]), confidence[within], right[within]))
    return made


def equal_mass(confidence: Floats, right: Floats, bins: int = BINS) -> list[Bin]:
    """Bins of as many answers each as may be, by rising confidence."""
    order = np.argsort(confidence, kind="stable")
    parts = [part for part in np.array_split(order, min(bins, len(order))) if len(part)]
    return [
        _bin(float(confidence[part[0]]), float(confidence[part[-1]]), confidence[part], right[part])
        for part in parts
    ]


def _bin(low: float, high: float, confidence: Floats, right: Floats) -> Bin:
    return Bin(low, high, len(confidence), float(confidence.mean()), float(right.mean()))


def expected_error(bins: Sequence[Bin]) -> float:
    """ECE of some bins."""
    total = sum(part.n for part in bins)
    return sum(part.n / total * abs(part.accuracy - part.confidence) for part in bins)


def risk_coverage(confidence: Floats, right: Floats) -> Floats:
    """Share of wrong answers among the k surest, k = 1 … n: [n].

    Among equally sure answers the wrong ones are spread evenly, as if their order were drawn by lot.
    """
    order = np.argsort(-confidence, kind="stable")
    sure, wrong = confidence[order], 1.0 - right[order]
    _, group, sizes = np.unique(-sure, return_inverse=True, return_counts=True)
    spread = np.bincount(group, weights=wrong) / sizes
    risks: Floats = np.cumsum(spread[group]) / np.arange(1, len(sure) + 1)
    return risks


def fit_temperature(logits: Sequence[Sequence[float]], right: Sequence[int]) -> float:
    """The T by which logits are divided so that the right choices become most probable together.

    Minimises -Σ log softmax(logits / T)[right] over T by golden section; the loss has one valley in 1/T.
    """

    by_length: dict[int, tuple[list[Sequence[float]], list[int]]] = {}
    for row, index in zip(logits, right, strict=True):
        rows, indices = by_length.setdefault(len(row), ([], []))
        rows.append(row)
        indices.append(index)
    groups = [(np.asarray(rows, np.float64), np.asarray(indices)) for rows, indices in by_length.values()]

    def loss(sharpness: float) -> float:
        total = 0.0
        for rows, indices in groups:
            scaled = rows * sharpness
            top = scaled.max(axis=1)
            log_sums = top + np.log(np.exp(scaled - top[:, None]).sum(axis=1))
            total += float((log_sums - scaled[np.arange(len(indices)), indices]).sum())
        return total

    low, high = math.log(1e-3), math.log(1e3)
    golden = (math.sqrt(5) - 1) / 2
    left, right_ = high - golden * (high - low), low + golden * (high - low)
    at_left, at_right = loss(math.exp(left)), loss(math.exp(right_))
    while high - low > 1e-5:
        if at_left <= at_right:
            high, right_, at_right = right_, left, at_left
            left = high - golden * (high - low)
            at_left = loss(math.exp(left))
        else:
            low, left, at_left = left, right_, at_right
            right_ = low + golden * (high - low)
            at_right = loss(math.exp(right_))
    return math.exp(-(low + high) / 2)


def scaled(logits: Sequence[Sequence[float]], right: Sequence[int]) -> dict[str, Any] | None:
    """Temperature fitted on every second item, and the ECE of the others before and after it.

    None where there are too few items to say anything.
    """
    if len(logits) < 20:
        return None
    temperature = fit_temperature(logits[::2], right[::2])
    before: list[float] = []
    after: list[float] = []
    hits: list[bool] = []
    for row, index in zip(logits[1::2], right[1::2], strict=True):
        array = np.asarray(row, np.float64)
        hits.append(int(array.argmax()) == index)
        for made, divisor in ((before, 1.0), (after, temperature)):
            shares = np.exp((array - array.max()) / divisor)
            made.append(float((shares / shares.sum()).max()))
    truth = np.asarray(hits, np.float64)
    return {
        "temperature": temperature,
        "fitted_on": len(logits[::2]),
        "measured_on": len(hits),
        "ece_before": expected_error(equal_width(np.asarray(before), truth)),
        "ece_after": expected_error(equal_width(np.asarray(after), truth)),
    }
