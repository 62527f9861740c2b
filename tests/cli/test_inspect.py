"""`llmworks inspect`: from a config alone to parameters, cache, work and whether it fits."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from llmworks.cli.main import app
from llmworks.errors import LLMWorksError

GIB = 2**30
GQA_7B = {
    "model_type": "llama", "vocab_size": 32_000, "hidden_size": 4096, "num_hidden_layers": 32,
    "num_attention_heads": 32, "num_key_value_heads": 8, "intermediate_size": 14_336,
    "max_position_embeddings": 131_072,
}  # fmt: skip
MIXTRAL = {
    "model_type": "mixtral", "hidden_size": 4096, "intermediate_size": 14_336, "num_hidden_layers": 32,
    "num_attention_heads": 32, "num_key_value_heads": 8, "num_local_experts": 8, "vocab_size": 32_000,
    "num_experts_per_tok": 2, "max_position_embeddings": 32_768,
}  # fmt: skip


def inspect(*arguments: str) -> Any:
    said = CliRunner().invoke(app, ["inspect", *arguments])
    if said.exception is not None:
        raise said.exception
    return said.stdout


@pytest.fixture
def written(tmp_path: Path) -> Any:
    def write(config: dict[str, Any]) -> str:
        (tmp_path / "config.json").write_text(json.dumps(config))
        return str(tmp_path / "config.json")

    return write


def test_seven_billion_at_128k_on_24_gb(written: Any) -> None:
    """Catalogue row 70: not in 16 bits; in 4.5-bit weights it does."""
    config = written(GQA_7B)
    answer = json.loads(inspect(config, "--memory", "24GB", "--json"))
    assert answer["memory"]["cache"] == 16 * GIB
    assert answer["memory"]["weights"] == 2 * answer["parameters"] == 2 * 7_241_732_096
    assert answer["memory"]["fits"] is False
    assert answer["memory"]["longest_context"] < 131_072
    lighter = answer["would_fit"][0]
    assert (lighter["weights_in"], lighter["cache_in"]) == ("4.5 bits", "f16")
    again = json.loads(inspect(config, "--memory", "24GB", "--weights", "q4_k", "--json"))
    assert again["memory"]["fits"] is True
    assert again["memory"]["weights_in"] == "Q4_K"
    shown = inspect(config, "--memory", "24GB")
    assert "does not fit" in shown
    assert "it would with weights in 4.5 bits" in shown
    many = json.loads(inspect(written(GQA_7B | {"num_key_value_heads": 32}), "--json"))
    assert many["memory"]["cache"] == 64 * GIB


def test_context_batch_and_cache_type(written: Any) -> None:
    config = written(GQA_7B)
    answer = json.loads(inspect(config, "-c", "8K", "--batch", "4", "--kv", "q8_0", "--json"))
    assert answer["memory"]["cache"] == 4 * GIB * 34 // 64
    assert answer["anatomy"]["context"] == 8192
    assert answer["kv_cache_bytes_per_token"] == 128 * 1024
    assert answer["memory"]["fits"] is None


def test_active_parameters_are_said(written: Any) -> None:
    answer = json.loads(inspect(written(MIXTRAL), "--json"))
    assert answer["parameters"] == 46_702_792_704
    assert answer["active_parameters"] == 12_879_925_248
    shown = inspect(written(MIXTRAL))
    assert "of which a token meets 12,879,925,248 (27.6%)" in shown
    assert "8 experts of which 2 are chosen" in shown
    assert "32 blocks of GQA" in shown


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--context", "1M"), "at most 131,072 tokens"),
        (("--context", "none"), "number of tokens"),
        (("--memory", "lots"), "amount of memory"),
        (("--weights", "q5_9"), "no way to keep numbers"),
        (("--kv", "tiny"), "no way to keep numbers"),
    ],
)
def test_what_makes_no_sense_is_said(arguments: tuple[str, str], named: str, written: Any) -> None:
    with pytest.raises(LLMWorksError, match=named):
        inspect(written(GQA_7B), *arguments)
