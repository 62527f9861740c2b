"""`llmworks ngram`: a model of counted n-grams, the baseline beside every network.

    llmworks ngram train books/ --tokenizer spark-base --order 5 --out books.npz
    llmworks ngram score books.npz --file chapter.txt

Bits a byte compares with `llmworks score MODEL`, whatever the tokenizers; perplexity a token compares where
the tokenizer is the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from llmworks.cli import options
from llmworks.cli.console import count, note, out, print_json, size, table
from llmworks.cli.data import Sources, TextField
from llmworks.cli.tokenize import load_tokenizer
from llmworks.errors import DataError

app = typer.Typer(help="N-gram models: train, score, generate.", no_args_is_help=True)
ModelFile = Annotated[Path, typer.Argument(metavar="FILE", help="What `ngram train` made.")]
MinCounts = Annotated[
    str, typer.Option(help="Least counts of 2-grams, 3-grams, … that are kept: 1,2 drops rare long ones.")
]


@app.command()
def train(
    sources: Sources,
    tokenizer: Annotated[str, typer.Option("--tokenizer", "-t", help="A package or a tokenizer file.")],
    out_file: Annotated[Path, typer.Option("--out", "-o", help="The model's file (.npz).")],
    order: Annotated[int, typer.Option("--order", min=1, max=16, help="Longest n-gram.")] = 5,
    smoothing: Annotated[
        str, typer.Option(help="modified_kneser_ney, kneser_ney, witten_bell, add_k, maximum_likelihood.")
    ] = "modified_kneser_ney",
    min_counts: MinCounts = "1",
    text_field: TextField = "text",
    json: options.Json = False,
) -> None:
    """Count the n-grams of documents and smooth them."""
    from llmworks.data.sources import read_documents
    from llmworks.text.ngram import NGramModel

    least = [int(part) if part.strip().isdigit() else -1 for part in min_counts.split(",")]
    if min(least) < 0:
        raise typer.BadParameter("write whole numbers with commas, such as 1,2", param_hint="--min-counts")

    def texts() -> Iterator[str]:
        for source in sources:
            yield from (document.text for document in read_documents(source, text_field))

    began = perf_counter()
    model = NGramModel.train_on_text(
        texts(), load_tokenizer(tokenizer), order, smoothing=smoothing, min_counts=least
    )
    model.save(out_file)
    seconds = perf_counter() - began
    answer = {
        "path": str(out_file), "order": order, "smoothing": smoothing, "vocab_size": model.vocab_size,
        "tokens": model.tokens, "ngrams": len(model.words) - 1, "bytes": out_file.stat().st_size,
        "seconds": seconds,
    }  # fmt: skip
    if json:
        print_json(answer)
        return
    shown = table("file", ">order", ">tokens", ">n-grams", ">size", ">seconds")
    shown.add_row(
        str(out_file), str(order), count(model.tokens), count(len(model.words) - 1),
        size(out_file.stat().st_size), f"{seconds:.1f}",
    )  # fmt: skip
    out.print(shown)
    note(f"llmworks ngram score {out_file} --file TEXT measures a text with it")


@app.command()
def score(
    model: ModelFile,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="A UTF-8 text file; - reads stdin.")
    ] = None,
    text: Annotated[str | None, typer.Option("--text", help="The text itself.")] = None,
    json: options.Json = False,
) -> None:
    """Measure a text as one document: bits, bits a byte, perplexity (e to the nats a token)."""
    from llmworks.text.ngram import NGramModel

    if (file is None) == (text is None):
        raise typer.BadParameter("give the text with either --file F or --text TEXT")
    given = options.read_text(file, what="--file") if file is not None else (text or "")
    if not given:
        raise DataError("the text is empty: there is nothing to score.")
    ngrams = NGramModel.load(model)
    ids = ngrams.encode(given)
    bits, n_bytes = ngrams.bits(ids), len(given.encode("utf-8", "replace"))
    answer = {
        "total_bits": bits,
        "bits_per_byte": bits / n_bytes,
        "nats_per_token": bits * math.log(2) / len(ids),
        "perplexity": ngrams.perplexity(ids),
        "tokens": len(ids),
        "bytes": n_bytes,
    }
    if json:
        print_json(answer)
        return
    shown = table(">bits", ">bits a byte", ">nats a token", ">perplexity a token", ">tokens", ">bytes")
    shown.add_row(
        f"{bits:,.1f}", f"{bits / n_bytes:.4f}", f"{answer['nats_per_token']:.4f}",
        f"{answer['perplexity']:,.2f}", count(len(ids)), count(n_bytes),
    )  # fmt: skip
    out.print(shown)


@app.command()
def generate(
    model: ModelFile,
    prompt: Annotated[str, typer.Argument(metavar="PROMPT", help="What it goes on from.")] = "",
    max_tokens: options.MaxTokens = None,
    temperature: options.Temperature = None,
    seed: options.Seed = None,
    json: options.Json = False,
) -> None:
    """Draw a text, token by token: how far a few words of context carry."""
    from llmworks.text.ngram import NGramModel, end_id

    ngrams = NGramModel.load(model)
    ids = ngrams.encode(prompt)
    assert ngrams.tokenizer is not None  # `encode` has needed it
    made = ngrams.generate(
        100 if max_tokens is None else max_tokens, ids, seed=seed, stop=end_id(ngrams.tokenizer),
        temperature=1.0 if temperature is None else temperature,
    )  # fmt: skip
    text = ngrams.tokenizer.decode([*ids.tolist(), *made])
    if json:
        print_json({"text": text, "ids": made})
    else:
        out.print(text, markup=False)
