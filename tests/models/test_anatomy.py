"""Parameters by part and costs a token, against published models and the formulas."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from llmworks.models.anatomy import anatomy
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.models.families import config_from_hf
from llmworks.nn.trace import Trace

LLAMA_3_8B = ModelConfig(
    vocab_size=128_256, d_model=4096, n_layers=32, n_heads=32, n_kv_heads=8, d_ff=14_336, max_length=8192,
    rope_theta=500_000.0,
)  # fmt: skip
GPT2 = config_from_hf(
    {
        "model_type": "gpt2",
        "vocab_size": 50_257,
        "n_embd": 768,
        "n_layer": 12,
        "n_head": 12,
        "n_positions": 1024,
    }
)


def test_llama_3_8b() -> None:
    parts = anatomy(LLAMA_3_8B)
    assert parts.total == 8_030_261_248
    assert parts.per_block == 218_112_000
    assert parts.embedding == parts.head == 128_256 * 4096
    assert parts.norms == 65 * 4096
    assert parts.mlp / parts.total == pytest.approx(0.702, abs=5e-4)
    assert parts.attention / parts.total == pytest.approx(0.167, abs=5e-4)
    assert (parts.embedding + parts.head) / parts.total == pytest.approx(0.131, abs=5e-4)
    assert parts.kv_bytes_per_token == 128 * 1024


def test_gpt2() -> None:
    parts = anatomy(GPT2)
    assert parts.total == 124_439_808
    assert parts.head == 0
    assert parts.embedding == (50_257 + 1024) * 768
    assert sum(parts.parts().values()) == parts.total == parts.to_dict()["total"]


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("qk_norm", [True, False])
def test_counts_are_those_of_a_real_network(tied: bool, qk_norm: bool) -> None:
    config = ModelConfig(
        vocab_size=40, d_model=24, n_layers=3, n_heads=4, n_kv_heads=2, max_length=16, tie_embeddings=tied,
        qk_norm=qk_norm, attention_bias=True, mlp_bias=True, activation="gelu",
    )  # fmt: skip
    parts, model = anatomy(config), Decoder(config)
    assert parts.total == model.n_parameters() == sum(p.numel() for p in model.parameters())
    assert parts.attention == 3 * (24 * 48 + 48 + 24 * 24 + 24)
    assert parts.mlp == 3 * (2 * 24 * 96 + 96 + 24)
    assert parts.norms == 7 * 24 + (3 * 2 * 6 if qk_norm else 0)


def test_flops_are_two_a_weight_and_attention() -> None:
    """Counted by PyTorch itself, over a whole context."""
    config = ModelConfig(vocab_size=40, d_model=24, n_layers=3, n_heads=4, n_kv_heads=2, max_length=16)
    model = Decoder(config).eval()
    ids = torch.randint(40, (1, 16))
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(ids, trace=Trace(["*"]))  # the explicit formula, whose products are all counted
    assert counter.get_total_flops() == 16 * model.flops_per_token(16, training=False)
    assert model.flops_per_token(16) == 3 * model.flops_per_token(16, training=False)


def test_training_flops_are_about_six_a_parameter_when_the_context_is_short() -> None:
    model = Decoder.without_memory(LLAMA_3_8B)
    weights = 8_030_261_248 - 128_256 * 4096
    assert model.flops_per_token(1) / (6 * weights) == pytest.approx(1.0, rel=1e-3)
    forward = model.flops_per_token(8192, training=False)
    assert forward == pytest.approx(2 * weights + 4 * 32 * 4096 * 8192, rel=1e-3)
