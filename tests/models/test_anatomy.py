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


# Mixtures, latent attention, windows.


def test_llama_3_8b_at_128k() -> None:
    """Catalogue: 16 GiB with its 8 key/value heads, 64 GiB if it had 32."""
    tokens = 128 * 1024
    assert 2 * anatomy(LLAMA_3_8B).kv_numbers(tokens) == 16 * 2**30
    many = LLAMA_3_8B.model_copy(update={"n_kv_heads": 32})
    assert 2 * anatomy(many).kv_numbers(tokens) == 64 * 2**30
    assert [cache.kind for cache in anatomy(many).caches] == ["MHA"]


def test_70b_at_8k() -> None:
    config = ModelConfig(
        vocab_size=128_256, d_model=8192, n_layers=80, n_heads=64, n_kv_heads=8, d_ff=28_672, max_length=8192
    )
    assert 2 * anatomy(config).kv_numbers(8192) == 2_684_354_560
    assert anatomy(config).total == 70_553_706_496


PUBLISHED: dict[str, tuple[dict[str, object], float, float]] = {
    # config.json as published → parameters in all, and those that a token meets, in 10⁹, as announced
    "Mixtral-8x7B": (
        {
            "model_type": "mixtral", "hidden_size": 4096, "intermediate_size": 14_336,
            "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
            "num_local_experts": 8, "vocab_size": 32_000,
            "num_experts_per_tok": 2, "max_position_embeddings": 32_768, "rope_theta": 1e6,
        }, 46.7, 12.9,
    ),
    "Qwen3-30B-A3B": (
        {
            "model_type": "qwen3_moe", "hidden_size": 2048, "intermediate_size": 6144, "head_dim": 128,
            "moe_intermediate_size": 768, "num_hidden_layers": 48, "num_attention_heads": 32,
            "num_key_value_heads": 4, "num_experts": 128, "num_experts_per_tok": 8, "vocab_size": 151_936,
            "norm_topk_prob": True, "max_position_embeddings": 40_960, "rope_theta": 1e6,
        }, 30.5, 3.3,
    ),
    "Qwen1.5-MoE-A2.7B": (
        {
            "model_type": "qwen2_moe", "hidden_size": 2048, "intermediate_size": 5632,
            "num_hidden_layers": 24,
            "moe_intermediate_size": 1408, "shared_expert_intermediate_size": 5632, "num_experts": 60,
            "num_experts_per_tok": 4, "num_attention_heads": 16, "num_key_value_heads": 16,
            "vocab_size": 151_936, "max_position_embeddings": 8192,
        }, 14.3, 2.7,
    ),
    "DeepSeek-V2": (
        {
            "model_type": "deepseek_v2", "hidden_size": 5120, "intermediate_size": 12_288,
            "moe_intermediate_size": 1536, "num_hidden_layers": 60, "num_attention_heads": 128,
            "num_key_value_heads": 128, "n_routed_experts": 160, "n_shared_experts": 2, "n_group": 8,
            "topk_group": 3, "topk_method": "group_limited_greedy", "num_experts_per_tok": 6,
            "first_k_dense_replace": 1, "routed_scaling_factor": 16.0, "q_lora_rank": 1536,
            "kv_lora_rank": 512, "qk_rope_head_dim": 64, "qk_nope_head_dim": 128, "v_head_dim": 128,
            "vocab_size": 102_400, "max_position_embeddings": 163_840,
        }, 236, 21,
    ),
    "DeepSeek-V3": (
        {
            "model_type": "deepseek_v3", "hidden_size": 7168, "intermediate_size": 18_432,
            "moe_intermediate_size": 2048, "num_hidden_layers": 61, "num_attention_heads": 128,
            "num_key_value_heads": 128, "n_routed_experts": 256, "n_shared_experts": 1, "n_group": 8,
            "topk_group": 4, "num_experts_per_tok": 8, "first_k_dense_replace": 3, "q_lora_rank": 1536,
            "kv_lora_rank": 512, "qk_rope_head_dim": 64, "qk_nope_head_dim": 128, "v_head_dim": 128,
            "vocab_size": 129_280, "max_position_embeddings": 163_840, "rope_theta": 10_000,
        }, 671, 37,
    ),
    "gpt-oss-20b": (
        {
            "model_type": "gpt_oss", "hidden_size": 2880, "intermediate_size": 2880, "num_hidden_layers": 24,
            "num_attention_heads": 64, "num_key_value_heads": 8, "head_dim": 64, "num_local_experts": 32,
            "num_experts_per_tok": 4, "vocab_size": 201_088, "sliding_window": 128,
            "max_position_embeddings": 131_072,
        }, 20.9, 3.6,
    ),
    "OLMoE-1B-7B": (
        {
            "model_type": "olmoe", "hidden_size": 2048, "intermediate_size": 1024, "num_hidden_layers": 16,
            "num_attention_heads": 16, "num_key_value_heads": 16, "num_experts": 64,
            "num_experts_per_tok": 8, "vocab_size": 50_304, "max_position_embeddings": 4096,
        }, 6.9, 1.3,
    ),
}  # fmt: skip


def nearly(number: int, announced: float) -> bool:
    """Whether an announced figure of so many digits is this number, cut or rounded, in 10⁹."""
    step = 0.1 if announced < 100 and announced != int(announced) else 1.0
    return abs(number / 1e9 - announced) < step


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_mixtures(name: str) -> None:
    hf_config, total, active = PUBLISHED[name]
    parts = anatomy(config_from_hf(hf_config))
    assert nearly(parts.total, total)
    assert nearly(parts.active, active) or nearly(parts.active_without_embedding, active)
    assert sum(parts.parts().values()) == parts.total
    transformers = pytest.importorskip("transformers")
    made = transformers.AutoConfig.for_model(**hf_config)
    with torch.device("meta"):
        theirs = transformers.AutoModelForCausalLM.from_config(made)
    assert parts.total == theirs.num_parameters()
    bank = sum(p.numel() for n, p in theirs.named_parameters() if ".experts." in n)
    experts = config_from_hf(hf_config).experts
    assert experts is not None
    idle = bank // experts.n_experts * (experts.n_experts - experts.top_k)
    assert parts.active == theirs.num_parameters() - idle


def test_deepseek_v3_keeps_576_numbers_a_token_and_block() -> None:
    parts = anatomy(config_from_hf(PUBLISHED["DeepSeek-V3"][0]))
    assert [(cache.kind, cache.layers, cache.numbers) for cache in parts.caches] == [("MLA", 61, 576)]
    assert parts.kv_bytes_per_token == 2 * 61 * 576


def test_windows_bound_the_cache_and_the_work() -> None:
    config = config_from_hf(PUBLISHED["gpt-oss-20b"][0])
    parts = anatomy(config, 10_000)
    near, far = 12 * 2 * 8 * 64 * 128, 12 * 2 * 8 * 64 * 10_000
    assert parts.kv_numbers(10_000) == near + far
    assert parts.kv_numbers(10_000, forget=False) == 2 * far
    assert parts.kv_numbers(100) == 2 * 12 * 2 * 8 * 64 * 100
    longer = anatomy(config, 20_000)
    assert longer.flops_per_token - parts.flops_per_token == 4 * 64 * 64 * 12 * 10_000


def test_flops_of_experts_and_latent_attention_are_those_that_run() -> None:
    """Counted by PyTorch: one uncached run over a whole context, all of it explicit."""
    base = ModelConfig(vocab_size=40, d_model=24, n_layers=3, n_heads=4, max_length=16).model_dump()
    experts = {"n_experts": 6, "top_k": 2, "d_expert": 10, "n_shared": 2, "dense_layers": (1,), "bias": True}
    latent = {"q_rank": 9, "kv_rank": 12, "d_rope": 4, "d_nope": 6, "d_value": 5}
    for changes in ({"experts": experts}, {"latent": latent}, {"experts": experts, "latent": latent}):
        config = ModelConfig(**base | changes)
        model = Decoder(config).eval()
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            model(torch.randint(40, (1, 16)), trace=Trace(["*"]))
        assert counter.get_total_flops() == 16 * model.flops_per_token(16, training=False)
        assert anatomy(config).flops_per_token == model.flops_per_token(training=False)
        assert anatomy(config).total == model.n_parameters()


def test_blocks_are_counted_by_kind_not_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from llmworks.models import anatomy as module

    built = []
    real = module.make_block
    monkeypatch.setattr(
        module, "make_block", lambda config, layer: built.append(layer) or real(config, layer)
    )
    parts = anatomy(config_from_hf(PUBLISHED["DeepSeek-V3"][0]))
    assert built == [2, 60]
    dense, sparse = parts.total - parts.head - parts.embedding - 7168 - 58 * parts.per_block, parts.per_block
    assert dense % 3 == 0
    assert sparse > dense // 3


def test_every_family_is_counted_as_transformers_counts_it() -> None:
    pytest.importorskip("transformers")
    from tests.models.family_cases import all_cases

    for name, case in all_cases().items():
        if "without pooler" in name:
            continue  # which the weights tell, not the config
        theirs = case.build()
        hf_config = theirs.config.to_dict() | {"architectures": [type(theirs).__name__]}
        parts = anatomy(config_from_hf(hf_config))
        assert parts.total == theirs.num_parameters(), name
        assert sum(parts.parts().values()) == parts.total, name
        assert parts.parts().get("other", 0) == 0, name
        idle = 0
        if parts.parts().get("experts"):
            text = theirs.config
            count = getattr(text, "n_routed_experts", None) or text.num_experts
            bank = sum(p.numel() for n, p in theirs.named_parameters() if ".experts." in n)
            idle = bank - bank // count * text.num_experts_per_tok
        assert parts.active == theirs.num_parameters() - idle, name
