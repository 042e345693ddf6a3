"""Charts as plain SVG that fits light and dark pages. Lengths are in user units: about a pixel on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from typing import Final

from benchmarks.report.layout import number

WIDTH: Final = 720
TITLE_HEIGHT: Final = 44
ROW_HEIGHT: Final = 30
BAR_HEIGHT: Final = 18
CHARACTER: Final = 7.4
"""Width of a character of the labels: wider than most are in any usual sans-serif of 13 px."""
LONGEST: Final = 4.0
"""A bar that is more than this many times the next shorter one is cut, and shown to be."""
PLOT_HEIGHT: Final = 260
STYLE: Final = """
  text { font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 15px }
  .faint { fill: #59636e }
  .grid { stroke: #d1d9e0; stroke-width: 1 }
  .bar { fill: #818b98 }
  .own { fill: #0969da }
  .curve { fill: none; stroke: #0969da; stroke-width: 2 }
  .cut { stroke: #ffffff; stroke-width: 4 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .faint { fill: #9198a1 }
    .grid { stroke: #3d444d }
    .bar { fill: #656c76 }
    .own { fill: #4493f8 }
    .curve { stroke: #4493f8 }
    .cut { stroke: #0d1117 }
  }
"""


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    own: bool


def bars(title: str, data: Sequence[Bar], digits: int = 1) -> str:
    """Horizontal bars from zero, one below the other, each with its label and value."""
    left = max(len(bar.label) for bar in data) * CHARACTER + 12
    right = max(len(number(bar.value, digits)) for bar in data) * CHARACTER + 12
    full = scale_end([bar.value for bar in data])
    parts = [
        part
        for index, bar in enumerate(data)
        for part in bar_parts(bar, TITLE_HEIGHT + index * ROW_HEIGHT, left, (WIDTH - left - right) / full, full, digits)
    ]
    return document(title, TITLE_HEIGHT + len(data) * ROW_HEIGHT + 8, parts)


def bar_parts(bar: Bar, top: float, left: float, unit: float, full: float, digits: int) -> list[str]:
    """One bar; one that is longer than `full` ends there, after a gap."""
    length = max(min(bar.value, full) * unit, 1)
    middle = top + BAR_HEIGHT / 2
    parts = [
        text(left - 8, middle + 4.5, bar.label, anchor="end"),
        f'<rect class="{"own" if bar.own else "bar"}" x="{left:.1f}" y="{top:.1f}" width="{length:.1f}"'
        f' height="{BAR_HEIGHT}" rx="2"/>',
        text(left + length + 8, middle + 4.5, number(bar.value, digits), "faint"),
    ]
    if bar.value > full:
        x = left + length - 28
        parts.append(f'<path class="cut" d="M{x:.1f} {top + BAR_HEIGHT + 3:.1f} l10 {-BAR_HEIGHT - 6}"/>')
    return parts


def scale_end(values: Sequence[float]) -> float:
    """Where the scale of bars ends: at the greatest value, or before one that would dwarf all others."""
    *others, greatest = sorted(values)
    if others and 0 < LONGEST * others[-1] < greatest:
        return others[-1] * 1.5
    return greatest or 1.0


def line(title: str, x_title: str, points: Sequence[tuple[float, float]]) -> str:
    """A curve over numbers, both axes from zero."""
    ticks_x, ticks_y = ticks(max(x for x, _ in points)), ticks(max(y for _, y in points))
    left = max(len(axis_number(tick)) for tick in ticks_y) * CHARACTER + 16
    width, bottom = WIDTH - left - 40, TITLE_HEIGHT + PLOT_HEIGHT

    def place(x: float, y: float) -> tuple[float, float]:
        return left + x / ticks_x[-1] * width, bottom - y / ticks_y[-1] * PLOT_HEIGHT

    parts = []
    for tick in ticks_y:
        y = place(0, tick)[1]
        parts.append(f'<line class="grid" x1="{left:.1f}" x2="{left + width:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(text(left - 8, y + 4.5, axis_number(tick), "faint", "end"))
    for tick in ticks_x:
        parts.append(text(place(tick, 0)[0], bottom + 20, axis_number(tick), "faint", "middle"))
    parts.append(text(left + width / 2, bottom + 42, x_title, "faint", "middle"))
    placed = [place(*point) for point in points]
    parts.append(f'<polyline class="curve" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in placed)}"/>')
    parts += [f'<circle class="own" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in placed]
    return document(title, bottom + 54, parts)


def ticks(greatest: float) -> list[float]:
    """Round numbers from 0 up to one that is not below `greatest`."""
    rough = greatest / 5 or 1.0
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    return [step * index for index in range(max(ceil(greatest / step), 1) + 1)]


def axis_number(value: float) -> str:
    return f"{value:,.10g}"


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    name = f' class="{kind}"' if kind else ""
    return f'<text{name} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def document(title: str, height: float, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}"'
    lines = [
        f'{head} height="{height:.0f}" role="img" aria-label="{escape(title, quote=True)}">',
        f"<style>{STYLE}</style>",
        text(4, 22, title, "title"),
        *parts,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"
