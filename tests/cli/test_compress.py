"""`llmworks compress`, `decompress` and `ngram`: files in, files out, nothing half done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from llmworks.cli.main import app
from llmworks.errors import DataError, LLMWorksError
from llmworks.inference import compression
from llmworks.inference.compression import CorruptError, MismatchError
from tests.support import TINY_TEXT, tiny_package

DATA = TINY_TEXT.encode() + b"\xff\x00 not UTF-8"


def run(*arguments: object) -> Any:
    said = CliRunner().invoke(app, list(map(str, arguments)))
    if said.exception is not None and not isinstance(said.exception, SystemExit):
        raise said.exception
    return said


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_bytes(DATA)
    return path


def test_there_and_back_by_a_network(file: Path) -> None:
    tiny = tiny_package(file.parent)
    told = json.loads(run("compress", file, "--model", tiny, "--lanes", 3, "--check", "--json").stdout)
    packed = file.with_name("story.txt.llmz")
    assert told["path"] == str(packed)
    assert told["compressed"] == packed.stat().st_size
    assert (told["bytes"], told["kind"], told["lanes"]) == (len(DATA), "network", 3)
    assert told["bits_per_byte"] == pytest.approx(8 * told["compressed"] / len(DATA))
    back = json.loads(run("decompress", packed, "-o", file.parent / "back", "--batch", 2, "--json").stdout)
    assert (file.parent / "back").read_bytes() == DATA
    assert back["bytes"] == len(DATA)
    again = file.parent / "again.llmz"
    run("compress", file, "-o", again, "--model", tiny, "--lanes", 3, "--batch", 3)
    assert again.read_bytes() == packed.read_bytes()
    other = tiny_package(file.parent / "other", d_model=16)
    with pytest.raises(MismatchError, match="other weights"):
        run("decompress", packed, "-o", file.parent / "no", "--model", other)
    assert not (file.parent / "no").exists()


def test_without_a_model_it_goes_beside_the_file_and_back(file: Path) -> None:
    run("compress", file, "--model", "order3")
    with pytest.raises(DataError, match="already there"):
        run("decompress", f"{file}.llmz")
    file.unlink()
    assert "story.txt" in run("decompress", f"{file}.llmz").stdout
    assert file.read_bytes() == DATA
    with pytest.raises(DataError, match="--force"):
        run("compress", file, "--model", "order3")
    run("compress", file, "--model", "order3", "--force")


def test_what_cannot_be_done_is_said_and_leaves_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="does not exist"):
        run("compress", file.parent / "none")
    with pytest.raises(CorruptError, match="LLMZ"):
        run("decompress", file, "-o", file.parent / "x")
    with pytest.raises(LLMWorksError, match="from 0 to 6"):
        run("compress", file, "-m", "order7")
    packed = file.parent / "a.bin"
    run("compress", file, "-m", "order2", "-o", packed)
    assert run("decompress", packed).exit_code == 2  # no .llmz: where to?
    packed.write_bytes(packed.read_bytes()[:-9])
    with pytest.raises(CorruptError, match="damaged"):
        run("decompress", packed, "-o", file.parent / "x")
    before = sorted(file.parent.iterdir())

    def interrupted(*given: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(compression, "compress", interrupted)
    assert CliRunner().invoke(app, ["compress", str(file), "-m", "order2"]).exit_code != 0
    assert sorted(file.parent.iterdir()) == before


def test_ngram_models_train_score_generate_and_compress(file: Path) -> None:
    file.write_text(TINY_TEXT)
    tiny, model = tiny_package(file.parent), file.parent / "tiny.npz"
    made = json.loads(run("ngram", "train", file, "-t", tiny, "--order", 3, "-o", model, "--json").stdout)
    assert (made["order"], made["bytes"]) == (3, model.stat().st_size)
    told = json.loads(run("ngram", "score", model, "--file", file, "--json").stdout)
    assert told["bits_per_byte"] == pytest.approx(told["total_bits"] / len(TINY_TEXT.encode()))
    assert told["bits_per_byte"] < 1.5  # it was trained on this
    assert 1 < told["perplexity"] < 30
    assert "nats a token" in run("ngram", "score", model, "--text", "the cat").stdout
    text = json.loads(run("ngram", "generate", model, "Once upon", "-n", 5, "-t", 0, "--json").stdout)["text"]
    assert text.startswith("Once upon a time")
    run("compress", file, "-m", model)
    run("decompress", f"{file}.llmz", "-o", file.parent / "back")
    assert (file.parent / "back").read_bytes() == file.read_bytes()
    with pytest.raises(DataError, match="no whole n-gram model"):
        run("ngram", "score", file, "--text", "x")
