"""From logits to the next token: a list of stages, each of which removes or reweights candidates.

    logits [V] → penalties → temperature → top-k → top-p → min-p → draw → id

A stage takes candidates (ids in ascending order with their logits) and gives candidates. The order is that of
Hugging Face's generate. Two rules make the result easy to reason about:

- Candidates stay in the order of their ids, and the draw walks their cumulative probabilities in that order.
  So a stage that removes nothing changes nothing, the draw included.
- The draw's number is a function of (seed, output position) alone: the same request gives the same tokens
  alone, among others, or taken up again after an interruption.

Sources: nucleus sampling, Holtzman et al. 2020, section 3.1; min-p, Nguyen et al. 2024, section 3; repetition
penalty, Keskar et al. 2019, section 4.1; presence and frequency penalties, OpenAI's API reference; the draw's
generator, SplitMix64, Steele et al. 2014.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor

from llmworks.inference.request import OutputError, SamplingParams

REPORTED_TOKENS = 20
_MASK = 2**64 - 1


def _mix(z: int) -> int:
    """SplitMix64's output function: a bijection of 64-bit numbers whose bits all depend on all."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def uniform(seed: int, position: int) -> float:
    """A number in [0, 1) for this seed and output position: a counter, not a state that moves on."""
    key = _mix((seed + 0x9E3779B97F4A7C15) & _MASK)
    return (_mix((key + (position + 1) * 0x9E3779B97F4A7C15) & _MASK) >> 11) * 2.0**-53


def choice_seed(seed: int, index: int) -> int:
    """The seed of the index-th output of one request for several; that of the first is the request's own."""
    return seed if index == 0 else _mix((seed ^ _mix(index)) & _MASK)


def fresh_seed() -> int:
    """A seed that nobody chose, short enough to be read and typed."""
    return secrets.randbits(32)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Tokens that may still be drawn: `logits` [N] float32, `ids` [N] ascending (None: all, id = index)."""

    logits: Tensor
    ids: Tensor | None = None

    def __len__(self) -> int:
        return self.logits.shape[0]

    def keep(self, index: Tensor) -> Candidates:
        """The candidates at these places (ascending)."""
        return Candidates(self.logits[index], index if self.ids is None else self.ids[index])

    def id_at(self, place: int) -> int:
        return place if self.ids is None else int(self.ids[place])

    def probabilities(self) -> Tensor:
        """softmax(logits) [N], float64."""
        return torch.softmax(self.logits.double(), dim=0)


@dataclass(slots=True)
class History:
    """Which tokens came before, for the penalties. Only requests that use one pay for it."""

    seen: Tensor  # [V] bool: in the prompt or the output
    counts: Tensor  # [V] float32: times in the output

    @classmethod
    def of_prompt(cls, prompt_ids: Sequence[int], vocab_size: int) -> History:
        seen = torch.zeros(vocab_size, dtype=torch.bool)
        seen[torch.as_tensor(list(prompt_ids), dtype=torch.long)] = True
        return cls(seen, torch.zeros(vocab_size))

    def add(self, token: int) -> None:
        self.seen[token] = True
        self.counts[token] += 1


class Stage(Protocol):
    """One step of the pipeline."""

    @property
    def name(self) -> str: ...
    @property
    def active(self) -> bool: ...
    def settings(self) -> dict[str, float]: ...
    def __call__(self, candidates: Candidates, history: History | None) -> Candidates: ...


@dataclass(frozen=True)
class Penalties:
    """Make tokens that came before less probable (or more), and add the biases that the caller chose."""

    repetition: float = 1.0
    presence: float = 0.0
    frequency: float = 0.0
    bias: dict[int, float] = field(default_factory=dict)
    name = "penalties"

    @property
    def uses_history(self) -> bool:
        return self.repetition != 1 or self.presence != 0 or self.frequency != 0

    @property
    def active(self) -> bool:
        return self.uses_history or bool(self.bias)

    def settings(self) -> dict[str, float]:
        return {
            "repetition_penalty": self.repetition,
            "presence_penalty": self.presence,
            "frequency_penalty": self.frequency,
            "logit_bias": len(self.bias),
        }

    def __call__(self, candidates: Candidates, history: History | None) -> Candidates:
        logits = candidates.logits.clone()
        if history is not None and self.repetition != 1:
            repeated = logits[history.seen]
            weaker = torch.where(repeated > 0, repeated / self.repetition, repeated * self.repetition)
            logits[history.seen] = weaker
        if history is not None and (self.presence or self.frequency):
            logits -= self.frequency * history.counts + self.presence * (history.counts > 0)
        if self.bias:
            logits[torch.tensor(list(self.bias))] += torch.tensor(list(self.bias.values()))
        return Candidates(logits)


@dataclass(frozen=True)
class Temperature:
    """logits / T. Its limits: T → ∞ makes all tokens equal, T = 0 leaves the most probable alone."""

    value: float = 1.0
    name = "temperature"

    @property
    def active(self) -> bool:
        return self.value != 1

    def settings(self) -> dict[str, float]:
        return {"temperature": self.value}

    def __call__(self, candidates: Candidates, history: History | None) -> Candidates:
        if self.value == 0:
            return candidates.keep(candidates.logits.argmax().reshape(1))
        # The maximum becomes 0 first, so that a tiny T gives -inf to the others and never inf / inf.
        return Candidates((candidates.logits - candidates.logits.max()) / self.value, candidates.ids)


@dataclass(frozen=True)
class TopK:
    """The k most probable; among equals at the edge, the lower ids."""

    k: int = 0
    name = "top_k"

    @property
    def active(self) -> bool:
        return self.k > 0

    def settings(self) -> dict[str, float]:
        return {"top_k": self.k}

    def __call__(self, candidates: Candidates, history: History | None) -> Candidates:
        if self.k >= len(candidates):
            return candidates
        edge = torch.topk(candidates.logits, self.k).values[-1]
        index = torch.nonzero(candidates.logits >= edge).flatten()
        if len(index) > self.k:  # several are equal at the edge
            above = torch.nonzero(candidates.logits > edge).flatten()
            equal = torch.nonzero(candidates.logits == edge).flatten()
            index = torch.cat([above, equal[: self.k - len(above)]]).sort().values
        return candidates.keep(index)


@dataclass(frozen=True)
class TopP:
    """The smallest set of most probable tokens whose mass is at least p: the one that crosses p stays.

    As in vLLM and Hugging Face, masses are those of the candidates that came this far, renormalised.
    """

    p: float = 1.0
    name = "top_p"

    @property
    def active(self) -> bool:
        return self.p < 1

    def settings(self) -> dict[str, float]:
        return {"top_p": self.p}

    def __call__(self, candidates: Candidates, history: History | None) -> Candidates:
        mass = candidates.probabilities()
        # Tokens below (1 - p) / N weigh less than 1 - p together, so all of them go. What is left to sort is
        # a few hundred of a whole vocabulary. (0.999 leaves rounding on the safe side.)
        likely = torch.nonzero(mass >= 0.999 * (1 - self.p) / len(mass)).flatten()
        sorted_mass, order = torch.sort(mass[likely], descending=True, stable=True)
        kept = int(torch.searchsorted(sorted_mass.cumsum(0), self.p)) + 1
        return candidates.keep(likely[order[:kept]].sort().values)


@dataclass(frozen=True)
class MinP:
    """Tokens at least p times as probable as the most probable one."""

    p: float = 0.0
    name = "min_p"

    @property
    def active(self) -> bool:
        return self.p > 0

    def settings(self) -> dict[str, float]:
        return {"min_p": self.p}

    def __call__(self, candidates: Candidates, history: History | None) -> Candidates:
        edge = candidates.logits.max() + math.log(self.p)
        return candidates.keep(torch.nonzero(candidates.logits >= edge).flatten())


def draw(candidates: Candidates, number: float) -> tuple[int, float]:
    """The id whose stretch of the cumulative distribution holds `number` in [0, 1), and its probability."""
    mass = candidates.probabilities()
    cumulative = mass.cumsum(0)
    place = int(torch.searchsorted(cumulative, number * float(cumulative[-1]), right=True))
    if place >= len(mass):  # rounding put the number on the upper end: the last token that has any mass
        place = int(torch.searchsorted(cumulative, float(cumulative[-1])))
    return candidates.id_at(place), float(mass[place])


@dataclass(frozen=True, slots=True)
class StageReport:
    """What one stage did to the candidates.

    before, after: how many candidates there were. removed_mass: their probability before the stage.
    removed: the most probable of the removed, as (id, probability before).
    top: the most probable candidates after the stage, as (id, probability after).
    The first report, "model", is the network's own distribution; the last, "draw", has the pick in `top`.
    """

    name: str
    active: bool
    settings: dict[str, float]
    before: int
    after: int
    removed_mass: float
    removed: tuple[tuple[int, float], ...]
    top: tuple[tuple[int, float], ...]


def _most_probable(ids: Tensor, mass: Tensor) -> tuple[tuple[int, float], ...]:
    mass, order = mass.sort(descending=True, stable=True)
    return tuple(zip(ids[order[:REPORTED_TOKENS]].tolist(), mass[:REPORTED_TOKENS].tolist(), strict=True))


def _report(stage: Stage, before: Candidates, after: Candidates) -> StageReport:
    ids = torch.arange(len(before)) if before.ids is None else before.ids
    kept = torch.arange(len(after)) if after.ids is None else after.ids
    gone = ~torch.isin(ids, kept, assume_unique=True)
    mass = before.probabilities()
    return StageReport(
        name=stage.name,
        active=stage.active,
        settings=stage.settings(),
        before=len(before),
        after=len(after),
        removed_mass=float(mass[gone].sum()),
        removed=_most_probable(ids[gone], mass[gone]),
        top=_most_probable(kept, after.probabilities()),
    )


def stages(params: SamplingParams) -> list[Stage]:
    """The pipeline in order, stages that do nothing for these parameters included."""
    return [
        Penalties(
            params.repetition_penalty,
            params.presence_penalty,
            params.frequency_penalty,
            dict(params.logit_bias),
        ),
        Temperature(params.temperature),
        TopK(params.top_k),
        TopP(params.top_p),
        MinP(params.min_p),
    ]


class Sampler:
    """The pipeline of one request: `sampler(logits)` gives the next id and moves one position on."""

    def __init__(self, params: SamplingParams, prompt_ids: Sequence[int], vocab_size: int) -> None:
        self.stages = stages(params)
        self.seed = fresh_seed() if params.seed is None else params.seed
        self.position = 0
        self._active = [stage for stage in self.stages if stage.active]
        penalties = self.stages[0]
        assert isinstance(penalties, Penalties)
        self._history = History.of_prompt(prompt_ids, vocab_size) if penalties.uses_history else None
        self._greedy = params.temperature == 0 and not penalties.active

    def __call__(self, logits: Tensor, *, report: bool = False) -> tuple[int, tuple[StageReport, ...]]:
        """The next token for logits [V], and what each stage did if `report` asks for it."""
        best, place = logits.max(dim=0)
        if not math.isfinite(float(best)):
            raise _no_numbers(float(best), f"output position {self.position}; nothing can be drawn from them")
        reports: tuple[StageReport, ...] = ()
        if report:
            token, reports = self._draw_with_report(Candidates(logits.float().cpu()))
        elif self._greedy:
            token = int(place)
        else:
            candidates = Candidates(logits.float().cpu())
            for stage in self._active:
                candidates = stage(candidates, self._history)
            token, _ = draw(candidates, uniform(self.seed, self.position))
        if self._history is not None:
            self._history.add(token)
        self.position += 1
        return token, reports

    def _draw_with_report(self, candidates: Candidates) -> tuple[int, tuple[StageReport, ...]]:
        reports = [_model_report(candidates)]
        for stage in self.stages:
            after = stage(candidates, self._history) if stage.active else candidates
            reports.append(_report(stage, candidates, after))
            candidates = after
        number = uniform(self.seed, self.position)
        token, probability = draw(candidates, number)
        reports.append(
            StageReport(
                name="draw",
                active=True,
                settings={"seed": self.seed, "position": self.position, "number": number},
                before=len(candidates),
                after=1,
                removed_mass=1 - probability,
                removed=(),
                top=((token, probability),),
            )
        )
        return token, tuple(reports)


def _model_report(candidates: Candidates) -> StageReport:
    size = len(candidates)
    top = _most_probable(torch.arange(size), candidates.probabilities())
    return StageReport("model", True, {}, size, size, 0.0, (), top)


def _no_numbers(found: float, where: str) -> OutputError:
    return OutputError(
        f"the model gave logits that are no numbers ({found}) at {where}. The weights hold NaN or overflow: "
        "check the training run, or load the model in float32"
    )


def log_probabilities(
    logits: Tensor, token: int, alternatives: int
) -> tuple[float, tuple[tuple[int, float], ...]]:
    """log softmax(logits)[token] in nats, and the most probable tokens with theirs, best first."""
    logits = logits.float()
    total = float(torch.logsumexp(logits, dim=0))
    if not math.isfinite(total):
        raise _no_numbers(total, f"the position of token {token}; they say nothing about it")
    if not alternatives:
        return float(logits[token]) - total, ()
    values, ids = torch.topk(logits, min(alternatives, logits.shape[0]))
    best: Iterable[tuple[int, float]] = zip(ids.tolist(), (values - total).tolist(), strict=True)
    return float(logits[token]) - total, tuple(best)
