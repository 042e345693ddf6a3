"""Parley and the others with the same work: one room, one message to everybody in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import Final

from benchmarks.load import Load, Posted
from benchmarks.measuring import WARM_UP_POSTS, Contender, Values, alternate, checked, connected
from benchmarks.report.layout import GENERATOR, Column
from benchmarks.report.results import Run
from benchmarks.servers import Running, parley, peer
from benchmarks.stretch import stretch
from benchmarks.workload import Effort

SOCKETS: Final = 500
SECONDS: Final = 5.0
BODY_BYTES: Final = 100
PEERS: Final = ("limit", "nchan", "ws", "socketio", "fastapi", "tutorial")
COLUMNS: Final = (
    Column("us_per_delivery", "server CPU per delivery, µs", 2, ratio=True),
    Column("deliveries_per_s", "deliveries/s", 0, ratio=True),
    Column("last_p50_ms", "post to last socket p50, ms", 1),
    Column("frame_bytes", "frame, bytes", 0),
    Column("lost", "lost", 0),
    GENERATOR,
)

Post = Callable[[Load, int], Posted]
"""Posts messages of so many bytes for a while."""


def side_by_side(workload: str, effort: Effort, post: Post) -> Iterator[Run]:
    """Parley goes first in each round; the others then deliver frames as large as its events were."""
    sockets = effort.count(SOCKETS)
    event_bytes = 0.0

    def own() -> Values:
        nonlocal event_bytes
        values = one_room(parley(store="sqlite", seed=[("load", sockets)]), sockets, BODY_BYTES, post)
        event_bytes = values["frame_bytes"]
        return values

    def others(name: str) -> Values:
        return one_room(peer(name), sockets, payload_bytes(event_bytes), post)

    contenders = [Contender("parley", "", own)] + [Contender(name, "", partial(others, name)) for name in PEERS]
    return alternate(workload, effort.runs, contenders)


def one_room(starting: AbstractContextManager[Running], sockets: int, body_bytes: int, post: Post) -> Values:
    """One run: everybody in one room, and what a delivery costs the server."""
    with connected(starting, sockets) as (server, load):
        load.post(0, 1, wait="all", posts=WARM_UP_POSTS, bytes=body_bytes)
        with stretch(server, load) as work:
            posted = checked(post(load, body_bytes), server)
    return {
        "us_per_delivery": work.cpu / posted.deliveries * 1e6,
        "deliveries_per_s": posted.deliveries / posted.seconds,
        "frame_bytes": posted.frame_bytes,
        "lost": posted.missing,
        **({} if posted.last_ms.p50 is None else {"last_p50_ms": posted.last_ms.p50}),
        **work.shares(),
    }


def payload_bytes(frame_bytes: float) -> int:
    """The payload of an unmasked frame of that size (RFC 6455, section 5.2)."""
    size = round(frame_bytes)
    return size - 4 if size - 4 > 125 else size - 2
