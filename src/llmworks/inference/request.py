"""What is asked of the engine: a prompt in ids, and how the next token is to be chosen.

    Request(prompt_ids, SamplingParams(temperature=0.8, top_p=0.95, stop=("\\n",), seed=1))

Every value is checked where it is given, so that the engine's loop may trust it; an error names the
parameter, the value and the range. The parameters mean what they mean in OpenAI's API and in vLLM.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from llmworks.errors import LLMWorksError, RequestError

MAX_STOP_STRINGS = 16
MAX_ALTERNATIVES = 1000


class ParameterError(RequestError):
    """A parameter outside its range; `param` is its name."""

    def __init__(self, param: str, message: str) -> None:
        super().__init__(message)
        self.param = param


class ContextLengthError(RequestError):
    """A prompt that does not fit into the model's context."""


class BusyError(RequestError):
    """The engine's queue is full; the same request may succeed later."""


class OutputError(LLMWorksError):
    """The model gave logits from which nothing can be drawn (NaN, +inf, or nothing but -inf)."""


@dataclass(frozen=True, slots=True)
class SamplingParams:
    """How tokens are chosen and when to stop.

    temperature: divides the logits; 0 is greedy (the most probable token, the lowest id among equals).
    top_k: keep the k most probable tokens; 0 keeps all.
    top_p: keep the smallest set of most probable tokens whose mass is at least top_p.
    min_p: keep tokens at least min_p times as probable as the most probable one.
    repetition_penalty: logits of tokens in the prompt or the output are divided (positive) or multiplied
        (negative) by it (Keskar et al. 2019, section 4.1); 1 changes nothing.
    presence_penalty, frequency_penalty: subtracted from the logits of tokens in the output, once, and once
        for each time that they occurred.
    logit_bias: added to the logits of these ids.
    seed: the draw at output position i depends on (seed, i) alone; None takes a fresh seed for each request.
    max_tokens: new tokens at most; None goes on until the context is full.
    stop: the output ends before the first of these strings; they may straddle tokens.
    stop_ids: token ids that end the output, beside the model's own end tokens.
    logprobs: None for none; n for the chosen token's log-probability and those of the n most probable. They
        are of the model's own distribution, before penalties and temperature, in nats.
    ignore_eos: go on past the model's end tokens.
    skip_special_tokens: leave control tokens out of the text (never out of the ids).
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    logit_bias: Mapping[int, float] = field(default_factory=dict)
    seed: int | None = None
    max_tokens: int | None = None
    stop: Sequence[str] = ()
    stop_ids: Sequence[int] = ()
    logprobs: int | None = None
    ignore_eos: bool = False
    skip_special_tokens: bool = True

    def __post_init__(self) -> None:
        _number("temperature", self.temperature, 0, math.inf)
        _whole("top_k", self.top_k, 0, None)
        _number("top_p", self.top_p, 0, 1, above=True)
        _number("min_p", self.min_p, 0, 1)
        _number("repetition_penalty", self.repetition_penalty, 0, math.inf, above=True)
        _number("presence_penalty", self.presence_penalty, -2, 2)
        _number("frequency_penalty", self.frequency_penalty, -2, 2)
        if self.seed is not None:
            _whole("seed", self.seed, -(2**63), 2**64 - 1)
        if self.max_tokens is not None:
            _whole("max_tokens", self.max_tokens, 0, None)
        if self.logprobs is not None:
            _whole("logprobs", self.logprobs, 0, MAX_ALTERNATIVES)
        self._check_stops()
        self._check_bias()

    def _check_stops(self) -> None:
        stop = (self.stop,) if isinstance(self.stop, str) else tuple(self.stop)
        if len(stop) > MAX_STOP_STRINGS:
            raise ParameterError(
                "stop", f"stop: {len(stop)} strings were given, at most {MAX_STOP_STRINGS} are allowed"
            )
        for text in stop:
            if not isinstance(text, str) or not text:
                raise ParameterError("stop", f"stop: {text!r} was given, each must be a non-empty string")
        object.__setattr__(self, "stop", stop)
        for token in self.stop_ids:
            _whole("stop_ids", token, 0, None)
        object.__setattr__(self, "stop_ids", tuple(self.stop_ids))

    def _check_bias(self) -> None:
        for token, bias in self.logit_bias.items():
            _whole("logit_bias", token, 0, None)
            _number("logit_bias", bias, -100, 100)


def _number(name: str, value: Any, low: float, high: float, *, above: bool = False) -> None:
    """`value` is a finite number in [low, high], or in (low, high] with `above`."""
    wanted = f"from {low:g}" if not above else f"above {low:g}"
    wanted = f"a number {wanted}" + ("" if high == math.inf else f" to {high:g}")
    usable = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not usable or not low <= value <= high or (above and value == low):
        raise ParameterError(name, f"{name}: {value!r} was given, it must be {wanted}")


def _whole(name: str, value: Any, low: int, high: int | None) -> None:
    wanted = f"a whole number from {low}" + ("" if high is None else f" to {high}")
    if (
        not isinstance(value, int)
        or isinstance(value, bool)
        or value < low
        or (high is not None and value > high)
    ):
        raise ParameterError(name, f"{name}: {value!r} was given, it must be {wanted}")


@dataclass(frozen=True, slots=True)
class Request:
    """One prompt to continue.

    prompt_ids: what the model reads, BOS included where the model wants one.
    report: each token event carries what every sampling stage did.
    prompt_logprobs: n gives each prompt token's log-probability and the n most probable alternatives, in a
        PromptEvent before the first token; None skips that.
    """

    prompt_ids: Sequence[int]
    sampling: SamplingParams = field(default_factory=SamplingParams)
    report: bool = False
    prompt_logprobs: int | None = None

    def check(self, vocab_size: int, max_length: int) -> None:
        """Refuse what this model cannot do. `max_length` is the context in tokens, prompt and output."""
        check_ids("prompt", self.prompt_ids, vocab_size)
        room_needed = 0 if self.sampling.max_tokens == 0 else 1
        check_length(len(self.prompt_ids), max_length - room_needed, max_length)
        for token in (*self.sampling.logit_bias, *self.sampling.stop_ids):
            name = "logit_bias" if token in self.sampling.logit_bias else "stop_ids"
            if token >= vocab_size:
                raise ParameterError(
                    name, f"{name}: token id {token} was given, the vocabulary ends at {vocab_size - 1}"
                )
        if self.prompt_logprobs is not None:
            _whole("prompt_logprobs", self.prompt_logprobs, 0, MAX_ALTERNATIVES)


def check_ids(name: str, ids: Sequence[int], vocab_size: int) -> None:
    """Token ids that the embedding has a row for, and at least one of them."""
    if not len(ids):
        raise ParameterError(name, f"{name}: it is empty; give at least one token")
    for position, token in enumerate(ids):
        if isinstance(token, bool) or not isinstance(token, int) or not 0 <= token < vocab_size:
            raise ParameterError(
                name,
                f"{name}: {token!r} at position {position} is no token id of this model; "
                f"ids are whole numbers from 0 to {vocab_size - 1}",
            )


def check_length(given: int, room: int, max_length: int) -> None:
    """`given` prompt tokens fit into `room`."""
    if given > room:
        raise ContextLengthError(
            f"the prompt has {given} tokens; this model's context is {max_length} tokens for prompt and "
            f"output together, so at most {room} fit here. Shorten the prompt"
        )
