"""The servers under test: each does the work that it is measured by, and is known by what it uses."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from benchmarks.servers import PEERS, Missing, Running, parley, peer, processes

WAIT_SECONDS = 15.0
TEXT = '{"message":"p1-1 xxxxxxxxxxxxxxxx"}'


@pytest.fixture
def enter() -> Iterator[Callable[..., Any]]:
    """`enter(peer("ws"))` runs it until the test ends. What a machine lacks skips the test, in CI too: `make test`
    installs neither npm's packages nor what else only `make bench` needs."""
    with ExitStack() as stack:

        def enter(context: Any) -> Any:
            try:
                return stack.enter_context(context)
            except Missing as reason:
                pytest.skip(str(reason))

        yield enter


def url(server: Running) -> str:
    query = "?EIO=4&transport=websocket" if server.dialect == "socketio" else ""
    return f"ws://{server.host}:{server.port}{server.path}{query}"


@contextmanager
def open_socket(server: Running) -> Iterator[ClientConnection]:
    """One that gets what is said from now on."""
    with connect(url(server), compression=None, open_timeout=WAIT_SECONDS) as socket:
        if server.dialect == "socketio":
            assert str(socket.recv(WAIT_SECONDS)).startswith("0{")
            socket.send("40")
            assert str(socket.recv(WAIT_SECONDS)).startswith("40{")
        yield socket


def say(server: Running, socket: ClientConnection, text: str) -> None:
    socket.send("42" + json.dumps(["message", text]) if server.dialect == "socketio" else text)


def hear(server: Running, socket: ClientConnection) -> str:
    frame = str(socket.recv(WAIT_SECONDS))
    if server.dialect == "socketio":
        name, frame = json.loads(frame.removeprefix("42"))
        assert name == "message"
    return frame


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_sends_each_message_to_every_socket_unchanged_and_in_order(name: str, enter: Any) -> None:
    server = enter(peer(name))
    sockets = [enter(open_socket(server)) for _ in range(3)]
    texts = [TEXT.replace("1-1", f"1-{number}") for number in range(200)]
    for text in texts:
        say(server, sockets[0], text)
    for socket in sockets:
        assert [hear(server, socket) for _ in texts] == texts
    assert server.memory() > 100_000


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_serves_on_when_sockets_go(name: str, enter: Any) -> None:
    server = enter(peer(name))
    gone, dropped, stays = (enter(open_socket(server)) for _ in range(3))
    gone.close()
    dropped.socket.close()
    for _ in range(20):
        say(server, stays, TEXT)
        assert hear(server, stays) == TEXT


@pytest.mark.parametrize(("store", "workers"), [("sqlite", 1), ("postgresql", 2)])
def test_parley_starts_with_rooms_whose_members_its_tokens_admit_in_turn(store: str, workers: int, enter: Any) -> None:
    server = enter(parley(store=store, workers=workers, seed=[("hall", 2), ("lane", 2)]))
    tokens = server.tokens.read_text().splitlines()
    assert len(set(tokens)) == 4
    slugs = [admitted(server, token) for token in tokens]
    assert slugs == ["hall", "lane", "hall", "lane"]
    assert server.memory() > 10_000_000
    assert server.parley_cpu().total > 0
    assert (server.cpu().total > server.parley_cpu().total) == (store == "postgresql")


def admitted(server: Running, token: str) -> str:
    """The slug of the one room that the token's owner is in."""
    headers = {"Authorization": f"Bearer {token}"}
    with connect(url(server), additional_headers=headers, subprotocols=["parley.v1"], compression=None) as socket:
        assert json.loads(socket.recv(WAIT_SECONDS))["op"] == "hello"
        socket.send('{"op":"resume","ref":"1"}')
        ready = json.loads(socket.recv(WAIT_SECONDS))
        (room,) = ready["rooms"]
        return str(room["slug"])


def test_only_two_stores_are_known() -> None:
    with pytest.raises(ValueError, match="mysql"), parley(store="mysql"):
        pass


def test_the_time_of_children_counts_even_when_they_have_died() -> None:
    me = os.getpid()
    before = processes.cpu([me])
    child = os.fork()
    if child == 0:
        while sum(os.times()[:2]) < 0.2:
            pass
        os._exit(0)
    os.waitpid(child, 0)
    assert (processes.cpu([me]) - before).total >= 0.15


def test_the_time_of_what_is_gone_is_no_number() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    with pytest.raises(RuntimeError, match=f"process {child}"):
        processes.cpu([child])
