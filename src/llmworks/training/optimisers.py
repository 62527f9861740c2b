"""Optimisers: AdamW for vectors and tables, Muon for matrices; both with decoupled weight decay.

    AdamW   m ← β₁m + (1-β₁)g     v ← β₂v + (1-β₂)g²     w ← (1 - ηλ)w - η · m̂ / (√v̂ + ε)
    Muon    m ← μm + (1-μ)g       u ← orthogonal(μm + (1-μ)g)     w ← (1 - ηλ)w - η · √max(1, rows/cols) · u

AdamW scales each number by its own noise; Muon replaces the momentum of a whole matrix by the nearest
(semi-)orthogonal one, so that every direction of the matrix moves by the same amount. The factor √(rows/cols)
makes the change of the layer's *output* independent of its shape, so one matrix rate serves every width.

Sources: Loshchilov & Hutter, "Decoupled weight decay regularization" (2019); Jordan et al., "Muon: an
optimizer for hidden layers" (2024); Bernstein, "Deriving Muon" (2025) for the factor.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from llmworks.errors import TrainingError

# Coefficients of the quintic p(x) = ax + bx³ + cx⁵ that drives singular values towards 1 (Jordan 2024).
# They trade exactness for speed: after five rounds values lie in about [0.7, 1.2].
QUINTIC = (3.4445, -4.7750, 2.0315)
EARLY_MOMENTUM = 0.85  # of Muon's first step, where its momentum warms up


class Optimiser:
    """What AdamW and Muon share: named parameters, a learning rate that a schedule sets, state by name.

    `lr` is the present rate; the trainer sets it as `peak_lr × schedule(step)` before each step.
    """

    def __init__(self, parameters: Mapping[str, nn.Parameter], lr: float, weight_decay: float) -> None:
        self.parameters = dict(parameters)
        self.peak_lr = self.lr = lr
        self.weight_decay = weight_decay
        self.steps = 0
        self.state: dict[str, dict[str, Tensor]] = {}

    def _new_state(self, *slots: str) -> None:
        for slot in slots:
            self.state[slot] = {name: torch.zeros_like(p) for name, p in self.parameters.items()}

    def _with_gradient(self) -> list[str]:
        return [name for name, p in self.parameters.items() if p.grad is not None]

    def step(self) -> None:
        raise NotImplementedError

    def state_dict(self) -> dict[str, Tensor]:
        """Flat, for safetensors: `slot/parameter` → tensor, and the step count."""
        flat = {f"{slot}/{name}": t for slot, by_name in self.state.items() for name, t in by_name.items()}
        return {"steps": torch.tensor(self.steps), **flat}

    def load_state_dict(self, flat: Mapping[str, Tensor]) -> None:
        """Copies a saved state into this optimiser's tensors; the names must be the same."""
        expected = self.state_dict().keys()
        if expected != flat.keys():
            odd = sorted(expected ^ flat.keys())[:3]
            raise TrainingError(f"optimiser state does not fit this model: {', '.join(odd)} on one side only")
        self.steps = int(flat["steps"])
        for slot, by_name in self.state.items():
            for name, tensor in by_name.items():
                tensor.copy_(flat[f"{slot}/{name}"])

    def state_bytes(self) -> int:
        return sum(t.nbytes for by_name in self.state.values() for t in by_name.values())


class AdamW(Optimiser):
    """Adam with decoupled weight decay, equal to `torch.optim.AdamW`.

    `fused=True` runs PyTorch's one-pass kernel (each number is read once); `False` the same formula as a
    list of operations over all tensors, which is the readable one and the one that every device has.
    """

    def __init__(
        self,
        parameters: Mapping[str, nn.Parameter],
        lr: float = 1e-3,
        *,
        betas: tuple[float, float] = (0.9, 0.95),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        fused: bool | None = None,
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        self.betas, self.eps = betas, eps
        devices = {p.device.type for p in self.parameters.values()}
        self.fused = devices <= {"cpu", "cuda"} if fused is None else fused
        self._new_state("mean", "variance")

    @torch.no_grad()
    def step(self) -> None:
        names = self._with_gradient()
        if not names:
            return
        self.steps += 1
        weights: list[Tensor] = [self.parameters[n] for n in names]
        gradients = [g for n in names if (g := self.parameters[n].grad) is not None]
        means = [self.state["mean"][n] for n in names]
        variances = [self.state["variance"][n] for n in names]
        if self.fused:
            self._fused(weights, gradients, means, variances)
        else:
            self._by_formula(weights, gradients, means, variances)

    def _by_formula(
        self, weights: list[Tensor], gradients: list[Tensor], means: list[Tensor], variances: list[Tensor]
    ) -> None:
        beta1, beta2 = self.betas
        torch._foreach_mul_(weights, 1.0 - self.lr * self.weight_decay)
        torch._foreach_lerp_(means, gradients, 1.0 - beta1)
        torch._foreach_mul_(variances, beta2)
        torch._foreach_addcmul_(variances, gradients, gradients, 1.0 - beta2)
        # Both averages start at zero; dividing by (1 - βᵗ) removes that bias.
        unbias1, unbias2 = 1.0 - beta1**self.steps, 1.0 - beta2**self.steps
        denominators = torch._foreach_sqrt(variances)
        torch._foreach_div_(denominators, math.sqrt(unbias2))
        torch._foreach_add_(denominators, self.eps)
        torch._foreach_addcdiv_(weights, means, denominators, -self.lr / unbias1)

    def _fused(
        self, weights: list[Tensor], gradients: list[Tensor], means: list[Tensor], variances: list[Tensor]
    ) -> None:
        steps = [torch.tensor(float(self.steps), device=w.device) for w in weights]
        torch._fused_adamw_(
            weights, gradients, means, variances, [], steps, amsgrad=False, lr=self.lr, beta1=self.betas[0],
            beta2=self.betas[1], weight_decay=self.weight_decay, eps=self.eps, maximize=False,
        )  # fmt: skip


def orthogonalise(matrices: Tensor, steps: int = 5, *, dtype: torch.dtype = torch.float32) -> Tensor:
    """Newton–Schulz: the singular values of each matrix [..., rows, cols] go to about 1, its vectors stay.

    X ← aX + b(XXᵀ)X + c(XXᵀ)²X, on matrices scaled into the ball where that converges. Costs
    `steps · (4·r²·c + 2·r³)` FLOPs for the shorter side r.
    """
    a, b, c = QUINTIC
    wide = matrices.size(-2) <= matrices.size(-1)
    x = (matrices if wide else matrices.mT).to(dtype)
    batch = x.reshape(-1, x.size(-2), x.size(-1))
    batch = batch / (batch.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        gram = batch @ batch.mT
        polynomial = torch.baddbmm(gram, gram, gram, beta=b, alpha=c)
        batch = torch.baddbmm(batch, polynomial, batch, beta=a)
    x = batch.view(x.shape).to(matrices.dtype)
    return x if wide else x.mT


class Muon(Optimiser):
    """Momentum, orthogonalised, for the matrices inside the network.

    `parts` says for a fused weight how many rows each sub-matrix has (q, k, v in one tensor: three
    sub-matrices, each orthogonalised by itself); a stack [N, rows, cols] counts as N·rows rows. Sub-matrices
    of one shape go through one batched product, in `dtype`: bfloat16 is enough for a direction, and several
    times faster where the chip has units for it.
    """

    def __init__(
        self,
        parameters: Mapping[str, nn.Parameter],
        lr: float = 0.02,
        *,
        momentum: float = 0.95,
        momentum_warmup: int = 0,
        nesterov: bool = True,
        weight_decay: float = 0.0,
        iterations: int = 5,
        parts: Mapping[str, Sequence[int]] | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        self.momentum, self.nesterov, self.iterations = momentum, nesterov, iterations
        self.momentum_warmup, self.dtype = momentum_warmup, dtype
        given = parts or {}
        self.parts = {
            name: list(given.get(name, [p.size(-2)] * (p.size(0) if p.ndim == 3 else 1)))
            for name, p in self.parameters.items()
            if p.ndim in (2, 3)
        }
        for name, p in self.parameters.items():
            if p.ndim not in (2, 3) or sum(self.parts[name]) != p.numel() // p.size(-1):
                raise TrainingError(
                    f"Muon takes matrices; {name} is {tuple(p.shape)}, cut into rows {self.parts.get(name)}"
                )
        self._new_state("momentum")

    @torch.no_grad()
    def step(self) -> None:
        names = self._with_gradient()
        if not names:
            return
        self.steps += 1
        weights: list[Tensor] = [self.parameters[n] for n in names]
        gradients = [g for n in names if (g := self.parameters[n].grad) is not None]
        momenta = [self.state["momentum"][n] for n in names]
        mu = self._momentum()
        torch._foreach_lerp_(momenta, gradients, 1.0 - mu)
        directions = torch._foreach_lerp(gradients, momenta, mu) if self.nesterov else momenta
        torch._foreach_mul_(weights, 1.0 - self.lr * self.weight_decay)
        self._apply(names, weights, directions)

    def _momentum(self) -> float:
        """Rises from EARLY_MOMENTUM: while the loss falls fast, old gradients soon point the wrong way."""
        if self.steps > self.momentum_warmup or self.momentum <= EARLY_MOMENTUM:
            return self.momentum
        return EARLY_MOMENTUM + (self.momentum - EARLY_MOMENTUM) * (self.steps - 1) / self.momentum_warmup

    def _apply(self, names: list[str], weights: list[Tensor], directions: Sequence[Tensor]) -> None:
        """Orthogonalises sub-matrices of one shape together and adds them to their weights."""
        groups: dict[tuple[int, int], list[tuple[Tensor, Tensor]]] = defaultdict(list)
        for name, weight, direction in zip(names, weights, directions, strict=True):
            parts = [torch.split(t.flatten(0, -2), self.parts[name]) for t in (weight, direction)]
            for w, d in zip(*parts, strict=True):
                # A tall matrix joins the wide ones of its transposed shape: fewer, larger products.
                groups[min(d.shape), max(d.shape)].append((w, d))
        for pairs in groups.values():
            wide = torch.stack([d if d.size(0) <= d.size(1) else d.mT for _, d in pairs])
            for (w, d), u in zip(pairs, orthogonalise(wide, self.iterations, dtype=self.dtype), strict=True):
                scale = math.sqrt(max(1.0, d.size(0) / d.size(1)))
                w.add_(u if d.size(0) <= d.size(1) else u.mT, alpha=-self.lr * scale)


@dataclass
class Optimisers:
    """Several optimisers that step as one; each keeps its own rate, the schedule scales them alike."""

    members: dict[str, Optimiser]

    def set_share(self, share: float) -> None:
        """`share` of the peak rate, from the schedule."""
        for member in self.members.values():
            member.lr = member.peak_lr * share

    def step(self) -> None:
        for member in self.members.values():
            member.step()

    def zero_grad(self) -> None:
        for member in self.members.values():
            for p in member.parameters.values():
                p.grad = None

    def parameters(self) -> Iterable[nn.Parameter]:
        return (p for member in self.members.values() for p in member.parameters.values())

    def state_dict(self) -> dict[str, Tensor]:
        return {
            f"{key}/{k}": t for key, member in self.members.items() for k, t in member.state_dict().items()
        }

    def load_state_dict(self, flat: Mapping[str, Tensor]) -> None:
        for key, member in self.members.items():
            prefix = f"{key}/"
            member.load_state_dict(
                {k.removeprefix(prefix): t for k, t in flat.items() if k.startswith(prefix)}
            )

    def state_bytes(self) -> int:
        return sum(member.state_bytes() for member in self.members.values())

    def rates(self) -> dict[str, float]:
        return {key: member.lr for key, member in self.members.items()}


def clip_gradients(parameters: Iterable[nn.Parameter], limit: float) -> float:
    """Scales the gradients so that their joint 2-norm is at most `limit` (0: none); returns it as it was."""
    gradients = [p.grad for p in parameters if p.grad is not None]
    if not gradients:
        return 0.0
    norm = float(torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients))))
    if limit > 0 and norm > limit and math.isfinite(norm):
        torch._foreach_mul_(gradients, limit / norm)
    return norm
