"""What each filter is worth: the same small model, trained on clean, dirty and cleaned text.

    python recipes/cleaning/measure.py world                      (about ten minutes on one core)
    python recipes/cleaning/measure.py stories.jsonl --megabytes 4 --steps 2000
    python recipes/cleaning/measure.py wiki.jsonl.xz --megabytes 4 --model ngram          (seconds)

A tenth of the clean documents is held out before the rest is soiled (dirty.py, dirty.toml). Every model sees
the same number of tokens, from the same start, with the same tokenizer; what differs is the text:

    clean                       what there was before the dirt: the best that cleaning could do
    dirty                       all of it
    cleaned                     dirty through clean.toml
    cleaned, without STAGE      one filter left out: what it was worth, given the others

With `--model ngram` the model is a 4-gram one (Kneser–Ney): it sees each token once, at most as many as the
clean text has, so a text that cleaning made smaller is not made up for by repeating it.

The answer is bits a byte on the held-out clean documents. Before it: how much of each kind of dirt the recipe
took out, and how much clean text it lost. Differences of 0.01 are noise at this size; --seeds averages.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import random
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from dirty import HERE, Row, clean_texts, soil
from torch.nn import functional as F

from llmworks.data.batches import PretrainingBatches, fixed_batches
from llmworks.data.cleaning import CleaningRecipe, clean_documents
from llmworks.data.cleaning.hashing import normal_words
from llmworks.data.cleaning.personal import KINDS
from llmworks.data.shards import ShardSet, build_shards
from llmworks.data.sources import read_documents
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.text.bpe_train import train_bpe
from llmworks.text.ngram import NGramModel
from llmworks.text.tokenizer import Tokenizer

BLOCK = 128
# Filters that do the same work are left out together: each would hide what the other is worth.
TOGETHER = {
    "exact_duplicates": ("exact_duplicates", "near_duplicates", "repeated_paragraphs"),
    "gopher_quality": ("gopher_quality", "gopher_repetition"),
}


def write_rows(path: Path, rows: list[Row]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def shards_of(source: Path, out: Path, tokenizer: Tokenizer, validation: float = 0.0) -> ShardSet:
    return build_shards(source, tokenizer, out, validation=validation, workers=1, progress=False)


def train(shards: ShardSet, vocab_size: int, steps: int, batch_size: int, seed: int) -> Decoder:
    """A decoder of 2 layers, 128 wide, for so many updates of AdamW."""
    torch.manual_seed(seed)
    config = ModelConfig(vocab_size=vocab_size, d_model=128, n_layers=2, n_heads=4, n_kv_heads=4,
                         max_length=BLOCK, tie_embeddings=True)  # fmt: skip
    model = Decoder(config)
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3, betas=(0.9, 0.95), weight_decay=0.05)
    batches = PretrainingBatches([(shards, 1.0)], batch_size, BLOCK, seed)
    model.train()
    for step in range(steps):
        rate = min(1.0, (step + 1) / 20) * min(1.0, (steps - step) / (0.4 * steps))  # warm-up, stable, decay
        for group in optimiser.param_groups:
            group["lr"] = 3e-3 * rate
        batch = batches.next()
        logits = model(batch.ids)
        loss = F.cross_entropy(logits.flatten(0, 1).float(), batch.targets.flatten())
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    return model.eval()


@torch.inference_mode()
def bits_a_byte(model: Decoder, held_out: ShardSet) -> float:
    nats = 0.0
    for batch in fixed_batches(held_out, 16, BLOCK, split="train"):
        logits = model(batch.ids).flatten(0, 1).float()
        losses = F.cross_entropy(logits, batch.targets.flatten(), reduction="none")
        weights = 1.0 if batch.weights is None else batch.weights.flatten()
        nats += float((losses * weights).sum())
    return nats / math.log(2) / held_out.manifest.splits["train"].bytes


def show_catch(rows: list[Row], clean: list[str], cleaned: Path) -> None:
    """Of each kind of dirt, how many documents went, and how many of those left are mended; what clean text
    was lost. Mended: the words are those of the clean document, or personal data is marked."""
    there, left, mended = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        there.update(row["dirt"] or ["nothing"])
    for document in read_documents(cleaned / "documents"):
        dirt = document.metadata["dirt"] or ["nothing"]
        left.update(dirt)
        number = document.metadata.get("id")
        if dirt in (["boilerplate"], ["mojibake"]) and number is not None:
            mended[dirt[0]] += normal_words(document.text) == normal_words(clean[number])
            mended[f"{dirt[0]} alone"] += 1
        if "personal_data" in dirt:
            mended["personal_data"] += any(f"[{kind}]" in document.text for kind in KINDS)
            mended["personal_data alone"] += 1
    print(f"\n{'dirt':18} {'documents':>10} {'left':>8} {'taken out':>10} {'mended':>8}")
    for kind, count in sorted(there.items()):
        alone = mended[f"{kind} alone"]
        share = f"{mended[kind] / alone:8.1%}" if alone else f"{'–':>8}"
        print(f"{kind:18} {count:10,} {left[kind]:8,} {1 - left[kind] / count:10.1%} {share}")


class Bench:
    """The held-out text, the tokenizer, and the runs."""

    def __init__(self, given: argparse.Namespace, folder: Path) -> None:
        self.given, self.folder = given, folder
        texts = list(clean_texts(given.source, given.megabytes, 0))
        random.Random(0).shuffle(texts)
        held = max(1, len(texts) // 10)
        self.clean = [{"text": text, "dirt": [], "id": number} for number, text in enumerate(texts[held:])]
        self.tokenizer = train_bpe(texts[held:], given.vocab_size, special_tokens=["<|endoftext|>"])
        rows = [{"text": text} for text in texts[:held]]
        self.held_out = shards_of(write_rows(folder / "held.jsonl", rows), folder / "held", self.tokenizer)
        self.results: list[tuple[str, float, float, float]] = []
        self.most_tokens = 0  # that an n-gram model may see: those of the clean text

    def run(self, name: str, source: Path) -> None:
        started = time.perf_counter()
        shards = shards_of(source, self.folder / f"shards-{len(self.results)}", self.tokenizer)
        counts = shards.manifest.splits["train"]
        if self.given.model == "ngram":
            self.most_tokens = self.most_tokens or counts.tokens
            scores = [self._ngram_bits(shards)]
            epochs = min(1.0, self.most_tokens / counts.tokens)
        else:
            scores = [self._transformer_bits(shards, seed) for seed in range(self.given.seeds)]
            epochs = self.given.steps * self.given.batch_size * BLOCK / counts.tokens
        self.results.append((name, counts.bytes / 1e6, epochs, sum(scores) / len(scores)))
        seconds = time.perf_counter() - started
        print(
            f"{name:52} {counts.bytes / 1e6:6.2f} MB {epochs:6.2f} epochs {self.results[-1][3]:8.4f} "
            f"bits a byte {seconds:6.0f} s", flush=True,
        )  # fmt: skip

    def _transformer_bits(self, shards: ShardSet, seed: int) -> float:
        model = train(shards, self.tokenizer.vocab_size, self.given.steps, self.given.batch_size, seed)
        return bits_a_byte(model, self.held_out)

    def _ngram_bits(self, shards: ShardSet) -> float:
        """Documents are shuffled already; the first ones that make up the tokens of the clean text count."""
        documents = documents_of(shards, self.most_tokens)
        model = NGramModel.train(documents, 4, self.tokenizer.vocab_size, min_counts=(1, 1, 2))
        bits = sum(model.bits(ids) for ids in documents_of(self.held_out, 1 << 40))
        return bits / self.held_out.manifest.splits["train"].bytes


def documents_of(shards: ShardSet, most_tokens: int) -> Iterator[np.ndarray]:
    """The tokens of each document with its end token, until there are so many."""
    tokens = shards.tokens("train")
    for start, end in itertools.pairwise(shards.starts("train").tolist()):
        if start < most_tokens:
            yield np.asarray(tokens[start : min(end, most_tokens)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("source", help="a source of clean text, or `world`")
    parser.add_argument("--clean", type=Path, default=HERE / "clean.toml")
    parser.add_argument("--dirty", type=Path, default=HERE / "dirty.toml")
    parser.add_argument("--megabytes", type=float, default=1.5, help="of clean text are taken")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--model", choices=("transformer", "ngram"), default="transformer")
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--vocab-size", type=int, default=1024)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", nargs="*", help="filters to leave out in turn (default: each)")
    given = parser.parse_args()
    dirt: dict[str, Any] = tomllib.loads(given.dirty.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bench = Bench(given, folder)
        rows = soil([row["text"] for row in bench.clean], dirt)
        dirty = write_rows(folder / "dirty.jsonl", rows)

        def cleaned(without: tuple[str, ...]) -> Path:
            out = folder / f"cleaned-{'-'.join(without)}"
            clean_documents(
                dirty, out, CleaningRecipe.load(given.clean, (), without), workers=1, progress=False
            )
            return out

        whole = cleaned(())
        show_catch(rows, [row["text"] for row in bench.clean], whole)
        if given.model == "transformer":
            print(f"\n{given.steps * given.batch_size * BLOCK / 1e6:.2f} M tokens each:")
        bench.run("clean", write_rows(folder / "clean.jsonl", bench.clean))
        bench.run("dirty", dirty)
        bench.run("cleaned", whole / "documents")
        kinds = [stage.kind for stage in CleaningRecipe.load(given.clean).stage]
        hidden = {one for kind, ones in TOGETHER.items() if kind in kinds for one in ones[1:]}
        for kind in given.only if given.only is not None else [kind for kind in kinds if kind not in hidden]:
            without = tuple(one for one in TOGETHER.get(kind, (kind,)) if one in kinds)
            bench.run(f"cleaned, without {' and '.join(without)}", cleaned(without) / "documents")
        best = bench.results[2][3]
        print(f"\n{'text':52} {'bits a byte':>11} {'over cleaned':>12}")
        for label, _, _, bits in bench.results:
            print(f"{label:52} {bits:11.4f} {bits - best:+12.4f}")


if __name__ == "__main__":
    main()
