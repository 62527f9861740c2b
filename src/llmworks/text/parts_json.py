"""The parts of a tokenizer.json (`{"type": "Strip", …}`), read with names and kinds checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llmworks.errors import TokenizerError
from llmworks.text.limits import expect

_NEEDED = object()
MAX_STEPS = 32


class Fields:
    """One part: its `kind` (the `type`) and its other fields by name."""

    def __init__(self, value: Any, what: str) -> None:
        self.value: dict[str, Any] = expect(value, dict, what)
        self.what = what
        self.kind = expect(self.value.get("type"), str, f"{what}.type")

    def get(self, name: str, kind: Any, default: Any = _NEEDED) -> Any:
        """The field, which is of `kind` (a type, or several); `default` where it is not there."""
        value = self.value.get(name, default)
        if value is _NEEDED:
            raise TokenizerError(f"{self.what} ({self.kind[:60]}): {name!r} is missing")
        if name not in self.value:
            return value
        if isinstance(kind, tuple):
            if not isinstance(value, kind):
                raise TokenizerError(f"{self.what}.{name}: {str(value)[:60]!r} is of the wrong kind")
            return value
        return expect(value, kind, f"{self.what}.{name}")

    def character(self, name: str, default: str) -> str:
        """A field that is a single character."""
        value: str = self.get(name, str, default)
        if len(value) != 1:
            raise TokenizerError(f"{self.what}.{name}: expected one character, not {value[:60]!r}")
        return value

    def count(self, name: str, default: Any = _NEEDED) -> int:
        """A field that is a whole number from 0."""
        value: int = self.get(name, int, default)
        if value < 0:
            raise TokenizerError(f"{self.what}.{name}: expected a whole number from 0, not {value}")
        return value


def steps_of(fields: Fields, key: str) -> Iterator[tuple[Any, str]]:
    """The steps of a Sequence, each with its place for messages. Bounds depth (by the length of the place's
    name) and number, so that no file costs more time than its size."""
    steps = fields.get(key, list)
    if len(steps) > MAX_STEPS or fields.what.count("[") > 8:
        raise TokenizerError(f"{fields.what[:80]}: more than {MAX_STEPS} steps, or nested too deeply")
    for place, step in enumerate(steps):
        if step is None:
            raise TokenizerError(f"{fields.what}.{key}[{place}]: expected an object, not None")
        yield step, f"{fields.what}[{place}]"
