"""All workloads, in the order of the page."""

from __future__ import annotations

from typing import Final

from benchmarks.workload import Workload
from benchmarks.workloads import (
    bigroom,
    burst,
    connect,
    fanout,
    idle,
    ingest,
    membership,
    pages,
    processes,
    quiet,
    search,
    slow,
    steps,
    storm,
)

WORKLOADS: Final[tuple[Workload, ...]] = (
    fanout.WORKLOAD,
    burst.WORKLOAD,
    bigroom.WORKLOAD,
    ingest.WORKLOAD,
    membership.WORKLOAD,
    quiet.WORKLOAD,
    connect.WORKLOAD,
    storm.WORKLOAD,
    idle.WORKLOAD,
    slow.WORKLOAD,
    pages.WORKLOAD,
    search.WORKLOAD,
    processes.WORKLOAD,
    steps.WORKLOAD,
)
