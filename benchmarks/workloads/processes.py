"""Two processes: ingest through one and through two workers, with the same PostgreSQL and Redis."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from benchmarks.measuring import Contender, Values, alternate
from benchmarks.report.layout import LOOP
from benchmarks.report.results import Medians, Run, Target, at_least, ratio
from benchmarks.servers import parley
from benchmarks.workload import Effort, Workload
from benchmarks.workloads.ingest import MEMBERS, POSTERS, ROOMS, SEED
from benchmarks.workloads.storing import COLUMNS, acknowledged

ONE: Final = "one process"
TWO: Final = "two processes"
WORKERS: Final = {ONE: 1, TWO: 2}


def measure(effort: Effort) -> Iterator[Run]:
    def one(workers: int) -> Values:
        starting = parley(store="postgresql", redis=True, workers=workers, seed=SEED)
        return acknowledged(starting, ROOMS * MEMBERS, POSTERS, effort)

    contenders = [Contender("parley", variant, partial(one, workers)) for variant, workers in WORKERS.items()]
    return alternate("processes", effort.runs, contenders)


def targets(medians: Medians) -> list[Target]:
    two, one = (medians.get("posts_per_s", variant=variant) for variant in (TWO, ONE))
    return [at_least("acknowledged posts/s of two processes, beside one", ratio(two, one), 1.5, "×")]


WORKLOAD = Workload(
    name="processes",
    title="Two processes",
    summary="64 posters in 20 rooms of 5, on PostgreSQL and Redis, served by one process and by two.",
    measure=measure,
    targets=targets,
    columns=tuple(column for column in COLUMNS if column is not LOOP),
)
