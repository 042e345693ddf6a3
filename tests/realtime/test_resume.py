"""Hello, resume, replay, ready, reset."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.support.cast import Cast


async def test_the_server_speaks_first(cast: Cast) -> None:
    alice = await cast.client("alice").connect()
    assert alice.hello["protocol"] == "parley.v1"
    assert alice.hello["user"]["username"] == "alice"
    assert alice.hello["heartbeat"] == 20
    assert alice.hello["limits"] == {"frame": 262144, "body": 16000, "posts_per_10s": 50}
    assert alice.socket.subprotocol == "parley.v1"


async def test_a_first_visit_starts_at_the_heads(cast: Cast) -> None:
    room = cast.room()
    alice = await cast.client("alice").start()
    await alice.post(room, "before Bob")
    bob = await cast.client("bob").start()
    assert bob.ready["streams"][f"room:{room}"] == alice.cursors[f"room:{room}"]
    assert bob.log(f"room:{room}") == []
    place = next(place for place in bob.ready["rooms"] if place["id"] == room)
    assert place["unread"] == 1
    assert place["seq"] == bob.ready["streams"][f"room:{room}"]
    assert {"kind", "name", "slug", "read_seq", "mentions"} <= place.keys()
    assert cast.ids["alice"] in bob.ready["online"]


async def test_what_was_missed_is_replayed_in_order_before_ready(cast: Cast) -> None:
    room = cast.room()
    stream = f"room:{room}"
    alice, bob = await cast.client("alice").start(), await cast.client("bob").start()
    await alice.post(room, "one")
    await bob.event("message.posted", lambda data: data["room"] == room)
    await bob.drop()
    for number in range(5):
        await alice.post(room, f"missed {number}")
    await bob.start()
    assert bob.log(stream) == list(range(bob.log(stream)[0], alice.cursors[stream] + 1))
    kinds = [frame["op"] for frame in bob.frames]
    assert kinds.index("ready") > max(at for at, kind in enumerate(kinds) if kind == "event")
    assert [event["data"]["body"] for event in bob.events if event["stream"] == stream][1:] == [
        f"missed {number}" for number in range(5)
    ]


async def test_a_long_absence_is_replayed_from_the_log(cast: Cast) -> None:
    room = cast.lobby
    stream = f"room:{room}"
    alice = await cast.client("alice").start()
    first = alice.cursors[stream]
    for batch in range(15):
        posts = [alice.post(room, f"{batch}/{number}") for number in range(3)]
        answers = await asyncio.gather(*posts)
        if answers[-1]["op"] == "error":  # told to wait: as a client does
            break
    fresh = cast.client("alice")
    fresh.epoch, fresh.cursors = alice.epoch, {stream: 1}
    await fresh.start()
    assert fresh.log(stream) == list(range(2, fresh.ready["streams"][stream] + 1))
    assert fresh.ready["streams"][stream] > first


async def test_cursors_that_cannot_be_served_are_reset(cast: Cast) -> None:
    room = cast.room()
    stream = f"room:{room}"
    bob = cast.client("bob")
    await bob.connect()
    ready = await bob.resume(epoch=bob.hello["epoch"], cursors={stream: 10**30})
    assert [reset["stream"] for reset in bob.resets] == [stream]
    assert bob.resets[0]["seq"] == ready["streams"][stream]
    other = cast.client("bob")
    await other.connect()
    await other.resume(epoch="another life", cursors={stream: 1})
    assert [(reset["stream"], reset["seq"]) for reset in other.resets] == [(stream, ready["streams"][stream])]
    assert other.log(stream) == []
    negative = cast.client("bob")
    await negative.connect()
    await negative.resume(epoch=negative.hello["epoch"], cursors={stream: -1})
    assert [reset["stream"] for reset in negative.resets] == [stream]


async def test_streams_of_others_are_ignored_as_those_that_do_not_exist(cast: Cast) -> None:
    room = cast.room()
    bob, mallory = await cast.client("bob").start(), cast.client("mallory")
    assert f"room:{room}" in bob.ready["streams"]
    await mallory.connect()
    cursors = {f"room:{room}": 1, "room:99999999": 1, f"user:{cast.ids['bob']}": 0, "nonsense": 3, "room:x": 1}
    ready = await mallory.resume(epoch=mallory.hello["epoch"], cursors=cursors)
    assert not cursors.keys() & ready["streams"].keys()
    assert mallory.resets == []
    assert mallory.events == []


async def test_other_commands_wait_for_the_resume(cast: Cast) -> None:
    room = cast.room()
    bob = await cast.client("bob").connect()
    assert (await bob.ask("ping"))["op"] == "pong"
    early = await bob.post(room, "too early")
    assert (early["op"], early["code"]) == ("error", "bad_request")
    await bob.resume()
    twice = await bob.ask("resume")
    assert (twice["op"], twice["code"]) == ("error", "bad_request")
    assert (await bob.post(room, "now"))["op"] == "ok"


async def test_resuming_while_others_talk_leaves_no_hole(cast: Cast) -> None:
    room = cast.room()
    stream = f"room:{room}"
    talkers = [await cast.client(name).start() for name in ("alice", "carol", "dave")]
    bob = await cast.client("bob").start()
    bob.cursors[stream] = 1
    stop = asyncio.Event()

    async def talk(talker: Any) -> None:
        for number in range(30):
            await talker.post(room, f"{number}")
            if stop.is_set():
                return

    talking = [asyncio.create_task(talk(talker)) for talker in talkers]
    for _ in range(6):
        await bob.drop()
        await bob.start()
    stop.set()
    await asyncio.gather(*talking)
    end = await talkers[0].post(room, "end")
    if end["op"] == "ok":
        await bob.until(lambda: bob.cursors[stream] >= end["seq"])
    log = bob.log(stream)
    assert log == list(range(2, log[-1] + 1))
