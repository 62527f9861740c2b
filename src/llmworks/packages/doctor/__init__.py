"""What is wrong with a model on disk, told as symptom, cause and fix; for packages that do not even load.

    examine("folder")     →  Report(path, [Finding("turn-end", "fault", symptom, cause, fix), …])

Every part is read by itself, so that one broken part does not hide another. A check looks only at parts
that could be read: each fault is told once, by the check that is its own.
"""

from __future__ import annotations

from pathlib import Path

from llmworks.packages.doctor.chat import check_chat
from llmworks.packages.doctor.findings import Finding, Report
from llmworks.packages.doctor.numbers import check_numbers
from llmworks.packages.doctor.parts import read_parts
from llmworks.packages.doctor.settings import check_settings
from llmworks.packages.package import locate

__all__ = ["Finding", "Report", "examine"]


def examine(name_or_path: str | Path, *, numbers: bool = True) -> Report:
    """Look at every part of a package folder or a GGUF file; `numbers`: read the weights, too.

    Raises PackageError only if there is nothing at that name.
    """
    path = locate(name_or_path)
    report = Report(path)
    parts = read_parts(path, report)
    checks = [check_settings, check_chat, *([check_numbers] if numbers else [])]
    for check in checks:
        try:
            check(parts, report)
        except Exception as error:  # a package may be broken in ways that no check foresees
            report.fault(
                "unforeseen",
                f"looking at the package failed: {type(error).__name__}: {str(error)[:200]}",
                "a part holds what no check expects",
                "write the package again; if it works elsewhere, this is a fault of llmworks: report it",
            )
    return report
