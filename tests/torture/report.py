"""docs/reliability.md: what was broken, how often, and what was seen; written by `make torture` and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.report.machine import commit, this_machine
from tests.torture.checker import Findings
from tests.torture.faults import Fault
from tests.torture.run import Seen, quantile

INTRODUCTION = """\
# Reliability

<!-- Written by `make torture` and `make torture-short`, and by nothing else. -->

Parley's promise is that what the server acknowledged, every member gets: once, in order, whatever breaks in between.
Here it is broken on purpose. Real nodes on PostgreSQL and Redis, and one on SQLite; real sockets through a proxy of
ours; people who talk all the time; and a fault every few seconds. Each send ends as ok, failed or unknown. At the end
the [checker](../tests/torture/checker.py) compares what was sent and acknowledged, what each member heard, and what is
stored:

- **lost**: acknowledged and not stored as it was sent, or stored and not heard by a member
- **duplicated**: stored twice, or heard twice
- **out of order**: heard in another order than that of the numbers, or a number missing in the log
- **phantom**: heard or stored, and never sent, or refused
- **leaked**: heard by somebody who was not in the room

That the checker finds such things is shown with nodes that have a bug planted
([test_planted.py](../tests/torture/test_planted.py)): publishing before the commit, numbers from a database sequence,
no look whether an id was stored before, attaching after reading the head, no comparison of heads.

*Live again*: from the fault until a member who was cut off by it has a socket that has caught up. *Heard after*: from
the `ok` of a message until all members have heard it. *Resends*: posts that were sent again because no answer came.
*Memory*: of the biggest node. Each of the faults is a function in [tests/torture](../tests/torture).
"""


def record(
    kind: str,
    seen: Mapping[str, tuple[Fault, Seen]],
    findings: Findings,
    folder: Path,
    *,
    seconds: float,
    acknowledged: int,
) -> Path:
    """Puts this run in the place of the last of its kind, and writes the page."""
    path = folder / "reliability.json"
    data = json.loads(path.read_text()) if path.exists() else {}
    machine = this_machine()
    data[kind] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": f"{machine.cpu}, {machine.cores} cores, Python {machine.python}",
        "seconds": round(seconds),
        "acknowledged": acknowledged,
        "findings": findings.counts(),
        "faults": [_row(fault, what) for fault, what in seen.values()],
    }
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    page = folder / "reliability.md"
    page.write_text(_page(data))
    return page


def _row(fault: Fault, seen: Seen) -> dict[str, Any]:
    return {
        "fault": fault.name,
        "how": fault.how,
        "expected": fault.expected,
        "times": seen.times,
        "live_p50": quantile(seen.lives, 0.5),
        "live_p99": quantile(seen.lives, 0.99),
        "delay_p50": quantile(seen.delays, 0.5),
        "delay_p99": quantile(seen.delays, 0.99),
        "sent": seen.sent,
        "resends": seen.resends,
        "memory": seen.memory,
    }


def _page(data: dict[str, Any]) -> str:
    parts = [INTRODUCTION]
    for kind, command in (("long", "make torture"), ("short", "make torture-short")):
        if kind in data:
            parts.append(_section(data[kind], command))
    return "\n".join(parts)


def _section(run: dict[str, Any], command: str) -> str:
    found = ", ".join(f"{number} {kind}" for kind, number in run["findings"].items())
    lines = [
        f"## `{command}`",
        "",
        f"{run['acknowledged']:,} acknowledged messages in {run['seconds'] / 60:.0f} minutes: **{found}**.",
        f"{run['at'].partition('T')[0]}, commit {run['commit']}, {run['machine']}.",
        "",
        "| fault | how | times | expected | live again p50 / p99 | heard after p50 / p99 | resends | memory |",
        "|---|---|--:|---|--:|--:|--:|--:|",
    ]
    for row in run["faults"]:
        lines.append(
            f"| {row['fault']} | {row['how']} | {row['times']} | {row['expected']} "
            f"| {_pair(row['live_p50'], row['live_p99'])} | {_pair(row['delay_p50'], row['delay_p99'])} "
            f"| {row['resends']:,} of {row['sent']:,} | {row['memory'] / 2**20:.0f} MiB |"
        )
    return "\n".join([*lines, ""])


def _pair(one: float | None, other: float | None) -> str:
    if one is None or other is None:
        return "nobody was cut off"
    return f"{_seconds(one)} / {_seconds(other)}"


def _seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"
