"""Mixture of experts: many feed-forwards, of which each token runs a few.

    y = Σ_{e in chosen} weight_e · expert_e(x)   (+ shared(x))

Parameters grow with the number of experts, work a token only with those chosen: Mixtral-8x7B has 46.7
billion and uses 12.9. Shazeer et al. 2017; Jiang et al. 2024; shared experts: Dai et al. 2024 (DeepSeekMoE).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from llmworks.nn.feed_forward import GATES, PLAIN, gated, make_feed_forward
from llmworks.nn.routing import Experts, Router
from llmworks.nn.trace import Trace

CLAMPED_ALPHA = 1.702
"""Of GPT-OSS's gate: x·σ(αx), which is close to GELU."""


class ExpertBank(nn.Module):
    """The weights of all N experts, stacked: `gate_up` [N, 2F, D] (or `up` [N, F, D]), `down` [N, D, F]."""

    def __init__(self, d_model: int, shape: Experts, activation: str) -> None:
        super().__init__()
        self.activation, self.clamp = activation, shape.clamp
        count, width = shape.n_experts, shape.d_expert
        self.first = "gate_up" if activation in GATES else "up"
        rows = 2 * width if activation in GATES else width
        self.register_parameter(self.first, nn.Parameter(torch.empty(count, rows, d_model)))
        self.down = nn.Parameter(torch.empty(count, d_model, width))
        self.down_bias: nn.Parameter | None
        for name, size in ((f"{self.first}_bias", rows), ("down_bias", d_model)):
            self.register_parameter(name, nn.Parameter(torch.zeros(count, size)) if shape.bias else None)

    @torch.compiler.disable  # type: ignore[untyped-decorator]  # how many tokens an expert gets is data
    def forward(self, x: Tensor, rows: Tensor, ids: Tensor, weights: Tensor) -> Tensor:
        """Sum over visits: token `rows[i]` of x [P, D] goes to expert `ids[i]` with `weights[i]` → [P, D].

        Visits are sorted by expert, so that each expert that is visited runs once, over all its tokens.
        """
        order = ids.argsort(stable=True)
        rows, weights = rows[order], weights[order, None]
        counts: list[int] = torch.bincount(ids, minlength=self.down.shape[0]).tolist()
        out = torch.zeros_like(x)
        # Unbound once: the gradient of all experts is then one tensor, not one of full size an expert.
        first, down = getattr(self, self.first).unbind(0), self.down.unbind(0)
        first_bias, down_bias = getattr(self, f"{self.first}_bias"), self.down_bias
        end = 0
        for expert, count in enumerate(counts):
            if not count:
                continue
            start, end = end, end + count
            here = rows[start:end]
            inner = F.linear(x[here], first[expert], None if first_bias is None else first_bias[expert])
            said = F.linear(self.bend(inner), down[expert], None if down_bias is None else down_bias[expert])
            out.index_add_(0, here, (said * weights[start:end]).to(out.dtype))
        return out

    def bend(self, inner: Tensor) -> Tensor:
        """The activation, [n, 2F] or [n, F] → [n, F]."""
        if self.clamp is not None:
            gate, up = inner.chunk(2, dim=-1)
            gate, up = gate.clamp(max=self.clamp), up.clamp(-self.clamp, self.clamp)
            return (up + 1) * gate * torch.sigmoid(CLAMPED_ALPHA * gate)
        if self.activation in GATES:
            return gated(inner, self.activation)
        return PLAIN[self.activation](inner)


class MixtureOfExperts(nn.Module):
    """[B, T, D] → [B, T, D].

    Addresses: `router` [B, T, N], its logits; `experts` [B, T, N], the weight of each expert in each token's
    sum, 0 where it was not chosen (what is changed there is what runs: an expert set to 0 is left out);
    `routed_out` and, where there is a shared expert, `shared.gate|pre|post` and `shared_out`, [B, T, …].
    """

    def __init__(self, d_model: int, shape: Experts, activation: str, *, bias: bool, address: str) -> None:
        super().__init__()
        self.shape, self.address = shape, address
        self.router = Router(d_model, shape)
        self.experts = ExpertBank(d_model, shape, activation)
        self.shared = self.shared_gate = None
        if shape.n_shared:
            self.shared = make_feed_forward(
                d_model, shape.shared_width, activation, bias=bias, address=f"{address}.shared"
            )
        if shape.shared_gate:
            self.shared_gate = nn.Linear(d_model, 1, bias=False)
        self.imbalance: Tensor | None = None  # of the last training run, until `balance_loss` takes it

    def forward(self, x: Tensor, trace: Trace | None = None) -> Tensor:
        tokens = x.flatten(0, -2)
        logits = self.router(tokens)
        if trace is not None:
            logits = self.seen(trace, "router", logits, x)
        weights, ids = self.router.choose(logits)
        if self.training and self.shape.balance:
            self.imbalance = self.router.imbalance(logits, ids)
        if trace is not None and trace.wants(f"{self.address}.experts"):
            shares = torch.zeros_like(logits).scatter(-1, ids, weights)
            shares = self.seen(trace, "experts", shares, x)
            rows, chosen = shares.nonzero().unbind(-1)
            routed = self.experts(tokens, rows, chosen, shares[rows, chosen])
        else:
            rows = torch.arange(tokens.shape[0], device=x.device).repeat_interleave(ids.shape[-1])
            routed = self.experts(tokens, rows, ids.flatten(), weights.flatten())
        out: Tensor = routed.view_as(x)
        if trace is not None:
            out = trace.at(f"{self.address}.routed_out", out)
        return out if self.shared is None else out + self.from_shared(x, trace)

    def from_shared(self, x: Tensor, trace: Trace | None) -> Tensor:
        """What the expert that every token visits says."""
        assert self.shared is not None
        out: Tensor = self.shared(x, trace)
        if self.shared_gate is not None:
            out = out * torch.sigmoid(self.shared_gate(x))
        return out if trace is None else trace.at(f"{self.address}.shared_out", out)

    def seen(self, trace: Trace, name: str, tensor: Tensor, x: Tensor) -> Tensor:
        """`tensor` [P, N] shown, and perhaps changed, as [B, T, N]."""
        shown = trace.at(f"{self.address}.{name}", tensor.view(*x.shape[:-1], tensor.shape[-1]))
        return shown.reshape(tensor.shape)

    def addresses(self) -> list[str]:
        """In the order in which they arise."""
        routed = [f"{self.address}.{name}" for name in ("router", "experts", "routed_out")]
        if self.shared is None:
            return routed
        return [*routed, *self.shared.addresses(), f"{self.address}.shared_out"]


def balance_loss(model: nn.Module) -> Tensor | None:
    """The layers' mean imbalance in the last training run, times `balance`; None where nobody asked for it.

    Taking it forgets it, so that no graph outlives its step.
    """
    layers = [module for module in model.modules() if isinstance(module, MixtureOfExperts)]
    found = [layer.shape.balance * layer.imbalance for layer in layers if layer.imbalance is not None]
    for layer in layers:
        layer.imbalance = None
    return torch.stack(found).mean() if found else None
