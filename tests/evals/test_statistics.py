"""Standard errors, bootstrap intervals and paired differences, against formulas and scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest

from llmworks.evals import statistics


def test_estimate_of_a_mean() -> None:
    values = np.random.default_rng(0).random(500)
    made = statistics.estimate([values], statistics.mean, seed=1, resamples=4000)
    assert made.value == pytest.approx(values.mean())
    assert made.error == pytest.approx(values.std(ddof=1) / math.sqrt(500))
    # The interval of a mean of many is the normal one.
    assert made.low == pytest.approx(values.mean() - 1.96 * made.error, abs=0.1 * made.error)
    assert made.high == pytest.approx(values.mean() + 1.96 * made.error, abs=0.1 * made.error)
    assert made == statistics.estimate([values], statistics.mean, seed=1, resamples=4000)
    assert made != statistics.estimate([values], statistics.mean, seed=2, resamples=4000)


def test_interval_against_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    values = np.random.default_rng(3).exponential(size=80)
    made = statistics.estimate([values], statistics.exp_minus_mean, seed=0, resamples=20_000)
    theirs = stats.bootstrap(
        (values,), lambda v, axis: np.exp(-v.mean(axis=axis)), n_resamples=20_000, method="percentile"
    )
    assert made.low == pytest.approx(theirs.confidence_interval.low, rel=0.02)
    assert made.high == pytest.approx(theirs.confidence_interval.high, rel=0.02)
    assert made.error == pytest.approx(theirs.standard_error, rel=0.05)


def test_ratios_sum_before_they_divide() -> None:
    """Perplexity a word: a document of a hundred words weighs a hundred times one of one."""
    made = statistics.estimate([[-200.0, -1.0], [100, 1]], statistics.exp_minus_ratio)
    assert made.value == pytest.approx(math.exp(201 / 101))
    bits = statistics.estimate([[-200.0, -1.0], [100, 1]], statistics.bits_ratio)
    assert bits.value == pytest.approx(201 / 101 / math.log(2))


def test_few_items() -> None:
    assert statistics.estimate([[]], statistics.mean).n == 0
    one = statistics.estimate([[1.0]], statistics.mean)
    assert one.value == 1.0
    assert math.isnan(one.error)
    assert math.isnan(one.low)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    random = np.random.default_rng(5)
    hits = 0
    for seed in range(200):
        made = statistics.estimate([random.random(60) < 0.3], statistics.mean, seed=seed, resamples=400)
        hits += made.low <= 0.3 <= made.high
    assert 178 <= hits <= 199  # 95 % of 200, three standard errors and what the percentile interval lacks


def test_paired_difference_sees_what_separate_intervals_do_not() -> None:
    random = np.random.default_rng(7)
    easy = random.random(400)
    a = (easy > 0.5).astype(float)
    b = (easy > 0.45).astype(float)  # right on the same items and on a few more
    made = statistics.paired_difference([a], [b], statistics.mean, seed=0, resamples=2000)
    assert made.value == pytest.approx(b.mean() - a.mean())
    assert made.low > 0
    assert made.p < 0.01
    alone = [statistics.estimate([side], statistics.mean) for side in (a, b)]
    assert alone[0].high > alone[1].low  # the two intervals overlap


def test_no_difference_is_no_difference() -> None:
    a = np.arange(50) % 2
    made = statistics.paired_difference([a], [a], statistics.mean)
    assert (made.value, made.low, made.high, made.p) == (0.0, 0.0, 0.0, 1.0)
