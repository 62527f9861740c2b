"""The sampling pipeline: golden numbers, limits, the boundary rules, and what the reports say."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from llmworks.inference import OutputError, ParameterError, Sampler, SamplingParams
from llmworks.inference.sampling import (
    Candidates,
    MinP,
    Temperature,
    TopK,
    TopP,
    choice_seed,
    draw,
    log_probabilities,
    uniform,
)

# On a grid: exact in float32, often equal, and far enough apart for a low temperature to tell.
logits_on_grid = st.integers(-30 * 64, 30 * 64).map(lambda step: step / 64)
logit_lists = st.lists(logits_on_grid, min_size=1, max_size=60)


def probabilities(logits: list[float], *stages: object) -> dict[int, float]:
    candidates = Candidates(torch.tensor(logits, dtype=torch.float32))
    for stage in stages:
        candidates = stage(candidates, None)  # type: ignore[operator]
    ids = range(len(candidates)) if candidates.ids is None else candidates.ids.tolist()
    return dict(zip(ids, candidates.probabilities().tolist(), strict=True))


@pytest.mark.parametrize(
    ("temperature", "expected"),
    [
        (1, (0.631, 0.232, 0.085, 0.052)),
        (0.5, (0.862, 0.117, 0.016, 0.006)),
        (2, (0.442, 0.268, 0.163, 0.127)),
    ],
)
def test_golden_temperatures(temperature: float, expected: tuple[float, ...]) -> None:
    """The catalogue's table: softmax(3, 2, 1, 0.5) at three temperatures."""
    found = probabilities([3, 2, 1, 0.5], Temperature(temperature))
    assert list(found.values()) == pytest.approx(expected, abs=6e-4)


@given(logit_lists)
@settings(deadline=None)
def test_temperature_limits(logits: list[float]) -> None:
    hot = list(probabilities(logits, Temperature(1e9)).values())
    assert hot == pytest.approx([1 / len(logits)] * len(logits), rel=1e-5)
    greedy = probabilities(logits, Temperature(0))
    assert list(greedy) == [int(torch.tensor(logits).argmax())]
    best = max(torch.tensor(logits).tolist())
    cold = probabilities(logits, Temperature(1e-30))
    assert all(logits[id] == best for id, mass in cold.items() if mass > 0)


@given(logit_lists, st.integers(1, 80))
@settings(deadline=None)
def test_top_k_keeps_the_k_most_probable_lowest_ids_first(logits: list[float], k: int) -> None:
    order = sorted(range(len(logits)), key=lambda id: (-logits[id], id))
    assert list(probabilities(logits, TopK(k))) == sorted(order[:k])


@given(logit_lists, st.floats(0.01, 0.999))
@settings(deadline=None)
def test_top_p_keeps_the_smallest_set(logits: list[float], p: float) -> None:
    full = probabilities(logits)
    kept = probabilities(logits, TopP(p))
    mass = sum(full[id] for id in kept)
    assert mass >= p - 1e-6
    assert mass - min(full[id] for id in kept) < p + 1e-6, (
        "without its least probable token it still reaches p"
    )
    outside = [full[id] for id in full if id not in kept]
    assert not outside or max(outside) <= min(full[id] for id in kept)
    assert list(kept) == sorted(kept)


@pytest.mark.parametrize(("p", "expected"), [(0.49, [2]), (0.51, [0, 2]), (0.76, [0, 1, 2]), (1e-9, [2])])
def test_top_p_boundary(p: float, expected: list[int]) -> None:
    """Masses 1/4, 1/8, 1/2, 1/8: the token that crosses p stays, among equals the lower id."""
    assert list(probabilities([math.log(x) for x in (0.25, 0.125, 0.5, 0.125)], TopP(p))) == expected


def test_top_p_agrees_with_transformers() -> None:
    from transformers import MinPLogitsWarper, TopPLogitsWarper

    torch.manual_seed(0)
    for p in (0.1, 0.5, 0.9, 0.99):
        logits = torch.randn(1, 1000) * 3
        for warper, stage in ((TopPLogitsWarper(p), TopP(p)), (MinPLogitsWarper(p), MinP(p))):
            expected = torch.isfinite(warper(None, logits)[0]).nonzero().flatten().tolist()
            assert list(probabilities(logits[0].tolist(), stage)) == expected


@given(logit_lists, st.floats(0.001, 1))
@settings(deadline=None)
def test_min_p_is_relative_to_the_most_probable(logits: list[float], p: float) -> None:
    full, kept = probabilities(logits), probabilities(logits, MinP(p))
    best = max(full.values())
    for id, mass in full.items():
        if abs(mass - p * best) > 1e-4 * best:
            assert (id in kept) == (mass > p * best)
    assert max(full, key=lambda id: full[id]) in kept or len(kept) >= 1


@given(logit_lists, st.integers(0, 2**64 - 1))
@settings(max_examples=50, deadline=None)
def test_a_stage_that_removes_nothing_changes_nothing(logits: list[float], seed: int) -> None:
    tensor = torch.tensor(logits)
    plain = Sampler(SamplingParams(seed=seed), [0], len(logits))
    idle = Sampler(SamplingParams(seed=seed, top_k=len(logits), min_p=1e-30), [0], len(logits))
    assert [plain(tensor)[0] for _ in range(5)] == [idle(tensor)[0] for _ in range(5)]


@given(logit_lists, st.integers(0, 2**64 - 1), st.integers(1, 9), st.floats(0.1, 1), st.floats(0, 0.5))
@settings(max_examples=60, deadline=None)
def test_report_and_fast_path_pick_the_same(
    logits: list[float], seed: int, top_k: int, top_p: float, min_p: float
) -> None:
    params = SamplingParams(seed=seed, top_k=top_k, top_p=top_p, min_p=min_p, temperature=0.7)
    told, silent = (Sampler(params, [0], len(logits)) for _ in range(2))
    for _ in range(3):
        token, reports = told(torch.tensor(logits), report=True)
        assert (token, ()) == silent(torch.tensor(logits))
        assert [report.name for report in reports] == [
            "model", "penalties", "temperature", "top_k", "top_p", "min_p", "draw",
        ]  # fmt: skip
        for before, after in itertools.pairwise(reports):
            assert after.before == before.after
        assert reports[-1].top[0][0] == token
        for report in reports[:-1]:
            assert len(report.removed) == min(20, report.before - report.after)
            assert 0 <= report.removed_mass < 1


def test_report_says_what_was_removed() -> None:
    logits = torch.log(torch.tensor([0.4, 0.3, 0.2, 0.1]))
    _, reports = Sampler(SamplingParams(top_k=2, seed=0), [0], 4)(logits, report=True)
    top_k = next(report for report in reports if report.name == "top_k")
    assert (top_k.before, top_k.after, top_k.settings) == (4, 2, {"top_k": 2})
    assert [id for id, _ in top_k.removed] == [2, 3]
    assert top_k.removed_mass == pytest.approx(0.3, abs=1e-6)
    assert dict(top_k.top) == pytest.approx({0: 4 / 7, 1: 3 / 7}, abs=1e-6)


@given(st.integers(-(2**63), 2**64 - 1), st.integers(0, 10**6))
@settings(deadline=None)
def test_uniform_is_a_function_of_seed_and_position(seed: int, position: int) -> None:
    number = uniform(seed, position)
    assert 0 <= number < 1
    assert number == uniform(seed, position)
    assert number != uniform(seed, position + 1)
    assert choice_seed(seed, 0) == seed != choice_seed(seed, 1)


def test_uniform_is_uniform() -> None:
    """Kolmogorov-Smirnov over positions and over seeds, and no serial correlation."""
    for numbers in ([uniform(7, i) for i in range(20_000)], [uniform(i, 3) for i in range(20_000)]):
        sample = torch.tensor(numbers, dtype=torch.float64)
        ordered = sample.sort().values
        distance = (ordered - torch.arange(1, 20_001) / 20_000).abs().max()
        assert distance < 1.95 / math.sqrt(20_000), "p < 0.001"
        pairs = torch.corrcoef(torch.stack([sample[:-1], sample[1:]]))[0, 1]
        assert abs(pairs) < 4 / math.sqrt(20_000)


def test_draws_follow_the_distribution() -> None:
    """χ² of 20,000 draws; 16.27 is the 0.999 quantile at 3 degrees of freedom."""
    candidates = Candidates(torch.tensor([3, 2, 1, 0.5]))
    counts = [0, 0, 0, 0]
    for position in range(20_000):
        counts[draw(candidates, uniform(11, position))[0]] += 1
    expected = [20_000 * mass for mass in candidates.probabilities().tolist()]
    assert sum((c - e) ** 2 / e for c, e in zip(counts, expected, strict=True)) < 16.27


@pytest.mark.parametrize("number", [0.0, 0.5, 1 - 2**-53])
def test_draw_never_takes_a_token_without_mass(number: float) -> None:
    logits = torch.tensor([-math.inf, 0.0, -math.inf, 0.0, -math.inf])
    assert draw(Candidates(logits), number)[0] in (1, 3)


def test_penalties() -> None:
    params = SamplingParams(
        repetition_penalty=2, presence_penalty=0.5, frequency_penalty=0.25, logit_bias={3: 5}, seed=0
    )
    sampler = Sampler(params, [0, 1], 5)
    logits = torch.tensor([1.0, -1.0, 1.0, 1.0, 1.0])

    def after() -> Tensor:
        return sampler.stages[0](Candidates(logits), sampler._history).logits

    assert after().tolist() == [0.5, -2.0, 1.0, 6.0, 1.0], "the prompt counts for repetition alone"
    for _ in range(2):
        sampler._history.add(2)  # type: ignore[union-attr]
    assert after().tolist() == [0.5, -2.0, 0.5 - 0.5 - 2 * 0.25, 6.0, 1.0]
    assert logits.tolist() == [1, -1, 1, 1, 1], "the model's logits are left as they are"


def test_repetition_penalty_agrees_with_transformers() -> None:
    from transformers import RepetitionPenaltyLogitsProcessor

    torch.manual_seed(1)
    logits, ids = torch.randn(1, 50), torch.randint(0, 50, (1, 20))
    expected = RepetitionPenaltyLogitsProcessor(1.3)(ids, logits.clone())[0]
    sampler = Sampler(SamplingParams(repetition_penalty=1.3), ids[0].tolist(), 50)
    assert torch.equal(sampler.stages[0](Candidates(logits[0]), sampler._history).logits, expected)


def test_penalties_reach_the_draw() -> None:
    logits = torch.tensor([5.0, 4.0, 0.0])
    sampler = Sampler(SamplingParams(temperature=0, frequency_penalty=1.5), [2], 3)
    assert [sampler(logits)[0] for _ in range(4)] == [0, 1, 0, 1]
    assert Sampler(SamplingParams(temperature=0, logit_bias={2: 100}), [0], 3)(logits)[0] == 2


@pytest.mark.parametrize("bad", [math.nan, math.inf])
@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_logits_that_are_no_numbers(bad: float, temperature: float) -> None:
    with pytest.raises(OutputError, match="output position 0"):
        Sampler(SamplingParams(temperature=temperature), [0], 3)(torch.tensor([0.0, bad, 1.0]))
    with pytest.raises(OutputError):
        Sampler(SamplingParams(), [0], 2)(torch.tensor([-math.inf, -math.inf]))


def test_log_probabilities_are_of_the_model_alone() -> None:
    logits = torch.tensor([3, 2, 1, 0.5])
    expected = torch.log_softmax(logits, 0)
    chosen, best = log_probabilities(logits, 2, 2)
    assert chosen == pytest.approx(float(expected[2]), abs=1e-6)
    assert [id for id, _ in best] == [0, 1]
    assert [value for _, value in best] == pytest.approx(expected[:2].tolist(), abs=1e-6)
    assert len(log_probabilities(logits, 0, 100)[1]) == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", -0.1), ("temperature", math.nan), ("temperature", math.inf), ("temperature", "1"),
        ("temperature", True), ("top_k", -1), ("top_k", 1.5), ("top_p", 0), ("top_p", 1.01), ("min_p", -0.1),
        ("min_p", 2), ("repetition_penalty", 0), ("presence_penalty", 3), ("frequency_penalty", -3),
        ("seed", 2**64), ("seed", 0.5), ("max_tokens", -1), ("max_tokens", "5"), ("logprobs", -1),
        ("stop", ""), ("stop", ("a", "")), ("stop", (1,)), ("stop", ("x",) * 17), ("stop_ids", (-1,)),
        ("logit_bias", {1: 101}), ("logit_bias", {-1: 0}),
    ],
)  # fmt: skip
def test_nonsense_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(ParameterError, match=f"^{name}: .* was given|^{name}: .* were given") as caught:
        SamplingParams(**{name: value})  # type: ignore[arg-type]
    assert caught.value.param == name
