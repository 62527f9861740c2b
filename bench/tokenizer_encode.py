"""Encoding speed, single thread: llmworks beside tiktoken, Hugging Face tokenizers and gigatoken.

    python bench/tokenizer_encode.py [--megabytes 4] [--rounds 5] [--vocabulary cl100k] [--json]

In every round each program encodes the same text once, one after the other, so that a noisy moment hits all;
the best and the median round count. Ids are compared before anything is timed. Texts: English prose, code,
mixed scripts (prose from the development data where it is there, otherwise comments in Python's library).
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import platform
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
    """Eleven languages, sentence by sentence; numbers make no two sentences alike."""
    sentences = [part for text in SAME_TEXT.values() for part in text.replace("。", ".").split(".") if part]
    words = sorted({word for sentence in sentences for word in sentence.split()})
    parts: list[str] = []
    size = place = 0
    state = 12345
    while size < characters:
        # Words of many languages in an order that does not repeat: a linear congruential generator.
        state = (1103515245 * state + 12345) % (1 << 31)
        parts.append(
            words[(state >> 8) % len(words)] if place % 3 else sentences[(state >> 8) % len(sentences)]
        )
        size += len(parts[-1]) + 1
        place += 1
    return " ".join(parts)


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
        ours, encoders = programs(options.vocabulary, Path(folder))
    if options.only:
        encoders = {
            name: e for name, e in encoders.items() if name.startswith("llmworks") or name in options.only
        }
    results: dict[str, Any] = {}
    for name, make in {"English prose": english, "code": python_sources, "mixed scripts": mixed}.items():
        text = make(characters)[:characters]
        size = len(text.encode()) / 1e6
        ids = ours.encode(text)
        same = {program: list(encode(text)) == ids for program, encode in encoders.items()}
        seconds = compare(text, encoders, options.rounds)
        results[name] = {
            program: {
                "best MB/s": size / min(times),
                "median MB/s": size / statistics.median(times),
                "same ids": same[program],
            }
            for program, times in seconds.items()
        } | {"MB": size, "tokens": len(ids)}
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
        ours = programs["llmworks"]["best MB/s"]
        for program, row in programs.items():
            if isinstance(row, dict):
                note = "" if row["same ids"] else "   OTHER IDS"
                speed = f"{row['best MB/s']:8.1f} MB/s best {row['median MB/s']:8.1f} median"
                print(f"  {program:14s} {speed}   llmworks is {ours / row['best MB/s']:5.1f} x{note}")


if __name__ == "__main__":
    main()
