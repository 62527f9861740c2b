"""The texts of a world, as records, in an order that depends on the seed alone.

    plan (facts of each text)  +  free texts  ──shuffled──►  text n = writer(world, topic, Draw(seed, n))

Text n needs nothing of text n - 1, so any part of the stream can be made by any process and the parts be
joined: the result is the same for every number of workers. Three streams: texts to learn the language and
the facts from (`WorldStream`), conversations for tuning (`talks`), preferences (`choices`).
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from llmworks.data.world.ledger import World
from llmworks.data.world.luck import even, mixed, mixed_at, mixed_grid, shuffled
from llmworks.data.world.phrases import Draw
from llmworks.data.world.schedule import Mix, plan_texts, topic_of
from llmworks.data.world.writers import ChoiceWriter, FactWriter, FreeWriter, TalkWriter
from llmworks.errors import ConfigError

Record = dict[str, Any]
Ints = npt.NDArray[np.signedinteger[Any]]
_Text = tuple[str, str, list[int]]  # kind, text, ids of facts
_SAMPLE = 400  # texts written to learn how long they are
_BATCH = 4000  # texts that are written together
_FIRST = 48  # numbers of luck that are made ahead for each text
_BEYOND = 1 << 40  # numbers of no text, for samples


class _Weighted(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def weight(self) -> float: ...


W = TypeVar("W", bound=_Weighted)


class _ByWeight:
    """Draws one of several by weight."""

    def __init__(self, options: Sequence[W], what: str) -> None:
        self.options = tuple(option for option in options if option.weight > 0)
        if not self.options:
            raise ConfigError(f"there is no writer of {what} with a weight above 0")
        self.sums = list(accumulate(option.weight for option in self.options))

    def __call__(self, luck: float) -> Any:
        return self.options[bisect(self.sums, luck * self.sums[-1])]


class WorldStream:
    """The pretraining texts: iterate for {"id", "kind", "text", "facts"}, or take a `part`.

    `kind` is the writer's name, `facts` the ids of the facts that the text states. Each fact of the world is
    stated in exactly as many texts as it has exposures.
    """

    def __init__(
        self,
        world: World,
        *,
        seed: int | None = None,
        mix: Mix | None = None,
        fact_writers: Sequence[FactWriter] | None = None,
        free_writers: Sequence[FreeWriter] | None = None,
    ) -> None:
        if fact_writers is None or free_writers is None:
            from llmworks.data.world import all_writers

            fact_writers = all_writers.FACT_WRITERS if fact_writers is None else fact_writers
            free_writers = all_writers.FREE_WRITERS if free_writers is None else free_writers
        self.world, self.mix = world, mix or Mix()
        self.seed = world.seed if seed is None else seed
        self.plan = plan_texts(world, fact_writers, self.seed, self.mix)
        self._free = tuple(writer for writer in free_writers if writer.weight > 0) if self.mix.free else ()
        self._free_sums = np.cumsum([writer.weight for writer in self._free] or [1.0])
        self._draw = Draw(0)
        fact_size, free_size = self._sizes()
        said = len(self.plan)
        share = self.mix.free / (1 - self.mix.free)
        self.free_texts = round(share * said * fact_size / free_size) if self._free else 0
        self.bytes_expected = round(said * fact_size + self.free_texts * free_size)
        self._order = shuffled(self.seed * 8 + 7, said + self.free_texts).astype(np.int32)

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[Record]:
        return self.part(0, len(self))

    def part(self, start: int, end: int) -> Iterator[Record]:
        """Records `start` to `end` (not included)."""
        end = min(end, len(self))
        for first in range(start, end, _BATCH):
            numbers = np.arange(first, min(first + _BATCH, end))
            texts = self._texts(self._order[numbers], numbers)
            for number, (kind, text, facts) in zip(numbers.tolist(), texts, strict=True):
                yield {"id": number, "kind": kind, "text": text, "facts": facts}

    def record(self, number: int) -> Record:
        """One record, made alone."""
        return next(self.part(number, number + 1))

    def _texts(self, items: Ints, numbers: npt.NDArray[np.int64]) -> list[_Text]:
        """The texts of a batch, kind by kind: a writer called again finds its phrases in the cache."""
        plan, said, draw = self.plan, len(self.plan), self._draw
        seeds, luck = _luck(self.seed, numbers)
        writers = self._writers_of(items, numbers)
        inside = np.minimum(items, said - 1)
        starts, ends = plan.start[inside].tolist(), plan.start[inside + 1].tolist()
        texts: list[_Text] = [("", "", [])] * len(items)
        of_facts = len(plan.writers)
        for place in np.argsort(writers, kind="stable").tolist():
            number = writers[place]
            draw.begin(seeds[place], luck[place])
            if number < of_facts:
                writer, ids = plan.writers[number], plan.facts[starts[place] : ends[place]].tolist()
                texts[place] = (
                    writer.name,
                    writer.write(self.world, topic_of(self.world, writer, ids), draw),
                    ids,
                )
            else:
                free = self._free[number - of_facts]
                texts[place] = free.name, free.write(self.world, draw), []
        return texts

    def _writers_of(self, items: Ints, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Who writes each item: the plan's writer, or beyond the plan a free one, by weight."""
        said = len(self.plan)
        found = self.plan.writer[np.minimum(items, said - 1)].astype(np.int64)
        luck = even(mixed_at(self.seed * 8 + 4, numbers)) * self._free_sums[-1]
        free = np.searchsorted(self._free_sums, luck, "right") + len(self.plan.writers)
        return np.where(items < said, found, free)

    def _sizes(self) -> tuple[float, float]:
        """Mean bytes of a text that states facts, and of a free one: from samples of both."""
        said = len(self.plan)
        items = np.arange(0, said, max(1, said // _SAMPLE))
        told = self._texts(items, items + _BEYOND)
        fact = sum(len(text.encode()) for _, text, _ in told) / len(told)
        if not self._free:
            return fact, 1.0
        told = self._texts(np.full(_SAMPLE, said), np.arange(_SAMPLE) + 2 * _BEYOND)
        return fact, sum(len(text.encode()) for _, text, _ in told) / _SAMPLE


def _luck(seed: int, numbers: npt.NDArray[np.int64]) -> tuple[list[int], list[list[float]]]:
    """For each text its own seed, and the first numbers that follow from it."""
    seeds = mixed_at(seed, numbers)
    return seeds.tolist(), even(mixed_grid(seeds, _FIRST)).tolist()


def talks(
    world: World, count: int, seed: int = 0, *, start: int = 0, writers: Sequence[TalkWriter] | None = None
) -> Iterator[Record]:
    """Conversations `start` to `count`: {"id", "kind", "messages", "facts"}, and "tools" where there are."""
    if writers is None:
        from llmworks.data.world import all_writers

        writers = all_writers.TALK_WRITERS
    draw, pick = Draw(0), _ByWeight(writers, "conversations")
    for number in range(start, count):
        draw.seed(mixed(seed * 8 + 5, number))
        writer: TalkWriter = pick(draw.random())
        talk = writer.write(world, draw)
        record: Record = {"id": number, "kind": writer.name, "messages": talk.messages}
        if talk.tools is not None:
            record["tools"] = talk.tools
        yield record | {"facts": [fact.id for fact in talk.facts]}


def choices(
    world: World, count: int, seed: int = 0, *, start: int = 0, writers: Sequence[ChoiceWriter] | None = None
) -> Iterator[Record]:
    """Preferences `start` to `count`: {"id", "kind", "why", "prompt", "chosen", "rejected", "facts"}."""
    if writers is None:
        from llmworks.data.world import all_writers

        writers = all_writers.CHOICE_WRITERS
    draw, pick = Draw(0), _ByWeight(writers, "preferences")
    for number in range(start, count):
        draw.seed(mixed(seed * 8 + 6, number))
        writer: ChoiceWriter = pick(draw.random())
        made = writer.write(world, draw)
        yield {
            "id": number, "kind": writer.name, "why": made.why, "prompt": made.prompt, "chosen": made.chosen,
            "rejected": made.rejected, "facts": [fact.id for fact in made.facts],
        }  # fmt: skip
