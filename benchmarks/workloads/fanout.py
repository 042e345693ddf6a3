"""Fan-out: one message at a time to 500 sockets in one room."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.load import Load, Posted
from benchmarks.report.layout import Bars
from benchmarks.report.results import Medians, Run, Target, at_least, at_most, ratio
from benchmarks.workload import Effort, Workload
from benchmarks.workloads.side_by_side import COLUMNS, SECONDS, side_by_side


def measure(effort: Effort) -> Iterator[Run]:
    def post(load: Load, size: int) -> Posted:
        return load.post(0, 16, wait="all", seconds=effort.seconds(SECONDS), bytes=size)

    return side_by_side("fanout", effort, post)


def targets(medians: Medians) -> list[Target]:
    own = medians.get("us_per_delivery")
    return [
        at_most("CPU per delivery, beside Node ws", ratio(own, medians.get("us_per_delivery", "ws")), 1.1, "×"),
        at_least(
            "CPU per delivery of the Channels tutorial, beside Parley's",
            ratio(medians.get("us_per_delivery", "tutorial"), own),
            35,
            "×",
        ),
    ]


WORKLOAD = Workload(
    name="fanout",
    title="Fan-out",
    summary="500 sockets in one room; a message is posted when everybody has the one before.",
    measure=measure,
    targets=targets,
    columns=COLUMNS,
    charts=(
        Bars("fanout-cpu", "Fan-out to 500 sockets: server CPU per delivery, µs (less is better)", "us_per_delivery"),
    ),
)
