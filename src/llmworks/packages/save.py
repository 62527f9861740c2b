"""Write a package: the folder that `Package.load` and `transformers` read.

    new name        .NAME.saving-…/  ──all files, synced──►  rename to NAME
    existing folder NAME/.saving-…/  ──all files, synced──►  config.json off, files moved in, config.json last

A folder without config.json is no package, so a save that is killed leaves either the old one, none, or the
new one, never a mixture that loads. Files that are not a package's (a training run's) are left alone.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from llmworks.errors import LLMWorksError, PackageError, TokenizerError
from llmworks.models.encoder import Encoder
from llmworks.models.families import config_to_hf, state_to_hf
from llmworks.models.networks import Network
from llmworks.packages.chat import ChatTemplate
from llmworks.packages.generation import GenerationDefaults
from llmworks.packages.json_file import dump
from llmworks.packages.package import Package
from llmworks.packages.safetensors_file import INDEX_FILE, SINGLE_FILE
from llmworks.packages.sentence import SentenceSettings, write_sentence_settings
from llmworks.text.formats import EXACT_FILE
from llmworks.text.sentencepiece import SentencePieceTokenizer
from llmworks.text.tokenizer import Tokenizer

MAX_SHARD_BYTES = 5 * 10**9

_WEIGHTS = re.compile(r"model(-\d+-of-\d+)?\.safetensors(\.index\.json)?")
TASKS = {
    "none": "feature-extraction", "mlm": "fill-mask", "sequence": "text-classification",
    "token": "token-classification",
}  # fmt: skip
_MODULE = re.compile(r"\d+_(Pooling|Dense|Normalize)")
_PARTS = frozenset(
    [
        *("tokenizer.json", "tokenizer_config.json", "generation_config.json", "chat_template.jinja"),
        "chat_template.json",
        *("modules.json", "sentence_bert_config.json", "config_sentence_transformers.json"),
        # what an older package may hold beside them, and what would contradict the new one
        *("vocab.json", "merges.txt", "special_tokens_map.json", "added_tokens.json", "tokenizer.model"),
        "README.md",
    ]
)


def save_package(
    path: str | Path,
    model: Network,
    tokenizer: Tokenizer | None,
    *,
    chat_template: ChatTemplate | None = None,
    generation: GenerationDefaults | None = None,
    sentence: SentenceSettings | None = None,
    card: str = "",
    dtype: torch.dtype | None = None,
    max_shard_bytes: int = MAX_SHARD_BYTES,
) -> Path:
    """Write `model` and what belongs to it as a Hugging Face folder; returns the folder.

    Args:
        path: a new folder, or an existing one whose package (if any) is replaced.
        tokenizer: None for a model that works on ids. SentencePiece's is saved as tokenizer.model, which
            `Package.load` reads back exactly; the tokenizer.json beside it is for other programs, as close as
            that format comes, and left out where it has no such model. Any other is tokenizer.json alone.
        chat_template: with it, the control token that closes a turn also ends a generation.
        generation: defaults; boundary tokens that it leaves out are taken from the tokenizer.
        sentence: how vectors of texts are made, for what embeds.
        card: README.md; a front matter is put before it where it has none.
        dtype: of the weights on disk; None keeps the model's.
        max_shard_bytes: weights above this are split into several files.

    Raises PackageError if the parts do not fit each other or the folder cannot be written.
    """
    target = Path(path).expanduser()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        inside = target.is_dir()
        _remove_leftovers(target)
        staging = Path(
            tempfile.mkdtemp(prefix=".saving-", dir=target)
            if inside
            else tempfile.mkdtemp(prefix=f".{target.name}.saving-", dir=target.parent)
        )
        try:
            _write(staging, model, tokenizer, chat_template, generation, card, dtype, max_shard_bytes)
            if sentence is not None:
                write_sentence_settings(staging, sentence, model.config.d_model)
            Package.load(staging)  # what could not be loaded is not saved
            _sync(staging)
            if inside:
                _move_in(staging, target)
            else:
                staging.chmod(0o755)  # mkdtemp's folder is its owner's alone
                staging.rename(target)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise PackageError(f"the package {target} cannot be written: {error.strerror or error}.") from error
    return target


def _write(
    folder: Path,
    model: Network,
    tokenizer: Tokenizer | None,
    template: ChatTemplate | None,
    generation: GenerationDefaults | None,
    card: str,
    dtype: torch.dtype | None,
    max_shard_bytes: int,
) -> None:
    state = state_to_hf(model)
    if dtype is not None:
        state = {name: tensor.to(dtype) for name, tensor in state.items()}
    _write_weights(folder, state, max_shard_bytes)
    defaults = _complete(generation or GenerationDefaults(), tokenizer, template)
    ids = defaults.to_hf()
    hf_config = config_to_hf(model.config) | {
        "dtype": str(next(iter(state.values())).dtype).removeprefix("torch.")
    }
    boundaries = {name: ids.get(name) for name in ("bos_token_id", "eos_token_id", "pad_token_id")}
    hf_config |= {name: id for name, id in boundaries.items() if id is not None or name not in hf_config}
    if isinstance(model, Encoder):  # whose padding is a part of the network
        hf_config["pad_token_id"] = model.config.pad_id
    texts = {"config.json": dump(hf_config), "generation_config.json": dump(ids)}
    if tokenizer is not None:
        tokenizer_config = _tokenizer_config(tokenizer, model.config.max_length, defaults)
        if type(tokenizer) is SentencePieceTokenizer:  # its kin from GGUF files cuts by other rules
            (folder / "tokenizer.model").write_bytes(tokenizer.to_model_file())
            tokenizer_config |= {EXACT_FILE: "tokenizer.model", "add_bos_token": tokenizer.add_bos}
        with contextlib.suppress(*_no_json(folder)):
            texts["tokenizer.json"] = tokenizer.to_json()
        if isinstance(model, Encoder):
            tokenizer_config |= _encoder_tokens(tokenizer, model.config.pad_id)
        if template is not None and template.named:  # several: only tokenizer_config.json holds a list
            sources = {"default": template.source, **template.named}
            tokenizer_config["chat_template"] = [
                {"name": name, "template": source} for name, source in sources.items()
            ]
        texts["tokenizer_config.json"] = dump(tokenizer_config)
    if template is not None and not (template.named and tokenizer is not None):
        texts["chat_template.jinja"] = template.source
    task = TASKS[model.config.head] if isinstance(model, Encoder) else "text-generation"
    chat = template is not None
    texts["README.md"] = with_front_matter(card, hf_config["model_type"], chat=chat, task=task)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _no_json(folder: Path) -> tuple[type[LLMWorksError], ...]:
    """A tokenizer that tokenizer.json cannot say is an error, unless its own file is there."""
    return (TokenizerError,) if (folder / "tokenizer.model").exists() else ()


def _write_weights(folder: Path, state: Mapping[str, Tensor], max_shard_bytes: int) -> None:
    shards = list(_shards(state, max_shard_bytes))
    if len(shards) == 1:
        _write_shard(folder / SINGLE_FILE, shards[0])
        return
    weight_map: dict[str, str] = {}
    for number, shard in enumerate(shards, 1):
        name = f"model-{number:05d}-of-{len(shards):05d}.safetensors"
        _write_shard(folder / name, shard)
        weight_map |= dict.fromkeys(shard, name)
    total = sum(tensor.nbytes for tensor in state.values())
    index = {"metadata": {"total_size": total}, "weight_map": weight_map}
    (folder / INDEX_FILE).write_text(dump(index), encoding="utf-8")


def _write_shard(path: Path, tensors: dict[str, Tensor]) -> None:
    """One safetensors file, readable by whoever may read the others; the library makes it private."""
    path.touch()
    mode = path.stat().st_mode
    save_file(tensors, path, metadata={"format": "pt"})
    path.chmod(mode)


def _shards(state: Mapping[str, Tensor], max_bytes: int) -> Iterator[dict[str, Tensor]]:
    """Tensors in order, as many a shard as fit; one that is larger than a shard has one for itself."""
    if max_bytes <= 0:
        raise PackageError(f"max_shard_bytes must be positive, got {max_bytes}.")
    shard: dict[str, Tensor] = {}
    size = 0
    for name, tensor in state.items():
        if shard and size + tensor.nbytes > max_bytes:
            yield shard
            shard, size = {}, 0
        shard[name] = tensor.detach().cpu().contiguous()
        size += tensor.nbytes
    yield shard


def _complete(
    generation: GenerationDefaults, tokenizer: Tokenizer | None, template: ChatTemplate | None
) -> GenerationDefaults:
    """The boundary tokens filled in: the tokenizer's own, and the one that closes a turn of the template."""
    if tokenizer is None:
        return generation
    update: dict[str, Any] = {}
    if generation.bos_id is None:
        update["bos_id"] = _boundary(tokenizer, tokenizer.bos_id)
    if not generation.eos_ids:
        eos = _boundary(tokenizer, tokenizer.eos_id)
        turn = template.closing_id(tokenizer) if template is not None else None
        update["eos_ids"] = tuple(dict.fromkeys(id for id in (turn, eos) if id is not None))
    if generation.pad_id is None:
        update["pad_id"] = tokenizer.special_tokens.get("<|pad|>", _boundary(tokenizer, tokenizer.eos_id))
    return generation.model_copy(update=update)


def _boundary(tokenizer: Tokenizer, id: int | None) -> int | None:
    return tokenizer.special_tokens.get("<|endoftext|>") if id is None else id


def _tokenizer_config(
    tokenizer: Tokenizer, max_length: int, generation: GenerationDefaults
) -> dict[str, Any]:
    named = {
        "bos_token": generation.bos_id,
        "eos_token": next(iter(generation.eos_ids), None),
        "pad_token": generation.pad_id,
    }
    tokens = {name: tokenizer.decode([id]) for name, id in named.items() if id is not None}
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": max_length,
        "clean_up_tokenization_spaces": False,
        **tokens,
    }


def _encoder_tokens(tokenizer: Tokenizer, pad_id: int | None) -> dict[str, str]:
    """The markers that readers of an encoder ask for by their part, in BERT's writing or RoBERTa's."""
    writings = {
        "cls_token": ("[CLS]", "<s>"), "sep_token": ("[SEP]", "</s>"), "mask_token": ("[MASK]", "<mask>"),
        "unk_token": ("[UNK]", "<unk>"),
    }  # fmt: skip
    known = tokenizer.special_tokens
    named = {part: next((text for text in texts if text in known), None) for part, texts in writings.items()}
    named["pad_token"] = next((text for text, id in known.items() if id == pad_id), None)
    return {part: text for part, text in named.items() if text is not None}


def with_front_matter(card: str, model_type: str, *, chat: bool, task: str = "text-generation") -> str:
    """The card with the few lines before it by which the Hub sorts models."""
    if card.startswith("---\n"):
        return card
    library = "llmworks" if model_type.startswith("llmworks") else "transformers"
    tags = ["llmworks", *(["conversational"] if chat else [])]
    lines = ["---", f"library_name: {library}", f"pipeline_tag: {task}", "tags:"]
    lines += [f"- {tag}" for tag in tags] + ["---", ""]
    return "\n".join(lines) + ("\n" + card if card else "")


def _sync(folder: Path) -> None:
    """Have the files on the disk, not only in its cache, before they get their name."""
    for path in [*folder.rglob("*"), folder]:
        if path.is_dir() and os.name == "nt":
            continue  # Windows cannot sync a folder
        handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _move_in(staging: Path, target: Path) -> None:
    """Replace the package in `target`: without config.json from the first change to the last."""
    (target / "config.json").unlink(missing_ok=True)
    for old in list(target.iterdir()):
        if old.is_dir() and _MODULE.fullmatch(old.name):
            shutil.rmtree(old)
        if old.is_file() and (_WEIGHTS.fullmatch(old.name) or old.name in _PARTS):
            old.unlink()
    for new in sorted(staging.iterdir(), key=lambda path: path.name == "config.json"):
        os.replace(new, target / new.name)


def _remove_leftovers(target: Path) -> None:
    """What killed saves left behind. Two processes do not save to one place at one time."""
    for old in [*target.parent.glob(f".{target.name}.saving-*"), *target.glob(".saving-*")]:
        shutil.rmtree(old, ignore_errors=True)
