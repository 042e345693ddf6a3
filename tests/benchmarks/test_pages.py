"""What pages cost, in small."""

from __future__ import annotations

from benchmarks.report.results import Medians
from benchmarks.workload import Effort
from benchmarks.workloads import pages


def test_each_room_is_asked_for_in_each_way() -> None:
    runs = list(pages.measure(Effort(runs=1, quick=True)))
    assert [run.variant for run in runs] == ["no message", "50 messages", "150,000 messages"]
    for run in runs:
        measured = {column.key: run.values[column.key] for column in pages.WORKLOAD.columns}
        assert all(0 <= milliseconds < 1000 for milliseconds in measured.values()), measured
    assert all(target.value is not None for target in pages.targets(Medians(runs)))
