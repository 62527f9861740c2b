"""Near-duplicates by MinHash and locality-sensitive hashing.

    shingles S(d): hashes of all runs of 5 words        J(a, b) = |S(a) ∩ S(b)| / |S(a) ∪ S(b)|
    signature:     m_i(d) = min over s in S(d) of h_i(s)      P[m_i(a) = m_i(b)] = J(a, b)
    bands:         a pair that agrees in all r numbers of one of b bands is a candidate:
                   probability 1 − (1 − J^r)^b;  14 bands of 8: 6 % at J = 0.5, 57 % at 0.7, 99 % at 0.85

A candidate is a pair of near-duplicates if its signatures agree in at least `threshold` of their places.
Pairs are joined into clusters (union-find), and one document of each stays. The true Jaccard similarity of
some of the pairs is measured from their texts, so that the report shows what the estimates are worth: their
standard error is √(J(1−J)/112), at most 0.047.

Sources: Broder 1997; Indyk and Motwani 1998; Leskovec et al., "Mining of Massive Datasets", chapter 3; the
numbers are those of FineWeb (Penedo et al. 2024).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from llmworks.data.cleaning.hashing import ngram_hashes, normal_words
from llmworks.data.cleaning.stage import KEPT, Decisions, Dropped, Outcome, Pool, PooledStage, Rows
from llmworks.data.mixture import UInt64s, mix, random_keys
from llmworks.data.sources import Document

BLOCK = 512  # shingles that are permuted at a time: the block stays in the cache
PAIRS = 1 << 16  # pairs whose signatures are compared at a time
Indices = npt.NDArray[np.int64]


class NearDuplicates(PooledStage):
    """Keeps one document of each cluster of near-copies."""

    kind: Literal["near_duplicates"] = "near_duplicates"
    shingle: int = Field(default=5, ge=1, le=50)  # words
    bands: int = Field(default=14, ge=1, le=256)
    band_rows: int = Field(default=8, ge=1, le=64)
    threshold: float = Field(default=0.7, ge=0, le=1)  # least estimated Jaccard similarity of a pair
    keep: Literal["first", "longest"] = "first"
    measured_pairs: int = Field(default=200, ge=0)  # whose true similarity the report shows

    @property
    def columns(self) -> int:
        return self.bands * self.band_rows + 1  # and the number of shingles

    dtype = np.uint32

    def rows(self, document: Document) -> Rows:
        found = ngram_hashes(normal_words(document.text), self.shingle)
        if not len(found):
            return np.zeros((0, self.columns), np.uint32)
        row = np.empty((1, self.columns), np.uint32)
        row[0, :-1] = signature(found, self.columns - 1)
        row[0, -1] = len(found)
        return row

    def decide(self, pool: Pool) -> tuple[Decisions, dict[str, Any]]:
        sizes, owners = pool.column(self.columns - 1), pool.owners()
        gather = pool.all_rows()
        clusters = Clusters(len(owners))
        flagged: dict[tuple[int, int], float] = {}
        candidates = 0
        for left, right in self._candidates(pool):
            estimates = (gather(left)[:, :-1] == gather(right)[:, :-1]).mean(1)
            candidates += len(left)
            near = estimates >= self.threshold
            for a, b, estimate in zip(
                left[near].tolist(), right[near].tolist(), estimates[near].tolist(), strict=True
            ):
                clusters.join(a, b)
                flagged[(a, b)] = estimate
        keepers = clusters.keepers(sizes if self.keep == "longest" else None)
        dropped = keepers != np.arange(len(keepers))
        decisions = np.where(dropped, owners[keepers], -1).astype(np.int64)
        findings = {
            "candidate pairs": candidates,
            "flagged pairs": len(flagged),
            "clusters": len(np.unique(keepers[dropped])),
            **self._measure(flagged, owners, pool),
        }
        return decisions, findings

    def _candidates(self, pool: Pool) -> Iterator[tuple[Indices, Indices]]:
        """Pairs of rows that agree in some band: each with its bucket's first and the one before."""
        for band in range(self.bands):
            keys = np.concatenate(
                [self._band_keys(rows, band) for rows, _ in pool.parts()] or [np.zeros(0, np.uint64)]
            )
            order = np.argsort(keys, kind="stable")
            ordered = keys[order]
            same = np.zeros(len(order), bool)
            same[1:] = ordered[1:] == ordered[:-1]
            begins = np.maximum.accumulate(np.where(same, 0, np.arange(len(order))))
            members = np.flatnonzero(same)
            others = np.flatnonzero(same & (begins < np.arange(len(order)) - 1))
            left = np.concatenate((order[begins[members]], order[others - 1]))
            right = np.concatenate((order[members], order[others]))
            for start in range(0, len(left), PAIRS):
                yield left[start : start + PAIRS], right[start : start + PAIRS]

    def _band_keys(self, rows: Rows, band: int) -> UInt64s:
        keys = np.full(len(rows), band, np.uint64)
        for column in range(band * self.band_rows, (band + 1) * self.band_rows):
            keys = mix(keys ^ rows[:, column].astype(np.uint64))
        return keys

    def _measure(self, flagged: dict[tuple[int, int], float], owners: Indices, pool: Pool) -> dict[str, Any]:
        """Estimate against truth for some of the pairs, drawn by the hash of their numbers."""
        every = sorted(flagged)
        if not every or not self.measured_pairs:
            return {}
        drawn = np.argsort(random_keys(len(every), 0), kind="stable")[: self.measured_pairs]
        pairs = []
        for number in sorted(drawn.tolist()):
            a, b = (pool.document(int(owners[row])) for row in every[number])
            true = jaccard(shingles(a.text, self.shingle), shingles(b.text, self.shingle))
            pairs.append((a.source, b.source, round(flagged[every[number]], 4), round(true, 4)))
        errors = np.array([estimate - true for _, _, estimate, true in pairs])
        return {
            "measured pairs": len(pairs),
            "mean error of the estimate": round(float(np.abs(errors).mean()), 4),
            "bias of the estimate": round(float(errors.mean()), 4),
            "pairs: source, source, estimated, measured Jaccard": pairs,
        }

    def judge(self, document: Document, decisions: Decisions) -> Outcome:
        if not len(decisions) or decisions[0] < 0:
            return KEPT
        return Dropped("near-copy", f"of document {decisions[0] + 1}")


def shingles(text: str, words: int) -> UInt64s:
    """The different hashes of all runs of so many words."""
    return np.unique(ngram_hashes(normal_words(text), words))


def jaccard(left: UInt64s, right: UInt64s) -> float:
    """Similarity of two sets of shingles (each sorted, without repeats)."""
    common = len(np.intersect1d(left, right, assume_unique=True))
    return common / (len(left) + len(right) - common) if common else 0.0


@functools.cache
def _permutations(count: int) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Multipliers (odd) and summands of so many permutations of the 32-bit numbers."""
    multipliers, summands = ((random_keys(count, part) >> np.uint64(32)).astype(np.uint32) for part in (1, 2))
    return multipliers | np.uint32(1), summands


def signature(found: UInt64s, count: int) -> npt.NDArray[np.uint32]:
    """m_i = min over the shingles s of (a_i · s + b_i) mod 2^32, a_i odd; s are 32 well mixed bits."""
    multipliers, summands = _permutations(count)
    values = (found >> np.uint64(32)).astype(np.uint32)
    least = np.full(count, np.iinfo(np.uint32).max, np.uint32)
    with np.errstate(over="ignore"):
        for start in range(0, len(values), BLOCK):
            permuted = values[start : start + BLOCK, None] * multipliers
            permuted += summands
            np.minimum(least, permuted.min(0), out=least)
    return least


class Clusters:
    """Union-find over the rows 0 … count − 1; the root of a cluster is its first row."""

    def __init__(self, count: int) -> None:
        self._parent = np.arange(count)

    def root(self, row: int) -> int:
        parent = self._parent
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = int(parent[row])
        return row

    def join(self, a: int, b: int) -> None:
        a, b = self.root(a), self.root(b)
        if a != b:
            self._parent[max(a, b)] = min(a, b)

    def keepers(self, sizes: npt.NDArray[Any] | None = None) -> Indices:
        """For each row the one of its cluster that stays: the first, or the first of the largest size."""
        roots = self._parent.copy()
        while (further := roots[roots]).tolist() != roots.tolist():
            roots = further
        if sizes is None:
            return roots
        order = np.lexsort((np.arange(len(roots)), -sizes.astype(np.int64), roots))
        best = np.empty(len(roots), np.int64)
        starts = np.ones(len(order), bool)
        starts[1:] = roots[order][1:] != roots[order][:-1]
        best[roots[order[starts]]] = order[starts]
        return best[roots]
