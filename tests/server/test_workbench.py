"""The workbench's endpoints: what the page draws is what the engine does."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from fastapi.testclient import TestClient

from llmworks.inference import SamplingParams
from llmworks.language_model import LanguageModel
from llmworks.server.app import create_app
from llmworks.server.steps import Reader, take_step
from llmworks.server.workbench import STATIC, mount

KNOBS: list[dict[str, Any]] = [
    {},
    {"temperature": 0},
    {"temperature": 0.7, "top_k": 12, "top_p": 0.8, "min_p": 0.05, "seed": 5},
    {"temperature": 1.3, "repetition_penalty": 1.4, "presence_penalty": 0.7, "frequency_penalty": -0.3},
]


@pytest.fixture(scope="module")
def client(lm: LanguageModel) -> Iterator[TestClient]:
    app = create_app(lm)
    mount(app, lm)
    with TestClient(app) as client:
        yield client


def post(client: TestClient, path: str, **body: Any) -> dict[str, Any]:
    response = client.post(path, json=body)
    assert response.status_code == 200, response.text
    return dict(response.json())


def stream(client: TestClient, path: str, **body: Any) -> list[dict[str, Any]]:
    response = client.post(path, json=body)
    assert response.status_code == 200, response.text
    return [json.loads(block.removeprefix("data: ")) for block in response.text.split("\n\n") if block]


# One turn of the loop


@pytest.mark.parametrize("knobs", KNOBS)
def test_the_loop_makes_the_tokens_that_the_engine_makes(
    client: TestClient, lm: LanguageModel, knobs: dict[str, Any]
) -> None:
    made = lm.generate("The cat", max_tokens=12, **({"seed": 0} | knobs))
    *steps, end = stream(client, "/api/loop", prompt="The cat", sampling=knobs, max_tokens=12)
    assert [step["pick"]["id"] for step in steps] == made.ids
    assert [math.log(step["pick"]["p"]) for step in steps] == pytest.approx(made.logprobs, abs=1e-3)
    assert end["finish"] == made.finish_reason


@pytest.mark.parametrize("knobs", KNOBS)
def test_single_steps_make_the_same_tokens_as_the_stream(client: TestClient, knobs: dict[str, Any]) -> None:
    *steps, _ = stream(client, "/api/loop", prompt="The cat", sampling=knobs, max_tokens=5)
    ids: list[int] = []
    for step in steps:
        alone = post(client, "/api/step", prompt="The cat", ids=ids, sampling=knobs)
        assert alone["pick"]["id"] == step["pick"]["id"]
        ids.append(step["pick"]["id"])


@pytest.mark.parametrize("knobs", KNOBS)
def test_a_step_adds_up(client: TestClient, knobs: dict[str, Any]) -> None:
    step = post(client, "/api/step", prompt="The cat", sampling=knobs)
    assert sum(token["p"] for token in step["tokens"]) + step["rest"]["p"] == pytest.approx(1)
    assert sum(part["q"] for part in step["segments"]) == pytest.approx(1)
    assert [token["p"] for token in step["tokens"]] == sorted((t["p"] for t in step["tokens"]), reverse=True)
    for earlier, later in zip(step["stages"], step["stages"][1:], strict=False):
        assert earlier["after"] == later["before"]
    for stage in step["stages"]:
        assert 0 < stage["mass"] <= 1 + 1e-9
        assert (stage["mass"] == 1) == (stage["before"] == stage["after"])
        assert stage["entropy_before"] >= 0
        assert stage["entropy_after"] >= 0
    for token in step["tokens"]:
        assert (token["removed_by"] is None) == (token["q"] > 0)
    assert step["pick"]["id"] in [token["id"] for token in step["tokens"]]


def test_the_number_falls_on_the_pick(client: TestClient) -> None:
    for seed in range(20):
        step = post(client, "/api/step", prompt="The cat", sampling={"temperature": 1.5, "seed": seed})
        upper = 0.0
        for part in step["segments"]:
            upper += part["q"]
            if step["pick"]["draw"] < upper:
                break
        assert part["id"] == step["pick"]["id"]
    assert post(client, "/api/step", prompt="The", sampling={"temperature": 0})["pick"]["draw"] is None


def test_removed_tokens_name_their_stage(client: TestClient) -> None:
    step = post(client, "/api/step", prompt="The cat", sampling={"top_k": 3})
    assert [token["removed_by"] for token in step["tokens"][:4]] == [None, None, None, "top-k"]
    (top_k,) = (stage for stage in step["stages"] if stage["name"] == "top-k")
    assert top_k["value"] == "3"
    assert top_k["after"] == 3
    assert top_k["removed"][0]["id"] == step["tokens"][3]["id"]


def test_the_pick_is_listed_however_improbable() -> None:
    logits = torch.linspace(0, -3, 200)
    params = SamplingParams(temperature=50.0, seed=0)
    for place in range(40):
        step = take_step(logits, params, [1], [1] * place)
        assert step.pick in [id for id, *_ in step.tokens]
        assert len(step.tokens) == 14


def test_a_reader_agrees_with_a_fresh_pass_wherever_it_goes(lm: LanguageModel) -> None:
    reader = Reader(lm.model)
    generator = torch.Generator().manual_seed(0)
    ids = [5]
    for _ in range(25):  # forward, back, and off in another direction
        keep = int(torch.randint(1, len(ids) + 1, (), generator=generator))
        more = int(torch.randint(0, 30, (), generator=generator))
        ids = ids[:keep] + torch.randint(0, 300, (more,), generator=generator).tolist()
        ids = ids[:256]
        expected = lm.model(torch.tensor([ids]))[0, -1]
        torch.testing.assert_close(reader.logits(ids), expected, atol=1e-4, rtol=1e-4)


def test_a_forced_token_is_followed(client: TestClient, lm: LanguageModel) -> None:
    forced = post(client, "/api/step", prompt="The cat", ids=[42])
    p = torch.softmax(lm.logits([*lm.encode("The cat"), 42])[-1], dim=0)
    assert forced["tokens"][0]["id"] == int(p.argmax())
    assert forced["tokens"][0]["p"] == pytest.approx(float(p.max()), rel=1e-3)


# Tokens, templates, chat


def test_tokenize_and_model(client: TestClient, lm: LanguageModel) -> None:
    tokens = post(client, "/api/tokenize", text="the <|im_end|>\n")["tokens"]
    assert [token["id"] for token in tokens] == lm.encode("the <|im_end|>\n")
    assert not any(token["special"] for token in tokens)
    about = client.get("/api/model").json()
    assert about["parameters"] == lm.model.n_parameters()
    assert about["context"] == 256
    assert about["chat"] is True
    assert about["examples"] == {"texts": [], "messages": []}


def test_render_shows_what_the_model_reads(client: TestClient, lm: LanguageModel) -> None:
    messages = [{"role": "user", "content": "Hi <|im_end|>"}]
    tokens = post(client, "/api/render", messages=messages)["tokens"]
    assert [token["id"] for token in tokens] == lm.encode_chat(messages)
    control = [token["label"] for token in tokens if token["special"]]
    assert control == ["<|im_start|>", "<|im_end|>", "<|im_start|>"], (
        "what the user typed is no control token"
    )
    assert post(client, "/api/render", messages=[])["tokens"] == []


def test_chat_says_what_the_library_says(client: TestClient, lm: LanguageModel) -> None:
    messages = [{"role": "user", "content": "Hi"}]
    *pieces, end = stream(client, "/api/chat", messages=messages, max_tokens=12, sampling={"seed": 3})
    made = lm.chat(messages, max_tokens=12, seed=3, temperature=1.0)
    assert "".join(piece["text"] for piece in pieces) == made.text
    assert end["finish"] == made.finish_reason
    assert all(0 < piece["p"] <= 1 for piece in pieces if piece["id"] is not None)


# Refusals


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("/api/step", {"prompt": "word " * 400}, "Shorten it"),
        ("/api/step", {"prompt": "x", "ids": [99999]}, "99999"),
        ("/api/step", {"prompt": "x", "ids": [-1]}, "-1"),
        ("/api/step", {"prompt": "x", "sampling": {"temperature": -1}}, "temperature"),
        ("/api/step", {"prompt": "x", "sampling": {"top_p": 0}}, "top_p"),
        ("/api/step", {"prompt": "x", "sampling": {"warmth": 1}}, "warmth"),
        ("/api/loop", {"prompt": "x", "sampling": {"min_p": 7}}, "min_p"),
        ("/api/loop", {"prompt": "word " * 400}, "Shorten it"),
        ("/api/loop", {"prompt": "x", "max_tokens": 0}, "max_tokens"),
        ("/api/chat", {"messages": []}, "messages"),
        ("/api/chat", {"messages": [{"role": "user", "content": "word " * 400}]}, "context"),
        ("/api/tokenize", {}, "text"),
    ],
)
def test_refusals_are_told_with_a_status(
    client: TestClient, path: str, body: dict[str, Any], told: str
) -> None:
    response = client.post(path, json=body)
    assert response.status_code in (400, 422)
    assert told in response.json()["error"]["message"]


def test_nan_is_no_temperature(client: TestClient) -> None:
    body = '{"prompt": "x", "sampling": {"temperature": NaN}}'
    response = client.post("/api/step", content=body, headers={"content-type": "application/json"})
    assert response.status_code in (400, 422)


def test_a_full_context_is_an_end_and_not_an_error(client: TestClient, lm: LanguageModel) -> None:
    prompt = lm.encode("x")
    step = post(client, "/api/step", prompt="x", ids=[65] * (256 - len(prompt)))
    assert "context is full" in step["full"]
    *steps, end = stream(client, "/api/loop", prompt="x", ids=[65] * 250, max_tokens=50)
    assert end == {"finish": "length"} or steps[-1]["pick"]["stop"]
    assert len(steps) <= 256 - 250 - len(prompt)


def test_a_key_guards_the_endpoints_but_not_the_page(lm: LanguageModel) -> None:
    app = create_app(lm, api_key="secret")
    mount(app, lm)
    with TestClient(app) as client:
        assert client.get("/").status_code == 200
        assert client.get("/static/workbench.js").status_code == 200
        assert client.get("/api/model").status_code == 401
        assert client.post("/api/step", json={"prompt": "x"}).status_code == 401
        assert client.get("/api/model", headers={"authorization": "Bearer secret"}).status_code == 200


# The page's files


def test_the_page_needs_nothing_from_outside(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "default-src 'self'" in page.headers["content-security-policy"]
    for name in ("index.html", "workbench.js", "workbench.css"):
        text = (STATIC / name).read_text(encoding="utf-8")
        outside = set(re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", text)) - {"http://www.w3.org"}
        assert not outside
    for used in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text):
        assert client.get(used).status_code == 200


def test_the_script_never_writes_markup() -> None:
    script = (STATIC / "workbench.js").read_text(encoding="utf-8")
    for risky in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert risky not in script
