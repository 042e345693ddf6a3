"""Several nodes on one database: what one commits the members on the others get, whatever the channel layer loses."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator

import pytest

from tests.support.cast import Cast
from tests.support.client import Client
from tests.support.server import Parley
from tests.support.stored import stored_events


@pytest.fixture
def another() -> Iterator[Callable[[Parley], Parley]]:
    nodes: list[Parley] = []

    def start(parley: Parley) -> Parley:
        nodes.append(parley.another())
        return nodes[-1]

    yield start
    for node in nodes:
        node.kill()


def on(cast: Cast, node: Parley, name: str) -> Client:
    client = Client(node.ws_url, cast.tokens[name])
    cast.clients.append(client)
    return client


async def test_members_on_two_nodes_get_one_log(fresh: Callable[..., Cast], another: Callable[..., Parley]) -> None:
    cast = fresh(POSTS_PER_10S="100000")
    room = cast.room()
    stream = f"room:{room}"
    node = another(cast.parley)
    alice, bob = await on(cast, cast.parley, "alice").start(), await on(cast, node, "bob").start()
    await asyncio.gather(
        *[alice.post(room, f"a{number}") for number in range(50)],
        *[bob.post(room, f"b{number}") for number in range(50)],
    )
    stored = stored_events(cast.parley, room)
    for member in (alice, bob):
        await member.until(lambda member=member: member.cursors[stream] == stored[-1]["seq"])
        assert [event for event in member.events if event["stream"] == stream] == stored[-100:]
    # Any node takes up any client.
    await bob.drop()
    await alice.post(room, "while away")
    moved = on(cast, cast.parley, "bob")
    moved.epoch, moved.cursors = bob.epoch, bob.cursors
    await moved.start()
    assert [event["data"]["body"] for event in moved.events if event["stream"] == stream] == ["while away"]


async def test_a_node_ahead_of_another_is_no_reset(fresh: Callable[..., Cast], another: Callable[..., Parley]) -> None:
    """A client may know more than the node that it comes to, which only has not heard yet."""
    cast = fresh()
    room = cast.room()
    node = another(cast.parley)
    alice, bob = await on(cast, cast.parley, "alice").start(), await on(cast, node, "bob").start()
    ok = await alice.post(room, "news")
    hasty = on(cast, node, "alice")
    hasty.epoch, hasty.cursors = alice.epoch, {f"room:{room}": ok["seq"]}
    await hasty.start()
    assert hasty.resets == []
    assert hasty.log(f"room:{room}") == []
    await bob.event("message.posted", lambda data: data["body"] == "news")


@pytest.mark.skipif("REDIS_URL" not in os.environ, reason="the in-memory layer connects nobody: needs REDIS_URL")
async def test_what_redis_loses_is_read_from_the_log(
    fresh: Callable[..., Cast], another: Callable[..., Parley]
) -> None:
    import redis

    cast = fresh(POSTS_PER_10S="100000")
    room = cast.room()
    stream = f"room:{room}"
    node = another(cast.parley)
    alice, bob = await on(cast, cast.parley, "alice").start(), await on(cast, node, "bob").start()
    with redis.Redis.from_url(cast.parley.env["REDIS_URL"]) as layer:
        for number in range(20):
            # Only this installation's: Redis is shared by all tests of a run.
            mine = layer.connection_pool.connection_kwargs["db"]
            for client in layer.client_list(_type="pubsub"):
                if int(client["db"]) == mine:
                    layer.client_kill_filter(_id=client["id"])
            await alice.post(room, f"{number}")
    for member in (alice, bob):
        await member.event("message.posted", lambda data: data["body"] == "19")
        assert member.log(stream) == list(range(member.log(stream)[0], member.cursors[stream] + 1))


@pytest.mark.skipif("REDIS_URL" not in os.environ, reason="the in-memory layer connects nobody: needs REDIS_URL")
async def test_presence_and_typing_cross_nodes(fresh: Callable[..., Cast], another: Callable[..., Parley]) -> None:
    cast = fresh()
    room = cast.room()
    node = another(cast.parley)
    alice = await on(cast, cast.parley, "alice").start()
    bob = await on(cast, node, "bob").start()
    came = {"user": cast.ids["bob"], "state": "online"}
    await alice.until(lambda: any(frame.get("data") == came for frame in alice.frames))
    await bob.ask("typing", room=room)
    await alice.frame("signal", type="typing", stream=f"room:{room}")
    await asyncio.to_thread(node.terminate)
    went = {"user": cast.ids["bob"], "state": "offline"}
    await alice.until(lambda: any(frame.get("data") == went for frame in alice.frames))


@pytest.mark.skipif("REDIS_URL" not in os.environ, reason="the in-memory layer connects nobody: needs REDIS_URL")
async def test_who_was_on_a_killed_node_is_offline_unless_they_come_back(
    fresh: Callable[..., Cast], another: Callable[..., Parley]
) -> None:
    cast = fresh("carol")
    node = another(cast.parley)
    alice = await on(cast, cast.parley, "alice").start()
    bob, carol = await on(cast, node, "bob").start(), await on(cast, node, "carol").start()
    for name in ("bob", "carol"):
        await alice.until(lambda name=name: told(alice, cast.ids[name]) == ["online"])
    node.kill()
    await bob.closed()
    await carol.closed()
    killed = time.monotonic()
    await on(cast, cast.parley, "carol").start()
    async with asyncio.timeout(35), alice._changed:
        await alice._changed.wait_for(lambda: told(alice, cast.ids["bob"])[-1] == "offline")
    assert time.monotonic() - killed < 30
    assert told(alice, cast.ids["carol"]) == ["online"], "who comes back at once was never away"


def told(client: Client, user: str) -> list[str]:
    """What the client was told of this person's presence, one after the other."""
    signals = [frame["data"] for frame in client.frames if frame.get("type") == "presence"]
    return [signal["state"] for signal in signals if signal["user"] == user]
