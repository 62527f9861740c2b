"""What can be told of a model without its weights: configs alone, packages, GGUF files, other families."""

import json
from pathlib import Path
from typing import Any

import pytest

from llmworks.errors import LLMWorksError, PackageError
from llmworks.packages.gguf.export import export_gguf
from llmworks.packages.package import Package
from llmworks.packages.survey import survey
from tests.support import tiny_package

LLAMA_3_8B = {
    "model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 128_256, "hidden_size": 4096,
    "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
    "intermediate_size": 14_336, "max_position_embeddings": 8192, "rope_theta": 500_000.0,
}  # fmt: skip


def write(folder: Path, config: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def test_a_config_alone(tmp_path: Path) -> None:
    folder = write(tmp_path, LLAMA_3_8B)
    for name in (folder, folder / "config.json"):
        found = survey(str(name))
        assert found.anatomy.total == 8_030_261_248
        assert found.anatomy.per_block == 218_112_000
        assert (found.family, found.longest, found.package, found.stored_bytes) == ("llama", 8192, None, None)
    assert survey(str(folder), 100).anatomy.context == 100


def test_packed_weights_count_as_what_they_stand_for(tmp_path: Path) -> None:
    packed = LLAMA_3_8B | {"quantization_config": {"quant_method": "gptq", "bits": 4}}
    found = survey(str(write(tmp_path, packed)))
    assert found.anatomy.total == 8_030_261_248
    assert any("gptq" in note for note in found.notes)


def test_a_package_and_its_gguf_file_say_the_same(tmp_path: Path) -> None:
    folder = tiny_package(tmp_path)
    found = survey(str(folder))
    assert found.package is not None
    assert found.package.tokenizer is not None
    assert found.anatomy.total == sum(p.numel() for p in found.package.load_model().parameters())
    export_gguf(Package.load(folder), tmp_path / "tiny.gguf", "q8_0")
    as_file = survey(str(tmp_path / "tiny.gguf"))
    assert as_file.anatomy.parts() == found.anatomy.parts()
    assert as_file.anatomy.flops_per_token == found.anatomy.flops_per_token
    assert as_file.anatomy.kv_bytes_per_token == found.anatomy.kv_bytes_per_token
    assert sum(as_file.stored_types.values()) == found.anatomy.total
    assert as_file.stored_bytes is not None
    assert as_file.stored_bytes < 1.2 * found.anatomy.total


def test_a_gguf_file_of_an_unknown_architecture_is_counted_by_names(tmp_path: Path) -> None:
    gguf = pytest.importorskip("gguf")
    import numpy as np

    file = gguf.GGUFWriter(tmp_path / "odd.gguf", "novelty")
    file.add_block_count(2)
    file.add_context_length(64)
    file.add_embedding_length(8)
    file.add_head_count(4)
    file.add_head_count_kv(2)
    file.add_expert_count(6)
    file.add_expert_used_count(2)
    for name, shape in {
        "token_embd.weight": (30, 8), "output_norm.weight": (8,), "output.weight": (30, 8),
        **{f"blk.{i}.attn_q.weight": (8, 8) for i in (0, 1)},
        **{f"blk.{i}.ffn_up_exps.weight": (6, 10, 8) for i in (0, 1)},
    }.items():  # fmt: skip
        file.add_tensor(name, np.zeros(shape, np.float32))
    file.write_header_to_file()
    file.write_kv_data_to_file()
    file.write_tensors_to_file()
    file.close()
    found = survey(str(tmp_path / "odd.gguf"))
    parts = {"embedding": 240, "attention": 128, "mlp": 0, "experts": 960, "norms": 8, "head": 240}
    assert found.anatomy.parts() == parts
    assert found.anatomy.active == found.anatomy.total - 640
    assert found.anatomy.kv_bytes_per_token == 2 * 2 * 2 * 2 * 2
    assert (found.config, found.family, found.anatomy.context) == (None, "novelty", 64)
    assert "by the names of its tensors" in found.notes[0]


FOREIGN: dict[str, dict[str, Any]] = {
    "nemotron": {"hidden_size": 32, "num_attention_heads": 4, "num_key_value_heads": 2},
    "granitemoe": {
        "hidden_size": 32,
        "num_attention_heads": 4,
        "num_local_experts": 6,
        "num_experts_per_tok": 2,
    },
    "qwen3_next": {"hidden_size": 32, "num_attention_heads": 4, "num_experts": 8, "num_experts_per_tok": 2},
    "t5": {"d_model": 32, "num_heads": 4, "num_layers": 2},
    "falcon": {"hidden_size": 32, "num_attention_heads": 4, "num_hidden_layers": 2},
}


@pytest.mark.parametrize("model_type", FOREIGN)
def test_other_families_as_transformers_builds_them(model_type: str, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    values = {"vocab_size": 60, "num_hidden_layers": 2, "intermediate_size": 40} | FOREIGN[model_type]
    config = transformers.AutoConfig.for_model(model_type, **values)
    auto = transformers.AutoModel if model_type == "t5" else transformers.AutoModelForCausalLM
    theirs = auto.from_config(config)
    name = type(theirs).__name__
    found = survey(str(write(tmp_path, config.to_dict() | {"architectures": [name]})))
    assert found.config is None
    assert found.anatomy.total == theirs.num_parameters()
    assert found.anatomy.parts().get("other", 0) == 0
    bank = sum(p.numel() for n, p in theirs.named_parameters() if "experts." in n or "_linear.weight" in n)
    assert found.anatomy.parts().get("experts", 0) == bank
    chosen, count = values.get("num_experts_per_tok", 1), values.get("num_experts", 6)
    idle = bank - bank * chosen // count
    assert found.anatomy.active == theirs.num_parameters() - idle
    kinds = {"nemotron": "GQA", "falcon": "MQA", "granitemoe": "MHA"}
    if model_type in kinds:
        assert [cache.kind for cache in found.anatomy.caches] == [kinds[model_type]]


HOSTILE: list[dict[str, Any]] = [
    {},
    {"model_type": "nonsense"},
    {"model_type": 7},
    {"model_type": ["llama"]},
    LLAMA_3_8B | {"num_hidden_layers": 10**9},
    LLAMA_3_8B | {"num_hidden_layers": "many"},
    LLAMA_3_8B | {"hidden_size": -1},
    LLAMA_3_8B | {"hidden_size": 4097},
    LLAMA_3_8B | {"max_position_embeddings": 10**12},
    LLAMA_3_8B | {"rope_scaling": 3},
    {"model_type": "mixtral", "hidden_size": 8, "num_attention_heads": 2, "intermediate_size": 1e300},
    {"model_type": "nemotron", "num_hidden_layers": 10**8},
    {"model_type": "nemotron", "hidden_size": "x"},
    {"model_type": "nemotron", "architectures": ["os"], "num_attention_heads": 0},
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_configs_are_refused_in_words(number: int, tmp_path: Path) -> None:
    with pytest.raises(LLMWorksError) as told:
        survey(str(write(tmp_path, HOSTILE[number])))
    assert "config.json" in str(told.value)


def test_a_huge_mixture_is_counted_without_its_experts_one_by_one(tmp_path: Path) -> None:
    """65,536 experts in each of 4,096 blocks: 2¹² · 2¹⁶ tensors if each were laid out."""
    config = {
        "model_type": "qwen3_moe", "hidden_size": 64, "num_hidden_layers": 4096, "num_attention_heads": 2,
        "num_key_value_heads": 1, "intermediate_size": 64, "moe_intermediate_size": 32, "vocab_size": 100,
        "num_experts": 65_536, "num_experts_per_tok": 4, "head_dim": 32,
    }  # fmt: skip
    found = survey(str(write(tmp_path, config)))
    assert found.anatomy.experts == 4096 * 65_536 * 3 * 64 * 32


def test_broken_gguf_files_are_refused(tmp_path: Path) -> None:
    for number, data in enumerate((b"GGUF", b"GGUF" + bytes(40), b"GGUF\3\0\0\0" + b"\xff" * 16)):
        file = tmp_path / f"{number}.gguf"
        file.write_bytes(data)
        with pytest.raises(PackageError):
            survey(str(file))


def test_of_a_model_on_the_hub_its_config_alone_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import huggingface_hub

    asked = []

    def fetch(name: str, file: str) -> str:
        asked.append((name, file))
        return str(write(tmp_path, LLAMA_3_8B) / file)

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", fetch)
    assert survey("someone/something").anatomy.total == 8_030_261_248
    assert asked == [("someone/something", "config.json")]
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", lambda name, file: 1 / 0)
    with pytest.raises(PackageError, match="cannot be fetched"):
        survey("someone/something")


YARN_V3 = {
    "beta_fast": 32, "beta_slow": 1, "factor": 40, "mscale": 1.0, "mscale_all_dim": 1.0,
    "original_max_position_embeddings": 4096, "type": "yarn",
}  # fmt: skip
DEEPSEEK_R1 = {
    "architectures": ["DeepseekV3ForCausalLM"], "attention_bias": False, "attention_dropout": 0.0,
    "auto_map": {"AutoConfig": "configuration_deepseek.DeepseekV3Config"}, "bos_token_id": 0,
    "eos_token_id": 1, "ep_size": 1, "first_k_dense_replace": 3, "hidden_act": "silu", "hidden_size": 7168,
    "initializer_range": 0.02, "intermediate_size": 18_432, "kv_lora_rank": 512,
    "max_position_embeddings": 163_840, "model_type": "deepseek_v3", "moe_intermediate_size": 2048,
    "moe_layer_freq": 1, "n_group": 8, "n_routed_experts": 256, "n_shared_experts": 1, "norm_topk_prob": True,
    "num_attention_heads": 128, "num_experts_per_tok": 8, "num_hidden_layers": 61, "num_key_value_heads": 128,
    "num_nextn_predict_layers": 1, "q_lora_rank": 1536, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64,
    "quantization_config": {
        "activation_scheme": "dynamic", "fmt": "e4m3", "quant_method": "fp8", "weight_block_size": [128, 128],
    },
    "rms_norm_eps": 1e-06, "rope_scaling": YARN_V3, "rope_theta": 10_000, "routed_scaling_factor": 2.5,
    "scoring_func": "sigmoid", "tie_word_embeddings": False, "topk_group": 4, "topk_method": "noaux_tc",
    "torch_dtype": "bfloat16", "transformers_version": "4.46.3", "use_cache": True, "v_head_dim": 128,
    "vocab_size": 129_280,
}  # fmt: skip
GPT_OSS_20B = {
    "architectures": ["GptOssForCausalLM"], "attention_bias": True, "attention_dropout": 0.0,
    "eos_token_id": 200_002, "experts_per_token": 4, "head_dim": 64, "hidden_act": "silu",
    "hidden_size": 2880, "initial_context_length": 4096, "initializer_range": 0.02, "intermediate_size": 2880,
    "layer_types": ["sliding_attention", "full_attention"] * 12, "max_position_embeddings": 131_072,
    "model_type": "gpt_oss", "num_attention_heads": 64, "num_experts_per_tok": 4, "num_hidden_layers": 24,
    "num_key_value_heads": 8, "num_local_experts": 32, "output_router_logits": False, "pad_token_id": 199_999,
    "quantization_config": {"modules_to_not_convert": ["model.layers.*.self_attn"], "quant_method": "mxfp4"},
    "rms_norm_eps": 1e-05, "rope_theta": 150_000, "router_aux_loss_coef": 0.9, "sliding_window": 128,
    "rope_scaling": {
        "beta_fast": 32.0, "beta_slow": 1.0, "factor": 32.0, "original_max_position_embeddings": 4096,
        "rope_type": "yarn", "truncate": False,
    },
    "swiglu_limit": 7.0, "tie_word_embeddings": False, "use_cache": True, "vocab_size": 201_088,
}  # fmt: skip


def test_configs_as_they_were_published(tmp_path: Path) -> None:
    found = survey(str(write(tmp_path, DEEPSEEK_R1)))
    assert (found.anatomy.total, found.anatomy.active) == (671_026_404_352, 37_552_282_624)
    assert found.config is not None
    assert found.config.rope_scaling.latent_score_factor == pytest.approx(1.8738, abs=1e-4)
    assert found.longest == 163_840
    assert found.notes == ("the weights are published packed (fp8)",)
    found = survey(str(write(tmp_path, GPT_OSS_20B)))
    assert found.anatomy.total == 20_914_757_184
    assert [(cache.layers, cache.window) for cache in found.anatomy.caches] == [(12, None), (12, 128)]
    assert found.longest == 131_072
    assert found.notes == ("the weights are published packed (mxfp4)",)
