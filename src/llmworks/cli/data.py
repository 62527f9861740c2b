"""`llmworks data`: from documents to token shards, and what is in them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from llmworks.cli import options
from llmworks.cli.console import count, note, out, print_json, size, table
from llmworks.cli.tokenize import load_tokenizer

app = typer.Typer(help="Documents to token shards, and what is in them.", no_args_is_help=True)

Sources = Annotated[
    list[str],
    typer.Argument(metavar="SOURCE...", help="File, folder, .jsonl(.gz .xz .zst), hf:NAME, - for stdin."),
]
REPORTED = ("documents", "copies", "characters", "longest", "size", "tokens")
TextField = Annotated[
    str, typer.Option("--text-field", help="The field of a .jsonl row that holds the text.")
]


@app.command()
def build(
    sources: Sources,
    tokenizer: Annotated[str, typer.Option("--tokenizer", "-t", help="A package or a tokenizer file.")],
    out_dir: Annotated[Path, typer.Option("--out", "-o", help="Folder of the shards.")],
    validation: Annotated[float, typer.Option("--validation", help="Share of documents held out.")] = 0.01,
    seed: Annotated[int, typer.Option("--seed", help="Chooses which documents are held out.")] = 0,
    text_field: TextField = "text",
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Tokenizing threads.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace shards made otherwise.")] = False,
    json: options.Json = False,
) -> None:
    """Tokenize documents into memory-mapped shards; the same command resumes."""
    from llmworks.data.shards import build_shards

    shards = build_shards(
        sources, load_tokenizer(tokenizer), out_dir, validation=validation, seed=seed, text_field=text_field,
        workers=workers, overwrite=overwrite, progress=not json,
    )  # fmt: skip
    _tell(shards, json)


@app.command()
def info(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that `data build` made.")],
    json: options.Json = False,
) -> None:
    """What a folder of shards holds."""
    from llmworks.data.shards import ShardSet

    _tell(ShardSet.open(folder), json)


@app.command()
def report(
    sources: Sources,
    tokenizer: Annotated[
        str | None, typer.Option("--tokenizer", "-t", help="Count tokens with it, too.")
    ] = None,
    text_field: TextField = "text",
    json: options.Json = False,
) -> None:
    """Read documents without writing anything: how many, how long, what is left out."""
    from llmworks.data.report import report_source

    cutter = load_tokenizer(tokenizer) if tokenizer else None
    reports = [asdict(report_source(source, cutter, text_field=text_field)) for source in sources]
    if json:
        print_json({"sources": reports})
    else:
        _show_reports(reports)


def _tell(shards: Any, json: bool) -> None:
    manifest = shards.manifest.model_dump(mode="json")
    if json:
        print_json({"path": str(shards.path), **manifest})
        return
    shown = table("split", ">documents", ">characters", ">bytes", ">tokens", ">bytes a token")
    for name, split in manifest["splits"].items():
        ratio = split["bytes"] / split["tokens"] if split["tokens"] else 0.0
        numbers = (count(split[key]) for key in ("documents", "characters", "bytes", "tokens"))
        shown.add_row(name, *numbers, f"{ratio:.2f}")
    out.print(shown)
    note(f"{shards.path}: {manifest['dtype']}, vocabulary {count(manifest['vocab_size'])}")


def _show_reports(reports: list[dict[str, Any]]) -> None:
    shown = table("source", *(f">{name}" for name in REPORTED), "left out")
    for row in reports:
        left_out = [f"{number} × {reason}" for reason, number in row["skipped"].items()]
        if row["replaced"]:
            left_out.append(f"{row['replaced']} characters replaced")
        shown.add_row(
            row["source"], count(row["documents"]), count(row["copies"]), count(row["characters"]),
            count(row["longest"]), size(row["bytes"]), "–" if row["tokens"] is None else count(row["tokens"]),
            ", ".join(left_out) or "nothing",
        )  # fmt: skip
    out.print(shown)
    for sample in (sample for row in reports for sample in row["samples"]):
        out.print(f"\n{sample['source']}", style="dim", markup=False)
        out.print(sample["text"], markup=False)
