"""Before the loop: the text becomes a tokenizer, token shards or conversations, and batches."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from rich.console import Console

from llmworks.data.batches import Batch, BatchSource, PretrainingBatches, fixed_batches
from llmworks.data.shards import build_shards
from llmworks.data.shardset import ShardSet
from llmworks.data.sources import read_documents
from llmworks.errors import DataError
from llmworks.packages.chat import ChatTemplate
from llmworks.text.bpe_train import train_bpe
from llmworks.text.tokenizer import Tokenizer
from llmworks.training import dial
from llmworks.training.recipe import Recipe, Source

Batches = Callable[[int], BatchSource]
HeldOut = Callable[[], Iterable[Batch]]


@dataclass
class Corpus:
    """What the loop reads: `batches(size)` is the endless source, `validation(size)` the held-out passes."""

    tokenizer: Tokenizer
    train_tokens: int
    batches: Batches
    validation: Callable[[int], HeldOut | None]
    description: str
    chat_template: ChatTemplate | None = None
    notes: list[str] = field(default_factory=list)


def prepare_tokenizer(recipe: Recipe, folder: Path, console: Console) -> Tokenizer:
    """The recipe's tokenizer: a file, the one that this run trained before, or a new one from the text."""
    said = recipe.tokenizer
    if said.path is not None:
        return Tokenizer.from_file(Path(said.path).expanduser())
    kept = folder / "tokenizer.json"
    if kept.exists():
        return Tokenizer.from_file(kept)
    sample = _Sample(recipe.data.sources, said.train_bytes)
    wanted = dial.vocab_size(recipe)
    texts = list(sample)
    # A vocabulary of thousands cannot be learned from a few pages: one entry for some 100 bytes at most.
    if said.vocab_size is None:
        wanted = min(wanted, max(512, sample.taken // 100))
    if not sample.taken:
        raise DataError(f"there is no text in {', '.join(s.spec for s in recipe.data.sources)}")
    console.print(f"training a tokenizer of {wanted:,} entries on {sample.taken:,} bytes of text")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        tokenizer = train_bpe(texts, wanted, pattern=said.pattern, special_tokens=said.special_tokens)
    for warning in caught:
        console.print(f"note: {warning.message}", markup=False, soft_wrap=True)
    half = folder / "tokenizer.writing.json"
    tokenizer.save(half)
    half.replace(kept)
    return tokenizer


class _Sample:
    """The text that the tokenizer is trained on: from each source a share by weight, `limit` bytes in all."""

    def __init__(self, sources: list[Source], limit: int) -> None:
        self.sources, self.limit, self.taken = sources, limit, 0

    def __iter__(self) -> Iterator[str]:
        total = sum(source.weight for source in self.sources)
        for source in self.sources:
            room = int(self.limit * source.weight / total)
            for document in read_documents(source.spec, text_field=source.text_field):
                size = len(document.text.encode("utf-8", "surrogatepass"))
                yield document.text
                self.taken += size
                room -= size
                if room <= 0:
                    break


def shards_corpus(recipe: Recipe, tokenizer: Tokenizer, block: int, folder: Path) -> Corpus:
    """Token shards of every source, in `folder`/shards; built once, read by every continuation of the run."""
    mixture: list[tuple[ShardSet, float]] = []
    for number, source in enumerate(recipe.data.sources):
        out = folder / "shards" / f"{number:02d}-{Path(source.spec).name.split('.')[0] or 'text'}"
        shards = build_shards(
            [source.spec], tokenizer, out, validation=recipe.data.validation, text_field=source.text_field
        )
        if len(shards.tokens("train")):
            mixture.append((shards, source.weight))
    if not mixture:
        raise DataError(f"there is no text to train on in {', '.join(s.spec for s in recipe.data.sources)}")
    held_out = [(shards, weight) for shards, weight in mixture if len(shards.tokens("validation"))]
    masked = recipe.data.document_mask
    train_tokens = sum(len(shards.tokens("train")) for shards, _ in mixture)
    held_out_tokens = sum(len(shards.tokens("validation")) for shards, _ in mixture)

    def batches(size: int) -> BatchSource:
        return PretrainingBatches(
            mixture, size, block, seed=recipe.training.seed, split="train", document_mask=masked
        )

    def validation(size: int) -> HeldOut | None:
        return (
            partial(_passes, held_out, size, block, recipe.training.eval_tokens, masked) if held_out else None
        )

    notes = (
        [] if held_out else ["the corpus is too small to hold a document out, so there is no validation loss"]
    )
    text = f"{train_tokens:,} tokens in {len(mixture)} source(s), {held_out_tokens:,} held out"
    return Corpus(tokenizer, train_tokens, batches, validation, text, notes=notes)


def _passes(
    held_out: list[tuple[ShardSet, float]], size: int, block: int, tokens: int, masked: bool
) -> Iterator[Batch]:
    """Held-out text of every source, by its weight in the mixture."""
    total = sum(weight for _, weight in held_out)
    for shards, weight in held_out:
        share = max(1, int(tokens * weight / total))
        yield from fixed_batches(shards, size, block, max_tokens=share, document_mask=masked)
