"""Encoder: a network that reads a whole text at once, every position from every other.

    ids [B, T] → embed (+ positions + token types) → norm → block × n_layers → head
                                                                  ├─ mlm       logits [B, T, V]
                                                                  ├─ token     logits [B, T, L]
                                                                  └─ sequence  logits [B, L]

Devlin et al. 2019 (BERT), Liu et al. 2019 (RoBERTa), Warner et al. 2024 (ModernBERT). It fills gaps and
compares texts well; it does not go on with a text, since no position was trained without those after it.
"""

from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from llmworks.errors import RequestError
from llmworks.models.encoder_config import EncoderConfig
from llmworks.models.network import Network
from llmworks.models.parts import config_norm
from llmworks.nn.attention import Attention
from llmworks.nn.block import Block
from llmworks.nn.embedding import Embedding
from llmworks.nn.feed_forward import gelu_tanh, make_feed_forward
from llmworks.nn.pooling import POOLINGS
from llmworks.nn.positions import RotaryPositions, Rotation
from llmworks.nn.relative_bias import RelativeBias
from llmworks.nn.trace import Trace

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "gelu": F.gelu, "gelu_tanh": gelu_tanh, "relu": F.relu, "silu": F.silu, "tanh": torch.tanh,
}  # fmt: skip


class Head(nn.Module):
    """[…, D] → […, rows]: a layer with its bend and norm, where the config has them, then the scores.

    `weight` is None where the scores are the embedding's rows (a tied masked-LM head).
    """

    def __init__(self, config: EncoderConfig, rows: int, *, tied: bool) -> None:
        super().__init__()
        width = config.d_model
        self.activation = ACTIVATIONS[config.head_activation]
        self.dense = nn.Linear(width, width, bias=config.head_dense_bias) if config.head_dense else None
        self.norm = config_norm(config) if config.head_norm else None
        self.weight = None if tied else nn.Parameter(torch.empty(rows, width))
        self.bias = nn.Parameter(torch.zeros(rows)) if config.output_bias else None

    def forward(self, x: Tensor, embedding: Tensor, trace: Trace | None = None) -> Tensor:
        if self.dense is not None:
            x = self.dense(x)
            x = self.activation(x if trace is None else trace.at("head.pre", x))
        if self.norm is not None:
            x = self.norm(x)
        if trace is not None and self.dense is not None:
            x = trace.at("head.post", x)
        logits = F.linear(x, embedding if self.weight is None else self.weight, self.bias)
        return logits if trace is None else trace.at("logits", logits)


class Encoder(Network):
    """A bidirectional transformer built from one config, with fresh weights (`reset_parameters`)."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.config = config
        width = config.d_model
        self.embed = Embedding(config.vocab_size, width)
        learned = config.positions == "learned"
        rows = config.position_offset + config.max_length
        self.pos_embed = Embedding(rows, width) if learned else None
        self.type_embed = Embedding(config.n_token_types, width) if config.n_token_types else None
        self.embed_norm = config_norm(config) if config.embed_norm else None
        buckets = config.relative_buckets
        self.relative = RelativeBias(buckets, config.n_heads) if buckets else None
        self.rotary = self.rotary_local = None
        if config.positions == "rope":
            self.rotary = RotaryPositions(config.max_length, config.d_rotary, config.rope_theta)
            if config.rope_theta_local is not None:
                local = config.rope_theta_local
                self.rotary_local = RotaryPositions(config.max_length, config.d_rotary, local)
        self.blocks = nn.ModuleList(make_encoder_block(config, layer) for layer in range(config.n_layers))
        self.final_norm = config_norm(config) if config.norm_position == "pre" else None
        self.pooler = nn.Linear(width, width) if config.pooler else None
        self.next_sentence = nn.Linear(width, 2) if config.next_sentence else None
        self.output: Head | None = None
        if config.head == "mlm":
            self.output = Head(config, config.vocab_size, tied=config.tie_embeddings)
        elif config.head != "none":
            self.output = Head(config, len(config.labels), tied=False)
        self.reset_parameters()

    def forward(
        self,
        ids: Tensor,
        *,
        mask: Tensor | None = None,
        token_types: Tensor | None = None,
        trace: Trace | None = None,
    ) -> Tensor:
        """What the head says of ids [B, T]: see the module's head; without one the hidden states [B, T, D].

        mask [B, T] bool: which ids are text; the others only fill the batch up and change nothing.
        token_types [B, T]: the segment of each token (BERT's sentence A or B), 0 where it is not given.
        """
        if trace is not None:
            trace.start(self.addresses())
        hidden = self._hidden(ids, mask, token_types, trace)
        if self.config.pooler and trace is not None and self.config.head_reads != "pooler":
            self.pooled(
                hidden, mask, trace
            )  # nobody reads it on the way to the head, but it can be looked at
        return self.head(hidden, mask, trace)

    def hidden(
        self,
        ids: Tensor,
        *,
        mask: Tensor | None = None,
        token_types: Tensor | None = None,
        trace: Trace | None = None,
    ) -> Tensor:
        """The last block's output, [B, T, D], after the final norm. Arguments as in `forward`."""
        if trace is not None:
            trace.start(self.addresses(heads=False))
        return self._hidden(ids, mask, token_types, trace)

    def _hidden(
        self, ids: Tensor, mask: Tensor | None, token_types: Tensor | None, trace: Trace | None
    ) -> Tensor:
        config = self.config
        self.check(ids, mask, token_types)
        x = self.read(ids, mask, token_types, trace)
        if config.dropout and self.training:
            x = F.dropout(x, config.dropout)
        count = ids.shape[1]
        masks = {kind: self.visible(kind, count, mask, ids.device) for kind in set(self.kinds)}
        turns = {kind: self.rotation(kind, count) for kind in set(self.kinds)}
        for block, kind in zip(self.blocks, self.kinds, strict=True):
            x = block(x, turns[kind], masks[kind], None, trace)
        if self.final_norm is not None:
            x = self.final_norm(x)
            if trace is not None:
                x = trace.at("final_norm", x)
        return x

    def check(self, ids: Tensor, mask: Tensor | None, token_types: Tensor | None) -> None:
        """Raises RequestError where the inputs do not fit each other or the config."""
        if ids.dim() != 2 or ids.shape[1] == 0:
            raise RequestError(
                f"ids must be [batch, tokens] with at least one token; given {list(ids.shape)}"
            )
        if ids.shape[1] > self.config.max_length:
            raise RequestError(
                f"this model reads at most {self.config.max_length} tokens; given {ids.shape[1]}: "
                "send a shorter text"
            )
        for name, given in (("mask", mask), ("token_types", token_types)):
            if given is not None and given.shape != ids.shape:
                raise RequestError(
                    f"{name} must have the shape of ids, {list(ids.shape)}; given {list(given.shape)}"
                )
        if mask is not None and not bool(mask.any(1).all()):
            raise RequestError("mask: a text of the batch has no token at all")
        if token_types is not None and bool((token_types != 0).any()) and self.type_embed is None:
            raise RequestError("token_types: this model knows no segments; leave them out")

    def read(
        self, ids: Tensor, mask: Tensor | None, token_types: Tensor | None, trace: Trace | None
    ) -> Tensor:
        """The stream before the first block, [B, T, D]."""

        def at(name: str, tensor: Tensor) -> Tensor:
            return tensor if trace is None else trace.at(name, tensor)

        x = at("embed", self.embed(ids))
        if self.type_embed is not None:
            types = torch.zeros_like(ids) if token_types is None else token_types
            x = x + at("type_embed", self.type_embed(types))
        if self.pos_embed is not None:
            x = x + at("pos_embed", self.pos_embed(self.position_ids(ids, mask)))
        return x if self.embed_norm is None else at("embed_norm", self.embed_norm(x))

    def position_ids(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        """The row of the position table for each token, [B, T].

        RoBERTa counts real tokens only, from the row after `pad_id`'s, which stands for padding itself.
        """
        if not self.config.position_offset:
            return torch.arange(ids.shape[1], device=ids.device).expand_as(ids)
        real = ids.ne(self.config.pad_id or 0)
        real = real if mask is None else real & mask
        return real.cumsum(1) * real + self.config.position_offset - 1

    @property
    def kinds(self) -> tuple[str, ...]:
        """ "full" or "sliding" for each block."""
        return self.config.layer_kinds or ("full",) * self.config.n_layers

    def rotation(self, kind: str, count: int) -> Rotation | None:
        """The turns of `count` positions in blocks of a kind."""
        rotary = self.rotary_local if kind == "sliding" and self.rotary_local is not None else self.rotary
        return None if rotary is None else rotary(0, count)

    def visible(self, kind: str, count: int, mask: Tensor | None, device: torch.device) -> Tensor | None:
        """Which keys each query of a kind of block reads: bool, broadcasts to [B, H, T, T]; None for all.

        With a relative bias it is that, where a key is read, and −∞ where it is not.
        """
        seen = self.in_reach(kind, count, mask, device)
        if self.relative is None:
            return seen
        bias: Tensor = self.relative(count)
        return bias if seen is None else torch.where(seen, bias, -torch.inf)

    def in_reach(self, kind: str, count: int, mask: Tensor | None, device: torch.device) -> Tensor | None:
        """`visible` without the bias."""
        if kind == "full" or self.config.sliding_window is None:
            return None if mask is None else mask[:, None, None, :]
        places = torch.arange(count, device=device)
        apart = (places[:, None] - places).abs()
        near = apart <= self.config.sliding_window // 2
        if mask is None:
            return near[None, None]
        # Padding sees itself: with nothing to see its rows would be NaN, and spoil what reads them with 0.
        return (near & mask[:, None, None, :]) | (apart == 0)

    def pooled(self, hidden: Tensor, mask: Tensor | None = None, trace: Trace | None = None) -> Tensor:
        """BERT's vector of the text, [B, D], of hidden states [B, T, D]."""
        if self.pooler is None:
            raise RequestError("this model has no pooler; use a mean of its hidden states (lm.embed)")
        pooled = torch.tanh(self.pooler(self.first(hidden, mask)))
        return pooled if trace is None else trace.at("pooled", pooled)

    def first(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        """The first real token's vector, [B, D]."""
        return hidden[:, 0] if mask is None else POOLINGS["first"](hidden, mask)

    def head(self, hidden: Tensor, mask: Tensor | None = None, trace: Trace | None = None) -> Tensor:
        """What the head says of hidden states [B, T, D]; the hidden states themselves where there is none."""
        if self.output is None:
            return hidden
        if self.config.head == "sequence":
            if self.config.head_reads == "pooler":
                hidden = self.pooled(hidden, mask, trace)
            elif self.config.head_reads == "mean":
                everything = torch.ones(hidden.shape[:2], dtype=torch.bool, device=hidden.device)
                hidden = POOLINGS["mean"](hidden, everything if mask is None else mask)
            else:
                hidden = self.first(hidden, mask)
        logits: Tensor = self.output(hidden, self.embed.weight, trace)
        return logits

    def addresses(self, *, heads: bool = True) -> list[str]:
        """The name of every tensor that a Trace can record or change, in the order in which they arise."""
        config = self.config
        ends = [
            *(["pooled"] if config.pooler else []),
            *(["head.pre", "head.post"] if self.output is not None and config.head_dense else []),
            *(["logits"] if self.output is not None else []),
        ]
        return [
            "embed",
            *(["type_embed"] if self.type_embed is not None else []),
            *(["pos_embed"] if self.pos_embed is not None else []),
            *(["embed_norm"] if self.embed_norm is not None else []),
            *(address for block in self.blocks for address in cast(Block, block).addresses()),
            *(["final_norm"] if self.final_norm is not None else []),
            *(ends if heads else []),
        ]

    def reset_parameters(self) -> None:
        """Fresh weights as BERT's: normal of `init_std`, biases zero, norms one."""
        for name, parameter in self.named_parameters():
            if parameter.is_meta:
                continue
            if name.endswith(("norm.weight", "q_weight", "k_weight")):
                nn.init.ones_(parameter)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)
            else:
                nn.init.normal_(parameter, std=self.config.init_std)

    def flops_per_token(self, length: int | None = None, *, training: bool = True) -> int:
        """Floating-point operations for one token of a text of `length` (default max_length).

        As in `Decoder`: two for each weight of each matrix, the head's too where every position has it, and
        4·H·E for each position that is read; a sliding block reads its window only. Three times with the
        backward pass.
        """
        config = self.config
        length = config.max_length if length is None else length
        matrices = sum(p.numel() for name, p in self.blocks.named_parameters() if p.dim() == 2)
        if self.output is not None and config.head != "sequence":
            matrices += sum(p.numel() for p in self.output.parameters() if p.dim() == 2)
            matrices += config.vocab_size * config.d_model if self.output.weight is None else 0
        window = length if config.sliding_window is None else min(length, config.sliding_window + 1)
        read = sum(length if kind == "full" else window for kind in self.kinds)
        return (2 * matrices + 4 * config.n_heads * config.d_head * read) * (3 if training else 1)


def make_encoder_block(config: EncoderConfig, layer: int) -> Block:
    """Block number `layer`."""
    address = f"blocks.{layer}"
    attention = Attention(
        config.d_model,
        config.n_heads,
        config.n_kv_heads,
        config.d_head,
        bias=config.attention_bias,
        dropout=config.dropout,
        causal=False,
        layer=layer,
        address=f"{address}.attn",
    )
    mlp = make_feed_forward(
        config.d_model, config.d_ff, config.activation, bias=config.mlp_bias, address=f"{address}.mlp"
    )
    return Block(
        config_norm(config) if layer or config.first_norm else None,
        attention,
        config_norm(config),
        mlp,
        post_norm=config.norm_position == "post",
        dropout=config.dropout,
        address=address,
    )
