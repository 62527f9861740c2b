"""Small made-up rows in the shapes of the real sets, as the Hub has them; both harnesses get the same."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

Row = dict[str, Any]
WORDS = [
    "the",
    "old",
    "woman",
    "opened",
    "her",
    "red",
    "door",
    "and",
    "looked",
    "at",
    "grey",
    "cat",
    "sky",
    "house",
    "small",
    "morning",
    "wood",
    "rain",
    "edge",
    "upon",
    "time",
    "behind",
    "lived",
    "nothing",
    "said",
    "seen",
    "like",
    "these",
    "it",
    "will",
    "not",
    "today",
    "every",
]


def sentence(draw: random.Random, low: int = 4, high: int = 12) -> str:
    words = [draw.choice(WORDS) for _ in range(draw.randint(low, high))]
    return (" ".join(words)).capitalize() + draw.choice([".", "!", "?", ""])


def arc(draw: random.Random) -> Row:
    count = draw.randint(3, 5)
    labels = list("ABCDE" if draw.random() < 0.7 else "12345")[:count]
    return {
        "id": f"q{draw.random()}",
        "question": sentence(draw) + "?",
        "choices": {"text": [sentence(draw, 1, 5) for _ in range(count)], "label": labels},
        "answerKey": draw.choice(labels),
    }


def hellaswag(draw: random.Random) -> Row:
    endings = [
        sentence(draw, 3, 9) + draw.choice(["", " [step] then  more", " [title] Next"]) for _ in range(4)
    ]
    return {
        "ind": 1,
        "activity_label": sentence(draw, 1, 3),
        "ctx_a": sentence(draw),
        "ctx_b": sentence(draw, 1, 3).lower(),
        "ctx": "",
        "endings": endings,
        "label": str(draw.randint(0, 3)),
    }


def blimp(draw: random.Random) -> Row:
    return {"sentence_good": sentence(draw), "sentence_bad": sentence(draw), "field": "syntax", "UID": "x"}


def lambada(draw: random.Random) -> Row:
    return {"text": sentence(draw, 8, 30).rstrip(".!?") + " " + draw.choice(WORDS)}


def mmlu(draw: random.Random) -> Row:
    return {
        "question": sentence(draw) + draw.choice(["", " ", "\n"]),
        "subject": "abstract_algebra",
        "choices": [sentence(draw, 1, 4) for _ in range(4)],
        "answer": draw.randint(0, 3),
    }


def gsm8k(draw: random.Random) -> Row:
    return {"question": sentence(draw), "answer": f"{sentence(draw)}\n#### {draw.randint(0, 2000):,}"}


def truthfulqa(draw: random.Random) -> Row:
    def targets(true: int) -> Row:
        labels = [1] * true + [0] * draw.randint(1, 4)
        return {"choices": [sentence(draw, 2, 7) for _ in labels], "labels": labels}

    return {"question": sentence(draw), "mc1_targets": targets(1), "mc2_targets": targets(draw.randint(1, 3))}


def wikitext(draw: random.Random) -> Row:
    pieces = [f" = {sentence(draw, 1, 3)} = \n \n"]
    for _ in range(draw.randint(1, 12)):
        pieces.append(
            f' {sentence(draw)} ; ( {sentence(draw, 1, 4)} ) , the 1 @,@ 200 \' s " {sentence(draw)} " \n'
        )
    return {"page": "".join(pieces)}


def rows_of(maker: Any, count: int, seed: int) -> list[Row]:
    draw = random.Random(seed)
    return [maker(draw) for _ in range(count)]


def write(path: Path, rows: list[Row]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path
