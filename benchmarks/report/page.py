"""Writes docs/benchmarks.md and its charts. The words come from page.md, notes/ and short/ beside this file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Final

from benchmarks.report import svg
from benchmarks.report.layout import Bars, Chart, label, percent
from benchmarks.report.machine import Machine
from benchmarks.report.results import Medians, Results, Target
from benchmarks.report.table import figures, markdown, quantity, verdicts
from benchmarks.workload import Workload

HERE: Final = Path(__file__).parent
CHARTS: Final = "benchmarks"
"""The folder of the charts, beside the page."""


def write(results: Results, workloads: Sequence[Workload], folder: Path) -> Path:
    """Writes `benchmarks.md` and the charts of what was measured into `folder`; returns the page."""
    shown = [workload for workload in workloads if workload.name in results.measured]
    for workload in shown:
        write_charts(workload, results.medians(workload.name), folder / CHARTS)
    page = folder / "benchmarks.md"
    page.write_text(
        Template((HERE / "page.md").read_text()).substitute(
            machine=machine(results.machine),
            targets=markdown(all_targets(shown, results.targets), words=2),
            short=what_stays_short(shown, results.targets),
            workloads="\n\n".join(section(workload, results) for workload in shown),
        )
    )
    return page


def machine(facts: Machine) -> str:
    rows = [
        ["", ""],
        ["CPU", facts.cpu],
        ["cores", str(facts.cores)],
        ["memory", f"{facts.memory_gib} GiB"],
        ["Python", facts.python],
        *([name, version] for name, version in sorted(facts.versions.items())),
    ]
    return markdown(rows, words=2)


def all_targets(workloads: Sequence[Workload], targets: Sequence[Target]) -> list[list[str]]:
    head, *_ = verdicts([])
    lines = [["workload", *head]]
    for workload in workloads:
        name = f"[{workload.title}](#{workload.name})"
        for line in verdicts([target for target in targets if target.workload == workload.name])[1:]:
            lines.append([name, *line])
    return lines


def what_stays_short(workloads: Sequence[Workload], targets: Sequence[Target]) -> str:
    """Each missed target, and the reason where short/NAME.md gives it."""
    parts = []
    for workload in workloads:
        missed = [target for target in targets if target.workload == workload.name and not target.reached]
        if missed:
            parts.append(f"### {workload.title}\n\n" + "\n".join(f"- {shortfall(target)}" for target in missed))
            parts += words("short", workload.name)
    return "\n\n".join(parts) or "Nothing: every target above is reached."


def shortfall(target: Target) -> str:
    limit = f"{'at most' if target.at_most else 'at least'} {quantity(target.limit, target.unit)}"
    measured = "was not measured" if target.value is None else f"is {quantity(target.value, target.unit)}"
    return f"{target.name}: {measured}, should be {limit}."


def section(workload: Workload, results: Results) -> str:
    """One workload: what is done, the charts, the table, and the command that made it."""
    measured, medians = results.measured[workload.name], results.medians(workload.name)
    images = [f"![{chart.title}]({CHARTS}/{chart.file}.svg)" for chart in workload.charts if drawable(chart, medians)]
    made = (
        f"`{measured.command}` · {measured.runs} run{'s' if measured.runs != 1 else ''} · {measured.started}"
        f" · commit {measured.commit} · {measured.seconds:.0f} s"
    )
    if measured.kernel:
        made += f" · {measured.kernel}"
    elsewhere = medians.worst("other_cores")
    if elsewhere is not None:
        made += f" · used elsewhere: at most {percent(elsewhere)} of a core"
    quickest, slowest = medians.best("pace_us"), medians.worst("pace_us")
    if quickest is not None and slowest is not None:
        made += f" · pace: {quickest:.1f} to {slowest:.1f} µs"
    heading = f'<a id="{workload.name}"></a>\n\n## {workload.title}'
    table = markdown(figures(workload, medians))
    return "\n\n".join([heading, workload.summary, *words("notes", workload.name), *images, table, made])


def words(folder: str, name: str) -> list[str]:
    path = HERE / folder / f"{name}.md"
    return [path.read_text().strip()] if path.exists() else []


def drawable(chart: Chart, medians: Medians) -> bool:
    return any(medians.get(chart.key, *row) is not None for row in medians.rows)


def write_charts(workload: Workload, medians: Medians, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for chart in workload.charts:
        if drawable(chart, medians):
            (folder / f"{chart.file}.svg").write_text(draw(chart, medians))


def draw(chart: Chart, medians: Medians) -> str:
    measured = [(row, value) for row in medians.rows if (value := medians.get(chart.key, *row)) is not None]
    if isinstance(chart, Bars):
        return svg.bars(
            chart.title, [svg.Bar(label(*row), value, row[0] == "parley") for row, value in measured], chart.digits
        )
    own = [(float(variant), value) for (server, variant), value in measured if server == "parley"]
    return svg.line(chart.title, chart.x_title, own)
