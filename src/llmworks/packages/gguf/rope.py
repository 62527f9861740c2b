"""Rotary positions in GGUF metadata: base, width, scaling, and Llama 3's table of divisors.

    rope.freq_base, rope.dimension_count, rope.scaling.{type, factor, original_context_length, …}
    rope_freqs.weight                    [E/2] divisors of the frequencies: llama3 scaling, worked out
    rope_factors_{long,short}.weight     the same for LongRoPE's two ranges

Source: llama.cpp (conversion/base.py, conversion/llama.py, conversion/phi.py; src/llama-model.cpp).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from llmworks.errors import PackageError
from llmworks.nn.rope_scaling import RotaryScaling
from llmworks.packages.gguf.architecture import Facts, shortest

LOW, HIGH = 1.0, 4.0
"""Of all Llama 3 models; the table does not say what it is made from."""


def read_rope(facts: Facts, *, theta: float = 10_000.0) -> dict[str, Any]:
    """`rope_theta` and `rope_scaling` in the words of a Hugging Face config."""
    base = facts.real("rope.freq_base", theta)
    kind = facts.get("rope.scaling.type", "none")
    factor = facts.real("rope.scaling.factor", 1.0)
    original = facts.get("rope.scaling.original_context_length")
    scaling: dict[str, Any] | None = None
    if facts.has("rope_freqs.weight"):
        scaling = _from_table(facts, base)
    elif facts.has("rope_factors_long.weight"):
        scaling = _longrope(facts, original)
    elif kind == "linear" and factor != 1.0:
        scaling = {"rope_type": "linear", "factor": factor}
    elif kind == "yarn":
        scaling = _yarn(facts, factor, original)
    elif kind not in ("none", "linear"):
        raise PackageError(
            f"{facts.where}: rotary scaling {str(kind)[:40]!r} is not known, or its table is not in the file."
        )
    return {"rope_theta": base, "rope_scaling": scaling}


def _yarn(facts: Facts, factor: float, original: Any) -> dict[str, Any]:
    optional = {
        "attention_factor": facts.optional("rope.scaling.yarn_attn_factor"),
        "beta_fast": facts.optional("rope.scaling.yarn_beta_fast"),
        "beta_slow": facts.optional("rope.scaling.yarn_beta_slow"),
    }
    scaling = {"rope_type": "yarn", "factor": factor}
    if original is not None:
        scaling["original_max_position_embeddings"] = original
    return scaling | {name: value for name, value in optional.items() if value is not None}


def _longrope(facts: Facts, original: Any) -> dict[str, Any]:
    scaling: dict[str, Any] = {
        "rope_type": "longrope",
        "long_factor": [shortest(float(x)) for x in facts.numbers("rope_factors_long.weight")],
        "short_factor": [shortest(float(x)) for x in facts.numbers("rope_factors_short.weight")],
    }
    if original is not None:
        scaling["original_max_position_embeddings"] = original
        scaling["factor"] = facts.integer("context_length") / original
    attention = facts.optional("rope.scaling.attn_factor")
    return scaling | ({} if attention is None else {"attention_factor": attention})


def _from_table(facts: Facts, base: float) -> dict[str, Any]:
    """Llama 3's numbers where they give this table; else the table itself, as LongRoPE can say it."""
    table = np.asarray(facts.numbers("rope_freqs.weight"), np.float64)
    factor = shortest(float(table.max()))
    for length in (8192, *(2**power for power in range(4, 21))):
        if np.allclose(llama3_table(base, 2 * len(table), factor, LOW, HIGH, length), table, rtol=1e-4):
            return {
                "rope_type": "llama3", "factor": factor, "low_freq_factor": LOW, "high_freq_factor": HIGH,
                "original_max_position_embeddings": length,
            }  # fmt: skip
    factors = [shortest(float(x)) for x in table]
    return {
        "rope_type": "longrope", "long_factor": factors, "short_factor": factors, "attention_factor": 1.0,
        "factor": 1.0, "original_max_position_embeddings": facts.integer("context_length"),
    }  # fmt: skip


def llama3_table(
    theta: float, width: int, factor: float, low: float, high: float, length: int
) -> npt.NDArray[np.float64]:
    """What each frequency is divided by: 1 for short waves, `factor` for long ones, smoothly between."""
    wave = 2 * math.pi * theta ** (np.arange(0, width, 2) / width)
    smooth = (length / wave - low) / (high - low)
    between = 1 / ((1 - smooth) / factor + smooth)
    return np.where(wave < length / high, 1.0, np.where(wave > length / low, factor, between))


def write_rope(config: Any) -> dict[str, Any]:
    """The `rope.*` keys of our config; tables are `rope_tables`."""
    scaling: RotaryScaling | None = config.rope_scaling
    keys: dict[str, Any] = {
        "rope.dimension_count": round(config.rope_fraction * config.d_head),
        "rope.freq_base": float(config.rope_theta),
    }
    if scaling is None:
        return keys
    if scaling.kind in ("linear", "yarn"):
        keys |= {"rope.scaling.type": scaling.kind, "rope.scaling.factor": float(scaling.factor)}
    if scaling.kind == "yarn":
        optional = {
            "rope.scaling.original_context_length": scaling.original_length,
            "rope.scaling.yarn_attn_factor": scaling.attention_factor,
            "rope.scaling.yarn_beta_fast": float(scaling.beta_fast),
            "rope.scaling.yarn_beta_slow": float(scaling.beta_slow),
        }
        keys |= {name: value for name, value in optional.items() if value is not None}
    if scaling.kind == "longrope":
        keys["rope.scaling.original_context_length"] = scaling.original_length or config.max_length
        ratio = config.max_length / (scaling.original_length or config.max_length)
        usual = 1.0 if ratio <= 1 else math.sqrt(1 + math.log(ratio) / math.log(scaling.original_length or 2))
        keys["rope.scaling.attn_factor"] = float(scaling.attention_factor or usual)
    if scaling.kind in ("ntk", "dynamic"):
        raise PackageError(
            f"GGUF has no word for rotary scaling of kind {scaling.kind!r}; it knows linear, yarn, longrope "
            "and llama3."
        )
    return keys


def rope_tables(config: Any) -> dict[str, npt.NDArray[np.float32]]:
    """The tensors that scaling needs beside the metadata."""
    scaling: RotaryScaling | None = getattr(config, "rope_scaling", None)
    if scaling is None:
        return {}
    if scaling.kind == "llama3":
        width = round(config.rope_fraction * config.d_head)
        low, high = scaling.low_freq_factor, scaling.high_freq_factor
        length = scaling.original_length or config.max_length
        table = llama3_table(config.rope_theta, width, scaling.factor, low, high, length)
        return {"rope_freqs.weight": table.astype(np.float32)}
    if scaling.kind == "longrope":
        return {
            "rope_factors_long.weight": np.array(scaling.long_factor, np.float32),
            "rope_factors_short.weight": np.array(scaling.short_factor, np.float32),
        }
    return {}
