"""Findings: what is wrong, how it shows, where it comes from and what mends it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

Level: TypeAlias = Literal["fault", "note"]


@dataclass(frozen=True)
class Finding:
    """level: a fault makes answers wrong or keeps the model from loading; a note is worth knowing."""

    code: str
    level: Level
    symptom: str
    cause: str
    fix: str


@dataclass
class Report:
    """All findings of one package."""

    path: Path
    findings: list[Finding] = field(default_factory=list)

    @property
    def faults(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == "fault"]

    @property
    def healthy(self) -> bool:
        return not self.faults

    def fault(self, code: str, symptom: str, cause: str, fix: str) -> None:
        self.findings.append(Finding(code, "fault", symptom, cause, fix))

    def note(self, code: str, symptom: str, cause: str, fix: str) -> None:
        self.findings.append(Finding(code, "note", symptom, cause, fix))

    def to_dict(self) -> dict[str, Any]:
        return {
            "model": str(self.path),
            "healthy": self.healthy,
            "findings": [asdict(finding) for finding in self.findings],
        }
