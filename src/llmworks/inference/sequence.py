"""One request while it runs: its cache, its sampler, its text, and the step that moves it on.

    prefill: prompt in chunks → cache      decode: last token → logits → next token → text

A sequence knows nothing of others: its cache is its own, and what it computes does not depend on who else
runs.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import torch
from torch import Tensor

from llmworks.inference.events import (
    Event,
    FinishEvent,
    FinishReason,
    PromptEvent,
    Timing,
    TokenEvent,
    TokenLogprob,
)
from llmworks.inference.request import Request
from llmworks.inference.sampling import Sampler, log_probabilities
from llmworks.inference.stop import TextOutput
from llmworks.models.networks import Cache, Causal

HEAD_ROWS = 128  # positions whose logits are held at once when all are wanted: 128 × 50,000 floats are 26 MB


class Sequence:
    """A request in the making: `step()` runs one chunk of prefill or one token, until `finished`."""

    def __init__(
        self,
        request: Request,
        deliver: Callable[[Event], None],
        text: TextOutput,
        end_ids: frozenset[int],
        submitted: float,
    ) -> None:
        self.request = request
        self.cancelled = False
        self.finished = False
        self.cache: Cache | None = None
        self._deliver = deliver
        self._text = text
        self._end_ids = end_ids
        self._prompt_logprobs: list[TokenLogprob | None] = [None]
        self._new_tokens = 0
        self._read = 0  # prompt tokens that are in the cache
        self._last = -1
        self._submitted = submitted
        self._started = submitted
        self._seed = request.sampling.seed or 0
        self._first_token = 0.0
        self._prefill = self._decode = self._sample = 0.0

    def start(self, model: Causal) -> None:
        """Take the memory that this request needs at most."""
        self._started = perf_counter()
        config, sampling = model.config, self.request.sampling
        prompt = self.request.prompt_ids
        room = config.max_length - len(prompt)
        self._budget = room if sampling.max_tokens is None else min(room, sampling.max_tokens)
        self._sampler = Sampler(sampling, prompt, config.vocab_size)
        self._seed = self._sampler.seed
        length = len(prompt) + max(self._budget - 1, 0)  # the last token is never read again
        weight = next(model.parameters())
        self._device = weight.device
        self.cache = model.new_cache(1, length, weight.dtype, weight.device)

    def step(self, model: Causal, chunk: int) -> None:
        """One forward pass: up to `chunk` tokens of the prompt, or one new token."""
        began = perf_counter()
        if self._read < len(self.request.prompt_ids):
            logits = self._read_prompt(model, chunk)
            self._prefill += perf_counter() - began
            if logits is None:
                return
        else:
            ids = torch.tensor([[self._last]], device=self._device)
            logits = model(ids, cache=self.cache)[0, -1]
            self._decode += perf_counter() - began
        if self._budget == 0:
            self.finish("length")
        else:
            self._choose(logits)

    def _read_prompt(self, model: Causal, chunk: int) -> Tensor | None:
        """Read the next chunk; the logits [V] after the prompt's last token, or None while there is more."""
        prompt = self.request.prompt_ids
        start, self._read = self._read, min(self._read + chunk, len(prompt))
        ids = torch.tensor([list(prompt[start : self._read])], device=self._device)
        hidden = model.hidden(ids, cache=self.cache)[0]
        wanted = self.request.prompt_logprobs
        if wanted is not None:
            self._score_prompt(model, hidden, start, wanted)
        if self._read < len(prompt):
            return None
        if wanted is not None:
            self._deliver(PromptEvent(tuple(self._prompt_logprobs)))
        logits: Tensor = model.head(hidden[-1])
        return logits

    def _score_prompt(self, model: Causal, hidden: Tensor, start: int, alternatives: int) -> None:
        prompt = self.request.prompt_ids
        for row in range(0, len(hidden), HEAD_ROWS):
            for offset, logits in enumerate(model.head(hidden[row : row + HEAD_ROWS])):
                position = start + row + offset + 1  # the token that these logits predict
                if position < len(prompt):
                    token = prompt[position]
                    self._prompt_logprobs.append(
                        TokenLogprob(token, *log_probabilities(logits, token, alternatives))
                    )

    def _choose(self, logits: Tensor) -> None:
        """Draw the next token from logits [V], tell it, and see whether it ends the output."""
        began = perf_counter()
        token, stages = self._sampler(logits, report=self.request.report)
        wanted = self.request.sampling.logprobs
        logprob, alternatives = (None, ()) if wanted is None else log_probabilities(logits, token, wanted)
        self._sample += perf_counter() - began
        self._last = token
        self._new_tokens += 1
        if self._new_tokens == 1:
            self._first_token = perf_counter() - self._submitted
        offset = self._text.length
        text = "" if token in self._end_ids else self._text.feed(token)
        self._deliver(TokenEvent(token, text, offset, logprob, alternatives, stages))
        if token in self._end_ids:
            self.finish("stop", token)
        elif self._text.found is not None:
            self.finish("stop", self._text.found)
        elif self._new_tokens >= self._budget:
            self.finish("length")

    def finish(
        self, reason: FinishReason, stopped_by: str | int | None = None, error: Exception | None = None
    ) -> None:
        """Free the cache and tell the end, once."""
        if self.finished:
            return
        self.finished, self.cache = True, None
        now = perf_counter()
        timing = Timing(
            queued=self._started - self._submitted,
            prefill=self._prefill,
            decode=self._decode,
            sample=self._sample,
            first_token=self._first_token,
            total=now - self._submitted,
            new_tokens=self._new_tokens,
        )
        rest = self._text.flush()
        if self._text.found is not None and not isinstance(stopped_by, str) and reason == "length":
            # Half a character at the end, now U+FFFD, has completed a stop string.
            reason, stopped_by = "stop", self._text.found
        self._deliver(FinishEvent(reason, rest, stopped_by, self._seed, timing, error))
