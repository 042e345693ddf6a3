"""Slow readers: 50 of 500 sockets stop reading while the room talks on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from benchmarks.load import Load
from benchmarks.measuring import WARM_UP_POSTS, Contender, Values, alternate, checked, connect, connected
from benchmarks.peak import PeakMemory
from benchmarks.report.layout import GENERATOR, Column
from benchmarks.report.results import Medians, Run, Target, at_least, at_most, ratio
from benchmarks.servers import Running, parley
from benchmarks.stretch import stretch
from benchmarks.workload import Effort, Workload

SLOW: Final = 50
FAST: Final = 450
POSTERS: Final = 16
SECONDS: Final = 4.0
"""Shorter than the 5 s that a closed socket has to read why: the slow ones read on right afterwards."""
BODY_BYTES: Final = 2000
"""Enough to fill the kernel's buffers of a socket, and then the server's, in that time."""
LIMIT_BYTES: Final = 2**20
TOO_SLOW: Final = "4413"
CLOSE_SECONDS: Final = 10.0
WITHOUT: Final = "450 sockets"
WITH: Final = "450 sockets, 50 more do not read"


def measure(effort: Effort) -> Iterator[Run]:
    fast, slow = effort.count(FAST), effort.count(SLOW)
    contenders = [
        Contender("parley", WITHOUT, lambda: without(fast, effort)),
        Contender("parley", WITH, lambda: beside(fast, slow, effort)),
    ]
    return alternate("slow", effort.runs, contenders)


def without(fast: int, effort: Effort) -> Values:
    with connected(parley(store="sqlite", seed=[("load", fast)]), fast) as (server, load):
        return talk(server, load, 0, effort)


def beside(fast: int, slow: int, effort: Effort) -> Values:
    """The slow ones are the first of the sockets; whoever posts reads."""
    with connected(parley(store="sqlite", seed=[("load", fast + slow)]), fast + slow) as (server, load):
        load.stop_reading(0, slow)
        values = talk(server, load, slow, effort)
        load.start_reading(0, slow)
        ends = load.wait_closed(0, slow, timeout=CLOSE_SECONDS)
        load.drop(0, slow, how="close")  # those that were not too slow
        connect(load, 0, slow, resume=True)
        # The slow ones count again, and a gap in what a socket has had until now would show.
        checked(load.post(0, 1, wait="all", posts=1, bytes=BODY_BYTES), server)
    return values | {"closed_4413": ends.closed.get(TOO_SLOW, 0) / slow}


def talk(server: Running, load: Load, first: int, effort: Effort) -> Values:
    """What it costs and how far memory grows while some post, from the socket `first` on."""
    load.post(first, first + 1, wait="all", posts=WARM_UP_POSTS, bytes=BODY_BYTES)
    seconds = effort.seconds(SECONDS)
    with PeakMemory(server) as memory, stretch(server, load) as work:
        posted = load.post(first, first + POSTERS, wait="own", seconds=seconds, bytes=BODY_BYTES)
    checked(posted, server)
    return {
        "deliveries_per_s": posted.deliveries / posted.seconds,
        "us_per_delivery": work.cpu / posted.deliveries * 1e6,
        "mib_grown": memory.grown / 2**20,
        **work.shares(),
    }


def targets(medians: Medians) -> list[Target]:
    def get(key: str, variant: str) -> float | None:
        return medians.get(key, variant=variant)

    rates = ratio(get("deliveries_per_s", WITH), get("deliveries_per_s", WITHOUT))
    grown, usual = get("mib_grown", WITH), get("mib_grown", WITHOUT)
    more = None if grown is None or usual is None else max(grown - usual, 0.0)
    return [
        at_least("deliveries/s to the other 450, beside none slow", rates, 0.9, "×"),
        at_most("memory for the slow ones", more, SLOW * LIMIT_BYTES / 2**20, "MiB"),
        at_least("slow ones closed with 4413, complete after they resume", get("closed_4413", WITH), 1, "%"),
    ]


WORKLOAD = Workload(
    name="slow",
    title="Slow readers",
    summary="16 posters write to 450 sockets that read; the second time 50 more are there that do not.",
    measure=measure,
    targets=targets,
    columns=(
        Column("deliveries_per_s", "deliveries/s to those who read", 0, ratio=True),
        Column("us_per_delivery", "server CPU per delivery, µs", 2, ratio=True),
        Column("mib_grown", "memory grown, MiB", 1),
        Column("closed_4413", "closed with 4413", 0, percent=True),
        GENERATOR,
    ),
)
