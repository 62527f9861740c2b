"""One request at a time: the engine against a bare loop over the same network, and against transformers.

    python -m bench generate
    python -m bench.generate [--threads 2] [--rounds 5] [--tokens 64] [--json]

Random Llama shapes, greedy and sampled, a prompt of 32 tokens, every token's text decoded by the engine. The
variants alternate in one process, so that whatever else the machine does falls on all of them alike; the best
and the median of the rounds are told. `loop` is a forward pass and an argmax in a cached loop, and nothing
else: what the engine adds to it (thread, sampling, text, events) is its overhead. `transformers` is
`generate()` with its default cache on the weights that we saved.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from llmworks.inference import Engine, Generation, Request, SamplingParams
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.nn.cache import KVCache
from llmworks.packages import save_package
from llmworks.text.bpe_train import train_bpe

# layers, width, heads, key/value heads, vocabulary: about 1, 9 and 50 million parameters
SIZES = [(4, 128, 4, 4, 1024), (6, 256, 8, 4, 8192), (12, 512, 8, 4, 16384)]
PROMPT = 32

Run = Callable[[], Any]


def variants(folder: Path, size: tuple[int, ...], tokens: int) -> tuple[int, dict[str, Run]]:
    """The number of parameters, and each way to make `tokens` tokens."""
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()

    layers, width, heads, kv_heads, vocabulary = size
    tokenizer = train_bpe(["the cat sat on the mat. " * 9], 262, special_tokens=["<|endoftext|>"])
    config = ModelConfig(
        vocab_size=vocabulary, d_model=width, n_layers=layers, n_heads=heads, n_kv_heads=kv_heads,
        max_length=512, positions="rope", norm="rmsnorm", activation="swiglu",
    )  # fmt: skip
    torch.manual_seed(0)
    model = Decoder(config).eval()
    path = save_package(folder / f"{layers}x{width}", model, None)
    theirs = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32).eval()
    prompt = torch.randint(0, 256, (1, PROMPT))
    engine = Engine(model, tokenizer)

    def ours(**params: Any) -> Generation:
        sampling = SamplingParams(max_tokens=tokens, ignore_eos=True, **params)
        ids = prompt[0].tolist()
        return Generation.collect(ids, engine.submit(Request(ids, sampling)))

    @torch.inference_mode()
    def loop() -> list[int]:
        cache = KVCache(config, 1, PROMPT + tokens)
        ids: list[int] = []
        logits = model(prompt, cache=cache)
        for _ in range(tokens):
            ids.append(int(logits[0, -1].argmax()))
            if len(ids) < tokens:
                logits = model(torch.tensor([[ids[-1]]]), cache=cache)
        return ids

    @torch.inference_mode()
    def reference(**params: Any) -> list[int]:
        made = theirs.generate(
            prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=tokens, min_new_tokens=tokens,
            pad_token_id=0, eos_token_id=None, **params,
        )  # fmt: skip
        ids: list[int] = made[0, PROMPT:].tolist()
        return ids

    greedy = ours(temperature=0).ids
    assert greedy == loop() == reference(do_sample=False), "the three do not agree on the greedy tokens"
    return model.n_parameters(), {
        "loop": loop,
        "engine, greedy": lambda: ours(temperature=0),
        "engine, log-probabilities": lambda: ours(temperature=0, logprobs=5),
        "engine, top-k 50 top-p 0.9": lambda: ours(seed=1, top_k=50, top_p=0.9),
        "transformers, greedy": lambda: reference(do_sample=False),
        "transformers, top-k 50 top-p 0.9": lambda: reference(do_sample=True, top_k=50, top_p=0.9),
    }


def measure(runs: dict[str, Run], rounds: int) -> dict[str, list[float]]:
    """Seconds of each variant in each round; the variants take turns."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run()
    for _ in range(rounds):
        for name, run in runs.items():
            began = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - began)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            parameters, runs = variants(Path(folder), size, options.tokens)
            seconds = measure(runs, options.rounds)
            base = min(seconds["loop"])
            rows = {
                name: {
                    "best_tokens_per_second": options.tokens / min(times),
                    "median_tokens_per_second": options.tokens / statistics.median(times),
                    "time_over_loop": min(times) / base,
                }
                for name, times in seconds.items()
            }
            results.append({"parameters": parameters, "threads": options.threads, "rows": rows})
            if not options.json:
                show(parameters, options, rows)
    if options.json:
        print(json.dumps(results, indent=2))


def show(parameters: int, options: argparse.Namespace, rows: dict[str, dict[str, float]]) -> None:
    print(f"{parameters / 1e6:.1f} M parameters, float32, {options.threads} threads, {options.tokens} tokens")
    for name, row in rows.items():
        best, median, ratio = row.values()
        print(f"  {name:34} {best:7.0f} tokens/s (median {median:.0f}), {ratio:.2f} × loop's time")


if __name__ == "__main__":
    main()
