"""AdamW and Muon against PyTorch's own and against the formulas written a second time."""

import copy

import pytest
import torch
from torch import Tensor, nn

from llmworks.errors import TrainingError
from llmworks.training.optimisers import AdamW, Muon, Optimisers, clip_gradients, orthogonalise

SHAPES = {"tall": (24, 8), "wide": (8, 24), "square": (16, 16), "vector": (10,)}


def parameters(*names: str, seed: int = 0) -> dict[str, nn.Parameter]:
    generator = torch.Generator().manual_seed(seed)
    return {name: nn.Parameter(torch.randn(SHAPES[name], generator=generator)) for name in names}


def give_gradients(step: int, *groups: dict[str, nn.Parameter]) -> None:
    generator = torch.Generator().manual_seed(100 + step)
    for name in groups[0]:
        gradient = torch.randn(SHAPES[name], generator=generator)
        for group in groups:
            group[name].grad = gradient.clone()


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_adamw_equals_torch(fused: bool, decay: float) -> None:
    own, theirs = parameters("tall", "vector"), parameters("tall", "vector")
    ours = AdamW(own, 3e-3, betas=(0.9, 0.99), eps=1e-8, weight_decay=decay, fused=fused)
    reference = torch.optim.AdamW(theirs.values(), lr=3e-3, betas=(0.9, 0.99), eps=1e-8, weight_decay=decay)
    for step in range(300):
        give_gradients(step, own, theirs)
        ours.lr = reference.param_groups[0]["lr"] = 3e-3 * (1 - step / 400)
        ours.step()
        reference.step()
    for name in own:
        torch.testing.assert_close(own[name], theirs[name], rtol=1e-6, atol=1e-6)


def muon_by_hand(
    w: Tensor, momentum: Tensor, g: Tensor, lr: float, mu: float, decay: float, rounds: int
) -> tuple[Tensor, Tensor]:
    """Muon of one matrix as Jordan's post has it, in float64, without batching or transposing."""
    momentum = mu * momentum + (1 - mu) * g
    x = (1 - mu) * g + mu * momentum
    x = x / (x.norm() + 1e-7)
    for _ in range(rounds):
        if x.shape[0] <= x.shape[1]:
            a = x @ x.T
            x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
        else:
            a = x.T @ x
            x = 3.4445 * x + x @ (-4.7750 * a + 2.0315 * a @ a)
    return w - lr * decay * w - lr * max(1, w.shape[0] / w.shape[1]) ** 0.5 * x, momentum


def test_muon_equals_the_formula() -> None:
    own = parameters("tall", "wide", "square")
    hand = {name: p.detach().double() for name, p in own.items()}
    momenta = {name: torch.zeros_like(w) for name, w in hand.items()}
    ours = Muon(own, 0.02, momentum=0.9, weight_decay=0.1, iterations=5)
    for step in range(20):
        give_gradients(step, own)
        for name, p in own.items():
            assert p.grad is not None
            hand[name], momenta[name] = muon_by_hand(
                hand[name], momenta[name], p.grad.double(), 0.02, 0.9, 0.1, 5
            )
        ours.step()
    for name, p in own.items():
        torch.testing.assert_close(p.detach().double(), hand[name], rtol=1e-4, atol=1e-5)


def test_momentum_warms_up_from_low_to_its_value() -> None:
    warm, low, high = (parameters("square") for _ in range(3))
    optimisers = [Muon(warm, momentum_warmup=10), Muon(low, momentum=0.85), Muon(high, momentum=0.95)]
    for optimiser in optimisers:
        give_gradients(0, optimiser.parameters)
        optimiser.step()
    assert torch.equal(warm["square"], low["square"])
    late = Muon(parameters("square"), momentum_warmup=10)
    late.steps = optimisers[2].steps = 11
    late.load_state_dict(optimisers[2].state_dict())
    late.parameters["square"].data.copy_(high["square"].data)
    for optimiser in (late, optimisers[2]):
        give_gradients(1, optimiser.parameters)
        optimiser.step()
    assert torch.equal(late.parameters["square"], high["square"])


def test_muon_in_bfloat16_goes_the_same_way() -> None:
    own, short = parameters("tall", "square"), parameters("tall", "square")
    before = {name: p.detach().clone() for name, p in own.items()}
    for optimiser in (Muon(own, 0.02), Muon(short, 0.02, dtype=torch.bfloat16)):
        give_gradients(0, optimiser.parameters)
        optimiser.step()
    for name in own:
        assert short[name].dtype == torch.float32
        assert (own[name] - short[name]).norm() < 0.03 * (own[name] - before[name]).norm()


@pytest.mark.skipif(not hasattr(torch.optim, "Muon"), reason="this PyTorch has no Muon")
def test_muon_agrees_with_torch() -> None:
    """Theirs works in bfloat16, so only to that precision."""
    own, theirs = parameters("tall", "square"), parameters("tall", "square")
    ours = Muon(own, 0.02, momentum=0.95, weight_decay=0.1)
    reference = torch.optim.Muon(list(theirs.values()), lr=0.02, momentum=0.95, weight_decay=0.1, ns_steps=5)
    before = {name: p.detach().clone() for name, p in own.items()}
    for step in range(5):
        give_gradients(step, own, theirs)
        ours.step()
        reference.step()
    for name in own:
        moved = (own[name] - before[name]).norm()
        assert (own[name] - theirs[name]).norm() < 0.03 * moved


def test_orthogonalise_brings_singular_values_to_one() -> None:
    x = torch.randn(3, 16, 40, generator=torch.Generator().manual_seed(1))
    values = torch.linalg.svdvals(orthogonalise(x))
    assert values.min() > 0.6
    assert values.max() < 1.25
    u, _, vt = torch.linalg.svd(x, full_matrices=False)
    exact = u @ vt
    assert (orthogonalise(x) - exact).norm() < 0.3 * exact.norm()
    torch.testing.assert_close(orthogonalise(x.mT), orthogonalise(x).mT)


def test_parts_of_a_fused_matrix_are_orthogonalised_by_themselves() -> None:
    q, k, v = (torch.randn(8, 24, generator=torch.Generator().manual_seed(i)) for i in range(3))
    apart = {name: nn.Parameter(t.clone()) for name, t in (("q", q), ("k", k), ("v", v))}
    fused = {"qkv": nn.Parameter(torch.cat([q, k, v]))}
    first, second = Muon(apart, 0.1), Muon(fused, 0.1, parts={"qkv": [8, 8, 8]})
    whole = {"qkv": nn.Parameter(torch.cat([q, k, v]))}
    third = Muon(whole, 0.1)
    for step in range(3):
        gradient = torch.randn(24, 24, generator=torch.Generator().manual_seed(step))
        for name, piece in zip("qkv", gradient.split(8), strict=True):
            apart[name].grad = piece.clone()
        fused["qkv"].grad, whole["qkv"].grad = gradient.clone(), gradient.clone()
        first.step(), second.step(), third.step()
    joined = torch.cat([apart[name] for name in "qkv"])
    torch.testing.assert_close(fused["qkv"].detach(), joined.detach())
    assert not torch.allclose(whole["qkv"], joined, atol=1e-3)


def test_muon_refuses_what_is_no_matrix() -> None:
    with pytest.raises(TrainingError, match="vector"):
        Muon(parameters("vector"))
    with pytest.raises(TrainingError, match="square"):
        Muon(parameters("square"), parts={"square": [3, 4]})


def both(p: dict[str, nn.Parameter]) -> Optimisers:
    return Optimisers(
        {"matrices": Muon({"wide": p["wide"]}, 0.02), "others": AdamW({"vector": p["vector"]}, 1e-2)}
    )


def test_a_saved_state_goes_on_exactly() -> None:
    p = parameters("wide", "vector")
    optimisers = both(p)
    for step in range(4):
        give_gradients(step, p)
        optimisers.step()
    saved = {name: t.clone() for name, t in optimisers.state_dict().items()}
    q = {name: nn.Parameter(t.detach().clone()) for name, t in p.items()}
    again = both(q)
    again.load_state_dict(saved)
    for step in range(4, 8):
        give_gradients(step, p, q)
        optimisers.set_share(0.5), again.set_share(0.5)
        optimisers.step(), again.step()
    for name in p:
        assert torch.equal(p[name], q[name])
    assert optimisers.state_bytes() == 4 * (8 * 24 + 2 * 10)
    assert optimisers.rates() == {"matrices": 0.01, "others": 0.005}


def test_a_state_of_another_model_is_refused() -> None:
    state = both(parameters("wide", "vector")).state_dict()
    with pytest.raises(TrainingError, match="does not fit"):
        AdamW(parameters("tall")).load_state_dict(state)


def test_parameters_without_gradient_stay() -> None:
    p = parameters("wide", "vector")
    before = copy.deepcopy(p)
    optimisers = both(p)
    optimisers.step()
    give_gradients(0, p)
    p["wide"].grad = None
    optimisers.step()
    assert torch.equal(p["wide"], before["wide"])
    assert not torch.equal(p["vector"], before["vector"])


def test_clipping_limits_the_joint_norm() -> None:
    p = parameters("wide", "vector")
    give_gradients(0, p)
    gradients = [g.grad for g in p.values() if g.grad is not None]
    norm = torch.cat([g.flatten() for g in gradients]).norm()
    assert clip_gradients(p.values(), 0.0) == pytest.approx(float(norm))
    assert torch.cat([g.flatten() for g in gradients]).norm() == norm
    assert clip_gradients(p.values(), 1.0) == pytest.approx(float(norm))
    assert float(torch.cat([g.flatten() for g in gradients]).norm()) == pytest.approx(1.0)
    assert clip_gradients(p.values(), 2.0) == pytest.approx(1.0)
    assert clip_gradients([], 1.0) == 0.0
