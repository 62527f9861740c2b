"""Traces and interventions on a whole network: values recompute the run, changes act where they should."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from llmworks.errors import RequestError
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.nn.cache import KVCache
from llmworks.nn.trace import Intervention, Trace

LENGTH = 9


def network(**values: Any) -> Decoder:
    torch.manual_seed(0)
    sizes = {"vocab_size": 23, "d_model": 24, "n_layers": 3, "n_heads": 4, "n_kv_heads": 2, "max_length": 16}
    return Decoder(ModelConfig(**{**sizes, "init_std": 0.25, **values})).eval()


@pytest.fixture
def ids() -> Tensor:
    return torch.randint(23, (2, LENGTH), generator=torch.Generator().manual_seed(5))


def run(model: Decoder, ids: Tensor, *changes: Intervention) -> tuple[Tensor, dict[str, Tensor]]:
    trace = Trace(["*"], changes)
    with torch.no_grad():
        return model(ids, trace=trace), trace.tensors


@pytest.mark.parametrize("norm_position", ["pre", "post"])
@pytest.mark.parametrize("activation", ["swiglu", "gelu"])
def test_traced_values_recompute_the_forward(ids: Tensor, norm_position: str, activation: str) -> None:
    model = network(norm_position=norm_position, activation=activation)
    logits, seen = run(model, ids)
    close = torch.testing.assert_close
    stream = seen["embed"]
    for layer, block in enumerate(model.blocks):
        at = {name.removeprefix(f"blocks.{layer}."): tensor for name, tensor in seen.items()}
        close(at["resid_pre"], stream)
        keys = at["attn.k"].repeat_interleave(2, 1)
        close(at["attn.scores"], at["attn.q"] @ keys.mT / math.sqrt(6))
        hidden = torch.ones(LENGTH, LENGTH).triu(1).bool()
        close(at["attn.pattern"], at["attn.scores"].masked_fill(hidden, -torch.inf).softmax(-1))
        close(at["attn.z"], at["attn.pattern"] @ at["attn.v"].repeat_interleave(2, 1))
        close(at["attn_out"], block.attn.out(at["attn.z"].transpose(1, 2).flatten(2)))
        inner = F.silu(at["mlp.gate"]) * at["mlp.pre"] if activation == "swiglu" else F.gelu(at["mlp.pre"])
        close(at["mlp.post"], inner)
        close(at["mlp_out"], block.mlp.down(at["mlp.post"]))
        if norm_position == "pre":
            close(at["attn_norm"], block.attn_norm(stream))
            close(at["resid_mid"], stream + at["attn_out"])
            close(at["mlp_norm"], block.mlp_norm(at["resid_mid"]))
            close(at["resid_post"], at["resid_mid"] + at["mlp_out"])
        else:
            close(at["resid_mid"], block.attn_norm(stream + at["attn_out"]))
            close(at["resid_post"], block.mlp_norm(at["resid_mid"] + at["mlp_out"]))
        stream = at["resid_post"]
    close(logits, model.head(seen.get("final_norm", stream)))
    close(logits, seen["logits"])


def test_shapes_at_the_addresses(ids: Tensor) -> None:
    _, seen = run(network(positions="learned"), ids)
    shapes = {name.removeprefix("blocks.1."): list(tensor.shape) for name, tensor in seen.items()}
    assert shapes["attn.q"] == [2, 4, LENGTH, 6]
    assert shapes["attn.k"] == shapes["attn.v"] == [2, 2, LENGTH, 6]
    assert shapes["attn.pattern"] == shapes["attn.scores"] == [2, 4, LENGTH, LENGTH]
    assert shapes["attn.z"] == [2, 4, LENGTH, 6]
    assert shapes["pos_embed"] == shapes["embed"] == shapes["resid_post"] == [2, LENGTH, 24]
    assert shapes["mlp.pre"] == shapes["mlp.gate"] == shapes["mlp.post"] == [2, LENGTH, 64]
    assert shapes["logits"] == [2, LENGTH, 23]


@pytest.mark.parametrize(
    "address",
    ["embed", "attn.q", "attn.v", "attn.pattern", "attn.z", "attn_out", "mlp.gate", "mlp.post", "resid_mid"],
)
def test_a_change_acts_at_its_address_and_after(ids: Tensor, address: str) -> None:
    model = network()
    full = address if address == "embed" else f"blocks.1.{address}"
    plain, before = run(model, ids)
    changed, after = run(model, ids, Intervention(full, "scale", 0.5))
    torch.testing.assert_close(after[full], 0.5 * before[full])
    order = model.addresses()
    earlier = [name for name in order[: order.index(full)] if not name.startswith(f"blocks.1.{address[:5]}")]
    assert all(torch.equal(before[name], after[name]) for name in earlier)
    assert not torch.allclose(plain, changed, atol=1e-4)


def test_a_change_at_a_position_leaves_the_positions_before_alone(ids: Tensor) -> None:
    model = network()
    plain, _ = run(model, ids)
    for address in ("blocks.0.resid_post", "blocks.1.attn.k", "blocks.2.mlp_out", "blocks.0.attn.pattern"):
        changed, _ = run(model, ids, Intervention(address, "ablate", positions=[4]))
        torch.testing.assert_close(changed[:, :4], plain[:, :4])
        assert not torch.allclose(changed[:, 4:], plain[:, 4:], atol=1e-4)


def test_ablating_a_head_is_taking_its_columns_out_of_the_output_projection(ids: Tensor) -> None:
    model = network()
    changed, _ = run(model, ids, Intervention("blocks.1.attn.z", "ablate", heads=[2]))
    with torch.no_grad():
        model.blocks[1].attn.out.weight[:, 12:18] = 0
    torch.testing.assert_close(changed, model(ids))


def test_patching_a_whole_run_in_makes_its_logits(ids: Tensor) -> None:
    model = network()
    other_ids = (ids + 1) % 23
    other, seen = run(model, other_ids)
    patched, _ = run(model, ids, Intervention("blocks.1.resid_post", "patch", seen["blocks.1.resid_post"]))
    torch.testing.assert_close(patched, other)


def test_steering_along_a_head_row_raises_that_logit(ids: Tensor) -> None:
    model = network()
    plain, _ = run(model, ids)
    assert model.unembed is not None
    row = model.unembed.weight[7].detach()
    steered, _ = run(model, ids, Intervention("final_norm", "steer", 10 * row))
    torch.testing.assert_close(steered[..., 7], plain[..., 7] + 10 * row.dot(row))


def test_scores_can_be_changed_and_the_mask_still_holds(ids: Tensor) -> None:
    model = network()
    _, seen = run(model, ids, Intervention("blocks.0.attn.scores", "ablate"))
    uniform = 1 / torch.arange(1, LENGTH + 1)
    torch.testing.assert_close(seen["blocks.0.attn.pattern"][0, 0, :, 0], uniform)
    assert not seen["blocks.0.attn.pattern"].triu(1).any()


def test_ablating_the_residual_stream_makes_the_gradient_vanish() -> None:
    """96 layers that each pass on 0.9 of the stream leave 0.9^96 ≈ 4e-5 of it and of its gradient."""
    model = network(n_layers=96, d_model=8, n_heads=2, n_kv_heads=2)
    changes = [Intervention(f"blocks.*.{name}", "ablate") for name in ("attn_out", "mlp_out")]
    trace = Trace(
        ["embed", "blocks.95.resid_post"], [*changes, Intervention("blocks.*.resid_post", "scale", 0.9)]
    )
    inputs = torch.tensor([[3]])
    model(inputs, trace=trace)
    ratio = trace.tensors["blocks.95.resid_post"] / trace.tensors["embed"]
    torch.testing.assert_close(ratio, torch.full_like(ratio, 0.9**96), rtol=1e-4, atol=0)
    assert float(ratio.mean()) == pytest.approx(4.0e-5, rel=0.02)

    def last_gradient(*interventions: Intervention) -> float:
        """Size of the embedding's gradient, of a loss on the stream before the final norm."""
        model.zero_grad()
        stream: list[Tensor] = []
        handle = model.blocks[95].register_forward_hook(lambda module, given, out: stream.append(out))
        model(inputs, trace=Trace((), interventions))
        handle.remove()
        stream[0].sum().backward()
        assert model.embed.weight.grad is not None
        return float(model.embed.weight.grad[3].norm())

    whole = last_gradient(*changes)
    assert last_gradient(*trace.interventions) / whole == pytest.approx(0.9**96, rel=1e-3)


def test_a_cached_run_is_traced_too(ids: Tensor) -> None:
    model = network()
    whole, seen = run(model, ids)
    cache = KVCache(model.config, batch_size=2)
    trace = Trace(["blocks.1.attn.pattern", "blocks.1.attn.k"])
    with torch.no_grad():
        model(ids[:, :6], cache=cache)
        last = model(ids[:, 6:], cache=cache, trace=trace)
    torch.testing.assert_close(last, whole[:, 6:])
    torch.testing.assert_close(
        trace.tensors["blocks.1.attn.pattern"], seen["blocks.1.attn.pattern"][:, :, 6:]
    )
    torch.testing.assert_close(trace.tensors["blocks.1.attn.k"], seen["blocks.1.attn.k"][:, :, 6:])


def test_addresses_are_checked_before_the_run(ids: Tensor) -> None:
    model = network()
    cache = KVCache(model.config, batch_size=2)
    with pytest.raises(RequestError, match=r"no tensor has the address 'blocks\.3\.attn\.z'"):
        model(ids, cache=cache, trace=Trace(["blocks.3.attn.z"]))
    assert cache.length == 0
    with pytest.raises(RequestError, match="pos_embed"):
        model(ids, trace=Trace(["pos_embed"]))
    with pytest.raises(RequestError, match=r"shape \[5\] does not fit"):
        model(ids, trace=Trace((), [Intervention("embed", "steer", torch.ones(5))]))


def test_only_what_is_asked_for_is_kept(ids: Tensor) -> None:
    trace = Trace(["blocks.*.attn_out", "logits"])
    network()(ids, trace=trace)
    assert list(trace.tensors) == [*(f"blocks.{layer}.attn_out" for layer in range(3)), "logits"]
