"""The models that come with llmworks: one package folder each under `llmworks/bundled/`."""

from __future__ import annotations

from pathlib import Path

import llmworks

BUNDLED = Path(llmworks.__file__).parent / "bundled"


def list_bundled() -> list[str]:
    """Names of the bundled models, in alphabetical order."""
    return sorted(config.parent.name for config in BUNDLED.glob("*/config.json"))


def bundled_path(name: str) -> Path | None:
    """The folder of a bundled model, or None if there is none of that name."""
    return BUNDLED / name if name in list_bundled() else None
