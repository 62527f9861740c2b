"""The engine against a naive loop, and its promises: fairness, cancelling, errors that stay alone."""

from __future__ import annotations

import math
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from llmworks.errors import RequestError, TokenizerError
from llmworks.inference import (
    BusyError,
    ContextLengthError,
    Engine,
    FinishEvent,
    Generation,
    OutputError,
    ParameterError,
    PromptEvent,
    Request,
    SamplingParams,
    TokenEvent,
)
from llmworks.inference import engine as engine_module
from llmworks.models.config import ModelConfig
from llmworks.models.decoder import Decoder
from llmworks.nn.cache import KVCache
from llmworks.text.stream import StreamDecoder
from tests.support import tiny_package

EOS = 256


class ByteTokenizer:
    """Ids are bytes; 256 ends a document, 257 is another control token, 258 and more are padding."""

    vocab_size = 258
    special_tokens = {"<|end|>": EOS, "<|other|>": 257}  # noqa: RUF012

    def token_bytes(self, id: int) -> bytes:
        if id >= 258:
            raise TokenizerError(f"{id} is no token")
        return bytes([id]) if id < 256 else list(self.special_tokens)[id - 256].encode()

    def stream(self, before: Sequence[int] = ()) -> StreamDecoder:
        return StreamDecoder(self.token_bytes)


class Scripted(nn.Module):
    """A 'network' that says the bytes of a script after a prompt of one token, whatever it reads."""

    def __init__(self, script: list[int], max_length: int = 64, seconds: float = 0.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))
        self.script, self.seconds = script, seconds
        self.config = SimpleNamespace(
            vocab_size=260, max_length=max_length, n_layers=1, n_kv_heads=1, d_head=1, n_heads=1
        )

    def new_cache(self, *sizes: Any) -> KVCache:
        return KVCache(self.config, *sizes)

    def hidden(self, ids: Tensor, *, cache: Any) -> Tensor:
        time.sleep(self.seconds)
        positions = torch.arange(cache.length, cache.length + ids.shape[1]).float()
        cache.check_room(*ids.shape)
        cache.advance(ids.shape[1])
        return positions.reshape(1, -1, 1)

    def head(self, hidden: Tensor) -> Tensor:
        place = hidden[..., 0].long() % len(self.script)
        return 50.0 * nn.functional.one_hot(torch.tensor(self.script)[place], 260).float()

    def forward(self, ids: Tensor, *, cache: Any) -> Tensor:
        return self.head(self.hidden(ids, cache=cache))


def tiny_model(**changes: Any) -> Decoder:
    torch.manual_seed(0)
    sizes = {"vocab_size": 260, "d_model": 32, "n_layers": 2, "n_heads": 4, "n_kv_heads": 2, "max_length": 96}
    model = Decoder(ModelConfig(**{**sizes, "positions": "rope", "norm": "rmsnorm", **changes}))
    for parameter in model.parameters():  # fresh weights are almost uniform; these have opinions
        parameter.data.mul_(4)
    return model


@pytest.fixture(scope="module")
def model() -> Decoder:
    return tiny_model()


@pytest.fixture
def engine(model: Decoder) -> Any:
    with Engine(model, ByteTokenizer(), eos_ids=[EOS], prefill_chunk=7) as engine:  # type: ignore[arg-type]
        yield engine


def scripted(text: bytes | list[int], **choices: Any) -> Engine:
    return Engine(Scripted(list(text)), ByteTokenizer(), eos_ids=[EOS], **choices)  # type: ignore[arg-type]


def run(engine: Engine, prompt: list[int], report: bool = False, **params: Any) -> Generation:
    request = Request(prompt, SamplingParams(**params), report)
    return Generation.collect(prompt, engine.submit(request))


def until(condition: Any, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.002)


def naive_greedy(model: Decoder, prompt: list[int], count: int) -> list[int]:
    ids = list(prompt)
    with torch.no_grad():
        for _ in range(count):
            ids.append(int(model(torch.tensor([ids]))[0, -1].argmax()))
    return ids[len(prompt) :]


@pytest.mark.parametrize("length", [1, 6, 7, 8, 30])
def test_cached_equals_uncached(engine: Engine, model: Decoder, length: int) -> None:
    prompt = torch.randint(0, 256, (length,), generator=torch.Generator().manual_seed(length)).tolist()
    result = run(engine, prompt, temperature=0, max_tokens=25, ignore_eos=True, logprobs=3)
    assert result.ids == naive_greedy(model, prompt, 25)
    with torch.no_grad():
        everything = torch.log_softmax(model(torch.tensor([prompt + result.ids]))[0], -1)
    expected = [float(everything[length - 1 + i, id]) for i, id in enumerate(result.ids)]
    assert result.logprobs == pytest.approx(expected, abs=1e-4)
    assert [best[0][0] for best in result.alternatives] == result.ids, "greedy takes the best alternative"
    assert all(len(best) == 3 for best in result.alternatives)
    assert result.finish_reason == "length"


def test_sampled_equals_the_uncached_pipeline(engine: Engine, model: Decoder) -> None:
    from llmworks.inference import Sampler

    params = SamplingParams(
        temperature=0.8, top_p=0.9, repetition_penalty=1.2, seed=5, max_tokens=20, ignore_eos=True
    )
    sampler, ids = Sampler(params, [1, 2, 3], 260), [1, 2, 3]
    with torch.no_grad():
        for _ in range(20):
            ids.append(sampler(model(torch.tensor([ids]))[0, -1])[0])
    assert Generation.collect([1], engine.submit(Request([1, 2, 3], params))).ids == ids[3:]


def test_a_seed_gives_the_same_alone_and_among_others(model: Decoder) -> None:
    prompts = [[i + 1] * (3 * i + 1) for i in range(6)]
    requests = [
        Request(prompt, SamplingParams(seed=40 + i, max_tokens=20)) for i, prompt in enumerate(prompts)
    ]
    with Engine(model, None, max_running=3, prefill_chunk=5) as engine:
        alone = [Generation.collect([], engine.submit(request)).ids for request in requests]
        streams = [engine.submit(request) for request in requests]
        among = [Generation.collect([], stream).ids for stream in streams]
    assert among == alone
    assert len({tuple(ids) for ids in alone}) == 6


def test_an_unnamed_seed_is_told_and_repeats(engine: Engine) -> None:
    first, second = (run(engine, [1], max_tokens=12, ignore_eos=True) for _ in range(2))
    assert first.seed != second.seed
    assert run(engine, [1], max_tokens=12, ignore_eos=True, seed=first.seed).ids == first.ids


def test_prompt_logprobs(engine: Engine, model: Decoder) -> None:
    prompt = list(range(40, 70))
    events = list(engine.submit(Request(prompt, SamplingParams(max_tokens=0), prompt_logprobs=2)))
    assert isinstance(events[0], PromptEvent)
    assert isinstance(events[1], FinishEvent)
    assert (len(events), events[1].reason) == (2, "length")
    with torch.no_grad():
        expected = torch.log_softmax(model(torch.tensor([prompt]))[0], -1)
    assert events[0].logprobs[0] is None
    told = [entry for entry in events[0].logprobs if entry is not None]
    assert [entry.id for entry in told] == prompt[1:]
    assert [entry.logprob for entry in told] == pytest.approx(
        [float(expected[i, id]) for i, id in enumerate(prompt[1:])], abs=1e-4
    )
    assert [id for id, _ in told[3].alternatives] == expected[3].topk(2).indices.tolist()


def test_stages_are_told_if_asked(engine: Engine) -> None:
    told = run(engine, [1, 2], report=True, seed=3, top_k=5, max_tokens=4)
    assert [stages[0].name for stages in told.stages] == ["model"] * 4
    assert [stages[-1].top[0][0] for stages in told.stages] == told.ids
    silent = run(engine, [1, 2], seed=3, top_k=5, max_tokens=4)
    assert (silent.ids, silent.stages) == (told.ids, [])


# Where an output ends.


def test_max_tokens_and_a_full_context(engine: Engine) -> None:
    assert len(run(engine, [1], max_tokens=9, ignore_eos=True).ids) == 9
    full = run(engine, [1] * 90, ignore_eos=True)
    assert (len(full.ids), full.finish_reason) == (6, "length")
    assert len(run(engine, [1] * 90, max_tokens=50, ignore_eos=True).ids) == 6
    assert len(run(engine, [1] * 95, ignore_eos=True).ids) == 1


def test_end_tokens() -> None:
    with scripted([*b"abc", EOS, *b"de", 257, ord("f")]) as engine:
        result = run(engine, [0])
        assert (result.text, result.ids) == ("abc", [*b"abc", EOS])
        assert (result.finish_reason, result.stopped_by) == ("stop", EOS)
        longer = run(engine, [0], ignore_eos=True, max_tokens=8)
        assert (longer.text, longer.finish_reason) == ("abcdef", "length")
        shown = run(engine, [0], ignore_eos=True, max_tokens=8, skip_special_tokens=False)
        assert shown.text == "abc<|end|>de<|other|>f"
        assert run(engine, [0], stop_ids=[ord("b")]).text == "a"
        named = run(engine, [0], ignore_eos=True, stop="<|other|>")
        assert (named.text, named.stopped_by) == ("abcde", 257)


def test_stop_strings_straddle_tokens() -> None:
    with scripted(b"one day.\nUsing it\nUser: no") as engine:
        request = Request([0], SamplingParams(stop=("\nUser:",)))
        events = list(engine.submit(request))
    pieces = [event.text for event in events if isinstance(event, TokenEvent)]
    assert "".join(pieces) + events[-1].text == "one day.\nUsing it"  # type: ignore[union-attr]
    at = len("one day.")
    assert pieces[at : at + 4] == ["", "", "", "\nUsi"]
    assert isinstance(events[-1], FinishEvent)
    assert (events[-1].reason, events[-1].stopped_by, events[-1].text) == ("stop", "\nUser:", "")


def test_text_held_back_comes_at_the_end() -> None:
    with scripted(b"abcX") as engine:
        result = run(engine, [0], stop=("cXY",), max_tokens=4)
    assert (result.text, result.finish_reason) == ("abcX", "length")


@given(st.text(min_size=1, max_size=12), st.integers(1, 40))
@settings(max_examples=40, deadline=None)
def test_never_half_a_character(text: str, count: int) -> None:
    data = text.encode("utf-8", "replace")
    with scripted(data) as engine:
        events = list(engine.submit(Request([0], SamplingParams(max_tokens=min(count, len(data))))))
    told = data[:count].decode(errors="replace")
    assert "".join(event.text for event in events) == told  # type: ignore[union-attr]
    for event in events[:-1]:
        assert isinstance(event, TokenEvent)
        assert "\ufffd" not in event.text or "\ufffd" in text
        assert event.offset <= len(told)


def test_ids_that_no_token_has_give_no_text() -> None:
    with scripted([ord("a"), 259, ord("b")]) as engine:
        assert run(engine, [0], max_tokens=3).text == "ab"


# Scheduling.


def test_requests_take_turns() -> None:
    order: list[str] = []
    done = threading.Barrier(3)

    def listener(name: str) -> Any:
        def hear(event: Any) -> None:
            if isinstance(event, FinishEvent):
                threading.Thread(target=done.wait).start()
            else:
                order.append(name)

        return hear

    with scripted(b"abcdef", max_running=2) as engine:
        hold = engine.submit(Request([0]), lambda event: time.sleep(0.05))
        for name in "AB":
            engine.submit(Request([0], SamplingParams(max_tokens=5)), listener(name))
        hold.cancel()
        done.wait(10)
    middle = "".join(order)
    assert middle.count("A") == middle.count("B") == 5
    assert "BA" in middle, "B was not served before A had finished"


def test_cancel_frees_the_cache() -> None:
    with Engine(Scripted([97], max_length=10**6, seconds=0.001), None) as engine:  # type: ignore[arg-type]
        stream = engine.submit(Request([0]))
        next(stream)
        assert engine.status().running == 1
        assert engine.status().cache_bytes > 10**6
        stream.cancel()
        until(lambda: engine.status().running == 0)
        assert engine.status().cache_bytes == 0
        last = list(stream)[-1]
        assert isinstance(last, FinishEvent)
        assert last.reason == "cancelled"


def test_a_cancelled_request_leaves_the_queue() -> None:
    with Engine(Scripted([97], max_length=10**6, seconds=0.001), None, max_running=1) as engine:  # type: ignore[arg-type]
        running = engine.submit(Request([0]))
        waiting = engine.submit(Request([0]))
        next(running)
        waiting.cancel()
        assert engine.status().running == 1
        running.cancel()
        events = list(waiting)
        assert [type(event) for event in events] == [FinishEvent]


def test_leaving_a_stream_cancels() -> None:
    with Engine(Scripted([97], max_length=10**6, seconds=0.001), None) as engine:  # type: ignore[arg-type]
        with engine.submit(Request([0])) as stream:
            next(stream)
        until(lambda: engine.status().running == 0)


def test_a_full_queue_refuses() -> None:
    with Engine(
        Scripted([97], max_length=10**6, seconds=0.001),
        None,
        max_running=1,
        max_waiting=1,  # type: ignore[arg-type]
    ) as engine:
        streams = [engine.submit(Request([0]))]
        next(streams[0])
        streams.append(engine.submit(Request([0])))
        with pytest.raises(BusyError, match="1 requests are running and 1 are waiting"):
            engine.submit(Request([0]))
        for stream in streams:
            stream.cancel()
        until(lambda: engine.status().running == engine.status().waiting == 0)
        assert run(engine, [0], max_tokens=2).ids == [97, 97]


def test_an_error_stays_alone() -> None:
    model = tiny_model()
    model.embed.weight.data[5] = math.nan
    with Engine(model, None) as engine:
        good = engine.submit(Request([1], SamplingParams(max_tokens=30, seed=1, logit_bias={5: -100})))
        with pytest.raises(OutputError, match="output position 0"):
            list(engine.submit(Request([1, 5])))
        assert len(Generation.collect([1], good).ids) == 30
        assert engine.status().running == 0


def test_prompt_logprobs_of_a_broken_model_are_an_error() -> None:
    model = tiny_model()
    model.embed.weight.data[5] = math.nan
    request = Request([1, 5, 1], SamplingParams(max_tokens=0), prompt_logprobs=0)
    with Engine(model, None) as engine, pytest.raises(OutputError, match="position of token"):
        list(engine.submit(request))


def test_without_a_tokenizer_there_are_ids_and_no_text(model: Decoder) -> None:
    with Engine(model, None) as engine:
        result = run(engine, [1, 2], max_tokens=5, temperature=0)
    assert (result.ids, result.text) == (naive_greedy(model, [1, 2], 5), "")


def test_a_listener_that_raises_stays_alone() -> None:
    def bad(event: Any) -> None:
        raise RuntimeError("a listener's own fault")

    with scripted(b"ab") as engine:
        engine.submit(Request([0]), bad)
        assert run(engine, [0], max_tokens=2).text == "ab"


def test_the_thread_leaves_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "IDLE_SECONDS", 0.01)
    with scripted(b"ab") as engine:
        for _ in range(3):
            assert run(engine, [0], max_tokens=2).text == "ab"
            until(lambda: engine._worker is None)


def test_closing() -> None:
    engine = Engine(Scripted([97], max_length=10**6, seconds=0.001), None, max_running=1)  # type: ignore[arg-type]
    streams = [engine.submit(Request([0])) for _ in range(3)]
    next(streams[0])
    engine.close()
    engine.close()
    for stream in streams:
        last = list(stream)[-1]
        assert isinstance(last, FinishEvent)
        assert last.reason == "cancelled"
    with pytest.raises(RequestError, match="closed"):
        engine.submit(Request([0]))


def test_many_threads_submit(engine: Engine) -> None:
    expected = {seed: run(engine, [seed], seed=seed, max_tokens=8).ids for seed in range(12)}
    found: dict[int, list[int]] = {}

    def ask(seed: int) -> None:
        found[seed] = run(engine, [seed], seed=seed, max_tokens=8).ids

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == expected


def test_timing_adds_up(engine: Engine) -> None:
    timing = run(engine, list(range(30)), max_tokens=5, ignore_eos=True).timing
    assert timing.new_tokens == 5
    assert 0 < timing.first_token <= timing.total
    assert timing.queued + timing.prefill + timing.decode + timing.sample <= timing.total
    assert timing.tokens_per_second > 0


# What is refused.


@pytest.mark.parametrize(
    ("prompt", "params", "error", "message"),
    [
        ([], {}, ParameterError, "prompt: it is empty"),
        ([260], {}, ParameterError, "260 at position 0 is no token id"),
        ([1, -1], {}, ParameterError, "-1 at position 1"),
        ([1, "a"], {}, ParameterError, "'a' at position 1"),
        ([1.0], {}, ParameterError, "position 0"),
        ([1] * 97, {}, ContextLengthError, "97 tokens; this model's context is 96"),
        ([1] * 96, {}, ContextLengthError, "at most 95"),
        ([1] * 97, {"max_tokens": 0}, ContextLengthError, "at most 96"),
        ([1], {"logit_bias": {999: 1}}, ParameterError, "logit_bias: token id 999"),
        ([1], {"stop_ids": [999]}, ParameterError, "stop_ids: token id 999"),
    ],
)
def test_refusals(
    engine: Engine, prompt: Any, params: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        engine.submit(Request(prompt, SamplingParams(**params)))
    assert engine.status().waiting == 0


def test_stop_strings_need_a_tokenizer(model: Decoder) -> None:
    with Engine(model, None) as engine, pytest.raises(RequestError, match="no tokenizer"):
        engine.submit(Request([1], SamplingParams(stop=("a",))))


# Whatever happens around it, a request gives what it gives alone.

asked = st.lists(
    st.tuples(st.integers(0, 5), st.integers(1, 12), st.none() | st.integers(0, 6)), min_size=1, max_size=8
)


@pytest.fixture(scope="module")
def alone(model: Decoder) -> Any:
    """Results of requests run one at a time, by (kind, max_tokens)."""
    known: dict[tuple[int, int], list[int]] = {}
    with Engine(model, None) as engine:

        def of(kind: int, count: int) -> list[int]:
            if (kind, count) not in known:
                known[kind, count] = Generation.collect([], engine.submit(mixed(kind, count))).ids
            return known[kind, count]

        yield of


def mixed(kind: int, count: int) -> Request:
    """Six kinds: greedy and sampled, short and long prompts, with and without penalties."""
    params = SamplingParams(
        temperature=kind % 3 * 0.6,
        seed=kind,
        max_tokens=count,
        repetition_penalty=1.3 if kind % 2 else 1.0,
        top_k=7 if kind > 3 else 0,
    )
    return Request([kind + 1] * (1 + 4 * kind), params)


@given(asked, st.integers(1, 4), st.integers(1, 9))
@settings(max_examples=30, deadline=None)
def test_any_company_any_cancellation(
    model: Decoder, alone: Any, wishes: list[tuple[int, int, int | None]], places: int, chunk: int
) -> None:
    with Engine(model, None, max_running=places, prefill_chunk=chunk) as engine:
        streams = [engine.submit(mixed(kind, count)) for kind, count, _ in wishes]
        for stream, (kind, count, cancel_after) in zip(streams, wishes, strict=True):
            ids: list[int] = []
            if cancel_after == 0:
                stream.cancel()
            for event in stream:
                if isinstance(event, TokenEvent):
                    ids.append(event.id)
                    if len(ids) == cancel_after:
                        stream.cancel()
                elif isinstance(event, FinishEvent) and event.reason == "cancelled":
                    assert cancel_after is not None
            expected = alone(kind, count)
            assert ids == expected[: len(ids)]
            assert len(ids) == len(expected) or cancel_after is not None
        until(lambda: engine.status() == engine_module.EngineStatus(0, 0, 0))


def test_a_program_that_leaves_in_the_middle_of_a_stream_ends_cleanly(tmp_path: Path) -> None:
    package = tiny_package(tmp_path)
    script = (
        f"import llmworks; lm = llmworks.load({str(package)!r}); "
        "next(iter(lm.stream('a', max_tokens=50, temperature=0)))"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stderr) == (0, "")
