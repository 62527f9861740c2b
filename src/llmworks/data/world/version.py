"""What fixes a world: its seed, its size, its tables, and the very sources that write it.

    version = SHA-256( seed, people, shares of exposures, mix, every .py of this package )

Two machines with one version make the same bytes; a changed sentence is another version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path

from llmworks.data.world.schedule import Mix

_HERE = Path(__file__).parent


@cache
def source_hash() -> str:
    """SHA-256 of the sources of this package, line ends as \\n."""
    found = hashlib.sha256()
    for path in sorted(_HERE.rglob("*.py"), key=lambda path: path.relative_to(_HERE).as_posix()):
        found.update(path.relative_to(_HERE).as_posix().encode() + b"\0")
        found.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return found.hexdigest()


def world_version(seed: int, people: int, shares: Mapping[int, float], mix: Mix) -> str:
    """64 hexadecimal digits; the same for the same texts."""
    table = {str(level): shares[level] for level in sorted(shares)}
    said = json.dumps([seed, people, table, asdict(mix), source_hash()])
    return hashlib.sha256(said.encode()).hexdigest()
