"""Training speed at nanoGPT's own architecture: our whole step against the plain one, tokens a second.

A step is a batch drawn, forward, backward, clipping, AdamW. Ours is the trainer's step (with its watch and
log) in float32, and once more in the precision that `precision = "auto"` picks here; the plain one is that of
bench/nanogpt_baseline.py. They take turns, step by step, in one process; a figure is the best of all turns,
the ratio in brackets that of the medians. The product rate is the best plain matrix product of this process.

    python -m bench.train_speed [--seconds 60] [--only 0|1|2]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from bench.nanogpt_baseline import GPT, Shape, make_optimiser, train_step
from llmworks.data.batches import RandomBatches
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.training.compute import Compute, choose_compute, product_rate, readable
from llmworks.training.dial import make_plan
from llmworks.training.groups import make_optimisers
from llmworks.training.objectives import CrossEntropy
from llmworks.training.recipe import Recipe
from llmworks.training.trainer import Trainer

SHAPES = [
    Shape(layers=4, heads=4, width=128, block=64, batch=12),
    Shape(layers=6, heads=6, width=384, block=256, batch=12),
    Shape(layers=8, heads=8, width=512, block=512, batch=12),
]


def plain_step(shape: Shape, ids: torch.Tensor) -> Callable[[], object]:
    model = GPT(shape)
    optimiser = make_optimiser(model)

    def step() -> float:
        places = torch.randint(len(ids) - shape.block, (shape.batch,))
        x = torch.stack([ids[i : i + shape.block] for i in places])
        y = torch.stack([ids[i + 1 : i + 1 + shape.block] for i in places])
        return train_step(model, optimiser, x, y, 1e-3)

    return step


def our_step(
    shape: Shape, ids: torch.Tensor, compute: Compute, compiled: str = "off"
) -> Callable[[], object]:
    recipe = Recipe.parse(
        {
            "optimizer": {"name": "adamw", "lr": 1e-3},
            "data": {"block_size": shape.block},
            "training": {
                "steps": 1_000_000, "batch_size": shape.batch, "checkpoint_every": 1_000_000,
                "checkpoint_seconds": 0.0, "tensorboard": False, "compile": compiled,
            },
        }
    )  # fmt: skip
    config = ModelConfig(
        vocab_size=shape.vocabulary, d_model=shape.width, n_layers=shape.layers, n_heads=shape.heads,
        max_length=shape.block, positions="learned", norm="layernorm", activation="gelu", tie_embeddings=True,
    )  # fmt: skip
    model = Decoder(config)
    plan = make_plan(recipe, config, model.n_parameters(), len(ids))
    trainer = Trainer(
        model, CrossEntropy(), make_optimisers(recipe, plan, model),
        RandomBatches(ids.numpy(), shape.batch, shape.block), plan, recipe.training, compute,
        Path(tempfile.mkdtemp()),
    )  # fmt: skip
    return trainer.one_step


def race(entries: dict[str, Callable[[], object]], seconds: float) -> dict[str, list[float]]:
    """Seconds of every turn of every entry; they take turns, after one turn each to warm up."""
    times: dict[str, list[float]] = {name: [] for name in entries}
    for step in entries.values():
        step()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(next(iter(times.values()))) < 3:
        for name, step in entries.items():
            start = time.perf_counter()
            step()
            times[name].append(time.perf_counter() - start)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="for each shape")
    parser.add_argument("--only", type=int, choices=range(len(SHAPES)))
    asked = parser.parse_args()
    cpu = torch.device("cpu")
    rate = readable(product_rate(cpu, seconds=1.0), "FLOP/s")
    print(f"{torch.get_num_threads()} threads; plain float32 product {rate}")
    for shape in SHAPES if asked.only is None else [SHAPES[asked.only]]:
        ids = torch.from_numpy(np.random.default_rng(0).integers(0, shape.vocabulary, 100_000))
        auto = choose_compute(Recipe(), shape.width)
        entries = {
            "nanoGPT": plain_step(shape, ids),
            "llmworks fp32": our_step(shape, ids, Compute(cpu, "fp32", False)),
        }
        if auto.precision != "fp32":
            entries[f"llmworks auto ({auto.precision})"] = our_step(shape, ids, auto)
        times = race(entries, asked.seconds)
        plain, tokens = times["nanoGPT"], shape.batch * shape.block
        flops = flops_per_step(shape)
        print(
            f"\n{shape.layers} × {shape.width}, block {shape.block}, batch {shape.batch}, {len(plain)} turns"
        )
        for name, taken in times.items():
            ratio = statistics.median(plain) / statistics.median(taken)
            speed, rate = tokens / min(taken), readable(flops / min(taken), "FLOP/s")
            best = min(plain) / min(taken)
            print(
                f"  {name:24} {speed:>9,.0f} tokens/s {rate:>14} ×{best:.2f} (medians ×{ratio:.2f})",
                flush=True,
            )


def flops_per_step(shape: Shape) -> float:
    """6 for each weight of each matrix product and token, and attention under the causal mask."""
    matrices = 12 * shape.layers * shape.width**2 + shape.vocabulary * shape.width
    return shape.batch * shape.block * (6.0 * matrices + 6.0 * shape.layers * shape.width * shape.block)


if __name__ == "__main__":
    main()
