"""Explanation: how a text became ids, kept as data that a page, a notebook or a test can read.

" lower" -> ␣ l o w e r -> ␣ l o w er -> ␣ l ow er -> ␣l ow er -> ␣low er -> ␣lower
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
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
class PieceSteps:
    """One piece of the pre-tokenisation: where it starts (a byte offset), its merges, its ids.

    start_ids: the ids of its single bytes, which the merges start from. whole: the piece was an entry of the
    vocabulary and was looked up, without merges. control: it is a control token.
    """

    start: int
    text: str
    start_ids: list[int]
    merges: list[MergeStep]
    ids: list[int]
    whole: bool = False
    control: bool = False


@dataclass(frozen=True)
class Explanation:
    """Everything between `text` and `ids`. labels: each id that appears anywhere, for people."""

    text: str
    pattern: str
    pieces: list[PieceSteps]
    ids: list[int]
    labels: dict[int, str]

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and dicts, ready for JSON (label keys become strings there)."""
        return asdict(self)

    def __str__(self) -> str:
        lines = []
        for piece in self.pieces:
            stages = [piece.start_ids] + [step.parts for step in piece.merges]
            if piece.whole or piece.control:
                stages.append(piece.ids)
            lines.append(
                "  ->  ".join(" ".join(self.labels[id] for id in parts) for parts in stages if parts)
            )
        return "\n".join(lines)
