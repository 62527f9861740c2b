"""Make spark's training text from the development data: `python recipes/spark/prepare.py DATA OUT`.

    DATA/text, DATA/sft  -->  OUT/pretrain/*.jsonl    {"text"}       books, articles, stories, questions
                              OUT/chat/train.jsonl    {"messages"}   what the chat model is tuned on
                              OUT/heldout/*.jsonl     {"text"}       whole documents that no run may see
                              OUT/CREDITS.md                         whom to thank for the stories

Books are taken from the plainest on (the `simplicity` field) up to a budget of characters; typographic
quotes become plain ones, since that is what people type. A document is held out by the hash of its title,
so a book is wholly on one side. Nothing from the list of data that must not be shipped is read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BOOK_CHARACTERS = 72_000_000
WIKI_CHARACTERS = 24_000_000
QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "—": "--", "\u00a0": " ", "_": None})
Row = dict[str, Any]


def rows(path: Path) -> Iterator[Row]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def held_out(title: str, share: float) -> bool:
    """Whether the document of this title is kept from training: by hash, so always the same ones."""
    return int.from_bytes(hashlib.blake2b(title.encode(), digest_size=4).digest(), "big") < share * 2**32


def clean(text: str) -> str:
    """Plain quotes, single spaces, paragraphs that are not broken into lines (verse stays as it is)."""
    text = re.sub(r"[ \t]+", " ", text.translate(QUOTES))
    text = re.sub(r"(?<=[^\n]{45})\n(?=\S)", " ", text)
    return re.sub(r" *\n(?: *\n)+ *", "\n\n", text).strip()


def book_body(text: str) -> str:
    """The book without title page, contents and advertisements: the paragraphs that hold running prose."""
    paragraphs = [p for p in text.split("\n\n") if not p.startswith("    ") and "gutenberg" not in p.lower()]
    first = next((i for i, p in enumerate(paragraphs) if len(p) > 200 and i > 4), 0)
    return clean("\n\n".join(p for p in paragraphs[first:] if not p.isupper()))


def books(data: Path) -> Iterator[tuple[str, str]]:
    shelf = sorted(rows(data / "text/gutenberg_simple.jsonl.xz"), key=lambda row: -row["simplicity"])
    budget = BOOK_CHARACTERS
    for row in shelf:
        body = book_body(row["text"])
        budget -= len(body)
        if budget < 0:
            return
        yield row["title"], body


def articles(data: Path) -> Iterator[tuple[str, str]]:
    budget = WIKI_CHARACTERS
    for row in rows(data / "text/wiki_en.jsonl.xz"):
        text = clean(row["text"].replace(" ()", ""))
        if 400 < len(text) < 8000:  # neither stubs nor lists of results
            budget -= len(text)
            if budget < 0:
                return
            yield row["title"], text


def stories(data: Path) -> Iterator[tuple[str, str, str]]:
    """Title, text and licence of each story whose licence is known."""
    for row in rows(data / "text/stories_small.jsonl.xz"):
        if row["license"] != "?":
            yield row["title"], clean(row["text"]), row["license"]


def questions(data: Path) -> Iterator[tuple[str, str]]:
    """Modern question-and-answer prose, as running text for pretraining."""
    for row in rows(data / "sft/dolly_part.jsonl.xz"):
        yield row["instruction"], clean(f"{row['instruction']}\n\n{row['response']}")


def conversations(data: Path, draw: random.Random) -> Iterator[list[Row]]:
    """What the chat model is tuned on, in the `messages` format."""
    for row in rows(data / "sft/dolly_part.jsonl.xz"):
        if 2 < len(row["response"]) < 600 and not held_out(row["instruction"], 0.02):
            yield turns(clean(row["instruction"]), clean(row["response"]))
    for row in rows(data / "sft/fairytaleqa_train.jsonl.xz"):
        if len(row["context"] or "") < 1200 and row["context"] and not held_out(row["story"], 0.02):
            yield turns(clean(f"{row['context']}\n\n{row['question']}"), sentence(clean(row["answer"])))
    for row in rows(data / "sft/taskmaster4_dialogs.jsonl.xz"):
        if spoken := alternating([(speaker, clean(text)) for speaker, text in row["turns"]]):
            yield spoken
    for row in rows(data / "sft/sgd_dialogs.jsonl.xz"):
        said = [("user" if t["speaker"] == "USER" else "assistant", clean(t["text"])) for t in row["turns"]]
        if draw.random() < 0.3 and (spoken := alternating(said)):
            yield spoken
    for title, text, _ in stories(data):
        if len(text) > 400 and not held_out(title, 0.02):
            beginning = text[: text.rfind(".", 0, 900) + 1]
            subject = re.sub(r"[-_]+", " ", title)
            for ask in ("Tell me a story.", f"Tell me a story about {subject}.", f"Write a story: {subject}"):
                yield turns(ask, beginning or text[:900])
    persona = [json.loads(line) for line in (HERE / "persona.jsonl").read_text().splitlines()]
    for _ in range(25):
        first, second = draw.sample(persona, 2)
        for row in persona:
            yield turns(row["user"], row["assistant"])
            yield turns(first["user"], first["assistant"]) + turns(row["user"], row["assistant"])
            first, second = second, row


def credits(data: Path) -> str:
    """The stories that are read, with whom to thank: Markdown for the bundle's CREDITS.md."""
    homes = {"asp": "African Storybook", "pb": "Pratham Books' StoryWeaver", "fairytaleqa": "FairytaleQA"}
    lines = [
        f"- {' '.join(row['title'].split())} ({homes[row['source']]}; {row.get('credit') or 'traditional'}; "
        f"{row['license']})"
        for row in rows(data / "text/stories_small.jsonl.xz")
        if row["license"] != "?"
    ]
    return "# Stories that spark was trained on\n\n" + "\n".join(sorted(lines)) + "\n"


def turns(user: str, assistant: str) -> list[Row]:
    return [{"role": "user", "content": user}, {"role": "assistant", "content": assistant}]


def sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", '"')) else text + "."


def alternating(said: list[tuple[str, str]]) -> list[Row] | None:
    """A dialogue whose speakers take turns, the user first and the assistant last; None if there is none."""
    merged: list[Row] = []
    for speaker, text in said:
        if not text or (not merged and speaker != "user"):
            continue
        if merged and merged[-1]["role"] == speaker:
            merged[-1]["content"] += " " + text
        else:
            merged.append({"role": speaker, "content": text})
    if merged and merged[-1]["role"] == "user":
        merged.pop()
    return merged or None


def write(path: Path, items: list[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), encoding="utf-8")
    print(f"{path}: {len(items):,} rows, {path.stat().st_size / 1e6:.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path, help="the development data (holds text/ and sft/)")
    parser.add_argument("out", type=Path, help="folder to write")
    arguments = parser.parse_args()
    draw = random.Random(0)
    sources = {
        "books": (books(arguments.data), 0.02),
        "articles": (articles(arguments.data), 0.02),
        "stories": (((title, text) for title, text, _ in stories(arguments.data)), 0.04),
        "questions": (questions(arguments.data), 0.02),
    }
    for name, (documents, share) in sources.items():
        train, kept = [], []
        for title, text in documents:
            (kept if held_out(title, share) else train).append({"text": text})
        write(arguments.out / "pretrain" / f"{name}.jsonl", train)
        write(arguments.out / "heldout" / f"{name}.jsonl", kept)
    chats = [{"messages": messages} for messages in conversations(arguments.data, draw)]
    draw.shuffle(chats)
    write(arguments.out / "chat" / "train.jsonl", chats)
    (arguments.out / "CREDITS.md").write_text(credits(arguments.data), encoding="utf-8")


if __name__ == "__main__":
    main()
