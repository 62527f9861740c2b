"""Token metrics: counts, prices, languages, hidden letters."""

from __future__ import annotations

import math

import pytest

from llmworks.errors import RequestError
from llmworks.text.metrics import Price, by_language, letters_in_tokens, measure, price_list
from llmworks.text.samples import CODE, SAME_TEXT
from tests.text.text_cases import cl100k, small_tokenizer


def test_counts_and_ratios() -> None:
    metrics = measure(small_tokenizer(), "low é")
    assert (metrics.tokens, metrics.characters, metrics.bytes) == (4, 5, 6)
    assert (metrics.characters_per_token, metrics.bytes_per_token) == (1.25, 1.5)
    assert metrics.context_share(8) == 0.5
    assert math.isnan(measure(small_tokenizer(), "").characters_per_token)
    with pytest.raises(RequestError, match="at least 1"):
        metrics.context_share(0)


def test_control_tokens_in_a_text_cost_as_the_text_that_they_are() -> None:
    assert measure(small_tokenizer(), "<|im_end|>").tokens > 1


def test_languages_beside_english() -> None:
    rows = {row.name: row for row in by_language(cl100k())}
    assert list(rows) == [*SAME_TEXT, *CODE]
    assert rows["English"].premium == 1
    assert rows["English"].metrics.characters_per_token > 4
    # What the paper finds for this vocabulary: twice and more for other scripts.
    assert all(rows[name].premium > 2 for name in ("Greek", "Hindi", "Arabic"))
    assert math.isnan(rows["Python"].premium)


def test_cost() -> None:
    prices = price_list(
        {"m": {"input": 2.5, "output": 10}, "n": {"input": 0, "output": 1, "currency": "EUR"}}
    )
    assert prices["m"].cost(1_000_000, 500_000) == 7.5
    assert prices["n"] == Price(0, 1, "EUR")


@pytest.mark.parametrize(
    "entry",
    [
        {"input": 1},
        {"input": 1, "output": "2"},
        {"input": 1, "output": 2, "cached": 3},
        {"input": -1, "output": 1},
    ],
)
def test_prices_that_make_no_sense_are_refused(entry: dict[str, float | str]) -> None:
    with pytest.raises(RequestError, match="price"):
        price_list({"m": entry})


def test_letters_hidden_in_tokens() -> None:
    rows = letters_in_tokens(cl100k(), " Strawberry", "r")
    assert sum(row.count for row in rows) == 3
    assert len(rows) < len("Strawberry")
    with pytest.raises(RequestError, match="one letter"):
        letters_in_tokens(cl100k(), "x", "ab")
