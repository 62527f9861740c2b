"""A GGUF file as a package: loaded strictly, split files joined, and what does not hold together refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llmworks.errors import LLMWorksError, PackageError
from llmworks.gguf.reader import GGUFFile
from llmworks.gguf.types import TYPES
from llmworks.gguf.writer import Planned, write_gguf
from llmworks.packages import Package
from llmworks.packages.gguf.export import export_gguf
from llmworks.packages.gguf.open import read_header
from tests.packages.gguf.gguf_families import ids, make


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return Package.load(make("llama", tmp_path_factory.mktemp("llama") / "hf")[0])


@pytest.fixture(scope="module")
def sound(llama: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_gguf(llama, tmp_path_factory.mktemp("gguf") / "llama.gguf", "f32").path


def rewritten(path: Path, target: Path, change: Any = None, names: Any = None, **metadata: Any) -> Path:
    """The file at `path` with other metadata, tensors changed by `change(name, tensor)` or renamed."""
    file = GGUFFile(path)
    said: dict[str, Any] = dict(file.metadata) | metadata
    said = {key: value for key, value in said.items() if value is not None}
    tensors = []
    for stored in file.tensors.values():
        numbers = torch.from_numpy(file.raw(stored.name).copy()).view(torch.float32).view(stored.shape)
        numbers = change(stored.name, numbers) if change else numbers
        name = names(stored.name) if names else stored.name
        if numbers is not None and name is not None:
            tensors.append(Planned(name, tuple(numbers.shape), TYPES["F32"], lambda numbers=numbers: numbers))
    return write_gguf(target, said, tensors)


def test_the_rewritten_file_is_sound(sound: Path, tmp_path: Path) -> None:
    same = rewritten(sound, tmp_path / "same.gguf")
    assert Package.load(same).config == Package.load(sound).config


FAULTS: list[tuple[str, dict[str, Any], str]] = [
    ("no architecture", {"general.architecture": None}, "'None' is not known"),
    ("unknown architecture", {"general.architecture": "perceiver"}, "'perceiver' is not known"),
    ("architecture a number", {"general.architecture": 7}, "'7' is not known"),
    ("no block count", {"llama.block_count": None}, "llama.block_count is missing"),
    ("block count a text", {"llama.block_count": "three"}, "'three'; expected a whole number"),
    ("block count true", {"llama.block_count": True}, "expected a whole number"),
    ("a layer too many", {"llama.block_count": 4}, "missing"),
    ("a layer too few", {"llama.block_count": 2}, "not of this model"),
    ("a million layers", {"llama.block_count": 10**6}, "config"),
    ("no heads", {"llama.attention.head_count": 0}, "positive"),
    ("three heads", {"llama.attention.head_count": 3}, ""),
    ("heads by layer", {"llama.attention.head_count_kv": [2, 1, 2]}, "differs from layer to layer"),
    ("no norm epsilon", {"llama.attention.layer_norm_rms_epsilon": None}, "is missing"),
    ("epsilon not a number", {"llama.attention.layer_norm_rms_epsilon": float("nan")}, ""),
    ("context beyond any", {"llama.context_length": 2**31}, ""),
    ("unknown scaling", {"llama.rope.scaling.type": "magic"}, "'magic' is not known"),
    ("base zero", {"llama.rope.freq_base": 0.0}, ""),
    ("bos beyond the rows", {"tokenizer.ggml.bos_token_id": 96}, "embedding has 96 rows"),
    ("bos a text", {"tokenizer.ggml.bos_token_id": "<s>"}, "expected a token's number"),
    ("template a number", {"tokenizer.chat_template": 3}, "must be a text"),
    ("template broken", {"tokenizer.chat_template": "{% if %}"}, "x.gguf"),
    ("tokens without a model", {"tokenizer.ggml.tokens": ["a", "b"]}, ""),
    ("temperature below zero", {"general.sampling.temp": -1.0}, "general.sampling"),
]


@pytest.mark.parametrize(("metadata", "words"), [pytest.param(*f[1:], id=f[0]) for f in FAULTS])
def test_metadata_that_does_not_fit_is_refused(
    sound: Path, tmp_path: Path, metadata: dict[str, Any], words: str
) -> None:
    if metadata.get("tokenizer.ggml.tokens"):
        metadata = metadata | {"tokenizer.ggml.model": None}
    path = rewritten(sound, tmp_path / "x.gguf", **metadata)
    with pytest.raises(LLMWorksError, match=re.escape(words) or "."):
        Package.load(path)


def test_tensors_that_do_not_fit_are_refused(sound: Path, tmp_path: Path) -> None:
    def cut(name: str, tensor: torch.Tensor) -> torch.Tensor:
        return tensor[:-1] if name == "blk.1.ffn_up.weight" else tensor

    def flat(name: str, tensor: torch.Tensor) -> torch.Tensor:
        return tensor.reshape(-1)[:63] if name == "blk.0.attn_q.weight" else tensor

    def without(name: str, tensor: torch.Tensor) -> torch.Tensor | None:
        return None if name == "blk.2.attn_k.weight" else tensor

    cases = {
        "shape": (cut, None, "up_proj"),
        "flat": (flat, None, "blk.0.attn_q.weight has shape"),
        "missing": (without, None, "missing"),
        "strange": (None, lambda name: name.replace("blk.0.ffn_up", "blk.0.ffn_sideways"), "ffn_sideways"),
        "no embedding": (None, lambda name: None if name.startswith("token") else name, "token_embd"),
    }
    for label, (change, names, words) in cases.items():
        path = rewritten(sound, tmp_path / f"{label}.gguf", change, names)
        with pytest.raises(PackageError, match=words):
            Package.load(path)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_mutated_headers_load_alike_or_not_at_all(sound: Path, tmp_path: Path, data: st.DataObject) -> None:
    """One byte of the header is changed: what still loads is a network that runs."""
    raw = bytearray(sound.read_bytes())
    end = GGUFFile(sound).data_start
    raw[data.draw(st.integers(0, end - 1))] ^= data.draw(st.integers(1, 255))
    path = tmp_path / "mutant.gguf"
    path.write_bytes(raw)
    try:
        package = Package.load(path)
    except LLMWorksError:
        return
    with torch.no_grad():
        assert package.load_model()(ids()[:, :5]).shape == (1, 5, package.config.vocab_size)


def test_split_files_are_one_model(sound: Path, tmp_path: Path) -> None:
    file = GGUFFile(sound)
    names = list(file.tensors)
    paths = []
    for number, part in enumerate((names[:10], names[10:])):
        extra = {"split.no": number, "split.count": 2, "split.tensors.count": len(names)}
        path = tmp_path / f"m-{number + 1:05d}-of-00002.gguf"
        said = (dict(file.metadata) if number == 0 else {}) | {k: np.uint16(v) for k, v in extra.items()}
        held = [
            Planned(
                name, file.tensors[name].shape, TYPES["F32"],
                lambda name=name: torch.from_numpy(file.raw(name).copy()).view(torch.float32).view(
                    file.tensors[name].shape
                ),
            )
            for name in part
        ]  # fmt: skip
        paths.append(write_gguf(path, said, held))
    with torch.no_grad():
        whole = Package.load(sound).load_model()(ids())
        assert torch.equal(Package.load(paths[0]).load_model()(ids()), whole)
    assert read_header(paths[1]).n_parameters == read_header(sound).n_parameters
    paths[1].rename(tmp_path / "elsewhere.gguf")
    with pytest.raises(PackageError, match=r"m-00002-of-00002\.gguf is not beside it"):
        Package.load(paths[0])
    with pytest.raises(PackageError, match="its name does not say which"):
        Package.load(tmp_path / "elsewhere.gguf")


def test_opening_reads_no_weights(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    plain = GGUFFile.raw
    monkeypatch.setattr(GGUFFile, "raw", lambda self, name: read.append(name) or plain(self, name))
    package = Package.load(sound)
    assert read == []
    package.load_model()
    assert len(read) == len(package.weights)


def test_the_header_alone(sound: Path, llama: Package) -> None:
    header = read_header(sound)
    assert header.architecture == "llama"
    assert header.hf_config["hidden_size"] == llama.config.d_model
    assert header.bits_per_weight == 32
    assert header.nbytes == sound.stat().st_size
    assert {stored.name for stored in header.tensors} >= {"token_embd.weight", "blk.2.ffn_down.weight"}


def test_a_file_of_any_name(sound: Path, tmp_path: Path) -> None:
    """Other programs' caches name files by their hash: the first bytes tell."""
    path = tmp_path / "sha256-0123abcd"
    path.write_bytes(sound.read_bytes())
    assert Package.load(path).config == Package.load(sound).config
    (tmp_path / "empty.gguf").write_bytes(b"")
    with pytest.raises(PackageError, match="is no GGUF file"):
        Package.load(tmp_path / "empty.gguf")


def test_half_precision_keeps_its_type(llama: Package, tmp_path: Path) -> None:
    package = Package.load(export_gguf(llama, tmp_path / "x.gguf", "f16").path)
    weight = package.weights["model.layers.0.mlp.up_proj.weight"]
    assert weight.dtype == torch.float16
    assert package.load_model(dtype=torch.bfloat16).embed.weight.dtype == torch.bfloat16


def test_a_file_that_gguf_py_writes_for_llama_cpp(llama: Package, tmp_path: Path) -> None:
    """The keys that converters write, no more: what llama.cpp takes as its default we take too."""
    writer = gguf.GGUFWriter(tmp_path / "x.gguf", "llama")
    config = llama.config
    writer.add_context_length(config.max_length)
    writer.add_embedding_length(config.d_model)
    writer.add_block_count(config.n_layers)
    writer.add_feed_forward_length(config.d_ff)
    writer.add_head_count(config.n_heads)
    writer.add_head_count_kv(config.n_kv_heads)
    writer.add_layer_norm_rms_eps(config.norm_eps)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    stored = GGUFFile(export_gguf(llama, tmp_path / "ours.gguf", "f32").path)
    for tensor in stored.tensors.values():
        writer.add_tensor(tensor.name, stored.raw(tensor.name).view(np.float32).reshape(tensor.shape))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    package = Package.load(tmp_path / "x.gguf")
    assert package.config == config
    with torch.no_grad():
        assert torch.equal(package.load_model()(ids()), llama.load_model()(ids()))


def test_what_gguf_cannot_say_is_not_written(tmp_path: Path) -> None:
    import transformers

    from tests.packages.gguf.gguf_families import GROUPED

    dynamic = {"rope_type": "dynamic", "rope_theta": 1e4, "factor": 2.0}
    model = transformers.LlamaForCausalLM(transformers.LlamaConfig(**GROUPED, rope_parameters=dynamic))
    model.save_pretrained(tmp_path / "hf")
    with pytest.raises(PackageError, match="no word for rotary scaling of kind 'dynamic'"):
        export_gguf(Package.load(tmp_path / "hf"), tmp_path / "x.gguf", "f32")
    scalar = transformers.Gemma2Config(**GROUPED, head_dim=32, query_pre_attn_scalar=99, sliding_window=16)
    transformers.Gemma2ForCausalLM(scalar).save_pretrained(tmp_path / "gemma")
    with pytest.raises(PackageError, match="attention_scale"):
        export_gguf(Package.load(tmp_path / "gemma"), tmp_path / "x.gguf", "f32")
    assert not list(tmp_path.glob("*.gguf*"))


def test_nothing_is_left_of_a_writing_that_fails(llama: Package, tmp_path: Path) -> None:
    def fail() -> torch.Tensor:
        raise RuntimeError("the disk of the source is gone")

    broken = [Planned("a", (4,), TYPES["F32"], lambda: torch.ones(4)), Planned("b", (4,), TYPES["F32"], fail)]
    with pytest.raises(RuntimeError):
        write_gguf(tmp_path / "x.gguf", {}, broken)
    wrong = [Planned("a", (4,), TYPES["F32"], lambda: torch.ones(5))]
    with pytest.raises(PackageError, match="planned was"):
        write_gguf(tmp_path / "x.gguf", {}, wrong)
    assert list(tmp_path.iterdir()) == []
