"""Chat templates: from messages to text, to ids, and to the mask of what the assistant says.

    [{"role": "user", "content": "Hi"}]  →  <|im_start|>user⏎Hi<|im_end|>⏎<|im_start|>assistant⏎

A template is a Jinja program, rendered as `transformers` renders it, within `template_sandbox`. Rendered with
traced texts (`traced_text.py`) the result also says who wrote each character, and so two things that the text
alone does not tell: only where the template itself wrote a control string is a control token read (a message
can say `<|im_end|>`: it stays text), and which part the assistant says (`chat_spans.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from llmworks.errors import PackageError, RequestError
from llmworks.packages.chat_ids import encode_spans
from llmworks.packages.chat_messages import (
    Continuation,
    Message,
    check_messages,
    plain_messages,
    plain_value,
)
from llmworks.packages.chat_spans import (
    Frame,
    assistant_spans,
    code_of,
    find_controls,
    generated_spans,
    hidden,
    message_of,
)
from llmworks.packages.template_sandbox import TemplateFaultError, TemplateProgram
from llmworks.packages.tool_schema import tool_schemas
from llmworks.packages.traced_text import plain, same_origin, traced
from llmworks.text.tokenizer import Tokenizer

Tools: TypeAlias = Sequence[Mapping[str, Any] | Callable[..., Any]]

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
class TextSpan:
    """`text[start:end]` was written by `origin`: "template", "tools", "documents", "variables", or the role
    of message number `message`."""

    start: int
    end: int
    origin: str
    message: int | None = None


@dataclass(frozen=True)
class EncodedChat:
    """A conversation as ids; `mask` [len(ids)] is True on what the assistant says, its end token too.

    spans: who wrote which characters of `text`, without gaps. said: the assistant's parts of `text`.
    """

    ids: list[int]
    mask: list[bool]
    text: str
    spans: list[TextSpan] = field(default_factory=list)
    said: list[tuple[int, int]] = field(default_factory=list)


class ChatTemplate:
    """A chat template with the special tokens that it may name (`bos_token`, `eos_token`, …).

    named: further templates of the package by name; "tool_use" is taken when there are tools.
    Raises PackageError if a source does not parse; `render` and `encode` raise RequestError for messages
    that are no conversation, or that the template refuses.
    """

    def __init__(
        self,
        source: str,
        special_tokens: Mapping[str, str] | None = None,
        named: Mapping[str, str] | None = None,
    ) -> None:
        self.source = source
        self.special_tokens = dict(special_tokens or {})
        self.named = {name: text for name, text in (named or {}).items() if name != "default"}
        self._programs = {"default": TemplateProgram(source)}
        for name, text in self.named.items():
            try:
                self._programs[name] = TemplateProgram(text)
            except PackageError as error:
                raise PackageError(f"the template {name!r}: {error}") from None
        self._frames: dict[tuple[str, frozenset[str], str], Frame] = {}

    @property
    def variables(self) -> frozenset[str]:
        """The names that the template reads: `messages`, `tools`, `enable_thinking`, …"""
        return frozenset[str]().union(*(program.variables for program in self._programs.values()))

    def render(
        self,
        messages: Sequence[Message],
        *,
        add_generation_prompt: bool = False,
        continue_final_message: bool | str = False,
        tools: Tools | None = None,
        documents: Sequence[Mapping[str, Any]] | None = None,
        template: str | None = None,
        **variables: Any,
    ) -> str:
        """The conversation as one text; with `add_generation_prompt` it ends where the assistant begins.

        continue_final_message: end with the last message's text (or another field of it, by name), for the
        model to go on with. tools: JSON schemas, or Python functions with type hints and a docstring.
        template: the name of one of the package's templates.
        """
        run = self._run(messages, tools, documents, template, variables)
        return plain(run.render(add_generation_prompt, continue_final_message, trace=False))

    def encode(
        self,
        messages: Sequence[Message],
        tokenizer: Tokenizer,
        *,
        add_generation_prompt: bool = False,
        continue_final_message: bool | str = False,
        tools: Tools | None = None,
        documents: Sequence[Mapping[str, Any]] | None = None,
        template: str | None = None,
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
        run = self._run(messages, tools, documents, template, variables)
        text = run.render(add_generation_prompt, continue_final_message)
        if plain(text) != plain(run.render(add_generation_prompt, continue_final_message, trace=False)):
            raise RequestError(
                "the chat template reads the messages' text in a way that hides which characters are its "
                "own. Use `render`, or change the template."
            )
        controls = _controls(tokenizer)
        owned = find_controls(hidden(text), controls)
        if run.program.marks_generation:
            said = generated_spans(text)
        else:
            said = assistant_spans(run.messages, text, owned, self._frame(run, controls))
        ids, mask = encode_spans(plain(text), owned, said, tokenizer)
        return EncodedChat(ids, mask, plain(text), _text_spans(text, run.writers), said)

    def closing_id(self, tokenizer: Tokenizer) -> int | None:
        """The control token that ends an assistant's turn in this template, or None if text alone ends it."""
        run = self._run([{"role": "user", "content": "a"}], None, None, None, {})
        closing = self._frame(run, _controls(tokenizer)).closing
        return None if closing is None else tokenizer.special_tokens[closing]

    def _run(
        self,
        messages: Sequence[Message],
        tools: Tools | None,
        documents: Sequence[Mapping[str, Any]] | None,
        template: str | None,
        variables: Mapping[str, Any],
    ) -> _Run:
        check_messages(messages)
        name = template or ("tool_use" if tools is not None and "tool_use" in self._programs else "default")
        if name not in self._programs:
            raise RequestError(f"there is no chat template {name!r}; there are {', '.join(self._programs)}.")
        if documents is not None and not all(isinstance(document, Mapping) for document in documents):
            raise RequestError("documents: expected a list of objects, such as {'title': …, 'text': …}.")
        return _Run(
            name,
            self._programs[name],
            self.special_tokens,
            plain_messages(messages),
            None if tools is None else plain_value(tool_schemas(tools)),
            plain_value(documents),
            {key: plain_value(value) for key, value in variables.items()},
        )

    def _frame(self, run: _Run, controls: frozenset[str]) -> Frame:
        """What this template writes around an assistant's message; found once by a small conversation."""
        key = (run.name, controls, repr(run.variables))
        if key not in self._frames:
            if len(self._frames) >= 32:
                self._frames.clear()
            self._frames[key] = Frame.observe(run.probe, controls)
        return self._frames[key]


@dataclass
class _Run:
    """What one rendering is given, as plain JSON data."""

    name: str
    program: TemplateProgram
    special_tokens: dict[str, str]
    messages: list[dict[str, Any]]
    tools: Any
    documents: Any
    variables: dict[str, Any]

    @property
    def writers(self) -> list[str]:
        """Who an origin stands for: the roles of the messages, and what comes after them."""
        return [*(message["role"] for message in self.messages), "tools", "documents", "variables"]

    def render(self, prompt: bool, continued: bool | str, *, trace: bool = True) -> str:
        """The text, a `Text` with origins if `trace`.

        A message without content (tool calls alone) is given as it is, as in `transformers`; a template that
        fails on that gets an empty content.
        """
        messages, end = self.messages, None
        if continued:
            if prompt:
                raise RequestError("continue_final_message and add_generation_prompt exclude each other.")
            end = Continuation.of(messages, continued, self.program.source)
            messages = end.messages
        try:
            text = self._render(messages, prompt, trace)
        except TemplateFaultError:
            filled = [{**message, "content": message.get("content", "")} for message in messages]
            if filled == messages:
                raise
            text = self._render(filled, prompt, trace)
        return text if end is None else end.cut(text)

    def probe(self, messages: list[dict[str, str]], prompt: bool) -> str | None:
        """Another conversation with the same variables; None if the template refuses it."""
        try:
            run = replace(self, messages=messages, tools=None, documents=None)
            return run._render(messages, prompt, trace=True)
        except RequestError:
            return None

    def _render(self, messages: list[dict[str, Any]], prompt: bool, trace: bool) -> str:
        tools, documents, variables = self.tools, self.documents, self.variables
        if trace:
            after = len(messages)
            tools, documents = traced(tools, code_of(after)), traced(documents, code_of(after + 1))
            # The names of variables are the template's own, what they hold is not.
            variables = {name: traced(value, code_of(after + 2)) for name, value in variables.items()}
            messages = [_traced_message(message, code_of(place)) for place, message in enumerate(messages)]
        given = {"messages": messages, "tools": tools, "documents": documents}
        return self.program.render(
            {**self.special_tokens, **variables, **given, "add_generation_prompt": prompt}
        )


def _traced_message(message: dict[str, Any], code: str) -> Any:
    """The role is one of a few known words, and templates build control tokens of it: `<|user|>`."""
    made = traced(message, code)
    made["role"] = message["role"]
    return made


def _controls(tokenizer: Tokenizer) -> frozenset[str]:
    return frozenset(filter(None, tokenizer.special_tokens))


def _text_spans(text: str, writers: Sequence[str]) -> list[TextSpan]:
    spans: list[TextSpan] = []
    position = 0
    for run, origin in same_origin(text):
        number, end = message_of(origin), position + len(run)
        writer = "template" if number is None else writers[number]
        message = None if number is None or number >= len(writers) - 3 else number
        if spans and (spans[-1].origin, spans[-1].message) == (
            writer,
            message,
        ):  # inside and outside of a mark
            spans[-1] = TextSpan(spans[-1].start, end, writer, message)
        else:
            spans.append(TextSpan(position, end, writer, message))
        position = end
    return spans
