"""How well a model of good text predicts a document: bits a byte, and a share or a limit of it.

    bits a byte = −Σ log2 p(token | tokens before) / bytes

As in CCNet (Wenzek et al. 2020, section 4) the model is an n-gram model of text that is known to be good;
documents are ranked by its surprise, and the head, middle and tail of the ranking are kept or dropped. The
model is trained on `reference` when the work begins (Kneser–Ney, text/ngram.py, over a small byte-level BPE),
or is one that exists: an n-gram file of `llmworks ngram train`, or any package with a language model.

What it prefers is what resembles the reference: dialect, verse and code rank low though nothing is wrong with
them. `min_bits` is the other end: text so predictable that it says nothing (menus, tables of one number).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol, Self

import numpy as np
from pydantic import Field, PrivateAttr, model_validator

from llmworks.data.build_state import digest
from llmworks.data.cleaning.stage import KEPT, Decisions, Dropped, Outcome, Pool, PooledStage, Rows
from llmworks.data.sources import Document, read_documents
from llmworks.errors import DataError

TAIL, FLAT = 1, 2


class Scorer(Protocol):
    """Whatever predicts text."""

    def __call__(self, text: str, /) -> float:
        """Bits a byte."""
        ...


class Perplexity(PooledStage):
    """Drops the documents that surprise the model most."""

    kind: Literal["perplexity"] = "perplexity"
    reference: tuple[str, ...] = ()  # sources of good text to train an n-gram model on
    text_field: str = "text"  # of the reference
    model: str | None = None  # or an n-gram file, or a package
    order: int = Field(default=4, ge=1, le=8)
    vocab_size: int = Field(default=4096, ge=257, le=65536)
    reference_characters: int = Field(default=20_000_000, ge=1000)  # of it are used at most
    characters: int = Field(default=20_000, ge=100)  # of a document are looked at
    keep: float = Field(default=0.9, gt=0, le=1)  # share of the documents that stays, the best ones
    max_bits: float | None = Field(default=None, gt=0)  # a limit in place of a share
    min_bits: float = Field(default=0, ge=0)

    dtype: ClassVar[Any] = np.float64
    _scorer: Scorer | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _one_model(self) -> Self:
        if bool(self.reference) == bool(self.model):
            raise ValueError(
                "give one of reference (sources of good text) and model (an n-gram file or a package)"
            )
        return self

    def prepare(self, folder: Path) -> None:
        if self.reference and not self._file(folder).exists():
            self._train().save(self._file(folder))

    def open(self, folder: Path) -> None:
        if self._scorer is None:
            self._scorer = (
                ngram_scorer(self._file(folder)) if self.reference else open_scorer(str(self.model))
            )

    def _file(self, folder: Path) -> Path:
        return folder / f"ngram-{digest(self.model_dump_json())[:12]}.npz"

    def _train(self) -> Any:
        from llmworks.text.bpe_train import train_bpe
        from llmworks.text.ngram import NGramModel

        tokenizer = train_bpe(self._reference_texts(), self.vocab_size)
        ids = (tokenizer.encode_array(text) for text in self._reference_texts())
        model = NGramModel.train(ids, self.order, tokenizer.vocab_size, min_counts=(1, 1, 2))
        model.tokenizer = tokenizer
        return model

    def _reference_texts(self) -> Iterator[str]:
        left = self.reference_characters
        for spec in self.reference:
            for document in read_documents(spec, self.text_field):
                yield document.text[:left]
                left -= len(document.text)
                if left <= 0:
                    return

    def rows(self, document: Document) -> Rows:
        if self._scorer is None:
            raise DataError("the perplexity stage was not opened: call prepare and open before")
        return np.array([[self._scorer(document.text[: self.characters])]], np.float64)

    def decide(self, pool: Pool) -> tuple[Decisions, dict[str, Any]]:
        bits = pool.column(0)
        if not len(bits):
            return np.zeros(0, np.int64), {}
        limit = self.max_bits
        if limit is None:
            limit = float(np.sort(bits)[max(0, math.ceil(self.keep * len(bits)) - 1)])
        decisions = np.where(bits > limit, TAIL, np.where(bits < self.min_bits, FLAT, 0)).astype(np.int64)
        shares = (0.05, 1 / 3, 0.5, 2 / 3, 0.95)
        spread = {f"{share:.0%}": round(float(np.quantile(bits, share)), 4) for share in shares}
        return decisions, {"limit, bits a byte": round(limit, 4), "bits a byte, quantiles": spread}

    def judge(self, document: Document, decisions: Decisions) -> Outcome:
        if decisions[0] == 0:
            return KEPT
        bits = float(self.rows(document)[0, 0])
        return Dropped("surprising" if decisions[0] == TAIL else "too predictable", f"{bits:.2f} bits a byte")


def open_scorer(name: str) -> Scorer:
    """The scorer of an n-gram file or of a package."""
    return ngram_scorer(Path(name)) if Path(name).suffix == ".npz" else package_scorer(name)


def ngram_scorer(path: Path) -> Scorer:
    """Bits a byte under an n-gram model of `llmworks ngram train`."""
    from llmworks.text.ngram import NGramModel

    model = NGramModel.load(path)
    tokenizer = model.tokenizer
    if tokenizer is None:
        raise DataError(f"{path} has no tokenizer in it; train it with one")

    def score(text: str) -> float:
        return model.bits(tokenizer.encode_array(text)) / max(1, len(text.encode("utf-8", "replace")))

    return score


def package_scorer(name: str) -> Scorer:
    """Bits a byte under the language model of a package, in windows of its context."""
    import torch
    from torch.nn import functional as F

    from llmworks.data.shards import find_end_token
    from llmworks.packages import Package

    package = Package.load(name)
    tokenizer = package.tokenizer
    if tokenizer is None:
        raise DataError(f"{name} has no tokenizer, so it cannot score text")
    network: Any = package.load_model()
    network.eval()
    length = int(network.config.max_length)
    _, end = find_end_token(tokenizer)

    @torch.inference_mode()
    def score(text: str) -> float:
        ids = torch.tensor([end, *tokenizer.encode(text)])
        nats = 0.0
        for start in range(0, len(ids) - 1, length):
            window = ids[start : start + length + 1]
            logits = network(window[None, :-1])[0].float()
            nats += float(F.cross_entropy(logits, window[1:], reduction="sum"))
        return nats / math.log(2) / max(1, len(text.encode("utf-8", "replace")))

    return score
