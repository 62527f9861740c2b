"""The workbench: the page on which a person watches the loop, and the endpoints that it draws from.

    GET  /               the page             POST /api/tokenize   text → tokens
    GET  /api/model      what it is about     POST /api/step       one turn of the loop, every stage of it
    POST /api/render     messages → tokens    POST /api/loop       turn after turn, as server-sent events
                                              POST /api/chat       an answer, as server-sent events

The page keeps the state and sends it whole (prompt, ids made so far, knobs): going back, forcing a token and
sharing a link need no session. `mount(app, lm)` adds all of it to the API's application.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, ConfigDict, Field

from llmworks.errors import ConfigError, LLMWorksError, RequestError
from llmworks.inference import (
    ContextLengthError,
    Event,
    FinishEvent,
    SamplingParams,
    TokenEvent,
)
from llmworks.inference import Request as EngineRequest
from llmworks.language_model import LanguageModel
from llmworks.models.encoder import Encoder
from llmworks.packages import list_bundled
from llmworks.packages.examples import read_examples
from llmworks.server.steps import Reader, StageView, Step, stage_dict, take_step

STATIC = Path(__file__).parent / "static"
MAX_TEXT = 1_000_000  # characters of a prompt; the context ends long before
STAGE_NAMES = {"top_k": "top-k", "top_p": "top-p", "min_p": "min-p"}
POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'"


class Sampling(BaseModel):
    """The knobs. Ranges are checked by SamplingParams, whose messages name them."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=True)

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    seed: int = 0

    def params(self, **more: Any) -> SamplingParams:
        return SamplingParams(**self.model_dump(), **more)


class TokenizeBody(BaseModel):
    text: Annotated[str, Field(max_length=MAX_TEXT)]


class StepBody(BaseModel):
    prompt: Annotated[str, Field(max_length=MAX_TEXT)]
    ids: list[int] = []
    sampling: Sampling = Sampling()


class LoopBody(StepBody):
    max_tokens: Annotated[int, Field(ge=1, le=100_000)] = 60


class RenderBody(BaseModel):
    messages: list[dict[str, Any]]
    prompt: bool = True


class ChatBody(BaseModel):
    messages: list[dict[str, Any]]
    sampling: Sampling = Sampling()
    max_tokens: Annotated[int, Field(ge=1, le=100_000)] | None = None


class Workbench:
    """What the endpoints share: the model, a reader with its cache, and tokens as the page draws them."""

    def __init__(self, lm: LanguageModel) -> None:
        self.lm = lm
        if isinstance(lm.model, Encoder):
            raise ConfigError(
                f"{lm.name} is an encoder: it does not write, and the page shows how a model writes. "
                "`llmworks serve` gives its vectors over HTTP; `llmworks embed` and `llmworks fill` show them"
            )
        self.reader = Reader(lm.model)
        self.special = frozenset(lm.tokenizer.special_tokens.values())

    # Tokens

    def token(self, id: int, **more: Any) -> dict[str, Any]:
        """A token as the page draws it: id, printable label, text (U+FFFD for half a character)."""
        known = 0 <= id < self.lm.tokenizer.vocab_size
        return {
            "id": id,
            "label": self.lm.tokenizer.token_label(id) if known else f"<unused {id}>",
            "text": self.lm.tokenizer.decode([id]) if known else "",
            "special": id in self.special,
            **more,
        }

    def tokens(self, ids: list[int]) -> list[dict[str, Any]]:
        return [self.token(id) for id in ids]

    # What the endpoints answer

    def about(self) -> dict[str, Any]:
        """The model's name, size and shape, and the knobs that its package asks for."""
        config, defaults = self.lm.package.config, self.lm.defaults
        return {
            "name": self.lm.name,
            "load": self.lm.name if self.lm.name in list_bundled() else str(self.lm.package.path.resolve()),
            "parameters": self.lm.model.n_parameters(),
            "layers": config.n_layers,
            "width": config.d_model,
            "heads": getattr(config, "n_heads", 0),
            "vocabulary": config.vocab_size,
            "context": config.max_length,
            "chat": self.lm.package.chat_template is not None,
            "sampling": {name: value for name, value in defaults.items() if name in Sampling.model_fields},
            "examples": read_examples(self.lm.package.card),
        }

    def step(self, prompt: list[int], made: list[int], sampling: Sampling) -> dict[str, Any]:
        """One turn after `prompt` + `made`, drawn and told; {"full": why} where the context has no room."""
        began = perf_counter()
        config = self.lm.package.config
        ids = prompt + made
        bad = next((id for id in made if not 0 <= id < config.vocab_size), None)
        if bad is not None:
            raise RequestError(
                f"ids: {bad} is no token of this model; ids go from 0 to {config.vocab_size - 1}"
            )
        if len(prompt) >= config.max_length:
            raise ContextLengthError(
                f"the prompt has {len(prompt):,} tokens, but this model reads at most {config.max_length:,} "
                f"in all. Shorten it by {len(prompt) - config.max_length + 1:,} or more."
            )
        if len(ids) >= config.max_length:
            return {
                "full": f"The context is full: this model reads at most {config.max_length:,} tokens in all."
            }
        params = sampling.params()
        step = take_step(self.reader.logits(ids), params, prompt, made)
        return self._told(step, 1000 * (perf_counter() - began))

    def _told(self, step: Step, milliseconds: float) -> dict[str, Any]:
        pick = self.token(
            step.pick, p=step.pick_p, q=step.pick_q, draw=step.draw, stop=step.pick in self.lm.engine.eos_ids
        )
        return {
            "tokens": [
                self.token(id, p=p, q=q, removed_by=STAGE_NAMES.get(stage, stage) if stage else None)
                for id, p, q, stage in step.tokens
            ],
            "rest": {"count": step.rest[0], "p": step.rest[1]},
            "stages": [self._stage(view) for view in step.stages],
            "segments": [
                self.token(id, q=q) if id is not None else {"id": None, "label": "others", "q": q}
                for id, q in step.segments
            ],
            "pick": pick,
            "ms": milliseconds,
        }

    def _stage(self, view: StageView) -> dict[str, Any]:
        told = stage_dict(view) | {"name": STAGE_NAMES.get(view.name, view.name)}
        told["removed"] = [self.token(id, p=p) for id, p in view.removed]
        return told

    def loop(self, body: LoopBody) -> Iterator[dict[str, Any]]:
        """Turn after turn until an end token, the budget or the end of the context."""
        prompt, made = self.lm.encode(body.prompt), list(body.ids)
        for _ in range(body.max_tokens):
            told = self.step(prompt, made, body.sampling)
            if "full" in told:
                break
            yield told
            made.append(told["pick"]["id"])
            if told["pick"]["stop"]:
                yield {"finish": "stop"}
                return
        yield {"finish": "length"}

    def render(self, body: RenderBody) -> list[dict[str, Any]]:
        """What the model reads of a conversation: by its template, or the plain texts where it has none."""
        template = self.lm.package.chat_template
        if not body.messages:
            return []
        if template is None:
            return self.tokens(self.lm.encode(plain_text(body.messages)))
        encoded = template.encode(body.messages, self.lm.tokenizer, add_generation_prompt=body.prompt)
        return self.tokens(encoded.ids)

    def chat_request(self, body: ChatBody) -> EngineRequest:
        """The engine's request for an answer; a model without a template goes on with the text."""
        wanted = {**body.sampling.model_dump(), "logprobs": 0, "max_tokens": body.max_tokens}
        if self.lm.package.chat_template is None:
            return self.lm.request(plain_text(body.messages), **wanted)
        return self.lm.chat_request(body.messages, **wanted)

    async def chat(self, body: ChatBody) -> AsyncIterator[dict[str, Any]]:
        """The tokens of one answer as they come; a reader who leaves ends the request."""
        told: asyncio.Queue[Event] = asyncio.Queue()
        here = asyncio.get_running_loop()
        request = self.chat_request(body)
        stream = self.lm.engine.submit(request, lambda event: _hand_over(here, told, event))
        try:
            while True:
                event = await told.get()
                if isinstance(event, TokenEvent):
                    p = math.exp(event.logprob) if event.logprob is not None else None
                    yield {"id": event.id, "text": event.text, "p": p}
                elif isinstance(event, FinishEvent):
                    if event.error is not None:
                        raise event.error
                    if event.text:
                        yield {"id": None, "text": event.text, "p": None}
                    yield {"finish": event.reason, "seed": event.seed}
                    return
        finally:
            stream.cancel()


def plain_text(messages: list[dict[str, Any]]) -> str:
    """The messages' texts end to end: what a model without a template goes on with."""
    return "".join(str(message.get("content", "")) for message in messages)


def _hand_over(loop: asyncio.AbstractEventLoop, queue: asyncio.Queue[Event], event: Event) -> None:
    """From the engine's thread to the server's loop, which may be gone already."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(queue.put_nowait, event)


def router(lm: LanguageModel) -> APIRouter:
    """The page's endpoints."""
    bench = Workbench(lm)
    routes = APIRouter(prefix="/api", include_in_schema=False)

    @routes.get("/model")
    def model() -> dict[str, Any]:
        return bench.about()

    @routes.post("/tokenize")
    def tokenize(body: TokenizeBody) -> dict[str, Any]:
        return {"tokens": bench.tokens(lm.encode(body.text))}

    @routes.post("/step")
    def step(body: StepBody) -> dict[str, Any]:
        prompt = lm.encode(body.prompt)
        return {"prompt": bench.tokens(prompt), **bench.step(prompt, body.ids, body.sampling)}

    @routes.post("/loop")
    def loop(body: LoopBody) -> StreamingResponse:
        turns = bench.loop(body)
        first = next(turns)  # what is wrong with the request is told by a status, not in the stream
        return _stream(_sse(chain([first], turns)))

    @routes.post("/render")
    def render(body: RenderBody) -> dict[str, Any]:
        return {"tokens": bench.render(body)}

    @routes.post("/chat")
    async def chat(body: ChatBody) -> StreamingResponse:
        events = bench.chat(body)
        first = await anext(events)  # likewise
        return _stream(_async_sse(first, events))

    return routes


def mount(app: FastAPI, lm: LanguageModel) -> None:
    """Adds the page, its files and its endpoints to the application."""
    app.include_router(router(lm))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")

    @app.get("/", include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(STATIC / "index.html", headers={"Content-Security-Policy": POLICY})


def _stream(events: Any) -> StreamingResponse:
    return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-cache"})


def _event(value: dict[str, Any]) -> str:
    return f"data: {json.dumps(value)}\n\n"


def _told_error(error: LLMWorksError) -> dict[str, Any]:
    return {"error": {"message": str(error)}}


def _sse(values: Iterable[dict[str, Any]]) -> Iterator[str]:
    try:
        for value in values:
            yield _event(value)
    except LLMWorksError as error:
        yield _event(_told_error(error))


async def _async_sse(first: dict[str, Any], values: AsyncIterator[dict[str, Any]]) -> AsyncIterator[str]:
    yield _event(first)
    try:
        async for value in values:
            yield _event(value)
    except LLMWorksError as error:
        yield _event(_told_error(error))
