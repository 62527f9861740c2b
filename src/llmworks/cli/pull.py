"""`llmworks pull NAME`: a model from the Hugging Face Hub, into this person's registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from llmworks.cli import options
from llmworks.cli.console import count, err, note, out, print_json, size

if TYPE_CHECKING:
    from llmworks.packages.hub import Plan
    from llmworks.packages.registry import Record


def pull(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="owner/name, owner/name@REVISION, or owner/name:Q4_K_M (one GGUF)."
        ),
    ],
    revision: Annotated[str | None, typer.Option("--revision", help="A branch, a tag or a commit.")] = None,
    file: Annotated[str | None, typer.Option("--file", help="One GGUF file of the repository.")] = None,
    convert_pickle: Annotated[
        bool,
        typer.Option(
            "--convert-pickle",
            help="Where there is no safetensors file: open the pickle with torch's weights-only loader and "
            "save it as safetensors.",
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be fetched.")] = False,
    json: options.Json = False,
) -> None:
    """Fetch a model; go on where it was cut off; check every byte."""
    from llmworks.errors import PackageError
    from llmworks.packages import hub, pickles, registry

    plan = hub.plan(name, revision=revision, file=file, pickles=convert_pickle)
    note(
        f"{plan.name} at {plan.revision[:12]}: {count(len(plan.files))} files, {size(plan.bytes)}; "
        f"licence: {plan.licence or 'none is named: ask its owner before you build on it'}"
    )
    if dry_run:
        _show_plan(plan, json)
        return
    record = _pull_with_bar(plan)
    folder = registry.model_folder(plan.name)
    if plan.pickled and not list(folder.glob("*.safetensors")):
        note("converting the pickle, in a process of its own")
        try:
            pickles.convert(folder)
        except PackageError:
            registry.remove(plan.name)  # what will never open is not kept
            raise
    if json:
        print_json(record.model_dump())
        return
    out.print(
        f'{record.name} is in {record.path}\nrun it: llmworks generate {record.name} "Once"', markup=False
    )


def _show_plan(plan: Plan, json: bool) -> None:
    files = {one.path: one.size for one in plan.files}
    if json:
        about = {"name": plan.name, "revision": plan.revision, "licence": plan.licence, "bytes": plan.bytes}
        print_json(about | {"files": files})
        return
    for path, length in files.items():
        out.print(f"{size(length):>10}  {path}", markup=False)


def _pull_with_bar(plan: Plan) -> Record:
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    from llmworks.packages import pulling

    done: dict[str, int] = {}
    columns = (
        TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TransferSpeedColumn(),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(plan.name, total=plan.bytes)

        def progress(path: str, have: int, total: int) -> None:
            done[path] = have
            bar.update(task, description=path, completed=sum(done.values()))

        return pulling.pull(plan, progress)
