"""Networks of other families in every place where a network is used: engine, score, page, trace, training."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

import llmworks
from llmworks.inference import Request, SamplingParams
from llmworks.language_model import LanguageModel
from llmworks.nn.trace import Intervention
from llmworks.packages import Package
from llmworks.server.steps import Reader
from llmworks.training import Recipe, train
from tests.support import TINY_TEXT, tiny_package

LAYER_NORM = {
    "norm": "layernorm",
    "norm_bias": True,
    "attention_bias": True,
    "mlp_bias": True,
    "n_kv_heads": 4,
}
FORMS: dict[str, dict[str, Any]] = {
    "mistral": {"layer_kinds": ("sliding", "sliding"), "sliding_window": 7},
    "bloom": LAYER_NORM
    | {"positions": "alibi", "activation": "gelu_tanh", "embed_norm": True, "tie_embeddings": True},
    "gpt_neox": LAYER_NORM | {"parallel": True, "rope_fraction": 0.25, "activation": "gelu"},
    "gemma3_text": {
        "norm_position": "sandwich", "norm_offset": True, "qk_norm": True, "activation": "geglu",
        "layer_kinds": ("sliding", "full"), "sliding_window": 5, "rope_theta_local": 1000.0,
        "embed_scale": 32**0.5, "tie_embeddings": True, "attention_softcap": 20.0,
    },
    "olmo2": {"norm_position": "branch", "qk_norm": True, "qk_norm_over": "all"},
    "llmworks": {"attention_sinks": True, "unrotated_layers": (1,), "rope_interleaved": True},
}  # fmt: skip


@pytest.fixture(scope="module", params=FORMS)
def lm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    torch.set_num_threads(1)
    path = tiny_package(tmp_path_factory.mktemp("families"), **FORMS[request.param])
    assert json.loads((path / "config.json").read_text())["model_type"] == request.param
    lm = llmworks.load(path)
    torch.manual_seed(1)
    with torch.no_grad():  # fresh weights are almost uniform; these have opinions
        for parameter in lm.model.parameters():
            parameter.add_(0.15 * torch.randn_like(parameter))
    return lm


def test_the_engine_says_the_argmax_of_the_logits(lm: LanguageModel) -> None:
    prompt = lm.tokenizer.encode(TINY_TEXT[:90])  # several windows long
    made = lm.generate(prompt, max_tokens=14, temperature=0, ignore_eos=True)
    logits = lm.logits(prompt + made.ids)[len(prompt) - 1 : -1]
    assert logits.argmax(-1).tolist() == made.ids
    expected = logits.log_softmax(-1).gather(-1, torch.tensor(made.ids)[:, None])[:, 0]
    assert made.logprobs == pytest.approx(expected.tolist(), abs=1e-4)


def test_a_prompt_read_in_chunks_is_read_the_same(lm: LanguageModel) -> None:
    prompt = lm.tokenizer.encode(TINY_TEXT[:60])
    cache = lm.model.new_cache(1, len(prompt))
    parts = [lm.model(part[None], cache=cache) for part in torch.tensor(prompt).split(9)]
    torch.testing.assert_close(torch.cat(parts, 1)[0].detach(), lm.logits(prompt), atol=1e-4, rtol=1e-4)
    params = SamplingParams(temperature=0, max_tokens=1)
    events = list(lm.engine.submit(Request(prompt_ids=tuple(prompt), sampling=params, prompt_logprobs=0)))
    told = [entry.logprob for entry in events[0].logprobs if entry is not None]
    wanted = lm.logits(prompt)[:-1].log_softmax(-1).gather(-1, torch.tensor(prompt[1:])[:, None])[:, 0]
    assert told == pytest.approx(wanted.tolist(), abs=1e-4)


def test_score_is_the_sum_of_log_probabilities(lm: LanguageModel) -> None:
    text = TINY_TEXT[:80]
    ids = [lm.tokenizer.special_tokens["<|endoftext|>"], *lm.tokenizer.encode(text)]
    logits = lm.logits(ids)[:-1].log_softmax(-1)
    expected = -logits.gather(-1, torch.tensor(ids[1:])[:, None]).mean()
    assert lm.score(text).nats_per_token == pytest.approx(float(expected), rel=1e-4)


def test_the_page_reads_what_differs(lm: LanguageModel) -> None:
    reader, ids = Reader(lm.model), lm.tokenizer.encode(TINY_TEXT[:70])
    for some in (ids[:20], ids, ids[:11] + ids[30:40], ids[:12]):
        torch.testing.assert_close(reader.logits(some), lm.logits(some)[-1], atol=1e-4, rtol=1e-4)


def test_every_address_is_reached_and_can_be_changed(lm: LanguageModel) -> None:
    ids = lm.tokenizer.encode("The house had a red door")
    trace = lm.trace(ids, ["*"])
    assert list(trace.tensors) == lm.model.addresses()
    for address in lm.model.addresses():
        slope = torch.linspace(-1, 1, trace.tensors[address].shape[-1])  # which no norm takes away
        change = Intervention(address, "steer", slope, positions=[2])
        changed = lm.trace(ids, ["logits"], [change]).tensors["logits"]
        assert not torch.allclose(changed, trace.tensors["logits"], atol=1e-5), address


def test_it_trains_on_and_stays_of_its_family(lm: LanguageModel, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text(TINY_TEXT * 30, encoding="utf-8")
    settings = [
        f"init='{lm.package.path}'", f"data.sources=[{{ path = '{tmp_path / 'text.txt'}' }}]",
        "data.validation=0.0", "data.block_size=32", "data.document_mask=true", "training.batch_size=4",
        "training.steps=12", "training.tensorboard=false", "training.threads=1", "training.log_every=1",
    ]  # fmt: skip
    result = train(Recipe.load(None, settings), tmp_path / "out")
    assert result.finished
    lines = (tmp_path / "out/run/metrics.jsonl").read_text().splitlines()
    losses = [event["loss"] for event in map(json.loads, lines) if event["event"] == "step"]
    assert losses[-1] < losses[0] - 0.3
    written = json.loads((tmp_path / "out/config.json").read_text())
    assert written["model_type"] == json.loads((lm.package.path / "config.json").read_text())["model_type"]
    config = Package.load(tmp_path / "out").config
    assert config.model_copy(update={"dropout": 0.0}) == lm.package.config.model_copy(update={"dropout": 0.0})
