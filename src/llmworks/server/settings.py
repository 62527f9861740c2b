"""What a server allows: who may ask, and how much at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Limits of the HTTP server.

    api_key: callers must send `Authorization: Bearer KEY`; None asks for none.
    max_body_bytes: larger request bodies get 413.
    max_prompt_tokens: longer prompts get 400; None leaves that to the model's context.
    max_concurrent: requests at work at once; more get 429.
    max_choices: outputs that one request may ask for (prompts × n).
    cors_origins: web origins whose pages may call the API; none by default.
    allowed_hosts: names, beside those of this machine, under which a server that listens on a loopback
        address without a key may be called. It refuses others, since a web page can point its own name at
        127.0.0.1 and speak to it as to itself (DNS rebinding).
    """

    api_key: str | None = None
    max_body_bytes: int = 8 * 2**20
    max_prompt_tokens: int | None = None
    max_concurrent: int = 32
    max_choices: int = 128
    cors_origins: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
