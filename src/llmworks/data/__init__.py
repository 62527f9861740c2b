"""Corpora to token shards, mixtures, packing, conversations."""

from llmworks.data.batches import (
    Batch,
    BatchSource,
    MixedBatches,
    PretrainingBatches,
    RandomBatches,
    fixed_batches,
)
from llmworks.data.packing import ArrayTokens, TokenSource
from llmworks.data.shards import build_shards
from llmworks.data.shardset import ShardSet
from llmworks.data.sources import Document, ReadLog, read_documents

__all__ = [
    "ArrayTokens",
    "Batch",
    "BatchSource",
    "Document",
    "MixedBatches",
    "PretrainingBatches",
    "RandomBatches",
    "ReadLog",
    "ShardSet",
    "TokenSource",
    "build_shards",
    "fixed_batches",
    "read_documents",
]
