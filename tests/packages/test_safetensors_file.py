"""The strict reader: what the safetensors library writes is read alike; every planted fault is named."""

import json
import pickle
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from llmworks.errors import LLMWorksError, PackageError
from llmworks.packages.safetensors_file import DTYPES, SafetensorsFile, open_weights


def raw_file(path: Path, header: Any, data: bytes = b"", length: int | None = None) -> Path:
    """A safetensors file with any header at all."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text) if length is None else length) + text + data)
    return path


def entry(begin: int = 0, end: int = 8, dtype: Any = "F32", shape: Any = (2,)) -> dict[str, Any]:
    return {
        "dtype": dtype,
        "shape": list(shape) if isinstance(shape, tuple) else shape,
        "data_offsets": [begin, end],
    }


def test_reads_what_the_library_writes(tmp_path: Path) -> None:
    tensors = {
        f"t.{name}": torch.arange(6).reshape(2, 3).to(dtype)
        for name, dtype in DTYPES.items()
        if name != "BOOL"
    }
    tensors |= {"flags": torch.tensor([True, False]), "scalar": torch.tensor(2.5), "none": torch.empty(0, 4)}
    save_file(tensors, tmp_path / "x.safetensors", metadata={"format": "pt"})
    file = SafetensorsFile(tmp_path / "x.safetensors")
    assert file.metadata == {"format": "pt"}
    assert set(file.entries) == set(tensors)
    for name, tensor in tensors.items():
        read = file.tensor(name)
        assert read.dtype == tensor.dtype
        assert read.shape == tensor.shape
        assert torch.equal(read.float(), tensor.float())


def test_writing_to_a_tensor_leaves_the_file_alone(tmp_path: Path) -> None:
    save_file({"a": torch.ones(3)}, tmp_path / "x.safetensors")
    before = (tmp_path / "x.safetensors").read_bytes()
    SafetensorsFile(tmp_path / "x.safetensors").tensor("a").zero_()
    assert (tmp_path / "x.safetensors").read_bytes() == before


def test_an_unaligned_tensor_is_read(tmp_path: Path) -> None:
    header = {"a": entry(0, 1, "U8", (1,)), "b": entry(1, 9, "F32", (2,))}
    path = raw_file(tmp_path / "x.safetensors", header, b"\x07" + struct.pack("<ff", 1.5, -2.0))
    assert SafetensorsFile(path).tensor("b").tolist() == [1.5, -2.0]


FAULTS: list[tuple[str, Any, bytes, str]] = [
    ("overlap", {"a": entry(0, 8), "b": entry(4, 12)}, bytes(12), "overlaps the tensor before it"),
    ("same place", {"a": entry(0, 8), "b": entry(0, 8)}, bytes(8), "overlaps the tensor before it"),
    ("gap", {"a": entry(0, 8), "b": entry(12, 20)}, bytes(20), "leaves a gap before it"),
    ("gap at the start", {"a": entry(4, 12)}, bytes(12), "leaves a gap before it"),
    ("beyond the end", {"a": entry(0, 8)}, bytes(4), "cut off"),
    ("left over", {"a": entry(0, 8)}, bytes(9), "after its last tensor"),
    ("begin after end", {"a": entry(8, 0)}, bytes(8), "begin ≤ end"),
    ("negative offset", {"a": entry(-8, 0)}, bytes(8), "begin ≤ end"),
    ("huge offset", {"a": entry(2**64, 2**64 + 8)}, bytes(8), "begin ≤ end"),
    ("fractional offset", {"a": entry(0.0, 8.0)}, bytes(8), "begin ≤ end"),
    ("size of shape", {"a": entry(0, 8, "F32", (3,))}, bytes(8), "needs 12 bytes, its offsets give 8"),
    ("shape overflow", {"a": entry(0, 8, "F32", (2**62, 2**62))}, bytes(8), "its offsets give 8"),
    ("negative shape", {"a": entry(0, 8, "F32", (-2,))}, bytes(8), "natural numbers"),
    ("true as a size", {"a": entry(0, 4, "F32", [True])}, bytes(4), "natural numbers"),
    ("shape no list", {"a": entry(0, 8, "F32", 2)}, bytes(8), "natural numbers"),
    ("nine dimensions", {"a": entry(0, 4, "F32", (1,) * 9)}, bytes(4), "natural numbers"),
    ("unknown dtype", {"a": entry(0, 8, "F31")}, bytes(8), "'F31' is unknown"),
    ("dtype no text", {"a": entry(0, 8, ["F32"])}, bytes(8), "is unknown"),
    ("extra key", {"a": entry() | {"x": 1}}, bytes(8), "expected exactly"),
    ("missing key", {"a": {"dtype": "F32", "shape": [2]}}, bytes(8), "expected exactly"),
    ("entry no object", {"a": 1}, bytes(8), "expected exactly"),
    ("empty name", {"": entry()}, bytes(8), "a name has 1 to"),
    ("long name", {"a" * 2000: entry()}, bytes(8), "a name has 1 to"),
    ("metadata of numbers", {"__metadata__": {"a": 1}}, b"", "must map texts to texts"),
    ("metadata no object", {"__metadata__": []}, b"", "must map texts to texts"),
    (
        "a key twice",
        b'{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}',
        bytes(8),
        "given twice",
    ),
    ("a name twice", b'{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":1}', b"", "given twice"),
    ("header is a list", b"[]", b"", "does not begin with '{'"),
    ("header is no JSON", b"{nonsense", b"", "not JSON"),
    ("header is no UTF-8", b'{"\xff": 1}', b"", "not UTF-8"),
    ("header nested deeply", b'{"a":' * 5000 + b"1" + b"}" * 5000, b"", "nested deeper"),
    ("NaN in it", b'{"a": NaN}', b"", "NaN is not a JSON number"),
    ("endless integer", b'{"a": ' + b"9" * 9999 + b"}", b"", "not sound JSON"),
    ("half a surrogate", b'{"\\ud800": 1}', b"", "half a surrogate"),
]


@pytest.mark.parametrize(("header", "data", "words"), [pytest.param(*f[1:], id=f[0]) for f in FAULTS])
def test_each_fault_of_a_header_is_refused(tmp_path: Path, header: Any, data: bytes, words: str) -> None:
    path = raw_file(tmp_path / "x.safetensors", header, data)
    with pytest.raises(PackageError) as caught:
        SafetensorsFile(path)
    assert words in str(caught.value)
    assert "x.safetensors" in str(caught.value)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (10**12, "the format allows"),
        (2**64 - 1, "the format allows"),
        (5000, "cut off"),
        (0, "does not begin"),
    ],
)
def test_a_false_header_length_is_refused(tmp_path: Path, length: int, words: str) -> None:
    path = raw_file(tmp_path / "x.safetensors", {"a": entry()}, bytes(8), length=length)
    with pytest.raises(PackageError, match=words):
        SafetensorsFile(path)


def test_every_truncation_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    save_file({"a": torch.ones(3), "b": torch.ones(2, 2)}, path)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(PackageError):
            SafetensorsFile(path)


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="not a file"):
        SafetensorsFile(tmp_path)


class Planted:
    """What a hostile pickle does when it is read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (open, (str(Path(__file__).parent / "pwned"), "w"))


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "model.pth", "model.ckpt", "WEIGHTS.BIN"])
def test_a_folder_of_pickles_is_refused_with_the_reason(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(pickle.dumps(Planted()))
    with pytest.raises(PackageError, match=r"a pickle is a program.*--convert-pickle"):
        open_weights(tmp_path)
    assert not (Path(__file__).parent / "pwned").exists()


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_a_pickle_named_safetensors_is_refused(tmp_path: Path, protocol: int) -> None:
    (tmp_path / "model.safetensors").write_bytes(pickle.dumps(Planted(), protocol=protocol))
    with pytest.raises(PackageError, match="begins as a pickle"):
        open_weights(tmp_path)


def test_a_zipped_pickle_named_safetensors_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "model.safetensors", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Planted()))
    with pytest.raises(PackageError, match="begins as a pickle"):
        open_weights(tmp_path)


def test_a_header_whose_length_begins_like_a_pickle_is_read(tmp_path: Path) -> None:
    header = json.dumps({"a": entry()}).encode()
    path = raw_file(tmp_path / "x.safetensors", header.ljust(0x0280), bytes(8))
    assert path.read_bytes().startswith(b"\x80\x02")
    assert SafetensorsFile(path).tensor("a").tolist() == [0, 0]


# --- shards ----------------------------------------------------------------------------------------------


def shards(folder: Path) -> dict[str, Any]:
    save_file({"a": torch.ones(2)}, folder / "model-00001-of-00002.safetensors")
    save_file({"b": torch.zeros(2)}, folder / "model-00002-of-00002.safetensors")
    weight_map = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    return {"metadata": {"total_size": 16}, "weight_map": weight_map}


def write_index(folder: Path, index: Any) -> None:
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def test_shards_are_one_mapping(tmp_path: Path) -> None:
    write_index(tmp_path, shards(tmp_path))
    weights = open_weights(tmp_path)
    assert sorted(weights) == ["a", "b"]
    assert weights["b"].tolist() == [0, 0]
    assert weights.entry("a").shape == (2,)


@pytest.mark.parametrize(
    "file",
    [
        "../secret.safetensors",
        "/etc/passwd",
        "sub/model.safetensors",
        "..\\secret.safetensors",
        "C:secret.safetensors",
        "model.bin",
        "..",
        "",
        "a\0.safetensors",
        ".hidden.safetensors",
        7,
        None,
        ["model-00001-of-00002.safetensors"],
    ],
)
def test_a_shard_elsewhere_is_refused(tmp_path: Path, file: Any) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    save_file({"a": torch.ones(2)}, tmp_path / "secret.safetensors")
    index = shards(folder)
    index["weight_map"]["a"] = file
    write_index(folder, index)
    with pytest.raises(PackageError, match=r"plain name of a .safetensors file beside the index"):
        open_weights(folder)


def test_a_missing_shard_is_named(tmp_path: Path) -> None:
    write_index(tmp_path, shards(tmp_path))
    (tmp_path / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(
        PackageError, match=r"names the shard model-00002-of-00002.safetensors, which is not in"
    ):
        open_weights(tmp_path)


def test_a_tensor_in_the_other_shard_is_named(tmp_path: Path) -> None:
    index = shards(tmp_path)
    index["weight_map"]["b"] = "model-00001-of-00002.safetensors"
    write_index(tmp_path, index)
    with pytest.raises(PackageError, match=r"says that model-00001.* holds b, but it does not"):
        open_weights(tmp_path)


def test_a_tensor_that_the_index_does_not_name_is_refused(tmp_path: Path) -> None:
    index = shards(tmp_path)
    save_file({"b": torch.ones(1), "c": torch.ones(1)}, tmp_path / "model-00002-of-00002.safetensors")
    write_index(tmp_path, index)
    with pytest.raises(PackageError, match=r"holds c, which .*index.json does not place there"):
        open_weights(tmp_path)


@pytest.mark.parametrize("weight_map", [None, {}, [], "a", {"a": {}}])
def test_an_index_without_a_map_is_refused(tmp_path: Path, weight_map: Any) -> None:
    write_index(tmp_path, {"weight_map": weight_map})
    with pytest.raises(PackageError, match=r"weight_map|plain name"):
        open_weights(tmp_path)


def test_two_sets_of_weights_are_refused(tmp_path: Path) -> None:
    write_index(tmp_path, shards(tmp_path))
    save_file({"a": torch.ones(2)}, tmp_path / "model.safetensors")
    with pytest.raises(PackageError, match="two sets of weights"):
        open_weights(tmp_path)


def test_a_folder_without_weights_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"has no weights. Expected model.safetensors"):
        open_weights(tmp_path)


# --- fuzz ------------------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=6), below, max_size=4),
    max_leaves=12,
)
numbers = st.integers(-4, 40) | st.integers() | json_values
entries = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from([*DTYPES, "F31"]) | json_values,
        "shape": st.lists(numbers, max_size=3) | json_values,
        "data_offsets": st.lists(numbers, max_size=3) | json_values,
    }
)
headers = st.dictionaries(st.text(max_size=5), entries | json_values, max_size=4)


@settings(max_examples=300, deadline=None)
@given(header=headers | json_values, data=st.binary(max_size=64))
def test_any_header_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, header: Any, data: bytes
) -> None:
    path = raw_file(tmp_path_factory.getbasetemp() / "fuzz.safetensors", header, data)
    try:
        file = SafetensorsFile(path)
    except LLMWorksError:
        return
    assert sum(file.tensor(name).nbytes for name in file.entries) == len(data)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.safetensors"
    save_file({"a": torch.ones(3), "b": torch.ones(2, 2, dtype=torch.int8)}, path)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    try:
        file = SafetensorsFile(path)
    except LLMWorksError:
        return
    for name in file.entries:
        file.tensor(name).sum()


@settings(max_examples=200, deadline=None)
@given(index=st.fixed_dictionaries({"weight_map": json_values}) | json_values)
def test_any_index_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, index: Any) -> None:
    folder = tmp_path_factory.getbasetemp() / "indexed"
    folder.mkdir(exist_ok=True)
    write_index(folder, index)
    with pytest.raises(LLMWorksError):
        open_weights(folder)
