"""Pickled weights: converted when they are tensors, refused unopened when they are more."""

from __future__ import annotations

import io
import json
import pickle
import subprocess
import sys
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from llmworks.errors import PackageError
from llmworks.packages import pickles
from llmworks.packages.safetensors_file import SafetensorsFile


class Evil:
    """Unpickled, it would write a file."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> Any:
        return (Path.write_text, (self.target, "owned"))


def state() -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    table = torch.randn(6, 4)
    return {
        "embed": table, "head": table, "rows": table[2:4], "turned": torch.randn(3, 5).t(),
        "half": torch.randn(3).bfloat16(), "counts": torch.arange(4), "none": torch.empty(0, 3),
    }  # fmt: skip


def same(path: Path, expected: dict[str, torch.Tensor]) -> bool:
    file = SafetensorsFile(path)
    return set(file.entries) == set(expected) and all(
        torch.equal(file.tensor(name), tensor) and file.tensor(name).dtype == tensor.dtype
        for name, tensor in expected.items()
    )


@pytest.mark.parametrize("zipped", [True, False], ids=["archive", "legacy"])
def test_a_folder_is_converted_with_tied_and_cut_tensors(tmp_path: Path, zipped: bool) -> None:
    torch.save(state(), tmp_path / "pytorch_model.bin", _use_new_zipfile_serialization=zipped)
    assert pickles.convert(tmp_path) == tmp_path / "model.safetensors"
    assert same(tmp_path / "model.safetensors", state())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.safetensors", "pytorch_model.bin"]
    with pytest.raises(PackageError, match="is there already"):
        pickles.convert(tmp_path)


def test_a_nested_dictionary_and_parameters(tmp_path: Path) -> None:
    inner = OrderedDict(weight=torch.nn.Parameter(torch.ones(2)), buffer=torch.zeros(3))
    torch.save({"state_dict": inner, "epoch": 3}, tmp_path / "run.pth")
    pickles.check(tmp_path / "run.pth")
    got = pickles.read_tensors(tmp_path / "run.pth")
    assert {name: tensor.tolist() for name, tensor in got.items()} == {"weight": [1, 1], "buffer": [0, 0, 0]}


def test_shards_and_their_index(tmp_path: Path) -> None:
    whole = state()
    names = list(whole)
    homes = {name: f"pytorch_model-0000{1 + (place > 2)}-of-00002.bin" for place, name in enumerate(names)}
    for home in set(homes.values()):
        torch.save({name: whole[name] for name in names if homes[name] == home}, tmp_path / home)
    (tmp_path / pickles.INDEX).write_text(json.dumps({"weight_map": homes}))
    assert pickles.convert(tmp_path).name == "model.safetensors.index.json"
    written = json.loads((tmp_path / "model.safetensors.index.json").read_text())["weight_map"]
    assert set(written) == set(whole)
    assert same(tmp_path / "model-00001-of-00002.safetensors", {name: whole[name] for name in names[:3]})


@pytest.mark.parametrize(
    ("homes", "said"),
    [
        ({"a": "../secret.bin"}, "no file of this folder"),
        ({"a": "gone.bin"}, "no file of this folder"),
        ({"a": 3}, "must give a file"),
        ({}, "must give a file"),
    ],
)
def test_an_index_that_leads_astray(tmp_path: Path, homes: dict[str, Any], said: str) -> None:
    (tmp_path / pickles.INDEX).write_text(json.dumps({"weight_map": homes}))
    with pytest.raises(PackageError, match=said):
        pickles.convert(tmp_path)


@pytest.mark.parametrize("how", ["bare", "archive", "legacy", "protocol 4"])
def test_a_planted_program_never_runs(tmp_path: Path, how: str) -> None:
    target, path = tmp_path / "owned.txt", tmp_path / "pytorch_model.bin"
    held = {"w": torch.ones(2), "x": Evil(target)}
    if how in ("archive", "legacy"):
        torch.save(held, path, _use_new_zipfile_serialization=how == "archive")
    else:
        path.write_bytes(pickle.dumps({"x": Evil(target)}, protocol=2 if how == "bare" else 4))
    with pytest.raises(PackageError, match="does more than hold tensors"):
        pickles.convert(tmp_path)
    assert not target.exists()
    assert not (tmp_path / "model.safetensors").exists()
    # The loader behind the check refuses it too: two locks, not one.
    with pytest.raises(PackageError, match="refuses it"):
        pickles.read_tensors(path)
    assert not target.exists()


def test_what_is_no_dictionary_of_tensors(tmp_path: Path) -> None:
    for held, said in (
        ([torch.ones(2)], "not a dictionary"),
        ({"a": 3}, "'a' is int"),
        ({"a": torch.ones(2).to_sparse()}, "no plain tensor|refuses"),
        ({"a": torch.ones(2, dtype=torch.complex64)}, "no plain tensor"),
        ({"a": torch.ones(1).expand(10**9)}, "claim more than"),
    ):
        torch.save(held, tmp_path / "x.pt")
        with pytest.raises(PackageError, match=said):
            pickles.read_tensors(tmp_path / "x.pt")


def test_archives_made_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "x.bin"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", b"\0" * 10**6)  # a zip bomb in small
    with pytest.raises(PackageError, match="compressed"):
        pickles.check(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({}))
        archive.writestr("other/data.pkl", pickle.dumps({}))
    with pytest.raises(PackageError, match="damaged, or made by hand"):
        pickles.check(path)


def test_memory_is_bounded_in_the_process_of_its_own() -> None:
    pytest.importorskip("resource")
    code = (
        "from llmworks.packages.pickles import bound_memory; bound_memory(2**31)\n"
        "try: bytearray(2**32)\nexcept MemoryError: print('bounded')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "bounded", done.stderr


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damage_is_told_and_nothing_else_happens(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    buffer = io.BytesIO()
    torch.save(state(), buffer, _use_new_zipfile_serialization=data.draw(st.booleans()))
    raw = bytearray(buffer.getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "pytorch_model.bin"
    path.write_bytes(raw[: data.draw(st.integers(0, len(raw)))] if data.draw(st.booleans()) else raw)
    try:
        pickles.check(path)
        pickles.read_tensors(path)
    except PackageError:
        pass
