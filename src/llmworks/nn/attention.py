"""Attention: each position reads from those before it, as much from each as its query likes their keys.

    z = softmax(Q Kᵀ / √E) V                                            Vaswani et al. 2017, eq. 1

H query heads share K key/value heads: K = H is multi-head, K = 1 multi-query (Shazeer 2019), and between them
grouped-query attention (Ainslie et al. 2023), whose cache is H/K times smaller. Where nobody looks at the
scores PyTorch's fused kernel computes the same without ever holding them (FlashAttention, Dao et al. 2022).

A sink is a score a head that is learned and takes no value, so that a head may read almost nothing
(GPT-OSS):    pattern = exp(scores) / (exp(sink) + Σ exp(scores))
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from llmworks.errors import RequestError
from llmworks.nn.cache import KVCache
from llmworks.nn.positions import Rotation, rotate
from llmworks.nn.qk_norm import QKNorm
from llmworks.nn.trace import Trace


def attention_mask(
    count: int,
    start: int,
    device: torch.device,
    documents: Tensor | None = None,
    *,
    window: int | None = None,
) -> Tensor | None:
    """Which keys each of `count` queries may read, the first of them at position `start`.

    Those up to its own position: all of them, or with `window` the nearest so many, its own among them.
    Returns bool [T, S], or [B, 1, T, S] where `documents` [B, T] numbers the document of each position, or
    None for "plainly causal, or a single query", which the fused kernel knows without a mask.
    """
    end = start + count
    if window is not None and window >= end:
        window = None
    if documents is None and window is None and (start == 0 or count == 1):
        return None
    mask = torch.ones(count, end, dtype=torch.bool, device=device).tril(start)
    if window is not None:
        mask = mask.triu(start + 1 - window)
    if documents is None:
        return mask
    if start:
        raise RequestError("documents go with uncached runs: a cache holds one document's past")
    return mask & (documents[:, None, :, None] == documents[:, None, None, :])


def with_bias(mask: Tensor | None, bias: Tensor) -> Tensor:
    """What is added to the scores: `bias` [H, T, S] where a key may be read, else −∞ (of a batch, if so)."""
    if mask is None:
        mask = torch.ones(bias.shape[-2:], dtype=torch.bool, device=bias.device)
        mask = mask.tril(bias.shape[-1] - bias.shape[-2])
    return bias.masked_fill(~mask, -torch.inf) if mask.dim() == 2 else torch.where(mask, bias, -torch.inf)


class Attention(nn.Module):
    """[B, T, D] → [B, T, D]; one matrix holds the rows of q, then k, then v.

    A mask is bool (which keys may be read) or a float that is added to the scores (ALiBi; −∞: not read); None
    is plainly causal or, of a network that reads both ways (`causal=False`), everything.

    Addresses: `q` [B, H, T, E], `k`, `v` [B, K, T, E] (of the new positions, after QK-norm and rotation),
    `scores` (scaled, after softcap and ALiBi, before the mask) and `pattern` [B, H, T, S], `z` [B, H, T, E].
    """

    def __init__(
        self,
        d_model: int,
        n_heads: int,
        n_kv_heads: int,
        d_head: int,
        *,
        bias: bool = False,
        out_bias: bool | None = None,
        scale: float | None = None,
        softcap: float | None = None,
        dropout: float = 0.0,
        qk_norm: QKNorm | bool = False,
        norm_eps: float = 1e-5,
        norm_affine: bool = True,
        sinks: bool = False,
        causal: bool = True,
        interleaved: bool = False,
        layer: int = 0,
        address: str = "attn",
    ) -> None:
        super().__init__()
        self.n_heads, self.n_kv_heads, self.d_head = n_heads, n_kv_heads, d_head
        self.scale, self.softcap, self.dropout = scale, softcap, dropout
        self.causal, self.interleaved = causal, interleaved
        self.layer, self.address = layer, address
        self.qkv = nn.Linear(d_model, (n_heads + 2 * n_kv_heads) * d_head, bias=bias)
        self.out = nn.Linear(n_heads * d_head, d_model, bias=bias if out_bias is None else out_bias)
        if qk_norm is True:
            qk_norm = QKNorm(n_heads, n_kv_heads, d_head, norm_eps, norm_affine)
        self.qk_norm = qk_norm or None
        self.sinks = nn.Parameter(torch.zeros(n_heads)) if sinks else None

    def forward(
        self,
        x: Tensor,
        rotation: Rotation | None = None,
        mask: Tensor | None = None,
        cache: KVCache | None = None,
        trace: Trace | None = None,
    ) -> Tensor:
        q, k, v = self.project(x, rotation)
        if trace is not None:
            q, k, v = (trace.at(f"{self.address}.{n}", t) for n, t in (("q", q), ("k", k), ("v", v)))
        if cache is not None:
            k, v = cache.update(self.layer, k, v)
        if self.softcap is None and self.sinks is None and (trace is None or not self.looked_at(trace)):
            z = self.fused(q, k, v, mask)
        else:
            z = self.explicit(q, k, v, mask, trace)
        if trace is not None:
            z = trace.at(f"{self.address}.z", z)
        out: Tensor = self.out(z.transpose(1, 2).flatten(2))
        return out

    def addresses(self) -> list[str]:
        """In the order in which they arise."""
        return [f"{self.address}.{name}" for name in ("q", "k", "v", "scores", "pattern", "z")]

    def project(self, x: Tensor, rotation: Rotation | None) -> tuple[Tensor, Tensor, Tensor]:
        """q [B, H, T, E] and k, v [B, K, T, E] of the new positions, normed and turned; views if possible.

        Queries and keys stay together as long as the same is done to both.
        """
        heads, groups = self.n_heads, self.n_kv_heads
        qkv = self.qkv(x).unflatten(-1, (heads + 2 * groups, self.d_head)).transpose(1, 2)
        if rotation is None and self.qk_norm is None:
            q, k, v = qkv.split((heads, groups, groups), dim=1)
            return q, k, v
        qk, v = qkv.split((heads + groups, groups), dim=1)
        if self.qk_norm is not None:
            qk = self.qk_norm(qk)
        if rotation is not None:
            qk = rotate(qk, rotation, self.interleaved)
        q, k = qk.split((heads, groups), dim=1)
        return q, k, v

    def looked_at(self, trace: Trace) -> bool:
        """Whether the scores or the pattern must exist."""
        return trace.wants(f"{self.address}.scores") or trace.wants(f"{self.address}.pattern")

    def fused(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
        """The formula in one kernel, without the scores in memory."""
        causal = False
        if mask is not None:
            if mask.dtype != torch.bool:
                mask = mask.to(q.dtype)
        elif self.causal and q.shape[2] > 1:  # a branch: a compiler may hold a symbol for the length
            causal = True
        return F.scaled_dot_product_attention(
            q,
            k,
            v,
            attn_mask=mask,
            dropout_p=self.dropout if self.training else 0.0,
            is_causal=causal,
            scale=self.scale,
            enable_gqa=self.n_kv_heads != self.n_heads,
        )

    def explicit(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, trace: Trace | None) -> Tensor:
        """The formula as it is written, step by step."""
        if self.n_kv_heads != self.n_heads:
            group = self.n_heads // self.n_kv_heads
            k, v = k.repeat_interleave(group, dim=1), v.repeat_interleave(group, dim=1)
        scores = q @ k.transpose(-1, -2) * (1 / math.sqrt(self.d_head) if self.scale is None else self.scale)
        if self.softcap is not None:
            scores = self.softcap * torch.tanh(scores / self.softcap)
        if mask is None and self.causal and q.shape[2] > 1:
            mask = torch.ones(scores.shape[-2:], dtype=torch.bool, device=q.device).tril()
        if mask is not None and mask.dtype != torch.bool:
            hidden = mask == -torch.inf
            scores = scores + mask.masked_fill(hidden, 0).to(scores.dtype)
            mask = ~hidden
        if trace is not None:
            scores = trace.at(f"{self.address}.scores", scores)
        if mask is not None:
            scores = scores.masked_fill(~mask, -torch.inf)
        pattern = self.normalise(scores).to(v.dtype)
        if trace is not None:
            pattern = trace.at(f"{self.address}.pattern", pattern)
        return F.dropout(pattern, self.dropout, self.training) @ v

    def normalise(self, scores: Tensor) -> Tensor:
        """The softmax [B, H, T, S] in float32; with sinks a row adds up to less than 1."""
        if self.sinks is None:
            return scores.softmax(dim=-1, dtype=torch.float32)
        sinks = self.sinks.float()[:, None, None].expand(*scores.shape[:-1], 1)
        return torch.cat((scores.float(), sinks), dim=-1).softmax(dim=-1)[..., :-1]
