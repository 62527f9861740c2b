"""Every error as OpenAI's clients expect it: a status and {"error": {"message", "type", "param", "code"}}."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from llmworks.errors import LLMWorksError, RequestError
from llmworks.inference import BusyError, ContextLengthError, ParameterError

TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
RETRY_SECONDS = 1

log = logging.getLogger("llmworks.server")


class APIError(Exception):
    """An answer other than 200."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.param, self.code = status, message, param, code
        self.headers = dict(headers or {})
        if status == 429:
            self.headers.setdefault("Retry-After", str(RETRY_SECONDS))

    def body(self) -> dict[str, Any]:
        kind = TYPES.get(self.status, "invalid_request_error" if self.status < 500 else "server_error")
        error = {"message": self.message, "type": kind, "param": self.param, "code": self.code}
        # What the caller sent may be repeated here, and half a surrogate pair is no UTF-8.
        return {"error": {k: v and v.encode("utf-8", "replace").decode() for k, v in error.items()}}

    def response(self) -> JSONResponse:
        return JSONResponse(self.body(), self.status, self.headers)


def as_api_error(error: Exception) -> APIError:
    """The answer for an error of any kind. What is not meant for the caller's eyes is logged, not told."""
    if isinstance(error, APIError):
        return error
    if isinstance(error, ContextLengthError):
        return APIError(400, str(error), code="context_length_exceeded")
    if isinstance(error, BusyError):
        return APIError(429, str(error), code="rate_limit_exceeded")
    if isinstance(error, RequestError):
        return APIError(400, str(error), param=error.param if isinstance(error, ParameterError) else None)
    if isinstance(error, LLMWorksError):
        return APIError(500, str(error))
    log.error("a request failed", exc_info=error)
    return APIError(500, "the server failed at this request; its log says why")


def _from_validation(error: RequestValidationError) -> APIError:
    """One field's faults in a sentence; the value itself is not repeated, it may be huge or no text."""
    faults = error.errors()
    first = faults[0]
    place = [str(part) for part in first["loc"] if part != "body"]
    if first["type"] == "json_invalid":
        why = str(first.get("ctx", {}).get("error", "")).rstrip(".")
        return APIError(400, f"the body is not valid JSON: {why} at character {first['loc'][-1]}")
    if first["type"] == "extra_forbidden":
        return APIError(400, f"Unrecognized request argument supplied: {'.'.join(place)}", param=place[0])
    if not place:
        return APIError(400, "the body must be a JSON object")
    same_field = [fault for fault in faults if fault["loc"][1:2] == first["loc"][1:2]]
    reasons = list(dict.fromkeys(str(fault["msg"]).removeprefix("Value error, ") for fault in same_field))
    return APIError(400, f"{place[0]}: {'; or: '.join(reasons)}", param=place[0])


def install_error_handlers(app: FastAPI) -> None:
    """All errors of an app in this one shape."""

    async def answer(_: Request, error: Exception) -> JSONResponse:
        return as_api_error(error).response()

    async def invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return _from_validation(error).response()

    async def http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        message = str(error.detail)
        if error.status_code == 404:
            message = f"there is nothing at {request.method} {request.url.path}"
        elif error.status_code == 405:
            message = f"{request.url.path} does not answer {request.method}"
        return APIError(error.status_code, message, headers=error.headers).response()

    app.add_exception_handler(APIError, answer)
    app.add_exception_handler(LLMWorksError, answer)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, answer)
