"""What several test files share."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def shared_data(name: str) -> Path:
    """A file of the development data (`$LLMWORKS_DATA`, or shared/data beside the checkout), or a skip."""
    root = Path(os.environ.get("LLMWORKS_DATA") or ROOT.parent / "shared" / "data")
    path = root / name
    if not path.exists():
        pytest.skip(f"development data is not on this machine: {name}")
    return path
