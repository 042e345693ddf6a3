"""Ingest: 64 people write as fast as they are acknowledged, with group commit and without."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from benchmarks.measuring import Contender, Values, alternate
from benchmarks.report.layout import Bars
from benchmarks.report.results import Medians, Run, Target, at_least, at_most, ratio
from benchmarks.servers import parley
from benchmarks.workload import Effort, Workload
from benchmarks.workloads.storing import COLUMNS, acknowledged

ROOMS: Final = 20
MEMBERS: Final = 5
POSTERS: Final = 64
SEED: Final = [(f"room-{number:02}", MEMBERS) for number in range(1, ROOMS + 1)]
ONE: Final = "one transaction per post"
STORES: Final = {"SQLite": "sqlite", "PostgreSQL": "postgresql"}


def measure(effort: Effort) -> Iterator[Run]:
    def one(store: str, env: dict[str, str]) -> Values:
        return acknowledged(parley(store=store, seed=SEED, env=env), ROOMS * MEMBERS, POSTERS, effort)

    contenders = [
        contender
        for title, store in STORES.items()
        for contender in (
            Contender("parley", title, partial(one, store, {})),
            Contender("parley", f"{title}, {ONE}", partial(one, store, {"WRITER_BATCH": "1"})),
        )
    ]
    return alternate("ingest", effort.runs, contenders)


def targets(medians: Medians) -> list[Target]:
    def rate(variant: str) -> float | None:
        return medians.get("posts_per_s", variant=variant)

    def gain(title: str) -> float | None:
        return ratio(rate(title), rate(f"{title}, {ONE}"))

    return [
        at_least("acknowledged posts/s on SQLite", rate("SQLite"), 4000, "/s"),
        at_least("acknowledged posts/s on PostgreSQL", rate("PostgreSQL"), 3000, "/s"),
        at_least("SQLite, beside one transaction per post", gain("SQLite"), 4, "×"),
        at_least("PostgreSQL, beside one transaction per post", gain("PostgreSQL"), 8, "×"),
        *(at_most(f"p99 of ok on {title}", medians.get("ok_p99_ms", variant=title), 60, "ms") for title in STORES),
    ]


WORKLOAD = Workload(
    name="ingest",
    title="Ingest",
    summary="64 posters in 20 rooms of 5 connected members, in one process; each posts as soon as it has its `ok`.",
    measure=measure,
    targets=targets,
    columns=COLUMNS,
    charts=(Bars("ingest-rate", "Ingest by 64 posters: acknowledged posts/s (more is better)", "posts_per_s", 0),),
)
