"""/v1/embeddings through OpenAI's own client, for an encoder and for a decoder."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import openai
import pytest
import torch
from openai import OpenAI

import llmworks
from llmworks.errors import ConfigError
from llmworks.server.app import create_app
from llmworks.server.workbench import mount
from tests.encoder_packages import encoder_package, sentence_files
from tests.server.conftest import serving

TEXTS = ["a cat", "The house had a red door", "it will rain today"]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("encoder")
    encoder_package(folder)
    sentence_files(folder, {"pooling_mode": "mean"}, "Normalize")
    lm = llmworks.load(folder)
    yield lm
    lm.close()


@pytest.fixture(scope="module")
def client(encoder: Any, lm: Any) -> Iterator[OpenAI]:
    with (
        serving(create_app({"encoder": encoder, "tiny": lm}, max_prompt_tokens=30)) as served,
        OpenAI(base_url=f"{served.url}/v1", api_key="none", max_retries=0) as client,
    ):
        yield client


def test_vectors_equal_the_librarys(client: OpenAI, encoder: Any, lm: Any) -> None:
    for name, model in (("encoder", encoder), ("tiny", lm)):
        answer = client.embeddings.create(
            model=name, input=TEXTS
        )  # base64 on the way: the client's own choice
        expected = model.embed(TEXTS)
        assert [entry.index for entry in answer.data] == [0, 1, 2]
        assert (answer.model, answer.object) == (name, "list")
        found = torch.tensor([entry.embedding for entry in answer.data])
        torch.testing.assert_close(found, expected, atol=1e-6, rtol=0)
        tokens = sum(len(ids) for ids in model.embedder.ids(TEXTS))
        assert (answer.usage.prompt_tokens, answer.usage.total_tokens) == (tokens, tokens)


def test_both_encodings_and_ids(client: OpenAI, encoder: Any) -> None:
    as_list = client.embeddings.create(model="encoder", input=TEXTS[0], encoding_format="float")
    ids = encoder.encode(TEXTS[0])
    as_ids = client.embeddings.create(model="encoder", input=[ids, ids], dimensions=30)
    assert len(as_ids.data) == 2
    assert as_ids.data[1].embedding == pytest.approx(as_list.data[0].embedding, abs=1e-6)
    raw = httpx.post(
        f"{client.base_url}embeddings", json={"input": TEXTS[0], "encoding_format": "base64"}
    ).json()
    numbers = np.frombuffer(base64.b64decode(raw["data"][0]["embedding"]), "<f4")
    assert numbers.tolist() == pytest.approx(as_list.data[0].embedding, abs=1e-6)


@pytest.mark.parametrize(
    ("changes", "param", "why"),
    [
        ({"dimensions": 8}, "dimensions", "gives 30 numbers"),
        ({"input": []}, "input", "empty"),
        ({"input": ["a", ""]}, "input", "empty"),
        ({"input": [[99_999]]}, "input", "99999"),
        ({"input": [[5] * 31]}, None, "at most"),
        ({"input": ["a"] * 2049}, "input", "at most 2048"),
        ({"encoding_format": "hex"}, "encoding_format", "float"),
        ({"extra_body": {"truncate": True}}, "truncate", "Unrecognized"),
        ({"extra_body": {"prompt_name": "query"}}, "prompt", "none of this package"),
    ],
)
def test_what_cannot_be_served(client: OpenAI, changes: dict[str, Any], param: str | None, why: str) -> None:
    with pytest.raises(openai.BadRequestError, match=why) as caught:
        client.embeddings.create(**{"model": "encoder", "input": "a"} | changes)
    assert caught.value.param == param


def test_a_long_text_is_cut_where_the_package_says_so(client: OpenAI) -> None:
    assert client.embeddings.create(model="encoder", input="door " * 40).usage.prompt_tokens == 16
    with pytest.raises(openai.BadRequestError, match="at most 30"):
        client.embeddings.create(model="tiny", input="door " * 40)


def test_an_encoder_writes_nothing_over_http(client: OpenAI, encoder: Any) -> None:
    with pytest.raises(openai.BadRequestError, match=r"is an encoder.*/v1/embeddings"):
        client.completions.create(model="encoder", prompt="The house")
    with pytest.raises(openai.BadRequestError, match="is an encoder"):
        client.chat.completions.create(model="encoder", messages=[{"role": "user", "content": "Hi"}])
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model="none", input="a")
    with pytest.raises(ConfigError, match="the page shows how a model writes"):
        mount(create_app(encoder), encoder)
