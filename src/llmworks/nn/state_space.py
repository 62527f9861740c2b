"""The selective state space: a memory of constant size that each token writes to and reads from.

    h_t = exp(Δ_t A) ⊙ h_{t−1} + Δ_t x_t B_t            one state [I, N] for all of the past
    y_t = C_t · h_t + D ⊙ x_t                           Gu & Dao 2023 (Mamba), eq. 2 and alg. 2

Δ, B and C follow from the token itself: it chooses what to keep. Attention's memory grows with the text, this
one does not; what it forgot is gone.

    in ─┬─ x ─ conv ─ silu ─┬─ Δ, B, C ─┐
        │                   └───────── scan ─ y ─⊙─ out
        └─ gate ──────────────────────── silu ───┘
"""

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from llmworks.errors import RequestError
from llmworks.nn.trace import Trace

CHUNK = 256
"""Tokens whose states are in memory at once: [B, CHUNK, I, N] numbers."""


class StateCache:
    """The state of all layers after `length` tokens: its size does not depend on how many there were.

        bytes = layers × batch × inner × ((kernel − 1) × bytes a number  +  state × 4)

    The convolution's last inputs [B, I, kernel − 1], and h [B, I, N] in float32 whatever the model's type: it
    is added to at every token, and 16 bits would lose what is small.
    """

    def __init__(
        self,
        n_layers: int,
        inner: int,
        kernel: int,
        state: int,
        *,
        batch_size: int = 1,
        max_length: int,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> None:
        if max_length < 1 or batch_size < 1:
            raise RequestError(
                f"a state needs at least one sequence and one token; given batch_size {batch_size}, "
                f"max_length {max_length}"
            )
        self.batch_size, self.max_length, self.length = batch_size, max_length, 0
        shape = (n_layers, batch_size, inner)
        self.conv = list(torch.zeros(*shape, kernel - 1, dtype=dtype, device=device))
        self.states = list(torch.zeros(*shape, state, dtype=torch.float32, device=device))

    @property
    def bytes(self) -> int:
        """Bytes held, the same after one token and after a million."""
        return sum(tensor.nbytes for tensor in (*self.conv, *self.states))

    def check_room(self, batch_size: int, tokens: int) -> None:
        """Raises RequestError where `tokens` more positions of `batch_size` sequences do not fit."""
        if batch_size != self.batch_size:
            raise RequestError(f"the state was made for {self.batch_size} sequences; given {batch_size}")
        if self.length + tokens > self.max_length:
            raise RequestError(
                f"the state has read {self.length} of at most {self.max_length} tokens; {tokens} more do not "
                "fit: make it with a larger max_length, or send fewer tokens"
            )

    def advance(self, tokens: int) -> None:
        """All layers have read `tokens` positions."""
        self.length += tokens

    def truncate(self, length: int) -> None:
        """Only to where it stands, or to nothing: what a state has taken in cannot be taken out again."""
        if length == self.length:
            return
        if length != 0:
            raise RequestError(
                f"a state of {self.length} tokens cannot go back to {length}: it holds one summary of them "
                "all. Go back to 0 and read the tokens again."
            )
        self.length = 0
        self.conv = [torch.zeros_like(tensor) for tensor in self.conv]
        self.states = [torch.zeros_like(tensor) for tensor in self.states]


class StateSpace(nn.Module):
    """[B, T, D] → [B, T, D] by way of I inner channels with N states each.

    Addresses: `x` and `gate` [B, T, I] (the two halves of the input), `conv` [B, T, I] (what the scan reads),
    `delta` [B, T, I], `B`, `C` [B, T, N], `state` [B, T, I, N] (h after each token), `y` [B, T, I].
    """

    def __init__(
        self,
        d_model: int,
        inner: int,
        state: int,
        kernel: int,
        rank: int,
        *,
        bias: bool,
        conv_bias: bool,
        layer: int,
        address: str,
    ) -> None:
        super().__init__()
        self.inner, self.state, self.rank, self.kernel = inner, state, rank, kernel
        self.layer, self.address = layer, address
        self.in_proj = nn.Linear(d_model, 2 * inner, bias=bias)
        self.conv = nn.Conv1d(inner, inner, kernel, groups=inner, bias=conv_bias)
        self.x_proj = nn.Linear(inner, rank + 2 * state, bias=False)
        self.dt_proj = nn.Linear(rank, inner)
        self.A_log = nn.Parameter(torch.empty(inner, state))
        self.D = nn.Parameter(torch.empty(inner))
        self.out = nn.Linear(inner, d_model, bias=bias)

    def forward(self, u: Tensor, cache: StateCache | None = None, trace: Trace | None = None) -> Tensor:
        def at(name: str, tensor: Tensor) -> Tensor:
            return tensor if trace is None else trace.at(f"{self.address}.{name}", tensor)

        x, gate = self.in_proj(u).chunk(2, dim=-1)
        x, gate = at("x", x), at("gate", gate)
        x = at("conv", F.silu(self.convolve(x, cache)))
        delta, b, c = self.x_proj(x).split((self.rank, self.state, self.state), dim=-1)
        # Float32 from here on, as the reference: a state sums over the whole text.
        delta = at("delta", F.softplus(self.dt_proj(delta).float()))
        b, c = at("B", b).float(), at("C", c).float()
        a = -self.A_log.float().exp()
        start = None if cache is None else cache.states[self.layer]
        if trace is not None and trace.wants(f"{self.address}.state"):
            y, last = self.shown(x.float(), delta, a, b, c, start, trace)
        else:
            y, last = selective_scan(x.float(), delta, a, b, c, start)
        if cache is not None:
            cache.states[self.layer] = last.detach().clone()
        y = at("y", (y + x.float() * self.D.float()).to(u.dtype))
        out: Tensor = self.out(y * F.silu(gate))
        return out

    def convolve(self, x: Tensor, cache: StateCache | None) -> Tensor:
        """Each channel's weighted sum over its last `kernel` inputs; before the text there are zeros."""
        x = x.transpose(1, 2)
        if cache is None:
            x = F.pad(x, (self.kernel - 1, 0))
        else:
            past = cache.conv[self.layer]
            x = torch.cat((past, x), dim=-1)
            # A copy: a view would keep the whole piece of text alive.
            cache.conv[self.layer] = x[..., x.shape[-1] - past.shape[-1] :].detach().clone()
        out: Tensor = self.conv(x)
        return out.transpose(1, 2)

    def shown(
        self, x: Tensor, delta: Tensor, a: Tensor, b: Tensor, c: Tensor, start: Tensor | None, trace: Trace
    ) -> tuple[Tensor, Tensor]:
        """The scan with every state in memory, to be looked at or changed; a change is read, not kept."""
        states = scan(*decay_and_input(x, delta, a, b), start)
        read = trace.at(f"{self.address}.state", states)
        return torch.einsum("btin,btn->bti", read, c), states[:, -1]

    @torch.no_grad()
    def reset_parameters(self, std: float, out_std: float) -> None:
        """Mamba's beginning: A = −1, −2, … −N, so that states fade at many speeds; Δ from 0.001 to 0.1."""
        for linear in (self.in_proj, self.x_proj):
            nn.init.normal_(linear.weight, std=std)
        nn.init.normal_(self.out.weight, std=out_std)
        nn.init.uniform_(self.dt_proj.weight, -(self.rank**-0.5), self.rank**-0.5)
        low, high = math.log(0.001), math.log(0.1)
        delta = (torch.rand(self.inner, device=self.D.device) * (high - low) + low).exp().clamp_min(1e-4)
        self.dt_proj.bias.copy_(delta + torch.log(-torch.expm1(-delta)))  # the inverse of softplus
        self.A_log.copy_(torch.arange(1, self.state + 1, dtype=torch.float32).log().expand_as(self.A_log))
        self.D.fill_(1.0)
        width = 1 / math.sqrt(self.kernel)
        nn.init.uniform_(self.conv.weight, -width, width)
        for bias in (self.in_proj.bias, self.out.bias, self.conv.bias):
            if bias is not None:
                nn.init.zeros_(bias)


def decay_and_input(x: Tensor, delta: Tensor, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """exp(Δ A) and Δ x B, [B, T, I, N] each, of x, delta [B, T, I], a [I, N], b [B, T, N]."""
    decay = torch.exp(delta[..., None] * a)
    return decay, (delta * x)[..., None] * b[:, :, None, :]


def selective_scan(
    x: Tensor, delta: Tensor, a: Tensor, b: Tensor, c: Tensor, start: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """y [B, T, I] without D's part, and the state [B, I, N] after the last token; `start` is that before.

    In pieces of CHUNK tokens, whose states are not kept for the backward pass but computed again (as the
    paper's own kernel does): they are N times the size of everything else.
    """
    state = x.new_zeros(x.shape[0], *a.shape) if start is None else start
    if x.shape[1] == 1:
        decay, given = decay_and_input(x, delta, a, b)
        state = decay[:, 0] * state + given[:, 0]
        return torch.einsum("bin,bn->bi", state, c[:, 0])[:, None], state
    again = torch.is_grad_enabled() and (x.requires_grad or a.requires_grad)
    pieces = []
    for begin in range(0, x.shape[1], CHUNK):
        part = slice(begin, begin + CHUNK)
        given_to = (x[:, part], delta[:, part], a, b[:, part], c[:, part], state)
        if again:
            y, state = checkpoint(scan_piece, *given_to, use_reentrant=False)
        else:
            y, state = scan_piece(*given_to)
        pieces.append(y)
    return torch.cat(pieces, dim=1), state


def scan_piece(
    x: Tensor, delta: Tensor, a: Tensor, b: Tensor, c: Tensor, start: Tensor
) -> tuple[Tensor, Tensor]:
    """`selective_scan` of one piece."""
    states = scan(*decay_and_input(x, delta, a, b), start)
    return torch.einsum("btin,btn->bti", states, c), states[:, -1]


def scan(decay: Tensor, given: Tensor, start: Tensor | None = None) -> Tensor:
    """h_t = decay_t ⊙ h_{t−1} + given_t for all t: [B, T, …] from [B, T, …] and h_0 [B, …]."""
    if start is not None:
        given = torch.cat((given[:, :1] + decay[:, :1] * start[:, None], given[:, 1:]), dim=1)
    states: Tensor = Scan.apply(decay, given)  # type: ignore[no-untyped-call]
    return states


class Scan(torch.autograd.Function):
    """The recurrence from nothing; its gradient is the same recurrence, run backwards.

    g_t = ∂h_t + decay_{t+1} ⊙ g_{t+1}        ∂given_t = g_t        ∂decay_t = g_t ⊙ h_{t−1}
    """

    @staticmethod
    def forward(ctx: Any, decay: Tensor, given: Tensor) -> Tensor:
        states = blocked_scan(decay, given)
        ctx.save_for_backward(decay, states)
        return states

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor]:
        decay, states = ctx.saved_tensors
        later = torch.cat((decay[:, 1:], torch.zeros_like(decay[:, :1])), dim=1)
        by_given = blocked_scan(later.flip(1), gradient.flip(1)).flip(1)
        by_decay = torch.cat((torch.zeros_like(states[:, :1]), by_given[:, 1:] * states[:, :-1]), dim=1)
        return by_decay, by_given


def blocked_scan(decay: Tensor, given: Tensor) -> Tensor:
    """The recurrence in about 2·√T steps for all blocks side by side, with three times the least work.

    within a block   h'_j = d_j h'_{j−1} + g_j,  p_j = d_j p_{j−1}      all blocks at once
    between blocks   e_k  = h'_last + p_last e_{k−1}
    together         h_j  = h'_j + p_j e_{k−1}                           Blelloch 1990, §1.4
    """
    length = decay.shape[1]
    size = max(1, math.isqrt(length))
    blocks = -(-length // size)
    spare = blocks * size - length
    if spare:  # decay 1 and input 0 leave the state as it is
        decay = torch.cat((decay, decay.new_ones(decay.shape[0], spare, *decay.shape[2:])), dim=1)
        given = torch.cat((given, given.new_zeros(given.shape[0], spare, *given.shape[2:])), dim=1)
    shape = (decay.shape[0], blocks, size, *decay.shape[2:])
    decay, states = decay.reshape(shape), given.reshape(shape).clone()
    kept = decay.clone()
    for j in range(1, size):
        states[:, :, j].addcmul_(decay[:, :, j], states[:, :, j - 1])
        kept[:, :, j].mul_(kept[:, :, j - 1])
    for k in range(1, blocks):
        # The last of a block is whole once the block before it is.
        states[:, k, -1].addcmul_(kept[:, k, -1], states[:, k - 1, -1])
    if blocks > 1 and size > 1:
        states[:, 1:, :-1].addcmul_(kept[:, 1:, :-1], states[:, :-1, -1:])
    return states.flatten(1, 2)[:, :length]
