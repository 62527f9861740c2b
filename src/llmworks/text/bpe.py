"""Byte-level BPE: the tokenizer of GPT-2 and of nearly every decoder since.

    text --normaliser (rare)--> --control tokens--> --pattern--> pieces --merges--> ids

Its 256 smallest tokens are the bytes, so any text, and any bytes at all, have ids and come back unchanged.
The pieces come from `patterns.py`, the merges of one piece from `python_bpe.py` or, the same but a hundred
times faster, from `native/bpe_encode.c`.
"""

from __future__ import annotations

import functools
import hashlib
import json
import operator
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import numpy as np

from llmworks.errors import TokenizerError
from llmworks.text.explain import Explanation, PieceSteps
from llmworks.text.native_bpe import NativeBPE
from llmworks.text.patterns import known_pattern
from llmworks.text.python_bpe import PythonBPE
from llmworks.text.special import AddedToken, SpecialSplitter
from llmworks.text.tokenizer import Ids, Tokenizer, TokenSpan, utf8
from llmworks.text.unicode_tables import Form, normal_form

# Larger ids are a mistake or an attack: an embedding needs a row for each up to the largest. One less than
# 24 bits hold, since the C tables say "no merge" with the largest (LW_NO_MERGE).
MAX_ID = (1 << 24) - 1


class BPETokenizer(Tokenizer):
    """A byte-level BPE tokenizer.

    vocabulary: id by token (bytes); holds all 256 single bytes; no control tokens.
    merges: the pairs (left id, right id) in order of priority. None: ranks, as in tiktoken, where two
        neighbours merge when their bytes joined are in the vocabulary, the lowest id first.
    pattern: a name in `patterns.PATTERNS`, or one of those written out as a regex.
    special_tokens: control tokens, id by text, or `AddedToken`s.
    unreachable: entries that no text comes to, id by text: some files list tokens beside the byte alphabet
        (the emoji in Cohere's). They have an id and can be decoded.
    whole_pieces: a piece that is an entry of the vocabulary is taken at once, without merges (tiktoken;
        `ignore_merges` in tokenizer.json). Default: True with ranks, False with merges.
    normalizer: a Unicode normal form first, NFC in Qwen's file; then decode gives the text in that form.
    add_prefix_space: puts a blank before a text that begins with none.
    native: False keeps to the Python path. By default C serves where it can be built.
    """

    def __init__(
        self,
        vocabulary: Mapping[bytes, int],
        merges: Sequence[tuple[int, int]] | None = None,
        *,
        pattern: str = "cl100k",
        special_tokens: Mapping[str, int] | Sequence[AddedToken] = (),
        unreachable: Mapping[str, int] | None = None,
        whole_pieces: bool | None = None,
        normalizer: Form | None = None,
        add_prefix_space: bool = False,
        bos_id: int | None = None,
        eos_id: int | None = None,
        add_bos: bool = False,
        native: bool = True,
    ) -> None:
        if isinstance(special_tokens, Mapping):
            special_tokens = [AddedToken(text, id) for text, id in special_tokens.items()]
        self.vocabulary: dict[bytes, int] = dict(vocabulary)
        self.merges = None if merges is None else [(int(left), int(right)) for left, right in merges]
        self.pattern = known_pattern(pattern)
        self.added_tokens = sorted(special_tokens, key=lambda token: token.id)
        self.unreachable = dict(unreachable or {})
        self.whole_pieces = merges is None if whole_pieces is None else whole_pieces
        self.normalizer = normalizer
        self.add_prefix_space = add_prefix_space
        self.lossless = normalizer is None and not add_prefix_space
        self.bos_id, self.eos_id, self.add_bos = bos_id, eos_id, add_bos
        self._token_bytes = _checked_tokens(self.vocabulary, self.merges, self.added_tokens, self.unreachable)
        self.vocab_size = max(self._token_bytes) + 1
        self.special_tokens = {token.text: token.id for token in self.added_tokens if token.control}
        self._splitter = SpecialSplitter(self.added_tokens)
        self._native = (
            NativeBPE.build(self.vocabulary, self.merges, self.pattern, self.whole_pieces) if native else None
        )

    @functools.cached_property
    def _python(self) -> PythonBPE:
        return PythonBPE(self.vocabulary, self.merges, self.pattern, self.whole_pieces)

    def __reduce__(self) -> tuple[Callable[..., BPETokenizer], tuple[object, ...], dict[str, object]]:
        """Copies and other processes get the rules and build their own encoder."""
        rules = {
            "pattern": self.pattern,
            "special_tokens": self.added_tokens,
            "unreachable": self.unreachable,
            "whole_pieces": self.whole_pieces,
            "normalizer": self.normalizer,
            "add_prefix_space": self.add_prefix_space,
            "bos_id": self.bos_id,
            "eos_id": self.eos_id,
            "add_bos": self.add_bos,
            "native": self.is_native,
        }
        build = functools.partial(BPETokenizer, **rules)  # type: ignore[arg-type]
        kept = {name: getattr(self, name) for name in ("post_processor", "truncation", "padding")}
        return build, (self.vocabulary, self.merges), kept

    @property
    def is_native(self) -> bool:
        """Whether the C encoder serves."""
        return self._native is not None

    def merge_list(self) -> list[tuple[int, int]]:
        """The merges as pairs of ids in order of priority; for ranks, a list that gives the same ids."""
        if self.merges is not None:
            return self.merges
        known = self._native.pairs_by_result() if self._native is not None else {}
        pairs: list[tuple[int, int]] = []
        for token, id in sorted(self.vocabulary.items(), key=operator.itemgetter(1)):
            of_token = known.get(id, [])
            # The C table keeps every pair of a token that it did not look into (longer than 64 bytes).
            pairs += of_token if len(of_token) == 1 else self._python.pairs_of(token)
        return pairs

    def encode_array(self, text: str | bytes, *, allow_special: bool | Collection[str] = False) -> Ids:
        if self._native is not None and isinstance(text, str) and self._is_only_pieces(allow_special):
            ids = self._native.encode_str(text)
            if ids is not None:
                return ids
        encode = self._native.encode if self._native is not None else self._python.encode
        parts = []
        for part, id in self._splitter.split(utf8(text), allow_special):
            parts.append(encode(self._normalized(part)) if id is None else np.array([id], np.int32))
        if len(parts) == 1:
            return parts[0]
        return np.concatenate(parts) if parts else np.zeros(0, np.int32)

    def token_bytes(self, id: int) -> bytes:
        try:
            return self._token_bytes[id]
        except KeyError:
            raise TokenizerError(f"id {id} is no token here: ids are 0 to {self.vocab_size - 1}") from None

    def decode_bytes(self, ids: Iterable[int]) -> bytes:
        ids = ids.tolist() if isinstance(ids, np.ndarray) else list(ids)
        try:
            return b"".join([self._token_bytes[id] for id in ids])
        except KeyError:
            return b"".join([self.token_bytes(operator.index(id)) for id in ids])

    def token_id(self, token: str) -> int | None:
        if token in self._added_ids:
            return self._added_ids[token]
        id = self.vocabulary.get(token.encode("utf-8", "surrogatepass"))
        return self.unreachable.get(token) if id is None else id

    def explain(self, text: str, *, allow_special: bool | Collection[str] = False) -> Explanation:
        pieces: list[PieceSteps] = []
        start = 0
        for part, id in self._splitter.split(utf8(text), allow_special):
            if id is not None:
                pieces.append(PieceSteps(start, part.decode(), [], [], [id], control=True))
                start += len(part)
                continue
            for piece in self._python.pieces(self._normalized(part)):
                pieces.append(self._explain_piece(start, piece))
                start += len(piece)
        ids = [id for piece in pieces for id in piece.ids]
        seen = {id for piece in pieces for id in [*piece.ids, *piece.start_ids]}
        seen |= {step.result for piece in pieces for step in piece.merges}
        labels = {id: self.token_label(id) for id in sorted(seen)}
        return Explanation(text, self.pattern, pieces, ids, labels)

    def spans(self, text: str, *, allow_special: bool | Collection[str] = False) -> list[TokenSpan]:
        if self.normalizer is not None or self.add_prefix_space or self._has_edges:
            return self._pipeline.spans(text, allow_special=allow_special)
        encoded = utf8(text)
        lengths = [len(character) for character in map(str.encode, encoded.decode())]
        place_of = np.repeat(np.arange(len(lengths)), lengths)
        found, start = [], 0
        for id in self.encode(text, allow_special=allow_special):
            end = start + len(self._token_bytes[id])
            found.append(TokenSpan(id, int(place_of[start]), int(place_of[end - 1]) + 1))
            start = end
        return found

    @property
    def _has_edges(self) -> bool:
        """Whether some token takes white space that is not in its text."""
        return any(token.lstrip or token.rstrip for token in self.added_tokens)

    @functools.cached_property
    def _pipeline(self) -> Tokenizer:
        """The same tokenizer as a chain of parts, which remembers where characters came from."""
        from llmworks.text.hf_json import read_json

        return read_json(self.to_json(), "tokenizer.json", fast=False)

    def _explain_piece(self, start: int, piece: bytes) -> PieceSteps:
        text = piece.decode("utf-8", "replace")
        bytes_of_piece = self._python.byte_ids(piece)
        if self._python.is_whole(piece):
            return PieceSteps(start, text, bytes_of_piece, [], self._python.piece_ids(piece), whole=True)
        steps = self._python.merge_steps(piece)
        return PieceSteps(start, text, bytes_of_piece, steps, steps[-1].parts if steps else bytes_of_piece)

    def fingerprint(self) -> str:
        rules = {
            "pattern": self.pattern,
            "merges": self.merges,
            "whole_pieces": self.whole_pieces,
            "normalizer": self.normalizer,
            "add_prefix_space": self.add_prefix_space,
            "added": [
                [token.text, token.id, token.control, token.lstrip, token.rstrip]
                for token in self.added_tokens
            ],
            "vocabulary": sorted((id, token.hex()) for token, id in self.vocabulary.items()),
        }
        if self.unreachable:
            rules["unreachable"] = sorted((id, token) for token, id in self.unreachable.items())
        return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()

    def to_json(self) -> str:
        from llmworks.text.hf_json_writer import write_json  # the format builds on this class

        return write_json(self)

    @functools.cached_property
    def _added_ids(self) -> dict[str, int]:
        return {token.text: token.id for token in self.added_tokens}

    def _is_only_pieces(self, allow_special: bool | Collection[str]) -> bool:
        """Whether a text is cut as it is: no added token to look for, nothing to change before."""
        untouched = self.normalizer is None and not self.add_prefix_space
        return untouched and allow_special is False and not self._splitter.has_plain

    def _normalized(self, text: bytes) -> bytes:
        """What the rules before the pieces make of a stretch of text between control tokens."""
        if self.normalizer is not None and not text.isascii():
            written = normal_form(self.normalizer, text.decode("utf-8", "surrogateescape"))
            text = written.encode("utf-8", "surrogateescape")
        if self.add_prefix_space and not text.startswith(b" "):
            text = b" " + text
        return text


def _checked_tokens(
    vocabulary: Mapping[bytes, int],
    merges: Sequence[tuple[int, int]] | None,
    added: Sequence[AddedToken],
    unreachable: Mapping[str, int],
) -> dict[int, bytes]:
    """Bytes by id; TokenizerError where the parts contradict each other."""
    missing = [value for value in range(256) if bytes([value]) not in vocabulary]
    if missing:
        raise TokenizerError(
            f"the vocabulary has no token for byte 0x{missing[0]:02X} ({len(missing)} of the 256 bytes are "
            "missing); a byte-level vocabulary needs all of them, or some text could not be encoded"
        )
    if b"" in vocabulary:
        raise TokenizerError("the vocabulary has an empty token")
    tokens = {id: token for token, id in vocabulary.items()}
    if len(tokens) < len(vocabulary):
        twice = next(token for token, id in vocabulary.items() if tokens[id] != token)
        raise TokenizerError(
            f"id {vocabulary[twice]} stands for two tokens, {twice!r} and {tokens[vocabulary[twice]]!r}"
        )
    if merges is not None and len(set(merges)) < len(merges):
        (left, right), _ = Counter(merges).most_common(1)[0]
        raise TokenizerError(f"the merge {tokens.get(left)!r} + {tokens.get(right)!r} is listed twice")
    for left, right in merges or ():
        if left not in tokens or right not in tokens:
            raise TokenizerError(f"merge ({left}, {right}) names an id that is not in the vocabulary")
        if tokens[left] + tokens[right] not in vocabulary:
            raise TokenizerError(
                f"merge {tokens[left]!r} + {tokens[right]!r}: the result is not in the vocabulary"
            )
    for text, id in unreachable.items():
        if id in tokens:
            raise TokenizerError(f"id {id} stands for two tokens, {text[:60]!r} and {tokens[id]!r}")
        try:
            tokens[id] = text.encode()
        except UnicodeEncodeError:
            raise TokenizerError(f"the token {text[:60]!r} holds half of a surrogate pair") from None
    texts: set[str] = set()
    for token in added:
        if not token.text:
            raise TokenizerError(f"the added token with id {token.id} is empty")
        if token.text in texts or tokens.get(token.id, token.text.encode()) != token.text.encode():
            raise TokenizerError(f"added token {token.text!r} (id {token.id}) contradicts another token")
        texts.add(token.text)
        tokens[token.id] = token.text.encode()
    if (low := min(tokens)) < 0 or (high := max(tokens)) >= MAX_ID:
        raise TokenizerError(f"id {low if low < 0 else high} is out of range: ids are 0 to {MAX_ID - 1:,}")
    return tokens
