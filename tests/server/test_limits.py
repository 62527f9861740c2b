"""What the server refuses, each with the right status and in OpenAI's shape, and what it frees."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import openai
import pytest
from fastapi.testclient import TestClient

from llmworks.inference import Engine
from llmworks.language_model import LanguageModel
from llmworks.server.app import create_app
from llmworks.server.settings import ServerSettings

LONG: dict[str, Any] = {"prompt": "Once", "max_tokens": 200, "ignore_eos": True, "seed": 1}


@pytest.fixture(scope="module")
def http(lm: LanguageModel) -> Iterator[TestClient]:
    with TestClient(
        create_app({"tiny": lm}, max_body_bytes=100_000), raise_server_exceptions=False
    ) as client:
        yield client


def refusal(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"message", "type", "param", "code"}
    assert body["error"]["message"]
    error: dict[str, Any] = body["error"]
    return error


@pytest.mark.parametrize(
    ("changes", "param", "message"),
    [
        ({"prompt": ""}, None, None),
        ({"prompt": []}, "prompt", "empty"),
        ({"prompt": [[]]}, "prompt", "empty"),
        ({"prompt": 5}, "prompt", "valid string"),
        ({"prompt": None}, "prompt", "valid"),
        ({"prompt": [1, 99999]}, "prompt", "99999"),
        ({"prompt": [-1], "echo": True}, "prompt", "-1"),
        ({"prompt": ["a", 1]}, "prompt", "valid"),
        ({"temperature": -1}, "temperature", "greater than or equal to 0"),
        ({"temperature": 99}, "temperature", "less than or equal to 2"),
        ({"temperature": "hot"}, "temperature", "number"),
        ({"top_p": 0}, "top_p", "above 0"),
        ({"top_p": 1.5}, "top_p", "to 1"),
        ({"top_k": -3}, "top_k", "from 0"),
        ({"min_p": 7}, "min_p", "from 0 to 1"),
        ({"n": 0}, "n", "greater"),
        ({"n": 100_000}, "n", "at most 128"),
        ({"max_tokens": -5}, "max_tokens", "greater"),
        ({"max_tokens": 1.5}, "max_tokens", "integer"),
        ({"max_tokens": "many"}, "max_tokens", "integer"),
        ({"seed": "x"}, "seed", "integer"),
        ({"seed": 2**80}, "seed", "seed"),
        ({"stop": [""]}, "stop", "non-empty"),
        ({"stop": ["a"] * 99}, "stop", "at most"),
        ({"stop": 7}, "stop", "valid"),
        ({"logprobs": 1000}, "logprobs", "20"),
        ({"logit_bias": {"x": 1}}, "logit_bias", "no token id"),
        ({"logit_bias": {"1": 1000}}, "logit_bias", "-100 to 100"),
        ({"logit_bias": {"999999": 1}}, "logit_bias", "vocabulary"),
        ({"presence_penalty": 5}, "presence_penalty", "-2 to 2"),
        ({"best_of": 4}, "best_of", "must equal n"),
        ({"suffix": "end"}, "suffix", "does not support"),
        ({"stream_options": {"include_usage": True}}, "stream_options", "stream = true"),
        ({"temprature": 1}, "temprature", "Unrecognized request argument"),
        ({"stream": "yes"}, "stream", "boolean"),
    ],
)
def test_completion_parameters(
    http: TestClient, changes: Any, param: str | None, message: str | None
) -> None:
    answer = http.post("/v1/completions", json={"prompt": "Once", "max_tokens": 1} | changes)
    if message is None:
        assert answer.status_code == 200
        return
    error = refusal(answer, 400)
    assert (error["param"], error["type"]) == (param, "invalid_request_error")
    assert message in error["message"]


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"messages": []}, "messages"),
        ({"messages": "hi"}, "messages"),
        ({"messages": [{"role": "wizard", "content": "x"}]}, "messages"),
        ({"messages": [{"role": "user"}]}, "messages"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]}, "messages"),
        ({"tools": [{"type": "function"}]}, "tools"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"top_logprobs": 3}, "top_logprobs"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": 3, "max_completion_tokens": 4}, "max_tokens"),
        ({"prompt": "x"}, "prompt"),
    ],
)
def test_chat_parameters(http: TestClient, changes: Any, param: str) -> None:
    asked = {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 1}
    assert refusal(http.post("/v1/chat/completions", json=asked | changes), 400)["param"] == param


def test_neutral_parameters_pass(http: TestClient) -> None:
    asked = {
        "messages": [{"role": "user", "content": "hi", "name": None}], "max_tokens": 1, "tools": [],
        "tool_choice": "none", "response_format": {"type": "text"}, "user": "me", "store": False,
        "metadata": {"a": "b"}, "parallel_tool_calls": True, "stream": None, "stop": None, "seed": None,
    }  # fmt: skip
    assert http.post("/v1/chat/completions", json=asked).status_code == 200


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"null", b"7", b"\xff\xfe", b'{"prompt": NaN}', b'{"a":' * 9000, b'{"prompt": "\xff"}',
     b'{"prompt": "x", "temperature": NaN}', b'{"prompt": "x", "top_p": Infinity}', b'{"\\ud800": 1}',
     b'{"prompt": "\\ud800", "echo": true}', b'{"prompt": "x", "model": "\\ud800"}', b'{"prompt": "x"} x'],
)  # fmt: skip
def test_bodies_that_are_no_request(http: TestClient, raw: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = http.post("/v1/completions", content=raw, headers=headers)
    refusal(answer, 404 if b"model" in raw else 400)


def test_other_statuses(http: TestClient) -> None:
    refusal(http.get("/v1/nothing"), 404)
    refusal(http.get("/v1/completions"), 405)
    refusal(http.post("/v1/completions", content=b"{}", headers={"Content-Type": "text/plain"}), 415)
    error = refusal(http.post("/v1/completions", json={"prompt": "x", "model": "gpt-none"}), 404)
    assert (error["code"], error["param"]) == ("model_not_found", "model")
    assert http.get("/health").json()["status"] == "ok"


def test_a_prompt_beyond_the_context(http: TestClient, lm: LanguageModel) -> None:
    ids = [1] * lm.max_length
    error = refusal(http.post("/v1/completions", json={"prompt": ids}), 400)
    assert error["code"] == "context_length_exceeded"
    assert http.post("/v1/completions", json={"prompt": ids[1:], "max_tokens": 50}).status_code == 200
    talk = {"messages": [{"role": "user", "content": "word " * 500}]}
    assert refusal(http.post("/v1/chat/completions", json=talk), 400)["code"] == "context_length_exceeded"


def test_the_servers_own_prompt_limit(lm: LanguageModel) -> None:
    with TestClient(create_app(lm, max_prompt_tokens=5)) as http:
        assert http.post("/v1/completions", json={"prompt": [1] * 5}).status_code == 200
        error = refusal(http.post("/v1/completions", json={"prompt": [1] * 6}), 400)
        assert (error["code"], "at most 5" in error["message"]) == ("context_length_exceeded", True)


def test_large_bodies(http: TestClient) -> None:
    large = json.dumps({"prompt": "x" * 100_000}).encode()
    headers = {"Content-Type": "application/json"}
    assert refusal(http.post("/v1/completions", content=large, headers=headers), 413)["code"]

    def chunks() -> Iterator[bytes]:
        for start in range(0, len(large), 1000):
            yield large[start : start + 1000]

    refusal(http.post("/v1/completions", content=chunks(), headers=headers), 413)


def test_a_large_body_over_the_wire(serve: Callable[..., Any]) -> None:
    """The answer arrives although the client is still sending; with and without a declared length."""
    server = serve(max_body_bytes=10_000)

    def chunks() -> Iterator[bytes]:
        for _ in range(200):
            yield b"x" * 10_000

    headers = {"Content-Type": "application/json"}
    for content in (b"x" * 2_000_000, chunks()):
        refusal(httpx.post(f"{server.url}/v1/completions", content=content, headers=headers), 413)
    assert httpx.get(f"{server.url}/health").status_code == 200
    assert not any(server.busy.values())


def test_api_key(lm: LanguageModel) -> None:
    app = create_app(lm, ServerSettings(api_key="s3cret-é"))
    with TestClient(app) as http:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic s3cret"}):
            answer = http.get("/v1/models", headers=headers)
            assert refusal(answer, 401)["code"] == "invalid_api_key"
            assert answer.headers["WWW-Authenticate"] == "Bearer"
        refusal(http.get("/v1/nothing"), 401)
        refusal(http.get("/openapi.json"), 401)
        assert http.get("/health").status_code == 200
        right = {"Authorization": "Bearer s3cret-é".encode()}
        assert http.get("/v1/models", headers=right).status_code == 200  # type: ignore[arg-type]


def test_api_key_through_the_client(serve: Callable[..., Any]) -> None:
    server = serve(api_key="right")
    with pytest.raises(openai.AuthenticationError):
        openai.OpenAI(base_url=f"{server.url}/v1", api_key="wrong", max_retries=0).models.list()
    assert openai.OpenAI(base_url=f"{server.url}/v1", api_key="right").models.list().data[0].id == "tiny"


def test_foreign_host_names_are_refused(served: Any, serve: Callable[..., Any]) -> None:
    """A web page that points its own name at 127.0.0.1 gets nothing."""
    foreign = {"Host": "evil.example"}
    refusal(httpx.get(f"{served.url}/v1/models", headers=foreign), 403)
    for name in ("localhost", f"127.0.0.1:{served.port}", "[::1]:8000"):
        assert httpx.get(f"{served.url}/v1/models", headers={"Host": name}).status_code == 200
    allowed = serve(allowed_hosts=("evil.example",))
    assert httpx.get(f"{allowed.url}/v1/models", headers=foreign).status_code == 200


def test_cors_is_off_unless_asked(lm: LanguageModel) -> None:
    page = {"Origin": "https://page.example", "Access-Control-Request-Method": "POST"}
    with TestClient(create_app(lm)) as http:
        assert "access-control-allow-origin" not in http.get("/v1/models", headers=page).headers
        assert http.options("/v1/completions", headers=page).status_code == 405
    with TestClient(create_app(lm, cors_origins=("https://page.example",), api_key="k")) as http:
        answer = http.options("/v1/completions", headers=page)
        assert answer.headers["access-control-allow-origin"] == "https://page.example"


@pytest.fixture
def slow_model(lm: LanguageModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes milliseconds takes minutes, so that what is soon over was cut short."""
    forward = lm.model.forward

    def slow(*given: Any, **more: Any) -> Any:
        time.sleep(0.2)
        return forward(*given, **more)

    monkeypatch.setattr(lm.model, "forward", slow)


@pytest.mark.usefixtures("slow_model")
def test_too_many_requests(serve: Callable[..., Any]) -> None:
    server = serve(max_concurrent=1)
    with httpx.stream("POST", f"{server.url}/v1/completions", json=LONG | {"n": 8, "stream": True}) as stream:
        lines = stream.iter_lines()  # kept: the connection closes with it
        next(lines)
        answer = httpx.post(f"{server.url}/v1/completions", json={"prompt": "a"})
        assert refusal(answer, 429)["type"] == "rate_limit_error"
        assert int(answer.headers["Retry-After"]) >= 1
    server.until_idle()
    asked = {"prompt": "a", "max_tokens": 1}
    assert httpx.post(f"{server.url}/v1/completions", json=asked).status_code == 200


def test_a_full_engine_refuses_the_whole_request(lm: LanguageModel) -> None:
    small = LanguageModel(lm.package, lm.model, Engine(lm.model, lm.tokenizer, max_running=1, max_waiting=2))
    app = create_app(small)
    with TestClient(app) as http, small.engine:
        answer = http.post("/v1/completions", json=LONG | {"n": 20})
        refusal(answer, 429)
        assert app.state.desk.taken == 0
        assert http.post("/v1/completions", json={"prompt": "a", "n": 2}).status_code == 200


def send_and_hang_up(port: int, body: dict[str, Any], *, read: bool) -> None:
    raw = json.dumps(body).encode()
    head = f"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(raw)}\r\n"
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(f"{head}Content-Type: application/json\r\n\r\n".encode() + raw)
        if read:
            assert connection.recv(1000).startswith(b"HTTP/1.1 200")


@pytest.mark.usefixtures("slow_model")
@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_leaves_frees_its_work(serve: Callable[..., Any], stream: bool) -> None:
    server = serve()
    send_and_hang_up(server.port, LONG | {"stream": stream, "n": 2}, read=stream)
    server.until_idle()


@pytest.mark.usefixtures("slow_model")
def test_a_client_that_leaves_the_queue_frees_its_place(serve: Callable[..., Any]) -> None:
    server = serve()
    for stream in (True, False) * 3:
        send_and_hang_up(server.port, LONG | {"stream": stream, "n": 8}, read=False)
    server.until_idle()
