"""JSON that remembers who wrote what: `json.dumps` for templates, in pieces with their origins.

    {"city": "Oslo"}     a message's object     →  every character is the message's
    {"name": call.name}  a template's own       →  only the name's value is the message's

The pieces are checked against `json.dumps` itself; its text is what counts (`transformers`' `tojson`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from llmworks.packages.traced_text import TEMPLATE, Text, confirmed, origin_of, owner_of, same_origin

Separators = tuple[str, str]


def to_json(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | str | None = None,
    separators: Separators | None = None,
    sort_keys: bool = False,
) -> str:
    """`json.dumps` with the options that `transformers` gives to `tojson`; HTML characters stay."""
    text = json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )
    if origin_of(value) == TEMPLATE:
        return text
    item, colon = separators or ((", " if indent is None else ","), ": ")
    step = " " * indent if isinstance(indent, int) else indent
    return confirmed(text, _Writer(ensure_ascii, step, item, colon, sort_keys).pieces(value), value)


@dataclass(frozen=True)
class _Writer:
    ensure_ascii: bool
    indent: str | None
    item: str
    colon: str
    sort_keys: bool

    def pieces(self, value: Any, owner: str = TEMPLATE, level: int = 0) -> Iterator[str]:
        owner = owner_of(value, owner)
        if isinstance(value, str):
            yield from self._string(value, owner)
        elif isinstance(value, dict):
            pairs = sorted(value.items()) if self.sort_keys else list(value.items())
            yield from self._container("{}", pairs, owner, level)
        elif isinstance(value, list | tuple):
            yield from self._container("[]", list(value), owner, level)
        else:
            yield _of(json.dumps(value, ensure_ascii=self.ensure_ascii), owner)

    def _container(self, ends: str, items: list[Any], owner: str, level: int) -> Iterator[str]:
        inner, outer = self._break(level + 1), self._break(level)
        yield _of(ends[0], owner)
        for place, item in enumerate(items):
            yield _of((self.item if place else "") + inner, owner)
            if ends == "{}":
                yield from self._key(item[0], owner)
                yield _of(self.colon, owner)
                item = item[1]
            yield from self.pieces(item, owner, level + 1)
        yield _of((outer if items else "") + ends[1], owner)

    def _break(self, level: int) -> str:
        return "" if self.indent is None else "\n" + self.indent * level

    def _key(self, key: Any, owner: str) -> Iterator[str]:
        if isinstance(key, str):
            yield from self._string(key, owner)
        else:  # true, null and numbers become texts
            yield _of(json.dumps({key: 0}).removeprefix("{").removesuffix(": 0}"), owner)

    def _string(self, text: str, owner: str) -> Iterator[str]:
        if not isinstance(text, Text):
            yield json.dumps(text, ensure_ascii=self.ensure_ascii)
            return
        owner = origin_of(text) if owner == TEMPLATE else owner
        yield _of('"', owner)
        for run, origin in same_origin(text):
            yield _of(json.dumps(run, ensure_ascii=self.ensure_ascii)[1:-1], origin)
        yield _of('"', owner)


def _of(text: str, origin: str) -> Text:
    return Text(text, origin * len(text))
