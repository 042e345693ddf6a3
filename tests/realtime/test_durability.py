"""What was acknowledged is there, once and in order, when the server is killed in the middle of it."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections import Counter
from collections.abc import Callable

from tests.support.cast import Cast
from tests.support.client import Client
from tests.support.stored import stored_events

KILLS = 4
POSTS = 120


class Tally:
    """How many posts were acknowledged to anybody."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = asyncio.Condition()

    async def add(self) -> None:
        async with self._changed:
            self._count += 1
            self._changed.notify_all()

    async def wait_for(self, goal: int) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self._count >= goal)


class Sender:
    """Posts in order and sends again, with the same id, what was not answered, as every client does."""

    def __init__(self, client: Client, room: str, name: str, tally: Tally) -> None:
        self.client = client
        self.room = room
        self.tally = tally
        self.outbox = [(str(uuid.uuid4()), f"{name} {number}") for number in range(POSTS)]
        self.acknowledged: dict[str, int] = {}

    async def run(self) -> None:
        for id, body in self.outbox:
            while id not in self.acknowledged:
                try:
                    answer = await self.client.post(self.room, body, id=id)
                    assert answer["op"] == "ok" or answer["code"] == "unavailable", answer
                    if answer["op"] == "ok":
                        self.acknowledged[id] = answer["seq"]
                        await self.tally.add()
                except (ConnectionError, OSError, TimeoutError):
                    await self.reconnect()

    async def reconnect(self) -> None:
        while True:
            with contextlib.suppress(Exception):
                await self.client.start()
                return
            await asyncio.sleep(0.05)


async def test_sigkill_in_the_middle_of_posts(fresh: Callable[..., Cast]) -> None:
    cast = fresh("carol", POSTS_PER_10S="100000")
    room = cast.room()
    stream = f"room:{room}"
    acknowledged = Tally()
    senders = [Sender(await cast.client(name).start(), room, name, acknowledged) for name in ("alice", "bob", "carol")]
    running = asyncio.gather(*[sender.run() for sender in senders])
    for kill in range(KILLS):
        goal = (kill + 1) * 3 * POSTS // (KILLS + 1)
        await acknowledged.wait_for(goal)
        await asyncio.to_thread(cast.parley.restart)
    await running
    stored = stored_events(cast.parley, room)
    assert [event["seq"] for event in stored] == list(range(1, len(stored) + 1))
    posted = [event for event in stored if event["type"] == "message.posted"]
    numbers = {event["data"]["client_id"]: event["seq"] for event in posted}
    assert set(Counter(event["data"]["client_id"] for event in posted).values()) == {1}
    for sender in senders:
        assert sender.acknowledged == {id: numbers[id] for id, _ in sender.outbox}
        assert sorted(sender.acknowledged.values()) == list(sender.acknowledged.values()), "in the order of sending"
        await sender.client.until(lambda sender=sender: sender.client.cursors.get(stream) == stored[-1]["seq"])
        heard = [event for event in sender.client.events if event["stream"] == stream]
        assert heard == [event for event in stored if event["seq"] >= heard[0]["seq"]]
        assert len(heard) >= 3 * POSTS
