"""Conversations: rows of several common shapes, all made into lists of messages and checked.

    {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello!"}]}
    {"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello!"}]}     ShareGPT
    {"instruction": "Add.", "input": "1 2", "output": "3"}                                        Alpaca
    {"prompt": "Hi", "response": "Hello!"}   also completion; question and answer

A row may also hold `system`, and `tools`: the schemas of what the assistant may call. A fault names its file
and line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from llmworks.data.files import encoding_of, open_bytes
from llmworks.data.rows import Row, hub_rows, json_lines, json_rows
from llmworks.data.sources import Input, ReadLog, describe_skipped, kind_of, list_inputs, type_name
from llmworks.errors import DataError

Message: TypeAlias = dict[str, Any]
"""{"role": …, "content": …}; an assistant's message may hold `tool_calls`."""


class Conversation(list[Message]):
    """A list of messages, with the schemas of the tools that may be called in it."""

    def __init__(self, messages: Iterable[Message], tools: Sequence[Mapping[str, Any]] | None = None) -> None:
        super().__init__(messages)
        self.tools = tools


ROLES = ("system", "user", "assistant", "tool")
OTHER_NAMES = {
    "human": "user",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "model": "assistant",
    "bot": "assistant",
    "function_call": "assistant",
    "developer": "system",
    "function": "tool",
    "function_response": "tool",
    "observation": "tool",
    "ipython": "tool",
}
"""What other collections call the roles."""

PAIRS = [
    ("instruction", "output"),
    ("instruction", "response"),
    ("prompt", "response"),
    ("prompt", "completion"),
    ("question", "answer"),
]
"""Fields of a row that is one question and one answer."""


def read_conversations(spec: str | Path, *, log: ReadLog | None = None) -> Iterator[Conversation]:
    """Stream conversations from .jsonl or .json (compressed or not), a folder of these, stdin or `hf:…`.

    Raises:
        DataError: a row that is no conversation, with file, line and what is wrong; no conversation at all.
    """
    log = ReadLog() if log is None else log
    found = False
    for item in list_inputs(spec, log):
        if not item.given and kind_of(item.name) not in (".jsonl", ".json"):
            log.skip(item.name, "not .jsonl or .json")
            continue
        for row, place in _rows(item, log):
            found = True
            log.documents += 1
            yield conversation_of(row, place)
    if not found:
        raise DataError(f"{spec} holds no conversation{describe_skipped(log)}")


def _rows(item: Input, log: ReadLog) -> Iterator[Row]:
    if item.name.startswith("hf:"):
        yield from hub_rows(item.name)
        return
    with open_bytes(item.path, log.add_read) as file:
        codec = encoding_of(file, item.name)
        if kind_of(item.name) == ".json":
            yield from json_rows(file, codec, item.name)
        else:
            yield from json_lines(file, codec, item.name)


def conversation_of(row: Any, place: str) -> Conversation:
    """A row of any known shape as messages.

    Raises:
        DataError: naming the place, what was found there and what was expected.
    """
    if not isinstance(row, dict):
        raise DataError(f"{place}: a conversation must be an object; it is {type_name(row)}")
    turns = row.get("messages", row.get("conversations"))
    if turns is None:
        messages = _from_pair(row, place)
    elif isinstance(turns, list) and turns:
        messages = [_message(turn, f"{place}, message {number}") for number, turn in enumerate(turns, 1)]
    else:
        raise DataError(f"{place}: the messages must be a list of at least one; it is {type_name(turns)}")
    system = row.get("system")
    if isinstance(system, str) and system and messages[0]["role"] != "system":
        messages.insert(0, {"role": "system", "content": system})
    if not any(message["role"] == "assistant" for message in messages):
        raise DataError(
            f"{place}: the assistant says nothing in this conversation, so nothing can be learned"
        )
    return Conversation(messages, _tools(row, place))


def _tools(row: dict[str, Any], place: str) -> list[dict[str, Any]] | None:
    tools = row.get("tools")
    if tools is None or (isinstance(tools, list) and all(isinstance(tool, dict) for tool in tools)):
        return tools or None
    raise DataError(f"{place}: the tools must be a list of schemas (objects); it is {type_name(tools)}")


def _message(turn: Any, place: str) -> Message:
    """One message, from `role` and `content` or from `from` and `value`."""
    if not isinstance(turn, dict):
        raise DataError(
            f"{place}: a message must be an object with role and content; it is {type_name(turn)}"
        )
    role = turn.get("role", turn.get("from"))
    known = OTHER_NAMES.get(role, role) if isinstance(role, str) else role
    if known not in ROLES:
        raise DataError(f"{place}: the role must be one of {', '.join(ROLES)}; it is {role!r}")
    content = turn.get("content", turn.get("value"))
    if isinstance(content, list):
        content = _joined_parts(content, place)
    if content is None and turn.get("tool_calls"):
        content = ""
    if not isinstance(content, str):
        raise DataError(f"{place}: the content must be a string; it is {type_name(content)}")
    try:
        content.encode()
    except UnicodeEncodeError as error:
        raise DataError(f"{place}: the content holds half a surrogate pair, which is no text") from error
    others = {key: item for key, item in turn.items() if key not in ("role", "from", "content", "value")}
    return {"role": known, "content": content, **others}


def _joined_parts(parts: list[Any], place: str) -> str:
    """Content in parts, [{"type": "text", "text": …}, …], as one text."""
    texts = [part.get("text") if isinstance(part, dict) else None for part in parts]
    if not all(isinstance(text, str) for text in texts):
        raise DataError(f"{place}: only parts of type text can be read; it has others")
    return "".join(text for text in texts if isinstance(text, str))


def _from_pair(row: dict[str, Any], place: str) -> list[Message]:
    """A question with its answer; `input` or `context`, where there is one, follows the question."""
    for question, answer in PAIRS:
        if question in row and answer in row:
            asked = _message({"role": "user", "content": row[question]}, f"{place}, {question}")
            extra = row.get("input") or row.get("context")
            if isinstance(extra, str) and extra.strip():
                asked["content"] += "\n\n" + extra
            return [asked, _message({"role": "assistant", "content": row[answer]}, f"{place}, {answer}")]
    shapes = " or ".join(f"{question} and {answer}" for question, answer in PAIRS)
    raise DataError(
        f"{place}: no conversation: expected messages, conversations, or {shapes}; "
        f"the fields are {', '.join(map(repr, list(row)[:20])) or 'none'}"
    )
