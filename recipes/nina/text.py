"""nina's real text from the development data: `python recipes/nina/text.py DATA OUT`.

    DATA/text, DATA/sft  -->  OUT/train/{books,articles,stories,dialogues,questions}.jsonl   {"text"}
                              OUT/heldout/the same                                           {"text"}
                              OUT/CREDITS.md                         whom to thank for the stories

Books are taken from the plainest on (the `simplicity` field) up to a budget of characters; typographic quotes
become plain ones, since that is what people type. A document is held out by the hash of its title, so a book
is wholly on one side. Nothing from the list of data that must not be shipped is read.
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

BOOK_CHARACTERS = 60_000_000
WIKI_CHARACTERS = 24_000_000
QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "—": " - ", "–": "-", "\u00a0": " ", "_": ""})
SPEAKERS = ["Anna", "Ben", "Clara", "David", "Ella", "Frank", "Grace", "Henry", "Ida", "James", "Kate", "Leo"]
HOMES = {"asp": "African Storybook", "pb": "Pratham Books' StoryWeaver", "fairytaleqa": "FairytaleQA"}
Row = dict[str, Any]
Titled = Iterator[tuple[str, str]]


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


def sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", '"')) else text + "."


def books(data: Path) -> Titled:
    budget = BOOK_CHARACTERS
    for row in sorted(rows(data / "text/gutenberg_simple.jsonl.xz"), key=lambda row: -row["simplicity"]):
        body = book_body(row["text"])
        budget -= len(body)
        if budget < 0:
            return
        yield row["title"], body


def book_body(text: str) -> str:
    """The book without title page, contents and advertisements: the paragraphs that hold running prose."""
    paragraphs = [p for p in text.split("\n\n") if not p.startswith("    ") and "gutenberg" not in p.lower()]
    first = next((i for i, p in enumerate(paragraphs) if len(p) > 200 and i > 4), 0)
    return clean("\n\n".join(p for p in paragraphs[first:] if not p.isupper()))


def articles(data: Path) -> Titled:
    budget = WIKI_CHARACTERS
    for row in rows(data / "text/wiki_en.jsonl.xz"):
        text = clean(row["text"].replace(" ()", ""))
        if 400 < len(text) < 8000:  # neither stubs nor lists of results
            budget -= len(text)
            if budget < 0:
                return
            yield row["title"], text


def stories(data: Path) -> Titled:
    """Stories whose licence is known."""
    for row in rows(data / "text/stories_small.jsonl.xz"):
        if row["license"] != "?":
            yield row["title"], clean(row["text"])


def dialogues(data: Path) -> Titled:
    """Errands by telephone and counter, each line after its speaker's name or as plain turns."""
    for row in rows(data / "sft/taskmaster4_dialogs.jsonl.xz"):
        said = [(speaker == "user", clean(text)) for speaker, text in row["turns"]]
        yield row["id"], script(row["id"], said)
    for row in rows(data / "sft/sgd_dialogs.jsonl.xz"):
        said = [(turn["speaker"] == "USER", clean(turn["text"])) for turn in row["turns"]]
        yield row["id"], script(row["id"], said)


def script(seed: str, said: list[tuple[bool, str]]) -> str:
    draw = random.Random(seed)
    first, second = draw.sample(SPEAKERS, 2)
    lines = [sentence(text) for _, text in said if text]
    match draw.randrange(3):
        case 0:
            return "\n".join(f"{first if mine else second}: {sentence(text)}" for mine, text in said if text)
        case 1:
            return "\n".join(f'"{line}"' for line in lines)
        case _:
            return "\n".join(f"- {line}" for line in lines)


def questions(data: Path) -> Titled:
    """Questions and instructions with their answers, as running text."""
    for row in rows(data / "sft/dolly_part.jsonl.xz"):
        yield row["instruction"], clean(f"{row['instruction']}\n\n{row['response']}")
    for row in rows(data / "sft/gsm8k_train.jsonl.xz"):
        answer = re.sub(r"<<[^>]*>>", "", row["answer"]).replace("\n#### ", "\nThe answer is ")
        yield row["question"], clean(f"{row['question']}\n{sentence(answer)}")
    for row in rows(data / "sft/fairytaleqa_train.jsonl.xz"):
        if row["context"] and len(row["context"]) < 1200:
            asked = f"{row['context']}\n\n{row['question']}\n{sentence(row['answer'])}"
            yield row["story"], clean(asked)


def credits(data: Path) -> str:
    """The stories that are read, with whom to thank: Markdown for the bundle's CREDITS.md."""
    lines = [
        f"- {' '.join(row['title'].split())} ({HOMES[row['source']]}; {row.get('credit') or 'traditional'}; "
        f"{row['license']})"
        for row in rows(data / "text/stories_small.jsonl.xz")
        if row["license"] != "?"
    ]
    return "# Stories that nina was trained on\n\n" + "\n".join(sorted(lines)) + "\n"


def write(path: Path, texts: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)
    path.write_text("".join(lines), encoding="utf-8")
    print(f"{path}: {len(texts):,} texts, {path.stat().st_size / 1e6:.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path, help="the development data (holds text/ and sft/)")
    parser.add_argument("out", type=Path, help="folder to write")
    arguments = parser.parse_args()
    makers = {
        "books": (books, 0.02),
        "articles": (articles, 0.02),
        "stories": (stories, 0.04),
        "dialogues": (dialogues, 0.01),
        "questions": (questions, 0.01),
    }
    for name, (make, share) in makers.items():
        train, kept = [], []
        for title, text in make(arguments.data):
            (kept if held_out(title, share) else train).append(text)
        write(arguments.out / "train" / f"{name}.jsonl", train)
        write(arguments.out / "heldout" / f"{name}.jsonl", kept)
    (arguments.out / "CREDITS.md").write_text(credits(arguments.data), encoding="utf-8")


if __name__ == "__main__":
    main()
