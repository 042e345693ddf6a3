"""Who is here: each node tells its own, and knows the others' until they fall silent."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, Protocol

import msgspec

from chat.protocol.events import Signal, encode
from chat.streams.broadcasting import write_all
from chat.streams.frames import text_frame

PRESENCE_GROUP: Final = "presence"
BEAT_SECONDS: Final = 8.0
SILENT_SECONDS: Final = 25.0
"""After which a node that says nothing is dead, and its people offline."""
GRACE_SECONDS: Final = 4.0
"""How long a person without a socket still counts as here: a reload is no leaving."""
FLUSH_SECONDS: Final = 0.25
FLUSH_HEARERS: Final = 500
"""For each so many who hear FLUSH_SECONDS pass: a crowd is told less often, and more at once."""
FLUSH_PEOPLE: Final = 200
"""At once: to tell a crowd of itself takes a few hundredths of a processor, however big it is."""


class Hearer(Protocol):
    def write(self, buffer: bytes) -> None: ...


class Presence:
    """The people online, on this node and on the others. Nothing here is stored; what is lost is told again."""

    def __init__(self, send: Callable[[dict[str, Any]], None]) -> None:
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._node = uuid.uuid4().hex
        self._sockets: Counter[int] = Counter()
        self._leaving: dict[int, asyncio.TimerHandle] = {}
        self._others: dict[str, tuple[float, set[int]]] = {}
        self._told: set[int] = set()
        self._listed: bytes | None = None
        self._changed = asyncio.Event()
        self._beat_at = 0.0
        self.hearers: dict[Hearer, Callable[[bytes], None]] = {}

    def online(self) -> msgspec.Raw:
        """Ids of those who are here, on any node: a JSON list. It is not made anew for each of a crowd that comes."""
        if self._listed is None:
            self._listed = b",".join(b'"%d"' % user_id for user_id in self._now())
        return msgspec.Raw(b"[%b]" % self._listed)

    def came(self, user_id: int) -> None:
        """A socket of `user_id` opened on this node."""
        self._sockets[user_id] += 1
        timer = self._leaving.pop(user_id, None)
        if timer is not None:
            timer.cancel()
        elif self._sockets[user_id] == 1:
            listed = self._listed
            self._tell()
            if listed and not any(user_id in people for _, people in self._others.values()):
                self._listed = b'%b,"%d"' % (listed, user_id)

    def went(self, user_id: int) -> None:
        """A socket of `user_id` closed on this node."""
        self._sockets[user_id] -= 1
        if self._sockets[user_id] <= 0:
            del self._sockets[user_id]
            self._leaving[user_id] = self._loop.call_later(GRACE_SECONDS, self._left, user_id)

    def _left(self, user_id: int) -> None:
        del self._leaving[user_id]
        self._tell()

    def _mine(self) -> set[int]:
        return set(self._sockets) | set(self._leaving)

    def _now(self) -> set[int]:
        return self._mine().union(*(people for _, people in self._others.values()))

    def heard(self, message: dict[str, Any]) -> None:
        """What another node tells of itself: all the people that it has."""
        node = message["node"]
        if node == self._node:
            return
        if node not in self._others and message["people"] is not None:
            self._beat_at = 0.0  # a new node does not know us yet
        if message["people"] is None:
            self._others.pop(node, None)
        else:
            self._others[node] = (self._loop.time(), set(message["people"]))
        self._schedule()

    def beat(self) -> None:
        """Called about every second: tells the others that we live, and forgets those who do not."""
        now = self._loop.time()
        if now - self._beat_at > BEAT_SECONDS:
            self._beat_at = now
            self._send({"type": "presence", "stream": PRESENCE_GROUP, "node": self._node, "people": list(self._mine())})
        for node in [node for node, (at, _) in self._others.items() if now - at > SILENT_SECONDS]:
            del self._others[node]
            self._schedule()

    def farewell(self) -> dict[str, Any]:
        """What to tell when this node goes: its people come back elsewhere, or are gone."""
        return {"type": "presence", "stream": PRESENCE_GROUP, "node": self._node, "people": None}

    def _tell(self) -> None:
        self._beat_at = 0.0
        self._schedule()

    def _schedule(self) -> None:
        self._listed = None
        self._changed.set()

    async def run(self) -> None:
        """Tells the sockets what has changed since last told; a crowd in portions, so that nobody waits behind it."""
        while True:
            await self._changed.wait()
            await asyncio.sleep(FLUSH_SECONDS * max(1.0, len(self.hearers) / FLUSH_HEARERS))
            self._changed.clear()
            now = self._now()
            changed = sorted(now ^ self._told)
            portion = changed[:FLUSH_PEOPLE]
            self._told.symmetric_difference_update(portion)
            if len(portion) < len(changed):
                self._changed.set()
            await write_all(self.hearers, b"".join(_frame(user_id, user_id in now) for user_id in portion))


def _frame(user_id: int, online: bool) -> bytes:
    state = "online" if online else "offline"
    return text_frame(encode(Signal(type="presence", data={"user": str(user_id), "state": state})))
