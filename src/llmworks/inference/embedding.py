"""Embedding: one vector for a text, so that texts of one meaning lie close together.

    texts → ids with markers → hidden states [B, T, D] → pooling → dense, normalize → vectors [N, W]

What comes after the hidden states is what the package says (`packages/sentence.py`), else the mean over the
tokens. Texts of like length go through the network together; a text's vector does not depend on the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import torch
from torch import Tensor

from llmworks.errors import RequestError
from llmworks.inference.request import ContextLengthError, ParameterError
from llmworks.models.encoder import Encoder
from llmworks.models.networks import Network
from llmworks.nn.pooling import POOLINGS
from llmworks.packages.sentence import Normalize, SentenceSettings
from llmworks.text.marked import encode_marked
from llmworks.text.tokenizer import Tokenizer

BATCH_TOKENS = 8192
"""Tokens, padding among them, that go through the network at once."""


class Embedder:
    """Vectors of texts by one model.

    settings: what the package says about pooling; None: the mean, and no limit below the model's own.
    pad_id: fills a batch up; it changes no vector.
    """

    def __init__(
        self,
        model: Network,
        tokenizer: Tokenizer | None,
        settings: SentenceSettings | None = None,
        *,
        pad_id: int | None = None,
    ) -> None:
        self.model, self.tokenizer = model, tokenizer
        self.given = settings
        self.settings = settings or SentenceSettings()
        self.pad_id = pad_id or 0
        longest = self.settings.max_length or model.config.max_length
        self.max_length = min(longest, model.config.max_length)

    @property
    def width(self) -> int:
        """Numbers in a vector."""
        return self.settings.width(self.model.config.d_model)

    def ids(self, texts: Sequence[str], prompt: str | None = None) -> list[list[int]]:
        """Token ids of each text with the markers that the tokenizer puts around one.

        prompt: the name of one of the package's prompts, which is put before each text. A text that is too
        long is cut where the package says how much is read, as in sentence-transformers, else refused.
        """
        if self.tokenizer is None:
            raise RequestError("this package has no tokenizer: it cannot embed text")
        before = self.prompt(prompt)
        return [self.read(before + text) for text in texts]

    def prompt(self, name: str | None) -> str:
        """The text of a prompt; the package's default one where none is named."""
        name = self.settings.default_prompt if name is None else name
        if name is None:
            return ""
        if name not in self.settings.prompts:
            known = ", ".join(self.settings.prompts) or "none"
            raise ParameterError("prompt", f"prompt: {name!r:.80} is none of this package; it has {known}")
        return self.settings.prompts[name]

    def read(self, text: str) -> list[int]:
        """Ids of one text, markers included."""
        assert self.tokenizer is not None
        text = text.lower() if self.settings.lowercase else text
        limit = self.max_length if self.given is not None else None
        ids = encode_marked(self.tokenizer, text, max_length=limit).ids
        if len(ids) > self.max_length:
            raise ContextLengthError(
                f"a text has {len(ids):,} tokens, but at most {self.max_length:,} are read: shorten it"
            )
        if not ids:
            raise ParameterError("texts", "texts: one of them is empty, and this tokenizer puts no marker in")
        return ids

    @torch.inference_mode()
    def vectors(
        self,
        ids: Sequence[Sequence[int]],
        *,
        normalize: bool | None = None,
        pooling: str | None = None,
        skip: int = 0,
    ) -> Tensor:
        """[N, W] float32 on the CPU, a row for each list of ids.

        normalize: to length 1; None does what the package says. pooling: in place of the package's, and then
        without its layers. skip: tokens at the beginning that are read but not pooled (a prompt's).
        """
        if pooling is not None and pooling not in POOLINGS:
            raise ParameterError(
                "pooling", f"pooling: {pooling!r:.40} is not one of {', '.join(sorted(POOLINGS))}"
            )
        settings = self.settings if pooling is None else SentenceSettings(poolings=(pooling,))
        made: list[Tensor | None] = [None] * len(ids)
        for places in batches([len(one) for one in ids]):
            rows = self.batch([ids[place] for place in places], settings, normalize, skip)
            for place, row in zip(places, rows, strict=True):
                made[place] = row
        vectors = [row for row in made if row is not None]
        return torch.stack(vectors) if vectors else torch.empty(0, settings.width(self.model.config.d_model))

    def batch(
        self, ids: Sequence[Sequence[int]], settings: SentenceSettings, normalize: bool | None, skip: int
    ) -> Tensor:
        """Vectors [B, W] of lists of ids that go through the network together."""
        lengths = torch.tensor([len(one) for one in ids])
        longest = int(lengths.max())
        padded = torch.tensor([[*one, *[self.pad_id] * (longest - len(one))] for one in ids])
        mask = torch.arange(longest) < lengths[:, None]
        device = self.model.embed.weight.device
        padded, mask = padded.to(device), mask.to(device)
        if isinstance(self.model, Encoder):
            hidden = self.model.hidden(padded, mask=None if bool(mask.all()) else mask)
        else:  # what stands after a token is nothing to it, padding too
            hidden = self.model.hidden(padded)
        pooled = mask & (torch.arange(longest, device=device) >= skip) if skip else mask
        x = torch.cat([POOLINGS[name](hidden.float(), pooled) for name in settings.poolings], dim=-1)
        for step in settings.steps:
            if normalize is not False or not isinstance(step, Normalize):
                x = step(x)
        return (Normalize()(x) if normalize else x).cpu()

    def prompt_length(self, prompt: str | None) -> int:
        """Tokens of a prompt that the pooling leaves out; 0 where it takes them in."""
        before = self.prompt(prompt)
        if not before or self.settings.pool_prompt or self.tokenizer is None:
            return 0
        marked = encode_marked(self.tokenizer, before)
        return len(marked.ids) - marked.markers[-1]


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts that go together: of like length, and no more than BATCH_TOKENS with their padding."""
    places: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        if places and (len(places) + 1) * lengths[places[0]] > BATCH_TOKENS:
            yield places
            places = []
        places.append(place)
    if places:
        yield places


def as_texts(texts: str | Iterable[str]) -> list[str]:
    """One text or several, as a list; ParameterError for what is no text."""
    given = [texts] if isinstance(texts, str) else list(texts)
    for text in given:
        if not isinstance(text, str):
            raise ParameterError("texts", f"texts: expected text, given {type(text).__name__}")
    return given
