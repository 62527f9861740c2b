"""Tools as JSON schemas: given as such, or as Python functions whose hints and docstring say it.

    def weather(city: str, days: int = 1):        {"type": "function", "function": {"name": "weather",
        \"\"\"How the weather will be.                  "description": "How the weather will be.",
                                             →    "parameters": {"type": "object", "properties":
        Args:                                       {"city": {"type": "string", "description": "Where"},
            city: Where                              "days": {"type": "integer", "description": "How long"}},
            days: How long                         "required": ["city"]}}}
        \"\"\"

Docstrings are in Google's style. The schema is the one that `transformers.utils.get_json_schema` gives, for
which models were tuned.
"""

from __future__ import annotations

import inspect
import json
import re
import types
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from llmworks.errors import RequestError

Schema = dict[str, Any]

_SCALARS: dict[type, str] = {
    int: "integer",
    float: "number",
    str: "string",
    bool: "boolean",
    type(None): "null",
}
_CONTAINERS: dict[Any, str] = {list: "array", tuple: "array", dict: "object"}


def tool_schemas(tools: Sequence[Mapping[str, Any] | Callable[..., Any]]) -> list[Any]:
    """Each tool as JSON data."""
    if not isinstance(tools, list | tuple):
        raise RequestError(f"tools: expected a list of tools, got {type(tools).__name__}.")
    made: list[Any] = []
    for place, tool in enumerate(tools):
        if isinstance(tool, Mapping):
            made.append(tool)
        elif inspect.isfunction(tool) or inspect.ismethod(tool):
            made.append(function_schema(tool))
        else:
            raise RequestError(f"tools[{place}]: expected a JSON schema or a function, got {tool!r:.60}.")
    return made


def function_schema(function: Callable[..., Any]) -> Schema:
    """The JSON schema of a Python function; RequestError if hints or descriptions are missing."""
    name = getattr(function, "__name__", "operation")
    doc = (inspect.getdoc(function) or "").strip()
    if not doc:
        raise RequestError(f"the tool {name} has no docstring, which is to tell the model what it does.")
    sections = _sections(doc)
    parameters = _parameters(name, function)
    returned = parameters["properties"].pop("return", None)
    described = _arguments(sections.get("Args", ""))
    for argument, schema in parameters["properties"].items():
        if argument not in described:
            raise RequestError(f"the tool {name}: its docstring does not describe the argument {argument!r}.")
        _describe(name, schema, described[argument])
    made: Schema = {"name": name, "description": sections[""], "parameters": parameters}
    if returned is not None:
        if "Returns" in sections:
            returned["description"] = sections["Returns"]
        made["return"] = returned
    return {"type": "function", "function": made}


def _describe(name: str, schema: Schema, text: str) -> None:
    """The description; `(choices: ["a", "b"])` at its end becomes an enum."""
    choices = re.search(r"\(choices:\s*(.*?)\)\s*$", text, re.IGNORECASE)
    if choices:
        try:
            values = json.loads(choices[1])
        except ValueError:
            raise RequestError(f"the tool {name}: {choices[0]!r} lists no JSON values.") from None
        schema["enum"] = [value.strip() if isinstance(value, str) else value for value in values]
        text = text[: choices.start()].strip()
    schema["description"] = text


def _sections(doc: str) -> dict[str, str]:
    """The docstring by its headings; the description is at ""."""
    found: dict[str, list[str]] = {"": []}
    current = ""
    for line in doc.split("\n"):
        heading = re.match(r"\s*(Args|Returns|Raises):\s*$", line)
        if heading:
            current = heading[1]
            found.setdefault(current, [])
        else:
            found[current].append(line)
    return {
        name: "\n".join(lines) if name == "Args" else "\n".join(lines).strip()
        for name, lines in found.items()
    }


def _arguments(block: str) -> dict[str, str]:
    """`name: description`; a description goes on in lines that are indented deeper."""
    found: dict[str, list[str]] = {}
    name, depth = "", -1
    for line in block.split("\n"):
        entry = re.match(r"([ \t]*)(\w+):(.*)", line)
        if entry and (depth < 0 or len(entry[1]) <= depth):
            name, depth = entry[2], len(entry[1])
            found[name] = [entry[3].strip()]
        elif name and line.strip():
            found[name].append(line.strip())
    return {name: " ".join(filter(None, lines)) for name, lines in found.items()}


def _parameters(name: str, function: Callable[..., Any]) -> Schema:
    try:
        hints = get_type_hints(function)
    except Exception as error:  # a hint may be any expression, and fail in any way
        raise RequestError(f"the tool {name}: its type hints cannot be read: {error}") from None
    signature = inspect.signature(function).parameters
    receiver = next((first for first in [*signature][:1] if first in ("self", "cls")), None)
    if receiver is not None and signature[receiver].annotation is not inspect.Parameter.empty:
        receiver = None
    for parameter in signature.values():
        if parameter.name != receiver and parameter.annotation is inspect.Parameter.empty:
            raise RequestError(f"the tool {name}: the argument {parameter.name!r} has no type hint.")
    properties: Schema = {}
    for argument, hint in hints.items():
        if argument == "return":
            try:
                properties[argument] = _schema_of(hint)
            except _NoSchemaError:  # the model does not write it, so it need not be described
                continue
        elif argument != receiver:
            try:
                properties[argument] = _schema_of(hint)
            except _NoSchemaError as error:
                raise RequestError(f"the tool {name}: the argument {argument!r}: {error}") from None
    required = [
        parameter.name
        for parameter in signature.values()
        if parameter.default is inspect.Parameter.empty and parameter.name != receiver
    ]
    return {"type": "object", "properties": properties} | ({"required": required} if required else {})


class _NoSchemaError(Exception):
    pass


def _schema_of(hint: Any) -> Schema:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Union or origin is types.UnionType:
        return _union(
            [_schema_of(one) for one in arguments if one is not type(None)], type(None) in arguments
        )
    if origin is Literal:
        return _enum(list(arguments))
    if origin is None:
        return _bare(hint)
    if origin is list:
        return {"type": "array", "items": _schema_of(arguments[0])}
    if origin is tuple:
        if len(arguments) < 2 or ... in arguments:
            raise _NoSchemaError(f"{hint} is better said as a list")
        return {"type": "array", "prefixItems": [_schema_of(one) for one in arguments]}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema_of(arguments[1])}
    raise _NoSchemaError(f"{hint} has no JSON schema; give the tool as a schema")


def _bare(hint: Any) -> Schema:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum([member.value for member in hint])
    if hint is Any:
        return {}
    if hint in _SCALARS or hint in _CONTAINERS:
        return {"type": _SCALARS.get(hint) or _CONTAINERS[hint]}
    raise _NoSchemaError(f"{hint!r} has no JSON schema; give the tool as a schema")


def _enum(values: list[Any]) -> Schema:
    if not values or any(type(value) not in _SCALARS for value in values):
        raise _NoSchemaError(f"the values {values} are no JSON scalars")
    kinds = list(dict.fromkeys(_SCALARS[type(value)] for value in values))
    return {"type": kinds[0] if len(kinds) == 1 else kinds, "enum": values}


def _union(schemas: list[Schema], nullable: bool) -> Schema:
    made: Schema
    if len(schemas) == 1:
        made = schemas[0]
    elif all(schema.keys() == {"type"} and isinstance(schema["type"], str) for schema in schemas):
        kinds = sorted({schema["type"] for schema in schemas})
        made = {"type": kinds[0] if len(kinds) == 1 else kinds}
    else:
        made = {"anyOf": schemas}
    return {**made, "nullable": True} if nullable else made
