"""A run killed by SIGKILL at random instants ends in the same numbers as one that was left alone."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file

SCRIPT = Path(__file__).with_name("killed_run.py")


def run(folder: Path, kills: int, seed: int) -> list[int]:
    """Steps at which each life of the process began."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), str(kills), str(seed)],
        capture_output=True, text=True, timeout=300, check=False, env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [int(line) for line in done.stdout.split()]


def events(folder: Path) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    for event in found:
        event.pop("tokens_per_second", None)
    return found


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_killed_run_ends_in_the_same_numbers(tmp_path: Path) -> None:
    assert run(tmp_path / "whole", 0, 0) == [0]
    lives = run(tmp_path / "killed", 8, 1)
    assert lives == sorted(lives)  # no life went back behind where the one before it began
    assert events(tmp_path / "killed") == events(tmp_path / "whole")
    assert [e["step"] for e in events(tmp_path / "killed") if e["event"] == "step"] == list(range(1, 151))
    last = "checkpoints/step-00000150/model.safetensors"
    killed, whole = load_file(tmp_path / "killed" / last), load_file(tmp_path / "whole" / last)
    assert all(bool((killed[name] == whole[name]).all()) for name in whole)
    assert not list((tmp_path / "killed" / "checkpoints").glob(".writing-*"))
