"""Any package as a GGUF file: names and tensors in llama.cpp's words, quantised one at a time.

Before a weight is read, the header that is to be written is read back as a file's would be: a config that
GGUF cannot say exactly is refused here, and not found out from wrong answers later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from llmworks.errors import ConfigError, PackageError
from llmworks.gguf.writer import Planned, Progress, write_gguf
from llmworks.models.families import config_from_hf, same_network
from llmworks.packages.gguf.architecture import Architecture, Facts, Merged, Names
from llmworks.packages.gguf.presets import Traits, choose_types, preset
from llmworks.packages.gguf.rope import rope_tables
from llmworks.packages.gguf.rows_encoders import write_sentence
from llmworks.packages.gguf.table import row_of_family, row_of_file
from llmworks.packages.package import Package
from llmworks.packages.safetensors_file import shorten
from llmworks.text.gguf_vocab_writer import gguf_from_tokenizer

QUANTISATION_VERSION = 2  # of ggml's block layouts; in every file that has some


@dataclass(frozen=True)
class Exported:
    """What was written.

    n_parameters: all numbers in the file. bits: of tensor data, all told. types: how many tensors of each.
    """

    path: Path
    nbytes: int
    n_parameters: int
    bits: int
    types: dict[str, int]

    @property
    def bits_per_weight(self) -> float:
        return self.bits / max(1, self.n_parameters)


def export_gguf(
    package: Package, path: str | Path, type: str = "q8_0", *, progress: Progress | None = None
) -> Exported:
    """Write `package` as one GGUF file of the mixture `type` (see `presets.PRESETS`).

    Raises PackageError where the family, the config or a tensor cannot be said in GGUF.
    """
    wanted = preset(type)
    row = row_of_family(package.hf_config.get("model_type"))
    sources = _sources(row, package)
    shapes = {name: shape for name, (shape, _) in sources.items()}
    config: Any = package.config
    experts = getattr(config, "experts", None)
    heads, kv_heads = getattr(config, "n_heads", 1), getattr(config, "n_kv_heads", 1)
    traits = Traits(
        n_layers=config.n_layers,
        n_experts=0 if experts is None else experts.n_experts,
        query_group=heads // kv_heads,
        large=row.name == "llama" and config.n_layers == 80 and heads != kv_heads,
    )
    types = choose_types(shapes, wanted, traits)
    planned = [Planned(name, shapes[name], types[name], read) for name, (_, read) in sources.items()]
    metadata = _metadata(package, row, wanted.number)
    _check_readable(package, row, metadata, sources)
    target = write_gguf(path, metadata, planned, progress=progress)
    counts: dict[str, int] = {}
    for tensor in planned:
        counts[tensor.type.name] = counts.get(tensor.type.name, 0) + 1
    return Exported(
        path=target,
        nbytes=target.stat().st_size,
        n_parameters=sum(int(np.prod(tensor.shape)) for tensor in planned),
        bits=8 * sum(tensor.nbytes for tensor in planned),
        types=counts,
    )


Source = tuple[tuple[int, ...], Callable[[], Tensor]]
"""The shape that a tensor has in GGUF, and how to get it."""


def _sources(row: Architecture, package: Package) -> dict[str, Source]:
    """GGUF name → shape and reader, in the order of the blocks."""
    found: dict[str, tuple[Names, dict[int | None, str]]] = {}
    strange = []
    tied = bool(getattr(package.config, "tie_embeddings", False))
    merged: dict[str, Source] = {}
    for name in package.weights:
        several = row.merged_into(name)
        if several is not None:
            merged |= _parts(package, *several, name)
            continue
        match = row.gguf_name(name)
        if match is None:
            if not row.is_skipped(name):
                strange.append(name)
            continue
        names, gguf, expert = match
        if gguf == "output.weight" and tied:  # a second copy of the embedding
            continue
        found.setdefault(gguf, (names, {}))[1][expert] = name
    if strange:
        raise PackageError(f"GGUF has no name for {shorten(strange)} in a {row.name} model.")
    sources: dict[str, Source] = {}
    for gguf in sorted([*found, *merged], key=_place):
        if gguf in merged:
            sources[gguf] = merged[gguf]
            continue
        names, members = found[gguf]
        sources[gguf] = _source(
            package, names, [members[key] for key in sorted(members, key=lambda e: e or 0)]
        )
    for name, table in rope_tables(package.config).items():
        sources[name] = (table.shape, partial(torch.from_numpy, table))
    return sources


def _source(package: Package, names: Names, members: list[str]) -> Source:
    hf = package.hf_config

    def one(name: str) -> Tensor:
        return names.change.write(package.weights[name], hf)

    outline = names.change.write(torch.empty(package.weights.entry(members[0]).shape, device="meta"), hf)
    if "{e}" not in names.hf:
        return tuple(outline.shape), partial(one, members[0])
    stacked = (len(members), *outline.shape)
    return stacked, lambda: torch.stack([one(name) for name in members])


def _parts(package: Package, merged: Merged, parts: list[str], name: str) -> dict[str, Source]:
    """The tensors of this file that one of theirs is cut into."""
    hf = package.hf_config
    outlines = merged.split(torch.empty(package.weights.entry(name).shape, device="meta"), hf)

    def one(index: int) -> Tensor:
        return merged.split(package.weights[name], hf)[index]

    return {
        part: (tuple(outline.shape), partial(one, index))
        for index, (part, outline) in enumerate(zip(parts, outlines, strict=True))
    }


def _place(name: str) -> tuple[int, int, str]:
    """Embeddings first, then block by block, the head last."""
    if name.startswith("blk."):
        return 1, int(name.split(".")[1]), name
    return (2 if name.startswith("output") else 0), 0, name


def _metadata(package: Package, row: Architecture, file_type: int) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "general.architecture": row.name,
        "general.type": "model",
        "general.name": package.path.stem,
        "general.file_type": file_type,
        "general.quantization_version": QUANTISATION_VERSION,
    }
    metadata |= {f"{row.name}.{key}": value for key, value in row.write(package.config).items()}
    metadata |= {f"{row.name}.{key}": value for key, value in write_sentence(package.sentence).items()}
    metadata |= _vocabulary(package)
    generation = package.generation
    for ours, theirs in (("temperature", "temp"), ("top_k", "top_k"), ("top_p", "top_p"), ("min_p", "min_p")):
        value = getattr(generation, ours)
        if value is not None:
            metadata[f"general.sampling.{theirs}"] = value
    if package.chat_template is not None:
        metadata["tokenizer.chat_template"] = package.chat_template.source
    return metadata


def _vocabulary(package: Package) -> dict[str, Any]:
    """The tokenizer as llama.cpp has it, padded to the rows of the embedding, and the boundary tokens."""
    if package.tokenizer is None:
        return {"tokenizer.ggml.model": "no_vocab"}
    said = dict(gguf_from_tokenizer(package.tokenizer))
    tokens, rows = list(said["tokenizer.ggml.tokens"]), package.config.vocab_size
    spare = range(len(tokens), rows)
    said["tokenizer.ggml.tokens"] = [*tokens, *(f"[PAD{id}]" for id in spare)]
    for key, filler in (("tokenizer.ggml.token_type", 5), ("tokenizer.ggml.scores", -1000.0)):  # 5: unused
        if key in said:
            values = np.asarray(said[key])
            said[key] = np.concatenate([values, np.full(len(spare), filler, values.dtype)])
    generation = package.generation
    if generation.bos_id is not None:
        said["tokenizer.ggml.bos_token_id"] = generation.bos_id
    if generation.eos_ids:
        said["tokenizer.ggml.eos_token_id"] = generation.eos_ids[0]
        if len(generation.eos_ids) > 1:
            said["tokenizer.ggml.eot_token_id"] = generation.eos_ids[1]
    if generation.pad_id is not None:
        said["tokenizer.ggml.padding_token_id"] = generation.pad_id
    return said


def _check_readable(
    package: Package, row: Architecture, metadata: Mapping[str, Any], sources: Mapping[str, Source]
) -> None:
    """Would a reader of this header build the same network?"""

    def numbers(name: str) -> npt.NDArray[np.float32]:
        return sources[name][1]().numpy()

    as_read = {
        key: np.float32(value).item() if isinstance(value, float) else value
        for key, value in metadata.items()
    }
    facts = Facts(
        "the file to be written", as_read, {name: shape for name, (shape, _) in sources.items()}, numbers
    )
    try:
        read_as = row_of_file(facts)
        said = {"model_type": read_as.model_type, "architectures": [read_as.class_name]}
        names = [found[1] for name in sources if (found := read_as.hf_name(name)) is not None]
        back = config_from_hf(said | read_as.read(facts), names)
    except ConfigError as error:
        raise PackageError(f"GGUF cannot say this model exactly: {error}") from None
    kept = package.config.model_copy(update=dict(row.dropped))
    if same_network(back, kept):
        return
    ours, theirs = kept.model_dump(), back.model_dump()
    differ = [f"{key} {ours[key]!r:.60} would be read as {theirs.get(key)!r:.60}" for key in ours
              if ours[key] != theirs.get(key)]  # fmt: skip
    raise PackageError(f"GGUF cannot say this {row.model_type} model exactly: {'; '.join(differ)}.")
