"""One turn of the loop, as data that a page can draw.

    ids ─model→ p over the vocabulary ─stage→ … ─stage→ q over what is left ─number in [0, 1)→ one token

It runs the same sampling stages as the engine, with the same draw for (seed, position), so a step looked at
here gives the token that a request with these parameters gives. No state is kept but a cache: what was read
for the step before is not read again.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor

from llmworks.inference import OutputError, SamplingParams
from llmworks.inference.sampling import Candidates, History, Penalties, Stage, draw, stages, uniform
from llmworks.models.networks import Cache, Causal
from llmworks.nn.state_space import StateCache

SHOWN = 14  # most probable tokens that a step lists
REMOVED = 6  # examples of what a stage removed
WIDE = 0.004  # a stretch of the draw's interval below this width is merged with its neighbours
CACHE_CHUNK = 256


class Reader:
    """Logits [V] after a list of ids. Keeps the keys and values of the last list and reads what differs."""

    def __init__(self, model: Causal) -> None:
        weight = next(model.parameters())
        self._model, self._device, self._dtype = model, weight.device, weight.dtype
        self._cache: Cache | None = None
        self._ids: list[int] = []
        self._lock = threading.Lock()

    def logits(self, ids: Sequence[int]) -> Tensor:
        """The model's logits [V] (float32, on the CPU) for the token after `ids`, at least one."""
        with self._lock, torch.inference_mode():
            cache, known = self._room(len(ids)), 0
            limit = min(len(self._ids), len(ids) - 1)
            while known < limit and self._ids[known] == ids[known]:
                known += 1
            if isinstance(cache, StateCache) and known < cache.length:
                known = 0  # a state cannot take back what it has read: it reads from the start
            cache.truncate(known)
            self._ids = []  # an interrupted pass leaves a cache that nothing is known about
            hidden = self._model.hidden(torch.tensor([list(ids[known:])], device=self._device), cache=cache)
            self._ids = list(ids)
            return self._model.head(hidden[0, -1]).float().cpu()

    def _room(self, length: int) -> Cache:
        """The cache, or a larger empty one: sized by what is read, not by what the model could read."""
        if self._cache is None or self._cache.max_length < length:
            most = self._model.config.max_length
            room = min(most, -(-max(length, 1) // CACHE_CHUNK) * CACHE_CHUNK)
            self._cache = self._model.new_cache(1, room, self._dtype, self._device)
            self._ids = []
        return self._cache


@dataclass(frozen=True, slots=True)
class StageView:
    """What a stage did. mass: the probability, of what came in, that it leaves. Entropies are in bits.

    removed: the most probable of the removed, as (id, probability before).
    """

    name: str
    active: bool
    value: str
    before: int
    after: int
    mass: float
    entropy_before: float
    entropy_after: float
    removed: list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Step:
    """One turn of the loop.

    tokens: (id, p of the model, q after the stages, the stage that removed it or None), most probable first.
    rest: how many tokens are not listed, and their probability together.
    segments: (id or None for several together, q) in the order in which the draw walks them.
    draw: the random number, None where one candidate is left and nothing is to be drawn.
    """

    tokens: list[tuple[int, float, float, str | None]]
    rest: tuple[int, float]
    stages: list[StageView]
    segments: list[tuple[int | None, float]]
    pick: int
    pick_p: float
    pick_q: float
    draw: float | None


def take_step(logits: Tensor, params: SamplingParams, prompt: Sequence[int], made: Sequence[int]) -> Step:
    """Runs the stages of `params` over logits [V] after `prompt` + `made`, and draws."""
    if not bool(torch.isfinite(logits.max())):
        raise OutputError(
            f"the model gave logits whose maximum is {float(logits.max())} after {len(prompt) + len(made)} "
            "tokens; nothing can be drawn from them. The weights hold NaN or overflow: check the training run"
        )
    candidates = Candidates(logits)
    p = candidates.probabilities()
    history = _history(params, prompt, made, len(logits))
    removed_by: dict[str, Tensor] = {}
    views = []
    for stage in stages(params):
        after = stage(candidates, history) if stage.active else candidates
        gone = _gone(candidates, after)
        removed_by[stage.name] = gone.ids
        views.append(_view(stage, candidates, after, gone))
        candidates = after
    number = uniform(params.seed or 0, len(made))
    pick, pick_q = draw(candidates, number)
    q = torch.zeros_like(p)
    q[_ids(candidates)] = candidates.probabilities()
    shown = _shown(p, q, pick)
    return Step(
        tokens=[(id, float(p[id]), float(q[id]), _remover(id, removed_by)) for id in shown],
        rest=(len(p) - len(shown), max(0.0, 1 - float(p[shown].sum()))),
        stages=views,
        segments=_segments(candidates, pick),
        pick=pick,
        pick_p=float(p[pick]),
        pick_q=pick_q,
        draw=None if len(candidates) == 1 else number,
    )


def stage_dict(view: StageView) -> dict[str, Any]:
    """The view as plain data."""
    return asdict(view)


@dataclass(frozen=True, slots=True)
class _Gone:
    ids: Tensor
    mass: Tensor


def _history(params: SamplingParams, prompt: Sequence[int], made: Sequence[int], size: int) -> History | None:
    first = stages(params)[0]
    if not (isinstance(first, Penalties) and first.uses_history):
        return None
    history = History.of_prompt(prompt, size)
    for token in made:
        history.add(token)
    return history


def _ids(candidates: Candidates) -> Tensor:
    return torch.arange(len(candidates)) if candidates.ids is None else candidates.ids


def _gone(before: Candidates, after: Candidates) -> _Gone:
    ids, mass = _ids(before), before.probabilities()
    gone = ~torch.isin(ids, _ids(after), assume_unique=True)
    return _Gone(ids[gone], mass[gone])


def _view(stage: Stage, before: Candidates, after: Candidates, gone: _Gone) -> StageView:
    best = torch.topk(gone.mass, min(REMOVED, len(gone.mass)))
    ids = gone.ids[best.indices].tolist()
    return StageView(
        name=stage.name,
        active=stage.active,
        value=_value(stage),
        before=len(before),
        after=len(after),
        mass=1 - float(gone.mass.sum()),
        entropy_before=_entropy(before),
        entropy_after=_entropy(after),
        removed=list(zip(ids, best.values.tolist(), strict=True)),
    )


def _value(stage: Stage) -> str:
    """The stage's settings for people: '0.8', '40'; several as 'repetition 1.1, presence 0.5'."""
    settings = {name.removesuffix("_penalty"): value for name, value in stage.settings().items()}
    if len(settings) == 1:
        return f"{next(iter(settings.values())):g}"
    neutral = {"repetition": 1.0}
    changed = {name: value for name, value in settings.items() if value != neutral.get(name, 0)}
    return ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in changed.items())


def _entropy(candidates: Candidates) -> float:
    """Bits: -Σ p log2 p."""
    p = candidates.probabilities()
    return max(0.0, -float((p * torch.log2(p.clamp_min(1e-300))).sum()))


def _shown(p: Tensor, q: Tensor, pick: int) -> list[int]:
    """The most probable for the model; the most probable that are left and the pick, where they differ."""
    count = min(SHOWN, len(p))
    shown: list[int] = torch.topk(p, count).indices.tolist()
    best_left = int(q.argmax())
    for needed in (best_left, pick):
        if needed not in shown:
            victim = next(id for id in reversed(shown) if id not in (best_left, pick))
            shown[shown.index(victim)] = needed
    return sorted(shown, key=lambda id: -float(p[id]))


def _remover(id: int, removed_by: dict[str, Tensor]) -> str | None:
    return next((name for name, ids in removed_by.items() if bool((ids == id).any())), None)


def _segments(candidates: Candidates, pick: int) -> list[tuple[int | None, float]]:
    """[0, 1) as the draw walks it, by id; runs of narrow stretches become one."""
    made: list[tuple[int | None, float]] = []
    narrow = 0.0
    for id, q in zip(_ids(candidates).tolist(), candidates.probabilities().tolist(), strict=True):
        if q < WIDE and id != pick:
            narrow += q
            continue
        if narrow:
            made.append((None, narrow))
            narrow = 0.0
        made.append((id, q))
    return [*made, (None, narrow)] if narrow else made
