"""PipelineTokenizer: any tokenizer that a `tokenizer.json` can describe, as a chain of parts.

    text -> added tokens -> normaliser -> added tokens -> pre-tokeniser -> model -> ids
    ids  -> tokens -> decoder -> text

Byte-level BPE with a known pattern is `bpe.BPETokenizer`, which is faster; this is everything else. Ids are
those of Hugging Face `tokenizers`, which however reads control tokens from any text (`allow_special=True`
here) and adds markers by itself (`with_markers` here).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from llmworks.errors import TokenizerError
from llmworks.text import normalizers, pre_tokenizers
from llmworks.text.added_tokens import AddedVocabulary
from llmworks.text.aligned import Aligned
from llmworks.text.decoders import Decoder, Machine
from llmworks.text.explain import Explanation, PieceSteps, ids_in
from llmworks.text.normalizers import Normalizer
from llmworks.text.post_processors import PostProcessor
from llmworks.text.pre_tokenizers import PreTokenizer
from llmworks.text.special import AddedToken
from llmworks.text.stream import StreamDecoder
from llmworks.text.subword import MAX_ID, SubwordModel
from llmworks.text.tokenizer import Ids, Tokenizer, TokenSpan, utf8

# What `tokenizers` may drop from the front of a stretch; then "first" must be told by where text came from.
_KEEP_FRONT = (normalizers.Prepend, normalizers.NormalForm, normalizers.Lowercase, normalizers.ByteLevel)


class PipelineTokenizer(Tokenizer):
    """A tokenizer of parts.

    model: cuts pieces into tokens. normalizer, pre_tokenizer, decoder: None does nothing (without a decoder
        tokens are joined with blanks, as `tokenizers` does). post_processor: the markers, see `with_markers`.
    added_tokens: tokens beside the model's, control tokens among them.
    """

    def __init__(
        self,
        model: SubwordModel,
        *,
        normalizer: Normalizer | None = None,
        pre_tokenizer: PreTokenizer | None = None,
        decoder: Decoder | None = None,
        post_processor: PostProcessor | None = None,
        added_tokens: Sequence[AddedToken] = (),
        bos_id: int | None = None,
        eos_id: int | None = None,
        add_bos: bool = False,
    ) -> None:
        self.model, self.normalizer, self.pre_tokenizer = model, normalizer, pre_tokenizer
        self.decoder, self.post_processor = decoder, post_processor
        self.added_tokens = sorted(added_tokens, key=lambda token: token.id)
        self.bos_id, self.eos_id, self.add_bos = bos_id, eos_id, add_bos
        self._tokens = checked_tokens(model.vocabulary, self.added_tokens)
        self._ids = {**model.vocabulary, **{token.text: token.id for token in self.added_tokens}}
        self.vocab_size = max(self._tokens) + 1
        self.special_tokens = {token.text: token.id for token in self.added_tokens if token.control}
        self._added = AddedVocabulary(self.added_tokens, normalizer)
        model.forbid(frozenset(self.special_tokens))
        self._keeps_bytes = model.keeps_bytes or _writes_bytes(normalizer, pre_tokenizer)
        self._needs_places = _asks_for_first(pre_tokenizer) and not _keeps_front(normalizer)
        self._texts: dict[int, bytes] = {}

    def encode_array(self, text: str | bytes, *, allow_special: bool | Collection[str] = False) -> Ids:
        ids: list[int] = []
        model_ids = self.model.ids
        for part, token in self._parts(text, allow_special, places=self._needs_places):
            if token is not None:
                ids.append(token.id)
                continue
            if self.pre_tokenizer is None:
                ids += model_ids(part.text)
            elif part.first:
                for piece in self.pre_tokenizer.texts(part.text):
                    ids += model_ids(piece)
            else:
                for cut in self.pre_tokenizer([part]):
                    ids += model_ids(cut.text)
        return np.array(ids, np.int32)

    def spans(self, text: str, *, allow_special: bool | Collection[str] = False) -> list[TokenSpan]:
        found: list[TokenSpan] = []
        for part, token in self._parts(text, allow_special, places=True):
            if token is not None:
                found.append(TokenSpan(token.id, *part.span(0, len(part.text))))
                continue
            for piece in self._pieces(part):
                found += [
                    TokenSpan(id, *piece.span(start, end)) for id, start, end in self.model.parts(piece.text)
                ]
        return found

    def explain(self, text: str, *, allow_special: bool | Collection[str] = False) -> Explanation:
        pieces: list[PieceSteps] = []
        for part, token in self._parts(text, allow_special, places=True):
            start = part.span(0, len(part.text))[0]
            if token is not None:
                pieces.append(PieceSteps(start, part.text, [], [], [token.id], control=token.control))
                continue
            for piece in self._pieces(part):
                pieces.append(self.model.explain(piece.text, piece.span(0, len(piece.text))[0]))
        seen = sorted({id for piece in pieces for id in ids_in(piece)})
        labels = {id: self.token_label(id) for id in seen}
        ids = [id for piece in pieces for id in piece.ids]
        kind = {"BPE": "merges", "WordPiece": "matches", "Unigram": "lattice"}.get(self.model.kind, "lookup")
        pattern = "none" if self.pre_tokenizer is None else _names_of(self.pre_tokenizer)
        return Explanation(text, pattern, pieces, ids, labels, kind)

    def _parts(
        self, text: str | bytes, allow_special: bool | Collection[str], *, places: bool
    ) -> Iterator[tuple[Aligned, AddedToken | None]]:
        """The stretches between added tokens, normalised, and the added tokens."""
        if isinstance(text, bytes):
            text = text.decode("utf-8", "surrogateescape" if self._keeps_bytes else "replace")
        elif not isinstance(text, str) or _has_surrogates(text):
            text = utf8(text).decode("utf-8")
        return self._added.split(Aligned.of(text) if places else Aligned(text), allow_special)

    def _pieces(self, part: Aligned) -> list[Aligned]:
        return [part] if self.pre_tokenizer is None else self.pre_tokenizer([part])

    def token_text(self, id: int) -> str:
        """The token as the vocabulary writes it (`▁the`, `##ing`, `Ġthe`)."""
        try:
            return self._tokens[id]
        except KeyError:
            raise TokenizerError(f"id {id} is no token here: ids are 0 to {self.vocab_size - 1}") from None

    def token_bytes(self, id: int) -> bytes:
        known = self._texts.get(id)
        if known is None:
            token = self.token_text(id)
            if self.decoder is not None and token not in self.special_tokens:
                token = self.decoder.lone(token)
            known = self._texts[id] = token.encode("utf-8", "surrogateescape")
        return known

    def token_label(self, id: int) -> str:
        # A blank before a word is no part of its token there, the prefix of one inside a word is.
        return self.token_text(id) if self.model.kind == "WordPiece" else super().token_label(id)

    def token_id(self, token: str) -> int | None:
        return self._ids.get(token)

    def decode(self, ids: Iterable[int]) -> str:
        tokens = [self.token_text(int(id)) for id in ids]
        return " ".join(tokens) if self.decoder is None else self.decoder(tokens)

    def decode_bytes(self, ids: Iterable[int]) -> bytes:
        tokens = [self.token_text(int(id)) for id in ids]
        text = " ".join(tokens) if self.decoder is None else self.decoder(tokens, "surrogateescape")
        return text.encode("utf-8", "surrogateescape")

    def stream(self, before: Iterable[int] = ()) -> StreamDecoder:
        return PipelineStream(self, before)

    def to_json(self) -> str:
        return json.dumps(self._file(), ensure_ascii=False, indent=1) + "\n"

    def _file(self) -> dict[str, Any]:
        def written(part: Any) -> Any:
            return None if part is None else part.to_json()

        return {
            "version": "1.0",
            "truncation": self.truncation,
            "padding": self.padding,
            "added_tokens": [token.to_json() for token in self.added_tokens],
            "normalizer": written(self.normalizer),
            "pre_tokenizer": written(self.pre_tokenizer),
            "post_processor": written(self.post_processor),
            "decoder": written(self.decoder),
            "model": self.model.to_json(),
        }

    def fingerprint(self) -> str:
        file = self._file()
        rules = {name: file[name] for name in ("added_tokens", "normalizer", "pre_tokenizer", "model")}
        return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()


class PipelineStream(StreamDecoder):
    """Feed ids, get the text that is certain, by the tokenizer's own decoder."""

    def __init__(self, tokenizer: PipelineTokenizer, before: Iterable[int] = ()) -> None:
        self._tokenizer = tokenizer
        self._machine = self._start()
        self._first = True
        # Only whether there was text before counts; a control token is none.
        for id in before:
            if tokenizer.token_text(id) not in tokenizer.special_tokens:
                self.feed(id)
        self._machine.flush()

    def _start(self) -> Machine:
        decoder = self._tokenizer.decoder
        return Machine() if decoder is None else decoder.start("replace")

    def feed(self, id: int) -> str:
        token = self._tokenizer.token_text(id)
        if self._tokenizer.decoder is None and not self._first:
            token = " " + token
        self._first = False
        return "".join(self._machine.feed(token))

    def flush(self) -> str:
        return "".join(self._machine.flush())


def checked_tokens(vocabulary: Mapping[str, int], added: Sequence[AddedToken]) -> dict[int, str]:
    """Token text by id; TokenizerError where the parts contradict each other."""
    tokens: dict[int, str] = {}
    for text, id in vocabulary.items():
        if type(id) is not int or id < 0:
            raise TokenizerError(
                f"vocab: the id of {text[:60]!r} is {str(id)[:60]!r}, no whole number from 0"
            )
        if id in tokens:
            raise TokenizerError(f"id {id} stands for two tokens, {tokens[id][:60]!r} and {text[:60]!r}")
        tokens[id] = text
    texts: set[str] = set()
    for token in added:
        if not token.text:
            raise TokenizerError(f"the added token with id {token.id} is empty")
        clash = tokens.get(token.id, token.text) != token.text or token.text in texts
        if clash or vocabulary.get(token.text, token.id) != token.id:
            raise TokenizerError(f"added token {token.text[:60]!r} (id {token.id}) contradicts another token")
        texts.add(token.text)
        tokens[token.id] = token.text
    if not tokens:
        raise TokenizerError("the vocabulary is empty")
    if (low := min(tokens)) < 0 or (high := max(tokens)) >= MAX_ID:
        raise TokenizerError(f"id {low if low < 0 else high} is out of range: ids are 0 to {MAX_ID - 1:,}")
    return tokens


def _has_surrogates(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _steps(part: Any) -> list[Any]:
    if isinstance(part, (normalizers.Chain, pre_tokenizers.Chain)):
        return [inner for step in part.steps for inner in _steps(step)]
    return [] if part is None else [part]


def _names_of(pre_tokenizer: PreTokenizer) -> str:
    return " + ".join(step.kind for step in _steps(pre_tokenizer))


def _writes_bytes(normalizer: Normalizer | None, pre_tokenizer: PreTokenizer | None) -> bool:
    kinds = (normalizers.ByteLevel, pre_tokenizers.ByteLevel)
    return any(isinstance(step, kinds) for step in _steps(normalizer) + _steps(pre_tokenizer))


def _asks_for_first(pre_tokenizer: PreTokenizer | None) -> bool:
    return any(
        isinstance(step, pre_tokenizers.Metaspace) and step.prepend_scheme == "first"
        for step in _steps(pre_tokenizer)
    )


def _keeps_front(normalizer: Normalizer | None) -> bool:
    return all(isinstance(step, _KEEP_FRONT) for step in _steps(normalizer))
