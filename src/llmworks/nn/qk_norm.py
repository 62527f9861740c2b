"""QK-norm: queries and keys of a standard size, which bounds the scores (Henry et al. 2020).

over "head"   each head's query and key by itself, one scale [E] for all heads           Qwen 3, Gemma 3
over "all"    all heads of a position as one vector, a scale for each value [H·E]         OLMo 2
"""

import torch
from torch import Tensor, nn

from llmworks.nn.norms import offset_rms_norm, rms_norm


class QKNorm(nn.Module):
    """RMSNorm of queries and keys before rotation: [B, H + K, T, E] → the same shape."""

    def __init__(
        self,
        n_heads: int,
        n_kv_heads: int,
        d_head: int,
        eps: float,
        affine: bool,
        *,
        over: str = "head",
        offset: bool = False,
    ) -> None:
        super().__init__()
        self.n_heads, self.n_kv_heads, self.eps = n_heads, n_kv_heads, eps
        self.over_all, self.offset = over == "all", offset
        widths = (n_heads * d_head, n_kv_heads * d_head) if self.over_all else (d_head, d_head)
        self.q_weight = nn.Parameter(torch.ones(widths[0])) if affine else None
        self.k_weight = nn.Parameter(torch.ones(widths[1])) if affine else None

    def forward(self, qk: Tensor) -> Tensor:
        """The query heads, then the key heads."""
        if self.over_all:
            q, k = qk[:, : self.n_heads], qk[:, self.n_heads :]
            return torch.cat((self.as_one(q, self.q_weight), self.as_one(k, self.k_weight)), dim=1)
        qk = rms_norm(qk, None, self.eps)
        if self.q_weight is None or self.k_weight is None:
            return qk
        scales = (self.q_weight.expand(self.n_heads, 1, -1), self.k_weight.expand(self.n_kv_heads, 1, -1))
        scale = torch.cat(scales)
        return qk * (scale + 1 if self.offset else scale)

    def as_one(self, heads: Tensor, weight: Tensor | None) -> Tensor:
        """[B, heads, T, E] normed over heads and width together."""
        flat = heads.transpose(1, 2).flatten(2)
        if self.offset and weight is not None:
            flat = offset_rms_norm(flat, weight, self.eps)
        else:
            flat = rms_norm(flat, weight, self.eps)
        return flat.view(*flat.shape[:2], heads.shape[1], heads.shape[3]).transpose(1, 2)
