"""The loop: repeats itself, resumes exactly, accumulates, and survives bad batches and broken weights."""

import json
import signal
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from llmworks.data.batches import Batch, RandomBatches
from llmworks.errors import TrainingError
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.training import compute as compute_module
from llmworks.training import trainer as trainer_module
from llmworks.training.compute import Compute
from llmworks.training.dial import make_plan
from llmworks.training.evaluation import Evaluator
from llmworks.training.groups import make_optimisers
from llmworks.training.objectives import CrossEntropy
from llmworks.training.recipe import Recipe
from llmworks.training.trainer import Trainer

TEXT = np.frombuffer(("the cat sat on the mat; the dog lay by the log. " * 40).encode(), np.uint8) % 64


class Poisoned:
    """A batch source that spoils chosen batches: every target weighs NaN, or infinitely much."""

    def __init__(self, inner: RandomBatches, at: Mapping[int, float]) -> None:
        self.inner, self.at, self.drawn = inner, at, 0

    def next(self) -> Batch:
        batch = self.inner.next()
        self.drawn += 1
        if self.drawn not in self.at:
            return batch
        # The count of the batch stays a plain number, so that the damage appears in the loss alone.
        weights = torch.ones(batch.ids.shape)
        weights[0, 0] = self.at[self.drawn]
        return Batch(ids=batch.ids, targets=batch.targets, weights=weights)

    def state_dict(self) -> dict[str, Any]:
        return {"inner": self.inner.state_dict(), "drawn": self.drawn}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self.inner.load_state_dict(state["inner"])
        self.drawn = state["drawn"]

    def epochs(self) -> dict[str, float]:
        return self.inner.epochs()


def make(
    folder: Path, poison: Mapping[int, float] | None = None, dropout: float = 0.1, **settings: Any
) -> Trainer:
    recipe = Recipe.parse(
        {
            "training": {"steps": 40, "batch_size": 8, "checkpoint_every": 10, "eval_every": 10, "seed": 3,
                         "log_every": 1, "tensorboard": False, **settings},
            "data": {"block_size": 16},
        }
    )  # fmt: skip
    torch.manual_seed(3)
    config = ModelConfig(
        vocab_size=64, d_model=16, n_layers=1, n_heads=2, max_length=16, tie_embeddings=True, dropout=dropout
    )
    model = Decoder(config)
    plan = make_plan(recipe, config, model.n_parameters(), len(TEXT))
    compute = Compute(torch.device("cpu"), "fp32", False)
    inner = RandomBatches(TEXT, 8, 16, seed=3)
    held_out = RandomBatches(TEXT, 8, 16, seed=4).next()
    return Trainer(
        model, CrossEntropy(), make_optimisers(recipe, plan, model), Poisoned(inner, poison or {}), plan,
        recipe.training, compute, folder, evaluator=Evaluator(lambda: [held_out], None, compute),
    )  # fmt: skip


def events(folder: Path, *kinds: str) -> list[dict[str, Any]]:
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    found = [json.loads(line) for line in lines]
    for event in found:
        event.pop("tokens_per_second", None)
    return [event for event in found if not kinds or event["event"] in kinds]


def test_a_run_learns_and_repeats_itself(tmp_path: Path) -> None:
    outcome = make(tmp_path / "a").run()
    make(tmp_path / "b").run()
    assert outcome.finished
    assert outcome.step == 40
    losses = [event["loss"] for event in events(tmp_path / "a", "step")]
    assert losses[-1] < 0.7 * losses[0]
    assert events(tmp_path / "a") == events(tmp_path / "b")
    assert [event["step"] for event in events(tmp_path / "a", "evaluation")] == [10, 20, 30, 40]


@pytest.mark.parametrize("stop", [1, 10, 17, 39])
def test_a_stopped_run_resumes_to_the_same_numbers(tmp_path: Path, stop: int) -> None:
    make(tmp_path / "whole").run()
    broken = make(tmp_path / "broken")
    for _ in range(stop):
        broken.one_step()
    if stop < 10:
        broken.save()
    broken.metrics.write("step", step=stop + 1, loss="of a step after the last checkpoint")
    torch.rand(7)  # another process has drawn other numbers: the random state must come from the checkpoint
    resumed = make(tmp_path / "broken")
    assert resumed.resume()
    assert resumed.step == (stop if stop < 10 else stop // 10 * 10)
    resumed.run()
    assert events(tmp_path / "broken") == events(tmp_path / "whole")


def test_accumulation_gives_the_same_run(tmp_path: Path) -> None:
    make(tmp_path / "one", dropout=0.0, steps=12).run()
    make(tmp_path / "four", dropout=0.0, steps=12, accumulation=4).run()
    one, four = (events(tmp_path / name, "step") for name in ("one", "four"))
    for whole, cut in zip(one, four, strict=True):
        assert cut["loss"] == pytest.approx(whole["loss"], rel=1e-4)
        assert cut["gradient_norm"] == pytest.approx(whole["gradient_norm"], rel=1e-3)


def test_probe_leaves_the_run_as_it_was(tmp_path: Path) -> None:
    make(tmp_path / "a", steps=5).run()
    probed = make(tmp_path / "b", steps=5)
    assert probed.probe() > 0
    probed.run()
    assert events(tmp_path / "a") == events(tmp_path / "b")


@pytest.mark.parametrize(
    ("asked", "pays", "width", "precision", "directions"),
    [
        ("auto", True, 512, "bf16", "bf16"),
        ("auto", True, 128, "fp32", "bf16"),
        ("auto", False, 512, "fp32", "fp32"),
        ("fp32", True, 512, "fp32", "fp32"),
        ("bf16", False, 128, "bf16", "bf16"),
    ],
)
def test_precision_follows_the_recipe_or_the_machine(
    monkeypatch: pytest.MonkeyPatch, asked: str, pays: bool, width: int, precision: str, directions: str
) -> None:
    monkeypatch.setattr(compute_module, "_bf16_pays", lambda device: pays)
    recipe = Recipe.parse({"training": {"precision": asked, "device": "cpu"}})
    chosen = compute_module.choose_compute(recipe, width)
    assert (chosen.precision, chosen.directions) == (precision, directions)


@pytest.mark.parametrize(("gain", "kept"), [(0.5, True), (0.99, False), (None, False)])
def test_compilation_is_kept_where_it_pays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gain: float | None, kept: bool
) -> None:
    trainer = make(tmp_path)
    plain = trainer_module.WORTH_COMPILING  # so long a step that any run is worth it

    def probe() -> float:
        if isinstance(trainer._compiled, nullcontext):
            return plain
        if gain is None:
            raise RuntimeError("no compiler here")
        return plain * gain

    monkeypatch.setattr(trainer, "probe", probe)
    assert trainer.settle_compute() == (plain * gain if kept and gain else plain)
    assert trainer.compute.compiled is kept
    assert isinstance(trainer._compiled, nullcontext) is not kept


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 1e6])
def test_a_poisoned_batch_is_skipped(tmp_path: Path, bad: float) -> None:
    trainer = make(tmp_path, poison={25: bad})
    outcome = trainer.run()
    assert outcome.finished
    assert outcome.skipped == 1
    (skipped,) = events(tmp_path, "skipped")
    assert (skipped["step"], skipped["batch"]) == (25, 25)
    assert all(torch.isfinite(p).all() for p in trainer.model.parameters())
    steps = events(tmp_path, "step")
    assert [event["step"] for event in steps] == list(range(1, 41))
    assert max(event["loss"] for event in steps) < 1.2 * steps[0]["loss"]


def test_two_poisoned_batches_in_a_row_roll_back(tmp_path: Path) -> None:
    trainer = make(tmp_path, poison={31: float("nan"), 32: float("nan")})
    outcome = trainer.run()
    assert outcome.finished
    assert outcome.skipped == 2
    (back,) = events(tmp_path, "rolled back")
    assert (back["step"], back["to"]) == (31, 30)


def test_broken_weights_come_back_from_the_snapshot(tmp_path: Path) -> None:
    trainer = make(tmp_path)
    for _ in range(27):
        trainer.one_step()
    with torch.no_grad():
        trainer.model.embed.weight.fill_(float("nan"))
    outcome = trainer.run()
    assert outcome.finished
    assert [event["to"] for event in events(tmp_path, "rolled back")] == [25]
    assert outcome.loss < 3.0


def test_a_checkpoint_never_holds_broken_weights(tmp_path: Path) -> None:
    trainer = make(tmp_path)
    for _ in range(12):
        trainer.one_step()
    with torch.no_grad():
        next(iter(trainer.model.blocks.parameters())).fill_(float("inf"))
    trainer._save_if_finite()
    assert trainer.checkpoints.latest() == 10
    assert trainer.step == 10
    assert trainer.run().finished


def test_a_hopeless_run_gives_up(tmp_path: Path) -> None:
    trainer = make(tmp_path, poison={n: float("nan") for n in range(5, 100)}, max_skips=6)
    with pytest.raises(TrainingError, match="7 batches were refused"):
        trainer.run()


def test_resuming_after_a_skipped_batch_is_exact(tmp_path: Path) -> None:
    poison = {14: float("nan")}
    make(tmp_path / "whole", poison).run()
    broken = make(tmp_path / "broken", poison)
    for _ in range(24):
        broken.one_step()
    resumed = make(tmp_path / "broken", poison)
    resumed.resume()
    assert resumed.run().skipped == 1
    assert events(tmp_path / "broken") == events(tmp_path / "whole")


def test_a_signal_stops_cleanly_and_the_run_resumes(tmp_path: Path) -> None:
    make(tmp_path / "whole").run()
    trainer = make(tmp_path / "stopped")
    objective, calls = trainer.objective, []

    class Interrupting(CrossEntropy):
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            calls.append(1)
            if len(calls) == 13:
                signal.raise_signal(signal.SIGINT)
            return objective(*args, **kwargs)

    before = signal.getsignal(signal.SIGINT)
    trainer.objective = Interrupting()
    outcome = trainer.run()
    assert not outcome.finished
    assert outcome.step == 13
    assert signal.getsignal(signal.SIGINT) is before
    resumed = make(tmp_path / "stopped")
    resumed.resume()
    assert resumed.step == 13
    resumed.run()
    assert events(tmp_path / "stopped") == events(tmp_path / "whole")


def test_checkpoints_of_another_model_are_refused(tmp_path: Path) -> None:
    make(tmp_path, steps=10).run()
    other = make(tmp_path, steps=10)
    other.model = Decoder(ModelConfig(vocab_size=64, d_model=16, n_layers=2, n_heads=2, max_length=16))
    with pytest.raises(TrainingError, match="does not fit"):
        other.resume()
