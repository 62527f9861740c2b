"""What the engine tells while it works: one event a token, and one at the end.

    PromptEvent?  TokenEvent  TokenEvent …  FinishEvent

Text comes out late when it must: half a character waits for its other bytes, and what may yet become a stop
string waits until it cannot. So `TokenEvent.text` is the text that this token released (perhaps none, perhaps
that of several tokens), and the texts of all events joined are the output.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from llmworks.inference.sampling import StageReport

FinishReason = Literal["stop", "length", "cancelled", "error"]


@dataclass(frozen=True, slots=True)
class TokenLogprob:
    """A token with its log-probability (nats) and the most probable tokens at its position, best first."""

    id: int
    logprob: float
    alternatives: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class PromptEvent:
    """Log-probabilities of the prompt's tokens; None for the first, which nothing precedes."""

    logprobs: tuple[TokenLogprob | None, ...]


@dataclass(frozen=True, slots=True)
class TokenEvent:
    """One new token.

    offset: where this token's text begins in the output, in characters; a token whose offset is not below the
        length of the finished text gave nothing to it (an end token, a part of a stop string).
    """

    id: int
    text: str
    offset: int
    logprob: float | None = None
    alternatives: tuple[tuple[int, float], ...] = ()
    stages: tuple[StageReport, ...] = ()


@dataclass(frozen=True, slots=True)
class Timing:
    """Where one request's time went, in seconds of wall clock."""

    queued: float = 0.0
    prefill: float = 0.0
    decode: float = 0.0
    sample: float = 0.0
    first_token: float = 0.0
    total: float = 0.0
    new_tokens: int = 0

    @property
    def tokens_per_second(self) -> float:
        """New tokens after the first, over the time since the first; 0 if there are fewer than two."""
        since = self.total - self.first_token
        return (self.new_tokens - 1) / since if self.new_tokens > 1 and since > 0 else 0.0


@dataclass(frozen=True, slots=True)
class FinishEvent:
    """The end of a request.

    reason: "stop" (an end token or a stop string), "length" (max_tokens, or the context is full),
        "cancelled", or "error".
    text: what was still held back.
    stopped_by: the stop string or the end token's id that ended it.
    seed: repeats the draws, also where the caller gave none.
    """

    reason: FinishReason
    text: str = ""
    stopped_by: str | int | None = None
    seed: int = 0
    timing: Timing = field(default_factory=Timing)
    error: Exception | None = None


Event = PromptEvent | TokenEvent | FinishEvent


@dataclass(slots=True)
class Generation:
    """A finished output.

    ids: the new tokens only, all that the model produced: an end token and the tokens of a stop string too.
    text: what it says, without them.
    logprobs: one for each of `ids` (nats, of the model's own distribution), if they were asked for.
    alternatives: for each of `ids` the most probable tokens as (id, logprob), best first.
    """

    prompt_ids: list[int]
    ids: list[int] = field(default_factory=list)
    text: str = ""
    logprobs: list[float] = field(default_factory=list)
    alternatives: list[list[tuple[int, float]]] = field(default_factory=list)
    stages: list[tuple[StageReport, ...]] = field(default_factory=list)
    prompt_logprobs: tuple[TokenLogprob | None, ...] = ()
    finish_reason: FinishReason = "length"
    stopped_by: str | int | None = None
    seed: int = 0
    timing: Timing = field(default_factory=Timing)

    def __str__(self) -> str:
        return self.text

    @classmethod
    def collect(cls, prompt_ids: Iterable[int], events: Iterable[Event]) -> Generation:
        """All events of one request as one result."""
        result, pieces = cls(list(prompt_ids)), []
        for event in events:
            if isinstance(event, TokenEvent):
                result.ids.append(event.id)
                pieces.append(event.text)
                if event.logprob is not None:
                    result.logprobs.append(event.logprob)
                    result.alternatives.append(list(event.alternatives))
                if event.stages:
                    result.stages.append(event.stages)
            elif isinstance(event, PromptEvent):
                result.prompt_logprobs = event.logprobs
            else:
                pieces.append(event.text)
                result.finish_reason, result.stopped_by = event.reason, event.stopped_by
                result.seed, result.timing = event.seed, event.timing
        result.text = "".join(pieces)
        return result
