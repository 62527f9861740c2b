"""The metadata of a GGUF file: typed values and flat arrays, read with bounds from the mapped file.

    key: string   type: u32   value            string: length u64, bytes (UTF-8)
                              array: type of its items u32, count u64, items

A vocabulary is an array of a hundred thousand strings. It is not read on opening: `Strings` knows where each
lies and decodes the ones that are asked for.

Source: the format's description in ggml's repository (docs/gguf.md).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias, overload

import numpy as np
import numpy.typing as npt

from llmworks.errors import PackageError
from llmworks.gguf.native import library

Value: TypeAlias = "int | float | bool | str | npt.NDArray[Any] | Strings"

STRING, ARRAY, BOOL = 8, 9, 7
# number of the type → struct's letter, name
SCALARS: dict[int, tuple[str, str]] = {
    0: ("B", "u8"),
    1: ("b", "i8"),
    2: ("H", "u16"),
    3: ("h", "i16"),
    4: ("I", "u32"),
    5: ("i", "i32"),
    6: ("f", "f32"),
    BOOL: ("?", "bool"),
    10: ("Q", "u64"),
    11: ("q", "i64"),
    12: ("d", "f64"),
}
NUMBER_OF = {name: number for number, (_, name) in SCALARS.items()}
MAX_TEXT_BYTES = 16 * 2**20
MAX_KEY_BYTES = 65_535


class Cursor:
    """Reads forward through `data`; every step is checked against the end before a byte is touched."""

    def __init__(self, data: memoryview, where: str, version: int) -> None:
        self.data, self.where, self.version = data, where, version
        self.at = 0
        self.word = 4 if version == 1 else 8

    def take(self, count: int, what: str) -> int:
        """Step over `count` bytes; returns where they begin."""
        if count > len(self.data) - self.at:
            raise PackageError(
                f"{self.where} is cut off: {what} at byte {self.at:,} needs {count:,} bytes, "
                f"{max(0, len(self.data) - self.at):,} are left. Fetch the file again."
            )
        start = self.at
        self.at += count
        return start

    def scalar(self, letter: str, what: str) -> Any:
        form = "<" + letter
        return struct.unpack_from(form, self.data, self.take(struct.calcsize(form), what))[0]

    def length(self, what: str) -> int:
        """A count: 64 bits, or 32 in version 1."""
        return int(self.scalar("I" if self.version == 1 else "Q", what))

    def text(self, what: str, limit: int = MAX_TEXT_BYTES) -> str:
        size = self.length(what)
        if size > limit:
            raise PackageError(
                f"{self.where}: {what} claims {size:,} bytes of text; at most {limit:,} are read. "
                "The file is damaged or not what its name says."
            )
        start = self.take(size, what)
        return decode(self.data[start : start + size], f"{self.where}: {what}")


class Strings(Sequence[str]):
    """An array of texts in the mapped file, each decoded when it is asked for."""

    def __init__(self, data: memoryview, start: int, count: int, word: int, where: str) -> None:
        self._data, self._start, self._count, self._word = data, start, count, word
        self._where = where
        self._found: npt.NDArray[np.uint64] | None = None

    def _spans(self) -> npt.NDArray[np.uint64]:
        if self._found is None:
            self._found = np.empty((self._count, 2), np.uint64)
            _walk(self._data, self._start, self._count, self._word, self._found)
        return self._found

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._count))]
        if not -self._count <= index < self._count:
            raise IndexError(index)
        start, end = self._spans()[index].tolist()
        return decode(self._data[start:end], f"{self._where}[{index % self._count}]")

    def __iter__(self) -> Iterator[str]:
        spans = self._spans().tolist()
        first, last = (spans[0][0], spans[-1][1]) if spans else (0, 0)
        data = bytes(self._data[first:last])  # its slices are quicker than a memoryview's
        for number, (start, end) in enumerate(spans):
            try:
                yield data[start - first : end - first].decode()
            except UnicodeDecodeError:
                decode(self._data[start:end], f"{self._where}[{number}]")  # says what is wrong

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and not isinstance(other, str) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Strings({self._count:,} texts of {self._where})"


def decode(raw: memoryview, where: str) -> str:
    try:
        return str(raw, "utf-8")
    except UnicodeDecodeError as error:
        raise PackageError(
            f"{where} is not UTF-8 text: byte {error.start} is wrong ({error.reason})."
        ) from None


def read_value(cursor: Cursor, key: str) -> Value:
    """The value that follows a key."""
    number = cursor.scalar("I", f"the type of {key!r}")
    if number == STRING:
        return cursor.text(f"the value of {key!r}")
    if number == ARRAY:
        return _read_array(cursor, key)
    if number not in SCALARS:
        raise PackageError(f"{cursor.where}: {key!r} is of the unknown type {number}. The file is damaged.")
    if number == BOOL:
        return _bool(cursor, int(cursor.scalar("B", f"the value of {key!r}")), key)
    value: Value = cursor.scalar(SCALARS[number][0], f"the value of {key!r}")
    return value


def _bool(cursor: Cursor, byte: int, key: str) -> bool:
    if byte > 1:
        raise PackageError(f"{cursor.where}: {key!r} is a boolean of value {byte}; expected 0 or 1.")
    return bool(byte)


def _read_array(cursor: Cursor, key: str) -> Value:
    number = cursor.scalar("I", f"the item type of {key!r}")
    count = cursor.length(f"the item count of {key!r}")
    if number == ARRAY:
        raise PackageError(
            f"{cursor.where}: {key!r} is an array of arrays, which no model needs and llama.cpp refuses too."
        )
    if number == STRING:
        start = cursor.at
        if count > (len(cursor.data) - start) // cursor.word:
            cursor.take(count * cursor.word, f"{key!r} with {count:,} texts")  # says what is wrong
        end = _walk(cursor.data, start, count, cursor.word, None)
        if end == 0 and count:
            raise PackageError(f"{cursor.where} is cut off inside {key!r} ({count:,} texts). Fetch it again.")
        cursor.at = end if count else start
        return Strings(cursor.data, start, count, cursor.word, f"{cursor.where}: {key}")
    if number not in SCALARS:
        raise PackageError(f"{cursor.where}: {key!r} holds items of the unknown type {number}.")
    kind = np.dtype("u1" if number == BOOL else "<" + SCALARS[number][0])
    start = cursor.take(count * kind.itemsize, f"{key!r} with {count:,} numbers")
    items = np.frombuffer(cursor.data, kind, count, start)
    if number == BOOL:
        if items.size and int(items.max()) > 1:
            _bool(cursor, int(items.max()), key)
        return items.astype(bool)
    return items


def _walk(data: memoryview, start: int, count: int, word: int, spans: npt.NDArray[np.uint64] | None) -> int:
    """The byte after `count` texts, 0 where one reaches beyond the end; `spans` gets where each lies."""
    native = library()
    if native is not None:
        whole = np.frombuffer(data, np.uint8)
        place = None if spans is None else spans.ctypes.data
        return int(native.lw_gguf_strings(whole.ctypes.data, len(data), start, count, word, place))
    at, size = start, len(data)
    read = struct.Struct("<I" if word == 4 else "<Q").unpack_from
    for number in range(count):
        if size - at < word:
            return 0
        length = read(data, at)[0]
        at += word
        if length > size - at:
            return 0
        if spans is not None:
            spans[number] = at, at + length
        at += length
    return at
