"""Networks whose memory has a constant size: Mamba (Gu & Dao 2023)."""

from collections.abc import Mapping
from typing import Any

from llmworks.models.family_table.core import Computed, Family, Key, Tensors
from llmworks.models.family_table.gpt import both
from llmworks.models.recurrent import MambaConfig

LAYER = "backbone.layers.{i}"


def read_rank(hf: Mapping[str, Any]) -> dict[str, Any]:
    """`time_step_rank`: a number, or "auto" for a sixteenth of the width, which the config fills in."""
    rank = hf.get("time_step_rank", "auto")
    return {"dt_rank": None if rank == "auto" else int(rank)}


MAMBA = Family(
    model_type="mamba",
    architecture="MambaForCausalLM",
    keys=(
        Key("vocab_size", "vocab_size"),
        Key("d_model", "hidden_size", older=("d_model",)),
        Key("n_layers", "num_hidden_layers", older=("n_layer",)),
        Key("expand", "expand", 2),
        Key("d_state", "state_size", 16),
        Key("d_conv", "conv_kernel", 4),
        Computed(
            ("time_step_rank",), read_rank, lambda config: {"time_step_rank": config.dt_rank}, "dt_rank"
        ),
        Key("norm_eps", "layer_norm_epsilon", 1e-5),
        Key("bias", "use_bias", False),
        Key("conv_bias", "use_conv_bias", True),
        Key("residual_fp32", "residual_in_fp32", True),
        Key("tie_embeddings", "tie_word_embeddings", True),
        Key("init_std", "initializer_range", 0.1),
    ),
    must={"hidden_act": ("silu", "swish")},
    tensors=(
        Tensors("embed.weight", "backbone.embeddings.weight"),
        Tensors("blocks.{i}.norm.weight", f"{LAYER}.norm.weight"),
        *both("blocks.{i}.ssm.in_proj", f"{LAYER}.mixer.in_proj"),
        *both("blocks.{i}.ssm.conv", f"{LAYER}.mixer.conv1d"),
        Tensors("blocks.{i}.ssm.x_proj.weight", f"{LAYER}.mixer.x_proj.weight"),
        *both("blocks.{i}.ssm.dt_proj", f"{LAYER}.mixer.dt_proj"),
        Tensors("blocks.{i}.ssm.A_log", f"{LAYER}.mixer.A_log"),
        Tensors("blocks.{i}.ssm.D", f"{LAYER}.mixer.D"),
        *both("blocks.{i}.ssm.out", f"{LAYER}.mixer.out_proj"),
        Tensors("final_norm.weight", "backbone.norm_f.weight"),
        Tensors("unembed.weight", "lm_head.weight"),
    ),
    prefix="backbone.",
    config=MambaConfig,
)
