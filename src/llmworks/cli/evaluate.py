"""`llmworks eval`: measure a model on tasks, and compare two measurements.

llmworks eval spark-base --tasks blimp --data ~/sets          a table, with 95 % intervals
llmworks eval nina --tasks world --out nina.json              everything, for programs
llmworks eval compare a.json b.json                           paired bootstrap
llmworks eval list                                            tasks and suites in the box
"""

from __future__ import annotations

import json as json_module
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from llmworks.cli import options
from llmworks.cli.console import count, err, note, out, print_json, size, table
from llmworks.errors import ConfigError

if TYPE_CHECKING:
    from llmworks.evals.result import Result, TaskResult
    from llmworks.evals.statistics import Estimate
    from llmworks.evals.task import TaskFile

SHOWN_GROUPS = 40


class _WithModel(TyperGroup):
    """`eval MODEL …` is `eval run MODEL …`; a model of a command's name is written ./list."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["run", *args]
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=_WithModel,
    help="Measure a model on tasks (eval MODEL --tasks …), compare results, list tasks.",
    no_args_is_help=True,
)


@app.command()
def run(
    model: options.Model,
    tasks: Annotated[
        str, typer.Option("--tasks", "-T", help="Tasks, suites or task files (.toml), with commas between.")
    ],
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder with the sets' files (or $LLMWORKS_EVAL_DATA).")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="The first so many items (of each subset).")
    ] = None,
    shots: Annotated[int | None, typer.Option("--shots", min=0, help="Solved examples before each.")] = None,
    chat: Annotated[
        bool, typer.Option("--chat", help="Put questions as conversations, by the chat template.")
    ] = False,
    batch_size: Annotated[int, typer.Option("--batch-size", min=1, help="Rows scored at once.")] = 32,
    world: Annotated[
        str | None,
        typer.Option("--world", metavar="SEED:PEOPLE|FOLDER", help="The world that is asked about (1:1000)."),
    ] = None,
    out_file: Annotated[Path | None, typer.Option("--out", "-o", help="Write everything as JSON.")] = None,
    plots: Annotated[Path | None, typer.Option("--plots", help="Folder for curves as SVG.")] = None,
    log_samples: Annotated[
        bool, typer.Option("--log-samples", help="Prompts and answers of each item into --out.")
    ] = False,
    temperature_scaling: Annotated[
        bool, typer.Option("--temperature-scaling", help="Fit a temperature on half of the items.")
    ] = False,
    by: Annotated[bool, typer.Option("--by/--no-by", help="Show the groups, too.")] = True,
    seed: Annotated[int, typer.Option("--seed", help="Of the bootstrap and of generated questions.")] = 0,
    device: options.Device = "auto",
    threads: options.Threads = None,
    json: options.Json = False,
) -> None:
    """Measure a model: every score with its standard error and 95 % interval."""
    from llmworks.evals.data import data_folder
    from llmworks.evals.result import Settings
    from llmworks.evals.run import run_tasks
    from llmworks.evals.task import find_tasks

    files = find_tasks(name.strip() for name in tasks.split(",") if name.strip())
    settings = Settings(
        data=data_folder(data), limit=limit, shots=shots, chat=chat, batch_size=batch_size, seed=seed,
        temperature_scaling=temperature_scaling, options=_options(world, seed),
    )  # fmt: skip
    with options.language_model(model, device=device, threads=threads) as lm:
        result = _with_progress(lambda tell: run_tasks(lm, files, settings, tell))
    written = result.to_dict(samples=log_samples)
    if out_file is not None:
        out_file.write_text(json_module.dumps(_finite(written), ensure_ascii=False))
    if plots is not None:
        from llmworks.evals.plots import write_plots

        for path in write_plots(result, plots):
            note(f"wrote {path}")
    if json:
        for task in written["tasks"].values():
            task.pop("items")
        print_json(written)
        return
    _show(result, by)
    if out_file is not None:
        note(f"everything is in {out_file}")


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(metavar="A.json", help="A result that --out wrote.")],
    b: Annotated[Path, typer.Argument(metavar="B.json", help="Another, of the same tasks.")],
    seed: Annotated[int, typer.Option("--seed", help="Of the bootstrap.")] = 0,
    by: Annotated[bool, typer.Option("--by", help="Show the groups, too.")] = False,
    json: options.Json = False,
) -> None:
    """Compare two results item by item (paired bootstrap)."""
    from llmworks.evals.compare import compare as compared
    from llmworks.evals.compare import read_result

    left, right = read_result(a), read_result(b)
    made = compared(left, right, seed=seed)
    names = [result["model"].get("name", "?") for result in (left, right)]
    if json:
        print_json({"a": names[0], "b": names[1], "tasks": {task.name: task.to_dict() for task in made}})
        return
    shown = table(
        "task",
        "metric",
        f">{names[0]}",
        f">{names[1]}",
        ">difference",
        ">95 % interval",
        ">p",
        ">better in",
        ">n",
    )
    for task in made:
        rows = [("", "", task.differences)]
        if by:
            rows += [(kind, value, of) for kind, found in task.groups.items() for value, of in found.items()]
        for kind, value, differences in rows:
            for metric, d in differences.items():
                counts = f"{task.better_a[metric]} / {task.better_b[metric]}" if not kind else ""
                shown.add_row(
                    f"  {kind} {value}" if kind else task.name, metric, f"{d.a:.4f}", f"{d.b:.4f}",
                    f"{d.value:+.4f}", f"{d.low:+.4f} … {d.high:+.4f}", f"{d.p:.4f}", counts, count(d.n),
                )  # fmt: skip
    out.print(shown)
    for task in made:
        for text in task.notes:
            note(f"{task.name}: {text}")


@app.command("list")
def list_(json: options.Json = False) -> None:
    """Tasks and suites in the box."""
    from llmworks.evals.task import find_tasks, list_suites, list_tasks

    files = find_tasks(list_tasks())
    if json:
        print_json({"tasks": [_described(file) for file in files], "suites": list_suites()})
        return
    shown = table("task", "kind", "metrics", "what")
    for file in files:
        task = file.task
        shown.add_row(task.name, task.kind, ", ".join(task.metrics), task.title)
    out.print(shown)
    for name, of in list_suites().items():
        out.print(f"suite [bold]{name}[/bold]: {', '.join(of)}")


def _described(file: TaskFile) -> dict[str, Any]:
    task = file.task
    return {
        "name": task.name, "kind": task.kind, "title": task.title, "metrics": task.metrics,
        "source": task.source, "files": task.data.files, "hub": task.data.hub,
        "generator": task.data.generator,
    }  # fmt: skip


def _options(world: str | None, seed: int) -> dict[str, Any]:
    """Settings for generators."""
    made: dict[str, Any] = {"seed": seed}
    if world is None:
        return made
    if Path(world).is_dir():
        return {**made, "world_folder": world}
    parts = world.split(":")
    if len(parts) != 2 or not all(part.isdigit() for part in parts):
        raise ConfigError(
            f"--world {world}: give SEED:PEOPLE, two whole numbers such as 1:1000, or a folder that "
            "`llmworks world make` wrote"
        )
    return {**made, "world_seed": int(parts[0]), "people": int(parts[1])}


def _with_progress(work: Any) -> Result:
    """Run with a bar a task on stderr."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=err, transient=True) as bar:
        bars: dict[str, Any] = {}

        def tell(name: str, done: int, total: int) -> None:
            if name not in bars:
                bars[name] = bar.add_task(name, total=total)
            bar.update(bars[name], completed=min(done, total))

        made: Result = work(tell)
    return made


def _show(result: Result, by: bool) -> None:
    from llmworks.evals.result import peak_memory

    shown = table("task", "metric", ">score", ">± s.e.", ">95 % interval", ">n", ">examples", ">seconds")
    for task in result.tasks:
        for place, (metric, made) in enumerate(task.metrics.items()):
            first = place == 0
            shown.add_row(
                task.task.name if first else "", metric, f"{made.value:.4f}", _number(made.error),
                _interval(made), count(made.n),
                f"{task.shots}{' chat' if task.chat else ''}" if first else "",
                f"{task.speed['seconds']:.1f}" if first else "",
            )  # fmt: skip
    out.print(shown)
    for task in result.tasks:
        if by:
            _show_groups(task)
        _show_calibration(task)
        if task.rows.missing:
            subsets = len(task.task.data.subsets)
            note(f"{task.task.name}: {subsets - len(task.rows.missing)} of {subsets} subsets were found")
    model = result.model
    note(
        f"{model['name']}: {count(model['parameters'])} parameters, weights {model['weights_sha256'][:12]} "
        f"({'unchanged by the run' if model['weights_unchanged'] else 'CHANGED by the run'}); "
        f"{result.seconds:.0f} s and {size(peak_memory())} in all"
    )


def _show_groups(result: TaskResult) -> None:
    for by, found in result.groups.items():
        metrics = list(result.metrics)
        shown = table(
            f"{result.task.name} by {by}", *(f">{name}" for name in metrics), ">95 % interval", ">n"
        )
        for value, of in list(found.items())[:SHOWN_GROUPS]:
            first = of.get(metrics[0])
            shown.add_row(
                value, *(f"{of[name].value:.4f}" if name in of else "–" for name in metrics),
                "–" if first is None else _interval(first), "–" if first is None else count(first.n),
            )  # fmt: skip
        out.print()
        out.print(shown)
        if len(found) > SHOWN_GROUPS:
            note(f"{len(found) - SHOWN_GROUPS} more are in --out FILE")


def _show_calibration(result: TaskResult) -> None:
    made = result.calibration
    if made is None:
        return
    line = (
        f"{result.task.name}: right {made['accuracy']:.3f}, sure {made['confidence']:.3f} "
        f"(when right {_number(made['when_right'])}, when wrong {_number(made['when_wrong'])}); "
        f"ECE {made['ece']:.4f} (equal mass {made['ece_mass']:.4f}), Brier {made['brier']:.4f}, "
        f"AURC {made['aurc']:.4f} (best possible {made['aurc_best']:.4f})"
    )
    scaling = made.get("temperature_scaling")
    if scaling:
        line += (
            f"; at temperature {scaling['temperature']:.3f} ECE {scaling['ece_before']:.4f} → "
            f"{scaling['ece_after']:.4f} on the other half"
        )
    note(line)


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.4f}"


def _interval(made: Estimate) -> str:
    return "–" if math.isnan(made.low) else f"{made.low:.4f} … {made.high:.4f}"


def _finite(value: Any) -> Any:
    """NaN and infinities, which JSON lacks, become null."""
    from llmworks.cli.console import _finite as finite

    return finite(value)
