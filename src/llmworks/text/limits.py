"""Reading files that somebody else made: bounded, and no surprise gets further than a TokenizerError."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

from llmworks.errors import TokenizerError

# The largest tokenizer.json in wide use (Gemma, 262,144 tokens) has 33 MB.
MAX_FILE_BYTES = 256 << 20

T = TypeVar("T")


def read_bytes(path: Path) -> bytes:
    """The file's bytes, not more than MAX_FILE_BYTES."""
    try:
        size = path.stat().st_size
        if size <= MAX_FILE_BYTES:
            return path.read_bytes()
    except OSError as error:
        raise TokenizerError(f"cannot read the tokenizer {path}: {error.strerror or error}") from None
    raise TokenizerError(f"{path} has {size:,} bytes; a tokenizer has at most {MAX_FILE_BYTES:,}")


def parse_object(text: str | bytes, where: str) -> dict[str, Any]:
    """The JSON object in `text`; no key twice, no NaN, no nesting that would exhaust the stack."""
    try:
        value = json.loads(text, object_pairs_hook=_no_twins, parse_constant=_no_constant)
    except RecursionError:
        raise TokenizerError(f"{where}: the JSON is nested too deeply for a tokenizer") from None
    except ValueError as error:
        raise TokenizerError(f"{where}: no valid JSON: {error}") from None
    if not isinstance(value, dict):
        raise TokenizerError(f"{where}: expected a JSON object, not {type(value).__name__}")
    return value


def expect(value: object, kind: type[T], what: str) -> T:
    """`value`, known to be of this JSON type."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TokenizerError(f"{what}: expected {_JSON_NAMES[kind]}, not {_short(value)}")
    return value


_JSON_NAMES: dict[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a string",
    int: "a whole number",
    bool: "true or false",
}


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {twice[:60]!r} stands twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
