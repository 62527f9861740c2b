"""From counts to probabilities: what seen n-grams give up for unseen ones, and to whom it goes.

    p(w | c) = (a(c w) - D(a(c w))) / (A(c) + E(c))  +  γ(c) · p(w | c without its first word)
    γ(c)     = (Σ_w D(a(c w)) + E(c)) / (A(c) + E(c)),   A(c) = Σ_w a(c w)

Below the single words stands the uniform distribution. The methods differ in a, D and E:

    modified Kneser-Ney   D by count: one, two, three or more; a of lower orders: how many different words
                          stood before the n-gram            (Chen & Goodman 1998, section 3)
    Kneser-Ney            the same with one D an order       (Kneser & Ney 1995, interpolated)
    Witten-Bell           D = 0, E = different words after c (Witten & Bell 1991)
    add-k                 D = 0, E = k·V, and γ goes to the uniform distribution at every order (Lidstone)
    maximum likelihood    D = E = 0: what was not seen has no probability
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from llmworks.errors import RequestError
from llmworks.text.ngram_counts import Level

Smoothing = Literal["modified_kneser_ney", "kneser_ney", "witten_bell", "add_k", "maximum_likelihood"]
SMOOTHINGS: tuple[str, ...] = get_args(Smoothing)
Floats = npt.NDArray[np.floating]

# Where a text is too small or too odd to estimate them; lmplz's --discount_fallback.
FALLBACK = (0.5, 1.0, 1.5)


@dataclass
class Probabilities:
    """Of one level: p(last word | the words before) of each n-gram; and γ of each n-gram as a context."""

    probabilities: Floats
    backoffs: Floats  # of the level before


def smooth(
    levels: Sequence[Level], method: str, k: float, kept: Sequence[npt.NDArray[np.bool_]]
) -> list[Probabilities]:
    """Interpolated probabilities of every n-gram, one entry a level; k is add-k's.

    kept: which n-grams the model will have; what the others had goes to the shorter context, too.
    """
    if method not in SMOOTHINGS:
        raise RequestError(f"no smoothing named {method!r}; there are {', '.join(SMOOTHINGS)}")
    if method == "add_k" and not k > 0:
        raise RequestError(f"k must be above 0, not {k}")
    made: list[Probabilities] = []
    vocab_size = len(levels[0].words) - 1
    lower: Floats = np.array([1 / vocab_size])
    for place, level in enumerate(levels):
        counts = adjusted_counts(levels, place) if method.endswith("kneser_ney") else level.counts
        seen: Floats = counts.astype(np.float64)
        if place == 0:
            seen[vocab_size] = 0  # the mark opens a document; it is never predicted
        contexts = 1 if place == 0 else len(levels[place - 1].words)
        taken = np.zeros(len(seen))
        if method.endswith("kneser_ney"):
            discounts = kneser_ney_discounts(seen, modified=method == "modified_kneser_ney")
            taken = np.array([0.0, *discounts])[np.minimum(seen, 3).astype(np.int64)]
        extra = np.zeros(contexts)
        if method == "witten_bell":
            extra = np.bincount(level.parents[seen > 0], minlength=contexts).astype(np.float64)
        elif method == "add_k":
            extra += k * vocab_size
        whole = np.bincount(level.parents, seen, contexts) + extra
        taken = np.where(kept[place], taken, seen)
        given = np.bincount(level.parents, taken, contexts) + extra
        known = whole > 0
        backoffs = np.divide(given, whole, out=np.ones(contexts), where=known)
        whole[~known] = 1
        shorter = lower[level.suffixes] if method != "add_k" else 1 / vocab_size
        probabilities = (seen - taken) / whole[level.parents] + backoffs[level.parents] * shorter
        if place == 0:
            probabilities[vocab_size] = 0
        made.append(Probabilities(probabilities.astype(np.float32), backoffs.astype(np.float32)))
        lower = probabilities
    return made


def adjusted_counts(levels: Sequence[Level], place: int) -> npt.NDArray[np.integer]:
    """Counts of the highest order; below it, how many different words stand before the n-gram.

    An n-gram that opens a document has none before it and keeps its count.
    """
    level = levels[place]
    if place == len(levels) - 1:
        return level.counts
    adjusted = np.bincount(levels[place + 1].suffixes, minlength=len(level.words))
    adjusted[level.first :] = level.counts[level.first :]
    return adjusted


def kneser_ney_discounts(counts: Floats, *, modified: bool) -> tuple[float, float, float]:
    """D of n-grams seen once, twice, more often, from how many n-grams were seen 1, 2, 3 and 4 times.

    Chen & Goodman 1998, equation 26; the FALLBACK where it has no value between 0 and the count.
    """
    n = [float(np.count_nonzero(counts == times)) for times in range(5)]
    if n[1] == 0 or n[2] == 0:
        return FALLBACK if modified else (FALLBACK[0],) * 3
    y = n[1] / (n[1] + 2 * n[2])
    if not modified:
        return (y, y, y)
    if n[3] == 0:
        return FALLBACK
    made = (1 - 2 * y * n[2] / n[1], 2 - 3 * y * n[3] / n[2], 3 - 4 * y * n[4] / n[3])
    return made if all(0 <= d <= i for i, d in enumerate(made, start=1)) else FALLBACK
