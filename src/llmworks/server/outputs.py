"""From the engine's events to what an API answer holds: text, and log-probabilities in OpenAI's two shapes.

Log-probabilities go with the text: a token's entry is given once its text is out, and tokens that gave
none to the answer (the end token, a stop string's) have no entry. So the entries' tokens joined are the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from llmworks.inference import FinishEvent, PromptEvent, TokenEvent, TokenLogprob
from llmworks.text.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class Entry:
    """One token of an answer with its log-probability; `offset` in characters of the answer."""

    id: int
    offset: int
    logprob: float | None
    alternatives: tuple[tuple[int, float], ...]


class Output:
    """One output in the making."""

    def __init__(self) -> None:
        self.tokens = 0
        self.finish_reason: str | None = None
        self._length = 0
        self._waiting: list[TokenEvent] = []

    def take(self, event: TokenEvent | FinishEvent) -> tuple[str, list[Entry]]:
        """The text that this event sets free, and the entries of the tokens whose text is now out."""
        self._length += len(event.text)
        if isinstance(event, TokenEvent):
            self.tokens += 1
            self._waiting.append(event)
        else:
            self.finish_reason = event.reason
        everything = isinstance(event, FinishEvent) and event.reason == "length"
        out = [token for token in self._waiting if everything or token.offset < self._length]
        self._waiting = self._waiting[len(out) :]  # offsets only rise, so these were the first
        return event.text, [Entry(token.id, token.offset, token.logprob, token.alternatives) for token in out]


def prompt_entries(tokenizer: Tokenizer, event: PromptEvent, ids: Sequence[int], skip: int) -> list[Entry]:
    """Entries of an echoed prompt; `skip` leaves out begin tokens that the server put before it."""
    entries, offset, characters = [], 0, tokenizer.stream()
    for id, told in list(zip(ids, event.logprobs, strict=True))[skip:]:
        known = told or TokenLogprob(id, 0.0)
        entries.append(Entry(id, offset, told.logprob if told else None, known.alternatives))
        offset += len(characters.feed(id))
    return entries


def token_text(tokenizer: Tokenizer, id: int) -> str:
    """A token as text; where its bytes are no whole characters, `bytes:\\xe2\\x80` as OpenAI writes it."""
    raw = _token_bytes(tokenizer, id)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "bytes:" + "".join(f"\\x{byte:02x}" for byte in raw)


def _token_bytes(tokenizer: Tokenizer, id: int) -> bytes:
    return tokenizer.token_bytes(id) if id < tokenizer.vocab_size else f"<{id}>".encode()


def completion_logprobs(tokenizer: Tokenizer, entries: Iterable[Entry], shift: int = 0) -> dict[str, Any]:
    """The shape of /v1/completions; `shift` moves the offsets past an echoed prompt."""
    entries = list(entries)
    return {
        "tokens": [token_text(tokenizer, entry.id) for entry in entries],
        "token_logprobs": [_finite(entry.logprob) for entry in entries],
        "top_logprobs": [_top(tokenizer, entry) for entry in entries],
        "text_offset": [entry.offset + shift for entry in entries],
    }


def _finite(logprob: float | None) -> float | None:
    """JSON has no infinity; OpenAI writes -9999 for what cannot be."""
    return None if logprob is None else max(logprob, -9999.0)


def _top(tokenizer: Tokenizer, entry: Entry) -> dict[str, float | None] | None:
    """The alternatives by text, and the token itself even if it is not among them."""
    if entry.logprob is None:
        return None
    best = {token_text(tokenizer, id): _finite(logprob) for id, logprob in reversed(entry.alternatives)}
    best = dict(reversed(best.items()))  # most probable first; of two with one text the better stays
    best.setdefault(token_text(tokenizer, entry.id), _finite(entry.logprob))
    return best


def chat_logprobs(tokenizer: Tokenizer, entries: Iterable[Entry]) -> dict[str, Any]:
    """The shape of /v1/chat/completions."""
    content = [
        {
            **_chat_token(tokenizer, entry.id, entry.logprob),
            "top_logprobs": [_chat_token(tokenizer, id, logprob) for id, logprob in entry.alternatives],
        }
        for entry in entries
    ]
    return {"content": content, "refusal": None}


def _chat_token(tokenizer: Tokenizer, id: int, logprob: float | None) -> dict[str, Any]:
    raw = _token_bytes(tokenizer, id)
    return {"token": token_text(tokenizer, id), "logprob": _finite(logprob), "bytes": list(raw)}
