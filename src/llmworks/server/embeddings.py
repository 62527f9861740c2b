"""/v1/embeddings: vectors of texts, in the shape of OpenAI's API.

    {"input": ["…", "…"]} → {"object": "list", "data": [{"embedding": […], "index": 0}, …], "usage": {…}}

`encoding_format: "base64"` sends the float32 numbers as they lie in memory (little-endian), a third of the
size of the list; OpenAI's client asks for it by itself.
"""

from __future__ import annotations

import base64
from threading import Lock
from typing import Any, Literal

import anyio.to_thread
from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request as HTTPRequest
from torch import Tensor

from llmworks.inference import ContextLengthError, ParameterError
from llmworks.inference.embedding import Embedder
from llmworks.inference.request import check_ids
from llmworks.language_model import LanguageModel
from llmworks.server.openai_api import find_model
from llmworks.server.schemas import SURROGATE
from llmworks.server.settings import ServerSettings

MAX_INPUTS = 2048  # as OpenAI

router = APIRouter(prefix="/v1")
_one_at_a_time = Lock()  # a batch takes all threads that there are; two at once would only slow each other


class EmbeddingBody(BaseModel):
    """POST /v1/embeddings. `prompt_name` is an extension: one of the package's own prompts."""

    model_config = ConfigDict(extra="forbid", strict=True)

    input: str | list[str] | list[int] | list[list[int]]
    model: str | None = None
    encoding_format: Literal["float", "base64"] | None = None
    dimensions: int | None = None
    prompt_name: str | None = None
    user: Any = None

    def inputs(self) -> list[str] | list[list[int]]:
        """The texts, or lists of ids."""
        given: list[Any] = [self.input] if isinstance(self.input, str) else list(self.input)
        if not given:
            raise ParameterError("input", "input: the list is empty; give a text, texts, or token ids")
        if isinstance(given[0], int):
            given = [given]
        if len(given) > MAX_INPUTS:
            raise ParameterError("input", f"input: {len(given)} texts; at most {MAX_INPUTS} at once")
        if any(isinstance(one, str) and SURROGATE.search(one) for one in given):
            raise ParameterError("input", "input: it holds half a surrogate pair, which is no text")
        if any(len(one) == 0 for one in given):
            raise ParameterError("input", "input: one of the texts is empty")
        return given


@router.post("/embeddings", response_model=None)
async def embeddings(http: HTTPRequest, body: EmbeddingBody) -> Response:
    """One vector for each text of the input."""
    name, lm = find_model(http, body.model)
    with http.app.state.desk.open():
        answer = await anyio.to_thread.run_sync(embed, lm, body, http.app.state.settings)
    return JSONResponse(answer | {"model": name})


def embed(lm: LanguageModel, body: EmbeddingBody, settings: ServerSettings) -> dict[str, Any]:
    """The whole answer but for the model's name."""
    embedder, inputs = lm.embedder, body.inputs()
    if body.dimensions not in (None, embedder.width):
        raise ParameterError(
            "dimensions",
            f"dimensions: this model gives {embedder.width} numbers and was not trained to be cut to "
            f"{body.dimensions}; leave it out",
        )
    ids = read(embedder, inputs, body.prompt_name)
    for one in ids:
        if settings.max_prompt_tokens is not None and len(one) > settings.max_prompt_tokens:
            raise ContextLengthError(
                f"a text has {len(one)} tokens; this server takes at most {settings.max_prompt_tokens}"
            )
    skip = embedder.prompt_length(body.prompt_name) if isinstance(inputs[0], str) else 0
    with _one_at_a_time:
        vectors = embedder.vectors(ids, skip=skip)
    tokens = sum(len(one) for one in ids)
    return {
        "object": "list",
        "data": [
            {"object": "embedding", "index": index, "embedding": written(row, body.encoding_format)}
            for index, row in enumerate(vectors)
        ],
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


def read(embedder: Embedder, inputs: list[str] | list[list[int]], prompt: str | None) -> list[list[int]]:
    """Ids of each input; those that come as ids are taken as they are."""
    texts = [one for one in inputs if isinstance(one, str)]
    if texts:
        return embedder.ids(texts, prompt)
    lists = [one for one in inputs if isinstance(one, list)]
    for one in lists:
        check_ids("input", one, embedder.model.config.vocab_size)
        if len(one) > embedder.max_length:
            raise ContextLengthError(
                f"a list has {len(one)} ids, but this model reads at most {embedder.max_length}"
            )
    return lists


def written(row: Tensor, encoding: str | None) -> list[float] | str:
    """A vector as JSON carries it."""
    if encoding != "base64":
        numbers: list[float] = row.tolist()
        return numbers
    return base64.b64encode(row.numpy().astype("<f4").tobytes()).decode("ascii")
