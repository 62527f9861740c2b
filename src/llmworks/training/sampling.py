"""Samples on the way: a few words from the model as it is now; the same prompts and dice each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from llmworks.models.networks import Causal
from llmworks.text.tokenizer import Tokenizer
from llmworks.training.compute import Compute

TEMPERATURE = 0.8


def make_sampler(
    tokenizer: Tokenizer, prompts: Sequence[str], tokens: int, compute: Compute
) -> Callable[[Causal], list[tuple[str, str]]]:
    """A function that continues each prompt by up to `tokens` tokens: [(prompt, continuation), …]."""

    def sample(model: Causal) -> list[tuple[str, str]]:
        return [(prompt, _continue(model, tokenizer, prompt, tokens, compute)) for prompt in prompts]

    return sample


@torch.no_grad()
def _continue(model: Causal, tokenizer: Tokenizer, prompt: str, tokens: int, compute: Compute) -> str:
    stop = set(tokenizer.special_tokens.values())
    # A private generator: the run's own random state must not depend on whether somebody looks.
    dice = torch.Generator().manual_seed(0)
    start = tokenizer.special_tokens.get("<|endoftext|>")
    ids = ([] if start is None else [start]) + tokenizer.encode(prompt)
    limit = model.config.max_length
    ids = ids[-(limit - 1) :] or [0]
    cache = model.new_cache(max_length=limit, dtype=torch.float32, device=compute.device)
    new: list[int] = []
    feed = ids
    while len(new) < tokens and len(ids) + len(new) < limit:
        logits = model(torch.tensor([feed], device=compute.device), cache=cache)[0, -1].float().cpu()
        chosen = int(torch.multinomial((logits / TEMPERATURE).softmax(-1), 1, generator=dice))
        if chosen in stop:
            break
        new.append(chosen)
        feed = [chosen]
    return tokenizer.decode(new)
