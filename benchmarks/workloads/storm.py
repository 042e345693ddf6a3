"""Reconnect storm: all sockets drop at once, miss messages, and come back at once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from benchmarks import queries
from benchmarks.measuring import Contender, Values, Wrong, alternate, checked, connect, connected, known, rest
from benchmarks.report.layout import GENERATOR, LOOP, Column
from benchmarks.report.results import Medians, Run, Target, at_most
from benchmarks.servers import Running, parley
from benchmarks.stretch import stretch
from benchmarks.workload import Effort, Workload

SOCKETS: Final = 2000
MISSED: Final = 50
BODY_BYTES: Final = 100


def measure(effort: Effort) -> Iterator[Run]:
    return alternate("storm", effort.runs, [Contender("parley", "", lambda: storm(effort.count(SOCKETS)))])


def storm(sockets: int) -> Values:
    with tempfile.TemporaryDirectory() as folder:
        count = Path(folder) / "queries"
        queries.create(count)
        with connected(counted(count, sockets + 1), sockets + 1) as (server, load):
            load.drop(0, sockets, how="reset")
            # The one who stays posts them.
            checked(load.post(sockets, sockets + 1, wait="ok", posts=MISSED, bytes=BODY_BYTES), server)
            rest(server, load)
            before = queries.read(count)
            with stretch(server, load) as work:
                answer = connect(load, 0, sockets, window=sockets, resume=True)
            asked = queries.read(count) - before
    if answer.replayed != sockets * MISSED or answer.resets:
        raise Wrong(f"{answer.replayed} of {sockets * MISSED} missed events came back, with {answer.resets} resets")
    return {
        "seconds": answer.seconds,
        "p50_ms": known(answer.p50_ms),
        "max_ms": known(answer.max_ms),
        "queries_per_client": asked / sockets,
        "us_per_connect": work.cpu / sockets * 1e6,
        **work.shares(),
    }


def counted(count: Path, members: int) -> AbstractContextManager[Running]:
    """A Parley that counts its queries in the file `count`."""
    env = {"DJANGO_SETTINGS_MODULE": "benchmarks.counting", "QUERY_COUNT": str(count)}
    return parley(store="sqlite", seed=[("load", members)], env=env)


def targets(medians: Medians) -> list[Target]:
    return [
        at_most("all ready", medians.get("seconds"), 6, "s"),
        at_most("queries per client", medians.get("queries_per_client"), 2),
    ]


WORKLOAD = Workload(
    name="storm",
    title="Reconnect storm",
    summary="2,000 sockets in one room are reset at once, miss 50 messages each, and all resume at once.",
    measure=measure,
    targets=targets,
    columns=(
        Column("seconds", "until all are ready, s", 2),
        Column("p50_ms", "connect to ready p50, ms", 0),
        Column("max_ms", "max, ms", 0),
        Column("queries_per_client", "queries per client", 2),
        Column("us_per_connect", "server CPU per socket, µs", 0),
        LOOP,
        GENERATOR,
    ),
)
