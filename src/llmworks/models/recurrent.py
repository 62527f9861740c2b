"""Mamba: a language model whose memory does not grow with the text.

    ids [B, T] → embed → (x += ssm(norm(x))) × n_layers → final norm → head → logits [B, T, V]

No attention and no feed-forward: each block is one selective state space (`nn/state_space.py`), and its
state stands where a decoder has its key/value cache. Gu & Dao 2023.
"""

import math
from collections.abc import Iterable
from typing import Any, Self

import torch
from pydantic import BaseModel, ConfigDict, Field, ModelWrapValidatorHandler, ValidationError, model_validator
from torch import Tensor, nn
from torch.nn import functional as F

from llmworks.errors import ConfigError, RequestError
from llmworks.models.config import MOST, MOST_LAYERS
from llmworks.models.network import Network
from llmworks.nn.embedding import Embedding
from llmworks.nn.norms import RMSNorm
from llmworks.nn.state_space import StateCache, StateSpace
from llmworks.nn.trace import Trace

SHORT = 2**16


class MambaConfig(BaseModel):
    """The shape of one Mamba network. `d_inner` and `dt_rank` are filled in where they are left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    vocab_size: int = Field(gt=0, le=MOST, description="rows of the embedding")
    d_model: int = Field(gt=0, le=MOST, description="width of the residual stream")
    n_layers: int = Field(gt=0, le=MOST_LAYERS, description="blocks")
    expand: int = Field(default=2, gt=0, le=SHORT, description="channels inside a block: this × d_model")
    d_state: int = Field(default=16, gt=0, le=SHORT, description="numbers that each channel remembers")
    d_conv: int = Field(default=4, gt=0, le=SHORT, description="tokens that the convolution sees")
    dt_rank: int = Field(default=None, validate_default=True, gt=0, le=MOST, description="width before Δ")
    max_length: int = Field(
        default=2**17, gt=0, le=MOST, description="tokens a run may have; the network itself sets no limit"
    )
    norm_eps: float = Field(default=1e-5, gt=0)
    bias: bool = Field(default=False, description="of the projections into and out of a block")
    conv_bias: bool = True
    residual_fp32: bool = Field(default=True, description="the stream stays float32 in a 16-bit model")
    tie_embeddings: bool = Field(default=True, description="the head is the embedding, transposed")
    init_std: float = Field(default=0.02, gt=0, description="standard deviation of fresh weights")
    family: str | None = Field(default=None, description="as whose model it was read; decides nothing")

    @property
    def d_inner(self) -> int:
        """Channels inside a block."""
        return self.expand * self.d_model

    @property
    def state_bytes(self) -> int:
        """Bytes that one sequence's past takes in float32, however long it is."""
        return 4 * self.n_layers * self.d_inner * (self.d_conv - 1 + self.d_state)

    @model_validator(mode="wrap")
    @classmethod
    def build(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Fills in what was left out, and turns pydantic's report into one ConfigError."""
        if isinstance(data, dict) and data.get("dt_rank") is None:
            width = data.get("d_model")
            data = data | {"dt_rank": -(-width // 16) if isinstance(width, int) and width > 0 else 1}
        try:
            return handler(data)
        except ValidationError as error:
            raise ConfigError(f"Mamba config: {readable(error, tuple(cls.model_fields))}") from None


def readable(error: ValidationError, known: tuple[str, ...]) -> str:
    """One clause for each field at fault."""
    clauses = []
    for fault in error.errors(include_url=False):
        where = ".".join(str(part) for part in fault["loc"]) or "the config"
        if fault["type"] == "missing":
            clauses.append(f"{where}: missing; it has no default")
        elif fault["type"] == "extra_forbidden":
            clauses.append(f"{where}: no such field; the fields are {', '.join(known)}")
        else:
            clauses.append(f"{where}: {fault['msg'][0].lower()}{fault['msg'][1:]}; given {fault['input']!r}")
    return "; ".join(clauses)


class MambaBlock(nn.Module):
    """[B, T, D] → [B, T, D]: what the state space says is added to the stream."""

    def __init__(self, config: MambaConfig, layer: int) -> None:
        super().__init__()
        self.address, self.wide = f"blocks.{layer}", config.residual_fp32
        self.norm = RMSNorm(config.d_model, config.norm_eps)
        self.ssm = StateSpace(
            config.d_model, config.d_inner, config.d_state, config.d_conv, config.dt_rank,
            bias=config.bias, conv_bias=config.conv_bias, layer=layer, address=f"{self.address}.ssm",
        )  # fmt: skip

    def forward(self, x: Tensor, cache: StateCache | None = None, trace: Trace | None = None) -> Tensor:
        def at(name: str, tensor: Tensor) -> Tensor:
            return tensor if trace is None else trace.at(f"{self.address}.{name}", tensor)

        x = at("resid_pre", x)
        normed = at("norm", self.norm(x.to(self.ssm.in_proj.weight.dtype)))
        said = at("ssm_out", self.ssm(normed, cache, trace))
        return at("resid_post", (x.float() if self.wide else x) + said)


class Stateful(Network):
    """What networks with a state have in common, around their blocks; the face is the decoder's."""

    config: Any
    embed: Embedding
    blocks: nn.ModuleList
    final_norm: RMSNorm
    unembed: nn.Linear | None

    def build(self, config: Any, blocks: Iterable[nn.Module]) -> None:
        """The network around these blocks, with fresh weights."""
        self.config = config
        self.embed = Embedding(config.vocab_size, config.d_model)
        self.blocks = nn.ModuleList(blocks)
        self.final_norm = RMSNorm(config.d_model, config.norm_eps)
        self.unembed = None
        if not config.tie_embeddings:
            self.unembed = nn.Linear(config.d_model, config.vocab_size, bias=False)
        self.reset_parameters()

    def forward(
        self,
        ids: Tensor,
        *,
        cache: StateCache | None = None,
        trace: Trace | None = None,
        documents: Tensor | None = None,
    ) -> Tensor:
        """Logits [B, T, V] of the token after each of ids [B, T]; with `cache` the ids continue its text."""
        if trace is not None:
            trace.start(self.addresses())
        logits = self.head(self._hidden(ids, cache, trace, documents))
        return logits if trace is None else trace.at("logits", logits)

    def hidden(
        self,
        ids: Tensor,
        *,
        cache: StateCache | None = None,
        trace: Trace | None = None,
        documents: Tensor | None = None,
    ) -> Tensor:
        """What the head reads, [B, T, D]: the stream after the final norm. Arguments as in `forward`."""
        if trace is not None:
            trace.start([address for address in self.addresses() if address != "logits"])
        return self._hidden(ids, cache, trace, documents)

    def _hidden(
        self, ids: Tensor, cache: StateCache | None, trace: Trace | None, documents: Tensor | None
    ) -> Tensor:
        if ids.dim() != 2 or ids.shape[1] == 0:
            raise RequestError(
                f"ids must be [batch, tokens] with at least one token; given {list(ids.shape)}"
            )
        if documents is not None:
            raise RequestError(
                "a state runs through everything that it reads and cannot leave out other documents of a "
                "row: set data.document_mask = false"
            )
        if cache is not None:
            cache.check_room(*ids.shape)
        x: Tensor = self.embed(ids)
        if trace is not None:
            x = trace.at("embed", x)
        for block in self.blocks:
            x = block(x, cache, trace)
        if cache is not None:
            cache.advance(ids.shape[1])
        x = self.final_norm(x.to(self.embed.weight.dtype))
        return x if trace is None else trace.at("final_norm", x)

    def head(self, hidden: Tensor) -> Tensor:
        """Logits [..., V] of hidden states [..., D]."""
        return F.linear(hidden, self.embed.weight if self.unembed is None else self.unembed.weight)

    def addresses(self) -> list[str]:
        """The name of every tensor that a Trace can record or change, in the order in which they arise."""
        layers = range(self.config.n_layers)
        block = self.block_addresses()
        return ["embed", *(f"blocks.{i}.{name}" for i in layers for name in block), "final_norm", "logits"]

    def block_addresses(self) -> list[str]:
        """Those of one block, without its own."""
        raise NotImplementedError

    def reset_parameters(self) -> None:
        """Fresh weights: the blocks by their own rule, the rest as `Decoder`."""
        if self.embed.weight.is_meta:
            return
        std = self.config.init_std
        head_std = min(std, 0.25 / math.sqrt(self.config.d_model))
        nn.init.normal_(self.embed.weight, std=head_std if self.unembed is None else std)
        if self.unembed is not None:
            nn.init.normal_(self.unembed.weight, std=head_std)
        for module in self.modules():
            if isinstance(module, RMSNorm) and module.weight is not None:
                nn.init.ones_(module.weight)
            else:
                self.reset_block(module, std, std / math.sqrt(2 * self.config.n_layers))

    def reset_block(self, module: nn.Module, std: float, out_std: float) -> None:
        """Fresh weights of `module`, if it reads the past; `out_std` for what is put on the stream."""
        raise NotImplementedError


class Mamba(Stateful):
    """A Mamba network built from one config, with fresh weights."""

    config: MambaConfig

    def __init__(self, config: MambaConfig) -> None:
        super().__init__()
        self.build(config, (MambaBlock(config, layer) for layer in range(config.n_layers)))

    def new_cache(
        self,
        batch_size: int = 1,
        max_length: int | None = None,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> StateCache:
        """The empty state of `batch_size` texts; `max_length` limits what it may read, not its size."""
        config, weight = self.config, self.embed.weight
        return StateCache(
            config.n_layers, config.d_inner, config.d_conv, config.d_state, batch_size=batch_size,
            max_length=config.max_length if max_length is None else max_length,
            dtype=dtype or weight.dtype, device=device or weight.device,
        )  # fmt: skip

    def block_addresses(self) -> list[str]:
        ssm = [f"ssm.{name}" for name in ("x", "gate", "conv", "delta", "B", "C", "state", "y")]
        return ["resid_pre", "norm", *ssm, "ssm_out", "resid_post"]

    def reset_block(self, module: nn.Module, std: float, out_std: float) -> None:
        if isinstance(module, StateSpace):
            module.reset_parameters(std, out_std)

    def flops_per_token(self, length: int | None = None, *, training: bool = True) -> int:
        """Floating-point operations for one token, at any length of text: that is the point of it.

        Two for each weight of a projection, of the head and of the convolution, and 9 for each state (Δ A,
        exp, Δ x B, decay, sum, read out); three times that with the backward pass.
        """
        config = self.config
        weights = sum(
            parameter.numel()
            for name, parameter in self.blocks.named_parameters()
            if name.endswith(("proj.weight", "out.weight", "conv.weight"))
        )
        weights += config.vocab_size * config.d_model
        scan = 9 * config.n_layers * config.d_inner * config.d_state
        return (2 * weights + scan) * (3 if training else 1)
