"""The memory plan: exact terms, an honest bound for the others, what fits a card."""

import weakref
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten

from llmworks.errors import RequestError
from llmworks.models.anatomy import TensorGroup, anatomy
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.models.planner import Planner, read_bytes, read_tokens, storage, weight_bytes

GIB = 2**30
SEVEN = {"vocab_size": 32_000, "d_model": 4096, "n_layers": 32, "n_heads": 32, "d_ff": 11_008}
MHA = ModelConfig(**SEVEN, max_length=2**17)
GQA = ModelConfig(**SEVEN | {"n_kv_heads": 8, "d_ff": 14_336}, max_length=2**17)
TOKENS = 2**17


def test_seven_billion_at_128k_on_a_card_of_24_gb() -> None:
    """Catalogue row 70."""
    many, few = Planner(anatomy(MHA)), Planner(anatomy(GQA))
    card = read_bytes("24GB")
    assert many.model.total == 6_738_415_616
    assert few.model.total == 7_241_732_096
    plan = many.plan(TOKENS, memory=card)
    assert (plan.weights, plan.cache) == (2 * 6_738_415_616, 64 * GIB)
    assert plan.fits is False
    assert many.remedies(TOKENS, 1, card) == []
    plan = few.plan(TOKENS, memory=card)
    assert (plan.weights, plan.cache) == (2 * 7_241_732_096, 16 * GIB)
    assert plan.fits is False
    remedies = few.remedies(TOKENS, 1, card)
    expected = [("4.5 bits", "f16"), ("q8_0", "q8_0"), ("bf16", "q4_0")]
    assert [(one.weights_in, one.cache_in) for one in remedies] == expected
    assert all(one.total <= card for one in remedies)
    assert few.plan(TOKENS, 2).cache == 32 * GIB


def test_longest_context_is_the_last_that_fits() -> None:
    planner = Planner(anatomy(GQA), weights=storage("4.5"))
    for memory in (read_bytes("8GB"), read_bytes("24GiB"), 10**12):
        longest = planner.plan(4096, 3, memory).longest
        assert longest is not None
        assert planner.plan(longest, 3).total <= memory < planner.plan(longest + 1, 3).total
    assert planner.plan(4096, memory=10**9).longest == 0


def test_terms_add_up() -> None:
    plan = Planner(anatomy(GQA), margin=0.1, overhead=7).plan(1000, 2)
    terms = plan.weights + plan.cache + plan.activations + 7
    assert plan.overhead == 7
    assert plan.margin == round(terms * 0.1)
    assert plan.total == terms + plan.margin == plan.to_dict()["total"]
    assert plan.fits is None


def test_the_cache_is_what_a_network_takes() -> None:
    latent = {"kv_rank": 12, "d_rope": 4, "d_nope": 6, "d_value": 5}
    for changes in ({}, {"n_kv_heads": 1}, {"latent": latent}):
        config = ModelConfig(vocab_size=50, d_model=32, n_layers=3, n_heads=4, max_length=64, **changes)
        model = Decoder(config)
        for name, dtype in (("f32", torch.float32), ("bf16", torch.bfloat16)):
            planned = Planner(anatomy(config), cache=storage(name)).plan(40, 2).cache
            assert planned == model.new_cache(2, 40, dtype).bytes
    window = ModelConfig(
        vocab_size=50, d_model=32, n_layers=3, n_heads=4, max_length=64, sliding_window=8,
        layer_kinds=("sliding", "full", "sliding"),
    )  # fmt: skip
    numbers = 2 * 4 * 8
    assert Planner(anatomy(window)).cache_bytes(40) == 2 * numbers * (40 + 8 + 8)
    kept = Planner(anatomy(window), forget=False).cache_bytes(40)
    assert kept == Decoder(window).new_cache(1, 40, torch.bfloat16).bytes


def test_a_state_takes_the_same_at_any_length() -> None:
    from llmworks.models.recurrent import Mamba, MambaConfig

    config = MambaConfig(vocab_size=50, d_model=32, n_layers=3)
    planner = Planner(anatomy(config))
    assert planner.cache_bytes(10) == planner.cache_bytes(10**6) == Mamba(config).new_cache(1).bytes
    assert planner.plan(1000, 1, 10**9).longest is not None  # the mask of a chunk grows, the past does not


def test_weights_by_storage() -> None:
    groups = (
        TensorGroup("blocks.{i}.mlp.down.weight", "mlp", (100, 256), 3),
        TensorGroup("blocks.{i}.attn.out.weight", "attention", (10, 40), 2),
        TensorGroup("final_norm.weight", "norms", (100,)),
        TensorGroup("blocks.{i}.mlp.router.weight", "router", (8, 256), 2),
    )
    numbers = 3 * 25_600 + 2 * 400 + 100 + 2 * 2048
    assert weight_bytes(groups, storage("bf16")) == 2 * numbers
    assert weight_bytes(groups, storage("f32")) == 4 * numbers
    delicate = 4 * (100 + 2 * 2048)
    assert weight_bytes(groups, storage("q8_0")) == 3 * 25_600 // 32 * 34 + 2 * 2 * 400 + delicate
    assert weight_bytes(groups, storage("4.5")) == int((3 * 25_600 + 2 * 400) * 4.5 / 8) + delicate


def test_quantised_weights_are_those_of_an_exported_file() -> None:
    """Q8_0 treats all matrices alike: the plan is the tensor data of the file to the byte."""
    from llmworks.gguf.types import TYPES

    config = ModelConfig(
        vocab_size=64, d_model=64, n_layers=2, n_heads=4, n_kv_heads=2, d_ff=96, max_length=32
    )
    model = Decoder(config)
    expected = 0
    for name, parameter in model.named_parameters():
        rows = parameter.numel() // parameter.shape[-1]
        kind = TYPES["Q8_0" if parameter.dim() == 2 else "F32"]
        assert "norm" in name or parameter.dim() == 2
        expected += rows * kind.row_bytes(parameter.shape[-1])
    assert weight_bytes(anatomy(config).groups, storage("q8_0", TYPES)) == expected
    assert storage("q4_k", TYPES).name == "Q4_K"


class Peak(TorchDispatchMode):
    """Bytes of the tensors that a run makes, at the moment when most of them live."""

    def __init__(self, known: set[int]) -> None:
        super().__init__()
        self.seen, self.live, self.most = set(known), 0, 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        for tensor in tree_flatten(out)[0]:
            if isinstance(tensor, Tensor):
                storage = tensor.untyped_storage()
                key, size = storage.data_ptr(), storage.nbytes()
                if key and key not in self.seen:
                    self.seen.add(key)
                    self.live += size
                    self.most = max(self.most, self.live)
                    weakref.finalize(storage, self.free, key, size)
        return out

    def free(self, key: int, size: int) -> None:
        self.seen.discard(key)
        self.live -= size


LATENT = {"q_rank": 96, "kv_rank": 64, "d_rope": 16, "d_nope": 32, "d_value": 32}
SHAPES: dict[str, dict[str, Any]] = {
    "multi-head": {},
    "multi-query": {"n_kv_heads": 1},
    "plain feed-forward": {"activation": "gelu"},
    "wide feed-forward": {"d_ff": 2048},
    "softcap": {"attention_softcap": 30.0},
    "sinks": {"attention_sinks": True},
    "experts": {"experts": {"n_experts": 8, "top_k": 2, "d_expert": 512}},
    "many experts": {"experts": {"n_experts": 32, "top_k": 8, "d_expert": 64, "n_shared": 1}},
    "latent": {"d_head": 48, "rope_interleaved": True, "latent": LATENT},
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("past", [0, 1024])
@torch.inference_mode()
def test_activations_are_bounded_and_not_far_off(name: str, past: int) -> None:
    """Measured while a chunk of 512 tokens is read, in float32."""
    config = ModelConfig(vocab_size=500, d_model=128, n_layers=2, n_heads=8, max_length=2048, **SHAPES[name])
    torch.manual_seed(0)
    model = Decoder(config).eval()
    cache = model.new_cache(1, 1600)
    if past:
        model.hidden(torch.randint(500, (1, past)), cache=cache)
    assert model.rotary is not None
    kept = [*model.parameters(), *cache.keys, *cache.values, model.rotary.table]
    with Peak({tensor.untyped_storage().data_ptr() for tensor in kept}) as peak:
        model.head(model.hidden(torch.randint(500, (1, 512)), cache=cache)[:, -1])
    planned = Planner(anatomy(config), weights=storage("f32")).activation_bytes(past + 512, 1)
    assert peak.most <= planned <= 2.5 * peak.most


@pytest.mark.parametrize(
    ("text", "number"),
    [("24GB", 24 * 10**9), ("24 GiB", 24 * GIB), ("24G", 24 * GIB), ("1.5kb", 1500), ("7", 7)],
)
def test_amounts_of_memory(text: str, number: int) -> None:
    assert read_bytes(text) == number


@pytest.mark.parametrize(("text", "number"), [("4096", 4096), ("128K", 2**17), ("1m", 2**20)])
def test_numbers_of_tokens(text: str, number: int) -> None:
    assert read_tokens(text) == number


def test_what_makes_no_sense_is_refused() -> None:
    for text in ("", "GB", "-1GB", "1e9", "24 parsecs", "9" * 40, "0x10"):
        with pytest.raises(RequestError, match="memory"):
            read_bytes(text)
    for text in ("", "0", "-4", "4.5K", "K", "9" * 20, "1T"):
        with pytest.raises(RequestError, match="tokens"):
            read_tokens(text)
    for name in ("q9_9", "", "0", "65", "-3", "nan"):
        with pytest.raises(RequestError, match="no way to keep numbers"):
            storage(name)
    planner = Planner(anatomy(GQA))
    for context, batch in ((0, 1), (1, 0), (2**41, 1), (1, 2**21)):
        with pytest.raises(RequestError, match="at least 1"):
            planner.plan(context, batch)
    with pytest.raises(RequestError, match="margin"):
        Planner(anatomy(GQA), margin=-0.1)
