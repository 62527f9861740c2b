"""`llmworks models`: the models that are here, and their coming and going."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmworks.cli import options
from llmworks.cli.console import note, out, print_json, size, table

if TYPE_CHECKING:
    from llmworks.packages.registry import Record

app = typer.Typer(help="The models that are here: list, add, remove, convert.", invoke_without_command=True)

ConvertPickle = Annotated[
    bool,
    typer.Option(
        "--convert-pickle",
        help="Open pickled weights (.bin, .pt, .pth) with torch's weights-only loader; save as safetensors.",
    ),
]


@app.callback()
def models(context: typer.Context, json: options.Json = False) -> None:
    """List the models that `llmworks.load` knows by name."""
    if context.invoked_subcommand is None:
        show(json)


@app.command("list")
def list_models(json: options.Json = False) -> None:
    """List the models that are here, as `llmworks models` alone does."""
    show(json)


def show(json: bool) -> None:
    """The bundled models and the registry's, as a table or as JSON."""
    from llmworks.packages import registry

    rows = [*_bundled(), *(_row(record) for record in registry.list_records())]
    if json:
        print_json(rows)
        return
    shown = table("name", ">size", "family", "licence", "where")
    for row in rows:
        where = row["path"] if row["source"] != "bundled" else "with llmworks"
        if row.get("steps"):
            where += f"; while it learned: {row['name']}@" + ", @".join(map(str, row["steps"]))
        shown.add_row(
            row["name"], size(row["bytes"]) if row["here"] else "gone", row["family"], row["licence"], where
        )
    out.print(shown)
    note(f"the registry is in {registry.home()} (LLMWORKS_HOME); `llmworks pull owner/name` adds to it")


@app.command()
def add(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A package folder or a GGUF file.")],
    name: Annotated[
        str | None, typer.Option("--name", help="What to call it (default: its own name).")
    ] = None,
    convert_pickle: ConvertPickle = False,
    json: options.Json = False,
) -> None:
    """Give a model that lies somewhere a name; it stays where it is."""
    from llmworks.packages import Package, pickles, pulling
    from llmworks.packages.adapters import is_adapter, read_adapter

    place = Path(path).expanduser()
    if convert_pickle and place.is_dir() and not list(place.glob("*.safetensors")):
        pickles.convert(place)
    if is_adapter(place):
        read_adapter(place)
    else:
        Package.load(place)  # what cannot be opened gets no name
    record = pulling.add(place, name)
    if json:
        print_json(record.model_dump())
    else:
        out.print(f"{record.name} is {record.path}", markup=False)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As `llmworks models` lists it.")],
    json: options.Json = False,
) -> None:
    """Forget a model; delete its files if they were pulled."""
    from llmworks.packages import registry

    record = registry.remove(name)
    if json:
        print_json(record.model_dump())
    else:
        what = "and its files deleted" if record.source == "pulled" else f"; its files stay in {record.path}"
        out.print(f"{record.name} is forgotten {what}", markup=False)


@app.command()
def convert(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="A folder with pytorch_model.bin, or one pickle.")
    ],
    convert_pickle: ConvertPickle = False,
) -> None:
    """Turn pickled weights into safetensors, beside."""
    from llmworks.errors import PackageError
    from llmworks.packages import pickles

    if not convert_pickle:
        raise PackageError(
            f"{path}: a pickle is a program. If you trust where it comes from, say so with --convert-pickle: "
            "its opcodes are then checked, and torch's weights-only loader opens it in a process of its own."
        )
    out.print(str(pickles.convert(path)), markup=False)


def _bundled() -> list[dict[str, Any]]:
    from llmworks.packages import list_bundled, registry
    from llmworks.packages.bundled import bundled_path, list_steps
    from llmworks.packages.pulling import family_of

    rows = []
    for name in list_bundled():
        path = bundled_path(name)
        assert path is not None
        rows.append({
            "name": name, "source": "bundled", "path": str(path), "family": family_of(path), "here": True,
            "licence": _card_licence(path), "bytes": registry.size_of(path), "revision": "",
            "steps": list_steps(name),
        })  # fmt: skip
    return rows


def _card_licence(folder: Path) -> str:
    """`license:` in the front matter of a card."""
    card = folder / "README.md"
    lines = card.read_text(encoding="utf-8").splitlines()[:40] if card.exists() else []
    if not lines or lines[0] != "---":
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("license:")), "")


def _row(record: Record) -> dict[str, Any]:
    return record.model_dump(exclude={"files"}) | {"bytes": record.bytes, "here": record.exists}
