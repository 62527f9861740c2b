"""Corpora to token shards, mixtures, packing, conversations."""

from llmworks.data.batches import (
    Batch,
    BatchSource,
    MixedBatches,
    PretrainingBatches,
    RandomBatches,
    fixed_batches,
)
from llmworks.data.chat_batches import ConversationBatches, EncodedConversations
from llmworks.data.conversations import read_conversations
from llmworks.data.packing import ArrayTokens, TokenSource
from llmworks.data.report import SourceReport, report_source
from llmworks.data.shards import build_shards
from llmworks.data.shardset import ShardSet
from llmworks.data.sources import Document, ReadLog, read_documents

__all__ = [
    "ArrayTokens",
    "Batch",
    "BatchSource",
    "ConversationBatches",
    "Document",
    "EncodedConversations",
    "MixedBatches",
    "PretrainingBatches",
    "RandomBatches",
    "ReadLog",
    "ShardSet",
    "SourceReport",
    "TokenSource",
    "build_shards",
    "fixed_batches",
    "read_conversations",
    "read_documents",
    "report_source",
]
