"""`llmworks eval` beside lm-evaluation-harness's Hugging Face backend: the same texts, the same model.

Model spark-base, one thread, float32, batches of 32. Seconds are of processor time; the greatest difference
of a log-probability stands beside them.

    python -m bench evals

lm_eval is left out where it is not installed (pip install 'llmworks[lmeval]').
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any, TypeVar

import torch

from llmworks.evals.generating import answers
from llmworks.evals.items import Encoder
from llmworks.evals.scoring import Scorer
from llmworks.evals.task import Generation
from llmworks.language_model import LanguageModel, load
from llmworks.packages.bundled import bundled_path

MODEL = "spark-base"
BATCH = 32
TEXT = """the old woman opened her red door and looked at the grey cat while a small boat came down
the river past our house with two children who sang about rain bread bells and the long road to town"""
T = TypeVar("T")
Pair = tuple[str, str]


def text(draw: random.Random, words: int) -> str:
    return " ".join(draw.choice(TEXT.split()) for _ in range(words)).capitalize() + "."


def choices(draw: random.Random, items: int, shots: int) -> list[Pair]:
    """Four answers to each question, behind the same solved examples."""
    solved = "".join(f"Question: {text(draw, 15)}\nAnswer: {text(draw, 8)}\n\n" for _ in range(shots))
    made = []
    for _ in range(items):
        context = f"{solved}Question: {text(draw, 15)}\nAnswer:"
        made += [(context, " " + text(draw, draw.randint(3, 10))) for _ in range(4)]
    return made


def letters(draw: random.Random, items: int, shots: int) -> list[Pair]:
    """Answers of one letter, as in MMLU."""
    asked = sorted({context for context, _ in choices(draw, items, shots)})
    return [(context, f" {letter}") for context in asked for letter in "ABCD"]


def timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.process_time()
    made = work()
    return made, time.process_time() - began


def peer() -> Any:
    """Their model, or None."""
    try:
        from lm_eval.models.huggingface import HFLM
    except ImportError:
        return None
    made = HFLM(pretrained=str(bundled_path(MODEL)), dtype="float32", device="cpu", batch_size=BATCH)
    made.model.generation_config.max_new_tokens = (
        None  # the package's default would go before what is asked for
    )
    return made


def asked(kind: str, arguments: list[Any]) -> list[Any]:
    from lm_eval.api.instance import Instance

    return [Instance(request_type=kind, doc={}, arguments=given, idx=0) for given in arguments]  # type: ignore[arg-type]


def compare_scoring(lm: LanguageModel, theirs: Any, name: str, pairs: list[Pair]) -> None:
    encoder, scorer = Encoder(lm), Scorer(lm.model, batch_size=BATCH)
    mine, seconds = timed(lambda: scorer([encoder.pair(*pair) for pair in pairs]))
    line = f"{name:32} {len(pairs):6} {scorer.work.asked / seconds:10,.0f} {seconds:8.2f} s"
    if theirs is not None:
        found, other = timed(lambda: theirs.loglikelihood(asked("loglikelihood", pairs), disable_tqdm=True))
        most = max(abs(a.total - b[0]) for a, b in zip(mine, found, strict=True))
        line += f" {other:8.2f} s {other / seconds:7.2f} {most:12.1e}"
    print(line, flush=True)


def compare_answers(lm: LanguageModel, theirs: Any, prompts: list[str]) -> None:
    settings = Generation(max_tokens=24)
    mine, seconds = timed(lambda: answers(lm, Encoder(lm), prompts, settings))
    tokens = sum(answer.new_tokens for answer in mine)
    line = f"{'greedy answers of 24 tokens':32} {len(prompts):6} {tokens / seconds:10,.0f} {seconds:8.2f} s"
    if theirs is not None:
        given = [(prompt, {"until": [], "max_gen_toks": 24, "do_sample": False}) for prompt in prompts]
        found, other = timed(lambda: theirs.generate_until(asked("generate_until", given), disable_tqdm=True))
        same = sum(answer.text == said for answer, said in zip(mine, found, strict=True))
        line += f" {other:8.2f} s {other / seconds:7.2f}   {same} of {len(prompts)} texts equal"
    print(line, flush=True)


def main() -> None:
    torch.set_num_threads(1)
    draw, lm, theirs = random.Random(0), load(MODEL), peer()
    if theirs is None:
        print("lm_eval is not installed: its columns are left out")
    columns = f"{'texts':>6} {'tokens/s':>10} {'ours':>10} {'lm_eval':>10} {'ratio':>7} {'difference':>12}"
    print(f"{'':32} {columns}")
    compare_scoring(lm, theirs, "pairs of sentences", [("", " " + text(draw, 10)) for _ in range(600)])
    compare_scoring(lm, theirs, "four answers, no examples", choices(draw, 100, 0))
    compare_scoring(lm, theirs, "four answers, 5 examples", choices(draw, 100, 5))
    compare_scoring(lm, theirs, "A B C D, 5 examples", letters(draw, 100, 5))
    compare_answers(lm, theirs, [text(draw, draw.randint(8, 16)) for _ in range(48)])
    lm.close()


if __name__ == "__main__":
    main()
