"""`llmworks up`: the workbench. Opens a model, the page that shows its loop, and the API beside it."""

from __future__ import annotations

import webbrowser
from typing import Annotated

import typer
from rich.markup import escape

from llmworks.cli import options
from llmworks.cli.console import err
from llmworks.cli.serve import ApiKey, Host, Port, api, listen, run, url_of, warn_if_open


def up(
    model: options.Model = options.DEFAULT_MODEL,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    api_key: ApiKey = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    device: options.Device = "auto",
    threads: options.Threads = None,
) -> None:
    """Open the workbench in a browser: watch the model's loop, chat, call the API."""
    listener = listen(host, port)
    with listener:
        err.print(f"[dim]loading {escape(str(model))} ...[/dim]")
        with options.language_model(model, device=device, threads=threads) as lm:
            from llmworks.server.workbench import mount

            app = api(lm, api_key)
            mount(app, lm)
            url = url_of(listener)
            err.print(f"\n  [bold]llmworks[/bold]  {escape(lm.name)}\n")
            err.print(f"  page  [bold cyan]{url}[/bold cyan]")
            err.print(f"  API   [cyan]{url}/v1[/cyan]")
            err.print("\n  [dim]Ctrl-C stops[/dim]")
            warn_if_open(host, api_key)
            if open_browser:
                webbrowser.open(url)
            run(app, listener)
