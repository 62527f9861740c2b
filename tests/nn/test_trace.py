"""Interventions as data and as arithmetic, traces and their globs, without a network."""

import json

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from llmworks.errors import RequestError
from llmworks.nn.trace import Intervention, Trace

STREAM = torch.arange(24.0).view(2, 4, 3)  # [B, T, D]
HEADS = torch.arange(48.0).view(1, 3, 4, 4)  # [B, H, T, E]


def test_whole_tensor_operations() -> None:
    assert torch.equal(Intervention("a", "ablate").apply("a", STREAM), torch.zeros_like(STREAM))
    mean = STREAM.mean((0, 1))
    assert torch.equal(Intervention("a", "ablate", mean).apply("a", STREAM), mean.expand_as(STREAM))
    assert torch.equal(Intervention("a", "scale", 2).apply("a", STREAM), 2 * STREAM)
    assert torch.equal(Intervention("a", "steer", mean).apply("a", STREAM), STREAM + mean)
    assert torch.equal(Intervention("a", "patch", -STREAM).apply("a", STREAM), -STREAM)


def test_positions_and_heads_select() -> None:
    kept = STREAM.clone()
    out = Intervention("a", "scale", 10.0, positions=[1, -1]).apply("a", STREAM)
    expected = STREAM.clone()
    expected[:, [1, 3]] *= 10
    assert torch.equal(out, expected)
    assert torch.equal(STREAM, kept)  # what was given is left as it is

    out = Intervention("a", "ablate", heads=[2]).apply("a", HEADS)
    assert torch.equal(out[:, :2], HEADS[:, :2])
    assert not out[:, 2].any()

    out = Intervention("a", "steer", torch.ones(4), heads=[0, 2], positions=[3]).apply("a", HEADS)
    expected = HEADS.clone()
    expected[:, [0, 2], 3] += 1
    assert torch.equal(out, expected)


def test_a_whole_activation_is_cut_to_the_selection() -> None:
    other = -STREAM
    out = Intervention("a", "patch", other, positions=[2]).apply("a", STREAM)
    assert torch.equal(out[:, 2], other[:, 2])
    assert torch.equal(out[:, [0, 1, 3]], STREAM[:, [0, 1, 3]])


def test_gradients_flow_through() -> None:
    x = STREAM.clone().requires_grad_()
    Intervention("a", "scale", 3.0, positions=[0]).apply("a", x).sum().backward()
    assert x.grad is not None
    assert x.grad[:, 0].eq(3).all()
    assert x.grad[:, 1:].eq(1).all()


values = st.one_of(
    st.floats(-100, 100, width=32),
    st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=5),
    st.lists(st.lists(st.floats(-1, 1, width=32), min_size=2, max_size=2), min_size=1, max_size=3),
)
indices = st.none() | st.lists(st.integers(-4, 4), min_size=1, max_size=3)


@given(st.sampled_from(["patch", "scale", "steer", "ablate"]), values, indices, indices)
@settings(max_examples=80, deadline=None)
def test_json_round_trip(
    op: str, value: object, positions: list[int] | None, heads: list[int] | None
) -> None:
    change = Intervention("blocks.0.attn.z", op, value, positions=positions, heads=heads)  # type: ignore[arg-type]
    back = Intervention.from_dict(json.loads(json.dumps(change.to_dict())))
    assert back == change
    assert hash(back) == hash(change)
    if isinstance(change.value, torch.Tensor):
        assert torch.equal(back.value, change.value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"op": "ablate"}, "'address' is missing"),
        ({"address": "a", "op": "ablate", "wat": 1}, "'wat' is unknown"),
        ({"address": "a", "op": "explode"}, "op 'explode' is not one of"),
        ({"address": "a", "op": "patch"}, "patch needs a value"),
        ({"address": "a", "op": "patch", "value": [[1.0], [1.0, 2.0]]}, "evenly nested"),
        ({"address": "a", "op": "patch", "value": "high"}, "the value must be a number"),
        (
            {"address": "a", "op": "scale", "value": 1, "positions": [1.5]},
            "positions must list whole numbers",
        ),
        ({"address": "a", "op": "scale", "value": 1, "heads": []}, "heads must list whole numbers"),
        ({"address": 7, "op": "ablate"}, "an address is a name"),
        (["a", "ablate"], "expected an object"),
    ],
)
def test_bad_data_is_refused(data: object, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        Intervention.from_dict(data)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "tensor", "message"),
    [
        (Intervention("a", "steer", torch.ones(5)), STREAM, r"shape \[5\] does not fit .* \[2, 4, 3\]"),
        (Intervention("a", "patch", torch.ones(2, 4, 4)), STREAM, "does not fit"),
        (Intervention("a", "ablate", positions=[4]), STREAM, "positions 4 is not within the 4"),
        (Intervention("a", "ablate", heads=[0]), STREAM, "has no heads"),
        (Intervention("a", "ablate", heads=[-4]), HEADS, "heads -4 is not within the 3"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(
    change: Intervention, tensor: torch.Tensor, message: str
) -> None:
    with pytest.raises(RequestError, match=message):
        change.apply("a", tensor)


def test_trace_records_what_globs_name_after_the_changes_in_their_order() -> None:
    trace = Trace(["x.*"], [Intervention("x.0", "steer", 1.0), Intervention("x.?", "scale", 2.0)])
    trace.start(["x.0", "x.1", "y"])
    assert trace.wants("x.1")
    assert not trace.wants("y")
    tensor = torch.ones(1, 2, 3, requires_grad=True)
    assert trace.at("x.0", tensor).eq(4).all()  # (1 + 1) · 2
    trace.at("x.1", tensor)
    assert trace.at("y", tensor) is tensor
    assert list(trace.tensors) == ["x.0", "x.1"]
    assert not any(kept.requires_grad for kept in trace.tensors.values())
    trace.start(["x.0", "x.1", "y"])
    assert trace.tensors == {}


def test_what_is_recorded_does_not_change_afterwards() -> None:
    trace = Trace(["x"])
    trace.start(["x"])
    flowing = trace.at("x", torch.zeros(1, 2, 3))
    flowing = flowing + 1
    assert not trace.tensors["x"].any()


def test_addresses_that_name_nothing_are_refused_with_the_nearest() -> None:
    known = ["embed", "blocks.0.attn.z", "logits"]
    for trace in (Trace(["blocks.0.atn.z"]), Trace((), [Intervention("blocks.0.atn.z", "ablate")])):
        with pytest.raises(RequestError, match=r"near it: blocks\.0\.attn\.z"):
            trace.start(known)
    with pytest.raises(RequestError, match="no tensor has the address"):
        Trace(["heads.*"]).start(known)
