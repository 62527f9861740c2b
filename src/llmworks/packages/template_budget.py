"""What a chat template may use: steps, time, and everything that it builds, counted before it is built.

    '{{ "ab" * 10 ** 9 }}'    2 · 10⁹ characters would be built  →  TemplateLimitError, at once

A list inside a list inside a list can stand for 2ⁿ values in n steps, and comparing or printing it would
take that long. So a container is counted with all that it holds (`Extent`) when it is made; whatever is done
to it afterwards is then within reason.
"""

from __future__ import annotations

import inspect
import re
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import jinja2
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro

from llmworks.packages.traced_text import Text, blame

MAX_STEPS = 400_000
MAX_SECONDS = 10.0
MAX_NUMBER = 1_000  # of a width, a precision, an indent
MAX_JSON_INDENT = 16
MAX_BITS = 4096
MAX_DEPTH = 64
MAX_VALUES = 200_000
BASE_CHARACTERS = 8_000_000
CHARACTERS_PER_INPUT = 32


class TemplateLimitError(Exception):
    """The template asked for more than its budget."""


@dataclass
class Budget:
    """What one rendering may use; `built` counts characters and values."""

    built: int = BASE_CHARACTERS
    steps: int = MAX_STEPS
    deadline: float = field(default_factory=lambda: time.monotonic() + MAX_SECONDS)
    extents: dict[int, tuple[Any, Extent]] = field(default_factory=dict)

    def step(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise TemplateLimitError(f"it takes more than {MAX_STEPS:,} steps")
        if time.monotonic() > self.deadline:
            raise TemplateLimitError(f"it runs for more than {MAX_SECONDS:.0f} seconds")

    def build(self, amount: int) -> None:
        self.built -= amount
        if self.built < 0:
            raise TemplateLimitError("it builds more text than the conversation can need")


budget: ContextVar[Budget] = ContextVar("budget")


def step() -> None:
    budget.get().step()


def build(amount: int) -> None:
    budget.get().build(amount)


@dataclass(frozen=True)
class Extent:
    """A value with all that it holds: how many values, how many characters when printed, how deep."""

    values: int
    characters: int
    depth: int


def extent(value: Any) -> Extent:
    """Measure a value. What a template can make cannot be changed, so each container is measured once."""
    if isinstance(value, str):
        return Extent(1, len(value) + 4, 0)
    if not isinstance(value, list | tuple | dict):
        return Extent(1, 8, 0)
    known = budget.get().extents
    if id(value) in known:
        return known[id(value)][1]
    items = [*value.keys(), *value.values()] if isinstance(value, dict) else value
    values, characters, depth = 1, 2 + 8 * len(items), 1
    if len(items) <= MAX_VALUES:
        for item in items:
            if isinstance(item, str):
                values, characters = values + 1, characters + len(item)
            elif isinstance(item, list | tuple | dict):
                inner = extent(item)
                values, characters = values + inner.values, characters + inner.characters
                depth = max(depth, 1 + inner.depth)
            else:
                values += 1
    if max(values, len(items)) > MAX_VALUES:
        raise TemplateLimitError(f"it builds a list of more than {MAX_VALUES:,} values")
    if depth > MAX_DEPTH:
        raise TemplateLimitError(f"it nests values more than {MAX_DEPTH} deep")
    result = Extent(values, characters, depth)
    known[id(value)] = value, result  # the value too, so that its id is not given to another
    return result


def build_container(value: Any) -> Any:
    """Measure a container that has just been made."""
    extent(value)
    build(len(value))
    return value


def build_text(value: Any) -> Any:
    """Charge what a value is when it is printed, and refuse to print what is no datum."""
    if isinstance(value, str):
        build(len(value))
    elif value is None or isinstance(value, bool | int | float | jinja2.Undefined):
        build(8)
    elif isinstance(value, list | tuple | dict):
        build(extent(value).characters)
        _check_printable(value)
    else:
        raise TemplateLimitError(f"it prints a {type(value).__name__}, which is no text")
    return value


def _check_printable(value: Any) -> None:
    """Only data inside: the repr of a namespace or of a view could hold anything, many times over."""
    below = [*value.keys(), *value.values()] if isinstance(value, dict) else value
    for item in below:
        if isinstance(item, list | tuple | dict):
            _check_printable(item)
        elif not (item is None or isinstance(item, str | bool | int | float | jinja2.Undefined)):
            raise TemplateLimitError(f"it prints a {type(item).__name__}, which is no text")


def size_of_input(value: Any) -> int:
    """Characters in what the caller gave to the template."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(len(str(key)) + size_of_input(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return sum(map(size_of_input, value))
    return 8


# --- before an operation ---------------------------------------------------------------------------------


def check_operator(operator: str, left: Any, right: Any) -> None:
    """Refuse, before it is computed, an operation whose result would be too large."""
    if operator == "**":
        raise TemplateLimitError("it asks for a power, and may not")
    if operator == "%" and isinstance(left, str):
        check_format(left, right)
    elif operator == "*":
        for one, times in ((left, right), (right, left)):
            if isinstance(one, str | list | tuple) and isinstance(times, int):
                size = len(one) if isinstance(one, str) else extent(one).values
                build(size * max(times, 0))
        if sum(value.bit_length() for value in (left, right) if isinstance(value, int)) > MAX_BITS:
            raise TemplateLimitError(f"it multiplies numbers of more than {MAX_BITS} bits")


def check_format(pattern: str, given: Any) -> None:
    """A format may hold each of its values many times, and may ask for any width."""
    if re.search(r"\d{4}|\*|\{[^}]*\{", pattern) and re.search(r"[%{]", pattern):
        raise TemplateLimitError(f"it formats with a width of its own choosing: {pattern[:40]!r}")
    values = list(given.values()) if isinstance(given, dict) else given
    for value in values if isinstance(values, list | tuple) else [values]:
        build_text(value)
        build(sum(map(pattern.count, "%{")) * extent(value).characters)


_MAKES_TEXT = frozenset(
    [
        *("split", "rsplit", "splitlines", "partition", "rpartition", "upper", "lower", "title"),
        *("capitalize", "strip", "lstrip", "rstrip", "removeprefix", "removesuffix", "swapcase", "casefold"),
    ]
)


_PADS = frozenset(["center", "ljust", "rjust", "zfill", "expandtabs"])


def check_call(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """Charge a call before it is made; returns the arguments to call with."""
    this = getattr(function, "__self__", None)
    if isinstance(this, str):
        name = function.__name__
        if name == "join" and args:
            args = (list(args[0]), *args[1:])
            check_join(args[0], this)
        elif name == "replace" and len(args) >= 2:
            check_replace(this, args[0], args[1])
        elif name in _PADS:
            check_padding(name, this, [*args, *kwargs.values()])
        elif name in _MAKES_TEXT:
            build(len(this))
    elif isinstance(function, Macro) and (function.catch_varargs or function.catch_kwargs):
        extent([*args, *kwargs.values()])
    return args


def check_padding(name: str, text: str, given: list[Any]) -> None:
    """A width, or the size of a tab, is a number of the template's choosing."""
    width = max([abs(value) for value in given if isinstance(value, int)], default=8)
    build(len(text) + (text.count("\t") * width if name == "expandtabs" else width))


def check_join(items: list[Any], separator: Any) -> None:
    build(len(items) * len(str(separator)))
    for item in items:
        build_text(item)


def check_replace(text: Any, old: Any, new: Any) -> None:
    if isinstance(text, str) and isinstance(old, str) and isinstance(new, str):
        build(len(text) + (text.count(old) if old else len(text) + 1) * len(new))


# --- filters ---------------------------------------------------------------------------------------------

_TAKE_TEXT = frozenset(
    ["capitalize", "e", "escape", "lower", "safe", "string", "title", "trim", "upper", "indent", "replace"]
)
_TAKE_ANY_NUMBER = frozenset(["d", "default", "int", "float"])


def guard_filter(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter of Jinja's that is charged before it runs; Jinja's own marks on it are kept."""
    signature = _own_signature(function)

    def guarded(*args: Any, **kwargs: Any) -> Any:
        step()
        passed = args[: sum(isinstance(arg, _PASSED) for arg in args[:1])]
        bound = signature.bind(*args[len(passed) :], **kwargs)
        check_filter(name, bound.arguments)
        result = function(*passed, *bound.args, **bound.kwargs)
        if isinstance(result, str | list | tuple | dict):
            build(len(result))
        if isinstance(result, str) and not isinstance(result, Text):
            return blame(result, *bound.args, *bound.kwargs.values())
        return result

    guarded.__dict__.update(getattr(function, "__dict__", {}))  # pass_context, pass_environment, …
    guarded.__name__ = name
    return guarded


_PASSED = (Context, EvalContext, jinja2.Environment)


_JINJAS_OWN = ("eval_ctx", "context", "environment", "env")


def _own_signature(function: Callable[..., Any]) -> inspect.Signature:
    """The arguments that a template gives, without the one that Jinja itself may put before them."""
    if inspect.isbuiltin(function):  # abs, len
        return inspect.Signature([inspect.Parameter("value", inspect.Parameter.POSITIONAL_ONLY)])
    signature = inspect.signature(function)
    given = [p for p in signature.parameters.values() if p.name not in _JINJAS_OWN]
    return signature.replace(parameters=given)


def check_filter(name: str, given: dict[str, Any]) -> None:
    """Charge a filter by its arguments; `given` is changed where a stream has to be looked at first."""
    value = next((given[key] for key in ("s", "value", "text", "seq") if key in given), None)
    for key, number in given.items():
        large = (
            isinstance(number, int)
            and not isinstance(number, bool)
            and abs(number) > MAX_NUMBER
            and number is not value
        )
        if large and name not in _TAKE_ANY_NUMBER:
            raise TemplateLimitError(f"it gives the filter {name} the number {number}")
        if key in ("width", "indent") and isinstance(number, str) and len(number) > MAX_NUMBER:
            raise TemplateLimitError(f"it gives the filter {name} an indent of {len(number):,} characters")
    if name in _TAKE_TEXT:
        build_text(value)
    if name == "replace":
        check_replace(str(value), given.get("old"), given.get("new"))
    elif name == "join":
        given["value"] = list(value or ())
        check_join(given["value"], given.get("d", ""))
    elif name == "format":
        check_format(str(build_text(value)), given.get("args") or given.get("kwargs") or ())
    elif name == "indent":
        width = given.get("width", 4)
        build(str(value).count("\n") * (len(width) if isinstance(width, str) else int(width)))
    elif name == "tojson":
        _check_json(value, given.get("indent"))


def _check_json(value: Any, indent: Any) -> None:
    size = extent(value)
    width = len(indent) if isinstance(indent, str) else int(indent or 0)
    if width > MAX_JSON_INDENT:
        raise TemplateLimitError(f"it indents JSON by more than {MAX_JSON_INDENT}")
    build(size.characters + size.values * size.depth * width)
