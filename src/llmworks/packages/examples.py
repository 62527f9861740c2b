"""What a model's card proposes to try: the `widget` of its front matter, as the Hugging Face Hub writes it.

widget:
- text: Once upon a time
- messages:
  - {role: user, content: Who are you?}
"""

from __future__ import annotations

from typing import Any

import yaml

MOST = 8


def read_examples(card: str) -> dict[str, list[str]]:
    """{"texts": beginnings of a text, "messages": first messages of a conversation}."""
    found: dict[str, list[str]] = {"texts": [], "messages": []}
    for entry in _widget(card):
        if not isinstance(entry, dict):
            continue
        messages = entry.get("messages")
        first = messages[0] if isinstance(messages, list) and messages else None
        if isinstance(entry.get("text"), str):
            found["texts"].append(entry["text"])
        elif (
            isinstance(first, dict) and first.get("role") == "user" and isinstance(first.get("content"), str)
        ):
            found["messages"].append(first["content"])
    return {kind: texts[:MOST] for kind, texts in found.items()}


def _widget(card: str) -> list[Any]:
    parts = card.split("\n---", 1)
    if not card.startswith("---\n") or len(parts) == 1:
        return []
    try:
        said = yaml.safe_load(parts[0][4:])
    except yaml.YAMLError:  # a stranger's card may be broken: then it has nothing to propose
        return []
    widget = said.get("widget") if isinstance(said, dict) else None
    return widget if isinstance(widget, list) else []
