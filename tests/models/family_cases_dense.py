"""Dense decoders, each in the forms that its files come in."""

from typing import Any

from tests.models.family_cases import causal

SIZES: dict[str, Any] = {
    "vocab_size": 67,
    "hidden_size": 48,
    "intermediate_size": 80,
    "num_hidden_layers": 3,
    "num_attention_heads": 6,
    "num_key_value_heads": 2,
    "max_position_embeddings": 64,
}
MULTI_QUERY = SIZES | {"num_key_value_heads": 1, "num_hidden_layers": 2, "vocab_size": 131}
MULTI_HEAD = {key: value for key, value in SIZES.items() if key != "num_key_value_heads"}
WIDE = {"head_dim": 20}  # heads that are not d_model / n_heads wide
FOUR = SIZES | {"num_hidden_layers": 4}


def rope(theta: float = 10_000.0, **values: Any) -> dict[str, Any]:
    return {"rope_parameters": {"rope_type": "default", "rope_theta": theta} | values}


GPT2 = {"vocab_size": 67, "n_positions": 40, "n_embd": 48, "n_layer": 2, "n_head": 6}
causal("gpt2", "gpt2", GPT2)
causal(
    "gpt2, narrow, exact GELU, untied",
    "gpt2",
    GPT2
    | {
        "n_inner": 40,
        "activation_function": "gelu",
        "layer_norm_epsilon": 1e-3,
        "tie_word_embeddings": False,
    },
)

NEOX = {**MULTI_HEAD, "intermediate_size": 100}
causal("gpt_neox", "gpt_neox", NEOX | rope(partial_rotary_factor=0.25) | {"hidden_size": 96})
causal(
    "gpt_neox, one after the other",
    "gpt_neox",
    NEOX | rope(partial_rotary_factor=1.0) | {"use_parallel_residual": False},
)
causal(
    "gpt_neox, no attention biases, tied",
    "gpt_neox",
    NEOX
    | rope(500.0, partial_rotary_factor=0.5)
    | {"attention_bias": False, "tie_word_embeddings": True, "hidden_act": "gelu_new"},
)

BLOOM = {"vocab_size": 67, "n_layer": 2}
causal("bloom", "bloom", BLOOM | {"hidden_size": 64, "n_head": 8})
causal("bloom, 6 heads", "bloom", BLOOM | {"hidden_size": 48, "n_head": 6})

MPT = {"vocab_size": 67, "n_layers": 2, "max_seq_len": 40}
causal("mpt", "mpt", MPT | {"d_model": 64, "n_heads": 4})
causal(
    "mpt, 12 heads, scaled, untied",
    "mpt",
    MPT | {"d_model": 48, "n_heads": 12, "attn_config": {"softmax_scale": 0.3}, "tie_word_embeddings": False},
)

causal("starcoder2", "starcoder2", SIZES | rope(1e5))
causal(
    "starcoder2, sliding, multi-query, no biases",
    "starcoder2",
    MULTI_QUERY | {"sliding_window": 5, "use_bias": False, "tie_word_embeddings": False},
)

causal("llama", "llama", SIZES)
causal(
    "llama, multi-query, wide heads, biases, tied",
    "llama",
    MULTI_QUERY | WIDE | {"attention_bias": True, "mlp_bias": True, "tie_word_embeddings": True},
)
causal(
    "llama, multi-head, GeGLU", "llama", MULTI_HEAD | rope(5e5) | {"hidden_act": "gelu", "rms_norm_eps": 1e-3}
)
causal(
    "llama 3.1's scaling",
    "llama",
    SIZES
    | rope(
        500.0,
        rope_type="llama3",
        factor=4.0,
        low_freq_factor=1.0,
        high_freq_factor=4.0,
        original_max_position_embeddings=16,
    ),
)
causal(
    "llama, yarn", "llama", SIZES | rope(rope_type="yarn", factor=4.0, original_max_position_embeddings=16)
)
causal(
    "llama, dynamic", "llama", SIZES | rope(rope_type="dynamic", factor=3.0) | {"max_position_embeddings": 12}
)

causal("mistral, sliding", "mistral", SIZES | {"sliding_window": 5})
causal("mistral, full, wide heads", "mistral", MULTI_QUERY | WIDE | {"sliding_window": None})

causal("qwen2", "qwen2", SIZES | rope(1e6))
causal(
    "qwen2, sliding from the second on",
    "qwen2",
    SIZES
    | {"use_sliding_window": True, "sliding_window": 6, "max_window_layers": 1, "tie_word_embeddings": True},
)
causal(
    "qwen2, yarn", "qwen2", SIZES | rope(rope_type="yarn", factor=2.0, original_max_position_embeddings=32)
)

causal("qwen3", "qwen3", SIZES | WIDE)
causal(
    "qwen3, biases, sliding, multi-query",
    "qwen3",
    MULTI_QUERY
    | {
        "head_dim": 8,
        "attention_bias": True,
        "use_sliding_window": True,
        "sliding_window": 4,
        "layer_types": ["sliding_attention", "full_attention"],
    },
)

causal("gemma", "gemma", SIZES | WIDE)
causal("gemma, multi-query, untied", "gemma", MULTI_QUERY | {"head_dim": 8, "tie_word_embeddings": False})
causal("gemma2", "gemma2", FOUR | WIDE | {"sliding_window": 5, "query_pre_attn_scalar": 144})
causal(
    "gemma2, softcaps that bite",
    "gemma2",
    FOUR
    | {
        "head_dim": 8,
        "sliding_window": 3,
        "attn_logit_softcapping": 1.5,
        "final_logit_softcapping": 2.0,
        "query_pre_attn_scalar": 8,
        "attention_bias": True,
    },
)
causal("gemma3", "gemma3_text", SIZES | WIDE | {"num_hidden_layers": 7, "sliding_window": 5})
causal(
    "gemma3, scaled, odd pattern",
    "gemma3_text",
    FOUR
    | {
        "head_dim": 8,
        "sliding_window": 4,
        "query_pre_attn_scalar": 30,
        "layer_types": ["full_attention", "sliding_attention", "sliding_attention", "full_attention"],
        "rope_parameters": {
            "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 1e6},
            "sliding_attention": {"rope_type": "default", "rope_theta": 500.0},
        },
    },
)

PHI3 = SIZES | {"original_max_position_embeddings": 64}
causal("phi3", "phi3", PHI3)
causal(
    "phi3, sliding, partly rotated",
    "phi3",
    PHI3 | rope(partial_rotary_factor=0.5) | {"sliding_window": 5, "tie_word_embeddings": True},
)
causal(
    "phi3, longrope",
    "phi3",
    PHI3
    | {"original_max_position_embeddings": 16}
    | rope(
        rope_type="longrope",
        original_max_position_embeddings=16,
        short_factor=[1.0, 1.1, 1.2, 1.5],
        long_factor=[1.0, 2.0, 3.0, 5.0],
    ),
)

causal("olmo", "olmo", SIZES)
causal("olmo2", "olmo2", SIZES)
causal(
    "olmo2, multi-query, tied", "olmo2", MULTI_QUERY | {"tie_word_embeddings": True, "attention_bias": True}
)
causal("olmo3", "olmo3", FOUR | {"sliding_window": 5})
OLMO3_YARN = {"rope_type": "yarn", "rope_theta": 5e5, "factor": 2.0, "original_max_position_embeddings": 32}
causal(
    "olmo3, full layers scaled",
    "olmo3",
    FOUR
    | {
        "sliding_window": 5,
        "rope_parameters": {
            "full_attention": OLMO3_YARN,
            "sliding_attention": {"rope_type": "default", "rope_theta": 5e5},
        },
    },
)

causal("smollm3", "smollm3", FOUR)
causal(
    "smollm3, every second unrotated, sliding",
    "smollm3",
    FOUR
    | {
        "no_rope_layer_interval": 2,
        "use_sliding_window": True,
        "sliding_window": 4,
        "attention_bias": True,
        "tie_word_embeddings": False,
    },
)

MULTIPLIERS = {"embedding_multiplier": 3.0, "residual_multiplier": 0.4, "logits_scaling": 2.5}
causal("granite", "granite", SIZES | MULTIPLIERS | {"attention_multiplier": 0.21})
causal("granite, all factors one, tied", "granite", MULTI_QUERY | {"tie_word_embeddings": True})
causal("stablelm", "stablelm", SIZES | rope(partial_rotary_factor=0.25) | {"hidden_size": 96})
causal(
    "stablelm, parallel, biases",
    "stablelm",
    MULTI_QUERY | rope(partial_rotary_factor=0.5) | {"use_parallel_residual": True, "use_qkv_bias": True},
)
causal("cohere", "cohere", SIZES)
causal(
    "cohere, scaled otherwise, biases",
    "cohere",
    MULTI_QUERY | rope(300.0) | {"logit_scale": 1.0, "attention_bias": True, "tie_word_embeddings": False},
)
causal("cohere2", "cohere2", SIZES | {"num_hidden_layers": 5, "sliding_window": 5})
causal(
    "cohere2, odd pattern",
    "cohere2",
    SIZES | {"sliding_window": 4, "layer_types": ["full_attention", "full_attention", "sliding_attention"]},
)
causal("phi", "phi", SIZES | rope(partial_rotary_factor=0.5))
causal("phi, multi-query, rotated whole", "phi", MULTI_QUERY | rope(partial_rotary_factor=1.0))
causal("gptj", "gptj", GPT2 | {"rotary_dim": 4})
causal("gptj, narrow, rotated whole", "gptj", GPT2 | {"rotary_dim": 8, "n_inner": 40})
causal("gpt_bigcode", "gpt_bigcode", GPT2)
causal("gpt_bigcode, narrow, untied", "gpt_bigcode", GPT2 | {"n_inner": 40, "tie_word_embeddings": False})
