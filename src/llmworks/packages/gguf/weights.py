"""The tensors of GGUF files under their Hugging Face names, decoded when somebody asks for one.

Several files of one model (`…-00001-of-00003.gguf`) are one set of tensors; the header of the first speaks
for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from llmworks.errors import PackageError
from llmworks.packages.gguf.architecture import Architecture, Names
from llmworks.packages.gguf.dequantise import dequantise
from llmworks.packages.gguf.reader import GGUFFile, StoredTensor
from llmworks.packages.safetensors_file import shorten

SPLIT = re.compile(r"(.*)-(\d{5})-of-(\d{5})\.gguf")
DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "F64": torch.float64}
MAX_EXPERTS = 65_536


def open_files(path: Path) -> list[GGUFFile]:
    """The file, or all files of the split model that it belongs to; the first comes first."""
    first = GGUFFile(path)
    count = first.metadata.get("split.count", 1)
    if not isinstance(count, int) or count <= 1:
        return [first]
    found = SPLIT.fullmatch(path.name)
    if found is None or int(found[3]) != count:
        raise PackageError(
            f"{path} is one of {count} files of a split model, and its name does not say which. "
            f"Expected NAME-00001-of-{count:05d}.gguf."
        )
    files = []
    for number in range(1, count + 1):
        part = path.with_name(f"{found[1]}-{number:05d}-of-{count:05d}.gguf")
        if not part.exists():
            raise PackageError(f"{path} is one of {count} files; {part.name} is not beside it. Fetch it too.")
        files.append(GGUFFile(part))
        if files[-1].metadata.get("split.no") != number - 1:
            raise PackageError(f"{part} says that it is another part (split.no) than its name says.")
    expected = files[0].metadata.get("split.tensors.count")
    held = sum(len(file.tensors) for file in files)
    if expected is not None and expected != held:
        raise PackageError(f"{files[0].path} announces {expected} tensors, the {count} files hold {held}.")
    return files


@dataclass(frozen=True)
class Entry:
    """What a header says of a tensor under its Hugging Face name."""

    name: str
    shape: tuple[int, ...]
    torch_dtype: torch.dtype
    nbytes: int
    stored: StoredTensor


class GGUFWeights(Mapping[str, Tensor]):
    """Hugging Face name → tensor. F32, F16 and BF16 keep their type; what is quantised comes as float32."""

    def __init__(self, files: list[GGUFFile], row: Architecture, hf_config: Mapping[str, Any]) -> None:
        self.files, self._row, self._hf = files, row, hf_config
        self._home: dict[str, tuple[GGUFFile, StoredTensor, Names, int | None]] = {}
        seen: set[str] = set()
        strange = []
        for file in files:
            for stored in file.tensors.values():
                if stored.name in seen:
                    raise PackageError(
                        f"the tensor {stored.name!r} is in two of the files of {files[0].path}."
                    )
                seen.add(stored.name)
                found = row.hf_name(stored.name)
                if found is not None:
                    self._add(file, stored, *found)
                elif stored.name not in row.ignored:
                    strange.append(stored.name)
        if strange:
            raise PackageError(
                f"{files[0].path}: a {row.name} model has no {shorten(strange)}: the file is of a variant "
                "that is not known here."
            )

    def _add(self, file: GGUFFile, stored: StoredTensor, names: Names, name: str) -> None:
        if "{e}" not in name:
            self._home[name] = (file, stored, names, None)
            return
        experts = stored.shape[0] if len(stored.shape) > 1 else 0
        if not 0 < experts <= MAX_EXPERTS:
            raise PackageError(f"{file.path}: {stored.name} has no first dimension of experts.")
        for expert in range(experts):
            self._home[name.replace("{e}", str(expert))] = (file, stored, names, expert)

    def entry(self, name: str) -> Entry:
        _, stored, names, expert = self._home[name]
        shape = stored.shape if expert is None else stored.shape[1:]
        try:
            outline = names.change.read(torch.empty(shape, device="meta"), self._hf)
        except (RuntimeError, KeyError, TypeError, ValueError, IndexError, ZeroDivisionError):
            raise self._misshapen(stored) from None
        dtype = DTYPES.get(stored.type.name, torch.float32)
        nbytes = stored.nbytes if expert is None else stored.nbytes // stored.shape[0]
        return Entry(name, tuple(outline.shape), dtype, nbytes, stored)

    def _misshapen(self, stored: StoredTensor) -> PackageError:
        return PackageError(
            f"{self.files[0].path}: {stored.name} has shape {list(stored.shape)}, which does not fit the "
            f"{self._row.name} model that the metadata describes."
        )

    def __getitem__(self, name: str) -> Tensor:
        file, stored, names, expert = self._home[name]
        raw, shape = file.raw(stored.name), stored.shape
        if expert is not None:
            each = stored.nbytes // shape[0]
            raw, shape = raw[expert * each : (expert + 1) * each], shape[1:]
        dtype = DTYPES.get(stored.type.name)
        if dtype is None:
            tensor = torch.from_numpy(dequantise(stored.type, raw))
        else:
            tensor = torch.frombuffer(bytearray(raw.tobytes()), dtype=dtype)
        try:
            changed = names.change.read(tensor.view(shape), self._hf)
        except (RuntimeError, KeyError, TypeError, ValueError, IndexError, ZeroDivisionError):
            raise self._misshapen(stored) from None
        return changed.to(dtype or torch.float32).contiguous()

    def __iter__(self) -> Iterator[str]:
        return iter(self._home)

    def __len__(self) -> int:
        return len(self._home)
