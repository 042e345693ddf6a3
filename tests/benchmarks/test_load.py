"""The load generator against a real Parley."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from benchmarks.load import Load
from tests.support.server import Parley

pytestmark = pytest.mark.usefixtures("generator")

CLIENTS = 12
LONGEST = 16_000
SLOW_POSTS = 400
"""Of the longest: more than the kernel's buffers and Parley's bound hold for one socket, about 33 kB each."""


@dataclass(frozen=True)
class Seeded:
    """A Parley with a room of `CLIENTS` members."""

    port: int
    tokens: Path
    dialect: str = "parley"
    host: str = "127.0.0.1"
    path: str = "/ws/"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    data = tmp_path_factory.mktemp("load")
    parley = Parley(data / "parley", {"POSTS_PER_10S": "1000000"}).start()
    tokens = data / "tokens"
    parley.manage("seed_load", "--users", str(CLIENTS), "--room", "load", "--tokens", str(tokens))
    yield Seeded(parley.port, tokens)
    parley.kill()


@pytest.fixture
def load(generator: None, server: Seeded) -> Iterator[Load]:
    """All clients are connected."""
    with Load(server) as load:
        connected = load.connect(0, CLIENTS, window=4)
        assert (connected.ready, connected.failed, connected.replayed) == (CLIENTS, 0, 0)
        assert connected.p50_ms is not None and connected.max_ms is not None
        assert 0 < connected.p50_ms <= connected.max_ms <= 1000 * connected.seconds
        yield load
        stats = load.stats()
        assert (stats.duplicates, stats.out_of_order) == (0, 0)


def test_one_post_at_a_time_reaches_all(load: Load) -> None:
    answer = load.post(0, 3, wait="all", posts=20)
    assert answer.complete
    assert (answer.posts, answer.oks, answer.deliveries, answer.expected) == (20, 20, 20 * CLIENTS, 20 * CLIENTS)
    assert answer.last_ms.max is not None and answer.delivery_ms.max is not None
    assert answer.last_ms.max >= answer.delivery_ms.max
    assert answer.frame_bytes > 200


@pytest.mark.parametrize("wait", ["own", "ok"])
def test_posters_in_a_closed_loop(load: Load, wait: Literal["own", "ok"]) -> None:
    answer = load.post(2, 6, wait=wait, posts=100, in_flight=4)
    assert answer.complete
    assert (answer.posts, answer.oks, answer.deliveries) == (100, 100, 100 * CLIENTS)


def test_a_loop_that_ends_by_time(load: Load) -> None:
    answer = load.post(0, 2, wait="own", seconds=0.2)
    assert answer.complete and answer.posts > 0
    assert answer.deliveries == answer.posts * CLIENTS


def test_posts_at_a_rate(load: Load) -> None:
    began_at = time.monotonic()
    answer = load.post(0, 4, wait="own", rate=200, posts=41)
    assert time.monotonic() - began_at >= 40 / 200
    assert answer.complete and answer.posts == 41


@pytest.mark.parametrize("how", ["reset", "close"])
def test_whoever_resumes_has_missed_nothing(load: Load, how: Literal["reset", "close"]) -> None:
    half = CLIENTS // 2
    assert load.post(0, 2, wait="own", posts=10).complete
    assert load.drop(half, CLIENTS, how=how).dropped == half
    assert load.stats().open == half
    missed = load.post(0, 2, wait="own", posts=30)
    assert missed.complete and missed.expected == 30 * half
    resumed = load.connect(half, CLIENTS, resume=True)
    assert (resumed.ready, resumed.replayed) == (half, 30 * half)
    assert (resumed.missing, resumed.duplicates, resumed.out_of_order, resumed.resets) == (0, 0, 0, 0)
    live = load.post(0, CLIENTS, wait="own", posts=30)
    assert live.complete and live.expected == 30 * CLIENTS


def test_a_new_life_begins_at_the_head(load: Load) -> None:
    load.drop(4, CLIENTS, how="reset")
    assert load.post(0, 2, wait="own", posts=10).complete
    connected = load.connect(4, CLIENTS)
    assert (connected.ready, connected.replayed, connected.missing) == (CLIENTS - 4, 0, 0)
    assert load.post(0, 2, wait="own", posts=10).complete


def test_whoever_does_not_read_is_not_waited_for(load: Load) -> None:
    assert load.stop_reading(8, CLIENTS).changed == CLIENTS - 8
    waiting = load.post(0, 2, wait="all", posts=20, bytes=LONGEST)
    assert waiting.complete and waiting.expected == 20 * 8
    assert load.start_reading(8, CLIENTS).changed == CLIENTS - 8
    # What waited is longer than what is read at once, so that frames are cut; each must be there before these.
    live = load.post(0, 2, wait="all", posts=5)
    assert live.complete and live.expected == 5 * CLIENTS


def test_whoever_reads_too_slowly_is_closed_and_complete_when_it_resumes(load: Load) -> None:
    load.stop_reading(10, CLIENTS)
    assert load.post(0, 4, wait="ok", posts=SLOW_POSTS, bytes=LONGEST, in_flight=4).complete
    load.start_reading(10, CLIENTS)
    closed = load.wait_closed(10, CLIENTS, timeout=60)
    # A server that has waited for long drops the connection, and the code with it.
    assert sum(closed.closed.values()) == CLIENTS - 10 and closed.closed.keys() <= {"4413", "1006"}
    resumed = load.connect(10, CLIENTS, resume=True)
    assert resumed.ready == CLIENTS - 10 and resumed.replayed > 0
    assert (resumed.missing, resumed.duplicates, resumed.out_of_order) == (0, 0, 0)


def test_bad_credentials_are_counted_by_status(server: Seeded, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text("no token\n" + server.tokens.read_text())
    with Load(Seeded(server.port, tokens)) as load:
        connected = load.connect(0, 4)
    assert (connected.ready, connected.failed, connected.failures) == (3, 1, {"HTTP 401": 1})
