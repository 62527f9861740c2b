"""What stands in a stretch of tool calls, by format; each reader raises ValueError for what is no call."""

from __future__ import annotations

import json
import re
from typing import Any

from llmworks.packages.formats.syntax import Call, call

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 64


def read_json(text: str) -> Any:
    """JSON of bounded depth: Python's own parser would end the stack."""
    if len(text) > MAX_CHARACTERS:
        raise ValueError("longer than any call")
    depth = deepest = 0
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text, re.DOTALL):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise ValueError("nested too deeply")
    return json.loads(text, strict=False)


def _call(value: Any, name: str = "name", arguments: str = "arguments") -> Call:
    if not isinstance(value, dict) or not isinstance(value.get(name), str):
        raise ValueError("a call names its function")
    given = value.get(arguments, {})
    if isinstance(given, str):  # some models write the arguments as a text that holds JSON
        given = read_json(given)
    if not isinstance(given, dict):
        raise ValueError("the arguments of a call are an object")
    id = value.get("id")
    return call(value[name], given, id if isinstance(id, str) else None)


def one_object(text: str) -> list[Call]:
    """Qwen, Hermes: {"name": …, "arguments": {…}}"""
    return [_call(read_json(text))]


def one_with_parameters(text: str) -> list[Call]:
    """Llama 3: {"name": …, "parameters": {…}}"""
    value = read_json(text)
    if isinstance(value, dict) and not set(value) <= {"name", "parameters", "type"}:
        raise ValueError("an object, but no call")
    if not isinstance(value, dict) or "parameters" not in value:
        raise ValueError("an object, but no call")
    return [_call(value, arguments="parameters")]


def python_tag(text: str) -> list[Call]:
    """Llama 3.1's built-in tools: `brave_search.call(query="…")`; else code for the interpreter."""
    match = re.fullmatch(r"\s*(\w+)\.call\((.*)\)\s*", text, re.DOTALL)
    if not match:
        try:
            return one_with_parameters(text)
        except ValueError:
            return [call("code_interpreter", {"code": text})]
    arguments = dict(re.findall(r'(\w+)="(.*?)"(?=, \w+="|$)', match[2], re.DOTALL))
    return [call(match[1], arguments)]


def a_list(text: str) -> list[Call]:
    """Mistral: [{"name": …, "arguments": {…}, "id": …}, …]"""
    value = read_json(text)
    if not isinstance(value, list) or not value:
        raise ValueError("expected a list of calls")
    return [_call(item) for item in value]


def actions(text: str) -> list[Call]:
    """Command-R: [{"tool_name": …, "parameters": {…}}, …]; `directly-answer` means that no tool is called."""
    value = read_json(text + "\n]")  # the bracket is a part of what closes the list
    if not isinstance(value, list):
        raise ValueError("expected a list of actions")
    made = [_call(item, "tool_name", "parameters") for item in value]
    return [one for one in made if one["function"]["name"] not in ("directly-answer", "directly_answer")]


_DEEPSEEK = re.compile(
    r"\s*<｜tool▁call▁begin｜>(?P<type>[^<\n]*)<｜tool▁sep｜>(?P<name>[^\n]+)\n```json\n(?P<body>.*?)\n```"
    r"<｜tool▁call▁end｜>",
    re.DOTALL,
)


def deepseek(text: str) -> list[Call]:
    """DeepSeek: name, then arguments as fenced JSON, between control tokens."""
    made, position = [], 0
    while match := _DEEPSEEK.match(text, position):
        made.append(_call({"name": match["name"], "arguments": read_json(match["body"])}))
        position = match.end()
    if not made or text[position:].strip():
        raise ValueError("no list of calls")
    return made
