"""Bits a byte on the held-out documents, beside gzip, xz and a 5-gram model: the numbers of spark's card.

    python recipes/spark/measure.py DATA PACKAGE [PACKAGE ...]      DATA as `prepare.py` left it

The 5-gram model is `llmworks.text.NGramModel` (interpolated modified Kneser-Ney) over the tokens of the first
package, counted on the same training text. Models see each held-out document alone; gzip and xz compress the
documents of a kind as one file.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import math
from pathlib import Path
from typing import Any

import llmworks
from llmworks.text import NGramModel

ORDER = 5


def texts(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:  # not splitlines(), which also splits at U+2028
        return [json.loads(line)["text"] for line in lines]


def measure(data: Path, packages: list[str], longest: int) -> list[dict[str, Any]]:
    models = {name: llmworks.load(name) for name in packages}
    tokenizer = next(iter(models.values())).tokenizer
    training = (text for path in sorted((data / "pretrain").glob("*.jsonl")) for text in texts(path))
    ngram = NGramModel.train_on_text(training, tokenizer, ORDER)
    table = []
    for path in sorted((data / "heldout").glob("*.jsonl")):
        documents = [text[:longest] for text in texts(path)]
        raw = "".join(documents).encode()
        row: dict[str, Any] = {"held out": path.stem, "documents": len(documents), "bytes": len(raw)}
        row["gzip -9"] = 8 * len(gzip.compress(raw, 9)) / len(raw)
        row["xz -9e"] = 8 * len(lzma.compress(raw, preset=9 | lzma.PRESET_EXTREME)) / len(raw)
        row[f"{ORDER}-gram"] = sum(map(ngram.bits, tokenizer.encode_batch(documents))) / len(raw)
        for name, lm in models.items():
            row[Path(name).name] = sum(lm.score(text).bits for text in documents) / len(raw)
        table.append(row)
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("packages", nargs="+")
    parser.add_argument("--longest", type=int, default=100_000, help="characters scored of each document")
    arguments = parser.parse_args()
    table = measure(arguments.data, arguments.packages, arguments.longest)
    names = list(table[0])
    print("| " + " | ".join(names) + " |\n|" + "---|" * len(names))
    for row in table:
        cells = [f"{v:.3f}" if isinstance(v, float) and math.isfinite(v) else f"{v}" for v in row.values()]
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
