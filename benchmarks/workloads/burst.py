"""Burst: 16 people write at once to 500 sockets in one room."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.load import Load, Posted
from benchmarks.report.layout import Bars
from benchmarks.report.results import Medians, Run, Target, at_least, ratio
from benchmarks.workload import Effort, Workload
from benchmarks.workloads.side_by_side import COLUMNS, SECONDS, side_by_side


def measure(effort: Effort) -> Iterator[Run]:
    def post(load: Load, size: int) -> Posted:
        return load.post(0, 16, wait="own", seconds=effort.seconds(SECONDS), bytes=size)

    return side_by_side("burst", effort, post)


def targets(medians: Medians) -> list[Target]:
    own = medians.get("deliveries_per_s")
    return [
        at_least("deliveries/s, beside Node ws", ratio(own, medians.get("deliveries_per_s", "ws")), 2, "×"),
        at_least(
            "deliveries/s, beside C with one send() per socket",
            ratio(own, medians.get("deliveries_per_s", "limit")),
            1.2,
            "×",
        ),
    ]


WORKLOAD = Workload(
    name="burst",
    title="Burst",
    summary="500 sockets in one room; 16 of them post, each as soon as its own message is back.",
    measure=measure,
    targets=targets,
    columns=tuple(column for column in COLUMNS if column.key != "last_p50_ms"),
    charts=(
        Bars("burst-rate", "Burst of 16 posters to 500 sockets: deliveries/s (more is better)", "deliveries_per_s", 0),
    ),
)
