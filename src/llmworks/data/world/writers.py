"""Writers: what makes a text, by kind; the stream (`stream.py`) draws them by weight.

    fact writer          (world, topic, draw) -> text       states each fact of the topic once, no other
    free writer          (world, draw) -> text              plain English, states nothing of the ledger
    conversation writer  (world, draw) -> Talk              messages for tuning, with the facts they state
    preference writer    (world, draw) -> Choice            one prompt, a better and a worse answer

Each module of writers ends with a tuple of these records; `all_writers.py` gathers them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from llmworks.data.world.ledger import RELATIONS, Fact, Topic, World
from llmworks.data.world.phrases import Draw

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Talk:
    messages: list[Message]
    facts: tuple[Fact, ...] = ()
    tools: list[dict[str, Any]] | None = None  # schemas, where the conversation may call tools


@dataclass(frozen=True, slots=True)
class Choice:
    prompt: list[Message]
    chosen: str
    rejected: str
    facts: tuple[Fact, ...] = ()  # that the chosen answer states
    why: str = ""  # "plain", "honest", ...: what the better one is better at


@dataclass(frozen=True, slots=True)
class FactWriter:
    """Takes topics of `least` to `most` facts: of one subject, or (`several`) of one relation of many."""

    name: str
    write: Callable[[World, Topic, Draw], str]
    weight: float
    least: int = 1
    most: int = 1
    several: bool = False
    question: bool = False  # asks and answers: only about entities that are `asked`
    relations: frozenset[str] = frozenset(RELATIONS)  # that it can state


@dataclass(frozen=True, slots=True)
class FreeWriter:
    name: str
    write: Callable[[World, Draw], str]
    weight: float


@dataclass(frozen=True, slots=True)
class TalkWriter:
    name: str
    write: Callable[[World, Draw], Talk]
    weight: float


@dataclass(frozen=True, slots=True)
class ChoiceWriter:
    name: str
    write: Callable[[World, Draw], Choice]
    weight: float
