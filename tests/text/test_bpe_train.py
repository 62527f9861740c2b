"""The BPE trainer: equal to the textbook algorithm, in C and in Python, on any number of threads."""

import functools
import json
import lzma
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmworks.errors import DataError, TokenizerError
from llmworks.text import bpe_train
from llmworks.text.bpe_train import Merges, learn_merges, train_bpe
from llmworks.text.native_bpe_train import library
from llmworks.text.patterns import PATTERNS, Pretokenizer
from tests.support import shared_data

Step = tuple[bytes, bytes, int]


def naive(texts: list[str | bytes], n_merges: int, pattern: str = "cl100k", min_count: int = 1) -> list[Step]:
    """Count every adjacent pair, merge the best from left to right, start over."""
    words: Counter[tuple[bytes, ...]] = Counter()
    for text in texts:
        raw = text.encode() if isinstance(text, str) else text
        for piece in Pretokenizer(pattern).pieces(raw):
            words[tuple(bytes([value]) for value in piece)] += 1
    steps: list[Step] = []
    while len(steps) < n_merges:
        pairs: Counter[tuple[bytes, bytes]] = Counter()
        for word, count in words.items():
            for pair in pairwise(word):
                pairs[pair] += count
        if not pairs:
            break
        count, best = max((count, pair) for pair, count in pairs.items())
        if count < min_count:
            break
        steps.append((*best, count))
        words = Counter({joined(word, best): count for word, count in words.items()})
    return steps


def joined(word: tuple[bytes, ...], pair: tuple[bytes, bytes]) -> tuple[bytes, ...]:
    out: list[bytes] = []
    i = 0
    while i < len(word):
        if word[i : i + 2] == pair:
            out.append(pair[0] + pair[1])
            i += 2
        else:
            out.append(word[i])
            i += 1
    return tuple(out)


@pytest.fixture(params=["native", "python"])
def path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to compute it."""
    if request.param == "native" and library() is None:
        pytest.skip("no C compiler on this machine")
    if request.param == "python":
        monkeypatch.setattr(bpe_train, "library", lambda: None)
    return str(request.param)


def learnt(texts: list[str | bytes], n_merges: int, **choices: object) -> list[Step]:
    return list(learn_merges(texts, n_merges, **choices).steps())  # type: ignore[arg-type]


def without_native(call: Callable[[], Merges]) -> Merges:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bpe_train, "library", lambda: None)
        return call()


# ---- the lesson ----


def test_low_lower_lowest(path: str) -> None:
    words = ["low"] * 5 + ["lower"] * 2 + ["lowest"] + ["lot"]
    steps = learnt(words, 3)
    assert steps == [(b"l", b"o", 9), (b"lo", b"w", 8), (b"low", b"e", 3)]


def test_among_equal_counts_the_greatest_bytes_win(path: str) -> None:
    assert learnt(["ab", "cd", "ca"], 1)[0] == (b"c", b"d", 1)
    # A longer token is greater than its beginning; bytes above 127 are greater than letters.
    assert learnt(["ab"] * 3 + ["abx", "abx", "ay", "ay"], 2)[1] == (b"ab", b"x", 2)
    assert learnt([b"zz", b"\xffa"], 1)[0] == (b"\xff", b"a", 1)


def test_runs_count_overlapping_pairs_and_merge_from_the_left(path: str) -> None:
    assert learnt(["aaaaa"], 9) == [(b"a", b"a", 4), (b"aa", b"aa", 1), (b"aaaa", b"a", 1)]


# ---- equal to the naive algorithm ----


@pytest.mark.parametrize("pattern", PATTERNS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_equals_naive_on_small_alphabets(pattern: str, data: st.DataObject) -> None:
    alphabet = data.draw(st.sampled_from(["a", "ab", "abc ", "ab'\n", "aé 1", "aB!  "]))
    texts = data.draw(st.lists(st.text(alphabet, min_size=1, max_size=60), min_size=1, max_size=8))
    n_merges = data.draw(st.integers(1, 60))
    min_count = data.draw(st.sampled_from([1, 1, 2, 5]))
    expected = naive([*texts], n_merges, pattern, min_count)

    def call(threads: int = 1) -> Merges:
        return learn_merges(texts, n_merges, pattern=pattern, min_count=min_count, threads=threads)

    assert list(call().steps()) == expected
    assert list(call(3).steps()) == expected
    assert list(without_native(call).steps()) == expected


@given(
    texts=st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=6), n_merges=st.integers(1, 80)
)
@settings(max_examples=100, deadline=None)
def test_equals_naive_on_any_bytes(texts: list[bytes], n_merges: int) -> None:
    expected = naive([*texts], n_merges)
    assert learnt([*texts], n_merges) == expected
    assert list(without_native(lambda: learn_merges(texts, n_merges)).steps()) == expected


@given(counts=st.lists(st.integers(1, 5000), min_size=2, max_size=40), seed=st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_equals_naive_where_counts_differ_widely(counts: list[int], seed: int) -> None:
    """Counts from 1 to thousands: the cutoff of the C path falls several times on the way."""
    draw = random.Random(seed)
    texts: list[str | bytes] = []
    for count in counts:
        word = "".join(draw.choices("abcde", k=draw.randint(2, 12)))
        texts += [word] * count
    assert learnt(texts, 300) == naive(texts, 300)


@functools.cache
def naive_once(text: bytes) -> list[Step]:
    """Both paths are held against the same answer, which takes seconds to work out."""
    return naive([text], 300)


def test_equals_naive_on_real_text(path: str) -> None:
    text = lzma.decompress(shared_data("text/wikitext2_valid.txt.xz").read_bytes())[:120_000]
    assert learnt([text], 300) == naive_once(text)


def test_equals_naive_on_scripts(path: str) -> None:
    text = (
        "Γειά σου Κόσμε, Привет мир, 你好世界 こんにちは世界, नमस्ते दुनिया, "
        "مرحبا بالعالم, 👩\u200d👩\u200d👧 👩\u200d👩\u200d👧, naïve café\n"
    ) * 3
    assert learnt([text, text.upper()], 500) == naive([text, text.upper()], 500)


# ---- the same, however it is computed ----


def many_documents() -> list[str]:
    draw = random.Random(5)
    words = ["".join(draw.choices("abcdefghij", k=draw.randint(1, 24))) for _ in range(3000)]
    return [" ".join(draw.choices(words, k=200)) for _ in range(400)]


def test_threads_order_and_type_do_not_matter() -> None:
    documents = many_documents()
    one = learn_merges(documents, 800, threads=1)
    shuffled = documents[:]
    random.Random(1).shuffle(shuffled)
    assert learn_merges(shuffled, 800, threads=4) == one
    assert learn_merges((text.encode() for text in documents), 800) == one
    assert without_native(lambda: learn_merges(documents, 800)) == one


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_long_document_is_cut_where_no_piece_is(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "I'll say it's 12345  times;\n\n  naïve Grüße!  x/y\r\n" * 40 + " " * 50 + "End  "
    whole = learn_merges([text], 60, pattern=pattern)
    monkeypatch.setattr(bpe_train, "SLICE_BYTES", 7)
    assert learn_merges([text], 60, pattern=pattern, threads=3) == whole
    assert learn_merges([text.encode()], 60, pattern=pattern) == whole


def test_the_corpus_is_read_as_a_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more documents are in hand than one slice a thread and the one made ready."""
    monkeypatch.setattr(bpe_train, "SLICE_BYTES", 1000)
    counted: list[int] = []
    ahead: list[int] = []
    original = bpe_train._counted

    def watched(counter: Any, part: Any) -> Any:
        counted.append(len(part.ends))
        return original(counter, part)

    def corpus() -> Iterator[str]:
        for given_so_far in range(200):
            ahead.append(given_so_far - sum(counted))
            yield "a word and another one, ten times. " * 10

    monkeypatch.setattr(bpe_train, "_counted", watched)
    learn_merges(corpus(), 20, threads=2)
    assert len(ahead) == 200
    assert max(ahead) <= 4 * 3


def test_documents_are_boundaries(path: str) -> None:
    assert learnt(["a", "b", "ab"], 5) == [(b"a", b"b", 1)]


# ---- the tokenizer that comes out ----


def test_the_tokenizer_applies_the_merges() -> None:
    documents = many_documents()[:50]
    tokenizer = train_bpe(documents, 700, special_tokens=["<|endoftext|>", "<|im_start|>"])
    assert tokenizer.vocab_size == 700
    assert tokenizer.special_tokens == {"<|endoftext|>": 698, "<|im_start|>": 699}
    tokens = learn_merges(documents, 442).tokens()
    assert [tokenizer.token_bytes(id) for id in range(698)] == tokens
    assert len(set(tokens)) == len(tokens)
    text = documents[0] + " <|endoftext|> ünseen \x00"
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert max(tokenizer.encode(text)) < 698


def test_hugging_face_reads_it_alike() -> None:
    tokenizers = pytest.importorskip("tokenizers")
    documents = many_documents()[:30]
    tokenizer = train_bpe(documents, 600, special_tokens=["<|endoftext|>"])
    theirs = tokenizers.Tokenizer.from_str(tokenizer.to_json())
    assert theirs.encode(documents[1]).ids == tokenizer.encode(documents[1])


# ---- doors ----


def test_progress_can_stop_it(path: str) -> None:
    calls: list[tuple[int, int]] = []

    def watch(done: int, total: int) -> None:
        calls.append((done, total))
        if done >= 128:
            raise KeyboardInterrupt

    documents = many_documents()[:20]
    with pytest.raises(KeyboardInterrupt):
        learn_merges(documents, 400, progress=watch)
    assert calls[0] == (0, 400)
    assert calls[-1] == (128, 400)
    calls.clear()
    learn_merges(documents, 100, progress=lambda *call: calls.append(call))
    assert calls[-1] == (100, 100)


def test_too_little_text_says_so(path: str) -> None:
    with pytest.warns(UserWarning, match="vocabulary has 258 ids, not the 1,000"):
        tokenizer = train_bpe(["abc"], 1000)
    assert tokenizer.vocab_size == 258
    with pytest.warns(UserWarning, match="2 time"):
        assert train_bpe(["abc"], 1000, min_count=2).vocab_size == 256


@pytest.mark.parametrize("texts", [[], [""], ["", b""]])
def test_empty_corpus(path: str, texts: list[str | bytes]) -> None:
    with pytest.raises(DataError, match="empty"):
        train_bpe(texts, 300)


def test_bytes_alone_need_no_corpus() -> None:
    assert train_bpe([], 257, special_tokens=["<|endoftext|>"]).vocab_size == 257


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(TokenizerError, match="vocab_size is 256; expected 257"):
        train_bpe(["text"], 256, special_tokens=["<|end|>"])
    with pytest.raises(TokenizerError, match="given once"):
        train_bpe(["text"], 300, special_tokens=["<|end|>", "<|end|>"])
    with pytest.raises(TokenizerError, match="one text"):
        train_bpe(["text"], 300, special_tokens="<|end|>")
    with pytest.raises(TokenizerError, match=r"one text.*\[text\]"):
        train_bpe("a text", 300)
    with pytest.raises(TokenizerError, match="not known; expected one of gpt2"):
        train_bpe(["text"], 300, pattern="gpt5")
    with pytest.raises(TokenizerError, match="threads is 0"):
        train_bpe(["text"], 300, threads=0)
    with pytest.raises(TokenizerError, match="min_count is 0"):
        train_bpe(["text"], 300, min_count=0)
    with pytest.raises(TokenizerError, match="int"):
        train_bpe([5], 300)  # type: ignore[list-item]
    with pytest.raises(TokenizerError, match="also an ordinary token"):
        train_bpe(["hello"], 261, special_tokens=["hello"])


def test_an_error_in_the_corpus_comes_through() -> None:
    def broken() -> Iterator[str]:
        yield "some text"
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        train_bpe(broken(), 300)


@pytest.mark.parametrize("kind", ["one letter", "letters", "blanks", "lines"])
def test_a_long_line_takes_linear_time(kind: str) -> None:
    """Two million bytes without a place to cut; anything quadratic would not come back."""
    if library() is None:
        pytest.skip("no C compiler on this machine")
    size = 2_000_000
    draw = random.Random(2)
    text = {
        "one letter": lambda: "a" * size,
        "letters": lambda: "".join(draw.choices("abcdefgh", k=size)),
        "blanks": lambda: " " * size,
        "lines": lambda: "\n" * size,
    }[kind]()
    steps = learnt([text], 500)
    assert steps[0][2] >= size // 100
    if kind != "letters":
        assert [count for *_, count in steps][:3] == [size - 1, size // 2 - 1, size // 4 - 1]


def test_no_native_switch_gives_the_same() -> None:
    script = (
        "import json, sys; from llmworks.text.bpe_train import learn_merges; "
        "print(json.dumps(learn_merges(sys.argv[1:], 40).pairs))"
    )
    texts = many_documents()[:3]
    done = subprocess.run(
        [sys.executable, "-c", script, *texts],
        env={**os.environ, "LLMWORKS_NO_NATIVE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert [tuple(pair) for pair in json.loads(done.stdout)] == learn_merges(texts, 40).pairs
