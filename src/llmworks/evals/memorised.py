"""What a model has by heart: the share of passages that it goes on with word for word.

    passage   ────── prefix ──────┃────── suffix ──────
    model     given the prefix     goes on greedily:  the very suffix → verbatim ("k-extractable", k = prefix)
                                                      most of it      → near
                                                      something else  → neither

(Carlini et al. 2023, "Quantifying memorization across neural language models"; near: an edit similarity of
0.75 or more, as approximate copying is told in Ippolito et al. 2023.) Passages that the training text never
held are the yardstick: what comes out of those right was reconstructed, not remembered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from llmworks.errors import RequestError
from llmworks.language_model import LanguageModel
from llmworks.models.encoder import Encoder
from llmworks.models.networks import Cache, Causal

NEAR = 0.75


@dataclass(frozen=True, slots=True)
class Span:
    """A passage, as text or ids, and how often the training text held it (None: not known)."""

    passage: str | Sequence[int]
    exposures: int | None = None


@dataclass(frozen=True, slots=True)
class Recall:
    """Of passages with one number of exposures (None: all).

    verbatim, near: shares of the spans; a verbatim one is near, too. similarity: mean edit similarity.
    matched: mean number of tokens right before the first wrong one.
    """

    exposures: int | None
    spans: int
    verbatim: float
    near: float
    similarity: float
    matched: float


@dataclass(frozen=True, slots=True)
class Memorised:
    """by_exposure: rows in rising order, where exposures were given. short: spans that were left out, having
    fewer tokens than prefix and suffix."""

    prefix_tokens: int
    suffix_tokens: int
    all: Recall
    by_exposure: tuple[Recall, ...]
    short: int


def memorised(
    lm: LanguageModel,
    spans: Iterable[Span],
    prefix_tokens: int = 32,
    suffix_tokens: int = 32,
    *,
    begin: bool = True,
    batch: int = 32,
    progress: Callable[[int], None] | None = None,
) -> Memorised:
    """Whether greedy continuation of each span's first tokens gives the next ones.

    begin: a begin token stands before the prefix, as it does where a document begins; False for passages from
    within documents. Only the first prefix_tokens + suffix_tokens of a span count.
    """
    model = lm.model
    if isinstance(model, Encoder):
        raise RequestError(f"{lm.name} is an encoder: it cannot go on with a text")
    whole = prefix_tokens + suffix_tokens
    head = [lm.begin_id] if begin and lm.begin_id is not None else []
    if prefix_tokens + len(head) < 1 or suffix_tokens < 1 or whole + len(head) > lm.max_length:
        raise RequestError(
            f"a prefix of {prefix_tokens} and a suffix of {suffix_tokens} tokens do not fit: at least one "
            f"each, {lm.max_length} together"
        )
    kept, short = list[tuple[list[int], int | None]](), 0
    for span in spans:
        given = span.passage
        ids = lm.tokenizer.encode(given) if isinstance(given, str) else [int(id) for id in given]
        if len(ids) < whole:
            short += 1
        else:
            kept.append((ids[:whole], span.exposures))
    if not kept:
        raise RequestError(f"none of the {short} spans has {whole} tokens; give longer ones, or fewer tokens")
    results = defaultdict[int | None, list[tuple[float, int]]](list)
    for start in range(0, len(kept), batch):
        some = kept[start : start + batch]
        prompts = torch.tensor([head + ids[:prefix_tokens] for ids, _ in some], device=lm.device)
        made = continuations(model, prompts, suffix_tokens)
        for (ids, exposures), row in zip(some, made, strict=True):
            truth = ids[prefix_tokens:]
            results[exposures].append((similarity(truth, row), _matched(truth, row)))
        if progress:
            progress(len(some))
    everything = [one for rows in results.values() for one in rows]
    known = sorted(exposures for exposures in results if exposures is not None)
    rows = tuple(_recall(exposures, results[exposures], suffix_tokens) for exposures in known)
    return Memorised(prefix_tokens, suffix_tokens, _recall(None, everything, suffix_tokens), rows, short)


@torch.inference_mode()
def continuations(model: Causal, prompts: torch.Tensor, count: int) -> list[list[int]]:
    """The `count` most probable tokens, one after the other, behind each row of prompts [B, T]."""
    cache: Cache = model.new_cache(len(prompts), prompts.shape[1] + count)
    ids, made = prompts, []
    for _ in range(count):
        ids = model.head(model.hidden(ids, cache=cache)[:, -1]).argmax(dim=-1, keepdim=True)
        made.append(ids)
    rows: list[list[int]] = torch.cat(made, dim=1).tolist()
    return rows


def _matched(truth: Sequence[int], made: Sequence[int]) -> int:
    wrong = (place for place, (a, b) in enumerate(zip(truth, made, strict=True)) if a != b)
    return next(wrong, len(truth))


def _recall(exposures: int | None, rows: Sequence[tuple[float, int]], suffix: int) -> Recall:
    alike, matched = (np.array(column, np.float64) for column in zip(*rows, strict=True))
    return Recall(
        exposures, len(rows), float((matched == suffix).mean()), float((alike >= NEAR).mean()),
        float(alike.mean()), float(matched.mean()),
    )  # fmt: skip


def similarity(a: Sequence[int], b: Sequence[int]) -> float:
    """1 - edit distance / the longer length (Levenshtein 1965); 1 for two empty ones."""
    if not a or not b:
        return float(not a and not b)
    left, places = np.asarray(a), np.arange(len(b) + 1)
    before, right = places, np.asarray(b)
    for row, token in enumerate(left, start=1):
        changed = before[:-1] + (right != token)
        best = np.concatenate([[row], np.minimum(changed, before[1:] + 1)])
        # Insertions run along the row: the best of any earlier place plus the way from there.
        before = np.minimum.accumulate(best - places) + places
    return 1 - float(before[-1]) / max(len(a), len(b))
