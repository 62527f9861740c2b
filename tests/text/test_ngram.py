"""N-gram models against the formulas written out slowly, and as probability distributions."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmworks.errors import DataError, RequestError
from llmworks.text import native_ngram
from llmworks.text.ngram import NGramModel
from llmworks.text.ngram_smoothing import SMOOTHINGS
from llmworks.text.tokenizer import Tokenizer
from tests.support import ROOT, TINY_TEXT, shared_data, tiny_tokenizer

BEGIN = -1


class SlowKneserNey:
    """Interpolated modified Kneser-Ney as Chen & Goodman (1998) write it, with dictionaries of tuples."""

    def __init__(self, documents: Sequence[Sequence[int]], order: int, vocab_size: int) -> None:
        self.order, self.vocab_size = order, vocab_size
        raw: list[Counter[tuple[int, ...]]] = [Counter() for _ in range(order + 1)]
        for document in documents:
            padded = (BEGIN, *document)
            for n in range(1, order + 1):
                raw[n].update(padded[i : i + n] for i in range(len(padded) - n + 1))
        self.counts: list[dict[tuple[int, ...], int]] = [{}] * (order + 1)
        self.counts[order] = dict(raw[order])
        for n in range(1, order):
            left: defaultdict[tuple[int, ...], set[int]] = defaultdict(set)
            for gram in raw[n + 1]:
                left[gram[1:]].add(gram[0])
            self.counts[n] = {g: raw[n][g] if g[0] == BEGIN else len(left[g]) for g in raw[n]}
        self.counts[1].pop((BEGIN,), None)
        self.discounts = [self._discounts(list(counts.values())) for counts in self.counts]

    @staticmethod
    def _discounts(counts: list[int]) -> tuple[float, float, float]:
        n1, n2, n3, n4 = (sum(count == i for count in counts) for i in (1, 2, 3, 4))
        if 0 in (n1, n2, n3):
            return (0.5, 1.0, 1.5)
        y = n1 / (n1 + 2 * n2)
        made = (1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3)
        return made if all(0 <= d <= i + 1 for i, d in enumerate(made)) else (0.5, 1.0, 1.5)

    def probability(self, word: int, context: tuple[int, ...]) -> float:
        context = context[len(context) - min(len(context), self.order - 1) :]
        n = len(context) + 1
        lower = self.probability(word, context[1:]) if context else 1 / self.vocab_size
        followers = {g[-1]: c for g, c in self.counts[n].items() if g[:-1] == context}
        if not followers:
            return lower
        total, discount = sum(followers.values()), self.discounts[n]
        held_back = sum(discount[min(c, 3) - 1] for c in followers.values())
        seen = followers.get(word, 0)
        kept = seen - discount[min(seen, 3) - 1] if seen else 0.0
        return (kept + held_back * lower) / total


def random_documents(seed: int, count: int = 60, words: int = 7, longest: int = 40) -> list[list[int]]:
    draw = np.random.default_rng(seed)
    weights = np.arange(words, 0, -1) ** 2.0
    return [
        draw.choice(words, int(draw.integers(0, longest)), p=weights / weights.sum()).tolist()
        for _ in range(count)
    ]


@pytest.mark.parametrize(("order", "words"), [(1, 30), (2, 30), (3, 12), (5, 6)])
def test_is_modified_kneser_ney_as_the_paper_writes_it(order: int, words: int) -> None:
    documents = random_documents(order, words=words)
    model, slow = NGramModel.train(documents, order, 33), SlowKneserNey(documents, order, 33)
    assert order == 1 or slow.discounts[order] != (0.5, 1.0, 1.5), "the estimate of discounts is untested"
    for text in random_documents(100, count=6, words=33, longest=15):
        expected = [math.log(slow.probability(w, (BEGIN, *text[:i]))) for i, w in enumerate(text)]
        np.testing.assert_allclose(model.score(text), expected, rtol=2e-6, atol=2e-6)


def test_a_context_from_within_a_document_does_not_know_its_beginning() -> None:
    documents = [[0, 1], [0, 1], [1, 0, 2], [1, 1, 0]]
    model, slow = NGramModel.train(documents, 3, 3), SlowKneserNey(documents, 3, 3)
    inside = [slow.probability(w, ()) for w in range(3)]
    opening = [slow.probability(w, (BEGIN,)) for w in range(3)]
    assert inside != opening
    np.testing.assert_allclose(np.exp(model.log_probs([], begins=False)), inside, rtol=1e-5)
    np.testing.assert_allclose(np.exp(model.log_probs([])), opening, rtol=1e-5)


def test_no_ngram_crosses_from_one_document_into_the_next() -> None:
    apart = NGramModel.train([[0, 1], [2, 3]], 3, 4, smoothing="maximum_likelihood")
    assert apart.score([0, 1, 2]).tolist()[2] == -math.inf or apart.score([0, 1, 2])[2] == pytest.approx(
        math.log(0.25)
    )
    assert np.exp(apart.log_probs([2]))[3] == 1


documents_of_ids = st.lists(st.lists(st.integers(0, 4), max_size=12), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(
    documents=documents_of_ids.filter(lambda made: any(made)),
    order=st.integers(1, 5),
    smoothing=st.sampled_from(SMOOTHINGS),
    least=st.sampled_from([(), (1, 2), (2,)]),
    context=st.lists(st.integers(0, 5), max_size=7),
    begins=st.booleans(),
)
def test_probabilities_add_up_to_one(
    documents: list[list[int]],
    order: int,
    smoothing: str,
    least: tuple[int, ...],
    context: list[int],
    begins: bool,
) -> None:
    model = NGramModel.train(documents, order, 6, smoothing=smoothing, min_counts=least)
    log_probs = model.log_probs(context, begins=begins)
    assert np.exp(log_probs.astype(np.float64)).sum() == pytest.approx(1, abs=2e-6)
    # The walk through a text gives each word what the whole distribution gives it.
    for word in range(6):
        scored = model.score([*context, word], begins=begins)[-1]
        assert scored == pytest.approx(log_probs[word], abs=1e-5) or scored == log_probs[word] == -math.inf


def test_python_reads_as_c_does() -> None:
    if native_ngram._library() is None:
        pytest.skip("no C compiler")
    ids = np.array(random_documents(5, count=1, words=9, longest=400)[0], np.int32)
    for smoothing in SMOOTHINGS:
        model = NGramModel.train(random_documents(4), 4, 9, smoothing=smoothing)
        plain, state = model._read_plainly(ids, model.begin)
        np.testing.assert_allclose(model.score(ids), plain, rtol=1e-6)
        assert model.state(ids) == state


def test_plain_smoothings_are_the_textbook_ones() -> None:
    documents = [[0, 1, 0, 2, 0, 1]]  # after 0 came 1 twice and 2 once
    plain = NGramModel.train(documents, 2, 4, smoothing="maximum_likelihood")
    np.testing.assert_allclose(np.exp(plain.log_probs([0])), [0, 2 / 3, 1 / 3, 0], atol=1e-6)
    assert plain.perplexity([0, 3]) == math.inf
    added = NGramModel.train(documents, 2, 4, smoothing="add_k", k=0.5)
    np.testing.assert_allclose(np.exp(added.log_probs([0])), [0.5 / 5, 2.5 / 5, 1.5 / 5, 0.5 / 5], rtol=1e-5)
    bell = NGramModel.train(documents, 2, 4, smoothing="witten_bell")
    singles = (np.array([3, 2, 1, 0]) + 3 / 4) / (6 + 3)
    np.testing.assert_allclose(
        np.exp(bell.log_probs([0])), (np.array([0, 2, 1, 0]) + 2 * singles) / (3 + 2), rtol=1e-5
    )


def test_kneser_ney_prefers_what_stands_in_many_places() -> None:
    """San Francisco: 'Francisco' (1) is frequent but only ever after 'San' (0)."""
    documents = [[0, 1, 2, 3, 4, 3, 5, 3, 6, 3] for _ in range(3)] + [[0, 1]] * 30
    model = NGramModel.train(documents, 2, 8)
    unseen = model.log_probs([7])
    assert unseen[3] > unseen[1]
    assert sum(d.count(1) for d in documents) > sum(d.count(3) for d in documents)


def test_smoothed_with_longer_contexts_predicts_held_out_text_better() -> None:
    tokenizer = tiny_tokenizer()
    words = TINY_TEXT.split()
    texts = [" ".join(words[i % 40 : i % 40 + 25]) for i in range(0, 400, 3)]
    models = [NGramModel.train_on_text(texts[:100], tokenizer, order) for order in (1, 2, 4)]
    bits = [sum(model.bits(model.encode(text)) for text in texts[100:]) for model in models]
    assert bits[0] > bits[1] > bits[2]


def test_bits_perplexity_and_score_are_of_one_measure() -> None:
    model = NGramModel.train(random_documents(1), 3, 7)
    ids = random_documents(2, count=1)[0]
    assert model.bits(ids) == pytest.approx(-model.score(ids).sum() / math.log(2), rel=1e-6)
    assert model.perplexity(ids) == pytest.approx(2 ** (model.bits(ids) / len(ids)), rel=1e-6)


def test_rare_ngrams_can_be_dropped() -> None:
    documents = random_documents(3)
    whole, small = (NGramModel.train(documents, 4, 7, min_counts=least) for least in ((), (1, 2, 3)))
    assert len(small.words) < len(whole.words)
    assert len(small.words) > 8


def test_a_saved_model_is_the_same(tmp_path: Path) -> None:
    model = NGramModel.train_on_text([TINY_TEXT], tiny_tokenizer(), 4)
    model.save(tmp_path / "m.npz")
    again = NGramModel.load(tmp_path / "m.npz")
    ids = again.encode("The cat looked at the sky")
    assert np.array_equal(again.score(ids), model.score(ids))
    assert (again.order, again.smoothing, again.tokens) == (4, "modified_kneser_ney", model.tokens)
    assert again.tokenizer is not None
    assert again.tokenizer.fingerprint() == tiny_tokenizer().fingerprint()
    assert [path.name for path in tmp_path.iterdir()] == ["m.npz"]


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    NGramModel.train(random_documents(1), 3, 7).save(path)
    whole = path.read_bytes()
    with np.load(path) as file:
        arrays = {name: file[name].copy() for name in file.files}
    for name, place, value in [
        ("suffixes", 30, 10**6), ("suffixes", 30, -1), ("suffixes", 9, 12), ("children", 4, 10**6),
        ("children", 2, 0), ("words", 3, 900), ("words", 40, -7),
    ]:  # fmt: skip
        broken = {key: array.copy() for key, array in arrays.items()}
        broken[name][place] = value
        np.savez(path, **broken)
        with pytest.raises(DataError, match="no whole n-gram model"):
            NGramModel.load(path)
    for cut in (0, 10, len(whole) // 2, len(whole) - 30):
        path.write_bytes(whole[:cut])
        with pytest.raises(DataError, match="no whole n-gram model"):
            NGramModel.load(path)
    with pytest.raises(DataError, match="does not exist"):
        NGramModel.load(tmp_path / "none.npz")


def test_generation_is_seeded_and_greedy_follows_the_text() -> None:
    model = NGramModel.train([[0, 1, 2, 3, 4, 5]] * 5, 3, 6)
    assert model.generate(5, [0], temperature=0) == [1, 2, 3, 4, 5]
    assert model.generate(9, [0], temperature=0, stop=3) == [1, 2]
    assert model.generate(30, seed=3) == model.generate(30, seed=3)
    assert len({tuple(model.generate(30, seed=seed)) for seed in range(5)}) > 1


def test_what_cannot_be_done_is_said() -> None:
    with pytest.raises(DataError, match="no token"):
        NGramModel.train([[], []], 3, 7)
    with pytest.raises(DataError, match="token 9 is not in a vocabulary of 7"):
        NGramModel.train([[1, 9]], 3, 7)
    with pytest.raises(RequestError, match="must not fall"):
        NGramModel.train([[1, 2]], 3, 7, min_counts=(3, 2))
    with pytest.raises(RequestError, match="there are modified_kneser_ney"):
        NGramModel.train([[1, 2]], 3, 7, smoothing="good-turing")
    model = NGramModel.train([[1, 2]], 3, 7)
    with pytest.raises(RequestError, match="token 7 is not in"):
        model.score([7])
    with pytest.raises(RequestError, match="no tokenizer"):
        model.encode("text")


def test_real_text_costs_it_less_than_the_unigrams_and_more_than_nothing() -> None:
    import json
    import lzma

    with lzma.open(shared_data("text/stories_small.jsonl.xz"), "rt", encoding="utf-8") as lines:
        texts = [json.loads(next(lines))["text"] for _ in range(150)]
    tokenizer = Tokenizer.from_file(ROOT / "src/llmworks/bundled/spark-base")
    held = texts[120:]
    n_bytes = sum(len(text.encode()) for text in held)
    costs = []
    for order in (1, 5):
        model = NGramModel.train_on_text(texts[:120], tokenizer, order)
        costs.append(sum(model.bits(model.encode(text)) for text in held) / n_bytes)
    assert 1.0 < costs[1] < 0.95 * costs[0] < 4
