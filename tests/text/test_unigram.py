"""The Unigram model: ids as in `tokenizers`, and the lattice against counting by hand."""

from __future__ import annotations

import itertools
import json
import math
import pickle
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmworks.errors import TokenizerError
from llmworks.text.unigram import Unigram, read_unigram
from tests.text.sentencepiece_cases import CORPUS, TEXTS
from tests.text.text_cases import any_text

PIECES = [
    ("<unk>", 0.0),
    ("a", -2.0),
    ("b", -2.5),
    ("ab", -3.0),
    ("abc", -5.0),
    ("c", -3.0),
    ("bc", -3.5),
    ("é", -4.0),
]
BYTES = [(f"<0x{value:02X}>", 0.0) for value in range(256)]


def both(pieces=PIECES, **choices) -> tuple[Unigram, Unigram]:
    return Unigram(pieces, **choices), Unigram(pieces, native=False, **choices)


@pytest.fixture(scope="module")
def trained():
    tokenizers = pytest.importorskip("tokenizers")
    tokenizer = tokenizers.Tokenizer(tokenizers.models.Unigram())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace()
    trainer = tokenizers.trainers.UnigramTrainer(
        vocab_size=900, unk_token="<unk>", special_tokens=["<unk>"], show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def test_ids_are_those_of_tokenizers(trained) -> None:
    model = json.loads(trained.to_str())["model"]
    native = read_unigram(model)
    python = Unigram([tuple(row) for row in model["vocab"]], unk_id=model["unk_id"], native=False)
    for text in TEXTS:
        if text:
            expected = [token.id for token in trained.model.tokenize(text)]
            assert native.ids(text) == python.ids(text) == expected, text
            parts = native.parts(text)
            assert parts == python.parts(text)
            assert "".join(text[part.start : part.end] for part in parts) == text


def test_byte_fallback_is_that_of_tokenizers() -> None:
    tokenizers = pytest.importorskip("tokenizers")
    pieces = PIECES + BYTES
    theirs = tokenizers.models.Unigram(pieces, 0, True)
    native, python = both(pieces, unk_id=0, byte_fallback=True)
    for text in ("abc", "axyb", "é🎉a", "zz", "\n"):
        expected = [token.id for token in theirs.tokenize(text)]
        assert native.ids(text) == python.ids(text) == expected


@given(any_text)
def test_both_paths_agree(text: str) -> None:
    for choices in ({"unk_id": 0}, {}, {"unk_id": 0, "single": True, "user_defined": [4]}):
        native, python = both(**choices)
        assert native.parts(text) == python.parts(text)


def test_unknown_text() -> None:
    native, python = both(unk_id=0)
    assert native.ids("zza") == python.ids("zza") == [0, 1]  # one for the run
    native, python = both()
    assert native.ids("zza") == python.ids("zza") == [1]  # nothing stands for it


def ways(text: str, entries: dict[str, float]) -> dict[tuple[str, ...], float]:
    """Every way to cut `text`, with its score, by trying all cuts."""
    found = {}
    for cuts in itertools.product([False, True], repeat=len(text) - 1):
        parts, start = [], 0
        for place, cut in enumerate(cuts, 1):
            if cut:
                parts.append(text[start:place])
                start = place
        parts.append(text[start:])
        if all(part in entries for part in parts):
            found[tuple(parts)] = sum(entries[part] for part in parts)
    return found


@given(st.text("abc", min_size=1, max_size=8))
def test_n_best_are_all_ways_in_order(text: str) -> None:
    expected = sorted(ways(text, dict(PIECES[1:])).values(), reverse=True)
    found = Unigram(PIECES, unk_id=0).n_best(text, 1000)
    assert [way.score for way in found] == pytest.approx(expected)
    total = math.log(sum(map(math.exp, expected)))
    assert [way.probability for way in found] == pytest.approx([math.exp(s - total) for s in expected])
    assert found[0].ids == Unigram(PIECES, unk_id=0).ids(text) or found[0].score == pytest.approx(expected[0])


@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0, 2.0])
def test_samples_follow_the_distribution(alpha: float) -> None:
    model = Unigram(PIECES, unk_id=0)
    text = "abcab"
    ids = {name: id for id, (name, _) in enumerate(PIECES)}
    scores = {tuple(ids[p] for p in parts): score for parts, score in ways(text, dict(PIECES[1:])).items()}
    weights = {way: math.exp(alpha * score) for way, score in scores.items()}
    total, draws = sum(weights.values()), 3000
    seen = Counter(tuple(model.sample(text, alpha=alpha, seed=seed)) for seed in range(draws))
    assert set(seen) <= set(weights)
    expected = {way: draws * weight / total for way, weight in weights.items()}
    large = [way for way in expected if expected[way] >= 5]
    statistic = sum((seen[way] - expected[way]) ** 2 / expected[way] for way in large)
    assert statistic < len(large) + 4 * math.sqrt(2 * len(large))  # four standard deviations of χ²


def test_a_seed_repeats_its_sample() -> None:
    model = Unigram(PIECES, unk_id=0)
    assert model.sample("abcabc", alpha=0.5, seed=7) == model.sample("abcabc", alpha=0.5, seed=7)


def test_explained_lattice() -> None:
    model = Unigram(PIECES, unk_id=0)
    steps = model.explain("abc", 3)
    assert steps.ids == model.ids("abc") == steps.lattice.best.ids
    spans = {(edge.start, edge.end): edge for edge in steps.lattice.edges}
    assert set(spans) == {(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)}
    assert spans[2, 3].best == pytest.approx(-3.0 + max(-3.0, -4.5))
    assert all(other.ids != steps.ids for other in steps.lattice.alternatives)
    assert json.dumps(steps.lattice.best.probability)


def test_forbidden_tokens_are_no_text() -> None:
    for model in both(unk_id=0):
        assert model.ids("abc") == [4]
        model.forbid(frozenset({"abc"}))
        assert 4 not in model.ids("abc")
        assert model.vocabulary["abc"] == 4
        assert pickle.loads(pickle.dumps(model)).ids("abc") == model.ids("abc")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({}, "vocab"),
        ({"vocab": []}, "empty"),
        ({"vocab": [["a"]]}, r"vocab\[0\]"),
        ({"vocab": [["a", "x"]]}, "no number"),
        ({"vocab": [["a", 1e999]]}, "score inf"),
        ({"vocab": [["a", -1.0]], "unk_id": 5}, "unk_id is 5"),
        ({"vocab": [["a", -1.0]], "unk_id": "a"}, "unk_id"),
        ({"vocab": [["a", -1.0]], "byte_fallback": 3}, "byte_fallback"),
    ],
)
def test_bad_models(value: dict, message: str) -> None:
    with pytest.raises(TokenizerError, match=message):
        read_unigram(value)


def test_bad_questions() -> None:
    model = Unigram(PIECES, unk_id=0)
    with pytest.raises(TokenizerError, match="alpha"):
        model.sample("ab", alpha=-1)
    with pytest.raises(TokenizerError, match="expected 1 to"):
        model.n_best("ab", 0)
