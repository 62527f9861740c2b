"""A real server on a free port, with a tiny random model."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import torch
import uvicorn
from fastapi import FastAPI

from llmworks.language_model import LanguageModel, load
from llmworks.server.app import create_app
from tests.support import tiny_package


@pytest.fixture(scope="session")
def lm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageModel]:
    torch.set_num_threads(1)
    lm = load(tiny_package(tmp_path_factory.mktemp("served"), max_length=256))
    for parameter in lm.model.parameters():  # fresh weights are almost uniform; these have opinions
        parameter.data.mul_(3)
    yield lm
    lm.close()


@dataclass
class Served:
    """A running server."""

    url: str
    port: int
    app: FastAPI

    @property
    def busy(self) -> dict[str, int]:
        """Requests at work, and what the engine runs."""
        (lm,) = self.app.state.models.values()
        status = lm.engine.status()
        return {
            "requests": self.app.state.desk.taken,
            "running": status.running,
            "waiting": status.waiting,
            "cache_bytes": status.cache_bytes,
        }

    def until_idle(self, seconds: float = 10) -> None:
        deadline = time.monotonic() + seconds
        while any(self.busy.values()):
            assert time.monotonic() < deadline, f"still at work: {self.busy}"
            time.sleep(0.005)


@contextlib.contextmanager
def serving(app: FastAPI) -> Iterator[Served]:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.005)
    yield Served(f"http://127.0.0.1:{port}", port, app)
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture(scope="session")
def served(lm: LanguageModel) -> Iterator[Served]:
    """The server with its default settings."""
    with serving(create_app({"tiny": lm})) as server:
        yield server


@pytest.fixture
def serve(lm: LanguageModel) -> Iterator[Callable[..., Served]]:
    """A server with settings of the test's own."""
    with contextlib.ExitStack() as stack:

        def start(**changes: Any) -> Served:
            return stack.enter_context(serving(create_app({"tiny": lm}, **changes)))

        yield start
