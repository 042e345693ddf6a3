"""Steps: what each step of a message's way costs, measured within one process and without a load generator."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import Values, Wrong
from benchmarks.report.layout import Column
from benchmarks.report.machine import ROOT
from benchmarks.report.results import Medians, Run, Target
from benchmarks.servers.parley import environment
from benchmarks.steps.way import STEPS
from benchmarks.workload import Effort, Workload
from tests.support.services import DISK


def measure(effort: Effort) -> Iterator[Run]:
    """Each run is a process of its own; a row's variant is the step's title."""
    for number in range(1, effort.runs + 1):
        found = one_run(effort.quick)
        for step in STEPS:
            yield Run(workload="steps", server="parley", variant=step.title, run=number, values=found[step.key])


def one_run(quick: bool) -> dict[str, Values]:
    with tempfile.TemporaryDirectory(prefix="parley-steps-", dir=DISK) as folder:
        output = Path(folder) / "steps.json"
        command = [sys.executable, "-m", "benchmarks.steps", str(output), *(["--quick"] if quick else [])]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment(Path(folder) / "data"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Wrong(f"the steps could not be measured:\n{done.stdout}")
        found: dict[str, Values] = json.loads(output.read_text())
        return found


def targets(medians: Medians) -> list[Target]:
    """None: what the steps must reach together, the other workloads say."""
    return []


WORKLOAD = Workload(
    name="steps",
    title="Steps of a message",
    summary="The functions that a post of 100 bytes goes through, on SQLite, each measured by itself in one process.",
    measure=measure,
    targets=targets,
    columns=(
        Column("cpu_us", "CPU, µs", 1),
        Column("wall_us", "wall, µs", 1),
    ),
)
