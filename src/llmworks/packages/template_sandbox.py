"""The room in which a chat template of unknown origin runs: Jinja with a short list of tools and a budget.

A template is a program that came with the weights. Jinja's sandbox keeps it from Python's internals, but not
from asking for 10¹⁰ spaces or for a loop within a loop within a loop. So here:

- what it may call is a list (`STRING_METHODS`, `FILTERS`, `range`, `namespace`, …), not "all but";
- every loop turn, call, filter, operator and piece of output draws on one `Budget` of steps, characters and
  time, and an operation whose result would be huge is refused before it runs.

The dialect is the one that `transformers` renders: trim_blocks, lstrip_blocks, `break` and `continue`,
`raise_exception`, `strftime_now`, a `tojson` that keeps HTML characters, and `{% generation %}` blocks.

Given traced texts (`traced_text.py`), the rendering says of each of its characters who wrote it: whatever
passes through here keeps its origin, and a result whose making is not followed is never the template's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, NoReturn

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension
from jinja2.meta import find_undeclared_variables
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedFormatter
from jinja2.visitor import NodeTransformer

from llmworks.errors import PackageError, RequestError
from llmworks.packages.template_budget import (
    BASE_CHARACTERS,
    CHARACTERS_PER_INPUT,
    Budget,
    TemplateLimitError,
    budget,
    build,
    build_container,
    build_text,
    check_call,
    check_format,
    check_operator,
    guard_filter,
    size_of_input,
    step,
)
from llmworks.packages.traced_filters import TRACED_FILTERS, add
from llmworks.packages.traced_text import (
    TEMPLATE,
    Text,
    blame,
    concat,
    confirmed,
    generated,
    origin_of,
    origins_of,
    percent,
    printed,
)

MAX_SOURCE = 256 * 1024
"""Characters; the longest published templates have about 20,000."""

STRING_METHODS = frozenset(
    [
        *("strip", "lstrip", "rstrip", "removeprefix", "removesuffix", "replace", "format", "join"),
        *("split", "rsplit", "splitlines", "partition", "rpartition", "startswith", "endswith"),
        *("upper", "lower", "title", "capitalize", "find", "rfind", "index", "count"),
        *("isdigit", "isalpha", "isalnum", "isspace", "isupper", "islower", "isnumeric", "isdecimal"),
        *("istitle", "isidentifier", "isascii", "isprintable", "rindex", "swapcase", "casefold"),
        *("center", "ljust", "rjust", "zfill", "expandtabs"),
    ]
)
CONTAINER_METHODS = frozenset(["get", "items", "keys", "values", "copy", "index", "count"])
FILTERS = frozenset(
    [
        *("abs", "attr", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first"),
        *("float", "format", "groupby", "indent", "int", "items", "join", "last", "length", "list"),
        *("lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round", "safe"),
        *("select", "selectattr", "sort", "string", "sum", "title", "trim", "unique", "upper"),
        *("batch", "center", "forceescape", "slice", "striptags", "truncate", "urlencode", "wordcount"),
    ]
)


GLOBALS = ("range", "dict", "namespace", "joiner", "cycler")


class TemplateRefusalError(Exception):
    """The template itself refused the conversation, by `raise_exception`."""


class TemplateFaultError(RequestError):
    """The template fails on this conversation: a value is not there, or not of the kind that it takes."""


class TemplateProgram:
    """A compiled template. Rendering is bounded. strict: what is not there is a fault, not an empty text."""

    def __init__(self, source: str, *, strict: bool = False) -> None:
        if len(source) > MAX_SOURCE:
            raise PackageError(
                f"the chat template has {len(source):,} characters; at most {MAX_SOURCE:,} are run."
            )
        self.source = source
        environment = _environment()
        if strict:
            environment.undefined = jinja2.StrictUndefined
        try:
            tree = environment.parse(source)
            self.variables = frozenset(find_undeclared_variables(tree))
            self.marks_generation = any(node.name == "_generated" for node in tree.find_all(nodes.Filter))
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

    def render(self, variables: dict[str, Any]) -> str:
        """The text; a `Text` with its origins if some of `variables` are traced."""
        allowance = Budget(BASE_CHARACTERS + CHARACTERS_PER_INPUT * size_of_input(variables))
        of_budget = budget.set(allowance)
        try:
            return concat(self._template.generate(**variables))
        except TemplateRefusalError as error:
            raise RequestError(f"the chat template refuses this conversation: {error}") from None
        except TemplateLimitError as error:
            raise RequestError(f"the chat template was stopped: {error}.") from None
        except RecursionError:
            raise RequestError("the chat template was stopped: it calls itself without end.") from None
        except SecurityError as error:
            raise RequestError(f"the chat template asks for what it may not have: {error}") from None
        except Exception as error:  # a foreign program may fail in any way, and that is its fault
            reason = f"{type(error).__name__}: {(str(error).splitlines() or ['no message'])[0][:200]}"
            raise TemplateFaultError(f"the chat template fails on this conversation: {reason}") from None
        finally:
            budget.reset(of_budget)


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset(["+", "-", "*", "/", "//", "%", "**"])
    concat = staticmethod(concat)  # what Jinja joins the body of a macro with

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, str):
            return attr in STRING_METHODS
        if isinstance(obj, dict | list | tuple):
            return attr in CONTAINER_METHODS or attr in getattr(obj, "_fields", ())
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        pattern: Any = getattr(value, "__self__", None)
        if isinstance(pattern, Text):
            value = getattr("".join((pattern,)), value.__name__)
        sandboxed = super().wrap_str_format(value)
        if sandboxed is None:
            return None

        def bounded(*args: Any, **kwargs: Any) -> str:
            check_format(pattern, [*args, *kwargs.values()])
            return self._formatted(pattern, sandboxed(*args, **kwargs), args, kwargs)

        return bounded

    def _formatted(self, pattern: str, text: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        """What `pattern.format(…)` gave, `text`, with the origins of its pieces."""
        if origin_of((pattern, args, kwargs)) == TEMPLATE:
            return text
        pieces, automatic = [], iter(range(len(args)))
        formatter = SandboxedFormatter(self)
        try:
            for literal, name, spec, conversion in formatter.parse("".join((pattern,))):
                pieces.append(blame(literal, pattern))
                if name is None:
                    continue
                name = name if name[:1] not in ("", ".", "[") else f"{next(automatic)}{name}"
                value = formatter.get_field(name, args, kwargs)[0]
                if spec or conversion:
                    field = f"{{{name}{'!' + conversion if conversion else ''}:{spec}}}"
                    pieces.append(blame(formatter.vformat(field, args, kwargs), value))
                else:
                    pieces.append(printed(value))
        except (LookupError, StopIteration, TypeError, ValueError):
            return blame(text, pattern, args, kwargs)
        return confirmed(text, pieces, pattern, args, kwargs)

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        step()
        args = check_call(__obj, args, kwargs)
        this = getattr(__obj, "__self__", None)
        if isinstance(this, str):
            given = {
                name: value for name, value in kwargs.items() if name not in ("_loop_vars", "_block_vars")
            }
            result = _call_text_method(this, __obj, args, given)
        else:
            result = super().call(__context, __obj, *args, **kwargs)
        if __obj is dict:
            return build_container(result)
        if isinstance(result, str | list | tuple | dict):
            build(len(result))
        return result

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        step()
        check_operator(operator, left, right)
        if operator == "%" and isinstance(left, str):
            return _made(percent(left, right))
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return _made(add(left, right))
        return _made(super().call_binop(context, operator, left, right))


def _call_text_method(this: str, method: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A method of a text, which may be the template's own and be given a message's."""
    kwargs = {name: value for name, value in kwargs.items() if name not in ("_loop_vars", "_block_vars")}
    if origin_of(args) != TEMPLATE and not isinstance(this, Text) and method.__name__ in ("join", "replace"):
        method = getattr(Text(this, origins_of(this)), method.__name__)
    result = method(*args, **kwargs)
    if isinstance(result, str) and not isinstance(result, Text):
        return blame(result, this, args, kwargs)
    return result


class _Guard(NodeTransformer):
    """Rewrite the tree so that what Jinja runs as plain Python passes by the budget as well."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802
        self.generic_visit(node)
        node.iter = _filter(node.iter, "_turns")  # type: ignore[arg-type]
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        return _filter(nodes.List(node.nodes, lineno=node.lineno), "_concat")

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Const:  # noqa: N802
        return nodes.Const(node.data, lineno=node.lineno)  # as an expression it passes through `finalize`

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        return _filter(node, "_made") if isinstance(node.arg, nodes.Slice) else node

    def visit_container(self, node: nodes.List | nodes.Tuple | nodes.Dict) -> nodes.Expr:
        self.generic_visit(node)
        stored = isinstance(node, nodes.Tuple) and node.ctx != "load"  # the names in `for key, value in …`
        return node if stored else _filter(node, "_made")

    visit_List = visit_Tuple = visit_Dict = visit_container  # noqa: N815


class _Generation(Extension):
    """`{% generation %} … {% endgeneration %}`: what the assistant says, in the author's own words."""

    tags = {"generation"}  # noqa: RUF012 (the base class's own declaration)

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.FilterBlock(body, _filter(None, "_generated"), lineno=line)


def _environment() -> _Sandbox:
    environment = _Sandbox(
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,  # folding constants at compile time would run outside the budget
        finalize=_count_output,
        extensions=[_Generation, "jinja2.ext.loopcontrols"],
    )
    known = {name: environment.filters[name] for name in FILTERS} | TRACED_FILTERS
    own = {"_turns": _turns, "_concat": _concat, "_made": _made, "_generated": generated}
    environment.filters = {name: guard_filter(name, function) for name, function in known.items()} | own
    environment.globals = {name: environment.globals[name] for name in GLOBALS}
    environment.globals |= {"raise_exception": _raise_exception, "strftime_now": _strftime_now}
    return environment


def _filter(node: nodes.Expr | None, name: str) -> nodes.Filter:
    line = node.lineno if node is not None else 1
    return nodes.Filter(node, name, [], [], None, None, lineno=line)


@jinja2.pass_context
def _count_output(context: Any, value: Any) -> Any:
    step()
    return printed(build_text(value))


def _made(value: Any) -> Any:
    """What the template has just made: a list that it wrote out, a slice that it took, a sum."""
    if isinstance(value, str):
        build(len(value))
    elif isinstance(value, list | tuple | dict):
        build_container(value)
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
        for item in self._items:
            step()
            yield item

    def __len__(self) -> int:
        return len(self._items)  # type: ignore[arg-type]


def _concat(parts: list[Any]) -> str:
    step()
    return concat([printed(build_text(part)) for part in parts])


def _raise_exception(message: Any = "") -> NoReturn:
    raise TemplateRefusalError(str(message)[:500])


def _strftime_now(pattern: Any) -> str:
    if not isinstance(pattern, str) or len(pattern) > 200 or re.search(r"%\W?\d", pattern):
        raise TemplateLimitError("strftime_now takes a short date pattern")
    return blame(datetime.now().strftime(pattern), pattern)
