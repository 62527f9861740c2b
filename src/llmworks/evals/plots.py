"""Small curves as SVG, by hand: scores against exposures, digits or examples; reliability; abstaining.

    write_plots(result, folder)          one file a plot that a task asks for, and its calibration

No library, no script, no font but the reader's own; light and dark by the page's colour scheme.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llmworks.evals.result import Result, TaskResult

WIDTH, HEIGHT = 580, 340
LEFT, RIGHT, TOP, BOTTOM = 56, 170, 40, 48
COLOURS = ("#2f6db5", "#c2571a", "#3d8b4f", "#8a4fa3", "#a8323e", "#6b6b6b")
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#333}.title{font-size:14px;font-weight:600}"
    ".axis{stroke:#888}.grid{stroke:#8884;stroke-width:.6}.band{fill-opacity:.15}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}}"
)


@dataclass(frozen=True, slots=True)
class Point:
    """x: place on the axis. low, high: the interval, or y itself."""

    x: float
    y: float
    low: float
    high: float
    n: int = 0


@dataclass(frozen=True, slots=True)
class Curve:
    name: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Axis:
    """ticks: (place, label), in the unit of the points."""

    title: str
    low: float
    high: float
    ticks: Sequence[tuple[float, str]]

    def share(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5


SHARES = tuple((tick / 5, f"{20 * tick} %") for tick in range(6))


def chart(title: str, x: Axis, y: Axis, curves: Sequence[Curve], extra: str = "") -> str:
    """An SVG of curves with their intervals as bands; each point says its numbers when pointed at."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}"><style>{STYLE}</style>',
        f'<text class="title" x="{LEFT}" y="22">{escape(title)}</text>',
        _axes(x, y),
        extra,
    ]
    for number, curve in enumerate(curves):
        parts.append(_curve(curve, x, y, COLOURS[number % len(COLOURS)], number))
    return "\n".join((*parts, "</svg>\n"))


def _across(axis: Axis, value: float) -> float:
    return LEFT + axis.share(value) * (WIDTH - LEFT - RIGHT)


def _up(axis: Axis, value: float) -> float:
    return HEIGHT - BOTTOM - axis.share(value) * (HEIGHT - TOP - BOTTOM)


def _axes(x: Axis, y: Axis) -> str:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = [f'<path class="axis" fill="none" d="M{LEFT} {TOP}V{bottom}H{right}"/>']
    for value, label in y.ticks:
        at = _up(y, value)
        parts.append(f'<path class="grid" d="M{LEFT} {at:.1f}H{right}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{escape(label)}</text>')
    for value, label in x.ticks:
        at = _across(x, value)
        parts.append(f'<text x="{at:.1f}" y="{bottom + 18}" text-anchor="middle">{escape(label)}</text>')
    middle = (LEFT + right) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">{escape(x.title)}</text>')
    turned = f"rotate(-90 14 {(TOP + bottom) / 2})"
    parts.append(
        f'<text x="14" y="{(TOP + bottom) / 2}" text-anchor="middle" transform="{turned}">'
        f"{escape(y.title)}</text>"
    )
    return "\n".join(parts)


def _curve(curve: Curve, x: Axis, y: Axis, colour: str, number: int) -> str:
    points = [point for point in curve.points if math.isfinite(point.y)]
    places = [(_across(x, point.x), _up(y, point.y)) for point in points]
    line = "L".join(f"{across:.1f} {up:.1f}" for across, up in places)
    banded = [point for point in points if math.isfinite(point.low) and math.isfinite(point.high)]
    parts = []
    if len(banded) > 1:
        upper = [f"{_across(x, point.x):.1f} {_up(y, point.high):.1f}" for point in banded]
        lower = [f"{_across(x, point.x):.1f} {_up(y, point.low):.1f}" for point in reversed(banded)]
        parts.append(f'<path class="band" fill="{colour}" d="M{"L".join((*upper, *lower))}Z"/>')
    if len(points) > 1:
        parts.append(f'<path fill="none" stroke="{colour}" stroke-width="2" d="M{line}"/>')
    for point, (across, up) in zip(points, places, strict=True):
        told = f"{curve.name}: {point.y:.3f}" + (f" (n = {point.n})" if point.n else "")
        parts.append(
            f'<circle cx="{across:.1f}" cy="{up:.1f}" r="3.5" fill="{colour}">'
            f"<title>{escape(told)}</title></circle>"
        )
    at = TOP + 10 + 18 * number
    parts.append(f'<rect x="{WIDTH - RIGHT + 14}" y="{at - 9}" width="10" height="10" fill="{colour}"/>')
    parts.append(f'<text x="{WIDTH - RIGHT + 30}" y="{at}">{escape(curve.name)}</text>')
    return "\n".join(parts)


def grouped_chart(result: TaskResult) -> str | None:
    """The picture that a task asks for: metrics against the values of one `by`, evenly spaced."""
    plot = result.task.plot
    if plot is None or plot.by not in result.groups:
        return None
    values = list(result.groups[plot.by])
    curves = []
    for number, metric in enumerate(plot.metrics):
        points = [
            Point(place, made.value, made.low, made.high, made.n)
            for place, value in enumerate(values)
            if (made := result.groups[plot.by][value].get(metric)) is not None
        ]
        name = plot.labels[number] if number < len(plot.labels) else metric
        curves.append(Curve(name, points))
    x = Axis(plot.x, -0.3, len(values) - 0.7, list(enumerate(values)))
    return chart(plot.title, x, Axis(plot.y, 0.0, 1.0, SHARES), curves)


def reliability_chart(title: str, calibration: dict[str, Any]) -> str:
    """Share right against confidence, over bins of equal width and of equal mass; the diagonal is perfect."""
    curves = []
    for name, key in (("equal width", "equal_width"), ("equal mass", "equal_mass")):
        points = [
            Point(part["confidence"], part["accuracy"], math.nan, math.nan, part["n"])
            for part in calibration[key]
        ]
        curves.append(Curve(name, points))
    x, y = Axis("confidence", 0.0, 1.0, SHARES), Axis("share right", 0.0, 1.0, SHARES)
    diagonal = (
        f'<path stroke="#999" stroke-dasharray="4 4" d="M{_across(x, 0)} {_up(y, 0)}'
        f'L{_across(x, 1)} {_up(y, 1)}"/>'
        f'<text x="{WIDTH - RIGHT + 14}" y="{TOP + 60}">ECE {calibration["ece"]:.3f}</text>'
        f'<text x="{WIDTH - RIGHT + 14}" y="{TOP + 78}">Brier {calibration["brier"]:.3f}</text>'
    )
    return chart(title, x, y, curves, diagonal)


def abstention_chart(title: str, calibration: dict[str, Any]) -> str:
    """Share of wrong answers against the share of questions that are still answered."""
    points = [Point(coverage, risk, math.nan, math.nan) for coverage, risk, _ in calibration["abstention"]]
    x, y = Axis("share of questions answered", 0.0, 1.0, SHARES), Axis("share wrong", 0.0, 1.0, SHARES)
    note = f'<text x="{WIDTH - RIGHT + 14}" y="{TOP + 42}">AURC {calibration["aurc"]:.3f}</text>'
    return chart(title, x, y, [Curve("surest first", points)], note)


def write_plots(result: Result, folder: Path) -> list[Path]:
    """Every picture of a run; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    made: dict[str, str] = {}
    for task in result.tasks:
        picture = grouped_chart(task)
        if picture is not None and task.task.plot is not None:
            made[task.task.plot.name] = picture
        if task.calibration is not None:
            name = task.task.name
            made[f"{name}_reliability.svg"] = reliability_chart(f"{name}: reliability", task.calibration)
            made[f"{name}_abstention.svg"] = abstention_chart(f"{name}: abstaining", task.calibration)
    paths = []
    for name, text in made.items():
        (folder / name).write_text(text)
        paths.append(folder / name)
    return paths
