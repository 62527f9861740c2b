"""Relative position bias: a learned score for each head and each distance, added before the softmax.

    score_ts += b_h[bucket(s − t)]            Raffel et al. 2020 (T5), §2.1; Song et al. 2020 (MPNet)

Distances share buckets the more the longer they are: one for each up to a quarter of the buckets, then
logarithmic up to `FAR`, beyond which all are one. Half of the buckets look back, half ahead.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

FAR = 128


class RelativeBias(nn.Module):
    """`weight` is [buckets, H]; gives [1, H, T, T]."""

    def __init__(self, buckets: int, n_heads: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(buckets, n_heads))

    def forward(self, count: int) -> Tensor:
        places = torch.arange(count, device=self.weight.device)
        chosen = buckets_of(places - places[:, None], self.weight.shape[0])
        return F.embedding(chosen, self.weight).permute(2, 0, 1)[None]


def buckets_of(ahead: Tensor, buckets: int) -> Tensor:
    """The bucket of each distance: key's position less the query's."""
    half = buckets // 2
    exact = half // 2
    far = ahead.abs()
    grown = torch.log(far.float().clamp_min(1) / exact) / math.log(FAR / exact) * (half - exact)
    near = torch.where(far < exact, far, (exact + grown.long()).clamp_max(half - 1))
    return near + half * (ahead > 0)
