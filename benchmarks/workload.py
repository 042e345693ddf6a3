"""What a workload is: how it is measured, what it must reach, and how its figures are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from benchmarks.report.layout import Chart, Column
from benchmarks.report.results import Medians, Run, Target


@dataclass(frozen=True)
class Effort:
    """How much is measured: `runs` of full size, or with `quick` small ones that only show that everything works."""

    runs: int
    quick: bool = False

    def count(self, full: int) -> int:
        return max(full // 10, 2) if self.quick else full

    def seconds(self, full: float) -> float:
        return full / 10 if self.quick else full


@dataclass(frozen=True)
class Workload:
    """`name` stands in `make bench-NAME`. `summary` is one sentence, for the page."""

    name: str
    title: str
    summary: str
    measure: Callable[[Effort], Iterator[Run]]
    targets: Callable[[Medians], list[Target]]
    columns: tuple[Column, ...]
    charts: tuple[Chart, ...] = field(default=())
