"""What was measured, as it stands in docs/benchmarks.json."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from statistics import median

import msgspec

from benchmarks.report.machine import Machine


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run of one workload by one server. `variant` tells apart what the same server was measured with."""

    workload: str
    server: str
    variant: str = ""
    run: int
    values: dict[str, float]


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What a workload must reach. `value` is None when it was not measured."""

    workload: str = ""
    name: str
    value: float | None
    limit: float
    at_most: bool
    unit: str = ""
    reached: bool


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """How one workload came by its figures. Times are in UTC, `seconds` is how long it took.

    The kernel stands here, because a machine may get another between two workloads.
    """

    command: str
    commit: str
    started: str
    seconds: float
    runs: int
    kernel: str = ""


class Results(msgspec.Struct, kw_only=True):
    machine: Machine
    started: str
    measured: dict[str, Measured] = {}
    runs: list[Run] = []
    targets: list[Target] = []

    def replace(self, workload: str, measured: Measured, runs: list[Run], targets: list[Target]) -> None:
        """Takes new figures of one workload in the place of its old ones."""
        self.measured[workload] = measured
        self.runs = [run for run in self.runs if run.workload != workload] + runs
        self.targets = [target for target in self.targets if target.workload != workload] + [
            msgspec.structs.replace(target, workload=workload) for target in targets
        ]

    def medians(self, workload: str) -> Medians:
        return Medians(run for run in self.runs if run.workload == workload)


def at_most(name: str, value: float | None, limit: float, unit: str = "") -> Target:
    reached = value is not None and value <= limit
    return Target(name=name, value=value, limit=limit, at_most=True, unit=unit, reached=reached)


def at_least(name: str, value: float | None, limit: float, unit: str = "") -> Target:
    reached = value is not None and value >= limit
    return Target(name=name, value=value, limit=limit, at_most=False, unit=unit, reached=reached)


Row = tuple[str, str]
"""Who was measured: (server, variant)."""


class Medians:
    """The figures of one workload: for each server and variant the median over its runs."""

    def __init__(self, runs: Iterable[Run]) -> None:
        self._values: dict[Row, dict[str, list[float]]] = {}
        for run in runs:
            values = self._values.setdefault((run.server, run.variant), {})
            for key, value in run.values.items():
                values.setdefault(key, []).append(value)

    @property
    def rows(self) -> list[Row]:
        """In the order in which they were measured."""
        return list(self._values)

    def get(self, key: str, server: str = "parley", variant: str = "") -> float | None:
        values = self._values.get((server, variant), {}).get(key)
        return median(values) if values else None

    def worst(self, key: str) -> float | None:
        """The greatest value of all runs of all rows."""
        return max(self._all(key), default=None)

    def best(self, key: str) -> float | None:
        """The least value of all runs of all rows."""
        return min(self._all(key), default=None)

    def _all(self, key: str) -> list[float]:
        return [value for values in self._values.values() for value in values.get(key, ())]

    def spread(self, key: str, row: Row) -> float | None:
        """Half of the distance between the least and the greatest run, as a share of the median."""
        values = self._values.get(row, {}).get(key)
        if not values or not median(values):
            return None
        return (max(values) - min(values)) / 2 / abs(median(values))


def ratio(value: float | None, base: float | None) -> float | None:
    """How many times `base` the value is; None when either was not measured."""
    return None if value is None or not base else value / base


def load(path: Path) -> Results:
    return msgspec.json.decode(path.read_bytes(), type=Results)


def save(results: Results, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")
