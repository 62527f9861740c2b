"""LanguageModel: a package, its network and an engine behind one face.

    lm = llmworks.load("spark")
    lm.generate("Once upon a time", max_tokens=40, temperature=0).text
    lm.chat([{"role": "user", "content": "Hi"}]).text
    lm.logits(lm.encode("Hi")).shape                      # [T, V]
    lm.trace("Hi", ["blocks.*.attn.pattern"]).tensors
    lm.score("It was a dark and stormy night.").bits_per_byte

Whatever the caller leaves open comes from the package's own generation defaults.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from llmworks.errors import RequestError
from llmworks.inference.engine import Engine
from llmworks.inference.events import Event, Generation
from llmworks.inference.request import ParameterError, Request, SamplingParams, check_ids, check_length
from llmworks.inference.score import Score, score_ids
from llmworks.models.decoder import Decoder
from llmworks.nn.trace import Intervention, Trace
from llmworks.packages.package import Package
from llmworks.text.tokenizer import Tokenizer

Prompt: TypeAlias = str | Sequence[int] | Tensor | npt.NDArray[np.integer[Any]]
"""Text, or token ids [T]."""
SAMPLING_NAMES = frozenset(field.name for field in fields(SamplingParams))


class LanguageModel:
    """A model that is ready to use.

    package: what stands on disk. model: the network. engine: runs requests; it may be shared by threads.
    name: what a server calls it.
    """

    def __init__(self, package: Package, model: Decoder, engine: Engine | None = None) -> None:
        self.package = package
        self.model = model
        self.name = package.path.name
        self.engine = engine or Engine(model, package.tokenizer, eos_ids=package.generation.eos_ids)
        self._turn_ends: tuple[int, ...] | None = None

    @property
    def tokenizer(self) -> Tokenizer:
        if self.package.tokenizer is None:
            raise RequestError(f"{self.package.path} has no tokenizer: give token ids in place of text")
        return self.package.tokenizer

    @property
    def device(self) -> torch.device:
        return next(self.model.parameters()).device

    @property
    def max_length(self) -> int:
        """The context in tokens: prompt and output together."""
        return self.model.config.max_length

    # Prompts.

    def encode(self, prompt: Prompt) -> list[int]:
        """Ids that the model reads for a prompt.

        Text gets the begin token where the model was trained with one, and, if it is empty, any document
        boundary that there is, since a model needs something to go on from. Ids are taken as they are.
        """
        if not isinstance(prompt, str):
            given = list(prompt.tolist() if isinstance(prompt, Tensor | np.ndarray) else prompt)
            check_ids("prompt", given, self.model.config.vocab_size)
            return given
        ids = self.tokenizer.encode(prompt)
        begin = self.begin_id
        if begin is not None and (self.tokenizer.add_bos or not ids):
            return [begin, *ids]
        if not ids:
            raise ParameterError("prompt", "prompt: it is empty, and this model has no begin token")
        return ids

    @property
    def begin_id(self) -> int | None:
        """The token that stands before a text: BOS, or the document boundary where there is no BOS."""
        tokenizer, bos = self.tokenizer, self.package.generation.bos_id
        if tokenizer.bos_id is not None:
            return tokenizer.bos_id
        if bos in tokenizer.special_tokens.values():  # configs often carry a bos id that means nothing
            return bos
        return tokenizer.special_tokens.get("<|endoftext|>", tokenizer.eos_id)

    def encode_chat(self, messages: Sequence[Mapping[str, Any]]) -> list[int]:
        """Ids of a conversation up to where the assistant begins, by the package's chat template."""
        template = self.package.chat_template
        if template is None:
            raise RequestError(
                f"{self.name} has no chat template: it was trained to go on with a text, not to answer. "
                "Use generate (or /v1/completions), or a package with chat_template.jinja"
            )
        return template.encode(messages, self.tokenizer, add_generation_prompt=True).ids

    @property
    def turn_end_ids(self) -> tuple[int, ...]:
        """Control tokens with which the chat template ends what the assistant says."""
        if self._turn_ends is None:
            self._turn_ends = self._find_turn_ends()
        return self._turn_ends

    def _find_turn_ends(self) -> tuple[int, ...]:
        if self.package.chat_template is None:
            return ()
        talk = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
        encoded = self.package.chat_template.encode(talk, self.tokenizer)
        said = [token for token, of_assistant in zip(encoded.ids, encoded.mask, strict=True) if of_assistant]
        return tuple({said[-1]} & set(self.tokenizer.special_tokens.values())) if said else ()

    # Generation.

    @property
    def defaults(self) -> dict[str, Any]:
        """Sampling parameters that the package asks for."""
        return _said(self.package.generation.model_dump(include=set(SAMPLING_NAMES)))

    def sampling(self, **given: Any) -> SamplingParams:
        """SamplingParams of what is given (None means not given) over the package's defaults."""
        unknown = set(given) - SAMPLING_NAMES
        if unknown:
            raise ParameterError(
                min(unknown),
                f"{min(unknown)}: no such parameter; there are {', '.join(sorted(SAMPLING_NAMES))}",
            )
        return SamplingParams(**self.defaults | _said(given))

    def request(
        self, prompt: Prompt, *, report: bool = False, prompt_logprobs: int | None = None, **given: Any
    ) -> Request:
        """The engine's request for a prompt; `given` as in `sampling`."""
        return Request(self.encode(prompt), self.sampling(**given), report, prompt_logprobs)

    def chat_request(
        self, messages: Sequence[Mapping[str, Any]], *, report: bool = False, **given: Any
    ) -> Request:
        """The engine's request for the assistant's next message; it ends where the template ends a turn."""
        given["stop_ids"] = (*(given.get("stop_ids") or ()), *self.turn_end_ids)
        return Request(self.encode_chat(messages), self.sampling(**given), report)

    def generate(self, prompt: Prompt, *, max_tokens: int | None = None, **given: Any) -> Generation:
        """Go on from a prompt. `given`: any of SamplingParams, and `report`, `prompt_logprobs` of Request."""
        return self._run(self.request(prompt, max_tokens=max_tokens, **_with_logprobs(given)))

    def chat(
        self, messages: Sequence[Mapping[str, Any]], *, max_tokens: int | None = None, **given: Any
    ) -> Generation:
        """The assistant's answer to `[{"role": "user", "content": …}, …]`."""
        return self._run(self.chat_request(messages, max_tokens=max_tokens, **_with_logprobs(given)))

    def stream(self, prompt: Prompt, *, max_tokens: int | None = None, **given: Any) -> Iterator[Event]:
        """The events of `generate` as they come; leaving the loop early frees the request's memory."""
        return self._events(self.request(prompt, max_tokens=max_tokens, **_with_logprobs(given)))

    def stream_chat(
        self, messages: Sequence[Mapping[str, Any]], *, max_tokens: int | None = None, **given: Any
    ) -> Iterator[Event]:
        """The events of `chat` as they come."""
        return self._events(self.chat_request(messages, max_tokens=max_tokens, **_with_logprobs(given)))

    def _run(self, request: Request) -> Generation:
        return Generation.collect(request.prompt_ids, self._events(request))

    def _events(self, request: Request) -> Iterator[Event]:
        with self.engine.submit(request) as stream:
            yield from stream

    # Looking inside.

    @torch.no_grad()
    def logits(self, ids: Prompt) -> Tensor:
        """Scores of the token after each position: [T, V] float32."""
        logits: Tensor = self.model(self._batch(ids))[0]
        return logits.float()

    @torch.no_grad()
    def trace(
        self, ids: Prompt, addresses: Iterable[str] = (), interventions: Iterable[Intervention] = ()
    ) -> Trace:
        """One run with the tensors at `addresses` recorded and the interventions applied."""
        trace = Trace(addresses, interventions)
        self.model(self._batch(ids), trace=trace)
        return trace

    def score(self, text: str) -> Score:
        """Bits that the model needs for a text. See `inference/score.py` for long texts.

        The first token is predicted from a begin token (BOS, or the document boundary); a tokenizer that has
        none leaves the first token out.
        """
        ids = self.tokenizer.encode(text)
        if not ids:
            raise ParameterError("text", "text: it is empty; there is nothing to score")
        begin = self.begin_id
        return score_ids(
            self.model, ids if begin is None else [begin, *ids], len(text.encode("utf-8", "replace"))
        )

    def _batch(self, ids: Prompt) -> Tensor:
        prompt = self.encode(ids)
        check_length(len(prompt), self.max_length, self.max_length)
        return torch.tensor([prompt], device=self.device)

    def close(self) -> None:
        """End the engine's thread and what runs on it."""
        self.engine.close()

    def __repr__(self) -> str:
        size = self.model.n_parameters()
        return f"LanguageModel({self.name!r}, {size:,} parameters, context {self.max_length})"


def _with_logprobs(given: dict[str, Any]) -> dict[str, Any]:
    """The library's results always carry the chosen tokens' log-probabilities."""
    return {"logprobs": 0} | _said(given)


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def load(
    name_or_path: str | Path, *, device: str | torch.device = "cpu", dtype: torch.dtype = torch.float32
) -> LanguageModel:
    """The model at a folder, of a bundled name, or of a Hub name; every part is checked (PackageError)."""
    package = Package.load(name_or_path)
    return LanguageModel(package, package.load_model(dtype=dtype, device=device))
