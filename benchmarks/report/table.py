"""The figures as a table: for the terminal, and in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.report.layout import Column, label, number, percent
from benchmarks.report.results import Medians, Row, Target, ratio
from benchmarks.workload import Workload

Cells = list[list[str]]
SPREAD = "spread"


def figures(workload: Workload, medians: Medians) -> Cells:
    """A header and one line a row: medians, with ratios to the first row, and the spread of the first column."""
    head = ["", *(column.title for column in workload.columns), SPREAD]
    first = workload.columns[0].key
    return [head] + [
        [
            label(*row),
            *(cell(column, row, medians) for column in workload.columns),
            f"± {percent(medians.spread(first, row))}",
        ]
        for row in medians.rows
    ]


def cell(column: Column, row: Row, medians: Medians) -> str:
    value = medians.get(column.key, *row)
    if column.percent:
        return percent(value, column.digits)
    first = medians.rows[0]
    times = ratio(value, medians.get(column.key, *first))
    if not column.ratio or times is None or row == first:
        return number(value, column.digits)
    return f"{number(value, column.digits)} ({number(times, 2 if times < 10 else 0)} ×)"


def verdicts(targets: Sequence[Target]) -> Cells:
    """A header and one line a target."""
    head = ["must reach", "limit", "measured", ""]
    return [head] + [
        [
            target.name,
            f"{'≤' if target.at_most else '≥'} {quantity(target.limit, target.unit)}",
            "not measured" if target.value is None else quantity(target.value, target.unit),
            "✓" if target.reached else "✗",
        ]
        for target in targets
    ]


def quantity(value: float, unit: str) -> str:
    """`1.08 ×`, `25 ms`, `12 %`, `4,210 /s`: as many digits as tell values near a limit apart."""
    if unit == "%":
        return f"{value * 100:.1f} %".replace(".0 %", " %")
    size = abs(value)
    digits = 0 if value == int(value) or size >= 1000 else 1 if size >= 100 else 2 if size >= 0.1 else 4
    return f"{value:,.{digits}f} {unit}".strip()


def markdown(cells: Cells, words: int = 1) -> str:
    """The first `words` columns stand to the left, figures to the right."""
    head, *lines = cells
    rule = ["---" if index < words else "--:" for index in range(len(head))]
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, rule, *lines])


def terminal(cells: Cells) -> str:
    widths = [max(len(line[index]) for line in cells) for index in range(len(cells[0]))]
    return "\n".join("  ".join(aligned(line, widths)).rstrip() for line in cells)


def aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    (name, width), *others = zip(line, widths, strict=True)
    return [name.ljust(width), *(text.rjust(width) for text, width in others)]
