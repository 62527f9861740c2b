"""Two result files of the same tasks: which model is better, and how sure that is.

Items are paired by their id, and both models' numbers drawn together (paired bootstrap, `statistics.py`): a
difference of two points on the same thousand items is told from luck where two separate intervals overlap.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from llmworks.evals import statistics
from llmworks.evals.errors import EvalError
from llmworks.evals.metrics import statistic_of

Record = dict[str, Any]


@dataclass
class TaskComparison:
    """One task under both models. better_b: for each metric, items where b has more; better_a: less."""

    name: str
    differences: dict[str, statistics.Difference]
    groups: dict[str, dict[str, dict[str, statistics.Difference]]]
    better_a: dict[str, int]
    better_b: dict[str, int]
    notes: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        return {
            "metrics": {name: made.to_dict() for name, made in self.differences.items()},
            "groups": {
                by: {
                    value: {name: made.to_dict() for name, made in of.items()} for value, of in found.items()
                }
                for by, found in self.groups.items()
            },
            "better_a": self.better_a,
            "better_b": self.better_b,
            "notes": self.notes,
        }


def read_result(path: Path) -> dict[str, Any]:
    """A result that `llmworks eval … --out` wrote."""
    try:
        result = json.loads(path.read_text())
    except OSError as error:
        raise EvalError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise EvalError(f"{path} is no JSON: {error}") from None
    if not isinstance(result, dict) or not isinstance(result.get("tasks"), dict):
        raise EvalError(f"{path} is no result of `llmworks eval MODEL --tasks … --out FILE`: it has no tasks")
    return result


def compare(a: dict[str, Any], b: dict[str, Any], *, seed: int = 0) -> list[TaskComparison]:
    """Every task that both results have.

    Raises:
        EvalError: no task in common, or no item.
    """
    names = [name for name in a["tasks"] if name in b["tasks"]]
    if not names:
        raise EvalError(
            f"the two results have no task in common: {', '.join(a['tasks'])} and {', '.join(b['tasks'])}"
        )
    return [_compared(name, a["tasks"][name], b["tasks"][name], seed) for name in names]


def _compared(name: str, a: Record, b: Record, seed: int) -> TaskComparison:
    pairs = list(_paired(a["items"], b["items"]))
    if not pairs:
        raise EvalError(
            f"{name}: the two results have no item in common; they were asked different questions"
        )
    made = TaskComparison(name, _differences(pairs, seed), {}, {}, {})
    for metric in made.differences:
        both = [pair for pair in pairs if _has(pair, metric)]
        gains = [right["values"][metric][0] - left["values"][metric][0] for left, right in both]
        made.better_a[metric] = sum(gain < 0 for gain in gains)
        made.better_b[metric] = sum(gain > 0 for gain in gains)
    for by in a.get("groups", {}):
        parts: dict[str, list[tuple[Record, Record]]] = defaultdict(list)
        for pair in pairs:
            parts[pair[0].get("groups", {}).get(by, "")].append(pair)
        made.groups[by] = {
            value: _differences(parts[value], seed) for value in a["groups"][by] if value in parts
        }
    if len(pairs) < max(len(a["items"]), len(b["items"])):
        made.notes.append(f"{len(pairs)} items in common of {len(a['items'])} and {len(b['items'])}")
    for key, what in (("sha256", "task files"), ("shots", "numbers of examples"), ("chat", "ways of asking")):
        if a[key] != b[key]:
            made.notes.append(f"the two have different {what}")
    return made


def _paired(a: list[Record], b: list[Record]) -> Iterator[tuple[Record, Record]]:
    """Items with the same id, the first with the first where a row stands twice."""
    waiting: dict[str, list[Record]] = defaultdict(list)
    for item in reversed(b):
        waiting[item["id"]].append(item)
    for item in a:
        if waiting[item["id"]]:
            yield item, waiting[item["id"]].pop()


def _has(pair: tuple[Record, Record], metric: str) -> bool:
    return all(metric in side["values"] for side in pair)


def _differences(pairs: list[tuple[Record, Record]], seed: int) -> dict[str, statistics.Difference]:
    metrics = dict.fromkeys(name for left, _ in pairs for name in left["values"])
    made = {}
    for metric in metrics:
        both = [pair for pair in pairs if _has(pair, metric)]
        if both:
            left, right = (
                list(zip(*(pair[side]["values"][metric] for pair in both), strict=True)) for side in (0, 1)
            )
            made[metric] = statistics.paired_difference(left, right, statistic_of(metric), seed=seed)
    return made
