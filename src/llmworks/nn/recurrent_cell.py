"""The recurrent cell: one vector is all that a token hears of the past, and each token waits for the last.

    h_{t−1} ─┐              RNN    h_t = tanh(W x_t + U h_{t−1})            Elman 1990
             ├─ cell ─ h_t  GRU    h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}          Cho et al. 2014
    x_t ─────┘              LSTM   c_t = f ⊙ c_{t−1} + i ⊙ g, h from c_t    Hochreiter & Schmidhuber 1997

The forget gate f is Gers, Schmidhuber & Cummins' (2000). U meets the state at every token: what a gradient
brings from t steps ago has passed it t times, so an RNN forgets; an LSTM's sum is there for it to pass by.
"""

import math
from collections.abc import Callable
from typing import Any, Literal

import torch
from torch import Tensor, nn

from llmworks.nn.state_space import StateCache
from llmworks.nn.trace import Trace

CellKind = Literal["rnn", "gru", "lstm"]
GATES: dict[str, int] = {"rnn": 1, "gru": 3, "lstm": 4}
"""Vectors of the width of the state that W x + U h is cut into."""
CARRIED: dict[str, int] = {"rnn": 1, "gru": 1, "lstm": 2}
"""Vectors that go from token to token: h, and an LSTM's c."""
ADDRESSES: dict[str, tuple[str, ...]] = {
    "rnn": ("state",),
    "gru": ("reset_gate", "update_gate", "candidate", "state"),
    "lstm": ("input_gate", "forget_gate", "candidate", "output_gate", "state", "hidden"),
}
KERNELS: dict[str, Callable[..., Any]] = {
    "rnn": torch._VF.rnn_tanh, "gru": torch._VF.gru, "lstm": torch._VF.lstm,
}  # fmt: skip
At = Callable[[str, Tensor], Tensor]


class RecurrentCell(nn.Module):
    """[B, T, D] → [B, T, D] by way of H hidden numbers; `input` is W, `recurrent` U, rows as in torch.nn.

    With W x_t + b and U h_{t−1} + b' cut into gates (σ: sigmoid):

        RNN     state      h = tanh(W x + U h)
        GRU     reset      r = σ(W_r x + U_r h)          update     z = σ(W_z x + U_z h)
                candidate  n = tanh(W_n x + r ⊙ U_n h)   state      h = (1 − z) ⊙ n + z ⊙ h
        LSTM    input      i = σ(W_i x + U_i h)          forget     f = σ(W_f x + U_f h)
                candidate  g = tanh(W_g x + U_g h)       output     o = σ(W_o x + U_o h)
                state      c = f ⊙ c + i ⊙ g             hidden     h = o ⊙ tanh(c)

    Every one of these is an address, [B, T, H]. Here a change flows on: the next token goes from it.
    """

    def __init__(self, kind: CellKind, d_model: int, d_hidden: int, *, layer: int, address: str) -> None:
        super().__init__()
        self.kind, self.layer, self.address = kind, layer, address
        self.input = nn.Linear(d_model, GATES[kind] * d_hidden)
        self.recurrent = nn.Linear(d_hidden, GATES[kind] * d_hidden)
        self.out = nn.Linear(d_hidden, d_model, bias=False)

    def forward(self, x: Tensor, cache: StateCache | None = None, trace: Trace | None = None) -> Tensor:
        weight = self.recurrent.weight
        # The state is added to at every token: it keeps the type of the weights under autocast, too.
        with torch.autocast(x.device.type, enabled=False):
            x = x.to(weight.dtype)
            if cache is None:
                start = list(x.new_zeros(CARRIED[self.kind], x.shape[0], weight.shape[1]))
            else:
                start = [part.to(weight.dtype) for part in cache.states[self.layer].unbind(-1)]
            if trace is not None and any(
                trace.wants(f"{self.address}.{name}") for name in ADDRESSES[self.kind]
            ):
                hidden, last = self.stepwise(x, start, trace)
            else:
                hidden, last = self.fused(x, start)
        if cache is not None:
            cache.states[self.layer] = torch.stack(last, dim=-1).detach().float()
        out: Tensor = self.out(hidden)
        return out

    def fused(self, x: Tensor, start: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """h of every token [B, T, H] and what is carried on [B, H], by torch's own kernel for this cell."""
        weights = [self.input.weight, self.recurrent.weight, self.input.bias, self.recurrent.bias]
        begin = [part[None].contiguous() for part in start]
        # Biases, layers, dropout, training (cuDNN then keeps what a backward pass needs), both ways, [B, T].
        how = (True, 1, 0.0, torch.is_grad_enabled(), False, True)
        given = tuple(begin) if self.kind == "lstm" else begin[0]
        hidden, *last = KERNELS[self.kind](x.contiguous(), given, weights, *how)
        return hidden, [part[0] for part in last]

    def stepwise(
        self, x: Tensor, start: list[Tensor], trace: Trace | None = None
    ) -> tuple[Tensor, list[Tensor]]:
        """`fused` as it is written above, token by token, each formula open to the trace."""
        given, carried = self.input(x), start
        seen = Seen(self.address, given.shape[1], trace)
        hidden = []
        for t in range(given.shape[1]):
            carried = self.step(given[:, t], carried, seen)
            hidden.append(carried[0])
        return torch.stack(hidden, dim=1), carried

    def step(self, given: Tensor, carried: list[Tensor], at: At) -> list[Tensor]:
        """What is carried on after one token; `given` is W x_t + b."""
        h, gates = carried[0], GATES[self.kind]
        told = self.recurrent(h)
        if self.kind == "gru":
            (r, z, n), (r_told, z_told, n_told) = given.chunk(gates, -1), told.chunk(gates, -1)
            r, z = at("reset_gate", torch.sigmoid(r + r_told)), at("update_gate", torch.sigmoid(z + z_told))
            n = at("candidate", torch.tanh(n + r * n_told))
            return [at("state", (1 - z) * n + z * h)]
        if self.kind == "lstm":
            i, f, g, o = (given + told).chunk(gates, -1)
            i, f = at("input_gate", torch.sigmoid(i)), at("forget_gate", torch.sigmoid(f))
            g, o = at("candidate", torch.tanh(g)), at("output_gate", torch.sigmoid(o))
            c = at("state", f * carried[1] + i * g)
            return [at("hidden", o * torch.tanh(c)), c]
        return [at("state", torch.tanh(given + told))]

    @torch.no_grad()
    def reset_parameters(self, out_std: float) -> None:
        """W as wide as its input; U a rotation for each gate (Saxe et al. 2014), so that nothing fades.

        An LSTM's forget gates begin open, at a bias of 1 (Gers et al. 2000; Jozefowicz et al. 2015).
        """
        nn.init.normal_(self.input.weight, std=1 / math.sqrt(self.input.in_features))
        nn.init.normal_(self.out.weight, std=out_std)
        for gate in self.recurrent.weight.chunk(GATES[self.kind]):
            nn.init.orthogonal_(gate)
        nn.init.zeros_(self.input.bias)
        nn.init.zeros_(self.recurrent.bias)
        if self.kind == "lstm":
            self.input.bias.chunk(4)[1].fill_(1.0)


class Seen:
    """Shows a trace the tensors [B, T, H] of a run that makes them a token at a time."""

    def __init__(self, address: str, length: int, trace: Trace | None) -> None:
        self.address, self.length, self.trace = address, length, trace
        self.values: dict[str, list[Tensor]] = {}

    def __call__(self, name: str, value: Tensor) -> Tensor:
        address, trace = f"{self.address}.{name}", self.trace
        if trace is None or not trace.wants(address):
            return value
        values = self.values.setdefault(name, [])
        values.append(value)
        now, last = len(values) - 1, len(values) == self.length
        if not last and not trace.changes(address):
            return value
        # An intervention's positions and values are those of the whole run: what is still to come is zeros.
        blank = [torch.zeros_like(value)] * (self.length - len(values))
        return trace.at(address, torch.stack([*values, *blank], dim=1))[:, now]
