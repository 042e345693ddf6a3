"""`python -m benchmarks [WORKLOAD …]`: measures Parley beside others, and writes docs/benchmarks.md with its data."""

from __future__ import annotations

import argparse
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.catalogue import WORKLOADS
from benchmarks.measuring import say
from benchmarks.report import architecture, page, results
from benchmarks.report.layout import label, number
from benchmarks.report.machine import ROOT, commit, this_machine
from benchmarks.report.results import Measured, Results, Run
from benchmarks.report.table import figures, terminal, verdicts
from benchmarks.versions import versions
from benchmarks.workload import Effort, Workload

DATA: Final = "benchmarks.json"
NAMES: Final = [workload.name for workload in WORKLOADS]


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    effort = Effort(runs=1 if options.quick else options.runs, quick=options.quick)
    folder = options.output or (ROOT / "var" / "benchmarks" if options.quick else ROOT / "docs")
    chosen = [workload for workload in WORKLOADS if not options.workloads or workload.name in options.workloads]
    found = so_far(folder / DATA)
    failed = []
    for workload in chosen:
        try:
            measure(workload, effort, found, command(options))
        except Exception:  # those after it are measured all the same: all of them together take long
            traceback.print_exc()
            failed.append(workload.name)
        else:
            results.save(found, folder / DATA)
            architecture.write(found, folder)
            print(page.write(found, WORKLOADS, folder), flush=True)
    if failed:
        say(f"FAILED: {', '.join(failed)}")
    return 1 if failed else 0


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", type=workload_name, help=", ".join(NAMES))
    parser.add_argument("--runs", type=int, default=5, help="alternating runs of each server (default 5)")
    parser.add_argument(
        "--quick", action="store_true", help="one small run, into var/benchmarks: does everything work?"
    )
    parser.add_argument("--output", type=Path, help="the folder of benchmarks.md and benchmarks.json (default docs)")
    return parser


def workload_name(text: str) -> str:
    if text not in NAMES:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(NAMES)}")
    return text


def command(options: argparse.Namespace) -> str:
    """The command that whoever reads the page may give to get the same."""
    names = " ".join(f"bench-{name}" for name in options.workloads) or "bench"
    runs = "" if options.runs == 5 else f" RUNS={options.runs}"
    return f"make {names}{runs}"


def so_far(path: Path) -> Results:
    """Earlier figures of this machine, or none: those of another may not stand beside new ones."""
    machine = this_machine()
    if path.exists():
        found = results.load(path)
        if found.machine.same_hardware(machine):
            machine.versions = found.machine.versions | versions()
            found.machine = machine
            return found
        say(f"{path} is of another machine: starting anew")
    machine.versions = versions()
    return Results(machine=machine, started=now())


def measure(workload: Workload, effort: Effort, found: Results, made_by: str) -> None:
    """Measures one workload, prints its table, and puts it into what was found."""
    say(f"\n== {workload.title} ==")
    started, began, runs = now(), time.monotonic(), list[Run]()
    first = workload.columns[0]
    for run in workload.measure(effort):
        name, value = label(run.server, run.variant), number(run.values[first.key], first.digits)
        say(f"{run.run}  {name:40} {first.title}: {value}")
        runs.append(run)
    measured = Measured(
        command=made_by,
        commit=commit(),
        started=started,
        seconds=round(time.monotonic() - began, 1),
        runs=effort.runs,
        kernel=found.machine.kernel,
    )
    medians = results.Medians(runs)
    targets = workload.targets(medians)
    found.replace(workload.name, measured, runs, targets)
    tables = [figures(workload, medians), *([verdicts(targets)] if targets else [])]
    print("", *map(terminal, tables), "", sep="\n\n", flush=True)


def now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"


if __name__ == "__main__":
    # An end by exception: servers under test are stopped on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
