"""The merges over ids in C are those in Python, for any list of merges and any ids."""

from __future__ import annotations

import copy
import pickle
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmworks.text.bpe_model import BPEModel
from llmworks.text.native_merges import NativeMerges
from llmworks.text.python_bpe import Parts, merge_all


def in_python(pairs: dict[tuple[int, int], tuple[int, int]], ids: list[int]) -> list[int]:
    parts = Parts(list(ids))
    for _ in merge_all(parts, lambda left, right: pairs.get((left, right))):
        pass
    return parts.ids()


def in_c(pairs: dict[tuple[int, int], tuple[int, int]]) -> NativeMerges:
    merges = NativeMerges.build(pairs)
    if merges is None:
        pytest.skip("no C compiler here")
    return merges


few = st.integers(0, 7)


@given(
    pairs=st.dictionaries(st.tuples(few, few), few, max_size=24),
    texts=st.lists(st.lists(few, max_size=40), max_size=8),
    seed=st.integers(0, 99),
)
def test_any_merges_of_any_ids(pairs: dict[tuple[int, int], int], texts: list[list[int]], seed: int) -> None:
    """Also merges that no vocabulary has, where a result is again a left half of many."""
    order = random.Random(seed).sample(range(len(pairs)), len(pairs))
    table = {pair: (place, result) for place, (pair, result) in zip(order, pairs.items(), strict=True)}
    merges = in_c(table)
    for ids in texts:
        assert merges(list(ids)) == in_python(table, ids)


@pytest.mark.parametrize("length", [0, 1, 2, 127, 128, 129, 130, 5000])
def test_short_and_long_pieces(length: int) -> None:
    """Around the length where scratch room moves from the stack to the heap, with large ids."""
    draw = random.Random(length)
    top = (1 << 24) - 2
    names = [top - place for place in range(40)]
    pairs = [(left, right) for left in names for right in names]
    table = {
        pair: (place, draw.choice(names)) for place, pair in enumerate(draw.sample(pairs, len(pairs) // 2))
    }
    merges = in_c(table)
    for ids in ([draw.choice(names) for _ in range(length)], [names[0]] * length):
        assert merges(list(ids)) == in_python(table, ids)


def test_a_table_with_many_merges_finds_each() -> None:
    draw = random.Random(3)
    table: dict[tuple[int, int], tuple[int, int]] = {}
    while len(table) < 50_000:
        table.setdefault((draw.randrange(1 << 24), draw.randrange(1 << 24)), (len(table), len(table) + 7))
    merges = in_c(table)
    assert all(merges([left, right]) == [result] for (left, right), (_, result) in table.items())
    assert merges([1 << 23, 1 << 23]) == [1 << 23] * 2


def test_a_model_without_c_gives_the_same_ids() -> None:
    letters = "▁abcé"
    merges = [("a", "b"), ("▁", "ab"), ("b", "c"), ("▁", "▁"), ("c", "▁"), ("a", "b")]
    names = [*letters, *("".join(pair) for pair in merges[:-1]), *(f"<0x{v:02X}>" for v in range(256))]
    vocabulary = {name: id for id, name in enumerate(dict.fromkeys(names))}
    ours, python = (
        BPEModel(vocabulary, merges, byte_fallback=True, native=native) for native in (True, False)
    )
    draw = random.Random(5)
    copies = [copy.deepcopy(ours), pickle.loads(pickle.dumps(ours))]
    for _ in range(500):
        text = "".join(draw.choices([*letters, "日", "x"], k=draw.randint(1, 30)))
        expected = python.ids(text)
        assert ours.ids(text) == expected == [part.id for part in ours.parts(text)]
        assert all(other.ids(text) == expected for other in copies)
