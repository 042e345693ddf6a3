"""What all workloads share: runs in turn, sockets that are ready, a server at rest, and what counts as a run."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final

from benchmarks.load import Connected, Load, Posted
from benchmarks.pace import message_us
from benchmarks.report.layout import label
from benchmarks.report.results import Run
from benchmarks.servers import Missing, Running

Values = dict[str, float]

AT_REST: Final = 0.04
"""Share of a core that a server may use and still count as being at rest."""
REST_SECONDS: Final = 1.0
REST_TIMEOUT_SECONDS: Final = 300.0
WARM_UP_POSTS: Final = 20
WINDOW: Final = 64


class Wrong(Exception):
    """A run whose figures mean nothing: something was lost, refused or late."""


@dataclass(frozen=True)
class Contender:
    """One row of a workload's table: `measure` is one run of it."""

    server: str
    variant: str
    measure: Callable[[], Values]


def alternate(workload: str, runs: int, contenders: Sequence[Contender]) -> Iterator[Run]:
    """The contenders' runs in turn: A B C A B C …, so that what changes on the machine meets all of them.

    A contender whose program the machine does not have is left out, by name.
    """
    left = list(contenders)
    for number in range(1, runs + 1):
        for contender in list(left):
            pace = message_us()
            try:
                values = contender.measure()
            except Missing as reason:
                left.remove(contender)
                say(f"SKIPPED {label(contender.server, contender.variant)}: {reason}")
            else:
                values["pace_us"] = pace
                yield Run(
                    workload=workload, server=contender.server, variant=contender.variant, run=number, values=values
                )


@contextmanager
def connected(starting: AbstractContextManager[Running], sockets: int) -> Iterator[tuple[Running, Load]]:
    """A server with `sockets` clients that are ready, at rest."""
    with starting as server, Load(server) as load:
        connect(load, 0, sockets)
        rest(server, load)
        yield server, load


def connect(load: Load, start: int, end: int, window: int = WINDOW, resume: bool = False) -> Connected:
    """All of the sockets [start, end) are ready afterwards, `window` of them at a time."""
    answer = load.connect(start, end, window=window, resume=resume)
    if answer.ready != end - start:
        raise Wrong(f"{answer.failed} of {end - start} sockets did not become ready: {answer.failures}")
    if answer.missing or answer.duplicates or answer.out_of_order:
        raise Wrong(f"what was replayed is not what was missed: {answer}")
    return answer


def rest(server: Running, load: Load) -> None:
    """Waits until the server has done what it still had to do, such as telling all of who is online."""
    deadline = time.monotonic() + REST_TIMEOUT_SECONDS
    while True:
        before = server.cpu().total
        load.idle(REST_SECONDS)
        if server.cpu().total - before <= AT_REST * REST_SECONDS:
            return
        if time.monotonic() > deadline:
            raise Wrong(f"{server.name} had not come to rest after {REST_TIMEOUT_SECONDS:.0f} s")


def checked(posted: Posted, server: Running) -> Posted:
    """What Parley was given arrived: once, in order, at everybody. The others promise none of it; theirs is counted."""
    if server.name == "parley" and not posted.complete:
        raise Wrong(f"Parley broke its promise: {posted}")
    if not posted.deliveries:
        raise Wrong(f"{server.name} delivered nothing")
    return posted


def known(value: float | None) -> float:
    """A figure that this run must have."""
    if value is None:
        raise Wrong("the load generator measured nothing")
    return value


def say(line: str) -> None:
    """Tells whoever waits at the terminal how far it is."""
    print(line, file=sys.stderr, flush=True)
