"""Adapters written by PEFT are recognised: kind, base, rank, scale, and what they would change."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from typer.testing import CliRunner

from llmworks.cli.main import app
from llmworks.errors import PackageError
from llmworks.packages import Package
from llmworks.packages.adapters import is_adapter, read_adapter

peft = pytest.importorskip("peft")
transformers = pytest.importorskip("transformers")


def write(folder: Path, config: Any) -> Any:
    """A random Llama's adapter, saved by PEFT."""
    base = transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=32, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2
        )
    )
    base.config._name_or_path = base.name_or_path = "someone/base"
    model = peft.get_peft_model(base, config)
    model.peft_config["default"].base_model_name_or_path = "someone/base"
    model.save_pretrained(folder)
    return model


def test_a_lora_is_read(tmp_path: Path) -> None:
    model = write(tmp_path, peft.LoraConfig(r=4, lora_alpha=12, target_modules=["q_proj", "v_proj"]))
    assert is_adapter(tmp_path)
    adapter = read_adapter(tmp_path)
    assert (adapter.kind, adapter.base, adapter.rank, adapter.alpha) == ("LORA", "someone/base", 4, 12)
    assert adapter.scale == 3.0 == model.base_model.model.model.layers[0].self_attn.q_proj.scaling["default"]
    assert adapter.targets == ("q_proj", "v_proj")
    assert adapter.modules == {
        f"model.layers.{layer}.self_attn.{name}": 4 for layer in (0, 1) for name in ("q_proj", "v_proj")
    }
    assert adapter.parameters == sum(p.numel() for p in model.parameters() if p.requires_grad)
    with pytest.raises(PackageError, match=r"LORA adapter of rank 4.*someone/base.*Load the base"):
        Package.load(tmp_path)
    shown = CliRunner().invoke(app, ["inspect", str(tmp_path)])
    assert shown.exit_code == 0, shown.output
    assert "someone/base" in shown.output
    told = json.loads(CliRunner().invoke(app, ["inspect", str(tmp_path), "--json"]).stdout)
    assert told["adapter"]["rank"] == 4


def test_other_forms(tmp_path: Path) -> None:
    both = ["q_proj", "v_proj"]
    settings = {"r": 4, "lora_alpha": 8, "use_rslora": True, "rank_pattern": {"v_proj": 2}}
    write(
        tmp_path,
        peft.LoraConfig(**settings, target_modules=both, modules_to_save=["lm_head"]),
    )
    adapter = read_adapter(tmp_path)
    assert adapter.scale == 8 / math.sqrt(4)
    assert adapter.modules["model.layers.1.self_attn.v_proj"] == 2
    assert adapter.modules["lm_head"] == 0
    assert adapter.saved_modules == ("lm_head",)
    write(
        tmp_path / "ia3",
        peft.IA3Config(target_modules=["k_proj", "down_proj"], feedforward_modules=["down_proj"]),
    )
    other = read_adapter(tmp_path / "ia3")
    assert (other.kind, other.rank, other.scale) == ("IA3", None, None)
    assert len(other.modules) == 4
    embedding = peft.LoraConfig(r=3, target_modules=["embed_tokens"])
    write(tmp_path / "embedding", embedding)
    assert read_adapter(tmp_path / "embedding").modules == {"model.embed_tokens": 3}


@pytest.mark.parametrize(
    ("config", "tensors", "said"),
    [
        ({"peft_type": None}, {}, "peft_type is missing"),
        ({"r": 0}, {}, "positive whole number"),
        ({"r": 8}, {}, "has rank 4, but .* r = 8"),
        ({"r": "4"}, {}, "positive whole number"),
        ({"lora_alpha": True}, {}, "positive number"),
        ({"target_modules": 5}, {}, "list of names"),
        ({"rank_pattern": 5}, {}, "rank_pattern"),
        ({}, {"base_model.model.x.lora_A.weight": torch.ones(4, 2),
              "base_model.model.x.lora_B.weight": torch.ones(2, 3)}, "the ranks 4 and 3"),
        ({}, {"base_model.model.x.lora_A.weight": torch.ones(4)}, "is a matrix"),
    ],
)  # fmt: skip
def test_config_and_tensors_that_contradict(
    tmp_path: Path, config: dict[str, Any], tensors: dict[str, torch.Tensor], said: str
) -> None:
    write(tmp_path, peft.LoraConfig(r=4, lora_alpha=8, target_modules=["q_proj"]))
    path = tmp_path / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | config))
    weights = load_file(tmp_path / "adapter_model.safetensors") | tensors
    save_file(weights, tmp_path / "adapter_model.safetensors")
    with pytest.raises(PackageError, match=said):
        read_adapter(tmp_path)


def test_a_pickled_adapter_says_how_it_is_converted(tmp_path: Path) -> None:
    write(tmp_path, peft.LoraConfig(r=4, target_modules=["q_proj"]))
    weights = load_file(tmp_path / "adapter_model.safetensors")
    (tmp_path / "adapter_model.safetensors").unlink()
    torch.save(weights, tmp_path / "adapter_model.bin")
    with pytest.raises(PackageError, match="--convert-pickle"):
        read_adapter(tmp_path)
    run = CliRunner().invoke(app, ["models", "convert", str(tmp_path), "--convert-pickle"])
    assert run.exit_code == 0, run.output
    assert read_adapter(tmp_path).rank == 4
