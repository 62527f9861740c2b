"""Which tokenizer format a file has, told by what is in it.

{ … "model": … }            tokenizer.json (Hugging Face)        hf_json.py
{ "config": …, "vocab": … }  tekken.json (Mistral)                tekken_file.py
{ "the": 262, … }           vocab.json, with merges.txt beside   here
#version / "Ġ t" lines      merges.txt, with vocab.json beside   here
"IHRoZQ== 279" lines        tiktoken ranks                       tiktoken_file.py
[UNK], ##ing lines          vocab.txt (BERT)                     bert_files.py
a protobuf                  tokenizer.model (SentencePiece)      sentencepiece_hf.py
"GGUF"                      the vocabulary of a model            gguf_vocab.py

A folder is read by the first of NAMES_IN_FOLDER that is there, with what its tokenizer_config.json adds
(`settings.py`).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from llmworks.errors import PackageError, TokenizerError
from llmworks.gguf.reader import GGUFFile, is_gguf
from llmworks.text.bert_files import read_bert
from llmworks.text.bpe import BPETokenizer
from llmworks.text.gguf_vocab import tokenizer_from_gguf
from llmworks.text.hf_json import read_json, read_vocabulary
from llmworks.text.limits import parse_object, read_bytes
from llmworks.text.sentencepiece_hf import MODEL_NAMES, read_sentencepiece
from llmworks.text.settings import apply_settings
from llmworks.text.special import AddedToken
from llmworks.text.tekken_file import is_tekken, read_tekken
from llmworks.text.tiktoken_file import read_tiktoken
from llmworks.text.tokenizer import Tokenizer

GPT2_END = "<|endoftext|>"

# In a folder, the first of these that is there.
NAMES_IN_FOLDER = ("tokenizer.json", "tekken.json", "vocab.json", *MODEL_NAMES, "vocab.txt")
# Our key in tokenizer_config.json: this file is read though a tokenizer.json, merely close, lies beside it.
EXACT_FILE = "llmworks_tokenizer_file"
CHOICES = {"tiktoken": {"pattern", "special_tokens"}, "vocab.json": {"merges"}, "vocab.txt": {"lowercase"}}


def read_tokenizer(path: Path, **choices: Any) -> Tokenizer:
    """The tokenizer at `path`, a file or a folder that holds one.

    choices: `pattern` and `special_tokens` for a tiktoken file of unknown origin; `merges` for a vocab.json
    whose merges.txt is elsewhere; `lowercase` for a vocab.txt; `native=False` for the Python path.
    """
    if path.is_dir():
        source, settings = file_in(path), path / "tokenizer_config.json"
        config = parse_object(read_bytes(settings), str(settings)) if settings.is_file() else None
        if config and config.get(EXACT_FILE) == "tokenizer.model" and (path / "tokenizer.model").is_file():
            source = path / "tokenizer.model"
        tokenizer = _read_file(source, choices)
        if config is not None:
            apply_settings(tokenizer, config, str(settings), markers=source.name == "vocab.json")
        return tokenizer
    return _read_file(path, choices)


def _read_file(path: Path, choices: dict[str, Any]) -> Tokenizer:
    if is_gguf(path):
        return _read_gguf(path, **choices)
    content = read_bytes(path)
    kind = sniff(content, str(path))
    allowed = CHOICES.get(kind, set()) | {"native"}
    if unknown := sorted(set(choices) - allowed):
        raise TokenizerError(f"{path}: a {kind} file takes no {unknown[0]!r}; it says that itself")
    if kind == "tokenizer.json":
        return read_json(content, str(path), **choices)
    if kind == "tekken.json":
        return read_tekken(content, str(path), **choices)
    if kind == "tiktoken":
        return read_tiktoken(path, **choices)
    if kind == "sentencepiece":
        return read_sentencepiece(path, **choices)
    if kind == "vocab.txt":
        return read_bert(path, lowercase=choices.get("lowercase"))
    if kind == "merges.txt":
        return read_gpt2_pair(_beside(path, "merges.txt", "vocab.json"), path, **choices)
    merges = choices.pop("merges", None) or _beside(path, "vocab.json", "merges.txt")
    return read_gpt2_pair(path, Path(merges), **choices)


def sniff(content: bytes, where: str) -> str:
    """The format's name; a TokenizerError that says what the file seems to be otherwise."""
    if _is_sentencepiece(content):
        return "sentencepiece"
    if content.lstrip()[:1] == b"{":
        file = parse_object(content, where)
        if file and all(type(value) is int for value in file.values()):
            return "vocab.json"  # where "model" is a word like any other
        if "model" in file:
            return "tokenizer.json"
        if is_tekken(file):
            return "tekken.json"
        hint = (
            "tokenizer_config.json names settings only" if "tokenizer_class" in file else "no `model` in it"
        )
        raise TokenizerError(
            f"{where}: JSON, but no tokenizer ({hint}); expected tokenizer.json or vocab.json"
        )
    lines = content[:4096].splitlines()[:-1] or content[:4096].splitlines()
    if lines and re.fullmatch(rb"[A-Za-z0-9+/]+={0,2} \d+", lines[0]):
        return "tiktoken"
    if lines and (lines[0].startswith(b"#version") or all(len(line.split(b" ")) == 2 for line in lines)):
        return "merges.txt"
    if _is_vocab_txt(content):
        return "vocab.txt"
    raise TokenizerError(
        f"{where}: {_guess(content)}; expected tokenizer.json, vocab.json, merges.txt, vocab.txt, a "
        "SentencePiece model or tiktoken ranks"
    )


def _is_sentencepiece(content: bytes) -> bool:
    """A protobuf that begins with a piece: field 1 (its length), in it field 1 (the length of its text)."""
    return len(content) > 4 and content[0] == content[2] == 0x0A and content[3] + 2 <= content[1] < 0x80


def _is_vocab_txt(content: bytes) -> bool:
    lines = content.splitlines()
    return b"[UNK]" in lines or (b"<unk>" in lines and any(line.startswith(b"##") for line in lines))


def _guess(content: bytes) -> str:
    if not content.strip():
        return "an empty file"
    return "no tokenizer format that is known here"


def _read_gguf(path: Path, *, native: bool = True, **choices: Any) -> Tokenizer:
    """The vocabulary in a model's GGUF file; its weights are not read."""
    if choices:
        raise TokenizerError(f"{path}: a GGUF file takes no {min(choices)!r}; it says that itself")
    try:
        metadata = GGUFFile(path).metadata
    except PackageError as error:
        raise TokenizerError(str(error)) from None
    if "tokenizer.ggml.tokens" not in metadata:
        raise TokenizerError(f"{path}: this GGUF file holds no vocabulary (tokenizer.ggml.tokens)")
    return tokenizer_from_gguf(metadata, native=native)


def read_gpt2_pair(vocab: Path, merges: Path, *, native: bool = True) -> BPETokenizer:
    """GPT-2's two files: ids in vocab.json, merges in merges.txt, and its pattern and `<|endoftext|>`."""
    entries = parse_object(read_bytes(vocab), str(vocab))
    try:
        text = read_bytes(merges).decode("utf-8")
    except UnicodeDecodeError as error:
        raise TokenizerError(f"{merges}: not UTF-8: {error}") from None
    lines = text.split("\n")  # not splitlines: U+0085 and its like may stand in a token
    pairs = [line.rstrip("\r") for line in lines if line.strip() and not line.startswith("#version")]
    added = [AddedToken(GPT2_END, entries[GPT2_END])] if type(entries.get(GPT2_END)) is int else []
    try:
        vocabulary, numbers, unreachable = read_vocabulary(entries, pairs, added)
        tokenizer = BPETokenizer(
            vocabulary,
            numbers,
            pattern="gpt2",
            special_tokens=added,
            unreachable=unreachable,
            native=native,
        )
    except TokenizerError as error:
        raise TokenizerError(f"{vocab} with {merges.name}: {error}") from None
    tokenizer.bos_id = tokenizer.eos_id = tokenizer.special_tokens.get(GPT2_END)
    return tokenizer


def file_in(folder: Path) -> Path:
    """The file of the folder that says most of its tokenizer."""
    for name in NAMES_IN_FOLDER:
        if (folder / name).is_file():
            return folder / name
    raise TokenizerError(
        f"{folder}: no tokenizer in this folder; expected one of {', '.join(NAMES_IN_FOLDER)}"
    )


def _beside(path: Path, part: str, other: str) -> Path:
    """The other file of the pair: the same name with `vocab.json` and `merges.txt` exchanged."""
    if part not in path.name:
        raise TokenizerError(
            f"{path} looks like {part}, or is no tokenizer at all; expected it under the name {part} with "
            f"{other} beside it, or another tokenizer file"
        )
    beside = path.with_name(path.name.replace(part, other))
    if beside == path or not beside.is_file():
        raise TokenizerError(
            f"{path} is one file of a pair; {path.name.replace(part, other)} is not beside it"
        )
    return beside
