"""The funnel as one HTML page without anything outside it: a bar a stage, then what each dropped, and why."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from llmworks.data.cleaning.outcome import Example, StageCounts, Totals

if TYPE_CHECKING:
    from llmworks.data.cleaning.report import CleaningReport

STYLE = """
:root { color-scheme: light dark; --ink: #1d2430; --paper: #fff; --bar: #3b6ea5; --gone: #c9d3df;
  --dim: #5d6878; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ee; --paper: #14181f; --bar: #6fa3dc; --gone: #333c49; --dim: #9aa5b5; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 62rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
svg { width: 100%; height: auto; } svg text { fill: var(--ink); font: 14px system-ui, sans-serif; }
svg .dim { fill: var(--dim); } svg .bar { fill: var(--bar); } svg .gone { fill: var(--gone); }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: right; padding: .2rem .6rem; border-bottom: 1px solid var(--gone); }
th:first-child, td:first-child { text-align: left; } th { color: var(--dim); font-weight: 500; }
details { margin: .3rem 0; } summary { cursor: pointer; }
pre { white-space: pre-wrap; overflow-wrap: anywhere;
  background: color-mix(in srgb, var(--gone) 35%, transparent);
  padding: .5rem .7rem; margin: .2rem 0; font-size: .85rem; } .dim { color: var(--dim); }
"""
ROW, LABEL, WIDTH = 30, 190, 900  # of the drawing, in its own units


def html_page(report: CleaningReport) -> str:
    """The whole page."""
    parts = [
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width, initial-scale=1'>",
        f"<title>What cleaning kept</title><style>{STYLE}</style></head><body>",
        f"<h1>What cleaning kept</h1><p>{escape(report.summary())}</p>",
        f"<p class='dim'>Sources: {escape(', '.join(report.sources))}</p>",
        _drawing(report),
        _table(report),
        *(_stage(stage) for stage in report.stages),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _drawing(report: CleaningReport) -> str:
    """One bar a stage: the bytes that are left, on the bytes that came in."""
    rows = [("read", report.read), *((stage.name, stage.documents_out) for stage in report.stages)]
    whole = report.read.bytes or 1
    room = WIDTH - LABEL - 150
    parts = [
        f"<svg viewBox='0 0 {WIDTH} {ROW * len(rows) + 8}' role='img' "
        "aria-label='Bytes that are left after each stage'>"
    ]
    before = whole
    for number, (name, totals) in enumerate(rows):
        top = ROW * number + 4
        parts.append(f"<text x='0' y='{top + 17}'>{escape(name)}</text>")
        for octets, kind in ((before, "gone"), (totals.bytes, "bar")):
            width = room * octets / whole
            parts.append(
                f"<rect class='{kind}' x='{LABEL}' y='{top}' width='{width:.1f}' height='{ROW - 8}' rx='2'/>"
            )
        share = f"{totals.bytes / whole:.1%}"
        parts.append(
            f"<text class='dim' x='{LABEL + room * before / whole + 8:.1f}' y='{top + 17}'>{share}</text>"
        )
        before = totals.bytes
    return "".join(parts) + "</svg>"


def _table(report: CleaningReport) -> str:
    from llmworks.data.cleaning.report import rate

    def cells(name: str, totals: Totals, changed: str, speed: str) -> str:
        tokens = f"{totals.tokens:,}" if report.tokenizer else "–"
        values = (escape(name), f"{totals.documents:,}", f"{totals.bytes / 1e6:,.2f}", tokens, changed, speed)
        return "<tr>" + "".join(f"<td>{value}</td>" for value in values) + "</tr>"

    head = "".join(
        f"<th>{name}</th>" for name in ("after", "documents", "MB", "tokens", "changed", "MB/s a process")
    )
    rows = [cells("read", report.read, "", "")]
    rows += [cells(one.name, one.documents_out, f"{one.changed:,}", rate(one)) for one in report.stages]
    return f"<div class='wide'><table><tr>{head}</tr>{''.join(rows)}</table></div>"


def _stage(stage: StageCounts) -> str:
    parts = [f"<h2>{escape(stage.name)}</h2>"]
    for reason, totals in sorted(stage.dropped.items(), key=lambda item: -item[1].documents):
        title = f"dropped, {reason}: {totals.documents:,} documents, {totals.bytes / 1e6:,.2f} MB"
        parts.append(_examples(title, stage.examples.get(reason, [])))
    for what, count in sorted(stage.changes.items(), key=lambda item: -item[1]):
        parts.append(_examples(f"changed, {what}: {count:,}", stage.examples.get(what, [])))
    for name, finding in stage.findings.items():
        if not isinstance(finding, list):
            parts.append(f"<p class='dim'>{escape(name)}: {escape(str(finding))}</p>")
    if len(parts) == 1:
        parts.append("<p class='dim'>Nothing was dropped or changed.</p>")
    return "\n".join(parts)


def _examples(title: str, examples: list[Example]) -> str:
    shown = []
    for example in examples:
        where = f"{example.source} {f'({example.detail})' if example.detail else ''}"
        texts = [text for text in (example.before, example.after) if text]
        shown.append(f"<div class='dim'>{escape(where)}</div>")
        shown.append("<div class='dim'>↓</div>".join(f"<pre>{escape(text)}</pre>" for text in texts))
    return f"<details><summary>{escape(title)}</summary>{''.join(shown)}</details>"
