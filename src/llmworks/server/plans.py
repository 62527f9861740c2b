"""From a request body to a plan: what the engine is to run, and how a choice of the answer looks.

The two endpoints differ in their plans and in nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from llmworks.inference import Request
from llmworks.language_model import LanguageModel
from llmworks.server.outputs import Entry, chat_logprobs, completion_logprobs
from llmworks.server.schemas import ChatBody, CompletionBody

DEFAULT_COMPLETION_TOKENS = 16  # OpenAI's default for /v1/completions

Show = Callable[[str, list[Entry], str | None], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What one HTTP request asks for.

    requests: one for each prompt. kind, piece_kind: the "object" of a whole answer and of a streamed piece.
    show: a choice in one piece, from its text, log-probabilities and finish reason.
    show_piece: a streamed part of a choice. opening: what a streamed choice begins with.
    echoes: the prompts' texts, if the answer is to repeat them.
    begins: how many ids of each prompt the server put before it.
    """

    kind: str
    piece_kind: str
    requests: list[Request]
    show: Show
    show_piece: Show
    opening: dict[str, Any] | None
    echoes: list[str]
    begins: list[int]


def completion_plan(lm: LanguageModel, body: CompletionBody) -> Plan:
    """/v1/completions."""
    tokenizer = lm.tokenizer
    prompts = body.prompts()
    given = body.sampling() | {"logprobs": body.logprobs, "seed": body.seed}
    given["max_tokens"] = DEFAULT_COMPLETION_TOKENS if body.max_tokens is None else body.max_tokens
    scored = body.logprobs if body.echo else None
    requests = [lm.request(prompt, prompt_logprobs=scored, **given) for prompt in prompts]

    def show(text: str, entries: list[Entry], finish: str | None) -> dict[str, Any]:
        logprobs = None if body.logprobs is None else completion_logprobs(tokenizer, entries)
        return {"text": text, "logprobs": logprobs, "finish_reason": finish}

    texts, begins = [], []
    for prompt, request in zip(prompts, requests, strict=True):
        texts.append(prompt if isinstance(prompt, str) else tokenizer.decode(prompt))
        # A text never becomes a control token by itself: one at the beginning is the server's.
        begins.append(int(isinstance(prompt, str) and request.prompt_ids[0] == lm.begin_id))
    kind = "text_completion"
    return Plan(kind, kind, requests, show, show, None, texts if body.echo else [""] * len(texts), begins)


def chat_plan(lm: LanguageModel, body: ChatBody) -> Plan:
    """/v1/chat/completions."""
    tokenizer = lm.tokenizer
    given = body.sampling() | {"seed": body.seed}
    given["max_tokens"] = (
        body.max_tokens if body.max_completion_tokens is None else body.max_completion_tokens
    )
    given["logprobs"] = (body.top_logprobs or 0) if body.logprobs else None
    request = lm.chat_request(body.plain_messages(), template_options=body.chat_template_kwargs, **given)

    def show(text: str, entries: list[Entry], finish: str | None) -> dict[str, Any]:
        logprobs = chat_logprobs(tokenizer, entries) if body.logprobs else None
        message = {"role": "assistant", "content": text, "refusal": None}
        return {"message": message, "logprobs": logprobs, "finish_reason": finish}

    def show_piece(text: str, entries: list[Entry], finish: str | None) -> dict[str, Any]:
        logprobs = chat_logprobs(tokenizer, entries) if body.logprobs and entries else None
        return {"delta": {"content": text} if text else {}, "logprobs": logprobs, "finish_reason": finish}

    opening = {"delta": {"role": "assistant", "content": ""}, "logprobs": None, "finish_reason": None}
    return Plan("chat.completion", "chat.completion.chunk", [request], show, show_piece, opening, [""], [0])
