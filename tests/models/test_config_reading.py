"""config.json as files have it: the words of older transformers, and words that no file should have."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transformers import CONFIG_MAPPING

from llmworks.errors import ConfigError
from llmworks.models.config import ModelConfig
from llmworks.models.families import config_from_hf, config_to_hf
from llmworks.models.family_table import FAMILIES, OURS

SIZES: dict[str, Any] = {
    "vocab_size": 67, "hidden_size": 48, "intermediate_size": 80, "num_hidden_layers": 8,
    "num_attention_heads": 6, "num_key_value_heads": 2, "max_position_embeddings": 64, "head_dim": 8,
}  # fmt: skip

OLD: dict[str, dict[str, Any]] = {
    "Llama 3.1": {"model_type": "llama", "rope_theta": 5e5, "max_position_embeddings": 9999, "rope_scaling": {
        "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 8192, "rope_type": "llama3"}},
    "Llama 2, longer": {"model_type": "llama", "rope_scaling": {"type": "linear", "factor": 4.0}},
    "Mistral 7B 0.1": {"model_type": "mistral", "sliding_window": 4096, "rope_theta": 1e4, "head_dim": None},
    "Mistral 7B 0.2": {"model_type": "mistral", "sliding_window": None, "rope_theta": 1e6},
    "Qwen2.5": {"model_type": "qwen2", "use_sliding_window": False, "sliding_window": 131_072,
                "max_window_layers": 28, "rope_theta": 1e6},
    "Qwen2, sliding": {"model_type": "qwen2", "use_sliding_window": True, "sliding_window": 32,
                       "max_window_layers": 3, "rope_theta": 1e6},
    "Gemma 1, first files": {"model_type": "gemma", "hidden_act": "gelu", "rope_theta": 1e4},
    "Gemma 2": {"model_type": "gemma2", "cache_implementation": "hybrid", "sliding_window": 16,
                "query_pre_attn_scalar": 224, "hidden_act": "gelu_pytorch_tanh", "rope_theta": 1e4},
    "Gemma 3": {"model_type": "gemma3_text", "sliding_window": 16, "sliding_window_pattern": 6,
                "rope_theta": 1e6, "rope_local_base_freq": 1e4,
                "rope_scaling": {"factor": 8.0, "rope_type": "linear"}},
    "Gemma 3, other": {"model_type": "gemma3_text", "sliding_window": 16, "sliding_window_pattern": 3},
    "Phi-3 128k": {"model_type": "phi3", "original_max_position_embeddings": 16, "rope_theta": 1e4,
                   "sliding_window": 40, "rope_scaling": {
                       "type": "longrope", "short_factor": [1.0, 1.1, 1.2, 1.3],
                       "long_factor": [1.0, 2.0, 3.0, 4.0]}},
    "Phi-4 mini": {"model_type": "phi3", "partial_rotary_factor": 0.75, "rope_theta": 1e4},
    "Pythia": {"model_type": "gpt_neox", "rotary_pct": 0.25, "rotary_emb_base": 10_000, "hidden_size": 96,
               "use_parallel_residual": True},
    "GPT-NeoX with another base": {"model_type": "gpt_neox", "rotary_pct": 1.0, "rotary_emb_base": 500},
    "BLOOM": {"model_type": "bloom", "n_embed": 48, "n_layer": 2, "seq_length": 2048, "hidden_size": None,
              "num_hidden_layers": None},
    "SmolLM3": {"model_type": "smollm3", "no_rope_layers": [1, 1, 1, 0, 1, 1, 1, 0], "rope_theta": 2e6},
    "OLMo 3": {"model_type": "olmo3", "rope_theta": 5e5, "sliding_window": 16, "head_dim": None},
    "StableLM 2": {"model_type": "stablelm", "partial_rotary_factor": 0.25, "hidden_size": 96,
                   "head_dim": None},
    "Phi-2": {"model_type": "phi", "partial_rotary_factor": 0.5, "rope_theta": 1e4},
    "Command-R7B": {"model_type": "cohere2", "sliding_window": 16, "sliding_window_pattern": 4,
                    "rope_theta": 5e4, "head_dim": None},
}  # fmt: skip


@pytest.mark.parametrize("name", OLD)
def test_older_files_mean_what_transformers_takes_them_for(name: str) -> None:
    old = SIZES | OLD[name]
    old = {key: value for key, value in old.items() if value is not None or key == "sliding_window"}
    meant = CONFIG_MAPPING[old["model_type"]].from_dict(dict(old)).to_dict()
    ours, theirs = config_from_hf(old), config_from_hf(meant)
    assert ours == theirs.model_copy(update={"max_length": ours.max_length} if name == "BLOOM" else {})
    written = config_to_hf(ours)
    assert written["model_type"] == old["model_type"]
    assert config_from_hf(written) == ours


def test_what_the_older_words_say() -> None:
    """A few by hand, so that both sides of the test above cannot be wrong together."""

    def read(name: str) -> ModelConfig:
        config = config_from_hf({key: v for key, v in (SIZES | OLD[name]).items() if v is not None})
        assert isinstance(config, ModelConfig)
        return config

    assert read("Qwen2.5").layer_kinds is None
    assert read("Qwen2, sliding").layer_kinds == ("full",) * 3 + ("sliding",) * 5
    gemma = read("Gemma 3")
    assert gemma.layer_kinds == ("sliding",) * 5 + ("full",) + ("sliding",) * 2
    assert (gemma.rope_theta, gemma.rope_theta_local) == (1e6, 1e4)
    assert gemma.rope_scaling is not None
    assert (gemma.rope_scaling.kind, gemma.rope_scaling.factor) == ("linear", 8.0)
    assert read("Gemma 2").attention_scale == 224**-0.5
    assert read("Gemma 1, first files").activation == "geglu"
    assert read("Pythia").d_rotary == 4
    assert read("SmolLM3").unrotated_layers == (3, 7)
    assert read("Command-R7B").unrotated_layers == (3, 7)
    assert read("Mistral 7B 0.1").sliding_window == 4096
    assert read("BLOOM").positions == "alibi"


@pytest.mark.parametrize(
    ("model_type", "change", "message"),
    [
        ("gemma3", {}, "it sees pictures too"),
        ("gemma3_text", {"use_bidirectional_attention": True}, "use_bidirectional_attention True"),
        ("gemma2", {"layer_types": ["full_attention"] * 3}, "layer_kinds names 3 blocks of 8"),
        ("qwen3", {"layer_types": ["chunked_attention"] * 8}, "chunked_attention; llmworks knows"),
        ("qwen2", {"layer_types": ["sliding_attention"] * 8}, "sliding_window must say"),
        ("mpt", {"attn_config": {"clip_qkv": 6}}, "clip_qkv 6 is not supported"),
        ("mpt", {"attn_config": {"alibi_bias_max": 16}}, "alibi_bias_max 16 is not supported"),
        ("olmo", {"clip_qkv": 8.0}, "clip_qkv 8.0 is not supported"),
        ("bloom", {"apply_residual_connection_post_layernorm": True}, "post_layernorm True"),
        ("cohere", {"use_qk_norm": True}, "use_qk_norm True is not supported"),
        ("phi", {"qk_layernorm": True}, "qk_layernorm True is not supported"),
        ("smollm3", {"no_rope_layers": [1, 0]}, "one entry for each of the 8 layers"),
        ("llama", {"partial_rotary_factor": 0.5}, "rotates whole heads"),
        ("mistral", {"quantization_config": {"bits": 4}}, "quantization_config"),
        (
            "gpt_neox",
            {"rotary_pct": 0.3, "rope_parameters": {"partial_rotary_factor": 0.5}},
            "keep one of them",
        ),
    ],
)
def test_what_cannot_be_run_is_refused(model_type: str, change: dict[str, Any], message: str) -> None:
    names = {"bloom": {"n_layer": 2, "n_head": 6}, "mpt": {"d_model": 48, "n_layers": 2, "n_heads": 6}}
    with pytest.raises(ConfigError, match=message):
        config_from_hf(SIZES | names.get(model_type, {}) | {"model_type": model_type} | change)


def test_a_row_that_cannot_read_a_value_says_so() -> None:
    sizes = SIZES | {"model_type": "qwen2_moe", "use_sliding_window": True, "sliding_window": 8}
    with pytest.raises(ConfigError, match="max_window_layers must be a whole number"):
        config_from_hf(sizes | {"max_window_layers": []})


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
    | st.sampled_from([0, -1, 2**40, 10**400, 1e308, float("nan"), "full_attention", "yarn"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["rope_type", "factor", "rope_theta", "full_attention", "alibi"]), inner, max_size=3
    ),
    max_leaves=6,
)  # fmt: skip
FAMILY_LIST = [family for family in FAMILIES if family is not OURS]


@pytest.mark.parametrize("family", FAMILY_LIST, ids=lambda family: family.architecture)
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_odd_values_are_refused_in_words(family: Any, data: st.DataObject) -> None:
    """Whatever stands at a few of its keys: a config, or ConfigError."""
    known = sorted(name for name in family.reads() if "." not in name)
    plain = {name: 4 if "layer" in name or "head" in name else 48 for name in known}
    whole = SIZES | {"n_embd": 48, "n_head": 6, "n_layer": 4, "n_positions": 32, "d_model": 48, "n_heads": 6}
    whole |= {"n_layers": 4} | {
        name: value for name, value in plain.items() if data.draw(st.integers(0, 9)) == 0
    }
    for name in data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=3)):
        whole[name] = data.draw(ODD)
    whole |= {"model_type": family.model_type, "architectures": [family.architecture]}
    try:
        config = config_from_hf(whole)
    except ConfigError as error:
        assert len(str(error)) < 4000  # noqa: PT017
    else:
        assert config_from_hf(config_to_hf(config)) is not None
