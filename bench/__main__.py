"""`python -m bench [NAME …]`: run the named benchmarks, or all. Each is a module here with a `main()`."""

from __future__ import annotations

import importlib
import os
import platform
import sys
import time
from pathlib import Path

import torch


def names() -> list[str]:
    """Modules of this folder that define `main`, in alphabetical order."""
    files = sorted(Path(__file__).parent.glob("[a-z]*.py"))
    return [path.stem for path in files if "\ndef main(" in path.read_text()]


def machine() -> str:
    """What the numbers below were measured on."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text().splitlines()
        processor = next((ln.split(":")[1].strip() for ln in lines if ln.startswith("model name")), processor)
    software = f"Python {platform.python_version()}, torch {torch.__version__}"
    return f"{processor}, {os.cpu_count()} cores, {torch.backends.cpu.get_cpu_capability()}, {software}"


def main() -> None:
    known = names()
    wanted = sys.argv[1:] or known
    if unknown := sorted(set(wanted) - set(known)):
        sys.exit(f"no benchmark named {', '.join(unknown)}; there are: {', '.join(known)}")
    sys.argv = sys.argv[:1]
    print(f"{time.strftime('%Y-%m-%d')}, {machine()}")
    for name in wanted:
        print(f"\n## {name}\n", flush=True)
        importlib.import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main()
