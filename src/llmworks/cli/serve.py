"""`llmworks serve MODEL`: the OpenAI-compatible HTTP API, nothing else."""

from __future__ import annotations

import errno
import os
import socket
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from llmworks.cli import options
from llmworks.cli.console import err, note
from llmworks.errors import ConfigError

if TYPE_CHECKING:
    from llmworks.language_model import LanguageModel

Host = Annotated[str, typer.Option("--host", help="Address to listen on; 0.0.0.0 opens it to the network.")]
Port = Annotated[
    int, typer.Option("--port", "-p", min=0, max=65535, help="Port to listen on; 0 takes a free one.")
]
ApiKey = Annotated[
    str | None,
    typer.Option("--api-key", envvar="LLMWORKS_API_KEY", help="Callers must send it as a bearer token."),
]


def serve(
    model: options.Model = options.DEFAULT_MODEL,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    api_key: ApiKey = None,
    max_concurrent: Annotated[
        int | None, typer.Option("--max-concurrent", min=1, help="Requests at work at once; more get 429.")
    ] = None,
    max_body_bytes: Annotated[
        int | None, typer.Option("--max-body-bytes", min=1, help="Largest request body; larger ones get 413.")
    ] = None,
    max_prompt_tokens: Annotated[
        int | None, typer.Option("--max-prompt-tokens", min=1, help="Longest prompt; longer ones get 400.")
    ] = None,
    device: options.Device = "auto",
    threads: options.Threads = None,
    context_extension: options.ContextExtension = None,
) -> None:
    """Serve a model over the OpenAI-compatible API."""
    listener = listen(host, port)
    with (
        listener,
        options.language_model(model, device=device, threads=threads, context=context_extension) as lm,
    ):
        app = api(lm, api_key, max_concurrent, max_body_bytes, max_prompt_tokens)
        err.print(f"[bold]{escape(lm.name)}[/bold] answers on [cyan]{url_of(listener)}/v1[/cyan]")
        note("Ctrl-C stops")
        warn_if_open(host, api_key)
        run(app, listener)


def api(
    lm: LanguageModel,
    api_key: str | None = None,
    max_concurrent: int | None = None,
    max_body_bytes: int | None = None,
    max_prompt_tokens: int | None = None,
) -> Any:
    """The API's application with the limits that were given; the server's own defaults otherwise."""
    from llmworks.server.app import create_app

    limits = options.given(
        max_concurrent=max_concurrent, max_body_bytes=max_body_bytes, max_prompt_tokens=max_prompt_tokens
    )
    return create_app(lm, api_key=api_key, **limits)


def listen(host: str, port: int) -> socket.socket:
    """Takes the port before the model is loaded, so that a port in use is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if os.name != "nt":  # elsewhere it lets a restart take the port; on Windows it would let two share it
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ConfigError(_why_not(host, port, error)) from None
    return listener


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} on {host} is in use by another program (perhaps another llmworks). "
            f"Stop that one, or choose another port: --port {port + 1 if port < 65535 else 8000}"
        )
    if error.errno == errno.EACCES:
        return f"port {port} on {host} needs rights that this user lacks; choose one above 1023: --port 8000"
    reason = error.strerror or error
    return f"cannot listen on {host}, port {port}: {reason}. Check --host; this machine is 127.0.0.1"


def url_of(listener: socket.socket) -> str:
    """The address to type into a browser on this machine."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def warn_if_open(host: str, api_key: str | None) -> None:
    if host not in ("127.0.0.1", "localhost", "::1") and not api_key:
        note("open to the network without a key: anybody who reaches this machine can use it (see --api-key)")


def run(app: Any, listener: socket.socket) -> None:
    """Serves until Ctrl-C; a stream in flight has three seconds to end."""
    import uvicorn

    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=3, lifespan="auto")
    uvicorn.Server(config).run(sockets=[listener])
