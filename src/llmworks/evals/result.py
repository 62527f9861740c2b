"""What a run gives: which model, which settings, and for each task its numbers, groups and items; as JSON.

A model is named by the hash of its weights as they stand in memory and of its tokenizer, not by its path.
"""

from __future__ import annotations

import hashlib
import resource
import sys
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

import llmworks
from llmworks.evals import statistics
from llmworks.evals.data import Rows
from llmworks.evals.items import Item
from llmworks.evals.metrics import Outcome
from llmworks.evals.task import Task, TaskFile
from llmworks.language_model import LanguageModel


@dataclass(frozen=True)
class Settings:
    """data: the sets' folder. limit: the first so many rows (of each subset). shots: instead of the file's.

    chat: put tasks that allow it as conversations. options: given to generators (the world).
    """

    data: Path | None = None
    limit: int | None = None
    shots: int | None = None
    chat: bool = False
    batch_size: int = 32
    seed: int = 0
    resamples: int = statistics.RESAMPLES
    temperature_scaling: bool = False
    options: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "data": None if self.data is None else str(self.data)}


@dataclass
class TaskResult:
    """What one task gave. metrics: name → Estimate; groups: by → value → (n, metrics)."""

    file: TaskFile
    chat: bool
    shots: int
    rows: Rows
    items: list[Item]
    outcomes: list[Outcome]
    metrics: dict[str, statistics.Estimate]
    groups: dict[str, dict[str, dict[str, statistics.Estimate]]]
    calibration: dict[str, Any] | None
    speed: dict[str, float]

    @property
    def task(self) -> Task:
        return self.file.task

    def to_dict(self, *, samples: bool = False) -> dict[str, Any]:
        return {
            "title": self.task.title,
            "kind": self.task.kind,
            "file": self.file.path.name,
            "sha256": self.file.sha256,
            "data": {
                "sha256": self.rows.fingerprint(), "from": self.rows.places, "missing": self.rows.missing,
            },
            "shots": self.shots,
            "chat": self.chat,
            "n": len(self.items),
            "metrics": {name: made.to_dict() for name, made in self.metrics.items()},
            "groups": {
                by: {value: {name: e.to_dict() for name, e in of.items()} for value, of in found.items()}
                for by, found in self.groups.items()
            },
            "calibration": self.calibration,
            "speed": self.speed,
            "items": [
                _item_record(item, outcome, samples)
                for item, outcome in zip(self.items, self.outcomes, strict=True)
            ],
        }  # fmt: skip


def _item_record(item: Item, outcome: Outcome, samples: bool) -> dict[str, Any]:
    record: dict[str, Any] = {"id": item.id, "values": {k: list(v) for k, v in outcome.values.items()}}
    if item.groups:
        record["groups"] = item.groups
    if outcome.confidence is not None:
        record |= {"confidence": outcome.confidence, "right": outcome.right}
    if samples:
        record |= {"context": item.context, "sample": outcome.sample}
    return record


@dataclass
class Result:
    """A whole run: which model, which settings, which tasks."""

    model: dict[str, Any]
    settings: Settings
    tasks: list[TaskResult]
    seconds: float

    def to_dict(self, *, samples: bool = False) -> dict[str, Any]:
        return {
            "llmworks": llmworks.__version__,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "model": self.model,
            "settings": self.settings.to_dict(),
            "seconds": self.seconds,
            "peak_memory_bytes": peak_memory(),
            "tasks": {result.task.name: result.to_dict(samples=samples) for result in self.tasks},
        }


def describe(lm: LanguageModel) -> dict[str, Any]:
    """What identifies a model: its weights' and its tokenizer's hashes above all."""
    template = lm.package.chat_template
    return {
        "name": lm.name,
        "path": str(lm.package.path),
        "parameters": lm.model.n_parameters(),
        "weights_sha256": weights_hash(lm),
        "tokenizer_sha256": lm.tokenizer.fingerprint(),
        "chat_template_sha256": None
        if template is None
        else hashlib.sha256(template.source.encode()).hexdigest(),
        "dtype": str(next(lm.model.parameters()).dtype).removeprefix("torch."),
        "device": str(lm.device),
        "max_length": lm.max_length,
    }


def weights_hash(lm: LanguageModel) -> str:
    """sha256 over names, shapes and bytes of all weights as they stand in memory."""
    digest = hashlib.sha256()
    for name, tensor in sorted(lm.model.state_dict().items()):
        digest.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}\0".encode())
        digest.update(tensor.detach().cpu().contiguous().view(torch.uint8).numpy().data)
    return digest.hexdigest()


def peak_memory() -> int:
    """Bytes of resident memory that this process has had at most."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
