"""Trainers beside the reference: the same pieces where the algorithm defines them, else as good ones."""

from __future__ import annotations

import io
import math
from typing import Any

import pytest

from llmworks.errors import TokenizerError
from llmworks.text.sentencepiece import SentencePieceTokenizer
from llmworks.text.sentencepiece_bpe_train import train_sentencepiece_bpe
from llmworks.text.sentencepiece_corpus import TrainingCorpus, TrainingOptions, may_be_piece, script
from llmworks.text.sentencepiece_file import NormalizerSpec, read_model
from llmworks.text.unigram_counts import counter, repeated_substrings
from llmworks.text.unigram_train import digamma, learn_pieces, maximize, seed_pieces, train_unigram
from tests.text.sentencepiece_cases import CORPUS

sentencepiece = pytest.importorskip("sentencepiece")

CASES: list[dict[str, Any]] = [
    {"vocab_size": 900},
    {"vocab_size": 900, "byte_fallback": True, "character_coverage": 0.99, "split_digits": True},
    {"vocab_size": 600, "split_by_whitespace": False},
    {
        "vocab_size": 700,
        "split_by_unicode_script": False,
        "split_by_number": False,
        "user_defined_symbols": ("<x>", "the"),
        "control_symbols": ("<c>",),
        "pad_id": 3,
    },
    {"vocab_size": 700, "treat_whitespace_as_suffix": True, "max_piece_length": 6},
    {"vocab_size": 700, "allow_whitespace_only_pieces": True, "blanks": True},
]


def reference(kind: str, blanks: bool = False, **options: Any):
    """What the library makes of CORPUS with these options; and ours of them."""
    made = io.BytesIO()
    renamed = {"max_piece_length": "max_sentencepiece_length"}
    theirs = {renamed.get(k, k): list(v) if isinstance(v, tuple) else v for k, v in options.items()}
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS),
        model_writer=made,
        minloglevel=5,
        num_threads=1,
        model_type=kind,
        normalization_rule_name="identity",
        remove_extra_whitespaces=not blanks,
        **theirs,
    )
    spec = NormalizerSpec("identity", remove_extra_whitespaces=not blanks)
    return read_model(made.getvalue()), TrainingOptions(normalizer=spec, **options)


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(case))
def test_bpe_learns_the_librarys_pieces(case: dict[str, Any]) -> None:
    theirs, options = reference("bpe", **case)
    ours = train_sentencepiece_bpe(CORPUS, options).model
    assert [(p.text, p.score, p.type) for p in ours.pieces] == [
        (p.text, p.score, p.type) for p in theirs.pieces
    ]


@pytest.mark.parametrize(
    "case", [{"vocab_size": 900}, {"vocab_size": 900, "byte_fallback": True, "character_coverage": 0.999}]
)
def test_unigram_learns_as_well_as_the_library(case: dict[str, Any]) -> None:
    theirs, options = reference("unigram", **case)
    tokenizer = train_unigram(CORPUS, options)
    ours = tokenizer.model
    assert len(ours.pieces) == len(theirs.pieces)
    mine, known = ({p.text: p.score for p in model.pieces} for model in (ours, theirs))
    assert len(mine.keys() & known.keys()) > 0.93 * len(known)
    # The same characters are covered, the text has as many tokens, and is as likely.
    assert {t for t in known if len(t.decode()) == 1} <= mine.keys() | {b""}
    beside = SentencePieceTokenizer(theirs)
    text = "\n".join(CORPUS)
    assert len(tokenizer.encode(text)) < 1.01 * len(beside.encode(text))
    likelihoods = [
        sum(t.unigram.lattice(t.normalize(line)).log_total for line in CORPUS[:40])
        for t in (tokenizer, beside)
    ]
    assert likelihoods[0] == pytest.approx(likelihoods[1], rel=0.01)


def test_what_was_trained_opens_in_the_library() -> None:
    for train in (train_unigram, train_sentencepiece_bpe):
        tokenizer = train(CORPUS, TrainingOptions(vocab_size=500, character_coverage=0.99))
        library = sentencepiece.SentencePieceProcessor(model_proto=tokenizer.to_model_file())
        assert library.encode(CORPUS) == [tokenizer.encode(line) for line in CORPUS]


def test_unigram_is_as_good_as_that_of_tokenizers() -> None:
    tokenizers = pytest.importorskip("tokenizers")
    theirs = tokenizers.Tokenizer(tokenizers.models.Unigram())
    theirs.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace()
    trainer = tokenizers.trainers.UnigramTrainer(
        vocab_size=900, unk_token="<unk>", special_tokens=["<unk>"], show_progress=False
    )
    theirs.train_from_iterator(CORPUS, trainer)
    ours = train_unigram(CORPUS, TrainingOptions(vocab_size=900, character_coverage=1.0))
    counts = [
        sum(len(tokenizer.encode(line)) for line in CORPUS)  # type: ignore[attr-defined]
        for tokenizer in (ours, theirs)
    ]
    assert counts[0] < 1.03 * counts[1]


def test_training_makes_the_corpus_likelier() -> None:
    corpus = TrainingCorpus(CORPUS, TrainingOptions(vocab_size=600))
    pieces = seed_pieces(corpus)
    words = corpus.words()
    count = counter(list(words), list(words.values()))
    likelihoods = []
    for _ in range(4):
        counts = count.expected(pieces, -30.0)
        likelihoods.append(counts.log_likelihood)
        pieces = maximize(pieces, counts)
    assert likelihoods[0] < likelihoods[1] < likelihoods[2]
    _, rounds = learn_pieces(corpus)
    assert [r.pieces for r in rounds] == sorted((r.pieces for r in rounds), reverse=True)


def test_python_counts_what_c_counts() -> None:
    few = CORPUS[:60]
    options = TrainingOptions(vocab_size=220, character_coverage=0.98)
    native, python = (train_unigram(few, options, native=native) for native in (True, False))
    assert [p.text for p in native.model.pieces] == [p.text for p in python.model.pieces]
    scores = [[p.score for p in t.model.pieces] for t in (native, python)]
    assert scores[0] == pytest.approx(scores[1], abs=1e-4)


def test_repeated_substrings_by_counting() -> None:
    text = "abcabcab\0éxéxa\0aaaa\0".encode()
    expected = {}
    for length in range(2, 9):
        for start in range(len(text) - length + 1):
            part = text[start : start + length]
            places = [i for i in range(len(text)) if text.startswith(part, i)]
            after = {text[i + length : i + length + 1] for i in places}
            ends = [text[i + length : i + length + 1] for i in places]
            whole = part[0] & 0xC0 != 0x80 and not any(end and end[0] & 0xC0 == 0x80 for end in ends)
            if len(places) > 1 and len(after) > 1 and whole:
                expected[part] = len(places)
    for native in (True, False):
        found = {text[p : p + n]: times for p, n, times in repeated_substrings(text, 9, native=native)}
        assert found == expected


def test_digamma() -> None:
    assert digamma(1.0) == pytest.approx(-0.5772156649015329, abs=1e-9)
    assert digamma(0.5) == pytest.approx(-0.5772156649015329 - 2 * math.log(2), abs=1e-9)
    assert digamma(100.0) == pytest.approx(4.600161852738087, abs=1e-9)


def test_scripts_and_blanks() -> None:
    options = TrainingOptions()
    assert script("あ") == script("カ") == script("漢") == script("ー") == "Hani"
    assert may_be_piece("▁house", options)
    assert may_be_piece("e\u0301t", options)  # a mark is of any script
    for text in ("a1", "aж", "a▁b", "a▅", "x" * 17, ""):
        assert not may_be_piece(text, options), text
    assert may_be_piece("aж", TrainingOptions(split_by_unicode_script=False))
    assert may_be_piece("a1", TrainingOptions(split_by_number=False))
    assert may_be_piece("a▁b", TrainingOptions(split_by_whitespace=False))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"vocab_size": 10}, "must be in it"),
        ({"vocab_size": 100_000}, "this corpus gives"),
        ({"vocab_size": 0}, "vocab_size is 0"),
        ({"character_coverage": 0.5}, "character_coverage"),
        ({"bos_id": 0}, "taken"),
        ({"unk_id": -1}, "unknown token"),
        ({"user_defined_symbols": ("a", "a")}, "given twice"),
    ],
)
def test_bad_options(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(TokenizerError, match=message):
        train_sentencepiece_bpe(CORPUS[:50], TrainingOptions(**changes))


def test_empty_and_long_corpora() -> None:
    with pytest.raises(TokenizerError, match="no line"):
        train_unigram([" ", ""], TrainingOptions(vocab_size=50))
    with pytest.warns(UserWarning, match="1 lines of more than"):
        train_sentencepiece_bpe([*CORPUS[:50], "x" * 5000], TrainingOptions(vocab_size=120))
