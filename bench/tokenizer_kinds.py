"""Encoding by the other kinds of tokenizer, single thread, beside the libraries that they come from.

    python -m bench tokenizer_kinds

Each vocabulary (8,000 entries) is trained in the run by the peer on a part of the text; then both programs
encode other text of the same kind, a megabyte of English articles or, where the development data is absent,
of Python's library. In every round one after the other; best and median of five rounds, and whether the ids
are the same.
"""

from __future__ import annotations

import io
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("RAYON_NUM_THREADS", "1")

from bench.tokenizer_encode import english
from llmworks.text.tokenizer import Tokenizer

ENTRIES, CHARACTERS, ROUNDS = 8_000, 1_000_000, 5

Encode = Callable[[str], Any]
Pair = tuple[str, Encode, Encode]  # kind and peer, our encode, the peer's


def sentencepiece_pairs(lines: list[str], folder: Path) -> list[Pair]:
    """tokenizer.model files beside SentencePiece."""
    import sentencepiece

    pairs: list[Pair] = []
    for kind in ("bpe", "unigram"):
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines), model_writer=model, model_type=kind, vocab_size=ENTRIES,
            byte_fallback=True, num_threads=1, minloglevel=2,
        )  # fmt: skip
        path = folder / f"{kind}.model"
        path.write_bytes(model.getvalue())
        theirs = sentencepiece.SentencePieceProcessor(model_file=str(path))
        pairs.append(
            (f"{kind}, tokenizer.model (sentencepiece)", Tokenizer.from_file(path).encode, theirs.encode)
        )
    return pairs


def hf_pairs(lines: list[str], folder: Path) -> list[Pair]:
    """tokenizer.json files beside `tokenizers`: as BERT, T5, Llama 2 and tekken have them."""
    import tokenizers
    from tokenizers import Regex, decoders, models, normalizers, pre_tokenizers, trainers

    def made(model: Any, normalizer: Any, pre: Any, decoder: Any, trainer: Any) -> tokenizers.Tokenizer:
        tokenizer = tokenizers.Tokenizer(model)
        if normalizer is not None:
            tokenizer.normalizer = normalizer
        tokenizer.pre_tokenizer, tokenizer.decoder = pre, decoder
        tokenizer.train_from_iterator(lines, trainer)
        return tokenizer

    quiet: dict[str, Any] = {"vocab_size": ENTRIES, "show_progress": False}
    words = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
    cased = words + r"|\p{N}| ?[^\s\p{L}\p{N}]+|\s+"
    letters = pre_tokenizers.ByteLevel.alphabet()
    kinds = {
        "WordPiece": made(
            models.WordPiece(unk_token="[UNK]"), normalizers.BertNormalizer(),
            pre_tokenizers.BertPreTokenizer(), decoders.WordPiece(),
            trainers.WordPieceTrainer(special_tokens=["[UNK]"], **quiet),
        ),
        "Unigram": made(
            models.Unigram(), None, pre_tokenizers.Metaspace(), decoders.Metaspace(),
            trainers.UnigramTrainer(special_tokens=["<unk>"], unk_token="<unk>", **quiet),
        ),
        "BPE over ▁": made(
            models.BPE(unk_token="<unk>", fuse_unk=True), None, pre_tokenizers.Metaspace(),
            decoders.Metaspace(), trainers.BpeTrainer(special_tokens=["<unk>"], **quiet),
        ),
        "byte-level BPE, a pattern of its own": made(
            models.BPE(), None,
            pre_tokenizers.Sequence([
                pre_tokenizers.Split(Regex(cased), "isolated"),
                pre_tokenizers.ByteLevel(False, use_regex=False),
            ]),
            decoders.ByteLevel(), trainers.BpeTrainer(initial_alphabet=letters, **quiet),
        ),
    }  # fmt: skip
    pairs: list[Pair] = []
    for name, theirs in kinds.items():
        path = folder / "tokenizer.json"
        theirs.save(str(path))
        pairs.append(
            (f"{name}, tokenizer.json (tokenizers)", Tokenizer.from_file(path).encode, ids_of(theirs))
        )
    return pairs


def ids_of(tokenizer: Any) -> Encode:
    """`tokenizers`' ids alone."""
    return lambda text: tokenizer.encode(text, add_special_tokens=False).ids


def seconds(encode: Encode, text: str) -> tuple[float, list[int]]:
    """One pass over the text."""
    start = time.perf_counter()
    ids = encode(text)
    return time.perf_counter() - start, list(ids)


def main() -> None:
    whole = english(2 * CHARACTERS)
    lines, text = whole[:CHARACTERS].splitlines(), whole[CHARACTERS : 2 * CHARACTERS]
    size = len(text.encode()) / 1e6
    print("| kind (peer) | ours first, best, median MB/s | peer first, best, median | best / best | ids |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, ours, theirs in [
            *sentencepiece_pairs(lines, Path(folder)),
            *hf_pairs(lines, Path(folder)),
        ]:
            times: dict[str, list[float]] = {"ours": [], "peer": []}
            ids: dict[str, list[int]] = {}
            for _ in range(ROUNDS):
                for who, encode in (("ours", ours), ("peer", theirs)):
                    took, ids[who] = seconds(encode, text)
                    times[who].append(took)
            cells = [
                ", ".join(f"{size / took:.1f}" for took in (all_[0], min(all_), statistics.median(all_)))
                for all_ in times.values()
            ]
            same = "same" if ids["ours"] == ids["peer"] else "DIFFER"
            ratio = min(times["peer"]) / min(times["ours"])
            print(f"| {name} | {cells[0]} | {cells[1]} | {ratio:.1f} | {same} |")


if __name__ == "__main__":
    main()
