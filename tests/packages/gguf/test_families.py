"""Every family through a GGUF file and back: our logits are the reference's, llama.cpp's are too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from llmworks.errors import PackageError
from llmworks.packages import Package, save_package
from llmworks.packages.gguf.export import export_gguf
from tests.llama_cpp_peer import Peer
from tests.packages.gguf.gguf_families import FAMILIES, ids, make

# llama.cpp looks GELU up in a table of float16, and rounds what such a feed-forward reads to that.
# Its approximate exponential adds up along Mamba's state (ours is within 2e-5 of the reference).
TABLED = (
    "mamba",
    "gemma",
    "gemma2",
    "gemma3",
    "gpt2",
    "gptneox",
    "gptneox, in series",
    "bloom",
    "mpt",
    "starcoder2",
)


def rms(x: np.ndarray) -> float:
    return float(np.sqrt(np.mean(x.astype(np.float64) ** 2)))


def run(package: Package) -> torch.Tensor:
    with torch.no_grad():
        return package.load_model()(ids())[0]


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_through_a_file_and_back_to_a_folder(name: str, tmp_path: Path) -> None:
    folder, reference = make(name, tmp_path / "hf")
    package = Package.load(folder)
    made = export_gguf(package, tmp_path / "model.gguf", "f32")
    back = Package.load(made.path)
    assert (run(back) - reference).abs().max() < 1e-4
    assert back.config == package.config or name == "mistral"  # a Mistral without a window is a Llama
    assert made.bits_per_weight == 32
    saved = save_package(tmp_path / "again", back.load_model(), None)
    assert torch.equal(run(Package.load(saved)), run(back))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(FAMILIES) - {"gpt-oss, yarn"}))
def test_llama_cpp_opens_it_with_the_same_tokens(name: str, tmp_path: Path) -> None:
    """All but GPT-OSS's YaRN: llama.cpp rounds the ramp to whole pairs, which that model does not."""
    folder, reference = make(name, tmp_path / "hf")
    made = export_gguf(Package.load(folder), tmp_path / "model.gguf", "f32")
    peer = Peer(made.path)
    theirs = peer.logits(ids()[0].tolist())
    peer.close()
    assert np.abs(theirs - reference.numpy()).max() < (5e-3 if name in TABLED else 1e-4)
    assert (theirs.argmax(-1) == reference.numpy().argmax(-1)).all()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["f16", "bf16", "q8_0", "q4_0", "q4_1", "q5_0", "q5_1", "q4_k_m", "q6_k"])
def test_quantised_files_say_the_same_to_both(kind: str, tmp_path: Path) -> None:
    """llama.cpp rounds activations to the weights' type, beside quantised ones to 8 bits; we do not."""
    sizes = {"hidden_size": 256, "intermediate_size": 512, "num_attention_heads": 4}
    folder, _ = make_llama(tmp_path / "hf", **sizes)
    made = export_gguf(Package.load(folder), tmp_path / "model.gguf", kind)
    ours = run(Package.load(made.path)).numpy()
    peer = Peer(made.path)
    theirs = peer.logits(ids()[0].tolist())
    peer.close()
    assert rms(theirs - ours) < {"f16": 0.005, "bf16": 0.03}.get(kind, 0.08) * rms(ours)
    sure = np.sort(ours, -1)[:, -1] - np.sort(ours, -1)[:, -2] > 0.25 * ours.std()
    assert sure.sum() > 10
    assert (theirs.argmax(-1) == ours.argmax(-1))[sure].all()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["q8_0", "q4_0", "q4_k_m", "q6_k", "q3_k_m", "iq4_xs", "iq4_nl"])
def test_files_that_llama_cpp_quantises_open_here(kind: str, tmp_path: Path) -> None:
    """The same types tensor by tensor as our mixtures choose, and logits as llama.cpp's."""
    import ctypes

    import llama_cpp

    from llmworks.gguf.reader import GGUFFile
    from llmworks.packages.gguf.presets import PRESETS

    sizes = {"hidden_size": 256, "intermediate_size": 512, "num_attention_heads": 4, "num_hidden_layers": 9}
    folder, _ = make_llama(tmp_path / "hf", **sizes)
    plain = export_gguf(Package.load(folder), tmp_path / "f32.gguf", "f32").path
    params = llama_cpp.llama_model_quantize_default_params()
    params.ftype = PRESETS[kind].number if kind in PRESETS else {"iq4_nl": 25, "iq4_xs": 30}[kind]
    params.nthread = 1
    theirs = tmp_path / "theirs.gguf"
    assert (
        llama_cpp.llama_model_quantize(str(plain).encode(), str(theirs).encode(), ctypes.byref(params)) == 0
    )
    if kind in PRESETS:
        ours = export_gguf(Package.load(folder), tmp_path / "ours.gguf", kind).path
        types = [{n: t.type.name for n, t in GGUFFile(path).tensors.items()} for path in (ours, theirs)]
        assert types[0] == types[1]
    peer = Peer(theirs)
    expected = peer.logits(ids()[0].tolist())
    peer.close()
    assert rms(run(Package.load(theirs)).numpy() - expected) < 0.12 * rms(expected)


def make_llama(folder: Path, **sizes: int) -> tuple[Path, torch.Tensor]:
    import transformers

    from tests.packages.gguf.gguf_families import GROUPED

    torch.manual_seed(0)
    model = transformers.LlamaForCausalLM(transformers.LlamaConfig(**GROUPED | sizes)).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(2)
        logits = model(ids()).logits[0]
    model.save_pretrained(folder)
    return folder, logits


def test_bert_keeps_its_hidden_states(tmp_path: Path) -> None:
    import transformers

    from tests.packages.gguf.gguf_families import SIZES

    torch.manual_seed(0)
    sizes = {key: value for key, value in SIZES.items() if key != "max_position_embeddings"}
    model = transformers.BertModel(transformers.BertConfig(**sizes, max_position_embeddings=128)).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
        reference = model(ids()).last_hidden_state
    model.save_pretrained(tmp_path / "hf")
    made = export_gguf(Package.load(tmp_path / "hf"), tmp_path / "bert.gguf", "f32")
    with torch.no_grad():
        back = Package.load(made.path).load_model().hidden(ids())
    assert (back - reference).abs().max() < 1e-4
    masked = transformers.BertForMaskedLM(transformers.BertConfig(**sizes, max_position_embeddings=128))
    masked.save_pretrained(tmp_path / "masked")
    with pytest.raises(PackageError):
        export_gguf(Package.load(tmp_path / "masked"), tmp_path / "x.gguf", "f32")
