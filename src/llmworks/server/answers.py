"""From a plan to the answer: outputs run side by side, and come as one JSON object or as server-sent events.

data: {"id": "cmpl-…", "object": "text_completion", "choices": [{"index": 0, "text": " upon", …}], …}
data: {…}
data: [DONE]
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from llmworks import __version__
from llmworks.inference import ContextLengthError, Event, ParameterError, PromptEvent, Request
from llmworks.inference.sampling import choice_seed, fresh_seed
from llmworks.language_model import LanguageModel
from llmworks.server.errors import as_api_error
from llmworks.server.jobs import Job
from llmworks.server.outputs import Entry, Output, prompt_entries
from llmworks.server.plans import Plan
from llmworks.server.settings import ServerSettings


class Answer:
    """The answer to one HTTP request, in the making. Choice `i` belongs to prompt `i // n`."""

    def __init__(self, plan: Plan, job: Job, lm: LanguageModel, name: str, n: int) -> None:
        self.job = job
        self._plan, self._lm, self._n = plan, lm, n
        prefix = "chatcmpl" if plan.kind.startswith("chat") else "cmpl"
        self._envelope = {
            "id": f"{prefix}-{secrets.token_hex(12)}",
            "created": int(time.time()),
            "model": name,
            "system_fingerprint": f"llmworks-{__version__}",
        }
        self._outputs: list[Output] = []

    def start(self, settings: ServerSettings) -> None:
        """Refuse what is over the limits; hand the rest to the engine."""
        count = self._n * len(self._plan.requests)
        if count > settings.max_choices:
            raise ParameterError(
                "n",
                f"n: {count} outputs (prompts times n) were asked for, at most {settings.max_choices} may be",
            )
        for request in self._plan.requests:
            given, limit = len(request.prompt_ids), settings.max_prompt_tokens
            if limit is not None and given > limit:
                raise ContextLengthError(f"the prompt has {given} tokens; this server takes at most {limit}")
        self._outputs = [Output() for _ in range(count)]
        self.job.submit(self._lm.engine, list(self._choices()))

    def _choices(self) -> Iterator[Request]:
        """n requests for each prompt, each with a seed of its own that follows from the request's."""
        for request in self._plan.requests:
            seed = fresh_seed() if request.sampling.seed is None else request.sampling.seed
            for index in range(self._n):
                yield replace(request, sampling=replace(request.sampling, seed=choice_seed(seed, index)))

    async def whole(self) -> dict[str, Any]:
        """All choices when all have ended."""
        texts = [[self._echo(index)] for index in range(len(self._outputs))]
        entries: list[list[Entry]] = [[] for _ in self._outputs]
        async for index, event in self.job.events():
            text, new = self._read(index, event)
            texts[index].append(text)
            entries[index] += new
        choices = [
            {"index": i, **self._plan.show("".join(texts[i]), entries[i], output.finish_reason)}
            for i, output in enumerate(self._outputs)
        ]
        return {**self._envelope, "object": self._plan.kind, "choices": choices, "usage": self._usage()}

    async def pieces(self, *, usage: bool) -> AsyncIterator[dict[str, Any]]:
        """The same as it comes; with `usage` a last piece without choices tells the numbers of tokens."""
        for index in range(len(self._outputs)):
            if self._plan.opening is not None:
                yield self._piece(index, self._plan.opening, usage)
            if self._echo(index) and self._plan.requests[0].prompt_logprobs is None:
                yield self._piece(index, self._plan.show_piece(self._echo(index), [], None), usage)
        async for index, event in self.job.events():
            text, new = self._read(index, event)
            if isinstance(event, PromptEvent):
                text = self._echo(index)
            if text or new:
                yield self._piece(index, self._plan.show_piece(text, new, None), usage)
            finish = self._outputs[index].finish_reason
            if finish is not None:
                yield self._piece(index, self._plan.show_piece("", [], finish), usage)
        if usage:
            head = {**self._envelope, "object": self._plan.piece_kind}
            yield {**head, "choices": [], "usage": self._usage()}

    def _piece(self, index: int, shown: dict[str, Any], usage: bool) -> dict[str, Any]:
        choices = [{"index": index, **shown}]
        piece = {**self._envelope, "object": self._plan.piece_kind, "choices": choices}
        return piece | {"usage": None} if usage else piece

    def _echo(self, index: int) -> str:
        return self._plan.echoes[index // self._n]

    def _read(self, index: int, event: Event) -> tuple[str, list[Entry]]:
        """New text and entries of a choice, their offsets counted from the beginning of its whole text."""
        if isinstance(event, PromptEvent):
            prompt = index // self._n
            ids, begins = self._plan.requests[prompt].prompt_ids, self._plan.begins[prompt]
            return "", prompt_entries(self._lm.tokenizer, event, ids, begins)
        text, new = self._outputs[index].take(event)
        shift = len(self._echo(index))
        return text, [replace(entry, offset=entry.offset + shift) for entry in new] if shift else new

    def _usage(self) -> dict[str, int]:
        prompt = sum(len(request.prompt_ids) for request in self._plan.requests)
        new = sum(output.tokens for output in self._outputs)
        return {"prompt_tokens": prompt, "completion_tokens": new, "total_tokens": prompt + new}


class EventStream(StreamingResponse):
    """An answer as server-sent events. Its job ends with it, also if the client leaves before it begins."""

    def __init__(self, answer: Answer, *, usage: bool) -> None:
        self._job = answer.job
        headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
        super().__init__(_server_sent(answer, usage), media_type="text/event-stream", headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._job:
            await super().__call__(scope, receive, send)


async def _server_sent(answer: Answer, usage: bool) -> AsyncIterator[str]:
    try:
        async for piece in answer.pieces(usage=usage):
            yield _line(piece)
    except Exception as error:  # the status is sent already: the error goes where the client's eyes are
        yield _line(as_api_error(error).body())
    yield "data: [DONE]\n\n"


def _line(value: dict[str, Any]) -> str:
    # ASCII, since some clients split the stream at U+2028 and its like, which are no line ends here.
    return f"data: {json.dumps(value, separators=(',', ':'))}\n\n"
