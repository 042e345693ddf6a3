"""Figures that nobody measured, to lay out."""

from __future__ import annotations

from benchmarks.report.machine import Machine
from benchmarks.report.results import Measured, Medians, Results, Run
from benchmarks.workload import Workload
from benchmarks.workloads import bigroom, fanout

CPU = {"parley": 6.7, "limit": 5.0, "ws": 8.0, "tutorial": 346.0}
"""Microseconds of CPU per delivery."""
SIZES = (500, 5000)
WORKLOADS: tuple[Workload, ...] = (fanout.WORKLOAD, bigroom.WORKLOAD)


def fanout_runs() -> list[Run]:
    """Three of each server: slower, as said, and faster by a tenth."""
    return [
        Run(
            workload="fanout",
            server=server,
            run=run,
            values={
                "us_per_delivery": cpu * factor,
                "deliveries_per_s": 1e6 / cpu,
                "generator_cpu_share": 0.4,
                "other_cores": 0.01 * run,
                "pace_us": 10.0 + run,
            },
        )
        for run, factor in enumerate((1.1, 1.0, 0.9), 1)
        for server, cpu in CPU.items()
    ]


def bigroom_runs() -> list[Run]:
    """Twice as dear per delivery in the larger room."""
    return [
        Run(
            workload="bigroom",
            server="parley",
            variant=str(size),
            run=1,
            values={"last_p50_ms": size / 100, "us_per_delivery": 5 + size / 500},
        )
        for size in SIZES
    ]


def results() -> Results:
    machine = Machine(cpu="A <fast> one", cores=2, memory_gib=4.0, kernel="Linux 6", python="3.11.7")
    machine.versions = {"nginx": "1.22.1"}
    found = Results(machine=machine, started="2026-11-22 20:00 UTC")
    for workload, runs in zip(WORKLOADS, (fanout_runs(), bigroom_runs()), strict=True):
        made = Measured(
            command=f"make bench-{workload.name}",
            commit="0123abc",
            started=found.started,
            seconds=9.0,
            runs=3,
            kernel="Linux 6",
        )
        found.replace(workload.name, made, runs, workload.targets(Medians(runs)))
    return found
