"""Training SentencePiece's BPE: the most frequent pair of neighbours becomes a piece, again and again.

    ▁ l o w │ ▁ l o w e r        ▁+l (2) -> ▁l       ▁l+o (2) -> ▁lo       …

Of equally frequent pairs the shorter text wins, then the first as bytes. The pieces in the order of the
merges have the scores 0, -1, -2, …; the characters come last.

Source: google/sentencepiece, bpe_model_trainer.cc; the same pieces for the same corpus.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from llmworks.text.sentencepiece import SentencePieceTokenizer
from llmworks.text.sentencepiece_corpus import (
    UNKNOWN_CHARACTER,
    TrainingCorpus,
    TrainingOptions,
    may_be_piece,
)
from llmworks.text.sentencepiece_file import ModelType

Progress = Callable[[int, int], None]


def train_sentencepiece_bpe(
    texts: Iterable[str], options: TrainingOptions | None = None, *, progress: Progress | None = None
) -> SentencePieceTokenizer:
    """A BPE tokenizer of `options.vocab_size` pieces, learnt from the lines of `texts`.

    progress: called with (merges made, merges wanted) now and then."""
    options = options or TrainingOptions()
    corpus = TrainingCorpus(texts, options)
    wanted = options.vocab_size - len(corpus.meta) - len(corpus.characters)
    merges = _Merger(corpus).run(wanted, progress)
    learnt = [(piece, -float(place)) for place, piece in enumerate([*merges, *corpus.characters])]
    return SentencePieceTokenizer(corpus.model(ModelType.BPE, learnt))


@dataclass(eq=False)
class _Symbol:
    """A character, or a pair that may be joined: where it stands and how often."""

    text: str
    left: _Symbol | None = None
    right: _Symbol | None = None
    count: int = 0
    places: list[tuple[int, int, int]] = field(default_factory=list)
    alive: bool = True
    queued: int = -1  # the count that it stands in the queue with


class _Merger:
    def __init__(self, corpus: TrainingCorpus) -> None:
        self._options = corpus.options
        self._pairs: dict[tuple[int, int], _Symbol | None] = {}
        self._queue: list[tuple[int, int, bytes, int, _Symbol]] = []
        self._changed: dict[int, _Symbol] = {}
        characters: dict[str, _Symbol] = {}
        self._words: list[list[_Symbol | None]] = []
        self._counts: list[int] = []
        for word, count in corpus.words().items():
            self._words.append([characters.setdefault(c, _Symbol(c)) for c in word])
            self._counts.append(count)
        for number, symbols in enumerate(self._words):
            for right in range(1, len(symbols)):
                self._add(number, right - 1, right)
        self._requeue()

    def run(self, wanted: int, progress: Progress | None) -> list[str]:
        """The pieces that merges make, in order."""
        made: dict[str, None] = {}
        while len(made) < wanted:
            best = self._pop()
            if best is None:
                break
            if best.text not in made:
                made[best.text] = None
                self._accept(best)
                self._requeue()
                if progress is not None and len(made) % 100 == 0:
                    progress(len(made), wanted)
            self._forget(best)
        return list(made)

    def _pop(self) -> _Symbol | None:
        while self._queue:
            count, _, _, _, symbol = heapq.heappop(self._queue)
            if not symbol.alive or -count != symbol.queued:
                continue
            if symbol.queued == symbol.count:
                return symbol
            self._push(symbol)  # fewer than when it was put there
        return None

    def _push(self, symbol: _Symbol) -> None:
        symbol.queued = symbol.count
        entry = (-symbol.count, len(symbol.text), symbol.text.encode(), id(symbol), symbol)
        heapq.heappush(self._queue, entry)

    def _requeue(self) -> None:
        for symbol in self._changed.values():
            if symbol.alive:
                self._push(symbol)
        self._changed.clear()

    def _forget(self, symbol: _Symbol) -> None:
        """The pair may come up anew, as another symbol."""
        symbol.alive = False
        self._pairs.pop((id(symbol.left), id(symbol.right)), None)

    def _pair(self, left: _Symbol | None, right: _Symbol | None) -> _Symbol | None:
        if left is None or right is None or UNKNOWN_CHARACTER in (left.text, right.text):
            return None
        key = (id(left), id(right))
        if key not in self._pairs:
            text = left.text + right.text
            allowed = may_be_piece(text, self._options)
            self._pairs[key] = _Symbol(text, left, right) if allowed else None
        return self._pairs[key]

    def _add(self, number: int, left: int, right: int) -> None:
        symbols = self._words[number]
        symbol = self._pair(symbols[left], symbols[right])
        if symbol is not None:
            symbol.places.append((number, left, right))
            symbol.count += self._counts[number]
            self._changed[id(symbol)] = symbol

    def _remove(self, number: int, left: int, right: int, best: _Symbol) -> None:
        symbols = self._words[number]
        symbol = self._pair(symbols[left], symbols[right])
        if symbol is not None and symbol is not best:
            symbol.count -= self._counts[number]

    def _accept(self, best: _Symbol) -> None:
        """Join the pair wherever it stands."""
        for number, left, right in best.places:
            symbols = self._words[number]
            if symbols[left] is not best.left or symbols[right] is not best.right:
                continue
            before = next((i for i in range(left - 1, -1, -1) if symbols[i] is not None), -1)
            after = next((i for i in range(right + 1, len(symbols)) if symbols[i] is not None), -1)
            if before >= 0:
                self._remove(number, before, left, best)
            if after >= 0:
                self._remove(number, right, after, best)
            symbols[left], symbols[right] = best, None
            if before >= 0:
                self._add(number, before, left)
            if after >= 0:
                self._add(number, left, after)
