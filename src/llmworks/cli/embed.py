"""`llmworks embed MODEL TEXT…`: the vectors of texts, and how alike the texts are.

cos(a, b) = a · b / (|a| |b|)        1: the same direction; near 0: nothing in common
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from llmworks.cli import options
from llmworks.cli.console import note, out, print_json, table
from llmworks.errors import DataError

SHOWN_NUMBERS = 4
SHOWN_TEXTS = 12


def embed(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A package folder, a name or a Hub name.")],
    texts: Annotated[list[str] | None, typer.Argument(metavar="TEXT…", help="One text or several.")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="A file with a text a line; - reads stdin.")
    ] = None,
    prompt: Annotated[
        str | None, typer.Option("--prompt", help="One of the package's prompts, by its name.")
    ] = None,
    pooling: Annotated[
        str | None,
        typer.Option("--pooling", help="first, mean, max, last, sqrt, weighted (default: the package's)."),
    ] = None,
    normalize: Annotated[
        bool | None, typer.Option("--normalize/--raw", help="Vectors of length 1 (default: the package's).")
    ] = None,
    device: options.Device = "auto",
    threads: options.Threads = None,
    json: options.Json = False,
) -> None:
    """Turn texts into vectors, and show how alike they are."""
    given = list(texts or [])
    if file is not None:
        given += [line for line in options.read_text(file, what="--file").splitlines() if line.strip()]
    if not given:
        raise DataError("there is no text to embed: give one or several, or --file F with a text a line.")
    with options.language_model(model, device=device, threads=threads) as lm:
        vectors = lm.embed(given, prompt=prompt, pooling=pooling, normalize=normalize)
    if json:
        listed = [{"text": text, "vector": row.tolist()} for text, row in zip(given, vectors, strict=True)]
        print_json({"width": vectors.shape[1], "vectors": listed})
        return
    shown = given[:SHOWN_TEXTS]
    unit = vectors / vectors.norm(dim=1, keepdim=True).clamp_min(1e-12)
    alike = (unit @ unit.T).tolist()
    rows = table("", "text", "vector", *(f">{i + 1}" for i in range(len(shown))))
    for i, text in enumerate(shown):
        numbers = " ".join(f"{value:+.3f}" for value in vectors[i, :SHOWN_NUMBERS].tolist())
        rows.add_row(
            str(i + 1), short(text), f"{numbers} …", *(f"{alike[i][j]:.3f}" for j in range(len(shown)))
        )
    out.print(rows)
    more = f"; {len(given) - len(shown)} more texts are in --json" if len(given) > len(shown) else ""
    note(f"{vectors.shape[1]} numbers a text; the columns are cosines{more}")


def short(text: str, most: int = 48) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
