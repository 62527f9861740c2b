"""Multi-head latent attention (MLA): one small vector a token unfolds to the keys and values of all heads.

    c = norm(W_down x)  [R]        k_h = (W_uk,h c, rotated key)        v_h = W_uv,h c
    cached: c and the one rotated key, R + P numbers a token; GQA with K groups caches 2·K·E

DeepSeek-V2 (2024, §2.1). The rotated part stands beside the rest since W_uk cannot be moved across a
rotation; without one it can, and in decoding W_uk goes to the query and W_uv to what was read (absorbed):

    score = q_nopeᵀ W_uk c = (W_ukᵀ q_nope)ᵀ c                z = W_uv (Σ pattern · c)

so that a step reads the compressed cache as it lies, instead of unfolding all the past.
"""

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn
from torch.nn import functional as F

from llmworks.nn.cache import KVCache
from llmworks.nn.norms import RMSNorm
from llmworks.nn.positions import Rotation, rotate
from llmworks.nn.trace import Trace

MOST_WIDTH = 2**31 - 1

LATENT_EPS = 1e-6
"""Of the norms of both latents: DeepSeek's own constant, whatever the config says of the others."""


class LatentAttention(BaseModel):
    """The sizes of multi-head latent attention."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    q_rank: int | None = Field(default=None, gt=0, le=MOST_WIDTH, description="None: queries come straight")
    kv_rank: int = Field(gt=0, le=MOST_WIDTH, description="width of what is cached, and …")
    d_rope: int = Field(gt=0, le=MOST_WIDTH, description="… of the one rotated key beside it")
    d_nope: int = Field(gt=0, le=MOST_WIDTH, description="width of a head's query and key without rotation")
    d_value: int = Field(gt=0, le=MOST_WIDTH, description="width of a head's value")

    @property
    def d_query(self) -> int:
        """Width of a head's whole query and key."""
        return self.d_nope + self.d_rope

    @property
    def d_cached(self) -> int:
        """Numbers that a token leaves in a layer's cache."""
        return self.kv_rank + self.d_rope


class MultiHeadLatentAttention(nn.Module):
    """[B, T, D] → [B, T, D], with N + P wide queries and keys (unrotated part first) and V wide values.

    Addresses: `latent` [B, T, R] (what is cached), `q` [B, H, T, N+P]; unfolded, of the new positions,
    `k` [B, H, T, N+P] and `v` [B, H, T, V]; `scores` and `pattern` [B, H, T, S], `z` [B, H, T, V].
    A changed latent goes into the cache; a changed key or value does not, since it has no place there.
    """

    def __init__(
        self,
        d_model: int,
        n_heads: int,
        shape: LatentAttention,
        *,
        bias: bool = False,
        scale: float | None = None,
        interleaved: bool = True,
        dropout: float = 0.0,
        layer: int = 0,
        address: str = "attn",
    ) -> None:
        super().__init__()
        self.n_heads, self.shape = n_heads, shape
        self.scale = shape.d_query**-0.5 if scale is None else scale
        self.interleaved, self.dropout = interleaved, dropout
        self.layer, self.address = layer, address
        rows = n_heads * shape.d_query
        if shape.q_rank is None:
            self.q = nn.Linear(d_model, rows, bias=False)
        else:
            self.q_down = nn.Linear(d_model, shape.q_rank, bias=bias)
            self.q_norm = RMSNorm(shape.q_rank, LATENT_EPS)
            self.q_up = nn.Linear(shape.q_rank, rows, bias=False)
        self.kv_down = nn.Linear(d_model, shape.d_cached, bias=bias)
        self.kv_norm = RMSNorm(shape.kv_rank, LATENT_EPS)
        self.kv_up = nn.Linear(shape.kv_rank, n_heads * (shape.d_nope + shape.d_value), bias=False)
        self.out = nn.Linear(n_heads * shape.d_value, d_model, bias=bias)

    def forward(
        self,
        x: Tensor,
        rotation: Rotation | None = None,
        mask: Tensor | None = None,
        cache: KVCache | None = None,
        trace: Trace | None = None,
    ) -> Tensor:
        latent, key = self.compress(x, rotation, trace)
        if cache is not None:
            # A head of its own for each: the latent in the place of keys, the rotated key in that of values.
            latent, key = (
                past.squeeze(1) for past in cache.update(self.layer, latent.unsqueeze(1), key.unsqueeze(1))
            )
        q = self.queries(x, rotation)
        if trace is not None:
            q = trace.at(f"{self.address}.q", q)
        if cache is not None and self.absorbing_pays(x.shape[1], latent.shape[1]) and not self.unfolds(trace):
            z = self.absorbed(q, latent, key, mask, trace)
        else:
            z = self.unfolded(q, latent, key, mask, trace)
        if trace is not None:
            z = trace.at(f"{self.address}.z", z)
        out: Tensor = self.out(z.transpose(1, 2).flatten(2))
        return out

    def compress(self, x: Tensor, rotation: Rotation | None, trace: Trace | None) -> tuple[Tensor, Tensor]:
        """What a token leaves behind: its latent, normed, [B, T, R], and its one rotated key [B, T, P]."""
        latent, key = torch.split(self.kv_down(x), [self.shape.kv_rank, self.shape.d_rope], dim=-1)
        latent = self.kv_norm(latent)
        if trace is not None:
            latent = trace.at(f"{self.address}.latent", latent)
        if rotation is not None:
            key = rotate(key, rotation, self.interleaved)
        return latent, key

    def queries(self, x: Tensor, rotation: Rotation | None) -> Tensor:
        """[B, H, T, N+P], the last P values turned."""
        flat = self.q(x) if self.shape.q_rank is None else self.q_up(self.q_norm(self.q_down(x)))
        q: Tensor = flat.view(*x.shape[:2], self.n_heads, self.shape.d_query).transpose(1, 2)
        if rotation is None:
            return q
        nope, rope = torch.split(q, [self.shape.d_nope, self.shape.d_rope], dim=-1)
        return torch.cat((nope, rotate(rope, rotation, self.interleaved)), dim=-1)

    def absorbing_pays(self, count: int, seen: int) -> bool:
        """Whether the absorbed form multiplies less: for few new tokens after a long past."""
        shape = self.shape
        up = shape.kv_rank * (shape.d_nope + shape.d_value)
        absorbed = count * up + count * seen * (shape.d_cached + shape.kv_rank)
        return absorbed < seen * up + count * seen * (shape.d_query + shape.d_value)

    def unfolds(self, trace: Trace | None) -> bool:
        """Whether somebody looks at keys or values, which the absorbed form has not."""
        return trace is not None and any(trace.wants(f"{self.address}.{name}") for name in "kv")

    def absorbed(
        self, q: Tensor, latent: Tensor, key: Tensor, mask: Tensor | None, trace: Trace | None
    ) -> Tensor:
        """z [B, H, T, V] from the compressed past, which all heads share: their queries are rows of one."""
        shape = self.shape
        up = self.kv_up.weight.view(self.n_heads, -1, shape.kv_rank)
        up_key, up_value = torch.split(up, [shape.d_nope, shape.d_value], dim=1)
        nope, rope = torch.split(q, [shape.d_nope, shape.d_rope], dim=-1)
        scores = (nope @ up_key).flatten(1, 2) @ latent.mT + rope.flatten(1, 2) @ key.mT
        pattern = self.pattern(scores.view(*q.shape[:3], -1) * self.scale, mask, trace).to(latent.dtype)
        read = (pattern.flatten(1, 2) @ latent).view(*q.shape[:3], -1)
        return read @ up_value.mT

    def unfolded(
        self, q: Tensor, latent: Tensor, key: Tensor, mask: Tensor | None, trace: Trace | None
    ) -> Tensor:
        """z [B, H, T, V] by ordinary attention over the unfolded keys and values."""
        k, v = self.unfold(latent, key)
        if trace is not None and self.unfolds(trace):
            start = k.shape[2] - q.shape[2]
            k = torch.cat((k[:, :, :start], trace.at(f"{self.address}.k", k[:, :, start:])), dim=2)
            v = torch.cat((v[:, :, :start], trace.at(f"{self.address}.v", v[:, :, start:])), dim=2)
        if trace is not None and any(trace.wants(f"{self.address}.{n}") for n in ("scores", "pattern")):
            return self.pattern(q @ k.mT * self.scale, mask, trace).to(v.dtype) @ v
        # PyTorch's fused kernels want one width for all three: values are as wide as keys, or filled up.
        missing = max(0, self.shape.d_query - self.shape.d_value)
        z = F.scaled_dot_product_attention(
            q,
            k,
            F.pad(v, (0, missing)) if missing else v,
            attn_mask=mask,
            dropout_p=self.dropout if self.training else 0.0,
            is_causal=mask is None and q.shape[2] > 1,
            scale=self.scale,
        )
        return z[..., : self.shape.d_value]

    def unfold(self, latent: Tensor, key: Tensor) -> tuple[Tensor, Tensor]:
        """Keys [B, H, S, N+P] and values [B, H, S, V] of what is cached."""
        heads = self.kv_up(latent).view(*latent.shape[:2], self.n_heads, -1).transpose(1, 2)
        nope, v = torch.split(heads, [self.shape.d_nope, self.shape.d_value], dim=-1)
        return torch.cat((nope, key.unsqueeze(1).expand(-1, self.n_heads, -1, -1)), dim=-1), v

    def pattern(self, scores: Tensor, mask: Tensor | None, trace: Trace | None) -> Tensor:
        """Shares [B, H, T, S] from the scores, both shown."""
        if trace is not None:
            scores = trace.at(f"{self.address}.scores", scores)
        if mask is None and scores.shape[2] > 1:
            mask = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()
        if mask is not None:
            scores = scores.masked_fill(~mask, -torch.inf)
        pattern = scores.softmax(dim=-1, dtype=torch.float32)
        if trace is not None:
            pattern = trace.at(f"{self.address}.pattern", pattern)
        return F.dropout(pattern, self.dropout, self.training)

    def addresses(self) -> list[str]:
        """In the order in which they arise."""
        names = ("latent", "q", "k", "v", "scores", "pattern", "z")
        return [f"{self.address}.{name}" for name in names]
