"""The funnel of a cleaning: what came in, what each stage dropped and changed and why, what is left.

`report.json` holds it all; `report.md` and `report.html` show it. Examples in it have personal data masked,
whatever stage they come from.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from llmworks.data.cleaning.outcome import Example, StageCounts, Totals
from llmworks.data.cleaning.personal import mask
from llmworks.data.cleaning.workfiles import write_whole
from llmworks.errors import DataError


class CleaningReport(BaseModel):
    """All counts of a cleaning, in the order of its stages."""

    model_config = ConfigDict(extra="forbid")

    format: Literal[1] = 1
    plan: str  # hash of the recipe and the inputs
    sources: list[str]
    recipe: dict[str, Any]
    tokenizer: str | None = None  # that tokens were counted with
    read: Totals
    kept: Totals
    empty: int = 0  # documents of white space, not counted above
    replaced: int = 0  # characters that did not decode
    skipped: dict[str, int] = {}  # why files were left out → how many
    stages: list[StageCounts]

    @classmethod
    def load(cls, folder: str | Path) -> CleaningReport:
        """The report of a folder that `data clean` made."""
        path = Path(folder) / "report.json"
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            unfinished = (Path(folder) / "work" / "plan").exists()
            hint = "its cleaning is not finished: run the same command again" if unfinished else (
                "give a folder that `llmworks data clean` made"
            )  # fmt: skip
            raise DataError(f"{folder} has no report.json; {hint}") from None
        except (OSError, ValidationError) as error:
            raise DataError(f"{path} cannot be understood: {error}") from None

    def markdown(self) -> str:
        """The funnel as tables that read well as plain text."""
        lines = ["# What cleaning kept", "", self.summary(), ""]
        lines += ["| stage | documents | kept | MB | kept | tokens | changed | MB/s |"]
        lines += ["|---|---:|---:|---:|---:|---:|---:|---:|", self._row("read", self.read, None)]
        lines += [self._row(stage.name, stage.documents_out, stage) for stage in self.stages]
        for stage in self.stages:
            lines += ["", *self._details(stage)]
        if self.skipped or self.empty or self.replaced:
            lines += ["", "## Not read", ""]
            lines += [f"- {count} file{'s' * (count > 1)}: {why}" for why, count in self.skipped.items()]
            lines += [f"- {self.empty:,} documents of white space"] * bool(self.empty)
            lines += [f"- {self.replaced:,} characters that did not decode"] * bool(self.replaced)
        return "\n".join(lines) + "\n"

    def summary(self) -> str:
        """One sentence."""
        share = self.kept.bytes / self.read.bytes if self.read.bytes else 0.0
        tokens = f", {self.kept.tokens:,} of {self.read.tokens:,} tokens" if self.tokenizer else ""
        return (
            f"{self.kept.documents:,} of {self.read.documents:,} documents and {share:.1%} of the bytes are "
            f"left ({self.kept.bytes / 1e6:,.1f} of {self.read.bytes / 1e6:,.1f} MB{tokens})."
        )

    def _row(self, name: str, out: Totals, stage: StageCounts | None) -> str:
        documents = out.documents / self.read.documents if self.read.documents else 0.0
        octets = out.bytes / self.read.bytes if self.read.bytes else 0.0
        tokens = f"{out.tokens:,}" if self.tokenizer else "–"
        changed, speed = (
            ("", "") if stage is None else (f"{stage.changed:,}" if stage.changed else "", rate(stage))
        )
        return (
            f"| {name} | {out.documents:,} | {documents:.1%} | {out.bytes / 1e6:,.2f} | {octets:.1%} | "
            f"{tokens} | {changed} | {speed} |"
        )

    def _details(self, stage: StageCounts) -> list[str]:
        lines = [f"## {stage.name}", ""]
        for reason, totals in sorted(stage.dropped.items(), key=lambda item: -item[1].documents):
            lines.append(f"- dropped, {reason}: {totals.documents:,} documents, {totals.bytes / 1e6:,.2f} MB")
            lines += [f"    - {_line(example)}" for example in stage.examples.get(reason, [])]
        for what, count in sorted(stage.changes.items(), key=lambda item: -item[1]):
            lines.append(f"- changed, {what}: {count:,}")
            lines += [f"    - {_line(example)}" for example in stage.examples.get(what, [])]
        for name, finding in stage.findings.items():
            shown = f"{len(finding)} (see report.json)" if isinstance(finding, list) else finding
            lines.append(f"- {name}: {shown}")
        if len(lines) == 2:
            lines.append("Nothing was dropped or changed.")
        return lines


def rate(stage: StageCounts) -> str:
    """MB a second of one process."""
    return f"{stage.documents_in.bytes / stage.seconds / 1e6:,.1f}" if stage.seconds > 0 else ""


def _line(example: Example) -> str:
    """One example in one line of Markdown."""
    text = f"{example.before!r} → {example.after!r}" if example.before and example.after else repr(
        example.before or example.after
    )  # fmt: skip
    text = text.replace("`", "'")
    return f"{example.source}" + (f" ({example.detail})" if example.detail else "") + f": `{text}`"


def masked(example: Example) -> Example:
    """The example without personal data."""
    before, after = mask(example.before)[0], mask(example.after)[0]
    return example.model_copy(update={"before": before, "after": after})


def write_report(report: CleaningReport, folder: Path) -> None:
    """report.md, report.html, and last report.json, which says that the work is done."""
    from llmworks.data.cleaning.page import html_page

    for stage in report.stages:
        stage.examples = {what: [masked(one) for one in ones] for what, ones in stage.examples.items()}
    write_whole(folder / "report.md", report.markdown().encode("utf-8", "replace"))
    write_whole(folder / "report.html", html_page(report).encode("utf-8", "replace"))
    write_whole(folder / "report.json", (report.model_dump_json(indent=1) + "\n").encode())
