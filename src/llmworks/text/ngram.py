"""N-gram language models: the next token from the few before it, counted and smoothed.

    model = NGramModel.train(documents, order=5, vocab_size=V)      # documents: arrays of token ids
    model.score(ids)             log p of each token, [T]
    model.bits(ids)              bits of them all;  model.perplexity(ids) = e^(mean -log p)
    model.log_probs(context)     log p of every token that could come next, [V]; they add up to 1

    p("mat" | "sat on the")  =  discounted count / context's count  +  γ("sat on the") · p("mat" | "on the")

The model is a trie from contexts to words. Every node knows its interpolated probability, the weight γ that
it leaves to shorter contexts, and its suffix (itself without the first word), so that reading a text is a
walk: see `native/ngram.c`. Smoothing: `ngram_smoothing.py`; counting: `ngram_counts.py`.

A document opens with a mark of its own, which stands in contexts and is never predicted; no n-gram crosses
from one document into the next. The end of a document is predicted only where the caller puts an end token.
"""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from llmworks.errors import DataError, RequestError
from llmworks.text.native_ngram import NativeNGram
from llmworks.text.ngram_counts import count_ngrams
from llmworks.text.ngram_smoothing import smooth
from llmworks.text.ngram_trie import KINDS, build_trie, check_trie
from llmworks.text.tokenizer import Tokenizer

FORMAT = "llmworks n-gram model 1"


class NGramModel:
    """A trained model. Its nodes: 0 the empty context, then 1 + w for each word and the opening mark, then
    the bigrams, and so on, each order sorted.

    words, suffixes, log_probs_of_nodes: of each node. children, log_backoffs: of those below the highest
    order, which come first; node i's children are children[i] … children[i + 1] - 1. tokenizer: what made
    the ids, if known.
    """

    def __init__(self, arrays: dict[str, npt.NDArray[Any]], meta: dict[str, Any]) -> None:
        self.words, self.children, self.suffixes, self.log_probs_of_nodes, self.log_backoffs = (
            np.ascontiguousarray(arrays[name], kind) for name, kind in KINDS.items()
        )
        self.order, self.vocab_size = int(meta["order"]), int(meta["vocab_size"])
        self.smoothing, self.tokens = str(meta["smoothing"]), int(meta["tokens"])
        self.tokenizer: Tokenizer | None = None
        self._floor = -math.log(self.vocab_size) if self.smoothing == "add_k" else 0.0
        self._native = NativeNGram.build(self.arrays, self._floor)

    @property
    def arrays(self) -> tuple[npt.NDArray[Any], ...]:
        """All that decides the probabilities, in the order of KINDS."""
        return (self.words, self.children, self.suffixes, self.log_probs_of_nodes, self.log_backoffs)

    @classmethod
    def train(
        cls,
        documents: Iterable[npt.ArrayLike],
        order: int,
        vocab_size: int,
        *,
        smoothing: str = "modified_kneser_ney",
        k: float = 0.1,
        min_counts: Sequence[int] = (),
    ) -> NGramModel:
        """Count and smooth.

        Args:
            documents: token ids of each document.
            order: length of the longest n-gram; the context is one shorter.
            vocab_size: ids are 0 … vocab_size - 1; unseen ones get probability too.
            smoothing: modified_kneser_ney, kneser_ney, witten_bell, add_k (with `k`) or maximum_likelihood.
            min_counts: least count of bigrams, trigrams, … that are kept (the last stands for all longer
                ones); what is dropped goes to the shorter context, so that probabilities still add up to 1.
        """
        if order < 1 or vocab_size < 1:
            raise RequestError(f"order and vocab_size must be at least 1, not {order} and {vocab_size}")
        least = list(min_counts[: order - 1]) + list(min_counts[-1:]) * (order - 1 - len(min_counts))
        if any(later < earlier for earlier, later in pairwise(least)):
            raise RequestError(f"min_counts must not fall with the order: {list(min_counts)}")
        levels = count_ngrams(documents, order, vocab_size)
        kept = [np.ones(vocab_size + 1, np.bool_)]
        for level, count in zip(levels[1:], least or [0] * (order - 1), strict=True):
            kept.append(level.counts >= count)
        tokens = int(levels[0].counts[:vocab_size].sum())
        meta = {"order": order, "vocab_size": vocab_size, "smoothing": smoothing, "tokens": tokens}
        return cls(build_trie(levels, smooth(levels, smoothing, k, kept), kept), meta)

    @classmethod
    def train_on_text(
        cls, texts: Iterable[str], tokenizer: Tokenizer, order: int = 5, **options: Any
    ) -> NGramModel:
        """`train` on texts, each closed by the tokenizer's end token if it has one; `options` as there."""
        end = end_id(tokenizer)
        tail = np.array([] if end is None else [end], np.int32)
        documents = (
            np.concatenate([ids, tail]) for some in _batches(texts) for ids in tokenizer.encode_batch(some)
        )
        model = cls.train(documents, order, tokenizer.vocab_size, **options)
        model.tokenizer = tokenizer
        return model

    def __repr__(self) -> str:
        return (
            f"NGramModel(order={self.order}, vocab_size={self.vocab_size:,}, {self.smoothing}, "
            f"{len(self.words) - 1:,} n-grams from {self.tokens:,} tokens)"
        )

    # Probabilities.

    @property
    def begin(self) -> int:
        """The state at the beginning of a document."""
        return 1 + self.vocab_size if self.order > 1 else 0

    def state(self, context: npt.ArrayLike, *, begins: bool = True) -> int:
        """The state after these tokens; `begins`: they open a document, and are not from within one."""
        return self._read(self._checked(context), self.begin if begins else 0)[1]

    def log_probs(self, context: npt.ArrayLike = (), *, begins: bool = True) -> npt.NDArray[np.float32]:
        """log p(token | context) of every token, [V] float32."""
        return self.log_probs_at(self.state(context, begins=begins))

    def log_probs_at(self, state: int) -> npt.NDArray[np.float32]:
        """The same at a state; `advance` moves on from there."""
        if self._floor and state:
            made = np.full(self.vocab_size, self.log_backoffs[state] + np.float32(self._floor))
            self._put_children(state, made)
            return made
        contexts = [state]
        while contexts[-1]:
            contexts.append(int(self.suffixes[contexts[-1]]))
        made = self.log_probs_of_nodes[1 : 1 + self.vocab_size].copy()
        for node in contexts[-2::-1]:
            made += self.log_backoffs[node]
            self._put_children(node, made)
        return made

    def _put_children(self, node: int, log_probs: npt.NDArray[np.float32]) -> None:
        span = slice(self.children[node], self.children[node + 1])
        log_probs[self.words[span]] = self.log_probs_of_nodes[span]

    def advance(self, state: int, token: int) -> int:
        """The state after one more token."""
        child = self._child(state, token)
        while child < 0:
            state = int(self.suffixes[state])
            child = self._child(state, token)
        return child if child < len(self.log_backoffs) else int(self.suffixes[child])

    def score(self, ids: npt.ArrayLike, *, begins: bool = True) -> npt.NDArray[np.float32]:
        """log p of each token given those before it, [T] float32; -inf where the smoothing allows it."""
        return self._read(self._checked(ids), self.begin if begins else 0)[0]

    def encode(self, text: str) -> npt.NDArray[np.int32]:
        """Token ids of a text, by the tokenizer that the model was trained with."""
        if self.tokenizer is None:
            raise RequestError("this n-gram model was trained on ids: it has no tokenizer; give ids")
        return self.tokenizer.encode_array(text)

    def bits(self, ids: npt.ArrayLike) -> float:
        """-Σ log2 p: the bits that the model needs to send these tokens."""
        return -float(self.score(ids).sum(dtype=np.float64)) / math.log(2)

    def perplexity(self, ids: npt.ArrayLike) -> float:
        """e^(mean of -log p)."""
        scores = self.score(ids)
        if not len(scores):
            raise RequestError("there is no token to score")
        nats = -float(scores.mean(dtype=np.float64))
        return math.exp(nats) if nats < 700 else math.inf

    def generate(
        self, count: int, context: npt.ArrayLike = (), *, seed: int | None = None,
        temperature: float = 1.0, stop: int | None = None,
    ) -> list[int]:  # fmt: skip
        """Up to `count` tokens drawn after the context; `stop` ends them and is not among them."""
        draw, made, state = np.random.default_rng(seed), list[int](), self.state(context)
        for _ in range(count):
            log_probs = self.log_probs_at(state).astype(np.float64)
            if temperature == 0:
                token = int(log_probs.argmax())
            else:
                weights = np.exp((log_probs - log_probs.max()) / temperature)
                token = int(draw.choice(len(weights), p=weights / weights.sum()))
            if token == stop:
                break
            made.append(token)
            state = self.advance(state, token)
        return made

    def _checked(self, ids: npt.ArrayLike) -> npt.NDArray[np.int32]:
        given = np.asarray(ids)
        if given.ndim != 1 or (given.size and not np.issubdtype(given.dtype, np.integer)):
            raise RequestError(f"token ids must be a list of whole numbers, not {given.dtype} {given.shape}")
        if given.size and not 0 <= int(given.min()) <= int(given.max()) < self.vocab_size:
            wrong = int(given.min()) if given.min() < 0 else int(given.max())
            raise RequestError(f"token {wrong} is not in the model's vocabulary of {self.vocab_size}")
        return np.ascontiguousarray(given, np.int32)

    def _read(self, ids: npt.NDArray[np.int32], state: int) -> tuple[npt.NDArray[np.float32], int]:
        if self._native is not None:
            return self._native.score(ids, state)
        return self._read_plainly(ids, state)

    def _read_plainly(self, ids: npt.NDArray[np.int32], state: int) -> tuple[npt.NDArray[np.float32], int]:
        """What `native/ngram.c` does, where there is no compiler."""
        made = np.empty(len(ids), np.float32)
        for place, word in enumerate(ids.tolist()):
            node, total = state, 0.0
            child = self._child(node, word)
            while child < 0:
                total += float(self.log_backoffs[node])
                node = int(self.suffixes[node])
                child = self._child(node, word)
            if node != state and self._floor:
                made[place] = self.log_backoffs[state] + np.float32(self._floor)
            else:
                made[place] = total + float(self.log_probs_of_nodes[child])
            state = child if child < len(self.log_backoffs) else int(self.suffixes[child])
        return made, state

    def _child(self, node: int, word: int) -> int:
        if node == 0:
            return 1 + word
        first, end = int(self.children[node]), int(self.children[node + 1])
        place = first + int(np.searchsorted(self.words[first:end], word))
        return place if place < end and self.words[place] == word else -1

    # On disk.

    def save(self, path: str | Path) -> None:
        """One .npz file with the arrays, and what made the ids."""
        meta = {
            "format": FORMAT, "order": self.order, "vocab_size": self.vocab_size, "smoothing": self.smoothing,
            "tokens": self.tokens, "tokenizer": self.tokenizer.to_json() if self.tokenizer else None,
        }  # fmt: skip
        text = np.frombuffer(json.dumps(meta).encode(), np.uint8)
        target = Path(path)
        partial = target.with_name(target.name + ".partial")
        try:
            with partial.open("wb") as file:
                np.savez(file, allow_pickle=False, meta=text, **dict(zip(KINDS, self.arrays, strict=True)))
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: str | Path) -> NGramModel:
        """A saved model; a file that does not hold together is refused."""
        if not Path(path).is_file():
            raise DataError(f"{path} does not exist; `llmworks ngram train` makes such a file")
        try:
            with np.load(path, allow_pickle=False) as file:
                meta = json.loads(bytes(file["meta"]))
                arrays = {name: file[name] for name in KINDS}
            assert meta["format"] == FORMAT
            check_trie(arrays, int(meta["order"]), int(meta["vocab_size"]))
            model = cls(arrays, meta)
        except (OSError, ValueError, KeyError, TypeError, AssertionError, EOFError, zipfile.BadZipFile):
            raise DataError(
                f"{path} is no whole n-gram model; make it anew with `llmworks ngram train`"
            ) from None
        if meta["tokenizer"]:
            model.tokenizer = Tokenizer.from_json(meta["tokenizer"])
        return model


def end_id(tokenizer: Tokenizer) -> int | None:
    """The token that closes a document in training, if the tokenizer has one."""
    return tokenizer.special_tokens.get("<|endoftext|>", tokenizer.eos_id)


def _batches(texts: Iterable[str], size: int = 256) -> Iterator[list[str]]:
    rest = iter(texts)
    while some := list(islice(rest, size)):
        yield some
