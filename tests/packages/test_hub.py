"""Hub names: what is fetched, and what is said when nothing can be."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from huggingface_hub.errors import LocalEntryNotFoundError

from llmworks.errors import PackageError
from llmworks.packages import Package
from llmworks.packages.hub import FILES, looks_like_hub_name
from tests.support import tiny_package


@pytest.mark.parametrize(
    ("name", "yes"),
    [
        ("openai-community/gpt2", True),
        ("HuggingFaceTB/SmolLM2-135M", True),
        ("a/b", True),
        ("gpt2", False),
        ("a/b/c", False),
        ("../b", False),
        ("/a/b", False),
        ("a/..", False),
        ("a/b?revision=x", False),
        ("https://example.org/a", False),
        ("a b/c", False),
        ("x" * 200 + "/b", False),
    ],
)
def test_what_a_hub_name_looks_like(name: str, yes: bool) -> None:
    assert looks_like_hub_name(name) == yes


def test_a_snapshot_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def snapshot(name: str, **options: Any) -> str:
        asked.append((name, options))
        return str(tiny_package(tmp_path))

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot)
    monkeypatch.chdir(tmp_path)
    package = Package.load("someone/tiny")
    assert package.path == tmp_path / "tiny"
    assert asked == [("someone/tiny", {"allow_patterns": FILES})]


def test_only_what_a_package_is_made_of_is_fetched() -> None:
    def fetched(name: str) -> bool:
        return any(fnmatch(name, pattern) for pattern in FILES)

    assert fetched("model-00001-of-00002.safetensors")
    for name in (
        "pytorch_model.bin",
        "model.onnx",
        "original/consolidated.00.pth",
        "modeling_x.py",
        "x.gguf",
    ):
        assert not fetched(name)


def test_a_folder_of_that_name_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny_package(tmp_path / "someone")
    monkeypatch.chdir(tmp_path)
    assert Package.load("someone/tiny").path == Path("someone/tiny")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (LocalEntryNotFoundError("offline"), "the Hub cannot be reached, and no copy is in the cache"),
        (ConnectionError("no route to host\nmore"), "ConnectionError: no route to host"),
        (RuntimeError(), "RuntimeError: no message"),
    ],
)
def test_without_a_network_it_is_said(monkeypatch: pytest.MonkeyPatch, error: Exception, words: str) -> None:
    def snapshot(name: str, **_: Any) -> str:
        raise error

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot)
    with pytest.raises(PackageError) as caught:
        Package.load("someone/nothing-of-this-name")
    assert "there is no folder 'someone/nothing-of-this-name'" in str(caught.value)
    assert words in str(caught.value)
