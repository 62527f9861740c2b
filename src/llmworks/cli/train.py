"""`llmworks train`: a recipe, or just a folder of text, into a model package.

    llmworks train --data FOLDER --depth 2 --steps 30 --out DIR
    llmworks train recipes/small.toml --set optimizer.lr=0.01 --out DIR

The same command again resumes where the run was stopped.
"""

from __future__ import annotations

from dataclasses import asdict
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmworks.cli import options
from llmworks.cli.console import count, out, print_json, table
from llmworks.errors import ConfigError

if TYPE_CHECKING:
    from llmworks.training.run import Result


def train(
    recipe: Annotated[Path | None, typer.Argument(metavar="RECIPE.toml", help="A recipe file.")] = None,
    data: Annotated[
        list[str] | None,
        typer.Option("--data", help="Text to train on: file, folder, .jsonl, hf:NAME (repeatable)."),
    ] = None,
    out_dir: Annotated[
        Path, typer.Option("--out", "-o", help="Folder of the run; the package ends in it.")
    ] = Path("runs/model"),
    depth: Annotated[
        int | None, typer.Option("--depth", min=1, help="The one dial: layers; width, rate and batch follow.")
    ] = None,
    steps: Annotated[int | None, typer.Option("--steps", min=1, help="Optimiser steps.")] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", help="Override one value of the recipe: key=value (repeatable)."),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option("--resume/--no-resume", help="Go on with the run that the folder holds, or refuse it."),
    ] = True,
    threads: options.Threads = None,
    json: options.Json = False,
) -> None:
    """Train a model from a recipe, or from a folder of text alone."""
    if recipe is None and not data:
        raise typer.BadParameter("give a recipe file, or text to train on: --data FOLDER")
    overrides = list(changes or [])
    overrides += [f"depth={depth}"] if depth else []
    overrides += [f"training.steps={steps}"] if steps else []
    overrides += [f"training.threads={threads}"] if threads else []
    if data:
        # JSON's strings are TOML's, so a path with quotes or backslashes arrives as it is.
        sources = ", ".join(f"{{ path = {dumps(path, ensure_ascii=False)} }}" for path in data)
        overrides.append(f"data.sources=[{sources}]")
    from llmworks.training.recipe import Recipe
    from llmworks.training.run import train as train_model

    asked = Recipe.load(recipe, overrides=overrides)
    if not asked.data.sources:
        raise ConfigError("the recipe names no text: give [data] sources in it, or --data FOLDER")
    result = train_model(asked, out_dir, resume="auto" if resume else "never")
    if json:
        print_json(told(result))
    elif result.evaluation is not None:
        _show(result)
    if not result.finished:
        raise typer.Exit(130)


def told(result: Result) -> dict[str, Any]:
    """A training result as plain data; `package` is null where the run was stopped early."""
    held_out = result.evaluation
    evaluation = None
    if held_out is not None:
        evaluation = {
            **asdict(held_out), "bits_per_byte": held_out.bits_per_byte, "perplexity": held_out.perplexity
        }  # fmt: skip
    return {
        "package": str(result.package) if result.package else None,
        "steps": result.steps,
        "loss": result.loss,
        "evaluation": evaluation,
        "seconds": result.seconds,
    }


def _show(result: Result) -> None:
    shown = table("package", ">steps", ">held-out loss", ">bits a byte", ">perplexity")
    held_out = result.evaluation
    assert held_out is not None
    shown.add_row(
        str(result.package or "(stopped)"), count(result.steps), f"{held_out.loss:.4f}",
        f"{held_out.bits_per_byte:.4f}", f"{held_out.perplexity:,.1f}",
    )  # fmt: skip
    out.print(shown)
