"""Which tensor gets which type: llama.cpp's mixtures.

    q8_0, q4_0, …  every matrix the same, but the output (or the tied embedding) at least Q6_K
    q4_k_m         Q4_K; attn_v and ffn_down Q6_K in the first and last eighth and every third layer between

What is small or delicate stays in float32: vectors, norms, routers, learned positions, convolutions. A row
that does not divide into blocks falls back to a type of smaller blocks. Source: llama.cpp,
src/llama-quant.cpp (`llama_tensor_get_type_impl`, `tensor_type_fallback`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from llmworks.errors import PackageError
from llmworks.gguf.types import TYPES, TensorType


@dataclass(frozen=True)
class Preset:
    """`base` is the type of a plain matrix; `number` is `general.file_type`."""

    name: str
    base: str
    number: int
    mixed: bool = False


_ROWS = (
    ("f32", "F32", 0), ("f16", "F16", 1), ("bf16", "BF16", 32), ("q8_0", "Q8_0", 7), ("q4_0", "Q4_0", 2),
    ("q4_1", "Q4_1", 3), ("q5_0", "Q5_0", 8), ("q5_1", "Q5_1", 9), ("q6_k", "Q6_K", 18),
    ("q2_k", "Q2_K", 10, True), ("q3_k_s", "Q3_K", 11, True), ("q3_k_m", "Q3_K", 12, True),
    ("q3_k_l", "Q3_K", 13, True), ("q4_k_s", "Q4_K", 14, True), ("q4_k_m", "Q4_K", 15, True),
    ("q5_k_s", "Q5_K", 16, True), ("q5_k_m", "Q5_K", 17, True),
)  # fmt: skip
PRESETS: dict[str, Preset] = {row[0]: Preset(*row) for row in _ROWS}
SHORT = {"q3_k": "q3_k_m", "q4_k": "q4_k_m", "q5_k": "q5_k_m"}
FALLBACK = {"Q2_K": "Q4_0", "Q3_K": "Q4_0", "Q4_K": "Q5_0", "Q5_K": "Q5_1", "Q6_K": "Q8_0"}

DELICATE = re.compile(
    r"_norm\.weight$|ffn_gate_inp|^position_embd|^token_types|ssm_conv1d|^rope_|attn_sinks|ssm_a$|ssm_d$"
)


def preset(name: str) -> Preset:
    """The mixture of that name, in either case."""
    found = PRESETS.get(SHORT.get(name.lower(), name.lower()))
    if found is None:
        raise PackageError(f"{name!r} is no type that can be written. There are: {', '.join(PRESETS)}.")
    return found


@dataclass(frozen=True)
class Traits:
    """What the mixtures ask of a model."""

    n_layers: int
    n_experts: int = 0
    query_group: int = 1  # query heads to a key/value head
    large: bool = False  # 80 layers and eight query heads a key: Llama's 70B


def choose_types(
    shapes: Mapping[str, tuple[int, ...]], wanted: Preset, traits: Traits
) -> dict[str, TensorType]:
    """The type of each tensor (names as in the file)."""
    tied = "output.weight" not in shapes
    values = sorted((name for name in shapes if _is_value(name)), key=_layer)
    rank = {name: place for place, name in enumerate(values)}
    chosen = {}
    for name, shape in shapes.items():
        if len(shape) < 2 or not name.endswith("weight") or DELICATE.search(name):
            chosen[name] = TYPES["F32"]
            continue
        kind = wanted.base
        if TYPES[kind].quantised:
            if name == "output.weight" or (tied and name == "token_embd.weight"):
                fits = shape[-1] % TYPES[kind].block == 0
                kind = "Q8_0" if kind == "Q8_0" or not fits else "Q6_K"
            elif wanted.mixed or traits.n_experts == 8:
                kind = _mixed(name, wanted.name, kind, traits, rank.get(name, 0), len(values))
        chosen[name] = fitting(kind, shape[-1])
    return chosen


def fitting(kind: str, length: int) -> TensorType:
    """The type, or the next one whose blocks divide rows of `length`."""
    for candidate in (kind, FALLBACK.get(kind, kind)):
        if length % TYPES[candidate].block == 0:
            return TYPES[candidate]
    return TYPES["F16"]


def _is_value(name: str) -> bool:
    return any(part in name for part in ("attn_v.weight", "attn_qkv.weight", "attn_kv_b.weight"))


def _layer(name: str) -> int:
    found = re.match(r"blk\.(\d+)\.", name)
    return int(found.group(1)) if found else 0


def _more_bits(layer: int, count: int) -> bool:
    return layer < count // 8 or layer >= 7 * count // 8 or (layer - count // 8) % 3 == 2


def _mixed(name: str, mix: str, kind: str, traits: Traits, rank: int, values: int) -> str:
    if _is_value(name):
        return _of_value(name, mix, kind, traits, rank, values)
    if "attn_k.weight" in name and traits.n_experts == 8:
        return "Q8_0"
    if "ffn_down" in name:
        return _of_down(mix, kind, _layer(name), traits.n_layers)
    if "attn_output.weight" in name:
        if traits.n_experts == 8:
            return "Q5_K" if mix in ("q2_k", "q3_k_s", "q3_k_m", "q4_k_s", "q4_k_m") else kind
        return {"q2_k": "Q3_K", "q3_k_m": "Q4_K", "q3_k_l": "Q5_K"}.get(mix, kind)
    return kind


def _of_value(name: str, mix: str, kind: str, traits: Traits, rank: int, values: int) -> str:
    if mix == "q2_k":
        kind = "Q4_K" if traits.query_group >= 4 else "Q3_K"
    elif mix == "q3_k_m":
        kind = "Q5_K" if rank < 2 else "Q4_K"
    elif mix == "q3_k_l":
        kind = "Q5_K"
    elif mix in ("q4_k_m", "q5_k_m") and _more_bits(rank, values):
        kind = "Q6_K"
    elif mix == "q4_k_s" and rank < 4:
        kind = "Q5_K"
    if traits.large and kind in ("Q3_K", "Q4_K"):
        kind = "Q5_K"
    return "Q8_0" if traits.n_experts == 8 else kind


def _of_down(mix: str, kind: str, layer: int, count: int) -> str:
    if mix == "q2_k":
        return "Q3_K"
    if mix == "q3_k_m":
        return "Q5_K" if layer < count // 16 else "Q4_K"
    if mix == "q3_k_l":
        return "Q5_K"
    if mix in ("q4_k_m", "q5_k_m") and _more_bits(layer, count):
        return "Q6_K"
    if mix == "q4_k_s" and layer < count // 8:
        return "Q5_K"
    return kind
