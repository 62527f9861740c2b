"""Families: parity with transformers both ways, and strictness about what a folder holds."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
import transformers
from torch import Tensor
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

from llmworks.errors import ConfigError, PackageError
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.models.families import (
    config_from_hf,
    config_to_hf,
    expected_tensors,
    state_from_hf,
    state_to_hf,
)

transformers.logging.set_verbosity_error()

NO_IDS = {"bos_token_id": None, "eos_token_id": None}
GPT2_SIZES: dict[str, Any] = {
    "vocab_size": 61,
    "n_positions": 32,
    "n_embd": 48,
    "n_layer": 2,
    "n_head": 4,
    **NO_IDS,
}
LLAMA_SIZES: dict[str, Any] = {
    "vocab_size": 61, "hidden_size": 48, "intermediate_size": 80, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 32, **NO_IDS,
}  # fmt: skip

VARIANTS: dict[str, Callable[[], Any]] = {
    "gpt2": lambda: GPT2LMHeadModel(GPT2Config(**GPT2_SIZES)),
    "gpt2 narrow, exact gelu": lambda: GPT2LMHeadModel(
        GPT2Config(**GPT2_SIZES, n_inner=40, activation_function="gelu", layer_norm_epsilon=1e-3)
    ),
    "gpt2 untied": lambda: GPT2LMHeadModel(GPT2Config(**GPT2_SIZES, tie_word_embeddings=False)),
    "llama": lambda: LlamaForCausalLM(LlamaConfig(**LLAMA_SIZES)),
    "llama, other theta and eps": lambda: LlamaForCausalLM(
        LlamaConfig(
            **LLAMA_SIZES,
            rope_parameters={"rope_type": "default", "rope_theta": 500_000.0},
            rms_norm_eps=1e-3,
        )
    ),
    "llama tied, wide heads, biases": lambda: LlamaForCausalLM(
        LlamaConfig(**LLAMA_SIZES, head_dim=20, attention_bias=True, mlp_bias=True, tie_word_embeddings=True)
    ),
    "llama multi-query": lambda: LlamaForCausalLM(LlamaConfig(**LLAMA_SIZES | {"num_key_value_heads": 1})),
    "llama multi-head, geglu": lambda: LlamaForCausalLM(
        LlamaConfig(**LLAMA_SIZES | {"num_key_value_heads": 4}, hidden_act="gelu_pytorch_tanh")
    ),
}


def theirs(name: str) -> Any:
    """A random reference model whose every tensor, biases and norms too, matters."""
    torch.manual_seed(0)
    model = VARIANTS[name]().eval()
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            scale = key.endswith("weight") and parameter.dim() == 1
            torch.nn.init.normal_(parameter, mean=1.0 if scale else 0.0, std=0.2)
    return model


def tensors(model: Any) -> dict[str, Tensor]:
    """As `save_pretrained` writes them: a tied head once."""
    state = dict(model.state_dict())
    if model.config.tie_word_embeddings:
        del state["lm_head.weight"]
    return state


def load(config: dict[str, Any], state: dict[str, Tensor]) -> Decoder:
    return Decoder.from_state(config_from_hf(config), state_from_hf(config, state.__getitem__, state)).eval()


IDS = torch.randint(61, (2, 32), generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize("name", VARIANTS)
@torch.no_grad()
def test_their_model_here_gives_their_logits(name: str) -> None:
    reference = theirs(name)
    model = load(reference.config.to_dict(), tensors(reference))
    expected = reference(IDS).logits
    torch.testing.assert_close(model(IDS), expected, atol=1e-4, rtol=0)
    assert expected.std() > 0.3  # logits that say something


@pytest.mark.parametrize("name", VARIANTS)
@torch.no_grad()
def test_our_model_there_gives_our_logits(name: str) -> None:
    reference = theirs(name)
    config = config_from_hf(reference.config.to_dict())
    torch.manual_seed(5)
    model = Decoder(config).eval()
    for parameter in model.parameters():
        parameter.add_(0.2 * torch.randn_like(parameter))
    hf_config = config_to_hf(config)
    assert hf_config["architectures"] == [type(reference).__name__]
    back = type(reference)(type(reference.config)(**hf_config)).eval()
    report = back.load_state_dict(state_to_hf(model), strict=False)
    assert report.unexpected_keys == []
    assert report.missing_keys == (["lm_head.weight"] if config.tie_embeddings else [])
    back.tie_weights()
    torch.testing.assert_close(back(IDS).logits, model(IDS), atol=1e-4, rtol=0)


@pytest.mark.parametrize("name", VARIANTS)
def test_writing_and_reading_is_the_identity(name: str) -> None:
    reference = theirs(name)
    state = tensors(reference)
    model = load(reference.config.to_dict(), state)
    hf_config = config_to_hf(model.config)
    assert config_from_hf(hf_config) == model.config.model_copy(
        update={"dropout": config_from_hf(hf_config).dropout}
    )
    written = state_to_hf(model)
    assert {k: v.shape for k, v in written.items()} == {k: v.shape for k, v in state.items()}
    assert expected_tensors(hf_config) == {k: tuple(v.shape) for k, v in written.items()}
    assert all(torch.equal(written[key], state[key]) for key in state)
    assert all(tensor.is_contiguous() for tensor in written.values())
    assert len({tensor.untyped_storage().data_ptr() for tensor in written.values()}) == len(written)


@pytest.mark.parametrize(
    "values",
    [
        {"qk_norm": True, "mlp_bias": True},
        {"activation": "relu2"},
        {"norm_affine": False},
        {"positions": "none"},
        {"logit_softcap": 15.0, "tie_embeddings": True},
        {"norm": "layernorm", "norm_bias": True, "positions": "sinusoidal"},
        {"norm_position": "post"},
    ],
)
@torch.no_grad()
def test_what_no_family_says_is_written_as_ours(values: dict[str, Any]) -> None:
    config = ModelConfig(
        vocab_size=61, d_model=24, n_layers=2, n_heads=4, max_length=32, dropout=0.1, **values
    )
    hf_config = config_to_hf(config)
    assert hf_config["model_type"] == "llmworks"
    assert config_from_hf(hf_config) == config
    model = Decoder(config).eval()
    assert torch.equal(load(hf_config, state_to_hf(model))(IDS), model(IDS))


def test_dropout_does_not_keep_a_model_from_being_a_llama() -> None:
    config = ModelConfig(vocab_size=61, d_model=24, n_layers=2, n_heads=4, max_length=32, dropout=0.1)
    assert config_to_hf(config)["model_type"] == "llama"
    assert config_from_hf(config_to_hf(config)).dropout == 0.0


def test_both_places_of_rope_theta() -> None:
    base = LlamaConfig(**LLAMA_SIZES).to_dict()
    del base["rope_parameters"]
    old, new = (
        base | {"rope_theta": 7e4},
        base | {"rope_parameters": {"rope_type": "default", "rope_theta": 7e4}},
    )
    older = base | {"rope_theta": 7e4, "rope_scaling": None}
    assert config_from_hf(old) == config_from_hf(new) == config_from_hf(older)
    assert config_from_hf(new).rope_theta == 7e4
    assert config_from_hf(base).rope_theta == 10_000.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rope_scaling": {"rope_type": "llama3", "factor": 8.0}}, "contradict each other"),
        ({"rope_parameters": {"rope_type": "linear", "rope_theta": 1e4}}, "'linear' needs a factor"),
        ({"rope_parameters": {"rope_type": "warp", "rope_theta": 1e4}}, "rotary scaling 'warp'"),
        ({"rope_parameters": {"rope_theta": 1e4, "partial_rotary_factor": 0.5}}, "rotates whole heads"),
        ({"rope_parameters": {"full_attention": {"rope_theta": 1e4}}}, "by kind of layer"),
        ({"rope_parameters": 3}, "rope_parameters must be an object"),
        ({"hidden_act": "mish"}, "hidden_act 'mish' is not one of silu"),
        ({"hidden_size": None}, "config.json of a llama model: .*d_model.*hidden_size"),
        ({"num_key_value_heads": 3}, "n_kv_heads 3 must divide n_heads 4.*num_key_value_heads"),
        ({"quantization_config": {"bits": 4}}, "quantization_config"),
        ({"model_type": "perceiver"}, "model_type 'perceiver'.*knows llama, mistral"),
        ({"model_type": None, "architectures": ["Nothing"]}, "Nothing"),
    ],
)
def test_configs_that_cannot_be_run(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        config_from_hf(LlamaConfig(**LLAMA_SIZES).to_dict() | change)


def test_a_missing_key_is_named_and_a_family_is_known_by_its_architecture() -> None:
    config = LlamaConfig(**LLAMA_SIZES).to_dict()
    del config["intermediate_size"]
    with pytest.raises(ConfigError, match="intermediate_size is missing"):
        config_from_hf(config)
    config = GPT2Config(**GPT2_SIZES).to_dict() | {"architectures": ["GPT2LMHeadModel"]}
    del config["model_type"]
    assert config_from_hf(config).positions == "learned"
    with pytest.raises(ConfigError, match="scale_attn_by_inverse_layer_idx True is not supported"):
        config_from_hf(config | {"scale_attn_by_inverse_layer_idx": True})


@torch.no_grad()
def test_harmless_differences_are_let_pass() -> None:
    for name in ("gpt2", "llama tied, wide heads, biases"):
        reference = theirs(name)
        config, state = reference.config.to_dict(), tensors(reference)
        expected = reference(IDS).logits
        head = {"lm_head.weight": reference.get_input_embeddings().weight}
        buffers = (
            {
                f"transformer.h.{i}.attn.{k}": torch.zeros(1, 1, 4, 4)
                for i in range(2)
                for k in ("bias", "masked_bias")
            }
            if name == "gpt2"
            else {f"model.layers.{i}.self_attn.rotary_emb.inv_freq": torch.zeros(10) for i in range(2)}
        )
        bare = {key.split(".", 1)[1]: value for key, value in (state | buffers).items()}
        for variant in (state | head, state | buffers, bare):
            torch.testing.assert_close(load(config, variant)(IDS), expected, atol=1e-4, rtol=0)


def test_strictness() -> None:
    reference = theirs("llama tied, wide heads, biases")
    config, state = reference.config.to_dict(), tensors(reference)
    one = "model.layers.1.self_attn.k_proj.weight"
    cases = [
        ({k: v for k, v in state.items() if k != one}, f"missing: {one}"),
        (
            state | {"model.layers.2.mlp.down_proj.weight": torch.zeros(2)},
            "not of this model: model.layers.2",
        ),
        (state | {one: state[one].T}, r"k_proj.weight has shape \[48, 40\], expected \[40, 48\]"),
        (state | {one: state[one].to(torch.int8)}, "is of type torch.int8, expected a floating-point"),
        (state | {"lm_head.weight": torch.zeros(61, 48)}, "lm_head.weight differs from the embedding"),
        ({}, "missing: .* and 29 more"),
    ]
    for variant, message in cases:
        with pytest.raises(PackageError, match=message):
            state_from_hf(config, variant.__getitem__, variant)
    untied = theirs("llama")
    variant = {key: value for key, value in untied.state_dict().items() if key != "lm_head.weight"}
    with pytest.raises(PackageError, match=r"missing: lm_head\.weight"):
        state_from_hf(untied.config.to_dict(), variant.__getitem__, variant)
