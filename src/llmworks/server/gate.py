"""The gate before the app: is the caller meant to be here, and is the body of a size that we read?

    Host → key → content type → size → the app

It stands before FastAPI, as plain ASGI, so that a body is refused before it is held or parsed, whether its
length is declared or it comes in chunks.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from llmworks.server.errors import APIError
from llmworks.server.settings import ServerSettings

OPEN_PATHS = ("/", "/health", "/favicon.ico")
OPEN_PREFIX = "/static/"
DRAINED_BYTES = 64 * 2**20


class Gate:
    """ASGI middleware; `settings` says what passes."""

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            self._check_host(scope, headers)
            self._check_key(scope, headers)
            self._check_type(scope, headers)
            body = await self._read_body(headers, receive)
        except APIError as error:
            await error.response()(scope, receive, send)
            return
        if body is not None:
            await self.app(scope, _replay(body, receive), send)

    def _check_host(self, scope: Scope, headers: Headers) -> None:
        """See ServerSettings.allowed_hosts. With a key there is nothing to protect here."""
        server = scope.get("server")
        if self.settings.api_key is not None or not server or not _is_loopback(server[0]):
            return
        name = _host_name(headers.get("host", ""))
        if name != "localhost" and not _is_loopback(name) and name not in self.settings.allowed_hosts:
            raise APIError(
                403,
                f"this server is for its own machine and was called as {name[:100]!r}. Call it as localhost, "
                "or start it with an API key",
            )

    def _check_key(self, scope: Scope, headers: Headers) -> None:
        key, path = self.settings.api_key, scope["path"]
        if key is None or path in OPEN_PATHS or path.startswith(OPEN_PREFIX):
            return
        scheme, _, given = headers.get("authorization", "").encode("latin-1").partition(b" ")
        if scheme.lower() != b"bearer" or not hmac.compare_digest(given.strip(), key.encode()):
            raise APIError(
                401,
                "the API key is missing or wrong; send it as the header 'Authorization: Bearer KEY'",
                code="invalid_api_key",
                headers={"WWW-Authenticate": "Bearer"},
            )

    def _check_type(self, scope: Scope, headers: Headers) -> None:
        """JSON only: a foreign page may post other types without asking the browser's leave first."""
        has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if has_body and kind != "application/json" and not kind.endswith("+json"):
            raise APIError(415, f"the Content-Type must be application/json, not {kind[:60] or 'missing'!r}")

    async def _read_body(self, headers: Headers, receive: Receive) -> bytes | None:
        """The whole body, or None if the caller left; 413 as soon as it is too large."""
        limit = self.settings.max_body_bytes
        declared = headers.get("content-length", "")
        if declared.isdigit() and int(declared) > limit:
            if headers.get("expect", "").lower() != "100-continue":  # who asks first has sent nothing yet
                await _drain(receive, int(declared))
            raise self._too_large()
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            if len(body) > limit:
                if message.get("more_body"):
                    await _drain(receive, DRAINED_BYTES)
                raise self._too_large()
            if not message.get("more_body"):
                return bytes(body)

    def _too_large(self) -> APIError:
        limit = self.settings.max_body_bytes
        return APIError(
            413,
            f"the request body is larger than {limit:,} bytes, the most that this server reads",
            code="request_too_large",
            headers={"Connection": "close"},
        )


async def _drain(receive: Receive, expected: int) -> None:
    """Read on and throw away, up to a bound: a caller who is still sending would not see the answer."""
    left = min(expected, DRAINED_BYTES)
    while left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return


def _replay(body: bytes, receive: Receive) -> Callable[[], Awaitable[Message]]:
    """A `receive` that gives the body first, and then what the connection says."""
    first: list[dict[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return first.pop() if first else await receive()

    return replay


def _host_name(host: str) -> str:
    """`[::1]:8000` → `::1`, `localhost:8000` → `localhost`."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
