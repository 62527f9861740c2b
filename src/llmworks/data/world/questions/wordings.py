"""`WORDINGS`: how every relation of the ledger is asked and answered."""

from __future__ import annotations

from llmworks.data.world.ledger import RELATIONS
from llmworks.data.world.questions import people, places, things
from llmworks.data.world.questions.shapes import Wording

__all__ = ["WORDINGS", "Wording"]

_ALL = people.WORDINGS | places.WORDINGS | things.WORDINGS
WORDINGS: dict[str, Wording] = {relation: _ALL[relation] for relation in RELATIONS}
