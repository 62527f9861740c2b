"""Learning-rate schedules: the share of the peak rate at each step.

    cosine   ╱‾‾╲__      warm-up, then half a cosine down to the floor     (Loshchilov & Hutter 2017)
    wsd      ╱‾‾‾‾╲      warm-up, stable, then decay to the floor         (Hu et al. 2024, Hägele et al. 2024)
    constant ╱‾‾‾‾‾      warm-up, then stays

A schedule is a pure function of the step, so a resumed run needs nothing but its step number. Step 0 is the
first update and already has a rate above zero: (0 + 1) / warmup.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from llmworks.errors import ConfigError


@dataclass(frozen=True)
class Schedule:
    """Share of the peak learning rate, in [0, 1], at each of `steps` updates.

    warmup: updates until the peak is reached (update number `warmup - 1` runs at the peak).
    decay: updates of the falling part of "wsd"; the last update of the run ends exactly at the floor.
    shape: how "wsd" falls: "linear", or "sqrt" (1 - √progress).
    floor: the share that is left at the end, e.g. 0.1 for lr → lr/10.
    """

    steps: int
    kind: Literal["cosine", "wsd", "constant"] = "wsd"
    warmup: int = 0
    decay: int = 0
    shape: Literal["linear", "sqrt"] = "linear"
    floor: float = 0.0

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise ConfigError(f"a schedule needs at least one step, not {self.steps}")
        if not 0 <= self.warmup <= self.steps or not 0 <= self.decay <= self.steps - self.warmup:
            raise ConfigError(
                f"schedule: {self.warmup} of warm-up and {self.decay} of decay do not fit {self.steps} steps"
            )
        if not 0.0 <= self.floor <= 1.0:
            raise ConfigError(f"schedule: the floor is a share of the peak rate, in [0, 1], not {self.floor}")

    def __call__(self, step: int) -> float:
        """The share at update `step` (0-based); beyond the last update it stays where it ended."""
        if step < self.warmup:
            return (step + 1) / self.warmup
        if self.kind == "constant":
            return 1.0
        start = self.warmup if self.kind == "cosine" else self.steps - self.decay
        length = self.steps - start
        # Progress counts finished falling updates, the present one included: the first is below the peak,
        # the last is at the floor.
        progress = min(1.0, (step + 1 - start) / length) if length and step >= start else 0.0
        return self.floor + (1.0 - self.floor) * self._falling(progress)

    def _falling(self, progress: float) -> float:
        """From 1 at progress 0 to 0 at progress 1."""
        if self.kind == "cosine":
            return 0.5 * (1.0 + math.cos(math.pi * progress))
        return 1.0 - math.sqrt(progress) if self.shape == "sqrt" else 1.0 - progress
