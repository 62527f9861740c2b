"""A GGUF file as a package: config, weights, tokenizer, template and defaults, each checked as in a folder.

llmworks.load("model.gguf")          Package.load("model.gguf")          read_header("model.gguf")
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmworks.errors import LLMWorksError, PackageError
from llmworks.gguf.dequantise import dequantise
from llmworks.gguf.reader import GGUFFile, StoredTensor
from llmworks.models.encoder_config import EncoderConfig
from llmworks.packages.bundled import single_gguf
from llmworks.packages.chat import ChatTemplate
from llmworks.packages.generation import GenerationDefaults
from llmworks.packages.gguf.architecture import Facts, shortest
from llmworks.packages.gguf.rows_encoders import read_sentence
from llmworks.packages.gguf.table import row_of_file
from llmworks.packages.gguf.weights import GGUFWeights, open_files
from llmworks.packages.json_file import read_text
from llmworks.packages.package import Package, check_config, check_vocabulary, check_weights
from llmworks.text.gguf_vocab import tokenizer_from_gguf
from llmworks.text.tokenizer import Tokenizer

VOCABULARY = "tokenizer.ggml.tokens"
MAX_TABLE = 65_536
END_KEYS = ("eos_token_id", "eot_token_id", "eom_token_id")
SPECIALS = {"bos_token": "bos", "eos_token": "eos", "unk_token": "unknown", "sep_token": "seperator",
            "pad_token": "padding", "cls_token": "cls", "mask_token": "mask"}  # fmt: skip
"""Ours → theirs, in `tokenizer.ggml.<theirs>_token_id`; the misspelling is the format's."""


@dataclass(frozen=True)
class Header:
    """What can be said of a GGUF file without reading its weights.

    hf_config: the config as Hugging Face would have it. tensors: as stored, under the file's names.
    """

    path: Path
    architecture: str
    metadata: Mapping[str, Any]
    hf_config: dict[str, Any]
    tensors: tuple[StoredTensor, ...]
    nbytes: int

    @property
    def n_parameters(self) -> int:
        return sum(stored.n_elements for stored in self.tensors)

    @property
    def bits_per_weight(self) -> float:
        """Bits of tensor data a weight, over all tensors."""
        return 8 * sum(stored.nbytes for stored in self.tensors) / max(1, self.n_parameters)


def read_header(path: str | Path) -> Header:
    """Metadata, config and tensor list of a file (of all files, if it is split); no weight is read."""
    files = open_files(Path(path))
    facts = _facts(files)
    return Header(
        path=Path(path),
        architecture=files[0].architecture,
        metadata=files[0].metadata,
        hf_config=_config(facts),
        tensors=tuple(stored for file in files for stored in file.tensors.values()),
        nbytes=sum(file.size for file in files),
    )


def _facts(files: list[GGUFFile]) -> Facts:
    tensors = {name: (file, stored) for file in files for name, stored in file.tensors.items()}

    def numbers(name: str) -> Any:
        file, stored = tensors[name]
        if stored.n_elements > MAX_TABLE:
            raise PackageError(
                f"{file.path}: {name} has {stored.n_elements:,} numbers; too many for a table."
            )
        return dequantise(stored.type, file.raw(name))

    shapes = {name: stored.shape for name, (_, stored) in tensors.items()}
    return Facts(str(files[0].path), files[0].metadata, shapes, numbers)


def _config(facts: Facts) -> dict[str, Any]:
    row = row_of_file(facts)
    hf_config: dict[str, Any] = {"model_type": row.model_type, "architectures": [row.class_name]}
    hf_config |= row.read(facts)
    for name in ("bos", "eos", "padding"):
        said = {"padding": "pad"}.get(name, name)
        hf_config[f"{said}_token_id"] = _id(facts.where, facts.metadata, f"{name}_token_id")
    return hf_config


def open_package(path: Path) -> Package:
    """The package that a GGUF file is; `Package.load` comes here."""
    files = open_files(path)
    facts = _facts(files)
    hf_config = _config(facts)
    weights = GGUFWeights(files, row_of_file(facts), hf_config)
    config = check_config(path, hf_config, weights)
    check_weights(path, hf_config, config, weights)
    notes: list[str] = []
    tokenizer = _tokenizer(path, facts.metadata)
    if tokenizer is not None:
        check_vocabulary(path, tokenizer, config, notes)
    specials = _specials(path, facts.metadata, tokenizer)
    return Package(
        path=path,
        hf_config=hf_config,
        config=config,
        weights=weights,
        tokenizer=tokenizer,
        chat_template=_template(path, facts.metadata, specials),
        generation=_generation(path, facts.metadata, config.vocab_size),
        card=_card_beside(path) or _card(facts.metadata),
        notes=notes,
        specials=specials,
        sentence=read_sentence(facts) if isinstance(config, EncoderConfig) else None,
    )


def _tokenizer(path: Path, metadata: Mapping[str, Any]) -> Tokenizer | None:
    if VOCABULARY not in metadata:
        return None
    try:
        return tokenizer_from_gguf(metadata)
    except LLMWorksError as error:
        raise PackageError(f"the tokenizer of {path}: {error}") from error


def _id(where: object, metadata: Mapping[str, Any], name: str) -> int | None:
    value = metadata.get(f"tokenizer.ggml.{name}")
    if value is None:
        return None
    if type(value) is not int or not 0 <= value < 2**32:
        raise PackageError(
            f"{where}: tokenizer.ggml.{name} is {str(value)[:40]!r}; expected a token's number."
        )
    return None if value == 2**32 - 1 else value  # which is how llama.cpp writes "none"


def _specials(path: Path, metadata: Mapping[str, Any], tokenizer: Tokenizer | None) -> dict[str, str]:
    """Control tokens by their part, as texts."""
    tokens = metadata.get(VOCABULARY)
    found: dict[str, str] = {}
    for ours, theirs in SPECIALS.items():
        id = _id(path, metadata, f"{theirs}_token_id")
        if id is not None and tokenizer is not None and tokens is not None and id < len(tokens):
            text = str(tokens[id])
            if tokenizer.token_id(text) is not None:
                found[ours] = text
    return found


def _generation(path: Path, metadata: Mapping[str, Any], rows: int) -> GenerationDefaults:
    """Boundary tokens, and the sampling that newer files suggest."""
    ends = [_id(path, metadata, name) for name in END_KEYS]
    bos, pad = _id(path, metadata, "bos_token_id"), _id(path, metadata, "padding_token_id")
    ids = [id for id in (*ends, bos, pad) if id is not None]
    if ids and max(ids) >= rows:
        raise PackageError(
            f"{path}: a boundary token is number {max(ids):,}, but the embedding has {rows:,} rows. "
            "Vocabulary and weights are not of one model."
        )
    sampling: dict[str, Any] = {}
    for ours, theirs in (("temperature", "temp"), ("top_k", "top_k"), ("top_p", "top_p"), ("min_p", "min_p")):
        value = metadata.get(f"general.sampling.{theirs}")
        if isinstance(value, int | float) and not isinstance(value, bool):
            sampling[ours] = shortest(value)
    try:
        return GenerationDefaults(
            bos_id=bos,
            eos_ids=tuple(dict.fromkeys(id for id in ends if id is not None)),
            pad_id=pad,
            **sampling,
        )
    except ValueError as error:
        raise PackageError(f"{path}: general.sampling cannot be used: {error}") from None


def _template(path: Path, metadata: Mapping[str, Any], specials: Mapping[str, str]) -> ChatTemplate | None:
    source = metadata.get("tokenizer.chat_template")
    if source is None:
        return None
    if not isinstance(source, str):
        raise PackageError(f"{path}: tokenizer.chat_template must be a text.")
    try:
        return ChatTemplate(source, specials)
    except PackageError as error:
        raise PackageError(f"{path}: {error}") from None


def _card_beside(path: Path) -> str:
    """README.md of a folder that holds this file alone."""
    page = path.parent / "README.md"
    return read_text(page) if single_gguf(path.parent) == path and page.exists() else ""


def _card(metadata: Mapping[str, Any]) -> str:
    """What `general.*` says of author, licence and source, as a page."""
    lines = []
    if isinstance(name := metadata.get("general.name"), str):
        lines += [f"# {name}", ""]
    if isinstance(text := metadata.get("general.description"), str):
        lines += [text, ""]
    for key, label in (
        ("author", "Author"), ("organization", "Organisation"), ("license", "Licence"),
        ("source.url", "Source"), ("url", "Home"), ("quantized_by", "Quantised by"),
    ):  # fmt: skip
        if isinstance(value := metadata.get(f"general.{key}"), str):
            lines.append(f"- {label}: {value}")
    return "\n".join(lines).strip() + "\n" if lines else ""
