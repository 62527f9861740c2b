"""Log-likelihoods of many continuations at once: common beginnings are read once, the rest in padded batches.

    shots · question A · answer 1        shots ─┬─ question A ─┬─ answer 1, answer 2, answer 3
    shots · question A · answer 2               │              one batch behind A's cache
    shots · question A · answer 3               └─ question B ─┬─ …
    shots · question B · …               a prefix tree, walked depth first; a cache for each inner node

A causal network's output at a position does not depend on what comes after, so rows are padded on the right,
and their order and company change nothing but the last bits of rounding. What a network computes differently
by the length of the text (dynamic rotary scaling) is read row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from llmworks.evals.errors import EvalError
from llmworks.inference.request import OutputError
from llmworks.models.decoder import Decoder
from llmworks.models.networks import Causal
from llmworks.nn.cache import KVCache

HEAD_FLOATS = 1 << 24  # logits held at once: 64 MB


@dataclass(frozen=True, slots=True)
class Likelihood:
    """Of one continuation: its tokens' log-probabilities (nats); whether greedy decoding would give it."""

    logprobs: tuple[float, ...]
    greedy: bool

    @property
    def total(self) -> float:
        return float(sum(self.logprobs))


@dataclass
class Work:
    """What was read: tokens that the texts have, and tokens that the network was given, padding included."""

    asked: int = 0
    run: int = 0
    passes: int = 0


@dataclass
class _Leaf:
    """One distinct input. asks: (place in the results, the last tokens that it predicts)."""

    ids: tuple[int, ...]
    asks: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)

    @property
    def scored(self) -> int:
        return max(len(targets) for _, targets in self.asks)

    @property
    def free(self) -> int:
        """Tokens at the beginning that predict nothing asked for, and so may be read with others."""
        return len(self.ids) - self.scored


class Scorer:
    """Scores (context, continuation) pairs of ids under a network.

    batch_size: rows at once. batch_tokens: tokens at once, padding included. saving: tokens that a shared
    beginning must save to be worth a pass of its own.
    """

    def __init__(
        self,
        model: Causal,
        *,
        batch_size: int = 32,
        batch_tokens: int = 8192,
        saving: int | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self.model: Any = model  # what makes a cache takes it back, whichever network it is
        self.device = next(model.parameters()).device
        self.batch_size, self.batch_tokens = max(1, batch_size), batch_tokens
        self.saving = saving if saving is not None else (64 if self.device.type == "cpu" else 4096)
        self.max_length = model.config.max_length
        rotary = getattr(model, "rotary", None)
        self._by_length = bool(getattr(rotary, "depends_on_length", False))
        self._shares = isinstance(model, Decoder) and not self._by_length
        self._progress = progress or (lambda count: None)
        self.work = Work()

    @torch.inference_mode()
    def __call__(self, pairs: Sequence[tuple[Sequence[int], Sequence[int]]]) -> list[Likelihood]:
        """One Likelihood a pair, in their order. What does not fit the context loses its beginning."""
        leaves: dict[tuple[int, ...], _Leaf] = {}
        self._found: list[Likelihood | None] = [None] * len(pairs)
        for place, (context, continuation) in enumerate(pairs):
            if not context or not continuation:
                raise EvalError("nothing to score: a context and a continuation need at least one token each")
            ids = tuple((*context, *continuation)[-(self.max_length + 1) :])
            targets = tuple(continuation)[-(len(ids) - 1) :]
            leaves.setdefault(ids[:-1], _Leaf(ids[:-1])).asks.append((place, targets))
            self.work.asked += len(ids) - 1
        distinct = sorted(leaves.values(), key=lambda leaf: leaf.ids)
        self._batches(self._walk(distinct, None) if self._shares and distinct else distinct, None)
        return [found for found in self._found if found is not None]

    def _walk(self, leaves: list[_Leaf], cache: KVCache | None) -> list[_Leaf]:
        """Score sorted leaves that all begin with what is in `cache`, where sharing more of them pays.

        The others come back, to be read in batches with whatever else stands behind the same cache.
        """
        read = 0 if cache is None else cache.length
        common = shared_beginning(leaves)
        pays = (len(leaves) - 1) * (common - read) >= self.saving
        if pays:
            cache = self._extended(leaves[0].ids[:common], cache)
        left: list[_Leaf] = []
        for group in branches(leaves, common):
            left += self._walk(group, cache) if len(group) > 1 else group
        if pays:
            self._batches(left, cache)
            return []
        return left

    def _extended(self, ids: tuple[int, ...], cache: KVCache | None) -> KVCache:
        """A cache of one row that holds all of `ids`, made from a parent's."""
        made = self.model.new_cache(1, len(ids))
        assert isinstance(made, KVCache)
        start = 0
        if cache is not None:
            start = cache.length
            _copy(cache, made)
        self.model.hidden(torch.tensor([ids[start:]], device=self.device), cache=made)
        self._count(1, len(ids) - start)
        return made

    def _batches(self, leaves: list[_Leaf], cache: Any) -> None:
        """Leaves in padded batches, longest first, behind a common cache."""
        read = 0 if cache is None else cache.length
        waiting = sorted(leaves, key=lambda leaf: -len(leaf.ids))
        while waiting:
            longest = len(waiting[0].ids)
            count = max(1, min(self.batch_size, self.batch_tokens // max(1, longest - read)))
            if self._by_length:
                count = 1
            batch, waiting = waiting[:count], waiting[count:]
            self._score(batch, cache, longest - read)

    def _score(self, batch: list[_Leaf], cache: KVCache | None, width: int) -> None:
        read = 0 if cache is None else cache.length
        ids = torch.zeros(len(batch), width, dtype=torch.long)
        for row, leaf in enumerate(batch):
            ids[row, : len(leaf.ids) - read] = torch.tensor(leaf.ids[read:])
        wide = None
        if cache is not None:
            made = self.model.new_cache(len(batch), read + width)
            assert isinstance(made, KVCache)
            wide = made
            _copy(cache, wide)
        hidden = self.model.hidden(ids.to(self.device), cache=wide)
        self._count(len(batch), width)
        rows = [(row, leaf) for row, leaf in enumerate(batch)]
        step = max(1, HEAD_FLOATS // (self.model.config.vocab_size * max(leaf.scored for leaf in batch)))
        for start in range(0, len(rows), step):
            self._judge(rows[start : start + step], hidden, read)
        self._progress(sum(len(leaf.asks) for leaf in batch))

    def _judge(self, rows: list[tuple[int, _Leaf]], hidden: Tensor, read: int) -> None:
        """The asked positions of some rows through the head."""
        wanted = [hidden[row, leaf.free - read : len(leaf.ids) - read] for row, leaf in rows]
        logits = self.model.head(torch.cat(wanted)).float()
        best = logits.argmax(dim=-1).cpu()
        logprobs = F.log_softmax(logits, dim=-1)
        start = 0
        for _, leaf in rows:
            end = start + leaf.scored
            for place, targets in leaf.asks:
                at = torch.arange(end - len(targets), end)
                given = torch.tensor(targets)
                values = logprobs[at.to(self.device), given.to(self.device)].cpu().double().tolist()
                if any(value != value for value in values):
                    raise OutputError(
                        "the model gave no finite probability (NaN); its weights may be damaged"
                    )
                self._found[place] = Likelihood(tuple(values), bool((best[at] == given).all()))
            start = end

    def _count(self, rows: int, width: int) -> None:
        self.work.run += rows * width
        self.work.passes += 1


def _copy(source: KVCache, target: KVCache) -> None:
    """One row's past into every row of another cache."""
    length = source.length
    for old, new in zip((*source.keys, *source.values), (*target.keys, *target.values), strict=True):
        new[:, :, :length] = old[:, :, :length]
    target.length = length


def shared_beginning(leaves: Sequence[_Leaf]) -> int:
    """Tokens with which all of these (sorted) begin, none of them asked for."""
    first, last = leaves[0].ids, leaves[-1].ids
    most = min(leaf.free for leaf in leaves)
    at = 0
    while at < most and first[at] == last[at]:
        at += 1
    return at


def branches(leaves: Sequence[_Leaf], depth: int) -> list[list[_Leaf]]:
    """Sorted leaves by the token at `depth`; those that share nothing more stand alone."""
    groups: list[list[_Leaf]] = []
    for leaf in leaves:
        token = leaf.ids[depth] if depth < leaf.free else None
        previous = groups[-1][-1] if groups else None
        alike = (
            token is not None
            and previous is not None
            and depth < previous.free
            and previous.ids[depth] == token
        )
        if alike:
            groups[-1].append(leaf)
        else:
            groups.append([leaf])
    return groups
