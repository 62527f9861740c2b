"""The mixture of experts against transformers' own modules, and what its trace and its balance loss do."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from llmworks.errors import ConfigError
from llmworks.models.config import ModelConfig
from llmworks.nn.experts import ExpertBank, MixtureOfExperts, balance_loss
from llmworks.nn.routing import Experts, Router
from llmworks.nn.trace import Intervention, Trace

transformers = pytest.importorskip("transformers")
D = 20


@pytest.fixture(autouse=True)
def same_numbers() -> None:
    """The same random numbers in each run."""
    torch.manual_seed(0)


def randomise(module: nn.Module, seed: int = 0) -> None:
    """Everything, buffers too: a bias or a correction left at zero would hide a fault."""
    generator = torch.Generator().manual_seed(seed)
    for tensor in module.state_dict().values():
        tensor.copy_(torch.randn(tensor.shape, generator=generator) * 0.5)


def take_shared(ours: MixtureOfExperts, theirs: Any) -> None:
    assert ours.shared is not None
    state = {"gate_up.weight": torch.cat((theirs.gate_proj.weight, theirs.up_proj.weight))}
    ours.shared.load_state_dict(state | {"down.weight": theirs.down_proj.weight})


def mixtral() -> tuple[Any, MixtureOfExperts]:
    from transformers.models.mixtral.modeling_mixtral import MixtralConfig, MixtralSparseMoeBlock

    theirs = MixtralSparseMoeBlock(
        MixtralConfig(hidden_size=D, intermediate_size=28, num_local_experts=5, num_experts_per_tok=2)
    )
    return theirs, experts(n_experts=5, top_k=2, d_expert=28)


def qwen2(normalise: bool) -> tuple[Any, MixtureOfExperts]:
    from transformers.models.qwen2_moe.modeling_qwen2_moe import Qwen2MoeConfig, Qwen2MoeSparseMoeBlock

    theirs = Qwen2MoeSparseMoeBlock(
        Qwen2MoeConfig(
            hidden_size=D, moe_intermediate_size=12, shared_expert_intermediate_size=22, num_experts=7,
            num_experts_per_tok=3, norm_topk_prob=normalise,
        )
    )  # fmt: skip
    ours = experts(
        n_experts=7, top_k=3, d_expert=12, n_shared=1, d_shared=22, shared_gate=True, normalise=normalise
    )
    return theirs, ours


def deepseek_v2(groups: int) -> tuple[Any, MixtureOfExperts]:
    from transformers.models.deepseek_v2.modeling_deepseek_v2 import DeepseekV2Config, DeepseekV2Moe

    method = "group_limited_greedy" if groups > 1 else "greedy"
    theirs = DeepseekV2Moe(
        DeepseekV2Config(
            hidden_size=D, num_attention_heads=4, moe_intermediate_size=12,
            n_routed_experts=8, n_shared_experts=2, topk_group=2,
            num_experts_per_tok=3, n_group=groups, topk_method=method, routed_scaling_factor=1.7,
        )
    )  # fmt: skip
    ours = experts(
        n_experts=8, top_k=3, d_expert=12, n_shared=2, normalise=False, scale=1.7, n_groups=groups,
        top_groups=2 if groups > 1 else 1,
    )  # fmt: skip
    return theirs, ours


def deepseek_v3(normalise: bool) -> tuple[Any, MixtureOfExperts]:
    from transformers.models.deepseek_v3.modeling_deepseek_v3 import DeepseekV3Config, DeepseekV3MoE

    theirs = DeepseekV3MoE(
        DeepseekV3Config(
            hidden_size=D, num_attention_heads=4, moe_intermediate_size=12,
            n_routed_experts=12, n_shared_experts=1, topk_group=2,
            num_experts_per_tok=3, n_group=3, routed_scaling_factor=2.5, norm_topk_prob=normalise,
        )
    )  # fmt: skip
    ours = experts(
        n_experts=12, top_k=3, d_expert=12, n_shared=1, router="sigmoid", normalise=normalise, scale=2.5,
        n_groups=3, top_groups=2, group_score="top2",
    )  # fmt: skip
    return theirs, ours


def gpt_oss() -> tuple[Any, MixtureOfExperts]:
    from transformers.models.gpt_oss.modeling_gpt_oss import GptOssConfig, GptOssMLP

    theirs = GptOssMLP(
        GptOssConfig(
            hidden_size=D, intermediate_size=12, num_local_experts=6, num_experts_per_tok=3, swiglu_limit=0.4
        )
    )
    ours = experts(
        n_experts=6, top_k=3, d_expert=12, router="softmax_chosen", router_bias=True, bias=True, clamp=0.4
    )
    return theirs, ours


def experts(*, activation: str = "swiglu", **shape: Any) -> MixtureOfExperts:
    return MixtureOfExperts(D, Experts(**shape), activation, bias=False, address="mlp").eval()


CASES: dict[str, Callable[[], tuple[Any, MixtureOfExperts]]] = {
    "mixtral": mixtral,
    "qwen2": lambda: qwen2(False),
    "qwen2 normalised": lambda: qwen2(True),
    "deepseek v2 greedy": lambda: deepseek_v2(1),
    "deepseek v2 groups": lambda: deepseek_v2(4),
    "deepseek v3": lambda: deepseek_v3(True),
    "deepseek v3 raw": lambda: deepseek_v3(False),
    "gpt-oss": gpt_oss,
}


def copy_weights(theirs: Any, ours: MixtureOfExperts) -> None:
    """By hand, apart from the family table: the layouts of transformers 5 in memory."""
    randomise(theirs)
    gate = theirs.router if hasattr(theirs, "router") else theirs.gate
    ours.router.weight.data = gate.weight.data
    bank, given = ours.experts, theirs.experts
    bank.down.data = given.down_proj.data
    bank.get_parameter("gate_up").data = given.gate_up_proj.data
    if ours.router.bias is not None:  # GPT-OSS: inputs first, gate and up in turn
        ours.router.bias.data = gate.bias.data
        bank.down.data = given.down_proj.data.mT.contiguous()
        mixed, biases = given.gate_up_proj.data.mT, given.gate_up_proj_bias.data
        bank.get_parameter("gate_up").data = torch.cat((mixed[:, ::2], mixed[:, 1::2]), dim=1)
        bank.get_parameter("gate_up_bias").data = torch.cat((biases[:, ::2], biases[:, 1::2]), dim=1)
        bank.get_parameter("down_bias").data = given.down_proj_bias.data
    if ours.router.correction is not None:
        ours.router.correction = gate.e_score_correction_bias
    if hasattr(theirs, "shared_experts"):
        take_shared(ours, theirs.shared_experts)
    if hasattr(theirs, "shared_expert"):
        take_shared(ours, theirs.shared_expert)
        assert ours.shared_gate is not None
        ours.shared_gate.weight.data = theirs.shared_expert_gate.weight.data


@torch.no_grad()
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("count", [1, 7, 33])
def test_equals_transformers(name: str, count: int) -> None:
    theirs, ours = CASES[name]()
    copy_weights(theirs, ours)
    x = torch.randn(2, count, D, generator=torch.Generator().manual_seed(count))
    expected = theirs(x)
    expected = expected[0] if isinstance(expected, tuple) else expected
    torch.testing.assert_close(ours(x), expected, atol=2e-5, rtol=1e-5)
    trace = Trace(["*"])
    trace.start(ours.addresses())
    torch.testing.assert_close(ours(x, trace), expected, atol=2e-5, rtol=1e-5)
    assert list(trace.tensors) == ours.addresses()


def plain_sum(bank: ExpertBank, x: Tensor, shares: Tensor) -> Tensor:
    """Every expert over every token, then the weighted sum: the formula without any dispatch."""
    outs = []
    for expert in range(shares.shape[-1]):
        gate, up = (x @ bank.get_parameter("gate_up")[expert].T).chunk(2, dim=-1)
        outs.append((nn.functional.silu(gate) * up) @ bank.down[expert].T)
    return torch.einsum("ne,end->nd", shares, torch.stack(outs))


def dispatched(layer: MixtureOfExperts, x: Tensor) -> tuple[Tensor, Tensor]:
    trace = Trace(["mlp.experts"])
    trace.start(layer.addresses())
    return layer(x, trace), trace.tensors["mlp.experts"]


def test_only_the_chosen_run_and_gradients_are_those_of_the_plain_sum() -> None:
    layer = experts(n_experts=6, top_k=2, d_expert=9)
    randomise(layer, 3)
    x = torch.randn(1, 5, D, requires_grad=True)
    out, shares = dispatched(layer, x)
    assert (shares != 0).sum(-1).eq(2).all()
    torch.testing.assert_close(shares.sum(-1), torch.ones(1, 5))
    plain = plain_sum(layer.experts, x[0], shares[0])
    torch.testing.assert_close(out[0], plain)
    weights = [layer.experts.get_parameter("gate_up"), layer.experts.down, x]
    layer_gradients = torch.autograd.grad(layer(x).square().sum(), [*weights, layer.router.weight])
    with_shares = torch.autograd.grad(plain.square().sum(), weights[:2])
    for ours, expected in zip(layer_gradients[:2], with_shares, strict=True):
        torch.testing.assert_close(ours, expected, atol=1e-4, rtol=1e-4)
    assert layer_gradients[3].abs().sum() > 0
    unvisited = (shares[0].sum(0) == 0).nonzero().flatten().tolist()
    for expert in unvisited:
        assert layer_gradients[0][expert].abs().sum() == 0


def test_an_expert_can_be_left_out_and_a_choice_forced() -> None:
    layer = experts(n_experts=4, top_k=2, d_expert=9, n_shared=1)
    randomise(layer, 4)
    x = torch.randn(2, 3, D)
    _, shares = dispatched(layer, x)
    gone = torch.ones(4)
    gone[2] = 0.0
    trace = Trace(["mlp.*"], [Intervention("mlp.experts", "scale", gone)])
    trace.start(layer.addresses())
    out = layer(x, trace)
    assert trace.tensors["mlp.experts"][..., 2].eq(0).all()
    expected = plain_sum(layer.experts, x.flatten(0, 1), (shares * gone).flatten(0, 1)).view_as(x)
    torch.testing.assert_close(out, expected + trace.tensors["mlp.shared_out"])
    assert list(trace.tensors) == layer.addresses()

    far = torch.tensor([0.0, 0.0, 0.0, 1e4])
    forced = Trace(["mlp.experts"], [Intervention("mlp.router", "steer", far, positions=[1])])
    forced.start(layer.addresses())
    layer(x, forced)
    assert forced.tensors["mlp.experts"][:, 1, 3].sub(1).abs().max() < 1e-6
    torch.testing.assert_close(forced.tensors["mlp.experts"][:, 0], shares[:, 0])


def test_groups_limit_the_choice() -> None:
    """Brute force over the groups for random scores."""
    shape = Experts(
        n_experts=12, top_k=4, d_expert=1, n_groups=4, top_groups=2, group_score="top2", router="sigmoid"
    )
    router = Router(D, shape)
    scores = torch.rand(50, 12)
    for row, ids in zip(scores, router.within_groups(scores), strict=True):
        best = row.view(4, 3).sort(-1, descending=True).values[:, :2].sum(-1).topk(2).indices.tolist()
        allowed = [expert for expert in range(12) if expert // 3 in best]
        expected = sorted(allowed, key=lambda e: -row[e].item())[:4]
        assert sorted(ids.tolist()) == sorted(expected)


def test_balance_loss_is_that_of_mixtral() -> None:
    from transformers.models.mixtral.modeling_mixtral import load_balancing_loss_func

    layer = experts(n_experts=6, top_k=2, d_expert=9, balance=0.25).train()
    randomise(layer, 5)
    x = torch.randn(2, 9, D)
    assert balance_loss(layer) is None
    layer(x)
    logits = layer.router(x.flatten(0, 1))
    expected = load_balancing_loss_func((logits,), 6, 2)
    found = balance_loss(layer)
    assert found is not None
    torch.testing.assert_close(found, 0.25 * expected)
    assert balance_loss(layer) is None, "taken once"
    layer.eval()(x)
    assert balance_loss(layer) is None, "only in training"


@pytest.mark.parametrize("router", ["softmax", "sigmoid", "softmax_chosen"])
def test_balance_loss_brings_a_collapsed_router_back(router: str) -> None:
    layer = experts(n_experts=8, top_k=2, d_expert=5, balance=1.0, router=router, router_bias=True).train()
    randomise(layer, 6)
    assert layer.router.bias is not None
    if layer.router.correction is not None:
        layer.router.correction.zero_()
    with torch.no_grad():  # two experts have it all
        layer.router.weight.mul_(0.1)
        layer.router.bias.copy_(torch.tensor([3.0, 3.0, 0, 0, 0, 0, 0, 0]))
    x = torch.randn(1, 256, D)
    optimiser = torch.optim.SGD(layer.router.parameters(), lr=0.5)

    def busiest() -> float:
        ids = layer.router.choose(layer.router(x[0]))[1]
        return ids.flatten().bincount(minlength=8).max().item() / ids.numel()

    assert busiest() > 0.45
    losses = []
    for _ in range(150):
        layer(x)
        loss = balance_loss(layer)
        assert loss is not None
        losses.append(loss.item())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert busiest() < 0.25
    assert losses[-1] < 2.2 < losses[0], "2 is an even load of 2 choices"


def test_bfloat16_routes_as_float32() -> None:
    layer = experts(n_experts=16, top_k=3, d_expert=9, router="sigmoid")
    randomise(layer, 7)
    x = torch.randn(40, D).bfloat16()
    half = experts(n_experts=16, top_k=3, d_expert=9, router="sigmoid").bfloat16()
    correction = layer.router.correction
    assert correction is not None
    half.load_state_dict({name: t.bfloat16() for name, t in layer.state_dict().items()})
    half.router.correction = correction
    assert torch.equal(half.to(torch.bfloat16).router.correction, correction), "it is not rounded"
    layer.load_state_dict({name: t.float() for name, t in half.state_dict().items()})
    torch.testing.assert_close(half.router(x), layer.router(x.float()))
    with torch.autocast("cpu", torch.bfloat16):
        assert layer.router(x.float()).dtype == torch.float32
    assert half(x[None]).dtype == torch.bfloat16


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"top_k": 9}, "top_k 9"),
        ({"n_groups": 3}, "n_groups 3 must divide"),
        ({"n_groups": 4, "top_groups": 5}, "top_groups 5"),
        ({"n_groups": 4, "top_groups": 1, "top_k": 3}, "1 of 4 groups hold"),
        ({"n_groups": 8, "top_groups": 3, "group_score": "top2"}, "two experts or more"),
        ({"shared_gate": True}, "nothing to weigh"),
        ({"dense_layers": (0, 7)}, "dense_layers [7]"),
        ({"n_experts": 0}, "n_experts"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(changes: dict[str, Any], named: str) -> None:
    shape = {"n_experts": 8, "top_k": 2, "d_expert": 4} | changes
    with pytest.raises(ConfigError) as told:
        ModelConfig(vocab_size=9, d_model=8, n_layers=2, n_heads=2, max_length=8, experts=shape)
    assert named in str(told.value)


def test_plain_experts_have_one_matrix_before_the_activation() -> None:
    layer = experts(n_experts=3, top_k=1, d_expert=9, activation="relu2")
    randomise(layer, 8)
    x = torch.randn(1, 4, D)
    out, shares = dispatched(layer, x)
    chosen = shares[0].argmax(-1)
    for token, expert in enumerate(chosen.tolist()):
        inner = torch.relu(layer.experts.get_parameter("up")[expert] @ x[0, token]).square()
        torch.testing.assert_close(out[0, token], layer.experts.down[expert] @ inner)
