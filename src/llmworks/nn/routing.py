"""Routing: which few of many experts a token visits, and how much each of them counts.

    logits = W·x (+ b)        scores = softmax(logits)  or  sigmoid(logits)
    chosen = the k largest    weights = their scores, made to add up to 1 or not, times a scale

Shazeer et al. 2017; Fedus et al. 2022 (Switch: the balance loss); Jiang et al. 2024 (Mixtral). DeepSeek-V2
(2024, §2.2) lets a token choose within a few groups of experts; DeepSeek-V3 (2024, §2.1.2) scores by
sigmoids and adds a learned correction for the choice alone. GPT-OSS chooses first and normalises after.
"""

from collections.abc import Callable
from typing import Literal

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn
from torch.nn import functional as F

MOST_EXPERTS, MOST_WIDTH = 65_536, 2**31 - 1


class Experts(BaseModel):
    """A mixture of experts as the feed-forward (`nn/experts.py`): a router sends each token to a few.

    score → chosen → weight:  "softmax": softmax over all, the largest top_k taken;  "softmax_chosen": the
    largest logits taken, softmax over those (GPT-OSS);  "sigmoid": each by itself, with a learned bias
    that counts for the choice alone (DeepSeek-V3).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    n_experts: int = Field(gt=0, le=MOST_EXPERTS)
    top_k: int = Field(gt=0, le=MOST_EXPERTS, description="experts that a token visits")
    d_expert: int = Field(gt=0, le=MOST_WIDTH, description="width inside one expert")
    n_shared: int = Field(
        default=0, ge=0, le=MOST_EXPERTS, description="experts that every token visits, as one"
    )
    d_shared: int | None = Field(
        default=None, gt=0, le=MOST_WIDTH, description="width inside the shared one; None: n_shared·d_expert"
    )
    shared_gate: bool = Field(default=False, description="the shared one is weighed by a sigmoid (Qwen2-MoE)")
    router: Literal["softmax", "softmax_chosen", "sigmoid"] = "softmax"
    router_bias: bool = False
    normalise: bool = Field(default=True, description="weights of the chosen add up to 1")
    scale: float = Field(default=1.0, gt=0, description="of the routed sum")
    n_groups: int = Field(default=1, gt=0, description="experts come in groups, and …")
    top_groups: int = Field(default=1, gt=0, description="… only these many groups are chosen from")
    group_score: Literal["max", "top2"] = Field(default="max", description="a group's score is of its best")
    bias: bool = Field(default=False, description="biases inside the experts (GPT-OSS)")
    clamp: float | None = Field(default=None, gt=0, description="GPT-OSS's gate: clamped, (up + 1), α 1.702")
    dense_layers: tuple[int, ...] = Field(default=(), description="blocks that keep a plain feed-forward")
    balance: float = Field(default=0.0, ge=0, description="weight of the load-balancing loss in training")

    @property
    def shared_width(self) -> int:
        """Width inside the shared expert; 0 where there is none."""
        return (self.d_shared or self.n_shared * self.d_expert) if self.n_shared else 0

    def faults(self) -> list[str]:
        """What no single field can tell; empty where all fits."""
        found = []
        if self.top_k > self.n_experts:
            found.append(f"experts.top_k {self.top_k} is more than the {self.n_experts} experts")
        if self.n_experts % self.n_groups:
            found.append(f"experts.n_groups {self.n_groups} must divide n_experts {self.n_experts}")
        if self.top_groups > self.n_groups:
            found.append(f"experts.top_groups {self.top_groups} is more than the {self.n_groups} groups")
        elif self.top_k > self.top_groups * (self.n_experts // self.n_groups):
            found.append(
                f"experts.top_k {self.top_k} is more than {self.top_groups} of {self.n_groups} groups hold"
            )
        if self.n_groups > 1 and self.group_score == "top2" and self.n_experts // self.n_groups < 2:
            found.append("experts.group_score 'top2' needs groups of two experts or more")
        if self.n_groups > 1 and self.router == "softmax_chosen":
            found.append("experts.n_groups: router 'softmax_chosen' knows no groups")
        if self.shared_gate and not self.n_shared:
            found.append("experts.shared_gate without n_shared: there is nothing to weigh")
        return found


class Router(nn.Module):
    """x [P, D] → logits [P, N] → weights and ids of the chosen, [P, k] each.

    All in float32 whatever the model's type: a rounded score sends a token elsewhere.
    """

    def __init__(self, d_model: int, shape: Experts) -> None:
        super().__init__()
        self.shape = shape
        self.weight = nn.Parameter(torch.empty(shape.n_experts, d_model))
        self.bias = nn.Parameter(torch.zeros(shape.n_experts)) if shape.router_bias else None
        self.correction: Tensor | None
        # A buffer, not a parameter: DeepSeek-V3 moves it by the load, not by a gradient.
        correction = torch.zeros(shape.n_experts) if shape.router == "sigmoid" else None
        self.register_buffer("correction", correction)

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> "Router":
        # What `.to()` calls. The correction follows to the device but stays float32: it decides between
        # scores that are nearly equal, and is several times as large.
        kept, self.correction = self.correction, None
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        if kept is not None:
            self.correction = kept.to(fn(torch.empty(0, device=kept.device)).device)
        return self

    def forward(self, x: Tensor) -> Tensor:
        """Logits [P, N], float32."""
        with torch.autocast(x.device.type, enabled=False):
            return F.linear(x.float(), self.weight.float(), None if self.bias is None else self.bias.float())

    def scores(self, logits: Tensor) -> Tensor:
        """[P, N], each in 0 … 1."""
        return logits.sigmoid() if self.shape.router == "sigmoid" else logits.softmax(dim=-1)

    def choose(self, logits: Tensor) -> tuple[Tensor, Tensor]:
        """Weights (float32) and ids of each token's chosen experts, [P, k] each."""
        shape = self.shape
        if shape.router == "softmax_chosen":
            best, ids = logits.topk(shape.top_k, dim=-1)
            return best.softmax(dim=-1) * shape.scale, ids
        scores = self.scores(logits)
        ids = self.within_groups(scores if self.correction is None else scores + self.correction)
        weights = scores.gather(-1, ids)
        if shape.normalise:  # sigmoids may all be 0
            weights = weights / (weights.sum(dim=-1, keepdim=True) + 1e-20)
        return weights * shape.scale, ids

    def within_groups(self, scores: Tensor) -> Tensor:
        """Ids [P, k] of the largest scores, of those in the best groups alone where there are groups."""
        shape = self.shape
        if shape.n_groups > 1:
            grouped = scores.view(-1, shape.n_groups, shape.n_experts // shape.n_groups)
            best = grouped.topk(1 if shape.group_score == "max" else 2, dim=-1).values.sum(dim=-1)
            kept = torch.zeros_like(best, dtype=torch.bool)
            kept.scatter_(-1, best.topk(shape.top_groups, dim=-1).indices, True)
            scores = grouped.masked_fill(~kept[..., None], -torch.inf).flatten(-2)
        return scores.topk(shape.top_k, dim=-1).indices

    def imbalance(self, logits: Tensor, ids: Tensor) -> Tensor:
        """N · Σₑ fₑ·Pₑ over tokens: k where the load is even, towards N where one expert has it all.

        fₑ is how many of its k choices an average token gives to expert e, Pₑ its mean share of the scores
        (Fedus et al. 2022, eq. 4–6; for k > 1 as Mixtral counts it). The gradient goes through Pₑ.
        """
        scores = self.scores(logits)
        if self.shape.router == "sigmoid":
            scores = scores / (scores.sum(dim=-1, keepdim=True) + 1e-20)
        visits = torch.zeros_like(scores).scatter_(-1, ids, 1.0)
        return self.shape.n_experts * (visits.mean(dim=0) * scores.mean(dim=0)).sum()
