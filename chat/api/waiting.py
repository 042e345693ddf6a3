"""Waiting for a room to move, without a socket and without a thread."""

import asyncio
from typing import Final

from asgiref.sync import SyncToAsync

from chat.streams import running
from chat.streams.hub import Hub

ACCESS_EVENTS: Final = frozenset({"access.revoked", "room.removed"})


class _Bell:
    """A listener that only notes that something came."""

    def __init__(self, rung: asyncio.Event) -> None:
        self._rung = rung
        self.over = False

    def write(self, buffer: bytes) -> None:
        self._rung.set()

    async def drained(self) -> None:
        pass

    def control(self, stream: str, type: str, text: str) -> None:
        self.over = self.over or type in ACCESS_EVENTS

    def begin_again(self) -> None:
        self.over = True
        self._rung.set()


async def until_moved(hub: Hub, room_id: int, user_id: int, after: int, seconds: float) -> None:
    """Returns when the room has an event after `after`, when what the person may see changes, when this process
    begins to end, or after `seconds`."""
    room, person = f"room:{room_id}", f"user:{user_id}"
    rung = asyncio.Event()
    bell = _Bell(rung)
    running.leaving.add(rung.set)
    try:
        await hub.open([(room, room_id), (person, user_id)])
        if await hub.attach(bell, room, after) is not None:
            return
        await hub.attach(bell, person, None)
        _let_go_of_thread()
        async with asyncio.timeout(seconds):
            # Signals ring, too: of somebody typing nobody need be told here.
            while not bell.over and not running.draining() and hub.position(room) <= after:
                rung.clear()
                await rung.wait()
    except TimeoutError:
        pass
    finally:
        running.leaving.discard(rung.set)
        hub.detach(bell, room)
        hub.detach(bell, person)


def _let_go_of_thread() -> None:
    """Ends the thread that is kept for the synchronous middleware of this request; if need be it gets another.

    asgiref makes one a request and keeps it until the answer is sent: with a thousand who wait, a thousand threads.
    """
    context = SyncToAsync.thread_sensitive_context.get(None)
    if context is not None:
        executor = SyncToAsync.context_to_thread_executor.pop(context, None)
        if executor is not None:
            executor.shutdown(wait=False)
