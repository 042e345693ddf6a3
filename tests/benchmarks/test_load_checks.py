"""The load generator's own checks: they pass where nothing is wrong, and fail where something is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal

import pytest

from benchmarks.load import Load, LoadFailed, Posted
from tests.benchmarks.relay import Fault, Parleyish, Relay, SocketIO, drops, duplicates, faithful, running, swaps

pytestmark = pytest.mark.usefixtures("generator")

CLIENTS = 4
POSTS = 20
GIVE_UP_SECONDS = 2.0

Make = Callable[[Fault], Relay]


@pytest.fixture(params=["plain", "socketio", "parley"])
def relay(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Makes a server in each dialect."""
    kinds: dict[str, Make] = {
        "plain": Relay,
        "socketio": SocketIO,
        "parley": lambda fault: Parleyish(tmp_path, CLIENTS, fault),
    }
    return kinds[request.param]


def posted(relay: Relay, **arguments: Any) -> Posted:
    """What comes of some posts of one client."""
    with running(relay), Load(relay) as load:
        assert load.connect(0, CLIENTS, window=1).ready == CLIENTS
        return load.post(0, 1, wait="own", posts=POSTS, **arguments)


@pytest.mark.parametrize("wait", ["all", "own"])
def test_what_is_delivered_is_counted(relay: Make, wait: Literal["all", "own"]) -> None:
    with running(relay(faithful)) as server, Load(server) as load:
        connected = load.connect(0, CLIENTS)
        assert (connected.ready, connected.failed) == (CLIENTS, 0)
        answer = load.post(0, 3, wait=wait, posts=POSTS)
    assert answer.complete
    assert (answer.posts, answer.deliveries, answer.expected) == (POSTS, POSTS * CLIENTS, POSTS * CLIENTS)
    assert answer.oks == (POSTS if server.dialect == "parley" else 0)
    assert answer.delivery_ms.p50 is not None and (answer.last_ms.p50 is not None) == (wait == "all")


def test_a_frame_is_as_large_as_it_was_asked_for() -> None:
    assert posted(Relay(), bytes=100).frame_bytes == 2 + 100
    assert posted(Relay(), bytes=200).frame_bytes == 4 + 200


def test_a_duplicate_is_seen(relay: Make) -> None:
    answer = posted(relay(duplicates(5)))
    assert (answer.duplicates, answer.missing, answer.out_of_order) == (1, 0, 0)
    assert answer.deliveries == answer.expected and not answer.complete


def test_an_exchange_is_seen(relay: Make) -> None:
    answer = posted(relay(swaps(5)))
    assert (answer.out_of_order, answer.missing, answer.duplicates) == (1, 0, 0)
    assert answer.deliveries == answer.expected and not answer.complete


def test_a_gap_is_seen(relay: Make) -> None:
    answer = posted(relay(drops(5)), timeout=GIVE_UP_SECONDS)
    assert (answer.out_of_order, answer.missing, answer.duplicates) == (1, 1, 0)
    assert answer.timed_out and not answer.complete


def test_a_lost_last_message_is_seen(relay: Make) -> None:
    answer = posted(relay(drops(POSTS - 1)), timeout=GIVE_UP_SECONDS)
    assert (answer.out_of_order, answer.missing, answer.duplicates) == (0, 1, 0)
    assert answer.timed_out and not answer.complete


def test_a_refused_post_is_expected_nowhere(tmp_path: Path) -> None:
    server = Parleyish(tmp_path, CLIENTS)
    server.refuses = 5
    answer = posted(server)
    assert answer.errors == {"rate_limited": 1} and not answer.complete
    assert (answer.posts, answer.oks, answer.missing) == (POSTS, POSTS - 1, 0)
    assert answer.deliveries == answer.expected == (POSTS - 1) * CLIENTS


def test_what_a_replay_leaves_out_is_missing(tmp_path: Path) -> None:
    with running(Parleyish(tmp_path, CLIENTS)) as server, Load(server) as load:
        load.connect(0, CLIENTS)
        load.drop(2, CLIENTS, how="close")
        assert load.post(0, 1, wait="own", posts=5).complete
        resumed = load.connect(2, CLIENTS, resume=True)
    assert (resumed.ready, resumed.replayed, resumed.missing) == (CLIENTS - 2, 0, 5 * (CLIENTS - 2))


def test_pings_are_answered_between_commands() -> None:
    with running(Relay()) as server, Load(server) as load:
        load.connect(0, CLIENTS)
        server.ping()
        assert load.idle(0.01).cpu.total >= 0
        assert load.stats().open == CLIENTS


def test_the_end_of_the_server_is_seen() -> None:
    with ExitStack() as clients:
        with running(Relay()) as server:
            load = clients.enter_context(Load(server))
            load.connect(0, CLIENTS)
        closed = load.wait_closed(0, CLIENTS, timeout=15)
    assert (closed.closed, closed.open) == ({"1001": CLIENTS}, 0)


def test_a_server_that_is_not_there_is_a_failure() -> None:
    with running(Relay()) as server:
        pass
    with Load(server) as load:
        connected = load.connect(0, CLIENTS)
    assert (connected.ready, connected.failed) == (0, CLIENTS)
    assert connected.failures == {"Connection refused": CLIENTS}


def test_an_unusable_command_is_explained() -> None:
    with running(Relay()) as server, Load(server) as load, pytest.raises(LoadFailed, match="client 0 cannot post"):
        load.post(0, 1, wait="own", posts=1)


def test_peers_acknowledge_nothing() -> None:
    with running(Relay()) as server, Load(server) as load:
        load.connect(0, 1)
        with pytest.raises(LoadFailed, match="wait=ok"):
            load.post(0, 1, wait="ok", posts=1)
