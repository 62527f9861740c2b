"""Corpora to token shards, mixtures, packing, conversations.

Names are imported on first use: what only reads or writes text (cleaning, the closed world) needs no torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llmworks.data.batches import Batch as Batch
    from llmworks.data.batches import BatchSource as BatchSource
    from llmworks.data.batches import MixedBatches as MixedBatches
    from llmworks.data.batches import PretrainingBatches as PretrainingBatches
    from llmworks.data.batches import RandomBatches as RandomBatches
    from llmworks.data.batches import fixed_batches as fixed_batches
    from llmworks.data.chat_batches import ConversationBatches as ConversationBatches
    from llmworks.data.chat_batches import EncodedConversations as EncodedConversations
    from llmworks.data.conversations import read_conversations as read_conversations
    from llmworks.data.packing import ArrayTokens as ArrayTokens
    from llmworks.data.packing import TokenSource as TokenSource
    from llmworks.data.report import SourceReport as SourceReport
    from llmworks.data.report import report_source as report_source
    from llmworks.data.shards import build_shards as build_shards
    from llmworks.data.shardset import ShardSet as ShardSet
    from llmworks.data.sources import Document as Document
    from llmworks.data.sources import ReadLog as ReadLog
    from llmworks.data.sources import read_documents as read_documents

_HOMES = {
    "ArrayTokens": "packing",
    "Batch": "batches",
    "BatchSource": "batches",
    "ConversationBatches": "chat_batches",
    "Document": "sources",
    "EncodedConversations": "chat_batches",
    "MixedBatches": "batches",
    "PretrainingBatches": "batches",
    "RandomBatches": "batches",
    "ReadLog": "sources",
    "ShardSet": "shardset",
    "SourceReport": "report",
    "TokenSource": "packing",
    "build_shards": "shards",
    "fixed_batches": "batches",
    "read_conversations": "conversations",
    "read_documents": "sources",
    "report_source": "report",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'llmworks.data' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"llmworks.data.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
