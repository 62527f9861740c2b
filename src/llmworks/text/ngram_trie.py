"""The n-gram model's trie as five flat arrays: breadth first, children side by side and sorted by word.

    node   0      1 … V + 1               V + 2 …
           root   words and the opening   bigrams, sorted by first and    trigrams …
                  mark, by id             last word

The children of node i are children[i] … children[i + 1] - 1, since each order is sorted by the one before.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from llmworks.errors import DataError
from llmworks.text.ngram_counts import Level
from llmworks.text.ngram_smoothing import Probabilities

Arrays = dict[str, npt.NDArray[Any]]
KINDS = {"words": "i4", "children": "i4", "suffixes": "i4", "log_probs": "f4", "log_backoffs": "f4"}


def build_trie(levels: list[Level], made: list[Probabilities], kept: list[npt.NDArray[np.bool_]]) -> Arrays:
    """The levels one behind the other behind the root, renumbered without what is not kept."""
    parts: dict[str, list[npt.NDArray[Any]]] = {
        "words": [np.array([-1], np.int32)], "suffixes": [np.array([0], np.int32)],
        "log_probs": [np.array([0], np.float32)], "children": [np.array([1])], "log_backoffs": [],
    }  # fmt: skip
    size, before = 1, np.zeros(1, np.int64)  # `before`: numbers of the last level's n-grams in the trie
    kept_before = np.ones(1, np.bool_)
    for level, smoothed, keep in zip(levels, made, kept, strict=True):
        parts["words"].append(level.words[keep])
        parts["suffixes"].append(before[level.suffixes[keep]].astype(np.int32))
        with np.errstate(divide="ignore"):
            parts["log_probs"].append(np.log(smoothed.probabilities[keep]).astype(np.float32))
            parts["log_backoffs"].append(np.log(smoothed.backoffs[kept_before]).astype(np.float32))
        parts["children"].append(np.bincount(level.parents[keep], minlength=len(kept_before))[kept_before])
        before, kept_before = np.cumsum(keep, dtype=np.int64) + (size - 1), keep
        size += len(parts["words"][-1])
    if size >= 1 << 31:
        raise DataError(f"{size:,} n-grams are too many; raise min_counts or lower the order")
    # One after the other, so that no more than one array is there twice.
    arrays = {name: np.concatenate(parts.pop(name)) for name in tuple(parts)}
    arrays["children"] = np.cumsum(arrays["children"])
    return {name: arrays[name].astype(kind, copy=False) for name, kind in KINDS.items()}


def check_trie(arrays: Arrays, order: int, vocab_size: int) -> None:
    """What C relies on, so that no file can lead it outside the arrays or round in a circle."""
    if order < 1 or vocab_size < 1 or not (_fit(arrays, order, vocab_size) and _tree(arrays, vocab_size)):
        raise ValueError("the trie does not hold together")


def _fit(arrays: Arrays, order: int, vocab_size: int) -> bool:
    size, inner = len(arrays["words"]), len(arrays["log_backoffs"])
    lengths = {
        "words": size,
        "children": inner + 1,
        "suffixes": size,
        "log_probs": size,
        "log_backoffs": inner,
    }
    right = all(arrays[name].shape == (length,) for name, length in lengths.items())
    right = right and all(arrays[name].dtype == np.dtype(kind) for name, kind in KINDS.items())
    return right and inner >= (1 if order == 1 else vocab_size + 2) and vocab_size + 2 <= size >= inner


def _tree(arrays: Arrays, vocab_size: int) -> bool:
    words, children, suffixes = arrays["words"], arrays["children"], arrays["suffixes"]
    size, inner, places = len(words), len(arrays["log_backoffs"]), np.arange(len(words))
    tree = children[0] == 1 and children[1] == vocab_size + 2 and children[-1] == size
    tree = tree and (np.diff(children) >= 0).all() and (children[:-1] > places[:inner]).all()
    tree = tree and (words[1 : vocab_size + 2] == places[: vocab_size + 1]).all()
    tree = tree and (words[vocab_size + 2 :] >= 0).all() and (words[vocab_size + 2 :] < vocab_size).all()
    # Suffixes lead to earlier nodes, which may have children, and so at last to the root.
    tree = tree and (suffixes >= 0).all() and (suffixes < inner).all()
    return bool(tree and (suffixes[1:] < places[1:]).all() and suffixes[0] == 0)
