"""What is said before a run starts (the model, its cost, the time) and what the model card says after it."""

from __future__ import annotations

from collections import defaultdict

from rich.table import Table

from llmworks.models.networks import Causal
from llmworks.models.recurrent import Mamba
from llmworks.models.rnn import Recurrent
from llmworks.training.compute import Compute, readable, training_bytes
from llmworks.training.corpus import Corpus
from llmworks.training.dial import Plan
from llmworks.training.metrics import duration
from llmworks.training.optimisers import Optimisers
from llmworks.training.recipe import Recipe
from llmworks.training.trainer import Outcome

PARTS = {
    "embed": "embedding", "pos_embed": "positions", "attn": "attention", "mlp": "feed-forward",
    "ssm": "state spaces", "cell": "cells",
}  # fmt: skip


def parameters_by_part(model: Causal) -> dict[str, int]:
    """Parameters of embedding, attention, feed-forward, norms and head."""
    counts: dict[str, int] = defaultdict(int)
    for name, parameter in model.named_parameters():
        keys = name.split(".")
        part = next((PARTS[key] for key in keys if key in PARTS), "head" if "unembed" in keys else "norms")
        counts[part] += parameter.numel()
    return dict(counts)


def kind_of(model: Causal) -> str:
    """What a block remembers the past with."""
    if isinstance(model, Mamba):
        return f"{model.config.d_inner} × {model.config.d_state} states"
    if isinstance(model, Recurrent):
        return f"{model.config.cell} of {model.config.d_hidden}"
    return f"{model.config.n_heads} heads"


def run_summary(
    model: Causal,
    plan: Plan,
    compute: Compute,
    corpus: Corpus,
    optimisers: Optimisers,
    seconds_per_step: float,
) -> Table:
    """The table that stands before a run. `seconds_per_step` comes from a measured step."""
    config = model.config
    table = Table(show_header=False, box=None, pad_edge=False)
    parts = ", ".join(f"{part} {readable(count)}" for part, count in parameters_by_part(model).items())
    table.add_row("model", f"{config.n_layers} layers × {config.d_model} wide, {kind_of(model)}, "
                  f"vocabulary {config.vocab_size:,}, context {plan.block_size:,}")  # fmt: skip
    table.add_row("parameters", f"{model.n_parameters():,}: {parts}")
    table.add_row("data", corpus.description)
    total = plan.steps * plan.tokens_per_step
    epochs = f" ({total / corpus.train_tokens:.2g} epochs)" if corpus.train_tokens else ""
    table.add_row("steps", f"{plan.steps:,} of {plan.tokens_per_step:,} tokens: {total:,} tokens{epochs}")
    rates = ", ".join(f"{name} {member.peak_lr:.3g} ({type(member).__name__})"
                      for name, member in optimisers.members.items())  # fmt: skip
    schedule = plan.schedule
    table.add_row("rates", f"{rates}; {schedule.kind}, warm-up {schedule.warmup}, decay {schedule.decay}")
    flops = model.flops_per_token(plan.block_size) * plan.tokens_per_step
    bits = 16 if compute.precision == "bf16" else 32
    memory = training_bytes(model, optimisers.state_bytes(), plan.batch_size, plan.block_size, bits)
    table.add_row("machine", str(compute))
    table.add_row("cost", f"{readable(flops * plan.steps, 'FLOP')}, about {readable(memory, 'B')} of memory "
                  f"({readable(optimisers.state_bytes(), 'B')} optimiser state)")  # fmt: skip
    table.add_row("time", f"about {duration(seconds_per_step * plan.steps)} "
                  f"({seconds_per_step * 1000:.3g} ms a step, measured on this batch size)")  # fmt: skip
    return table


def model_card(
    recipe: Recipe, plan: Plan, model: Causal, corpus: Corpus, outcome: Outcome, seconds: float
) -> str:
    """README.md of the package: what the user wrote, then what the run was."""
    config, found = model.config, outcome.evaluation
    title = recipe.package.name or "A language model trained with llmworks"
    lines = [
        f"# {title}", "",
        *([recipe.package.card.strip(), ""] if recipe.package.card else []),
        "## How it was made", "",
        f"- Objective: {'supervised fine-tuning' if recipe.objective == 'sft' else 'pretraining'}"
        + (f", from `{recipe.init}`" if recipe.init else ""),
        f"- Model: {config.n_layers} layers × {config.d_model} wide, {kind_of(model)}, "
        f"{model.n_parameters():,} parameters",
        f"- Vocabulary: {config.vocab_size:,} entries; context: {config.max_length:,} tokens",
        f"- Data: {corpus.description}",
        f"- Training: {outcome.step:,} steps of {plan.tokens_per_step:,} tokens, seed {recipe.training.seed}",
        f"- Time: {duration(seconds)} in the last session",
    ]  # fmt: skip
    if found is not None:
        lines.append(f"- Held-out text ({found.tokens:,} tokens): {found}")
    if outcome.skipped:
        lines.append(f"- Batches refused by the watch: {outcome.skipped}")
    return "\n".join(lines) + "\n"
