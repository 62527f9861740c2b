"""Jinja's filters on texts, for texts that know their origins; what they give is what Jinja's give.

{{ message.content | trim | replace("\\n", " ") }}     each character keeps its origin
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import filters, pass_eval_context
from jinja2.exceptions import FilterArgumentError
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from llmworks.packages.traced_json import to_json
from llmworks.packages.traced_text import (
    Text,
    blame,
    concat,
    join,
    origin_of,
    origins_of,
    percent,
    plain,
    printed,
    same_origin,
)


class SafeText(Text):
    """What `| safe` gives: added to another text, it escapes that one's HTML, as `Markup` does."""

    def __html__(self) -> str:
        return self


def safe(value: Any) -> str:
    return SafeText(value, origins_of(value)) if isinstance(value, Text) else Markup(value)


def escaped(value: Any) -> str:
    """HTML's characters written out."""
    if not isinstance(value, Text):
        return blame(escape(value), value) if origin_of(value) > "\1" else escape(value)
    if isinstance(value, SafeText):
        return value
    pieces = [(str(escape(run)), origin) for run, origin in same_origin(value)]
    text = "".join(piece for piece, _ in pieces)
    return SafeText(text, "".join(origin * len(piece) for piece, origin in pieces))


def add(left: str, right: str) -> str:
    """`left + right`; where one is safe the other is escaped."""
    if isinstance(left, Text) or isinstance(right, Text):
        if hasattr(left, "__html__") or hasattr(right, "__html__"):
            both = concat((escaped(left), escaped(right)))
            return SafeText(plain(both), origins_of(both))
        return concat((left, right))
    return left + right


@pass_eval_context
def joined(
    eval_ctx: EvalContext, value: Iterable[Any], d: str = "", attribute: str | int | None = None
) -> str:
    if attribute is not None:
        value = map(filters.make_attrgetter(eval_ctx.environment, attribute), value)
    return join(printed(d), [printed(item) for item in value])


def replaced(s: Any, old: Any, new: Any, count: int | None = None) -> str:
    text = printed(s)
    given = (printed(old), printed(new), -1 if count is None else count)
    return Text(plain(text), origins_of(text)).replace(*given)


def formatted(value: Any, *args: Any, **kwargs: Any) -> str:
    if args and kwargs:
        raise FilterArgumentError("can't handle positional and keyword arguments at the same time")
    return percent(printed(value), kwargs or args)


def titled(s: Any) -> str:
    text = filters.do_title(plain(printed(s)))
    return Text(text, origins_of(s)) if isinstance(s, Text) and len(s) == len(text) else blame(text, s)


TRACED_FILTERS: dict[str, Callable[..., Any]] = {
    "e": escaped,
    "escape": escaped,
    "format": formatted,
    "join": joined,
    "replace": replaced,
    "safe": safe,
    "title": titled,
    "tojson": to_json,
}
