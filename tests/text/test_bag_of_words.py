"""Bags of words: the arithmetic of tf-idf, and that order is nothing to them."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmworks.errors import DataError, RequestError
from llmworks.text import BagOfWords
from llmworks.text.bag_of_words import words

TEXTS = [
    "The dog bites the man.",
    "A man walks by the river with his dog.",
    "The river runs to the sea; the sea is wide.",
    "Bread, butter and cheese.",
]


def test_dog_bites_man_is_man_bites_dog() -> None:
    for weighting in ("count", "tfidf"):
        bag = BagOfWords(TEXTS, weighting=weighting)  # type: ignore[arg-type]
        assert np.array_equal(bag.vector("dog bites man"), bag.vector("Man bites dog!"))
        assert bag.similarity("dog bites man", "man bites dog") == pytest.approx(1)
        assert bag.nearest("dog bites man") == bag.nearest("man bites dog")
        assert bag.similarity("dog bites man", "dog walks man") < 0.9


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.sampled_from(["the", "dog", "bites", "man", "river", "sea", "unknown"]), max_size=12),
    st.randoms(),
)
def test_no_order_of_the_words_makes_a_difference(said: list[str], draw: random.Random) -> None:
    bag = BagOfWords(TEXTS)
    other = draw.sample(said, len(said))
    assert np.array_equal(bag.vector(" ".join(said)), bag.vector(" ".join(other)))


def test_weights_are_those_of_the_formula() -> None:
    bag = BagOfWords(TEXTS)
    assert list(bag.vocabulary)[:4] == ["a", "and", "bites", "bread"]
    vector = bag.vector("the the dog")
    the, dog = bag.vocabulary["the"], bag.vocabulary["dog"]
    assert vector[the] == pytest.approx(2 * (math.log(5 / 4) + 1))
    assert vector[dog] == pytest.approx(math.log(5 / 3) + 1)
    assert np.count_nonzero(vector) == 2
    plain = BagOfWords(TEXTS, weighting="count")
    assert plain.vector("the the dog")[[the, dog]].tolist() == [2, 1]


def test_the_index_gives_the_cosine_of_the_vectors() -> None:
    bag = BagOfWords(TEXTS, min_texts=2)
    assert set(bag.vocabulary) == {"dog", "man", "river", "the"}
    asked = "the man and the river"
    expected = [bag.similarity(asked, text) for text in TEXTS]
    np.testing.assert_allclose(bag.similarities(asked), expected, atol=1e-12)
    assert [found.index for found in bag.nearest(asked)] == [
        row for row in np.argsort(-np.array(expected), kind="stable").tolist() if expected[row] > 0
    ]


def test_a_rare_word_says_more_than_a_frequent_one() -> None:
    assert BagOfWords(TEXTS).nearest("the cheese", 1)[0].index == 3
    assert BagOfWords(TEXTS, weighting="count").similarities("the sea")[2] > 0.8


def test_words_of_any_script_keep_their_apostrophes() -> None:
    assert words("Don’t, l'été — ДА 42nd_one") == ["don’t", "l'été", "да", "42nd", "one"]


def test_texts_without_known_words_are_near_nothing() -> None:
    bag = BagOfWords([*TEXTS, "…"])
    assert bag.nearest("zebra") == []
    assert bag.similarity("zebra", "the dog") == 0
    assert bag.similarities("the dog")[4] == 0
    with pytest.raises(DataError, match="no text"):
        BagOfWords([])
    with pytest.raises(RequestError, match="count and tfidf"):
        BagOfWords(TEXTS, weighting="bm25")  # type: ignore[arg-type]
