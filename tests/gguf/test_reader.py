"""The reader: what gguf-py writes is read alike; every planted fault is named; no mutation does harm."""

import struct
from contextlib import suppress
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llmworks.errors import PackageError
from llmworks.gguf import values
from llmworks.gguf.dequantise import dequantise
from llmworks.gguf.reader import GGUFFile


def text(value: bytes | str, word: str = "Q") -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack("<" + word, len(raw)) + raw


def key(name: str, number: int, value: bytes) -> bytes:
    return text(name) + struct.pack("<I", number) + value


def tensor(name: str = "t", dims: tuple[int, ...] = (8,), kind: int = 0, offset: int = 0) -> bytes:
    return text(name) + struct.pack(f"<I{len(dims)}QIQ", len(dims), *dims, kind, offset)


def raw_file(
    path: Path,
    keys: list[bytes] | None = None,
    tensors: list[bytes] | None = None,
    data: bytes = bytes(32),
    *,
    head: bytes = b"GGUF\x03\0\0\0",
    counts: tuple[int, int] | None = None,
) -> Path:
    """A GGUF file with any header at all."""
    keys, tensors = keys or [], tensors if tensors is not None else [tensor()]
    header = head + struct.pack("<QQ", *(counts or (len(tensors), len(keys)))) + b"".join(keys + tensors)
    path.write_bytes(header + bytes(-len(header) % 32) + data)
    return path


def reference_file(path: Path) -> Path:
    """A small file with one key of each kind and a few tensors, written by gguf-py."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_uint32("a.u32", 7)
    writer.add_float32("a.f32", 1.5)
    writer.add_bool("a.bool", True)
    writer.add_string("a.text", "żółw")
    writer.add_array("a.texts", ["a", "", "ż", "long " * 40])
    writer.add_array("a.ints", [1, 2, -3])
    writer.add_array("a.floats", [0.5, -1.0])
    writer.add_array("a.bools", [True, False])
    writer.add_tensor("x", np.arange(24, dtype=np.float32).reshape(2, 3, 4))
    writer.add_tensor("half", np.arange(10, dtype=np.float16))
    rows = np.random.default_rng(0).standard_normal((3, 64)).astype(np.float32)
    kind = gguf.GGMLQuantizationType.Q8_0
    writer.add_tensor("q", gguf.quants.quantize(rows, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.mark.parametrize("native", [True, False], ids=["c", "python"])
def test_reads_what_the_reference_writes(
    tmp_path: Path, native: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not native:
        monkeypatch.setattr(values, "library", lambda: None)
    file = GGUFFile(reference_file(tmp_path / "x.gguf"))
    assert file.version == 3
    assert file.architecture == "llama"
    read = {
        name: list(v) if isinstance(v, (np.ndarray, values.Strings)) else v
        for name, v in file.metadata.items()
    }
    assert read == {
        "general.architecture": "llama", "a.u32": 7, "a.f32": 1.5, "a.bool": True, "a.text": "żółw",
        "a.texts": ["a", "", "ż", "long " * 40], "a.ints": [1, 2, -3], "a.floats": [0.5, -1.0],
        "a.bools": [True, False],
    }  # fmt: skip
    strings = file.metadata["a.texts"]
    assert isinstance(strings, values.Strings)
    assert (strings[2], strings[-1][:4], strings[1:3], len(strings)) == ("ż", "long", ["", "ż"], 4)
    with pytest.raises(IndexError):
        strings[4]
    theirs = gguf.GGUFReader(tmp_path / "x.gguf")
    assert [t.name for t in theirs.tensors] == list(file.tensors)
    for stored in theirs.tensors:
        ours = file.tensors[stored.name]
        assert ours.shape == tuple(int(n) for n in stored.shape[::-1])
        assert ours.nbytes == stored.n_bytes
        numbers = dequantise(ours.type, file.raw(stored.name))
        expected = gguf.quants.dequantize(stored.data, stored.tensor_type)
        assert np.array_equal(numbers, expected.reshape(-1).astype(np.float32))


def test_the_mapped_bytes_cannot_be_written_to(tmp_path: Path) -> None:
    file = GGUFFile(reference_file(tmp_path / "x.gguf"))
    with pytest.raises(ValueError, match="read-only"):
        file.raw("x")[0] = 1


@pytest.mark.parametrize("version", [1, 2])
def test_older_versions(tmp_path: Path, version: int) -> None:
    word = "I" if version == 1 else "Q"
    keys = text("general.architecture", word) + struct.pack("<I", 8) + text("llama", word)
    keys += text("words", word) + struct.pack(f"<II{word}", 9, 8, 2) + text("ab", word) + text("c", word)
    entry = text("t", word) + struct.pack(f"<I{word}{word}IQ", 2, 4, 2, 0, 0)
    header = b"GGUF" + struct.pack(f"<I{word}{word}", version, 1, 2) + keys + entry
    data = np.arange(8, dtype="<f4").tobytes()
    (tmp_path / "x.gguf").write_bytes(header + bytes(-len(header) % 32) + data)
    file = GGUFFile(tmp_path / "x.gguf")
    assert list(file.metadata["words"]) == ["ab", "c"]  # type: ignore[arg-type]
    assert file.tensors["t"].shape == (2, 4)
    assert dequantise(file.tensors["t"].type, file.raw("t")).tolist() == list(range(8))


def u32(value: int) -> bytes:
    return struct.pack("<I", value)


def array(number: int, count: int, items: bytes = b"") -> bytes:
    return struct.pack("<IQ", number, count) + items


FAULTS: list[tuple[str, dict[str, Any], str]] = [
    ("no GGUF", {"head": b"GGML\x03\0\0\0"}, "is no GGUF file"),
    ("version 4", {"head": b"GGUF\x04\0\0\0"}, "version 4"),
    ("big-endian", {"head": b"GGUF\0\0\0\x03"}, "big-endian"),
    ("huge tensor count", {"counts": (2**63, 0)}, "claims 9,223,372,036,854,775,808 tensors"),
    ("huge key count", {"counts": (0, 2**40)}, "keys; at most"),
    ("more tensors than there are", {"counts": (900_000, 0)}, "has no name"),
    ("more keys than there are", {"counts": (0, 60_000)}, "has no name"),
    ("huge key", {"keys": [struct.pack("<Q", 2**62)]}, "bytes of text; at most"),
    ("a key twice", {"keys": [key("a", 4, u32(1)), key("a", 4, u32(2))]}, "given twice"),
    ("a key without a name", {"keys": [key("", 4, u32(1))]}, "has no name"),
    ("key no UTF-8", {"keys": [text(b"\xff") + u32(4) + u32(1)]}, "not UTF-8"),
    ("value no UTF-8", {"keys": [key("a", 8, text(b"\xc3"))]}, "not UTF-8"),
    ("unknown value type", {"keys": [key("a", 13, u32(1))]}, "unknown type 13"),
    ("boolean of two", {"keys": [key("a", 7, b"\2")]}, "boolean of value 2"),
    ("booleans of two", {"keys": [key("a", 9, array(7, 3, b"\0\1\2"))]}, "boolean of value 2"),
    ("array of arrays", {"keys": [key("a", 9, array(9, 1, array(9, 1)))]}, "array of arrays"),
    ("array of unknown", {"keys": [key("a", 9, array(99, 1))]}, "unknown type 99"),
    ("huge array of numbers", {"keys": [key("a", 9, array(4, 2**62))]}, "cut off"),
    ("overflowing array of numbers", {"keys": [key("a", 9, array(10, 2**61))]}, "cut off"),
    ("huge array of texts", {"keys": [key("a", 9, array(8, 2**63))]}, "cut off"),
    ("texts beyond the end", {"keys": [key("a", 9, array(8, 1, struct.pack("<Q", 2**40)))]}, "inside"),
    ("texts that overflow", {"keys": [key("a", 9, array(8, 1, struct.pack("<Q", 2**64 - 8)))]}, "inside"),
    ("alignment 0", {"keys": [key("general.alignment", 4, u32(0))]}, "power of two"),
    ("alignment 24", {"keys": [key("general.alignment", 4, u32(24))]}, "power of two"),
    ("huge alignment", {"keys": [key("general.alignment", 4, u32(2**31))]}, "power of two"),
    ("alignment a text", {"keys": [key("general.alignment", 8, text("32"))]}, "power of two"),
    ("alignment true", {"keys": [key("general.alignment", 7, b"\1")]}, "power of two"),
    ("offset not aligned", {"tensors": [tensor(offset=4)], "data": bytes(64)}, "multiple of 32"),
    ("beyond the end", {"tensors": [tensor(dims=(9,))]}, "cut off"),
    ("offset beyond the end", {"tensors": [tensor(offset=2**40)]}, "cut off"),
    ("offset that overflows", {"tensors": [tensor(offset=2**64 - 32)]}, "cut off"),
    ("overlap", {"tensors": [tensor("a", (16,)), tensor("b", (8,), 0, 32)], "data": bytes(64)}, "overlap"),
    ("same place", {"tensors": [tensor("a"), tensor("b")]}, "overlap"),
    ("a name twice", {"tensors": [tensor("a"), tensor("a", offset=32)], "data": bytes(64)}, "listed twice"),
    ("no name", {"tensors": [tensor("")]}, "has no name"),
    ("long name", {"tensors": [tensor("a" * 2000)]}, "bytes of text; at most"),
    ("nine dimensions", {"tensors": [tensor(dims=(1,) * 9)]}, "9 dimensions"),
    ("a billion dimensions", {"tensors": [text("t") + u32(10**9)]}, "dimensions; at most"),
    ("no extent", {"tensors": [tensor(dims=(0, 4))]}, "which no file can hold"),
    ("negative extent", {"tensors": [tensor(dims=(2**64 - 1,))]}, "which no file can hold"),
    ("overflowing shape", {"tensors": [tensor(dims=(2**32, 2**32))]}, "which no file can hold"),
    ("unknown type", {"tensors": [tensor(kind=99)]}, "number 99, which is unknown"),
    ("given up type", {"tensors": [tensor(kind=31)]}, "Q4_0_4_4"),
    ("rows of half a block", {"tensors": [tensor(dims=(16, 2), kind=8)], "data": bytes(64)}, "do not divide"),
    ("a quantised scalar", {"tensors": [tensor(dims=(), kind=8)]}, "single number"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "words"), [pytest.param(*f[1:], id=f[0]) for f in FAULTS])
@pytest.mark.parametrize("native", [True, False], ids=["c", "python"])
def test_each_fault_of_a_header_is_refused(
    tmp_path: Path, parts: dict[str, Any], words: str, native: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not native:
        monkeypatch.setattr(values, "library", lambda: None)
    with pytest.raises(PackageError) as caught:
        GGUFFile(raw_file(tmp_path / "x.gguf", **parts))
    assert words in str(caught.value)
    assert "x.gguf" in str(caught.value)


def test_a_sound_file_of_the_same_making_is_read(tmp_path: Path) -> None:
    file = GGUFFile(raw_file(tmp_path / "x.gguf", [key("a", 4, u32(1))]))
    assert file.metadata == {"a": 1}
    assert file.tensors["t"].shape == (8,)


@pytest.mark.parametrize("what", ["nothing", "folder", "empty", "magic alone"])
def test_what_is_no_file_at_all(tmp_path: Path, what: str) -> None:
    path = tmp_path / "x.gguf"
    if what == "folder":
        path.mkdir()
    elif what != "nothing":
        path.write_bytes(b"" if what == "empty" else b"GGUF")
    with pytest.raises(PackageError):
        GGUFFile(path)


def test_texts_are_checked_when_they_are_read(tmp_path: Path) -> None:
    keys = [key("a", 9, array(8, 2, text("fine") + text(b"\xff\xfe")))]
    strings = GGUFFile(raw_file(tmp_path / "x.gguf", keys)).metadata["a"]
    assert isinstance(strings, values.Strings)
    assert strings[0] == "fine"
    for read in (lambda: strings[1], lambda: list(strings)):
        with pytest.raises(PackageError, match=r"a\[1\] is not UTF-8"):
            read()


def touch_everything(file: GGUFFile) -> None:
    """Decode all that the header offers; what is wrong in it must come as PackageError."""
    for value in file.metadata.values():
        list(value) if isinstance(value, values.Strings) else repr(value)
    for stored in file.tensors.values():
        with np.errstate(all="ignore"):
            assert dequantise(stored.type, file.raw(stored.name)).size == stored.n_elements


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return reference_file(tmp_path_factory.mktemp("sound") / "x.gguf").read_bytes()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_mutations_of_a_sound_file_do_no_harm(tmp_path: Path, sound: bytes, data: st.DataObject) -> None:
    raw = bytearray(sound)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, min(len(raw) - 1, 900)))
        how = data.draw(st.sampled_from(["byte", "word", "cut", "insert"]))
        if how == "byte":
            raw[at] = data.draw(st.integers(0, 255))
        elif how == "word":
            raw[at : at + 8] = struct.pack("<Q", data.draw(st.integers(0, 2**64 - 1)))
        elif how == "cut":
            del raw[max(at, 8) :]
        else:
            raw[at:at] = data.draw(st.binary(max_size=9))
        if not raw:
            raw = bytearray(b"G")
    path = tmp_path / "mutant.gguf"
    path.write_bytes(raw)
    with suppress(PackageError):  # anything else is a fault of ours
        touch_everything(GGUFFile(path))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.integers(1, 3))
def test_arbitrary_bytes_behind_the_magic(tmp_path: Path, tail: bytes, version: int) -> None:
    path = tmp_path / "random.gguf"
    path.write_bytes(b"GGUF" + u32(version) + tail)
    with suppress(PackageError):  # anything else is a fault of ours
        touch_everything(GGUFFile(path))
