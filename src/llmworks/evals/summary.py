"""From the items' numbers to the task's: each metric with its uncertainty, of all items and of each group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llmworks.evals import statistics
from llmworks.evals.calibration import calibration, scaled
from llmworks.evals.errors import EvalError
from llmworks.evals.items import Item
from llmworks.evals.metrics import SOMETIMES, Outcome, statistic_of
from llmworks.evals.result import Settings
from llmworks.evals.task import Task

Estimates = dict[str, statistics.Estimate]


def summarised(
    task: Task, items: Sequence[Item], outcomes: Sequence[Outcome], settings: Settings
) -> tuple[dict[str, statistics.Estimate], dict[str, dict[str, dict[str, statistics.Estimate]]]]:
    """The metrics of all items, and of each group of each `by`."""
    given = {name for outcome in outcomes for name in outcome.values} | SOMETIMES
    missing = [name for name in task.metrics if name not in given]
    if missing:
        raise EvalError(
            f"{task.name}: nothing gives the metric {missing[0]!r}; its check gives other numbers"
        )
    groups: dict[str, dict[str, dict[str, statistics.Estimate]]] = {}
    for by in task.by:
        parts: dict[str, list[Outcome]] = {}
        for item, outcome in zip(items, outcomes, strict=True):
            parts.setdefault(item.groups[by], []).append(outcome)
        groups[by] = {value: _estimates(task, parts[value], settings) for value in sorted(parts, key=natural)}
    return _estimates(task, outcomes, settings), groups


def _estimates(task: Task, outcomes: Sequence[Outcome], settings: Settings) -> dict[str, statistics.Estimate]:
    made = {}
    for name in task.metrics:
        columns = list(
            zip(*(outcome.values[name] for outcome in outcomes if name in outcome.values), strict=True)
        )
        if columns:
            made[name] = statistics.estimate(
                columns, statistic_of(name), seed=settings.seed, resamples=settings.resamples
            )
    return made


def natural(value: str) -> tuple[int, float, str]:
    """Numbers by size, before words."""
    try:
        return 0, float(value), ""
    except ValueError:
        return 1, 0.0, value


def calibrated(
    task: Task, outcomes: Sequence[Outcome], items: Sequence[Item], settings: Settings
) -> dict[str, Any] | None:
    """Calibration of the answers that carry a confidence; None where there are none."""
    sure = [
        (outcome.confidence, bool(outcome.right)) for outcome in outcomes if outcome.confidence is not None
    ]
    if not sure:
        return None
    made = calibration([confidence for confidence, _ in sure], [right for _, right in sure]).to_dict()
    if settings.temperature_scaling and task.kind == "choice":
        single = [
            (outcome.sample["logprobs"], item.answer)
            for outcome, item in zip(outcomes, items, strict=True)
            if isinstance(item.answer, int)
        ]
        made["temperature_scaling"] = scaled([row for row, _ in single], [index for _, index in single])
    return made
