"""Positions: rotation's defining property, the waves, tables that survive casts and growth."""

import math
import pickle

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from llmworks.errors import RequestError
from llmworks.nn.positions import (
    Alibi,
    LearnedPositions,
    RotaryPositions,
    SinusoidalPositions,
    alibi_slopes,
    rotate,
)


@given(st.integers(0, 90), st.integers(0, 90), st.integers(0, 30))
@settings(max_examples=40, deadline=None)
def test_rotary_scores_depend_on_the_distance_alone(m: int, n: int, shift: int) -> None:
    rope = RotaryPositions(128, 16, 10_000.0)
    torch.manual_seed(m * 100 + n)
    q, k = torch.randn(1, 16), torch.randn(1, 16)

    def score(i: int, j: int) -> float:
        return float((rotate(q, rope(i, 1)) * rotate(k, rope(j, 1))).sum())

    assert score(m, n) == pytest.approx(score(m + shift, n + shift), abs=2e-4)


def test_rotation_pairs_halves_and_turns_by_the_angle() -> None:
    rope = RotaryPositions(8, 4, 100.0)
    x = torch.tensor([[1.0, 0.0, 0.0, 1.0]])
    a, b = 3.0, 3.0 / 10  # position 3 times the frequencies 1 and 100^(-1/2)
    expected = torch.tensor([[math.cos(a), -math.sin(b), math.sin(a), math.cos(b)]])
    torch.testing.assert_close(rotate(x, rope(3, 1)), expected)


def test_rotation_keeps_lengths_and_its_gradient_turns_back() -> None:
    rope = RotaryPositions(8, 16, 10_000.0)
    x = torch.randn(2, 3, 8, 16, dtype=torch.float32, requires_grad=True)
    out = rotate(x, rope(0, 8))
    torch.testing.assert_close(out.norm(dim=-1), x.norm(dim=-1))
    gradient = torch.randn_like(x)
    (back,) = torch.autograd.grad(out, x, gradient)
    torch.testing.assert_close(rotate(back, rope(0, 8)), gradient)


def test_rotation_gradient_by_finite_differences() -> None:
    cos, sin = (table.double() for table in RotaryPositions(4, 6, 100.0)(0, 4))
    x = torch.randn(2, 4, 6, dtype=torch.float64, requires_grad=True)

    def in_double(x: torch.Tensor) -> torch.Tensor:
        a, b = x.chunk(2, -1)
        return torch.cat((a * cos - b * sin, b * cos + a * sin), -1)

    expected = torch.autograd.grad(in_double(x).cos().sum(), x)[0].float()
    y = x.detach().float().requires_grad_()
    torch.testing.assert_close(
        torch.autograd.grad(rotate(y, (cos.float(), sin.float())).cos().sum(), y)[0],
        expected,
        atol=1e-5,
        rtol=1e-4,
    )


def test_rotation_keeps_the_type_and_turns_in_float32() -> None:
    rope = RotaryPositions(4096, 16, 10_000.0)
    x = torch.randn(4096, 16)
    low = rotate(x.bfloat16(), rope(0, 4096))
    assert low.dtype == torch.bfloat16
    torch.testing.assert_close(low.float(), rotate(x, rope(0, 4096)), atol=0.05, rtol=0.02)


def test_sinusoidal_values() -> None:
    waves = SinusoidalPositions(16, 8)(0, 16)
    for t in (0, 1, 7):
        for i in range(4):
            angle = t / 10_000 ** (2 * i / 8)
            assert waves[t, 2 * i].item() == pytest.approx(math.sin(angle), abs=1e-6)
            assert waves[t, 2 * i + 1].item() == pytest.approx(math.cos(angle), abs=1e-6)


def test_tables_start_anywhere_and_grow() -> None:
    small, large = RotaryPositions(4, 8, 10_000.0), RotaryPositions(64, 8, 10_000.0)
    for one, other in zip(small(30, 5), large(30, 5), strict=True):
        assert torch.equal(one, other)


def test_tables_stay_float32_are_not_saved_and_are_real_on_meta() -> None:
    rope = RotaryPositions(512, 8, 10_000.0)
    assert not rope.state_dict()
    before = rope(0, 512)[0].clone()
    rope.to(torch.bfloat16)
    assert rope(0, 512)[0].dtype == torch.float32
    assert torch.equal(rope(0, 512)[0], before)
    with torch.device("meta"):
        built = RotaryPositions(512, 8, 10_000.0)
    assert torch.equal(built(0, 512)[0], before)
    assert torch.equal(pickle.loads(pickle.dumps(rope))(0, 512)[0], before)


def test_a_table_grown_in_an_inference_run_serves_training() -> None:
    rope = RotaryPositions(4, 8, 10_000.0)
    with torch.inference_mode():
        rope(0, 9)
    x = torch.randn(9, 8, requires_grad=True)
    rotate(x, rope(0, 9)).sum().backward()
    assert x.grad is not None


def test_learned_positions_end_where_they_were_learned() -> None:
    learned = LearnedPositions(4, 8)
    torch.nn.init.normal_(learned.weight)
    assert torch.equal(learned(1, 3), learned.weight[1:4])
    with pytest.raises(RequestError, match="4 positions; given 5"):
        learned(3, 2)


@pytest.mark.parametrize("heads", [*range(1, 34), 40, 71, 112])
def test_alibi_slopes_are_those_of_bloom_and_mpt(heads: int) -> None:
    from transformers.models.bloom.modeling_bloom import build_alibi_tensor
    from transformers.models.mpt.modeling_mpt import build_mpt_alibi_tensor

    bloom = build_alibi_tensor(torch.ones(1, 2), heads, torch.float32)[:, 0, 1]
    torch.testing.assert_close(alibi_slopes(heads), bloom, atol=0, rtol=1e-6)
    mpt = -build_mpt_alibi_tensor(heads, 2, alibi_bias_max=6)[:, 0, 0]
    torch.testing.assert_close(alibi_slopes(heads, 6.0), mpt, atol=0, rtol=1e-6)


def test_alibi_of_a_continued_run_is_the_lower_rows_of_the_whole() -> None:
    alibi = Alibi(6, 8.0).to(torch.bfloat16)
    assert alibi(0, 9).dtype == torch.float32
    assert torch.equal(alibi(5, 4), alibi(0, 9)[:, 5:])
    assert not alibi.state_dict()


@pytest.mark.parametrize("gradient", [False, True])
def test_interleaved_pairs_are_neighbours(gradient: bool) -> None:
    """Sorting neighbours into halves, turning the halves and sorting back is the same."""
    rotation = RotaryPositions(9, 8, 100.0)(0, 9)
    x = torch.randn(2, 3, 9, 8, requires_grad=gradient)
    order = torch.tensor([0, 2, 4, 6, 1, 3, 5, 7])
    expected = rotate(x[..., order], rotation)[..., torch.argsort(order)]
    torch.testing.assert_close(rotate(x, rotation, interleaved=True), expected)
    if gradient:
        weight = torch.randn(x.shape)
        one, other = (
            torch.autograd.grad((out * weight).sum(), x)[0]
            for out in (rotate(x, rotation, interleaved=True), expected)
        )
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize("interleaved", [False, True])
def test_a_narrow_rotation_leaves_the_rest_of_the_head(interleaved: bool) -> None:
    rotation = RotaryPositions(9, 6, 100.0)(0, 9)
    x = torch.randn(2, 9, 10)
    out = rotate(x, rotation, interleaved)
    assert torch.equal(out[..., 6:], x[..., 6:])
    torch.testing.assert_close(out[..., :6], rotate(x[..., :6].contiguous(), rotation, interleaved))
