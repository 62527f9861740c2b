"""Messages as templates take them: checked, of plain JSON data, and ready to be gone on with.

    {"role": "user", "content": "Hi"}                                          text
    {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "What is it?"}]}   parts
    {"role": "assistant", "tool_calls": [{"type": "function", "function": {"name": …, "arguments": …}}]}

The conventions are those of `transformers`: a key whose value is None is left out, the reasoning of a message
may be named `reasoning_content`, `thinking` or `reasoning`.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from llmworks.errors import RequestError
from llmworks.packages.traced_text import plain

Message: TypeAlias = Mapping[str, Any]

ROLES = (
    *("system", "user", "assistant", "tool", "developer", "function", "ipython", "observation"),
    *("tool_call", "tool_calls", "tool_response", "tool_responses", "tool_result", "tool_results"),
    *("document", "documents", "context", "knowledge", "control", "environment", "available_tools"),
)
"""Words that a template may make a control token of; any other would be a message's own text."""

REASONING = ("reasoning_content", "thinking", "reasoning")
MAX_DEPTH = 60


def check_messages(messages: Sequence[Message]) -> None:
    """Raise RequestError unless `messages` is a conversation: roles known, contents text or parts."""
    if not isinstance(messages, list | tuple) or not messages:
        raise RequestError("messages: expected a list of at least one {'role': …, 'content': …}.")
    for number, message in enumerate(messages):
        where = f"messages[{number}]"
        if not isinstance(message, Mapping):
            raise RequestError(f"{where}: expected an object with role and content, got {message!r:.40}.")
        role = message.get("role")
        if role not in ROLES:
            raise RequestError(f"{where}: the role {str(role)[:40]!r} is unknown. Known: {', '.join(ROLES)}.")
        _check_content(where, message)
        try:
            _check_text(message)
        except (ValueError, RecursionError) as error:
            raise RequestError(f"{where}: {error}") from None


def _check_content(where: str, message: Message) -> None:
    content = message.get("content")
    if content is None and (message.get("tool_calls") or any(message.get(name) for name in REASONING)):
        return
    if isinstance(content, list | tuple):
        for place, part in enumerate(content):
            if not isinstance(part, Mapping) or not isinstance(part.get("type"), str):
                raise RequestError(f"{where}: 'content' part {place} is no object with a type: {part!r:.40}.")
    elif not isinstance(content, str):
        raise RequestError(f"{where}: 'content' must be text, got {type(content).__name__}.")


def _check_text(value: Any, depth: int = 0) -> None:
    """No half of a surrogate pair, which no tokenizer could read, and no nesting without end."""
    if isinstance(value, str):
        if not value.isascii() and re.search("[\ud800-\udfff]", value):
            raise ValueError("'content' holds half a surrogate pair, which is no text.")
    elif depth > MAX_DEPTH:
        raise ValueError(f"values are nested more than {MAX_DEPTH} deep.")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            _check_text(key, depth + 1)
            _check_text(item, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_text(item, depth + 1)


def plain_messages(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """Copies of plain data, without keys that say None, the reasoning under each of its names."""
    made = []
    for message in messages:
        given = {key: plain_value(value) for key, value in message.items() if value is not None}
        reasoning = next((given[name] for name in REASONING if name in given), None)
        if reasoning is not None:
            given = {"thinking": reasoning, **given, "reasoning_content": reasoning}
        made.append(given)
    return made


def plain_value(value: Any) -> Any:
    """JSON data as it is, of any class; whatever else becomes its type's name, `<Image>`.

    A template may ask whether a part brings an image, and gets no object with methods to try.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, int | float):
        return int(value) if isinstance(value, int) else float(value)
    if isinstance(value, Mapping):
        return {plain_value(key): plain_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        items = [plain_value(item) for item in value]
        return tuple(items) if isinstance(value, tuple) else items
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain_value(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if callable(getattr(value, "model_dump", None)):
        return plain_value(value.model_dump())
    if getattr(value, "shape", None) == () and callable(getattr(value, "item", None)):
        return plain_value(value.item())  # a number of numpy
    return f"<{type(value).__name__}>"


@dataclass(frozen=True)
class Continuation:
    """A conversation whose last message the model is to go on with: where its text ends, the prompt ends."""

    messages: list[dict[str, Any]]
    text: str

    TAG = "CONTINUE_FINAL_MESSAGE_TAG "
    """Put behind the last text to find its end; the blank tells whether the template trims."""

    @classmethod
    def of(cls, messages: list[dict[str, Any]], field: bool | str, source: str) -> Continuation:
        name = field if isinstance(field, str) else "content"
        last = dict(messages[-1])
        text = last.get(name)
        if text is None:
            raise RequestError(f"continue_final_message: the final message has no {name!r} to go on with.")
        names = [name]
        if name in REASONING:
            names = [other for other in REASONING if last.get(other) == text]
        if not any(other in source for other in names):
            raise RequestError(f"continue_final_message: the chat template does not read {name!r}.")
        if isinstance(text, list | tuple):
            parts = [dict(part) for part in text]
            part = next((part for part in reversed(parts) if "text" in part), None)
            if part is None:
                raise RequestError("continue_final_message: the final message has no part of text.")
            text, part["text"] = part["text"], part["text"] + cls.TAG
            last[name] = parts
        else:
            last |= dict.fromkeys(names, text + cls.TAG)
        return cls([*messages[:-1], last], text)

    def cut(self, rendered: str) -> str:
        """`rendered` up to the end of the last text."""
        tag = self.TAG.strip()
        if self.text.strip() not in rendered or tag not in rendered:
            raise RequestError(
                "continue_final_message: the chat template leaves out a part of the final message, so that "
                "there is no place from which to go on."
            )
        end = rendered.rindex(tag)
        whole = rendered[end : end + len(self.TAG)] == self.TAG
        return rendered[:end] if whole else rendered[:end].rstrip()
