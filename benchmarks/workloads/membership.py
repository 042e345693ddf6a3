"""Large membership: a message to 5,000 members costs what one to 10 does, when 10 are connected."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from benchmarks.measuring import Contender, Values, alternate
from benchmarks.report.results import Medians, Run, Target, at_least, ratio
from benchmarks.servers import parley
from benchmarks.workload import Effort, Workload
from benchmarks.workloads.storing import COLUMNS, acknowledged

SOCKETS: Final = 10
POSTERS: Final = 8
IN_FLIGHT: Final = 2
"""16 posts under way altogether."""
SMALL: Final = "10 members"
LARGE: Final = "5,000 members"
MEMBERS: Final = {SMALL: 10, LARGE: 5000}


def measure(effort: Effort) -> Iterator[Run]:
    def one(members: int) -> Values:
        return acknowledged(parley(store="sqlite", seed=[("load", members)]), SOCKETS, POSTERS, effort, IN_FLIGHT)

    contenders = [Contender("parley", variant, partial(one, members)) for variant, members in MEMBERS.items()]
    return alternate("membership", effort.runs, contenders)


def targets(medians: Medians) -> list[Target]:
    large, small = (medians.get("posts_per_s", variant=variant) for variant in (LARGE, SMALL))
    return [at_least("acknowledged posts/s, beside a room of 10", ratio(large, small), 0.9, "×")]


WORKLOAD = Workload(
    name="membership",
    title="Large membership",
    summary="A room of 5,000 members and one of 10; in both 10 are connected and 16 posts are under way.",
    measure=measure,
    targets=targets,
    columns=COLUMNS,
)
