"""The table of families: what the config keys and tensor names of other projects mean here.

A family is data (`core.py` says of what kind), in a file by kin.
"""

from llmworks.models.config import ModelConfig
from llmworks.models.encoder_config import EncoderConfig
from llmworks.models.family_table.core import REQUIRED, Family, Key, Tensors
from llmworks.models.family_table.deepseek import DEEPSEEK_V2, DEEPSEEK_V3
from llmworks.models.family_table.encoders import ENCODERS
from llmworks.models.family_table.gemma import GEMMA, GEMMA2, GEMMA3
from llmworks.models.family_table.gpt import BLOOM, GPT2, GPT_BIGCODE, GPT_J, GPT_NEOX, MPT, PHI, STARCODER2
from llmworks.models.family_table.layer_norm import COHERE, COHERE2, STABLELM
from llmworks.models.family_table.llama import (
    GRANITE,
    LLAMA,
    MISTRAL,
    OLMO,
    OLMO2,
    OLMO3,
    PHI3,
    QWEN2,
    QWEN3,
    SMOLLM3,
)
from llmworks.models.family_table.mixtures import GPT_OSS, MIXTRAL, OLMOE, QWEN2_MOE, QWEN3_MOE
from llmworks.models.family_table.recurrent import MAMBA
from llmworks.models.recurrent import MambaConfig
from llmworks.models.rnn import RecurrentConfig

__all__ = ["FAMILIES", "OURS", "REFUSED", "REQUIRED", "Family", "Key", "Tensors"]

OURS = Family(
    model_type="llmworks",
    architecture="Decoder",
    keys=tuple(
        Key(name, name, REQUIRED if info.is_required() else info.default)
        for name, info in ModelConfig.model_fields.items()
    ),
)

# The other kinds of network under our own name: for what no family says, such as a limit of a run.
OURS_ENCODER, OURS_MAMBA, OURS_RECURRENT = (
    Family(
        model_type=f"llmworks_{name.lower()}",
        architecture=name,
        keys=tuple(
            Key(field, field, REQUIRED if info.is_required() else info.default)
            for field, info in kind.model_fields.items()
        ),
        config=kind,
    )
    for name, kind in (("Encoder", EncoderConfig), ("Mamba", MambaConfig), ("Recurrent", RecurrentConfig))
)

# In the order in which a config is tried on them for writing where it does not say which it came from; OURS
# says everything, so it is last.
FAMILIES: tuple[Family, ...] = (
    LLAMA, MISTRAL, QWEN2, QWEN3, GEMMA, GEMMA2, GEMMA3, OLMO2, OLMO3, OLMO, SMOLLM3, PHI3,
    GRANITE, STABLELM, COHERE, COHERE2,
    GPT2, GPT_NEOX, STARCODER2, BLOOM, MPT, PHI, GPT_J, GPT_BIGCODE,
    MIXTRAL, QWEN2_MOE, QWEN3_MOE, OLMOE, DEEPSEEK_V2, DEEPSEEK_V3, GPT_OSS,
    *ENCODERS, MAMBA,
    OURS, OURS_ENCODER, OURS_MAMBA, OURS_RECURRENT,
)  # fmt: skip

REFUSED: dict[str, str] = {
    "gemma3": "it sees pictures too: only its text-only form, model_type 'gemma3_text', can be read",
}
"""What is known and cannot be run, with the reason and what to do."""
