"""Package: a whole model on disk, every part checked against the others before it is used.

    config.json ─────── names and shapes ──────► model.safetensors (or shards with an index)
         └── rows of the embedding ◄── ids ───── tokenizer.json ◄── names ── tokenizer_config.json
                                                      ▲  ▲
             generation_config.json ── ids ───────────┘  └── control strings ── chat_template.jinja

A GGUF file is the same in one (`gguf/`). The layout is Hugging Face's: a folder that `transformers` saves
loads here, and one that `save_package` writes loads there. Loading reads headers only; the weights are read
by `load_model`.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from llmworks.errors import ConfigError, LLMWorksError, PackageError
from llmworks.models.context import extended
from llmworks.models.families import config_from_hf, is_foreign, needs_numbers, state_from_hf
from llmworks.models.foreign import ForeignModel
from llmworks.models.foreign_config import ForeignConfig, foreign_config
from llmworks.models.networks import AnyConfig, Network, network_class
from llmworks.models.recurrent import MambaConfig
from llmworks.models.rnn import RecurrentConfig
from llmworks.packages import registry
from llmworks.packages.adapters import is_adapter, refuse_adapter
from llmworks.packages.bundled import bundled_path, list_bundled, list_steps, single_gguf
from llmworks.packages.chat import ChatTemplate
from llmworks.packages.chat_files import read_template_sources
from llmworks.packages.generation import GenerationDefaults
from llmworks.packages.hub import download, looks_like_hub_name
from llmworks.packages.json_file import read_object, read_text
from llmworks.packages.quantised import unpacked
from llmworks.packages.safetensors_file import WeightSource, open_weights, refuse_pickles
from llmworks.packages.sentence import SentenceSettings, read_sentence_settings
from llmworks.text.formats import NAMES_IN_FOLDER
from llmworks.text.tokenizer import Tokenizer

SPECIAL_NAMES = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")

EXACT = "e_score_correction_bias"
"""Stays float32 in a model of any type: DeepSeek-V3's correction decides between nearly equal scores."""

MAX_CONTEXT = 2**26
MAX_PADDING_ROWS = 1024


class Package:
    """A model on disk: config, tokenizer, chat template, generation defaults, card; weights when asked for.

    Attributes:
        path: the folder.
        config: the network's shape.
        tokenizer: None if the package brings none.
        chat_template: None if the model only completes text.
        generation: how its authors want it run.
        card: README.md, "" if there is none.
        notes: what is unusual but sound, in words for a person.
        specials: control tokens by their part ("mask_token": "[MASK]").
        sentence: how vectors of texts are made, where the package says it.
        trusted: whether code that the folder brings may run.
        foreign: the sizes of a family outside the table, which transformers runs.
    """

    def __init__(
        self,
        path: Path,
        hf_config: Mapping[str, Any],
        config: AnyConfig,
        weights: WeightSource,
        tokenizer: Tokenizer | None,
        chat_template: ChatTemplate | None,
        generation: GenerationDefaults,
        card: str,
        notes: list[str],
        specials: Mapping[str, str] | None = None,
        sentence: SentenceSettings | None = None,
    ) -> None:
        self.path = path
        self.config = config
        self.tokenizer = tokenizer
        self.chat_template = chat_template
        self.generation = generation
        self.card = card
        self.notes = notes
        self.specials = dict(specials or {})
        self.sentence = sentence
        self.trusted = False
        self.foreign: ForeignConfig | None = None
        self._hf_config = hf_config
        self._weights = weights

    @classmethod
    def load(cls, name_or_path: str | Path, *, trust_remote_code: bool = False) -> Package:
        """Open a folder, a GGUF file, a model that is here by its name, or a Hub model by "owner/name".

        A family outside the table opens through transformers, if that is installed; `trust_remote_code` lets
        it run code that the folder itself brings. Raises PackageError, saying which part does not fit which
        other, where, and what to do.
        """
        return _open(locate(name_or_path), trust_remote_code)

    def load_model(
        self, *, dtype: torch.dtype | None = torch.float32, device: str | torch.device = "cpu"
    ) -> Network:
        """The network with its weights in `dtype` (None: as stored). Warns of weights that are not finite."""

        if self.foreign is not None:
            foreign: Any = self._load_foreign(self.foreign, dtype, device)
            return foreign  # type: ignore[no-any-return]

        def read(name: str) -> Tensor:
            stored = self._weights[name]
            # A copy: the model must live on when the file is replaced or the folder deleted.
            wanted = dtype if dtype is None or not name.endswith(EXACT) else torch.float32
            return stored.to(device=device, dtype=wanted or stored.dtype, copy=True)

        state = state_from_hf(self._hf_config, read, list(self._weights))
        _warn_of_non_finite(self.path, state)
        model: Network = network_class(self.config).from_state(self.config, state)
        return model.to(device).eval()

    def _load_foreign(
        self, config: ForeignConfig, dtype: torch.dtype | None, device: str | torch.device
    ) -> Any:  # with the face of a Decoder
        """The model as transformers runs it; the notes then tell what of it cannot be reached."""
        stored = sum(_elements(self._weights.entry(name).shape) for name in self._weights)
        model = ForeignModel.from_folder(
            self.path, config, dtype=dtype, device=device, stored=stored, trust_remote_code=self.trusted
        )
        reasons = "; ".join(f"{address}: {why}" for address, why in model.unreachable().items())
        note = f"run by transformers ({config.family}); not reachable: {reasons}"
        self.notes = [*(old for old in self.notes if not old.startswith("run by transformers")), note]
        return model

    def extended(
        self, kind: str | None, factor: float | None = None, *, max_length: int | None = None, **more: Any
    ) -> Package:
        """The same weights under a longer context; arguments as in `models.context.extended`."""
        longer = copy.copy(self)
        longer.config = extended(self.config, kind, factor, max_length=max_length, **more)
        longer.notes = [
            *self.notes,
            f"context extended to {longer.config.max_length:,} tokens ({kind or 'as it is'})",
        ]
        return longer

    @property
    def hf_config(self) -> Mapping[str, Any]:
        """The config in Hugging Face's words."""
        return self._hf_config

    @property
    def weights(self) -> WeightSource:
        """The tensors under their Hugging Face names, read when asked for."""
        return self._weights

    def __repr__(self) -> str:
        return f"Package({str(self.path)!r})"


def locate(name_or_path: str | Path) -> Path:
    """The folder that a name or a path means; a Hub name is downloaded into the Hub's cache first."""
    name, path = str(name_or_path), Path(name_or_path).expanduser()
    if not name.strip() or "\0" in name:
        raise PackageError(
            "no model was named. Give a folder, a GGUF file, a name of `llmworks models`, or owner/name."
        )
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except OSError as error:  # a name longer than the file system takes, …
        raise PackageError(f"{name[:80]!r} is no path that can be read: {error.strerror or error}.") from None
    if exists and not is_folder and _is_gguf(path):
        return path
    bundled = bundled_path(name)
    if bundled is not None and not (path / "config.json").exists():
        return single_gguf(bundled) or bundled
    if is_folder:
        return single_gguf(path) or path
    if exists:
        refuse_pickles(path)
        raise PackageError(
            f"{path} is a single file. Expected a .gguf file, or a folder with config.json and *.safetensors"
            + ("; name the folder that it lies in." if path.suffix == ".safetensors" else ".")
        )
    record = registry.find(name)
    if record is not None:
        if not record.exists:
            raise PackageError(
                f"{name} was at {record.path}, where nothing is now. Put it back, or forget it: "
                f"`llmworks models remove {name}`."
            )
        return Path(record.path)
    if looks_like_hub_name(name):
        return download(name)
    model, at, _ = name.partition("@")
    if at and (steps := list_steps(model)):
        kept = ", ".join(map(str, steps))
        raise PackageError(f"there is no checkpoint {name!r}; {model} was kept at steps {kept}.")
    known = ", ".join([*list_bundled(), *registry.known_names()]) or "none in this installation"
    raise PackageError(
        f"there is no model {name!r}: no such folder, and not a model that is here ({known}). "
        "A model on the Hugging Face Hub is named owner/name."
    )


def _is_gguf(path: Path) -> bool:
    """By its name, or by its first bytes: the caches of other programs name files by their hash."""
    from llmworks.gguf.reader import is_gguf  # whose package builds on this module

    return path.suffix.lower() == ".gguf" or is_gguf(path)


def _open(folder: Path, trust_remote_code: bool = False) -> Package:
    """Read each part and compare it with those before it."""
    if not folder.is_dir() and _is_gguf(folder):
        from llmworks.packages.gguf.open import open_package  # which builds on this module

        return open_package(folder)
    if not (folder / "config.json").exists():
        if is_adapter(folder):
            raise refuse_adapter(folder)
        refuse_pickles(folder)
        raise PackageError(
            f"{folder} has no config.json: it is not a model package, or one whose writing was interrupted. "
            "Name the folder that holds config.json, or write the package again."
        )
    notes: list[str] = []
    hf_config: Mapping[str, Any] = read_object(folder / "config.json")
    weights: Any = open_weights(folder)
    if is_foreign(hf_config):
        foreign = foreign_config(folder, str(hf_config["model_type"]), trust_remote_code=trust_remote_code)
        notes.append(f"run by transformers ({foreign.family}): a family outside the table")
        config: Any = foreign  # with the sizes of a ModelConfig
    else:
        hf_config, weights = unpacked(hf_config, weights)
        config = check_config(folder, hf_config, weights)
        check_weights(folder, hf_config, config, weights)
    tokenizer_config = _read_optional(folder / "tokenizer_config.json")
    tokenizer = read_tokenizer(folder)
    if tokenizer is not None:
        check_vocabulary(folder, tokenizer, config, notes)
    specials = _special_tokens(folder, tokenizer_config, tokenizer)
    generation = _read_generation(folder, hf_config, config, tokenizer, specials, notes)
    package = Package(
        path=folder,
        hf_config=hf_config,
        config=config,
        weights=weights,
        tokenizer=tokenizer,
        chat_template=_read_template(folder, tokenizer_config, specials),
        generation=generation,
        card=read_text(folder / "README.md") if (folder / "README.md").exists() else "",
        notes=notes,
        specials=specials,
        sentence=read_sentence_settings(folder, config.d_model),
    )
    package.trusted = trust_remote_code
    package.foreign = config if isinstance(config, ForeignConfig) else None
    return package


def _read_optional(path: Path) -> dict[str, Any]:
    return read_object(path) if path.exists() else {}


def check_config(folder: Path, hf_config: Mapping[str, Any], weights: WeightSource) -> AnyConfig:
    try:
        config = config_from_hf(hf_config, list(weights))
    except ConfigError as error:
        raise PackageError(f"{folder}: {error}") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise PackageError(f"{folder / 'config.json'}: a value is of the wrong kind: {error}") from None
    _check_sizes(folder, config, weights)
    return config


def _check_sizes(folder: Path, config: AnyConfig, weights: WeightSource) -> None:
    """Before a network of this size is laid out: could these weights be its?"""
    stored = sum(_elements(weights.entry(name).shape) for name in weights)
    claims = {
        "n_layers": (config.n_layers, len(weights)),
        "vocab_size × d_model": (config.vocab_size * config.d_model, stored),
    }
    if isinstance(config, MambaConfig):
        claims["d_inner × (d_model + d_state)"] = (config.d_inner * (config.d_model + config.d_state), stored)
        claims["d_conv × d_inner"] = (config.d_conv * config.d_inner, stored)
    elif isinstance(config, RecurrentConfig):
        claims["gates × d_hidden × (d_model + d_hidden)"] = (
            config.d_inner * (config.d_model + config.d_hidden), stored
        )  # fmt: skip
    else:
        claims["n_heads × d_head × d_model"] = (config.n_heads * config.d_head * config.d_model, stored)
        claims["d_ff × d_model"] = (config.d_ff * config.d_model, stored)
        claims |= _expert_claims(config, stored)
    for name, (claimed, limit) in claims.items():
        if claimed > limit:
            what = "tensors" if name == "n_layers" else "numbers"
            raise PackageError(
                f"{folder / 'config.json'}: {name} is {claimed:,}, but the weights hold {limit:,} {what} in "
                "all. Config and weights are not of one model."
            )
    if config.max_length > MAX_CONTEXT:
        raise PackageError(
            f"{folder / 'config.json'}: a context of {config.max_length:,} tokens is beyond any model "
            f"(at most {MAX_CONTEXT:,} are taken). Correct max_position_embeddings."
        )


def _expert_claims(config: AnyConfig, stored: int) -> dict[str, tuple[int, int]]:
    """The same of a mixture of experts, each of which may be three tensors by itself."""
    experts = getattr(config, "experts", None)
    if experts is None:
        return {}
    count = (config.n_layers - len(experts.dense_layers)) * experts.n_experts
    return {"experts of all blocks × d_expert × d_model": (count * experts.d_expert * config.d_model, stored)}


def check_weights(
    folder: Path, hf_config: Mapping[str, Any], config: AnyConfig, weights: WeightSource
) -> None:
    """Names, shapes and types, from the headers; the numbers are read only to compare a tied head's copy."""

    def outline(name: str) -> Tensor:
        entry = weights.entry(name)
        return torch.empty(entry.shape, dtype=entry.torch_dtype, device="meta")

    read = weights.__getitem__ if needs_numbers(hf_config, weights) else outline
    try:
        state_from_hf(hf_config, read, list(weights))
    except PackageError as error:
        raise PackageError(
            f"{folder}: {error}. Fetch the package again, or write config.json and weights together."
        ) from None


def read_tokenizer(folder: Path) -> Tokenizer | None:
    """The folder's tokenizer, with the markers that its tokenizer_config.json asks for."""
    there = [name for name in NAMES_IN_FOLDER if (folder / name).exists()]
    if not there or (there == ["vocab.json"] and not (folder / "merges.txt").exists()):
        return None
    try:
        return Tokenizer.from_file(folder)
    except LLMWorksError as error:
        raise PackageError(f"the tokenizer of {folder}: {error}") from error


def check_vocabulary(folder: Path, tokenizer: Tokenizer, config: AnyConfig, notes: list[str]) -> None:
    size, rows = tokenizer.vocab_size, config.vocab_size
    if size > rows:
        raise PackageError(
            f"{folder}: the tokenizer gives ids up to {size - 1:,}, the embedding has {rows:,} rows. "
            "They are not of one model: take the tokenizer that the model was trained with."
        )
    spare = rows - size
    if spare and (rows % 8 or spare >= MAX_PADDING_ROWS):
        raise PackageError(
            f"{folder}: the embedding has {rows:,} rows, the tokenizer only {size:,} tokens. {spare:,} rows "
            f"without a token are no padding (fewer than {MAX_PADDING_ROWS:,}, up to a multiple of 8): "
            "take the tokenizer that the model was trained with."
        )
    if spare:
        notes.append(f"{spare:,} of {rows:,} embedding rows have no token (padding to a multiple of 8)")


def _special_tokens(
    folder: Path, tokenizer_config: Mapping[str, Any], tokenizer: Tokenizer | None
) -> dict[str, str]:
    """`bos_token` and its kin by text, each checked to be a token; the tokenizer's where none is named."""
    where = folder / "tokenizer_config.json"
    specials: dict[str, str] = {}
    for name in SPECIAL_NAMES:
        value = tokenizer_config.get(name)
        text = value.get("content") if isinstance(value, dict) else value
        if text is None:
            continue
        if not isinstance(text, str):
            raise PackageError(f"{where}: {name} must be a text, got {str(text)[:40]!r}.")
        if tokenizer is not None and tokenizer.token_id(text) is None:
            raise PackageError(
                f"{where}: {name} is {text!r}, which the tokenizer does not have. "
                "The two files are not of one model, or the token was never added."
            )
        specials[name] = text
    _check_added_tokens(where, tokenizer_config.get("added_tokens_decoder"), tokenizer)
    if tokenizer is not None:
        for name, id in (("bos_token", tokenizer.bos_id), ("eos_token", tokenizer.eos_id)):
            if id is not None and name not in tokenizer_config:
                specials.setdefault(name, tokenizer.decode([id]))
    return specials


def _check_added_tokens(where: Path, added: Any, tokenizer: Tokenizer | None) -> None:
    if added is None or tokenizer is None:
        return
    if not isinstance(added, dict):
        raise PackageError(f"{where}: added_tokens_decoder must map ids to tokens.")
    for key, value in added.items():
        text = value.get("content") if isinstance(value, dict) else value
        id = tokenizer.token_id(text) if isinstance(text, str) else None
        if str(id) != key:
            raise PackageError(
                f"{where}: added_tokens_decoder gives {str(text)[:40]!r} the id {key[:20]}, "
                f"the tokenizer {'has no such token' if id is None else f'the id {id}'}."
            )


def _read_generation(
    folder: Path,
    hf_config: Mapping[str, Any],
    config: AnyConfig,
    tokenizer: Tokenizer | None,
    specials: Mapping[str, str],
    notes: list[str],
) -> GenerationDefaults:
    path = folder / "generation_config.json"
    generation = GenerationDefaults.from_hf(
        _read_optional(path), hf_config, f"{path if path.exists() else folder / 'config.json'}"
    )
    named = {"bos_id": generation.bos_id, "pad_id": generation.pad_id}
    for name, id in [*named.items(), *(("eos_ids", id) for id in generation.eos_ids)]:
        if id is not None and id >= config.vocab_size:
            raise PackageError(
                f"{folder}: {name} is {id:,}, but the embedding has {config.vocab_size:,} rows (ids from 0). "
                "Correct generation_config.json and config.json."
            )
    if tokenizer is None:
        return generation
    ids = {name: tokenizer.token_id(text) for name, text in specials.items()}
    bos, eos, pad = ids.get("bos_token"), ids.get("eos_token"), ids.get("pad_token")
    if eos is not None and generation.eos_ids and eos not in generation.eos_ids:
        notes.append(
            f"tokenizer_config.json ends a text with {specials['eos_token']!r}, the generation defaults end "
            f"it with {[tokenizer.token_label(id) for id in generation.eos_ids]}; the latter hold"
        )
    return generation.model_copy(
        update={
            "bos_id": generation.bos_id if generation.bos_id is not None else bos,
            "eos_ids": generation.eos_ids or (() if eos is None else (eos,)),
            "pad_id": generation.pad_id if generation.pad_id is not None else pad,
        }
    )


def _read_template(
    folder: Path, tokenizer_config: Mapping[str, Any], specials: Mapping[str, str]
) -> ChatTemplate | None:
    found = read_template_sources(folder, tokenizer_config)
    if found is None or "default" not in found.sources:
        return None
    try:
        return ChatTemplate(found.sources["default"], specials, found.sources)
    except PackageError as error:
        raise PackageError(f"{found.where}: {error} Correct the template or remove it.") from None


def _warn_of_non_finite(folder: Path, state: Mapping[str, Tensor]) -> None:
    bad = [name for name, tensor in state.items() if tensor.numel() and not _finite(tensor)]
    if bad:
        warnings.warn(
            f"{folder}: {len(bad)} tensors hold values that are not finite, {bad[0]} first. "
            "The model will not give sensible text; its training diverged or the file is damaged.",
            stacklevel=3,
        )


def _finite(tensor: Tensor) -> bool:
    low, high = tensor.aminmax()  # NaN passes through, and no copy is made
    return bool(torch.isfinite(low) and torch.isfinite(high))


def _elements(shape: tuple[int, ...]) -> int:
    count = 1
    for extent in shape:
        count *= extent
    return count
