"""Conversations: the model answers turn after turn, with its own earlier answers before it."""

from __future__ import annotations

import math
from collections.abc import Callable
from time import perf_counter
from typing import Any

from llmworks.evals.checkers import checker
from llmworks.evals.errors import EvalError
from llmworks.evals.expressions import Expression
from llmworks.evals.generating import answers
from llmworks.evals.items import Encoder, Item
from llmworks.evals.metrics import Outcome
from llmworks.evals.task import Task
from llmworks.language_model import LanguageModel


def converse(
    lm: LanguageModel, task: Task, items: list[Item], settings: object, tell: Callable[[int], None]
) -> tuple[list[Outcome], dict[str, float]]:
    """Every conversation to its end. A row's turns are `[{"say": …, …}, …]`; the checker judges each answer.

    `turns`: the share of a conversation's turns that pass; `passed`: all of them do. A turn with a `name`
    also gives a metric of that name.
    """
    assert task.turns is not None
    if task.check is None:
        raise EvalError(f"{task.name}: a conversation needs a check")
    check, read = checker(task.check, task.name), Expression(task.turns, f"{task.name}: turns")
    turns = [list(read(item.row)) for item in items]
    encoder, began, new = Encoder(lm), perf_counter(), 0
    verdicts: list[list[dict[str, Any]]] = [[] for _ in items]
    for item in items:
        item.context = [{"role": "system", "content": task.system}] if task.system else []
    for number in range(max(map(len, turns), default=0)):
        going = [place for place in range(len(items)) if number < len(turns[place])]
        for place in going:
            _talk(items[place]).append({"role": "user", "content": turns[place][number]["say"]})
        made = answers(lm, encoder, [_talk(items[place]) for place in going], task.generation)
        for place, answer in zip(going, made, strict=True):
            _talk(items[place]).append({"role": "assistant", "content": answer.text})
            row = {**items[place].row, **turns[place][number], "turn": number}
            verdict = dict(check(row, answer.text))
            verdict["confidence"] = math.exp(sum(answer.logprobs) / max(1, len(answer.logprobs)))
            verdict["name"] = turns[place][number].get("name", "")
            verdicts[place].append(verdict)
            new += answer.new_tokens
            tell(int(number + 1 == len(turns[place])))
    seconds = perf_counter() - began
    return [_outcome(found) for found in verdicts], {
        "new_tokens": new,
        "new_tokens_per_second": new / seconds if seconds else 0.0,
    }


def _talk(item: Item) -> list[dict[str, Any]]:
    assert isinstance(item.context, list)
    return item.context


def _outcome(verdicts: list[dict[str, Any]]) -> Outcome:
    passed = [float(verdict["passed"]) for verdict in verdicts]
    values: dict[str, tuple[float, ...]] = {
        "turns": (sum(passed) / len(passed) if passed else 0.0,),
        "passed": (float(bool(passed) and all(passed)),),
    }
    for verdict, one in zip(verdicts, passed, strict=True):
        if verdict["name"]:
            values[verdict["name"]] = (one,)
    return Outcome(values, sample={"turns": verdicts})
