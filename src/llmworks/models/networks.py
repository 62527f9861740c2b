"""Networks: which class a config builds.

ModelConfig → Decoder        EncoderConfig → Encoder        MambaConfig → Mamba
RecurrentConfig → Recurrent

A family outside the table has a ForeignConfig and a ForeignModel (`foreign.py`) with the face of a Decoder.
"""

from typing import Any, TypeAlias

from llmworks.errors import ConfigError
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.models.encoder import Encoder
from llmworks.models.encoder_config import EncoderConfig
from llmworks.models.recurrent import Mamba, MambaConfig
from llmworks.models.rnn import Recurrent, RecurrentConfig

AnyConfig: TypeAlias = ModelConfig | EncoderConfig | MambaConfig | RecurrentConfig
Network: TypeAlias = Decoder | Encoder | Mamba | Recurrent
Causal: TypeAlias = Decoder | Mamba | Recurrent
"""Those that go on with a text."""
Cache: TypeAlias = Any
"""KVCache or StateCache: what `new_cache` made goes back to the same network, whatever it is."""

NETWORKS: dict[type[AnyConfig], type[Network]] = {
    ModelConfig: Decoder, EncoderConfig: Encoder, MambaConfig: Mamba,
    RecurrentConfig: Recurrent,
}  # fmt: skip


def network_class(config: AnyConfig) -> type[Network]:
    """The class of the network that `config` describes."""
    try:
        return NETWORKS[type(config)]
    except KeyError:
        raise ConfigError(f"there is no network for a {type(config).__name__}") from None
