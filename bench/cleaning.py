"""The stages of cleaning: MB/s of each on one core, and the same decisions as datatrove's rules.

    python -m bench.cleaning SOURCE [--documents 2000]

Speeds are of processor time, so that a busy machine does not blur them. datatrove cuts words with a tokenizer
of its own for each language; here both cut at white space, since it is the rules that are compared. Its C4
filter counts sentences with punkt, for which our sentence marks stand in. A peer that is not installed is
left out.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from llmworks.data.cleaning.c4 import C4Rules, count_sentences
from llmworks.data.cleaning.heuristics import GopherQuality
from llmworks.data.cleaning.minhash import jaccard, shingles, signature
from llmworks.data.cleaning.recipe import DEFAULT, CleaningRecipe
from llmworks.data.cleaning.repetition import GopherRepetition
from llmworks.data.cleaning.stage import Changed, Dropped, PooledStage, Stage
from llmworks.data.sources import Document, read_documents


def seconds_of(work: Callable[[Document], Any], documents: Sequence[Document]) -> float:
    started = time.thread_time()
    for document in documents:
        work(document)
    return time.thread_time() - started


def speeds(documents: Sequence[Document], size: int) -> None:
    total = 0.0
    for stage in CleaningRecipe.parse({"stage": [{"kind": kind} for kind in (*DEFAULT, "c4")]}).stage:
        seconds = seconds_of(stage.rows if isinstance(stage, PooledStage) else stage.apply, documents)
        total += seconds if stage.kind != "c4" else 0.0
        print(f"{stage.name:22} {size / seconds / 1e6:10.1f} MB/s")
    print(f"{'all of the default':22} {size / total / 1e6:10.2f} MB/s")


def compare_with_datatrove(documents: Sequence[Document], size: int) -> None:
    try:
        from datatrove.data import Document as Theirs
        from datatrove.pipeline.filters import c4_filters, gopher_quality_filter, gopher_repetition_filter
    except ImportError as error:
        print(f"datatrove is left out: {error}")
        return
    modules: tuple[Any, ...] = (gopher_quality_filter, gopher_repetition_filter, c4_filters)
    for module in modules:
        module.split_into_words = lambda text, language: text.split()
    c4_filters.split_into_sentences = lambda text, language: [""] * count_sentences(text, 10**9)
    pairs: list[tuple[str, Stage, Any]] = [
        ("gopher_quality", GopherQuality(), gopher_quality_filter.GopherQualityFilter()),
        (
            "gopher_repetition",
            GopherRepetition(min_words=0),
            gopher_repetition_filter.GopherRepetitionFilter(),
        ),
        ("c4", C4Rules(closing=(".", "?", "!", '"', "'")), c4_filters.C4QualityFilter()),
    ]
    for name, ours, theirs in pairs:
        table: Counter[tuple[bool, bool]] = Counter()
        texts_equal = 0
        unlike = []
        for document in documents:
            copy = Theirs(text=document.text, id="0")
            answer = theirs.filter(copy)
            kept = answer is True
            verdict = ours.apply(document)
            mine = not isinstance(verdict, Dropped)
            table[(mine, kept)] += 1
            if mine != kept:
                unlike.append((document.source, verdict, answer))
            elif mine:
                text = verdict.text if isinstance(verdict, Changed) else document.text
                texts_equal += " ".join(text.split()) == " ".join(copy.text.split())
        same = table[(True, True)] + table[(False, False)]
        mine, peers = seconds_of(ours.apply, documents), seconds_of(
            lambda one, theirs=theirs: theirs.filter(Theirs(text=one.text, id="0")), documents
        )  # fmt: skip
        print(
            f"{name:18} same decision on {same:,} of {len(documents):,}; kept by both "
            f"{table[(True, True)]:,} (the same text {texts_equal:,}); {size / mine / 1e6:.1f} MB/s, "
            f"theirs {size / peers / 1e6:.1f}"
        )
        for line in unlike[:3]:
            print("    unlike:", *line)


def compare_with_datasketch(documents: Sequence[Document]) -> None:
    """Estimates of the same similarities, where neighbours share the half of their words."""
    try:
        from datasketch import MinHash
    except ImportError as error:
        print(f"datasketch is left out: {error}")
        return
    ours, theirs, times = [], [], [0.0, 0.0]
    for left, right in itertools.pairwise(documents[:300]):
        a = left.text.split()[:400]
        b = a[: len(a) * 3 // 4] + right.text.split()[: len(a) // 4]
        texts = [" ".join(words) for words in (a, b)]
        started = time.thread_time()
        marks = [signature(shingles(text, 5), 112) for text in texts]
        times[0] += time.thread_time() - started
        started = time.thread_time()
        peers = [MinHash(num_perm=112) for _ in texts]
        for peer, text in zip(peers, texts, strict=True):
            words = text.split()
            peer.update_batch([" ".join(words[at : at + 5]).encode() for at in range(max(1, len(words) - 4))])
        times[1] += time.thread_time() - started
        true = jaccard(*(shingles(text, 5) for text in texts))
        ours.append(float((marks[0] == marks[1]).mean()) - true)
        theirs.append(peers[0].jaccard(peers[1]) - true)
    for name, errors, seconds in (("llmworks", ours, times[0]), ("datasketch", theirs, times[1])):
        print(
            f"MinHash, {name:10} mean error {np.mean(np.abs(errors)):.4f}, bias {np.mean(errors):+.4f}, "
            f"{1e6 * seconds / 2 / len(errors):.0f} µs a document of 400 words"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("source")
    parser.add_argument("--documents", type=int, default=2000)
    given = parser.parse_args()
    documents = list(itertools.islice(read_documents(given.source), given.documents))
    size = sum(len(document.text.encode()) for document in documents)
    print(f"{given.source}: {len(documents):,} documents, {size / 1e6:.1f} MB")
    speeds(documents, size)
    compare_with_datatrove(documents, size)
    compare_with_datasketch(documents)


if __name__ == "__main__":
    main()
