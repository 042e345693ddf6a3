"""Big room: how the time to the last socket, and the cost of a delivery, grow with the number of sockets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from statistics import StatisticsError, correlation
from typing import Final

from benchmarks.load import Load, Posted
from benchmarks.measuring import Contender, alternate
from benchmarks.report.layout import GENERATOR, LOOP, Column, Line
from benchmarks.report.results import Medians, Run, Target, at_least, at_most, ratio
from benchmarks.servers import parley, peer
from benchmarks.workload import Effort, Workload
from benchmarks.workloads.side_by_side import BODY_BYTES, SECONDS, one_room, payload_bytes

SIZES: Final = (500, 1000, 2000, 3500, 5000)
EVENT_BYTES: Final = 656
"""Of a frame of Parley with BODY_BYTES in it, for the server beside it."""


def measure(effort: Effort) -> Iterator[Run]:
    def post(load: Load, size: int) -> Posted:
        return load.post(0, 16, wait="all", seconds=effort.seconds(SECONDS), bytes=size)

    def one(sockets: int) -> dict[str, float]:
        return one_room(parley(store="sqlite", seed=[("load", sockets)]), sockets, BODY_BYTES, post)

    def limit(sockets: int) -> dict[str, float]:
        return one_room(peer("limit"), sockets, payload_bytes(EVENT_BYTES), post)

    sizes = [effort.count(size) for size in SIZES]
    own = [Contender("parley", str(size), partial(one, size)) for size in sizes]
    beside = [Contender("limit", str(size), partial(limit, size)) for size in (sizes[0], sizes[-1])]
    return alternate("bigroom", effort.runs, [*own, *beside])


def targets(medians: Medians) -> list[Target]:
    sizes = sorted(int(variant) for server, variant in medians.rows if server == "parley")
    least, most = (str(sizes[0]), str(sizes[-1])) if sizes else ("", "")

    def growth(key: str) -> float | None:
        return ratio(medians.get(key, variant=most), medians.get(key, variant=least))

    times = growth("last_p50_ms")
    return [
        at_least("post to last socket grows linearly: R² of a straight line", fit(sizes, medians), 0.98),
        at_most(
            "post to last socket per socket, 5,000 beside 500",
            None if times is None else times * sizes[0] / sizes[-1],
            1.2,
            "×",
        ),
        at_most("CPU per delivery, 5,000 sockets beside 500", growth("us_per_delivery"), 1.2, "×"),
    ]


def fit(sizes: list[int], medians: Medians) -> float | None:
    """R² of a straight line through the times to the last socket."""
    times = [medians.get("last_p50_ms", variant=str(size)) for size in sizes]
    if None in times:
        return None
    try:
        return correlation(sizes, [time or 0.0 for time in times]) ** 2
    except StatisticsError:
        return None


WORKLOAD = Workload(
    name="bigroom",
    title="Big room",
    summary="500 to 5,000 sockets in one room; a message is posted when everybody has the one before.",
    measure=measure,
    targets=targets,
    columns=(
        Column("last_p50_ms", "post to last socket p50, ms", 1, ratio=True),
        Column("us_per_delivery", "server CPU per delivery, µs", 2, ratio=True),
        Column("deliveries_per_s", "deliveries/s", 0),
        LOOP,
        GENERATOR,
    ),
    charts=(
        Line("bigroom-last", "Big room: post to last socket, ms", "last_p50_ms", "sockets"),
        Line("bigroom-cpu", "Big room: server CPU per delivery, µs", "us_per_delivery", "sockets"),
    ),
)
