"""Quiet latency: how long a message takes when nothing else is going on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from benchmarks.disk import sync_ms
from benchmarks.measuring import WARM_UP_POSTS, Contender, Values, alternate, checked, connected, known
from benchmarks.report.layout import GENERATOR, Column
from benchmarks.report.results import Medians, Run, Target, at_most
from benchmarks.servers import parley
from benchmarks.stretch import stretch
from benchmarks.workload import Effort, Workload
from benchmarks.workloads.ingest import STORES

SOCKETS: Final = 10
POSTS_PER_S: Final = 10
SECONDS: Final = 30.0
BODY_BYTES: Final = 100


def measure(effort: Effort) -> Iterator[Run]:
    contenders = [Contender("parley", title, partial(latency, store, effort)) for title, store in STORES.items()]
    return alternate("quiet", effort.runs, contenders)


def latency(store: str, effort: Effort) -> Values:
    disk_p50, disk_p99 = sync_ms()
    with connected(parley(store=store, seed=[("load", SOCKETS)]), SOCKETS) as (server, load):
        load.post(0, 1, wait="all", posts=WARM_UP_POSTS, bytes=BODY_BYTES)
        with stretch(server, load) as work:
            posted = checked(
                load.post(0, SOCKETS, wait="ok", rate=POSTS_PER_S, seconds=effort.seconds(SECONDS), bytes=BODY_BYTES),
                server,
            )
    return {
        "ok_p50_ms": known(posted.ok_ms.p50),
        "ok_p99_ms": known(posted.ok_ms.p99),
        "delivery_p50_ms": known(posted.delivery_ms.p50),
        "delivery_p99_ms": known(posted.delivery_ms.p99),
        "disk_p50_ms": disk_p50,
        "disk_p99_ms": disk_p99,
        **work.shares(),
    }


def targets(medians: Medians) -> list[Target]:
    limits = {"p50": 5, "p99": 25}
    ways = {"ok": "post to ok", "delivery": "post to other member"}
    return [
        at_most(f"{words} {rank} on {title}", medians.get(f"{key}_{rank}_ms", variant=title), limit, "ms")
        for title in STORES
        for key, words in ways.items()
        for rank, limit in limits.items()
    ]


WORKLOAD = Workload(
    name="quiet",
    title="Quiet latency",
    summary="10 sockets in one room, 10 posts a second.",
    measure=measure,
    targets=targets,
    columns=(
        Column("ok_p50_ms", "post to ok p50, ms", 2),
        Column("ok_p99_ms", "p99, ms", 2),
        Column("delivery_p50_ms", "post to other member p50, ms", 2),
        Column("delivery_p99_ms", "p99, ms", 2),
        Column("disk_p50_ms", "disk alone p50, ms", 2),
        Column("disk_p99_ms", "p99, ms", 2),
        GENERATOR,
    ),
)
