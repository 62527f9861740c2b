"""The recurrent baseline: what attention replaced, in the same surroundings.

    ids [B, T] → embed → (x += cell(norm(x))) × n_layers → final norm → head → logits [B, T, V]

Mamba's blocks with an RNN, GRU or LSTM (`nn/recurrent_cell.py`) in the place of the state space, so that a
comparison is one of memories and of nothing else.
"""

from typing import Any, Self

import torch
from pydantic import BaseModel, ConfigDict, Field, ModelWrapValidatorHandler, ValidationError, model_validator
from torch import Tensor, nn
from torch.nn import functional as F

from llmworks.errors import ConfigError
from llmworks.models.config import MOST, MOST_LAYERS
from llmworks.models.recurrent import SHORT, Stateful, readable
from llmworks.nn.norms import RMSNorm
from llmworks.nn.recurrent_cell import ADDRESSES, CARRIED, GATES, CellKind, RecurrentCell
from llmworks.nn.state_space import StateCache
from llmworks.nn.trace import Trace


class RecurrentConfig(BaseModel):
    """The shape of one recurrent network. `d_hidden` is `d_model` where it is left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    cell: CellKind = Field(default="lstm", description="rnn (Elman), gru or lstm")
    vocab_size: int = Field(gt=0, le=MOST, description="rows of the embedding")
    d_model: int = Field(gt=0, le=MOST, description="width of the residual stream")
    n_layers: int = Field(gt=0, le=MOST_LAYERS, description="blocks")
    d_hidden: int = Field(default=None, validate_default=True, gt=0, le=SHORT, description="width of a state")
    max_length: int = Field(
        default=2**17, gt=0, le=MOST, description="tokens a run may have; the network itself sets no limit"
    )
    dropout: float = Field(default=0.0, ge=0, lt=1, description="of what a cell says, never of its state")
    norm_eps: float = Field(default=1e-5, gt=0)
    tie_embeddings: bool = Field(default=True, description="the head is the embedding, transposed")
    init_std: float = Field(default=0.02, gt=0, description="standard deviation of fresh weights")
    family: str | None = Field(default=None, description="as whose model it was read; decides nothing")

    @property
    def d_inner(self) -> int:
        """Numbers that a cell computes of a token: its gates side by side."""
        return GATES[self.cell] * self.d_hidden

    @property
    def state_bytes(self) -> int:
        """Bytes that one sequence's past takes in float32, however long it is."""
        return 4 * self.n_layers * CARRIED[self.cell] * self.d_hidden

    @model_validator(mode="wrap")
    @classmethod
    def build(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Fills in what was left out, and turns pydantic's report into one ConfigError."""
        if isinstance(data, dict) and data.get("d_hidden") is None:
            data = data | {"d_hidden": data.get("d_model", 1)}
        try:
            return handler(data)
        except ValidationError as error:
            raise ConfigError(f"recurrent config: {readable(error, tuple(cls.model_fields))}") from None


class RecurrentBlock(nn.Module):
    """[B, T, D] → [B, T, D]: what the cell says is added to the stream (dropout: Zaremba et al. 2014)."""

    def __init__(self, config: RecurrentConfig, layer: int) -> None:
        super().__init__()
        self.address, self.dropout = f"blocks.{layer}", config.dropout
        self.norm = RMSNorm(config.d_model, config.norm_eps)
        self.cell = RecurrentCell(
            config.cell, config.d_model, config.d_hidden, layer=layer, address=f"{self.address}.cell"
        )

    def forward(self, x: Tensor, cache: StateCache | None = None, trace: Trace | None = None) -> Tensor:
        def at(name: str, tensor: Tensor) -> Tensor:
            return tensor if trace is None else trace.at(f"{self.address}.{name}", tensor)

        x = at("resid_pre", x)
        said = self.cell(at("norm", self.norm(x)), cache, trace)
        said = at("cell_out", F.dropout(said, self.dropout, self.training))
        return at("resid_post", x + said)


class Recurrent(Stateful):
    """A recurrent network built from one config, with fresh weights."""

    config: RecurrentConfig

    def __init__(self, config: RecurrentConfig) -> None:
        super().__init__()
        self.build(config, (RecurrentBlock(config, layer) for layer in range(config.n_layers)))

    def new_cache(
        self,
        batch_size: int = 1,
        max_length: int | None = None,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> StateCache:
        """The empty state of `batch_size` texts (h, and an LSTM's c); `max_length` as Mamba's."""
        config, weight = self.config, self.embed.weight
        return StateCache(
            config.n_layers, config.d_hidden, 1, CARRIED[config.cell], batch_size=batch_size,
            max_length=config.max_length if max_length is None else max_length,
            dtype=dtype or weight.dtype, device=device or weight.device,
        )  # fmt: skip

    def block_addresses(self) -> list[str]:
        cell = [f"cell.{name}" for name in ADDRESSES[self.config.cell]]
        return ["resid_pre", "norm", *cell, "cell_out", "resid_post"]

    def reset_block(self, module: nn.Module, std: float, out_std: float) -> None:
        if isinstance(module, RecurrentCell):
            module.reset_parameters(out_std)

    def flops_per_token(self, length: int | None = None, *, training: bool = True) -> int:
        """Two for each weight of a matrix that a token meets; three times that with the backward pass.

        No part of it grows with the text. It is the waiting that does: token t cannot begin before t − 1.
        """
        config = self.config
        matrices = sum(parameter.numel() for parameter in self.blocks.parameters() if parameter.ndim == 2)
        return 2 * (matrices + config.vocab_size * config.d_model) * (3 if training else 1)
