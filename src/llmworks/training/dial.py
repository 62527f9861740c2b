"""The dial: one depth decides width, heads, vocabulary, context, rates, batch and horizon.

    depth   layers × width   vocabulary   context   parameters   tokens (20 a parameter)   tokens an update
      2        2 × 128          2,048        256        0.7 M            14 M                    4,096
      4        4 × 256          4,096        256        4.2 M            84 M                    8,192
      8        8 × 512          8,192        512       29   M           590 M                   32,768
     12       12 × 768         16,384      1,024       98   M         1,950 M                   65,536

A Llama-shaped decoder (RMSNorm, rotary positions, SwiGLU, tied table), so the package runs wherever Llama
runs. Whatever the recipe says itself stays as it is said. Width grows with depth as in nanochat (64 a layer);
20 tokens a parameter from Hoffmann et al. (2022), "Training compute-optimal large language models"; at most
a few epochs over the same text from Muennighoff et al. (2023), "Scaling data-constrained language models".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pydantic import ValidationError

from llmworks.errors import ConfigError
from llmworks.models.config import ModelConfig
from llmworks.models.recurrent import MambaConfig
from llmworks.models.rnn import RecurrentConfig
from llmworks.training.recipe import Recipe
from llmworks.training.schedule import Schedule

DEFAULT_DEPTH = 4
TOKENS_PER_PARAMETER = 20
MAX_EPOCHS = 8.0
# Found on prose at 2 × 128 (docs/log.md). Muon's rate holds at every width; a table that is also the head
# moves each logit by width × rate, so its rate falls as the width grows.
MATRIX_LR = 0.02
TABLE_LR = 0.03  # at 128 wide
ADAMW_LR = 3e-3
TUNING_SHARE = 0.1  # SFT starts from a trained model: a tenth of the rates


@dataclass(frozen=True)
class Plan:
    """The numbers of a run, all decided."""

    model: ModelConfig | MambaConfig | RecurrentConfig
    block_size: int
    batch_size: int
    steps: int
    schedule: Schedule
    lr: float
    matrix_lr: float
    weight_decay: float
    eval_every: int
    checkpoint_every: int
    notes: tuple[str, ...] = ()  # what was cut, and why; printed before the run

    @property
    def tokens_per_step(self) -> int:
        return self.batch_size * self.block_size


def vocab_size(recipe: Recipe) -> int:
    """Entries of the tokenizer to train: the recipe's, or the power of two nearest to 1,024 a layer."""
    if recipe.tokenizer.vocab_size is not None:
        return recipe.tokenizer.vocab_size
    return _power_of_two(1024 * (recipe.depth or DEFAULT_DEPTH), 512, 65_536)


def block_size(recipe: Recipe, limit: int | None = None) -> int:
    """Tokens a sequence: the recipe's, or by depth; never beyond `limit`, what a given model can read."""
    depth = recipe.depth or DEFAULT_DEPTH
    chosen = recipe.data.block_size or min(
        limit or 1 << 30, 256 if depth <= 4 else 512 if depth <= 8 else 1024
    )
    if limit is not None and chosen > limit:
        raise ConfigError(f"data.block_size is {chosen}, but the model reads at most {limit} tokens")
    return chosen


def model_config(recipe: Recipe, vocabulary: int) -> ModelConfig | MambaConfig | RecurrentConfig:
    """The network: the dial's shape, with each field that the recipe's [model] writes put over it."""
    if recipe.network == "mamba":
        return mamba_config(recipe, vocabulary)
    if recipe.network != "decoder":
        return recurrent_config(recipe, vocabulary)
    depth = recipe.depth or int(recipe.model.get("n_layers", DEFAULT_DEPTH))
    width = int(recipe.model.get("d_model", 64 * depth))
    shape = {
        "vocab_size": vocabulary, "d_model": width, "n_layers": depth, "n_heads": _heads(width),
        "max_length": block_size(recipe), "positions": "rope", "norm": "rmsnorm", "activation": "swiglu",
        "attention_bias": False, "mlp_bias": False, "norm_bias": False, "tie_embeddings": True,
    }  # fmt: skip
    try:
        return ModelConfig(**{**shape, **recipe.network_fields})
    except (ValidationError, TypeError) as error:
        raise ConfigError(f"[model] of the recipe: {error}") from None


def mamba_config(recipe: Recipe, vocabulary: int) -> MambaConfig:
    """A Mamba of the same width and size: two of its blocks have the parameters of one of a transformer's."""
    depth = recipe.depth or DEFAULT_DEPTH
    layers = int(recipe.model.get("n_layers", 2 * depth))
    width = int(recipe.model.get("d_model", 32 * layers))
    return MambaConfig(
        **{"vocab_size": vocabulary, "d_model": width, "n_layers": layers, **recipe.network_fields}
    )


def recurrent_config(recipe: Recipe, vocabulary: int) -> RecurrentConfig:
    """An RNN, GRU or LSTM of the dial's layers and width: an LSTM's block has 9 D², a transformer's 12."""
    depth = recipe.depth or int(recipe.model.get("n_layers", DEFAULT_DEPTH))
    shape = {"cell": recipe.network, "vocab_size": vocabulary, "d_model": 64 * depth, "n_layers": depth}
    config = RecurrentConfig(**{**shape, **recipe.network_fields})
    if config.cell != recipe.network:
        raise ConfigError(f'[model] says network = "{recipe.network}" and cell = "{config.cell}": write one')
    return config


def make_plan(
    recipe: Recipe,
    model: ModelConfig | MambaConfig | RecurrentConfig,
    parameters: int,
    train_tokens: int,
) -> Plan:
    """All numbers of the run. `parameters` of the model; `train_tokens` of the corpus, 0 where unknown."""
    notes: list[str] = []
    block = block_size(recipe, model.max_length)
    batch = recipe.training.batch_size or _batch_size(recipe, block, train_tokens)
    if batch % recipe.training.accumulation:
        raise ConfigError(
            f"training.batch_size ({batch}) is not a multiple of training.accumulation "
            f"({recipe.training.accumulation})"
        )
    steps = _steps(recipe, parameters, train_tokens, batch * block, notes)
    tuning = TUNING_SHARE if recipe.init else 1.0
    only_adamw = recipe.optimizer.name == "adamw"
    shrink = math.sqrt(128 / model.d_model)
    return Plan(
        model=model, block_size=block, batch_size=batch, steps=steps, schedule=_schedule(recipe, steps),
        lr=recipe.optimizer.lr or tuning * (ADAMW_LR if only_adamw else TABLE_LR * shrink),
        matrix_lr=recipe.optimizer.matrix_lr or tuning * MATRIX_LR,
        weight_decay=_or(recipe.optimizer.weight_decay, 0.1 if only_adamw else 0.05),
        eval_every=recipe.training.eval_every or max(25, steps // 10),
        checkpoint_every=recipe.training.checkpoint_every or max(25, steps // 10),
        notes=tuple(notes),
    )  # fmt: skip


def _steps(recipe: Recipe, parameters: int, train_tokens: int, a_step: int, notes: list[str]) -> int:
    asked = recipe.training
    if asked.steps is not None:
        return asked.steps
    if asked.tokens is not None:
        return max(1, round(asked.tokens / a_step))
    if asked.epochs is not None:
        return max(1, math.ceil(asked.epochs * train_tokens / a_step))
    if recipe.init is not None:
        return max(1, math.ceil(3 * train_tokens / a_step))
    wanted, limit = TOKENS_PER_PARAMETER * parameters, MAX_EPOCHS * train_tokens
    if train_tokens and wanted > limit:
        notes.append(
            f"the corpus has {train_tokens:,} tokens; a model of this size would like {wanted:,}. "
            f"Training {MAX_EPOCHS:g} epochs; more text, or a smaller depth, would serve better."
        )
        wanted = int(limit)
    return max(1, math.ceil(wanted / a_step))


def _schedule(recipe: Recipe, steps: int) -> Schedule:
    def updates(value: float) -> int:
        return min(steps, round(value * steps) if value < 1 else round(value))

    said = recipe.schedule
    warmup = updates(said.warmup) if said.warmup is not None else min(100, steps // 20)
    decay = min(steps - warmup, updates(said.decay)) if said.name == "wsd" else 0
    return Schedule(steps, said.name, warmup, decay, said.shape, said.floor)


def _batch_size(recipe: Recipe, block: int, train_tokens: int) -> int:
    """Sequences an update: tokens grow as depth^1.5, but a small corpus is not swallowed in a few updates."""
    depth = recipe.depth or DEFAULT_DEPTH
    tokens = _power_of_two(round(1448 * depth**1.5), 1024, 1 << 20)
    if train_tokens:
        tokens = min(tokens, max(block, train_tokens // 16))
    sequences = max(1, tokens // block)
    parts = recipe.training.accumulation
    return math.ceil(sequences / parts) * parts


def _heads(width: int) -> int:
    """Heads of 64, or of 32 in a narrow network; a width that these do not divide gets one wide head."""
    head = 32 if width <= 128 else 64
    return width // head if width % head == 0 else 1


def _power_of_two(value: int, low: int, high: int) -> int:
    return min(high, max(low, 1 << round(math.log2(value))))


def _or(value: float | None, default: float) -> float:
    return default if value is None else value
