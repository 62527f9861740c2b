"""The corpus of supervised fine-tuning: conversations, of which what the assistant says is learned."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from llmworks.data.batches import Batch, BatchSource, MixedBatches
from llmworks.data.conversations import ConversationBatches, read_conversations
from llmworks.errors import DataError
from llmworks.packages.chat import CHATML, ChatTemplate
from llmworks.text.tokenizer import Tokenizer
from llmworks.training.preparation import Corpus, HeldOut
from llmworks.training.recipe import Recipe


def conversations_corpus(recipe: Recipe, tokenizer: Tokenizer, block: int) -> Corpus:
    said = recipe.package.chat_template
    text = Path(said).expanduser().read_text(encoding="utf-8") if said else CHATML
    template = ChatTemplate(text)
    train: list[tuple[list[Any], float]] = []
    held_out: list[Any] = []
    for source in recipe.data.sources:
        kept: list[Any] = []
        for conversation in read_conversations(source.spec):
            (held_out if _is_held_out(conversation, recipe.data.validation) else kept).append(conversation)
        if kept:
            train.append((kept, source.weight))
    if not train:
        raise DataError(f"there are no conversations in {', '.join(s.spec for s in recipe.data.sources)}")

    def source_of(conversations: list[Any], size: int, seed: int) -> ConversationBatches:
        return ConversationBatches(conversations, tokenizer, template, size, block, seed)

    def batches(size: int) -> BatchSource:
        parts = [(source_of(kept, size, recipe.training.seed), weight) for kept, weight in train]
        return parts[0][0] if len(parts) == 1 else MixedBatches(parts)

    def validation(size: int) -> HeldOut | None:
        return partial(_one_epoch, partial(source_of, held_out, size, 0)) if held_out else None

    count = sum(len(kept) for kept, _ in train)
    tokens = sum(source_of(kept, 1, 0).tokens for kept, _ in train)
    return Corpus(
        tokenizer, tokens, batches, validation, f"{count:,} conversations ({tokens:,} tokens), "
        f"{len(held_out):,} held out", template,
    )  # fmt: skip


def _one_epoch(make: Callable[[], ConversationBatches]) -> Iterator[Batch]:
    source = make()
    while min(source.epochs().values()) < 1.0:
        yield source.next()


def _is_held_out(conversation: Any, share: float) -> bool:
    """By the hash of its text, so that a conversation is on the same side in every run."""
    digest = hashlib.sha256(repr(conversation).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64
