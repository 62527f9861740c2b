"""What llama.cpp's files do to a tensor on its way from a Hugging Face folder, and back.

    rotary rows    half-split (NeoX) → interleaved:  [H, 2, E/2, D] → [H, E/2, 2, D]     "llama" files
    norms          w → 1 + w                                                            Gemma
    fused q, k, v  by head [H, 3, E, D] → by kind [3, H, E, D]                          GPT-NeoX, BLOOM
    Conv1D         [in, out] → [out, in]                                                GPT-2

A change is a pair of functions of (tensor, the Hugging Face config). Shapes are found by running it on
tensors without memory. Source: llama.cpp's converter (conversion/*.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch
from torch import Tensor

HF: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """`write`: theirs (Hugging Face) to GGUF's; `read`: back."""

    write: Callable[[Tensor, HF], Tensor]
    read: Callable[[Tensor, HF], Tensor]


SAME = Change(lambda tensor, hf: tensor, lambda tensor, hf: tensor)
TRANSPOSED = Change(lambda tensor, hf: tensor.t(), lambda tensor, hf: tensor.t())
TRANSPOSED_MATRIX = Change(
    lambda tensor, hf: tensor.t() if tensor.dim() == 2 else tensor,
    lambda tensor, hf: tensor.t() if tensor.dim() == 2 else tensor,
)
PLUS_ONE = Change(lambda tensor, hf: tensor.float() + 1, lambda tensor, hf: tensor.float() - 1)


def _interleave(heads: int, tensor: Tensor) -> Tensor:
    return tensor.reshape(heads, 2, -1, *tensor.shape[1:]).transpose(1, 2).flatten(0, 2)


def _halve(heads: int, tensor: Tensor) -> Tensor:
    return tensor.reshape(heads, -1, 2, *tensor.shape[1:]).transpose(1, 2).flatten(0, 2)


def kv_heads(hf: HF) -> int:
    found = hf.get("num_key_value_heads")
    return int(found if found is not None else hf["num_attention_heads"])


INTERLEAVED_Q = Change(
    lambda tensor, hf: _interleave(hf["num_attention_heads"], tensor),
    lambda tensor, hf: _halve(hf["num_attention_heads"], tensor),
)
INTERLEAVED_K = Change(
    lambda tensor, hf: _interleave(kv_heads(hf), tensor), lambda tensor, hf: _halve(kv_heads(hf), tensor)
)


def _n_heads(hf: HF) -> int:
    return int(hf.get("num_attention_heads") or hf["n_head"])


def _swap(first: int, second: int, tensor: Tensor) -> Tensor:
    return tensor.reshape(first, second, -1, *tensor.shape[1:]).transpose(0, 1).flatten(0, 2)


BY_KIND = Change(
    lambda tensor, hf: _swap(_n_heads(hf), 3, tensor), lambda tensor, hf: _swap(3, _n_heads(hf), tensor)
)

# One row as a matrix there, a vector here.
ROW = Change(lambda tensor, hf: tensor.reshape(-1), lambda tensor, hf: tensor.reshape(1, -1))

# Mamba: A = -exp(A_log); the convolution's middle dimension is one.
NEGATIVE_EXP = Change(
    lambda tensor, hf: -torch.exp(tensor.float()), lambda tensor, hf: torch.log(-tensor.float())
)
SQUEEZED = Change(lambda tensor, hf: tensor.squeeze(1), lambda tensor, hf: tensor.unsqueeze(1))
