"""The watch: decides after each backward pass whether the update may be applied.

    refuse when   loss or gradient norm is not finite
            or    norm > factor · median(recent norms)   and norm > the clipping limit
            or    loss > 2 · median(recent losses)       and loss > the loss at the start

The verdict falls before the update, so refusing a batch leaves the weights of the last good step. The second
halves of the two conditions keep the natural unrest of a nearly perfect fit from being taken for damage.
"""

from __future__ import annotations

import math
import statistics
from collections import deque
from typing import Any

_HISTORY = 64  # steps that the medians look back on
_NEEDED = 16  # steps before medians mean anything
_WINDOW = 100  # batches over which refusals are counted


class Watch:
    """Running medians of loss and gradient norm, and the count of refused batches."""

    def __init__(self, factor: float, clip: float, max_skips: int) -> None:
        self.factor, self.clip, self.max_skips = factor, clip, max_skips
        self.losses: deque[float] = deque(maxlen=_HISTORY)
        self.norms: deque[float] = deque(maxlen=_HISTORY)
        self.first_loss = math.inf
        self.batches = 0
        self.refused: list[int] = []  # numbers of the refused batches
        self.in_a_row = 0

    def judge(self, loss: float, norm: float) -> str | None:
        """None where the update may be applied; otherwise the reason why not."""
        self.batches += 1
        reason = self._reason(loss, norm)
        if reason is not None:
            self.refuse()
            return reason
        self.in_a_row = 0
        if math.isinf(self.first_loss):
            self.first_loss = loss
        self.losses.append(loss)
        self.norms.append(norm)
        return None

    def refuse(self) -> None:
        """Counts a refusal."""
        self.refused.append(self.batches)
        self.in_a_row += 1

    def _reason(self, loss: float, norm: float) -> str | None:
        if not math.isfinite(loss):
            return f"the loss is {loss}"
        if not math.isfinite(norm):
            return f"the gradient norm is {norm}"
        if len(self.norms) < _NEEDED:
            return None
        usual = statistics.median(self.norms)
        if norm > self.factor * usual and norm > self.clip:
            return f"the gradient norm is {norm:.3g}, {norm / max(usual, 1e-12):.0f} times its running median"
        usual = statistics.median(self.losses)
        if loss > 2.0 * usual and loss > self.first_loss:
            return f"the loss is {loss:.3g} where its running median is {usual:.3g}"
        return None

    def too_many(self) -> bool:
        """More than `max_skips` refusals among the last hundred batches."""
        return sum(number > self.batches - _WINDOW for number in self.refused) > self.max_skips

    def state_dict(self) -> dict[str, Any]:
        return {
            "losses": list(self.losses), "norms": list(self.norms), "batches": self.batches,
            "refused": self.refused, "in_a_row": self.in_a_row,
            "first_loss": None if math.isinf(self.first_loss) else self.first_loss,
        }  # fmt: skip

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.losses = deque(state["losses"], maxlen=_HISTORY)
        self.norms = deque(state["norms"], maxlen=_HISTORY)
        self.batches, self.in_a_row = int(state["batches"]), int(state["in_a_row"])
        self.refused = list(state["refused"])
        self.first_loss = math.inf if state["first_loss"] is None else float(state["first_loss"])
