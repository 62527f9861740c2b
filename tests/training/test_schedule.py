"""Schedules at their knots, and between."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmworks.errors import ConfigError
from llmworks.training.schedule import Schedule


def test_warmup_rises_in_equal_steps_to_the_peak() -> None:
    schedule = Schedule(100, "constant", warmup=10)
    assert [schedule(s) for s in range(11)] == pytest.approx([*(i / 10 for i in range(1, 11)), 1.0])


def test_cosine_knots() -> None:
    schedule = Schedule(110, "cosine", warmup=10, floor=0.1)
    assert schedule(9) == 1.0
    assert schedule(10 + 49) == pytest.approx(0.55)  # half way between peak and floor
    assert schedule(109) == pytest.approx(0.1)
    assert schedule(500) == pytest.approx(0.1)
    assert schedule(10 + 24) == pytest.approx(0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi / 4)))


def test_wsd_knots() -> None:
    linear = Schedule(100, "wsd", warmup=5, decay=20)
    assert [linear(s) for s in (5, 50, 79)] == [1.0, 1.0, 1.0]
    assert linear(80) == pytest.approx(0.95)
    assert linear(89) == pytest.approx(0.5)
    assert linear(99) == 0.0
    root = Schedule(100, "wsd", decay=20, shape="sqrt", floor=0.2)
    assert root(84) == pytest.approx(0.2 + 0.8 * 0.5)  # 1 - √(5/20)
    assert root(99) == pytest.approx(0.2)


def test_no_warmup_and_no_decay_is_flat() -> None:
    assert {Schedule(7, "wsd")(s) for s in range(10)} == {1.0}


@given(st.integers(1, 300), st.data())
def test_shares_stay_between_floor_and_peak_and_fall_monotonically(steps: int, data: st.DataObject) -> None:
    warmup = data.draw(st.integers(0, steps))
    decay = data.draw(st.integers(0, steps - warmup))
    floor = data.draw(st.floats(0, 1))
    kind = data.draw(st.sampled_from(["wsd", "cosine", "constant"]))
    schedule = Schedule(steps, kind, warmup, decay, data.draw(st.sampled_from(["linear", "sqrt"])), floor)
    shares = [schedule(s) for s in range(steps + 2)]
    assert all(0.0 <= share <= 1.0 for share in shares)
    assert shares[:warmup] == sorted(shares[:warmup])
    assert all(a >= b - 1e-12 for a, b in zip(shares[warmup:], shares[warmup + 1 :], strict=False))


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps": 0},
        {"steps": 10, "warmup": 11},
        {"steps": 10, "warmup": 6, "decay": 5},
        {"steps": 1, "floor": 2},
    ],
)
def test_impossible_schedules_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ConfigError):
        Schedule(**wrong)
