"""`llmworks score MODEL --file F`: how many bits the model needs for a text.

    bits = -Σ log2 p(token | tokens before)        bits a byte = bits / UTF-8 bytes of the text

Bits a byte does not depend on the tokenizer, so that models with different vocabularies compare.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from llmworks.cli import options
from llmworks.cli.console import count, out, print_json, table
from llmworks.errors import DataError


def score(
    model: options.Model,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="A UTF-8 text file; - reads stdin.")
    ] = None,
    text: Annotated[str | None, typer.Option("--text", help="The text itself.")] = None,
    device: options.Device = "auto",
    threads: options.Threads = None,
    context_extension: options.ContextExtension = None,
    json: options.Json = False,
) -> None:
    """Measure a text under a model: bits, bits a byte, perplexity."""
    if (file is None) == (text is None):
        raise typer.BadParameter("give the text with either --file F or --text TEXT")
    given = options.read_text(file, what="--file") if file is not None else (text or "")
    if not given:
        raise DataError("the text is empty: there is nothing to score.")
    with options.language_model(model, device=device, threads=threads, context=context_extension) as lm:
        made = lm.score(given)
    answer = {
        "total_bits": made.bits,
        "bits_per_byte": made.bits_per_byte,
        "perplexity": made.perplexity,
        "tokens": made.tokens,
        "bytes": made.bytes,
    }
    if json:
        print_json(answer)
        return
    shown = table(">bits", ">bits a byte", ">perplexity a token", ">tokens", ">bytes")
    shown.add_row(
        f"{made.bits:,.1f}", f"{made.bits_per_byte:.4f}", f"{made.perplexity:,.2f}",
        count(made.tokens), count(made.bytes),
    )  # fmt: skip
    out.print(shown)
