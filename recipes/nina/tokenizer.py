"""nina's tokenizer: `python recipes/nina/tokenizer.py TEXT WORLD OUT.json`.

Byte-level BPE with 8,192 entries over plain English (TEXT, as text.py left it) and the closed world
(WORLD, as `llmworks world make` left it), of either as much, so that the names of the world are few tokens.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from llmworks.text.bpe_train import train_bpe

ENTRIES = 8_192
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
SAMPLE = 30_000_000  # characters of either


def texts(paths: list[Path], budget: int) -> Iterator[str]:
    """Documents of the files in turn, a like number of characters of each, at most 20,000 of a document."""
    for path in paths:
        left = budget // len(paths)
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                text = json.loads(line)["text"][:20_000]
                left -= len(text)
                if left < 0:
                    break
                yield text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("text", type=Path)
    parser.add_argument("world", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    english = sorted((arguments.text / "train").glob("*.jsonl"))
    corpus = [*texts(english, SAMPLE), *texts([arguments.world / "text.jsonl"], SAMPLE)]
    tokenizer = train_bpe(corpus, ENTRIES, pattern="cl100k", special_tokens=SPECIAL, threads=1)
    tokenizer.save(arguments.out)
    for name, some in (("English", corpus[:2000]), ("the world", list(islice(reversed(corpus), 2000)))):
        tokens = sum(map(len, tokenizer.encode_batch(some)))
        print(f"{name}: {sum(map(len, some)) / tokens:.2f} characters a token")


if __name__ == "__main__":
    main()
