"""Training WordPiece: characters grow into the pieces of words, pair by pair.

    score of a pair   likelihood   count(ab) / (count(a) · count(b))     its two halves say little alone
                      frequency    count(ab)                             as in BPE

    hug pug pun bun hugs   h ##u ##g …   ##g+##s (once, but ##s is nowhere else) before ##u+##g (three times)

Likelihood is what the paper means: of all pairs, joining this one raises the likelihood of the corpus most.
Pairs of rare letters score highest, so `min_count` decides much there, and the words of a small vocabulary
stay in more pieces than with frequency. The trainer of Hugging Face `tokenizers` goes by frequency; with
`score="frequency"` this one makes the same vocabulary, up to pairs that occur equally often: there the
smaller ids win here, and nothing fixes their order there.

Equal scores: the more frequent pair, then the smaller (left id, right id). So the result depends on the
corpus alone, not on the order of its documents.

Source: Schuster, Nakajima 2012 (Japanese and Korean voice search), section 4; Devlin et al. 2019,
arXiv:1810.04805; the form of the score: Hugging Face's NLP course, chapter 6.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

import numpy as np

from llmworks.errors import DataError, TokenizerError
from llmworks.text.bert_files import bert_tokenizer
from llmworks.text.normalizers import BertNormalizer
from llmworks.text.pipeline import PipelineTokenizer
from llmworks.text.pre_tokenizers import BertPreTokenizer
from llmworks.text.subword import MAX_ID

Score = Literal["likelihood", "frequency"]
Pair = tuple[int, int]
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PREFIX = "##"


@dataclass
class WordPieces:
    """What training learnt.

    tokens: by id. merges: (left id, right id, id, score) of each join, in order.
    """

    tokens: list[str]
    merges: list[tuple[int, int, int, float]] = field(default_factory=list)


def train_wordpiece(
    texts: Iterable[str],
    vocab_size: int,
    *,
    score: Score = "likelihood",
    lowercase: bool = True,
    special_tokens: Sequence[str] = SPECIAL,
    min_count: int = 2,
    limit_alphabet: int | None = 1000,
    progress: Callable[[int, int], None] | None = None,
) -> PipelineTokenizer:
    """Train a WordPiece tokenizer with BERT's normaliser, pre-tokeniser and markers.

    texts: the documents, read once. vocab_size: ids in all; a corpus that runs out of pairs gives fewer (a
        warning says so).
    special_tokens: control tokens, first in the vocabulary; `[UNK]` must be among them.
    min_count: pairs that occur less often are not joined.
    limit_alphabet: only so many characters, the most frequent, become tokens; words with others are unknown.
        None: all.
    progress: called with (tokens made, tokens wanted), now and then; what it raises stops the training.

    Raises TokenizerError for choices that cannot be, DataError for an empty corpus.
    """
    if "[UNK]" not in special_tokens:
        raise TokenizerError("special_tokens must hold [UNK], the token for unknown words")
    words = count_words(texts, lowercase=lowercase)
    learnt = learn_pieces(
        words,
        vocab_size,
        score=score,
        special_tokens=special_tokens,
        min_count=min_count,
        limit_alphabet=limit_alphabet,
        progress=progress,
    )
    if len(learnt.tokens) < vocab_size:
        warnings.warn(
            f"the corpus has no more pairs that occur {min_count} time(s) or more: the vocabulary has "
            f"{len(learnt.tokens):,} ids, not the {vocab_size:,} asked for; more text, or a smaller "
            "vocab_size, mends that",
            stacklevel=2,
        )
    vocabulary = {token: id for id, token in enumerate(learnt.tokens)}
    return bert_tokenizer(vocabulary, {"do_lower_case": lowercase})


def count_words(texts: Iterable[str], *, lowercase: bool = True) -> Counter[str]:
    """How often each word occurs, as BERT's normaliser and pre-tokeniser see the texts."""
    if isinstance(texts, str | bytes):
        raise TokenizerError("texts is one text; expected an iterable of documents: write [text]")
    normalize, cut = BertNormalizer(lowercase=lowercase), BertPreTokenizer()
    words: Counter[str] = Counter()
    for text in texts:
        if not isinstance(text, str):
            raise TokenizerError(f"a document to train on must be str, not {type(text).__name__}")
        words.update(cut.texts(normalize(text)))
    return words


def learn_pieces(
    words: Mapping[str, int],
    vocab_size: int,
    *,
    score: Score = "likelihood",
    special_tokens: Sequence[str] = SPECIAL,
    min_count: int = 2,
    limit_alphabet: int | None = 1000,
    progress: Callable[[int, int], None] | None = None,
) -> WordPieces:
    """The vocabulary that `words` (with their counts) give. See `train_wordpiece`."""
    _check(vocab_size, score, special_tokens, min_count)
    if not words:
        raise DataError("the corpus is empty: there is no text to train a tokenizer on")
    learner = _Learner(words, list(special_tokens), _alphabet(words, limit_alphabet), score)
    if len(learner.tokens) > vocab_size:
        raise TokenizerError(
            f"vocab_size is {vocab_size:,}; the special tokens and single characters are "
            f"{len(learner.tokens):,} already. Ask for more, or limit the alphabet"
        )
    learnt = WordPieces(learner.tokens)
    for place, merge in enumerate(learner.run(vocab_size, min_count)):
        if progress is not None and place % 64 == 0:
            progress(len(learner.tokens), vocab_size)
        learnt.merges.append(merge)
    if progress is not None:
        progress(len(learner.tokens), vocab_size)
    return learnt


def _check(vocab_size: int, score: str, special_tokens: Sequence[str], min_count: int) -> None:
    if score not in ("likelihood", "frequency"):
        raise TokenizerError(f"score is {score!r}; expected 'likelihood' or 'frequency'")
    if min_count < 1:
        raise TokenizerError(f"min_count is {min_count}; expected 1 or more")
    if isinstance(special_tokens, str) or len(set(special_tokens)) < len(special_tokens):
        raise TokenizerError(f"special_tokens {special_tokens!r}: expected a sequence, each given once")
    if not 0 < vocab_size <= MAX_ID:
        raise TokenizerError(f"vocab_size is {vocab_size}; expected 1 to {MAX_ID:,}")


def _alphabet(words: Mapping[str, int], limit: int | None) -> list[str]:
    """The characters that become tokens, in order of code points; the most frequent `limit`."""
    counts: Counter[str] = Counter()
    for word, count in words.items():
        for character in word:
            counts[character] += count
    kept = sorted(counts, key=lambda character: (-counts[character], character))
    return sorted(kept[:limit])


class _Learner:
    """Words as lists of ids; pairs with their counts in arrays, so that the best is one look over them.

    A pair's score changes whenever one of its halves is used up elsewhere, for thousands of pairs at a time;
    to keep them in order would cost more than to look at all.
    """

    def __init__(
        self, words: Mapping[str, int], special: list[str], alphabet: list[str], score: Score
    ) -> None:
        self.tokens = special + [character for character in alphabet if character not in special]
        self._ids = {token: id for id, token in enumerate(self.tokens)}
        self._score = score
        inside = {character for word in words for character in word[1:]} & set(alphabet)
        for character in sorted(inside):
            self._id_of(PREFIX + character)
        self._words = [self._spelt(word) for word in sorted(words)]
        self._weights = [words[word] for word in sorted(words)]
        self._pairs: dict[Pair, int] = {}
        self._holders: list[set[int]] = []
        room = 1 << 16
        self._left, self._right = np.zeros(room, np.int64), np.zeros(room, np.int64)
        self._counts = np.zeros(room, np.int64)
        self._uses = np.zeros(room, np.int64)
        for word, weight in enumerate(self._weights):
            self._count(word, weight)

    def _id_of(self, token: str) -> int:
        id = self._ids.setdefault(token, len(self.tokens))
        if id == len(self.tokens):
            self.tokens.append(token)
        return id

    def _spelt(self, word: str) -> list[int]:
        """Its characters, the first plain, the others with the prefix; those not in the alphabet left out."""
        known = self._ids
        first = [known[word[0]]] if word[0] in known else []
        return first + [known[PREFIX + c] for c in word[1:] if PREFIX + c in known]

    def _count(self, word: int, weight: int) -> None:
        """Count a word's tokens and pairs `weight` times; less than 0 takes them away."""
        ids = self._words[word]
        for id in ids:
            if id >= len(self._uses):
                self._uses = np.concatenate([self._uses, np.zeros(max(id, len(self._uses)), np.int64)])
            self._uses[id] += weight
        for pair in pairwise(ids):
            slot = self._slot(pair)
            self._counts[slot] += weight
            if weight > 0:
                self._holders[slot].add(word)

    def _slot(self, pair: Pair) -> int:
        slot = self._pairs.get(pair)
        if slot is None:
            slot = self._pairs[pair] = len(self._holders)
            self._holders.append(set())
            if slot >= len(self._counts):
                room = np.zeros(len(self._counts), np.int64)
                self._left, self._right, self._counts = (
                    np.concatenate([array, room]) for array in (self._left, self._right, self._counts)
                )
            self._left[slot], self._right[slot] = pair
        return slot

    def run(self, vocab_size: int, min_count: int) -> Iterator[tuple[int, int, int, float]]:
        while len(self.tokens) < vocab_size:
            best = self._best(min_count)
            if best is None:
                return
            slot, score = best
            left, right = int(self._left[slot]), int(self._right[slot])
            token = self._id_of(self.tokens[left] + self.tokens[right].removeprefix(PREFIX))
            self._merge(slot, (left, right), token)
            yield left, right, token, score

    def _best(self, min_count: int) -> tuple[int, float] | None:
        size = len(self._holders)
        counts, left, right = self._counts[:size], self._left[:size], self._right[:size]
        live = np.flatnonzero(counts >= min_count)
        if not len(live):
            return None
        scores = counts[live].astype(np.float64)
        if self._score == "likelihood":
            scores /= self._uses[left[live]].astype(np.float64) * self._uses[right[live]]
        highest = scores.max()
        equal = live[scores == highest]
        equal = equal[counts[equal] == counts[equal].max()]
        return int(equal[np.argmin(left[equal] << 32 | right[equal])]), float(highest)

    def _merge(self, slot: int, pair: Pair, token: int) -> None:
        holders, self._holders[slot] = self._holders[slot], set()
        for word in sorted(holders):
            merged = _joined(self._words[word], pair, token)
            if len(merged) == len(self._words[word]):
                continue  # it held the pair once, and no longer
            self._count(word, -self._weights[word])
            self._words[word] = merged
            self._count(word, self._weights[word])


def _joined(ids: list[int], pair: Pair, token: int) -> list[int]:
    """`ids` with each `pair` replaced by `token`, from left to right."""
    joined: list[int] = []
    place = 0
    while place < len(ids):
        if ids[place] == pair[0] and place + 1 < len(ids) and ids[place + 1] == pair[1]:
            joined.append(token)
            place += 2
        else:
            joined.append(ids[place])
            place += 1
    return joined
