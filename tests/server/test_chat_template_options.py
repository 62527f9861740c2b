"""/v1/chat/completions: variables for the chat template, and content in parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from llmworks.language_model import LanguageModel, load
from llmworks.server.app import create_app
from tests.support import tiny_package

TEMPLATE = (
    "{%- for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}"
    "{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}"
    "{%- if enable_thinking is defined and not enable_thinking %}{{ '<think></think>' }}{% endif %}"
    "{%- endif %}"
)


@pytest.fixture(scope="module")
def lm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageModel]:
    folder: Path = tiny_package(tmp_path_factory.mktemp("thinking"))
    (folder / "chat_template.jinja").write_text(TEMPLATE)
    lm = load(folder)
    yield lm
    lm.close()


@pytest.fixture(scope="module")
def http(lm: LanguageModel) -> Iterator[TestClient]:
    with TestClient(create_app({"tiny": lm})) as client:
        yield client


def ask(http: TestClient, content: Any = "Hi", **more: Any) -> Any:
    body = {"messages": [{"role": "user", "content": content}], "max_tokens": 2, "temperature": 0, **more}
    return http.post("/v1/chat/completions", json=body)


def test_variables_reach_the_template(http: TestClient, lm: LanguageModel) -> None:
    plain = ask(http).json()["usage"]["prompt_tokens"]
    quiet = ask(http, chat_template_kwargs={"enable_thinking": False}).json()["usage"]["prompt_tokens"]
    assert quiet - plain == len(lm.tokenizer.encode("\n<think></think>")) - len(lm.tokenizer.encode("\n"))
    assert ask(http, chat_template_kwargs={"unknown": [1]}).json()["usage"]["prompt_tokens"] == plain
    assert ask(http, chat_template_kwargs={}).status_code == 200


@pytest.mark.parametrize("name", ["messages", "tools", "add_generation_prompt", "tokenizer", "template"])
def test_the_templates_own_are_refused(http: TestClient, name: str) -> None:
    answer = ask(http, chat_template_kwargs={name: []})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "chat_template_kwargs"


def test_a_content_in_parts_is_its_text(http: TestClient) -> None:
    whole = ask(http, "Hi there").json()
    parts = ask(http, [{"type": "text", "text": "Hi "}, {"type": "text", "text": "there"}]).json()
    assert parts["usage"] == whole["usage"]
    assert parts["choices"][0]["message"] == whole["choices"][0]["message"]
    assert ask(http, [{"type": "image_url", "image_url": {"url": "x"}}]).status_code == 400
