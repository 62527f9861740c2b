"""`llmworks generate MODEL PROMPT`: text that goes on from a prompt."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmworks.cli import options
from llmworks.cli.console import count, note, print_json
from llmworks.cli.options import given

if TYPE_CHECKING:
    from llmworks.language_model import LanguageModel


def generate(
    model: options.Model,
    prompt: Annotated[str, typer.Argument(metavar="PROMPT", help="The text to go on from; - reads stdin.")],
    max_tokens: options.MaxTokens = None,
    temperature: options.Temperature = None,
    top_k: options.TopK = None,
    top_p: options.TopP = None,
    min_p: options.MinP = None,
    repetition_penalty: options.RepetitionPenalty = None,
    presence_penalty: options.PresencePenalty = None,
    frequency_penalty: options.FrequencyPenalty = None,
    seed: options.Seed = None,
    stop: options.Stop = None,
    device: options.Device = "auto",
    threads: options.Threads = None,
    context_extension: options.ContextExtension = None,
    json: options.Json = False,
) -> None:
    """Go on from a prompt, token by token."""
    text = options.read_text("-", what="PROMPT") if prompt == "-" else prompt
    sampling = given(
        max_tokens=max_tokens, temperature=temperature, top_k=top_k, top_p=top_p, min_p=min_p,
        repetition_penalty=repetition_penalty, presence_penalty=presence_penalty,
        frequency_penalty=frequency_penalty, seed=seed, stop=tuple(stop or ()) or None,
    )  # fmt: skip
    with options.language_model(model, device=device, threads=threads, context=context_extension) as lm:
        if json:
            _as_json(lm, text, sampling)
        else:
            _as_text(lm, text, sampling)


def _as_json(lm: LanguageModel, prompt: str, sampling: dict[str, Any]) -> None:
    began = time.perf_counter()
    made = lm.generate(prompt, **sampling)
    print_json(
        {
            "prompt": prompt,
            "text": made.text,
            "ids": list(made.ids),
            "tokens": [lm.tokenizer.token_label(id) for id in made.ids],
            "logprobs": list(made.logprobs),
            "finish_reason": made.finish_reason,
            "seconds": time.perf_counter() - began,
        }
    )


def _as_text(lm: LanguageModel, prompt: str, sampling: dict[str, Any]) -> None:
    from llmworks.inference import FinishEvent, PromptEvent, TokenEvent

    began, tokens, reason, shown = time.perf_counter(), 0, "", False
    for event in lm.stream(prompt, **sampling):
        if not shown:
            sys.stdout.write(prompt)  # only now that it was accepted
            shown = True
        if isinstance(event, FinishEvent):
            reason = event.reason
        elif isinstance(event, TokenEvent):
            tokens += 1
        if not isinstance(event, PromptEvent):
            sys.stdout.write(event.text)
        sys.stdout.flush()
    seconds = time.perf_counter() - began
    sys.stdout.write("\n")
    if sys.stderr.isatty():
        note(
            f"{count(tokens)} tokens in {seconds:.1f} s ({tokens / seconds:.0f} tokens/s), ended by: {reason}"
        )
