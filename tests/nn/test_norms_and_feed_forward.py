"""Norms and activations against reference values, and the gradients that are written out by hand."""

import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from llmworks.nn.feed_forward import FeedForward, GatedFeedForward, gated, make_feed_forward, relu2
from llmworks.nn.norms import LayerNorm, RMSNorm, make_norm, rms_norm


def test_layer_norm_reference_values() -> None:
    norm = LayerNorm(4, 0.0, affine=False)
    out = norm(torch.tensor([1.0, 2.0, 3.0, 4.0]))
    root = math.sqrt(1.25)  # the variance of 1, 2, 3, 4
    torch.testing.assert_close(out, torch.tensor([-1.5, -0.5, 0.5, 1.5]) / root)


def test_rms_norm_reference_values() -> None:
    norm = RMSNorm(4, 0.0, affine=False)
    out = norm(torch.tensor([1.0, 2.0, 3.0, 4.0]))
    torch.testing.assert_close(out, torch.tensor([1.0, 2.0, 3.0, 4.0]) / math.sqrt(7.5))  # 30 / 4


def test_affine_and_bias_are_as_asked() -> None:
    assert {n for n, _ in make_norm("layernorm", 4, 1e-5, affine=True, bias=True).named_parameters()} == {
        "weight",
        "bias",
    }
    assert [n for n, _ in make_norm("layernorm", 4, 1e-5, affine=True, bias=False).named_parameters()] == [
        "weight"
    ]
    assert list(make_norm("rmsnorm", 4, 1e-5, affine=False, bias=False).parameters()) == []


@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("shape", [(3, 5, 16), (2, 3, 5, 16), (16,)])
def test_rms_norm_gradient_is_autograds(affine: bool, shape: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    x = torch.randn(shape, requires_grad=True)
    weight = torch.randn(16, requires_grad=True) if affine else None
    inputs = [x, weight] if weight is not None else [x]
    ours, theirs = rms_norm(x, weight, 1e-5), F.rms_norm(x, (16,), weight, 1e-5)
    torch.testing.assert_close(ours, theirs)
    assert type(ours.grad_fn).__name__ == "RMSNormOnCPUBackward"  # else this compares PyTorch with itself
    gradient = torch.randn(shape)
    expected = torch.autograd.grad(theirs, inputs, gradient)  # type: ignore[arg-type]
    for one, other in zip(torch.autograd.grad(ours, inputs, gradient), expected, strict=True):  # type: ignore[arg-type]
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5)


def test_rms_norm_gradient_of_a_strided_view() -> None:
    """Heads are views [B, H, T, E] across the fused projection."""
    base = torch.randn(2, 5, 4, 8, requires_grad=True)
    view = base.transpose(1, 2)
    gradient = torch.randn(2, 4, 5, 8)
    one = torch.autograd.grad(rms_norm(view, None, 1e-5), base, gradient)[0]
    other = torch.autograd.grad(F.rms_norm(view, (8,), None, 1e-5), base, gradient)[0]
    torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5)


def test_relu2_values_and_gradient() -> None:
    x = torch.tensor([-2.0, -0.5, 0.0, 0.5, 3.0], requires_grad=True)
    out = relu2(x)
    out.sum().backward()
    assert out.tolist() == [0.0, 0.0, 0.0, 0.25, 9.0]
    assert x.grad is not None
    assert x.grad.tolist() == [0.0, 0.0, 0.0, 1.0, 6.0]
    assert torch.equal(relu2(x.detach()), out.detach())


@pytest.mark.parametrize("activation", ["swiglu", "geglu"])
def test_gated_gradient_is_autograds(activation: str) -> None:
    torch.manual_seed(0)
    x = torch.randn(3, 5, 14, requires_grad=True)

    def plainly(both: Tensor) -> Tensor:
        gate, up = both.chunk(2, -1)
        return (F.silu(gate) if activation == "swiglu" else F.gelu(gate, approximate="tanh")) * up

    gradient = torch.randn(3, 5, 7)
    ours, theirs = gated(x, activation), plainly(x)
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(gated(x.detach(), activation), theirs)
    torch.testing.assert_close(
        torch.autograd.grad(ours, x, gradient), torch.autograd.grad(theirs, x, gradient), atol=1e-6, rtol=1e-5
    )


def test_feed_forward_parameter_counts() -> None:
    plain, gate = (
        FeedForward(8, 32, "gelu", bias=True, address="mlp"),
        make_feed_forward(8, 20, "swiglu", bias=False, address="mlp"),
    )
    assert sum(p.numel() for p in plain.parameters()) == 2 * 8 * 32 + 32 + 8
    assert isinstance(gate, GatedFeedForward)
    assert sum(p.numel() for p in gate.parameters()) == 3 * 8 * 20


def test_activations_are_the_named_functions() -> None:
    x = torch.linspace(-3, 3, 31)
    normal = torch.distributions.Normal(0.0, 1.0)
    feed = {
        name: FeedForward(1, 1, name, bias=False, address="mlp").activation
        for name in ("gelu", "gelu_tanh", "relu")
    }
    torch.testing.assert_close(feed["gelu"](x), x * normal.cdf(x))
    tanh = 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    torch.testing.assert_close(feed["gelu_tanh"](x), tanh)
    assert torch.equal(feed["relu"](x), x.clamp(min=0))
