"""The lattice of a text under a Unigram model: every way to cut it, counted, ranked and drawn from.

    α[j] = log Σ over tokens text[i:j] of exp(α[i] + θ · score)      forward filtering
    draw the last token ∝ exp(α[i] + θ · score), then the one before it, …      backward sampling

Source: Kudo, "Subword Regularization" (2018), section 3.3; google/sentencepiece, unigram_model.cc (Lattice).
"""

from __future__ import annotations

import functools
import heapq
import math
import random
from collections.abc import Callable

from llmworks.errors import TokenizerError
from llmworks.text.python_unigram import Edge, character_length

MOST_WAYS = 1024


class UnigramLattice:
    """Edges between the byte positions of `data`.

    edges_at: the tokens that begin at a position (`PythonUnigram.edges_at`).
    """

    def __init__(self, data: bytes, edges_at: Callable[..., list[Edge]], single: bool) -> None:
        self.data, self._single = data, single
        self.edges: list[Edge] = []
        self._ending: list[list[Edge]] = [[] for _ in range(len(data) + 1)]
        start = 0
        while start < len(data):
            for edge in edges_at(data, start, whole_characters=single):
                self.edges.append(edge)
                self._ending[edge.end].append(edge)
            start += character_length(data, start)

    @functools.cached_property
    def _best_to(self) -> list[float]:
        """The score of the best way from the start to each position."""
        best = [-math.inf] * (len(self.data) + 1)
        best[0] = 0.0
        for end in range(1, len(best)):
            best[end] = max((best[edge.start] + edge.score for edge in self._ending[end]), default=-math.inf)
        return best

    def best_through(self, edge: Edge) -> float:
        """The score of the best way from the start through `edge`."""
        return self._best_to[edge.start] + edge.score

    def best(self) -> tuple[list[Edge], float]:
        ways = self.n_best(1)
        return ways[0]

    def n_best(self, n: int) -> list[tuple[list[Edge], float]]:
        """The `n` best ways and their scores, best first: for each position the n best ways to it."""
        if not 1 <= n <= MOST_WAYS:
            raise TokenizerError(f"n is {n}; expected 1 to {MOST_WAYS}")
        # A way to a position: its score, its last edge, and which way to that edge's start it goes on.
        ways: list[list[tuple[float, Edge | None, int]]] = [[] for _ in range(len(self.data) + 1)]
        ways[0] = [(0.0, None, 0)]
        for end in range(1, len(ways)):
            candidates = (
                (score + edge.score, edge, rank)
                for edge in self._ending[end]
                for rank, (score, _, _) in enumerate(ways[edge.start])
            )
            ways[end] = heapq.nlargest(n, candidates, key=lambda way: way[0])
        return [self._followed(ways, rank) for rank in range(len(ways[-1]))]

    def _followed(
        self, ways: list[list[tuple[float, Edge | None, int]]], rank: int
    ) -> tuple[list[Edge], float]:
        score, edge, before = ways[-1][rank]
        path = []
        while edge is not None:
            path.append(edge)
            _, edge, before = ways[edge.start][before]
        return path[::-1], score

    def _forward(self, theta: float) -> list[float]:
        alpha = [-math.inf] * (len(self.data) + 1)
        alpha[0] = 0.0
        for end in range(1, len(alpha)):
            alpha[end] = log_sum([alpha[edge.start] + theta * edge.score for edge in self._ending[end]])
        return alpha

    @functools.cached_property
    def log_total(self) -> float:
        """log of the sum of all ways' exp(score): a way's probability is exp(score - log_total)."""
        return self._forward(1.0)[-1]

    def sample(self, theta: float, draw: random.Random) -> list[Edge]:
        """A way, with probability ∝ exp(θ · score)."""
        if not (math.isfinite(theta) and theta >= 0):
            raise TokenizerError(f"alpha is {theta}; expected a number from 0")
        alpha = self._forward(theta)
        path = []
        end = len(self.data)
        while end > 0:
            edges = self._ending[end]
            weights = [math.exp(alpha[edge.start] + theta * edge.score - alpha[end]) for edge in edges]
            (edge,) = draw.choices(edges, weights)
            path.append(edge)
            end = edge.start
        return path[::-1]


def log_sum(values: list[float]) -> float:
    """log Σ exp(value)."""
    largest = max(values, default=-math.inf)
    if largest == -math.inf:
        return largest
    return largest + math.log(sum(math.exp(value - largest) for value in values))
