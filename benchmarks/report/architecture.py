"""Writes the costs of a message's steps into docs/architecture.md, whose other words are written by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from benchmarks.report.layout import number
from benchmarks.report.results import Medians, Results
from benchmarks.report.table import markdown
from benchmarks.steps.way import STEPS, Step

WORKLOAD: Final = "steps"
BEGIN: Final = "<!-- Written by `make bench-steps` from here -->"
END: Final = "<!-- to here. -->"


def write(results: Results, folder: Path) -> None:
    """Puts what was measured between the marks of `architecture.md` in `folder`, if there is such a page."""
    page = folder / "architecture.md"
    if page.exists() and WORKLOAD in results.measured:
        page.write_text(with_costs(page.read_text(), results))


def with_costs(text: str, results: Results) -> str:
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page lacks {BEGIN!r} or {END!r}")
    return f"{head}{BEGIN}\n\n{costs(results)}\n\n{END}{tail}"


def costs(results: Results) -> str:
    """The table, what a message costs altogether, and where the figures come from."""
    measured, machine, medians = results.measured[WORKLOAD], results.machine, results.medians(WORKLOAD)
    rows = [["step", "file", "CPU, µs"]] + [
        [step.title, f"[{step.where}](../{step.where})", number(cost(step, medians), 1)] for step in STEPS
    ]
    return "\n\n".join(
        [
            markdown(rows, words=2),
            f"Altogether a plain post costs {number(total(medians, 'post', 'alone'), 0)} µs when it comes alone and"
            f" {number(total(medians, 'post', 'together'), 0)} µs when 64 are stored together, and then"
            f" {number(total(medians, 'socket'), 1)} µs for each socket that hears it.",
            f"Medians of {measured.runs} run{'s' if measured.runs != 1 else ''} of `{measured.command}` on"
            f" {machine.cpu}, {machine.cores} cores, Python {machine.python}, at commit {measured.commit}. Ratios"
            " travel from machine to machine, absolute figures do not.",
        ]
    )


def total(medians: Medians, *parts: str) -> float:
    return sum(cost(step, medians) or 0.0 for step in STEPS if step.part in parts)


def cost(step: Step, medians: Medians) -> float | None:
    return medians.get("cpu_us", variant=step.title)
