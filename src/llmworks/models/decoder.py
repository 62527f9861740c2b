"""Decoder: the whole network, ids in, a score for every possible next token out.

    ids [B, T] → embed (+ positions) → block × n_layers → final norm → head → logits [B, T, V]

One forward serves training, cached decoding and inspection. Radford et al. 2019 (GPT-2), Touvron et al. 2023.
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from llmworks.errors import RequestError
from llmworks.models.config import ModelConfig
from llmworks.models.costs import decoder_flops, matrix_weights
from llmworks.models.network import Network
from llmworks.models.parts import config_norm, make_block
from llmworks.nn.attention import attention_mask, with_bias
from llmworks.nn.block import Block
from llmworks.nn.cache import KVCache
from llmworks.nn.embedding import Embedding
from llmworks.nn.positions import Alibi, LearnedPositions, RotaryPositions, Rotation, SinusoidalPositions
from llmworks.nn.trace import Trace


class Decoder(Network):
    """A decoder-only transformer built from one config, with fresh weights (`reset_parameters`)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.embed = Embedding(config.vocab_size, config.d_model)
        self.pos_embed: LearnedPositions | SinusoidalPositions | None = None
        self.rotary: RotaryPositions | None = None
        self.rotary_local: RotaryPositions | None = None
        self.alibi: Alibi | None = None
        if config.positions == "learned":
            self.pos_embed = LearnedPositions(config.max_length, config.d_model)
        elif config.positions == "sinusoidal":
            self.pos_embed = SinusoidalPositions(config.max_length, config.d_model)
        elif config.positions == "rope":
            self.rotary = RotaryPositions(
                config.max_length, config.d_rotary, config.rope_theta, config.rope_scaling
            )
            if config.rope_theta_local is not None:
                local = config.rope_theta_local
                self.rotary_local = RotaryPositions(config.max_length, config.d_rotary, local)
        elif config.positions == "alibi":
            self.alibi = Alibi(config.n_heads, config.alibi_bias_max)
        self.embed_norm = config_norm(config) if config.embed_norm else None
        kinds = config.layer_kinds or ("full",) * config.n_layers
        self.sliding = tuple(kind == "sliding" for kind in kinds)
        self.rotated = tuple(layer not in config.unrotated_layers for layer in range(config.n_layers))
        self.blocks = nn.ModuleList(make_block(config, layer) for layer in range(config.n_layers))
        # With post-norm the last block already ends in a norm (Vaswani et al. 2017, GPT-1).
        self.final_norm = None if config.norm_position == "post" else config_norm(config)
        self.unembed = None
        if not config.tie_embeddings:
            self.unembed = nn.Linear(config.d_model, config.vocab_size, bias=config.head_bias)
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
        self,
        ids: Tensor,
        cache: KVCache | None,
        trace: Trace | None,
        documents: Tensor | None,
        length: int | None = None,
    ) -> Tensor:
        if ids.dim() != 2 or ids.shape[1] == 0:
            raise RequestError(
                f"ids must be [batch, tokens] with at least one token; given {list(ids.shape)}"
            )
        count, start = ids.shape[1], 0
        if cache is not None:
            cache.check_room(*ids.shape)
            start = cache.length
            if self.rotary is not None and self.rotary.depends_on_length:
                self.reread(cache, length or start + count)
        x = self.embedded(ids, start, trace)
        views = self.views(count, start, ids.device, documents, length)
        for block, sliding, rotated in zip(self.blocks, self.sliding, self.rotated, strict=True):
            rotation, mask = views[sliding]
            x = block(x, rotation if rotated else None, mask, cache, trace)
        if cache is not None:
            cache.advance(count)
            if self.rotary is not None and self.rotary.depends_on_length:
                cache.remember(ids, self.rotary.regime(length or start + count))
        if self.final_norm is not None:
            x = self.final_norm(x)
            if trace is not None:
                x = trace.at("final_norm", x)
        return x

    def reread(self, cache: KVCache, length: int) -> None:
        """Before the text becomes `length` long: what is cached, brought to the angles of such a text.

        Dynamic NTK and LongRoPE turn every position anew as a text outgrows the original length. All that the
        blocks have made of the past then changes, so it is read again: LongRoPE once, dynamic NTK at each
        step beyond. A cached run so equals an uncached one; turning the cached keys alone would not do.
        """
        assert self.rotary is not None
        regime, past = self.rotary.regime(length), cache.ids
        if past is not None and past.shape[1] and regime != cache.regime:
            cache.truncate(0)
            self._hidden(past, cache, None, None, length)

    def embedded(self, ids: Tensor, start: int, trace: Trace | None) -> Tensor:
        """The stream [B, T, D] that the first block reads, of ids whose first stands at position `start`."""
        x: Tensor = self.embed(ids)
        if self.config.embed_scale is not None:
            x = x * self.config.embed_scale
        if trace is not None:
            x = trace.at("embed", x)
        if self.pos_embed is not None:
            positions = self.pos_embed(start, ids.shape[1])
            if trace is not None:
                positions = trace.at("pos_embed", positions.expand_as(x))
            x = x + positions
        if self.embed_norm is not None:
            x = self.embed_norm(x)
            if trace is not None:
                x = trace.at("embed_norm", x)
        if self.config.dropout and self.training:
            x = F.dropout(x, self.config.dropout)
        return x

    def views(
        self,
        count: int,
        start: int,
        device: torch.device,
        documents: Tensor | None,
        length: int | None = None,
    ) -> tuple[tuple[Rotation | None, Tensor | None], tuple[Rotation | None, Tensor | None]]:
        """The rotation and the mask of full blocks, then those of sliding ones."""
        rotation = None if self.rotary is None else self.rotary(start, count, length)
        mask = attention_mask(count, start, device, documents)
        bias = None if self.alibi is None else self.alibi(start, count)
        full = rotation, mask if bias is None else with_bias(mask, bias)
        if not any(self.sliding):
            return full, full
        if self.rotary_local is not None:
            rotation = self.rotary_local(start, count)
        mask = attention_mask(count, start, device, documents, window=self.config.sliding_window)
        return full, (rotation, mask if bias is None else with_bias(mask, bias))

    def new_cache(
        self,
        batch_size: int = 1,
        max_length: int | None = None,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> KVCache:
        """An empty cache of this network, by default of its context, type and device."""
        weight = self.embed.weight
        return KVCache(self.config, batch_size, max_length, dtype or weight.dtype, device or weight.device)

    def head(self, hidden: Tensor) -> Tensor:
        """Logits [..., V] of hidden states [..., D]."""
        logits: Tensor
        logits = F.linear(hidden, self.embed.weight) if self.unembed is None else self.unembed(hidden)
        if self.config.logit_scale is not None:
            logits = logits * self.config.logit_scale
        cap = self.config.logit_softcap
        return logits if cap is None else cap * torch.tanh(logits / cap)

    def addresses(self) -> list[str]:
        """The name of every tensor that a Trace can record or change, in the order in which they arise."""
        return [
            "embed",
            *(["pos_embed"] if self.pos_embed is not None else []),
            *(["embed_norm"] if self.embed_norm is not None else []),
            *(address for block in self.each_block() for address in block.addresses()),
            *(["final_norm"] if self.final_norm is not None else []),
            "logits",
        ]

    def each_block(self) -> Iterator[Block]:
        """The blocks, first to last."""
        for block in self.blocks:
            assert isinstance(block, Block)
            yield block

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
                nn.init.constant_(parameter, 0.0 if self.config.norm_offset else 1.0)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)
            elif name.endswith(("attn.out.weight", ".down.weight", ".experts.down")):
                nn.init.normal_(parameter, std=residual_std)
            else:
                nn.init.normal_(parameter, std=head_std if name == head else std)

    def flops_per_token(self, length: int | None = None, *, training: bool = True) -> int:
        """Floating-point operations for one token in a context of `length` (default max_length).

        Two for each weight of each matrix that a token meets (of experts those chosen; the embedding is
        looked up, not multiplied; a tied head is multiplied), and those of scores and weighted sums (of the
        window in sliding layers; `models/costs.py`); three times that with the backward pass.
        """
        length = self.config.max_length if length is None else length
        matrices = sum(matrix_weights(self.config, block) for block in self.blocks)
        return decoder_flops(self.config, matrices, length) * (3 if training else 1)
