"""What a card proposes to try, and cards that propose nothing."""

from __future__ import annotations

import pytest

from llmworks.packages.examples import MOST, read_examples

NOTHING: dict[str, list[str]] = {"texts": [], "messages": []}


def test_texts_and_first_messages_are_read() -> None:
    card = """---
license: mit
widget:
- text: Once upon a time
- messages:
  - {role: user, content: "Who are you?"}
  - {role: assistant, content: "A model."}
- text: "Dear: Aunt"
  example_title: A letter
---
# A model
"""
    assert read_examples(card) == {"texts": ["Once upon a time", "Dear: Aunt"], "messages": ["Who are you?"]}


@pytest.mark.parametrize(
    "card",
    [
        "", "# A model", "---", "---\n", "---\nwidget:\n- text: x", "---\nwidget: [\n---\n",
        "---\n- a\n---\n",
        "---\nwidget: 3\n---\n", "---\nwidget: !!python/object:os.system x\n---\n",
        "---\nwidget:\n- text: 3\n- 5\n- messages: []\n- messages: [3]\n---\n",
        "---\nwidget:\n- messages: [{role: system, content: x}]\n---\n",
    ],
)  # fmt: skip
def test_a_card_without_or_with_a_broken_widget_proposes_nothing(card: str) -> None:
    assert read_examples(card) == NOTHING


def test_a_long_list_is_cut() -> None:
    card = "---\nwidget:\n" + "".join(f"- text: text {n}\n" for n in range(50)) + "---\n"
    assert len(read_examples(card)["texts"]) == MOST
