"""Which parameter goes to which optimiser.

Muon takes the matrices of the blocks: they map vectors to vectors, which is what orthogonalising is about.
Tables, the head, norms and biases are looked up or added, so AdamW has them, without decay. A fused weight
(q, k, v in one; gate and up in one) is several matrices to Muon: each is orthogonalised by itself.
"""

from __future__ import annotations

import torch

from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.training.dial import Plan
from llmworks.training.optimisers import AdamW, Muon, Optimiser, Optimisers
from llmworks.training.recipe import Recipe

MOMENTUM_WARMUP = 300  # steps; found on short runs, where 0.95 from the start costs a tenth of the progress


def make_optimisers(
    recipe: Recipe, plan: Plan, model: Decoder, dtype: torch.dtype = torch.float32
) -> Optimisers:
    """Muon for the matrices of the blocks (where asked for), AdamW for tables, head, norms and biases."""
    said = recipe.optimizer
    named = dict(model.named_parameters())
    matrices = {name: p for name, p in named.items() if name.startswith("blocks.") and p.ndim == 2}
    others = {name: p for name, p in named.items() if name not in matrices}
    members: dict[str, Optimiser] = {}
    if said.name == "muon":
        parts = {name: sub_matrices(name, p.size(0), model.config) for name, p in matrices.items()}
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


def sub_matrices(name: str, rows: int, config: ModelConfig) -> list[int]:
    """Rows of each sub-matrix of a fused weight of the decoder (`attn.qkv`, gated `mlp.gate_up`)."""
    if name.endswith("attn.qkv.weight"):
        q, kv = config.n_heads * config.d_head, config.n_kv_heads * config.d_head
        return [q, kv, kv]
    if name.endswith("mlp.gate_up.weight"):
        return [rows // 2, rows // 2]
    return [rows]
