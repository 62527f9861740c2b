"""What context extension is for, and the places where a person asks for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F
from typer.testing import CliRunner

import llmworks
from llmworks.cli.main import app
from llmworks.errors import ConfigError
from llmworks.models.config import ModelConfig
from llmworks.models.context import extended, parse_extension
from llmworks.models.decoder import Decoder
from llmworks.nn.rope_scaling import RotaryScaling
from llmworks.packages import Package
from llmworks.training.recipe import Recipe
from llmworks.training.run import train
from tests.support import TINY_TEXT, tiny_package

LENGTH = 32


def repeats(count: int, length: int, generator: torch.Generator) -> Tensor:
    """Rows [count, length] that repeat 5 to 11 random tokens: what came a period ago comes again."""
    period = torch.randint(5, 12, (count, 1), generator=generator)
    pattern = torch.randint(0, 16, (count, 16), generator=generator)
    return pattern.gather(1, torch.arange(length)[None] % period)


def trained() -> Decoder:
    """A tiny model that has seen texts of LENGTH tokens only."""
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(1)
    model = Decoder(
        ModelConfig(vocab_size=16, d_model=32, n_layers=2, n_heads=2, max_length=LENGTH, tie_embeddings=True)
    )
    optimiser = torch.optim.AdamW(model.parameters(), lr=4e-3)
    for _ in range(350):
        ids = repeats(64, LENGTH + 1, generator)
        loss = F.cross_entropy(model(ids[:, :-1])[:, 12:].flatten(0, 1), ids[:, 13:].flatten())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model.eval()


def test_beyond_its_length_a_model_is_less_at_a_loss_with_scaling_than_without() -> None:
    model = trained()
    ids = repeats(64, 4 * LENGTH + 1, torch.Generator().manual_seed(9))

    @torch.no_grad()
    def loss(kind: str | None) -> float:
        config = extended(model.config, kind, 4.0 if kind else None, max_length=4 * LENGTH)
        logits = Decoder.from_state(config, model.state_dict())(ids[:, :-1])
        return float(F.cross_entropy(logits[:, LENGTH:].flatten(0, 1), ids[:, LENGTH + 1 :].flatten()))

    plain = loss(None)
    for kind in ("linear", "ntk", "dynamic", "yarn", "llama3"):
        assert loss(kind) < plain - 0.05, kind


def test_extended_and_its_words() -> None:
    config = ModelConfig(vocab_size=61, d_model=32, n_layers=1, n_heads=4, max_length=64)
    longer = extended(config, "yarn", 4.0)
    assert longer.max_length == 256
    assert longer.rope_scaling == RotaryScaling(kind="yarn", factor=4.0, original_length=64)
    assert extended(config, "yarn", max_length=256) == longer
    again = extended(longer, "linear", 2.0)  # anew from the original length, not on top
    assert again.max_length == 128
    assert again.rope_scaling == RotaryScaling(kind="linear", factor=2.0, original_length=64)
    assert parse_extension("dynamic:2.5") == ("dynamic", 2.5)
    for text in ("yarn", "yarn:", "yarn:x", "yarn:-1", "yarn:inf", "spiral:4", ":4"):
        with pytest.raises(ConfigError, match="write KIND:FACTOR"):
            parse_extension(text)
    with pytest.raises(ConfigError, match="this model has none"):
        extended(ModelConfig(**config.model_dump() | {"positions": "learned"}), "yarn", 4.0)
    with pytest.raises(ConfigError, match="needs a factor"):
        extended(config, "yarn")
    with pytest.raises(ConfigError, match="short_factor"):
        extended(config, "longrope", 4.0)


def test_a_loaded_model_reads_further(tmp_path: Path) -> None:
    folder = tiny_package(tmp_path)
    with_flag = llmworks.load(folder, rope_scaling="ntk:2")
    plain = llmworks.load(folder)
    longer = plain.extend_context("ntk", 2.0)
    assert plain.max_length == 128
    assert longer.max_length == with_flag.max_length == 256
    ids = list(range(1, 201))
    assert torch.equal(longer.logits(ids), with_flag.logits(ids))
    assert longer.generate(ids, max_tokens=3, temperature=0).ids
    assert next(longer.model.parameters()).data_ptr() == next(plain.model.parameters()).data_ptr()
    whole = {"kind": "dynamic", "factor": 2.0, "original_length": 100}
    assert llmworks.load(folder, rope_scaling=whole).max_length == 200
    assert llmworks.load(folder, max_length=64).max_length == 64
    for lm in (with_flag, plain, longer):
        lm.close()


def test_flags(tmp_path: Path) -> None:
    folder = tiny_package(tmp_path)
    text = tmp_path / "long.txt"
    text.write_text(TINY_TEXT * 2)
    runs = [
        CliRunner().invoke(app, ["score", str(folder), "--file", str(text), "--json", *more])
        for more in ([], ["--context-extension", "linear:8"])
    ]
    assert [run.exit_code for run in runs] == [0, 0], runs[1].output
    assert json.loads(runs[0].stdout) != json.loads(runs[1].stdout)  # other windows, other angles
    prompt = " ".join(["house"] * 400)
    assert CliRunner().invoke(app, ["generate", str(folder), prompt, "-n", "2"]).exit_code != 0
    longer = ["--context-extension", "yarn:8"]
    run = CliRunner().invoke(app, ["generate", str(folder), prompt, "-n", "2", *longer])
    assert run.exit_code == 0, run.output


def recipe(tmp_path: Path, **sections: Any) -> Recipe:
    (tmp_path / "text.txt").write_text(TINY_TEXT * 20)
    base = {
        "data": {"sources": [{"path": str(tmp_path / "text.txt")}], "validation": 0.0},
        "training": {"steps": 2, "batch_size": 2, "device": "cpu", "compile": "off", "tensorboard": False},
    }
    return Recipe.parse(base | sections)


def test_a_recipe_trains_on_with_a_longer_context(tmp_path: Path) -> None:
    folder = tiny_package(tmp_path)
    asked = recipe(tmp_path, init=str(folder), context={"kind": "yarn", "factor": 2.0})
    out = train(asked, tmp_path / "out").package
    assert out is not None
    config = Package.load(out).config
    assert isinstance(config, ModelConfig)
    assert config.max_length == 256
    assert config.rope_scaling == RotaryScaling(kind="yarn", factor=2.0, original_length=128)


def test_a_recipe_begins_with_scaled_rotations(tmp_path: Path) -> None:
    model = {"n_layers": 1, "d_model": 32, "max_length": 64}
    scaling = {"kind": "linear", "factor": 2.0, "original_length": 32}
    out = train(
        recipe(tmp_path, model=model | {"rope_scaling": scaling}, tokenizer={"vocab_size": 300}),
        tmp_path / "out",
    ).package
    assert out is not None
    config = Package.load(out).config
    assert isinstance(config, ModelConfig)
    assert config.rope_scaling is not None
    assert config.rope_scaling.factor == 2.0


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ({"context": {"kind": "yarn", "factor": 2.0}}, "name it with init"),
        ({"init": "x", "context": {"kind": "spiral", "factor": 2.0}}, "context.kind"),
        ({"init": "x", "context": {"kind": "yarn", "factor": 0.5}}, "context.factor"),
        ({"init": "x", "context": {"knid": "yarn"}}, "did you mean kind"),
    ],
)
def test_recipes_that_ask_for_what_there_is_not(tmp_path: Path, sections: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        recipe(tmp_path, **sections)
