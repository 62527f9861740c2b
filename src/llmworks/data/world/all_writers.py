"""Every writer of the closed world, gathered from the packages that write."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from llmworks.data.world.writers import ChoiceWriter, FactWriter, FreeWriter, TalkWriter

_PACKAGES = ("prose", "stories", "questions", "instructions")


def _gathered(name: str) -> tuple[Any, ...]:
    found: list[Any] = []
    for package in _PACKAGES:
        found += getattr(import_module(f"llmworks.data.world.{package}"), name, ())
    return tuple(found)


FACT_WRITERS: tuple[FactWriter, ...] = _gathered("FACT_WRITERS")
FREE_WRITERS: tuple[FreeWriter, ...] = _gathered("FREE_WRITERS")
TALK_WRITERS: tuple[TalkWriter, ...] = _gathered("TALK_WRITERS")
CHOICE_WRITERS: tuple[ChoiceWriter, ...] = _gathered("CHOICE_WRITERS")
