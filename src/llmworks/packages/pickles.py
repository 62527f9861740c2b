"""Old weight files (`pytorch_model.bin`, `.pt`, `.pth`), which are pickles: turned into safetensors, once.

A pickle is a program: opening one may do anything that its writer wished. So none is ever opened on the way
to a model, and here only when a person asked for it (`--convert-pickle`), by torch's weights-only loader,
which builds tensors and nothing else. It runs in a process of its own whose memory and time are bounded by
the file's size, and sees the file only after its opcodes were read, unexecuted, and found to call nothing
but what a dictionary of tensors needs.

    FOLDER/pytorch_model.bin           → FOLDER/model.safetensors
    FOLDER/pytorch_model-*.bin, index  → FOLDER/model-*.safetensors, index
    FILE.pt                            → FILE.safetensors
"""

from __future__ import annotations

import os
import pickletools
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from llmworks.errors import LLMWorksError, PackageError
from llmworks.packages.json_file import MAX_INDEX_BYTES, dump, read_object

SINGLE, INDEX = "pytorch_model.bin", "pytorch_model.bin.index.json"
MAX_PICKLE_BYTES = 16 * 2**20
"""Of the program itself, without the numbers: a large model's names take about one."""
MAX_MEMBERS = 1_000_000
SECONDS, SECONDS_A_GB = 120, 60
SPARE_MEMORY = 12 * 2**30
"""Address space that Python and torch take by themselves; most of it is never touched."""

# What a dictionary of tensors calls. Storages are named torch.FloatStorage and the like.
CALLS = frozenset(
    {
        "collections OrderedDict",
        "torch Size",
        "torch.nn.parameter Parameter",
        "torch.storage UntypedStorage",
        "torch.serialization _get_layout",
        *(f"torch._utils _rebuild_{name}" for name in ("tensor", "tensor_v2", "parameter")),
    }
)
_STORAGE = re.compile(r"torch \w+Storage|torch (float|bfloat|int|uint|bool)\w*")
# Opcodes that name or call something otherwise than by GLOBAL and REDUCE.
REFUSED = frozenset({"STACK_GLOBAL", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "EXT1", "EXT2", "EXT4", "PERSID"})


def convert(path: str | Path) -> Path:
    """Turn the pickled weights of a folder, or one file, into safetensors beside; returns what was written.

    Raises PackageError for a file that is more than tensors, is cut off, or needs more than its bounds.
    """
    path = Path(path).expanduser()
    if path.is_dir():
        return convert_folder(path)
    if not path.is_file():
        raise PackageError(
            f"{path} does not exist. Give a folder with {SINGLE}, or one .bin, .pt or .pth file."
        )
    target = path.with_suffix(".safetensors")
    if path.name == SINGLE:
        target = path.with_name("model.safetensors")
    convert_file(path, target)
    return target


def convert_folder(folder: Path) -> Path:
    """All pickled weights of a model folder or of an adapter's."""
    for old, new in ((SINGLE, "model.safetensors"), ("adapter_model.bin", "adapter_model.safetensors")):
        if (folder / old).exists():
            convert_file(folder / old, folder / new)
            return folder / new
    if not (folder / INDEX).exists():
        raise PackageError(f"{folder} has no {SINGLE} and no {INDEX}: there is nothing to convert.")
    return convert_shards(folder)


def convert_shards(folder: Path) -> Path:
    """The shards of an index, one after another, and then the new index."""
    target = folder / "model.safetensors.index.json"
    if target.exists():
        raise PackageError(f"{target} is there already: the weights need no conversion.")
    index = read_object(folder / INDEX, MAX_INDEX_BYTES)
    homes = index.get("weight_map")
    if not isinstance(homes, dict) or not all(isinstance(home, str) for home in homes.values()) or not homes:
        raise PackageError(f"{folder / INDEX}: weight_map must give a file for each tensor.")
    shards = sorted(set(homes.values()))
    weight_map: dict[str, str] = {}
    for number, shard in enumerate(shards, 1):
        if Path(shard).name != shard or not (folder / shard).is_file():
            raise PackageError(f"{folder / INDEX}: it names {shard[:80]!r}, which is no file of this folder.")
        new = f"model-{number:05d}-of-{len(shards):05d}.safetensors"
        names = convert_file(folder / shard, folder / new, replace=True)
        promised = {name for name, home in homes.items() if home == shard}
        if set(names) != promised:
            odd = ", ".join(sorted(set(names) ^ promised)[:4])
            raise PackageError(f"{folder / shard} and its index do not hold the same tensors: {odd}.")
        weight_map |= dict.fromkeys(names, new)
    size = sum((folder / new).stat().st_size for new in set(weight_map.values()))
    target.write_text(dump({"metadata": {"total_size": size}, "weight_map": weight_map}), encoding="utf-8")
    return target


def convert_file(source: Path, target: Path, *, replace: bool = False) -> list[str]:
    """One file, in a process of its own; returns the names of its tensors."""
    if target.exists() and not replace:
        raise PackageError(f"{target} is there already: delete it first if it is to be made again.")
    check(source)
    draft = target.with_name(f".{target.name}.converting")
    limit = SECONDS + SECONDS_A_GB * source.stat().st_size // 10**9
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__, str(source), str(draft)],
            capture_output=True, timeout=limit, check=False, encoding="utf-8", errors="replace",
            env=os.environ | {"OMP_NUM_THREADS": "1", "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD": "0"},
        )  # fmt: skip
        if done.returncode != 0:
            lines = done.stderr.strip().splitlines() or [f"the process ended with status {done.returncode}"]
            raise PackageError(f"{source} was not converted: {lines[-1][:400]}")
        names = list(_names(draft))
        os.replace(draft, target)
        return names
    except subprocess.TimeoutExpired:
        raise PackageError(
            f"{source} was not converted: it took longer than {limit} s. It is not plain weights."
        ) from None
    except OSError as error:
        raise PackageError(f"{target} cannot be written: {error.strerror or error}.") from None
    finally:
        draft.unlink(missing_ok=True)


def _names(path: Path) -> Iterator[str]:
    from llmworks.packages.safetensors_file import SafetensorsFile

    yield from SafetensorsFile(path).entries


def check(path: Path) -> None:
    """Read a pickle's opcodes without running them; PackageError if it does more than hold tensors."""
    try:
        with path.open("rb") as file:
            if zipfile.is_zipfile(file):
                check_archive(path, file)
            else:
                check_legacy(path, file)
    except OSError as error:
        raise PackageError(f"{path} cannot be read: {error.strerror or error}.") from None


def check_archive(path: Path, file: IO[bytes]) -> None:
    """The format of torch ≥ 1.6: a zip archive, not compressed, with one pickle in it."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS or any(one.compress_type != zipfile.ZIP_STORED for one in members):
                raise PackageError(f"{path} is no archive as torch writes them (its members are compressed).")
            programs = [one for one in members if one.filename.endswith(".pkl")]
            if len(programs) != 1 or sum(one.file_size for one in members) > path.stat().st_size:
                raise PackageError(
                    f"{path} is no archive as torch writes them: it was damaged, or made by hand."
                )
            if programs[0].file_size > MAX_PICKLE_BYTES:
                raise too_long(path, programs[0].file_size)
            with archive.open(programs[0]) as program:
                check_program(path, program)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, RuntimeError) as error:
        raise PackageError(f"{path} is a damaged archive: {error}.") from None


def check_legacy(path: Path, file: IO[bytes]) -> None:
    """The format before: five pickles (magic number, version, machine, the object, the storages' keys)."""
    file.seek(0)
    for _ in range(5):
        check_program(path, file)
        if file.tell() > MAX_PICKLE_BYTES:
            raise too_long(path, file.tell())


def too_long(path: Path, size: int) -> PackageError:
    return PackageError(
        f"{path}: its pickle is {size:,} bytes long, without the numbers; weights need at most "
        f"{MAX_PICKLE_BYTES:,}."
    )


def check_program(path: Path, program: IO[bytes]) -> None:
    """One pickle's opcodes, up to its end."""
    begin = program.tell()
    try:
        for opcode, argument, place in pickletools.genops(program):
            if opcode.name in REFUSED:
                raise refused(path, opcode.name)
            if (
                opcode.name == "GLOBAL"
                and argument not in CALLS
                and _STORAGE.fullmatch(str(argument)) is None
            ):
                raise refused(path, str(argument).replace(" ", "."))
            if (place or 0) - begin > MAX_PICKLE_BYTES:
                raise too_long(path, (place or 0) - begin)
    except PackageError:
        raise
    except Exception as error:  # pickletools raises whatever it stumbles over
        raise PackageError(f"{path} is no pickle that can be read: {str(error)[:200]}.") from None


def refused(path: Path, what: str) -> PackageError:
    return PackageError(
        f"{path} does more than hold tensors: it calls for {what[:120]}. It was not opened, and nothing of "
        "it ran. Take the model from a source that offers safetensors."
    )


# --- in the process of its own ---------------------------------------------------------------------------


def read_tensors(path: Path) -> dict[str, Any]:
    """The tensors of a checked file by name, each with memory of its own."""
    import torch

    try:
        held = torch.load(path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path))
    except Exception as error:
        lines = str(error).splitlines() or [type(error).__name__]
        raise PackageError(f"torch's weights-only loader refuses it: {lines[0][:300]}") from None
    for key in ("state_dict", "model_state_dict", "model"):
        if isinstance(held, Mapping) and isinstance(held.get(key), Mapping):
            held = held[key]
    if not isinstance(held, Mapping) or not held:
        raise PackageError(f"it holds {type(held).__name__}, not a dictionary of tensors")
    return own_memory(held, limit=2 * path.stat().st_size)


def own_memory(held: Mapping[Any, Any], limit: int) -> dict[str, Any]:
    """Dense tensors that share no memory, as safetensors wants them; a tied one is written under both names.

    limit: bytes of all together. A file may hold a few numbers and claim, by strides of 0, to be a terabyte.
    """
    import torch

    total, out, seen = 0, {}, set()
    for name, tensor in held.items():
        if not isinstance(name, str) or not isinstance(tensor, torch.Tensor):
            raise PackageError(f"{str(name)[:80]!r} is {type(tensor).__name__}, not a tensor")
        if tensor.layout != torch.strided or tensor.is_quantized or tensor.is_complex() or tensor.is_meta:
            raise PackageError(f"{name[:80]!r} is no plain tensor ({tensor.layout}, {tensor.dtype})")
        total += tensor.numel() * tensor.itemsize
        if total > limit:
            raise PackageError(f"its tensors claim more than {limit:,} bytes, twice what the file has")
        tensor = tensor.detach().contiguous()
        place = tensor.untyped_storage().data_ptr()
        if place in seen or tensor.untyped_storage().nbytes() != tensor.numel() * tensor.itemsize:
            tensor = tensor.clone()
        seen.add(place)
        out[name] = tensor
    return out


def bound_memory(limit: int) -> None:
    """No more address space than this, where the system can bound it."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, most in (("RLIMIT_AS", limit), ("RLIMIT_CORE", 0)):
        _, hard = resource.getrlimit(getattr(resource, kind))
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(getattr(resource, kind), (most, hard))


def main(source: str, target: str) -> int:
    """Convert one file; what went wrong is the last line of stderr."""
    from safetensors.torch import save_file

    path = Path(source)
    bound_memory(SPARE_MEMORY + 4 * path.stat().st_size)
    try:
        check(path)
        save_file(read_tensors(path), target, metadata={"format": "pt"})
    except LLMWorksError as error:
        print(error, file=sys.stderr)
        return 1
    except (MemoryError, RuntimeError) as error:
        print(f"it needs more memory than its size explains ({str(error)[:200]})", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
