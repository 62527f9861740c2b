"""The folder of a run: whose it is, and on what terms it may go on.

recipe.json says what the run is; another recipe is another run and is refused. compute.json says in which
precision and with how many threads it was begun: sums come out the same only when they are added in the same
order, so a continuation takes these over instead of measuring anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import torch

from llmworks.errors import ConfigError, TrainingError
from llmworks.training.checkpoint import write_atomic
from llmworks.training.compute import Compute
from llmworks.training.recipe import Recipe

# What may differ between a run and its continuation: none of it changes a weight.
_FREE = {
    "log_every", "eval_every", "eval_tokens", "checkpoint_every", "checkpoint_seconds", "keep_checkpoints",
    "keep_steps", "sample_every", "sample_prompts", "sample_tokens", "tensorboard",
}  # fmt: skip


def open_run(recipe: Recipe, out: Path, resume: Literal["auto", "never"] = "auto") -> Path:
    """The run's folder `out`/run, new or the same recipe's; anything else is refused with TrainingError."""
    folder = out / "run"
    known, written = folder / "recipe.json", recipe.model_dump(mode="json")
    if known.exists():
        if resume == "never":
            raise TrainingError(f"{out} holds a run already; choose another folder, or resume it")
        changed = _differences(_completed(_read(known)), written)
        if changed:
            raise TrainingError(
                f"{out} holds a run of another recipe ({'; '.join(changed)}); choose another folder, or give "
                f"the same recipe to resume it"
            )
    elif out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise TrainingError(f"{out} exists and is no training run; choose an empty or a new folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomic(known, json.dumps(written, indent=1))
    except OSError as error:
        raise TrainingError(f"{folder} cannot be written: {error.strerror or error}") from None
    return folder


def remember_compute(folder: Path, compute: Compute) -> None:
    state = {
        "device": str(compute.device), "precision": compute.precision, "compiled": compute.compiled,
        "directions": compute.directions,
        "threads": torch.get_num_threads(),
    }  # fmt: skip
    write_atomic(folder / "compute.json", json.dumps(state))


def known_compute(folder: Path) -> Compute | None:
    """How the run was begun (its threads are set again); None for a new run."""
    path = folder / "compute.json"
    if not path.exists():
        return None
    state = _read(path)
    if state["device"].startswith("cuda") and not torch.cuda.is_available():
        raise TrainingError(f"{folder.parent} was begun on {state['device']}, which is not on this machine")
    if torch.get_num_threads() != state["threads"]:
        torch.set_num_threads(int(state["threads"]))
    directions = state.get("directions", state["precision"])
    return Compute(torch.device(state["device"]), state["precision"], bool(state["compiled"]), directions)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingError(f"{path} is damaged ({error}); choose another folder for the run") from None
    if not isinstance(found, dict):
        raise TrainingError(f"{path} is damaged (no table); choose another folder for the run")
    return found


def _completed(before: dict[str, Any]) -> dict[str, Any]:
    """An older version's recipe with the keys that came since at their defaults: what they meant before."""
    try:
        return Recipe.parse(before).model_dump(mode="json")
    except ConfigError:  # it has keys that are gone: the comparison names them
        return before


def _differences(before: dict[str, Any], now: dict[str, Any], path: str = "") -> list[str]:
    """'training.steps was 100, is 200' for every value that decides weights."""
    found = []
    for key in sorted(before.keys() | now.keys()):
        here = f"{path}{key}"
        if path == "training." and key in _FREE:
            continue
        was, is_now = before.get(key), now.get(key)
        if isinstance(was, dict) and isinstance(is_now, dict):
            found += _differences(was, is_now, f"{here}.")
        elif was != is_now:
            found.append(f"{here} was {was!r}, is {is_now!r}")
    return found
