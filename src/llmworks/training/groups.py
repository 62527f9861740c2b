"""Which parameter goes to which optimiser.

Muon takes the matrices of the blocks: they map vectors to vectors, which is what orthogonalising is about.
Tables, the head, norms and biases are looked up or added, so AdamW has them, without decay. A fused weight
(q, k, v in one; gate and up in one; all experts in one) is several matrices to Muon: each is orthogonalised
by itself.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from llmworks.models.networks import Causal
from llmworks.training.dial import Plan
from llmworks.training.optimisers import AdamW, Muon, Optimiser, Optimisers
from llmworks.training.recipe import Recipe

MOMENTUM_WARMUP = 300  # steps; found on short runs, where 0.95 from the start costs a tenth of the progress


def make_optimisers(
    recipe: Recipe, plan: Plan, model: Causal, dtype: torch.dtype = torch.float32
) -> Optimisers:
    """Muon for the matrices of the blocks (where asked for), AdamW for tables, head, norms and biases."""
    said = recipe.optimizer
    named = dict(model.named_parameters())
    matrices = {name: p for name, p in named.items() if is_matrix(name, p)}
    others = {name: p for name, p in named.items() if name not in matrices}
    members: dict[str, Optimiser] = {}
    if said.name == "muon":
        parts = {name: sub_matrices(name, p, model.config) for name, p in matrices.items()}
        members["matrices"] = Muon(
            matrices, plan.matrix_lr, momentum=said.momentum, momentum_warmup=MOMENTUM_WARMUP,
            weight_decay=plan.weight_decay, iterations=said.iterations, parts=parts, dtype=dtype,
        )  # fmt: skip
    else:
        members["matrices"] = AdamW(
            matrices, plan.lr, betas=said.betas, eps=said.eps, weight_decay=plan.weight_decay
        )
    members["others"] = AdamW(others, plan.lr, betas=said.betas, eps=said.eps)
    return Optimisers(members)


def is_matrix(name: str, parameter: nn.Parameter) -> bool:
    """Whether it maps vectors to vectors: a matrix inside a block, or a stack of them, one an expert.

    Mamba's `A_log` is a table of rates of decay: two dimensions, but it multiplies no vector.
    """
    stacked = ".experts." in name and parameter.ndim == 3
    table = name.endswith(("_bias", "A_log"))
    return name.startswith("blocks.") and (parameter.ndim == 2 or stacked) and not table


def sub_matrices(name: str, parameter: nn.Parameter, config: Any) -> list[int]:
    """Rows of each sub-matrix of a fused weight: `attn.qkv`, gated `gate_up`, experts, a cell's gates."""
    rows, count = parameter.size(-2), parameter.size(0) if parameter.ndim == 3 else 1
    if name.endswith("attn.qkv.weight"):
        q, kv = config.n_heads * config.d_head, config.n_kv_heads * config.d_head
        return [q, kv, kv]
    if name.endswith(("gate_up", "gate_up.weight")):
        return [rows // 2] * (2 * count)
    if name.endswith(("cell.input.weight", "cell.recurrent.weight")):
        return [config.d_hidden] * (rows // config.d_hidden)
    return [rows] * count
