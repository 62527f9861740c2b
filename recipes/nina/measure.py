"""Bits a byte on held-out text, beside gzip, xz and a 5-gram model: the table of nina's card.

    python recipes/nina/measure.py TEXT WORLD PACKAGE [PACKAGE ...]

TEXT is what text.py left, WORLD what `llmworks world make` left. Held out are whole documents of TEXT, and
for the world other texts about it, from the stream of another seed. The 5-gram model (modified Kneser-Ney,
llmworks.text.ngram) counts all training text, in the tokens of the first package; the networks saw less of
the real text than that. Each method reads a document alone; gzip and xz get the documents of a kind as one
file.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import math
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

import llmworks
from llmworks.data.world.store import read_world
from llmworks.data.world.stream import WorldStream
from llmworks.text.ngram import NGramModel

ORDER = 5
OTHER_SEED = 2_000_003


def texts(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:  # not splitlines(), which also splits at U+2028
        for line in lines:
            yield json.loads(line)["text"]


def held_out(text: Path, world: Path, longest: int, most: int) -> Iterator[tuple[str, list[str]]]:
    stream = WorldStream(read_world(world), seed=OTHER_SEED)
    yield "world", [record["text"] for record in islice(stream, 600)]
    for path in sorted((text / "heldout").glob("*.jsonl")):
        yield path.stem, [document[:longest] for document in islice(texts(path), most)]


def measure(text: Path, world: Path, packages: list[str], longest: int, most: int) -> list[dict[str, Any]]:
    models = {name: llmworks.load(name) for name in packages}
    tokenizer = next(iter(models.values())).tokenizer
    sources = [*sorted((text / "train").glob("*.jsonl")), world / "text.jsonl"]
    counted = (ids for path in sources for ids in tokenizer.encode_batch(list(texts(path))))
    ngram = NGramModel.train(counted, ORDER, tokenizer.vocab_size)
    table = []
    for name, documents in held_out(text, world, longest, most):
        raw = "".join(documents).encode()
        row: dict[str, Any] = {"held out": name, "documents": len(documents), "bytes": len(raw)}
        row["gzip -9"] = 8 * len(gzip.compress(raw, 9)) / len(raw)
        row["xz -9e"] = 8 * len(lzma.compress(raw, preset=9 | lzma.PRESET_EXTREME)) / len(raw)
        row["5-gram"] = sum(
            float(np.float64(ngram.bits(ids))) for ids in tokenizer.encode_batch(documents)
        ) / len(raw)
        for package, lm in models.items():
            row[Path(package).name] = sum(lm.score(document).bits for document in documents) / len(raw)
        table.append(row)
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("text", type=Path)
    parser.add_argument("world", type=Path)
    parser.add_argument("packages", nargs="+")
    parser.add_argument("--longest", type=int, default=60_000, help="characters scored of each document")
    parser.add_argument("--most", type=int, default=200, help="documents of a kind")
    arguments = parser.parse_args()
    table = measure(arguments.text, arguments.world, arguments.packages, arguments.longest, arguments.most)
    print("| " + " | ".join(table[0]) + " |\n|" + "---|" * len(table[0]))
    for row in table:
        cells = [f"{v:.3f}" if isinstance(v, float) and math.isfinite(v) else f"{v}" for v in row.values()]
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
