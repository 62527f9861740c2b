"""Network: what every network here can do, whatever stands in it."""

from collections.abc import Mapping
from typing import Any, Self

import torch
from torch import Tensor, nn

from llmworks.errors import ConfigError


class Network(nn.Module):
    """A module that is built from one config: `cls(config)`."""

    @classmethod
    def without_memory(cls, config: Any) -> Self:
        """The network with every shape and no weights (device "meta"): for counting, and for loading."""
        with torch.device("meta"):
            return cls(config)

    @classmethod
    def from_state(cls, config: Any, state: Mapping[str, Tensor]) -> Self:
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
