"""Scaled rotations against transformers: frequencies and factors to the bit, config files both ways."""

import math
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from llmworks.errors import ConfigError
from llmworks.nn.rope_frequencies import folded_theta, inverse_frequencies
from llmworks.nn.rope_scaling import RotaryScaling

transformers = pytest.importorskip("transformers")
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS  # noqa: E402

THETAS = st.sampled_from([10_000.0, 500_000.0, 1_000_000.0, 160_000.0, 10.5])
FACTORS = st.floats(1.0, 64.0)
LENGTHS = st.integers(32, 300_000)


def reference(parameters: dict[str, Any], d_head: int, max_length: int, seq_len: Any = None) -> Any:
    """transformers' own inverse frequencies and attention factor for a Llama of this head."""
    config = transformers.LlamaConfig(
        hidden_size=4 * d_head, num_attention_heads=4, head_dim=d_head, max_position_embeddings=max_length,
        rope_parameters=dict(parameters),
    )  # fmt: skip
    return ROPE_INIT_FUNCTIONS[parameters["rope_type"]](config, torch.device("cpu"), seq_len=seq_len)


def check(parameters: dict[str, Any], d_head: int, max_length: int, length: int | None = None) -> None:
    """Ours equal theirs to the bit, and what we write reads back as the same."""
    fraction = parameters.get("partial_rotary_factor", 1.0)
    width, theta = int(d_head * fraction), parameters["rope_theta"]
    scaling = RotaryScaling.from_hf(parameters, max_length=max_length)
    assert scaling is not None
    # As the forward calls it: the length is a tensor.
    expected, factor = reference(
        parameters, d_head, max_length, None if length is None else torch.tensor(length)
    )
    assert torch.equal(inverse_frequencies(width, theta, scaling, length=length or 0), expected)
    assert scaling.cosine_factor == factor
    old_style = scaling.to_hf()
    old_style["type"] = old_style.pop("rope_type")
    for written in (scaling.to_hf(), old_style):
        assert RotaryScaling.from_hf(written, max_length=max_length) == scaling
    again, factor = reference(
        scaling.to_hf() | {"rope_theta": theta, "partial_rotary_factor": fraction}, d_head, max_length,
        None if length is None else torch.tensor(length),
    )  # fmt: skip
    assert torch.equal(again, expected)
    assert scaling.cosine_factor == factor


@settings(max_examples=40, deadline=None)
@given(
    theta=THETAS,
    factor=FACTORS,
    d_head=st.sampled_from([8, 64, 128]),
    fraction=st.sampled_from([1.0, 0.5, 0.25]),
)
def test_linear(theta: float, factor: float, d_head: int, fraction: float) -> None:
    check(
        {"rope_type": "linear", "rope_theta": theta, "factor": factor, "partial_rotary_factor": fraction},
        d_head, 4096,
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    theta=THETAS,
    factor=FACTORS,
    original=LENGTHS,
    times=st.floats(0.1, 20.0),
    fraction=st.sampled_from([1, 0.5]),
)
def test_dynamic(theta: float, factor: float, original: int, times: float, fraction: float) -> None:
    parameters = {
        "rope_type": "dynamic",
        "rope_theta": theta,
        "factor": factor,
        "partial_rotary_factor": fraction,
    }
    length = int(original * times)
    check(parameters, 64, original, length if length > original else None)  # their forward asks only then


@settings(max_examples=60, deadline=None)
@given(
    theta=THETAS, factor=FACTORS, original=LENGTHS, d_head=st.sampled_from([16, 64, 128]), data=st.data(),
    truncate=st.booleans(),
)  # fmt: skip
def test_yarn(theta: float, factor: float, original: int, d_head: int, truncate: bool, data: Any) -> None:
    slow, fast = sorted(data.draw(st.tuples(st.floats(0.1, 64.0), st.floats(0.1, 64.0))))
    optional = {
        "beta_fast": fast, "beta_slow": slow, "mscale": data.draw(st.floats(0.1, 2.0)),
        "mscale_all_dim": data.draw(st.floats(0.1, 2.0)), "attention_factor": data.draw(st.floats(0.5, 2.0)),
        "truncate": truncate, "partial_rotary_factor": data.draw(st.sampled_from([1.0, 0.5])),
    }  # fmt: skip
    kept = data.draw(st.sets(st.sampled_from(sorted(optional))))
    if "beta_fast" in kept:
        kept.add("beta_slow")  # alone it may lie on the wrong side of the other's default
    parameters = {"rope_type": "yarn", "rope_theta": theta, "factor": factor}
    parameters |= {"original_max_position_embeddings": original} | {
        name: optional[name] for name in kept - {"beta_slow"}
    }
    if "beta_fast" in kept:
        parameters["beta_slow"] = slow
    check(parameters, d_head, int(original * factor) + 1)


@settings(max_examples=40, deadline=None)
@given(theta=THETAS, original=st.integers(16, 100_000), times=st.floats(0.5, 64.0), data=st.data())
def test_longrope(theta: float, original: int, times: float, data: Any) -> None:
    numbers = st.lists(st.floats(0.5, 80.0), min_size=8, max_size=8)
    parameters = {
        "rope_type": "longrope", "rope_theta": theta, "short_factor": data.draw(numbers),
        "long_factor": data.draw(numbers), "original_max_position_embeddings": original,
    }  # fmt: skip
    for name, values in (("factor", st.floats(0.5, 40.0)), ("attention_factor", st.floats(0.5, 3.0))):
        if data.draw(st.booleans()):
            parameters[name] = data.draw(values)
    max_length = max(1, int(original * times))
    for length in (1, original, original + 1, max_length):
        check(parameters, 16, max_length, length)


@settings(max_examples=40, deadline=None)
@given(
    theta=THETAS, factor=FACTORS, original=LENGTHS, low=st.floats(0.1, 4.0), more=st.floats(0.1, 8.0),
    d_head=st.sampled_from([32, 64, 128]),
)  # fmt: skip
def test_llama3(theta: float, factor: float, original: int, low: float, more: float, d_head: int) -> None:
    parameters = {
        "rope_type": "llama3", "rope_theta": theta, "factor": factor, "low_freq_factor": low,
        "high_freq_factor": low + more, "original_max_position_embeddings": original,
    }  # fmt: skip
    check(parameters, d_head, original * 8)


def test_ntk_is_dynamic_ntk_at_the_length_that_gives_its_factor() -> None:
    dynamic = {"rope_type": "dynamic", "rope_theta": 10_000.0, "factor": 1.0}
    expected, _ = reference(dynamic, 64, 2048, 4 * 2048)
    scaling = RotaryScaling(kind="ntk", factor=4.0)
    assert torch.equal(inverse_frequencies(64, 10_000.0, scaling), expected)
    folded = folded_theta(10_000.0, 64, 4.0)
    assert folded == 10_000.0 * 4.0 ** (64 / 62)
    assert torch.equal(inverse_frequencies(64, folded), expected)
    # The fastest pair stays and the slowest turns `factor` times slower: what the formula is for.
    plain = inverse_frequencies(64, 10_000.0)
    assert expected[0] == plain[0]
    assert math.isclose(plain[-1] / expected[-1], 4.0, rel_tol=1e-5)


def test_missing_fields_mean_what_transformers_takes_them_for() -> None:
    yarn = RotaryScaling.from_hf({"type": "yarn", "factor": 4.0}, max_length=32_768)
    assert yarn is not None
    assert yarn.original_length == 32_768
    assert yarn.reach(32_768) == 131_072
    assert yarn.reach(100_000) == 100_000  # a config that says how far it reaches is believed
    derived = RotaryScaling.from_hf(
        {"rope_type": "yarn", "factor": None, "original_max_position_embeddings": 4096}, max_length=16_384
    )
    assert derived is not None
    assert derived.factor == 4.0
    factors = [1.0] * 8
    phi = RotaryScaling.from_hf(
        {"type": "su", "short_factor": factors, "long_factor": factors},
        max_length=131_072,
        original_length=4096,
    )
    assert phi is not None
    assert (phi.kind, phi.factor, phi.original_length) == ("longrope", 32.0, 4096)
    assert RotaryScaling.from_hf({}, max_length=10) is None
    assert RotaryScaling.from_hf({"rope_type": "default", "rope_theta": 5.0}, max_length=10) is None
    assert (
        RotaryScaling.from_hf({"type": "mrope", "rope_type": "default", "mrope_section": [2]}, max_length=9)
        is None
    )


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"rope_type": "banana", "factor": 2.0}, "banana"),
        ({"rope_type": 7}, "must be the name"),
        ({"factor": 2.0}, "no rope_type"),
        ({"rope_type": "linear"}, "needs a factor"),
        ({"rope_type": "linear", "factor": 0.5}, "below 1"),
        ({"rope_type": "linear", "factor": "4"}, "factor"),
        ({"rope_type": "linear", "factor": True}, "factor"),
        ({"rope_type": "linear", "factor": float("nan")}, "factor"),
        ({"rope_type": "linear", "factor": 2.0, "beta_fast": 3.0}, "no beta_fast"),
        ({"rope_type": "yarn", "factor": 2.0, "beta_fats": 3.0}, "no beta_fats"),
        ({"rope_type": "yarn", "type": "linear", "factor": 2.0}, "leave one"),
        ({"rope_type": "yarn", "factor": 2.0, "beta_fast": 1.0, "beta_slow": 2.0}, "below beta_slow"),
        ({"rope_type": "yarn", "factor": 2.0, "original_max_position_embeddings": 9}, "must be the same"),
        ({"rope_type": "dynamic", "factor": 2.0, "original_max_position_embeddings": 9}, "contradicts"),
        (
            {"rope_type": "llama3", "factor": 2.0, "low_freq_factor": 4, "high_freq_factor": 4},
            "must be above",
        ),
        (
            {"rope_type": "longrope", "short_factor": [1.0], "long_factor": [1.0, 2.0]},
            "a number for each pair",
        ),
        ({"rope_type": "longrope", "short_factor": [1.0], "long_factor": [0.0]}, "above 0"),
        ({"rope_type": "longrope", "short_factor": "1", "long_factor": "1"}, "short_factor"),
        ({"rope_type": "longrope", "factor": 2.0}, "needs short_factor"),
    ],
)
def test_unknown_and_contradictory_values_are_refused(parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        RotaryScaling.from_hf(parameters, max_length=64, original_length=32)


def test_a_list_of_another_width_is_refused_with_both_counts() -> None:
    scaling = RotaryScaling(
        kind="longrope", factor=2.0, original_length=16, short_factor=(1.0,) * 4, long_factor=(1.0,) * 4
    )
    with pytest.raises(ConfigError, match=r"4 factors .* 8 pairs"):
        inverse_frequencies(16, 10_000.0, scaling)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**9) | st.floats() | st.text(max_size=6)
    | st.sampled_from(["yarn", "linear", "dynamic", "longrope", "llama3", "default", "su", "full_attention"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
KEYS = st.sampled_from(
    ["type", "rope_type", "factor", "original_max_position_embeddings", "short_factor", "long_factor",
     "beta_fast", "low_freq_factor", "high_freq_factor", "rope_theta", "partial_rotary_factor", "mscale",
     "full_attention", "sliding_attention", "attention_factor", "truncate"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(["yarn", "linear", "dynamic", "longrope", "llama3", "warp"]),
    said=st.dictionaries(KEYS, ANYTHING, max_size=6), beside=st.dictionaries(KEYS, ANYTHING, max_size=3),
    place=st.sampled_from(["rope_scaling", "rope_parameters"]), nested=st.booleans(),
)  # fmt: skip
def test_whatever_a_config_says_it_is_read_or_refused(
    kind: str, said: Any, beside: Any, place: str, nested: bool
) -> None:
    from llmworks.models.families import config_from_hf

    base = transformers.LlamaConfig(
        vocab_size=61, hidden_size=32, num_hidden_layers=1, num_attention_heads=4, intermediate_size=48,
        max_position_embeddings=64,
    ).to_dict()  # fmt: skip
    base.pop("rope_parameters")
    said = {"rope_type": kind} | said
    try:
        config = config_from_hf(base | beside | {place: {"full_attention": said} if nested else said})
        # What was read can be computed, in every regime.
        assert inverse_frequencies(config.d_rotary, config.rope_theta, config.rope_scaling).isfinite().all()
        assert (
            inverse_frequencies(config.d_rotary, config.rope_theta, config.rope_scaling, length=10**6).numel()
            == 4
        )
    except ConfigError:
        pass
