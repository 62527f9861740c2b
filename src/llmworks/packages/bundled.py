"""The models that come with llmworks: one folder each under `llmworks/bundled/`.

nina/config.json, model.safetensors, …      a Hugging Face folder, or
nina/model.gguf, README.md                  one GGUF file with its card
nina-tiny/steps/400.gguf                    the same network after 400 steps of training: "nina-tiny@400"
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import llmworks

BUNDLED = Path(llmworks.__file__).parent / "bundled"
_KINDS = ("config.json", "model.gguf")


def list_bundled() -> list[str]:
    """Names of the bundled models, in alphabetical order, without their checkpoints."""
    return sorted({part.parent.name for kind in _KINDS for part in BUNDLED.glob(f"*/{kind}")})


def list_steps(name: str) -> list[int]:
    """The steps of training at which a bundled model was kept, in order."""
    return sorted(int(path.stem) for path in BUNDLED.glob(f"{name}/steps/*.gguf")) if name.isascii() else []


def bundled_path(name: str) -> Path | None:
    """The folder of a bundled model, the file of its checkpoint NAME@STEP, or None if there is none."""
    model, at, step = name.partition("@")
    if model not in list_bundled():
        return None
    if not at:
        return BUNDLED / model
    return BUNDLED / model / "steps" / f"{int(step)}.gguf" if _is_step(model, step) else None


def _is_step(model: str, step: str) -> bool:
    return step.isascii() and step.isdecimal() and int(step) in list_steps(model)


def single_gguf(folder: Path) -> Path | None:
    """The GGUF file of a folder that holds one and no config.json: the folder then stands for the file."""
    if (folder / "config.json").exists():
        return None
    files = list(islice(folder.glob("*.gguf"), 2))
    return files[0] if len(files) == 1 else None
