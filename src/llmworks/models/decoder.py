"""Decoder: the whole network, ids in, a score for every possible next token out.

    ids [B, T] → embed (+ positions) → block × n_layers → final norm → head → logits [B, T, V]

One forward serves training, cached decoding and inspection. Radford et al. 2019 (GPT-2), Touvron et al. 2023.
"""

import math
from collections.abc import Mapping
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from llmworks.errors import ConfigError, RequestError
from llmworks.models.config import ModelConfig
from llmworks.nn.attention import Attention, attention_mask
from llmworks.nn.block import Block
from llmworks.nn.cache import KVCache
from llmworks.nn.embedding import Embedding
from llmworks.nn.feed_forward import make_feed_forward
from llmworks.nn.norms import LayerNorm, RMSNorm, make_norm
from llmworks.nn.positions import LearnedPositions, RotaryPositions, SinusoidalPositions
from llmworks.nn.trace import Trace


class Decoder(nn.Module):
    """A decoder-only transformer built from one config, with fresh weights (`reset_parameters`)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.embed = Embedding(config.vocab_size, config.d_model)
        self.pos_embed: LearnedPositions | SinusoidalPositions | None = None
        self.rotary: RotaryPositions | None = None
        if config.positions == "learned":
            self.pos_embed = LearnedPositions(config.max_length, config.d_model)
        elif config.positions == "sinusoidal":
            self.pos_embed = SinusoidalPositions(config.max_length, config.d_model)
        elif config.positions == "rope":
            self.rotary = RotaryPositions(config.max_length, config.d_head, config.rope_theta)
        self.blocks = nn.ModuleList(make_block(config, layer) for layer in range(config.n_layers))
        # With post-norm the last block already ends in a norm (Vaswani et al. 2017, GPT-1).
        self.final_norm = config_norm(config) if config.norm_position == "pre" else None
        self.unembed = None
        if not config.tie_embeddings:
            self.unembed = nn.Linear(config.d_model, config.vocab_size, bias=False)
        self.reset_parameters()

    def forward(
        self,
        ids: Tensor,
        *,
        cache: KVCache | None = None,
        trace: Trace | None = None,
        documents: Tensor | None = None,
    ) -> Tensor:
        """Logits [B, T, V] of the token after each of ids [B, T].

        With `cache` the ids continue what it holds, and it grows by T. `documents` [B, T] numbers the
        document of each position: attention stays within one. `trace` records and changes tensors on the way.
        """
        if trace is not None:
            trace.start(self.addresses())
        logits = self.head(self._hidden(ids, cache, trace, documents))
        return logits if trace is None else trace.at("logits", logits)

    def hidden(
        self,
        ids: Tensor,
        *,
        cache: KVCache | None = None,
        trace: Trace | None = None,
        documents: Tensor | None = None,
    ) -> Tensor:
        """What the head reads, [B, T, D]: the stream after the final norm. Arguments as in `forward`."""
        if trace is not None:
            trace.start([address for address in self.addresses() if address != "logits"])
        return self._hidden(ids, cache, trace, documents)

    def _hidden(
        self, ids: Tensor, cache: KVCache | None, trace: Trace | None, documents: Tensor | None
    ) -> Tensor:
        if ids.dim() != 2 or ids.shape[1] == 0:
            raise RequestError(
                f"ids must be [batch, tokens] with at least one token; given {list(ids.shape)}"
            )
        count, start = ids.shape[1], 0
        if cache is not None:
            cache.check_room(*ids.shape)
            start = cache.length
        x: Tensor = self.embed(ids)
        if trace is not None:
            x = trace.at("embed", x)
        if self.pos_embed is not None:
            positions = self.pos_embed(start, count)
            if trace is not None:
                positions = trace.at("pos_embed", positions.expand_as(x))
            x = x + positions
        if self.config.dropout and self.training:
            x = F.dropout(x, self.config.dropout)
        rotation = None if self.rotary is None else self.rotary(start, count)
        mask = attention_mask(count, start, ids.device, documents)
        for block in self.blocks:
            x = block(x, rotation, mask, cache, trace)
        if cache is not None:
            cache.advance(count)
        if self.final_norm is not None:
            x = self.final_norm(x)
            if trace is not None:
                x = trace.at("final_norm", x)
        return x

    def head(self, hidden: Tensor) -> Tensor:
        """Logits [..., V] of hidden states [..., D]."""
        logits = F.linear(hidden, self.embed.weight if self.unembed is None else self.unembed.weight)
        cap = self.config.logit_softcap
        return logits if cap is None else cap * torch.tanh(logits / cap)

    def addresses(self) -> list[str]:
        """The name of every tensor that a Trace can record or change, in the order in which they arise."""
        config = self.config
        attn = ["attn.q", "attn.k", "attn.v", "attn.scores", "attn.pattern", "attn.z", "attn_out"]
        mlp = [*(["mlp.gate"] if config.gated else []), "mlp.pre", "mlp.post", "mlp_out"]
        if config.norm_position == "pre":
            block = ["resid_pre", "attn_norm", *attn, "resid_mid", "mlp_norm", *mlp, "resid_post"]
        else:
            block = ["resid_pre", *attn, "attn_norm", "resid_mid", *mlp, "mlp_norm", "resid_post"]
        return [
            "embed",
            *(["pos_embed"] if self.pos_embed is not None else []),
            *(f"blocks.{layer}.{name}" for layer in range(config.n_layers) for name in block),
            *(["final_norm"] if self.final_norm is not None else []),
            "logits",
        ]

    def reset_parameters(self) -> None:
        """Fresh weights, of which the first loss is ≈ ln V: the network starts without an opinion.

        As GPT-2: normal of `init_std`, biases zero, and the two projections that write to the residual stream
        divided by √(2·n_layers), so that the stream's variance does not grow with depth. Logits have standard
        deviation √d_model times the head's and raise the first loss by half its square; so the head (and
        the embedding that it is tied to) is drawn no wider than 1/(4·√d_model), which keeps that below 0.032.
        """
        std = self.config.init_std
        residual_std = std / math.sqrt(2 * self.config.n_layers)
        head_std = min(std, 0.25 / math.sqrt(self.config.d_model))
        head = "embed.weight" if self.config.tie_embeddings else "unembed.weight"
        for name, parameter in self.named_parameters():
            if parameter.is_meta:
                continue
            if name.endswith(("norm.weight", "q_weight", "k_weight")):
                nn.init.ones_(parameter)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)
            elif name.endswith(("attn.out.weight", "mlp.down.weight")):
                nn.init.normal_(parameter, std=residual_std)
            else:
                nn.init.normal_(parameter, std=head_std if name == head else std)

    @classmethod
    def without_memory(cls, config: ModelConfig) -> Self:
        """The network with every shape and no weights (device "meta"): for counting, and for loading."""
        with torch.device("meta"):
            return cls(config)

    @classmethod
    def from_state(cls, config: ModelConfig, state: Mapping[str, Tensor]) -> Self:
        """The network with these weights, taken over without a copy; names and shapes must all fit."""
        model = cls.without_memory(config)
        try:
            model.load_state_dict(state, strict=True, assign=True)
        except RuntimeError as error:
            raise ConfigError(f"the weights do not fit the config: {error}") from None
        return model.requires_grad_(True)

    def n_parameters(self) -> int:
        """All weights; a tied head counts once."""
        return sum(parameter.numel() for parameter in self.parameters())

    def flops_per_token(self, length: int | None = None, *, training: bool = True) -> int:
        """Floating-point operations for one token in a context of `length` (default max_length).

        Two for each weight of each matrix (the embedding is looked up, not multiplied; a tied head is
        multiplied), and 4·H·E·length a layer for scores and weighted sum; three times that with the backward
        pass (PaLM, Chowdhery et al. 2022, app. B: 6N + 12·L·H·E·T).
        """
        config = self.config
        length = config.max_length if length is None else length
        matrices = sum(p.numel() for name, p in self.blocks.named_parameters() if p.dim() == 2)
        matrices += config.vocab_size * config.d_model
        attention = 4 * config.n_layers * config.n_heads * config.d_head * length
        return (2 * matrices + attention) * (3 if training else 1)


def config_norm(config: ModelConfig) -> LayerNorm | RMSNorm:
    """A norm over the residual stream."""
    return make_norm(
        config.norm, config.d_model, config.norm_eps, affine=config.norm_affine, bias=config.norm_bias
    )


def make_block(config: ModelConfig, layer: int) -> Block:
    """Block number `layer`."""
    address = f"blocks.{layer}"
    attention = Attention(
        config.d_model,
        config.n_heads,
        config.n_kv_heads,
        config.d_head,
        bias=config.attention_bias,
        softcap=config.attention_softcap,
        dropout=config.dropout,
        qk_norm=config.qk_norm,
        norm_eps=config.norm_eps,
        norm_affine=config.norm_affine,
        layer=layer,
        address=f"{address}.attn",
    )
    mlp = make_feed_forward(
        config.d_model, config.d_ff, config.activation, bias=config.mlp_bias, address=f"{address}.mlp"
    )
    return Block(
        config_norm(config),
        attention,
        config_norm(config),
        mlp,
        post_norm=config.norm_position == "post",
        dropout=config.dropout,
        address=address,
    )
