"""Pages: what it costs to serve a room's page, and 50 messages as JSON, to somebody who is signed in."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

from benchmarks.browser import Browser
from benchmarks.measuring import Contender, Values, alternate
from benchmarks.report.layout import Column
from benchmarks.report.results import Medians, Run, Target, at_most, ratio
from benchmarks.report.table import figures, terminal, verdicts
from benchmarks.servers import Running, parley
from benchmarks.servers.parley import ROOT, environment
from benchmarks.workload import Effort, Workload
from tests.support import services

ROOMS: Final = {"empty": 0, "fifty": 50, "full": 150_000}
"""Slug → messages in it."""
REQUESTS: Final = 400
PAGE_MS: Final = 3.0
JSON_MS: Final = 2.0
FLAT: Final = 1.15
"""How much dearer a full room may be and still cost the same: more than runs differ by themselves."""


@dataclass(frozen=True)
class Site:
    """A Parley with those rooms. `session` and `token` are of somebody who has read all, `late` of one who has not."""

    server: Running
    rooms: dict[str, str]
    session: dict[str, str]
    token: dict[str, str]
    late: dict[str, str]


def measure(effort: Effort) -> Iterator[Run]:
    rooms = {slug: min(messages, 2_000) if effort.quick else messages for slug, messages in ROOMS.items()}
    with site(rooms) as found:
        contenders = [
            Contender("parley", variant(messages), partial(costs, found, slug, effort.count(REQUESTS)))
            for slug, messages in ROOMS.items()
        ]
        yield from alternate("pages", effort.runs, contenders)


def costs(site: Site, slug: str, requests: int) -> Values:
    """Milliseconds of server CPU per request, one request after the other."""
    page, messages = f"/rooms/{slug}/", f"/api/v1/rooms/{site.rooms[slug]}/messages/?limit=50"
    return {
        "page_ms": Browser(site.server, page, site.session).cpu_ms(requests),
        "unread_ms": Browser(site.server, page, site.late).cpu_ms(requests),
        "page_304_ms": Browser(site.server, page, site.session, revalidates=True).cpu_ms(requests),
        "token_ms": Browser(site.server, messages, site.token).cpu_ms(requests),
        "session_ms": Browser(site.server, messages, site.session).cpu_ms(requests),
        "json_304_ms": Browser(site.server, messages, site.token, revalidates=True).cpu_ms(requests),
    }


@contextmanager
def site(rooms: dict[str, int]) -> Iterator[Site]:
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parley-bench-", dir=services.DISK)))
        server = stack.enter_context(parley(store="sqlite", env={"PARLEY_DATA": str(data)}))
        words = [f"{slug}={messages}" for slug, messages in rooms.items()]
        command = [sys.executable, "-m", "benchmarks.workloads.pages_seed", *words]
        done = subprocess.run(command, cwd=ROOT, env=environment(data), stdout=subprocess.PIPE, check=True)
        seeded: dict[str, Any] = json.loads(done.stdout)
        keen, late = seeded["keen"], seeded["late"]
        cookie, token = _cookie(keen["session"]), {"Authorization": f"Bearer {keen['token']}"}
        yield Site(server, seeded["rooms"], cookie, token, _cookie(late["session"]))


def _cookie(session: str) -> dict[str, str]:
    return {"Cookie": f"sessionid={session}"}


def variant(messages: int) -> str:
    return f"{messages:,} messages" if messages else "no message"


def targets(medians: Medians) -> list[Target]:
    def worst(*keys: str) -> float | None:
        found = [medians.get(key, variant=each) for key in keys for _, each in medians.rows]
        return max((value for value in found if value is not None), default=None)

    def growth(key: str) -> float | None:
        full, fifty = (medians.get(key, variant=variant(ROOMS[slug])) for slug in ("full", "fifty"))
        return ratio(full, fifty)

    return [
        at_most("room page: server CPU, worst of all rooms", worst("page_ms", "unread_ms"), PAGE_MS, "ms"),
        at_most("50 messages as JSON: server CPU, worst of all rooms", worst("token_ms", "session_ms"), JSON_MS, "ms"),
        at_most("room page, 150,000 messages beside 50", growth("page_ms"), FLAT, "×"),
        at_most("messages as JSON, 150,000 messages beside 50", growth("token_ms"), FLAT, "×"),
    ]


WORKLOAD = Workload(
    name="pages",
    title="Pages",
    summary="The page of a room and 50 of its messages as JSON, asked for over a kept-alive connection by one member "
    "who has read everything. Server CPU in ms per request; 304 is the answer to whoever has the same already.",
    measure=measure,
    targets=targets,
    columns=(
        Column("page_ms", "page", 2),
        Column("unread_ms", "page, nothing read", 2),
        Column("page_304_ms", "page, 304", 2),
        Column("token_ms", "JSON by token", 2),
        Column("session_ms", "JSON by session", 2),
        Column("json_304_ms", "JSON, 304", 2),
    ),
)


def run(runs: int = 5, quick: bool = False) -> list[dict[str, Any]]:
    """The runs as they stand in the results' JSON."""
    found: list[dict[str, Any]] = msgspec.to_builtins(list(measure(Effort(runs, quick))))
    return found


if __name__ == "__main__":
    quick = "--quick" in sys.argv
    found = Medians(msgspec.convert(run(1 if quick else 5, quick), list[Run]))
    print(terminal(figures(WORKLOAD, found)), terminal(verdicts(targets(found))), sep="\n\n")
