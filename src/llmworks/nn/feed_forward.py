"""The feed-forward part: each position by itself, widened, bent, narrowed.

    plain   W_down · act(W_up · x)
    gated   W_down · (act(W_gate · x) ⊙ W_up · x)         SwiGLU, GeGLU: Shazeer 2020

ReLU² is So et al. 2021 (Primer). GeGLU takes the tanh form of GELU, as T5 1.1 and Gemma do.
"""

from collections.abc import Callable

from torch import Tensor, nn
from torch.nn import functional as F

from llmworks.nn.trace import Trace


def gelu_tanh(x: Tensor) -> Tensor:
    """GELU by its tanh approximation (GPT-2's `gelu_new`)."""
    return F.gelu(x, approximate="tanh")


def relu2(x: Tensor) -> Tensor:
    """max(x, 0)²."""
    return F.relu(x).square()


PLAIN: dict[str, Callable[[Tensor], Tensor]] = {
    "gelu": F.gelu, "gelu_tanh": gelu_tanh, "relu": F.relu, "relu2": relu2,
}  # fmt: skip
GATES: dict[str, Callable[[Tensor], Tensor]] = {"swiglu": F.silu, "geglu": gelu_tanh}


class FeedForward(nn.Module):
    """[B, T, D] → [B, T, D] by way of width F.

    Addresses, both [B, T, F]: `pre` is W_up · x, `post` is what W_down reads.
    """

    def __init__(self, d_model: int, d_ff: int, activation: str, *, bias: bool, address: str) -> None:
        super().__init__()
        self.activation, self.address = PLAIN[activation], address
        self.up = nn.Linear(d_model, d_ff, bias=bias)
        self.down = nn.Linear(d_ff, d_model, bias=bias)

    def forward(self, x: Tensor, trace: Trace | None = None) -> Tensor:
        pre = self.up(x)
        if trace is not None:
            pre = trace.at(f"{self.address}.pre", pre)
        post = self.activation(pre)
        if trace is not None:
            post = trace.at(f"{self.address}.post", post)
        out: Tensor = self.down(post)
        return out


class GatedFeedForward(nn.Module):
    """[B, T, D] → [B, T, D] by way of width F.

    Addresses: `gate` is W_gate · x before its activation; `pre` and `post` as in FeedForward.
    Both projections are one matrix, gate first: one larger product is faster than two.
    """

    def __init__(self, d_model: int, d_ff: int, activation: str, *, bias: bool, address: str) -> None:
        super().__init__()
        self.activation, self.address = GATES[activation], address
        self.gate_up = nn.Linear(d_model, 2 * d_ff, bias=bias)
        self.down = nn.Linear(d_ff, d_model, bias=bias)

    def forward(self, x: Tensor, trace: Trace | None = None) -> Tensor:
        gate, pre = self.gate_up(x).chunk(2, dim=-1)
        if trace is not None:
            gate = trace.at(f"{self.address}.gate", gate)
            pre = trace.at(f"{self.address}.pre", pre)
        post = self.activation(gate) * pre
        if trace is not None:
            post = trace.at(f"{self.address}.post", post)
        out: Tensor = self.down(post)
        return out


def make_feed_forward(
    d_model: int, d_ff: int, activation: str, *, bias: bool, address: str
) -> FeedForward | GatedFeedForward:
    """The feed-forward that a config names."""
    if activation in GATES:
        return GatedFeedForward(d_model, d_ff, activation, bias=bias, address=address)
    return FeedForward(d_model, d_ff, activation, bias=bias, address=address)
