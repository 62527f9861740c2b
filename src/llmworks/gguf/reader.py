"""GGUFFile: llama.cpp's one-file model, memory-mapped, every header field checked before it is believed.

    "GGUF" version u32 │ tensors u64 │ keys u64 │ key, type, value … │ name, shape, type, offset … │ data

Opening touches the header only: strings of the vocabulary stay undecoded, and a tensor's pages are read when
somebody asks for it. Versions 1 to 3, little-endian (there is no model in the wild that is not).

Source: the format's description in ggml's repository (docs/gguf.md).
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from llmworks.errors import PackageError
from llmworks.gguf.types import BY_NUMBER, REFUSED, TensorType
from llmworks.gguf.values import MAX_KEY_BYTES, Cursor, Value, read_value

MAGIC = b"GGUF"
VERSIONS = (1, 2, 3)
MAX_KEYS = 65_536
MAX_TENSORS = 1_000_000
MAX_DIMENSIONS = 8
MAX_NAME_BYTES = 1024
MAX_ALIGNMENT = 2**20
DEFAULT_ALIGNMENT = 32


@dataclass(frozen=True)
class StoredTensor:
    """What the header says of one tensor.

    shape: as torch and numpy have it, rows first (the file lists it the other way round).
    start: bytes from the beginning of the file.
    """

    name: str
    type: TensorType
    shape: tuple[int, ...]
    start: int
    nbytes: int

    @property
    def n_elements(self) -> int:
        count = 1
        for extent in self.shape:
            count *= extent
        return count


class GGUFFile:
    """One GGUF file whose header has been checked.

    metadata: key → number, bool, str, numpy array or `Strings` (a lazy sequence of str).
    tensors: name → StoredTensor, in the file's order.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        try:
            if not self.path.is_file():
                raise PackageError(f"{self.path} is not a file. Expected a GGUF file.")
            with self.path.open("rb") as file:
                self.size = os.fstat(file.fileno()).st_size
                self.version = _version(self.path, file.read(8), self.size)
                self._data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except OSError as error:
            raise PackageError(f"{self.path} cannot be read: {error.strerror or error}.") from error
        cursor = Cursor(self._data, str(self.path), self.version)
        cursor.take(8, "the magic number")
        n_tensors, n_keys = cursor.length("the number of tensors"), cursor.length("the number of keys")
        _check_count(self.path, "keys", n_keys, MAX_KEYS)
        _check_count(self.path, "tensors", n_tensors, MAX_TENSORS)
        self.metadata: dict[str, Value] = _read_metadata(cursor, n_keys)
        self.alignment = _alignment(self.path, self.metadata)
        self.tensors = _read_tensors(cursor, n_tensors, self.alignment)
        self.data_start = -(-cursor.at // self.alignment) * self.alignment

    @property
    def architecture(self) -> str:
        """`general.architecture`."""
        found = self.metadata.get("general.architecture")
        if not isinstance(found, str):
            raise PackageError(f"{self.path} does not name its architecture (general.architecture).")
        return found

    def raw(self, name: str) -> npt.NDArray[np.uint8]:
        """The bytes of a tensor as they are stored: [nbytes], a read-only view of the mapped file."""
        stored = self.tensors[name]
        return np.frombuffer(self._data, np.uint8, stored.nbytes, stored.start)

    def __repr__(self) -> str:
        return f"GGUFFile({str(self.path)!r}, {len(self.tensors)} tensors)"


def is_gguf(path: Path) -> bool:
    """Whether a file begins as a GGUF file does."""
    try:
        with path.open("rb") as file:
            return file.read(4) == MAGIC
    except OSError:
        return False


def _version(path: Path, head: bytes, size: int) -> int:
    if not head.startswith(MAGIC):
        raise PackageError(f"{path} is no GGUF file: it begins with {head[:4]!r}, not with b'GGUF'.")
    if size < 16 or len(head) < 8:
        raise PackageError(f"{path} has {size} bytes; a GGUF header alone has 16. It is cut off.")
    version: int = struct.unpack("<I", head[4:])[0]
    if version in VERSIONS:
        return version
    if struct.unpack(">I", head[4:])[0] in VERSIONS:
        raise PackageError(
            f"{path} is a big-endian GGUF file, which is not read. "
            "Convert it with gguf_convert_endian of gguf-py."
        )
    raise PackageError(f"{path} is of GGUF version {version:,}; versions 1 to 3 are read.")


def _check_count(path: Path, what: str, count: int, limit: int) -> None:
    if count > limit:
        raise PackageError(f"{path} claims {count:,} {what}; at most {limit:,} are read. It is damaged.")


def _read_metadata(cursor: Cursor, count: int) -> dict[str, Value]:
    metadata: dict[str, Value] = {}
    for number in range(count):
        key = cursor.text(f"key {number + 1} of {count:,}", MAX_KEY_BYTES)
        if not key:
            raise PackageError(f"{cursor.where}: key {number + 1} of {count:,} has no name.")
        if key in metadata:
            raise PackageError(f"{cursor.where}: the key {key!r} is given twice. Which one is meant?")
        metadata[key] = read_value(cursor, key)
    return metadata


def _alignment(path: Path, metadata: Mapping[str, Value]) -> int:
    found = metadata.get("general.alignment", DEFAULT_ALIGNMENT)
    if type(found) is not int or not 0 < found <= MAX_ALIGNMENT or found & (found - 1):
        raise PackageError(
            f"{path}: general.alignment is {str(found)[:40]}; "
            f"expected a power of two up to {MAX_ALIGNMENT:,}."
        )
    return found


def _read_tensors(cursor: Cursor, count: int, alignment: int) -> dict[str, StoredTensor]:
    headers = [_read_tensor(cursor, number) for number in range(count)]
    data_start = -(-cursor.at // alignment) * alignment
    tensors: dict[str, StoredTensor] = {}
    for name, kind, shape, offset in headers:
        where = f"{cursor.where}, tensor {name!r}"
        if name in tensors:
            raise PackageError(f"{where} is listed twice. Which one is meant?")
        if offset % alignment:
            raise PackageError(
                f"{where} begins at byte {offset:,} of the data, not at a multiple of {alignment}."
            )
        if shape and shape[-1] % kind.block:
            raise PackageError(
                f"{where}: rows of {shape[-1]:,} numbers "
                f"do not divide into {kind.name} blocks of {kind.block}."
            )
        elements = 1
        for extent in shape:
            elements *= extent
        nbytes = elements // kind.block * kind.nbytes
        if data_start + offset + nbytes > len(cursor.data):
            raise PackageError(
                f"{where} ends at byte {data_start + offset + nbytes:,}, the file at {len(cursor.data):,}. "
                "It is cut off: fetch it again."
            )
        tensors[name] = StoredTensor(name, kind, shape, data_start + offset, nbytes)
    _check_overlap(cursor.where, tensors)
    return tensors


def _read_tensor(cursor: Cursor, number: int) -> tuple[str, TensorType, tuple[int, ...], int]:
    name = cursor.text(f"the name of tensor {number}", MAX_NAME_BYTES)
    where = f"{cursor.where}, tensor {name[:80]!r}"
    if not name:
        raise PackageError(f"{cursor.where}: tensor {number} has no name.")
    dimensions = cursor.scalar("I", f"the shape of {name!r}")
    if dimensions > MAX_DIMENSIONS:
        raise PackageError(f"{where} claims {dimensions:,} dimensions; at most {MAX_DIMENSIONS} are read.")
    shape = tuple(cursor.length(f"the shape of {name!r}") for _ in range(dimensions))[::-1]
    total = 1
    for extent in shape:
        total *= extent
    if 0 in shape or total >= 2**60:
        raise PackageError(f"{where} has the shape {list(shape)}, which no file can hold.")
    kind = int(cursor.scalar("I", f"the type of {name!r}"))
    if kind not in BY_NUMBER:
        reason = REFUSED.get(kind, f"of number {kind}, which is unknown")
        raise PackageError(f"{where} is of a type that is not read: {reason}. Known: {', '.join(_names())}.")
    offset = int(cursor.scalar("Q", f"the offset of {name!r}"))
    if not shape and BY_NUMBER[kind].block > 1:
        raise PackageError(f"{where} is a single number, which cannot be {BY_NUMBER[kind].name}.")
    return name, BY_NUMBER[kind], shape, offset


def _names() -> list[str]:
    return [kind.name for kind in BY_NUMBER.values()]


def _check_overlap(where: str, tensors: Mapping[str, StoredTensor]) -> None:
    """No byte may belong to two tensors. Gaps are allowed: the format pads."""
    end, before = 0, ""
    for stored in sorted(tensors.values(), key=lambda stored: stored.start):
        if stored.start < end:
            raise PackageError(f"{where}: the tensors {before!r} and {stored.name!r} overlap.")
        end, before = stored.start + stored.nbytes, stored.name
