"""What a task file says about a row: templates (text) and expressions (values), in Jinja, within a budget.

    prompt = "Question: {{question}}\\nAnswer:"         a template: text
    choices = "choices.text"                            an expression: any JSON value
    answer = "choices.label.index(answerKey)"

Both run where chat templates of unknown origin run (`packages/template_sandbox.py`): a task file may come
from anybody. An expression's value comes out through JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from llmworks.errors import LLMWorksError
from llmworks.evals.errors import EvalError
from llmworks.packages.template_sandbox import TemplateProgram

Row = Mapping[str, Any]


class Template:
    """Text with `{{…}}` in it. What the row does not have is an error, never an empty text.

    where: "arc_easy: prompt", for messages.
    """

    def __init__(self, source: str, where: str) -> None:
        self.source, self.where = source, where
        self._plain = "{{" not in source and "{%" not in source and "{#" not in source
        self._lines = source.endswith("\n")  # Jinja drops the last line end of a template
        self._program = None if self._plain else self._compiled(source + "\n" * self._lines)

    def _compiled(self, source: str) -> TemplateProgram:
        try:
            return TemplateProgram(source, strict=True)
        except LLMWorksError as error:
            raise EvalError(f"{self.where}: {reason(error)}. It says: {self.source!r}") from None

    def __call__(self, row: Row) -> str:
        if self._program is None:
            return self.source
        missing = sorted(name for name in self._program.variables if name not in row)
        if missing:
            raise EvalError(
                f"{self.where}: it uses {missing[0]!r}, which the row does not have; its fields are "
                f"{', '.join(sorted(row)) or 'none'}"
            )
        try:
            return str(self._program.render(dict(row)))
        except LLMWorksError as error:
            raise EvalError(f"{self.where}: {reason(error)}. It says: {self.source!r}") from None


class Expression:
    """A value computed from a row; a plain name is looked up without Jinja."""

    def __init__(self, source: str, where: str) -> None:
        self.source, self.where = source.strip(), where
        self._name = self.source if self.source.isidentifier() else None
        self._template = None if self._name else Template(f"{{{{ ({self.source}) | tojson }}}}", where)

    def __call__(self, row: Row) -> Any:
        if self._template is not None or self._name is None:
            return json.loads(self._template(row)) if self._template is not None else None
        if self._name not in row:
            raise EvalError(
                f"{self.where}: the row has no field {self._name!r}; its fields are "
                f"{', '.join(sorted(row)) or 'none'}"
            )
        return row[self._name]


def reason(error: LLMWorksError) -> str:
    """The sandbox speaks of chat templates; here it is a task's."""
    return str(error).replace("the chat template", "the template").replace("this conversation", "this row")
