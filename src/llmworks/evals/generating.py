"""Answers from the engine: many requests in flight, each with its text and its tokens' log-probabilities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from llmworks.evals.errors import EvalError
from llmworks.evals.items import Encoder, Messages
from llmworks.evals.task import Generation
from llmworks.inference.events import Generation as Generated
from llmworks.inference.request import Request, SamplingParams
from llmworks.language_model import LanguageModel

IN_FLIGHT = 128


@dataclass(frozen=True, slots=True)
class Answer:
    """text: without the end. logprobs: of the tokens that make the text (the end token left out), nats."""

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
    made: list[Answer] = []
    room = lm.max_length - 1
    new = min(settings.max_tokens, max(1, room // 2) if settings.max_tokens >= room else settings.max_tokens)
    for start in range(0, len(contexts), IN_FLIGHT):
        part = contexts[start : start + IN_FLIGHT]
        requests = [_request(lm, encoder, context, settings, new) for context in part]
        streams = [(request, lm.engine.submit(request)) for request in requests]
        for request, stream in streams:
            made.append(_answer(Generated.collect(request.prompt_ids, stream), request))
            if progress is not None:
                progress(1)
    return made


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
    ends = lm.turn_end_ids if isinstance(context, list) else ()
    sampling = SamplingParams(
        temperature=settings.temperature,
        seed=settings.seed,
        max_tokens=new,
        stop=settings.stop,
        stop_ids=ends,
        logprobs=0,
    )
    return Request(ids[-room:], sampling)


def _answer(made: Generated, request: Request) -> Answer:
    ended = made.finish_reason == "stop"
    said = made.logprobs[:-1] if ended and isinstance(made.stopped_by, int) else made.logprobs
    return Answer(made.text, tuple(said), len(request.prompt_ids), len(made.ids), ended)
