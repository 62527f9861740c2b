"""Options that several verbs share, each described once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmworks.errors import ConfigError, DataError

if TYPE_CHECKING:
    from llmworks.language_model import LanguageModel

DEFAULT_MODEL = "spark"

Model = Annotated[
    str,
    typer.Argument(
        metavar="MODEL", help="A bundled name, a package folder or a Hub name.", show_default=True
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON value on stdout, for programs.")]
MaxTokens = Annotated[int | None, typer.Option("--max-tokens", "-n", help="Longest answer, in tokens.")]
Temperature = Annotated[
    float | None, typer.Option("--temperature", "-t", help="0 takes the most probable token (greedy).")
]
TopK = Annotated[int | None, typer.Option("--top-k", help="Keep the k most probable tokens; 0 keeps all.")]
TopP = Annotated[
    float | None, typer.Option("--top-p", help="Keep the smallest set with this much probability.")
]
MinP = Annotated[float | None, typer.Option("--min-p", help="Drop tokens below this share of the best one.")]
RepetitionPenalty = Annotated[
    float | None, typer.Option("--repetition-penalty", help="Above 1: less of what was already said.")
]
PresencePenalty = Annotated[
    float | None, typer.Option("--presence-penalty", help="Once for each token seen.")
]
FrequencyPenalty = Annotated[
    float | None, typer.Option("--frequency-penalty", help="Once for each time seen.")
]
Seed = Annotated[int | None, typer.Option("--seed", help="The same seed draws the same tokens.")]
Stop = Annotated[list[str] | None, typer.Option("--stop", help="Stop before this text (can be repeated).")]
Device = Annotated[
    str, typer.Option("--device", help="cpu, cuda, cuda:1, mps; auto takes the best there is.")
]
ContextExtension = Annotated[
    str | None,
    typer.Option(
        "--context-extension", metavar="KIND:FACTOR", help="Read longer texts than it was trained on: yarn:4."
    ),
]
Threads = Annotated[
    int | None, typer.Option("--threads", min=1, help="CPU threads (default: PyTorch's choice).")
]


def given(**values: Any) -> dict[str, Any]:
    """The options that were given: the others keep the model's own defaults."""
    return {name: value for name, value in values.items() if value is not None}


def read_text(source: str | Path, *, what: str) -> str:
    """UTF-8 text of a file, or of standard input for `-`; what is not text is refused with the place."""
    if str(source) == "-":
        raw, name = sys.stdin.buffer.read(), "standard input"
    else:
        path = Path(source).expanduser()
        if not path.is_file():
            kind = "is a folder" if path.is_dir() else "does not exist"
            raise DataError(f"{what}: {path} {kind}; give the path of a text file, or - for standard input.")
        raw, name = path.read_bytes(), str(path)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{what}: {name} is not UTF-8 text (byte 0x{raw[error.start]:02x} at offset {error.start}). "
            "Give a text file; if it has another encoding, convert it first, "
            "for example with `iconv -f latin1 -t utf-8`."
        ) from None


@contextmanager
def language_model(
    model: str, *, device: str = "auto", threads: int | None = None, context: str | None = None
) -> Iterator[LanguageModel]:
    """`llmworks.load` with the machine's choices; its engine's thread ends with the block.

    torch is imported here and not before, so that a mistyped option need not wait for it.
    """
    import torch

    from llmworks.language_model import load

    if threads:
        torch.set_num_threads(threads)
    lm = load(model, device=_device(device), rope_scaling=context)
    try:
        yield lm
    finally:
        lm.close()


def _device(name: str) -> str:
    import torch

    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.empty(0, device=name)
    except (RuntimeError, AssertionError) as error:
        reason = (str(error).splitlines() or ["unknown device"])[0]
        raise ConfigError(
            f"--device {name}: PyTorch cannot use it here ({reason}). Use --device cpu."
        ) from None
    return name
