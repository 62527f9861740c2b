"""ModelConfig: what is filled in, what is refused and in which words."""

import pytest
from pydantic import ValidationError

from llmworks.errors import ConfigError
from llmworks.models.config import ModelConfig

SMALL = {"vocab_size": 64, "d_model": 48, "n_layers": 2, "n_heads": 4, "max_length": 32}


def test_what_is_left_out_is_filled_in() -> None:
    config = ModelConfig(**SMALL)
    assert (config.n_kv_heads, config.d_head) == (4, 12)
    assert config.gated
    assert config.d_ff == 128  # 8/3 · 48, rounded up to 32
    assert ModelConfig(**SMALL, activation="gelu").d_ff == 192
    assert ModelConfig(**SMALL, d_head=10).d_head == 10
    assert ModelConfig(**SMALL, d_ff=None, n_kv_heads=None) == config
    assert ModelConfig(**{**SMALL, "d_model": 4096, "n_heads": 32}).d_ff == 10944  # next 32 after 10922.7


def test_round_trip_and_hash() -> None:
    config = ModelConfig(**SMALL, positions="learned", logit_softcap=30)
    assert ModelConfig.model_validate_json(config.model_dump_json()) == config
    assert hash(ModelConfig(**config.model_dump())) == hash(config)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"vocab_size": 0}, "vocab_size: input should be greater than 0; given 0"),
        ({"n_layers": None}, "n_layers"),
        ({"d_model": -1}, "d_model: .* given -1$"),
        ({"d_model": 50}, "d_model 50 does not divide into 4 heads; choose a multiple .* 52"),
        ({"n_kv_heads": 3}, "n_kv_heads 3 must divide n_heads 4"),
        ({"d_head": 7}, "d_head 7 must be even"),
        ({"d_model": 5, "d_head": 2, "positions": "sinusoidal"}, "d_model 5 must be even"),
        ({"norm_bias": True}, "RMSNorm has no shift"),
        ({"norm": "layernorm", "norm_bias": True, "norm_affine": False}, "norm_bias without norm_affine"),
        ({"activation": "silu"}, "activation: input should be 'gelu', .* given 'silu'"),
        ({"dropout": 1.0}, "dropout: .* less than 1"),
        ({"norm_eps": float("nan")}, "norm_eps: .* finite"),
        ({"heads": 4}, "heads: no such field; the fields are vocab_size, d_model"),
        ({"attention_softcap": 0}, "attention_softcap"),
    ],
)
def test_values_that_cannot_be_used(change: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        ModelConfig.model_validate({**SMALL, **change})


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        ModelConfig.model_validate({"vocab_size": "many", "n_heads": 0, "n_layers": 1, "max_length": 4})
    for name in ("vocab_size", "d_model: missing", "n_heads"):
        assert name in str(caught.value)
    assert "d_head" not in str(caught.value)  # only what is at fault


def test_a_config_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        ModelConfig(**SMALL).vocab_size = 3  # type: ignore[misc]
