"""LanguageModel: the face of the library, on a tiny random package."""

from __future__ import annotations

import gc
import math
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import llmworks
from llmworks.errors import RequestError
from llmworks.inference import ContextLengthError, FinishEvent, ParameterError, TokenEvent
from llmworks.inference import engine as engine_module
from llmworks.language_model import LanguageModel
from llmworks.nn.trace import Intervention
from llmworks.packages import GenerationDefaults, save_package
from tests.support import tiny_package, tiny_tokenizer

HELLO = [{"role": "user", "content": "Hello"}]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return tiny_package(tmp_path_factory.mktemp("language_model"))


@pytest.fixture(scope="module")
def lm(path: Path) -> LanguageModel:
    lm = llmworks.load(path)
    for parameter in lm.model.parameters():  # fresh weights are almost uniform; these have opinions
        parameter.data.mul_(3)
    return lm


def test_logits(lm: LanguageModel) -> None:
    ids = lm.tokenizer.encode("The house had a red door")
    logits = lm.logits(ids)
    assert (logits.shape, logits.dtype) == ((len(ids), lm.tokenizer.vocab_size), torch.float32)
    assert not logits.requires_grad
    for same in ("The house had a red door", torch.tensor(ids), np.array(ids), tuple(ids)):
        assert torch.equal(lm.logits(same), logits)


def test_generate_is_the_argmax_of_the_logits(lm: LanguageModel) -> None:
    made = lm.generate("Once upon", max_tokens=12, temperature=0, ignore_eos=True, skip_special_tokens=False)
    ids = lm.tokenizer.encode("Once upon")
    assert made.prompt_ids == ids
    everything = lm.logits(ids + made.ids)[len(ids) - 1 : -1]
    assert everything.argmax(-1).tolist() == made.ids
    expected = everything.log_softmax(-1).gather(-1, torch.tensor(made.ids)[:, None])[:, 0]
    assert made.logprobs == pytest.approx(expected.tolist(), abs=1e-4)
    assert str(made) == made.text
    assert made.text == lm.tokenizer.decode(made.ids)
    assert lm.generate(ids, max_tokens=12, temperature=0, ignore_eos=True).ids == made.ids


def test_generate_equals_transformers(path: Path) -> None:
    """Greedy, and with a repetition penalty, on the weights as they are on disk."""
    from transformers import AutoModelForCausalLM

    ours, theirs = llmworks.load(path), AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32)
    prompt = ours.encode("The house had a red door")
    for penalty in (1.0, 1.4):
        expected = theirs.generate(
            torch.tensor([prompt]), max_new_tokens=40, do_sample=False, repetition_penalty=penalty
        )
        made = ours.generate(prompt, max_tokens=40, temperature=0, repetition_penalty=penalty)
        assert made.ids == expected[0, len(prompt) :].tolist()


def test_ids_hold_the_new_tokens_only_and_all_of_them(lm: LanguageModel) -> None:
    end = lm.tokenizer.special_tokens["<|endoftext|>"]
    made = lm.generate("Once", max_tokens=5, temperature=0, logit_bias={end: 100})
    assert (made.ids, made.text, made.finish_reason, made.stopped_by) == ([end], "", "stop", end)
    assert len(made.logprobs) == 1
    assert len(lm.generate("Once", max_tokens=7, seed=1, ignore_eos=True).ids) == 7


def test_alternatives_and_stages(lm: LanguageModel) -> None:
    made = lm.generate("Once", max_tokens=3, seed=1, logprobs=4, report=True, ignore_eos=True)
    assert [len(best) for best in made.alternatives] == [4, 4, 4]
    assert [stages[-1].top[0][0] for stages in made.stages] == made.ids


def test_stream_is_generate_in_pieces(lm: LanguageModel) -> None:
    given: dict[str, Any] = {"max_tokens": 30, "seed": 4, "stop": "e", "temperature": 1.3}
    made, events = lm.generate("The", **given), list(lm.stream("The", **given))
    assert [event.id for event in events if isinstance(event, TokenEvent)] == made.ids
    assert "".join(getattr(event, "text", "") for event in events) == made.text
    last = events[-1]
    assert isinstance(last, FinishEvent)
    assert last.reason == made.finish_reason


def test_leaving_a_stream_frees_it(lm: LanguageModel) -> None:
    stream = lm.stream("The", ignore_eos=True)
    next(iter(stream))
    del stream
    gc.collect()
    assert lm.generate("a", max_tokens=1).ids
    assert lm.engine.status().running == 0


def test_chat_ends_where_the_template_ends_a_turn(lm: LanguageModel) -> None:
    end = lm.tokenizer.special_tokens["<|im_end|>"]
    assert lm.turn_end_ids == (end,)
    made = lm.chat(HELLO, max_tokens=9, logit_bias={end: 100})
    assert (made.ids, made.text, made.finish_reason) == ([end], "", "stop")
    assert made.prompt_ids == lm.encode_chat(HELLO)
    assert lm.tokenizer.decode(made.prompt_ids).endswith("<|im_start|>assistant\n")
    streamed = list(lm.stream_chat(HELLO, max_tokens=9, seed=3))
    assert [e.id for e in streamed if isinstance(e, TokenEvent)] == lm.chat(HELLO, max_tokens=9, seed=3).ids


def test_a_package_without_a_template_says_so(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="no chat template"):
        llmworks.load(tiny_package(tmp_path, chat=False)).chat(HELLO)


def test_package_defaults_hold_until_the_caller_speaks(tmp_path: Path, lm: LanguageModel) -> None:
    path = save_package(
        tmp_path / "other",
        lm.model,
        tiny_tokenizer(),
        generation=GenerationDefaults(temperature=0.0, max_tokens=6, top_k=3),
    )
    other = llmworks.load(path)
    assert other.defaults == {"temperature": 0.0, "max_tokens": 6, "top_k": 3}
    greedy = lm.generate("Once", temperature=0, max_tokens=6)
    assert other.generate("Once").ids == greedy.ids
    assert other.generate("Once", temperature=1.0, top_k=0, seed=1, max_tokens=8).ids == (
        lm.generate("Once", temperature=1.0, seed=1, max_tokens=8).ids
    )


def test_unknown_parameters_are_named(lm: LanguageModel) -> None:
    with pytest.raises(ParameterError, match="temprature: no such parameter"):
        lm.generate("a", temprature=1)


def test_begin_tokens(lm: LanguageModel, monkeypatch: pytest.MonkeyPatch) -> None:
    end = lm.tokenizer.special_tokens["<|endoftext|>"]
    assert lm.encode("Once") == lm.tokenizer.encode("Once")
    assert lm.encode("") == [end], "an empty prompt is the beginning of a document"
    monkeypatch.setattr(lm.tokenizer, "add_bos", True)
    assert lm.encode("Once") == [end, *lm.tokenizer.encode("Once")]
    assert lm.encode([5]) == [5]


def test_user_text_never_becomes_a_control_token(lm: LanguageModel) -> None:
    control = set(lm.tokenizer.special_tokens.values())
    assert not control & set(lm.encode("<|endoftext|><|im_start|>"))


def test_trace_and_interventions(lm: LanguageModel) -> None:
    trace = lm.trace("The cat", ["blocks.*.attn.pattern", "logits"])
    ids = lm.encode("The cat")
    assert trace.tensors["blocks.1.attn.pattern"].shape == (1, 4, len(ids), len(ids))
    assert torch.allclose(trace.tensors["logits"][0], lm.logits(ids), atol=1e-4)
    change = Intervention("blocks.0.mlp_out", "ablate")
    changed = lm.trace(ids, ["logits"], [change]).tensors["logits"]
    assert not torch.allclose(changed, trace.tensors["logits"], atol=1e-3)


@pytest.mark.parametrize("ids", [[], [9999], [-1], [0.5], ["a"]])
def test_ids_that_are_none(lm: LanguageModel, ids: Any) -> None:
    for ask in (lm.logits, lm.trace, lm.generate):
        with pytest.raises(ParameterError, match="prompt: "):
            ask(ids)


def test_too_long(lm: LanguageModel) -> None:
    for ask in (lm.logits, lm.trace, lm.generate):
        with pytest.raises(ContextLengthError, match="129 tokens; this model's context is 128"):
            ask([1] * 129)


# Scores.


def naive_bits(lm: LanguageModel, ids: list[int]) -> float:
    with torch.no_grad():
        logprobs = lm.model(torch.tensor([ids]))[0].double().log_softmax(-1)
    return -sum(float(logprobs[i, id]) for i, id in enumerate(ids[1:])) / math.log(2)


def test_score_of_a_short_text(lm: LanguageModel) -> None:
    text = "The cat said nothing; é"
    ids = [lm.tokenizer.special_tokens["<|endoftext|>"], *lm.tokenizer.encode(text)]
    score = lm.score(text)
    assert score.bits == pytest.approx(naive_bits(lm, ids), rel=1e-5)
    assert (score.tokens, score.bytes) == (len(ids) - 1, len(text.encode()))
    assert score.bits_per_byte == score.bits / score.bytes
    assert score.perplexity == pytest.approx(2 ** (score.bits / score.tokens))


@pytest.mark.parametrize("tokens", [127, 128, 129, 191, 192, 193, 500])
def test_score_of_a_long_text(lm: LanguageModel, tokens: int) -> None:
    """Every token beyond the first window sees at least half a context, and each counts once."""
    ids = torch.randint(0, 256, (tokens,), generator=torch.Generator().manual_seed(tokens)).tolist()
    begin = lm.tokenizer.special_tokens["<|endoftext|>"]
    text = bytes(b % 128 for b in ids).decode()
    ids = [begin, *lm.tokenizer.encode(text)]
    expected, place, size = 0.0, 1, 128
    while place < len(ids):
        start = 0 if place == 1 else place - size // 2
        end = min(start + size, len(ids))
        with torch.no_grad():
            logprobs = lm.model(torch.tensor([ids[start:end]]))[0].double().log_softmax(-1)
        expected -= sum(float(logprobs[i - 1 - start, ids[i]]) for i in range(place, end))
        place = end
    score = lm.score(text)
    assert score.bits == pytest.approx(expected / math.log(2), rel=1e-5)
    assert score.tokens == len(ids) - 1


def test_score_of_nothing(lm: LanguageModel) -> None:
    with pytest.raises(ParameterError, match="nothing to score"):
        lm.score("")


def test_a_dropped_model_is_collected(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "IDLE_SECONDS", 0.01)
    lm = llmworks.load(path)
    lm.generate("a", max_tokens=2)
    worker = lm.engine._worker
    if worker is not None:
        worker.join(10)
    model = weakref.ref(lm.model)
    del lm
    gc.collect()
    assert model() is None


def test_closing(path: Path) -> None:
    lm = llmworks.load(path)
    assert "45," in repr(lm)
    lm.close()
    with pytest.raises(RequestError, match="closed"):
        lm.generate("a")


def test_bfloat16(path: Path) -> None:
    lm = llmworks.load(path, dtype=torch.bfloat16)
    assert lm.logits("a").dtype == torch.float32
    made = lm.generate("Once", max_tokens=5, temperature=0)
    assert len(made.logprobs) == len(made.ids)
