"""Batched scoring with shared beginnings gives what one plain forward pass a pair gives."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from llmworks.evals.errors import EvalError
from llmworks.evals.scoring import Likelihood, Scorer, branches, shared_beginning
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.models.rnn import Recurrent, RecurrentConfig
from llmworks.nn.rope_scaling import RotaryScaling

VOCAB = 50
Pair = tuple[list[int], list[int]]


def decoder(**config: Any) -> Decoder:
    torch.manual_seed(1)
    values = {"d_model": 32, "n_layers": 2, "n_heads": 4, "max_length": 24, "init_std": 0.5} | config
    return Decoder(ModelConfig(vocab_size=VOCAB, **values)).eval()


DECODER = decoder()


@torch.no_grad()
def plainly(model: Any, pair: Pair) -> Likelihood:
    """One pass over one text, as the definition says."""
    context, continuation = pair
    ids = (context + continuation)[-(model.config.max_length + 1) :]
    targets = continuation[-(len(ids) - 1) :]
    logits = model(torch.tensor([ids[:-1]]))[0, -len(targets) :].float()
    logprobs = F.log_softmax(logits, -1)[torch.arange(len(targets)), torch.tensor(targets)]
    return Likelihood(tuple(logprobs.tolist()), logits.argmax(-1).tolist() == targets)


def assert_same(found: list[Likelihood], expected: list[Likelihood]) -> None:
    assert len(found) == len(expected)
    for mine, other in zip(found, expected, strict=True):
        assert mine.logprobs == pytest.approx(other.logprobs, abs=2e-5)
        assert mine.greedy == other.greedy


tokens = st.lists(st.integers(0, VOCAB - 1), min_size=1, max_size=10)


@st.composite
def pairs(draw: Any) -> list[Pair]:
    """Continuations behind contexts that often begin alike, some longer than the model's context."""
    beginnings = draw(st.lists(tokens, min_size=1, max_size=3))
    made = []
    for _ in range(draw(st.integers(1, 12))):
        context = [*draw(st.sampled_from(beginnings)), *draw(st.one_of(st.just([]), tokens))]
        made.append((context * draw(st.sampled_from([1, 1, 1, 2])), draw(tokens)))
    return made


@settings(max_examples=40, deadline=None)
@given(pairs(), st.sampled_from([1, 2, 5, 32]), st.sampled_from([1, 8, 10**9]))
def test_equals_one_pass_a_pair(asked: list[Pair], batch_size: int, saving: int) -> None:
    scorer = Scorer(DECODER, batch_size=batch_size, saving=saving)
    assert_same(scorer(asked), [plainly(DECODER, pair) for pair in asked])


def test_shared_beginnings_are_read_once() -> None:
    """Twenty questions behind one long beginning, four answers each."""
    shots = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]
    asked = [([*shots, question], [answer, 7]) for question in range(20) for answer in range(4)]
    shared, apart = Scorer(DECODER, saving=8), Scorer(DECODER, saving=10**9)
    assert_same(shared(asked), apart(asked))
    assert shared.work.asked == apart.work.asked == apart.work.run
    # The beginning once; of each of 80 texts what stands behind it.
    assert shared.work.run <= len(shots) + 80 * 2 + 20


def test_one_context_and_one_token_is_one_row() -> None:
    """Answers A to D behind one question need one row of work, not four."""
    scorer = Scorer(DECODER)
    asked = [([5, 6, 7], [answer]) for answer in (1, 2, 3, 4)]
    assert_same(scorer(asked), [plainly(DECODER, pair) for pair in asked])
    assert scorer.work.run == 3


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_networks_with_a_state(cell: str) -> None:
    torch.manual_seed(0)
    model = Recurrent(
        RecurrentConfig(vocab_size=VOCAB, d_model=16, n_layers=2, cell=cell, max_length=64)  # type: ignore[arg-type]
    ).eval()
    asked = [([1, 2, 3, 4], [5, 6]), ([1, 2, 3, 4], [7]), ([9], [1, 2, 3, 4, 5])]
    assert_same(Scorer(model, saving=1)(asked), [plainly(model, pair) for pair in asked])


def test_angles_that_depend_on_the_length() -> None:
    """Dynamic rotary scaling: a row padded to another's length would be turned by that one's angles."""
    scaling = RotaryScaling(kind="dynamic", factor=4.0, original_length=8)
    model = decoder(positions="rope", rope_scaling=scaling, max_length=32)
    asked = [([1, 2, 3, 4, 5], [6, 7]), (list(range(20)), [3, 1, 4]), ([1, 2, 3, 4, 5], [9])]
    assert_same(Scorer(model, saving=1)(asked), [plainly(model, pair) for pair in asked])


def test_windows_and_sliding_attention() -> None:
    model = decoder(positions="rope", layer_kinds=("sliding", "full"), sliding_window=4)
    asked = [([1, 2, 3, 4, 5, 6, 7, 8, 9], [answer, 3]) for answer in range(6)]
    assert_same(Scorer(model, saving=1)(asked), [plainly(model, pair) for pair in asked])


def test_nothing_to_score_is_refused() -> None:
    with pytest.raises(EvalError, match="at least one token"):
        Scorer(DECODER)([([1], [])])


def test_branches_part_where_texts_differ() -> None:
    from llmworks.evals.scoring import _Leaf

    leaves = [_Leaf(ids, [(0, (1,))]) for ids in [(1, 2, 3, 9), (1, 2, 4, 9), (1, 2, 4, 8), (1, 2)]]
    leaves.sort(key=lambda leaf: leaf.ids)
    assert shared_beginning(leaves) == 1  # (1, 2) predicts from its 2: only the 1 may be read with others
    assert [[leaf.ids for leaf in group] for group in branches(leaves[1:], 2)] == [
        [(1, 2, 3, 9)],
        [(1, 2, 4, 8), (1, 2, 4, 9)],
    ]
