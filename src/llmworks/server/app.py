"""The HTTP application: the gate, the OpenAI-compatible API, and /health.

app = create_app(llmworks.load("spark"), api_key="…")
uvicorn.run(app, host="127.0.0.1", port=8000)
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request as HTTPRequest

from llmworks import __version__
from llmworks.errors import ConfigError
from llmworks.language_model import LanguageModel
from llmworks.server import embeddings
from llmworks.server.errors import install_error_handlers
from llmworks.server.gate import Gate
from llmworks.server.jobs import Desk
from llmworks.server.openai_api import router
from llmworks.server.settings import ServerSettings


def create_app(
    models: LanguageModel | Mapping[str, LanguageModel],
    settings: ServerSettings | None = None,
    **changes: Any,
) -> FastAPI:
    """An application that serves these models, by their names; `changes` are fields of ServerSettings.

    A request that names no model gets the first. Engines belong to the caller, who closes them.
    """
    settings = replace(settings or ServerSettings(), **changes)
    app = FastAPI(title="llmworks", version=__version__, docs_url=None, redoc_url=None)
    app.state.models = {models.name: models} if isinstance(models, LanguageModel) else dict(models)
    if not app.state.models:
        raise ConfigError("a server needs at least one model; none was given")
    app.state.settings = settings
    app.state.desk = Desk(settings.max_concurrent)
    app.state.started = int(time.time())
    install_error_handlers(app)
    app.include_router(router)
    app.include_router(embeddings.router)
    app.add_api_route("/health", health, methods=["GET", "HEAD"])
    app.add_middleware(Gate, settings=settings)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
        )
    return app


def health(http: HTTPRequest) -> dict[str, Any]:
    """Alive, and how busy: requests at work here, outputs that run or wait on the engines."""
    states = [lm.engine.status() for lm in http.app.state.models.values()]
    return {
        "status": "ok",
        "version": __version__,
        "requests": http.app.state.desk.taken,
        "running": sum(state.running for state in states),
        "waiting": sum(state.waiting for state in states),
    }
