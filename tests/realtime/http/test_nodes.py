"""Speaking and hearing at different nodes: a command needs no session there."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from tests.support.cast import Cast
from tests.support.over_http import stream_client


async def test_who_hears_at_one_node_speaks_at_another(fresh: Callable[..., Cast]) -> None:
    cast = fresh()
    room, key = cast.room(), str(uuid.uuid4())
    other = cast.parley.another()
    try:
        here, there = stream_client(cast, "bob"), stream_client(cast, "bob", url=other.url)
        await here.start()
        command = {"op": "post", "room": room, "id": key, "body": "by way of another"}
        said = (await there.command(command))[0]
        heard = await here.event("message.posted", lambda data: data["client_id"] == key)
        assert heard["seq"] == said["seq"]
        assert await here.command(command) == [said]  # an answer that was lost is given by any
        await here.drop()
        there.cursors, there.epoch = here.cursors, here.epoch
        await here.post(room, "while away")
        await there.start()
        await there.event("message.posted", lambda data: data["body"] == "while away")
        assert there.log(f"room:{room}") == [said["seq"] + 1]
    finally:
        other.kill()
