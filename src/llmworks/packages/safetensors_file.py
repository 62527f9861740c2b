"""Tensors on disk: a strict, memory-mapped reader of safetensors files and of their shard index.

    ┌────────────┬──────────────────────────────────────────────────────────┬───────────────────┐
    │ N: 8 bytes │ N bytes of JSON: {"name": {"dtype", "shape", "offsets"}} │ the tensors' bytes│
    └────────────┴──────────────────────────────────────────────────────────┴───────────────────┘

The header decides which bytes become which tensor, so it is checked before a single one is touched: every
shape times its dtype is its extent, and the extents tile the rest of the file from the first byte to the
last, with no overlap, no gap and nothing left over. Nothing is ever unpickled: a file that is a pickle, by
its name or by its first bytes, is refused.

Source of the format: https://github.com/huggingface/safetensors#format
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor

from llmworks.errors import PackageError
from llmworks.packages.json_file import MAX_INDEX_BYTES, parse_object, read_object

SINGLE_FILE = "model.safetensors"
INDEX_FILE = "model.safetensors.index.json"

MAX_HEADER_BYTES = 100_000_000  # the bound that the format itself sets
MAX_TENSORS = 1_000_000
MAX_DIMENSIONS = 8
MAX_NAME_LENGTH = 1024

DTYPES: dict[str, torch.dtype] = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "F8_E4M3": torch.float8_e4m3fn,
    "F8_E5M2": torch.float8_e5m2,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}

PICKLE_SUFFIXES = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"})
# A bare pickle of protocol 2 and up begins with 0x80; torch.save wraps one in a zip archive.
PICKLE_MAGIC = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05", b"PK\x03\x04")


@dataclass(frozen=True)
class TensorEntry:
    """Where one tensor lies: `start` counts bytes from the beginning of the file."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    start: int
    nbytes: int

    @property
    def torch_dtype(self) -> torch.dtype:
        return DTYPES[self.dtype]


class SafetensorsFile:
    """One safetensors file whose header has been checked; tensors are views of the mapped file."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        try:
            if not self.path.is_file():
                raise PackageError(f"{self.path} is not a file. Expected a safetensors file.")
            with self.path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                header, data_start = _read_header(self.path, file.read, size)
                self.entries = _parse_entries(self.path, header, data_start, size)
                self.metadata = _parse_metadata(self.path, header)
                # Copy-on-write: torch wants writable memory, the file must not change.
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        except OSError as error:
            raise PackageError(f"{self.path} cannot be read: {error.strerror or error}.") from error

    def tensor(self, name: str) -> Tensor:
        """The tensor in its own shape and dtype; it shares the file's pages until somebody writes to it."""
        entry = self.entries[name]
        dtype = entry.torch_dtype
        if entry.nbytes == 0:
            return torch.empty(entry.shape, dtype=dtype)
        count = entry.nbytes // dtype.itemsize
        if entry.start % dtype.itemsize:  # allowed by the format, not by every processor
            raw = bytearray(self._map[entry.start : entry.start + entry.nbytes])
            return torch.frombuffer(raw, dtype=dtype, count=count).view(entry.shape)
        return torch.frombuffer(self._map, dtype=dtype, count=count, offset=entry.start).view(entry.shape)


class Outline(Protocol):
    """What a header says of a tensor."""

    @property
    def shape(self) -> tuple[int, ...]: ...
    @property
    def torch_dtype(self) -> torch.dtype: ...


class WeightSource(Protocol):
    """Tensors by name, read when asked for; what the header says of them before that."""

    def entry(self, name: str) -> Outline: ...
    def __getitem__(self, name: str) -> Tensor: ...
    def __contains__(self, name: object) -> bool: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...


class Weights(Mapping[str, Tensor]):
    """All tensors of a package by name, from one file or from several shards; read when asked for."""

    def __init__(self, files: list[SafetensorsFile]) -> None:
        self.files = files
        self._home: dict[str, SafetensorsFile] = {}
        for file in files:
            for name in file.entries:
                if name in self._home:
                    raise PackageError(
                        f"the tensor {name!r} is in two shards, {self._home[name].path.name} and "
                        f"{file.path.name}. Which one is meant? Write the package again."
                    )
                self._home[name] = file

    def entry(self, name: str) -> TensorEntry:
        return self._home[name].entries[name]

    def __getitem__(self, name: str) -> Tensor:
        return self._home[name].tensor(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._home)

    def __len__(self) -> int:
        return len(self._home)


def open_weights(folder: Path) -> Weights:
    """The weights of a package folder: `model.safetensors`, or the shards that its index names."""
    single, index = folder / SINGLE_FILE, folder / INDEX_FILE
    if single.exists() and index.exists():
        raise PackageError(
            f"{folder} holds both {SINGLE_FILE} and {INDEX_FILE}: two sets of weights. "
            "Remove the one that is not meant."
        )
    if index.exists():
        return _open_shards(folder, index)
    if single.exists():
        return Weights([SafetensorsFile(single)])
    refuse_pickles(folder)
    raise PackageError(f"{folder} has no weights. Expected {SINGLE_FILE}, or {INDEX_FILE} with its shards.")


def refuse_pickles(path: Path) -> None:
    """Raise if `path` is a pickle file, or a folder whose only weights are pickles."""
    if path.is_dir():
        pickles = sorted(p.name for p in path.iterdir() if p.suffix.lower() in PICKLE_SUFFIXES)
        if pickles:
            raise PackageError(f"{path} holds its weights in {', '.join(pickles[:3])}: {_WHY_NO_PICKLE}")
    elif path.suffix.lower() in PICKLE_SUFFIXES:
        raise PackageError(f"{path}: {_WHY_NO_PICKLE}")


_WHY_NO_PICKLE = (
    "a pickle is a program, and reading one runs whatever its author wrote. llmworks reads safetensors only. "
    "Take the author's safetensors files, or have this one converted, with torch's weights-only loader: "
    "`llmworks models convert PATH --convert-pickle`."
)


def _open_shards(folder: Path, index: Path) -> Weights:
    content = read_object(index, MAX_INDEX_BYTES)
    weight_map = content.get("weight_map")
    if not isinstance(weight_map, dict) or not weight_map:
        raise PackageError(f'{index}: "weight_map" is missing or empty; expected {{tensor name: file name}}.')
    names_of: dict[str, set[str]] = {}
    for name, file in weight_map.items():
        names_of.setdefault(_shard_name(index, name, file), set()).add(name)
    files = []
    for file, names in sorted(names_of.items()):
        path = folder / file
        if not path.is_file():
            raise PackageError(
                f"{index} names the shard {file}, which is not in {folder}. "
                f"The package is incomplete (it needs {len(names_of)} shards): fetch or write it again."
            )
        shard = SafetensorsFile(path)
        _compare_names(index, shard, names)
        files.append(shard)
    return Weights(files)


def _shard_name(index: Path, tensor: str, file: Any) -> str:
    """A shard is a file beside its index: no folder, no way up, no other kind of file."""
    plain = isinstance(file, str) and file == os.path.basename(file) and not set(file) & set("\\:\0")
    if not plain or not file.endswith(".safetensors") or file.startswith("."):
        raise PackageError(
            f"{index} puts the tensor {tensor!r} into {file!r}. "
            "Expected the plain name of a .safetensors file beside the index."
        )
    assert isinstance(file, str)
    return file


def _compare_names(index: Path, shard: SafetensorsFile, named: set[str]) -> None:
    here = set(shard.entries)
    if missing := sorted(named - here):
        raise PackageError(
            f"{index} says that {shard.path.name} holds {shorten(missing)}, but it does not. "
            "Index and shards are not of one package: fetch or write it again."
        )
    if extra := sorted(here - named):
        raise PackageError(f"{shard.path} holds {shorten(extra)}, which {index.name} does not place there.")


def _read_header(path: Path, read: Any, size: int) -> tuple[dict[str, Any], int]:
    first = read(8)
    if first.startswith(PICKLE_MAGIC) and not _plausible_length(first, size):
        raise PackageError(f"{path} is named safetensors but begins as a pickle: {_WHY_NO_PICKLE}")
    if len(first) < 8:
        raise PackageError(f"{path} has {size} bytes; a safetensors file has at least 8. It is cut off.")
    length = int.from_bytes(first, "little")
    if length > MAX_HEADER_BYTES:
        raise PackageError(
            f"{path}: its header claims {length:,} bytes; the format allows {MAX_HEADER_BYTES:,}. "
            "This is no safetensors file, or a damaged one."
        )
    if length > size - 8:
        raise PackageError(
            f"{path} is cut off: its header has {length:,} bytes, the file {size:,}. Fetch it again."
        )
    data = read(length)
    if not data.startswith(b"{"):
        raise PackageError(f"{path}: the header does not begin with '{{'. This is no safetensors file.")
    return parse_object(data, f"the header of {path}"), 8 + length


def _plausible_length(first: bytes, size: int) -> bool:
    """A header of 0x…80 bytes begins like a pickle; what tells them apart is that it fits the file."""
    return len(first) == 8 and int.from_bytes(first, "little") <= min(size - 8, MAX_HEADER_BYTES)


def _parse_metadata(path: Path, header: dict[str, Any]) -> dict[str, str]:
    metadata = header.get("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise PackageError(f"{path}: __metadata__ must map texts to texts.")
    return metadata


def _parse_entries(path: Path, header: dict[str, Any], data_start: int, size: int) -> dict[str, TensorEntry]:
    names = [name for name in header if name != "__metadata__"]
    if len(names) > MAX_TENSORS:
        raise PackageError(f"{path} lists {len(names):,} tensors; at most {MAX_TENSORS:,} are read.")
    entries = [_parse_entry(path, name, header[name], data_start) for name in names]
    position = data_start
    for entry in sorted(entries, key=lambda entry: (entry.start, entry.nbytes)):
        if entry.start != position:
            fault = "overlaps the tensor before it" if entry.start < position else "leaves a gap before it"
            raise PackageError(f"{path}: the tensor {entry.name!r} {fault} (at byte {entry.start:,}).")
        position += entry.nbytes
    if position > size:
        raise PackageError(
            f"{path} is cut off: its tensors end at byte {position:,}, the file at {size:,}. Fetch it again."
        )
    if position < size:
        raise PackageError(f"{path} has {size - position:,} bytes after its last tensor that belong to none.")
    return {entry.name: entry for entry in entries}


def _parse_entry(path: Path, name: str, value: Any, data_start: int) -> TensorEntry:
    where = f"{path}, tensor {name[:80]!r}"
    if not name or len(name) > MAX_NAME_LENGTH:
        raise PackageError(f"{where}: a name has 1 to {MAX_NAME_LENGTH} characters, this one {len(name)}.")
    if not isinstance(value, dict) or set(value) != {"dtype", "shape", "data_offsets"}:
        raise PackageError(f"{where}: expected exactly dtype, shape and data_offsets.")
    dtype, shape, offsets = value["dtype"], value["shape"], value["data_offsets"]
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise PackageError(f"{where}: the dtype {str(dtype)[:40]!r} is unknown. Known: {', '.join(DTYPES)}.")
    if not _naturals(shape) or len(shape) > MAX_DIMENSIONS:
        raise PackageError(f"{where}: the shape must be a list of up to {MAX_DIMENSIONS} natural numbers.")
    if not _naturals(offsets) or len(offsets) != 2 or offsets[0] > offsets[1]:
        raise PackageError(f"{where}: data_offsets must be [begin, end] with begin ≤ end.")
    count = 1
    for extent in shape:
        count *= extent
    expected, given = count * DTYPES[dtype].itemsize, offsets[1] - offsets[0]
    if expected != given:
        raise PackageError(
            f"{where}: shape {shape} of {dtype} needs {expected:,} bytes, its offsets give {given:,}."
        )
    return TensorEntry(name, dtype, tuple(shape), data_start + offsets[0], given)


def _naturals(value: Any) -> bool:
    return isinstance(value, list) and all(type(item) is int and 0 <= item < 2**63 for item in value)


def shorten(names: list[str], limit: int = 4) -> str:
    """A few of many names, for an error that fits on a screen."""
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more
