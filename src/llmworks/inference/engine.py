"""The engine: requests in, events out, and one thread in between that runs the model.

    submit ─▶ waiting ─▶ running ─┬▶ step A ─▶ events
                (bounded)         ├▶ step B        one step for each running request, in turn
                                  └▶ step C

A request is admitted when a place is free, takes its cache then, and gives it back when it ends, is cancelled
or fails. One that fails ends alone. The thread starts with the first request and leaves when there has been
nothing to do for a while, so that an engine nobody holds any more can be collected.
"""

from __future__ import annotations

import atexit
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from time import perf_counter

import torch

from llmworks.errors import RequestError, TokenizerError
from llmworks.inference.events import Event, FinishEvent
from llmworks.inference.request import BusyError, Request, SamplingParams
from llmworks.inference.sequence import Sequence
from llmworks.inference.stop import TextOutput
from llmworks.models.encoder import Encoder
from llmworks.models.networks import Network
from llmworks.text.tokenizer import Tokenizer

IDLE_SECONDS = 10.0
_OPEN: weakref.WeakSet[Engine] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    """A thread inside PyTorch as the interpreter goes down takes the process with it, so it ends first."""
    for engine in tuple(_OPEN):
        engine.close()


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """How busy the engine is. cache_bytes: memory that running requests hold for keys and values."""

    running: int
    waiting: int
    cache_bytes: int


class Stream:
    """The events of one request, in order, up to its FinishEvent. To leave early: `cancel()`, or `with`."""

    def __init__(self, cancel: Callable[[], None]) -> None:
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._cancel = cancel
        self._done = False

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        if self._done:
            raise StopIteration
        event = self._events.get()
        if isinstance(event, FinishEvent):
            self._done = True
            if event.error is not None:
                raise event.error
        return event

    def cancel(self) -> None:
        """Stop the request and free its memory; a FinishEvent with reason "cancelled" comes last."""
        self._cancel()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *raised: object) -> None:
        self.cancel()


class Engine:
    """Runs requests against one model.

    eos_ids: tokens that end an output. max_running: requests that run side by side. max_waiting: requests
    that may wait beyond those; more are refused with BusyError. prefill_chunk: prompt tokens read in one
    step, so that a long prompt does not hold up the others.
    """

    def __init__(
        self,
        model: Network,
        tokenizer: Tokenizer | None,
        *,
        eos_ids: Iterable[int] = (),
        max_running: int = 8,
        max_waiting: int = 256,
        prefill_chunk: int = 512,
    ) -> None:
        self.model = model.eval()
        self.tokenizer = tokenizer
        self.eos_ids = frozenset(eos_ids)
        self.max_running, self.max_waiting, self.prefill_chunk = max_running, max_waiting, prefill_chunk
        self._control = frozenset(tokenizer.special_tokens.values()) if tokenizer else frozenset()
        self._waiting: deque[Sequence] = deque()
        self._running: list[Sequence] = []
        self._changed = threading.Condition()
        self._worker: threading.Thread | None = None
        self._closed = False
        _OPEN.add(self)

    def submit(self, request: Request, deliver: Callable[[Event], None] | None = None) -> Stream:
        """Queue a request; refuse at once what cannot be served (RequestError) or queued (BusyError).

        deliver: called with each event on the engine's thread, in place of the stream's own queue; it must be
        quick and must not raise.
        """
        if isinstance(self.model, Encoder):
            raise RequestError("an encoder reads a text from both sides; it cannot go on with one")
        request.check(self.model.config.vocab_size, self.model.config.max_length)
        if request.sampling.stop and self.tokenizer is None:
            raise RequestError("stop: strings were given, but this package has no tokenizer; use stop_ids")
        sequence: Sequence
        stream = Stream(lambda: self._cancel(sequence))
        sequence = Sequence(
            request,
            deliver or stream._events.put,
            self._text_output(request),
            self._end_ids(request.sampling),
            perf_counter(),
        )
        with self._changed:
            if self._closed:
                raise RequestError("the engine is closed; load the model again")
            if len(self._waiting) >= self.max_waiting + self.max_running - self._busy_places():
                raise BusyError(
                    f"{self._busy_places()} requests are running and {len(self._waiting)} are waiting, which "
                    "is all that this engine takes; try again later"
                )
            self._waiting.append(sequence)
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="llmworks-engine", daemon=True)
                self._worker.start()
            self._changed.notify()
        return stream

    def status(self) -> EngineStatus:
        with self._changed:
            caches = [sequence.cache for sequence in self._running]
            held = sum(cache.bytes for cache in caches if cache is not None)
            return EngineStatus(self._busy_places(), len(self._waiting), held)

    def close(self) -> None:
        """Cancel what runs and waits, and end the thread. Closing twice does no harm."""
        with self._changed:
            self._closed = True
            for sequence in (*self._waiting, *self._running):
                self._cancel(sequence)
            self._changed.notify()
            worker = self._worker
        if worker is not None and worker is not threading.current_thread():
            worker.join()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def output_of(self, request: Request) -> tuple[TextOutput, frozenset[int]]:
        """What makes a text of this request's tokens, and the tokens that end it."""
        return self._text_output(request), self._end_ids(request.sampling)

    def _busy_places(self) -> int:
        """Requests that run. One that has just told its end may still be listed, but its place is free."""
        return sum(not sequence.finished for sequence in self._running)

    def _end_ids(self, sampling: SamplingParams) -> frozenset[int]:
        """Tokens that end this output; a control token may also be named as a stop string."""
        ends = set(sampling.stop_ids) | (set() if sampling.ignore_eos else self.eos_ids)
        if self.tokenizer is not None:
            special = self.tokenizer.special_tokens
            ends.update(special[stop] for stop in sampling.stop if stop in special)
        return frozenset(ends)

    def _text_output(self, request: Request) -> TextOutput:
        characters = None if self.tokenizer is None else self.tokenizer.stream(self._just_before(request))
        silent = self._control if request.sampling.skip_special_tokens else frozenset()
        return TextOutput(characters, tuple(request.sampling.stop), silent)

    def _just_before(self, request: Request) -> list[int]:
        """The prompt's end, so that the output's first word keeps its blank; without ids that are no token
        (rows of a padded embedding)."""
        found = []
        for id in request.prompt_ids[-8:]:
            with suppress(TokenizerError):
                if self.tokenizer is not None and self.tokenizer.token_bytes(id):
                    found.append(id)
        return found

    def _cancel(self, sequence: Sequence) -> None:
        with self._changed:
            if sequence in self._waiting:
                self._waiting.remove(sequence)
                sequence.finish("cancelled")
            sequence.cancelled = True  # if it runs, the worker frees it before its next step
            self._changed.notify()

    # The worker's side.

    def _work(self) -> None:
        with torch.inference_mode():
            while self._admit():
                for sequence in self._running:
                    self._advance(sequence)
                with self._changed:
                    self._running = [sequence for sequence in self._running if not sequence.finished]

    def _admit(self) -> bool:
        """Fill free places from the queue; wait for work if there is none. False: leave."""
        with self._changed:
            while True:
                while self._waiting and len(self._running) < self.max_running:
                    self._running.append(self._waiting.popleft())
                if self._running:
                    return True
                if self._closed or not self._changed.wait(IDLE_SECONDS):
                    if self._waiting:
                        continue  # a request came in at the last moment
                    self._worker = None
                    return False

    def _advance(self, sequence: Sequence) -> None:
        """One step of one request; whatever it raises is that request's alone."""
        try:
            if sequence.cancelled:
                sequence.finish("cancelled")
                return
            assert not isinstance(self.model, Encoder)  # `submit` has refused it
            if sequence.cache is None:
                sequence.start(self.model)
            sequence.step(self.model, self.prefill_chunk)
        except Exception as error:
            with suppress(Exception):  # a listener that raises has heard enough
                sequence.finish("error", error=error)
