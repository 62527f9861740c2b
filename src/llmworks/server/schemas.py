"""Request bodies of the OpenAI-compatible API.

Parameters that OpenAI has and a model here cannot obey (tools, response formats, …) are refused unless their
value asks for nothing; those that change no output are taken and ignored; names that nobody knows are
refused, since a misspelt parameter would be silently without effect. `top_k`, `min_p`, `repetition_penalty`,
`ignore_eos`, `stop_token_ids`, `skip_special_tokens` and `chat_template_kwargs` are extensions, named as in
vLLM.
"""

from __future__ import annotations

import re
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from llmworks.inference import ParameterError

SURROGATE = re.compile("[\ud800-\udfff]")

# Parameters that cannot be obeyed, and the values that ask for nothing.
NEUTRAL: dict[str, tuple[Any, ...]] = {
    "tools": (None, []),
    "functions": (None, []),
    "tool_choice": (None, "none", "auto"),
    "function_call": (None, "none", "auto"),
    "response_format": (None, {"type": "text"}),
    "modalities": (None, ["text"]),
    "audio": (None,),
    "reasoning_effort": (None, "none"),
    "verbosity": (None,),
    "web_search_options": (None,),
    "suffix": (None, ""),
}


# What `ChatTemplate.encode` takes for itself.
TEMPLATE_OWN = frozenset(
    [
        "messages",
        "tokenizer",
        "tools",
        "documents",
        "template",
        "add_generation_prompt",
        "continue_final_message",
    ]
)


class StreamOptions(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    include_usage: bool = False
    include_obfuscation: bool = False


class GenerationBody(BaseModel):
    """What both kinds of request share."""

    model_config = ConfigDict(extra="forbid", strict=True)

    model: str | None = None
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = None
    n: int | None = Field(None, ge=1)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    stop: str | list[str] | None = None
    seed: int | None = None
    max_tokens: int | None = Field(None, ge=0)
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    logit_bias: dict[str, float] | None = None
    # Extensions.
    top_k: int | None = None
    min_p: float | None = None
    repetition_penalty: float | None = None
    ignore_eos: bool | None = None
    stop_token_ids: list[int] | None = None
    skip_special_tokens: bool | None = None
    # Taken and ignored: they change no output.
    user: Any = None
    metadata: Any = None
    store: Any = None
    service_tier: Any = None
    safety_identifier: Any = None
    prompt_cache_key: Any = None

    def sampling(self) -> dict[str, Any]:
        """Keyword arguments of SamplingParams that both kinds share; None where nothing was said."""
        names = ("temperature", "top_p", "top_k", "min_p", "stop", "presence_penalty", "frequency_penalty")
        values = {name: getattr(self, name) for name in names}
        return values | {
            "repetition_penalty": self.repetition_penalty,
            "ignore_eos": self.ignore_eos,
            "skip_special_tokens": self.skip_special_tokens,
            "stop_ids": self.stop_token_ids,
            "logit_bias": self._bias(),
        }

    def _bias(self) -> dict[int, float] | None:
        bias = {}
        for token, value in (self.logit_bias or {}).items():
            if not (token.isascii() and token.isdigit()):
                raise ParameterError("logit_bias", f"logit_bias: the key {token[:40]!r} is no token id")
            bias[int(token)] = value
        return bias or None

    def check(self) -> None:
        """Refuse what pydantic cannot see: parameters that ask for what is not there."""
        for name, neutral in NEUTRAL.items():
            value = getattr(self, name, None)
            if value not in neutral:
                raise ParameterError(name, f"{name}: this server does not support it; leave it out")
        if self.stream_options is not None and not self.stream:
            raise ParameterError("stream_options", "stream_options: only with stream = true")


class CompletionBody(GenerationBody):
    """POST /v1/completions."""

    prompt: str | list[str] | list[int] | list[list[int]]
    echo: bool | None = None
    logprobs: int | None = Field(None, ge=0, le=20)
    best_of: int | None = None
    suffix: Any = None

    def check(self) -> None:
        super().check()
        if self.best_of not in (None, self.n or 1):
            raise ParameterError("best_of", "best_of: must equal n; this server does not rank outputs")

    def prompts(self) -> list[str | list[int]]:
        """The prompts, each a text or ids."""
        texts = [self.prompt] if isinstance(self.prompt, str) else self.prompt
        if any(isinstance(text, str) and SURROGATE.search(text) for text in texts):
            raise ParameterError("prompt", "prompt: it holds half a surrogate pair, which is no text")
        if isinstance(self.prompt, str):
            return [self.prompt]
        if not self.prompt:
            raise ParameterError("prompt", "prompt: the list is empty; give a text, texts, or token ids")
        if isinstance(self.prompt[0], int):
            return [self.prompt]
        return cast(list[str | list[int]], self.prompt)


class ChatMessage(BaseModel):
    """One message. `content` may be text, or a list of text parts, which are joined."""

    model_config = ConfigDict(extra="allow", strict=True)

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[dict[str, Any]] | None = None

    def plain(self, place: int) -> dict[str, Any]:
        """The message as chat templates take it."""
        extra = {name: value for name, value in (self.model_extra or {}).items() if value is not None}
        role = "system" if self.role == "developer" else self.role
        return {"role": role, "content": self._text(place), **extra}

    def _text(self, place: int) -> str:
        if isinstance(self.content, str):
            return self.content
        if self.content is None:
            if self.role != "assistant":
                raise ParameterError("messages", f"messages[{place}]: the content is missing")
            return ""
        for part in self.content:
            if part.get("type") != "text" or not isinstance(part.get("text"), str):
                raise ParameterError(
                    "messages",
                    f"messages[{place}]: a content part is of type {str(part.get('type'))[:40]!r}; this "
                    "model reads text only: {'type': 'text', 'text': …}",
                )
        return "".join(part["text"] for part in self.content)


class ChatBody(GenerationBody):
    """POST /v1/chat/completions."""

    messages: list[ChatMessage] = Field(min_length=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    logprobs: bool | None = None
    top_logprobs: int | None = Field(None, ge=0, le=20)
    tools: Any = None
    tool_choice: Any = None
    functions: Any = None
    function_call: Any = None
    response_format: Any = None
    modalities: Any = None
    audio: Any = None
    reasoning_effort: Any = None
    verbosity: Any = None
    web_search_options: Any = None
    parallel_tool_calls: Any = None
    prediction: Any = None
    # Extension, as in vLLM: variables of the chat template, such as {"enable_thinking": false}.
    chat_template_kwargs: dict[str, Any] | None = None

    def check(self) -> None:
        super().check()
        taken = TEMPLATE_OWN & set(self.chat_template_kwargs or {})
        if taken:
            raise ParameterError(
                "chat_template_kwargs", f"chat_template_kwargs: {min(taken)} is no variable of the caller's"
            )
        if self.max_tokens == 0:
            raise ParameterError("max_tokens", "max_tokens: must be at least 1")
        if None not in (self.max_tokens, self.max_completion_tokens) and (
            self.max_tokens != self.max_completion_tokens
        ):
            raise ParameterError("max_tokens", "max_tokens: differs from max_completion_tokens; give one")
        if self.top_logprobs and not self.logprobs:
            raise ParameterError("top_logprobs", "top_logprobs: only with logprobs = true")

    def plain_messages(self) -> list[dict[str, Any]]:
        return [message.plain(place) for place, message in enumerate(self.messages)]
