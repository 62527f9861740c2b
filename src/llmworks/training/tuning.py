"""The corpus of supervised fine-tuning: conversations, of which what the assistant says is learned.

    sources = [{ path = "talks.jsonl", weight = 0.8 }, { path = "books/", weight = 0.2, as_text = true }]

Sources give whole batches in turn, by weight. Text among them (`as_text`) is packed as in pretraining, and
every token of it is learned: what a model knew before is forgotten more slowly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from llmworks.data.batches import Batch, BatchSource, MixedBatches
from llmworks.data.chat_batches import ConversationBatches, EncodedConversations
from llmworks.data.conversations import read_conversations
from llmworks.errors import ConfigError, DataError
from llmworks.packages.chat import CHATML, ChatTemplate
from llmworks.packages.chat_messages import Message
from llmworks.text.tokenizer import Tokenizer
from llmworks.training.corpus import Corpus, HeldOut, shards_corpus
from llmworks.training.recipe import Recipe, Source


def conversations_corpus(
    recipe: Recipe, tokenizer: Tokenizer, block: int, template: ChatTemplate | None, folder: Path
) -> Corpus:
    """`template`: that of the package to start from; the recipe's own comes before it, ChatML after it."""
    chosen = _template(recipe) or template or ChatTemplate(CHATML)
    encode = partial(EncodedConversations, tokenizer=tokenizer, template=chosen, block_size=block)
    train: list[tuple[EncodedConversations, float]] = []
    held_out: list[Sequence[Message]] = []
    for source in recipe.data.sources:
        if source.as_text:
            continue
        kept: list[Sequence[Message]] = []
        for conversation in read_conversations(source.spec):
            (held_out if _is_held_out(conversation, recipe.data.validation) else kept).append(conversation)
        if kept:
            train.append((encode(kept), source.weight))
    if not train:
        raise DataError(f"there are no conversations in {', '.join(s.spec for s in recipe.data.sources)}")
    tested = encode(held_out) if held_out else None
    texts = [source for source in recipe.data.sources if source.as_text]
    text = shards_corpus(_of_text(recipe, texts), tokenizer, block, folder) if texts else None

    def source_of(encoded: EncodedConversations, size: int, seed: int) -> ConversationBatches:
        return ConversationBatches(encoded, tokenizer, chosen, size, block, seed)

    def batches(size: int) -> BatchSource:
        parts: list[tuple[BatchSource, float]] = [
            (source_of(encoded, size, recipe.training.seed), weight) for encoded, weight in train
        ]
        if text is not None:
            parts.append((text.batches(size), sum(source.weight for source in texts)))
        return parts[0][0] if len(parts) == 1 else MixedBatches(parts)

    def validation(size: int) -> HeldOut | None:
        return None if tested is None else partial(_one_pass, source_of(tested, size, 0))

    encoded = [part for part, _ in train]
    tokens, learned = sum(part.tokens for part in encoded), sum(part.learned for part in encoded)
    description = (
        f"{sum(part.count for part in encoded):,} conversations, {tokens:,} tokens ({learned:,} of them the "
        f"assistant's), {tested.count if tested else 0:,} conversations held out"
    )
    if text is not None:
        description += f"; text beside them: {text.train_tokens:,} tokens in {len(texts)} source(s)"
        tokens += text.train_tokens
    return Corpus(tokenizer, tokens, batches, validation, description, chosen, _notes(encoded, tested))


def _of_text(recipe: Recipe, sources: list[Source]) -> Recipe:
    """The recipe with these sources alone, nothing of them held out."""
    data = recipe.data.model_copy(update={"sources": sources, "validation": 0.0})
    return recipe.model_copy(update={"data": data})


def _one_pass(source: ConversationBatches) -> Iterable[Batch]:
    return source.one_pass()


def _notes(encoded: list[EncodedConversations], tested: EncodedConversations | None) -> list[str]:
    truncated, dropped = sum(part.truncated for part in encoded), sum(part.dropped for part in encoded)
    notes = [] if tested else ["no conversation is held out (too few, or validation = 0): no validation loss"]
    if truncated:
        notes.append(
            f"{truncated:,} conversations are cut at the end of a block; {dropped:,} left out by that"
        )
    return notes


def _template(recipe: Recipe) -> ChatTemplate | None:
    said = recipe.package.chat_template
    if said is None:
        return None
    try:
        return ChatTemplate(Path(said).expanduser().read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"package.chat_template = {said!r} cannot be read: {error}") from None


def _is_held_out(conversation: Sequence[Message], share: float) -> bool:
    """By the hash of its text, so that a conversation is on the same side in every run."""
    digest = hashlib.sha256(repr(conversation).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64
