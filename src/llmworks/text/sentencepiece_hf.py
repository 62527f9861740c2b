"""A `tokenizer.model` as `tokenizer.json`: how `transformers` reads a folder that holds only the former.

    class in tokenizer_config.json   what it makes of the pieces
    LlamaTokenizer                   BPE with merges, ▁ in front (legacy: after every control token)
    GemmaTokenizer                   BPE with merges, nothing in front
    T5Tokenizer                      Unigram over words, `<extra_id_99>` … behind, `</s>` at the end
    XLMRobertaTokenizer              Unigram over words, `<s> <pad> </s> <unk>` first, so ids move up by one

SentencePiece's BPE has scores, `tokenizer.json` merges: each way to halve a piece into two pieces is one, in
the order of the pieces. On rare strings (long runs of one letter) the two differ; `SentencePieceTokenizer`
keeps to SentencePiece.

Source: huggingface/transformers 5, convert_slow_tokenizer.py and models/{llama,gemma,t5,xlm_roberta}.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from llmworks.errors import TokenizerError
from llmworks.text.hf_json import read_json
from llmworks.text.limits import expect, parse_object, read_bytes
from llmworks.text.sentencepiece import SentencePieceTokenizer
from llmworks.text.sentencepiece_file import (
    META,
    ModelType,
    NormalizerSpec,
    Piece,
    PieceType,
    SentencePieceModel,
    read_model,
)
from llmworks.text.tokenizer import Tokenizer

MODEL_NAMES = ("tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "spm.model")
Json = dict[str, Any]


def read_sentencepiece(path: Path, *, native: bool = True) -> Tokenizer:
    """The tokenizer of a model file: as the class in the `tokenizer_config.json` beside it says, where that
    is known here; else as the SentencePiece library has it."""
    model = read_model(read_bytes(path), str(path))
    settings = path.with_name("tokenizer_config.json")
    config = parse_object(read_bytes(settings), str(settings)) if settings.is_file() else {}
    name = config.get("tokenizer_class")
    convert = CLASSES.get(name.removesuffix("Fast")) if isinstance(name, str) else None
    if convert is not None:
        tokenizer = read_json(json.dumps(convert(model, config)), str(path), native=native)
        tokenizer.bos_id = tokenizer.token_id(_name(config, "bos_token", model.bos_piece))
        tokenizer.eos_id = tokenizer.token_id(_name(config, "eos_token", model.eos_piece))
        return tokenizer
    adds = config.get("add_bos_token")
    return SentencePieceTokenizer(model, add_bos=adds is True, native=native)


def merges_of(pieces: Sequence[Piece], *, by_score: bool = False) -> list[tuple[str, str]]:
    """Every way to halve a piece into two pieces: the earliest piece first (as `transformers` has it), or the
    one with the best score (as SentencePiece merges), then the shortest left half. Nothing merges to a token
    that no text may become."""
    ids = {_text(piece): id for id, piece in enumerate(pieces)}
    reserved = (PieceType.CONTROL, PieceType.UNKNOWN, PieceType.BYTE)
    order = [text for text, id in ids.items() if pieces[id].type not in reserved]
    # The user's own are cut out of the raw text instead, where they can be found there.
    order = [t for t in order if pieces[ids[t]].type != PieceType.USER_DEFINED or META in t]
    if by_score:
        order.sort(key=lambda text: -pieces[ids[text]].score)
    found = []
    for text in order:
        halves = ((text[:cut], text[cut:]) for cut in range(1, len(text)))
        found += [(left, right) for left, right in halves if left in ids and right in ids]
    return found


def sentencepiece_json(model: SentencePieceModel) -> str:
    """The text of a tokenizer.json for any Unigram or BPE model, as close as that format comes."""
    spec = model.normalizer
    normalizers = _charsmap(spec)
    if spec.remove_extra_whitespaces:
        normalizers += [
            {"type": "Strip", "strip_left": True, "strip_right": True},
            {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
        ]
    if spec.add_dummy_prefix:
        normalizers.append({"type": "Prepend", "prepend": META})
    if spec.escape_whitespaces:
        normalizers.append({"type": "Replace", "pattern": {"String": " "}, "content": META})
    file = {
        # An added token is looked for in the raw text, where no ▁ is: such a piece is left to the merges.
        "added_tokens": [token for token in _added(model.pieces, {}) if META not in token["content"]],
        "normalizer": {"type": "Sequence", "normalizers": normalizers} if normalizers else None,
        "model": _model(model),
        "decoder": _decoder(strip=spec.add_dummy_prefix),
    }
    return json.dumps({"version": "1.0", **file}, ensure_ascii=False)


def _model(model: SentencePieceModel) -> Json:
    if model.type == ModelType.UNIGRAM:
        rows = [[_text(piece), piece.score] for piece in model.pieces]
        return _unigram(rows, _unk_id(model), model.byte_fallback)
    if model.type == ModelType.BPE:
        unk = _text(model.pieces[_unk_id(model)])
        merges = merges_of(model.pieces, by_score=True)
        return {**_bpe(model.pieces, unk, model.byte_fallback), "merges": [list(pair) for pair in merges]}
    raise TokenizerError(
        f"tokenizer.json has no {model.type.name} model; save this tokenizer as tokenizer.model"
    )


def _unk_id(model: SentencePieceModel) -> int:
    named = model.control_id(model.unk_piece)  # as some GGUF files have it
    found = model.ids_of_type(PieceType.UNKNOWN) or ([] if named is None else [named])
    if not found:
        raise TokenizerError("the model has no unknown token, which tokenizer.json needs")
    return found[0]


def _llama(model: SentencePieceModel, config: Json) -> Json:
    prefix = config.get("add_prefix_space") is not False
    legacy = bool(config.get("legacy", False))
    return {
        "added_tokens": _added(model.pieces, config),
        "pre_tokenizer": _metaspace("never" if not prefix else "always" if legacy else "first", split=False),
        "model": _bpe(model.pieces, None, True),
        "decoder": _decoder(strip=prefix),
        "post_processor": _template(model, config, bos=True, eos=False),
    }


def _gemma(model: SentencePieceModel, config: Json) -> Json:
    return {
        "added_tokens": _added(model.pieces, config),
        "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": META},
        "model": _bpe(model.pieces, _text(model.pieces[_unk_id(model)]), True),
        "decoder": _decoder(strip=False),
        "post_processor": _template(model, config, bos=True, eos=False),
    }


def _t5(model: SentencePieceModel, config: Json) -> Json:
    extra = expect(config.get("extra_ids", 100), int, "tokenizer_config.json: extra_ids")
    if not 0 <= extra <= 10_000:
        raise TokenizerError(f"tokenizer_config.json: extra_ids is {extra}; expected 0 to 10,000")
    sentinels = [Piece(f"<extra_id_{n}>".encode(), 0.0, PieceType.CONTROL) for n in reversed(range(extra))]
    known = {piece.text for piece in model.pieces}
    pieces = [*model.pieces, *(piece for piece in sentinels if piece.text not in known)]
    file = _over_words(model.normalizer, pieces, 2, "always")
    closing = _name(config, "eos_token", model.eos_piece)
    return {
        **file,
        "added_tokens": _added(pieces, config),
        "post_processor": _markers(None, closing, {_text(piece): id for id, piece in enumerate(pieces)}),
    }


def _xlm_roberta(model: SentencePieceModel, config: Json) -> Json:
    names = [
        _name(config, f"{key}_token", text)
        for key, text in (("bos", "<s>"), ("pad", "<pad>"), ("eos", "</s>"), ("unk", "<unk>"))
    ]
    mask = _name(config, "mask_token", "<mask>")
    control = [Piece(name.encode(), 0.0, PieceType.CONTROL) for name in [*names, mask]]
    pieces = [*control[:4], *model.pieces[3:], control[4]]
    file = _over_words(
        model.normalizer, pieces, 3, "never" if config.get("add_prefix_space") is False else "always"
    )
    ids = {_text(piece): id for id, piece in enumerate(pieces)}
    return {
        **file,
        "added_tokens": _added(pieces, config),
        "post_processor": _markers(names[0], names[2], ids),
    }


CLASSES: dict[str, Callable[[SentencePieceModel, Json], Json]] = {
    "LlamaTokenizer": _llama,
    "CodeLlamaTokenizer": _llama,
    "GemmaTokenizer": _gemma,
    "T5Tokenizer": _t5,
    "XLMRobertaTokenizer": _xlm_roberta,
}


def _over_words(spec: NormalizerSpec, pieces: Sequence[Piece], unk_id: int, scheme: str) -> Json:
    """Unigram within words, in the normaliser that T5 and XLM-R have."""
    words = {"type": "WhitespaceSplit"}
    return {
        "normalizer": next(iter(_charsmap(spec)), None),
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [words, _metaspace(scheme, split=True)]},
        "model": _unigram([[_text(piece), piece.score] for piece in pieces], unk_id, False),
        "decoder": _metaspace(scheme, split=True),
    }


def _text(piece: Piece) -> str:
    return piece.text.decode("utf-8", "replace")


def _charsmap(spec: NormalizerSpec) -> list[Json]:
    if not spec.precompiled_charsmap:
        return []
    written = base64.b64encode(spec.precompiled_charsmap).decode()
    return [{"type": "Precompiled", "precompiled_charsmap": written}]


def _metaspace(scheme: str, *, split: bool) -> Json:
    return {"type": "Metaspace", "replacement": META, "prepend_scheme": scheme, "split": split}


def _decoder(*, strip: bool) -> Json:
    steps: list[Json] = [
        {"type": "Replace", "pattern": {"String": META}, "content": " "},
        {"type": "ByteFallback"},
        {"type": "Fuse"},
    ]
    if strip:
        steps.append({"type": "Strip", "content": " ", "start": 1, "stop": 0})
    return {"type": "Sequence", "decoders": steps}


def _bpe(pieces: Sequence[Piece], unk: str | None, byte_fallback: bool) -> Json:
    return {
        "type": "BPE",
        "vocab": {_text(piece): id for id, piece in enumerate(pieces)},
        "merges": [list(pair) for pair in merges_of(pieces)],
        "unk_token": unk,
        "fuse_unk": True,
        "byte_fallback": byte_fallback,
    }


def _unigram(rows: list[list[Any]], unk_id: int, byte_fallback: bool) -> Json:
    return {"type": "Unigram", "unk_id": unk_id, "vocab": rows, "byte_fallback": byte_fallback}


def _added(pieces: Sequence[Piece], config: Json) -> list[Json]:
    """Control pieces, the unknown one, the user's own, and what the config adds or says of them."""
    listed = (PieceType.CONTROL, PieceType.UNKNOWN, PieceType.USER_DEFINED)
    tokens = {
        id: _entry(id, _text(piece), piece.type != PieceType.USER_DEFINED)
        for id, piece in enumerate(pieces)
        if piece.type in listed
    }
    known = {_text(piece): id for id, piece in enumerate(pieces)}
    decoder = expect(config.get("added_tokens_decoder", {}), dict, "added_tokens_decoder")
    for key, value in decoder.items():
        value = expect(value, dict, "added_tokens_decoder")
        if not key.isdecimal() or len(key) > 9:
            raise TokenizerError(f"added_tokens_decoder: {key[:40]!r} is no id")
        text = expect(value.get("content"), str, "added_tokens_decoder")
        id = int(key)
        if known.get(text, id) != id:
            raise TokenizerError(
                f"added_tokens_decoder: {text[:40]!r} has the id {id} there, {known[text]} here"
            )
        flags = {name: value.get(name) is True for name in ("lstrip", "rstrip", "single_word", "normalized")}
        tokens[id] = {**_entry(id, text, value.get("special") is True), **flags}
    return [tokens[id] for id in sorted(tokens)]


def _entry(id: int, text: str, special: bool) -> Json:
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": id, "content": text, **flags, "special": special}


def _name(config: Json, key: str, default: str) -> str:
    value = config.get(key, default)
    value = value.get("content", default) if isinstance(value, dict) else value
    return value if isinstance(value, str) else default


def _template(model: SentencePieceModel, config: Json, *, bos: bool, eos: bool) -> Json | None:
    ids = {_text(piece): id for id, piece in enumerate(model.pieces)}
    opening = _name(config, "bos_token", model.bos_piece) if config.get("add_bos_token", bos) else None
    closing = _name(config, "eos_token", model.eos_piece) if config.get("add_eos_token", eos) else None
    return _markers(opening, closing, ids)


def _markers(opening: str | None, closing: str | None, ids: dict[str, int]) -> Json | None:
    """What stands before and after a text."""
    names = [name for name in (opening, closing) if name in ids]
    if not names:
        return None
    front = [{"SpecialToken": {"id": opening, "type_id": 0}}] if opening in names else []
    back = [{"SpecialToken": {"id": closing, "type_id": 0}}] if closing in names else []

    def text(name: str) -> Json:
        return {"Sequence": {"id": name, "type_id": 0}}

    return {
        "type": "TemplateProcessing",
        "single": [*front, text("A"), *back],
        "pair": [*front, text("A"), *back, *front, text("B"), *back],
        "special_tokens": {
            name: {"id": name, "ids": [ids[name]], "tokens": [name]} for name in dict.fromkeys(names)
        },
    }
