"""`llmworks export MODEL OUT`: a model in another form.

    llmworks export spark spark.gguf --type q4_k_m     one file, for llama.cpp, Ollama and llmworks
    llmworks export spark.gguf spark/                  a Hugging Face folder, for transformers and vLLM

A GGUF file is written tensor by tensor, so that a model larger than the memory can be; it gets its name when
it is whole.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmworks.cli import options
from llmworks.cli.console import count, err, out, print_json, size
from llmworks.errors import PackageError

if TYPE_CHECKING:
    from llmworks.packages import Package

DTYPES = ("f32", "f16", "bf16")


def export(
    model: options.Model,
    target: Annotated[
        Path, typer.Argument(metavar="OUT", help="NAME.gguf, or a folder for Hugging Face's layout.")
    ],
    type: Annotated[
        str | None,
        typer.Option(
            "--type", "-t",
            help="GGUF: q4_k_m (default), q8_0, q4_0, q6_k, f16, bf16, f32, …; folder: bf16, f16, f32.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what stands at OUT.")] = False,
    json: options.Json = False,
) -> None:  # fmt: skip
    """Write a model as a GGUF file or as a Hugging Face folder."""
    from llmworks.packages import Package

    wanted = target.expanduser()
    is_file = wanted.suffix.lower() == ".gguf"
    _check_target(wanted, is_file, force)
    package = Package.load(model)
    answer = _to_gguf(package, wanted, type or "q4_k_m") if is_file else _to_folder(package, wanted, type)
    if json:
        print_json(answer)
        return
    kinds = ", ".join(f"{number} {kind}" for kind, number in answer["types"].items())
    out.print(
        f"{answer['path']}: {size(answer['bytes'])}, {count(answer['parameters'])} numbers, "
        f"{answer['bits_per_weight']:.2f} bits a weight ({kinds})"
    )


def _check_target(target: Path, is_file: bool, force: bool) -> None:
    if is_file and target.is_dir():
        raise PackageError(f"{target} is a folder. Name a file NAME.gguf.")
    if not is_file and target.is_file():
        raise PackageError(f"{target} is a file. Name a folder, or a file NAME.gguf.")
    if not force and target.exists() and (is_file or any(target.iterdir())):
        raise PackageError(f"{target} is there already. Name another place, or replace it with --force.")


def _to_gguf(package: Package, target: Path, type: str) -> dict[str, Any]:
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from llmworks.packages.gguf.export import export_gguf
    from llmworks.packages.gguf.presets import preset

    preset(type)  # a misspelt type is told before anything is opened
    with Progress(
        TextColumn("[dim]{task.description:32.32}[/dim]"), BarColumn(),
        TextColumn("{task.percentage:3.0f} %"), TimeRemainingColumn(), console=err, transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task("reading")
        made = export_gguf(
            package,
            target,
            type,
            progress=lambda name, done, total: bar.update(
                task, description=name, completed=done, total=total
            ),
        )
    return {
        "path": str(made.path),
        "bytes": made.nbytes,
        "parameters": made.n_parameters,
        "bits_per_weight": made.bits_per_weight,
        "types": made.types,
    }


def _to_folder(package: Package, target: Path, type: str | None) -> dict[str, Any]:
    import torch

    from llmworks.packages import save_package

    names = {"f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}
    if type is not None and type.lower() not in names:
        raise PackageError(
            f"--type {type}: a folder's weights are {', '.join(DTYPES)}; other types need OUT.gguf."
        )
    dtype = names[type.lower()] if type else torch.bfloat16
    model = package.load_model(dtype=torch.float32)
    path = save_package(
        target,
        model,
        package.tokenizer,
        chat_template=package.chat_template,
        generation=package.generation,
        card=package.card,
        dtype=dtype,
    )
    files = list(path.glob("*.safetensors"))
    numbers = sum(parameter.numel() for parameter in model.parameters())
    stored = sum(file.stat().st_size for file in files)
    return {
        "path": str(path),
        "bytes": sum(file.stat().st_size for file in path.iterdir() if file.is_file()),
        "parameters": numbers,
        "bits_per_weight": 8 * stored / max(1, numbers),
        "types": {str(dtype).removeprefix("torch."): len(model.state_dict())},
    }
