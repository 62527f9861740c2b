"""`llmworks fill MODEL "Paris is the [MASK] of France"`: what stands in the gaps of a text."""

from __future__ import annotations

from typing import Annotated

import typer

from llmworks.cli import options
from llmworks.cli.console import out, print_json, table


def fill(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A package folder, a name or a Hub name.")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A text with gaps; - reads standard input.")],
    top: Annotated[int, typer.Option("--top", "-k", min=1, help="Candidates for each gap.")] = 5,
    device: options.Device = "auto",
    threads: options.Threads = None,
    json: options.Json = False,
) -> None:
    """Fill the gaps of a text with an encoder; a gap is written [MASK], or as the model writes it."""
    if text == "-":
        text = options.read_text("-", what="TEXT").rstrip("\n")
    with options.language_model(model, device=device, threads=threads) as lm:
        gaps = lm.fill_mask(text, top=top)
    if json:
        listed = [
            [{"id": one.id, "token": one.token, "probability": one.probability} for one in gap.candidates]
            for gap in gaps
        ]
        print_json({"text": text, "gaps": listed})
        return
    shown = table(*(["gap"] if len(gaps) > 1 else []), "token", ">probability")
    for number, gap in enumerate(gaps, 1):
        for one in gap.candidates:
            place = [str(number)] if len(gaps) > 1 else []
            shown.add_row(*place, one.token, f"{one.probability:.4f}")
    out.print(shown)
