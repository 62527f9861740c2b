"""JSON from files that may be hostile: bounded in size and depth, no key twice, text that is text.

Python's parser takes what the format (RFC 8259) leaves open or forbids: a key given twice (the last one
wins, so two readers may see two configurations), NaN, half a surrogate pair, nesting until the stack ends.
Each of these is refused here with the place and the reason, before any value is used.
"""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any, NoReturn

from llmworks.errors import PackageError

MAX_CONFIG_BYTES = 4 * 2**20
"""Far above any real config.json (a few kilobytes), far below what hurts."""

MAX_INDEX_BYTES = 64 * 2**20
"""A shard index names every tensor: the largest published ones have about 100,000 (10 MB)."""

MAX_DEPTH = 32


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """The whole of a regular file that may not be larger than `max_bytes`."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise PackageError(
                f"{path} is not a file. Expected a regular file of at most {max_bytes:,} bytes."
            )
        if status.st_size > max_bytes:
            raise PackageError(
                f"{path} has {status.st_size:,} bytes; a file of this kind may have {max_bytes:,}. "
                "It is damaged or not what its name says: fetch or write the package again."
            )
        with path.open("rb") as file:
            return file.read(max_bytes + 1)[:max_bytes]
    except FileNotFoundError:
        raise PackageError(
            f"{path} does not exist. The package is incomplete: fetch or write it again."
        ) from None
    except OSError as error:
        raise PackageError(f"{path} cannot be read: {error.strerror or error}.") from error


def read_text(path: Path, max_bytes: int = MAX_CONFIG_BYTES) -> str:
    """A UTF-8 text file of bounded size."""
    return decode_utf8(read_bytes(path, max_bytes), str(path))


def read_object(path: Path, max_bytes: int = MAX_CONFIG_BYTES) -> dict[str, Any]:
    """The JSON object that a file holds."""
    return parse_object(read_bytes(path, max_bytes), str(path))


def read_array(path: Path, max_bytes: int = MAX_CONFIG_BYTES) -> list[Any]:
    """The JSON array that a file holds."""
    value = parse(read_bytes(path, max_bytes), str(path))
    if not isinstance(value, list):
        raise PackageError(f"{path} holds a JSON {_kind(value)}; expected an array […].")
    return value


def parse_object(data: bytes, where: str) -> dict[str, Any]:
    """Parse one JSON object; `where` names its place in the errors."""
    value = parse(data, where)
    if not isinstance(value, dict):
        raise PackageError(f"{where} holds a JSON {_kind(value)}; expected an object {{…}}.")
    return value


def parse(data: bytes, where: str) -> Any:
    """Parse one JSON value, bounded in depth, without what is ambiguous."""
    text = decode_utf8(data, where)
    try:
        value = json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_no_constant)
    except RecursionError:
        raise PackageError(f"{where}: nested deeper than {MAX_DEPTH} levels.") from None
    except json.JSONDecodeError as error:
        raise PackageError(
            f"{where} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}. "
            "It may be cut off or damaged: fetch or write the package again."
        ) from None
    except ValueError as error:  # a key twice, NaN, an integer of thousands of digits
        raise PackageError(f"{where} is not sound JSON: {error}.") from None
    _check_tree(value, where)
    return value


def decode_utf8(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PackageError(
            f"{where} is not UTF-8 text: byte {error.start} is wrong ({error.reason})."
        ) from None


def dump(value: Any) -> str:
    """JSON as the project writes it: indented, UTF-8 as it is, one line feed at the end."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {twice!r} is given twice")
    return result


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _check_tree(root: Any, where: str) -> None:
    """Depth and surrogates, level by level, so that no depth can end the stack."""
    level = [root]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below.extend(value.keys())
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            elif isinstance(value, str) and not value.isascii():
                _check_surrogates(value, where)
        if not below:
            return
        level = below
    raise PackageError(f"{where}: nested deeper than {MAX_DEPTH} levels.")


def _check_surrogates(text: str, where: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise PackageError(f"{where}: {text[:40]!r} holds half a surrogate pair, which is no text.") from None


def _kind(value: Any) -> str:
    kinds = {
        dict: "object",
        list: "array",
        str: "string",
        bool: "boolean",
        int: "number",
        float: "number",
        type(None): "null",
    }
    return kinds.get(type(value), "null")
