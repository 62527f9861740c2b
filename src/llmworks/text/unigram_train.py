"""Training a Unigram model: too many pieces at first, then fewer and fewer.

    seeds      every substring that repeats, scored count × length
    EM         E: expected count of each piece under the model;  M: log p = ψ(count) - ψ(Σ counts)
    pruning    the loss of a piece: what the corpus' likelihood loses when its text is cut without it;
               the 75 % with the greatest loss stay, until 1.1 × vocab_size are left
    at last    the best, and every character that must be there

ψ is the digamma function: rare pieces get less than their share (a Bayesian prior), and vanish.

Source: Kudo, "Subword Regularization" (2018), section 3.2; google/sentencepiece, unigram_model_trainer.cc.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from llmworks.errors import TokenizerError
from llmworks.text.sentencepiece import SentencePieceTokenizer
from llmworks.text.sentencepiece_corpus import (
    BOUNDARY,
    UNKNOWN_CHARACTER,
    TrainingCorpus,
    TrainingOptions,
    may_be_piece,
)
from llmworks.text.sentencepiece_file import ModelType
from llmworks.text.unigram import UNK_PENALTY
from llmworks.text.unigram_counts import Counter, Counts, counter, repeated_substrings

Pieces = list[tuple[str, float]]
Progress = Callable[[int, int], None]

KEEP_ABOVE = 0.5  # expected occurrences
SPARE = 1.1
MOST_TEXT = (1 << 31) - 1


@dataclass(frozen=True)
class Round:
    """One step of training: how many pieces, and the log likelihood of a word (nats) under them."""

    pieces: int
    log_likelihood: float


def train_unigram(
    texts: Iterable[str],
    options: TrainingOptions | None = None,
    *,
    progress: Progress | None = None,
    native: bool = True,
) -> SentencePieceTokenizer:
    """A Unigram tokenizer of `options.vocab_size` pieces, learnt from the lines of `texts`.

    progress: called with (pieces left, pieces wanted) after each pruning.
    """
    options = options or TrainingOptions()
    corpus = TrainingCorpus(texts, options)
    learnt, _ = learn_pieces(corpus, progress=progress, native=native)
    return SentencePieceTokenizer(corpus.model(ModelType.UNIGRAM, learnt), native=native)


def learn_pieces(
    corpus: TrainingCorpus, *, progress: Progress | None = None, native: bool = True
) -> tuple[Pieces, list[Round]]:
    """The pieces with their scores, best first, and how training went."""
    options = corpus.options
    words = corpus.words()
    count = counter(list(words), list(words.values()), native=native)
    pieces = seed_pieces(corpus, native=native)
    wanted = int(options.vocab_size * SPARE)
    rounds = []
    while True:
        for _ in range(options.sub_iterations):
            counts = count.expected(pieces, _unk_score(pieces))
            rounds.append(Round(len(pieces), counts.log_likelihood / sum(words.values())))
            pieces = maximize(pieces, counts)
        pieces = prune(pieces, count, wanted, options.shrinking_factor)
        if progress is not None:
            progress(len(pieces), wanted)
        if len(pieces) <= wanted:
            break
    return finish(_reachable(pieces, count), corpus), rounds


def seed_pieces(corpus: TrainingCorpus, *, native: bool = True) -> Pieces:
    """All characters, then the repeated substrings with the greatest count × length."""
    options = corpus.options
    text = "".join(f"{line}\0" * count for line, count in corpus.lines.items()).encode()
    if len(text) > MOST_TEXT:
        raise TokenizerError(f"a corpus of {len(text):,} bytes; at most {MOST_TEXT:,}: train on a sample")
    counts: dict[bytes, int] = {}
    for place, length, times in repeated_substrings(text, 4 * options.max_piece_length + 2, native=native):
        # A word at the end of a line repeats with the mark behind it: the same word.
        piece = text[place : place + length].rstrip(b"\0")
        if piece and b"\0" not in piece:
            counts[piece] = counts.get(piece, 0) + times
    scored = []
    for piece, times in counts.items():
        written = piece.decode()
        if len(written) > 1 and may_be_piece(written, options):
            scored.append((-float(np.float32(times * len(written))), -len(piece), piece, written))
    scored.sort()
    seeds = [(character, float(times)) for character, times in corpus.characters.items()]
    known = {UNKNOWN_CHARACTER, BOUNDARY}
    seeds = [seed for seed in seeds if seed[0] not in known]
    seeds += [(written, -score) for score, _, _, written in scored[: options.seed_size]]
    total = math.log(sum(score for _, score in seeds if score > 0))
    return [(piece, math.log(score) - total) for piece, score in seeds if score > 0]


def maximize(pieces: Pieces, counts: Counts) -> Pieces:
    """The M-step; pieces that are hardly expected anywhere go."""
    kept = [
        (piece, count)
        for (piece, _), count in zip(pieces, counts.of_piece, strict=True)
        if count >= KEEP_ABOVE
    ]
    if not kept:
        raise TokenizerError("the corpus is too small to learn pieces from")
    total = digamma(sum(count for _, count in kept))
    return [(piece, digamma(count) - total) for piece, count in kept]


def prune(pieces: Pieces, count: Counter, wanted: int, shrinking_factor: float) -> Pieces:
    """The pieces that the corpus would miss most."""
    others = count.alternatives(pieces, _unk_score(pieces))
    times = count.best(pieces, _unk_score(pieces))
    total = sum(times)
    kept: Pieces = []
    losses: list[tuple[float, int]] = []
    for id, (piece, instead) in enumerate(zip(pieces, others, strict=True)):
        if times[id] == 0 or instead is None:  # nothing uses it, or its text is better cut in parts
            continue
        if not instead:  # its text has no other way
            kept.append(piece)
            continue
        with_it = math.log(times[id]) - math.log(total)
        total_without = math.log(total + times[id] * (len(instead) - 1))
        without = sum(
            math.log((times[part] if part >= 0 else 0.0) + times[id]) - total_without for part in instead
        )
        losses.append((-(times[id] / total) * (with_it - without), id))
    size = max(wanted, int(shrinking_factor * len(pieces)))
    losses.sort()
    return kept + [pieces[id] for _, id in losses[: max(0, size - len(kept))]]


def _reachable(pieces: Pieces, count: Counter) -> Pieces:
    """Without those that no text would ever be cut into."""
    others = count.alternatives(pieces, _unk_score(pieces))
    return [piece for piece, instead in zip(pieces, others, strict=True) if instead is not None]


def finish(pieces: Pieces, corpus: TrainingCorpus) -> Pieces:
    """Every required character, and the best others up to vocab_size."""
    scores = dict(pieces)
    least = min(scores.values())
    final: dict[str, float] = {}
    penalty = 0.0
    for character in corpus.characters:
        if character in scores:
            final[character] = scores[character]
        else:
            final[character] = least + penalty
            penalty += 0.0001
    room = corpus.options.vocab_size - len(corpus.meta)
    for piece, score in sorted(pieces, key=lambda item: (-item[1], item[0].encode())):
        if len(final) >= room:
            break
        final.setdefault(piece, score)
    return sorted(final.items(), key=lambda item: (-item[1], item[0].encode()))


def digamma(x: float) -> float:
    """ψ(x) for x > 0: the recurrence up to 7, then the asymptotic series about x - 1/2."""
    result = 0.0
    while x < 7:
        result -= 1 / x
        x += 1
    x -= 0.5
    inverse = 1.0 / (x * x)
    series = inverse / 24 - 7 * inverse**2 / 960 + 31 * inverse**3 / 8064 - 127 * inverse**4 / 30720
    return result + math.log(x) + series


def _unk_score(pieces: Sequence[tuple[str, float]]) -> float:
    return min(score for _, score in pieces) - UNK_PENALTY
