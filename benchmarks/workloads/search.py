"""Search: how long somebody waits for the first page of what was found, over many messages."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any, Final
from urllib.parse import urlencode

from benchmarks.measuring import Contender, Values, Wrong, alternate
from benchmarks.report.layout import Column
from benchmarks.report.results import Medians, Run, Target, at_most
from benchmarks.servers import Missing, Running, parley
from benchmarks.servers.parley import ROOT, environment
from benchmarks.servers.stores import private_postgresql
from benchmarks.workload import Effort, Workload
from tests.support import services

COPIES: Final = 10
"""How often the export that CORPUS names is imported."""
P95_MS: Final = 50.0
STORES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Site:
    server: Running
    token: str
    queries: dict[str, list[str]]


def measure(effort: Effort) -> Iterator[Run]:
    with ExitStack() as stack:
        found = {store: stack.enter_context(site(store, 1 if effort.quick else COPIES)) for store in STORES}
        yield from alternate(
            "search",
            effort.runs,
            [Contender("parley", name, partial(waits, found[store], effort)) for store, name in STORES.items()],
        )


def waits(site: Site, effort: Effort) -> Values:
    """Milliseconds until the answer is read, one question after the other, each asked once."""
    taken = {
        kind: [asked(site, kind, query) for query in queries[: effort.count(len(queries))]]
        for kind, queries in site.queries.items()
    }
    everything = quantiles([ms for times in taken.values() for ms in times], n=100)
    values = {"p50_ms": everything[49], "p95_ms": everything[94], "p99_ms": everything[98]}
    return values | {f"p95_{kind.replace(' ', '_')}_ms": quantiles(times, n=20)[18] for kind, times in taken.items()}


def asked(site: Site, kind: str, query: str) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", site.server.port)
    connection.connect()
    address = "/api/v1/search/?" + urlencode({"q": query, "sort": "best" if kind == "best first" else "newest"})
    begun = time.perf_counter()
    connection.request("GET", address, headers={"Authorization": f"Bearer {site.token}"})
    response = connection.getresponse()
    body = response.read()
    taken = 1_000 * (time.perf_counter() - begun)
    connection.close()
    if response.status != 200 or (kind != "a link" and not json.loads(body)["results"]):
        raise Wrong(f"{query!r} of {kind} found nothing: {response.status}")
    return taken


@contextmanager
def site(store: str, copies: int) -> Iterator[Site]:
    corpus = os.environ.get("CORPUS", "")
    if not Path(corpus).is_file():
        raise Missing("CORPUS names no file: it takes the zip of a Slack export")
    with ExitStack() as stack:
        data = stack.enter_context(tempfile.TemporaryDirectory(prefix="parley-bench-", dir=services.DISK))
        env = {"PARLEY_DATA": data}
        if store == "postgresql":
            env["DATABASE_URL"], _ = stack.enter_context(private_postgresql())
        server = stack.enter_context(parley(env=env))
        command = [sys.executable, "-m", "benchmarks.workloads.search_seed", corpus, str(copies)]
        done = subprocess.run(command, cwd=ROOT, env=environment(Path(data)) | env, stdout=subprocess.PIPE, check=True)
        seeded: dict[str, Any] = json.loads(done.stdout)
        yield Site(server, seeded["token"], seeded["queries"])


def targets(medians: Medians) -> list[Target]:
    return [at_most(f"p95, {name}", medians.get("p95_ms", variant=name), P95_MS, "ms") for name in STORES.values()]


WORKLOAD = Workload(
    name="search",
    title="Search",
    summary="One member of every room asks for the first 20 of what is found, by a token, over HTTP: words, phrases "
    "and filters drawn from what was said, a frequent word as often as it was said. Milliseconds until the last byte.",
    measure=measure,
    targets=targets,
    columns=(
        Column("p50_ms", "p50", 1),
        Column("p95_ms", "p95", 1),
        Column("p99_ms", "p99", 1),
        Column("p95_one_word_ms", "p95: one word", 1),
        Column("p95_three_words_ms", "three words", 1),
        Column("p95_a_phrase_ms", "a phrase", 1),
        Column("p95_from_somebody_ms", "from somebody", 1),
        Column("p95_best_first_ms", "best first", 1),
    ),
)
