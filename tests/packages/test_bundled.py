"""A folder that stands for one GGUF file, and checkpoints of a bundled model by name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from llmworks.errors import PackageError
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.packages import Package, bundled, save_package
from llmworks.packages.gguf.export import export_gguf
from llmworks.text.bpe_train import train_bpe


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model as one GGUF file."""
    folder = tmp_path_factory.mktemp("tiny")
    tokenizer = train_bpe(["one two three"], 260, special_tokens=["<|endoftext|>"])
    config = ModelConfig(
        vocab_size=tokenizer.vocab_size, d_model=32, n_layers=1, n_heads=1, max_length=16,
        positions="rope", norm="rmsnorm", activation="swiglu", tie_embeddings=True,
    )  # fmt: skip
    model = Decoder(config)
    model.reset_parameters()
    save_package(folder / "hf", model, tokenizer, card="# Tiny\n")
    return export_gguf(Package.load(folder / "hf"), folder / "tiny.gguf", "q8_0").path


def test_a_folder_with_one_gguf_is_that_model(file: Path, tmp_path: Path) -> None:
    shutil.copy(file, tmp_path / "any-name.gguf")
    (tmp_path / "README.md").write_text("# The card\n", encoding="utf-8")
    package = Package.load(tmp_path)
    assert package.path == tmp_path / "any-name.gguf"
    assert package.card == "# The card\n"
    assert package.config.d_model == 32


def test_two_files_are_not_chosen_between(file: Path, tmp_path: Path) -> None:
    for name in ("a.gguf", "b.gguf"):
        shutil.copy(file, tmp_path / name)
    with pytest.raises(PackageError, match="no config"):
        Package.load(tmp_path)
    (tmp_path / "README.md").write_text("# Of both\n", encoding="utf-8")
    assert Package.load(tmp_path / "a.gguf").card != "# Of both\n"


def test_checkpoints_by_name(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "BUNDLED", tmp_path)
    (tmp_path / "tiny/steps").mkdir(parents=True)
    shutil.copy(file, tmp_path / "tiny/model.gguf")
    for step in (100, 20):
        shutil.copy(file, tmp_path / f"tiny/steps/{step}.gguf")
    assert bundled.list_bundled() == ["tiny"]
    assert bundled.list_steps("tiny") == [20, 100]
    assert Package.load("tiny").path.name == "model.gguf"
    assert Package.load("tiny@20").path.name == "20.gguf"
    with pytest.raises(PackageError, match="kept at steps 20, 100"):
        Package.load("tiny@30")
    for hostile in ("tiny@../model", "tiny@", "tiny@²", "../tiny@20"):
        with pytest.raises(PackageError):
            Package.load(hostile)
