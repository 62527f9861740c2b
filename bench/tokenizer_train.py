"""Training a byte-level BPE: llmworks beside Hugging Face tokenizers, rustbpe and gigatoken.

    python -m bench.tokenizer_train [--megabytes 100] [--threads 2] [--vocabulary 4096 32000] [--rounds 3]
                                    [--pattern cl100k] [--only PROGRAM ...] [--json]

Each run is a process of its own, so that its peak memory is its own; in every round each program runs once,
one after the other, so that a noisy moment hits all. The clock runs from the file on disk to the vocabulary,
without imports. The same documents go to all: as a stream of str to those that take an iterator, as the
file's path to gigatoken. Text: books and articles of the development data, otherwise made up (words of
syllables, by Zipf's law). `--pattern` is ours; Hugging Face (its ByteLevel default) and gigatoken (it has no
other) cut by GPT-2's, rustbpe by its own, close to cl100k. Each breaks ties among pairs in its own way, so
the vocabularies differ a little; the last column says how many of our tokens a program has too.
"""

from __future__ import annotations

import argparse
import itertools
import json
import lzma
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ.get("LLMWORKS_DATA") or ROOT.parent / "shared" / "data")
SEPARATOR = "<|endoftext|>"
REAL = ("text/gutenberg_simple.jsonl.xz", "text/gutenberg_fiction.jsonl.xz", "text/wiki_en.jsonl.xz")


# ---- the corpus ----


def real_documents(name: str) -> Iterator[str]:
    """The texts of one file of the development data."""
    with lzma.open(DATA / name, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def made_up_documents() -> Iterator[str]:
    """Endless prose of 300,000 words, the n-th most frequent 1/n as often as the first."""
    draw = random.Random(1)
    syllables = [
        a + b + c for a in "bcdfglmnprst" for b in ("a", "e", "i", "o", "ou") for c in ("", "n", "s")
    ]
    words = ["".join(draw.choices(syllables, k=1 + min(4, rank // 500))) for rank in range(300_000)]
    weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(len(words))))
    while True:
        sentences = [draw.choices(words, cum_weights=weights, k=12) for _ in range(40)]
        yield "\n".join(" ".join(sentence).capitalize() + "." for sentence in sentences)


def write_corpus(path: Path, size: int) -> str:
    """Write about `size` bytes of documents, SEPARATOR between them; returns what they are."""
    real = [name for name in REAL if (DATA / name).exists()]
    sources = [real_documents(name) for name in real] or [made_up_documents()]
    with path.open("w", encoding="utf-8") as file:
        for number, source in enumerate(sources):
            for document in source:
                file.write(document + SEPARATOR)
                if file.tell() >= size * (number + 1) // len(sources):
                    break
    return ", ".join(Path(name).name.split(".")[0] for name in real) or "made-up text"


def documents(path: str) -> Iterator[str]:
    """The documents of the corpus, read as a stream."""
    rest = ""
    with open(path, encoding="utf-8", newline="") as file:
        while block := file.read(1 << 20):
            *whole, rest = (rest + block).split(SEPARATOR)
            yield from whole
    if rest:
        yield rest


# ---- the programs: what to import and get ready, what the clock sees, the tokens of what came out ----

Program = tuple[Callable[[], Any], Callable[[Any], Iterable[bytes]]]


def llmworks(path: str, size: int, threads: int, pattern: str) -> Program:
    from llmworks.text.bpe_train import train_bpe

    train_bpe(["warm"], 257)  # builds the C library where that was never done
    return (
        lambda: train_bpe(documents(path), size, pattern=pattern, threads=threads),
        lambda tokenizer: map(tokenizer.token_bytes, range(size)),
    )


def gigatoken(path: str, size: int, *_: Any) -> Program:
    from gigatoken import train_bpe

    return lambda: train_bpe(path, size, [], separator=SEPARATOR.encode()), lambda result: result[0].values()


def rustbpe(path: str, size: int, *_: Any) -> Program:
    from rustbpe import Tokenizer

    tokenizer = Tokenizer()
    return (
        lambda: tokenizer.train_from_iterator(documents(path), size),
        lambda _: [bytes(token) for token, _ in tokenizer.get_mergeable_ranks()],
    )


def tokenizers(path: str, size: int, *_: Any) -> Program:
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    from llmworks.text.byte_alphabet import from_alphabet

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=alphabet, show_progress=False)
    return (
        lambda: tokenizer.train_from_iterator(documents(path), trainer),
        lambda _: [from_alphabet(token) or b"" for token in tokenizer.get_vocab()],
    )


PROGRAMS = {program.__name__: program for program in (llmworks, gigatoken, rustbpe, tokenizers)}


def run_child(name: str, path: str, size: int, threads: int, pattern: str, tokens: str) -> None:
    """In a process of its own: train; print seconds and peak memory; leave the tokens (hex) in a file."""
    train, tokens_of = PROGRAMS[name](path, size, threads, pattern)
    start = time.perf_counter()
    result = train()
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    Path(tokens).write_text("\n".join(token.hex() for token in tokens_of(result)))
    print("\n" + json.dumps([seconds, peak / 1e6]))


# ---- the comparison ----


def measure(name: str, path: Path, size: int, options: argparse.Namespace) -> tuple[float, float, set[str]]:
    """Seconds, peak MB and tokens (hex) of one run."""
    threads = str(options.threads)
    environment = {**os.environ, "RAYON_NUM_THREADS": threads, "TOKENIZERS_PARALLELISM": "true"}
    tokens = path.with_suffix(".tokens")
    arguments = ["--child", name, str(path), str(size), threads, options.pattern, str(tokens)]
    command = [sys.executable, "-m", "bench.tokenizer_train", *arguments]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr.strip()}")
    seconds, peak = json.loads(done.stdout.splitlines()[-1])
    return seconds, peak, set(tokens.read_text().split())


def compare(options: argparse.Namespace, path: Path) -> dict[int, dict[str, Any]]:
    """Rows by vocabulary size and program."""
    names = [name for name in PROGRAMS if find_spec(name) and (not options.only or name in options.only)]
    runs: dict[tuple[int, str], list[tuple[float, float, set[str]]]] = {}
    for _, size, name in itertools.product(range(options.rounds), options.vocabulary, names):
        runs.setdefault((size, name), []).append(measure(name, path, size, options))
    rows: dict[int, dict[str, Any]] = {size: {} for size in options.vocabulary}
    for (size, name), results in runs.items():
        ours = runs.get((size, "llmworks"), results)[0][2]
        rows[size][name] = {
            "best s": min(seconds for seconds, *_ in results),
            "median s": statistics.median(seconds for seconds, *_ in results),
            "peak MB": max(peak for _, peak, _ in results),
            "tokens shared": len(results[0][2] & ours) / len(ours),
        }
    return rows


def main(arguments: list[str] | None = None) -> dict[int, dict[str, Any]]:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=float, default=100.0, help="size of the corpus")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--vocabulary", type=int, nargs="+", default=[4096, 32000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pattern", default="cl100k", help="how llmworks cuts")
    parser.add_argument("--only", nargs="*", default=[], choices=list(PROGRAMS), help="programs to run")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.txt"
        content = write_corpus(path, int(options.megabytes * 1e6))
        size = path.stat().st_size / 1e6
        rows = compare(options, path)
    if options.json:
        print(json.dumps(rows, indent=1))
        return rows
    print(
        f"{size:.1f} MB ({content}), {options.threads} threads, {options.rounds} interleaved rounds, "
        f"pattern {options.pattern}, "
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors"
    )
    for vocabulary, programs in rows.items():
        show(vocabulary, programs)
    return rows


def show(vocabulary: int, programs: dict[str, Any]) -> None:
    print(f"\nvocabulary of {vocabulary:,}")
    reference = programs.get("llmworks", next(iter(programs.values())))
    for name, row in programs.items():
        time_ratio, memory_ratio = (row[key] / reference[key] for key in ("best s", "peak MB"))
        print(
            f"  {name:12s} {row['best s']:6.2f} s best {row['median s']:6.2f} s median "
            f"{row['peak MB']:5.0f} MB peak   {time_ratio:5.1f} x the time, {memory_ratio:4.1f} x the memory"
            f"   {row['tokens shared']:6.1%} shared tokens"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _, _, child, corpus, wanted, threads, pattern, target = sys.argv
        run_child(child, corpus, int(wanted), int(threads), pattern, target)
    else:
        main()
