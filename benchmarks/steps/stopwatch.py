"""CPU and wall time of many small stretches of work."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Self

Figures = dict[str, float]


class Stopwatch:
    """Runs within `with` blocks. CPU is that of all threads of this process, in user and in system mode."""

    def __init__(self) -> None:
        self._cpu = 0
        self._wall = 0

    def __enter__(self) -> Self:
        self._wall -= time.perf_counter_ns()
        self._cpu -= time.process_time_ns()
        return self

    def __exit__(self, *error: object) -> None:
        self._cpu += time.process_time_ns()
        self._wall += time.perf_counter_ns()

    def each(self, count: int) -> Figures:
        """µs for each of `count` of what was done altogether."""
        return {"cpu_us": self._cpu / count / 1000, "wall_us": self._wall / count / 1000}

    def cpu_each(self, count: int) -> Figures:
        """The same for work whose pace was somebody else's."""
        return {"cpu_us": self._cpu / count / 1000}


def repeated(call: Callable[[], object], times: int) -> Figures:
    """`call`, again and again, after a tenth as many to warm up."""
    for _ in range(times // 10):
        call()
    watch = Stopwatch()
    with watch:
        for _ in range(times):
            call()
    return watch.each(times)
