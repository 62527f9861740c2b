"""The command `llmworks`: one verb a file, gathered here.

    llmworks up                       the workbench in a browser, with the API beside it
    llmworks generate spark "Once"    text from a prompt
    llmworks train --data FOLDER      a tokenizer and a model from a folder of text

A verb imports what is heavy only when it runs, so `--help` and a mistyped option answer at once.
What a user can mend is shown as one message, never as a traceback: exit status 1, or 2 for a command
line that makes no sense, 130 after Ctrl-C.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import Annotated

import typer

from llmworks import __version__
from llmworks.cli import (
    chat,
    compress,
    data,
    doctor,
    embed,
    evaluate,
    export,
    fill,
    generate,
    inspect,
    models,
    ngram,
    pull,
    score,
    serve,
    template,
    tokenize,
    train,
    up,
    world,
)
from llmworks.cli.console import fail
from llmworks.errors import LLMWorksError

app = typer.Typer(
    name="llmworks",
    help="The whole life of a language model in one glass box.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
# The order is that of the help page.
app.command()(up.up)
app.command()(serve.serve)
app.command()(chat.chat)
app.command()(generate.generate)
app.command()(tokenize.tokenize)
app.command()(train.train)
app.add_typer(data.app, name="data")
app.add_typer(world.app, name="world")
app.command()(inspect.inspect)
app.command()(score.score)
app.add_typer(evaluate.app, name="eval")
app.add_typer(ngram.app, name="ngram")
app.command()(compress.compress)
app.command()(compress.decompress)
app.command()(template.template)
app.command()(doctor.doctor)
app.command()(export.export)
app.command()(pull.pull)
app.add_typer(models.app, name="models")
app.command()(embed.embed)
app.command()(fill.fill)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"llmworks {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Entry point of the console script: runs the verb and maps what went wrong to an exit status."""
    try:
        app(prog_name="llmworks")
    except LLMWorksError as error:
        fail(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        if error.errno == errno.EPIPE:  # the reader of our pipe went away: `llmworks … | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        if error.filename is None:
            raise
        fail(f"{error.filename}: {(error.strerror or str(error)).lower()}")
        sys.exit(1)


if __name__ == "__main__":
    main()
