"""Tiny Shakespeare by characters: the time that our recipe needs for the loss of nanoGPT's CPU recipe.

Both train on the first 90 % of the text and are tested on the last 10 %, by which nothing was chosen: ours
were found on the first 80 %, tested on the next 10 % (`--tune`). The two runs of a seed take turns, a slice
of steps each, so that whatever else the machine does falls on both alike. Only training is timed.

    python -m bench.train_shakespeare [--seeds 3] [--tune] [FILE]

FILE is the text (`input.txt`, or .xz); by default that of the development data ($LLMWORKS_DATA).
"""

from __future__ import annotations

import argparse
import lzma
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from bench.nanogpt_baseline import GPT, Shape, learning_rate, make_optimiser, train_step
from llmworks.data.batches import Batch, RandomBatches
from llmworks.models.decoder import Decoder
from llmworks.training.compute import DTYPES, Compute, choose_compute
from llmworks.training.dial import make_plan, model_config
from llmworks.training.groups import make_optimisers
from llmworks.training.objectives import CrossEntropy
from llmworks.training.recipe import Recipe
from llmworks.training.trainer import Trainer

BLOCK, BASELINE_STEPS, SLICE = 64, 2000, 50

# Ours: the same width, depth and context; found on the tuning split (docs/log.md says what was tried).
RECIPE = {
    "model": {
        "n_layers": 4, "d_model": 128, "n_heads": 4, "max_length": BLOCK, "activation": "relu2",
        "qk_norm": True, "tie_embeddings": True,
    },
    "data": {"block_size": BLOCK},
    "optimizer": {"name": "muon", "lr": 0.03, "matrix_lr": 0.02, "weight_decay": 0.05, "momentum": 0.85},
    "schedule": {"name": "wsd", "warmup": 10, "decay": 0.7},
    "training": {"steps": 230, "batch_size": 12, "log_every": 1000, "checkpoint_seconds": 0.0,
                 "checkpoint_every": 1_000_000, "tensorboard": False},
}  # fmt: skip


def read_text(path: str | None) -> npt.NDArray[np.int64]:
    """The text as character numbers, 65 kinds."""
    root = Path(os.environ.get("LLMWORKS_DATA") or Path(__file__).parents[2] / "shared" / "data")
    file = Path(path) if path else root / "text" / "tinyshakespeare.txt.xz"
    if not file.exists():
        raise SystemExit(f"no text at {file}: give the path of Tiny Shakespeare's input.txt")
    raw = file.read_bytes()
    raw = lzma.decompress(raw) if file.suffix == ".xz" else raw
    kinds = np.unique(np.frombuffer(raw, np.uint8))
    return np.searchsorted(kinds, np.frombuffer(raw, np.uint8)).astype(np.int64)


def test_loss(logits_of: object, ids: npt.NDArray[np.int64]) -> float:
    """Mean loss over all whole blocks of the held-out text."""
    count = (len(ids) - 1) // BLOCK
    inputs = torch.from_numpy(ids[: count * BLOCK].reshape(count, BLOCK))
    targets = torch.from_numpy(ids[1 : count * BLOCK + 1].reshape(count, BLOCK))
    total = 0.0
    with torch.no_grad():
        for i in range(0, count, 256):
            loss: Tensor = logits_of(inputs[i : i + 256], targets[i : i + 256])  # type: ignore[operator]
            total += float(loss) * len(inputs[i : i + 256])
    return total / count


class Baseline:
    """nanoGPT's recipe; `run()` yields after each slice of steps."""

    def __init__(self, train: npt.NDArray[np.int64], seed: int) -> None:
        torch.manual_seed(seed)
        self.shape = Shape()
        self.model = GPT(self.shape)
        self.optimiser = make_optimiser(self.model)
        self.tokens, self.seconds = torch.from_numpy(train), 0.0
        self.generator = torch.Generator().manual_seed(seed)

    def run(self) -> Iterator[None]:
        for step in range(BASELINE_STEPS):
            start = time.perf_counter()
            places = torch.randint(len(self.tokens) - BLOCK, (self.shape.batch,), generator=self.generator)
            x = torch.stack([self.tokens[i : i + BLOCK] for i in places])
            y = torch.stack([self.tokens[i + 1 : i + 1 + BLOCK] for i in places])
            train_step(self.model, self.optimiser, x, y, learning_rate(step))
            self.seconds += time.perf_counter() - start
            if step % SLICE == SLICE - 1:
                yield

    def test(self, ids: npt.NDArray[np.int64]) -> float:
        return test_loss(self.model, ids)


class Ours:
    """llmworks' own trainer with the recipe above."""

    def __init__(
        self, train: npt.NDArray[np.int64], seed: int, recipe: dict[str, object] | None = None
    ) -> None:
        asked = Recipe.parse(recipe or RECIPE)
        torch.manual_seed(seed)
        self.model = Decoder(model_config(asked, 65))
        plan = make_plan(asked, self.model.config, self.model.n_parameters(), len(train))
        batches = RandomBatches(train, plan.batch_size, BLOCK, seed=seed)
        self.objective, self.seconds = CrossEntropy(), 0.0
        # float32 as the baseline; only Muon's directions take what the machine is fastest at.
        compute, directions = (
            Compute(torch.device("cpu"), "fp32", False),
            DTYPES[choose_compute(asked, 128).directions],
        )
        self.trainer = Trainer(
            self.model, self.objective, make_optimisers(asked, plan, self.model, directions), batches, plan,
            asked.training, compute, Path(tempfile.mkdtemp()), clip=asked.optimizer.clip,
        )  # fmt: skip
        self.trainer.save = lambda: Path()  # type: ignore[method-assign]  # the baseline saves nothing either

    def run(self) -> Iterator[None]:
        while self.trainer.step < self.trainer.plan.steps:
            start = time.perf_counter()
            self.trainer.one_step()
            self.seconds += time.perf_counter() - start
            if self.trainer.step % SLICE == 0:
                yield

    def test(self, ids: npt.NDArray[np.int64]) -> float:
        self.model.eval()
        return test_loss(lambda x, y: self.objective(self.model, Batch(ids=x, targets=y))[0], ids)


def take_turns(baseline: Baseline, ours: Ours) -> None:
    """Slices of both, spread so that both end together."""
    share = ours.trainer.plan.steps / BASELINE_STEPS
    left, right = baseline.run(), ours.run()
    done = 0.0
    for _ in left:
        done += share
        if done >= 1.0:
            done -= 1.0
            next(right, None)
    for _ in right:
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", help="Tiny Shakespeare's input.txt, or .xz")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument(
        "--tune", action="store_true", help="test on the tuning split instead of the held-out end"
    )
    asked = parser.parse_args()
    ids = read_text(asked.file)
    tenth = len(ids) // 10
    train, test = (
        (ids[: 8 * tenth], ids[8 * tenth : 9 * tenth]) if asked.tune else (ids[: 9 * tenth], ids[9 * tenth :])
    )
    print(
        f"{torch.get_num_threads()} threads; {len(train):,} characters to train on, {len(test):,} to test on"
    )
    ratios, better = [], []
    for seed in range(asked.seeds):
        baseline, ours = Baseline(train, seed), Ours(train, seed)
        take_turns(baseline, ours)
        loss, own = baseline.test(test), ours.test(test)
        ratio = ours.seconds / baseline.seconds
        ratios.append(ratio)
        better.append(own <= loss)
        print(f"seed {seed}: nanoGPT {loss:.4f} in {baseline.seconds:.1f} s, ", end="")
        print(f"llmworks {own:.4f} in {ours.seconds:.1f} s: {ratio:.2f} of the time", flush=True)
    reached = f"its loss reached on {sum(better)} of {len(better)} seeds"
    print(f"median {statistics.median(ratios):.2f} of the time; {reached}")


if __name__ == "__main__":
    main()
