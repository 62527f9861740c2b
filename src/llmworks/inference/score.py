"""How well a model predicts a text: the bits that it would need to send it.

    bits = -Σ log2 p(token | tokens before)    bits a byte = bits / UTF-8 bytes
    perplexity = 2^(bits / tokens)

A text longer than the context is read in windows that overlap by half, and only the new half of each counts,
so that every token beyond the first window has at least half a context before it. Bits a byte does not depend
on the tokenizer; perplexity does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch.nn import functional as F

from llmworks.errors import RequestError
from llmworks.inference.request import OutputError, check_ids
from llmworks.models.networks import Causal

HEAD_ROWS = 128


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
    size = model.config.max_length
    if size < 2:
        raise RequestError("a model whose context is one token predicts nothing from what came before")
    overlap = size // 2
    device = next(model.parameters()).device
    everything = torch.tensor(list(ids), device=device)
    nats, scored = 0.0, 1
    while scored < len(everything):
        start = 0 if scored == 1 else scored - overlap
        window = everything[start : start + size]
        hidden = model.hidden(window[None])[0]
        # Position i predicts token i + 1: what is new begins at `scored`, predicted from one before.
        end = min(start + size, len(everything))
        for row in range(scored - 1, end - 1, HEAD_ROWS):
            until = min(row + HEAD_ROWS, end - 1)
            logits = model.head(hidden[row - start : until - start]).float()
            loss = F.cross_entropy(logits, everything[row + 1 : until + 1], reduction="none")
            nats += float(loss.cpu().double().sum())  # some accelerators have no float64
        scored = end
    if not math.isfinite(nats):
        raise OutputError(
            "the model gave no finite probability to this text; its weights hold NaN or overflow: check the "
            "training run, or load the model in float32"
        )
    return Score(nats / math.log(2), len(everything) - 1, text_bytes)
