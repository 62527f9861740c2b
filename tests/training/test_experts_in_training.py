"""Mixtures of experts in training: the balance loss in the objective, stacks of experts in the optimisers."""

from typing import Any

import pytest
import torch
from torch import nn

from llmworks.data.batches import Batch
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.nn.experts import MixtureOfExperts
from llmworks.training.groups import is_matrix, sub_matrices
from llmworks.training.objectives import CrossEntropy
from llmworks.training.optimisers import Muon
from llmworks.training.trainer import split


def make(balance: float, **changes: Any) -> Decoder:
    torch.manual_seed(0)
    shape = {"n_experts": 6, "top_k": 2, "d_expert": 12, "balance": balance, "bias": True} | changes
    return Decoder(
        ModelConfig(vocab_size=40, d_model=24, n_layers=2, n_heads=2, max_length=16, experts=shape)
    ).train()


def make_batch(rows: int = 6) -> Batch:
    ids = torch.randint(40, (rows, 13), generator=torch.Generator().manual_seed(1))
    return Batch(ids=ids[:, :-1], targets=ids[:, 1:])


def layers(model: Decoder) -> list[MixtureOfExperts]:
    return [module for module in model.modules() if isinstance(module, MixtureOfExperts)]


def test_the_objective_adds_the_balance_loss() -> None:
    batch, objective = make_batch(), CrossEntropy()
    plain, metrics = objective(make(0.0), batch)
    assert metrics == {}
    model = make(0.5)
    whole, metrics = objective(model, batch)
    assert all(layer.imbalance is None for layer in layers(model)), "no graph outlives its step"
    assert metrics["balance"] >= 0.5 * 1.9
    torch.testing.assert_close(whole - plain, torch.tensor(metrics["balance"]), atol=1e-5, rtol=1e-5)
    model.eval()
    assert objective(model, batch)[1] == {}


def test_micro_batches_add_up_to_their_mean() -> None:
    batch, objective, model = make_batch(), CrossEntropy(), make(0.5)
    total = objective.count(batch)
    parts = [objective(model, part, divisor=total) for part in split(batch, 3)]
    losses = CrossEntropy()(make(0.0), batch)[0]
    mean = sum(metrics["balance"] for _, metrics in parts) / 3
    torch.testing.assert_close(sum(loss for loss, _ in parts), losses + mean, atol=1e-5, rtol=1e-5)


def test_training_steps_spread_a_collapsed_router() -> None:
    def spread(balance: float) -> float:
        model, batch = make(balance, router_bias=True), make_batch(16)
        with torch.no_grad():
            for layer in layers(model):
                assert layer.router.bias is not None
                layer.router.bias.copy_(torch.tensor([4.0, 4.0, 0, 0, 0, 0]))
        optimiser = torch.optim.Adam(model.parameters(), lr=0.05)
        for _ in range(60):
            loss, _ = CrossEntropy()(model, batch)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        objective, share = CrossEntropy(), make(1.0, router_bias=True)
        share.load_state_dict(model.state_dict())
        return objective(share, batch)[1]["balance"]

    assert spread(0.3) < 2.1 < spread(0.0), "2 is even, with 2 choices"


def test_stacks_of_experts_are_matrices_to_muon() -> None:
    model = make(0.0)
    named = dict(model.named_parameters())
    stacked = [name for name, p in named.items() if ".experts." in name and is_matrix(name, p)]
    assert stacked == [f"blocks.{i}.mlp.experts.{name}" for i in (0, 1) for name in ("gate_up", "down")]
    assert not is_matrix("embed.weight", named["embed.weight"])
    assert sub_matrices(stacked[0], named[stacked[0]], model.config) == [12] * 12
    assert sub_matrices(stacked[1], named[stacked[1]], model.config) == [24] * 6

    whole = nn.Parameter(torch.randn(3, 8, 5))
    apart = {
        f"{i}": nn.Parameter(part.detach().clone()) for i, part in enumerate(whole.flatten(0, 1).split(4))
    }
    gradient = torch.randn(3, 8, 5)
    whole.grad = gradient
    for parameter, part in zip(apart.values(), gradient.flatten(0, 1).split(4), strict=True):
        parameter.grad = part.clone()
    Muon({"w": whole}, 0.1, parts={"w": [4] * 6}).step()
    Muon(apart, 0.1).step()
    torch.testing.assert_close(whole.flatten(0, 1), torch.cat(list(apart.values())))


@pytest.mark.slow
def test_a_compiled_step_gives_the_same_gradients() -> None:
    """The dispatch is data-dependent: the compiler leaves it out and goes on after it."""
    pytest.importorskip("torch._inductor")
    batch = make_batch(2)
    gradients = []
    for compiled in (False, True):
        model = make(0.5)
        if compiled:
            model.hidden = torch.compile(model.hidden, dynamic=False, backend="aot_eager")  # type: ignore[method-assign]
        for _ in range(2):
            model.zero_grad()
            loss, metrics = CrossEntropy()(model, batch)
            loss.backward()
        gradients.append(
            {name: p.grad for name, p in model.named_parameters()} | {"balance": metrics["balance"]}
        )
    for name, expected in gradients[0].items():
        torch.testing.assert_close(gradients[1][name], expected, atol=1e-5, rtol=1e-4)
