"""Batches of conversations for supervised fine-tuning: learn what the assistant says, and nothing else.

    ids        <user> Hi <end> <assistant> Hello ! │ <user> 1 + 1 ? <end> <assistant> 2 │ pad pad
    targets    Hi <end> <assistant> Hello ! <end>  │ …                            2 <end> │ pad pad
    weights    0    0       0        1    1   1    │ 0 …                          1   1   │  0   0
    documents  0    0       0        0    0   0    │ 1 …                          1   1   │  2   2

Several conversations share a row: each epoch they are shuffled and put, one after the other, where they leave
the least room (best fit), so that little is padded; attention stays within a conversation by `documents`.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from llmworks.data.batches import Batch, check_settings, require_positive
from llmworks.data.mixture import permutation
from llmworks.errors import DataError, RequestError
from llmworks.packages.chat import ChatTemplate
from llmworks.packages.chat_messages import Message
from llmworks.text.tokenizer import Tokenizer


class EncodedConversations:
    """Conversations as ids and masks, none longer than a row of `block_size` targets.

    Attributes:
        count: conversations that can be learned from.
        tokens: targets in all of them, one epoch; `learned` of these are the assistant's.
        truncated: conversations that were cut at block_size + 1 tokens.
        dropped: those of which nothing that the assistant says was left.
    """

    def __init__(
        self,
        conversations: Iterable[Sequence[Message]],
        tokenizer: Tokenizer,
        template: ChatTemplate,
        block_size: int,
    ) -> None:
        require_positive(block_size=block_size)
        self.block_size = block_size
        self.truncated = self.dropped = 0
        ids: list[npt.NDArray[np.int32]] = []
        masks: list[npt.NDArray[np.bool_]] = []
        for number, messages in enumerate(conversations, 1):
            try:
                chat = template.encode(messages, tokenizer, tools=getattr(messages, "tools", None))
            except RequestError as error:
                raise DataError(f"conversation {number} does not fit the chat template: {error}") from error
            self.truncated += len(chat.ids) > block_size + 1
            if any(chat.mask[1 : block_size + 1]):
                ids.append(np.array(chat.ids[: block_size + 1], np.int32))
                masks.append(np.array(chat.mask[: block_size + 1], bool))
            else:
                self.dropped += 1
        if not ids:
            raise DataError(
                f"no conversation can be learned from: of {self.dropped} given, none has an assistant's word "
                f"within {block_size + 1} tokens. Give more conversations or a larger block size"
            )
        self.count = len(ids)
        self._ids, self._masks = np.concatenate(ids), np.concatenate(masks)
        self._starts = np.cumsum([0, *map(len, ids)])
        self.lengths = np.diff(self._starts) - 1  # targets of each
        self.tokens = int(self.lengths.sum())
        self.learned = int(self._masks.sum()) - int(self._masks[self._starts[:-1]].sum())
        self.fingerprint = hashlib.sha256(
            self._ids.tobytes() + self._masks.tobytes() + self._starts.tobytes()
        ).hexdigest()

    def __getitem__(self, number: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
        """(ids, mask) of one conversation."""
        here = slice(self._starts[number], self._starts[number + 1])
        return self._ids[here], self._masks[here]

    def batch(self, rows: Sequence[Sequence[int]]) -> Batch:
        """A batch with the given conversations in each row."""
        shape = (len(rows), self.block_size)
        ids, targets = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        weights, documents = np.zeros(shape, np.float32), np.zeros(shape, np.int64)
        for row, numbers in enumerate(rows):
            at = 0
            for document, number in enumerate(numbers):
                tokens, mask = self[number]
                here = slice(at, at + len(tokens) - 1)
                ids[row, here], targets[row, here] = tokens[:-1], tokens[1:]
                weights[row, here], documents[row, here] = mask[1:], document
                at = here.stop
            documents[row, at:] = len(numbers)
        return Batch(*map(torch.from_numpy, (ids, targets, weights, documents)))


class ConversationBatches:
    """Endless batches of shuffled, packed conversations; the position is (epoch, row).

    Give conversations as messages, or already encoded (which the block size must match).
    `rank` of `world_size` processes gets its own rows of each global batch.
    """

    def __init__(
        self,
        conversations: Iterable[Sequence[Message]] | EncodedConversations,
        tokenizer: Tokenizer,
        template: ChatTemplate,
        batch_size: int,
        block_size: int,
        seed: int = 0,
        *,
        name: str = "conversations",
        rank: int = 0,
        world_size: int = 1,
    ) -> None:
        require_positive(batch_size=batch_size, world_size=world_size)
        if not 0 <= rank < world_size:
            raise DataError(f"rank must be from 0 to world_size − 1 = {world_size - 1}; it was {rank}")
        if not isinstance(conversations, EncodedConversations):
            conversations = EncodedConversations(conversations, tokenizer, template, block_size)
        if conversations.block_size != block_size:
            raise DataError(f"encoded for blocks of {conversations.block_size}, not of {block_size}")
        self.encoded, self.name, self.seed = conversations, name, seed
        self.batch_size, self.block_size, self.rank, self.world_size = (
            batch_size,
            block_size,
            rank,
            world_size,
        )
        self._epoch = self._row = 0
        self._rows = lru_cache(maxsize=2)(self._pack_epoch)
        self.settings: dict[str, Any] = {
            "kind": "conversations",
            "seed": seed,
            "block_size": block_size,
            "conversations": conversations.fingerprint,
        }

    @property
    def tokens(self) -> int:
        """Targets in one epoch, those of weight 0 included."""
        return self.encoded.tokens

    def next(self) -> Batch:
        rows = [self._take_row() for _ in range(self.batch_size * self.world_size)]
        return self.encoded.batch(rows[self.rank * self.batch_size : (self.rank + 1) * self.batch_size])

    def one_pass(self) -> Iterator[Batch]:
        """Every conversation once, in an order that is always the same: for evaluation."""
        rows = self._rows(0)
        for start in range(0, len(rows), self.batch_size):
            yield self.encoded.batch(rows[start : start + self.batch_size])

    def _take_row(self) -> list[int]:
        row = self._rows(self._epoch)[self._row]
        self._row += 1
        if self._row == len(self._rows(self._epoch)):
            self._epoch, self._row = self._epoch + 1, 0
        return row

    def _pack_epoch(self, epoch: int) -> list[list[int]]:
        """The conversations of each row of an epoch."""
        order = permutation(self.encoded.count, self.seed, epoch, 0)
        rows = best_fit(order.tolist(), self.encoded.lengths.tolist(), self.block_size)
        return [rows[number] for number in permutation(len(rows), self.seed, epoch, 1).tolist()]

    def state_dict(self) -> dict[str, Any]:
        return {"settings": self.settings, "epoch": self._epoch, "row": self._row}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        check_settings(state, self.settings)
        self._epoch, self._row = int(state["epoch"]), int(state["row"])

    def epochs(self) -> dict[str, float]:
        return {self.name: self._epoch + self._row / len(self._rows(self._epoch))}


def best_fit(order: Sequence[int], lengths: Sequence[int], capacity: int) -> list[list[int]]:
    """Put things into rows of `capacity`, each where it leaves the least room, else into a new row."""
    rows: list[list[int]] = []
    room: list[tuple[int, int]] = []  # (free, row), sorted
    for number in order:
        length = lengths[number]
        found = bisect_left(room, (length, 0))
        if found < len(room):
            free, row = room.pop(found)
        else:
            free, row = capacity, len(rows)
            rows.append([])
        rows[row].append(number)
        if free > length:
            insort(room, (free - length, row))
    return rows
