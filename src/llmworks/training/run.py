"""A whole run: recipe → tokenizer → shards → model → summary → loop → package.

    OUT/                 the package: config.json, model.safetensors, tokenizer.json, README.md, …
    OUT/run/             recipe.json, tokenizer.json, shards/, checkpoints/, metrics.jsonl, tensorboard/

`train` with the same recipe and folder resumes where the run stopped, however it stopped; with another
recipe it refuses, so that no run is ever a mixture of two.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from rich.console import Console

from llmworks.errors import TrainingError
from llmworks.models.decoder import Decoder
from llmworks.packages import Package, save_package
from llmworks.training.checkpoint import write_atomic
from llmworks.training.compute import Compute, choose_compute, compile_model, product_rate
from llmworks.training.dial import Plan, make_plan, model_config
from llmworks.training.evaluation import Evaluation, Evaluator, token_lengths
from llmworks.training.groups import make_optimisers
from llmworks.training.metrics import ProgressLine, duration
from llmworks.training.objectives import CrossEntropy
from llmworks.training.preparation import Corpus, prepare_corpus, prepare_tokenizer
from llmworks.training.recipe import Recipe
from llmworks.training.sampling import make_sampler
from llmworks.training.summary import model_card, run_summary
from llmworks.training.trainer import Outcome, Trainer

# What may differ between a run and its continuation: none of it changes a weight.
_FREE = {
    "log_every", "eval_every", "eval_tokens", "checkpoint_every", "checkpoint_seconds", "keep_checkpoints",
    "sample_every", "sample_prompts", "sample_tokens", "tensorboard",
}  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What a run made. `package` is the folder that `llmworks.load` takes; None when the run was stopped."""

    folder: Path
    package: Path | None
    steps: int
    loss: float
    evaluation: Evaluation | None
    seconds: float

    @property
    def finished(self) -> bool:
        return self.package is not None


def train(recipe: Recipe, out: str | Path, *, resume: Literal["auto", "never"] = "auto") -> Result:
    """Runs a recipe into the folder `out`; see the module's head for what it leaves there.

    Raises ConfigError, DataError, PackageError or TrainingError for what the user can mend.
    """
    started = time.perf_counter()
    out = Path(out)
    console = Console(stderr=True, highlight=False)
    folder = _open_folder(recipe, out, resume)
    start = None if recipe.init is None else Package.load(recipe.init)
    tokenizer = start.tokenizer if start is not None else prepare_tokenizer(recipe, folder, console)
    if tokenizer is None:
        raise TrainingError(f"package {recipe.init} has no tokenizer, so there is nothing to read text with")
    config = start.config if start is not None else model_config(recipe, tokenizer.vocab_size)
    compute = choose_compute(recipe, config.d_model)
    torch.manual_seed(recipe.training.seed)
    model = start.load_model() if start is not None else Decoder(config)
    model.to(compute.device)
    corpus = prepare_corpus(recipe, tokenizer, config.max_length, folder, console)
    plan = make_plan(recipe, config, model.n_parameters(), corpus.train_tokens)
    trainer = _make_trainer(recipe, plan, model, corpus, compute, folder)
    undo = compile_model(model) if compute.compiled else None
    seconds = trainer.probe()
    resumed = trainer.resume()
    console.print(run_summary(model, plan, compute, corpus, trainer.optimisers, seconds))
    for note in (*corpus.notes, *plan.notes):
        console.print(f"note: {note}", markup=False, soft_wrap=True)
    if resumed:
        console.print(f"resuming at step {trainer.step:,} of {plan.steps:,}")
    peak = product_rate(compute.device, torch.bfloat16 if compute.precision == "bf16" else torch.float32)
    flops = float(model.flops_per_token(plan.block_size) * plan.tokens_per_step)
    trainer.progress = ProgressLine(plan.steps, trainer.step, plan.tokens_per_step, flops, peak)
    outcome = trainer.run()
    if undo is not None:
        undo()
    seconds = time.perf_counter() - started
    if not outcome.finished:
        console.print(
            f"stopped at step {outcome.step:,}; the same command goes on from there", soft_wrap=True
        )
        return Result(out, None, outcome.step, outcome.loss, outcome.evaluation, seconds)
    _save(recipe, plan, trainer, corpus, outcome, out, seconds, start)
    console.print(f"package in {out} after {duration(seconds)}: llmworks generate {out} '…'", soft_wrap=True)
    return Result(out, out, outcome.step, outcome.loss, outcome.evaluation, seconds)


def _make_trainer(
    recipe: Recipe, plan: Plan, model: Decoder, corpus: Corpus, compute: Compute, folder: Path
) -> Trainer:
    settings = recipe.training
    lengths = token_lengths(corpus.tokenizer, model.config.vocab_size)
    held_out = corpus.validation(plan.batch_size)
    prompts = settings.sample_prompts
    return Trainer(
        model, CrossEntropy(z_weight=settings.z_loss), make_optimisers(recipe, plan, model),
        corpus.batches(plan.batch_size), plan, settings, compute, folder, clip=recipe.optimizer.clip,
        evaluator=None if held_out is None else Evaluator(held_out, lengths, compute),
        sampler=make_sampler(corpus.tokenizer, prompts, settings.sample_tokens, compute) if prompts else None,
    )  # fmt: skip


def _open_folder(recipe: Recipe, out: Path, resume: str) -> Path:
    """The run's folder, new or the same recipe's; anything else is refused."""
    folder = out / "run"
    written = recipe.model_dump(mode="json")
    known = folder / "recipe.json"
    if known.exists():
        try:
            before = json.loads(known.read_text(encoding="utf-8"))
        except ValueError:
            raise TrainingError(f"{known} is damaged; choose another folder") from None
        changed = _differences(before, written)
        if resume == "never":
            raise TrainingError(f"{out} holds a run already; choose another folder, or resume it")
        if changed:
            raise TrainingError(
                f"{out} holds a run of another recipe ({'; '.join(changed)}); choose another folder, or give "
                f"the same recipe to resume it"
            )
    elif out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise TrainingError(f"{out} exists and is no training run; choose an empty or a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(known, json.dumps(written, indent=1))
    return folder


def _differences(before: dict[str, Any], now: dict[str, Any], path: str = "") -> list[str]:
    """'training.steps was 100, is 200' for every value that decides weights."""
    found = []
    for key in sorted(before.keys() | now.keys()):
        here = f"{path}{key}"
        if path == "training." and key in _FREE:
            continue
        was, is_now = before.get(key), now.get(key)
        if isinstance(was, dict) and isinstance(is_now, dict):
            found += _differences(was, is_now, f"{here}.")
        elif was != is_now:
            found.append(f"{here} was {was!r}, is {is_now!r}")
    return found


def _save(
    recipe: Recipe, plan: Plan, trainer: Trainer, corpus: Corpus, outcome: Outcome, out: Path, seconds: float,
    start: Package | None,
) -> None:  # fmt: skip
    """Writes the package into `out`, beside the run's own folder."""
    best = trainer.checkpoints.best()
    if recipe.package.weights == "best" and best is not None:
        trainer.resume_weights(best)
    card = model_card(recipe, plan, trainer.model, corpus, outcome, seconds)
    template = corpus.chat_template or (None if start is None else start.chat_template)
    save_package(
        out, trainer.model.cpu(), corpus.tokenizer, chat_template=template, card=card,
        generation=None if start is None else start.generation,
    )  # fmt: skip
