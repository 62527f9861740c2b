"""Numbers of one item, and how the items' numbers become the task's.

    acc        the most probable choice is right           acc_norm   … by log-probability a character
    acc_bytes  … a byte                                    mass       Σ p(true choices) / Σ p(choices)
    brier      Σ (p(choice) - [it is right])²              perplexity e^(-mean log p)
    word_perplexity, byte_perplexity, bits_per_byte        Σ log p over Σ words, Σ bytes

An item gives each metric one number, or two that are summed apart (log-likelihood and count). Sums before the
division: a long document weighs more than a short one. All as lm-evaluation-harness has them (its acc_norm
divides by characters).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from llmworks.evals import statistics
from llmworks.evals.checkers import Checker, exactly, filtered
from llmworks.evals.items import Item
from llmworks.evals.scoring import Likelihood
from llmworks.evals.task import Task

SOMETIMES = frozenset(["invented_confidence"])
"""Metrics that only some items have: how sure the model is of what it made up."""

Values = dict[str, tuple[float, ...]]
"""A metric's number(s) for one item."""
Statistic = Callable[..., statistics.Floats]

STATISTICS: dict[str, Statistic] = {
    "perplexity": statistics.exp_minus_mean,
    "word_perplexity": statistics.exp_minus_ratio,
    "byte_perplexity": statistics.exp_minus_ratio,
    "bits_per_byte": statistics.bits_ratio,
}


def statistic_of(metric: str) -> Statistic:
    """How the items' numbers are joined; the mean unless the metric is one of perplexity."""
    return STATISTICS.get(metric, statistics.mean)


@dataclass
class Outcome:
    """What one item gave. values: by metric. confidence and right: of the answer given, for calibration.

    sample: what to log (texts, answers, log-probabilities).
    """

    values: Values
    confidence: float | None = None
    right: bool | None = None
    sample: dict[str, Any] = field(default_factory=dict)


def judge_choice(task: Task, item: Item, found: Sequence[Likelihood]) -> Outcome:
    """By the log-probabilities of the choices."""
    totals = np.array([likelihood.total for likelihood in found])
    characters = np.array([max(1, len(text)) for text in item.scored])
    sizes = np.array([max(1, len(text.encode())) for text in item.scored])
    shares = softmax(totals)
    labels = _labels(item)
    picks = {
        "acc": int(np.argmax(totals)),
        "acc_norm": int(np.argmax(totals / characters)),
        "acc_bytes": int(np.argmax(totals / sizes)),
    }
    values: Values = {name: (labels[pick],) for name, pick in picks.items()}
    values["mass"] = (float(shares[labels == 1].sum()),)
    values["brier"] = (float(((shares - labels) ** 2).sum()),)
    shown = [metric for metric in picks if metric in task.metrics]
    counted = shown[-1] if shown else "acc"  # the metric whose answer is asked how sure it is
    weights = {"acc_norm": totals / characters, "acc_bytes": totals / sizes}.get(counted, totals)
    pick = picks[counted]
    return Outcome(
        {name: values[name] for name in task.metrics},
        confidence=float(softmax(weights)[pick]),
        right=bool(labels[pick]),
        sample={"choices": item.scored, "logprobs": totals.tolist(), "picked": pick},
    )


def _labels(item: Item) -> np.ndarray[Any, np.dtype[np.float64]]:
    if isinstance(item.answer, list):
        return np.array(item.answer, np.float64)
    labels = np.zeros(len(item.scored))
    labels[item.answer] = 1.0
    return labels


def softmax(totals: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    shifted = np.exp(totals - totals.max())
    shares: np.ndarray[Any, np.dtype[np.float64]] = shifted / shifted.sum()
    return shares


def judge_completion(task: Task, item: Item, found: Likelihood) -> Outcome:
    """Whether greedy decoding gives the text, and its log-probability."""
    values: Values = {"acc": (float(found.greedy),), "perplexity": (found.total,)}
    return Outcome(
        {name: values[name] for name in task.metrics},
        sample={"target": item.scored[0], "logprob": found.total, "greedy": found.greedy},
    )


def judge_perplexity(task: Task, item: Item, total: float) -> Outcome:
    """Words and bytes are counted in the row's published form (`page`) where it has one."""
    counted = item.row["page"] if isinstance(item.row.get("page"), str) else item.scored[0]
    words, size = len(re.split(r"\s+", counted)), len(counted.encode())
    values: Values = {
        "word_perplexity": (total, words),
        "byte_perplexity": (total, size),
        "bits_per_byte": (total, size),
    }
    return Outcome(
        {name: values[name] for name in task.metrics},
        sample={"logprob": total, "words": words, "bytes": size},
    )


def judge_generated(
    task: Task, item: Item, text: str, logprobs: Sequence[float], check: Checker | None
) -> Outcome:
    """By exact match of what the filters read, and by the checker.

    Confidence: the geometric mean of its tokens' probabilities, e^(mean log p).
    """
    values: Values = {}
    sample: dict[str, Any] = {"said": text, "logprobs": list(logprobs)}
    if task.answer is not None and ("exact_match" in task.metrics or task.filters):
        right = item.answer if isinstance(item.answer, list) else [item.answer]
        for filter in task.filters:
            read = filtered(filter, text)
            sample[filter.name] = read
            values[filter.name] = (float(any(exactly(task.exact, read, str(one)) for one in right)),)
        if "exact_match" in task.metrics:
            values["exact_match"] = (float(any(exactly(task.exact, text, str(one)) for one in right)),)
        sample["answer"] = item.answer
    if check is not None:
        for name, number in check(item.row, text).items():
            values[name] = (float(number),)
    confidence = math.exp(sum(logprobs) / len(logprobs)) if logprobs else None
    if values.get("invented") == (1.0,) and confidence is not None:
        values["invented_confidence"] = (confidence,)
    first = next(name for name in task.metrics if name in values)
    return Outcome(values, confidence=confidence, right=values[first][0] >= 0.5, sample=sample)
