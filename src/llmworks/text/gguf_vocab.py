"""The tokenizer in a GGUF file's metadata: read here, written by `gguf_vocab_writer.py`.

    tokenizer.ggml.model   gpt2   byte-level BPE     tokens, merges, pre (the pre-tokeniser's name)
                           llama  SentencePiece BPE  tokens, scores, token_type
                           t5     Unigram            tokens, scores, token_type, precompiled_charsmap
                           bert   WordPiece          tokens ("▁word" opens a word, "ing" goes on with it)
                           gemma4 BPE on characters  tokens, merges

Ids are llama.cpp's with `parse_special=false` (`allow_special=True`: with `parse_special=true`), but for what
the house forbids: a text never becomes a control token that its caller did not allow, not even where a file
calls `<|im_end|>` a user's token.

Source: ggml-org/llama.cpp, src/llama-vocab.cpp; ggml-org/ggml, docs/gguf.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from llmworks.errors import TokenizerError
from llmworks.gguf.values import Strings
from llmworks.text.byte_alphabet import from_alphabet
from llmworks.text.gguf_pieces import GGUFPieceTokenizer
from llmworks.text.gguf_pre import PRE_TOKENIZERS
from llmworks.text.gguf_vocab_writer import gguf_from_tokenizer
from llmworks.text.hf_json import read_json
from llmworks.text.sentencepiece import SentencePieceTokenizer
from llmworks.text.sentencepiece_file import (
    MAX_TEXT_BYTES,
    META,
    ModelType,
    NormalizerSpec,
    Piece,
    PieceType,
    SentencePieceModel,
)
from llmworks.text.subword import MAX_ID
from llmworks.text.tokenizer import Tokenizer

__all__ = ["GGUFPieceTokenizer", "gguf_from_tokenizer", "tokenizer_from_gguf"]

PREFIX = "tokenizer.ggml."
MAX_ENTRIES = 2**22  # the largest vocabularies have a sixteenth of that


def tokenizer_from_gguf(metadata: Mapping[str, Any], *, native: bool = True) -> Tokenizer:
    """The tokenizer that the metadata of a GGUF file describes (values as plain Python or numpy ones)."""
    vocab = _Vocab(metadata)
    build = _BUILDERS.get(vocab.model)
    if build is None:
        raise TokenizerError(f"{PREFIX}model is {vocab.model[:60]!r}; known are {', '.join(_BUILDERS)}")
    tokenizer = build(vocab, native)
    tokenizer.bos_id = vocab.special("bos_token_id", _BOS.get(vocab.model))
    tokenizer.eos_id = vocab.special("eos_token_id", _EOS.get(vocab.model))
    if vocab.model == "bert":
        tokenizer.bos_id = vocab.special("cls_token_id", tokenizer.bos_id)
        tokenizer.eos_id = vocab.special("seperator_token_id", 102)
    tokenizer.add_bos = tokenizer.bos_id is not None and vocab.flag("add_bos_token", _adds_bos(vocab))
    return tokenizer


# llama.cpp's defaults where a file is silent.
_BOS = {"llama": 1, "bert": 101, "gpt2": None, "t5": None}
_EOS = {"llama": 2, "bert": 102, "gpt2": None, "t5": 1}


def _adds_bos(vocab: _Vocab) -> bool:
    if vocab.model == "gpt2":
        named = PRE_TOKENIZERS.get(vocab.pre)
        return named is not None and named.add_bos
    return vocab.model in ("llama", "bert", "gemma4")


class _Vocab:
    """The metadata, checked: as many types and scores as tokens, no token twice."""

    def __init__(self, metadata: Mapping[str, Any]) -> None:
        self._metadata = metadata
        self.model = self._text("model", None)
        self.pre = self._text("pre", "default") or "default"
        tokens = self._list("tokens", str, None)
        if not tokens or len(tokens) > MAX_ID:
            raise TokenizerError(f"{PREFIX}tokens has {len(tokens):,} entries; expected 1 to {MAX_ID:,}")
        if sum(map(len, tokens)) > MAX_TEXT_BYTES:
            raise TokenizerError(f"{PREFIX}tokens has more than {MAX_TEXT_BYTES:,} characters")
        self.tokens = [token or f"[EMPTY_{id}]" for id, token in enumerate(tokens)]
        twice = len(self.tokens) - len(set(self.tokens))
        if twice:
            seen: set[str] = set()
            token = next(t for t in self.tokens if t in seen or seen.add(t))  # type: ignore[func-returns-value]
            raise TokenizerError(f"{PREFIX}tokens: {token[:60]!r} stands there twice")
        size = len(tokens)
        self.types = [_type(value) for value in self._numbers("token_type", size, 1)]
        self.scores = [float(value) for value in self._numbers("scores", size, 0)]
        if not all(np.isfinite(self.scores)):
            raise TokenizerError(f"{PREFIX}scores: not all are numbers")

    def _get(self, name: str) -> Any:
        return self._metadata.get(PREFIX + name)

    def _text(self, name: str, default: str | None) -> str:
        value = self._get(name)
        value = default if value is None else value
        if not isinstance(value, str):
            raise TokenizerError(f"{PREFIX}{name} is {str(value)[:60]!r}; expected a text")
        return value

    def _list(self, name: str, kind: type, default: list[Any] | None) -> list[Any]:
        value = self._get(name)
        if value is None and default is not None:
            return default
        if isinstance(value, np.ndarray):
            value = value.tolist()
        elif isinstance(value, Strings):  # of a mapped file, not decoded yet
            if len(value) > MAX_ENTRIES:
                raise TokenizerError(
                    f"{PREFIX}{name} has {len(value):,} entries; at most {MAX_ENTRIES:,} are read"
                )
            value = list(value)
        if not isinstance(value, list | tuple) or not all(isinstance(item, kind) for item in value):
            raise TokenizerError(f"{PREFIX}{name} is {str(value)[:60]!r}; expected a list of {kind.__name__}")
        return list(value)

    def _numbers(self, name: str, size: int, default: int) -> list[Any]:
        value = self._get(name)
        if value is None:
            return [default] * size
        if isinstance(value, np.ndarray):
            value = value.tolist()
        if not isinstance(value, list | tuple) or not all(type(item) in (int, float) for item in value):
            raise TokenizerError(f"{PREFIX}{name} is {str(value)[:60]!r}; expected a list of numbers")
        if len(value) < size:
            raise TokenizerError(f"{PREFIX}{name} has {len(value):,} entries for {size:,} tokens")
        return list(value[:size])

    def merges(self) -> list[tuple[str, str]]:
        rows = self._list("merges", str, None)
        pairs = []
        for place, row in enumerate(rows):
            cut = row.find(" ", 1)  # a token may be a blank itself, at the front
            if cut < 0 or cut == len(row) - 1:
                raise TokenizerError(f"{PREFIX}merges[{place}] is {row[:60]!r}; expected two tokens")
            left, right = row[:cut], row[cut + 1 :]
            pairs.append((left, right))
        return pairs

    def flag(self, name: str, default: bool) -> bool:
        value = self._get(name)
        if value is None:
            return default
        if not isinstance(value, bool | int | np.bool_):
            raise TokenizerError(f"{PREFIX}{name} is {str(value)[:60]!r}; expected true or false")
        return bool(value)

    def special(self, name: str, default: int | None) -> int | None:
        value = self._get(name)
        value = default if value is None else value
        if value is not None and not isinstance(value, int | np.integer):
            raise TokenizerError(f"{PREFIX}{name} is {str(value)[:60]!r}; expected an id")
        # An id that is no token's is passed over, as llama.cpp does.
        return None if value is None or not 0 <= int(value) < len(self.tokens) else int(value)

    def is_phi3(self) -> bool:
        """Phi-3's control tokens take the blanks behind them; a file says it by its name only."""
        name = str(self._metadata.get("general.name", "")).lower()
        return "phi-3" in name or "phi3" in name

    def charsmap(self) -> bytes:
        value = self._get("precompiled_charsmap")
        if value is None:
            return b""
        if isinstance(value, bytes | bytearray):
            return bytes(value)
        numbers = np.asarray(value)
        if numbers.dtype.kind not in "iu" or numbers.ndim != 1:
            raise TokenizerError(f"{PREFIX}precompiled_charsmap: expected bytes")
        return numbers.astype(np.uint8).tobytes()

    def of_type(self, *types: PieceType) -> list[int]:
        return [id for id, kind in enumerate(self.types) if kind in types]


def _type(value: Any) -> PieceType:
    """Types that nobody knows (0, or new ones) count as ordinary, and are never a text."""
    try:
        return PieceType(value)
    except ValueError:
        return PieceType.UNUSED


# Byte-level BPE.


def _gpt2(vocab: _Vocab, native: bool) -> Tokenizer:
    named = PRE_TOKENIZERS.get(vocab.pre)
    if named is None:
        raise TokenizerError(
            f"{PREFIX}pre is {vocab.pre[:60]!r}, a pre-tokeniser that is not known; known are "
            + ", ".join(sorted(PRE_TOKENIZERS))
        )
    file = {
        "added_tokens": _added_tokens(vocab),
        "pre_tokenizer": named.to_json(),
        "model": {
            "type": "BPE",
            "vocab": {token: id for id, token in enumerate(vocab.tokens)},
            "merges": [list(pair) for pair in _known_merges(vocab)],
            "ignore_merges": named.ignore_merges,
        },
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
    }
    return _from_json(file, native=native, fast=_is_byte_level(vocab))


def _is_byte_level(vocab: _Vocab) -> bool:
    """Whether the vocabulary is one of bytes, all 256 among it, and nothing else but added tokens."""
    added = set(vocab.of_type(PieceType.CONTROL, PieceType.USER_DEFINED, PieceType.UNKNOWN))
    single = set()
    for id, token in enumerate(vocab.tokens):
        as_bytes = from_alphabet(token)
        if as_bytes is None and id not in added:
            return False
        if as_bytes is not None and len(as_bytes) == 1:
            single.add(as_bytes)
    return len(single) == 256


def _known_merges(vocab: _Vocab) -> list[tuple[str, str]]:
    """The merges whose tokens are there; llama.cpp looks tokens up later and never joins to a missing one."""
    known = set(vocab.tokens)
    return [pair for pair in vocab.merges() if known.issuperset((*pair, "".join(pair)))]


def _added_tokens(vocab: _Vocab) -> list[dict[str, Any]]:
    return [
        {
            "id": id,
            "content": vocab.tokens[id],
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": vocab.types[id] != PieceType.USER_DEFINED,
        }
        for id in vocab.of_type(PieceType.CONTROL, PieceType.USER_DEFINED, PieceType.UNKNOWN)
    ]


def _from_json(file: dict[str, Any], **choices: Any) -> Tokenizer:
    return read_json(json.dumps(file), "GGUF metadata", **choices)


# BPE on characters with byte fallback, blanks as ▁, over the whole text (Gemma 4).


def _gemma4(vocab: _Vocab, native: bool) -> Tokenizer:
    blanks = {"type": "Replace", "pattern": {"String": META}, "content": " "}
    cut = {"type": "Split", "pattern": {"Regex": r"[^\n]+|\n+"}, "behavior": "Isolated", "invert": False}
    file = {
        "added_tokens": _added_tokens(vocab),
        "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": META},
        "pre_tokenizer": cut,
        "model": {
            "type": "BPE",
            "vocab": {token: id for id, token in enumerate(vocab.tokens)},
            "merges": [list(pair) for pair in _known_merges(vocab)],
            "byte_fallback": True,
        },
        "decoder": {"type": "Sequence", "decoders": [blanks, {"type": "ByteFallback"}, {"type": "Fuse"}]},
    }
    return _from_json(file)


# WordPiece.


def _bert(vocab: _Vocab, native: bool) -> Tokenizer:
    unk = vocab.special("unknown_token_id", 100)
    if unk is None:
        raise TokenizerError(
            "a WordPiece vocabulary without an unknown token (100, unless the file says else)"
        )
    ordinary = (PieceType.NORMAL, PieceType.USER_DEFINED)
    texts = [
        _wordpiece_text(token) if kind in ordinary and id != unk else token
        for id, (token, kind) in enumerate(zip(vocab.tokens, vocab.types, strict=True))
    ]
    if len(set(texts)) < len(texts):
        raise TokenizerError(f"{PREFIX}tokens: two come to one WordPiece entry")
    lowercase = vocab.flag("normalizer.lowercase", True)
    control = {id for id, kind in enumerate(vocab.types) if kind in (PieceType.CONTROL, PieceType.UNKNOWN)}
    added = [entry for entry in _added_tokens(vocab) if entry["id"] in control]
    opening = vocab.special("cls_token_id", vocab.special("bos_token_id", 101))
    closing = vocab.special("seperator_token_id", 102)
    file = {
        "added_tokens": added,
        "normalizer": {
            "type": "BertNormalizer",
            "clean_text": True,
            "handle_chinese_chars": True,
            "strip_accents": vocab.flag("normalizer.strip_accents", lowercase),
            "lowercase": lowercase,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "model": {
            "type": "WordPiece",
            "vocab": {text: id for id, text in enumerate(texts)},
            "unk_token": texts[unk],
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": MAX_ID,  # llama.cpp knows no limit
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
    }
    if opening is not None and closing is not None and {opening, closing} <= control:
        file["post_processor"] = {
            "type": "BertProcessing",
            "sep": [texts[closing], closing],
            "cls": [texts[opening], opening],
        }
    return _from_json(file)


def _wordpiece_text(token: str) -> str:
    return token[1:] if token.startswith(META) and len(token) > 1 else f"##{token}"


# SentencePiece, both kinds.


def _pieces(vocab: _Vocab) -> list[Piece]:
    return [
        Piece(token.encode("utf-8", "surrogatepass"), float(np.float32(score)), kind)
        for token, score, kind in zip(vocab.tokens, vocab.scores, vocab.types, strict=True)
    ]


def _spm_model(vocab: _Vocab, kind: ModelType, spec: NormalizerSpec) -> SentencePieceModel:
    has_bytes = len(vocab.of_type(PieceType.BYTE)) == 256

    def text(name: str, default: int | None) -> str:
        id = vocab.special(name, default)
        return "" if id is None else vocab.tokens[id]

    return SentencePieceModel(
        _pieces(vocab),
        kind,
        spec,
        byte_fallback=has_bytes,
        unk_piece=text("unknown_token_id", {ModelType.BPE: 0}.get(kind, 2)),
        bos_piece=text("bos_token_id", _BOS[vocab.model]),
        eos_piece=text("eos_token_id", _EOS[vocab.model]),
        pad_piece=text("padding_token_id", None),
    )


def _llama(vocab: _Vocab, native: bool) -> Tokenizer:
    spec = NormalizerSpec(
        add_dummy_prefix=vocab.flag("add_space_prefix", True), remove_extra_whitespaces=False
    )
    model = _spm_model(vocab, ModelType.BPE, spec)
    return GGUFPieceTokenizer(model, blanks_belong=vocab.is_phi3(), native=native)


def _t5(vocab: _Vocab, native: bool) -> Tokenizer:
    spec = NormalizerSpec(
        precompiled_charsmap=vocab.charsmap(),
        add_dummy_prefix=vocab.flag("add_space_prefix", False),
        remove_extra_whitespaces=vocab.flag("remove_extra_whitespaces", False),
    )
    return SentencePieceTokenizer(_spm_model(vocab, ModelType.UNIGRAM, spec), native=native)


_BUILDERS: dict[str, Callable[[_Vocab, bool], Tokenizer]] = {
    "gpt2": _gpt2,
    "llama": _llama,
    "bert": _bert,
    "t5": _t5,
    "gemma4": _gemma4,
}
