"""How well a model predicts a text: the bits that it would need to send it.

    bits = -Σ log2 p(token | tokens before)    bits a byte = bits / UTF-8 bytes
    perplexity = 2^(bits / tokens)

A text longer than the context is read in windows that overlap by half, and only the new half of each counts,
so that every token beyond the first window has at least half a context before it; a network with a state
of constant size reads on from it instead. Bits a byte does not depend
on the tokenizer; perplexity does.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from llmworks.errors import RequestError
from llmworks.inference.request import OutputError, check_ids
from llmworks.models.networks import Causal
from llmworks.models.recurrent import Stateful

HEAD_ROWS = 128
PIECE = 2048  # tokens that a network with a state reads at once


@dataclass(frozen=True, slots=True)
class Score:
    """bits: of all scored tokens together. tokens: how many were scored. bytes: of the text, in UTF-8."""

    bits: float
    tokens: int
    bytes: int

    @property
    def bits_per_byte(self) -> float:
        return self.bits / self.bytes if self.bytes else 0.0

    @property
    def nats_per_token(self) -> float:
        """The cross-entropy that training reports as its loss."""
        return self.bits * math.log(2) / self.tokens if self.tokens else 0.0

    @property
    def perplexity(self) -> float:
        """e^(nats a token); inf where that overflows."""
        return math.exp(self.nats_per_token) if self.nats_per_token < 700 else math.inf


@torch.inference_mode()
def score_ids(model: Causal, ids: Sequence[int], text_bytes: int) -> Score:
    """Score every token of `ids` but the first, which is given (put a begin token there)."""
    check_ids("text", ids, model.config.vocab_size)
    everything = torch.tensor(list(ids), device=next(model.parameters()).device)
    nats = 0.0
    for first, hidden in read(model, everything):
        for row in range(0, len(hidden), HEAD_ROWS):
            logits = model.head(hidden[row : row + HEAD_ROWS]).float()
            targets = everything[first + row + 1 : first + row + 1 + len(logits)]
            loss = F.cross_entropy(logits, targets, reduction="none")
            nats += float(loss.cpu().double().sum())  # some accelerators have no float64
    if not math.isfinite(nats):
        raise OutputError(
            "the model gave no finite probability to this text; its weights hold NaN or overflow: check the "
            "training run, or load the model in float32"
        )
    return Score(nats / math.log(2), len(everything) - 1, text_bytes)


def read(model: Causal, ids: Tensor) -> Iterator[tuple[int, Tensor]]:
    """Hidden states of all of ids but the last, each once: (position of the first, [n, D]), …

    Windows that overlap by half, of which the new half is given; what has a state goes on from it.
    """
    if isinstance(model, Stateful):
        cache = model.new_cache(max_length=len(ids))
        for start in range(0, len(ids) - 1, PIECE):
            yield start, model.hidden(ids[None, start : min(start + PIECE, len(ids) - 1)], cache=cache)[0]
        return
    size = model.config.max_length
    if size < 2:
        raise RequestError("a model whose context is one token predicts nothing from what came before")
    done = 0
    while done < len(ids) - 1:
        start = 0 if done == 0 else done + 1 - size // 2
        end = min(start + size, len(ids))
        hidden = model.hidden(ids[None, start:end])[0]
        yield done, hidden[done - start : end - 1 - start]
        done = end - 1
