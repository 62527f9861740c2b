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

from llmworks.data.world.ledger import World
from llmworks.data.world.luck import mixed, shuffled
from llmworks.data.world.phrases import Draw
from llmworks.data.world.schedule import Mix, plan_texts
from llmworks.data.world.writers import ChoiceWriter, FactWriter, FreeWriter, TalkWriter
from llmworks.errors import ConfigError

Record = dict[str, Any]
_SAMPLE = 400  # texts written to learn how long they are


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
        if not 0 <= self.mix.free < 1:
            raise ConfigError(f"the share of free text must be in [0, 1); it is {self.mix.free}")
        self.plan = plan_texts(world, fact_writers, self.seed, self.mix)
        self._free = _ByWeight(free_writers, "free text") if free_writers and self.mix.free else None
        self._draw = Draw(0)
        fact_size, free_size = self._sizes()
        said = len(self.plan)
        share = self.mix.free / (1 - self.mix.free)
        self.free_texts = round(share * said * fact_size / free_size) if self._free is not None else 0
        self.bytes_expected = round(said * fact_size + self.free_texts * free_size)
        self._order = shuffled(self.seed * 8 + 7, said + self.free_texts).astype("int32")

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[Record]:
        return self.part(0, len(self))

    def part(self, start: int, end: int) -> Iterator[Record]:
        """Records `start` to `end` (not included)."""
        for number in range(start, min(end, len(self))):
            yield self.record(number)

    def record(self, number: int) -> Record:
        kind, text, facts = self._text(int(self._order[number]), number)
        return {"id": number, "kind": kind, "text": text, "facts": facts}

    def _text(self, item: int, number: int) -> tuple[str, str, list[int]]:
        draw = self._draw
        draw.begin(mixed(self.seed, number))
        if item < len(self.plan):
            writer, topic = self.plan.topic(self.world, item)
            return writer.name, writer.write(self.world, topic, draw), [fact.id for fact in topic.facts]
        assert self._free is not None  # items beyond the plan exist only with free writers
        free: FreeWriter = self._free(draw.random())
        return free.name, free.write(self.world, draw), []

    def _sizes(self) -> tuple[float, float]:
        """Mean bytes of a text that states facts, and of a free one: from samples of both."""
        said = len(self.plan)
        some = range(0, said, max(1, said // _SAMPLE))
        fact = sum(len(self._text(item, -1 - item)[1].encode()) for item in some) / max(1, len(some))
        if self._free is None:
            return fact, 1.0
        free = sum(len(self._text(said, -1 - item)[1].encode()) for item in range(_SAMPLE)) / _SAMPLE
        return fact, free


def talks(
    world: World, count: int, seed: int = 0, *, start: int = 0, writers: Sequence[TalkWriter] | None = None
) -> Iterator[Record]:
    """Conversations `start` to `count`: {"id", "kind", "messages", "facts"}, and "tools" where there are."""
    if writers is None:
        from llmworks.data.world import all_writers

        writers = all_writers.TALK_WRITERS
    draw, pick = Draw(0), _ByWeight(writers, "conversations")
    for number in range(start, count):
        draw.begin(mixed(seed * 8 + 5, number))
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
        draw.begin(mixed(seed * 8 + 6, number))
        writer: ChoiceWriter = pick(draw.random())
        made = writer.write(world, draw)
        yield {
            "id": number, "kind": writer.name, "why": made.why, "prompt": made.prompt, "chosen": made.chosen,
            "rejected": made.rejected, "facts": [fact.id for fact in made.facts],
        }  # fmt: skip
