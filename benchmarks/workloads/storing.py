"""Posting as fast as messages are acknowledged: what ingest, large membership and two processes have in common."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Final

from benchmarks.measuring import Values, checked, connected, known
from benchmarks.report.layout import GENERATOR, LOOP, Column
from benchmarks.servers import Running
from benchmarks.stretch import stretch
from benchmarks.workload import Effort

SECONDS: Final = 5.0
WARM_UP_SECONDS: Final = 0.5
BODY_BYTES: Final = 100
COLUMNS: Final = (
    Column("posts_per_s", "acknowledged posts/s", 0, ratio=True),
    Column("ok_p50_ms", "ok p50, ms", 1),
    Column("ok_p99_ms", "ok p99, ms", 1),
    Column("us_per_post", "server CPU per post, µs", 0),
    Column("server_cores", "Parley CPU", 0, percent=True),
    Column("store_cores", "database and Redis CPU", 0, percent=True),
    LOOP,
    GENERATOR,
)


def acknowledged(
    starting: AbstractContextManager[Running], sockets: int, posters: int, effort: Effort, in_flight: int = 1
) -> Values:
    """One run: the first `posters` of the sockets each keep `in_flight` posts unacknowledged."""
    with connected(starting, sockets) as (server, load):
        load.post(0, posters, wait="ok", in_flight=in_flight, seconds=WARM_UP_SECONDS, bytes=BODY_BYTES)
        with stretch(server, load) as work:
            posted = checked(
                load.post(
                    0,
                    posters,
                    wait="ok",
                    in_flight=in_flight,
                    seconds=effort.seconds(SECONDS),
                    bytes=BODY_BYTES,
                ),
                server,
            )
    return {
        "posts_per_s": posted.oks / posted.seconds,
        "ok_p50_ms": known(posted.ok_ms.p50),
        "ok_p99_ms": known(posted.ok_ms.p99),
        "us_per_post": work.cpu / posted.oks * 1e6,
        **work.shares(),
    }
