"""Runs in turn, what counts as a run, and what a workload says of figures that are not there."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from benchmarks import looplag, queries
from benchmarks.catalogue import WORKLOADS
from benchmarks.load import Cpu, Latency, Posted
from benchmarks.measuring import Contender, Values, Wrong, alternate, checked
from benchmarks.report.results import Medians, Run
from benchmarks.servers import Missing, Running
from benchmarks.stretch import Stretch, busy_seconds
from benchmarks.workload import Effort, Workload
from benchmarks.workloads import bigroom, ingest, steps
from benchmarks.workloads.side_by_side import payload_bytes

NONE = Latency(p50=None, p99=None, max=None)
POSTED: dict[str, Any] = {
    "cpu": Cpu(0.1, 0.1),
    "posts": 2,
    "oks": 2,
    "errors": {},
    "closed": {},
    "deliveries": 4,
    "expected": 4,
    "missing": 0,
    "duplicates": 0,
    "out_of_order": 0,
    "seconds": 0.1,
    "ok_ms": NONE,
    "delivery_ms": NONE,
    "last_ms": NONE,
    "frame_bytes": 500.0,
    "timed_out": False,
}


def running(name: str) -> Running:
    return Running(name, "plain", 1, "/ws/", own=())


def taking(noted: list[str], name: str) -> Callable[[], Values]:
    def measure() -> Values:
        noted.append(name)
        return {"turn": float(len(noted))}

    return measure


def test_runs_alternate() -> None:
    noted: list[str] = []
    runs = list(alternate("any", 2, [Contender(name, "", taking(noted, name)) for name in "abc"]))
    assert noted == ["a", "b", "c"] * 2
    assert [(run.server, run.run, run.values["turn"]) for run in runs[2:4]] == [("c", 1, 3.0), ("a", 2, 4.0)]
    assert all(0.1 < run.values["pace_us"] < 10_000 for run in runs), "how fast the machine was stands beside each"


def test_what_is_not_installed_is_left_out_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    def missing() -> Values:
        raise Missing("nginx is not installed")

    runs = alternate("any", 2, [Contender("nchan", "", missing), Contender("parley", "", dict)])
    assert [run.server for run in runs] == ["parley", "parley"]
    assert capsys.readouterr().err == "SKIPPED nginx + nchan: nginx is not installed\n"


@pytest.mark.parametrize(
    "broken",
    [{"missing": 1}, {"duplicates": 1}, {"out_of_order": 1}, {"timed_out": True}, {"errors": {"unavailable": 1}}],
)
def test_a_run_in_which_parley_broke_its_promise_is_none(broken: dict[str, Any]) -> None:
    assert checked(Posted(**POSTED), running("parley")).deliveries == 4
    with pytest.raises(Wrong):
        checked(Posted(**POSTED | broken), running("parley"))
    assert checked(Posted(**POSTED | broken), running("tutorial")), "the others promise nothing"


def test_who_delivers_nothing_has_no_figures() -> None:
    with pytest.raises(Wrong):
        checked(Posted(**POSTED | {"deliveries": 0}), running("ws"))


@pytest.mark.parametrize(("frame", "payload"), [(500.2, 496), (130, 126), (127, 125), (12, 10)])
def test_others_deliver_frames_of_the_same_size(frame: float, payload: int) -> None:
    header = 2 if payload <= 125 else 4
    assert payload_bytes(frame) == payload == round(frame) - header


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_what_was_not_measured_reaches_no_target(workload: Workload) -> None:
    targets = workload.targets(Medians([]))
    assert bool(targets) is (workload is not steps.WORKLOAD), "steps alone must reach nothing"
    assert not any(target.reached for target in targets)
    assert len({target.name for target in targets}) == len(targets)


def test_a_room_that_grows_in_a_straight_line_fits_it() -> None:
    def last(milliseconds: Callable[[int], float]) -> float | None:
        runs = [
            Run(workload="bigroom", server="parley", variant=str(size), run=1, values={"last_p50_ms": value})
            for size in bigroom.SIZES
            for value in [milliseconds(size)]
        ]
        return bigroom.fit(list(bigroom.SIZES), Medians(runs))

    assert last(lambda size: 2 + size / 100) == pytest.approx(1)
    assert (last(lambda size: size**3) or 1) < 0.98
    assert bigroom.fit([500, 1000], Medians([])) is None


def test_group_commit_is_compared_on_the_same_store() -> None:
    rates = {
        "SQLite": 5000.0,
        "PostgreSQL": 3500.0,
        f"SQLite, {ingest.ONE}": 1000.0,
        f"PostgreSQL, {ingest.ONE}": 400.0,
    }
    runs = [
        Run(workload="ingest", server="parley", variant=variant, run=1, values={"posts_per_s": rate, "ok_p99_ms": 61.0})
        for variant, rate in rates.items()
    ]
    found = ingest.targets(Medians(runs))
    assert [target.value for target in found] == [5000, 3500, 5, 8.75, 61, 61]
    assert [target.reached for target in found] == [True] * 4 + [False] * 2


def test_what_the_run_did_not_use_was_used_elsewhere() -> None:
    work = Stretch(seconds=2.0, cpu=1.0, own=0.8, generator=0.5, machine=1.9)
    assert work.shares() == pytest.approx(
        {"server_cores": 0.4, "store_cores": 0.1, "generator_cpu_share": 0.25, "other_cores": 0.2}
    )


METRICS = """
parley_event_loop_lag_seconds_bucket{le="0.01"} 7.0
parley_event_loop_lag_seconds_bucket{le="0.02"} 8.0
parley_event_loop_lag_seconds_bucket{le="+Inf"} 10.0
parley_event_loop_lag_seconds_count 10.0
"""


def test_how_often_the_event_loop_was_late_is_read_from_the_metrics() -> None:
    seen = looplag.read(METRICS)
    assert seen == looplag.Looks(all=10, in_time=8)
    assert replace(seen, all=50, in_time=47).late_since(seen) == pytest.approx(1 / 40)
    assert seen.late_since(seen) is None
    with pytest.raises(ValueError):
        looplag.read("nothing")


def test_the_machine_is_busy_while_somebody_works() -> None:
    before, mine = busy_seconds(), time.process_time()
    while time.process_time() - mine < 0.1:
        pass
    assert busy_seconds() - before >= 0.05


def test_quick_is_a_tenth() -> None:
    assert (Effort(5).count(500), Effort(5).seconds(4.0)) == (500, 4.0)
    assert (Effort(1, quick=True).count(500), Effort(1, quick=True).seconds(4.0)) == (50, 0.4)


@pytest.mark.django_db
def test_queries_of_a_server_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "queries"
    queries.create(path)
    count = queries.QueryCount(path)
    connection.ensure_connection()
    try:
        count.install(connection)
        count.install(connection)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.execute("SELECT 2")
    finally:
        connection.execute_wrappers.remove(count)
    assert queries.read(path) == 2
