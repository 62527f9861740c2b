"""Running tasks on a model: rows → items → scores or answers → numbers with their uncertainty.

run_tasks(lm, find_tasks(["arc_easy"]), Settings(data=Path("sets"))) -> Result
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any

from llmworks.errors import RequestError
from llmworks.evals.checkers import checker
from llmworks.evals.conversation import converse
from llmworks.evals.data import read_rows
from llmworks.evals.generating import answers
from llmworks.evals.items import Encoder, Item, make_items
from llmworks.evals.metrics import (
    Outcome,
    judge_choice,
    judge_completion,
    judge_generated,
    judge_perplexity,
)
from llmworks.evals.result import Result, Settings, TaskResult, describe, weights_hash
from llmworks.evals.scoring import Scorer
from llmworks.evals.summary import calibrated, summarised
from llmworks.evals.task import Source, Task, TaskFile
from llmworks.language_model import LanguageModel
from llmworks.models.encoder import Encoder as EncoderNetwork

Progress = Callable[[str, int, int], None]
"""(task, done, of)"""


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
