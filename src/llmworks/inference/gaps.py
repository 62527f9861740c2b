"""What an encoder says of a text: what stands in its gaps, and which label it has.

    "Paris is the [MASK] of France" → p(token | both sides) at the gap      Devlin et al. 2019, §3.1

A gap is read from both sides at once. That is what an encoder is good at, and why it cannot write: it has
never seen a text without its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from llmworks.errors import RequestError
from llmworks.inference.request import ParameterError
from llmworks.models.encoder import Encoder
from llmworks.text.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class Candidate:
    """A token for a gap: its id, its text, and its probability there."""

    id: int
    token: str
    probability: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A masked token: where it stands among the ids, and what may stand there, most probable first."""

    position: int
    candidates: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate:
        return self.candidates[0]


@dataclass(frozen=True, slots=True)
class Label:
    """A label and its probability (of a regression, its value)."""

    name: str
    probability: float


@torch.inference_mode()
def fill_gaps(model: Encoder, tokenizer: Tokenizer, ids: Sequence[int], mask_id: int, top: int) -> list[Gap]:
    """The `top` most probable tokens at each place where `ids` hold `mask_id`."""
    if top < 1:
        raise ParameterError("top", f"top: at least 1 candidate; given {top}")
    places = [place for place, id in enumerate(ids) if id == mask_id]
    if not places:
        mask = tokenizer.token_label(mask_id)
        raise ParameterError("text", f"text: there is no gap in it; write {mask} where a token is missing")
    hidden = model.hidden(torch.tensor([list(ids)], device=model.embed.weight.device))
    probabilities = model.head(hidden[:, places])[0].float().softmax(-1)
    best = probabilities.topk(min(top, probabilities.shape[-1]), dim=-1)
    return [
        Gap(place, tuple(Candidate(id, shown(tokenizer, id), p) for id, p in zip(ids, values, strict=True)))
        for place, ids, values in zip(places, best.indices.tolist(), best.values.tolist(), strict=True)
    ]


def shown(tokenizer: Tokenizer, id: int) -> str:
    """A token's text; its name where it is a row of the embedding without one."""
    return tokenizer.decode([id]) if 0 <= id < tokenizer.vocab_size else f"<unused {id}>"


@torch.inference_mode()
def classify(model: Encoder, ids: Sequence[int], token_types: Sequence[int] | None = None) -> list[Label]:
    """Labels of the text, most probable first.

    One of several: a softmax. Several may hold, or there is only one: a sigmoid each. A number: as it is.
    """
    if model.config.head != "sequence":
        raise RequestError("this model does not classify texts: it has no classification head")
    device = model.embed.weight.device
    types = (
        None if token_types is None or not any(token_types) else torch.tensor([token_types], device=device)
    )
    logits = model(torch.tensor([list(ids)], device=device), token_types=types)[0].float()
    task = model.config.task
    p = logits if task == "number" else logits.sigmoid()
    if task == "one" and len(logits) > 1:
        p = logits.softmax(-1)
    named = [Label(name, value) for name, value in zip(model.config.labels, p.tolist(), strict=True)]
    return sorted(named, key=lambda label: -label.probability)


@torch.inference_mode()
def label_tokens(model: Encoder, ids: Sequence[int]) -> list[Label]:
    """The most probable label of each token."""
    if model.config.head != "token":
        raise RequestError("this model does not label tokens: it has no token classification head")
    logits = model(torch.tensor([list(ids)], device=model.embed.weight.device))[0].float()
    best = logits.softmax(-1).max(-1)
    names = model.config.labels
    return [Label(names[i], p) for i, p in zip(best.indices.tolist(), best.values.tolist(), strict=True)]
