"""Redis in shards, and found by Sentinel: what only the channel layer carries reaches other nodes."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from project import env
from project.redis import Watched, channel_layer_host
from tests.support.cast import Cast, assemble
from tests.support.client import Client
from tests.support.server import Parley
from tests.support.services import Missing, answers_ping, free_port, program, running
from tests.torture.installation import Service

pytestmark = pytest.mark.skipif(
    "DATABASE_URL" not in os.environ, reason="it has stores of its own, and runs once: beside those on PostgreSQL"
)


@pytest.fixture(autouse=True)
def server() -> str:
    try:
        return program("redis-server")
    except Missing as reason:
        pytest.skip(str(reason))


def on(cast: Cast, node: Parley, name: str) -> Client:
    client = Client(node.ws_url, cast.tokens[name])
    cast.clients.append(client)
    return client


async def hears_typing(teller: Client, hearer: Client, room: str) -> None:
    """A signal is in no log: it comes by the channel layer, or not at all. Told again until it comes."""
    stream = f"room:{room}"
    async with asyncio.timeout(40):
        while not any(frame.get("type") == "typing" and frame.get("stream") == stream for frame in hearer.frames):
            await teller.ask("typing", room=room)
            await asyncio.sleep(0.3)


@pytest.fixture
def nodes(start_parley: Callable[..., Parley]) -> Iterator[Callable[[str], tuple[Parley, Parley]]]:
    with contextlib.ExitStack() as stack:

        def start(url: str) -> tuple[Parley, Parley]:
            first = start_parley(REDIS_URL=url)
            second = first.another()
            stack.callback(second.kill)
            return first, second

        yield start


async def test_shards(nodes: Callable[[str], tuple[Parley, Parley]], tmp_path: Path, server: str) -> None:
    ports = [free_port(), free_port()]
    with contextlib.ExitStack() as stack:
        for port in ports:
            command = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
            stack.enter_context(running(command, tmp_path / f"{port}.log", lambda port=port: answers_ping(port)))
        first, second = nodes(" ".join(f"redis://127.0.0.1:{port}/0" for port in ports))
        cast = assemble(first, rooms=8)
        alice, bob = await on(cast, first, "alice").start(), await on(cast, second, "bob").start()
        for room in cast.rooms:
            await hears_typing(alice, bob, room)
            alice.frames.clear()
        for port in ports:
            with redis.Redis(port=port) as shard:
                assert shard.pubsub_channels(), "each has some of the groups"
        await cast.leave()


async def test_sentinel(nodes: Callable[[str], tuple[Parley, Parley]], tmp_path: Path, server: str) -> None:
    """The master dies; whom Sentinel makes the next one carries what is said, and nobody starts anything anew."""
    ports = master, replica, watch = free_port(), free_port(), free_port()
    common = ["--bind", "127.0.0.1", "--save", ""]
    configuration = tmp_path / "sentinel.conf"
    configuration.write_text(
        f"port {watch}\nbind 127.0.0.1\nsentinel monitor parley 127.0.0.1 {master} 1\n"
        "sentinel down-after-milliseconds parley 500\nsentinel failover-timeout parley 2000\n"
    )
    commands = [
        [server, "--port", str(master), *common],
        [server, "--port", str(replica), *common, "--replicaof", "127.0.0.1", str(master)],
        [server, str(configuration), "--sentinel"],
    ]
    with contextlib.ExitStack() as stack:
        services = []
        for port, command in zip(ports, commands, strict=True):
            service = Service(command, tmp_path / f"{port}.log", lambda port=port: answers_ping(port))
            service.start()
            stack.callback(service.kill)
            services.append(service)
        first, second = nodes(f"sentinel://127.0.0.1:{watch}/parley/0")
        cast = assemble(first)
        room = cast.room()
        alice, bob = await on(cast, first, "alice").start(), await on(cast, second, "bob").start()
        await hears_typing(alice, bob, room)
        await known_to(watch)
        services[0].kill()
        await alice.post(room, "said without Redis")
        await bob.event("message.posted", lambda data: data["body"] == "said without Redis")
        bob.frames.clear()
        await hears_typing(alice, bob, room)
        with redis.Redis(port=replica) as promoted:
            assert promoted.role()[0] == b"master"
        await cast.leave()


async def known_to(watch: int) -> None:
    """Waits until the Sentinel has seen the replica: it can promote no other."""
    with redis.Redis(port=watch) as sentinel:
        async with asyncio.timeout(40):
            while not sentinel.sentinel_slaves("parley"):  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("sentinel://10.0.0.1/parley", Watched((("10.0.0.1", 26379),), "parley", 0, None)),
        (
            "sentinel://:secr%40t@one:1,two/parley/3",
            Watched((("one", 1), ("two", 26379)), "parley", 3, "secr@t"),
        ),
    ],
)
def test_how_sentinels_are_named(url: str, found: Watched) -> None:
    assert Watched.read(url) == found


@pytest.mark.parametrize(
    "url", ["sentinel://one", "sentinel:///parley", "sentinel://one:x/parley", "sentinel://one/p/x"]
)
def test_what_names_none(url: str) -> None:
    with pytest.raises(ValueError):
        Watched.read(url)


def test_a_refused_one_keeps_its_password() -> None:
    with pytest.raises(SystemExit) as refused:
        channel_layer_host("sentinel://:hidden@host")
    assert "hidden" not in str(refused.value) and "sentinel://:***@host" in str(refused.value)


def test_several_are_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING", "redis://one/0  redis://:hidden@two/0")
    assert env.urls("THING", ("redis",), "redis://host") == ["redis://one/0", "redis://:hidden@two/0"]
    monkeypatch.setenv("THING", "redis://one/0 http://:hidden@two")
    with pytest.raises(SystemExit) as refused:
        env.urls("THING", ("redis",), "redis://host")
    assert "hidden" not in str(refused.value)
