"""A whole run: recipe → tokenizer → tokens → model → summary → loop → package.

    OUT/                 the package: config.json, model.safetensors, tokenizer.json, README.md, …
    OUT/steps/400/       the package of that moment, for each of training.keep_steps
    OUT/run/             recipe.json, tokenizer.json, compute.json, shards/, checkpoints/, metrics.jsonl

`train` with the same recipe and folder resumes where the run stopped, however it stopped; with another
recipe it refuses, so that no run is ever a mixture of two.
"""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import torch
from rich.console import Console

from llmworks.errors import ConfigError, TrainingError
from llmworks.models.encoder import Encoder
from llmworks.models.networks import Causal, network_class
from llmworks.packages.chat import ChatTemplate
from llmworks.packages.package import Package
from llmworks.packages.save import save_package
from llmworks.text.tokenizer import Tokenizer
from llmworks.training import dial
from llmworks.training.compute import DTYPES, Compute, choose_compute, product_rate
from llmworks.training.corpus import Corpus, prepare_tokenizer, shards_corpus
from llmworks.training.evaluation import Evaluation, Evaluator, token_lengths
from llmworks.training.groups import make_optimisers
from llmworks.training.metrics import ProgressLine, duration
from llmworks.training.objectives import CrossEntropy
from llmworks.training.recipe import Recipe
from llmworks.training.run_folder import known_compute, open_run, remember_compute
from llmworks.training.sampling import make_sampler
from llmworks.training.summary import model_card, run_summary
from llmworks.training.trainer import Outcome, Trainer
from llmworks.training.tuning import conversations_corpus


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


@dataclass
class Prepared:
    """A run that is ready to start."""

    recipe: Recipe
    start: Package | None
    model: Causal
    corpus: Corpus
    plan: dial.Plan
    trainer: Trainer


def train(recipe: Recipe, out: str | Path, *, resume: Literal["auto", "never"] = "auto") -> Result:
    """Runs a recipe into the folder `out`; see the module's head for what it leaves there.

    Raises ConfigError, DataError, PackageError or TrainingError for what the user can mend.
    """
    started = time.perf_counter()
    out = Path(out).expanduser()
    console = Console(stderr=True, highlight=False)
    if not recipe.data.sources:
        raise ConfigError('the recipe names no text: data.sources = [{ path = "…" }], or --data FOLDER')
    if any(source.path == "-" for source in recipe.data.sources):
        raise ConfigError("training reads its text more than once; save standard input to a file first")
    folder = open_run(recipe, out, resume)
    run = _prepare(recipe, folder, console)
    trainer, plan = run.trainer, run.plan
    resumed = trainer.resume()
    if trainer.step < plan.steps:
        _announce(run, folder, resumed, console)
        trainer.progress = _progress(run)
        trainer.keeper = partial(_keep, run.corpus.tokenizer, out)
    outcome = trainer.run()
    seconds = time.perf_counter() - started
    if not outcome.finished:
        console.print(f"stopped at step {outcome.step:,}; the same command resumes it", soft_wrap=True)
        return Result(out, None, outcome.step, outcome.loss, outcome.evaluation, seconds)
    _save(run, outcome, out, seconds)
    console.print(f"package in {out} after {duration(seconds)}", soft_wrap=True)
    return Result(out, out, outcome.step, outcome.loss, outcome.evaluation, seconds)


def _prepare(recipe: Recipe, folder: Path, console: Console) -> Prepared:
    """Everything before the loop; the same recipe and folder give the same again."""
    start = None if recipe.init is None else _start(recipe, recipe.init)
    tokenizer = prepare_tokenizer(recipe, folder, console) if start is None else start.tokenizer
    if tokenizer is None:
        raise TrainingError(f"package {recipe.init} has no tokenizer, so there is nothing to read text with")
    config = dial.model_config(recipe, tokenizer.vocab_size) if start is None else start.config
    compute = known_compute(folder) or choose_compute(recipe, config.d_model)
    torch.manual_seed(recipe.training.seed)
    model = network_class(config)(config) if start is None else start.load_model()  # type: ignore[arg-type]
    if isinstance(model, Encoder):
        raise TrainingError(
            f"package {recipe.init} is an encoder; what it learns from (masked tokens) is not supported yet"
        )
    model.to(compute.device)
    template = None if start is None else start.chat_template
    corpus = _corpus(recipe, tokenizer, dial.block_size(recipe, config.max_length), folder, template)
    plan = dial.make_plan(recipe, config, model.n_parameters(), corpus.train_tokens)
    trainer = _trainer(recipe, plan, model, corpus, compute, folder)
    return Prepared(recipe, start, model, corpus, plan, trainer)


def _start(recipe: Recipe, name: str) -> Package:
    """The package to start from, with its context made longer if the recipe says so."""
    package, asked = Package.load(name), recipe.context
    if package.foreign is not None:
        raise TrainingError(
            f"{name} is run by transformers (family {package.foreign.family}): it cannot be trained here. "
            "Take a package of a family that llmworks builds itself"
        )
    if asked.kind is None and asked.max_length is None:
        return package
    return package.extended(asked.kind, asked.factor, max_length=asked.max_length)


def _announce(run: Prepared, folder: Path, resumed: bool, console: Console) -> None:
    """The summary with a measured time; settles on the way how the step is compiled."""
    trainer = run.trainer
    seconds = trainer.settle_compute(known_compute(folder) is not None)
    remember_compute(folder, trainer.compute)
    console.print(run_summary(run.model, run.plan, trainer.compute, run.corpus, trainer.optimisers, seconds))
    for note in (*run.corpus.notes, *run.plan.notes):
        console.print(f"note: {note}", markup=False, soft_wrap=True)
    if resumed:
        console.print(f"resuming at step {trainer.step:,} of {run.plan.steps:,}")


def _corpus(
    recipe: Recipe, tokenizer: Tokenizer, block: int, folder: Path, template: ChatTemplate | None
) -> Corpus:
    if recipe.objective == "sft":
        return conversations_corpus(recipe, tokenizer, block, template, folder)
    return shards_corpus(recipe, tokenizer, block, folder)


def _trainer(
    recipe: Recipe, plan: dial.Plan, model: Causal, corpus: Corpus, compute: Compute, folder: Path
) -> Trainer:
    settings = recipe.training
    lengths = token_lengths(corpus.tokenizer, model.config.vocab_size)
    held_out = corpus.validation(plan.batch_size)
    prompts = settings.sample_prompts
    return Trainer(
        model, CrossEntropy(z_weight=settings.z_loss),
        make_optimisers(recipe, plan, model, DTYPES[compute.directions]),
        corpus.batches(plan.batch_size), plan, settings, compute, folder, clip=recipe.optimizer.clip,
        evaluator=None if held_out is None else Evaluator(held_out, lengths, compute),
        sampler=make_sampler(corpus.tokenizer, prompts, settings.sample_tokens, compute) if prompts else None,
    )  # fmt: skip


def _progress(run: Prepared) -> ProgressLine:
    plan, compute = run.plan, run.trainer.compute
    flops = float(run.model.flops_per_token(plan.block_size) * plan.tokens_per_step)
    peak = product_rate(compute.device, compute.dtype)
    return ProgressLine(plan.steps, run.trainer.step, plan.tokens_per_step, flops, peak)


def _keep(tokenizer: Tokenizer, out: Path, model: Causal, step: int) -> None:
    """The model of this moment as a package of its own, to be looked at beside the finished one."""
    card = f"# After {step:,} steps\n\nA moment of the training of the model in {out.name}/.\n"
    save_package(out / "steps" / str(step), copy.deepcopy(model).cpu(), tokenizer, card=card)


def _save(run: Prepared, outcome: Outcome, out: Path, seconds: float) -> None:
    """Writes the package into `out`, beside the run's own folder."""
    best = run.trainer.checkpoints.best()
    if run.recipe.package.weights == "best" and best is not None:
        run.trainer.take_weights(best)
    template = run.corpus.chat_template or (run.start.chat_template if run.start else None)
    save_package(
        out, run.model.cpu(), run.corpus.tokenizer, chat_template=template,
        card=model_card(run.recipe, run.plan, run.model, run.corpus, outcome, seconds),
        generation=None if run.start is None or run.recipe.objective == "sft" else run.start.generation,
    )  # fmt: skip
