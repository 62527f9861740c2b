"""Packages in both directions: what transformers saves runs here alike, and what is saved here, there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    GPT2Config,
    GPT2LMHeadModel,
    GPT2Model,
    LlamaConfig,
    LlamaForCausalLM,
)

from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.packages import CHATML, ChatTemplate, GenerationDefaults, Package, save_package
from tests.support import tiny_package, tiny_tokenizer

VOCABULARY = 96
GPT2 = {"vocab_size": VOCABULARY, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 64}
LLAMA = {
    "vocab_size": VOCABULARY,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": 64,
}
IDS = {"bos_token_id": 1, "eos_token_id": 2}

THEIRS = {
    "gpt2": lambda: GPT2LMHeadModel(GPT2Config(**GPT2, **IDS)),
    "gpt2 untied": lambda: GPT2LMHeadModel(GPT2Config(**GPT2, **IDS, tie_word_embeddings=False)),
    "gpt2 wide": lambda: GPT2LMHeadModel(GPT2Config(**GPT2, **IDS, n_inner=80, activation_function="gelu")),
    "llama": lambda: LlamaForCausalLM(LlamaConfig(**LLAMA, **IDS)),
    "llama tied": lambda: LlamaForCausalLM(LlamaConfig(**LLAMA, **IDS, tie_word_embeddings=True)),
    "llama gqa": lambda: LlamaForCausalLM(LlamaConfig(**LLAMA, **IDS, num_key_value_heads=2)),
    "llama mqa": lambda: LlamaForCausalLM(LlamaConfig(**LLAMA, **IDS, num_key_value_heads=1)),
    "llama biases": lambda: LlamaForCausalLM(LlamaConfig(**LLAMA, **IDS, attention_bias=True, mlp_bias=True)),
    "llama narrow heads": lambda: LlamaForCausalLM(LlamaConfig(**LLAMA, **IDS, head_dim=4)),
    "llama theta": lambda: LlamaForCausalLM(
        LlamaConfig(**LLAMA, **IDS, rope_parameters={"rope_type": "default", "rope_theta": 500_000.0})
    ),
}


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


def ids() -> torch.Tensor:
    return torch.randint(0, VOCABULARY, (2, 33))


@torch.no_grad()
def assert_same_logits(ours: torch.nn.Module, theirs: Any, tolerance: float = 1e-5) -> None:
    given = ids()
    torch.testing.assert_close(ours(given), theirs(given).logits, atol=tolerance, rtol=0)


def theirs(name: str) -> Any:
    model = THEIRS[name]().eval()
    for parameter in model.parameters():  # biases and norms start as zeros and ones, which would hide a swap
        parameter.data += 0.1 * torch.randn_like(parameter)
    return model


@pytest.mark.parametrize("name", THEIRS)
@pytest.mark.parametrize("shard_size", ["20KB", "1GB"])
def test_what_transformers_saves_runs_here(tmp_path: Path, name: str, shard_size: str) -> None:
    model = theirs(name)
    model.save_pretrained(tmp_path, max_shard_size=shard_size)
    assert (tmp_path / "model.safetensors.index.json").exists() == (shard_size == "20KB")
    package = Package.load(tmp_path)
    assert_same_logits(package.load_model(), model)
    assert package.generation.bos_id == 1
    assert package.generation.eos_ids == (2,)


@pytest.mark.parametrize("name", THEIRS)
@pytest.mark.parametrize("max_shard_bytes", [20_000, 10**9])
def test_what_is_saved_here_runs_in_transformers(tmp_path: Path, name: str, max_shard_bytes: int) -> None:
    theirs(name).save_pretrained(tmp_path / "theirs")
    model = Package.load(tmp_path / "theirs").load_model()
    ours = save_package(tmp_path / "ours", model, None, max_shard_bytes=max_shard_bytes)
    assert (ours / "model.safetensors.index.json").exists() == (max_shard_bytes == 20_000)
    again, report = AutoModelForCausalLM.from_pretrained(ours, output_loading_info=True)
    assert not any(report.values())
    assert_same_logits(model, again.eval())
    assert_same_logits(Package.load(ours).load_model(), again)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_from_transformers(tmp_path: Path, dtype: torch.dtype) -> None:
    theirs("llama gqa").to(dtype).save_pretrained(tmp_path)
    package = Package.load(tmp_path)
    assert next(package.load_model(dtype=None).parameters()).dtype == dtype
    # Read anew as float32: `.float()` would leave the rotary frequencies rounded to half precision.
    model = AutoModelForCausalLM.from_pretrained(tmp_path, dtype=torch.float32).eval()
    assert_same_logits(package.load_model(dtype=torch.float32), model)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_to_transformers(tmp_path: Path, dtype: torch.dtype) -> None:
    model = Decoder(
        ModelConfig(vocab_size=VOCABULARY, d_model=32, n_layers=2, n_heads=4, max_length=64)
    ).eval()
    save_package(tmp_path / "p", model, None, dtype=dtype)
    assert AutoModelForCausalLM.from_pretrained(tmp_path / "p").dtype == dtype
    again = AutoModelForCausalLM.from_pretrained(tmp_path / "p", dtype=torch.float32).eval()
    assert_same_logits(Package.load(tmp_path / "p").load_model(), again)
    assert next(model.parameters()).dtype == torch.float32


def test_the_bare_network_without_a_head_runs_here(tmp_path: Path) -> None:
    model = theirs("gpt2")
    bare = GPT2Model(model.config)
    bare.load_state_dict(model.transformer.state_dict())
    bare.save_pretrained(tmp_path)
    assert_same_logits(Package.load(tmp_path).load_model(), model)


def test_a_network_that_is_neither_comes_back_as_it_was(tmp_path: Path) -> None:
    config = ModelConfig(
        vocab_size=VOCABULARY, d_model=32, n_layers=2, n_heads=4, max_length=64, activation="relu2",
        qk_norm=True, norm_affine=False, tie_embeddings=True, logit_softcap=15.0,
    )  # fmt: skip
    model = Decoder(config).eval()
    package = Package.load(save_package(tmp_path / "p", model, None))
    assert package.config == config
    again, given = package.load_model(), ids()
    with torch.no_grad():
        assert torch.equal(again(given), model(given))


# --- tokenizer, template, boundaries ---------------------------------------------------------------------

TEXTS = [
    "Once upon a time",
    "The cat’s 1,234 mornings…\n\n  Ω≈ç √∫ 🏠🐈",
    "<|im_end|> is text",
    "",
    " ",
    "\r\n\t",
]
CHAT = [
    {"role": "system", "content": "You are a cat."},
    {"role": "user", "content": "Will it rain?\n"},
    {"role": "assistant", "content": "It will, or it will not."},
    {"role": "user", "content": "Sure?"},
    {"role": "assistant", "content": "Yes."},
]


def test_the_tokenizer_gives_the_same_ids_there(tmp_path: Path) -> None:
    folder = tiny_package(tmp_path)
    ours, theirs = Package.load(folder).tokenizer, AutoTokenizer.from_pretrained(folder)
    assert ours is not None
    for text in TEXTS:
        assert theirs(text).input_ids == ours.encode(text, allow_special=True)
        assert theirs.decode(ours.encode(text)) == text
    assert len(theirs) == ours.vocab_size
    assert theirs.eos_token == "<|im_end|>"
    assert theirs.bos_token == theirs.pad_token == "<|endoftext|>"
    assert theirs.model_max_length == 128


def test_the_chat_template_gives_the_same_text_ids_and_mask_there(tmp_path: Path) -> None:
    folder = tiny_package(tmp_path)
    package, theirs = Package.load(folder), AutoTokenizer.from_pretrained(folder)
    assert package.chat_template is not None
    assert package.tokenizer is not None
    ours = package.chat_template.encode(CHAT, package.tokenizer)
    expected = theirs.apply_chat_template(CHAT, return_dict=True, return_assistant_tokens_mask=True)
    assert ours.text == theirs.apply_chat_template(CHAT, tokenize=False)
    assert ours.ids == expected["input_ids"]
    assert ours.mask == [bool(flag) for flag in expected["assistant_masks"]]
    prompt = package.chat_template.encode(CHAT[:2], package.tokenizer, add_generation_prompt=True)
    assert prompt.ids == theirs.apply_chat_template(CHAT[:2], add_generation_prompt=True)["input_ids"]
    assert not any(prompt.mask)


def test_the_same_greedy_tokens(tmp_path: Path) -> None:
    folder = tiny_package(tmp_path)
    model, theirs = Package.load(folder).load_model(), AutoModelForCausalLM.from_pretrained(folder).eval()
    ids = torch.tensor([[79, 110, 99, 101]])
    expected = theirs.generate(ids, max_new_tokens=20, do_sample=False, eos_token_id=None)[0].tolist()
    given = ids
    with torch.no_grad():
        for _ in range(20):
            given = torch.cat([given, model(given)[:, -1:].argmax(-1)], 1)
    assert given[0].tolist() == expected


def test_generation_defaults_go_both_ways(tmp_path: Path) -> None:
    tokenizer = tiny_tokenizer()
    model = Decoder(
        ModelConfig(vocab_size=tokenizer.vocab_size, d_model=32, n_layers=1, n_heads=4, max_length=64)
    )
    defaults = GenerationDefaults(temperature=0.7, top_k=40, top_p=0.9, repetition_penalty=1.1, max_tokens=99)
    folder = save_package(tmp_path / "p", model, tokenizer, generation=defaults)
    there = AutoModelForCausalLM.from_pretrained(folder).generation_config
    assert (there.temperature, there.top_k, there.top_p, there.max_new_tokens) == (0.7, 40, 0.9, 99)
    assert there.do_sample is True
    assert there.eos_token_id == tokenizer.special_tokens["<|endoftext|>"]
    here = Package.load(folder).generation
    assert here.model_copy(update={"bos_id": None, "eos_ids": (), "pad_id": None}) == defaults


def test_greedy_by_default_goes_both_ways(tmp_path: Path) -> None:
    model = Decoder(ModelConfig(vocab_size=VOCABULARY, d_model=32, n_layers=1, n_heads=4, max_length=64))
    folder = save_package(tmp_path / "p", model, None, generation=GenerationDefaults(temperature=0.0))
    assert AutoModelForCausalLM.from_pretrained(folder).generation_config.do_sample is False
    assert Package.load(folder).generation.temperature == 0.0


def test_what_transformers_saves_with_its_tokenizer_loads_here(tmp_path: Path) -> None:
    folder = tiny_package(tmp_path)
    model, tokenizer = AutoModelForCausalLM.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)
    model.save_pretrained(tmp_path / "again")
    tokenizer.save_pretrained(tmp_path / "again")
    one, two = Package.load(folder), Package.load(tmp_path / "again")
    assert one.tokenizer is not None
    assert two.tokenizer is not None
    assert two.tokenizer.fingerprint() == one.tokenizer.fingerprint()
    assert two.chat_template is not None
    assert two.chat_template.source == CHATML.removesuffix("\n") or two.chat_template.source == CHATML
    assert two.generation == one.generation
    assert two.config == one.config


def test_the_turn_ends_a_generation_of_a_chat_model(tmp_path: Path) -> None:
    tokenizer = tiny_tokenizer()
    package = Package.load(tiny_package(tmp_path))
    turn, text = tokenizer.special_tokens["<|im_end|>"], tokenizer.special_tokens["<|endoftext|>"]
    assert package.generation.eos_ids == (turn, text)
    assert ChatTemplate(CHATML).closing_id(tokenizer) == turn
