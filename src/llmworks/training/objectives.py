"""Objectives: a batch becomes a loss.

    loss = Σ wᵢ · (-log p(targetᵢ | context)) / Σ wᵢ        (+ z_weight · (log Z)², which keeps logits small)
                                                            (+ balance · imbalance of experts: nn/routing.py)

Pretraining counts every target (w = 1); supervised fine-tuning (SFT) counts what the assistant says (w = the
conversation's mask). The divisor is a separate argument, so that a step cut into micro-batches divides each
by the counted tokens of the *whole* step: the sum of the parts is then the loss of the big batch, also where
the parts count different numbers of tokens.

Source of the z-loss: Chowdhery et al., PaLM (2022), section 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import torch
from torch import Tensor

from llmworks.nn.experts import balance_loss

if TYPE_CHECKING:
    from llmworks.data.batches import Batch
    from llmworks.models.networks import Causal

# Logits of one slice of positions: small enough to stay in a processor's cache, large enough for full speed.
_SLICE_ELEMENTS = 1 << 22


class Objective(Protocol):
    """Turns a batch into a scalar loss, ready for `backward()`, and plain numbers to log."""

    def count(self, batch: Batch) -> float:
        """Counted targets of the batch: what its loss is a mean over. Needs no forward pass."""
        ...

    def __call__(
        self, model: Causal, batch: Batch, *, divisor: float | None = None
    ) -> tuple[Tensor, dict[str, float]]:
        """`divisor`: counted targets of the whole step; the batch's own where it is None."""
        ...


class CrossEntropy:
    """Next-token cross-entropy in nats; the objective of pretraining and of SFT."""

    def __init__(self, *, z_weight: float = 0.0) -> None:
        self.z_weight = z_weight

    def count(self, batch: Batch) -> float:
        return float(batch.targets.numel() if batch.weights is None else batch.weights.sum())

    def __call__(
        self, model: Causal, batch: Batch, *, divisor: float | None = None
    ) -> tuple[Tensor, dict[str, float]]:
        total = max(self.count(batch) if divisor is None else divisor, 1e-9)
        hidden = model.hidden(batch.ids, documents=batch.documents)
        loss = token_losses(model, hidden, batch.targets, batch.weights, self.z_weight) / total
        balance = balance_loss(model)
        if balance is None:
            return loss, {}
        # A part's share of the step, so that the parts of a step add up to their mean.
        return loss + balance * (self.count(batch) / total), {"balance": float(balance.detach())}


def token_losses(
    model: Causal, hidden: Tensor, targets: Tensor, weights: Tensor | None, z_weight: float = 0.0
) -> Tensor:
    """Σ wᵢ · lossᵢ over hidden [B, T, D], targets [B, T], weights [B, T]; float32 scalar.

    A large vocabulary goes slice by slice: the logits of all positions at once are the largest tensor of a
    training step, and they are needed only to be reduced.
    """
    flat, goal = hidden.flatten(0, -2), targets.flatten()
    weight = None if weights is None else weights.flatten()
    rows = max(64, _SLICE_ELEMENTS // model.config.vocab_size)
    if torch.is_grad_enabled() and flat.size(0) > rows:
        head = [p for p in _head_parameters(model) if p.requires_grad]
        result: Tensor = _SlicedLoss.apply(model, rows, z_weight, flat, goal, weight, *head)  # type: ignore[no-untyped-call]
        return result
    pieces = [
        _slice_loss(model, flat[i : i + rows], goal[i : i + rows], _cut(weight, i, rows), z_weight)
        for i in range(0, flat.size(0), rows)
    ]
    return torch.stack(pieces).sum()


def _slice_loss(
    model: Causal, hidden: Tensor, targets: Tensor, weights: Tensor | None, z_weight: float
) -> Tensor:
    loss: Tensor = _SoftmaxLoss.apply(model.head(hidden), targets, weights, z_weight)  # type: ignore[no-untyped-call]
    return loss


class _SoftmaxLoss(torch.autograd.Function):
    """Σ wᵢ (log Zᵢ - xᵢ[targetᵢ] + z (log Zᵢ)²) over logits x [N, V], with its gradient written by hand:

        wᵢ (softmax(xᵢ) (1 + 2 z log Zᵢ) - onehot(targetᵢ))

    The exponentials become the gradient where they stand, so the widest tensor of a step is passed over as
    seldom as can be.
    """

    @staticmethod
    def forward(ctx: Any, logits: Tensor, targets: Tensor, weights: Tensor | None, z_weight: float) -> Tensor:
        shifted = logits.float()
        if shifted is logits:
            shifted = logits.clone()
        peak = shifted.amax(-1, keepdim=True)
        shifted.sub_(peak)
        chosen = shifted.gather(-1, targets[:, None])
        exponentials = shifted.exp_()
        sums = exponentials.sum(-1, keepdim=True)
        log_sums = sums.log()
        losses = log_sums - chosen
        scale = sums.reciprocal()
        if z_weight:
            log_z = log_sums + peak
            losses = losses + z_weight * log_z.square()
            scale = scale * (1 + 2 * z_weight * log_z)
        if ctx.needs_input_grad[0]:
            ones = torch.ones_like(scale)
            if weights is not None:
                scale, ones = scale * weights[:, None], ones * weights[:, None]
            gradient = exponentials.mul_(scale).scatter_add_(-1, targets[:, None], -ones)
            ctx.save_for_backward(gradient.to(logits.dtype))
        return losses.sum() if weights is None else (losses[:, 0] * weights).sum()

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> tuple[Tensor | None, ...]:
        (gradient,) = ctx.saved_tensors
        return gradient * upstream[0], None, None, None


def _cut(weight: Tensor | None, start: int, rows: int) -> Tensor | None:
    return None if weight is None else weight[start : start + rows]


def _head_parameters(model: Causal) -> list[Tensor]:
    """The parameters that `model.head` reads: the tied table, or the free matrix."""
    return [model.embed.weight if model.unembed is None else model.unembed.weight]


class _SlicedLoss(torch.autograd.Function):
    """Sum of the slices' losses; each slice's gradient is taken at once, while its logits are at hand.

    So no logits are kept for backward, nothing is computed twice, and a slice stays in cache between its
    product, its softmax and its gradient.
    """

    @staticmethod
    def forward(
        ctx: Any, model: Causal, rows: int, z_weight: float, hidden: Tensor, targets: Tensor,
        weights: Tensor | None, *head: Tensor,
    ) -> Tensor:  # fmt: skip
        total = torch.zeros((), dtype=torch.float32, device=hidden.device)
        hidden_gradient = torch.empty_like(hidden)
        head_gradients = [torch.zeros_like(p) for p in head]
        for i in range(0, hidden.size(0), rows):
            with torch.enable_grad():
                piece = hidden[i : i + rows].detach().requires_grad_()
                loss = _slice_loss(model, piece, targets[i : i + rows], _cut(weights, i, rows), z_weight)
            gradients = torch.autograd.grad(loss, [piece, *head])
            total += loss.detach()
            hidden_gradient[i : i + rows] = gradients[0]
            torch._foreach_add_(head_gradients, gradients[1:])
        ctx.save_for_backward(hidden_gradient, *head_gradients)
        return total

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> tuple[Tensor | None, ...]:
        (scale,) = upstream
        hidden_gradient, *head_gradients = ctx.saved_tensors
        return (
            None, None, None, hidden_gradient * scale, None, None, *(g * scale for g in head_gradients),
        )  # fmt: skip
