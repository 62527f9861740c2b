"""Calibration against scikit-learn's curves and scores, and against the definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmworks.evals import calibration as c

answers = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def arrays(given_answers: list[tuple[float, bool]]) -> tuple[c.Floats, c.Floats]:
    return np.array([sure for sure, _ in given_answers]), np.array([float(hit) for _, hit in given_answers])


def sample(n: int = 2000) -> tuple[c.Floats, c.Floats]:
    random = np.random.default_rng(0)
    sure = random.random(n) ** 0.5
    return sure, (random.random(n) < sure**2).astype(float)


@settings(max_examples=60, deadline=None)
@given(answers)
def test_ece_by_its_definition(given_answers: list[tuple[float, bool]]) -> None:
    """Guo et al. 2017, equation 3: M bins ((m-1)/M, m/M]."""
    sure, hits = arrays(given_answers)
    expected = 0.0
    for m in range(1, 11):
        low, high = (m - 1) / 10, np.linspace(0, 1, 11)[m]
        within = (sure <= high) & ((sure > np.linspace(0, 1, 11)[m - 1]) | (m == 1))
        assert low <= high
        if within.any():
            expected += within.mean() * abs(hits[within].mean() - sure[within].mean())
    made = c.calibration(sure.tolist(), [bool(hit) for hit in hits])
    assert made.ece == pytest.approx(expected, abs=1e-9)
    assert sum(part.n for part in made.equal_width) == sum(part.n for part in made.equal_mass) == len(sure)
    assert made.brier == pytest.approx(np.mean((sure - hits) ** 2))


def test_reliability_curve_against_scikit_learn() -> None:
    sklearn = pytest.importorskip("sklearn.calibration")
    metrics = pytest.importorskip("sklearn.metrics")
    sure, hits = sample()
    made = c.calibration(sure.tolist(), [bool(hit) for hit in hits])
    true, predicted = sklearn.calibration_curve(hits, sure, n_bins=10, strategy="uniform")
    assert [part.accuracy for part in made.equal_width] == pytest.approx(true.tolist())
    assert [part.confidence for part in made.equal_width] == pytest.approx(predicted.tolist())
    true, predicted = sklearn.calibration_curve(hits, sure, n_bins=10, strategy="quantile")
    assert [part.accuracy for part in made.equal_mass] == pytest.approx(true.tolist())
    assert [part.confidence for part in made.equal_mass] == pytest.approx(predicted.tolist())
    assert made.brier == pytest.approx(metrics.brier_score_loss(hits, sure))


def test_a_calibrated_model_has_a_small_error_and_a_boaster_a_large_one() -> None:
    random = np.random.default_rng(1)
    sure = random.random(20_000)
    hits = random.random(20_000) < sure
    assert c.calibration(sure.tolist(), hits.tolist()).ece < 0.015
    boaster = c.calibration([0.99] * 100, [place < 50 for place in range(100)])
    assert boaster.ece == pytest.approx(0.49)
    assert boaster.max_error == pytest.approx(0.49)


@settings(max_examples=60, deadline=None)
@given(answers)
def test_risk_is_the_mean_over_all_orders_of_equals(given_answers: list[tuple[float, bool]]) -> None:
    sure, hits = arrays([(round(sure, 1), hit) for sure, hit in given_answers])
    risks = c.risk_coverage(sure, hits)
    assert risks[-1] == pytest.approx(1 - hits.mean())
    for kept in range(1, len(sure) + 1):
        line = np.sort(sure)[::-1][kept - 1]
        above, at = sure > line, sure == line
        share = (kept - above.sum()) / at.sum()
        wrong = (1 - hits[above]).sum() + share * (1 - hits[at]).sum()
        assert risks[kept - 1] == pytest.approx(wrong / kept)


def test_the_best_order_has_the_best_aurc() -> None:
    sure, hits = sample(300)
    made = c.calibration(sure.tolist(), [bool(hit) for hit in hits])
    perfect = c.calibration(hits.tolist(), [bool(hit) for hit in hits])
    assert made.aurc_best == pytest.approx(perfect.aurc)
    assert made.aurc > made.aurc_best
    coverages = [coverage for coverage, _, _ in made.abstention]
    assert coverages == pytest.approx(list(c.COVERAGES))
    thresholds = [threshold for _, _, threshold in made.abstention]
    assert thresholds == sorted(thresholds, reverse=True)


def test_temperature_is_found_again() -> None:
    """Choices drawn from softmax(logits / 2.5) are fitted best by 2.5."""
    random = np.random.default_rng(2)
    logits = random.normal(size=(6000, 4)) * 4
    shares = np.exp(logits / 2.5)
    shares /= shares.sum(axis=1, keepdims=True)
    right = [int(random.choice(4, p=row)) for row in shares]
    assert c.fit_temperature(logits.tolist(), right) == pytest.approx(2.5, rel=0.06)
    made = c.scaled(logits.tolist(), right)
    assert made is not None
    assert made["ece_after"] < 0.3 * made["ece_before"]
    assert c.scaled(logits[:5].tolist(), right[:5]) is None


def test_mean_confidences_of_right_and_wrong() -> None:
    made = c.calibration([0.9, 0.8, 0.4], [True, True, False])
    assert (made.when_right, made.when_wrong) == (pytest.approx(0.85), pytest.approx(0.4))
    assert math.isnan(c.calibration([0.5], [True]).when_wrong)
