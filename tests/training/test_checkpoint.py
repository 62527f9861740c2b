"""Checkpoints on disk: whole or absent, pruned, refused when damaged."""

import json
from pathlib import Path

import pytest
import torch

from llmworks.errors import TrainingError
from llmworks.training.checkpoint import (
    Checkpoint,
    Checkpoints,
    random_states,
    set_random_states,
    write_atomic,
)


def checkpoint(step: int, loss: float | None = None) -> Checkpoint:
    generator = torch.Generator().manual_seed(step)
    model = {"a": torch.randn(3, 4, generator=generator)}
    return Checkpoint(
        step, model, {"mean/a": torch.ones(3, 4) * step}, {"validation_loss": loss, "x": [1, 2]}
    )


def test_round_trip(tmp_path: Path) -> None:
    store = Checkpoints(tmp_path / "c")
    assert store.latest() is None
    written = checkpoint(7, 1.5)
    store.save(written)
    read = store.load(7)
    assert (read.step, read.state) == (7, {"validation_loss": 1.5, "x": [1, 2]})
    assert torch.equal(read.model["a"], written.model["a"])
    assert torch.equal(read.optimiser["mean/a"], written.optimiser["mean/a"])


def test_the_newest_and_the_best_stay(tmp_path: Path) -> None:
    store = Checkpoints(tmp_path, keep=2)
    for step, loss in ((10, 3.0), (20, 1.0), (30, 2.0), (40, None), (50, 2.5)):
        store.save(checkpoint(step, loss))
    assert store.steps() == [20, 40, 50]
    assert (store.latest(), store.best()) == (50, 20)


def test_half_written_ones_are_never_seen_and_are_cleared_away(tmp_path: Path) -> None:
    store = Checkpoints(tmp_path)
    half = tmp_path / ".writing-abc"
    half.mkdir()
    (half / "model.safetensors").write_bytes(b"half")
    assert store.steps() == []
    store.save(checkpoint(1))
    assert not half.exists()


def test_saving_the_same_step_again_replaces_it(tmp_path: Path) -> None:
    store = Checkpoints(tmp_path)
    store.save(checkpoint(1, 2.0))
    store.save(checkpoint(1, 1.0))
    assert store.load(1).state["validation_loss"] == 1.0


@pytest.mark.parametrize("file", ["model.safetensors", "optimiser.safetensors", "state.json"])
@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_damaged_one_is_refused_by_name(tmp_path: Path, file: str, damage: str) -> None:
    store = Checkpoints(tmp_path)
    path = store.save(checkpoint(3)) / file
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:20])
    else:
        path.unlink()
    with pytest.raises(TrainingError, match="step-00000003"):
        store.load(3)


def test_a_tied_weight_is_written_once(tmp_path: Path) -> None:
    table = torch.randn(4, 4)
    store = Checkpoints(tmp_path)
    store.save(Checkpoint(1, {"a": table, "b": table}, {}, {}))
    assert list(store.load(1).model) == ["a"]


def test_random_states_repeat() -> None:
    states = json.loads(json.dumps(random_states()))
    first = torch.rand(5)
    set_random_states(states)
    assert torch.equal(torch.rand(5), first)


def test_a_small_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write_atomic(path, "one")
    write_atomic(path, "two")
    assert path.read_text() == "two"
    assert [p.name for p in tmp_path.iterdir()] == ["x.json"]
