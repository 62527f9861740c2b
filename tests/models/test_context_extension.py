"""Longer contexts: scaled models against transformers, cached runs against uncached ones."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from llmworks.errors import ConfigError
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.models.families import config_from_hf, config_to_hf, state_from_hf, state_to_hf
from llmworks.nn.rope_scaling import RotaryScaling

transformers = pytest.importorskip("transformers")

ORIGINAL = 24
SIZES = {
    "vocab_size": 61, "hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 4,
    "num_key_value_heads": 2, "intermediate_size": 48, "head_dim": 8, "pad_token_id": 0,
    "initializer_range": 0.3,  # wide, so that a wrong angle shows
}  # fmt: skip
ORIGINALLY = {"original_max_position_embeddings": ORIGINAL}
LISTS = {"short_factor": [1.0, 1.1, 1.3, 1.6], "long_factor": [1.0, 2.0, 3.5, 6.0]}
YARN = {"rope_type": "yarn", "factor": 4.0} | ORIGINALLY
KINDS: dict[str, dict[str, Any]] = {
    "linear": {"rope_type": "linear", "factor": 4.0},
    "dynamic": {"rope_type": "dynamic", "factor": 4.0},
    "yarn": YARN,
    "yarn of DeepSeek": YARN | {"mscale": 1.0, "mscale_all_dim": 0.7},
    "yarn, no truncation": YARN | {"truncate": False, "beta_fast": 4.0},
    "longrope": {"rope_type": "longrope", "factor": 4.0} | LISTS | ORIGINALLY,
    "llama3": ORIGINALLY
    | {"rope_type": "llama3", "factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0},
}  # fmt: skip


def reference(name: str) -> Any:
    """A random model of transformers, in the words of version 5."""
    torch.manual_seed(3)
    scaled = {"max_position_embeddings": 4 * ORIGINAL}
    if name.startswith("phi3"):
        parameters = {"rope_type": "longrope", "rope_theta": 10_000.0} | LISTS
        config = transformers.Phi3Config(
            **{key: value for key, value in SIZES.items() if key != "head_dim"}, **scaled,
            original_max_position_embeddings=ORIGINAL, rope_parameters=parameters,
        )  # fmt: skip
        return transformers.Phi3ForCausalLM(config).eval()
    if name.startswith("gemma3"):
        config = transformers.Gemma3TextConfig(
            **SIZES | scaled, sliding_window=8,
            layer_types=["sliding_attention", "full_attention", "sliding_attention"],
            rope_parameters={
                "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 1e6},
                "sliding_attention": {"rope_type": "default", "rope_theta": 1e4},
            },
        )  # fmt: skip
        return transformers.Gemma3ForCausalLM(config).eval()
    if name.startswith("qwen2"):
        sizes = {key: value for key, value in SIZES.items() if key != "head_dim"}
        parameters = {"rope_type": "yarn", "factor": 4.0, "rope_theta": 1e6} | ORIGINALLY
        config = transformers.Qwen2Config(
            **sizes, max_position_embeddings=ORIGINAL, rope_parameters=parameters
        )
        return transformers.Qwen2ForCausalLM(config).eval()
    said = dict(KINDS[name])
    length = ORIGINAL if said["rope_type"] == "dynamic" else 4 * ORIGINAL
    config = transformers.LlamaConfig(
        **SIZES, max_position_embeddings=length, rope_parameters=said | {"rope_theta": 10_000.0}
    )
    return transformers.LlamaForCausalLM(config).eval()


def ours(theirs: Any) -> Decoder:
    tensors = {name: tensor.detach() for name, tensor in theirs.state_dict().items()}
    hf_config = theirs.config.to_dict()
    config = config_from_hf(hf_config)
    assert isinstance(config, ModelConfig)
    return Decoder.from_state(config, state_from_hf(hf_config, tensors.__getitem__, list(tensors))).eval()


def ids(length: int, batch: int = 2) -> Tensor:
    return torch.randint(1, 61, (batch, length), generator=torch.Generator().manual_seed(length))


NAMES = [*KINDS, "phi3 longrope", "gemma3 linear", "qwen2 yarn"]


@pytest.mark.parametrize("name", NAMES)
@torch.no_grad()
def test_logits_equal_transformers_within_and_beyond_the_original_length(name: str) -> None:
    model = ours(reference(name))
    assert model.config.rope_scaling is not None
    assert model.config.max_length == 4 * ORIGINAL
    for length in (5, ORIGINAL, ORIGINAL + 1, 2 * ORIGINAL, 4 * ORIGINAL):
        # A fresh one each time: transformers' dynamic scaling remembers the longest text of its life.
        expected = reference(name)(ids(length), use_cache=False).logits
        assert (model(ids(length)) - expected).abs().max() < 2e-5 * expected.abs().max(), length
    plain = ModelConfig(**model.config.model_dump() | {"rope_scaling": None})
    unscaled = Decoder.from_state(plain, model.state_dict())(ids(4 * ORIGINAL))
    assert (unscaled - expected).abs().max() > 1e-2  # the scaling decides something here


@pytest.mark.parametrize("name", ["dynamic", "longrope", "yarn", "phi3 longrope", "gemma3 linear"])
@pytest.mark.parametrize(
    "steps", [(1,) * 60, (20, 1, 1, 1, 1, 1, 1, 30), (60,)], ids=["single", "chunks", "whole"]
)
@torch.no_grad()
def test_a_cached_run_equals_an_uncached_one_at_every_length(name: str, steps: tuple[int, ...]) -> None:
    model = ours(reference(name))
    text, cache, at = ids(sum(steps)), model.new_cache(2), 0
    for step in steps:
        at += step
        got = model(text[:, at - step : at], cache=cache)
        assert (got - model(text[:, :at])[:, -step:]).abs().max() < 2e-5, at
    assert cache.length == at


@torch.no_grad()
def test_a_cache_cut_back_below_the_original_length_is_read_again() -> None:
    model = ours(reference("longrope"))
    text, cache = ids(40), model.new_cache(2)
    model(text, cache=cache)
    cache.truncate(10)
    got = model(text[:, 10:15], cache=cache)
    assert (got - model(text[:, :15])[:, -5:]).abs().max() < 2e-5
    cache.truncate(0)
    assert (model(text[:, :7], cache=cache) - model(text[:, :7])).abs().max() < 2e-5


@torch.no_grad()
def test_a_trace_with_a_cache_is_of_the_new_tokens_only() -> None:
    from llmworks.nn.trace import Trace

    model, text = ours(reference("longrope")), ids(ORIGINAL + 3)
    cache, trace = model.new_cache(2), Trace(["blocks.1.attn.k", "blocks.2.resid_post"])
    model(text[:, :-4], cache=cache)
    model(text[:, -4:], cache=cache, trace=trace)
    whole = Trace(["blocks.1.attn.k", "blocks.2.resid_post"])
    model(text, trace=whole)
    for address, tensor in trace.tensors.items():
        assert tensor.shape[-2] == 4
        assert (tensor - whole.tensors[address][..., -4:, :]).abs().max() < 2e-5


@pytest.mark.parametrize("name", NAMES)
@torch.no_grad()
def test_what_is_written_gives_the_same_in_transformers(name: str) -> None:
    model = ours(reference(name))
    written = config_to_hf(model.config)
    assert written["model_type"] == reference(name).config.model_type
    assert config_from_hf(written).model_dump(exclude={"dropout"}) == model.config.model_dump(
        exclude={"dropout"}
    )
    config = transformers.AutoConfig.for_model(**written)
    again = transformers.AutoModelForCausalLM.from_config(config).eval()
    again.load_state_dict(state_to_hf(model), strict=False)
    expected = again(ids(2 * ORIGINAL), use_cache=False).logits
    assert (model(ids(2 * ORIGINAL)) - expected).abs().max() < 2e-5


@pytest.mark.parametrize("name", ["linear", "yarn", "longrope", "llama3"])
def test_the_words_of_transformers_4_mean_the_same(name: str) -> None:
    new = reference(name).config.to_dict()
    old = {key: value for key, value in new.items() if key != "rope_parameters"}
    said = dict(KINDS[name])
    old |= {"rope_theta": 10_000.0, "rope_scaling": said | {"type": said.pop("rope_type")}}
    assert config_from_hf(old) == config_from_hf(new)


def test_fixed_ntk_is_written_as_a_larger_base() -> None:
    scaling = RotaryScaling(kind="ntk", factor=4.0)
    config = ModelConfig(
        vocab_size=61, d_model=32, n_layers=1, n_heads=4, max_length=96, rope_scaling=scaling
    )
    written = config_to_hf(config)
    assert written["model_type"] == "llama"
    assert written["rope_theta"] == 10_000.0 * 4.0 ** (8 / 6)
    torch.manual_seed(0)
    model = Decoder(config)
    other = Decoder.from_state(config_from_hf(written), model.state_dict())  # type: ignore[arg-type]
    assert torch.equal(model(ids(90)), other(ids(90)))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"positions": "learned"}, "goes with positions 'rope'"),
        ({"rope_scaling": {"kind": "longrope", "factor": 2.0, "original_length": 9, "short_factor": [1.0],
                           "long_factor": [1.0]}}, "1 factors for the 4 pairs"),
        ({"rope_scaling": {"kind": "dynamic", "factor": 2.0, "original_length": 9}, "d_head": 2}, "no other"),
        ({"rope_scaling": {"kind": "yarn", "factor": 2.0}}, "needs original_length"),
        ({"rope_scaling": {"kind": "spiral", "factor": 2.0}}, "kind"),
    ],
)  # fmt: skip
def test_scaling_that_does_not_fit_the_network_is_refused(values: dict[str, Any], said: str) -> None:
    base = {"vocab_size": 61, "d_model": 32, "n_layers": 1, "n_heads": 4, "max_length": 96}
    with pytest.raises(ConfigError, match=said):
        ModelConfig(**base | {"rope_scaling": {"kind": "linear", "factor": 2.0}} | values)
