"""The key/value cache: what attention has already computed for the tokens before.

    bytes = 2 (k, v) × layers × batch × kv_heads × max_length × d_head × bytes a number
    bytes = (kv_rank + d_rope) × layers × batch × max_length × bytes a number           (latent attention)

A decoder's keys and values of past tokens never change, so each new token costs one position's work instead
of a whole context's (catalogue row 66). Room for `max_length` positions is taken at once
and written in place.
"""

from typing import Any, Protocol

import torch
from torch import Tensor

from llmworks.errors import RequestError


class CacheShape(Protocol):
    """The sizes of a model that decide its cache; `ModelConfig` has them."""

    @property
    def n_layers(self) -> int: ...
    @property
    def n_kv_heads(self) -> int: ...
    @property
    def d_head(self) -> int: ...
    @property
    def max_length(self) -> int: ...


def cache_bytes_per_token(shape: CacheShape, dtype: torch.dtype = torch.float32) -> int:
    """Bytes that one token of one sequence takes: 128 KiB for Llama-3-8B at 16 bits."""
    heads, key_width, value_width = layer_shape(shape)
    return shape.n_layers * heads * (key_width + value_width) * dtype.itemsize


def layer_shape(shape: CacheShape) -> tuple[int, int, int]:
    """What a layer keeps of a token: heads, and the widths of a head's key and of its value.

    Latent attention keeps one vector that unfolds to all heads' keys and values, in the place of the key,
    and the one rotated key that all heads share, in the place of the value.
    """
    latent: Any = getattr(shape, "latent", None)
    if latent is not None:
        return 1, latent.kv_rank, latent.d_rope
    return shape.n_kv_heads, shape.d_head, shape.d_head


class KVCache:
    """Keys and values of all layers, [layers, B, K, max_length, E] each, filled up to `length`.

    A network makes its own: `model.new_cache(…)`.
    """

    def __init__(
        self,
        config: CacheShape,
        batch_size: int = 1,
        max_length: int | None = None,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> None:
        self.max_length = config.max_length if max_length is None else max_length
        if self.max_length < 1 or batch_size < 1:
            raise RequestError(
                f"a cache needs room for at least one sequence and one token; given batch_size {batch_size}, "
                f"max_length {self.max_length}"
            )
        heads, *widths = layer_shape(config)
        self.batch_size = batch_size
        self.length = 0
        # What rotary scaling by length needs to read its past again (`Decoder.reread`).
        self.ids: Tensor | None = None
        self.regime = 0
        # Lists of tensors, not one: indexing a big tensor by layer costs an operation in every layer.
        self.keys, self.values = (
            [
                torch.zeros(batch_size, heads, self.max_length, width, dtype=dtype, device=device)
                for _ in range(config.n_layers)
            ]
            for width in widths
        )

    @property
    def bytes(self) -> int:
        """Bytes held, used or not."""
        return sum(tensor.nbytes for tensor in (*self.keys, *self.values))

    def check_room(self, batch_size: int, tokens: int) -> None:
        """Raises RequestError where `tokens` more positions of `batch_size` sequences do not fit."""
        if batch_size != self.batch_size:
            raise RequestError(f"the cache was made for {self.batch_size} sequences; given {batch_size}")
        if self.length + tokens > self.max_length:
            raise RequestError(
                f"the cache holds {self.length} of {self.max_length} tokens; {tokens} more do not fit: make "
                f"it with a larger max_length, or send fewer tokens"
            )

    def update(self, layer: int, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Writes k, v [B, K, T, E] after what is there; returns views [B, K, length + T, E] of both.

        `length` stays until `advance`, which the network calls once all layers have written.
        """
        end = self.length + k.shape[2]
        keys, values = self.keys[layer], self.values[layer]
        keys[:, :, self.length : end] = k
        values[:, :, self.length : end] = v
        return keys[:, :, :end], values[:, :, :end]

    def advance(self, tokens: int) -> None:
        """All layers have written `tokens` positions."""
        self.length += tokens

    def truncate(self, length: int) -> None:
        """Forgets the positions from `length` on; they are overwritten by what comes next."""
        if not 0 <= length <= self.length:
            raise RequestError(f"cannot cut a cache of {self.length} tokens to {length}")
        self.length = length
        if self.ids is not None:
            self.ids = self.ids[:, :length]

    def remember(self, ids: Tensor, regime: int) -> None:
        """The ids [B, T] that were read last, and the regime of angles under which all now stands."""
        self.ids = ids if self.ids is None else torch.cat((self.ids, ids), dim=1)
        self.regime = regime
