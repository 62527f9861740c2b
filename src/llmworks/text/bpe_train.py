"""Training a byte-level BPE: a corpus becomes the list of merges that its tokenizer is.

    texts --pattern--> how often each piece occurs --merge the most frequent pair, again and again--> merges

    low low lower lot        l+o (4 times) -> lo        lo+w (3) -> low        ␣+low (2) -> ␣low        ...

Starting from single bytes, the most frequent pair of neighbours becomes a token, everywhere, and the pairs
are counted again. In a run the pairs overlap when they are counted ("aaa" holds a+a twice), and are merged
from the left. Among equally frequent pairs the lexicographically greatest pair of byte strings wins: by the
left token's bytes, then by the right one's. So the result depends on the corpus alone: not on the order of
its documents, nor on threads, nor on whether C or Python computes it.

No two pairs ever make the same bytes: up to a given merge, what happens inside a token is the same wherever
it stands (a merge across its border would have kept it from becoming a token), so equal bytes were merged in
the same way.

Source: Sennrich, Haddow, Birch 2016, arXiv:1508.07909; on bytes: Radford et al. 2019 (GPT-2), section 2.2.
"""

from __future__ import annotations

import os
import re
import warnings
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from llmworks.errors import DataError, TokenizerError
from llmworks.text.bpe import MAX_ID, BPETokenizer
from llmworks.text.native_bpe_train import NativeCounter, library
from llmworks.text.patterns import PATTERNS, pattern_name
from llmworks.text.python_bpe_train import PythonCounter
from llmworks.text.tokenizer import utf8

N_BYTES = 256
SLICE_BYTES = 1 << 20
MERGES_A_STEP = 64

Progress = Callable[[int, int], None]


@dataclass
class Merges:
    """What training learnt: merge i makes token 256 + i.

    pairs: (left id, right id), in order. counts: how often the pair stood in the corpus when it won.
    pieces, unique_pieces: pre-tokens of the corpus, in all and different ones.
    """

    pairs: list[tuple[int, int]] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    pieces: int = 0
    unique_pieces: int = 0

    def tokens(self) -> list[bytes]:
        """The bytes of each token, by id: the 256 bytes, then one a merge."""
        tokens = [bytes([value]) for value in range(N_BYTES)]
        for left, right in self.pairs:
            tokens.append(tokens[left] + tokens[right])
        return tokens

    def steps(self) -> Iterator[tuple[bytes, bytes, int]]:
        """(left bytes, right bytes, count) of each merge: the lesson in one table."""
        tokens = self.tokens()
        for (left, right), count in zip(self.pairs, self.counts, strict=True):
            yield tokens[left], tokens[right], count

    def tokenizer(self, *, pattern: str = "cl100k", special_tokens: Sequence[str] = ()) -> BPETokenizer:
        """The tokenizer that applies these merges; special tokens take the last ids."""
        vocabulary = {token: id for id, token in enumerate(self.tokens())}
        for text in special_tokens:
            if text.encode() in vocabulary:
                raise TokenizerError(
                    f"special token {text!r} is also an ordinary token, learnt from the text; choose one "
                    f"that is no word of it, such as {f'<|{text}|>'!r}"
                )
        specials = {text: len(vocabulary) + i for i, text in enumerate(special_tokens)}
        return BPETokenizer(vocabulary, self.pairs, pattern=pattern, special_tokens=specials)


def train_bpe(
    texts: Iterable[str | bytes],
    vocab_size: int,
    *,
    pattern: str = "cl100k",
    special_tokens: Sequence[str] = (),
    min_count: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> BPETokenizer:
    """Train a byte-level BPE tokenizer.

    texts: the documents, read once, as a stream; bytes are taken as UTF-8 and need not be well-formed.
        Merges stay within the pieces that `pattern` cuts, and so within a document.
    vocab_size: ids in all: the 256 bytes, the merges, and the special tokens, which come last. A corpus that
        runs out of pairs gives fewer (a warning says so).
    pattern: a name in `patterns.PATTERNS`, or one of those written out.
    special_tokens: control tokens. Where a text spells one, that is ordinary text here too.
    min_count: pairs that occur less often are not merged. A token that occurred once teaches nothing; 2 or
        more gives a smaller vocabulary on a small corpus.
    threads: for counting (default: the processors this process may use). The result does not depend on it.
    progress: called with (merges made, merges wanted), now and then; what it raises stops the training.

    Raises TokenizerError for a size, pattern or special token that cannot be, DataError for an empty corpus.
    """
    name = _checked_pattern(pattern)
    n_merges = _checked_merges(vocab_size, special_tokens)
    merges = learn_merges(
        texts, n_merges, pattern=name, min_count=min_count, threads=threads, progress=progress
    )
    if len(merges.pairs) < n_merges:
        warnings.warn(
            f"the corpus has no more pairs that occur {min_count} time(s) or more: the vocabulary has "
            f"{vocab_size - n_merges + len(merges.pairs):,} ids, not the {vocab_size:,} asked for; more "
            "text, or a smaller vocab_size, mends that",
            stacklevel=2,
        )
    return merges.tokenizer(pattern=name, special_tokens=special_tokens)


def learn_merges(
    texts: Iterable[str | bytes],
    n_merges: int,
    *,
    pattern: str = "cl100k",
    min_count: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Merges:
    """The merges with their counts; up to `n_merges`, fewer where no pair is left. See `train_bpe`."""
    if min_count < 1:
        raise TokenizerError(f"min_count is {min_count}; expected 1 or more")
    if threads is not None and threads < 1:
        raise TokenizerError(f"threads is {threads}; expected 1 or more")
    if isinstance(texts, str | bytes):
        raise TokenizerError("texts is one text; expected an iterable of documents: write [text]")
    merges = Merges()
    if n_merges == 0:
        return merges
    counter = _count_pieces(_slices(texts), _checked_pattern(pattern), threads or _processors())
    merges.pieces, merges.unique_pieces = counter.total, counter.unique
    if not merges.pieces:
        raise DataError("the corpus is empty: there is no text to train a tokenizer on")
    trainer = counter.trainer(n_merges, min_count)
    while len(merges.pairs) < n_merges:
        if progress is not None:
            progress(len(merges.pairs), n_merges)
        step = min(MERGES_A_STEP, n_merges - len(merges.pairs))
        made = list(trainer.run(step))
        merges.pairs += [(left, right) for left, right, _ in made]
        merges.counts += [count for *_, count in made]
        if len(made) < step:
            break
    if progress is not None:
        progress(len(merges.pairs), n_merges)
    return merges


# ---- counting ----


class _Trainer(Protocol):
    def run(self, n: int) -> Iterator[tuple[int, int, int]]: ...


class _Counter(Protocol):
    def add(self, text: bytes, ends: array[int]) -> None: ...
    def absorb(self, other: Any) -> None: ...
    def trainer(self, most_merges: int, min_count: int) -> _Trainer: ...
    @property
    def unique(self) -> int: ...
    @property
    def total(self) -> int: ...


class _Slice(NamedTuple):
    """Documents one behind the other; document i ends at ends[i]."""

    text: bytes
    ends: array[int]


def _count_pieces(slices: Iterable[_Slice], pattern: str, threads: int) -> _Counter:
    """Count slices in threads, each with a counter of its own; the counters join at the end."""
    lib = library()
    running: deque[Future[_Counter]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for part in slices:  # the next one is made ready while the threads are busy
            if len(running) < threads:
                counter: _Counter = NativeCounter(lib, pattern) if lib else PythonCounter(pattern)
            else:
                counter = running.popleft().result()
            running.append(pool.submit(_counted, counter, part))
        counters = [future.result() for future in running]
    for other in counters[1:]:
        counters[0].absorb(other)
    return counters[0]


def _counted(counter: _Counter, part: _Slice) -> _Counter:
    counter.add(part.text, part.ends)
    return counter


def _slices(texts: Iterable[str | bytes]) -> Iterator[_Slice]:
    """Documents gathered, or cut, to about SLICE_BYTES; at least one slice, perhaps an empty one."""
    parts: list[bytes] = []
    ends = array("Q")
    size = 0
    for text in texts:
        if not isinstance(text, str | bytes):
            raise TokenizerError(f"a document to train on must be str or bytes, not {type(text).__name__}")
        for part in _cut(text):
            parts.append(part)
            size += len(part)
            ends.append(size)
            if size >= SLICE_BYTES:
                yield _Slice(b"".join(parts), ends)
                parts, ends, size = [], array("Q"), 0
    yield _Slice(b"".join(parts), ends)


def _cut(text: str | bytes) -> Iterator[bytes]:
    """A document in parts of about SLICE_BYTES, cut between a letter and a blank.

    No pattern has a piece with a blank behind a letter, nor looks beyond a word's end, so the parts have
    the pieces of the whole.
    """
    start = 0
    while len(text) - start > 2 * SLICE_BYTES:
        cut = _cut_after(text, start + SLICE_BYTES)
        yield utf8(text[start:cut])
        start = cut
    yield utf8(text[start:])


_LETTER_BLANK = r"[A-Za-z](?= )"
_LETTER_BLANK_STR, _LETTER_BLANK_BYTES = re.compile(_LETTER_BLANK), re.compile(_LETTER_BLANK.encode())


def _cut_after(text: str | bytes, start: int) -> int:
    """The first place from `start` on between a letter and a blank; the end where there is none."""
    if isinstance(text, bytes):
        found: re.Match[bytes] | re.Match[str] | None = _LETTER_BLANK_BYTES.search(text, start)
    else:
        found = _LETTER_BLANK_STR.search(text, start)
    return found.end() if found else len(text)


# ---- checks ----


def _processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _checked_pattern(pattern: str) -> str:
    name = pattern_name(pattern)
    if name is None:
        known = ", ".join(PATTERNS)
        raise TokenizerError(
            f"pre-tokenisation pattern {pattern[:200]!r} is not known; expected one of {known}"
        )
    return name


def _checked_merges(vocab_size: int, special_tokens: Sequence[str]) -> int:
    """How many merges make a vocabulary of `vocab_size`."""
    if isinstance(special_tokens, str):
        raise TokenizerError(f"special_tokens is one text; expected a sequence: write [{special_tokens!r}]")
    if len(set(special_tokens)) < len(special_tokens) or "" in special_tokens:
        raise TokenizerError(
            f"special_tokens {list(special_tokens)!r}: each must be given once, and none be empty"
        )
    least = N_BYTES + len(special_tokens)
    if not least <= vocab_size <= MAX_ID:
        raise TokenizerError(
            f"vocab_size is {vocab_size}; expected {least} (the 256 bytes and {len(special_tokens)} special "
            f"tokens) to {MAX_ID}"
        )
    return vocab_size - least
