"""How much text a model stands for: its training text beside its weights, and what these can hold of it.

    seen / weights          the "compression" that people quote: terabytes of text, gigabytes of weights
    capacity = c · P bits   what P parameters can hold by heart, c ≈ 3.6 (Morris et al. 2025), against the
                            text's information = text · bits a byte
    two-part code           weights + text coded by them, against the text itself (Rissanen 1978)

The first number is not compression: from the weights alone the text does not come back. The last one is: with
the weights, `llmworks compress` gives every byte back. What is remembered word for word: `memorised.py`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmworks.errors import DataError

BITS_PER_PARAMETER = 3.6
"""Morris et al. 2025, "How much do language models memorize?": GPT-style models on random bits."""


@dataclass(frozen=True, slots=True)
class Account:
    """seen_bytes: of text that training read, repeats included. text_bytes: of different text.

    weight_bytes: as shipped. bits_per_byte: of the text under the model (None: not known). assumed: the bytes
    a token are an assumption of ours, not the source's.
    """

    name: str
    parameters: int
    weight_bytes: int
    seen_bytes: float
    text_bytes: float
    bits_per_byte: float | None = None
    source: str = ""
    assumed: bool = False

    @property
    def ratio(self) -> float:
        """Bytes of text read for each byte of weights."""
        return self.seen_bytes / self.weight_bytes

    @property
    def bits_per_text_byte(self) -> float:
        """Bits of weights for each byte of different text; below the text's bits a byte not all can fit."""
        return 8 * self.weight_bytes / self.text_bytes

    @property
    def capacity_bytes(self) -> float:
        """What the parameters can hold by heart, in bytes of incompressible data."""
        return self.parameters * BITS_PER_PARAMETER / 8

    @property
    def share_held(self) -> float | None:
        """The largest share of the text's information that the weights can hold, at most 1."""
        if self.bits_per_byte is None:
            return None
        return min(1.0, 8 * self.capacity_bytes / (self.text_bytes * self.bits_per_byte))

    @property
    def two_part_bytes(self) -> float | None:
        """Weights and the text coded by them."""
        if self.bits_per_byte is None:
            return None
        return self.weight_bytes + self.text_bytes * self.bits_per_byte / 8

    @property
    def two_part_ratio(self) -> float | None:
        """The text's bytes for each byte of the two-part code: true, lossless compression."""
        return None if self.two_part_bytes is None else self.text_bytes / self.two_part_bytes


def run_account(name: str, runs: Sequence[Path], parameters: int, weight_bytes: int) -> Account:
    """Of a model of ours, from the folders of its training runs, in order (pretraining, then what went on).

    A run's log says how many tokens it read, its shards how many bytes of text they stand for. Sources of
    different weight are read by their weights; the bits a byte are those of the last run's held-out text.
    """
    seen = text = 0.0
    known: set[object] = set()
    bits: float | None = None
    for run in runs:
        folder = run / "run" if (run / "run").is_dir() else run
        tokens, measured = _log(folder)
        bits = measured if measured is not None else bits
        splits = [
            (shard, _train_split(shard)) for shard in sorted((folder / "shards").glob("**/manifest.json"))
        ]
        if not splits:
            raise DataError(f"{folder} has no shards: the bytes of its text are not known")
        weights = _weights(folder, len(splits))
        seen += tokens * sum(
            weight * split["bytes"] / max(split["tokens"], 1)
            for weight, (_, split) in zip(weights, splits, strict=True)
        )
        for _, split in splits:
            if split["sha256"] not in known:
                known.add(split["sha256"])
                text += split["bytes"]
    return Account(name, parameters, weight_bytes, seen, min(seen, text), bits, source="its training run")


def _log(folder: Path) -> tuple[int, float | None]:
    """Tokens read, and the last measured bits a byte."""
    tokens, bits = 0, None
    try:
        with (folder / "metrics.jsonl").open(encoding="utf-8") as lines:
            for event in map(json.loads, lines):
                if event.get("event") == "step":
                    tokens = max(tokens, int(event["tokens"]))
                elif event.get("event") == "evaluation":
                    bits = event.get("bits_per_byte", bits)
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{folder} is no training run that can be read: {error}") from None
    return tokens, bits


def _train_split(manifest: Path) -> dict[str, Any]:
    try:
        split: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))["splits"]["train"]
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{manifest} is damaged: {error}") from None
    return split


def _weights(folder: Path, count: int) -> list[float]:
    """Shares of the sources in what was read; equal to their order in the recipe."""
    try:
        sources = json.loads((folder / "recipe.json").read_text(encoding="utf-8"))["data"]["sources"]
        given = [float(source.get("weight") or 1) for source in sources]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        given = []
    if len(given) != count:
        given = [1.0] * count
    return [weight / sum(given) for weight in given]


def _open(
    name: str, parameters: float, tokens: float, bytes_per_token: float, source: str, assumed: bool = True
) -> Account:
    text = tokens * bytes_per_token
    return Account(name, round(parameters), round(2 * parameters), text, text, None, source, assumed)


# As published up to 2026-11, at 16 bits a weight. Bytes a token: Llama 2 and 3 from "The Llama 3 herd of
# models" (2024), section 3.2 (characters a token on English), Pythia and GPT-2 from the size of their text; 4
# is assumed. Repeats are not known, so that the text counts as read once.
OPEN_MODELS = (
    _open("GPT-2 1.5B", 1.558e9, 40e9 / 4, 4, "Radford et al. 2019: 40 GB of WebText", assumed=False),
    _open(
        "Pythia 12B", 11.85e9, 300e9, 2.95, "Biderman et al. 2023: 300 B tokens of the Pile, 825 GiB", False
    ),
    _open("Llama 2 7B", 6.74e9, 2e12, 3.17, "Touvron et al. 2023: 2.0 T tokens", False),
    _open("Llama 2 70B", 68.98e9, 2e12, 3.17, "Touvron et al. 2023: 2.0 T tokens", False),
    _open("Llama 3 8B", 8.03e9, 15e12, 3.94, "model card, 2024: over 15 T tokens", False),
    _open("Llama 3.1 405B", 405e9, 15.6e12, 3.94, "The Llama 3 herd of models, 2024: 15.6 T tokens", False),
    _open("Qwen2.5 7B", 7.61e9, 18e12, 4, "Qwen2.5 technical report, 2024: 18 T tokens"),
    _open("SmolLM2 135M", 134.5e6, 2e12, 4, "Allal et al. 2025: 2 T tokens"),
    _open("SmolLM2 1.7B", 1.71e9, 11e12, 4, "Allal et al. 2025: 11 T tokens"),
)
