"""Running tasks on a model: rows → items → scores or answers → numbers with their uncertainty.

run_tasks(lm, find_tasks(["arc_easy"]), Settings(data=Path("sets"))) -> Result
"""

from __future__ import annotations

import hashlib
import resource
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import torch

import llmworks
from llmworks.errors import RequestError
from llmworks.evals import statistics
from llmworks.evals.calibration import calibration, scaled
from llmworks.evals.checkers import checker
from llmworks.evals.conversation import converse
from llmworks.evals.data import Rows, read_rows
from llmworks.evals.errors import EvalError
from llmworks.evals.generating import answers
from llmworks.evals.items import Encoder, Item, make_items
from llmworks.evals.metrics import (
    SOMETIMES,
    Outcome,
    judge_choice,
    judge_completion,
    judge_generated,
    judge_perplexity,
    statistic_of,
)
from llmworks.evals.scoring import Scorer
from llmworks.evals.task import Source, Task, TaskFile
from llmworks.language_model import LanguageModel
from llmworks.models.encoder import Encoder as EncoderNetwork

Progress = Callable[[str, int, int], None]
"""(task, done, of)"""


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


def run_tasks(
    lm: LanguageModel, files: Sequence[TaskFile], settings: Settings, progress: Progress | None = None
) -> Result:
    """All tasks in turn. The model's weights are hashed before and after: nothing here may change them."""
    began = perf_counter()
    model = describe(lm)
    options = {**settings.options, "model_path": str(lm.package.path)}
    done = [run_task(lm, file, settings, options, progress) for file in files]
    after = weights_hash(lm)
    model["weights_unchanged"] = after == model["weights_sha256"]
    return Result(model, settings, done, perf_counter() - began)


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


def run_task(
    lm: LanguageModel,
    file: TaskFile,
    settings: Settings,
    options: dict[str, Any] | None = None,
    progress: Progress | None = None,
) -> TaskResult:
    """One task on one model."""
    task = file.task
    chat = task.chat == "always" or (task.chat == "option" and settings.chat)
    if chat and lm.package.chat_template is None:
        raise RequestError(
            f"{task.name} is put as a conversation, and {lm.name} has no chat template. Give a chat model, "
            "or leave out --chat"
        )
    rows = read_rows(task.data, task.name, settings.data, options)
    rows.rows = limited(rows.rows, settings.limit, spread=task.data.generator is not None)
    count = task.shots.count if settings.shots is None else settings.shots
    items = make_items(task, rows.rows, _shots(task, settings, count), count=count, chat=chat)
    tell = _counter(task.name, len(items), progress)
    began = perf_counter()
    outcomes, work = RUNNERS[task.kind](lm, task, items, settings, tell)
    seconds = perf_counter() - began
    speed = {"seconds": seconds, "items_per_second": len(items) / seconds, **work}
    metrics, groups = summarised(task, items, outcomes, settings)
    sure = calibrated(task, outcomes, items, settings)
    return TaskResult(file, chat, count, rows, items, outcomes, metrics, groups, sure, speed)


def limited(rows: list[dict[str, Any]], limit: int | None, *, spread: bool = False) -> list[dict[str, Any]]:
    """The first rows of each subset; spread: rows from all over, where they stand by groups."""
    if limit is None:
        return rows
    if spread:
        return [rows[place * len(rows) // min(limit, len(rows))] for place in range(min(limit, len(rows)))]
    seen: dict[Any, int] = defaultdict(int)
    kept = []
    for row in rows:
        seen[row.get("subset")] += 1
        if seen[row.get("subset")] <= limit:
            kept.append(row)
    return kept


def _shots(task: Task, settings: Settings, count: int) -> list[dict[str, Any]]:
    if not count or not (task.shots.files or task.shots.hub):
        return []
    changed = {"files": task.shots.files, "hub": task.shots.hub, "generator": None}
    source = Source.model_validate({**task.data.model_dump(), **changed})
    return read_rows(source, f"{task.name}: shots", settings.data).rows


def _counter(name: str, total: int, progress: Progress | None) -> Callable[[int], None]:
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(name, done, total)

    return tell


Runner = Callable[
    [LanguageModel, Task, list[Item], Settings, Callable[[int], None]], tuple[list[Outcome], dict[str, float]]
]


def _score(
    lm: LanguageModel, task: Task, items: list[Item], settings: Settings, tell: Callable[[int], None]
) -> tuple[list[Outcome], dict[str, float]]:
    """choice, completion and perplexity: log-probabilities of given texts."""
    encoder = Encoder(lm, begin=task.begin)
    pairs, owner = [], []
    for number, item in enumerate(items):
        for text in item.scored:
            delimiter = "" if isinstance(item.context, list) or task.kind != "choice" else task.delimiter
            made = (
                encoder.windows(text, half=task.windows == "half")
                if task.kind == "perplexity"
                else [encoder.pair(item.context, delimiter + text)]
            )
            pairs += made
            owner += [number] * len(made)
    if isinstance(lm.model, EncoderNetwork):
        raise RequestError(f"{lm.name} is an encoder: it cannot say how probable a continuation is")
    each = 1 / max(1, len(pairs)) * len(items)
    scorer = Scorer(lm.model, batch_size=settings.batch_size, progress=_scaled(tell, each))
    began = perf_counter()
    found = scorer(pairs)
    seconds = perf_counter() - began
    grouped: list[list[Any]] = [[] for _ in items]
    for number, likelihood in zip(owner, found, strict=True):
        grouped[number].append(likelihood)
    outcomes = []
    for item, likelihoods in zip(items, grouped, strict=True):
        if task.kind == "choice":
            outcomes.append(judge_choice(task, item, likelihoods))
        elif task.kind == "completion":
            outcomes.append(judge_completion(task, item, likelihoods[0]))
        else:
            outcomes.append(judge_perplexity(task, item, sum(part.total for part in likelihoods)))
    work = scorer.work
    return outcomes, {
        "tokens_per_second": work.asked / seconds if seconds else 0.0,
        "tokens": work.asked,
        "tokens_run": work.run,
    }


def _scaled(tell: Callable[[int], None], each: float) -> Callable[[int], None]:
    """Counts items where the scorer counts continuations."""
    rest = 0.0

    def told(count: int) -> None:
        nonlocal rest
        rest += count * each
        whole = int(rest + 1e-6)
        rest -= whole
        tell(whole)

    return told


def _generate(
    lm: LanguageModel, task: Task, items: list[Item], settings: Settings, tell: Callable[[int], None]
) -> tuple[list[Outcome], dict[str, float]]:
    encoder = Encoder(lm, begin=task.begin)
    check = None if task.check is None else checker(task.check, task.name)
    began = perf_counter()
    made = answers(lm, encoder, [item.context for item in items], task.generation, tell)
    seconds = perf_counter() - began
    outcomes = [
        judge_generated(task, item, answer.text, answer.logprobs, check)
        for item, answer in zip(items, made, strict=True)
    ]
    new = sum(answer.new_tokens for answer in made)
    return outcomes, {"new_tokens": new, "new_tokens_per_second": new / seconds if seconds else 0.0}


RUNNERS: dict[str, Runner] = {
    "choice": _score,
    "completion": _score,
    "perplexity": _score,
    "generate": _generate,
    "conversation": converse,
}


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
