"""The room in which a chat template of unknown origin runs: Jinja with a short list of tools and a budget.

A template is a program that came with the weights. Jinja's sandbox keeps it from Python's internals, but not
from asking for 10¹⁰ spaces or for a loop within a loop within a loop. So here:

- what it may call is a list (`STRING_METHODS`, `FILTERS`, `range`, `namespace`, …), not "all but";
- every loop turn, call, filter, operator and piece of output draws on one `Budget` of steps, characters and
  time, and an operation whose result would be huge is refused before it runs.

The dialect is the one that `transformers` renders: trim_blocks, lstrip_blocks, `break` and `continue`,
`raise_exception`, `strftime_now`, a `tojson` that keeps HTML characters, and `{% generation %}` blocks.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from llmworks.errors import PackageError, RequestError

MAX_SOURCE = 256 * 1024  # characters; the longest published templates have about 20,000
MAX_STEPS = 400_000
MAX_SECONDS = 10.0
MAX_WIDTH = 1_000  # of an indent, a format field
BASE_CHARACTERS = 8_000_000

STRING_METHODS = frozenset(
    [
        *("strip", "lstrip", "rstrip", "removeprefix", "removesuffix", "replace", "format", "join"),
        *("split", "rsplit", "splitlines", "partition", "rpartition", "startswith", "endswith"),
        *("upper", "lower", "title", "capitalize", "find", "rfind", "index", "count"),
        *("isdigit", "isalpha", "isalnum", "isspace", "isupper", "islower", "isnumeric"),
    ]
)
CONTAINER_METHODS = frozenset(["get", "items", "keys", "values", "copy", "index", "count"])
FILTERS = frozenset(
    [
        *("abs", "attr", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first", "float"),
        *("format", "groupby", "indent", "int", "items", "join", "last", "length", "list", "lower", "map"),
        *(
            "max",
            "min",
            "reject",
            "rejectattr",
            "replace",
            "reverse",
            "round",
            "safe",
            "select",
            "selectattr",
        ),
        *("sort", "string", "sum", "title", "trim", "unique", "upper"),
    ]
)


@dataclass
class Budget:
    """What one rendering may use. `characters` counts everything that is built, not only what is printed."""

    characters: int = BASE_CHARACTERS
    steps: int = MAX_STEPS
    deadline: float = field(default_factory=lambda: time.monotonic() + MAX_SECONDS)

    def step(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise TemplateLimitError(f"it takes more than {MAX_STEPS:,} steps")
        if self.steps % 64 == 0 and time.monotonic() > self.deadline:
            raise TemplateLimitError(f"it runs for more than {MAX_SECONDS:.0f} seconds")

    def build(self, characters: int) -> None:
        self.characters -= characters
        if self.characters < 0:
            raise TemplateLimitError("it builds more text than the conversation can need")


class TemplateLimitError(Exception):
    """The template asked for more than its budget."""


class TemplateRefusalError(Exception):
    """The template itself refused the conversation, by `raise_exception`."""


class TemplateProgram:
    """A compiled template. Rendering is bounded; `marks` are put around `{% generation %}` blocks."""

    def __init__(self, source: str) -> None:
        if len(source) > MAX_SOURCE:
            raise PackageError(
                f"the chat template has {len(source):,} characters; at most {MAX_SOURCE:,} are run."
            )
        environment = _environment()
        try:
            tree = environment.parse(source)
            constants = {node.value for node in tree.find_all(nodes.Const)}
            self.constants = frozenset(value for value in constants if isinstance(value, str) and value)
            self.marks_generation = any(node.name == "_mark" for node in tree.find_all(nodes.Filter))
            code = environment.compile(_Guard().visit(tree))
            self._template = jinja2.Template.from_code(environment, code, environment.make_globals(None))
        except jinja2.TemplateSyntaxError as error:
            raise PackageError(
                f"the chat template does not parse: line {error.lineno}: {error.message}"
            ) from None
        except (RecursionError, MemoryError):
            raise PackageError("the chat template does not parse: it is nested too deeply.") from None
        except (jinja2.TemplateError, SyntaxError, ValueError, TypeError) as error:
            raise PackageError(f"the chat template does not compile: {error}") from None

    def render(self, variables: dict[str, Any], *, marks: tuple[str, str] = ("", "")) -> str:
        """The text, with `marks` put around each generation block."""
        budget = Budget(BASE_CHARACTERS + 32 * _size(variables))
        token_budget, token_marks = _budget.set(budget), _marks.set(marks)
        try:
            return "".join(self._template.generate(**variables))
        except TemplateRefusalError as error:
            raise RequestError(f"the chat template refuses this conversation: {error}") from None
        except TemplateLimitError as error:
            raise RequestError(f"the chat template was stopped: {error}.") from None
        except RecursionError:
            raise RequestError("the chat template was stopped: it calls itself without end.") from None
        except SecurityError as error:
            raise RequestError(f"the chat template asks for what it may not have: {error}") from None
        except (
            Exception
        ) as error:  # a foreign program: any fault in it is the template's, and is named as that
            raise RequestError(
                f"the chat template fails on this conversation: {_first_line(error)}"
            ) from None
        finally:
            _budget.reset(token_budget)
            _marks.reset(token_marks)


_PASSED = (Context, nodes.EvalContext, jinja2.Environment)  # what Jinja itself hands to a filter
_budget: ContextVar[Budget] = ContextVar("budget")
_marks: ContextVar[tuple[str, str]] = ContextVar("marks", default=("", ""))


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset(["+", "-", "*", "/", "//", "%", "**"])

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, str):
            return attr in STRING_METHODS
        if isinstance(obj, dict | list | tuple):
            return attr in CONTAINER_METHODS
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        wrapped = super().wrap_str_format(value)
        if wrapped is not None:
            _check_format(value.__self__)
        return wrapped

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        budget = _budget.get()
        budget.step()
        _check_call(__obj, args)
        result = super().call(__context, __obj, *args, **kwargs)
        budget.build(_weight(result))
        return result

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        budget = _budget.get()
        budget.step()
        if operator == "*":
            budget.build(_product_size(left, right))
        elif operator == "**":
            raise SecurityError("the operator ** is not available to a chat template")
        elif operator == "%" and isinstance(left, str):
            _check_format(left)
        result = super().call_binop(context, operator, left, right)
        budget.build(_weight(result))
        return result


class _Guard(NodeTransformer):
    """Rewrite the tree so that loops, `~` and literal text pass by the budget as well."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802
        self.generic_visit(node)
        node.iter = _filter(node.iter, "_turns")  # type: ignore[arg-type]
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        return _filter(nodes.List(node.nodes, lineno=node.lineno), "_concat")

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Const:  # noqa: N802
        return nodes.Const(node.data, lineno=node.lineno)  # as an expression it passes through `finalize`


class _Generation(Extension):
    """`{% generation %} … {% endgeneration %}`: what the assistant says, in the author's own words."""

    tags = {"generation"}  # noqa: RUF012 (the base class's own declaration)

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.FilterBlock(body, _filter(None, "_mark"), lineno=line)


def _environment() -> _Sandbox:
    environment = _Sandbox(
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,  # folding constants at compile time would run outside the budget
        finalize=_count_output,
        extensions=[_Generation, "jinja2.ext.loopcontrols"],
    )
    kept = {name: _guarded(function) for name, function in environment.filters.items() if name in FILTERS}
    kept |= {"tojson": _guarded(_tojson), "_turns": _turns, "_concat": _concat, "_mark": _mark}
    environment.filters = kept
    environment.globals = {name: environment.globals[name] for name in ("range", "dict", "namespace")}
    environment.globals |= {"raise_exception": _raise_exception, "strftime_now": _strftime_now}
    return environment


def _filter(node: nodes.Expr | None, name: str) -> nodes.Filter:
    line = node.lineno if node is not None else 1
    return nodes.Filter(node, name, [], [], None, None, lineno=line)


@jinja2.pass_context
def _count_output(context: Any, value: Any) -> Any:
    budget = _budget.get()
    budget.step()
    budget.build(_weight(value))
    return value


def _turns(items: Any) -> Any:
    if isinstance(items, jinja2.Undefined) or not isinstance(items, Iterable):
        return items  # Jinja says it best
    return _Counted(items)


class _Counted:
    """An iterable that draws one step a turn; it keeps its length, which `loop.last` asks for."""

    def __init__(self, items: Iterable[Any]) -> None:
        self._items = items

    def __iter__(self) -> Iterator[Any]:
        budget = _budget.get()
        for item in self._items:
            budget.step()
            yield item

    def __len__(self) -> int:
        return len(self._items)  # type: ignore[arg-type]


def _concat(parts: list[Any]) -> str:
    texts = [str(part) for part in parts]
    budget = _budget.get()
    budget.step()
    budget.build(sum(map(len, texts)))
    return "".join(texts)


def _mark(text: str) -> str:
    start, end = _marks.get()
    return f"{start}{text}{end}"


def _guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that draws on the budget and takes no huge number; Jinja's own marks on it are kept."""

    def guarded(*args: Any, **kwargs: Any) -> Any:
        budget = _budget.get()
        budget.step()
        _check_call(function, tuple(arg for arg in (*args, *kwargs.values()) if not isinstance(arg, _PASSED)))
        result = function(*args, **kwargs)
        budget.build(_weight(result))
        return result

    guarded.__dict__.update(getattr(function, "__dict__", {}))  # pass_context, pass_environment, …
    guarded.__name__ = function.__name__
    return guarded


def _check_call(function: Any, args: tuple[Any, ...]) -> None:
    """Refuse, before it runs, a call whose result may be far larger than what it was given."""
    name = getattr(function, "__name__", "").removeprefix("do_")
    this = getattr(function, "__self__", None)
    values = ((this,) if isinstance(this, str) else ()) + args
    budget = _budget.get()
    if name == "replace" and len(values) >= 3 and all(isinstance(value, str) for value in values[-3:]):
        text, old, new = values[-3:]
        budget.build((text.count(old) if old else len(text) + 1) * len(new))
    elif name == "join":
        lengths = [len(value) for value in values if hasattr(value, "__len__")]
        budget.build(len(values[0]) * max(lengths, default=0) if isinstance(values[0], str) else sum(lengths))
        if len(values) > 1 and isinstance(values[1], str) and hasattr(values[0], "__len__"):
            budget.build(len(values[1]) * len(values[0]))
    elif name in ("format",):
        for value in values:
            _check_format(value)
    elif name in ("indent", "_tojson"):
        for value in values[1:]:
            if (type(value) is int and value > MAX_WIDTH) or (
                isinstance(value, str) and len(value) > MAX_WIDTH
            ):
                raise TemplateLimitError(f"it asks for an indent of more than {MAX_WIDTH}")
        if isinstance(values[0], str):
            budget.build(values[0].count("\n") * MAX_WIDTH // 50)


def _check_format(text: Any) -> None:
    if isinstance(text, str) and re.search(r"\d{4}|\*|\{[^}]*\{", text) and re.search(r"[%{]", text):
        raise TemplateLimitError(f"it formats with a width of its own choosing: {text[:40]!r}")


def _product_size(left: Any, right: Any) -> int:
    """Size of `left * right`, before it is computed."""
    for one, other in ((left, right), (right, left)):
        if hasattr(one, "__len__") and isinstance(other, int):
            return len(one) * max(other, 0)
    bits = sum(value.bit_length() for value in (left, right) if isinstance(value, int))
    if bits > 4096:
        raise TemplateLimitError("it multiplies numbers of more than 4096 bits")
    return 0


def _weight(value: Any) -> int:
    """About how many characters a value holds that an operation has just made."""
    if isinstance(value, str | list | tuple | dict):
        return len(value)
    if isinstance(value, int):
        return value.bit_length() // 8
    return 0


def _size(value: Any) -> int:
    """Characters in what the caller gave to the template."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(len(str(key)) + _size(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return sum(map(_size, value))
    return 8


def _tojson(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | str | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


def _raise_exception(message: Any = "") -> NoReturn:
    raise TemplateRefusalError(str(message)[:500])


def _strftime_now(pattern: Any) -> str:
    if not isinstance(pattern, str) or len(pattern) > 200 or re.search(r"%\W?\d", pattern):
        raise TemplateLimitError("strftime_now takes a short date pattern")
    return datetime.now().strftime(pattern)


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else 'no message'}"
