"""Packing, mixtures and batch sources: every token once an epoch, boundaries right, positions exact."""

import json
from collections import Counter
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from llmworks.data.batches import (
    Batch,
    BatchSource,
    MixedBatches,
    PretrainingBatches,
    RandomBatches,
    fixed_batches,
)
from llmworks.data.mixture import Turns, mix, permutation
from llmworks.data.packing import ArrayTokens, PackedStream
from llmworks.errors import DataError

END = 0


def numbered(lengths: list[int], name: str = "source", first: int = 1) -> ArrayTokens:
    """Documents whose every token is another number, but for the end token of each."""
    documents, next_id = [], first
    for length in lengths:
        documents.append([*range(next_id, next_id + length), END])
        next_id += length
    return ArrayTokens(name, documents, documents)


def same(first: Batch, second: Batch) -> bool:
    pairs = [
        (getattr(first, name), getattr(second, name)) for name in ("ids", "targets", "weights", "documents")
    ]
    return all(a is b if a is None or b is None else torch.equal(a, b) for a, b in pairs)


document_lengths = st.lists(st.integers(0, 9), min_size=1, max_size=12)


@given(document_lengths, st.integers(1, 17), st.integers(0, 3))
def test_every_token_is_a_target_exactly_once_an_epoch(lengths: list[int], block: int, seed: int) -> None:
    """After as many rows as cover whole epochs, each token was seen that many times, up to the last block."""
    source = numbered(lengths)
    total = len(source.tokens("train"))
    stream = PackedStream(source, "train", block, (seed,))
    for epochs in (1, 2, 3):
        blocks = np.arange(-(-epochs * total // block))
        tokens, _ = stream.shuffled_blocks(blocks)
        seen = Counter(tokens[:, 1:].ravel().tolist())
        over = len(blocks) * block - epochs * total
        expected = Counter(source.tokens("train").tolist())
        surplus = {token: seen[token] - epochs * count for token, count in expected.items()}
        assert all(count >= 0 for count in surplus.values())
        assert sum(surplus.values()) == over < block


@given(document_lengths, st.integers(1, 17), st.integers(0, 3))
def test_a_block_continues_its_documents_and_numbers_them(lengths: list[int], block: int, seed: int) -> None:
    """Within a document each token follows the one before; a document begins after an end token."""
    source = numbered(lengths)
    stream = PackedStream(source, "train", block, (seed,))
    firsts = {int(source.tokens("train")[start]) for start in source.starts("train")[:-1]}
    for tokens, documents in zip(*stream.blocks(np.arange(12)), strict=True):
        assert documents[0] == 0
        for t in range(block):
            before, token = int(tokens[t]), int(tokens[t + 1])
            if before == END:
                assert token in firsts
            elif token != END:
                assert token == before + 1
            if t > 0:
                assert documents[t] == documents[t - 1] + (before == END)


def test_blocks_join_into_the_documents_of_each_epoch() -> None:
    """Unshuffled blocks laid end to end are the documents in that epoch's order, epoch after epoch."""
    source = numbered([3, 0, 5, 1])
    stream = PackedStream(source, "train", 4, (7,))
    tokens, _ = stream.blocks(np.arange(12))
    joined = tokens[:, 1:].ravel().tolist()
    orders = set()
    for epoch in range(3):
        text = joined[epoch * 13 : (epoch + 1) * 13]
        documents = []
        while text:
            end = text.index(END) + 1
            documents.append(tuple(text[:end]))
            text = text[end:]
        assert sorted(documents) == sorted([(1, 2, 3, 0), (0,), (4, 5, 6, 7, 8, 0), (9, 0)])
        orders.add(tuple(documents))
    assert len(orders) > 1, "every epoch has the same order"


def test_the_rows_of_a_batch_come_from_all_over_the_source() -> None:
    source = numbered([10_000])
    batch = PretrainingBatches([(source, 1.0)], 16, 10).next()
    assert len({int(row[5]) // 500 for row in batch.ids}) > 8


def test_the_split_is_the_one_asked_for() -> None:
    source = ArrayTokens("s", train=[[1, 1, 1, 0]], validation=[[2, 2, 2, 0]])
    assert PretrainingBatches([(source, 1)], 2, 4).next().targets.sum() == 6
    assert PretrainingBatches([(source, 1)], 2, 4, split="validation").next().targets.sum() == 12


def test_shapes_and_types() -> None:
    source = numbered([5, 6, 7])
    batch = PretrainingBatches([(source, 1)], 3, 8, document_mask=True).next()
    assert batch.documents is not None
    for tensor in (batch.ids, batch.targets, batch.documents):
        assert tensor.shape == (3, 8)
        assert tensor.dtype == torch.int64
        assert tensor.is_contiguous()
    assert torch.equal(batch.ids[:, 1:], batch.targets[:, :-1])
    assert PretrainingBatches([(source, 1)], 3, 8).next().documents is None
    assert same(batch.to("cpu"), batch)


def test_two_seeds_differ_and_one_repeats() -> None:
    def stream(seed: int) -> list[list[int]]:
        source = PretrainingBatches([(numbered([7] * 20), 1)], 4, 8, seed)
        return [source.next().ids.flatten().tolist() for _ in range(5)]

    assert stream(1) == stream(1) != stream(2)


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=6), st.integers(1, 300))
def test_turns_keep_to_the_weights(weights: list[float], count: int) -> None:
    """No source is ever further from its share than the number of sources."""
    turns = Turns(weights)
    for n in range(1, count + 1):
        turns.take()
        for share, taken in zip(turns.shares, turns.taken, strict=True):
            assert abs(taken - share * n) <= max(1, len(weights) - 1)


def test_a_mixture_gives_each_source_its_share_of_tokens_and_counts_epochs() -> None:
    small, large = numbered([9] * 10, "small"), numbered([9] * 100, "large", first=1000)
    source = PretrainingBatches([(small, 3.0), (large, 1.0)], 8, 10)
    counts: Counter[str] = Counter()
    for _ in range(25):
        for row in source.next().targets:
            counts["large" if int(row.max()) >= 1000 else "small"] += 1
    assert counts == {"small": 150, "large": 50}
    assert source.epochs() == {"small": 15.0, "large": 0.5}


def test_sources_of_one_name_are_told_apart() -> None:
    source = PretrainingBatches([(numbered([3], "a"), 1), (numbered([4], "a"), 1)], 1, 2)
    assert list(source.epochs()) == ["a", "a-2"]


def test_processes_share_the_rows_of_each_global_batch() -> None:
    mixture: Any = [(numbered([5] * 30, "a"), 2), (numbered([8] * 9, "b", 500), 1)]
    whole = PretrainingBatches(mixture, 6, 7, 3, document_mask=True)
    parts = [
        PretrainingBatches(mixture, 2, 7, 3, document_mask=True, rank=rank, world_size=3) for rank in range(3)
    ]
    for _ in range(10):
        batch, shares = whole.next(), [part.next() for part in parts]
        assert torch.equal(batch.ids, torch.cat([share.ids for share in shares]))
        assert torch.equal(batch.documents, torch.cat([share.documents for share in shares]))  # type: ignore[arg-type]


def pretraining(batch_size: int = 3) -> BatchSource:
    mixture: Any = [(numbered([5, 2, 9, 1], "a"), 2), (numbered([4] * 7, "b", 100), 1.5)]
    return PretrainingBatches(mixture, batch_size, 6, 5, document_mask=True)


def random_offsets(batch_size: int = 3) -> BatchSource:
    return RandomBatches(np.arange(1000, dtype=np.uint16), batch_size, 6, 5)


def mixed(batch_size: int = 3) -> BatchSource:
    return MixedBatches([(pretraining(batch_size), 3), (random_offsets(batch_size), 1)])


@pytest.mark.parametrize("make", [pretraining, random_offsets, mixed])
@pytest.mark.parametrize("stop", [0, 1, 7, 40])
def test_a_saved_position_goes_on_exactly(make: Any, stop: int) -> None:
    """Through JSON, as in a checkpoint; and the source that was saved from is not disturbed."""
    source = make()
    for _ in range(stop):
        source.next()
    state = json.loads(json.dumps(source.state_dict()))
    resumed = make()
    resumed.load_state_dict(state)
    assert resumed.epochs() == source.epochs()
    for _ in range(12):
        assert same(source.next(), resumed.next())
    again = make()
    again.load_state_dict(state)
    assert again.state_dict() == state


def test_a_position_holds_with_another_batch_size() -> None:
    six, two = pretraining(6), pretraining(2)
    six.next()
    two.load_state_dict(six.state_dict())
    rest = torch.cat([two.next().ids for _ in range(3)])
    assert torch.equal(six.next().ids, rest)


def test_a_position_of_other_data_is_refused() -> None:
    state = pretraining().state_dict()
    with pytest.raises(DataError, match="seed was 5 and is 6"):
        PretrainingBatches([(numbered([5]), 1)], 3, 6, 6).load_state_dict(state)
    with pytest.raises(DataError, match="kind was 'pretraining' and is 'random'"):
        random_offsets().load_state_dict(state)
    with pytest.raises(DataError, match="no settings"):
        pretraining().load_state_dict({})


@given(document_lengths, st.integers(1, 7), st.integers(1, 5))
def test_fixed_batches_pass_over_everything_once_in_order(lengths: list[int], block: int, rows: int) -> None:
    source = numbered(lengths)
    seen: list[int] = []
    before: list[int] = []
    for batch in fixed_batches(source, rows, block, document_mask=True):
        counted = torch.ones_like(batch.ids).bool() if batch.weights is None else batch.weights.bool()
        seen += batch.targets[counted].tolist()
        before += batch.ids[counted].tolist()
    assert seen == source.tokens("validation").tolist()
    assert before == [END, *seen[:-1]]


def test_fixed_batches_of_a_part_are_spread_and_repeat() -> None:
    source = numbered([99] * 10)
    first, second = (list(fixed_batches(source, 2, 10, max_tokens=95)) for _ in range(2))
    assert len(first) == 5
    assert all(same(a, b) for a, b in zip(first, second, strict=True))
    hundreds = {int(row.max()) // 100 for batch in first for row in batch.targets}
    assert len(hundreds) == 10
    assert len(list(fixed_batches(source, 2, 10, max_tokens=10**9))) == 50


def test_random_batches_are_slices_of_the_array() -> None:
    source = RandomBatches(np.arange(50), 200, 8, seed=1)
    batch = source.next()
    assert (batch.targets == batch.ids + 1).all()
    assert (batch.ids[:, 1:] == batch.ids[:, :-1] + 1).all()
    assert set(batch.ids[:, 0].tolist()) == set(range(42))
    assert source.epochs() == {"text": 32.0}


@given(st.integers(0, 200), st.integers(-(2**70), 2**70))
def test_a_permutation_holds_each_number_once(count: int, seed: int) -> None:
    assert sorted(permutation(count, seed, 1).tolist()) == list(range(count))


def test_the_mixer_is_splitmix64_and_orders_are_fixed() -> None:
    """A saved position means the same rows everywhere and always, so the order itself is part of the format.

    The first outputs of splitmix64 from the state 0: its author's splitmix64.c.
    """
    golden = 0x9E3779B97F4A7C15
    states = np.array([0, golden, 2 * golden % 2**64], np.uint64)
    assert mix(states).tolist() == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert permutation(10, 1, 2).tolist() == [8, 7, 5, 6, 1, 4, 3, 0, 2, 9]


def one(weight: float = 1, batch_size: int = 1, block_size: int = 1, **options: int) -> BatchSource:
    return PretrainingBatches([(numbered([1]), weight)], batch_size, block_size, **options)


NONSENSE: list[tuple[Any, str]] = [
    (lambda: PretrainingBatches([], 1, 1), "at least one source"),
    (lambda: one(weight=0.0), "weight must be a positive number"),
    (lambda: one(weight=float("nan")), "weight must be a positive number"),
    (lambda: one(batch_size=0), "batch_size must be at least 1"),
    (lambda: one(block_size=0), "block_size must be at least 1"),
    (lambda: one(rank=2, world_size=2), "rank must be from 0 to"),
    (lambda: PretrainingBatches([(ArrayTokens("a", []), 1)], 1, 1), "no documents in its 'train' split"),
    (lambda: RandomBatches([1, 2, 3], 1, 3), "at least 4 tokens"),
    (lambda: list(fixed_batches(numbered([1]), 1, 1, max_tokens=0)), "max_tokens must be at least 1"),
]


@pytest.mark.parametrize(("make", "message"), NONSENSE)
def test_nonsense_is_refused(make: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        make()


def test_sources_of_different_tokenizers_do_not_mix() -> None:
    first, second = numbered([3], "a"), numbered([3], "b")
    second.tokenizer_fingerprint = "other"
    with pytest.raises(DataError, match="'a' and 'b' were made with different tokenizers"):
        PretrainingBatches([(first, 1), (second, 1)], 1, 2)
