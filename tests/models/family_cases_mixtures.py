"""Mixtures of experts and latent attention, each in the forms that its files come in."""

from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM

from tests.models.family_cases import NO_IDS, Case, register
from tests.models.family_cases_dense import SIZES, rope

LENGTHS = (1, 7, 33)
YARN = {
    "rope_type": "yarn", "rope_theta": 10_000.0, "factor": 4.0, "original_max_position_embeddings": 16,
    "beta_fast": 32.0, "beta_slow": 1.0,
}  # fmt: skip


# Their grouped products want sizes that are multiples of 4.
PLAINLY = {"attn_implementation": "eager", "experts_implementation": "eager"}


def mixture(name: str, model_type: str, values: dict[str, Any]) -> None:
    """Registers a case. The correction of V3's choice is a buffer, which is drawn here."""

    def build() -> Any:
        config = AutoConfig.for_model(model_type, **NO_IDS | values)
        model = AutoModelForCausalLM.from_config(config, **PLAINLY)
        for buffer_name, buffer in model.named_buffers():
            if buffer_name.endswith("e_score_correction_bias"):
                buffer.copy_(0.3 * torch.randn(buffer.shape))
        return model

    register(Case(name, build, lengths=LENGTHS, options=PLAINLY))


MIXTRAL = SIZES | rope(1e6) | {"num_local_experts": 5, "num_experts_per_tok": 2}
mixture("mixtral", "mixtral", MIXTRAL)
mixture(
    "mixtral, sliding, one of three, wide heads",
    "mixtral",
    MIXTRAL | {"sliding_window": 5, "head_dim": 20, "num_local_experts": 3, "num_experts_per_tok": 1},
)

QWEN = SIZES | {"num_experts": 7, "num_experts_per_tok": 3, "moe_intermediate_size": 13}
QWEN2 = QWEN | {"shared_expert_intermediate_size": 22}
mixture("qwen2_moe", "qwen2_moe", QWEN2)
mixture(
    "qwen2_moe, normalised, every second layer dense, no biases",
    "qwen2_moe",
    QWEN2
    | {"norm_topk_prob": True, "decoder_sparse_step": 2, "qkv_bias": False, "tie_word_embeddings": True},
)
mixture(
    "qwen2_moe, sliding layers",
    "qwen2_moe",
    QWEN2 | {"use_sliding_window": True, "sliding_window": 6, "max_window_layers": 2},
)
mixture("qwen3_moe", "qwen3_moe", QWEN | {"head_dim": 10, "norm_topk_prob": True})
mixture(
    "qwen3_moe, some layers dense, sliding, biases",
    "qwen3_moe",
    QWEN
    | {"head_dim": 12, "mlp_only_layers": [1], "attention_bias": True, "use_sliding_window": True}
    | {"sliding_window": 6},
)

OLMOE = SIZES | {"num_experts": 6, "num_experts_per_tok": 2}
mixture("olmoe", "olmoe", OLMOE)
mixture("olmoe, normalised, tied", "olmoe", OLMOE | {"norm_topk_prob": True, "tie_word_embeddings": True})

LATENT = {
    "num_key_value_heads": 6, "q_lora_rank": 14, "kv_lora_rank": 12, "qk_rope_head_dim": 6,
    "qk_nope_head_dim": 10, "v_head_dim": 14,
}  # fmt: skip
DEEPSEEK = (
    SIZES
    | LATENT
    | {"n_routed_experts": 12, "num_experts_per_tok": 3, "moe_intermediate_size": 14, "n_shared_experts": 2}
)
V2 = DEEPSEEK | {"first_k_dense_replace": 1, "routed_scaling_factor": 1.7}
mixture("deepseek_v2", "deepseek_v2", V2)
mixture(
    "deepseek_v2, groups, straight queries",
    "deepseek_v2",
    V2
    | {"topk_method": "group_limited_greedy", "n_group": 4, "topk_group": 2, "q_lora_rank": None}
    | {"first_k_dense_replace": 0},
)
mixture(
    "deepseek_v2, YaRN, biases",
    "deepseek_v2",
    V2
    | {"rope_parameters": YARN | {"mscale": 0.707, "mscale_all_dim": 0.707}}
    | {"attention_bias": True, "mlp_bias": True},
)
mixture(
    "deepseek_v2, YaRN with two scales",
    "deepseek_v2",
    V2 | {"rope_parameters": YARN | {"mscale": 1.3, "mscale_all_dim": 0.6}},
)


V3 = DEEPSEEK | {"n_group": 4, "topk_group": 2, "first_k_dense_replace": 1}
mixture("deepseek_v3", "deepseek_v3", V3)
mixture(
    "deepseek_v3, one group, raw weights, straight queries",
    "deepseek_v3",
    V3
    | {
        "n_group": 1,
        "topk_group": 1,
        "first_k_dense_replace": 2,
        "norm_topk_prob": False,
        "q_lora_rank": None,
    },
)
mixture(
    "deepseek_v3, YaRN, halves for pairs, biases",
    "deepseek_v3",
    V3
    | {"rope_parameters": YARN | {"mscale": 1.0, "mscale_all_dim": 1.0}}
    | {"rope_interleave": False, "attention_bias": True},
)

GPT_OSS = SIZES | {"num_local_experts": 6, "num_experts_per_tok": 3, "sliding_window": 6, "head_dim": 12}
GPT_OSS |= {"swiglu_limit": 0.7, "intermediate_size": 27}
mixture(
    "gpt_oss", "gpt_oss", GPT_OSS | {"rope_parameters": YARN | {"rope_theta": 150_000.0, "truncate": False}}
)
mixture(
    "gpt_oss, no attention biases, all layers full",
    "gpt_oss",
    GPT_OSS | rope(150_000.0) | {"attention_bias": False, "layer_types": ["full_attention"] * 3},
)
