"""WordPiece: BERT's ids from BERT's vocabulary, its files, its greedy matches, its trainer."""

from __future__ import annotations

import json
import lzma
import random
import warnings
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
import tokenizers
import transformers
from hypothesis import given

from llmworks.errors import DataError, TokenizerError
from llmworks.text.bert_files import bert_tokenizer, read_bert
from llmworks.text.pipeline import PipelineTokenizer
from llmworks.text.samples import CODE, SAME_TEXT
from llmworks.text.tokenizer import Tokenizer
from llmworks.text.wordpiece import WordPieceModel
from llmworks.text.wordpiece_train import SPECIAL, count_words, learn_pieces, train_wordpiece
from tests.support import shared_data
from tests.text.text_cases import SCRIPTS, any_text, random_texts

WORDS = ["un", "##aff", "##able", "##a", "##f", "a", "aff", "table", "##s", "!", "中", "the"]
SMALL = {token: id for id, token in enumerate([*SPECIAL, *WORDS])}


def small() -> PipelineTokenizer:
    return bert_tokenizer(SMALL, {})


# ---- the algorithm ---------------------------------------------------------------------------------------


def test_the_longest_entry_from_the_left() -> None:
    def cut(word: str) -> list[str]:
        return [WORD_LIST[part.id] for part in model.parts(word)]

    model, WORD_LIST = WordPieceModel(SMALL), list(SMALL)
    assert cut("unaffable") == ["un", "##aff", "##able"]
    assert cut("affs") == ["aff", "##s"]
    assert cut("unx") == cut("tablex") == cut("x") == cut("a" * 101) == ["[UNK]"]
    assert cut("a" * 100) == ["a", *["##a"] * 99]
    assert model.parts("unaff")[1] == (SMALL["##aff"], 2, 5)


def test_the_explanation_shows_what_was_tried() -> None:
    explanation = small().explain("Unaffable tablex")
    first, second = explanation.pieces
    assert explanation.kind == "matches"
    assert [step.end for step in first.matches] == [2, 5, 9]
    assert first.matches[0].tried[0] == "unaffable"
    assert first.matches[1].tried == ["##affable", "##affabl", "##affab", "##affa"]
    assert second.matches[-1].id is None
    assert second.ids == [SMALL["[UNK]"]]
    assert (first.start, second.start) == (0, 10)
    assert json.loads(json.dumps(explanation.to_dict()))["pieces"][1]["text"] == "tablex"
    assert str(explanation).splitlines()[0].endswith("un ##aff ##able")


def test_control_tokens_are_text_where_nobody_allows_them() -> None:
    ours = bert_tokenizer({**SMALL, "[": 17, "]": 18, "##cls": 19, "cls": 20}, {})
    assert ours.encode("[CLS]") == [17, 20, 18]
    assert ours.encode("[CLS]", allow_special=True) == [SMALL["[CLS]"]]
    whole = WordPieceModel(SMALL)
    whole.forbid(frozenset(["[CLS]"]))
    assert [part.id for part in whole.parts("[CLS]")] == [SMALL["[UNK]"]]


# ---- BERT's vocabulary and files -------------------------------------------------------------------------


def bert_folder(path: Path, config: dict[str, object]) -> Path:
    (path / "vocab.txt").write_bytes(shared_data("tok/bert-vocab.txt").read_bytes())
    (path / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer", **config}))
    return path


@pytest.mark.parametrize(
    "config",
    [{}, {"do_lower_case": False}, {"strip_accents": False}, {"tokenize_chinese_chars": False}],
    ids=str,
)
def test_a_bert_folder_as_in_transformers(tmp_path: Path, config: dict[str, object]) -> None:
    folder = bert_folder(tmp_path, config)
    peer = transformers.AutoTokenizer.from_pretrained(folder)
    ours = Tokenizer.from_file(folder)
    texts = [*SAME_TEXT.values(), *CODE.values(), *SCRIPTS, *random_texts(300, seed=4), "a [MASK] b", "[SEP]"]
    for text in texts:
        ids = ours.encode(text, allow_special=True)
        assert ids == peer.encode(text, add_special_tokens=False), text
        assert ours.with_markers(ids).ids == peer.encode(text)
        assert ours.decode(ids) == peer.decode(ids, clean_up_tokenization_spaces=False)
    pair = peer("the first", "and the second")
    marked = ours.with_markers(ours.encode("the first"), ours.encode("and the second"))
    assert (marked.ids, marked.type_ids) == (pair["input_ids"], pair["token_type_ids"])


def test_real_text_with_berts_vocabulary() -> None:
    path = shared_data("tok/bert-vocab.txt")
    peer, ours = tokenizers.BertWordPieceTokenizer(str(path)), Tokenizer.from_file(path)
    text = lzma.decompress(shared_data("text/wikitext2_valid.txt.xz").read_bytes()).decode()[:300_000]
    assert ours.encode(text) == peer.encode(text, add_special_tokens=False).ids
    assert (ours.vocab_size, ours.special_tokens["[MASK]"]) == (30522, 103)


@given(any_text)
def test_any_text_with_berts_vocabulary(text: str) -> None:
    ours, peer = _bert_pair()
    assert ours.encode(text) == peer.encode(text, add_special_tokens=False).ids


_PAIR: list[tuple[Tokenizer, tokenizers.Tokenizer]] = []


def _bert_pair() -> tuple[Tokenizer, tokenizers.Tokenizer]:
    if not _PAIR:
        path = shared_data("tok/bert-vocab.txt")
        ours = Tokenizer.from_file(path)
        _PAIR.append((ours, tokenizers.Tokenizer.from_str(ours.to_json())))
    return _PAIR[0]


@pytest.mark.slow
@pytest.mark.parametrize("lowercase", [True, False])
def test_every_character_goes_berts_way(lowercase: bool) -> None:
    """The normaliser and the cutting, over the whole of Unicode, each character between letters."""
    normalizer = tokenizers.normalizers.BertNormalizer(lowercase=lowercase)
    cut = tokenizers.pre_tokenizers.BertPreTokenizer()
    ours = bert_tokenizer(SMALL, {"do_lower_case": lowercase})
    assert ours.normalizer is not None
    assert ours.pre_tokenizer is not None
    for point in range(0x110000):
        if not 0xD800 <= point < 0xE000:
            text = f"a{chr(point)}b"
            wanted = normalizer.normalize_str(text)
            assert ours.normalizer(text) == wanted, hex(point)
            assert ours.pre_tokenizer.texts(wanted) == [p for p, _ in cut.pre_tokenize_str(wanted)], hex(
                point
            )
    draw = random.Random(6)
    for _ in range(200_000):
        text = "".join(chr(draw.choice(MARKS)) for _ in range(draw.randint(2, 6)))
        assert ours.normalizer(text) == normalizer.normalize_str(text), ascii(text)


# Marks of every combining class, and letters that compose: what a normal form moves.
MARKS = [
    point
    for low, high in [(65, 122), (192, 383), (0x300, 0x36F), (0x591, 0x6DC), (0x900, 0xDFF), (0x1100, 0x1200)]
    for point in range(low, high + 1)
] + [0xAC00, 0xAC01, 0x11938, 0x11935, 0x11930, 0x1D165, 0x1D16D]  # fmt: skip


def test_whether_a_bare_vocabulary_has_capitals_says_whether_text_is_made_small(tmp_path: Path) -> None:
    path = tmp_path / "vocab.txt"
    path.write_text("[UNK]\n[CLS]\n[SEP]\nparis\n")
    assert read_bert(path).encode("Paris") == [3]
    path.write_text("[UNK]\n[CLS]\n[SEP]\nparis\nParis\n")
    assert Tokenizer.from_file(path).encode("Paris") == [4]
    assert Tokenizer.from_file(path, lowercase=True).encode("Paris") == [3]
    with pytest.raises(TokenizerError, match="takes no 'pattern'"):
        Tokenizer.from_file(path, pattern="gpt2")


@pytest.mark.parametrize(
    ("config", "complaint"),
    [
        ({"do_lower_case": "yes"}, "do_lower_case: expected true or false"),
        ({"cls_token": "<s>"}, "cls_token is '<s>', which is not in the vocabulary"),
        ({"unk_token": 7}, "unk_token: expected a string"),
        ({"strip_accents": 1}, "strip_accents"),
    ],
)
def test_settings_that_do_not_fit(tmp_path: Path, config: dict[str, object], complaint: str) -> None:
    (tmp_path / "vocab.txt").write_text("\n".join(SMALL))
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(config))
    with pytest.raises(TokenizerError, match=complaint):
        Tokenizer.from_file(tmp_path)


# ---- the trainer -----------------------------------------------------------------------------------------

HUGS = {"hug": 10, "pug": 5, "pun": 12, "bun": 4, "hugs": 5}


def test_the_example_of_the_course() -> None:
    """Hugging Face's NLP course, chapter 6: ##g+##s scores 1/20 and is joined first; then h, p, b and ##u
    score 1/36 alike, and the most frequent is p."""
    learnt = learn_pieces(HUGS, 14, special_tokens=["[UNK]"], min_count=1)
    assert learnt.tokens[-2:] == ["##gs", "pu"]
    assert [score for *_, score in learnt.merges] == [1 / 20, 1 / 36]


def naive(words: dict[str, int], n_merges: int, score: str) -> list[str]:
    """Count everything again after each join."""
    spelt = {word: [word[0], *("##" + c for c in word[1:])] for word in words}
    alphabet = sorted({c for word in words for c in word})
    ids = [*alphabet, *sorted({"##" + c for word in words for c in word[1:]})]
    for _ in range(n_merges):
        uses: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        for word, parts in spelt.items():
            for part in parts:
                uses[part] += words[word]
            for pair in pairwise(parts):
                pairs[pair] += words[word]
        if not pairs:
            break

        def worth(pair: tuple[str, str]) -> tuple[float, int, int, int]:
            share = pairs[pair] / (uses[pair[0]] * uses[pair[1]])  # noqa: B023
            value = share if score == "likelihood" else pairs[pair]  # noqa: B023
            return value, pairs[pair], -ids.index(pair[0]), -ids.index(pair[1])  # noqa: B023

        best = max(pairs, key=worth)
        token = best[0] + best[1].removeprefix("##")
        if token not in ids:
            ids.append(token)
        for word, parts in spelt.items():
            joined: list[str] = []
            for part in parts:
                if joined and (joined[-1], part) == best:
                    joined[-1] = token
                else:
                    joined.append(part)
            spelt[word] = joined
    return ids


@pytest.mark.parametrize("score", ["likelihood", "frequency"])
def test_the_trainer_as_if_everything_were_counted_again(score: str) -> None:
    draw = random.Random(2)
    words = {"".join(draw.choices("abcd", k=draw.randint(1, 7))): draw.randint(1, 9) for _ in range(60)}
    learnt = learn_pieces(words, 80, score=score, special_tokens=[], min_count=1)  # type: ignore[arg-type]
    assert learnt.tokens == naive(words, len(learnt.merges), score)


def peer_vocabulary(texts: list[str], size: int) -> set[str]:
    peer = tokenizers.Tokenizer(tokenizers.models.WordPiece(unk_token="[UNK]"))
    peer.normalizer = tokenizers.normalizers.BertNormalizer()
    peer.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    trainer = tokenizers.trainers.WordPieceTrainer(
        vocab_size=size, min_frequency=0, special_tokens=list(SPECIAL), show_progress=False
    )
    peer.train_from_iterator(texts, trainer)
    return set(peer.get_vocab())


def test_by_frequency_the_vocabulary_is_that_of_tokenizers() -> None:
    """While no two pairs occur equally often; then their order is not defined there."""
    draw = random.Random(8)
    words = {"".join(draw.choices("abcdef", k=draw.randint(1, 8))): draw.randint(1, 60) for _ in range(400)}
    texts = [f"{word} " * count for word, count in words.items()]
    learnt = learn_pieces(words, 80, score="frequency", min_count=1)
    scores = [score for *_, score in learnt.merges]
    sound = next(place for place in range(1, len(scores)) if scores[place] == scores[place - 1]) - 1
    assert sound > 15
    ours = learnt.tokens[: len(learnt.tokens) - len(scores) + sound]
    assert set(ours) == peer_vocabulary(texts, len(ours))
    assert count_words(texts) == words


@pytest.mark.slow
def test_real_text_in_a_vocabulary_by_frequency_is_as_short_as_with_tokenizers() -> None:
    rows = (
        lzma.decompress(shared_data("text/stories_small.jsonl.xz").read_bytes()).decode().strip().split("\n")
    )
    texts = [json.loads(row)["text"] for row in rows]
    held, train = texts[:50], texts[50:]
    ours = train_wordpiece(train, 4000, score="frequency", min_count=1)
    peer_set = peer_vocabulary(train, 4000)
    assert len(set(ours.model.vocabulary) ^ peer_set) <= 0.002 * 4000
    peer = bert_tokenizer(
        {token: id for id, token in enumerate([*SPECIAL, *sorted(peer_set - set(SPECIAL))])}, {}
    )
    lengths = [sum(len(tokenizer.encode(text)) for text in held) for tokenizer in (ours, peer)]
    assert lengths[0] == pytest.approx(lengths[1], rel=0.001)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        likely = train_wordpiece(train, 4000, min_count=50)
    unknown = [sum(tok.encode(text).count(1) for text in held) for tok in (ours, likely)]
    assert unknown[0] == unknown[1]  # which pairs are joined changes no word's being known


def test_a_trained_tokenizer_is_berts() -> None:
    with pytest.warns(UserWarning, match="no more pairs"):
        ours = train_wordpiece(["the cat sat on the mat " * 3], 500)
    again = Tokenizer.from_json(ours.to_json())
    assert again.encode("The CAT sat") == ours.encode("the cat sat")
    assert ours.decode(ours.encode("the mat sat")) == "the mat sat"
    assert ours.with_markers(ours.encode("cat")).ids[0] == ours.special_tokens["[CLS]"] == 2


@pytest.mark.parametrize(
    ("choices", "complaint"),
    [
        ({"vocab_size": 6}, "vocab_size is 6; the special tokens and single characters are"),
        ({"vocab_size": 0}, "expected 1 to"),
        ({"score": "rank"}, "score is 'rank'"),
        ({"min_count": 0}, "min_count"),
        ({"special_tokens": ["[CLS]"]}, r"must hold \[UNK\]"),
        ({"special_tokens": ["[UNK]", "[UNK]"]}, "each given once"),
    ],
)
def test_choices_that_cannot_be(choices: dict[str, object], complaint: str) -> None:
    with pytest.raises(TokenizerError, match=complaint):
        train_wordpiece(["some text"], **{"vocab_size": 50, **choices})  # type: ignore[arg-type]


def test_no_text_is_no_corpus() -> None:
    with pytest.raises(DataError, match="empty"):
        train_wordpiece(["", " "], 50)
    with pytest.raises(TokenizerError, match="one text"):
        train_wordpiece("text", 50)
