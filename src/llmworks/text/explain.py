"""Explanation: how a text became ids, kept as data that a page, a notebook or a test can read.

merges   (BPE)        ␣ l o w e r -> ␣ l o w er -> ␣ l ow er -> ␣l ow er -> ␣low er -> ␣lower
matches  (WordPiece)  unaffable:  unaffable? unaffabl? … un!   affable? … ##aff!   ##able!
lattice  (Unigram)    every piece that fits, with its score; the best path; other paths
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class MergeStep:
    """One merge: `left` and `right` (ids) became `result`, since no other pair had a lower `priority`.

    parts: the ids of the piece after the merge, in order.
    """

    left: int
    right: int
    result: int
    priority: int
    parts: list[int]


@dataclass(frozen=True)
class MatchStep:
    """One greedy match: at character `start` of the piece the longest entry that fits reaches to `end`.

    tried: what was looked up in vain before, longest first. id: the entry, or None when even one character
    is none, and then the whole piece is unknown.
    """

    start: int
    end: int
    id: int | None
    tried: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class LatticeEdge:
    """One token that fits the characters `start` to `end` of the piece: its `score` (log probability), and
    `best`, the score of the best path from the start of the piece through this token."""

    start: int
    end: int
    id: int
    score: float
    best: float


@dataclass(frozen=True)
class Segmentation:
    """One way through a lattice. score: the sum of its tokens' scores; probability: its share among all
    ways, where that was worked out."""

    ids: list[int]
    score: float
    probability: float | None = None


@dataclass(frozen=True)
class Lattice:
    """Every token that fits somewhere, the best way through, and others (sampled, or the n best)."""

    edges: list[LatticeEdge]
    best: Segmentation
    alternatives: list[Segmentation] = field(default_factory=list)


@dataclass(frozen=True)
class PieceSteps:
    """One piece of the pre-tokenisation: where it starts, and how it became `ids`.

    start: a byte offset into the text for byte-level BPE, else a character offset into what was given.
    start_ids: the ids of its single bytes or characters, which merges start from; empty for other kinds.
    whole: the piece was an entry of the vocabulary and was looked up. control: it is a control token.
    """

    start: int
    text: str
    start_ids: list[int]
    merges: list[MergeStep]
    ids: list[int]
    whole: bool = False
    control: bool = False
    matches: list[MatchStep] = field(default_factory=list)
    lattice: Lattice | None = None


@dataclass(frozen=True)
class Explanation:
    """Everything between `text` and `ids`. labels: each id that appears anywhere, for people.

    pattern: how the text was cut into pieces, in a word. kind: what the pieces' steps are, "merges",
    "matches" or "lattice" ("lookup" where a piece is one token or unknown).
    """

    text: str
    pattern: str
    pieces: list[PieceSteps]
    ids: list[int]
    labels: dict[int, str]
    kind: str = "merges"

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and dicts, ready for JSON (label keys become strings there)."""
        return asdict(self)

    def __str__(self) -> str:
        return "\n".join(line for piece in self.pieces for line in self._lines(piece))

    def _lines(self, piece: PieceSteps) -> list[str]:
        if piece.lattice is not None and not piece.control:
            return self._lattice_lines(piece, piece.lattice)
        if piece.matches and not piece.control:
            return [self._match_line(piece)]
        stages = [piece.start_ids] + [step.parts for step in piece.merges]
        if piece.whole or piece.control or not piece.start_ids:
            stages.append(piece.ids)
        return ["  ->  ".join(self._words(parts) for parts in stages if parts)]

    def _match_line(self, piece: PieceSteps) -> str:
        steps = []
        for step in piece.matches:
            # The first and the last of what failed say where the search went.
            tried = step.tried if len(step.tried) <= 3 else [step.tried[0], "…", step.tried[-1]]
            found = "nothing fits" if step.id is None else f"{self.labels[step.id]}!"
            steps.append(" ".join([text if text == "…" else f"{text}?" for text in tried] + [found]))
        return f"{piece.text}:  {'  |  '.join(steps)}  ->  {self._words(piece.ids)}"

    def _lattice_lines(self, piece: PieceSteps, lattice: Lattice) -> list[str]:
        lines = [f"{piece.text}  ->  {self._words(piece.ids)}   ({lattice.best.score:.3f})"]
        for other in lattice.alternatives:
            share = "" if other.probability is None else f", {other.probability:.1%}"
            lines.append(f"    or {self._words(other.ids)}   ({other.score:.3f}{share})")
        return lines

    def _words(self, ids: list[int]) -> str:
        return " ".join(self.labels[id] for id in ids)


def ids_in(piece: PieceSteps) -> set[int]:
    """Every id that the steps of a piece name, so that each gets a label."""
    seen = {*piece.ids, *piece.start_ids, *(step.result for step in piece.merges)}
    seen |= {step.id for step in piece.matches if step.id is not None}
    if piece.lattice is not None:
        seen |= {edge.id for edge in piece.lattice.edges}
        for way in (piece.lattice.best, *piece.lattice.alternatives):
            seen |= set(way.ids)
    return seen
