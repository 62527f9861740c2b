"""Checkpoints: everything that a run needs to go on as if nothing had happened.

    checkpoints/step-00000400/
        model.safetensors        weights
        optimiser.safetensors    averages and momenta, by name
        state.json               step, data position, random states, watch, length of the metrics file, recipe

A checkpoint is written under another name, flushed to the disk, then renamed: the name `step-…` never stands
on half a checkpoint, whenever the process or the machine dies. No pickle anywhere.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from llmworks.errors import TrainingError

_PREFIX = "step-"
_HALF = ".writing-"


@dataclass
class Checkpoint:
    """One moment of a run: after `step` updates."""

    step: int
    model: dict[str, Tensor]
    optimiser: dict[str, Tensor]
    state: dict[str, Any]


class Checkpoints:
    """The folder of a run's checkpoints: the newest `keep` stay, and the one of lowest validation loss."""

    def __init__(self, folder: Path, keep: int = 2) -> None:
        self.folder, self.keep = folder, max(1, keep)

    def steps(self) -> list[int]:
        """Steps of the complete checkpoints, oldest first."""
        names = [path.name.removeprefix(_PREFIX) for path in self.folder.glob(f"{_PREFIX}*") if path.is_dir()]
        return sorted(int(name) for name in names if name.isdigit())

    def path(self, step: int) -> Path:
        return self.folder / f"{_PREFIX}{step:08d}"

    def save(self, checkpoint: Checkpoint) -> Path:
        """Writes atomically; a checkpoint of the same step is replaced; then old ones go."""
        self.folder.mkdir(parents=True, exist_ok=True)
        half = self.folder / f"{_HALF}{uuid.uuid4().hex}"
        half.mkdir()
        save_file(_plain(checkpoint.model), half / "model.safetensors")
        save_file(_plain(checkpoint.optimiser), half / "optimiser.safetensors")
        document = {"step": checkpoint.step, **checkpoint.state}
        (half / "state.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
        for file in half.iterdir():
            _flush(file)
        _flush(half)
        final = self.path(checkpoint.step)
        if final.exists():
            shutil.rmtree(final)
        half.rename(final)
        _flush(self.folder)
        self._prune()
        return final

    def load(self, step: int) -> Checkpoint:
        path = self.path(step)
        try:
            state = json.loads((path / "state.json").read_text(encoding="utf-8"))
            model = load_file(path / "model.safetensors")
            optimiser = load_file(path / "optimiser.safetensors")
        except (OSError, ValueError, RuntimeError) as error:
            raise TrainingError(
                f"checkpoint {path} cannot be read ({error}); remove that folder to resume from an older one"
            ) from None
        except Exception as error:  # safetensors has its own error class, which derives from Exception alone
            raise TrainingError(
                f"checkpoint {path} is damaged ({error}); remove that folder to resume from an older one"
            ) from None
        return Checkpoint(int(state.pop("step")), model, optimiser, state)

    def latest(self) -> int | None:
        steps = self.steps()
        return steps[-1] if steps else None

    def best(self) -> int | None:
        """Step of the checkpoint with the lowest validation loss; None where none was evaluated."""
        losses = {step: self._loss(step) for step in self.steps()}
        known = {step: loss for step, loss in losses.items() if loss is not None}
        return min(known, key=lambda step: known[step]) if known else None

    def _loss(self, step: int) -> float | None:
        try:
            state = json.loads((self.path(step) / "state.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        loss = state.get("validation_loss")
        return None if loss is None else float(loss)

    def _prune(self) -> None:
        for half in self.folder.glob(f"{_HALF}*"):
            shutil.rmtree(half, ignore_errors=True)
        steps = self.steps()
        for step in set(steps[: -self.keep]) - {self.best()}:
            shutil.rmtree(self.path(step), ignore_errors=True)


def random_states() -> dict[str, str]:
    """The states of PyTorch's generators, as text."""
    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states |= {f"cuda:{i}": s for i, s in enumerate(torch.cuda.get_rng_state_all())}
    return {device: base64.b64encode(s.numpy().tobytes()).decode() for device, s in states.items()}


def set_random_states(states: Mapping[str, str]) -> None:
    for device, text in states.items():
        state = torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.uint8)
        if device == "cpu":
            torch.set_rng_state(state)
        elif torch.cuda.is_available():
            torch.cuda.set_rng_state(state, device)


def write_atomic(path: Path, text: str) -> None:
    """A small file that is either the old one or the new one, never half of it."""
    half = path.with_name(f"{_HALF}{path.name}")
    half.write_text(text, encoding="utf-8")
    _flush(half)
    half.replace(path)
    _flush(path.parent)


def _plain(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Contiguous, on the CPU, each with its own storage; a tied weight is written once, under one name."""
    seen: set[tuple[int, torch.Size]] = set()
    plain = {}
    for name, tensor in tensors.items():
        key = (tensor.data_ptr(), tensor.shape)
        if tensor.numel() and key in seen:
            continue
        seen.add(key)
        plain[name] = tensor.detach().cpu().contiguous()
    return plain


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
