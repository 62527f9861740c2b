"""Chat templates: from messages to text, to ids, and to the mask of what the assistant says.

    [{"role": "user", "content": "Hi"}]  →  <|im_start|>user⏎Hi<|im_end|>⏎<|im_start|>assistant⏎

A template is a Jinja program (rendered as `transformers` renders it, within `template_sandbox`). Two things
that the text alone does not tell are found by rendering a second time, with a **shadow** of the conversation
in which every character that a message brings is blotted out:

    text     <|im_start|>user⏎Say <|im_end|>!<|im_end|>⏎
    shadow   <|im_start|>user⏎▓▓▓ ▓▓▓▓▓▓▓▓▓▓▓<|im_end|>⏎

Where the two agree stands the template's own text; only there is a control token read. A message can say
`<|im_end|>`: it stays text. And whose blots they are tells which part the assistant says. If the template
looks so closely at a message that the shadow comes out in another form, the conversation is refused unless
nothing in it could be taken for a control token.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

from llmworks.errors import RequestError
from llmworks.packages.chat_shadow import Frame, Shadow, assistant_spans, find_controls, shadow_of
from llmworks.packages.template_sandbox import TemplateProgram
from llmworks.text.tokenizer import Tokenizer

Message: TypeAlias = Mapping[str, Any]

ROLES = ("system", "user", "assistant", "tool")

CHATML = """\
{%- if tools %}{{ raise_exception('this model was not taught to call tools') }}{% endif %}
{%- for message in messages %}
{{- '<|im_start|>' + message['role'] + '\\n' }}
{%- if message['role'] == 'assistant' %}
{%- generation %}{{ message['content'] + '<|im_end|>' }}{% endgeneration %}
{{- '\\n' }}
{%- else %}
{{- message['content'] + '<|im_end|>\\n' }}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '<|im_start|>assistant\\n' }}
{%- endif %}
"""
"""The template of our own chat models: ChatML, with the assistant's part marked."""


@dataclass(frozen=True)
class EncodedChat:
    """A conversation as ids; `mask` [len(ids)] is True on what the assistant says, its end token too."""

    ids: list[int]
    mask: list[bool]
    text: str


class ChatTemplate:
    """A chat template with the special tokens that it may name (`bos_token`, `eos_token`, …).

    Raises PackageError if the source does not parse; `render` and `encode` raise RequestError for messages
    that are no conversation, or that the template refuses.
    """

    def __init__(self, source: str, special_tokens: Mapping[str, str] | None = None) -> None:
        self.source = source
        self.special_tokens = dict(special_tokens or {})
        self._program = TemplateProgram(source)
        self._frames: dict[frozenset[str], Frame] = {}

    def render(
        self,
        messages: Sequence[Message],
        *,
        add_generation_prompt: bool = False,
        tools: Sequence[Mapping[str, Any]] | None = None,
        **variables: Any,
    ) -> str:
        """The conversation as one text; with `add_generation_prompt` it ends where the assistant begins."""
        check_messages(messages)
        return self._render(self._variables(messages, add_generation_prompt, tools, variables))

    def encode(
        self,
        messages: Sequence[Message],
        tokenizer: Tokenizer,
        *,
        add_generation_prompt: bool = False,
        tools: Sequence[Mapping[str, Any]] | None = None,
        **variables: Any,
    ) -> EncodedChat:
        """The conversation as ids and mask.

        The template's control strings become control tokens, a message's text never does. Text is tokenised
        in pieces that end at control tokens and where the assistant begins and ends, so that the ids of a
        prompt are the same in training and in generation.

        The mask follows the template's `{% generation %}` blocks. A template without them is observed: what
        it puts before the assistant (`add_generation_prompt`) opens a span, the control token that closes
        the turn ends it; where no control token closes a turn the span ends with the message's text.
        """
        check_messages(messages)
        given = self._variables(messages, add_generation_prompt, tools, variables)
        text = self._render(given)
        controls = frozenset(filter(None, tokenizer.special_tokens))
        shadow = self._shadow(given, text, controls)
        owned = find_controls(shadow.text, controls)
        if shadow.spans is not None:
            spans = shadow.spans
        else:
            spans = assistant_spans(messages, shadow, owned, self._frame(controls))
        return _encode_pieces(text, owned, spans, tokenizer)

    def closing_id(self, tokenizer: Tokenizer) -> int | None:
        """The control token that ends an assistant's turn in this template, or None if text alone ends it."""
        closing = self._frame(frozenset(filter(None, tokenizer.special_tokens))).closing
        return None if closing is None else tokenizer.special_tokens[closing]

    def _variables(
        self,
        messages: Sequence[Message],
        add_generation_prompt: bool,
        tools: Sequence[Mapping[str, Any]] | None,
        variables: Mapping[str, Any],
    ) -> dict[str, Any]:
        given = {"documents": None, **self.special_tokens, **variables}
        plain = [{**message, "content": message.get("content") or ""} for message in messages]
        return given | {"messages": plain, "tools": tools, "add_generation_prompt": add_generation_prompt}

    def _render(self, variables: dict[str, Any], marks: tuple[str, str] = ("", "")) -> str:
        return self._program.render(variables, marks=marks)

    def _shadow(self, given: dict[str, Any], text: str, controls: frozenset[str]) -> Shadow:
        """The rendering of the blotted conversation, aligned with `text`; see the module's opening."""
        shadow = shadow_of(given, text, controls, self._program, self.special_tokens)
        if shadow is None:
            raise RequestError(
                "the chat template reads the messages' text in a way that hides which control tokens are its "
                "own, and a message holds text like a control token. Take that text out of the message."
            )
        return shadow

    def _frame(self, controls: frozenset[str]) -> Frame:
        """What this template writes around an assistant's message; found once by a small conversation."""
        if controls not in self._frames:
            self._frames[controls] = Frame.observe(self._probe, controls)
        return self._frames[controls]

    def _probe(self, messages: Sequence[Message], add_generation_prompt: bool) -> str | None:
        try:
            return self._render(self._variables(messages, add_generation_prompt, None, {}))
        except RequestError:
            return None


def check_messages(messages: Sequence[Message]) -> None:
    """Raise RequestError unless `messages` is a conversation: roles known, contents text."""
    if not isinstance(messages, list | tuple) or not messages:
        raise RequestError("messages: expected a list of at least one {'role': …, 'content': …}.")
    for number, message in enumerate(messages):
        where = f"messages[{number}]"
        if not isinstance(message, Mapping):
            raise RequestError(f"{where}: expected an object with role and content, got {message!r:.40}.")
        role, content = message.get("role"), message.get("content")
        if role not in ROLES:
            raise RequestError(f"{where}: the role {str(role)[:40]!r} is unknown. Known: {', '.join(ROLES)}.")
        if content is None and message.get("tool_calls"):
            continue
        if not isinstance(content, str):
            raise RequestError(f"{where}: 'content' must be text, got {type(content).__name__}.")
        if re.search("[\ud800-\udfff]", content):
            raise RequestError(f"{where}: 'content' holds half a surrogate pair, which is no text.")


def _encode_pieces(
    text: str, owned: list[tuple[int, int]], spans: list[tuple[int, int]], tokenizer: Tokenizer
) -> EncodedChat:
    """Ids of `text`, cut at the control tokens `owned` and at the ends of the assistant's `spans`."""
    special = tokenizer.special_tokens
    starts = dict(owned)
    edges = sorted({0, len(text), *(edge for pair in (*owned, *spans) for edge in pair)})
    inside = _Inside(spans)
    ids: list[int] = []
    mask: list[bool] = []
    for start, end in pairwise(edges):
        if start in starts and starts[start] == end:
            piece = [special[text[start:end]]]
        else:
            piece = tokenizer.encode(text[start:end], allow_special=False)
        ids += piece
        mask += [inside(start)] * len(piece)
    return EncodedChat(ids, mask, text)


class _Inside:
    """Whether rising positions lie in one of some disjoint spans."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = sorted(spans, reverse=True)

    def __call__(self, position: int) -> bool:
        while self._spans and self._spans[-1][1] <= position:
            self._spans.pop()
        return bool(self._spans) and self._spans[-1][0] <= position
