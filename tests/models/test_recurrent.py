"""Mamba: the scan is the recurrence, the state is of constant size, and everything above runs on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

import llmworks
from llmworks.errors import ConfigError, RequestError
from llmworks.models.recurrent import Mamba, MambaConfig
from llmworks.nn.state_space import CHUNK, scan, selective_scan
from llmworks.nn.trace import Intervention, Trace
from llmworks.packages import save_package
from tests.support import TINY_TEXT, tiny_tokenizer

SIZES: dict[str, Any] = {"vocab_size": 320, "d_model": 24, "n_layers": 2, "d_state": 5, "init_std": 0.2}


def network(**changes: Any) -> Mamba:
    torch.manual_seed(0)
    return Mamba(MambaConfig(**SIZES | changes)).eval()


def one_by_one(decay: Tensor, given: Tensor, state: Tensor) -> Tensor:
    """The recurrence as it is written."""
    states = []
    for t in range(decay.shape[1]):
        state = decay[:, t] * state + given[:, t]
        states.append(state)
    return torch.stack(states, dim=1)


@given(length=st.integers(1, 70), batch=st.integers(1, 3), seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_the_scan_is_the_recurrence_and_so_is_its_gradient(length: int, batch: int, seed: int) -> None:
    dice = torch.Generator().manual_seed(seed)
    shape = (batch, length, 2, 3)
    parts = [
        torch.rand(shape, generator=dice, dtype=torch.float64).requires_grad_(),
        torch.randn(shape, generator=dice, dtype=torch.float64).requires_grad_(),
        torch.randn(batch, 2, 3, generator=dice, dtype=torch.float64).requires_grad_(),
    ]
    weight = torch.randn(shape, generator=dice, dtype=torch.float64)
    ours, expected = scan(*parts), one_by_one(*parts)
    torch.testing.assert_close(ours, expected)
    for mine, theirs in zip(
        torch.autograd.grad((ours * weight).sum(), parts),
        torch.autograd.grad((expected * weight).sum(), parts),
        strict=True,
    ):
        torch.testing.assert_close(mine, theirs)


def test_pieces_of_a_long_text_are_one_scan() -> None:
    torch.manual_seed(0)
    length = 2 * CHUNK + 3
    x, delta = torch.randn(1, length, 4), torch.rand(1, length, 4)
    a, b, c = -torch.rand(4, 3), torch.randn(1, length, 3), torch.randn(1, length, 3)
    x.requires_grad_()
    y, last = selective_scan(x, delta, a, b, c)
    given = (delta * x)[..., None] * b[:, :, None]
    states = one_by_one(torch.exp(delta[..., None] * a), given, torch.zeros(1, 4, 3))
    expected = (states * c[:, :, None]).sum(-1)
    torch.testing.assert_close(y, expected, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(last, states[:, -1], atol=1e-4, rtol=1e-4)
    (mine,) = torch.autograd.grad(y.square().sum(), x)
    (theirs,) = torch.autograd.grad(expected.square().sum(), x)
    torch.testing.assert_close(mine, theirs, atol=1e-3, rtol=1e-3)


def test_the_state_is_of_constant_size() -> None:
    model = network()
    cache = model.new_cache(3)
    ids = torch.randint(320, (3, 50))
    sizes = [cache.bytes]
    for start in range(0, 50, 10):
        model(ids[:, start : start + 10], cache=cache)
        sizes.append(cache.bytes)
    assert cache.length == 50
    # layers × inner × (kernel − 1 + state) numbers of 4 bytes, for each of three texts
    assert set(sizes) == {3 * 2 * 48 * (3 + 5) * 4} == {3 * model.config.state_bytes}


def test_a_state_goes_back_to_nothing_only() -> None:
    model = network()
    ids = torch.randint(320, (1, 9))
    cache = model.new_cache(max_length=12)
    first = model(ids, cache=cache)
    cache.truncate(9)
    with pytest.raises(RequestError, match="cannot go back to 4"):
        cache.truncate(4)
    with pytest.raises(RequestError, match="at most 12"):
        model(ids, cache=cache)
    with pytest.raises(RequestError, match="1 sequences; given 2"):
        model(ids.expand(2, -1), cache=cache)
    cache.truncate(0)
    assert cache.length == 0
    assert torch.equal(model(ids, cache=cache), first)


def test_16_bits_stay_near_32() -> None:
    model, ids = network(), torch.randint(320, (1, 40))
    exact = model(ids)
    half = network().to(torch.bfloat16)
    cache = half.new_cache()
    stepped = torch.cat([half(ids[:, i : i + 1], cache=cache) for i in range(40)], dim=1)
    assert cache.states[0].dtype == torch.float32
    assert (half(ids).float() - exact).abs().max() < 0.1 * exact.abs().max()
    assert (stepped.float() - exact).abs().max() < 0.1 * exact.abs().max()


def test_what_a_trace_sees_is_what_runs() -> None:
    model, ids = network(), torch.randint(320, (2, 11))
    trace = Trace(["*"])
    logits = model(ids, trace=trace)
    assert list(trace.tensors) == model.addresses()
    assert trace.tensors["blocks.1.ssm.state"].shape == (2, 11, 48, 5)
    torch.testing.assert_close(logits, model(ids))
    # Without its states a block is its skip alone: y = D ⊙ x.
    none = Trace(["blocks.0.ssm.*"], [Intervention("blocks.0.ssm.state", "ablate")])
    model(ids, trace=none)
    skip = none.tensors["blocks.0.ssm.conv"] * model.blocks[0].ssm.D
    torch.testing.assert_close(none.tensors["blocks.0.ssm.y"], skip)


def test_counts() -> None:
    model = network()
    config = model.config
    assert config.dt_rank == 2  # ⌈24 / 16⌉
    inner, block = 48, 24 + 24 * 96 + 48 * 4 + 48 + 48 * (2 + 10) + 2 * 48 + 48 + 48 * 5 + 48 + 48 * 24
    assert inner == config.d_inner
    assert model.n_parameters() == 320 * 24 + 2 * block + 24
    assert model.flops_per_token(10) == model.flops_per_token(100_000)
    products = 2 * (24 * 96 + 48 * 4 + 48 * 12 + 2 * 48 + 48 * 24) + 320 * 24
    assert model.flops_per_token(training=False) == 2 * products + 9 * 2 * 48 * 5


def test_configs_that_cannot_be() -> None:
    with pytest.raises(ConfigError, match="d_model: input should be greater than 0"):
        MambaConfig(**SIZES | {"d_model": -1})
    with pytest.raises(ConfigError, match="n_heads: no such field"):
        MambaConfig(**SIZES | {"n_heads": 3})


@pytest.fixture(scope="module")
def lm(tmp_path_factory: pytest.TempPathFactory) -> Any:
    tokenizer = tiny_tokenizer()
    folder = tmp_path_factory.mktemp("mamba") / "p"
    # Read from disk, the limit of a run is the family's own: this one stands under our name.
    model = network(vocab_size=tokenizer.vocab_size, max_length=200)
    lm = llmworks.load(save_package(folder, model, tokenizer))
    yield lm
    lm.close()


def test_the_engine_generates_as_the_network_says(lm: Any) -> None:
    ids = lm.encode("The house had a red door")
    made = lm.generate(ids, max_tokens=12, temperature=0, ignore_eos=True).ids
    text = list(ids)
    for _ in range(12):
        text.append(int(lm.logits(text)[-1].argmax()))
    assert made == text[len(ids) :]
    assert lm.score(TINY_TEXT[:120]).bits > 0


def test_the_workbench_reads_again_what_a_state_cannot_take_back(lm: Any) -> None:
    from llmworks.server.steps import Reader

    reader = Reader(lm.model)
    for ids in ([5, 6, 7], [5, 6, 7, 8], [5, 6, 9], [5, 6, 9], [1]):
        torch.testing.assert_close(reader.logits(ids), lm.logits(ids)[-1], atol=1e-5, rtol=1e-5)


def test_trained_from_a_recipe(tmp_path: Path) -> None:
    from llmworks.training.recipe import Recipe
    from llmworks.training.run import train

    text = tmp_path / "text.txt"
    text.write_text(TINY_TEXT * 60)
    recipe = Recipe.parse({
        "model": {"network": "mamba", "d_model": 32, "n_layers": 2, "d_state": 8},
        "data": {"sources": [{"path": str(text)}], "block_size": 32},
        "tokenizer": {"vocab_size": 300},
        "training": {"steps": 40, "batch_size": 8, "compile": "off", "precision": "fp32", "device": "cpu",
                     "tensorboard": False},
    })  # fmt: skip
    result = train(recipe, tmp_path / "out")
    assert result.package is not None
    assert result.loss < 3.0  # from ln 300 = 5.7
    trained = llmworks.load(result.package)
    assert trained.package.config.family == "mamba"
    assert trained.generate("The house", max_tokens=8, temperature=0).ids
    trained.close()
    with pytest.raises(ConfigError, match=r"model\.n_heads: unknown key"):
        Recipe.parse({"model": {"network": "mamba", "n_heads": 2}})


def test_a_long_text_is_scored_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    from llmworks.inference import score

    model = network(max_length=8)  # a limit of runs, not of reading
    ids = torch.randint(320, (45,))
    logits = model(ids[None])[0, :-1]
    expected = torch.nn.functional.cross_entropy(logits, ids[1:], reduction="sum")
    monkeypatch.setattr(score, "PIECE", 13)
    assert score.score_ids(model, ids.tolist(), 45).nats_per_token * 44 == pytest.approx(
        float(expected), rel=1e-5
    )
