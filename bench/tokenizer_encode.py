"""Encoding speed, single thread: llmworks beside tiktoken, Hugging Face tokenizers and gigatoken.

    python bench/tokenizer_encode.py [--megabytes 4] [--rounds 5] [--vocabulary cl100k] [--json]

In every round each program encodes the same text once, one after the other, so that a noisy moment hits all;
the best and the median round count, and the first pass, when nothing of the text is cached yet (the list of
ids comes second of ours, so its first pass is not one). Ids are compared with tiktoken's. Texts: English
prose, code, mixed scripts (prose from the development data, or from Python's library).
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import platform
import random
import statistics
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("RAYON_NUM_THREADS", "1")

from llmworks.text.bpe import BPETokenizer
from llmworks.text.patterns import PATTERNS
from llmworks.text.samples import SAME_TEXT
from llmworks.text.tokenizer import Tokenizer

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ.get("LLMWORKS_DATA") or ROOT.parent / "shared" / "data")

Encode = Callable[[str], Any]


def python_sources(characters: int) -> str:
    """Code that every machine with Python has."""
    folder = Path(sysconfig.get_paths()["stdlib"])
    text = ""
    for path in sorted(folder.glob("*.py")) + sorted(folder.glob("*/*.py")):
        text += path.read_text(encoding="utf-8", errors="replace")
        if len(text) >= characters:
            break
    return text


def english(characters: int) -> str:
    """Articles and stories from the development data, otherwise comments in Python's library."""
    for name in ("text/wiki_en.jsonl.xz", "text/stories_small.jsonl.xz"):
        if (DATA / name).exists():
            text = ""
            with lzma.open(DATA / name, "rt", encoding="utf-8") as lines:
                for line in lines:
                    text += json.loads(line)["text"] + "\n\n"
                    if len(text) >= characters:
                        return text
    lines = python_sources(8 * characters).splitlines()
    return "\n".join(
        line.strip() for line in lines if line.count(" ") > 6 and "=" not in line and "(" not in line
    )


def mixed(characters: int) -> str:
    """Eleven languages in turn. Each word is the first half of one and the second half of another of its
    language, frequent words frequent, so that there are thousands of different ones."""
    draw = random.Random(1)
    vocabularies = [text.split() if " " in text else list(text) for text in SAME_TEXT.values()]
    parts: list[str] = []
    size = 0
    while size < characters:
        words = draw.choice(vocabularies)
        for _ in range(draw.randint(4, 20)):
            left, right = (words[int(len(words) * draw.random() ** 2)] for _ in range(2))
            word = left if draw.random() < 0.5 else left[: (len(left) + 1) // 2] + right[len(right) // 2 :]
            parts.append(word if len(words[0]) == 1 else word + " ")
            size += len(parts[-1])
        parts.append(draw.choice([". ", "\n", ", ", f" {draw.randint(1, 2100)} "]))
    return "".join(parts)


def programs(vocabulary: str, folder: Path) -> tuple[Tokenizer, dict[str, Encode]]:
    """The encoders of one vocabulary, each `text -> ids`, our own first."""
    ours = read_vocabulary(vocabulary)
    found: dict[str, Encode] = {"llmworks": ours.encode_array, "llmworks list": ours.encode}
    file = folder / "tokenizer.json"
    file.write_text(ours.to_json(), encoding="utf-8")
    add_tiktoken(found, ours)
    try:
        import tokenizers

        hugging_face = tokenizers.Tokenizer.from_file(str(file))
        found["tokenizers"] = lambda text: hugging_face.encode(text, add_special_tokens=False).ids
    except ImportError:
        pass
    try:
        import gigatoken

        # It knows patterns by their spelling; Llama 3's differs from cl100k in blanks at a text's end.
        llama3 = json.dumps(PATTERNS["llama3"])
        file.write_text(ours.to_json().replace(json.dumps(PATTERNS["cl100k"]), llama3), encoding="utf-8")
        giga = gigatoken.Tokenizer(file)
        found["gigatoken"] = giga.encode
    except ImportError:
        pass
    return ours, found


def add_tiktoken(found: dict[str, Encode], ours: BPETokenizer) -> None:
    try:
        import tiktoken
        import tiktoken_ext.openai_public as public
    except ImportError:
        return
    # tiktoken's own, faster spelling of GPT-2's pattern; the others are spelled alike here and there.
    pattern = public.r50k_pat_str if ours.pattern == "gpt2" else PATTERNS[ours.pattern]
    encoding = tiktoken.Encoding(
        "bench", pat_str=pattern, mergeable_ranks=ours.vocabulary, special_tokens=ours.special_tokens
    )
    found["tiktoken"] = encoding.encode_ordinary


def read_vocabulary(name: str) -> BPETokenizer:
    """A vocabulary of the development data, or one trained on the spot where that is missing."""
    from llmworks.text.bpe_train import train_bpe

    if not (DATA / "tok").exists():
        print(
            "development data is not here: a vocabulary of 8,192 is trained on Python's sources",
            file=sys.stderr,
        )
        return train_bpe([python_sources(4_000_000)], 8192, pattern=name, special_tokens=["<|endoftext|>"])
    with tempfile.TemporaryDirectory() as folder:
        if name == "gpt2":
            merges = DATA / "tok" / "gpt2_merges.txt"
            vocab = Path(folder) / "vocab.json"
            vocab.write_bytes(lzma.decompress((DATA / "tok" / "gpt2_vocab.json.xz").read_bytes()))
            tokenizer = Tokenizer.from_file(vocab, merges=merges)
        else:
            ranks = Path(folder) / "cl100k_base.tiktoken"
            ranks.write_bytes(lzma.decompress((DATA / "tok" / "cl100k_base.tiktoken.xz").read_bytes()))
            tokenizer = Tokenizer.from_file(ranks)
    assert isinstance(tokenizer, BPETokenizer)
    return tokenizer


def first_pass(text: str, encoders: dict[str, Encode]) -> tuple[dict[str, float], dict[str, list[int]]]:
    """Seconds of the first time that each program meets this text, when no cache knows it; and its ids."""
    seconds, ids = {}, {}
    for name, encode in encoders.items():
        start = time.perf_counter()
        found = encode(text)
        seconds[name] = time.perf_counter() - start
        ids[name] = list(found)
    return seconds, ids


def compare(text: str, encoders: dict[str, Encode], rounds: int) -> dict[str, list[float]]:
    """Seconds of each round by program."""
    seconds: dict[str, list[float]] = {name: [] for name in encoders}
    for _ in range(rounds):
        for name, encode in encoders.items():
            start = time.perf_counter()
            encode(text)
            seconds[name].append(time.perf_counter() - start)
    return seconds


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=float, default=4.0, help="size of each text")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--vocabulary", choices=["cl100k", "gpt2"], default="cl100k")
    parser.add_argument("--only", nargs="*", default=[], help="programs to run beside llmworks")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    characters = int(options.megabytes * 1e6)
    with tempfile.TemporaryDirectory() as folder:
        _, encoders = programs(options.vocabulary, Path(folder))
    if options.only:
        encoders = {
            name: e for name, e in encoders.items() if name.startswith("llmworks") or name in options.only
        }
    results: dict[str, Any] = {}
    for name, make in {"English prose": english, "code": python_sources, "mixed scripts": mixed}.items():
        text = make(characters)[:characters]
        size = len(text.encode()) / 1e6
        first, ids = first_pass(text, encoders)
        seconds = compare(text, encoders, options.rounds)
        results[name] = {
            program: {
                "first MB/s": size / first[program],
                "best MB/s": size / min(times),
                "median MB/s": size / statistics.median(times),
                "same ids": ids[program] == ids["tiktoken" if "tiktoken" in ids else "llmworks"],
            }
            for program, times in seconds.items()
        } | {"MB": size, "tokens": len(ids["llmworks"])}
    if options.json:
        print(json.dumps(results, indent=1))
    else:
        show(results, options)
    return results


def show(results: dict[str, Any], options: argparse.Namespace) -> None:
    print(
        f"{options.vocabulary} vocabulary, one thread, {options.rounds} interleaved rounds, "
        f"{os.cpu_count()} processors ({platform.machine()}), Python {platform.python_version()}"
    )
    for name, programs in results.items():
        print(f"\n{name}: {programs['MB']:.1f} MB, {programs['tokens']:,} tokens")
        print("  MB/s               first     best   median   llmworks is faster by (best)")
        ours = programs["llmworks"]["best MB/s"]
        for program, row in programs.items():
            if isinstance(row, dict):
                note = "" if row["same ids"] else "   OTHER IDS"
                speeds = "".join(f"{row[kind]:9.1f}" for kind in ("first MB/s", "best MB/s", "median MB/s"))
                print(f"  {program:14s} {speeds}   {ours / row['best MB/s']:6.1f}{note}")


if __name__ == "__main__":
    main()
