"""`llmworks data`: from documents of any quality to clean ones, to token shards, and what is in them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from llmworks.cli import options
from llmworks.cli.console import count, note, out, print_json, size, table
from llmworks.cli.tokenize import load_tokenizer

app = typer.Typer(help="Documents cleaned, made token shards, and what is in them.", no_args_is_help=True)

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


@app.command()
def clean(
    sources: Sources,
    out_dir: Annotated[
        Path, typer.Option("--out", "-o", help="Folder of the clean documents and the report.")
    ],
    recipe: Annotated[
        Path | None, typer.Option("--recipe", "-r", help="A TOML file; see recipes/cleaning.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KIND.KEY=VALUE", help="One setting: length.min_characters=100."),
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="KIND", help="Leave a stage out.")
    ] = None,
    tokenizer: Annotated[
        str | None, typer.Option("--tokenizer", "-t", help="Count tokens with it, too.")
    ] = None,
    text_field: TextField = "text",
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes.")] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace what was cleaned otherwise.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Clean documents: languages, quality, copies, personal data; the same command resumes."""
    from llmworks.data.cleaning import CleaningRecipe, clean_documents

    made = clean_documents(
        sources, out_dir, CleaningRecipe.load(recipe, settings or (), without or ()), text_field=text_field,
        tokenizer=tokenizer, workers=workers, overwrite=overwrite, progress=not json,
    )  # fmt: skip
    _show_funnel(made, json)
    if not json:
        note(f"{out_dir}/report.html shows examples; {out_dir}/documents is ready for `llmworks data build`")


@app.command()
def funnel(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that `data clean` made.")],
    examples: Annotated[bool, typer.Option("--examples", help="Show what was dropped, as Markdown.")] = False,
    json: options.Json = False,
) -> None:
    """What each stage of a cleaning dropped and changed."""
    from llmworks.data.cleaning.report import CleaningReport

    made = CleaningReport.load(folder)
    if examples and not json:
        out.print(made.markdown(), markup=False)
    else:
        _show_funnel(made, json)


@app.command()
def stages(json: options.Json = False) -> None:
    """The stages that a cleaning recipe may have, with their settings."""
    from llmworks.data.cleaning.recipe import DEFAULT, describe_stages

    described = describe_stages()
    if json:
        print_json({"stages": described, "default": DEFAULT})
        return
    for stage in described:
        out.print(f"[bold]{stage['kind']}[/bold]  {stage['what']}")
        for name, value in stage["settings"].items():
            out.print(f"    {name} = {value}", style="dim", markup=False)


@app.command()
def mix(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE=WEIGHT[:EPOCHS]...", help="books=2 wiki.jsonl.xz=1:3")
    ],
    out_dir: Annotated[Path, typer.Option("--out", "-o", help="Folder of the mixed documents.")],
    megabytes: Annotated[float, typer.Option("--megabytes", help="Size of the mixture, in 10^6 bytes.")],
    seed: Annotated[int, typer.Option("--seed", help="Shuffles the documents of each epoch.")] = 0,
    text_field: TextField = "text",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what is there.")] = False,
    json: options.Json = False,
) -> None:
    """Mix sources by weight into one stream of documents, each at most so many times over."""
    from llmworks.data.cleaning.mixing import mix_documents, parse_part

    parts = [parse_part(source) for source in sources]
    made = mix_documents(
        parts, out_dir, int(megabytes * 1e6), seed=seed, text_field=text_field, overwrite=overwrite
    )
    if json:
        print_json(made.model_dump(mode="json"))
        return
    shown = table("source", ">weight", ">share", ">documents", ">size", ">epochs")
    for part in made.parts:
        share = part.bytes / made.bytes if made.bytes else 0.0
        shown.add_row(
            part.spec, f"{part.weight:g}", f"{share:.1%}", count(part.documents), size(part.bytes),
            f"{part.epochs:.2f}",
        )  # fmt: skip
    out.print(shown)
    for line in made.notes:
        note(line)


def _show_funnel(made: Any, json: bool) -> None:
    if json:
        print_json(made.model_dump(mode="json"))
        return
    shown = table("stage", ">documents", ">size", ">kept", ">tokens", ">changed", "dropped")
    tokens = count(made.read.tokens) if made.tokenizer else "–"
    shown.add_row("read", count(made.read.documents), size(made.read.bytes), "100.0%", tokens)
    for stage in made.stages:
        left = stage.documents_out
        kept = left.bytes / made.read.bytes if made.read.bytes else 0.0
        gone = sorted(stage.dropped.items(), key=lambda item: -item[1].documents)
        why = [f"{count(totals.documents)} × {reason}" for reason, totals in gone]
        shown.add_row(
            stage.name, count(left.documents), size(left.bytes), f"{kept:.1%}",
            count(left.tokens) if made.tokenizer else "–", count(stage.changed) if stage.changed else "",
            ", ".join(why[:4]) + (" …" if len(why) > 4 else ""),
        )  # fmt: skip
    out.print(shown)
    note(made.summary())


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
