"""The bundled model as GGUF: all its parts go along, the command line writes it, llama.cpp says the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from llmworks.language_model import load
from llmworks.packages import Package
from llmworks.packages.gguf.export import export_gguf
from llmworks.packages.gguf.open import read_header
from tests.llama_cpp_peer import Peer

TEXTS = (
    "Once upon a time there was a small house at the edge of a wood, and an old woman lived in it.",
    "“Żółw,” she said — 1,234 times!\n\n\tdef f(x):\n        return x ** 2  # naïve",
    "日本語 and 🙂🙃 and <|im_end|> as text",
    "",
)


@pytest.fixture(scope="module")
def spark() -> Package:
    return Package.load("spark")


def test_every_part_goes_along(spark: Package, tmp_path: Path) -> None:
    back = Package.load(export_gguf(spark, tmp_path / "spark.gguf", "bf16").path)
    assert back.config == spark.config
    assert back.generation.eos_ids == spark.generation.eos_ids
    assert back.generation.bos_id == spark.generation.bos_id
    assert (back.generation.temperature, back.generation.top_p) == (
        spark.generation.temperature,
        spark.generation.top_p,
    )
    assert back.tokenizer is not None
    assert spark.tokenizer is not None
    for text in TEXTS:
        assert back.tokenizer.encode(text) == spark.tokenizer.encode(text)
        assert back.tokenizer.encode(text, allow_special=True) == spark.tokenizer.encode(
            text, allow_special=True
        )
    assert back.tokenizer.special_tokens == spark.tokenizer.special_tokens
    messages = [{"role": "user", "content": "Who are you? <|im_end|>"}]
    assert back.chat_template is not None
    assert spark.chat_template is not None
    asked = [
        package.chat_template.encode(messages, package.tokenizer, add_generation_prompt=True).ids
        for package in (back, spark)
    ]
    assert asked[0] == asked[1]
    ours, theirs = back.load_model().state_dict(), spark.load_model().state_dict()
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


def test_llmworks_load_takes_the_file(spark: Package, tmp_path: Path) -> None:
    path = export_gguf(spark, tmp_path / "spark.gguf", "f32").path
    lm, original = load(path), load("spark")
    try:
        texts = [m.generate("Once upon a time", max_tokens=12, temperature=0).text for m in (lm, original)]
        assert texts[0] == texts[1]
        answers = [
            m.chat([{"role": "user", "content": "Hi"}], max_tokens=12, temperature=0).text
            for m in (lm, original)
        ]
        assert answers[0] == answers[1]
    finally:
        lm.close()
        original.close()


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "llmworks.cli.main", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_command_writes_both_forms(tmp_path: Path) -> None:
    made = run("export", "spark", tmp_path / "s.gguf", "--type", "Q4_K_M", "--json")
    assert made.returncode == 0, made.stderr
    answer = json.loads(made.stdout)
    assert answer["bytes"] == (tmp_path / "s.gguf").stat().st_size
    header = read_header(tmp_path / "s.gguf")
    assert answer["bits_per_weight"] == pytest.approx(header.bits_per_weight)
    assert 4.5 < answer["bits_per_weight"] < 6
    again = run("export", tmp_path / "s.gguf", tmp_path / "folder", "--type", "f32")
    assert again.returncode == 0, again.stderr
    assert "bits a weight" in again.stdout
    one, other = Package.load(tmp_path / "s.gguf"), Package.load(tmp_path / "folder")
    assert one.config == other.config
    assert torch.equal(one.load_model().embed.weight, other.load_model().embed.weight)
    refused = run("export", "spark", tmp_path / "s.gguf")
    assert refused.returncode == 1
    assert "there already" in refused.stderr
    assert "Traceback" not in refused.stderr
    unknown = run("export", "spark", tmp_path / "t.gguf", "--type", "q9")
    assert unknown.returncode == 1
    assert "'q9' is no type that can be written" in unknown.stderr


@pytest.mark.slow
def test_llama_cpp_gives_the_same_tokens(spark: Package, tmp_path: Path) -> None:
    path = export_gguf(spark, tmp_path / "spark.gguf", "f32").path
    assert spark.tokenizer is not None
    peer = Peer(path)
    for text in TEXTS:
        # An empty text, and what looks like a control token, are each project's own matter.
        if text and "<|" not in text:
            theirs = peer.model.tokenize(text.encode(), add_bos=False, special=False)
            assert theirs == spark.tokenizer.encode(text)
    peer.close()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["f32", "f16", "q8_0", "q4_0", "q4_k_m", "q6_k"])
def test_llama_cpp_goes_on_as_we_do(spark: Package, tmp_path: Path, kind: str) -> None:
    """Its greedy token at each place of a text is ours, wherever ours is not nearly a tie.

    Beside quantised weights llama.cpp rounds what they are multiplied with to 8 bits; beside float16 to that.
    """
    path = export_gguf(spark, tmp_path / "spark.gguf", kind).path
    assert spark.tokenizer is not None
    ids = spark.tokenizer.encode(
        TEXTS[0] + " She had a grey cat, and the cat had seen many mornings like this."
    )
    with torch.no_grad():
        ours = Package.load(path).load_model()(torch.tensor([ids]))[0].numpy()
    peer = Peer(path)
    theirs = peer.logits(ids)
    peer.close()
    best = np.sort(ours, -1)
    sure = best[:, -1] - best[:, -2] > {"f32": 1e-3, "f16": 0.02}.get(kind, 0.3)
    assert sure.mean() > 0.7
    assert (theirs.argmax(-1) == ours.argmax(-1))[sure].all()
    assert np.abs(theirs - ours).max() < {"f32": 1e-3, "f16": 0.05}.get(kind, 1.0)
