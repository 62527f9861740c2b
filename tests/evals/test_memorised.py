"""What is known by heart: on a network that was made to know some passages and not others."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import llmworks
from llmworks.errors import DataError, RequestError
from llmworks.evals.account import OPEN_MODELS, Account, run_account
from llmworks.evals.memorised import Span, memorised, similarity
from tests.support import tiny_package


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> tuple[llmworks.LanguageModel, list[list[int]]]:
    """A network trained on four random passages of 24 tokens until it knows them, and four unseen ones."""
    lm = llmworks.load(tiny_package(tmp_path_factory.mktemp("models"), d_model=64))
    draw = torch.Generator().manual_seed(5)
    passages = torch.randint(0, 256, (8, 24), generator=draw)
    known = torch.cat((torch.full((4, 1), lm.begin_id), passages[:4]), dim=1)
    model = lm.model.train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=5e-3)
    for _ in range(120):
        logits = model(known[:, :-1])
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), known[:, 1:].flatten())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    model.eval()
    assert loss < 0.5
    return lm, passages.tolist()


def test_what_was_taught_is_verbatim_and_the_rest_is_not(taught: tuple[llmworks.LanguageModel, list]) -> None:
    lm, passages = taught
    spans = [Span(ids, 120 if row < 4 else 0) for row, ids in enumerate(passages)]
    found = memorised(lm, spans, 8, 12, batch=3)
    unseen, seen = found.by_exposure
    assert (unseen.exposures, seen.exposures) == (0, 120)
    assert (seen.verbatim, seen.near, seen.similarity, seen.matched) == (1, 1, 1, 12)
    assert unseen.verbatim == unseen.near == 0
    assert unseen.matched < 3
    assert found.all.spans == 8
    assert found.all.verbatim == 0.5


def test_one_wrong_token_is_near_and_not_verbatim(taught: tuple[llmworks.LanguageModel, list]) -> None:
    lm, passages = taught
    changed = [[*ids[:14], (ids[14] + 1) % 256, *ids[15:]] for ids in passages[:4]]
    found = memorised(lm, [Span(ids) for ids in changed], 8, 12)
    assert (found.all.verbatim, found.all.near, found.all.matched) == (0, 1, 6)
    assert found.all.similarity == pytest.approx(11 / 12)
    assert found.by_exposure == ()


def test_short_spans_are_counted_and_texts_are_encoded(taught: tuple[llmworks.LanguageModel, list]) -> None:
    lm, passages = taught
    found = memorised(lm, [Span(passages[0]), Span([1, 2, 3]), Span("The old woman with her grey cat")], 4, 6)
    assert (found.all.spans, found.short) == (2, 1)
    with pytest.raises(RequestError, match="none of the 1 spans has 10 tokens"):
        memorised(lm, [Span([1])], 4, 6)
    with pytest.raises(RequestError, match="do not fit"):
        memorised(lm, [Span(passages[0])], 100, 100)


def test_similarity_is_the_edit_distance() -> None:
    assert similarity(list(b"kitten"), list(b"sitting")) == pytest.approx(1 - 3 / 7)
    assert similarity([], []) == 1
    assert similarity([1], []) == 0


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=9), st.lists(st.integers(0, 3), max_size=9))
def test_similarity_by_the_book(a: list[int], b: list[int]) -> None:
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, start=1):
        row = [i]
        for j, y in enumerate(b, start=1):
            row.append(min(row[-1] + 1, rows[-1][j] + 1, rows[-1][j - 1] + (x != y)))
        rows.append(row)
    expected = 1 - rows[-1][-1] / max(len(a), len(b)) if a or b else 1
    assert similarity(a, b) == pytest.approx(expected)


# The account.


def test_the_account_of_a_model() -> None:
    made = Account("m", 1000, 2000, seen_bytes=400_000, text_bytes=100_000, bits_per_byte=1.5)
    assert made.ratio == 200
    assert made.bits_per_text_byte == pytest.approx(0.16)
    assert made.capacity_bytes == pytest.approx(450)
    assert made.share_held == pytest.approx(450 / (100_000 * 1.5 / 8))
    assert made.two_part_bytes == pytest.approx(2000 + 18_750)
    assert made.two_part_ratio == pytest.approx(100_000 / 20_750)
    big = Account("b", 10**9, 2 * 10**9, 1e5, 1e5, 1.5)
    assert big.share_held == 1
    assert big.two_part_ratio is not None
    assert big.two_part_ratio < 1  # weights larger than the text compress nothing
    unknown = OPEN_MODELS[0]
    assert unknown.share_held is None is unknown.two_part_ratio


def test_open_models_stand_for_tens_to_thousands_of_times_their_size() -> None:
    by_name = {account.name: account for account in OPEN_MODELS}
    assert by_name["GPT-2 1.5B"].text_bytes == 40e9
    assert 40 < by_name["Llama 2 70B"].ratio < 50
    assert 3500 < by_name["Llama 3 8B"].ratio < 3800
    assert all(account.source and 1 < math.log10(account.ratio) < 5 for account in OPEN_MODELS)


def test_a_run_is_read_from_its_log_and_shards(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for run, tokens, names in [(first, 1000, ["00-a", "01-b"]), (second, 500, ["00-a"])]:
        for name in names:
            folder = run / "run" / "shards" / name
            folder.mkdir(parents=True)
            split = {"bytes": 300 if name == "00-a" else 800, "tokens": 100 if name == "00-a" else 200}
            manifest = {"splits": {"train": split | {"sha256": name}}}
            (folder / "manifest.json").write_text(json.dumps(manifest))
        events = [{"event": "step", "tokens": tokens}, {"event": "evaluation", "bits_per_byte": tokens / 500}]
        (run / "run" / "metrics.jsonl").write_text("\n".join(map(json.dumps, events)))
        sources = [{"path": name, "weight": 3 - place} for place, name in enumerate(names)]
        (run / "run" / "recipe.json").write_text(json.dumps({"data": {"sources": sources}}))
    made = run_account("m", [first, second], 10, 20)
    # 1,000 tokens: 3/5 of 3 bytes, 2/5 of 4; then 500 of 3 bytes. The text of 00-a counts once.
    assert made.seen_bytes == pytest.approx(1000 * (0.6 * 3 + 0.4 * 4) + 500 * 3)
    assert made.text_bytes == 1100
    assert made.bits_per_byte == 1
    with pytest.raises(DataError, match="no training run"):
        run_account("m", [tmp_path / "none"], 10, 20)
