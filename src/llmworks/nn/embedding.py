"""The embedding: row `id` of a table, which is the one-hot vector of the id times the matrix.

The same matrix, transposed, may serve as the head that scores every token (Press & Wolf 2017).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Embedding(nn.Module):
    """ids [B, T] → vectors [B, T, D]; `weight` is [V, D]."""

    def __init__(self, vocab_size: int, d_model: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(vocab_size, d_model))

    def forward(self, ids: Tensor) -> Tensor:
        return F.embedding(ids, self.weight)
