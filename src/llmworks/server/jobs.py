"""One HTTP request at work: its place among the others, its outputs on the engine, and their end.

    desk.open() ─▶ Job ─▶ submit each output ─▶ events of all as they come ─▶ close: place and memory free

However a job ends (done, refused half-way, the client gone, the server stopping), `close` runs: it cancels
what still runs on the engine and gives the place back.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from types import TracebackType

from starlette.requests import Request as HTTPRequest

from llmworks.inference import Engine, Event, FinishEvent, Request, Stream
from llmworks.server.errors import APIError


class Desk:
    """Counts the requests at work and refuses more than it has places for."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.taken = 0

    def open(self) -> Job:
        """A job, or 429."""
        if self.taken >= self.places:
            raise APIError(
                429,
                f"{self.taken} requests are at work, which is all that this server takes at once; try again",
                code="rate_limit_exceeded",
            )
        self.taken += 1
        return Job(self)


class Job:
    """The outputs of one HTTP request. It lives on the event loop; the engine's thread posts events to it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._open = True
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[tuple[int, Event]] = asyncio.Queue()
        self._streams: list[Stream] = []
        self._watch: asyncio.Task[None] | None = None

    def submit(self, engine: Engine, requests: Sequence[Request]) -> None:
        """Queue the outputs; if the engine refuses one, none of them runs."""
        try:
            for index, request in enumerate(requests):
                self._streams.append(engine.submit(request, self._listener(index)))
        except Exception:
            self.close()
            raise

    def _listener(self, index: int) -> _Listener:
        return _Listener(self._loop, self._events, index)

    async def events(self) -> AsyncIterator[tuple[int, Event]]:
        """Events of all outputs, each with its output's number, until every output has ended.

        An output that failed raises its error; one that was cancelled from outside raises 503.
        """
        running = len(self._streams)
        while running:
            index, event = await self._events.get()
            if isinstance(event, FinishEvent):
                running -= 1
                if event.error is not None:
                    raise event.error
                if event.reason == "cancelled":
                    raise APIError(
                        503, "the request was cancelled: the server is stopping, or its client left"
                    )
            yield index, event

    def cancel_when_client_leaves(self, http: HTTPRequest) -> None:
        """For answers that are sent in one piece: nothing else would notice."""

        async def watch() -> None:
            while (await http.receive())["type"] != "http.disconnect":
                pass
            self.cancel()

        self._watch = asyncio.create_task(watch())

    def cancel(self) -> None:
        for stream in self._streams:
            stream.cancel()

    def close(self) -> None:
        """Free everything; more than once does no harm."""
        self.cancel()
        if self._watch is not None:
            self._watch.cancel()
        if self._open:
            self._open = False
            self._desk.taken -= 1

    def __enter__(self) -> Job:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.close()


class _Listener:
    """Called on the engine's thread: hands an event to the job's loop."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, events: asyncio.Queue[tuple[int, Event]], index: int
    ) -> None:
        self._loop, self._events, self._index = loop, events, index

    def __call__(self, event: Event) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody is left to hear
            self._loop.call_soon_threadsafe(self._events.put_nowait, (self._index, event))
