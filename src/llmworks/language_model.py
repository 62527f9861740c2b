"""LanguageModel: a package, its network and an engine behind one face.

    lm = llmworks.load("spark")
    lm.generate("Once upon a time", max_tokens=40, temperature=0).text
    lm.chat([{"role": "user", "content": "Hi"}]).text
    lm.logits(lm.encode("Hi")).shape                      # [T, V]
    lm.trace("Hi", ["blocks.*.attn.pattern"]).tensors
    lm.score("It was a dark and stormy night.").bits_per_byte
    lm.embed(["a cat", "a dog"])                          # [N, W], by the package's own pooling
    lm.fill_mask("Paris is the [MASK] of France")         # an encoder's: the gaps, and what may stand there

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
from llmworks.inference.embedding import Embedder, as_texts
from llmworks.inference.engine import Engine
from llmworks.inference.events import Event, Generation
from llmworks.inference.gaps import Gap, Label, classify, fill_gaps, label_tokens
from llmworks.inference.request import ParameterError, Request, SamplingParams, check_ids, check_length
from llmworks.inference.score import Score, score_ids
from llmworks.models.context import parse_extension
from llmworks.models.decoder import Decoder
from llmworks.models.encoder import Encoder
from llmworks.models.networks import Causal, Network
from llmworks.nn.trace import Intervention, Trace
from llmworks.packages.package import Package
from llmworks.text.marked import encode_marked
from llmworks.text.tokenizer import Tokenizer

Prompt: TypeAlias = str | Sequence[int] | Tensor | npt.NDArray[np.integer[Any]]
"""Text, or token ids [T]."""
SAMPLING_NAMES = frozenset(field.name for field in fields(SamplingParams))


class LanguageModel:
    """A model that is ready to use.

    package: what stands on disk. model: the network. engine: runs requests; it may be shared by threads.
    name: what a server calls it.
    """

    def __init__(self, package: Package, model: Network, engine: Engine | None = None) -> None:
        self.package = package
        self.model = model
        self.name = package.path.name
        self.engine = engine or Engine(model, package.tokenizer, eos_ids=package.generation.eos_ids)
        self._turn_ends: tuple[int, ...] | None = None
        self._embedder: Embedder | None = None

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
        if isinstance(prompt, str) and isinstance(self.model, Encoder):
            return encode_marked(self.tokenizer, prompt).ids
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

    def encode_chat(self, messages: Sequence[Mapping[str, Any]], **options: Any) -> list[int]:
        """Ids of a conversation up to where the assistant begins, by the package's chat template.

        options: what `ChatTemplate.encode` takes: tools, documents, variables such as enable_thinking.
        """
        template = self.package.chat_template
        if template is None:
            raise RequestError(
                f"{self.name} has no chat template: it was trained to go on with a text, not to answer. "
                "Use generate (or /v1/completions), or a package with chat_template.jinja"
            )
        prompt = not options.get("continue_final_message")
        return template.encode(messages, self.tokenizer, add_generation_prompt=prompt, **options).ids

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
        self._must_generate()
        return Request(self.encode(prompt), self.sampling(**given), report, prompt_logprobs)

    def chat_request(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        report: bool = False,
        template_options: Mapping[str, Any] | None = None,
        **given: Any,
    ) -> Request:
        """The engine's request for the assistant's next message; it ends where the template ends a turn.

        template_options: as `options` of `encode_chat`.
        """
        self._must_generate()
        given["stop_ids"] = (*(given.get("stop_ids") or ()), *self.turn_end_ids)
        return Request(self.encode_chat(messages, **(template_options or {})), self.sampling(**given), report)

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
        model = self._must_generate()
        ids = self.tokenizer.encode(text)
        if not ids:
            raise ParameterError("text", "text: it is empty; there is nothing to score")
        begin = self.begin_id
        return score_ids(model, ids if begin is None else [begin, *ids], len(text.encode("utf-8", "replace")))

    def _batch(self, ids: Prompt) -> Tensor:
        prompt = self.encode(ids)
        check_length(len(prompt), self.max_length, self.max_length)
        return torch.tensor([prompt], device=self.device)

    # What a text means.

    @property
    def embedder(self) -> Embedder:
        """Makes vectors of texts, as the package says."""
        if self._embedder is None:
            pad = self.package.generation.pad_id
            self._embedder = Embedder(self.model, self.package.tokenizer, self.package.sentence, pad_id=pad)
        return self._embedder

    def embed(
        self,
        texts: str | Iterable[str],
        *,
        normalize: bool | None = None,
        pooling: str | None = None,
        prompt: str | None = None,
    ) -> Tensor:
        """A vector for each text, [N, W] float32; a single text gives one row.

        Pooling, layers and length come from the package (sentence-transformers' files); without them it is
        the mean over the tokens. normalize: vectors of length 1. prompt: one of the package's, by name.
        """
        embedder, given = self.embedder, as_texts(texts)
        skip = embedder.prompt_length(prompt)
        ids = embedder.ids(given, prompt)
        return embedder.vectors(ids, normalize=normalize, pooling=pooling, skip=skip)

    @property
    def mask_token(self) -> str:
        """How this model writes a gap: [MASK], <mask>, …"""
        mask = self.package.specials.get("mask_token")
        if mask is None:
            known = (name for name in ("[MASK]", "<mask>") if name in self.tokenizer.special_tokens)
            mask = next(known, None)
        if mask is None:
            raise RequestError(f"{self.name} has no token for a gap, so it cannot fill one")
        return mask

    def fill_mask(self, text: str, *, top: int = 5) -> list[Gap]:
        """What may stand in each gap of a text, most probable first; a gap is written [MASK] or <mask>."""
        model = self.model
        if not isinstance(model, Encoder) or model.config.head != "mlm":
            raise RequestError(f"{self.name} cannot fill gaps: it is no encoder with a masked-LM head")
        mask = self.mask_token
        text = text if mask in text else text.replace("[MASK]", mask).replace("<mask>", mask)
        ids = encode_marked(self.tokenizer, text, allow_special={mask}).ids
        mask_id = self.tokenizer.token_id(mask)
        assert mask_id is not None
        return fill_gaps(model, self.tokenizer, ids, mask_id, top)

    def classify(self, text: str, pair: str | None = None) -> list[Label]:
        """Labels of a text, or of two, with probabilities, most probable first."""
        model = self._encoder("classify texts")
        encoded = encode_marked(self.tokenizer, text, pair, max_length=self.max_length)
        return classify(model, encoded.ids, encoded.type_ids)

    def label_tokens(self, text: str) -> list[tuple[str, Label]]:
        """Each token with its most probable label; the markers around the text are among them."""
        model = self._encoder("label tokens")
        ids = encode_marked(self.tokenizer, text).ids
        names = [self.tokenizer.token_label(id) for id in ids]
        return list(zip(names, label_tokens(model, ids), strict=True))

    def _encoder(self, wish: str) -> Encoder:
        if not isinstance(self.model, Encoder):
            raise RequestError(f"{self.name} cannot {wish}: it is no encoder")
        return self.model

    def _must_generate(self) -> Causal:
        """The network, or a refusal of what only one that reads left to right can do."""
        if not isinstance(self.model, Encoder):
            return self.model
        config, can = self.model.config, ["embed texts (lm.embed, llmworks embed, /v1/embeddings)"]
        if config.head == "mlm":
            can.append("fill gaps (lm.fill_mask, llmworks fill)")
        if config.head == "sequence":
            can.append("classify texts (lm.classify)")
        if config.head == "token":
            can.append("label tokens (lm.label_tokens)")
        raise RequestError(
            f"{self.name} is an encoder: it reads a text from both sides and cannot go on with one, or say "
            f"how probable one is, from left to right. It can {', '.join(can)}."
        )

    def extend_context(
        self, kind: str, factor: float | None = None, *, max_length: int | None = None, **more: Any
    ) -> LanguageModel:
        """A second face of the same weights, not copied, that reads longer texts: ("yarn", 4).

        Arguments as in `models.context.extended`. Give it back with its own `close()`.
        """
        package = self.package.extended(kind, factor, max_length=max_length, **more)
        model = Decoder.from_state(package.config, self.model.state_dict())
        return LanguageModel(package, model.to(self.device).eval())

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
    name_or_path: str | Path,
    *,
    device: str | torch.device = "cpu",
    dtype: torch.dtype = torch.float32,
    rope_scaling: str | Mapping[str, Any] | None = None,
    max_length: int | None = None,
    trust_remote_code: bool = False,
) -> LanguageModel:
    """The model at a folder or file, of a name here or on the Hub; every part is checked (PackageError).

    rope_scaling: a longer context than it was trained on, "yarn:4" or {"kind": "yarn", "factor": 4.0, …}
    (fields of RotaryScaling). max_length: the context in tokens, where it is to be another.
    trust_remote_code: let a family outside the table run code that its folder brings.
    """
    package = Package.load(name_or_path, trust_remote_code=trust_remote_code)
    if rope_scaling is not None or max_length is not None:
        said: dict[str, Any] = {"kind": None}
        if isinstance(rope_scaling, str):
            said = dict(zip(("kind", "factor"), parse_extension(rope_scaling), strict=True))
        elif rope_scaling is not None:
            said = dict(rope_scaling)
        package = package.extended(said.pop("kind", None), **said, max_length=max_length)
    return LanguageModel(package, package.load_model(dtype=dtype, device=device))
