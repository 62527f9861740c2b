"""Tokenizer: what every tokenizer can do, whatever its algorithm.

    text --encode--> ids --decode--> text        decode_bytes(encode_array(b)) == b for any bytes b

The text that a user types never becomes a control token (`<|endoftext|>`, `<|im_start|>`, …) unless the
caller allows it with `allow_special`: a document that mentions such a token must not end a conversation.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from llmworks.errors import TokenizerError
from llmworks.text.explain import Explanation
from llmworks.text.post_processors import Marked, NoMarkers, PostProcessor
from llmworks.text.stream import StreamDecoder

Ids = npt.NDArray[np.int32]

# How blanks and line ends are shown to people.
_VISIBLE = str.maketrans({" ": "␣", "\n": "↵", "\r": "↤", "\t": "⇥"})


class TokenSpan(NamedTuple):
    """A token, and the characters of the original text that it came from."""

    id: int
    start: int
    end: int


class Tokenizer(ABC):
    """Text ⇄ ids.

    vocab_size: rows that an embedding needs, the largest id + 1.
    special_tokens: the control tokens, id by text.
    bos_id, eos_id: the tokens that open and close a document, where the file names them.
    add_bos: whether the model was trained with `bos_id` before every text. `encode` never adds it: the one
        who builds the prompt does, once, and sees it.
    post_processor: the markers around a text that the model was trained with, for `with_markers`; None where
        the file says nothing beyond `bos_id` and `add_bos`.
    lossless: whether any bytes at all come back from their ids; False where a tokenizer normalises, or may.
    truncation, padding: those sections of a tokenizer.json, kept for whoever writes it again; unused here.
    """

    vocab_size: int
    special_tokens: dict[str, int]
    bos_id: int | None = None
    eos_id: int | None = None
    add_bos: bool = False
    lossless: bool = False
    post_processor: PostProcessor | None = None
    truncation: Mapping[str, Any] | None = None
    padding: Mapping[str, Any] | None = None

    @abstractmethod
    def encode_array(self, text: str | bytes, *, allow_special: bool | Collection[str] = False) -> Ids:
        """Ids of `text`, int32 [tokens]. Bytes are read as UTF-8; those that are not well-formed are kept.

        allow_special: True reads every control token in `text` as that token (the longest that matches), a
        collection only those in it, False (the default) none: their letters are ordinary text.
        """

    @abstractmethod
    def token_bytes(self, id: int) -> bytes:
        """The bytes that `id` stands for; a control token's own text for a control token."""

    @abstractmethod
    def token_id(self, token: str) -> int | None:
        """The id whose text is exactly `token` (a control token or an entry of the vocabulary), or None."""

    @abstractmethod
    def explain(self, text: str, *, allow_special: bool | Collection[str] = False) -> Explanation:
        """How `text` becomes ids, step by step."""

    @abstractmethod
    def spans(self, text: str, *, allow_special: bool | Collection[str] = False) -> list[TokenSpan]:
        """The ids of `encode`, each with the characters of `text` that it came from. Tokens that share a
        character (its bytes) all name it; one that stands for nothing in `text` (a ▁ put in front) names the
        character that it was put before."""

    @abstractmethod
    def to_json(self) -> str:
        """This tokenizer as the text of a Hugging Face `tokenizer.json`."""

    @abstractmethod
    def fingerprint(self) -> str:
        """sha256 (hex) of everything that decides ids: equal fingerprints, equal ids for any text."""

    def encode(self, text: str, *, allow_special: bool | Collection[str] = False) -> list[int]:
        """Ids of `text`. See `encode_array`, which is faster where an array will do."""
        ids: list[int] = self.encode_array(text, allow_special=allow_special).tolist()
        return ids

    def encode_batch(
        self,
        texts: Sequence[str | bytes],
        *,
        threads: int = 1,
        allow_special: bool | Collection[str] = False,
    ) -> list[Ids]:
        """Ids of each text, in order, over `threads` threads (0: one a processor)."""
        encode = partial(self.encode_array, allow_special=allow_special)
        threads = threads or os.cpu_count() or 1
        if threads == 1 or len(texts) < 2:
            return [encode(text) for text in texts]
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(encode, texts))

    def decode_bytes(self, ids: Iterable[int]) -> bytes:
        """The bytes that `ids` stand for, control tokens written out."""
        return b"".join(map(self.token_bytes, ids))

    def decode(self, ids: Iterable[int]) -> str:
        """The text that `ids` stand for; what is not UTF-8 becomes U+FFFD."""
        return self.decode_bytes(ids).decode("utf-8", "replace")

    def stream(self, before: Iterable[int] = ()) -> StreamDecoder:
        """A decoder to feed one id at a time; it never gives half a character.

        before: ids that the new ones continue. Some tokenizers write a text's first token otherwise (without
        its blank), and with text before it no token is the first.
        """
        return StreamDecoder(self.token_bytes)

    def with_markers(self, ids: Sequence[int], pair: Sequence[int] | None = None) -> Marked:
        """`ids` of one text, or of two, with the markers that the model expects around them (`[CLS]`, `<s>`,
        …), which `encode` never adds."""
        if self.post_processor is not None:
            return self.post_processor.mark(ids, pair)
        opening = [self.bos_id] if self.add_bos and self.bos_id is not None else []
        plain = NoMarkers({}).mark(ids, pair)
        types = [0] * len(opening) + plain.type_ids
        return Marked([*opening, *plain.ids], types, [True] * len(opening) + plain.markers)

    def token_label(self, id: int) -> str:
        """`id` for people: `␣the`, `↵`, and `<0xE2>` for a byte that is no character by itself."""
        text = self.token_bytes(id).decode("utf-8", "surrogateescape").translate(_VISIBLE)
        return "".join(_printable(character) for character in text)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write `tokenizer.json` at `path` (a folder, or the file itself)."""
        target = Path(path)
        if target.is_dir():
            target = target / "tokenizer.json"
        target.write_text(self.to_json(), encoding="utf-8")

    @classmethod
    def from_file(cls, path: str | os.PathLike[str], **choices: object) -> Tokenizer:
        """The tokenizer in the file or folder at `path`, its format told by its content.

        choices: what a tiktoken file does not say: `pattern`, `special_tokens`.
        """
        from llmworks.text.formats import read_tokenizer  # formats build on this class

        return read_tokenizer(Path(path), **choices)

    @classmethod
    def from_json(cls, text: str) -> Tokenizer:
        """The tokenizer in the text of a `tokenizer.json`."""
        from llmworks.text.hf_json import read_json

        return read_json(text, "tokenizer.json")

    def check_ids(self, ids: Iterable[int]) -> None:
        """TokenizerError unless every id is one of this tokenizer's."""
        for id in ids:
            self.token_bytes(id)


def utf8(text: str | bytes) -> bytes:
    """UTF-8 of `text`; halves of surrogate pairs that do not match become U+FFFD, as in tiktoken."""
    if isinstance(text, bytes):
        return text
    if not isinstance(text, str):
        raise TokenizerError(f"text to encode must be str or bytes, not {type(text).__name__}")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode("utf-8")


def _printable(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code < 0xDD00:  # surrogateescape's stand-in for a byte that is no character
        return f"<0x{code - 0xDC00:02X}>"
    return character if character.isprintable() else f"<U+{code:04X}>"
