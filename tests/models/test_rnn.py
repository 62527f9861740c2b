"""RNN, GRU and LSTM: torch's own numbers, a state of constant size, and what it cannot hold on to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

import llmworks
from llmworks.errors import ConfigError, PackageError, RequestError
from llmworks.models.anatomy import anatomy
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.models.networks import Causal
from llmworks.models.rnn import Recurrent, RecurrentConfig
from llmworks.nn.recurrent_cell import ADDRESSES, CellKind, RecurrentCell
from llmworks.nn.trace import Intervention, Trace
from llmworks.packages import save_package
from tests.support import TINY_TEXT, tiny_tokenizer

CELLS: tuple[CellKind, ...] = ("rnn", "gru", "lstm")
TORCH: dict[str, type[torch.nn.RNNBase]] = {
    "rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM,
}  # fmt: skip


def network(cell: CellKind, **changes: Any) -> Recurrent:
    torch.manual_seed(0)
    sizes: dict[str, Any] = {"vocab_size": 320, "d_model": 24, "d_hidden": 20, "n_layers": 2, "init_std": 0.2}
    return Recurrent(RecurrentConfig(cell=cell, **sizes | changes)).eval()


@pytest.mark.parametrize("way", ["fused", "stepwise"])
@pytest.mark.parametrize("kind", CELLS)
def test_a_cell_is_torchs(kind: CellKind, way: str) -> None:
    torch.manual_seed(0)
    cell = RecurrentCell(kind, 12, 16, layer=0, address="cell")
    theirs = TORCH[kind](12, 16, batch_first=True)
    mine = [cell.input.weight, cell.recurrent.weight, cell.input.bias, cell.recurrent.bias]
    with torch.no_grad():
        for ours, given in zip(mine, theirs.parameters(), strict=True):
            ours.copy_(given)
    x, x2 = (torch.randn(3, 29, 12, generator=torch.Generator().manual_seed(1)) for _ in range(2))
    start = [torch.randn(3, 16) for _ in range(2 if kind == "lstm" else 1)]
    first = [part[None] for part in start]
    expected, last = theirs(x.requires_grad_(), tuple(first) if kind == "lstm" else first[0])
    hidden, carried = getattr(cell, way)(x2.requires_grad_(), start)
    torch.testing.assert_close(hidden, expected, atol=1e-5, rtol=1e-5)
    for part, his in zip(carried, last if kind == "lstm" else [last], strict=True):
        torch.testing.assert_close(part, his[0], atol=1e-5, rtol=1e-5)
    weight = torch.randn(3, 29, 16)
    gradients = torch.autograd.grad((hidden * weight).sum(), [x2, *mine])
    theirs_too = torch.autograd.grad((expected * weight).sum(), [x, *theirs.parameters()])
    for ours, given in zip(gradients, theirs_too, strict=True):
        torch.testing.assert_close(ours, given, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("kind", CELLS)
def test_a_state_of_constant_size_goes_on_where_the_text_was(kind: CellKind) -> None:
    model, ids = network(kind), torch.randint(320, (3, 40))
    whole, cache, sizes, pieces = model(ids), model.new_cache(3), set(), []
    for piece in ids.split([1, 17, 1, 1, 20], dim=1):
        pieces.append(model(piece, cache=cache))
        sizes.add(cache.bytes)
    torch.testing.assert_close(torch.cat(pieces, dim=1), whole, atol=1e-5, rtol=1e-5)
    assert cache.length == 40
    assert sizes == {3 * model.config.state_bytes} == {3 * 2 * 20 * 4 * (2 if kind == "lstm" else 1)}
    with pytest.raises(RequestError, match="cannot go back to 4"):
        cache.truncate(4)
    cache.truncate(0)
    torch.testing.assert_close(model(ids, cache=cache), whole, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("kind", CELLS)
def test_no_token_hears_of_a_later_one(kind: CellKind) -> None:
    model, ids = network(kind), torch.randint(320, (1, 20))
    other = ids.clone()
    other[0, 11] = (ids[0, 11] + 1) % 320
    same = (model(ids) - model(other)).abs().amax(-1)[0]
    assert (same[:11] == 0).all()
    assert (same[11:] > 0).all()


@pytest.mark.parametrize("kind", CELLS)
def test_what_a_trace_sees_is_what_runs(kind: CellKind) -> None:
    model, ids = network(kind), torch.randint(320, (2, 11))
    trace = Trace(["*"])
    torch.testing.assert_close(model(ids, trace=trace), model(ids), atol=1e-5, rtol=1e-5)
    assert list(trace.tensors) == model.addresses()
    for name in ADDRESSES[kind]:
        assert trace.tensors[f"blocks.1.cell.{name}"].shape == (2, 11, 20)
    said = trace.tensors[f"blocks.0.cell.{'hidden' if kind == 'lstm' else 'state'}"]
    torch.testing.assert_close(model.blocks[0].cell.out(said), trace.tensors["blocks.0.cell_out"])


def test_a_change_of_a_gate_flows_on() -> None:
    model, ids = network("lstm"), torch.randint(320, (2, 11))
    plain = Trace(["blocks.0.cell.*"])
    model(ids, trace=plain)
    shut = Trace(["blocks.0.cell.*"], [Intervention("blocks.0.cell.forget_gate", "ablate", positions=[6])])
    model(ids, trace=shut)
    was, now = (trace.tensors["blocks.0.cell.state"] for trace in (plain, shut))
    torch.testing.assert_close(now[:, :6], was[:, :6])
    told = shut.tensors["blocks.0.cell.input_gate"] * shut.tensors["blocks.0.cell.candidate"]
    torch.testing.assert_close(now[:, 6], told[:, 6])  # nothing of before
    assert (now[:, 7:] - was[:, 7:]).abs().amax(-1).min() > 0
    twice = Trace(["blocks.0.cell.*"], [Intervention("blocks.0.cell.state", "scale", 2.0, positions=[3, 4])])
    model(ids, trace=twice)
    forget, told, state = (
        twice.tensors["blocks.0.cell.forget_gate"],
        twice.tensors["blocks.0.cell.input_gate"] * twice.tensors["blocks.0.cell.candidate"],
        twice.tensors["blocks.0.cell.state"],
    )
    torch.testing.assert_close(state[:, 4], 2 * (forget[:, 4] * state[:, 3] + told[:, 4]))
    torch.testing.assert_close(state[:, 5], forget[:, 5] * state[:, 4] + told[:, 5])


def test_counts() -> None:
    model = network("lstm", tie_embeddings=False)
    cell = 80 * 24 + 80 * 20 + 2 * 80 + 20 * 24
    found = anatomy(model.config)
    assert found.parts()["recurrence"] == 2 * cell
    assert found.total == model.n_parameters() == 2 * 320 * 24 + 2 * (cell + 24) + 24
    assert found.state_bytes == model.config.state_bytes
    assert found.flops_per_token == 2 * (2 * (cell - 160) + 320 * 24)


def test_configs_that_cannot_be() -> None:
    with pytest.raises(ConfigError, match="cell: input should be 'rnn', 'gru' or 'lstm'"):
        RecurrentConfig(cell="elman", vocab_size=9, d_model=4, n_layers=1)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="d_model: missing"):
        RecurrentConfig(vocab_size=9, n_layers=1)  # type: ignore[call-arg]
    with pytest.raises(ConfigError, match="n_heads: no such field"):
        RecurrentConfig(vocab_size=9, d_model=4, n_layers=1, n_heads=3)  # type: ignore[call-arg]


@pytest.mark.parametrize("kind", CELLS)
def test_a_package_loads_generates_and_scores(kind: CellKind, tmp_path: Path) -> None:
    tokenizer = tiny_tokenizer()
    model = network(kind, vocab_size=tokenizer.vocab_size, max_length=200)
    folder = save_package(tmp_path / "p", model, tokenizer)
    lm = llmworks.load(folder)
    ids = lm.encode("The house had a red door")
    torch.testing.assert_close(lm.logits(ids), model(torch.tensor([ids]))[0].detach())
    text = list(ids)
    for _ in range(12):
        text.append(int(lm.logits(text)[-1].argmax()))
    assert lm.generate(ids, max_tokens=12, temperature=0, ignore_eos=True).ids == text[len(ids) :]
    assert lm.score(TINY_TEXT[:120]).bits > 0
    lm.close()
    said = (folder / "config.json").read_text()
    (folder / "config.json").write_text(said.replace('"d_hidden": 20', '"d_hidden": 60000'))
    with pytest.raises(PackageError, match="d_hidden"):
        llmworks.load(folder)


@pytest.mark.parametrize("kind", ["rnn", "lstm"])
def test_trained_from_a_recipe(kind: str, tmp_path: Path) -> None:
    from llmworks.training.recipe import Recipe
    from llmworks.training.run import train

    text = tmp_path / "text.txt"
    text.write_text(TINY_TEXT * 60)
    recipe = Recipe.parse({
        "model": {"network": kind, "d_model": 32, "n_layers": 2},
        "data": {"sources": [{"path": str(text)}], "block_size": 32},
        "tokenizer": {"vocab_size": 300},
        "training": {"steps": 40, "batch_size": 8, "compile": "off", "precision": "bf16", "device": "cpu",
                     "tensorboard": False},
    })  # fmt: skip
    result = train(recipe, tmp_path / "out")
    assert result.package is not None
    assert result.loss < 3.5  # from ln 300 = 5.7
    trained = llmworks.load(result.package)
    assert trained.package.config.cell == kind
    assert trained.generate("The house", max_tokens=8, temperature=0).ids
    trained.close()


def test_a_recipe_that_says_two_cells() -> None:
    from llmworks.training.dial import model_config
    from llmworks.training.recipe import Recipe

    with pytest.raises(ConfigError, match="write one"):
        model_config(Recipe.parse({"model": {"network": "rnn", "cell": "lstm"}}), 300)


def copied(model: Causal, gap: int, steps: int) -> float:
    """Share of the symbols said again after `gap` blanks, once trained to (Arjovsky et al. 2016, §5.1)."""
    torch.manual_seed(0)
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)

    def batch(size: int) -> tuple[Tensor, Tensor]:
        symbols = torch.randint(2, 10, (size, 5))
        blank = torch.zeros(size, gap, dtype=torch.long)
        mark = torch.ones(size, 1, dtype=torch.long)
        return torch.cat((symbols, blank, mark, symbols), dim=1), symbols

    for _ in range(steps):
        ids, symbols = batch(32)
        logits = model(ids[:, :-1])[:, -5:]
        loss = F.cross_entropy(logits.flatten(0, 1), symbols.flatten())
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    with torch.no_grad():
        ids, symbols = batch(200)
        return float((model(ids[:, :-1])[:, -5:].argmax(-1) == symbols).float().mean())


def test_attention_copies_over_a_gap_where_an_rnn_does_not() -> None:
    torch.manual_seed(0)
    attention = Decoder(ModelConfig(
        vocab_size=10, d_model=32, n_layers=2, n_heads=4, max_length=64, positions="rope", norm="rmsnorm",
        activation="swiglu",
    ))  # fmt: skip
    config = RecurrentConfig(cell="rnn", vocab_size=10, d_model=32, n_layers=2)
    assert copied(attention, 24, 200) > 0.9
    assert copied(Recurrent(config), 0, 200) > 0.7
    assert copied(Recurrent(config), 24, 200) < 0.5  # by chance: an eighth
