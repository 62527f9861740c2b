"""Runs a small training again and again and kills it (SIGKILL) at random instants, until it has finished.

Usage: killed_run.py FOLDER KILLS SEED. Prints the steps at which a life began. KILLS = 0 is a quiet life.
A script of its own, so that PyTorch is imported once and every life is a fork of this process.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

import numpy as np
import torch

from llmworks.data.batches import RandomBatches
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.training.compute import Compute
from llmworks.training.dial import make_plan
from llmworks.training.evaluation import Evaluator
from llmworks.training.groups import make_optimisers
from llmworks.training.objectives import CrossEntropy
from llmworks.training.recipe import Recipe
from llmworks.training.trainer import Trainer


def live(folder: Path) -> None:
    """One life of the process: resumes if it can, trains to the end."""
    torch.set_num_threads(1)
    text = np.frombuffer(b"pack my box with five dozen liquor jugs. " * 50, np.uint8) % 64
    recipe = Recipe.parse(
        {
            "training": {"steps": 150, "batch_size": 4, "checkpoint_every": 3, "eval_every": 5, "seed": 1,
                         "log_every": 1, "tensorboard": False},
            "data": {"block_size": 16},
        }
    )  # fmt: skip
    torch.manual_seed(1)
    config = ModelConfig(
        vocab_size=64, d_model=16, n_layers=2, n_heads=2, max_length=16, tie_embeddings=True, dropout=0.1
    )
    model = Decoder(config)
    plan = make_plan(recipe, config, model.n_parameters(), len(text))
    compute = Compute(torch.device("cpu"), "fp32", False)
    held_out = RandomBatches(text, 4, 16, seed=2).next()
    trainer = Trainer(
        model, CrossEntropy(), make_optimisers(recipe, plan, model), RandomBatches(text, 4, 16, seed=1), plan,
        recipe.training, compute, folder, evaluator=Evaluator(lambda: [held_out], None, compute),
    )  # fmt: skip
    trainer.resume()
    print(trainer.step, flush=True)
    trainer.run()


def main() -> None:
    folder, kills, dice = Path(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3]))
    for life in range(kills + 1):
        child = os.fork()
        if child == 0:
            live(folder)
            os._exit(0)
        if life < kills:
            time.sleep(dice.uniform(0.05, 0.9))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0 and life < kills:
            break  # finished before it could be killed
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
