"""Architectures whose tensors are cut otherwise than in a folder: DeepSeek 2 and 3, GPT-OSS; OLMoE; Mamba."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from llmworks.errors import PackageError
from llmworks.packages.gguf.architecture import Architecture, Facts, Merged, Names
from llmworks.packages.gguf.changes import HF, NEGATIVE_EXP, SQUEEZED, Change
from llmworks.packages.gguf.rows_llama import (
    MLP,
    PRE_NORMS,
    QWEN_EXPERTS,
    attention,
    ends,
    in_blocks,
    no_window,
    qk_norms,
    read_kin,
    write_experts,
    write_kin,
)

SOFTMAX, SIGMOID = 1, 2  # expert_gating_func
YARN_MSCALE = 0.1  # rope.scaling.yarn_log_multiplier is this times mscale_all_dim


# --- DeepSeek: keys and values unfold from one small vector; llama.cpp keeps the two unfoldings apart -----


def split_kv(tensor: Tensor, hf: HF) -> tuple[Tensor, ...]:
    """[H·(nope + value), rank] → keys [H, rank, nope], values [H, value, rank]."""
    nope, value = hf["qk_nope_head_dim"], hf["v_head_dim"]
    heads = tensor.reshape(hf["num_attention_heads"], nope + value, -1)
    return heads[:, :nope].transpose(1, 2), heads[:, nope:]


def join_kv(parts: list[Tensor], hf: HF) -> Tensor:
    keys, values = parts
    return torch.cat([keys.transpose(1, 2), values], dim=1).flatten(0, 1)


def read_deepseek(facts: Facts) -> dict[str, Any]:
    hf = read_kin(facts)
    del hf["head_dim"]
    rotated = facts.integer("rope.dimension_count")
    key = facts.get("attention.key_length_mla") or facts.integer("attention.key_length")
    value = facts.get("attention.value_length_mla") or facts.integer("attention.value_length")
    hf |= {
        "num_key_value_heads": hf["num_attention_heads"],
        "q_lora_rank": facts.get("attention.q_lora_rank"),
        "kv_lora_rank": facts.integer("attention.kv_lora_rank"),
        "qk_rope_head_dim": rotated,
        "qk_nope_head_dim": key - rotated,
        "v_head_dim": value,
        "n_routed_experts": facts.integer("expert_count"),
        "num_experts_per_tok": facts.integer("expert_used_count"),
        "moe_intermediate_size": facts.integer("expert_feed_forward_length"),
        "n_shared_experts": facts.integer("expert_shared_count", 0),
        "routed_scaling_factor": facts.real("expert_weights_scale", 1.0),
        "first_k_dense_replace": facts.integer("leading_dense_block_count", 0),
        "n_group": facts.integer("expert_group_count", 1),
        "topk_group": facts.integer("expert_group_used_count", 1),
        "norm_topk_prob": bool(facts.get("expert_weights_norm", False)),
    }
    if hf["rope_scaling"] is not None and facts.get("rope.scaling.yarn_log_multiplier") is not None:
        mscale = round(facts.real("rope.scaling.yarn_log_multiplier") / YARN_MSCALE, 6)
        hf["rope_scaling"] |= {"mscale": mscale, "mscale_all_dim": mscale}
    return hf


def read_deepseek2(facts: Facts) -> dict[str, Any]:
    hf = read_deepseek(facts)
    grouped = hf["n_group"] > 1
    return hf | {"topk_method": "group_limited_greedy" if grouped else "greedy", "scoring_func": "softmax"}


def read_deepseek3(facts: Facts) -> dict[str, Any]:
    return read_deepseek(facts) | {
        "topk_method": "noaux_tc", "scoring_func": "sigmoid", "rope_interleave": True,
    }  # fmt: skip


def write_deepseek(config: Any) -> dict[str, Any]:
    latent, bank, scaling = config.latent, config.experts, config.rope_scaling
    if bank is None:
        raise PackageError("a DeepSeek model without experts has no words in GGUF.")
    dense = next((i for i in range(config.n_layers) if i not in bank.dense_layers), config.n_layers)
    keys = write_kin(config) | write_experts(config) | {
        "attention.head_count_kv": 1,
        "attention.key_length": latent.kv_rank + latent.d_rope,
        "attention.value_length": latent.kv_rank,
        "attention.key_length_mla": latent.d_nope + latent.d_rope,
        "attention.value_length_mla": latent.d_value,
        "attention.kv_lora_rank": latent.kv_rank,
        "rope.dimension_count": latent.d_rope,
        "leading_dense_block_count": dense,
        "expert_feed_forward_length": bank.d_expert,
        "expert_shared_count": bank.n_shared,
        "expert_weights_scale": float(bank.scale),
        "expert_weights_norm": bank.normalise,
        "expert_gating_func": SIGMOID if bank.router == "sigmoid" else SOFTMAX,
    }  # fmt: skip
    if latent.q_rank is not None:
        keys["attention.q_lora_rank"] = latent.q_rank
    if bank.n_groups > 1:
        keys |= {"expert_group_count": bank.n_groups, "expert_group_used_count": bank.top_groups}
    if scaling is not None and scaling.mscale_all_dim is not None:
        keys["rope.scaling.yarn_log_multiplier"] = YARN_MSCALE * scaling.mscale_all_dim
    return keys


def is_sigmoid(facts: Facts) -> bool:
    return bool(facts.get("expert_gating_func", SOFTMAX) == SIGMOID)


DEEPSEEK_TENSORS = (
    *ends(), *PRE_NORMS, *MLP,
    *in_blocks(
        ("attn_q", "self_attn.q_proj"), ("attn_q_a", "self_attn.q_a_proj"),
        ("attn_q_a_norm", "self_attn.q_a_layernorm"), ("attn_q_b", "self_attn.q_b_proj"),
        ("attn_kv_a_mqa", "self_attn.kv_a_proj_with_mqa"), ("attn_kv_a_norm", "self_attn.kv_a_layernorm"),
        ("attn_kv_b", "self_attn.kv_b_proj"), ("attn_output", "self_attn.o_proj"),
        ("ffn_gate_shexp", "mlp.shared_experts.gate_proj"), ("ffn_up_shexp", "mlp.shared_experts.up_proj"),
        ("ffn_down_shexp", "mlp.shared_experts.down_proj"),
    ),
    *QWEN_EXPERTS,
    Names("blk.{i}.exp_probs_b.bias", "model.layers.{i}.mlp.gate.e_score_correction_bias", exact=True),
)  # fmt: skip
KV = Merged(
    ("blk.{i}.attn_k_b.weight", "blk.{i}.attn_v_b.weight"), "model.layers.{i}.self_attn.kv_b_proj.weight",
    split_kv, join_kv,
)  # fmt: skip
DEEPSEEK_V2 = Architecture(
    "deepseek2", "deepseek_v2", "DeepseekV2ForCausalLM", DEEPSEEK_TENSORS, read_deepseek2, write_deepseek,
    applies=lambda facts: not is_sigmoid(facts), merged=(KV,),
)  # fmt: skip
DEEPSEEK_V3 = Architecture(
    "deepseek2", "deepseek_v3", "DeepseekV3ForCausalLM", DEEPSEEK_TENSORS, read_deepseek3, write_deepseek,
    applies=is_sigmoid, merged=(KV,),
)  # fmt: skip


# --- GPT-OSS: gate and up take turns in one matrix, kept as [inputs, outputs] -----------------------------


def split_turns(tensor: Tensor, hf: HF) -> tuple[Tensor, ...]:
    """[E, D, 2·F] → gate and up, [E, F, D] each; biases [E, 2·F] → [E, F]."""
    rows = tensor.transpose(1, 2) if tensor.dim() == 3 else tensor
    return rows[:, ::2], rows[:, 1::2]


def join_turns(parts: list[Tensor], hf: HF) -> Tensor:
    rows = torch.stack(parts, dim=2).flatten(1, 2)
    return rows.transpose(1, 2) if rows.dim() == 3 else rows


TURNED = Change(lambda tensor, hf: tensor.transpose(1, 2), lambda tensor, hf: tensor.transpose(1, 2))


def read_gpt_oss(facts: Facts) -> dict[str, Any]:
    hf = read_kin(facts)
    if hf["rope_scaling"] is not None:
        hf["rope_scaling"]["truncate"] = False
    else:  # else the family's own scaling would be meant
        hf["rope_parameters"] = {"rope_type": "default", "rope_theta": hf["rope_theta"]}
    return hf | {
        "intermediate_size": facts.integer("expert_feed_forward_length"),
        "num_local_experts": facts.integer("expert_count"),
        "num_experts_per_tok": facts.integer("expert_used_count"),
        "sliding_window": facts.integer("attention.sliding_window"),
        "attention_bias": facts.has("blk.0.attn_q.bias"),
    }


def write_gpt_oss(config: Any) -> dict[str, Any]:
    return write_kin(config) | write_experts(config) | {
        "expert_feed_forward_length": config.experts.d_expert,
        "attention.sliding_window": config.sliding_window or 0,
    }  # fmt: skip


BANK = "model.layers.{i}.mlp.experts."
GPT_OSS = Architecture(
    "gpt-oss", "gpt_oss", "GptOssForCausalLM",
    (
        *ends(), *attention(),
        *in_blocks(
            ("attn_norm", "input_layernorm"), ("post_attention_norm", "post_attention_layernorm"),
            ("ffn_gate_inp", "mlp.router"),
        ),
        Names("blk.{i}.attn_sinks.weight", "model.layers.{i}.self_attn.sinks", exact=True),
        Names("blk.{i}.ffn_down_exps.weight", BANK + "down_proj", TURNED, exact=True),
        Names("blk.{i}.ffn_down_exps.bias", BANK + "down_proj_bias", exact=True),
    ),
    read_gpt_oss, write_gpt_oss,
    merged=(
        Merged(
            ("blk.{i}.ffn_gate_exps.weight", "blk.{i}.ffn_up_exps.weight"), BANK + "gate_up_proj",
            split_turns, join_turns,
        ),
        Merged(
            ("blk.{i}.ffn_gate_exps.bias", "blk.{i}.ffn_up_exps.bias"), BANK + "gate_up_proj_bias",
            split_turns, join_turns,
        ),
    ),
)  # fmt: skip


# --- OLMoE, Mamba ----------------------------------------------------------------------------------------


def read_olmoe(facts: Facts) -> dict[str, Any]:
    return read_kin(facts) | {
        "num_experts": facts.integer("expert_count"),
        "num_experts_per_tok": facts.integer("expert_used_count"),
        "norm_topk_prob": False,
    }


def write_olmoe(config: Any) -> dict[str, Any]:
    no_window(config)
    return write_kin(config) | write_experts(config) | {"feed_forward_length": config.experts.d_expert}


OLMOE = Architecture(
    "olmoe", "olmoe", "OlmoeForCausalLM",
    (*ends(), *PRE_NORMS, *attention(), *qk_norms(), *QWEN_EXPERTS), read_olmoe, write_olmoe,
)  # fmt: skip


def read_mamba(facts: Facts) -> dict[str, Any]:
    width = facts.integer("embedding_length")
    if width < 1 or facts.integer("ssm.inner_size") % width:
        raise facts.fault("ssm.inner_size", facts.get("ssm.inner_size"), "a multiple of embedding_length")
    return {
        "vocab_size": facts.shape("token_embd.weight")[0],
        "hidden_size": width,
        "num_hidden_layers": facts.integer("block_count"),
        "expand": facts.integer("ssm.inner_size") // width,
        "intermediate_size": facts.integer("ssm.inner_size"),
        "state_size": facts.integer("ssm.state_size"),
        "conv_kernel": facts.integer("ssm.conv_kernel"),
        "time_step_rank": facts.integer("ssm.time_step_rank"),
        "layer_norm_epsilon": facts.real("attention.layer_norm_rms_epsilon"),
        "use_conv_bias": facts.has("blk.0.ssm_conv1d.bias"),
        "use_bias": facts.has("blk.0.ssm_in.bias"),
        "tie_word_embeddings": not facts.has("output.weight"),
    }


def write_mamba(config: Any) -> dict[str, Any]:
    return {
        "vocab_size": config.vocab_size,
        "context_length": 2**20,  # which the network does not bound; llama.cpp wants a number
        "embedding_length": config.d_model,
        "block_count": config.n_layers,
        "feed_forward_length": 0,
        "attention.head_count": 0,
        "attention.layer_norm_rms_epsilon": float(config.norm_eps),
        "ssm.inner_size": config.d_inner,
        "ssm.state_size": config.d_state,
        "ssm.conv_kernel": config.d_conv,
        "ssm.time_step_rank": config.dt_rank,
        "ssm.dt_b_c_rms": False,
    }


MIXER = "backbone.layers.{i}.mixer."
MAMBA = Architecture(
    "mamba", "mamba", "MambaForCausalLM",
    (
        Names("token_embd", "backbone.embeddings"), Names("output_norm", "backbone.norm_f"),
        Names("output", "lm_head"), Names("blk.{i}.attn_norm", "backbone.layers.{i}.norm"),
        Names("blk.{i}.ssm_in", MIXER + "in_proj"), Names("blk.{i}.ssm_x", MIXER + "x_proj"),
        Names("blk.{i}.ssm_dt", MIXER + "dt_proj"), Names("blk.{i}.ssm_out", MIXER + "out_proj"),
        Names("blk.{i}.ssm_conv1d.weight", MIXER + "conv1d.weight", SQUEEZED, exact=True),
        Names("blk.{i}.ssm_conv1d.bias", MIXER + "conv1d.bias", exact=True),
        Names("blk.{i}.ssm_a", MIXER + "A_log", NEGATIVE_EXP, exact=True),
        Names("blk.{i}.ssm_d", MIXER + "D", exact=True),
    ),
    read_mamba, write_mamba, prefix="backbone.",
)  # fmt: skip

ROWS = (DEEPSEEK_V2, DEEPSEEK_V3, GPT_OSS, OLMOE, MAMBA)
