"""Idle socket: what one that only listens costs in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from benchmarks.measuring import Contender, Values, alternate, connect, connected, rest
from benchmarks.report.layout import Column
from benchmarks.report.results import Medians, Run, Target, at_most
from benchmarks.servers import parley
from benchmarks.workload import Effort, Workload

SOCKETS: Final = 5000
WARM_UP: Final = 64
"""Sockets that are there before the first look, so that what every server keeps once is no part of the difference."""


def measure(effort: Effort) -> Iterator[Run]:
    return alternate("idle", effort.runs, [Contender("parley", "", lambda: memory(effort.count(SOCKETS)))])


def memory(sockets: int) -> Values:
    with connected(parley(store="sqlite", seed=[("load", WARM_UP + sockets)]), WARM_UP) as (server, load):
        before = server.memory()
        connect(load, WARM_UP, WARM_UP + sockets)
        rest(server, load)
        after = server.memory()
    return {
        "kib_per_socket": (after - before) / sockets / 1024,
        "mib_before": before / 2**20,
        "mib_after": after / 2**20,
    }


def targets(medians: Medians) -> list[Target]:
    return [at_most("server memory per socket", medians.get("kib_per_socket"), 28, "KiB")]


WORKLOAD = Workload(
    name="idle",
    title="Idle socket",
    summary="5,000 members of one room connect and then only listen.",
    measure=measure,
    targets=targets,
    columns=(
        Column("kib_per_socket", "server memory per socket, KiB", 1),
        Column("mib_before", "before, MiB", 0),
        Column("mib_after", "with 5,000 sockets, MiB", 0),
    ),
)
