"""Anatomy: where a model's parameters are, and what a token costs, from its config alone.

    Llama-3-8B   8,030,261,248 = embedding 525 M + 32 × 218,112,000 + norm 4,096 + head 525 M
    GPT-2          124,439,808 (tied head)

The counts are those of the network itself, built without memory, so they cannot drift from it.
"""

from dataclasses import asdict, dataclass
from typing import Any

import torch

from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.nn.cache import cache_bytes_per_token


@dataclass(frozen=True)
class Anatomy:
    """Parameters by part, and the costs that follow.

    `embedding` holds learned positions too; `head` is 0 where it is tied; `attention` and `mlp` are all
    layers' together, with their biases; `norms` are all of them, QK-norms too.
    """

    embedding: int
    attention: int
    mlp: int
    norms: int
    head: int
    per_block: int
    n_layers: int
    flops_per_token: int
    """Of one forward pass, in a context of max_length."""
    kv_bytes_per_token: int
    """At 16 bits a number."""

    @property
    def total(self) -> int:
        """All parameters."""
        return self.embedding + self.attention + self.mlp + self.norms + self.head

    def parts(self) -> dict[str, int]:
        """Part → parameters; they add up to `total`."""
        return {name: getattr(self, name) for name in ("embedding", "attention", "mlp", "norms", "head")}

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self) | {"total": self.total}


def anatomy(config: ModelConfig) -> Anatomy:
    """Counts every parameter of the network that `config` describes."""
    model = Decoder.without_memory(config)
    counts = dict.fromkeys(("embedding", "attention", "mlp", "norms", "head"), 0)
    for name, parameter in model.named_parameters():
        counts[part_of(name)] += parameter.numel()
    return Anatomy(
        **counts,
        per_block=sum(parameter.numel() for parameter in model.blocks[0].parameters()),
        n_layers=config.n_layers,
        flops_per_token=model.flops_per_token(training=False),
        kv_bytes_per_token=cache_bytes_per_token(config, torch.bfloat16),
    )


def part_of(name: str) -> str:
    """The part of the network that a parameter belongs to, by its name in the state dict."""
    if "norm" in name:
        return "norms"
    if ".attn." in name:
        return "attention"
    if ".mlp." in name:
        return "mlp"
    return "head" if name.startswith("unembed") else "embedding"
