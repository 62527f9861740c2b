"""Checkpoints in mxfp4 and fp8: equal to what transformers unpacks; hostile pairs are refused."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from llmworks.errors import PackageError
from llmworks.packages import Package
from llmworks.packages.quantised import from_eight_bits, from_four_bits

transformers = pytest.importorskip("transformers")


def test_four_bits_are_those_of_transformers() -> None:
    from transformers.integrations.mxfp4 import convert_moe_packed_tensors

    generator = torch.Generator().manual_seed(0)
    blocks = torch.randint(256, (3, 10, 2, 16), dtype=torch.uint8, generator=generator)
    scales = torch.randint(90, 160, (3, 10, 2), dtype=torch.uint8, generator=generator)
    expected = convert_moe_packed_tensors(blocks, scales)
    assert torch.equal(from_four_bits(blocks, scales).contiguous(), expected)


@pytest.mark.parametrize("shape", [(8, 12), (9, 5), (4, 4), (1, 13)])
def test_eight_bits_by_tile(shape: tuple[int, int]) -> None:
    rows, columns = shape
    numbers = torch.randn(shape).to(torch.float8_e4m3fn)
    scales = torch.rand(-(-rows // 4), -(-columns // 4)) + 0.1
    out = from_eight_bits(numbers, scales, 4)
    for row in range(rows):
        for column in range(columns):
            expected = (numbers[row, column].float() * scales[row // 4, column // 4]).bfloat16()
            assert out[row, column] == expected


def gpt_oss(folder: Path) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
    torch.manual_seed(0)
    config = transformers.GptOssConfig(
        vocab_size=40, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        head_dim=8, intermediate_size=32, num_local_experts=3, num_experts_per_tok=2, sliding_window=8,
        max_position_embeddings=64, rope_parameters={"rope_type": "default", "rope_theta": 10_000.0},
    )  # fmt: skip
    transformers.AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    from safetensors.torch import load_file

    return json.loads((folder / "config.json").read_text()), load_file(folder / "model.safetensors")


def write(folder: Path, config: dict[str, Any], weights: dict[str, torch.Tensor]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    save_file({name: tensor.contiguous() for name, tensor in weights.items()}, folder / "model.safetensors")
    return folder


def packed_gpt_oss(tmp_path: Path) -> tuple[dict[str, Any], dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """Its config, its tensors with random experts in mxfp4, and the plain tensors that they stand for."""
    config, weights = gpt_oss(tmp_path / "made")
    packed = {}
    for name, tensor in list(weights.items()):
        if not name.endswith(("gate_up_proj", "down_proj")):
            packed[name] = tensor
            continue
        count, inner, rows = tensor.shape
        blocks = torch.randint(256, (count, rows, inner // 32, 16), dtype=torch.uint8)
        scales = torch.randint(118, 124, (count, rows, inner // 32), dtype=torch.uint8)
        packed |= {f"{name}_blocks": blocks, f"{name}_scales": scales}
        weights[name] = from_four_bits(blocks, scales).float()
    return config | {"quantization_config": {"quant_method": "mxfp4"}}, packed, weights


def test_gpt_oss_as_published_loads(tmp_path: Path) -> None:
    config, packed, plain = packed_gpt_oss(tmp_path)
    model = Package.load(write(tmp_path / "packed", config, packed)).load_model()
    del config["quantization_config"]
    reference = transformers.AutoModelForCausalLM.from_pretrained(write(tmp_path / "plain", config, plain))
    ids = torch.randint(40, (2, 17))
    with torch.no_grad():
        torch.testing.assert_close(model(ids), reference.eval()(ids).logits, atol=1e-4, rtol=1e-4)


def test_eight_bit_llama_loads(tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=40, hidden_size=48, num_hidden_layers=1, num_attention_heads=4, intermediate_size=40,
        max_position_embeddings=64,
    )  # fmt: skip
    reference = transformers.AutoModelForCausalLM.from_config(config).eval()
    packed = {}
    for name, tensor in reference.state_dict().items():
        packed[name] = tensor
        if "proj" in name:
            packed[name] = tensor.to(torch.float8_e4m3fn)
            tiles = [-(-size // 32) for size in tensor.shape]
            packed[f"{name}_scale_inv"] = torch.rand(tiles) + 0.5
            tensor.copy_(from_eight_bits(packed[name], packed[f"{name}_scale_inv"], 32))
    said = {"quant_method": "fp8", "weight_block_size": [32, 32]}
    folder = write(tmp_path / "fp8", config.to_dict() | {"quantization_config": said}, packed)
    ids = torch.randint(40, (1, 9))
    with torch.no_grad():
        torch.testing.assert_close(
            Package.load(folder).load_model()(ids), reference(ids).logits, atol=1e-4, rtol=1e-4
        )


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("no scales", "has no scales"),
        ("short scales", "do not go together"),
        ("wrong type", "do not go together"),
        ("wrong rows", "has shape"),
        ("method", "quantization_config"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, change: str, named: str) -> None:
    config, packed, _ = packed_gpt_oss(tmp_path)
    name = "model.layers.0.mlp.experts.down_proj"
    if change == "no scales":
        del packed[f"{name}_scales"]
    elif change == "short scales":
        packed[f"{name}_scales"] = packed[f"{name}_scales"][:, :1]
    elif change == "wrong type":
        packed[f"{name}_blocks"] = packed[f"{name}_blocks"].to(torch.int32)
    elif change == "wrong rows":
        for kind in ("blocks", "scales"):
            packed[f"{name}_{kind}"] = packed[f"{name}_{kind}"][:, :-1]
    else:
        config["quantization_config"] = {"quant_method": "gptq", "bits": 4}
    with pytest.raises(PackageError) as told:
        Package.load(write(tmp_path / "bad", config, packed))
    assert named in str(told.value)


@pytest.mark.parametrize("tile", [[128, 64], [0, 0], "128", [1e9, 1e9], [True], [10**6, 10**6]])
def test_senseless_tiles_are_refused(tmp_path: Path, tile: Any) -> None:
    config, packed, _ = packed_gpt_oss(tmp_path)
    config["quantization_config"] = {"quant_method": "fp8", "weight_block_size": tile}
    with pytest.raises(PackageError, match="weight_block_size"):
        Package.load(write(tmp_path / "bad", config, packed))
