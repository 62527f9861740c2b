"""Write a GGUF file: header first, then the tensors one after another, each quantised as it goes out.

    plan (names, shapes, types) ──► header with every offset ──► tensor by tensor ──► sync ──► rename

All sizes follow from the plan, so the header is final before the first weight is read, and no more than one
tensor is in memory. The file gets its name when it is whole: a writing that is killed leaves none.
"""

from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from llmworks.errors import PackageError
from llmworks.gguf.quantise import quantise
from llmworks.gguf.reader import DEFAULT_ALIGNMENT, MAGIC
from llmworks.gguf.types import TensorType
from llmworks.gguf.values import ARRAY, BOOL, NUMBER_OF, SCALARS, STRING

VERSION = 3
MAX_NAME_BYTES = 63  # llama.cpp's
STEP = 1 << 24  # numbers that are read, converted and quantised at once

Progress = Callable[[str, int, int], None]
"""Called with a tensor's name, the bytes written so far and the bytes in all."""


@dataclass(frozen=True)
class Planned:
    """A tensor that is to be written; `read` gives its numbers when its turn comes."""

    name: str
    shape: tuple[int, ...]
    type: TensorType
    read: Callable[[], Tensor]

    @property
    def nbytes(self) -> int:
        rows = 1
        for extent in self.shape[:-1]:
            rows *= extent
        return rows * self.type.row_bytes(self.shape[-1] if self.shape else 1)


def write_gguf(
    path: str | Path,
    metadata: Mapping[str, Any],
    tensors: Sequence[Planned],
    *,
    progress: Progress | None = None,
) -> Path:
    """Write a whole file; returns its path. Raises PackageError for what cannot be written.

    A value's type follows from itself: bool, int (u32, or i64 where that is too small), float (f32), str, a
    list or array of one of these; numpy's scalars and arrays keep theirs.
    """
    target = Path(path).expanduser()
    header = _header(metadata, tensors)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(prefix=f".{target.name}.writing-", dir=target.parent)
    except OSError as error:
        raise PackageError(f"{target} cannot be written: {error.strerror or error}.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(header + bytes(-len(header) % DEFAULT_ALIGNMENT))
            _write_tensors(file, tensors, progress)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(partial, 0o666 & ~mask)  # mkstemp's file is its owner's alone
        os.replace(partial, target)
    except OSError as error:
        raise PackageError(f"{target} cannot be written: {error.strerror or error}.") from error
    finally:
        Path(partial).unlink(missing_ok=True)
    return target


def _write_tensors(file: BinaryIO, tensors: Sequence[Planned], progress: Progress | None) -> None:
    total, done = sum(planned.nbytes for planned in tensors), 0
    for planned in tensors:
        written = 0
        for piece in _pieces(planned):
            file.write(piece.data)
            written += piece.nbytes
            if progress is not None:
                progress(planned.name, done + written, total)
        assert written == planned.nbytes
        done += written
        file.write(bytes(-written % DEFAULT_ALIGNMENT))


def _pieces(planned: Planned) -> Any:
    """The stored bytes of a tensor, a bounded number of rows at a time."""
    tensor = planned.read().detach().cpu()
    if tuple(tensor.shape) != planned.shape:
        raise PackageError(
            f"{planned.name} has shape {list(tensor.shape)}, planned was {list(planned.shape)}."
        )
    rows = tensor.reshape(-1, planned.shape[-1] if planned.shape else 1)
    step = max(1, STEP // max(1, rows.shape[1]))
    for begin in range(0, len(rows), step):
        numbers = rows[begin : begin + step].to(torch.float32).contiguous().numpy()
        try:
            yield quantise(planned.type, numbers)
        except PackageError as error:
            raise PackageError(f"{planned.name} cannot be written as {planned.type.name}: {error}") from None


def _header(metadata: Mapping[str, Any], tensors: Sequence[Planned]) -> bytes:
    parts = [MAGIC, struct.pack("<IQQ", VERSION, len(tensors), len(metadata))]
    for key, value in metadata.items():
        number, raw = _encode(key, value)
        parts += [_text(key), struct.pack("<I", number), raw]
    offset, seen = 0, set()
    for planned in tensors:
        name = planned.name.encode()
        if not 0 < len(name) <= MAX_NAME_BYTES or planned.name in seen:
            raise PackageError(
                f"{planned.name!r} cannot be a tensor's name: it must be there once and have 1 to "
                f"{MAX_NAME_BYTES} bytes."
            )
        seen.add(planned.name)
        dims = planned.shape[::-1]
        parts += [_text(planned.name), struct.pack(f"<I{len(dims)}Q", len(dims), *dims)]
        parts.append(struct.pack("<IQ", planned.type.number, offset))
        offset += -(-planned.nbytes // DEFAULT_ALIGNMENT) * DEFAULT_ALIGNMENT
    return b"".join(parts)


def _text(value: str) -> bytes:
    try:
        raw = value.encode("utf-8")
    except UnicodeEncodeError:
        raise PackageError(f"{value[:40]!r} holds half a surrogate pair, which is no text.") from None
    return struct.pack("<Q", len(raw)) + raw


def _encode(key: str, value: Any) -> tuple[int, bytes]:
    """The type's number and the bytes of a value."""
    if isinstance(value, str):
        return STRING, _text(value)
    if isinstance(value, np.ndarray):
        return ARRAY, _array(key, value)
    if isinstance(value, bool | np.bool_):
        return BOOL, bytes([bool(value)])
    if isinstance(value, np.generic):
        return _of_dtype(key, value.dtype), value.tobytes()
    if isinstance(value, int):
        kind = "u32" if 0 <= value < 2**32 else "i32" if -(2**31) <= value < 0 else "i64"
        try:
            return NUMBER_OF[kind], struct.pack("<" + SCALARS[NUMBER_OF[kind]][0], value)
        except struct.error:
            raise PackageError(f"the metadata {key!r} is {value}, which has more than 64 bits.") from None
    if isinstance(value, float):
        return NUMBER_OF["f32"], struct.pack("<f", value)
    if isinstance(value, Sequence):
        items = list(value)
        if all(isinstance(item, str) for item in items):
            return ARRAY, struct.pack("<IQ", STRING, len(items)) + b"".join(map(_text, items))
        return ARRAY, _array(key, np.array(items))
    raise PackageError(f"the metadata {key!r} is a {type(value).__name__}, which GGUF has no type for.")


def _array(key: str, items: npt.NDArray[Any]) -> bytes:
    if items.dtype == np.int64 and (not items.size or np.abs(items).max() < 2**31):
        items = items.astype(np.int32)  # as gguf-py writes lists of numbers
    elif items.dtype == np.float64:
        items = items.astype(np.float32)
    number = BOOL if items.dtype == bool else _of_dtype(key, items.dtype)
    if items.ndim != 1:
        raise PackageError(f"the metadata {key!r} has {items.ndim} dimensions; an array has one.")
    little = items.astype(items.dtype.newbyteorder("<"), copy=False)
    return struct.pack("<IQ", number, items.size) + little.tobytes()


def _of_dtype(key: str, dtype: np.dtype[Any]) -> int:
    name = f"{dtype.kind}{8 * dtype.itemsize}"
    if name not in NUMBER_OF:
        raise PackageError(f"the metadata {key!r} is of type {dtype}, which GGUF does not have.")
    return NUMBER_OF[name]
