"""The decoder: causality, cache, first loss, documents, compile, autocast, over random configs."""

import copy
import math
import pickle
from typing import Any, get_args

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional as F

from llmworks.errors import ConfigError, RequestError
from llmworks.models.config import Activation, ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.nn.cache import KVCache
from llmworks.nn.trace import Trace

VOCABULARY = 31

GPT2_LIKE: dict[str, Any] = {
    "positions": "learned", "norm": "layernorm", "activation": "gelu_tanh", "norm_bias": True,
    "attention_bias": True, "mlp_bias": True, "tie_embeddings": True,
}  # fmt: skip
FAST: dict[str, Any] = {"norm_affine": False, "qk_norm": True, "activation": "relu2", "logit_softcap": 15.0}
GEMMA_LIKE: dict[str, Any] = {
    "norm_position": "sandwich", "norm_offset": True, "qk_norm": True, "layer_kinds": ("sliding", "full"),
    "sliding_window": 3, "rope_theta_local": 100.0, "embed_scale": 4.0, "attention_softcap": 5.0,
    "activation": "geglu", "n_kv_heads": 2,
}  # fmt: skip
BLOOM_LIKE: dict[str, Any] = GPT2_LIKE | {"positions": "alibi", "embed_norm": True}
NEOX_LIKE: dict[str, Any] = {"parallel": True, "rope_fraction": 0.34, "attention_sinks": True}


def small(**values: Any) -> ModelConfig:
    sizes = {"vocab_size": VOCABULARY, "d_model": 24, "n_layers": 2, "n_heads": 4, "max_length": 16}
    return ModelConfig(**{**sizes, **values})


@st.composite
def configs(draw: st.DrawFn) -> ModelConfig:
    """Any config that makes sense, small."""
    heads = draw(st.sampled_from([1, 2, 4]))
    norm, affine = draw(st.sampled_from([("layernorm", True), ("rmsnorm", True), ("rmsnorm", False)]))
    layers = draw(st.integers(1, 3))
    width = draw(st.sampled_from([None, 4, 10])) if heads > 1 else 8
    position = draw(st.sampled_from(["pre", "post", "sandwich", "branch"]))
    parallel = position == "pre" and draw(st.booleans())
    kinds = draw(st.none() | st.lists(st.sampled_from(["full", "sliding"]), min_size=layers, max_size=layers))
    return small(
        n_layers=layers,
        n_heads=heads,
        n_kv_heads=draw(st.sampled_from([g for g in (1, 2, 4) if heads % g == 0])),
        d_head=width,
        positions=draw(st.sampled_from(["learned", "sinusoidal", "rope", "alibi", "none"])),
        rope_fraction=draw(st.sampled_from([1.0, 2 / (width or 24 // heads)])),
        rope_interleaved=draw(st.booleans()),
        rope_theta_local=draw(st.sampled_from([None, 100.0])),
        unrotated_layers=draw(st.sampled_from([(), (0,)])),
        layer_kinds=None if kinds is None else tuple(kinds),
        sliding_window=draw(st.integers(1, 9)),
        norm=norm,
        norm_affine=affine,
        norm_bias=norm == "layernorm" and draw(st.booleans()),
        norm_position=position,
        norm_offset=draw(st.booleans()),
        parallel=parallel,
        shared_norm=parallel and draw(st.booleans()),
        activation=draw(st.sampled_from(get_args(Activation))),
        attention_bias=draw(st.booleans()),
        attention_out_bias=draw(st.sampled_from([None, True, False])),
        attention_scale=draw(st.sampled_from([None, 0.2])),
        attention_sinks=draw(st.booleans()),
        mlp_bias=draw(st.booleans()),
        qk_norm=draw(st.booleans()),
        qk_norm_over=draw(st.sampled_from(["head", "all"])),
        embed_norm=draw(st.booleans()),
        embed_scale=draw(st.sampled_from([None, 3.0])),
        tie_embeddings=draw(st.booleans()),
        attention_softcap=draw(st.sampled_from([None, 5.0])),
        logit_softcap=draw(st.sampled_from([None, 3.0])),
        init_std=0.3,  # wide enough that every part has a say in the logits
    )


def fresh(config: ModelConfig, seed: int = 0) -> Decoder:
    torch.manual_seed(seed)
    return Decoder(config).eval()


def some_ids(*shape: int, seed: int = 1) -> Tensor:
    return torch.randint(VOCABULARY, shape, generator=torch.Generator().manual_seed(seed))


@given(configs(), st.integers(1, 15))
@settings(max_examples=60, deadline=None)
@torch.no_grad()
def test_changing_a_token_never_changes_logits_before_it(config: ModelConfig, at: int) -> None:
    model, ids = fresh(config), some_ids(2, 16)
    changed = ids.clone()
    changed[:, at] = (changed[:, at] + 7) % VOCABULARY
    before, after = model(ids), model(changed)
    torch.testing.assert_close(before[:, :at], after[:, :at], atol=1e-6, rtol=0)
    assert not torch.allclose(before[:, at], after[:, at], atol=1e-6)


@given(configs(), st.lists(st.integers(1, 6), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
@torch.no_grad()
def test_cached_in_any_chunks_is_uncached(config: ModelConfig, chunks: list[int]) -> None:
    model, ids = fresh(config), some_ids(2, 16)
    sizes, left = [], 16
    for size in [*chunks, 16]:
        sizes.append(min(size, left))
        left -= sizes[-1]
    cache = KVCache(config, batch_size=2)
    logits = [model(part, cache=cache) for part in ids.split([size for size in sizes if size], dim=1)]
    assert cache.length == 16
    torch.testing.assert_close(torch.cat(logits, 1), model(ids), atol=2e-5, rtol=1e-4)


@given(configs())
@settings(max_examples=30, deadline=None)
@torch.no_grad()
def test_looking_changes_nothing(config: ModelConfig) -> None:
    model, ids = fresh(config), some_ids(2, 11)
    trace = Trace(["*"])
    torch.testing.assert_close(model(ids, trace=trace), model(ids), atol=1e-5, rtol=1e-4)
    assert list(trace.tensors) == model.addresses()


@torch.no_grad()
def test_a_truncated_cache_goes_on_as_if_the_rest_had_not_been() -> None:
    model, ids = fresh(small()), some_ids(1, 12)
    cache = KVCache(model.config)
    model(ids, cache=cache)
    cache.truncate(5)
    other = some_ids(1, 4, seed=9)
    expected = model(torch.cat([ids[:, :5], other], 1))[:, 5:]
    torch.testing.assert_close(model(other, cache=cache), expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(
    "values",
    [{}, GPT2_LIKE, FAST, BLOOM_LIKE, NEOX_LIKE, {"d_model": 1024, "n_heads": 8, "tie_embeddings": True}],
)
@pytest.mark.parametrize("vocabulary", [64, 4096])
@torch.no_grad()
def test_first_loss_is_ln_v(values: dict[str, Any], vocabulary: int) -> None:
    torch.manual_seed(0)
    model = Decoder(small(**values | {"vocab_size": vocabulary, "max_length": 64}))
    ids = torch.randint(vocabulary, (8, 65))
    loss = F.cross_entropy(model(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten()).item()
    assert loss == pytest.approx(math.log(vocabulary), abs=0.06)


def test_ln_v_golden() -> None:
    assert math.log(128_256) == pytest.approx(11.76, abs=5e-3)


@pytest.mark.parametrize("values", [{}, GPT2_LIKE, FAST, GEMMA_LIKE, BLOOM_LIKE, NEOX_LIKE])
@torch.no_grad()
def test_documents_do_not_see_each_other(values: dict[str, Any]) -> None:
    model = fresh(small(init_std=0.3, **values))
    first, second = some_ids(1, 6), some_ids(1, 5, seed=2)
    packed = torch.cat([first, second], 1)
    documents = torch.tensor([[0] * 6 + [1] * 5])
    together = model(packed, documents=documents)
    torch.testing.assert_close(together[:, :6], model(first), atol=1e-5, rtol=1e-4)
    changed = packed.clone()
    changed[:, 2] = (changed[:, 2] + 1) % VOCABULARY
    assert torch.equal(model(changed, documents=documents)[:, 6:], together[:, 6:])
    assert not torch.allclose(model(packed)[:, 6:], together[:, 6:], atol=1e-3)
    if values != GPT2_LIKE:  # rotary positions are relative: the second document is as if it were alone
        torch.testing.assert_close(together[:, 6:], model(second), atol=1e-4, rtol=1e-3)


@torch.no_grad()
def test_without_positions_the_set_before_counts_and_not_its_order() -> None:
    ids = some_ids(1, 6)
    shuffled = ids[:, [2, 0, 1, 3, 4, 5]]
    for positions, order_blind in (("none", True), ("rope", False)):
        model = fresh(small(positions=positions, n_layers=1, init_std=0.3))
        same = torch.allclose(model(ids)[:, 3:], model(shuffled)[:, 3:], atol=1e-5)
        assert same is order_blind


def test_hidden_then_head_is_forward() -> None:
    model, ids = fresh(small(logit_softcap=2.0)), some_ids(2, 5)
    assert torch.equal(model.head(model.hidden(ids)), model(ids))
    assert model.head(model.hidden(ids)[:, -1]).shape == (2, VOCABULARY)
    with pytest.raises(RequestError, match="logits"):
        model.hidden(ids, trace=Trace(["logits"]))


def test_a_tied_head_is_one_tensor() -> None:
    tied, free = fresh(small(tie_embeddings=True)), fresh(small())
    assert free.n_parameters() - tied.n_parameters() == VOCABULARY * 24
    assert "unembed.weight" not in tied.state_dict()
    tied(some_ids(1, 4)).sum().backward()
    gradient = tied.embed.weight.grad
    assert gradient is not None
    assert gradient.abs().sum(1).gt(0).all()  # every row through the head, not only the ids looked up


@torch.no_grad()
def test_an_embedding_row_is_the_one_hot_product() -> None:
    model, ids = fresh(small()), some_ids(2, 5)
    one_hot = F.one_hot(ids, VOCABULARY).float()
    torch.testing.assert_close(model.embed(ids), one_hot @ model.embed.weight)


@torch.no_grad()
def test_rotary_models_run_past_max_length_and_learned_ones_refuse() -> None:
    assert fresh(small())(some_ids(1, 20)).shape == (1, 20, VOCABULARY)
    with pytest.raises(RequestError, match="learned 16 positions; given 20"):
        fresh(small(positions="learned"))(some_ids(1, 20))


@torch.no_grad()
def test_refusals() -> None:
    model = fresh(small())
    with pytest.raises(RequestError, match=r"given \[3\]"):
        model(torch.zeros(3, dtype=torch.long))
    with pytest.raises(RequestError, match=r"given \[1, 0\]"):
        model(torch.zeros(1, 0, dtype=torch.long))
    cache = KVCache(model.config, max_length=4)
    with pytest.raises(RequestError, match="0 of 4 tokens; 5 more"):
        model(some_ids(1, 5), cache=cache)
    with pytest.raises(RequestError, match="made for 1 sequences; given 2"):
        model(some_ids(2, 3), cache=cache)
    assert cache.length == 0


def test_from_state_takes_weights_over_and_is_strict() -> None:
    model = fresh(small(**GPT2_LIKE))
    state = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    loaded = Decoder.from_state(model.config, state).eval()
    ids = some_ids(1, 9)
    assert torch.equal(loaded(ids), model(ids))
    assert all(parameter.requires_grad for parameter in loaded.parameters())
    assert loaded.embed.weight.data_ptr() == state["embed.weight"].data_ptr()
    rotary = fresh(small())
    assert torch.equal(Decoder.from_state(rotary.config, rotary.state_dict()).eval()(ids), rotary(ids))
    with pytest.raises(ConfigError, match=r"Missing key.*blocks\.1\.attn\.out\.bias"):
        Decoder.from_state(model.config, {k: v for k, v in state.items() if k != "blocks.1.attn.out.bias"})
    with pytest.raises(ConfigError, match="size mismatch"):
        Decoder.from_state(model.config, state | {"embed.weight": torch.zeros(3, 3)})


def test_copies_and_pickles() -> None:
    model, ids = fresh(small(positions="sinusoidal")), some_ids(1, 6)
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert torch.equal(other(ids), model(ids))


@pytest.mark.parametrize("values", [{}, GPT2_LIKE, FAST, GEMMA_LIKE, BLOOM_LIKE, NEOX_LIKE])
def test_gradients_by_finite_differences(values: dict[str, Any]) -> None:
    """Along a random direction in all weights at once: the derivative is the gradient's share of it."""
    model, ids = fresh(small(init_std=0.2, **values)), some_ids(2, 8)

    def loss() -> Tensor:
        return F.cross_entropy(model(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten())

    loss().backward()
    generator = torch.Generator().manual_seed(3)
    pairs = [(p, torch.randn(p.shape, generator=generator)) for p in model.parameters()]
    slope = sum(float((p.grad * step).sum()) for p, step in pairs if p.grad is not None)
    width, losses = 1e-3, []
    with torch.no_grad():
        for sign in (1, -2):
            for parameter, step in pairs:
                parameter.add_(step, alpha=sign * width)
            losses.append(loss().item())
    assert (losses[0] - losses[1]) / (2 * width) == pytest.approx(slope, rel=0.02, abs=5e-3)


@pytest.mark.parametrize(
    "values", [{}, GPT2_LIKE, FAST, GEMMA_LIKE | {"layer_kinds": ("sliding",)}, BLOOM_LIKE, NEOX_LIKE]
)
def test_compiles_as_one_graph(values: dict[str, Any]) -> None:
    """No graph break, forward or backward (the backend "aot_eager" needs no C compiler)."""
    torch._dynamo.reset()  # the limit of recompilations counts over all networks of a process
    # Rotary models are run past their table here, which the graph then computes by itself.
    length = 16 if values.get("positions") == "learned" else 4
    model, ids = Decoder(small(**values | {"max_length": length, "n_layers": 1})), some_ids(2, 8)
    compiled = torch.compile(model, fullgraph=True, backend="aot_eager")
    compiled(ids)
    expected = model(ids)
    expected.sum().backward()
    gradients = [p.grad.clone() for p in model.parameters() if p.grad is not None]
    model.zero_grad()
    out = compiled(ids)
    torch.testing.assert_close(out, expected, atol=1e-5, rtol=1e-4)
    out.sum().backward()
    for parameter, gradient in zip(model.parameters(), gradients, strict=True):
        torch.testing.assert_close(parameter.grad, gradient, atol=1e-4, rtol=1e-3)


@torch.no_grad()
def test_compiles_for_any_length() -> None:
    """At the second length the compiler takes it as a symbol, and at the third it need not compile again."""
    torch._dynamo.reset()
    model = Decoder(small(n_layers=1, n_kv_heads=2))
    compiled = torch.compile(model, fullgraph=True, backend="eager")
    for length in (8, 3, 12):
        ids = some_ids(1, length)
        torch.testing.assert_close(compiled(ids), model(ids), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("values", [{}, GPT2_LIKE, FAST, GEMMA_LIKE, BLOOM_LIKE, NEOX_LIKE])
def test_bfloat16_autocast_and_weights_stay_near(values: dict[str, Any]) -> None:
    model, ids = fresh(small(init_std=0.1, **values)), some_ids(2, 12)
    exact = model(ids).detach()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mixed = model(ids)
    assert mixed.dtype == torch.bfloat16
    mixed.float().square().mean().backward()
    assert all(
        p.grad is not None and p.grad.isfinite().all() and p.grad.dtype == p.dtype for p in model.parameters()
    )
    low = copy.deepcopy(model).to(torch.bfloat16)(ids)
    for other in (mixed, low):
        assert (other.float() - exact).norm() < 0.03 * exact.norm()
    cache = KVCache(model.config, batch_size=2, dtype=torch.bfloat16)
    low_model = copy.deepcopy(model).to(torch.bfloat16)
    with torch.no_grad():
        cached = torch.cat([low_model(part, cache=cache) for part in ids.split(5, 1)], 1)
    assert (cached.float() - exact).norm() < 0.03 * exact.norm()


def test_training_lowers_the_loss() -> None:
    """Sixty steps on one repeating text learn it."""
    torch.manual_seed(0)
    model = Decoder(small(d_model=32))
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    ids = torch.arange(17).remainder(5).expand(4, 17)
    for _ in range(60):
        loss = F.cross_entropy(model(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.1
    assert model.eval()(ids[:1, :16]).argmax(-1).tolist() == [ids[0, 1:].tolist()]


def test_dropout_acts_only_in_training() -> None:
    model, ids = Decoder(small(dropout=0.3)), some_ids(1, 8)
    assert not torch.equal(model(ids), model(ids))
    model.eval()
    assert torch.equal(model(ids), model(ids))
