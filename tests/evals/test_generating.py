"""Greedy answers in lockstep are the engine's answers: tokens, texts, ends and probabilities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmworks.evals import generating
from llmworks.evals.errors import EvalError
from llmworks.evals.items import Encoder
from llmworks.evals.task import Generation
from llmworks.language_model import LanguageModel, load
from tests.support import tiny_package


@pytest.fixture(scope="module")
def lm(tmp_path_factory: pytest.TempPathFactory) -> Any:
    model = load(tiny_package(tmp_path_factory.mktemp("model"), init_std=0.6))
    yield model
    model.close()


PROMPTS = [
    "The house", "The door", "Every morning", "A cat", "rain", "Once upon a time there was a house",
    "a", "b", "c", "the old woman", "It will rain", "The sky", "1,234",
]  # fmt: skip


@pytest.mark.parametrize("settings", [
    Generation(max_tokens=12),
    Generation(max_tokens=1),
    Generation(max_tokens=20, stop=["e", "th"]),
    Generation(max_tokens=20, stop=["<|im_end|>", " "]),
], ids=["plain", "one token", "stops", "control token"])  # fmt: skip
@pytest.mark.parametrize("chat", [False, True])
def test_lockstep_equals_the_engine(
    lm: LanguageModel, settings: Generation, chat: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generating, "ROWS", 4)
    contexts: list[Any] = [[{"role": "user", "content": text}] for text in PROMPTS] if chat else list(PROMPTS)
    encoder = Encoder(lm)
    made = generating.answers(lm, encoder, contexts, settings)
    requests = [generating._request(lm, encoder, one, settings, settings.max_tokens) for one in contexts]
    expected = generating._by_engine(lm, requests, lambda count: None)
    for mine, other in zip(made, expected, strict=True):
        assert (mine.text, mine.new_tokens, mine.finished) == (other.text, other.new_tokens, other.finished)
        assert mine.logprobs == pytest.approx(other.logprobs, abs=1e-5)
    assert len({answer.prompt_tokens for answer in made}) > 2  # several batches, of several lengths


def test_an_answer_may_have_to_begin_with_a_word(lm: LanguageModel) -> None:
    """Only its beginning is bound, and the probabilities stay the model's own."""
    free = generating.answers(lm, Encoder(lm), PROMPTS, Generation(max_tokens=6))
    bound = generating.answers(lm, Encoder(lm), PROMPTS, Generation(max_tokens=6, word_first=True))
    words = generating.word_ids(lm)
    assert not words[lm.tokenizer.special_tokens["<|endoftext|>"]]
    assert [bool(words[lm.tokenizer.encode(text)[0]]) for text in ("a", ".", "7", " ", "é")] == [
        True, False, True, True, True,
    ]  # fmt: skip
    changed = 0
    for mine, other in zip(bound, free, strict=True):
        assert (
            mine.text.lstrip(" ")[:1].isalnum()
            or any(ord(sign) > 127 for sign in mine.text)
            or not mine.text.strip()
        )
        if other.text[:1].isalpha():
            assert mine.text == other.text
        elif mine.text != other.text:
            changed += 1
            assert mine.logprobs[0] <= max(other.logprobs[:1], default=0.0)
    assert changed
    with pytest.raises(EvalError, match="greedy"):
        generating.answers(lm, Encoder(lm), ["a"], Generation(temperature=1.0, word_first=True))


@given(st.lists(st.integers(1, 300), max_size=200), st.integers(1, 300))
def test_batches_hold_every_prompt_once(lengths: list[int], new: int) -> None:
    made = generating.batches(lengths, new)
    assert sorted(place for places in made for place in places) == list(range(len(lengths)))
    for places in made:
        inside = [lengths[place] for place in places]
        assert inside == sorted(inside)
        assert inside[-1] - inside[0] <= generating.SPREAD
        assert len(places) == 1 or len(places) * (inside[-1] + new) <= generating.CACHED_TOKENS
        assert len(places) <= generating.ROWS


def test_sampling_goes_by_the_engine_and_repeats(lm: LanguageModel) -> None:
    settings = Generation(max_tokens=8, temperature=1.0, seed=3)
    first, second = (generating.answers(lm, Encoder(lm), PROMPTS[:3], settings) for _ in range(2))
    assert [answer.text for answer in first] == [answer.text for answer in second]


def test_a_long_prompt_loses_its_beginning_a_long_conversation_is_refused(lm: LanguageModel) -> None:
    settings = Generation(max_tokens=10)
    made = generating.answers(lm, Encoder(lm), ["word " * 300], settings)
    assert made[0].prompt_tokens == lm.max_length - 10
    with pytest.raises(EvalError, match="does not fit"):
        generating.answers(lm, Encoder(lm), [[{"role": "user", "content": "word " * 300}]], settings)


def test_begin_puts_the_document_token_first(lm: LanguageModel, tmp_path: Path) -> None:
    assert Encoder(lm, begin=True).context("a") == [lm.begin_id, *Encoder(lm).context("a")]
