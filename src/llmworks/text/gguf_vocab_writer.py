"""A tokenizer as GGUF metadata: what `gguf_vocab.py` reads, and llama.cpp.

    byte-level BPE -> gpt2, its pre-tokeniser by name     SentencePiece BPE -> llama     Unigram -> t5
    BPE with byte fallback -> llama, a merge's rank as the score of what it makes        WordPiece -> bert

What these cannot say (a normaliser that llama.cpp does not run, an unknown pattern) is refused: a model whose
text comes to other ids than in training is worse than none.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from llmworks.errors import TokenizerError
from llmworks.text.gguf_pre import PRE_TOKENIZERS
from llmworks.text.patterns import pattern_name
from llmworks.text.sentencepiece import SentencePieceTokenizer
from llmworks.text.sentencepiece_file import META, ModelType, PieceType, byte_of
from llmworks.text.tokenizer import Tokenizer

PREFIX = "tokenizer.ggml."
Json = dict[str, Any]

# The first name of each meaning in the table; a name that also decides how a text begins comes last.
_PREFERRED = ("gpt-2", "llama-bpe", "qwen2", "smollm", "gpt-4o", "dbrx")


def gguf_from_tokenizer(tokenizer: Tokenizer) -> dict[str, Any]:
    """The `tokenizer.ggml.*` metadata of `tokenizer`: texts, numbers, and lists of either."""
    if isinstance(tokenizer, SentencePieceTokenizer):
        found = _from_pieces(tokenizer)
    else:
        found = _from_json(json.loads(tokenizer.to_json()))
    for name, id in (("bos_token_id", tokenizer.bos_id), ("eos_token_id", tokenizer.eos_id)):
        if id is not None:
            found[name] = id
    found.setdefault("add_bos_token", tokenizer.add_bos)
    return {PREFIX + name: value for name, value in found.items()}


def _from_pieces(tokenizer: SentencePieceTokenizer) -> Json:
    model, spec = tokenizer.model, tokenizer.model.normalizer
    names = {ModelType.BPE: "llama", ModelType.UNIGRAM: "t5"}
    if model.type not in names:
        raise TokenizerError(f"GGUF has no {model.type.name} vocabularies; only BPE and UNIGRAM of these")
    if model.type == ModelType.BPE and (spec.precompiled_charsmap or spec.remove_extra_whitespaces):
        raise TokenizerError(
            "llama.cpp normalises nothing for SentencePiece BPE, but this tokenizer does "
            f"({spec.name or 'a charsmap'}, remove_extra_whitespaces {spec.remove_extra_whitespaces}): train "
            "it with the identity normaliser and remove_extra_whitespaces off"
        )
    found: Json = {
        "model": names[model.type],
        "pre": "default",
        "tokens": [piece.text.decode("utf-8", "replace") for piece in model.pieces],
        "scores": [float(np.float32(piece.score)) for piece in model.pieces],
        "token_type": [int(piece.type) for piece in tokenizer.pieces],
        "add_space_prefix": spec.add_dummy_prefix,
        "add_eos_token": False,
    }
    if model.type == ModelType.UNIGRAM:
        found["remove_extra_whitespaces"] = spec.remove_extra_whitespaces
        if spec.precompiled_charsmap:
            found["precompiled_charsmap"] = np.frombuffer(spec.precompiled_charsmap, np.uint8)
    for name, id in (("unknown_token_id", tokenizer.unk_id), ("padding_token_id", tokenizer.pad_id)):
        if id is not None:
            found[name] = id
    return found


def _from_json(file: Json) -> Json:
    model = file["model"]
    kind = model.get("type")
    if kind == "WordPiece":
        return _bert(file)
    if kind == "BPE":
        steps = _steps(file.get("pre_tokenizer"), "pretokenizers")
        if steps and steps[-1]["type"] == "ByteLevel":
            return _gpt2(file, steps)
        return _llama(file, steps)
    raise TokenizerError(
        f"a {kind} model from tokenizer.json has no place in GGUF; from its tokenizer.model it may have"
    )


def _steps(value: Any, key: str) -> list[Json]:
    if value is None:
        return []
    steps: list[Json] = value[key] if value["type"] == "Sequence" else [value]
    return steps


def _vocabulary(file: Json) -> tuple[list[str], list[int]]:
    """Tokens and types by id, holes filled with unused ones."""
    texts: dict[int, str] = {id: text for text, id in file["model"]["vocab"].items()}
    types: dict[int, int] = {}
    for token in file.get("added_tokens") or []:
        texts[token["id"]] = token["content"]
        types[token["id"]] = PieceType.CONTROL if token["special"] else PieceType.USER_DEFINED
    unk = file["model"].get("unk_token")
    size = max(texts) + 1
    if unk is not None and unk in file["model"]["vocab"]:
        types[file["model"]["vocab"][unk]] = PieceType.UNKNOWN
    tokens = [texts.get(id, f"[PAD{id}]") for id in range(size)]
    kinds = [int(types.get(id, PieceType.NORMAL if id in texts else PieceType.UNUSED)) for id in range(size)]
    return tokens, kinds


def _gpt2(file: Json, steps: list[Json]) -> Json:
    normalizers = [step["type"] for step in _steps(file.get("normalizer"), "normalizers")]
    if not set(normalizers) <= {"NFC"}:  # which llama.cpp leaves out, for Qwen too
        raise TokenizerError(f"llama.cpp does not run the normaliser {' + '.join(normalizers)}")
    tokens, types = _vocabulary(file)
    return {
        "model": "gpt2",
        "pre": _pre_name(steps, bool(file["model"].get("ignore_merges"))),
        "tokens": tokens,
        "token_type": types,
        "merges": [merge if isinstance(merge, str) else " ".join(merge) for merge in file["model"]["merges"]],
    }


def _pre_name(steps: list[Json], ignore_merges: bool) -> str:
    """The name whose meaning is these steps."""
    wanted = _meaning(steps, ignore_merges)
    names = [*_PREFERRED, *PRE_TOKENIZERS]
    for name in names:
        known = PRE_TOKENIZERS[name]
        meaning = _meaning(_steps(known.to_json(), "pretokenizers"), known.ignore_merges)
        if wanted is not None and meaning == wanted:
            return name
    # Whole pieces first or not comes to the same where the merges make every token.
    if wanted is not None and wanted[-1]:
        return _pre_name(steps, False)
    raise TokenizerError("llama.cpp has no name for this pre-tokeniser: " + json.dumps(steps)[:300])


def _meaning(steps: list[Json], ignore_merges: bool) -> tuple[Any, ...] | None:
    regexes, digits = [], False
    for step in steps[:-1]:
        if step["type"] == "Digits" and step.get("individual_digits"):
            digits = True
        elif step["type"] == "Split" and "Regex" in step["pattern"] and not digits:
            regex = step["pattern"]["Regex"]
            name = pattern_name(regex) or regex
            # cl100k differs at blanks in the very end only; llama.cpp has but the one (its dbrx is cl100k).
            regexes.append("llama3" if name == "cl100k" else name)
        else:
            return None
    last = steps[-1]
    if last.get("add_prefix_space"):
        return None
    gpt2 = last.get("use_regex", True)
    if regexes == ["gpt2"] and not gpt2:
        regexes, gpt2 = [], True
    if regexes == ["gpt2_digits"] and not gpt2:
        regexes, gpt2, digits = [], True, True
    return tuple(regexes), digits, gpt2, ignore_merges


def _llama(file: Json, steps: list[Json]) -> Json:
    """BPE on characters: the pieces' scores from the order of the merges."""
    model = file["model"]
    prefix = _prefix(file, steps)
    if not model.get("byte_fallback") or prefix is None:
        raise TokenizerError("GGUF's BPE is of bytes, or of characters with byte fallback and blanks as ▁")
    tokens, types = _vocabulary(file)
    ranks: dict[str, int] = {}
    for rank, merge in enumerate(model["merges"]):
        left, right = merge.split(" ") if isinstance(merge, str) else merge
        ranks.setdefault(left + right, rank)
    last = float(len(model["merges"]))
    for id, text in enumerate(tokens):
        if byte_of(text.encode("utf-8", "replace")) is not None and types[id] == PieceType.NORMAL:
            types[id] = int(PieceType.BYTE)
    if PieceType.UNKNOWN not in types and "<unk>" in tokens:  # the bytes leave it nothing to stand for
        types[tokens.index("<unk>")] = int(PieceType.UNKNOWN)
    unknown = {"unknown_token_id": types.index(PieceType.UNKNOWN)} if PieceType.UNKNOWN in types else {}
    return {
        "model": "llama",
        "pre": "default",
        "tokens": tokens,
        "scores": [-float(ranks.get(text, last)) for text in tokens],
        "token_type": types,
        "add_space_prefix": prefix,
        **unknown,
    }


def _prefix(file: Json, steps: list[Json]) -> bool | None:
    """Whether a ▁ goes in front; None where blanks are treated in a way that llama.cpp has not."""
    normalizers = _steps(file.get("normalizer"), "normalizers")
    kinds = [step["type"] for step in normalizers]
    if not normalizers and len(steps) == 1 and steps[0]["type"] == "Metaspace":
        return bool(steps[0]["prepend_scheme"] != "never") if steps[0].get("split") is False else None
    if kinds == ["Prepend", "Replace"] and not steps:
        return True
    # Gemma's Split at blanks finds none: they are ▁ by then.
    if kinds == ["Replace"] and all(step["type"] == "Split" for step in steps):
        return False if normalizers[0].get("content") == META else None
    return None


def _bert(file: Json) -> Json:
    normalizer = file.get("normalizer") or {}
    pre = file.get("pre_tokenizer") or {}
    if normalizer.get("type") != "BertNormalizer" or pre.get("type") != "BertPreTokenizer":
        raise TokenizerError("GGUF's WordPiece comes with BERT's normaliser and pre-tokeniser only")
    tokens, types = _vocabulary(file)
    prefix = file["model"].get("continuing_subword_prefix", "##")
    written = [
        text if types[id] != PieceType.NORMAL else _phantom(text, prefix) for id, text in enumerate(tokens)
    ]
    lowercase = bool(normalizer.get("lowercase"))
    strip = normalizer.get("strip_accents")
    found: Json = {
        "model": "bert",
        "pre": "default",
        "tokens": written,
        "token_type": types,
        "token_type_count": 2,
        "normalizer.lowercase": lowercase,
        "normalizer.strip_accents": lowercase if strip is None else bool(strip),
    }
    ids = file["model"]["vocab"]
    for name, text in (("cls", "[CLS]"), ("seperator", "[SEP]"), ("padding", "[PAD]"), ("mask", "[MASK]")):
        if text in ids:
            found[f"{name}_token_id"] = ids[text]
    found["unknown_token_id"] = ids[file["model"].get("unk_token", "[UNK]")]
    return found


def _phantom(text: str, prefix: str) -> str:
    return text.removeprefix(prefix) if text.startswith(prefix) and text != prefix else META + text
