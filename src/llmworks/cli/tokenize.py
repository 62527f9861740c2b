"""`llmworks tokenize MODEL TEXT`: how a tokenizer cuts a text, and the ids that it gives the pieces."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from llmworks.cli import options
from llmworks.cli.console import count, out, print_json, table
from llmworks.errors import TokenizerError

if TYPE_CHECKING:
    from llmworks.text.metrics import TokenMetrics
    from llmworks.text.tokenizer import Tokenizer

# Backgrounds that neighbours alternate through; black text stays readable on each.
TINTS = ("#f6c9b8", "#bfe3c4", "#c7d4f5", "#f3e3a6", "#e3c8ee", "#b9e4e4")


def tokenize(
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="A package folder, a bundled name or a tokenizer file.")
    ],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The text; - reads standard input.")],
    explain: Annotated[bool, typer.Option("--explain", help="Show the merges in order.")] = False,
    metrics: Annotated[bool, typer.Option("--metrics", help="Characters and bytes a token.")] = False,
    allow_special: Annotated[
        bool, typer.Option("--allow-special", help="Read control tokens such as <|endoftext|> in TEXT.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Cut a text into tokens and show their ids."""
    tokenizer = load_tokenizer(model)
    if text == "-":
        text = options.read_text("-", what="TEXT")
    ids = tokenizer.encode(text, allow_special=allow_special)
    labels = [tokenizer.token_label(id) for id in ids]
    answer: dict[str, Any] = {"ids": ids, "tokens": labels}
    if metrics:
        from llmworks.text.metrics import measure

        answer["metrics"] = _plain(measure(tokenizer, text))
    if explain:
        answer["explain"] = tokenizer.explain(text).to_dict()
    if json:
        print_json(answer)
        return
    _show_blocks(ids, labels, special=set(tokenizer.special_tokens.values()))
    if metrics:
        _show_metrics(answer["metrics"])
    if explain:
        out.print()
        out.print(str(tokenizer.explain(text)), markup=False)


def load_tokenizer(model: str) -> Tokenizer:
    """The tokenizer of a package or of a file. Folders and files are read without importing torch."""
    from llmworks.text.formats import NAMES_IN_FOLDER
    from llmworks.text.tokenizer import Tokenizer

    path = Path(model).expanduser()
    if path.is_file():
        return Tokenizer.from_file(path)
    if any((path / name).is_file() for name in NAMES_IN_FOLDER):
        return Tokenizer.from_file(path)
    from llmworks.packages import Package

    tokenizer = Package.load(model).tokenizer
    if tokenizer is None:
        raise TokenizerError(f"{model}: this package has no tokenizer. Give the path of a tokenizer file.")
    return tokenizer


def _plain(metrics: TokenMetrics) -> dict[str, float]:
    return {
        **asdict(metrics),
        "characters_per_token": metrics.characters_per_token,
        "bytes_per_token": metrics.bytes_per_token,
    }


def _show_blocks(ids: list[int], labels: list[str], special: set[int]) -> None:
    line = Text()
    for place, label in enumerate(labels):
        style = "bold white on #a3324a" if ids[place] in special else f"black on {TINTS[place % len(TINTS)]}"
        line.append(label, style=style)
    if not out.is_terminal:
        line = Text("|".join(labels))
    out.print(line)
    out.print(Text(" ".join(str(id) for id in ids), style="dim"))
    out.print(Text(f"{count(len(ids))} tokens", style="dim"))


def _show_metrics(metrics: dict[str, float]) -> None:
    shown = table("characters", "bytes", "tokens", "characters a token", "bytes a token")
    shown.add_row(
        *(count(int(metrics[name])) for name in ("characters", "bytes", "tokens")),
        *(f"{metrics[name]:.2f}" for name in ("characters_per_token", "bytes_per_token")),
    )
    out.print()
    out.print(shown)
