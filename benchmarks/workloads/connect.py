"""Connect: from the TCP handshake through token and resume to ready."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from benchmarks.measuring import Contender, Values, alternate, connect, connected, known
from benchmarks.report.layout import GENERATOR, LOOP, Column
from benchmarks.report.results import Medians, Run, Target, at_least
from benchmarks.servers import parley
from benchmarks.stretch import stretch
from benchmarks.workload import Effort, Workload

SOCKETS: Final = 2000
WARM_UP: Final = 64


def measure(effort: Effort) -> Iterator[Run]:
    return alternate("connect", effort.runs, [Contender("parley", "", lambda: connects(effort.count(SOCKETS)))])


def connects(sockets: int) -> Values:
    starting = parley(store="sqlite", seed=[("load", WARM_UP + sockets)])
    with connected(starting, WARM_UP) as (server, load), stretch(server, load) as work:
        answer = connect(load, WARM_UP, WARM_UP + sockets)
    return {
        "ready_per_s": sockets / answer.seconds,
        "us_per_connect": work.cpu / sockets * 1e6,
        "p50_ms": known(answer.p50_ms),
        "p99_ms": known(answer.p99_ms),
        **work.shares(),
    }


def targets(medians: Medians) -> list[Target]:
    return [at_least("sockets ready per second, one process", medians.get("ready_per_s"), 800, "/s")]


WORKLOAD = Workload(
    name="connect",
    title="Connect",
    summary="2,000 members of one room connect, 64 at a time: handshake with a JWT, `hello`, `resume`, `ready`.",
    measure=measure,
    targets=targets,
    columns=(
        Column("ready_per_s", "ready/s", 0),
        Column("us_per_connect", "server CPU per socket, µs", 0),
        Column("p50_ms", "connect to ready p50, ms", 1),
        Column("p99_ms", "p99, ms", 1),
        LOOP,
        GENERATOR,
    ),
)
