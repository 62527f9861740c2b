"""The OpenAI-compatible API: /v1/models, /v1/completions, /v1/chat/completions.

    body ─▶ plan ─▶ one engine request for each output (prompts × n) ─▶ one JSON answer, or server-sent events

The shapes are those of OpenAI's API reference; the tests use OpenAI's own client.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import anyio.to_thread
from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from starlette.requests import Request as HTTPRequest

from llmworks.language_model import LanguageModel
from llmworks.server.answers import Answer, EventStream
from llmworks.server.errors import APIError
from llmworks.server.plans import Plan, chat_plan, completion_plan
from llmworks.server.schemas import ChatBody, CompletionBody, GenerationBody

router = APIRouter(prefix="/v1")
Body = TypeVar("Body", bound=GenerationBody)


@router.get("/models")
def list_models(http: HTTPRequest) -> dict[str, Any]:
    """The models that this server has."""
    return {"object": "list", "data": [_card(http, name) for name in http.app.state.models]}


@router.get("/models/{name:path}")
def get_model(http: HTTPRequest, name: str) -> dict[str, Any]:
    """One of them."""
    return _card(http, find_model(http, name)[0])


@router.post("/completions", response_model=None)
async def completions(http: HTTPRequest, body: CompletionBody) -> Response:
    """Go on from a prompt, or from several."""
    return await _answer(http, body, completion_plan)


@router.post("/chat/completions", response_model=None)
async def chat_completions(http: HTTPRequest, body: ChatBody) -> Response:
    """The assistant's next message."""
    return await _answer(http, body, chat_plan)


async def _answer(
    http: HTTPRequest, body: Body, make_plan: Callable[[LanguageModel, Body], Plan]
) -> Response:
    body.check()
    name, lm = find_model(http, body.model)
    job = http.app.state.desk.open()
    try:
        # Tokenising a long prompt takes a while, and the event loop has others to serve.
        plan = await anyio.to_thread.run_sync(make_plan, lm, body)
        answer = Answer(plan, job, lm, name, body.n or 1)
        answer.start(http.app.state.settings)
        if body.stream:
            usage = body.stream_options is not None and body.stream_options.include_usage
            return EventStream(answer, usage=usage)
        job.cancel_when_client_leaves(http)
        whole = await answer.whole()
    except BaseException:
        job.close()
        raise
    job.close()
    return JSONResponse(whole)


def find_model(http: HTTPRequest, name: str | None) -> tuple[str, LanguageModel]:
    """The model of this name; the first one if none is named."""
    models: dict[str, LanguageModel] = http.app.state.models
    if name is None:
        return next(iter(models.items()))
    if name not in models:
        raise APIError(
            404,
            f"there is no model {name[:100]!r} here; this server has {', '.join(models)}",
            param="model",
            code="model_not_found",
        )
    return name, models[name]


def _card(http: HTTPRequest, name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": http.app.state.started, "owned_by": "llmworks"}
