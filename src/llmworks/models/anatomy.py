"""Anatomy: where a model's parameters are, and what a token costs, from its config alone.

    Llama-3-8B   8,030,261,248 = embedding 525 M + 32 × 218,112,000 + norm 4,096 + head 525 M
    GPT-2          124,439,808 (tied head)
    DeepSeek-V3  671 B, of which a token meets 37.6 B

The counts are those of the network itself, built without memory, so they cannot drift from it. Of a decoder
only one block of each kind is built: 61 blocks of 256 experts answer as fast as two.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from llmworks.models import costs
from llmworks.models.config import ModelConfig
from llmworks.models.costs import LayerCache
from llmworks.models.decoder import Decoder
from llmworks.models.encoder_config import EncoderConfig
from llmworks.models.networks import AnyConfig, network_class
from llmworks.models.parts import make_block
from llmworks.models.recurrent import MambaConfig
from llmworks.models.rnn import RecurrentConfig

PARTS = (
    "embedding",
    "attention",
    "state space",
    "recurrence",
    "mlp",
    "experts",
    "router",
    "norms",
    "head",
    "other",
)


@dataclass(frozen=True)
class TensorGroup:
    """So many tensors of one name and shape, one in each block that has it; `active` of a share of them."""

    name: str
    part: str
    shape: tuple[int, ...]
    copies: int = 1
    active_share: float = 1.0

    @property
    def numel(self) -> int:
        """Numbers in all copies."""
        count = self.copies
        for extent in self.shape:
            count *= extent
        return count


@dataclass(frozen=True)
class Anatomy:
    """Parameters by part, and the costs that follow.

    `embedding` holds learned positions too; `head` is 0 where it is tied; `attention`, `mlp`, … are all
    layers' together, with their biases; `mlp` has the experts that every token visits, `experts` the others;
    `norms` are all of them, QK-norms too. `per_block` is the last block's; blocks may differ.
    """

    groups: tuple[TensorGroup, ...]
    n_layers: int
    per_block: int
    caches: tuple[LayerCache, ...]
    context: int
    flops_per_token: int
    """Of one forward pass, for a token that reads `context` positions."""
    width: int = 0
    """Numbers a token takes at the widest place of a forward pass."""
    unfolded_width: int = 0
    """Numbers that each token of the past takes for the time of a block (latent attention unfolds it)."""
    score_heads: int = 0
    """Heads whose scores are held at once, where no fused kernel can do without them."""
    vocab_size: int = 0

    def parts(self) -> dict[str, int]:
        """Part → parameters, of the parts that there are; they add up to `total`."""
        counted: Counter[str] = Counter()
        for group in self.groups:
            counted[group.part] += group.numel
        common = ("embedding", "attention", "mlp", "norms", "head")
        return {name: counted[name] for name in PARTS if counted[name] or name in common}

    def __getattr__(self, name: str) -> int:
        if name in PARTS:
            return self.parts().get(name, 0)
        raise AttributeError(name)

    @property
    def total(self) -> int:
        """All parameters."""
        return sum(group.numel for group in self.groups)

    @property
    def active(self) -> int:
        """Parameters that one token meets."""
        return sum(round(group.numel * group.active_share) for group in self.groups)

    @property
    def active_without_embedding(self) -> int:
        """The same without the table of which a token reads one row; a tied one is the head as well."""
        tied = not self.parts().get("head")
        return self.active - (0 if tied else self.parts()["embedding"])

    @property
    def kv_bytes_per_token(self) -> int:
        """At 16 bits a number, of a token within every window."""
        return 2 * sum(cache.layers * cache.numbers for cache in self.caches)

    def kv_numbers(self, context: int, *, forget: bool = True) -> int:
        """Numbers that the cache of one text of `context` tokens holds; forget: windows let go."""
        return sum(
            cache.layers * cache.numbers * (cache.tokens(context) if forget else context)
            for cache in self.caches
        )

    @property
    def state_bytes(self) -> int:
        """Bytes of one text's past that do not grow with it."""
        return sum(cache.layers * cache.state_bytes for cache in self.caches)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "total": self.total,
            "active": self.active,
            "active_without_embedding": self.active_without_embedding,
            "parts": self.parts(),
            "per_block": self.per_block,
            "n_layers": self.n_layers,
            "context": self.context,
            "flops_per_token": self.flops_per_token,
            "kv_bytes_per_token": self.kv_bytes_per_token,
            "state_bytes": self.state_bytes,
            "cache": [costs.as_dict(cache) for cache in self.caches],
        }


def anatomy(config: AnyConfig, context: int | None = None) -> Anatomy:
    """Counts every parameter of the network that `config` describes; costs in a context (its longest)."""
    context = config.max_length if context is None else context
    if type(config) is ModelConfig:
        return decoder_anatomy(config, context)
    model = network_class(config).without_memory(config)
    groups = tuple(
        TensorGroup(name, part_of(name), tuple(parameter.shape))
        for name, parameter in model.named_parameters()
    )
    caches: tuple[LayerCache, ...] = ()
    if isinstance(config, MambaConfig):
        caches = (LayerCache("state", config.n_layers, 0, None, config.state_bytes // config.n_layers),)
        width = 3 * config.d_model + 4 * config.d_inner + 2 * config.d_inner * config.d_state
    elif isinstance(config, RecurrentConfig):
        caches = (LayerCache("state", config.n_layers, 0, None, config.state_bytes // config.n_layers),)
        width = 3 * config.d_model + 2 * config.d_inner
    else:
        assert isinstance(config, EncoderConfig)
        width = block_width(config)
    return Anatomy(
        groups=groups,
        n_layers=config.n_layers,
        per_block=sum(parameter.numel() for parameter in model.blocks[-1].parameters()),
        caches=caches,
        context=context,
        flops_per_token=model.flops_per_token(context, training=False),
        width=width,
        vocab_size=config.vocab_size,
    )


def decoder_anatomy(config: ModelConfig, context: int) -> Anatomy:
    """Of a decoder, by one block of each kind."""
    groups = [
        TensorGroup(name, part_of(name), tuple(parameter.shape))
        for name, parameter in ends(config).named_parameters()
        if not name.startswith("blocks.")
    ]
    matrices = 0
    for layer, copies in kinds_of_block(config):
        block = without_memory(config, layer)
        matrices += copies * costs.matrix_weights(config, block)
        groups += block_groups(config, block, copies)
        per_block = sum(parameter.numel() for parameter in block.parameters())
    held = config.attention_softcap is not None or config.attention_sinks
    return Anatomy(
        groups=tuple(groups),
        n_layers=config.n_layers,
        per_block=per_block,
        caches=costs.layer_caches(config),
        context=context,
        flops_per_token=costs.decoder_flops(config, matrices, context),
        width=block_width(config),
        unfolded_width=unfolded_width(config),
        score_heads=config.n_heads if held else 0,
        vocab_size=config.vocab_size,
    )


def ends(config: ModelConfig) -> nn.Module:
    """The network with a single plain block: what stands before and after the blocks."""
    one = {"n_layers": 1, "layer_kinds": None, "unrotated_layers": (), "experts": None}
    return Decoder.without_memory(config.model_copy(update=one))


def kinds_of_block(config: ModelConfig) -> Iterator[tuple[int, int]]:
    """The last block of each kind that differs in its parameters, and how many there are of it."""
    dense = set() if config.experts is None else set(config.experts.dense_layers)
    for kind in (True, False):
        layers = [layer for layer in range(config.n_layers) if (layer in dense) is kind]
        if layers:
            yield layers[-1], len(layers)


def without_memory(config: ModelConfig, layer: int) -> nn.Module:
    """One block on device "meta"."""
    with torch.device("meta"):
        return make_block(config, layer)


def block_groups(config: ModelConfig, block: nn.Module, copies: int) -> Iterator[TensorGroup]:
    """The tensors of so many blocks of one kind."""
    for name, parameter in block.named_parameters():
        share = costs.active_count(config, f".{name}", parameter) / parameter.numel()
        yield TensorGroup(
            f"blocks.{{i}}.{name}", part_of(f"blocks.0.{name}"), tuple(parameter.shape), copies, share
        )


def block_width(config: ModelConfig) -> int:
    """Numbers of one token in flight: the stream and its copies beside attention or feed-forward, of which
    one is at work at a time. Measured, not only reasoned: `tests/models/test_planner.py`."""
    latent = config.latent
    if latent is None:
        attention = (4 * config.n_heads + 4 * config.n_kv_heads) * config.d_head
    else:
        attention = config.n_heads * (3 * latent.d_query + 2 * latent.d_value) + latent.d_cached
    inner = 4 if config.gated else 2  # gate and up, the gate bent, their product
    mlp = inner * config.d_ff
    if config.experts is not None:
        experts = config.experts
        # One expert works at a time; all tokens of a chunk may have chosen it.
        routed = inner * experts.d_expert + 5 * config.d_model
        mlp = max(mlp if experts.dense_layers else 0, routed, inner * experts.shared_width)
    return 6 * config.d_model + max(attention, mlp)


def unfolded_width(config: ModelConfig) -> int:
    """Numbers that a token of the past takes while a block of latent attention reads it in a chunk."""
    latent = config.latent
    if latent is None:
        return 0
    return config.n_heads * (latent.d_nope + latent.d_value + 2 * max(latent.d_query, latent.d_value))


def part_of(name: str) -> str:
    """The part of the network that a parameter belongs to, by its name in the state dict."""
    if "norm" in name:
        return "norms"
    if ".attn." in name:
        return "attention"
    if ".experts." in name:
        return "experts"
    if ".router." in name or ".shared_gate." in name:
        return "router"
    if ".mlp." in name:
        return "mlp"
    if ".ssm." in name:
        return "state space"
    if ".cell." in name:
        return "recurrence"
    if name.startswith(("embed", "pos_embed", "token_type", "type_embed")):
        return "embedding"
    return "other" if name.startswith("blocks.") else "head"  # an encoder's pooler, too
