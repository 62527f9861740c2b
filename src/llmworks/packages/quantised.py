"""Checkpoints in 4 and 8 bits, read as the bfloat16 tensors that they stand for.

    mxfp4   X_blocks [N, R, C/32, 16] u8, X_scales [N, R, C/32] u8  →  X [N, C, R]        GPT-OSS
            value = fp4(nibble) · 2^(scale − 127), low nibble first             OCP microscaling 1.0, 2023
    fp8     X.weight [R, C] e4m3, X.weight_scale_inv [R/b, C/b]     →  X.weight [R, C]     DeepSeek-V3
            value = e4m3 · the scale of its tile of b × b, b = 128              DeepSeek-V3 2024, §3.3

All else in a package sees ordinary names, shapes and types. Other methods (GPTQ, AWQ, bitsandbytes, …) are
refused by name where the config is read.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor

from llmworks.errors import PackageError
from llmworks.packages.safetensors_file import TensorEntry, Weights

FP4 = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
PACKED_IN_BLOCK, BLOCK = 16, 32
EXPONENT_BIAS = 127
TILE = 128
CHUNK = 1 << 24
"""Bytes of packed numbers that are worked on at once: the way from there to bfloat16 is 12 times as wide."""

Config = Mapping[str, Any]


def unpacked(hf_config: Config, weights: Weights) -> tuple[Config, Weights]:
    """The config without its `quantization_config` and the weights as numbers, where the method is one of the
    two; else both as they are."""
    said = hf_config.get("quantization_config")
    method = said.get("quant_method") if isinstance(said, Mapping) else None
    if method not in ("mxfp4", "fp8"):
        return hf_config, weights
    plain = {name: value for name, value in hf_config.items() if name != "quantization_config"}
    tile = said.get("weight_block_size") if isinstance(said, Mapping) else None
    return plain, UnpackedWeights(weights, method, square(tile) if method == "fp8" else TILE)


def square(tile: Any) -> int:
    """The side of the tiles that share a scale."""
    if tile is None:
        return TILE
    if not isinstance(tile, list) or len(tile) != 2 or tile[0] != tile[1] or not isinstance(tile[0], int):
        raise PackageError(
            f"quantization_config: weight_block_size {tile!r:.40} is not a square of two numbers"
        )
    if not 0 < tile[0] <= 4096:
        raise PackageError(f"quantization_config: weight_block_size {tile!r:.40} is not sensible")
    return int(tile[0])


class UnpackedWeights(Weights):
    """The tensors that packed ones stand for, under the names that they would have unpacked."""

    def __init__(self, packed: Weights, method: str, tile: int = TILE) -> None:
        super().__init__(packed.files)
        self.tile = tile
        self._entries: dict[str, TensorEntry] = {}
        self._pairs: dict[str, tuple[str, str]] = {}
        for name in packed:
            if method == "mxfp4" and name.endswith("_blocks"):
                self._add(name.removesuffix("_blocks"), name, f"{name.removesuffix('_blocks')}_scales")
            elif method == "fp8" and f"{name}_scale_inv" in packed:
                self._add(name, name, f"{name}_scale_inv")
        parts = {part for pair in self._pairs.values() for part in pair}
        for name in packed:
            if name not in parts:
                self._entries[name] = packed.entry(name)

    def _add(self, name: str, numbers: str, scales: str) -> None:
        """One tensor of two, whose shapes are checked against each other."""
        if scales not in self._home:
            raise PackageError(f"the packed tensor {numbers!r} has no scales {scales!r}")
        one, other = super().entry(numbers), super().entry(scales)
        shape = four_bit_shape(one, other) if numbers != name else eight_bit_shape(one, other, self.tile)
        if shape is None:
            raise PackageError(
                f"{numbers!r} ({one.dtype} {list(one.shape)}) and {scales!r} ({other.dtype} "
                f"{list(other.shape)}) do not go together"
            )
        self._entries[name] = TensorEntry(name, "BF16", shape, one.start, one.nbytes)
        self._pairs[name] = numbers, scales

    def entry(self, name: str) -> TensorEntry:
        return self._entries[name]

    def __getitem__(self, name: str) -> Tensor:
        if name not in self._pairs:
            return super().__getitem__(name)
        numbers, scales = (super(UnpackedWeights, self).__getitem__(part) for part in self._pairs[name])
        return (
            from_four_bits(numbers, scales)
            if self._pairs[name][0] != name
            else from_eight_bits(numbers, scales, self.tile)
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def four_bit_shape(blocks: TensorEntry, scales: TensorEntry) -> tuple[int, ...] | None:
    """[N, C, R], or None where the two do not fit."""
    packed = blocks.dtype == "U8" and len(blocks.shape) == 4 and blocks.shape[-1] == PACKED_IN_BLOCK
    if not packed or scales.dtype != "U8" or scales.shape != blocks.shape[:-1]:
        return None
    return blocks.shape[0], blocks.shape[2] * BLOCK, blocks.shape[1]


def eight_bit_shape(numbers: TensorEntry, scales: TensorEntry, tile: int) -> tuple[int, ...] | None:
    """[R, C], or None where the two do not fit."""
    if numbers.dtype != "F8_E4M3" or scales.dtype not in ("F32", "BF16", "F16") or len(numbers.shape) != 2:
        return None
    tiles = tuple(-(-size // tile) for size in numbers.shape)
    return numbers.shape if scales.shape == tiles else None


def from_four_bits(blocks: Tensor, scales: Tensor) -> Tensor:
    """[N, R, G, 16] and [N, R, G] → bfloat16 [N, 32·G, R]: a view whose last two dimensions are swapped."""
    values = torch.tensor((*FP4, *(-value for value in FP4)), dtype=torch.bfloat16)
    out = torch.empty(*blocks.shape[:-1], PACKED_IN_BLOCK, 2, dtype=torch.bfloat16)
    flat_blocks, flat_scales, flat_out = blocks.flatten(0, 2), scales.flatten(), out.flatten(0, 2)
    for start in range(0, len(flat_blocks), CHUNK // PACKED_IN_BLOCK):
        part = slice(start, start + CHUNK // PACKED_IN_BLOCK)
        exponents = flat_scales[part].int() - EXPONENT_BIAS
        power = torch.ldexp(torch.ones(len(exponents)), exponents)[:, None]
        packed = flat_blocks[part]
        for place, nibble in enumerate((packed & 15, packed >> 4)):
            flat_out[part, :, place] = values[nibble.int()] * power.bfloat16()
    return out.flatten(2).transpose(1, 2)


def from_eight_bits(numbers: Tensor, scales: Tensor, tile: int) -> Tensor:
    """[R, C] and one scale a tile → bfloat16 [R, C]."""
    out = torch.empty(numbers.shape, dtype=torch.bfloat16)
    wide = scales.float().repeat_interleave(tile, dim=1)[:, : numbers.shape[1]]
    for row, start in enumerate(range(0, numbers.shape[0], tile)):
        out[start : start + tile] = numbers[start : start + tile].float() * wide[row]
    return out
