"""Tiny random models of every family that GGUF can hold, made by transformers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers as hf

VOCABULARY = 96

SIZES: dict[str, Any] = {
    "vocab_size": VOCABULARY, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 3,
    "num_attention_heads": 4, "max_position_embeddings": 128, "bos_token_id": 1, "eos_token_id": 2,
    "pad_token_id": 0,
}  # fmt: skip
GROUPED = SIZES | {"num_key_value_heads": 2}
EXPERTS = GROUPED | {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 32}
LATENT = SIZES | {
    "num_key_value_heads": 4, "n_routed_experts": 8, "num_experts_per_tok": 2, "moe_intermediate_size": 32,
    "n_shared_experts": 1, "first_k_dense_replace": 1, "kv_lora_rank": 32, "q_lora_rank": 24,
    "qk_rope_head_dim": 16, "qk_nope_head_dim": 16, "v_head_dim": 24,
}  # fmt: skip
GPT = {"vocab_size": VOCABULARY, "n_layer": 3, "n_head": 4, "bos_token_id": 1, "eos_token_id": 2}
LLAMA3 = {
    "rope_type": "llama3", "rope_theta": 10_000.0, "factor": 8.0, "low_freq_factor": 1.0,
    "high_freq_factor": 4.0, "original_max_position_embeddings": 32,
}  # fmt: skip
YARN = {"rope_type": "yarn", "rope_theta": 10_000.0, "factor": 4.0, "original_max_position_embeddings": 32}

Made = tuple[Any, type[Any]]

FAMILIES: dict[str, Callable[[], Made]] = {
    "llama": lambda: (hf.LlamaConfig(**GROUPED, rms_norm_eps=1e-5), hf.LlamaForCausalLM),
    "llama, tied, biases": lambda: (
        hf.LlamaConfig(**GROUPED, tie_word_embeddings=True, attention_bias=True, mlp_bias=True),
        hf.LlamaForCausalLM,
    ),
    "llama, llama3 rope": lambda: (hf.LlamaConfig(**GROUPED, rope_parameters=LLAMA3), hf.LlamaForCausalLM),
    "llama, yarn": lambda: (hf.LlamaConfig(**GROUPED, rope_parameters=YARN), hf.LlamaForCausalLM),
    "llama, linear rope": lambda: (
        hf.LlamaConfig(**GROUPED, rope_parameters={"rope_type": "linear", "rope_theta": 1e4, "factor": 2.0}),
        hf.LlamaForCausalLM,
    ),
    "mistral": lambda: (hf.MistralConfig(**GROUPED, head_dim=32, sliding_window=None), hf.MistralForCausalLM),
    "mixtral": lambda: (
        hf.MixtralConfig(**GROUPED, num_local_experts=4, num_experts_per_tok=2, sliding_window=None),
        hf.MixtralForCausalLM,
    ),
    "qwen2": lambda: (hf.Qwen2Config(**GROUPED), hf.Qwen2ForCausalLM),
    "qwen3": lambda: (hf.Qwen3Config(**GROUPED, head_dim=32), hf.Qwen3ForCausalLM),
    "qwen2moe": lambda: (
        hf.Qwen2MoeConfig(**EXPERTS, shared_expert_intermediate_size=64, norm_topk_prob=False),
        hf.Qwen2MoeForCausalLM,
    ),
    "qwen3moe": lambda: (
        hf.Qwen3MoeConfig(**EXPERTS, head_dim=16, norm_topk_prob=True), hf.Qwen3MoeForCausalLM
    ),
    "phi3": lambda: (hf.Phi3Config(**GROUPED, sliding_window=None), hf.Phi3ForCausalLM),
    "olmo2": lambda: (hf.Olmo2Config(**GROUPED), hf.Olmo2ForCausalLM),
    "gemma": lambda: (
        hf.GemmaConfig(**GROUPED, head_dim=32, hidden_act="gelu_pytorch_tanh"), hf.GemmaForCausalLM
    ),
    "gemma2": lambda: (
        hf.Gemma2Config(**GROUPED, head_dim=32, query_pre_attn_scalar=32, sliding_window=16),
        hf.Gemma2ForCausalLM,
    ),
    "gemma3": lambda: (
        hf.Gemma3TextConfig(
            **GROUPED | {"num_hidden_layers": 7}, head_dim=32, query_pre_attn_scalar=32, sliding_window=16
        ),
        hf.Gemma3ForCausalLM,
    ),
    "gpt2": lambda: (hf.GPT2Config(**GPT, n_embd=64, n_positions=128), hf.GPT2LMHeadModel),
    "gptneox": lambda: (hf.GPTNeoXConfig(**SIZES, rotary_pct=0.5), hf.GPTNeoXForCausalLM),
    "gptneox, in series": lambda: (
        hf.GPTNeoXConfig(**SIZES, use_parallel_residual=False), hf.GPTNeoXForCausalLM
    ),
    "bloom": lambda: (hf.BloomConfig(**GPT, hidden_size=64, seq_length=128), hf.BloomForCausalLM),
    "mpt": lambda: (
        hf.MptConfig(vocab_size=VOCABULARY, d_model=64, n_layers=3, n_heads=4, max_seq_len=128),
        hf.MptForCausalLM,
    ),
    "deepseek2": lambda: (
        hf.DeepseekV2Config(**LATENT, topk_method="greedy", n_group=1, topk_group=1, norm_topk_prob=False),
        hf.DeepseekV2ForCausalLM,
    ),
    "deepseek2, yarn": lambda: (
        hf.DeepseekV2Config(
            **LATENT, topk_method="greedy", n_group=1, topk_group=1,
            rope_parameters=YARN | {"mscale": 0.707, "mscale_all_dim": 0.707},
        ),
        hf.DeepseekV2ForCausalLM,
    ),
    "deepseek3": lambda: (hf.DeepseekV3Config(**LATENT, n_group=2, topk_group=1), hf.DeepseekV3ForCausalLM),
    "gpt-oss": lambda: (
        hf.GptOssConfig(
            **GROUPED, head_dim=32, num_local_experts=4, num_experts_per_tok=2, sliding_window=16,
            rope_parameters={"rope_type": "default", "rope_theta": 150_000.0},
        ),
        hf.GptOssForCausalLM,
    ),
    "gpt-oss, yarn": lambda: (
        hf.GptOssConfig(
            **GROUPED, head_dim=32, num_local_experts=4, num_experts_per_tok=2, sliding_window=16,
            rope_parameters=YARN | {"beta_fast": 32.0, "beta_slow": 1.0, "truncate": False},
        ),
        hf.GptOssForCausalLM,
    ),
    "olmoe": lambda: (
        hf.OlmoeConfig(**SIZES, num_experts=4, num_experts_per_tok=2, norm_topk_prob=False),
        hf.OlmoeForCausalLM,
    ),
    "mamba": lambda: (
        hf.MambaConfig(
            vocab_size=VOCABULARY, hidden_size=64, num_hidden_layers=3, bos_token_id=1, eos_token_id=2,
            pad_token_id=0,
        ),
        hf.MambaForCausalLM,
    ),
    "starcoder2": lambda: (hf.Starcoder2Config(**GROUPED, sliding_window=None), hf.Starcoder2ForCausalLM),
}  # fmt: skip


def ids() -> torch.Tensor:
    """[1, 40]."""
    return torch.randint(0, VOCABULARY, (1, 40), generator=torch.Generator().manual_seed(3))


def make(name: str, folder: Path) -> tuple[Path, torch.Tensor]:
    """A saved folder of that family, and the reference's logits [T, V] of `ids`."""
    torch.manual_seed(0)
    config, network = FAMILIES[name]()
    model = network(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            # Biases and norms off their zeros and ones, matrices wide enough that each part tells.
            if parameter.dim() == 1:
                parameter.add_(torch.randn_like(parameter) * 0.2)
            else:
                parameter.mul_(3)
        logits = model(ids()).logits[0]
    model.save_pretrained(folder)
    return folder, logits
