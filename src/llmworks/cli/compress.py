"""`llmworks compress FILE` and `llmworks decompress FILE.llmz`: a language model as a compressor.

    llmworks compress book.txt --model spark-base      # book.txt.llmz, about a fifth of the size
    llmworks decompress book.txt.llmz                  # book.txt, byte for byte
    llmworks compress photo.png --model order2         # no network: any file, at megabytes a second

What predicts text well compresses it well: a token of probability p takes -log2 p bits. A network's file
opens where the same weights run on the same kind of machine; order0 … order6 and n-gram files open anywhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmworks.cli import options
from llmworks.cli.console import count, err, note, out, print_json, size, table
from llmworks.errors import DataError

if TYPE_CHECKING:
    from llmworks.inference.compression import Codec, Header

SUFFIX = ".llmz"
DEFAULT = "spark-base"

File = Annotated[Path, typer.Argument(metavar="FILE", help="Any file.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Where to (default: beside the file).")]
Force = Annotated[bool, typer.Option("--force", help="Replace the output if it is there.")]
Lanes = Annotated[
    int | None, typer.Option(min=1, help="Parts coded side by side: more are faster, and cost bits.")
]
Batch = Annotated[
    int, typer.Option(min=1, help="Groups of lanes at once, each on a thread; the file is the same.")
]


def compress(
    file: File,
    output: Output = None,
    model: Annotated[
        str, typer.Option("--model", "-m", help="A model, an n-gram model's file, or order0 … order6.")
    ] = DEFAULT,
    lanes: Lanes = None,
    context: Annotated[int | None, typer.Option(min=2, help="Tokens a prediction looks back.")] = None,
    batch: Batch = 1,
    check: Annotated[
        bool, typer.Option("--check", help="Decode it again and compare before writing.")
    ] = False,
    device: options.Device = "auto",
    force: Force = False,
    json: options.Json = False,
) -> None:
    """Compress a file by a language model's predictions."""
    from llmworks.inference import compression

    target = output or file.with_name(file.name + SUFFIX)
    data = _read(file)
    _may_write(target, force)
    with _codec(model, device, lanes=lanes, context=context, groups=batch) as codec:
        began = perf_counter()
        with _progress("compress", quiet=json) as progress:
            made = compression.compress(data, codec, progress)
        seconds = perf_counter() - began
        if check:
            with _progress("check", quiet=json) as progress:
                if compression.decompress(made.data, codec, progress) != data:
                    raise DataError(f"{model} does not decode what it has coded on this machine; use order2")
    _write(target, made.data)
    answer = {
        "path": str(target), "bytes": len(data), "compressed": len(made.data),
        "bits_per_byte": made.bits_per_byte, "model_bits": made.bits, "kind": made.header.kind,
        "lanes": made.header.lanes, "seconds": seconds, "bytes_per_second": len(data) / max(seconds, 1e-9),
    }  # fmt: skip
    _tell(answer, json, "compressed")


def decompress(
    file: File,
    output: Output = None,
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="The model that coded it (default: by its name).")
    ] = None,
    batch: Batch = 1,
    device: options.Device = "auto",
    force: Force = False,
    json: options.Json = False,
) -> None:
    """The original of a compressed file, byte for byte; a damaged file is refused."""
    from llmworks.inference import compression

    data = _read(file)
    head = compression.header(data)
    if output is None and file.suffix != SUFFIX:
        raise typer.BadParameter(f"{file} does not end in {SUFFIX}: say where to with --output")
    target = output or file.with_suffix("")
    _may_write(target, force)
    began = perf_counter()
    with _codec_of(head, model, device, batch) as codec, _progress("decompress", quiet=json) as progress:
        made = compression.decompress(data, codec, progress)
    seconds = perf_counter() - began
    _write(target, made)
    answer = {
        "path": str(target), "bytes": len(made), "compressed": len(data), "kind": head.kind,
        "bits_per_byte": 8 * len(data) / max(len(made), 1), "seconds": seconds,
        "bytes_per_second": len(made) / max(seconds, 1e-9),
    }  # fmt: skip
    _tell(answer, json, "decompressed")


@contextmanager
def _codec(model: str, device: str, **choices: Any) -> Iterator[Codec]:
    """The predictor that a name stands for."""
    from llmworks.inference.compression import ByteCodec, NetworkCodec, NGramCodec

    if model.startswith("order") and model[5:].isdigit():
        yield ByteCodec(int(model[5:]))
    elif Path(model).is_file() and Path(model).suffix == ".npz":
        from llmworks.text.ngram import NGramModel

        yield NGramCodec(NGramModel.load(model), model)
    else:
        from llmworks.models.encoder import Encoder

        with options.language_model(model, device=device) as lm:
            if isinstance(lm.model, Encoder):
                raise DataError(f"{model} is an encoder: it does not predict what comes next")
            yield NetworkCodec(lm.model, lm.tokenizer, lm.begin_id, model, **choices)


@contextmanager
def _codec_of(head: Header, model: str | None, device: str, groups: int) -> Iterator[Codec | None]:
    if head.kind in ("stored", "bytes"):
        yield None
        return
    with _codec(model or head.model, device, groups=groups) as codec:
        yield codec


def _read(file: Path) -> bytes:
    if not file.is_file():
        raise DataError(f"{file} {'is a folder' if file.is_dir() else 'does not exist'}; give a file's path.")
    return file.read_bytes()


def _may_write(target: Path, force: bool) -> None:
    if target.exists() and not force:
        raise DataError(f"{target} is already there; give another --output, or --force to replace it.")


def _write(target: Path, data: bytes) -> None:
    """Whole or not at all: a broken run leaves no half file."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(data)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _progress(what: str, *, quiet: bool) -> Iterator[Any]:
    """A bar of symbols on standard error, where that is a terminal."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    if quiet or not err.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=err, transient=True) as bar:
        task = bar.add_task(what)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _tell(answer: dict[str, Any], json: bool, what: str) -> None:
    if json:
        print_json(answer)
        return
    shown = table("file", ">bytes", ">compressed", ">bits a byte", ">seconds", ">speed")
    shown.add_row(
        answer["path"], count(answer["bytes"]), count(answer["compressed"]), f"{answer['bits_per_byte']:.3f}",
        f"{answer['seconds']:.1f}", f"{size(answer['bytes_per_second'])}/s",
    )  # fmt: skip
    out.print(shown)
    if answer["kind"] == "stored" and what == "compressed":
        note("it would have grown, so it stands in the file as it is")
