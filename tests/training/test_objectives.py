"""Losses: against PyTorch's cross-entropy, in slices, with masks, and cut into micro-batches."""

import math

import pytest
import torch
import torch.nn.functional as F

from llmworks.data.batches import Batch
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.training import objectives
from llmworks.training.objectives import CrossEntropy
from llmworks.training.trainer import split


def make(tied: bool = True, softcap: float | None = None) -> Decoder:
    torch.manual_seed(0)
    return Decoder(
        ModelConfig(
            vocab_size=50, d_model=32, n_layers=1, n_heads=2, max_length=16, tie_embeddings=tied,
            logit_softcap=softcap, init_std=0.2,
        )
    )  # fmt: skip


def make_batch(weighted: bool, rows: int = 6) -> Batch:
    generator = torch.Generator().manual_seed(1)
    ids = torch.randint(50, (rows, 17), generator=generator)
    weights = (torch.rand(rows, 16, generator=generator) < 0.4).float() if weighted else None
    return Batch(ids=ids[:, :-1], targets=ids[:, 1:], weights=weights)


def gradients(model: Decoder) -> dict[str, torch.Tensor]:
    return {name: p.grad for name, p in model.named_parameters() if p.grad is not None}


def reference(model: Decoder, batch: Batch, z: float = 0.0) -> torch.Tensor:
    logits = model(batch.ids).flatten(0, 1)
    losses = F.cross_entropy(logits, batch.targets.flatten(), reduction="none")
    losses = losses + z * torch.logsumexp(logits, -1) ** 2
    if batch.weights is None:
        return losses.mean()
    return (losses * batch.weights.flatten()).sum() / batch.weights.sum()


@pytest.mark.parametrize("sliced", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("tied", "softcap"), [(True, None), (False, None), (True, 5.0)])
@pytest.mark.parametrize("z", [0.0, 1e-2])
def test_loss_and_gradients_equal_the_plain_ones(
    sliced: bool, weighted: bool, tied: bool, softcap: float | None, z: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sliced:  # 96 positions in slices of 64: one whole, one short
        monkeypatch.setattr(objectives, "_SLICE_ELEMENTS", 1)
    first, second, batch = make(tied, softcap), make(tied, softcap), make_batch(weighted)
    expected = reference(first, batch, z)
    expected.backward()
    loss, _ = CrossEntropy(z_weight=z)(second, batch)
    loss.backward()
    torch.testing.assert_close(loss, expected)
    theirs = gradients(first)
    for name, gradient in gradients(second).items():
        torch.testing.assert_close(gradient, theirs[name], rtol=1e-4, atol=1e-6)


def test_evaluation_in_slices_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    model, batch = make(), make_batch(True)
    with torch.no_grad():
        whole, _ = CrossEntropy()(model, batch)
        monkeypatch.setattr(objectives, "_SLICE_ELEMENTS", 1)
        sliced, _ = CrossEntropy()(model, batch)
    torch.testing.assert_close(sliced, whole)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("parts", [2, 3, 6])
def test_micro_batches_add_up_to_the_big_batch(weighted: bool, parts: int) -> None:
    """Also where the parts count different numbers of targets: a mean of means would be wrong there."""
    whole, cut, batch = make(), make(), make_batch(weighted)
    objective = CrossEntropy()
    big, _ = objective(whole, batch)
    big.backward()
    total = objective.count(batch)
    pieces = split(batch, parts)
    if weighted:
        assert len({objective.count(piece) for piece in pieces}) > 1
    losses = []
    for piece in pieces:
        loss, _ = objective(cut, piece, divisor=total)
        loss.backward()
        losses.append(loss.detach())
    torch.testing.assert_close(torch.stack(losses).sum(), big.detach())
    theirs = gradients(whole)
    for name, gradient in gradients(cut).items():
        torch.testing.assert_close(gradient, theirs[name], rtol=1e-4, atol=1e-7)


def test_what_weighs_nothing_teaches_nothing() -> None:
    model, batch = make(), make_batch(True)
    weights = batch.weights
    assert weights is not None
    other = torch.where(weights > 0, batch.targets, (batch.targets + 1) % 50)
    loss, _ = CrossEntropy()(model, batch)
    again, _ = CrossEntropy()(model, Batch(ids=batch.ids, targets=other, weights=weights))
    assert torch.equal(loss, again)


def test_a_batch_without_counted_targets_is_harmless() -> None:
    model, batch = make(), make_batch(False)
    nothing = Batch(ids=batch.ids, targets=batch.targets, weights=torch.zeros(6, 16))
    loss, _ = CrossEntropy()(model, nothing)
    loss.backward()
    assert loss.item() == 0.0
    assert all(float(g.abs().max()) == 0.0 for g in gradients(model).values())


def test_an_untrained_model_knows_nothing() -> None:
    torch.manual_seed(0)
    model = Decoder(ModelConfig(vocab_size=300, d_model=32, n_layers=2, n_heads=2, max_length=16))
    ids = torch.randint(300, (4, 17))
    loss, _ = CrossEntropy()(model, Batch(ids=ids[:, :-1], targets=ids[:, 1:]))
    assert loss.item() == pytest.approx(math.log(300), abs=0.1)
