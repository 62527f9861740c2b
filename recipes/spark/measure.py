"""Bits a byte on the held-out documents, beside gzip, xz and a 5-gram model: the numbers of spark's card.

    python recipes/spark/measure.py DATA PACKAGE [PACKAGE ...]      DATA as `prepare.py` left it

The 5-gram model is interpolated Kneser-Ney (Chen & Goodman 1999, section 3; one discount an order,
D = n1 / (n1 + 2 n2)) over the tokens of the first package, counted on the same training text:

    P(w | c) = max(N(c w) - D, 0) / N(c) + D * |{w: N(c w) > 0}| / N(c) * P(w | c without its first word)

where orders below the highest count in how many different words' company an n-gram was seen. Every method
sees each held-out document alone; gzip and xz compress the documents of a kind as one file.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import math
from pathlib import Path
from typing import Any

import numpy as np

import llmworks

ORDER = 5


class KneserNey:
    """Interpolated Kneser-Ney over token ids; n-grams are packed into one integer, `bits` a token."""

    def __init__(self, ids: np.ndarray, vocab_size: int) -> None:
        self.bits = max(1, (vocab_size - 1).bit_length())
        assert self.bits * ORDER <= 64, "the vocabulary is too large to pack five ids into 64 bits"
        self.vocab_size = vocab_size
        self.tables: dict[int, tuple[np.ndarray, ...]] = {}
        grams, counts = np.unique(self.pack(ids, ORDER), return_counts=True)
        for order in range(ORDER, 0, -1):
            discount = float((counts == 1).sum() / ((counts == 1).sum() + 2 * (counts == 2).sum() + 1e-9))
            contexts, starts = np.unique(grams >> np.uint64(self.bits), return_index=True)
            totals = np.add.reduceat(counts, starts)
            followers = np.diff(np.append(starts, len(grams)))
            self.tables[order] = (grams, counts, contexts, totals, followers, np.array(discount))
            # The next order counts distinct left neighbours: drop each gram's first token and count again.
            mask = np.uint64((1 << self.bits * (order - 1)) - 1)
            grams, counts = np.unique(grams & mask, return_counts=True)

    def pack(self, ids: np.ndarray, order: int) -> np.ndarray:
        wide = ids.astype(np.uint64)
        packed = np.zeros(len(ids) - order + 1, np.uint64)
        for offset in range(order):
            packed = (packed << np.uint64(self.bits)) | wide[offset : offset + len(packed)]
        return packed

    def bits_of(self, ids: np.ndarray) -> float:
        """Total bits of a document, all but its first token; early tokens use the context that there is."""
        total = 0.0
        for order in range(2, ORDER):
            if len(ids) >= order:
                total -= float(np.log2(self.probability(self.pack(ids[:order], order), order)).sum())
        if len(ids) >= ORDER:
            total -= float(np.log2(self.probability(self.pack(ids, ORDER), ORDER)).sum())
        return total

    def probability(self, grams: np.ndarray, order: int) -> np.ndarray:
        if order == 0:
            return np.full(len(grams), 1.0 / self.vocab_size)
        known, counts, contexts, totals, followers, discount = self.tables[order]
        mask = np.uint64((1 << self.bits * (order - 1)) - 1)
        shorter = self.probability(grams & mask, order - 1)
        count, total = look_up(known, counts, grams), look_up(contexts, totals, grams >> np.uint64(self.bits))
        variety = look_up(contexts, followers, grams >> np.uint64(self.bits))
        divisor = np.maximum(total, 1)
        mixed = np.maximum(count - discount, 0) / divisor + discount * variety / divisor * shorter
        return np.where(total > 0, mixed, shorter)


def look_up(keys: np.ndarray, values: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """values[i] where keys[i] is the wanted key, 0 where there is none; keys are sorted."""
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[places] == wanted, values[places], 0)


def texts(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:  # not splitlines(), which also splits at U+2028
        return [json.loads(line)["text"] for line in lines]


def measure(data: Path, packages: list[str], longest: int) -> list[dict[str, Any]]:
    models = {name: llmworks.load(name) for name in packages}
    tokenizer = next(iter(models.values())).tokenizer
    boundary = tokenizer.token_id("<|endoftext|>")
    assert boundary is not None
    stream = []
    for path in sorted((data / "pretrain").glob("*.jsonl")):
        for ids in tokenizer.encode_batch(texts(path)):
            stream += [ids, np.array([boundary], np.int32)]
    ngram = KneserNey(np.concatenate(stream), tokenizer.vocab_size)
    table = []
    for path in sorted((data / "heldout").glob("*.jsonl")):
        documents = [text[:longest] for text in texts(path)]
        raw = "".join(documents).encode()
        row: dict[str, Any] = {"held out": path.stem, "documents": len(documents), "bytes": len(raw)}
        row["gzip -9"] = 8 * len(gzip.compress(raw, 9)) / len(raw)
        row["xz -9e"] = 8 * len(lzma.compress(raw, preset=9 | lzma.PRESET_EXTREME)) / len(raw)
        encoded = tokenizer.encode_batch(documents)
        row["5-gram"] = sum(ngram.bits_of(np.concatenate([[boundary], ids])) for ids in encoded) / len(raw)
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
