"""Copies and near-copies: against exact Jaccard, brute force, and the mathematics of bands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmworks.data.cleaning.decontaminate import Decontaminate
from llmworks.data.cleaning.exact import ExactDuplicates, RepeatedLines, first_places
from llmworks.data.cleaning.hashing import ngram_hashes, normal_words, text_hash
from llmworks.data.cleaning.minhash import Clusters, NearDuplicates, jaccard, shingles, signature
from llmworks.data.cleaning.stage import Changed, Dropped, Kept, Outcome, Pool, PooledStage
from llmworks.data.mixture import mix
from llmworks.data.sources import Document
from llmworks.errors import DataError

RANDOM = np.random.default_rng(7)
VOCABULARY = [f"{a}{b}{c}" for a in "bdklmnprst" for b in "aeiou" for c in ("n", "r", "la", "to")]


def words(count: int) -> list[str]:
    return [VOCABULARY[number] for number in RANDOM.integers(0, len(VOCABULARY), count)]


def edited(text: list[str], share: float) -> list[str]:
    """Some of the words replaced, in one run: n-grams far from it stay."""
    count = int(share * len(text))
    start = int(RANDOM.integers(0, len(text) - count + 1))
    return text[:start] + words(count) + text[start + count :]


def judged(stage: PooledStage, texts: list[str]) -> tuple[list[Outcome], dict[str, object]]:
    """Verdicts on documents that are all there is, through the same calls as the engine's."""
    documents = [Document(text, f"d{number}") for number, text in enumerate(texts)]
    rows = [stage.rows(document) for document in documents]
    pool = Pool.of_arrays(rows, [[len(one)] for one in rows], lambda number: documents[number])
    decisions, findings = stage.decide(pool)
    ends = np.cumsum([len(one) for one in rows])
    verdicts = [
        stage.judge(document, decisions[end - len(one) : end])
        for document, one, end in zip(documents, rows, ends, strict=True)
    ]
    return verdicts, findings


def kept(verdicts: list[Outcome]) -> list[bool]:
    return [isinstance(verdict, Kept) for verdict in verdicts]


# Hashing.


def test_words_are_what_is_left_of_case_and_punctuation() -> None:
    assert normal_words("Hello,  World!\n(again)") == b"hello world again"
    assert normal_words("“Hello”, WORLD – again…") == b"hello world again"
    assert normal_words("漢字 abc") == "漢 字 abc".encode()
    assert normal_words(" .,! ") == b""


@given(st.lists(st.sampled_from(["a", "b", "cc", "été", "漢"]), max_size=30), st.integers(1, 6))
def test_equal_runs_have_equal_hashes_and_different_ones_have_not(tokens: list[str], n: int) -> None:
    hashes = ngram_hashes(" ".join(tokens).encode(), n)
    size = min(n, len(tokens))
    runs = [tuple(tokens[at : at + size]) for at in range(len(tokens) - size + 1)] if tokens else []
    assert len(hashes) == len(runs)
    assert len(set(hashes.tolist())) == len(set(runs))
    assert len({(run, code) for run, code in zip(runs, hashes.tolist(), strict=True)}) == len(set(runs))


# Exact copies.


@given(st.lists(st.integers(0, 8), max_size=60))
def test_first_places(values: list[int]) -> None:
    first, rank = first_places(mix(np.array(values, np.uint64)))
    for place, value in enumerate(values):
        assert rank[place] == values[:place].count(value)
        assert first[place] == (values.index(value) if rank[place] else -1)


def test_first_places_in_partitions(monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = mix(RANDOM.integers(0, 300, 2000).astype(np.uint64))
    whole = first_places(hashes)
    monkeypatch.setattr("llmworks.data.cleaning.exact.PARTITION", 64)
    parts = first_places(hashes)
    assert np.array_equal(whole[0], parts[0])
    assert np.array_equal(whole[1], parts[1])


def test_copies_go_and_the_first_stays() -> None:
    texts = ["One two three.", "Something else", "one  TWO three", "one two four", "One two three."]
    verdicts, findings = judged(ExactDuplicates(), texts)
    assert kept(verdicts) == [True, True, False, True, False]
    assert verdicts[2] == Dropped("copy", "of document 1")
    assert findings == {"copies": 2}


def test_repeated_paragraphs_go_across_documents_and_short_ones_stay() -> None:
    notice = "This notice stands on every page of the site and says very little."
    texts = [
        f"{notice}\n\nFirst story of a dog.\n\nThe end.",
        f"Second story of a cat and of a dog.\n\n{notice}\n\nThe end.",
    ]
    verdicts, findings = judged(RepeatedLines(min_words=8), texts)
    assert verdicts == [Kept(), Changed("Second story of a cat and of a dog.\n\nThe end.", {"repeated": 1})]
    assert findings["repeated"] == 1
    assert kept(judged(RepeatedLines(min_words=8, max_copies=2), texts)[0]) == [True, True]
    assert judged(RepeatedLines(), [notice, notice])[0][1] == Dropped(
        "little is left", "1 of 1 pieces are repeated"
    )


# Near-copies.


def test_signatures_estimate_jaccard_without_bias() -> None:
    errors = []
    for share in np.linspace(0.02, 0.6, 60):
        left = words(400)
        right = edited(left, float(share))
        a, b = (shingles(" ".join(text), 5) for text in (left, right))
        agree = (signature(a, 512) == signature(b, 512)).mean()
        errors.append(agree - jaccard(a, b))
    # Standard error of one estimate: √(J(1−J)/512) ≤ 0.022; of the mean of 60: 0.003.
    assert abs(np.mean(errors)) < 0.012
    assert np.max(np.abs(errors)) < 0.1


def test_jaccard_is_that_of_sets() -> None:
    left, right = words(200), words(120)
    mixed = left[:100] + right
    sets = [{tuple(text[at : at + 3]) for at in range(len(text) - 2)} for text in (left, mixed)]
    expected = len(sets[0] & sets[1]) / len(sets[0] | sets[1])
    assert jaccard(*(shingles(" ".join(text), 3) for text in (left, mixed))) == pytest.approx(expected)


def test_near_copies_are_found_and_different_texts_are_kept() -> None:
    originals = [words(300) for _ in range(40)]
    texts = [" ".join(text) for text in originals]
    texts += [" ".join(edited(text, 0.04)) for text in originals[:20]]  # Jaccard about 0.9
    texts += [" ".join(edited(text, 0.5)) for text in originals[20:]]  # about 0.3
    verdicts, findings = judged(NearDuplicates(), texts)
    found = kept(verdicts)
    assert all(found[:40])
    assert sum(found[40:60]) <= 1  # P(found) > 0.999 a pair
    assert all(found[60:])
    assert findings["clusters"] >= 19
    assert findings["mean error of the estimate"] < 0.05
    pairs = findings["pairs: source, source, estimated, measured Jaccard"]
    assert isinstance(pairs, list)
    for left, right, _, true in pairs:
        a, b = (shingles(texts[int(name[1:])], 5) for name in (left, right))
        assert true == pytest.approx(jaccard(a, b), abs=1e-4)


def test_a_chain_is_one_cluster_and_the_longest_may_stay() -> None:
    base = words(300)
    texts = [" ".join(base), " ".join(base + words(6)), " ".join(base + words(12)), " ".join(words(50))]
    assert kept(judged(NearDuplicates(), texts)[0]) == [True, False, False, True]
    assert kept(judged(NearDuplicates(keep="longest"), texts)[0]) == [False, False, True, True]
    assert judged(NearDuplicates(), ["", " ", "..."])[0] == [Kept()] * 3


@given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=30))
def test_clusters_are_connected_components(edges: list[tuple[int, int]]) -> None:
    clusters = Clusters(15)
    for a, b in edges:
        clusters.join(a, b)
    reach = [{number} for number in range(15)]
    for _ in range(15):
        for a, b in edges:
            both = reach[a] | reach[b]
            for number in both:
                reach[number] = both
    keepers = clusters.keepers()
    assert keepers.tolist() == [min(one) for one in reach]


# Decontamination.


def test_pieces_of_the_test_go(tmp_path: Path) -> None:
    question = " ".join(words(20))
    short = " ".join(words(9))
    (tmp_path / "eval.jsonl").write_text(
        f'{{"question": "{question}?", "answer": "{short}"}}\n'
        '{"question": "too short to judge", "answer": ""}\n'
    )
    stage = Decontaminate(against=(str(tmp_path / "eval.jsonl"),), text_fields=("question", "answer"))
    around = " ".join(words(60))
    for text, stays in (
        (f"{around} {question.upper()} {around}", False),
        (f"{around} {short} {around}", False),
        (f"{around} {' '.join(question.split()[:12])} {around}", True),
        (f"{around} too short to judge", True),
    ):
        assert isinstance(stage.apply(Document(text, "d")), Kept) == stays
    with pytest.raises(DataError, match="cannot be read"):
        Decontaminate(against=("nowhere.jsonl",)).apply(Document(around, "d"))


def test_text_hash_is_of_all_bytes() -> None:
    assert text_hash(b"a") != text_hash(b"b")
