"""Families outside the table, run by transformers: equal to it, and honest about what cannot be reached."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

import llmworks
from llmworks.errors import PackageError, RequestError
from llmworks.language_model import LanguageModel
from llmworks.models.foreign import ForeignModel
from llmworks.nn.trace import Intervention, Trace
from llmworks.packages import Package
from tests.support import tiny_tokenizer

transformers = pytest.importorskip("transformers")
pytestmark = pytest.mark.filterwarnings("ignore")

TOKENS = 320
WIDE = {"vocab_size": TOKENS, "hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 4}
LLAMA = WIDE | {"intermediate_size": 48, "max_position_embeddings": 64, "initializer_range": 0.2}
GPT = {"vocab_size": TOKENS, "n_embd": 32, "n_layer": 3, "n_head": 4, "n_positions": 64, "rotary_dim": 4}
CONFIGS: dict[str, Any] = {
    "opt": lambda: transformers.OPTConfig(**WIDE, ffn_dim=48, word_embed_proj_dim=32,
                                          max_position_embeddings=64, init_std=0.2),
    "gptj": lambda: transformers.GPTJConfig(**GPT, initializer_range=0.2),
    "codegen": lambda: transformers.CodeGenConfig(**GPT, initializer_range=0.2),
    "falcon": lambda: transformers.FalconConfig(**WIDE, max_position_embeddings=64, initializer_range=0.2),
    "falcon, ALiBi": lambda: transformers.FalconConfig(**WIDE, alibi=True, parallel_attn=False,
                                                       multi_query=False, initializer_range=0.2),
    "stablelm": lambda: transformers.StableLmConfig(**LLAMA, num_key_value_heads=2),
    "phi": lambda: transformers.PhiConfig(**LLAMA),
    "granite": lambda: transformers.GraniteConfig(**LLAMA, num_key_value_heads=2, logits_scaling=2.0,
                                                  residual_multiplier=0.5),
    "xglm": lambda: transformers.XGLMConfig(vocab_size=TOKENS, d_model=32, ffn_dim=48, num_layers=3,
                                            attention_heads=4, max_position_embeddings=64, init_std=0.2),
}  # fmt: skip
SHOWN_INSIDE = ("opt", "stablelm", "phi", "granite")
"""Whose attention is open to us step by step."""
PATTERN_OF_ANOTHER_RUN = "falcon, ALiBi"
"""transformers' eager path gives other logits here than its default one, so its pattern is not this run's."""


def write(folder: Path, name: str) -> Any:
    """A random model of this family with a tokenizer, saved; the reference itself."""
    torch.manual_seed(0)
    hf = transformers.AutoModelForCausalLM.from_config(CONFIGS[name]()).eval()
    hf.config.bos_token_id = hf.config.eos_token_id = hf.config.pad_token_id = None
    hf.generation_config = transformers.GenerationConfig()
    hf.save_pretrained(folder)
    tiny_tokenizer(TOKENS).save(folder / "tokenizer.json")
    return hf


@pytest.fixture(scope="module", params=list(CONFIGS))
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Any, Any]]:
    name = request.param
    folder = tmp_path_factory.mktemp("foreign")
    hf = write(folder, name)
    with pytest.MonkeyPatch.context() as patched:
        # The table grows; what is tested here must not depend on which families it holds by now.
        patched.setattr("llmworks.packages.package.is_foreign", lambda hf_config: True)
        lm = llmworks.load(folder)
    yield name, hf, lm
    lm.close()


IDS = torch.randint(1, TOKENS, (2, 14), generator=torch.Generator().manual_seed(1))


def far(one: Tensor, other: Tensor) -> float:
    return float((one - other).abs().max())


@torch.no_grad()
def test_logits_cache_and_head(pair: tuple[str, Any, LanguageModel]) -> None:
    _, hf, lm = pair
    model: Any = lm.model
    assert isinstance(model, ForeignModel)
    expected = hf(IDS, use_cache=False).logits
    assert far(model(IDS), expected) < 1e-5
    assert far(model.head(model.hidden(IDS)), expected) < 1e-5
    cache, at = model.new_cache(2, 20), 0
    assert not model.keeps_ids
    for step in (5, 1, 1, 7):
        assert far(model(IDS[:, at : at + step], cache=cache), expected[:, at : at + step]) < 1e-5
        at += step
    config = model.config
    assert cache.length == 14
    assert cache.bytes == 2 * 2 * config.n_layers * config.n_kv_heads * config.d_head * 14 * 4
    cache.truncate(6)
    assert far(model(IDS[:, 6:9], cache=cache), expected[:, 6:9]) < 1e-5
    with pytest.raises(RequestError, match="do not fit"):
        model(IDS, cache=cache)
    assert model.n_parameters() == sum(parameter.numel() for parameter in hf.parameters())
    assert model.flops_per_token(10) > 2 * 3 * 4 * 32 * 32


@torch.no_grad()
def test_traces_equal_what_the_model_says_of_itself(pair: tuple[str, Any, LanguageModel]) -> None:
    name, hf, lm = pair
    model: Any = lm.model
    reference = hf(IDS, use_cache=False, output_hidden_states=True)
    eager = transformers.AutoModelForCausalLM.from_config(CONFIGS[name](), attn_implementation="eager").eval()
    eager.load_state_dict(hf.state_dict())
    attentions = eager(IDS, use_cache=False, output_attentions=True).attentions
    trace = Trace(model.addresses())
    assert far(model(IDS, trace=trace), reference.logits) < 1e-5
    got = trace.tensors
    assert set(got) == set(model.addresses())
    for layer in range(3):
        assert far(got[f"blocks.{layer}.resid_pre"], reference.hidden_states[layer]) < 1e-5
        if f"blocks.{layer}.attn.pattern" in got:
            assert far(got[f"blocks.{layer}.attn.pattern"], attentions[layer]) < 1e-5
        if layer:
            assert torch.equal(got[f"blocks.{layer}.resid_pre"], got[f"blocks.{layer - 1}.resid_post"])
        if f"blocks.{layer}.mlp_out" in got:
            total = sum(got[f"blocks.{layer}.{part}"] for part in ("resid_pre", "attn_out", "mlp_out"))
            assert far(total, got[f"blocks.{layer}.resid_post"]) < 1e-4
    # The last of transformers' hidden states is after the norm, which is what the head reads.
    assert far(got["final_norm"], reference.hidden_states[3]) < 1e-5
    assert far(got["logits"], reference.logits) < 1e-5
    inside = {address for address in got if address.startswith("blocks.0.attn.")}
    steps = ("q", "k", "v", "scores", "pattern", "z") if name in SHOWN_INSIDE else ("pattern",)
    if name == PATTERN_OF_ANOTHER_RUN:
        steps = ()
    assert inside == {f"blocks.0.attn.{step}" for step in steps}


@torch.no_grad()
def test_what_is_reachable_and_what_is_not_are_told_apart(pair: tuple[str, Any, LanguageModel]) -> None:
    name, _, lm = pair
    model: Any = lm.model
    reached, missing = set(model.addresses()), model.unreachable()
    assert not reached & {key.replace("*", "0") for key in missing}
    assert all(missing.values())
    assert {"blocks.*.resid_mid", "blocks.*.mlp.pre"} <= set(missing)
    every = ["attn_norm", "attn_out", "mlp_norm", "mlp_out", "attn.q", "attn.pattern"]
    for part in every:  # each is on one of the two lists
        assert (f"blocks.0.{part}" in reached) != (f"blocks.*.{part}" in missing), part
    if name in ("gptj", "codegen", "falcon", "phi"):
        assert "one norm" in missing["blocks.*.mlp_norm"]
    if name == "granite":
        assert "not what the block adds" in missing["blocks.*.attn_out"]
    assert any("run by transformers" in note and "resid_mid" in note for note in lm.package.notes)


@torch.no_grad()
def test_interventions_do_what_they_say(pair: tuple[str, Any, LanguageModel]) -> None:
    name, hf, lm = pair
    model: Any = lm.model
    plain = model(IDS)
    # Skipping a block: what it read takes the place of what it gave. The reference does it by its own hook.
    given = Trace(["blocks.1.resid_pre"])
    model(IDS, trace=given)
    skipped = Intervention("blocks.1.resid_post", "patch", given.tensors["blocks.1.resid_pre"])
    got = model(IDS, trace=Trace([], [skipped]))
    block = next(module for path, module in hf.named_modules() if path.endswith(".1") and "." in path)
    handle = block.register_forward_hook(
        lambda _, args, kwargs, out: (
            (args or (kwargs["hidden_states"],))[0] if isinstance(out, Tensor)
            else ((args or (kwargs["hidden_states"],))[0], *out[1:])
        ),
        with_kwargs=True,
    )  # fmt: skip
    expected = hf(IDS, use_cache=False).logits
    handle.remove()
    assert far(got, expected) < 1e-5
    assert far(got, plain) > 1e-3
    assert far(model(IDS), plain) == 0  # and nothing stays behind
    for address in ("embed", "blocks.0.resid_pre", "blocks.2.attn_norm", "final_norm", "logits"):
        assert far(model(IDS, trace=Trace([], [Intervention(address, "scale", 0.5)])), plain) > 1e-4, address
    heads = Intervention("blocks.0.attn.pattern", "ablate", heads=[1])
    if name in SHOWN_INSIDE:
        changed = Trace(["blocks.0.attn.pattern", "blocks.0.attn.z"], [heads])
        assert far(model(IDS, trace=changed), plain) > 1e-4
        assert not changed.tensors["blocks.0.attn.z"][:, 1].any()
        for step in ("q", "k", "v", "scores", "z"):
            steered = Intervention(f"blocks.1.attn.{step}", "scale", 1.5, heads=[0])
            assert far(model(IDS, trace=Trace([], [steered])), plain) > 1e-5, step
    elif name != PATTERN_OF_ANOTHER_RUN:
        with pytest.raises(RequestError, match="recorded only"):
            model(IDS, trace=Trace([], [heads]))


def test_it_generates_scores_and_serves_the_workbench(pair: tuple[str, Any, LanguageModel]) -> None:
    from llmworks.server.steps import Reader

    _, hf, lm = pair
    ids = IDS[0, :5].tolist()
    expected = hf.generate(
        IDS[:1, :5], max_new_tokens=6, do_sample=False, eos_token_id=None, pad_token_id=0
    )[0, 5:].tolist()  # fmt: skip
    assert list(lm.generate(ids, max_tokens=6, temperature=0, ignore_eos=True).ids) == expected
    assert lm.score("The house had a red door.").bits > 0
    assert lm.trace("The house", ["blocks.*.resid_post"]).tensors
    reader = Reader(lm.model)
    with torch.no_grad():
        for text in (ids, [*ids, 7], ids[:3]):
            assert far(reader.logits(text), lm.logits(text)[-1]) < 1e-5


def test_a_folder_that_does_not_hold_together_is_refused(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    write(tmp_path, "codegen")
    weights = load_file(tmp_path / "model.safetensors")
    for change, said in (
        ({"transformer.ln_f.weight": None}, "missing: transformer.ln_f.weight"),
        ({"extra.weight": torch.ones(2)}, "not of this model: extra.weight"),
        ({"transformer.ln_f.weight": torch.ones(7)}, "ln_f.weight|ismatch"),
    ):
        changed = {name: tensor for name, tensor in (weights | change).items() if tensor is not None}
        save_file(changed, tmp_path / "model.safetensors", metadata={"format": "pt"})
        with pytest.raises(PackageError, match=said):
            Package.load(tmp_path).load_model()
    save_file(weights, tmp_path / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((tmp_path / "config.json").read_text())
    for change in ({"n_inner": 10**7}, {"n_layer": 2000}):
        (tmp_path / "config.json").write_text(json.dumps(config | change))
        with pytest.raises(PackageError, match="not of one model"):
            Package.load(tmp_path).load_model()


def test_code_in_a_folder_never_runs_unasked(tmp_path: Path) -> None:
    write(tmp_path, "codegen")
    planted = tmp_path / "owned.txt"
    (tmp_path / "configuration_evil.py").write_text(f"open({str(planted)!r}, 'w').write('owned')\n")
    config = json.loads((tmp_path / "config.json").read_text())
    mapped = {"model_type": "evil", "auto_map": {"AutoConfig": "configuration_evil.EvilConfig"}}
    (tmp_path / "config.json").write_text(json.dumps(config | mapped))
    with pytest.raises(PackageError, match="trust_remote_code=True"):
        Package.load(tmp_path)
    assert not planted.exists()


def test_without_transformers_it_says_how_to_get_it(tmp_path: Path) -> None:
    write(tmp_path, "codegen")
    code = (
        "import sys; sys.modules['transformers'] = None\n"
        "from llmworks.packages import Package\n"
        f"try: Package.load({str(tmp_path)!r})\nexcept Exception as error: print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("PackageError"), done.stderr
    assert "pip install transformers" in done.stdout


def test_inspect_counts_it_and_says_who_runs_it(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from llmworks.cli.main import app

    hf = write(tmp_path, "codegen")
    run = CliRunner().invoke(app, ["inspect", str(tmp_path)])
    assert run.exit_code == 0, run.output
    assert f"{sum(parameter.numel() for parameter in hf.parameters()):,}" in run.output
    assert "run by transformers (codegen)" in run.output
