"""The tensors of GGUF files under their Hugging Face names, decoded when somebody asks for one.

Several files of one model (`…-00001-of-00003.gguf`) are one set of tensors; the header of the first speaks
for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from llmworks.errors import PackageError
from llmworks.gguf.dequantise import dequantise
from llmworks.gguf.reader import GGUFFile, StoredTensor
from llmworks.packages.gguf.architecture import Architecture, Merged
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


Join = Callable[[list[Tensor], Mapping[str, Any]], Tensor]


@dataclass(frozen=True)
class Home:
    """Where a Hugging Face tensor comes from: the stored ones it is made of, and how."""

    members: tuple[tuple[GGUFFile, StoredTensor], ...]
    expert: int | None
    join: Join

    @property
    def dtype(self) -> torch.dtype:
        kinds = {stored.type.name for _, stored in self.members}
        return DTYPES.get(kinds.pop(), torch.float32) if len(kinds) == 1 else torch.float32

    def shapes(self) -> list[tuple[int, ...]]:
        return [stored.shape if self.expert is None else stored.shape[1:] for _, stored in self.members]

    def raw(self, file: GGUFFile, stored: StoredTensor) -> npt.NDArray[np.uint8]:
        whole = file.raw(stored.name)
        if self.expert is None:
            return whole
        each = stored.nbytes // stored.shape[0]
        return whole[self.expert * each : (self.expert + 1) * each]

    def numbers(self) -> list[Tensor]:
        """Each stored tensor, decoded."""
        tensors = []
        for (file, stored), shape in zip(self.members, self.shapes(), strict=True):
            raw, dtype = self.raw(file, stored), DTYPES.get(stored.type.name)
            if dtype is None:
                flat = torch.from_numpy(dequantise(stored.type, raw))
            else:
                flat = torch.frombuffer(bytearray(raw.tobytes()), dtype=dtype)
            tensors.append(flat.view(shape))
        return tensors


class GGUFWeights(Mapping[str, Tensor]):
    """Hugging Face name → tensor. F32, F16 and BF16 keep their type; what is quantised comes as float32."""

    def __init__(self, files: list[GGUFFile], row: Architecture, hf_config: Mapping[str, Any]) -> None:
        self.files, self._row, self._hf = files, row, hf_config
        self._home: dict[str, Home] = {}
        self._parts: dict[str, tuple[Merged, dict[int, tuple[GGUFFile, StoredTensor]]]] = {}
        seen: set[str] = set()
        strange = []
        for file in files:
            for stored in file.tensors.values():
                if stored.name in seen:
                    raise PackageError(
                        f"the tensor {stored.name!r} is in two of the files of {files[0].path}."
                    )
                seen.add(stored.name)
                if not self._add(file, stored) and stored.name not in row.ignored:
                    strange.append(stored.name)
        if strange:
            raise PackageError(
                f"{files[0].path}: a {row.name} model has no {shorten(strange)}: the file is of a variant "
                "that is not known here."
            )
        self._join_parts()

    def _add(self, file: GGUFFile, stored: StoredTensor) -> bool:
        """Whether the tensor has a place in this architecture."""
        part = self._row.merged_from(stored.name)
        if part is not None:
            merged, index, name = part
            self._parts.setdefault(name, (merged, {}))[1][index] = (file, stored)
            return True
        found = self._row.hf_name(stored.name)
        if found is None:
            return False
        names, name = found

        def join(tensors: list[Tensor], hf: Mapping[str, Any]) -> Tensor:
            return names.change.read(tensors[0], hf)

        if "{e}" not in name:
            self._home[name] = Home(((file, stored),), None, join)
            return True
        experts = stored.shape[0] if len(stored.shape) > 1 else 0
        if not 0 < experts <= MAX_EXPERTS:
            raise PackageError(f"{file.path}: {stored.name} has no first dimension of experts.")
        for expert in range(experts):
            self._home[name.replace("{e}", str(expert))] = Home(((file, stored),), expert, join)
        return True

    def _join_parts(self) -> None:
        for name, (merged, found) in self._parts.items():
            if len(found) < len(merged.gguf):
                raise PackageError(
                    f"{self.files[0].path} holds only a part of {name}: {next(iter(found.values()))[1].name}."
                )
            self._home[name] = Home(tuple(found[i] for i in range(len(found))), None, merged.join)

    def entry(self, name: str) -> Entry:
        home = self._home[name]
        outline = self._changed(home, [torch.empty(shape, device="meta") for shape in home.shapes()])
        return Entry(name, tuple(outline.shape), home.dtype)

    def __getitem__(self, name: str) -> Tensor:
        home = self._home[name]
        return self._changed(home, home.numbers()).to(home.dtype).contiguous()

    def _changed(self, home: Home, tensors: list[Tensor]) -> Tensor:
        try:
            return home.join(tensors, self._hf)
        except (RuntimeError, KeyError, TypeError, ValueError, IndexError, ZeroDivisionError):
            stored = home.members[0][1]
            raise PackageError(
                f"{self.files[0].path}: {stored.name} has shape {list(stored.shape)}, which does not fit the "
                f"{self._row.name} model that the metadata describes."
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._home)

    def __len__(self) -> int:
        return len(self._home)
