"""`llmworks doctor MODEL`: what is wrong with a model, why, and what mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from llmworks.cli import options
from llmworks.cli.console import out, print_json

if TYPE_CHECKING:
    from llmworks.packages.doctor import Finding


def doctor(
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="A package folder, a GGUF file or a bundled name.")
    ],
    quick: Annotated[bool, typer.Option("--quick", help="Do not read the weights' numbers.")] = False,
    json: options.Json = False,
) -> None:
    """Look for the usual faults of a model. The exit status is 1 if there are any."""
    from llmworks.packages.doctor import examine

    report = examine(model, numbers=not quick)
    if json:
        print_json(report.to_dict())
    else:
        for finding in sorted(report.findings, key=lambda one: one.level != "fault"):
            _show(finding)
        count = len(report.faults)
        told = "no faults" if not count else "1 fault" if count == 1 else f"{count} faults"
        out.print(Text(f"{report.path}: {told}", style="green" if report.healthy else "bold red"))
    if not report.healthy:
        raise typer.Exit(1)


def _show(finding: Finding) -> None:
    style = "bold red" if finding.level == "fault" else "yellow"
    out.print(Text(f"{finding.level}: {finding.code}", style=style))
    for name in ("symptom", "cause", "fix"):
        out.print(Text(f"  {name:<8} ", style="dim").append(getattr(finding, name), style="default"))
    out.print()
