"""Answers of the model to many prompts, each with its text and its tokens' log-probabilities.

    a b c d│→ → →        prompts of nearly one length go in lockstep: all are read up to the shortest's end;
    e f g h│i→ → →       from there a step gives each row the next token of its prompt, or the one it chose
    with a temperature, or a network with a state: the engine, one request each, many in flight

No padding, no mask: a row computes what it computes alone. What ends an answer and what of it is text is the
engine's own (`Engine.output_of`); tests tie both ways to the same tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional as F

from llmworks.errors import TokenizerError
from llmworks.evals.errors import EvalError
from llmworks.evals.items import Encoder, Messages
from llmworks.evals.task import Generation
from llmworks.inference.events import Generation as Generated
from llmworks.inference.request import OutputError, Request, SamplingParams
from llmworks.inference.stop import TextOutput
from llmworks.language_model import LanguageModel
from llmworks.models.decoder import Decoder
from llmworks.nn.cache import KVCache

IN_FLIGHT = 128
ROWS = 64
SPREAD = 16  # tokens by which the prompts of a batch may differ in length
CACHED_TOKENS = 1 << 14  # that a batch's cache has room for


@dataclass(frozen=True, slots=True)
class Answer:
    """text: without the end. logprobs: of the tokens that make the text (the end token left out), nats.

    finished: it ended by itself, not because max_tokens were used up.
    """

    text: str
    logprobs: tuple[float, ...]
    prompt_tokens: int
    new_tokens: int
    finished: bool


def answers(
    lm: LanguageModel,
    encoder: Encoder,
    contexts: Sequence[str | Messages],
    settings: Generation,
    progress: Callable[[int], None] | None = None,
) -> list[Answer]:
    """One answer a context, in their order."""
    tell = progress or (lambda count: None)
    room = lm.max_length - 1
    new = settings.max_tokens if settings.max_tokens < room else max(1, room // 2)
    requests = [_request(lm, encoder, context, settings, new) for context in contexts]
    rotary = getattr(lm.model, "rotary", None)
    alike = isinstance(lm.model, Decoder) and not getattr(rotary, "depends_on_length", False)
    if settings.temperature == 0 and alike:
        return _in_lockstep(lm, requests, tell, word_ids(lm) if settings.word_first else None)
    if settings.word_first:
        raise EvalError("word_first is for greedy answers of a network with attention; leave it out")
    return _by_engine(lm, requests, tell)


def _request(
    lm: LanguageModel, encoder: Encoder, context: str | Messages, settings: Generation, new: int
) -> Request:
    """What does not fit beside `new` tokens loses its beginning."""
    ids = encoder.context(context)
    room = lm.max_length - new
    if len(ids) > room and isinstance(context, list):
        raise EvalError(
            f"a conversation of {len(ids)} tokens does not fit beside {new} new ones into {lm.name}'s "
            f"context of {lm.max_length}; ask for fewer examples (--shots) or a shorter answer"
        )
    sampling = SamplingParams(
        temperature=settings.temperature,
        seed=settings.seed,
        max_tokens=new,
        stop=settings.stop,
        stop_ids=lm.turn_end_ids if isinstance(context, list) else (),
        logprobs=0,
    )
    return Request(ids[-room:], sampling)


def _by_engine(lm: LanguageModel, requests: Sequence[Request], tell: Callable[[int], None]) -> list[Answer]:
    made: list[Answer] = []
    for start in range(0, len(requests), IN_FLIGHT):
        streams = [(request, lm.engine.submit(request)) for request in requests[start : start + IN_FLIGHT]]
        for request, stream in streams:
            made.append(_answer(Generated.collect(request.prompt_ids, stream), request))
            tell(1)
    return made


def _answer(made: Generated, request: Request) -> Answer:
    ended = made.finish_reason == "stop"
    said = made.logprobs[:-1] if ended and isinstance(made.stopped_by, int) else made.logprobs
    return Answer(made.text, tuple(said), len(request.prompt_ids), len(made.ids), ended)


@dataclass
class _Row:
    """One answer in the making. place: of the request."""

    place: int
    request: Request
    output: TextOutput
    ends: frozenset[int]
    pieces: list[str] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    new: int = 0
    ended: bool = False

    def take(self, token: int, logprob: float) -> bool:
        """Another token; whether the answer goes on."""
        self.new += 1
        if token in self.ends:
            self.ended = True
            return False
        self.pieces.append(self.output.feed(token))
        self.logprobs.append(logprob)
        self.ended = self.output.found is not None
        return not self.ended and self.new < (self.request.sampling.max_tokens or 0)

    @property
    def blank(self) -> bool:
        """Whether nothing but blanks was said so far."""
        return self.new < 4 and not "".join(self.pieces).strip()

    def answer(self) -> Answer:
        self.pieces.append(self.output.flush())
        ended = self.ended or self.output.found is not None
        return Answer(
            "".join(self.pieces), tuple(self.logprobs), len(self.request.prompt_ids), self.new, ended
        )


def word_ids(lm: LanguageModel) -> Tensor:
    """Tokens that hold a letter or a digit (or a part of one beyond ASCII), and blanks: bool [V]."""
    control = set(lm.tokenizer.special_tokens.values())
    found = torch.zeros(lm.model.config.vocab_size, dtype=torch.bool)
    for id in range(min(lm.tokenizer.vocab_size, len(found))):
        with suppress(TokenizerError):
            data = lm.tokenizer.token_bytes(id)
            word = any(byte >= 128 or chr(byte).isalnum() for byte in data)
            found[id] = id not in control and bool(data) and (word or not data.strip(b" "))
    return found.to(lm.device)


def _in_lockstep(
    lm: LanguageModel, requests: Sequence[Request], tell: Callable[[int], None], first: Tensor | None
) -> list[Answer]:
    """first: tokens that an answer may begin with, bool [V]; None: any."""
    made: dict[int, Answer] = {}
    new = max((request.sampling.max_tokens or 0 for request in requests), default=0)
    for places in batches([len(request.prompt_ids) for request in requests], new):
        rows = []
        for place in places:
            output, ends = lm.engine.output_of(requests[place])
            rows.append(_Row(place, requests[place], output, ends))
        _decode(lm, rows, first)
        made |= {row.place: row.answer() for row in rows}
        tell(len(rows))
    return [made[place] for place in range(len(requests))]


def batches(lengths: Sequence[int], new: int) -> list[list[int]]:
    """Places of prompts in batches of like length, shortest first; `new` tokens may follow each."""
    made: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lambda place: lengths[place]):
        last = made[-1] if made else []
        most = max(1, min(ROWS, CACHED_TOKENS // (lengths[place] + new)))
        if last and len(last) < most and lengths[place] - lengths[last[0]] <= SPREAD:
            last.append(place)
        else:
            made.append([place])
    return made


@torch.inference_mode()
def _decode(lm: LanguageModel, rows: list[_Row], first: Tensor | None) -> None:
    """Greedy answers of prompts of nearly one length, side by side; `rows` begins with the shortest."""
    model = lm.model
    assert isinstance(model, Decoder)
    read = len(rows[0].request.prompt_ids)
    room = max(len(row.request.prompt_ids) + (row.request.sampling.max_tokens or 0) for row in rows)
    ids = torch.tensor([list(row.request.prompt_ids[:read]) for row in rows], device=lm.device)
    cache = model.new_cache(len(rows), room)
    last = model.hidden(ids, cache=cache)[:, -1]
    going = rows
    while True:
        fresh = torch.tensor([row.blank for row in going], device=lm.device)
        barred = None if first is None else fresh[:, None] & ~first
        tokens, logprobs = (each.tolist() for each in _greedy(model.head(last).float(), barred))
        kept, fed = [], []
        for number, row in enumerate(going):
            prompt = row.request.prompt_ids
            if read < len(prompt):
                kept.append(number)
                fed.append(prompt[read])
            elif row.take(tokens[number], logprobs[number]):
                kept.append(number)
                fed.append(tokens[number])
        if not kept:
            return
        if len(kept) < len(going):
            going = [going[number] for number in kept]
            cache = _rows_of(model, cache, torch.tensor(kept, device=lm.device), room)
        last = model.hidden(torch.tensor(fed, device=lm.device)[:, None], cache=cache)[:, -1]
        read += 1


def _greedy(logits: Tensor, barred: Tensor | None) -> tuple[Tensor, Tensor]:
    """The most probable token of each row, the lowest id among equals, and its log-probability.

    barred: tokens that are not taken, [B, V]; the probability is still the model's own.
    """
    wanted = logits if barred is None else logits.masked_fill(barred, -torch.inf)
    best = (wanted == wanted.max(dim=-1, keepdim=True).values).int().argmax(dim=-1)
    logprobs = F.log_softmax(logits, dim=-1).gather(1, best[:, None])[:, 0]
    if bool(logprobs.isnan().any()):
        raise OutputError("the model gave no finite probability (NaN); its weights may be damaged")
    return best, logprobs


def _rows_of(model: Decoder, cache: KVCache, chosen: Tensor, room: int) -> KVCache:
    """A cache of some of the rows."""
    made = model.new_cache(len(chosen), room)
    for old, new in zip((*cache.keys, *cache.values), (*made.keys, *made.values), strict=True):
        new[:, :, : cache.length] = old[chosen, :, : cache.length]
    made.length = cache.length
    return made
