"""The baseline of the training benchmarks: nanoGPT's model and recipe, written plainly.

A GPT-2 shaped network (learned positions, LayerNorm, GELU, tied head, no biases) with AdamW, as nanoGPT's
CPU recipe for Tiny Shakespeare has it: 4 layers, 4 heads, 128 wide, block 64, batch 12, 2,000 steps, learning
rate 1e-3 with 100 steps of warm-up and a cosine to 1e-4, β₂ 0.99, decay 0.1, clipping at 1, no dropout.
Nothing of llmworks is used here, so what is compared with it is independent of it.

Source: Karpathy, nanoGPT (2022), train_shakespeare_char and the CPU settings of its README.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    layers: int = 4
    heads: int = 4
    width: int = 128
    block: int = 64
    batch: int = 12
    vocabulary: int = 65


class Attention(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.width, 3 * shape.width, bias=False)
        self.out = nn.Linear(shape.width, shape.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        B, T, C = x.shape
        q, k, v = self.qkv(x).split(C, dim=2)
        q, k, v = (t.view(B, T, self.heads, C // self.heads).transpose(1, 2) for t in (q, k, v))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out(y.transpose(1, 2).contiguous().view(B, T, C))


class Block(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(shape.width, bias=False)
        self.attention = Attention(shape)
        self.norm2 = nn.LayerNorm(shape.width, bias=False)
        self.up = nn.Linear(shape.width, 4 * shape.width, bias=False)
        self.down = nn.Linear(4 * shape.width, shape.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class GPT(nn.Module):
    """ids [B, T] → logits [B, T, V], and the mean cross-entropy where targets are given."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.tokens = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(shape.block, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(shape.width, bias=False)
        self.head = nn.Linear(shape.width, shape.vocabulary, bias=False)
        self.head.weight = self.tokens.weight
        for name, p in self.named_parameters():
            if p.ndim == 2:
                narrow = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(p, std=0.02 / math.sqrt(2 * shape.layers) if narrow else 0.02)

    def forward(self, ids: Tensor, targets: Tensor) -> Tensor:
        x = self.tokens(ids) + self.positions(torch.arange(ids.size(1)))
        for block in self.blocks:
            x = block(x)
        logits = self.head(self.norm(x))
        return F.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1))


def make_optimiser(model: nn.Module) -> torch.optim.Optimizer:
    """AdamW, decay on matrices only."""
    matrices = [p for p in model.parameters() if p.ndim >= 2]
    vectors = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=1e-3, betas=(0.9, 0.99))


def learning_rate(
    step: int, steps: int = 2000, peak: float = 1e-3, low: float = 1e-4, warmup: int = 100
) -> float:
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    return low + 0.5 * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup))) * (peak - low)


def train_step(
    model: nn.Module, optimiser: torch.optim.Optimizer, ids: Tensor, targets: Tensor, lr: float
) -> float:
    """One step as nanoGPT does it; returns the loss."""
    for group in optimiser.param_groups:
        group["lr"] = lr
    loss = model(ids, targets)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return float(loss.detach())
