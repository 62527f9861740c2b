"""Evaluation: how well the model predicts text that it has never trained on.

    loss = Σ -ln p(token) / tokens        perplexity = e^loss        bits a byte = Σ -log₂ p(token) / bytes

Loss and perplexity depend on the tokenizer (longer tokens are harder to guess); bits a byte does not, so it
is the number to compare models by, and compressors too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from llmworks.data.batches import Batch
from llmworks.models.networks import Causal
from llmworks.text.tokenizer import Tokenizer
from llmworks.training.compute import Compute
from llmworks.training.objectives import token_losses


@dataclass(frozen=True)
class Evaluation:
    """Over `tokens` counted targets that stand for `bytes` bytes of text; loss in nats a token."""

    loss: float
    tokens: int
    bytes: int

    @property
    def perplexity(self) -> float:
        return math.exp(min(self.loss, 700.0))

    @property
    def bits_per_byte(self) -> float:
        return self.loss * self.tokens / math.log(2) / self.bytes if self.bytes else math.nan

    def __str__(self) -> str:
        text = f"loss {self.loss:.4f}, perplexity {self.perplexity:.4g}"
        return text if math.isnan(self.bits_per_byte) else f"{text}, {self.bits_per_byte:.4f} bits a byte"


def token_lengths(tokenizer: Tokenizer, vocab_size: int) -> Tensor:
    """[V] bytes of text that each id stands for; control tokens stand for none."""
    special = set(tokenizer.special_tokens.values())
    lengths = [
        0 if i in special or i >= tokenizer.vocab_size else len(tokenizer.token_bytes(i))
        for i in range(vocab_size)
    ]
    return torch.tensor(lengths, dtype=torch.int64)


class Evaluator:
    """Measures a model on the same batches each time it is asked."""

    def __init__(
        self, batches: Callable[[], Iterable[Batch]], lengths: Tensor | None, compute: Compute
    ) -> None:
        self.batches, self.lengths, self.compute = batches, lengths, compute

    @torch.no_grad()
    def __call__(self, model: Causal) -> Evaluation:
        was_training = model.training
        model.eval()
        nats = torch.zeros((), dtype=torch.float64)
        tokens = text_bytes = 0.0
        for batch in self.batches():
            batch = batch.to(self.compute.device)
            with self.compute.autocast():
                hidden = model.hidden(batch.ids, documents=batch.documents)
                nats += token_losses(model, hidden, batch.targets, batch.weights).double().cpu()
            tokens += batch.targets.numel() if batch.weights is None else float(batch.weights.sum())
            text_bytes += self._bytes(batch)
        model.train(was_training)
        return Evaluation(float(nats) / max(tokens, 1.0), round(tokens), round(text_bytes))

    def _bytes(self, batch: Batch) -> float:
        if self.lengths is None:
            return 0.0
        lengths = self.lengths[batch.targets.cpu()].float()
        return float((lengths if batch.weights is None else lengths * batch.weights.cpu()).sum())
