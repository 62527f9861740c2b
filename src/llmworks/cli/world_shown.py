"""What `llmworks world` shows: a manifest, a record with its facts, a report on a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmworks.cli.console import count, note, out, size, table

if TYPE_CHECKING:
    from llmworks.data.world.checking import StreamReport
    from llmworks.data.world.ledger import World


def tell_manifest(manifest: dict[str, Any]) -> None:
    shown = table("file", ">records", ">bytes")
    for name, file in manifest["files"].items():
        shown.add_row(name, count(file["records"]), size(file["bytes"]))
    out.print(shown)
    things = ", ".join(f"{count(number)} {kind}s" for kind, number in manifest["entities"].items())
    note(f"{things}; {count(manifest['facts'])} facts, said {count(manifest['exposures'])} times")


def tell_record(world: World, record: dict[str, Any]) -> None:
    out.print(f"\n[{record['kind']}]", style="bold", markup=False)
    if "text" in record:
        out.print(record["text"], markup=False)
    for message in record.get("messages", record.get("prompt", [])):
        said = message.get("content") or ""
        calls = f" {message['tool_calls']}" if message.get("tool_calls") else ""
        out.print(f"{message['role']}: {said}{calls}", markup=False)
    for name in ("chosen", "rejected", "why"):
        if record.get(name):
            out.print(f"{name}: {record[name]}", markup=False)
    for id in record["facts"]:
        fact = world.facts[id]
        out.print(
            f"  {fact.subject.name} · {fact.relation} · {fact.value} · {fact.exposures}",
            style="dim",
            markup=False,
        )


def tell_report(world: World, report: StreamReport, unfit: int, openings: int) -> None:
    shown = table("kind", ">texts", ">bytes", ">words each", ">longest", ">facts", ">openings")
    for name, kind in report.kinds.items():
        mean = f"{kind.words / kind.texts:.0f}"
        differ = f"{len(kind.openings) / max(1, kind.openings.total()):.0%}"
        shown.add_row(
            name, count(kind.texts), size(kind.bytes), mean, str(kind.longest), count(kind.facts), differ
        )
    out.print(shown)
    for name, kind in report.kinds.items():
        for words, times in kind.openings.most_common(openings):
            out.print(f"  {name}: {times} × {words}", markup=False)
    total = sum(kind.bytes for kind in report.kinds.values())
    note(f"{count(sum(kind.texts for kind in report.kinds.values()))} texts, {size(total)}")
    note(f"runs of 8 words (names and numbers struck out) that occur once: {report.distinct:.1%}")
    note(f"texts that are a copy of an earlier one: {count(report.copies)}")
    for id, wanted, counted in report.wrong_exposures[:5]:
        note(f"wrong: {world.facts[id]!r} is stated {counted} times, not {wanted}")
    note(f"facts stated as often as the ledger wants: {len(world.facts) - len(report.wrong_exposures):,} "
         f"of {len(world.facts):,}")  # fmt: skip
    for record, id in report.absent_values[:5]:
        note(f"wrong: text {record} does not hold the value of {world.facts[id]!r}")
    note(f"values that do not stand in their text: {count(len(report.absent_values))}")
    note(f"texts of more than 400 words: {count(len(report.too_long))}")
    note(f"facts told in tuning that may not be: {count(unfit)}")


def report_json(report: StreamReport, unfit: int) -> dict[str, Any]:
    return {
        "kinds": {
            name: {
                "texts": k.texts,
                "bytes": k.bytes,
                "words": k.words,
                "longest": k.longest,
                "facts": k.facts,
            }
            for name, k in report.kinds.items()
        },
        "wrong_exposures": len(report.wrong_exposures),
        "absent_values": len(report.absent_values),
        "too_long": len(report.too_long),
        "unfit_in_tuning": unfit,
        "copies": report.copies,
        "distinct_8_grams": report.distinct,
        "sound": report.sound and not unfit,
    }
