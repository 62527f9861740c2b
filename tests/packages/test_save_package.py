"""Saving: whole or not at all, beside what else lies in the folder, and nothing that could not be loaded."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import llmworks.packages.save
from llmworks.errors import PackageError
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.packages import CHATML, ChatTemplate, GenerationDefaults, Package, save_package
from llmworks.text.sentencepiece import SentencePieceTokenizer
from tests.support import ROOT, tiny_package, tiny_tokenizer


def network(seed: int = 0, **values: int) -> Decoder:
    torch.manual_seed(seed)
    shape = {"vocab_size": 320, "d_model": 32, "n_layers": 2, "n_heads": 4, "max_length": 64} | values
    return Decoder(ModelConfig(**shape)).eval()


def same(one: Decoder, other: Decoder) -> bool:
    a, b = one.state_dict(), other.state_dict()
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


WHOLE = [
    "README.md", "chat_template.jinja", "config.json", "generation_config.json", "model.safetensors",
    "tokenizer.json", "tokenizer_config.json",
]  # fmt: skip


def test_the_files_of_a_package(tmp_path: Path) -> None:
    folder = tiny_package(tmp_path)
    assert names(folder) == WHOLE
    assert names(tmp_path) == ["tiny"]
    assert (folder / "chat_template.jinja").read_text() == CHATML
    assert folder.stat().st_mode & 0o777 == 0o755


def test_a_package_comes_back_as_it_was(tmp_path: Path) -> None:
    model, tokenizer = network(), tiny_tokenizer()
    package = Package.load(
        save_package(tmp_path / "a" / "b", model, tokenizer, chat_template=ChatTemplate(CHATML))
    )
    assert same(package.load_model(), model)
    assert package.config.model_copy(update={"family": None}) == model.config
    assert package.tokenizer is not None
    assert package.tokenizer.fingerprint() == tokenizer.fingerprint()


@pytest.mark.parametrize("kind", ["unigram", "bpe", "char", "word"])
def test_a_sentencepiece_tokenizer_comes_back_as_it_was(kind: str, tmp_path: Path) -> None:
    """Exactly, with its charsmap; the tokenizer.json beside it is for others, where there is one."""
    trainer = pytest.importorskip("sentencepiece").SentencePieceTrainer
    texts = ["The café ﬁnds ① way through the wood.", "Nothing is half so good, said the wise man."] * 30
    size = {} if kind in ("char", "word") else {"vocab_size": 60}
    trainer.train(
        sentence_iterator=iter(texts), model_prefix=str(tmp_path / "spm"), model_type=kind,
        hard_vocab_limit=False, minloglevel=2, **size,
    )  # fmt: skip
    tokenizer = SentencePieceTokenizer.from_model_file(tmp_path / "spm.model", add_bos=True)
    folder = save_package(tmp_path / "p", network(), tokenizer)
    loaded = Package.load(folder).tokenizer
    assert isinstance(loaded, SentencePieceTokenizer)
    assert loaded.fingerprint() == tokenizer.fingerprint()
    assert (loaded.add_bos, loaded.bos_id, loaded.eos_id) == (True, tokenizer.bos_id, tokenizer.eos_id)
    for text in ("", "  ﬁne   ①café ", "ａ wood\nwise"):
        assert loaded.encode(text) == tokenizer.encode(text)
    assert (folder / "tokenizer.json").exists() == (kind in ("unigram", "bpe"))
    save_package(folder, network(), tiny_tokenizer())  # and nothing of it stays
    assert not (folder / "tokenizer.model").exists()
    assert Package.load(folder).tokenizer.fingerprint() == tiny_tokenizer().fingerprint()  # type: ignore[union-attr]


def test_saving_again_gives_the_same_bytes(tmp_path: Path) -> None:
    first = tiny_package(tmp_path / "1")
    second = tiny_package(tmp_path / "2")
    for name in names(first):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_a_loaded_model_outlives_its_folder(tmp_path: Path) -> None:
    folder, model = tmp_path / "p", network()
    save_package(folder, model, None)
    loaded = Package.load(folder).load_model()
    save_package(folder, network(seed=1), None)
    assert same(loaded, model)
    (folder / "model.safetensors").write_bytes(b"")
    assert same(loaded, model)


def test_a_package_is_replaced_whole(tmp_path: Path) -> None:
    folder = save_package(
        tmp_path / "p",
        network(),
        tiny_tokenizer(),
        chat_template=ChatTemplate(CHATML),
        max_shard_bytes=30_000,
    )
    assert (folder / "model.safetensors.index.json").exists()
    (folder / "special_tokens_map.json").write_text("{}")
    other = network(seed=1, n_layers=1)
    save_package(folder, other, None)
    assert names(folder) == ["README.md", "config.json", "generation_config.json", "model.safetensors"]
    assert same(Package.load(folder).load_model(), other)


def test_what_else_lies_in_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "metrics.jsonl").write_text("{}")
    (tmp_path / "model-notes.txt").write_text("mine")
    for seed in (0, 1):
        save_package(tmp_path, network(seed), tiny_tokenizer())
    kept = [name for name in WHOLE if name != "chat_template.jinja"]
    assert names(tmp_path) == sorted([*kept, "run", "model-notes.txt"])
    assert (tmp_path / "run" / "metrics.jsonl").read_text() == "{}"
    assert same(Package.load(tmp_path).load_model(), network(1))


def test_shards_keep_to_their_size(tmp_path: Path) -> None:
    folder = save_package(tmp_path / "p", network(), None, max_shard_bytes=50_000)
    shards = sorted(folder.glob("model-*.safetensors"))
    assert [shard.name for shard in shards] == [
        f"model-{number:05d}-of-{len(shards):05d}.safetensors" for number in range(1, len(shards) + 1)
    ]
    assert len(shards) > 2
    assert all(shard.stat().st_size < 50_000 + 4_000 for shard in shards)
    index = json.loads((folder / "model.safetensors.index.json").read_text())
    assert index["metadata"]["total_size"] == sum(p.nbytes for p in network().parameters())


def test_a_tensor_larger_than_a_shard_has_one_for_itself(tmp_path: Path) -> None:
    folder = save_package(tmp_path / "p", network(), None, max_shard_bytes=1)
    assert same(Package.load(folder).load_model(), network())


@pytest.mark.parametrize("size", [0, -1])
def test_a_shard_size_must_be_positive(tmp_path: Path, size: int) -> None:
    with pytest.raises(PackageError, match="max_shard_bytes must be positive"):
        save_package(tmp_path / "p", network(), None, max_shard_bytes=size)
    assert names(tmp_path) == []


def test_what_could_not_be_loaded_is_not_saved(tmp_path: Path) -> None:
    save_package(tmp_path / "p", network(), None)
    before = (tmp_path / "p" / "config.json").read_bytes()
    for target in (tmp_path / "new", tmp_path / "p"):
        with pytest.raises(PackageError, match="the embedding has 319 rows"):
            save_package(target, network(vocab_size=319), tiny_tokenizer())
        with pytest.raises(PackageError, match="eos_ids is 999"):
            save_package(target, network(), None, generation=GenerationDefaults(eos_ids=(999,)))
    assert names(tmp_path) == ["p"]
    assert (tmp_path / "p" / "config.json").read_bytes() == before


def test_the_card_gets_a_front_matter_once(tmp_path: Path) -> None:
    card = Package.load(tiny_package(tmp_path)).card
    assert card.startswith("---\nlibrary_name: transformers\npipeline_tag: text-generation\n")
    assert card.endswith("---\n\n# Tiny\n")
    folder = save_package(tmp_path / "again", network(), None, card=card)
    assert Package.load(folder).card == card


def test_generation_defaults_that_are_given_hold(tmp_path: Path) -> None:
    given = GenerationDefaults(bos_id=1, eos_ids=(2, 3), pad_id=4, temperature=0.5)
    assert (
        Package.load(save_package(tmp_path / "p", network(), tiny_tokenizer(), generation=given)).generation
        == given
    )


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for target in (tmp_path / "file" / "p", tmp_path / "file"):
        with pytest.raises(PackageError, match="cannot be written"):
            save_package(target, network(), None)
    assert names(tmp_path) == ["file"]


def test_the_training_state_of_a_model_is_left_alone(tmp_path: Path) -> None:
    model = network().train()
    save_package(tmp_path / "p", model, None, dtype=torch.bfloat16)
    assert model.training
    assert all(p.requires_grad and p.dtype == torch.float32 for p in model.parameters())
    loaded = Package.load(tmp_path / "p").load_model()
    assert all(p.requires_grad for p in loaded.parameters())
    assert not loaded.training


# --- interrupted -----------------------------------------------------------------------------------------

STEPS = ["_write_weights", "_sync", "_move_in"]


@pytest.mark.parametrize("step", STEPS)
def test_a_save_that_fails_leaves_the_old_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    folder = save_package(tmp_path / "p", network(), None)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(llmworks.packages.save, step, full)
    with pytest.raises(PackageError, match="No space left on device"):
        save_package(folder, network(seed=1), None)
    assert names(tmp_path) == ["p"]
    assert not [name for name in names(folder) if name.startswith(".")]
    assert same(Package.load(folder).load_model(), network())


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it, nothing is cleaned up."""


def check_after_kill(folder: Path) -> None:
    with pytest.raises(PackageError, match=r"has no config.json: .*interrupted"):
        Package.load(folder)
    save_package(folder, network(seed=1), None)
    assert same(Package.load(folder).load_model(), network(seed=1))
    assert not [name for name in names(folder) if name.startswith(".")]


@pytest.mark.parametrize("moved", range(4))  # four files, config.json the last
def test_a_save_that_stops_anywhere_leaves_no_mixture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    folder = save_package(tmp_path / "p", network(), tiny_tokenizer())
    replace, left = os.replace, iter(range(moved))

    def dying(*paths: Path) -> None:
        if next(left, None) is None:
            raise Killed
        replace(*paths)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", dying)
        patch.setattr(shutil, "rmtree", lambda *_, **__: None)
        with pytest.raises(Killed):
            save_package(folder, network(seed=1), None)
    check_after_kill(folder)


def test_a_process_that_is_killed_leaves_no_mixture(tmp_path: Path) -> None:
    folder = save_package(tmp_path / "p", network(), tiny_tokenizer())
    script = """
import os, signal, sys
from llmworks.packages import Package, save_package
model = Package.load(sys.argv[1]).load_model()
os.replace = lambda *paths: os.kill(os.getpid(), signal.SIGKILL)
save_package(sys.argv[1], model, None)
"""
    done = subprocess.run([sys.executable, "-c", script, str(folder)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert [name for name in names(folder) if name.startswith(".saving-")]
    check_after_kill(folder)


def test_the_weights_may_be_read_by_whoever_may_read_the_config(tmp_path: Path) -> None:
    folder = tiny_package(tmp_path)
    modes = {path.stat().st_mode for path in folder.iterdir() if path.is_file()}
    assert len(modes) == 1
