"""Multi-head latent attention against transformers' DeepSeek modules; compressed cache, both forms, trace."""

from typing import Any

import pytest
import torch
from torch import Tensor

from llmworks.models.config import ModelConfig
from llmworks.nn.cache import KVCache, cache_bytes_per_token
from llmworks.nn.latent import LatentAttention, MultiHeadLatentAttention
from llmworks.nn.positions import Rotation, rotation_table
from llmworks.nn.trace import Intervention, Trace

transformers = pytest.importorskip("transformers")
D, HEADS = 36, 3


@pytest.fixture(autouse=True)
def same_numbers() -> None:
    """The same random numbers in each run."""
    torch.manual_seed(0)


def shape(q_rank: int | None = 10, d_value: int = 7) -> LatentAttention:
    return LatentAttention(q_rank=q_rank, kv_rank=12, d_rope=6, d_nope=4, d_value=d_value)


def module(q_rank: int | None = 10, **options: Any) -> MultiHeadLatentAttention:
    torch.manual_seed(1)
    made = MultiHeadLatentAttention(D, HEADS, shape(q_rank), address="attn", **options).eval()
    for parameter in made.parameters():
        torch.nn.init.normal_(parameter, std=0.4)
    return made.requires_grad_(False)


def turns(start: int, count: int) -> Rotation:
    cos, sin = rotation_table(64, 6, 10_000.0)[start : start + count].unbind(1)
    return cos, sin


def new_cache(batch: int = 2) -> KVCache:
    return KVCache(config(), batch_size=batch)


def config(layers: int = 1) -> ModelConfig:
    return ModelConfig(
        vocab_size=9, d_model=D, n_layers=layers, n_heads=HEADS, d_head=10, max_length=64, latent=shape()
    )


def theirs_of(version: int, ours: MultiHeadLatentAttention) -> tuple[Any, Any]:
    """Their module with our weights, and its rotary embedding."""
    import importlib

    where = importlib.import_module(f"transformers.models.deepseek_v{version}.modeling_deepseek_v{version}")
    latent = ours.shape
    made = getattr(where, f"DeepseekV{version}Config")(
        hidden_size=D, num_attention_heads=HEADS, num_key_value_heads=HEADS, q_lora_rank=latent.q_rank,
        kv_lora_rank=latent.kv_rank, qk_rope_head_dim=latent.d_rope, qk_nope_head_dim=latent.d_nope,
        v_head_dim=latent.d_value, attention_bias=ours.out.bias is not None, attn_implementation="eager",
    )  # fmt: skip
    attention = getattr(where, f"DeepseekV{version}Attention")(made, 0).eval()
    names = {
        "kv_down": "kv_a_proj_with_mqa",
        "kv_norm": "kv_a_layernorm",
        "kv_up": "kv_b_proj",
        "out": "o_proj",
    }
    names |= {"q_down": "q_a_proj", "q_norm": "q_a_layernorm", "q_up": "q_b_proj", "q": "q_proj"}
    state = {}
    for name, tensor in ours.state_dict().items():
        part, _, kind = name.partition(".")
        state[f"{names[part]}.{kind}"] = tensor
    attention.load_state_dict(state)
    return attention, getattr(where, f"DeepseekV{version}RotaryEmbedding")(made)


@torch.no_grad()
@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize(("q_rank", "bias"), [(10, False), (None, True), (10, True)])
@pytest.mark.parametrize("count", [1, 7, 33])
def test_equals_transformers(version: int, q_rank: int | None, bias: bool, count: int) -> None:
    ours = module(q_rank, bias=bias)
    theirs, rotary = theirs_of(version, ours)
    x = torch.randn(2, count, D)
    positions = torch.arange(count)[None]
    mask = torch.full((count, count), -torch.inf).triu(1)[None, None]
    expected = theirs(
        hidden_states=x, position_embeddings=rotary(x, positions), attention_mask=mask, past_key_values=None
    )[0]
    torch.testing.assert_close(ours(x, turns(0, count)), expected, atol=2e-5, rtol=1e-5)


@pytest.mark.parametrize("pieces", [(12,), (1,) * 12, (5, 7), (9, 1, 1, 1)])
def test_cached_equals_uncached_in_both_forms(pieces: tuple[int, ...]) -> None:
    ours = module()
    x = torch.randn(2, 12, D)
    whole = ours(x, turns(0, 12))
    for absorb in (True, False, None):
        if absorb is not None:
            ours.absorbing_pays = lambda count, seen, absorb=absorb: absorb  # type: ignore[method-assign]
        else:
            del ours.absorbing_pays
        cache, outs, start = new_cache(), [], 0
        for count in pieces:
            end = start + count
            mask = None if start == 0 or count == 1 else torch.ones(count, end, dtype=torch.bool).tril(start)
            outs.append(ours(x[:, start:end], turns(start, count), mask, cache))
            cache.advance(count)
            start = end
        torch.testing.assert_close(torch.cat(outs, 1), whole, atol=2e-5, rtol=1e-4)


def test_the_form_with_fewer_products_is_chosen() -> None:
    """By counting the multiplications that PyTorch does in each."""
    from torch.utils.flop_counter import FlopCounterMode

    def products(count: int, past: int, absorb: bool) -> int:
        ours = module()
        ours.absorbing_pays = lambda count, seen: absorb  # type: ignore[method-assign]
        cache = new_cache()
        cache.advance(past)
        mask = torch.ones(count, past + count, dtype=torch.bool).tril(past)
        trace = Trace(["attn.scores"])  # the explicit product in both
        trace.start(ours.addresses())
        with FlopCounterMode(display=False) as counter:
            ours(torch.randn(2, count, D), turns(past, count), mask, cache, trace)
        return int(counter.get_total_flops())

    ours = module()
    for count, past in ((1, 40), (1, 1), (30, 0), (20, 30), (3, 50), (8, 8)):
        cheaper = products(count, past, True) < products(count, past, False)
        assert ours.absorbing_pays(count, past + count) == cheaper, (count, past)
    wide = MultiHeadLatentAttention(
        8, 2, LatentAttention(kv_rank=512, d_rope=64, d_nope=128, d_value=128), address="attn"
    )
    assert wide.absorbing_pays(1, 1000)
    assert not wide.absorbing_pays(512, 1000)


def test_the_cache_holds_exactly_the_latent_and_the_rotated_key() -> None:
    for layers, dtype in ((1, torch.float32), (4, torch.bfloat16)):
        made = KVCache(config(layers), batch_size=3, max_length=10, dtype=dtype)
        predicted = cache_bytes_per_token(config(layers), dtype)
        assert predicted == layers * (12 + 6) * dtype.itemsize
        assert made.bytes == 3 * 10 * predicted
    ours, cache, x = module(), new_cache(), torch.randn(2, 5, D)
    trace = Trace(["attn.latent"])
    trace.start(ours.addresses())
    ours(x, turns(0, 5), None, cache, trace)
    torch.testing.assert_close(cache.keys[0][:, 0, :5], trace.tensors["attn.latent"])


def run(ours: MultiHeadLatentAttention, x: Tensor, trace: Trace, cache: KVCache | None = None) -> Tensor:
    trace.start(ours.addresses())
    start = 0 if cache is None else cache.length
    return ours(x, turns(start, x.shape[1]), None, cache, trace)


def test_trace_shows_the_formula() -> None:
    ours, x = module(), torch.randn(1, 6, D)
    trace = Trace(["*"])
    out = run(ours, x, trace)
    seen = {name.removeprefix("attn."): tensor for name, tensor in trace.tensors.items()}
    assert list(trace.tensors) == ours.addresses()
    assert seen["q"].shape == seen["k"].shape == (1, HEADS, 6, 10)
    assert seen["v"].shape == seen["z"].shape == (1, HEADS, 6, 7)
    torch.testing.assert_close(seen["scores"], seen["q"] @ seen["k"].mT * 10**-0.5)
    torch.testing.assert_close(seen["z"], seen["pattern"] @ seen["v"])
    torch.testing.assert_close(out, ours(x, turns(0, 6)), atol=1e-5, rtol=1e-5)
    nope, value = (
        (seen["latent"] @ ours.kv_up.weight.T).view(1, 6, HEADS, 11).transpose(1, 2).split((4, 7), -1)
    )
    torch.testing.assert_close(seen["k"][..., :4], nope)
    torch.testing.assert_close(seen["v"], value)


@pytest.mark.parametrize("name", ["q", "scores", "pattern", "z"])
def test_both_forms_show_the_same(name: str) -> None:
    x = torch.randn(1, 6, D)
    shown = []
    for absorb in (True, False):
        ours, cache = module(), new_cache(1)
        ours(x[:, :5], turns(0, 5), None, cache)
        cache.advance(5)
        ours.absorbing_pays = lambda count, seen, absorb=absorb: absorb  # type: ignore[method-assign]
        trace = Trace([f"attn.{name}"], [Intervention(f"attn.{name}", "scale", 0.5, heads=[1])])
        out = run(ours, x[:, 5:], trace, cache)
        shown.append((trace.tensors[f"attn.{name}"], out))
    torch.testing.assert_close(shown[0], shown[1], atol=1e-5, rtol=1e-4)


def test_a_changed_latent_is_remembered() -> None:
    ours, x = module(), torch.randn(1, 4, D)
    change = [Intervention("attn.latent", "scale", 2.0, positions=[1])]
    whole = run(ours, x, Trace((), change))
    cache = new_cache(1)
    run(ours, x[:, :3], Trace((), change), cache)
    cache.advance(3)
    torch.testing.assert_close(ours(x[:, 3:], turns(3, 1), None, cache), whole[:, 3:], atol=1e-5, rtol=1e-4)
    keys = [Intervention("attn.k", "ablate", heads=[0])]
    assert not torch.allclose(run(ours, x, Trace((), keys)), ours(x, turns(0, 4)))


def test_values_wider_than_keys() -> None:
    made = MultiHeadLatentAttention(D, HEADS, shape(d_value=19), address="attn").eval().requires_grad_(False)
    x = torch.randn(1, 5, D)
    torch.testing.assert_close(
        made(x, turns(0, 5)), run(made, x, Trace(["attn.scores"])), atol=1e-6, rtol=1e-5
    )
