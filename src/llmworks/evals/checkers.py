"""Judging what a model wrote: filters that read the answer out of it, exact match, and named checkers.

"… so 8 - 3 = 5. #### 5"  ──regex──►  "5"  ──exact match──►  right
"""

from __future__ import annotations

import importlib
import re
import string
from collections.abc import Callable, Mapping
from typing import Any

from llmworks.evals.errors import EvalError
from llmworks.evals.task import ExactMatch, Filter

Verdict = Mapping[str, float]
"""Numbers about one answer; `passed` is 1 or 0, others are a checker's own."""
Checker = Callable[[Mapping[str, Any], str], Verdict]
"""(row, what the model wrote) -> Verdict"""

_REGEXES: dict[str, re.Pattern[str]] = {}


def filtered(filter: Filter, text: str) -> str:
    """The filter's match in a text, or its fallback. Of several groups the first that matched counts."""
    matches = compiled(filter.regex).findall(text)
    if not matches:
        return filter.fallback
    try:
        match = matches[filter.group]
    except IndexError:
        return filter.fallback
    if isinstance(match, tuple):
        match = next((part for part in match if part), filter.fallback)
    return str(match).strip()


def exactly(rules: ExactMatch, said: str, right: str) -> bool:
    """Whether two answers are equal up to what the rules allow."""
    if rules.strip:
        said, right = said.strip(), right.strip()
    for regex in rules.ignore:
        said, right = compiled(regex).sub("", said), compiled(regex).sub("", right)
    if rules.ignore_case:
        said, right = said.lower(), right.lower()
    if rules.ignore_punctuation:
        table = str.maketrans("", "", string.punctuation)
        said, right = said.translate(table), right.translate(table)
    return said == right


def compiled(regex: str) -> re.Pattern[str]:
    if regex not in _REGEXES:
        try:
            _REGEXES[regex] = re.compile(regex)
        except re.error as error:
            raise EvalError(f"the regex {regex!r} is wrong: {error}") from None
    return _REGEXES[regex]


CHECKERS: dict[str, str] = {
    f"world.{name}": f"llmworks.evals.world.checks:{name}"
    for name in (
        "answered", "completed", "compared", "unknown", "numbered", "first_number", "first_line",
        "instructed", "spoken", "story",
    )
}  # fmt: skip
"""Checkers by name: "module:function", imported when a task asks for one."""


def checker(name: str, where: str) -> Checker:
    if name not in CHECKERS:
        raise EvalError(f"{where}: there is no checker {name!r}; there are {', '.join(sorted(CHECKERS))}")
    module, function = CHECKERS[name].split(":")
    found: Checker = getattr(importlib.import_module(module), function)
    return found
