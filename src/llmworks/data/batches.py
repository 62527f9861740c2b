"""Batches: what a training step is fed, and the sources that make them.

    stream    … t₅ t₆ t₇ ⏹ t₁ t₂ ⏹ t₁ …        documents end to end, ⏹ = <|endoftext|>
    targets          [t₇ ⏹ t₁ t₂ ⏹]             a block of T positions of the stream
    ids           [t₆ t₇ ⏹ t₁ t₂]                the same block one position earlier
    documents      [0  0  1  1  1]                the document that each target belongs to

Every token of a stream is a target exactly once an epoch, the first of a document too: it is predicted from
the ⏹ before it, which so serves as the beginning-of-text token.

A source's whole state is how many rows it has given; row n is computed from the seed and n. So a run resumes
at exactly its next row, with another batch size or number of machines if need be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from llmworks.data.mixture import Turns, random_keys
from llmworks.data.packing import PackedStream, TokenSource
from llmworks.errors import DataError


@dataclass(frozen=True, slots=True)
class Batch:
    """B rows of T positions. Without `weights` all targets count the same; without `documents` all is one."""

    ids: Tensor  # [B, T] int64
    targets: Tensor  # [B, T] int64; targets[b, t] is what follows ids[b, t]
    weights: Tensor | None = None  # [B, T] float32; 0 where a target is not learned from
    documents: Tensor | None = None  # [B, T] int64; attention stays within equal numbers

    def to(self, device: torch.device | str) -> Batch:
        """The same batch on another device (from pinned memory on a GPU, so that the copy overlaps)."""
        device = torch.device(device)

        def move(tensor: Tensor) -> Tensor:
            if device.type == "cuda" and tensor.device.type == "cpu":
                return tensor.pin_memory().to(device, non_blocking=True)
            return tensor.to(device)

        return Batch(
            move(self.ids),
            move(self.targets),
            None if self.weights is None else move(self.weights),
            None if self.documents is None else move(self.documents),
        )


class BatchSource(Protocol):
    """Endless batches with a position that can be saved and taken up again."""

    def next(self) -> Batch:
        """The next batch; there always is one."""

    def state_dict(self) -> dict[str, Any]:
        """The position, as plain numbers and strings (JSON)."""

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go to a saved position; DataError when it was saved with other data or another seed."""

    def epochs(self) -> dict[str, float]:
        """How many times each source has been gone through, by its name."""


class PretrainingBatches:
    """Blocks of shuffled, packed documents from several sources in proportion to their weights.

    Documents are shuffled anew each epoch and laid end to end; the stream is cut in blocks of `block_size`
    and these are shuffled too, so that the rows of a batch do not come from one book. With `document_mask`
    a batch carries `documents`. `rank` of `world_size` processes gets its own rows of each global batch.
    """

    def __init__(
        self,
        mixture: Sequence[tuple[TokenSource, float]],
        batch_size: int,
        block_size: int,
        seed: int = 0,
        split: str = "train",
        document_mask: bool = False,
        *,
        rank: int = 0,
        world_size: int = 1,
    ) -> None:
        require_positive(batch_size=batch_size, block_size=block_size, world_size=world_size)
        if not 0 <= rank < world_size:
            raise DataError(f"rank must be from 0 to world_size − 1 = {world_size - 1}; it was {rank}")
        self.turns = Turns([weight for _, weight in mixture])
        check_one_tokenizer([source for source, _ in mixture])
        self.names = unique_names([source.name for source, _ in mixture])
        self.streams = [
            PackedStream(source, split, block_size, (seed, number))
            for number, (source, _) in enumerate(mixture)
        ]
        self.batch_size, self.block_size, self.document_mask = batch_size, block_size, document_mask
        self.rank, self.world_size = rank, world_size
        self.settings: dict[str, Any] = {
            "kind": "pretraining",
            "seed": seed,
            "split": split,
            "block_size": block_size,
            "sources": {
                name: [source.fingerprint, share]
                for name, (source, _), share in zip(self.names, mixture, self.turns.shares, strict=True)
            },
        }

    def next(self) -> Batch:
        rows = self._take_rows()
        stream = np.empty((self.batch_size, self.block_size + 1), np.int64)
        documents = np.empty((self.batch_size, self.block_size), np.int64)
        for number, source in enumerate(self.streams):
            mine = [row for row, (which, _) in enumerate(rows) if which == number]
            if mine:
                blocks = np.array([rows[row][1] for row in mine], np.int64)
                stream[mine], documents[mine] = source.shuffled_blocks(blocks)
        return as_batch(stream, documents if self.document_mask else None)

    def _take_rows(self) -> list[tuple[int, int]]:
        """(source, block number) of this rank's rows; the other ranks' rows count as taken too."""
        rows = []
        for _ in range(self.batch_size * self.world_size):
            source = self.turns.take()
            rows.append((source, self.turns.taken[source] - 1))
        return rows[self.rank * self.batch_size : (self.rank + 1) * self.batch_size]

    def state_dict(self) -> dict[str, Any]:
        return {"settings": self.settings, "rows": list(self.turns.taken)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        check_settings(state, self.settings)
        self.turns.taken = [int(rows) for rows in state["rows"]]

    def epochs(self) -> dict[str, float]:
        return {
            name: rows * self.block_size / stream.length
            for name, stream, rows in zip(self.names, self.streams, self.turns.taken, strict=True)
        }


class RandomBatches:
    """Blocks at random places of one array of token ids, as nanoGPT draws them (with replacement).

    For small single texts; there are no document boundaries and no exact epochs.
    """

    def __init__(self, ids: npt.ArrayLike, batch_size: int, block_size: int, seed: int = 0) -> None:
        require_positive(batch_size=batch_size, block_size=block_size)
        self.tokens = np.asarray(ids)
        self.places = len(self.tokens) - block_size
        if self.tokens.ndim != 1 or self.places < 1:
            raise DataError(
                f"the token array has shape {self.tokens.shape}; blocks of {block_size} need one dimension "
                f"and at least {block_size + 1} tokens. Use a longer text or a smaller block size"
            )
        self.batch_size, self.block_size, self.seed = batch_size, block_size, seed
        self.rows = 0
        self.settings = {
            "kind": "random",
            "seed": seed,
            "block_size": block_size,
            "tokens": len(self.tokens),
        }

    def next(self) -> Batch:
        keys = random_keys(self.batch_size, self.seed, start=self.rows)
        self.rows += self.batch_size
        places = (keys % np.uint64(self.places)).astype(np.int64)
        return as_batch(self.tokens[places[:, None] + np.arange(self.block_size + 1)].astype(np.int64))

    def state_dict(self) -> dict[str, Any]:
        return {"settings": self.settings, "rows": self.rows}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        check_settings(state, self.settings)
        self.rows = int(state["rows"])

    def epochs(self) -> dict[str, float]:
        return {"text": self.rows * self.block_size / len(self.tokens)}


class MixedBatches:
    """Whole batches from several sources in turn, by weight: pretraining text and conversations, say."""

    def __init__(self, mixture: Sequence[tuple[BatchSource, float]]) -> None:
        self.turns = Turns([weight for _, weight in mixture])
        self.sources = [source for source, _ in mixture]
        self.settings = {"kind": "mixed", "shares": self.turns.shares}

    def next(self) -> Batch:
        return self.sources[self.turns.take()].next()

    def state_dict(self) -> dict[str, Any]:
        states = [source.state_dict() for source in self.sources]
        return {"settings": self.settings, "batches": list(self.turns.taken), "sources": states}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        check_settings(state, self.settings)
        self.turns.taken = [int(batches) for batches in state["batches"]]
        for source, saved in zip(self.sources, state["sources"], strict=True):
            source.load_state_dict(saved)

    def epochs(self) -> dict[str, float]:
        parts = [item for source in self.sources for item in source.epochs().items()]
        names = unique_names([name for name, _ in parts])
        return dict(zip(names, [count for _, count in parts], strict=True))


def fixed_batches(
    source: TokenSource,
    batch_size: int,
    block_size: int,
    *,
    split: str = "validation",
    max_tokens: int | None = None,
    document_mask: bool = False,
) -> Iterator[Batch]:
    """One pass over a split in its stored order: the same batches every time, each token a target once.

    The last row is filled up with targets of weight 0, and the last batch may have fewer rows. With
    `max_tokens`, blocks spread evenly over the split are taken, that many tokens or a few more.
    """
    require_positive(batch_size=batch_size, block_size=block_size)
    stream = PackedStream(source, split, block_size, None)
    blocks = np.arange(-(-stream.length // block_size))
    if max_tokens is not None:
        require_positive(max_tokens=max_tokens)
        count = min(len(blocks), -(-max_tokens // block_size))
        blocks = blocks[np.arange(count) * len(blocks) // count]
    for start in range(0, len(blocks), batch_size):
        rows = blocks[start : start + batch_size]
        tokens, documents = stream.blocks(rows)
        inside = rows[:, None] * block_size + np.arange(block_size) < stream.length
        weights = None if inside.all() else torch.from_numpy(inside.astype(np.float32))
        yield replace(as_batch(tokens, documents if document_mask else None), weights=weights)


def as_batch(stream: npt.NDArray[np.int64], documents: npt.NDArray[np.int64] | None = None) -> Batch:
    """A batch from rows [B, T + 1] of a stream: inputs are all but the last, targets all but the first."""
    return Batch(
        ids=torch.from_numpy(np.ascontiguousarray(stream[:, :-1])),
        targets=torch.from_numpy(np.ascontiguousarray(stream[:, 1:])),
        documents=None if documents is None else torch.from_numpy(documents),
    )


def check_settings(state: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
    """Refuse a position that was saved with other settings: it would silently mean other rows."""
    saved = state.get("settings")
    if saved == settings:
        return
    if not isinstance(saved, Mapping):
        raise DataError("the saved position of the data holds no settings: it was not saved by these batches")
    changed = sorted(key for key in {*saved, *settings} if saved.get(key) != settings.get(key))
    was = "; ".join(f"{key} was {saved.get(key)!r} and is {settings.get(key)!r}" for key in changed)
    raise DataError(f"the saved position belongs to other data: {was}. Resume with what the run began with")


def check_one_tokenizer(sources: Sequence[TokenSource]) -> None:
    """Ids of different tokenizers mean different text: sources of one mixture must share theirs."""
    first = sources[0] if sources else None
    for source in sources:
        if first is not None and source.tokenizer_fingerprint != first.tokenizer_fingerprint:
            raise DataError(
                f"{first.name!r} and {source.name!r} were made with different tokenizers "
                f"({first.tokenizer_fingerprint[:12]}, {source.tokenizer_fingerprint[:12]}); "
                "build both shard sets with the same one"
            )


def unique_names(names: Sequence[str]) -> list[str]:
    """The names, with a number after each that occurs again: books, books-2."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return result


def require_positive(**numbers: int) -> None:
    for name, number in numbers.items():
        if number < 1:
            raise DataError(f"{name} must be at least 1; it was {number}")
