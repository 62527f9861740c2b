"""Pulling from a Hub of one's own: what is fetched, resumed, checked, refused; and the registry."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from typer.testing import CliRunner

import llmworks
from llmworks.cli.main import app
from llmworks.errors import PackageError
from llmworks.packages import Package, hub, pulling, registry
from tests.packages.fake_hub import COMMIT, FakeHub, running
from tests.support import tiny_package

GGUF = b"GGUF" + bytes(3000)


@pytest.fixture(scope="module")
def package_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tiny_package(tmp_path_factory.mktemp("pulled"))
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def server(
    package_files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakeHub]:
    junk = {
        "pytorch_model.bin": b"x",
        "modeling_evil.py": b"x",
        "onnx/model.onnx": b"x",
        ".gitattributes": b"x",
    }
    pickled = {name: data for name, data in package_files.items() if not name.endswith(".safetensors")}
    held = FakeHub({
        "someone/tiny": package_files | junk,
        "someone/quants": {f"Tiny-{kind}.gguf": GGUF for kind in ("Q8_0", "Q4_K_M", "Q4_K_S")}
        | {f"Tiny-F16-0000{part}-of-00002.gguf": GGUF for part in (1, 2)}
        | {"README.md": b"# quants"},
        "someone/pickled": pickled | {"pytorch_model.bin": as_pickle(package_files)},
        "someone/empty": {"README.md": b"nothing"},
    })  # fmt: skip
    monkeypatch.setenv("LLMWORKS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # huggingface_hub waits between attempts
    with running(held) as at:
        monkeypatch.setenv("HF_ENDPOINT", at.url)
        yield at


def as_pickle(files: dict[str, bytes]) -> bytes:
    from safetensors.torch import load

    buffer = io.BytesIO()
    torch.save(load(files["model.safetensors"]), buffer)
    return buffer.getvalue()


def test_a_model_is_pulled_checked_listed_loaded_and_removed(
    server: FakeHub, package_files: dict[str, bytes], tmp_path: Path
) -> None:
    told: dict[str, tuple[int, int]] = {}
    plan = hub.plan("someone/tiny")
    assert {file.path for file in plan.files} == set(package_files)  # no pickle, no code, no ONNX
    assert (plan.revision, plan.licence) == (COMMIT, "apache-2.0")
    assert plan.bytes == sum(map(len, package_files.values()))
    record = pulling.pull(plan, lambda path, have, total: told.__setitem__(path, (have, total)))
    folder = Path(record.path)
    assert folder == tmp_path / "home" / "models" / "someone--tiny"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == package_files
    assert told == {name: (len(data), len(data)) for name, data in package_files.items()}
    assert (record.family, record.licence, record.revision) == ("llama", "apache-2.0", COMMIT)
    lm = llmworks.load("someone/tiny")  # by name, with no line to the Hub
    assert lm.generate("The house", max_tokens=2, temperature=0).ids
    lm.close()
    assert [one.name for one in registry.list_records()] == ["someone/tiny"]
    before = list(server.sent)
    pulling.pull(hub.plan("someone/tiny"))
    assert server.sent == before  # what is whole is not fetched again
    registry.remove("someone/tiny")
    assert not folder.exists()
    assert list(registry.list_records()) == []


def test_an_interrupted_pull_goes_on_where_it_was(server: FakeHub, package_files: dict[str, bytes]) -> None:
    whole, cut = len(package_files["model.safetensors"]), 50_000
    assert whole > cut
    server.cut["model.safetensors"] = cut
    plan = hub.plan("someone/tiny")
    with pytest.raises(PackageError, match="the same command goes on from there"):
        pulling.pull(plan)
    assert registry.find("someone/tiny") is None  # half a model is none
    server.cut.clear()
    server.ranges.clear()
    record = pulling.pull(plan)
    assert ("model.safetensors", f"bytes={cut}-") in server.ranges
    assert Path(record.path, "model.safetensors").read_bytes() == package_files["model.safetensors"]


@pytest.mark.parametrize("name", ["model.safetensors", "generation_config.json"])
def test_a_wrong_checksum_is_noticed_and_the_file_deleted(server: FakeHub, name: str) -> None:
    server.altered.add(name)  # one is checked by sha256, the other by git's sha1
    with pytest.raises(PackageError, match=f"{name} arrived with the checksum"):
        pulling.pull(hub.plan("someone/tiny"))
    assert registry.find("someone/tiny") is None
    assert not (registry.model_folder("someone/tiny") / name).exists()
    server.altered.clear()
    assert pulling.pull(hub.plan("someone/tiny")).exists


def test_a_damaged_file_on_disk_is_fetched_again(server: FakeHub, package_files: dict[str, bytes]) -> None:
    path = Path(pulling.pull(hub.plan("someone/tiny")).path) / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    pulling.pull(hub.plan("someone/tiny"))
    assert path.read_bytes() == package_files["model.safetensors"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("someone/nothing", "no such model, or it is private"),
        ("someone/private", "no such model, or it is private"),
        ("someone/gated", "accept terms first"),
        ("someone/tiny@nowhere", "no such revision"),
        ("someone/empty", "no weights that llmworks reads"),
        ("someone/pickled", "--convert-pickle"),
        ("someone/quants", "someone/quants:Q4_K_M"),
        ("someone/quants:Q5_0", "no GGUF file for 'Q5_0'"),
        ("someone/quants:Q4", "no GGUF file for 'Q4'"),
        ("tiny", "no name on the Hub"),
        ("../etc/passwd", "no name on the Hub"),
        ("someone/tiny@a@b", "no name on the Hub"),
    ],
)
def test_what_cannot_be_pulled_is_explained(server: FakeHub, asked: str, said: str) -> None:
    server.gated.add("someone/gated")
    with pytest.raises(PackageError, match=said.replace("(", r"\(")):
        hub.plan(asked)


def test_no_network(server: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = hub.plan("someone/tiny")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nobody listens there
    with pytest.raises(PackageError, match="cannot be reached"):
        hub.plan("someone/tiny")
    with pytest.raises(PackageError, match="cannot be reached"):
        pulling.pull(plan)


def test_files_that_would_leave_the_folder_are_not_even_listed(server: FakeHub) -> None:
    server.files["someone/tiny"] = server.files["someone/tiny"] | {
        "../model.safetensors": b"x", "/etc/model.safetensors": b"x", "c:\\x.gguf": b"x"
    }  # fmt: skip
    assert all("/" not in file.path and "\\" not in file.path for file in hub.plan("someone/tiny").files)


def test_one_gguf_file_or_all_its_parts(server: FakeHub) -> None:
    plan = hub.plan("someone/quants:q4_k_m")
    assert [file.path for file in plan.files] == ["Tiny-Q4_K_M.gguf"]
    record = pulling.pull(plan)
    assert record.name == "someone/quants:q4_k_m"
    assert Path(record.path).read_bytes() == GGUF
    parts = hub.plan("someone/quants:F16")
    assert [file.path for file in parts.files] == [f"Tiny-F16-0000{part}-of-00002.gguf" for part in (1, 2)]
    assert [file.path for file in hub.plan("someone/quants", file="Tiny-Q8_0.gguf").files] == [
        "Tiny-Q8_0.gguf"
    ]
    del server.files["someone/quants"]["Tiny-F16-00002-of-00002.gguf"]
    with pytest.raises(PackageError, match="is missing there"):
        hub.plan("someone/quants:F16")


def test_a_full_disk_is_told_before_anything_is_fetched(
    server: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 10_000))
    with pytest.raises(PackageError, match="GB are free"):
        pulling.pull(hub.plan("someone/tiny"))
    assert server.sent == []


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


def test_the_command_line(server: FakeHub, tmp_path: Path) -> None:
    dry = run("pull", "someone/tiny", "--dry-run", "--json")
    assert json.loads(dry.stdout)["licence"] == "apache-2.0"
    assert server.sent == []
    pulled = run("pull", "someone/pickled@v1", "--convert-pickle", "--json")
    assert pulled.exit_code == 0, pulled.output
    folder = Path(json.loads(pulled.stdout)["path"])
    assert (folder / "model.safetensors").exists()
    assert Package.load("someone/pickled@v1").config.d_model == 32
    added = tiny_package(tmp_path)
    assert run("models", "add", str(added), "--name", "mine").exit_code == 0
    rows = {row["name"]: row for row in json.loads(run("models", "--json").stdout)}
    assert {"spark", "someone/pickled@v1", "mine"} <= set(rows)
    assert rows["mine"]["family"] == "llama"
    assert rows["mine"]["bytes"] == registry.size_of(added)
    assert Package.load("mine").path == added
    assert run("models", "remove", "mine").exit_code == 0
    assert added.exists()  # what was only added is not ours to delete
    assert isinstance(run("models", "remove", "mine").exception, PackageError)
    assert isinstance(run("models", "convert", str(added)).exception, PackageError)


def test_a_record_whose_model_is_gone_says_so(server: FakeHub, tmp_path: Path) -> None:
    folder = tiny_package(tmp_path)
    pulling.add(folder, "mine")
    with pytest.raises(PackageError, match="already"):
        pulling.add(tiny_package(tmp_path / "other"), "mine")
    shutil.rmtree(folder)
    with pytest.raises(PackageError, match="nothing is now"):
        Package.load("mine")
    (registry.home() / "registry" / "broken.json").write_text("{")
    assert [record.name for record in registry.list_records()] == ["mine"]


@pytest.mark.parametrize("name", ["", "../x", "a/b/c", "a--b", "a b", "x" * 200, "/etc", "a/..", "."])
def test_names_that_could_lead_elsewhere(name: str) -> None:
    assert registry.find(name) is None
    with pytest.raises(PackageError, match="cannot be a model's name"):
        registry.slug(name)
