"""What was said and is not acknowledged yet."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from parley_client.errors import Conflict, ParleyError
from parley_client.shapes import Message, Posted

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """A message on its way. `id` is the client's UUID: the same one is sent again for as long as it takes."""

    id: str
    room: str
    body: str
    reply_to: str | None = None


class Outbox:
    """Entries in the order of writing, and who waits for them."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries = {entry.id: entry for entry in entries}
        self._waiting: dict[str, asyncio.Future[Posted]] = {}

    @property
    def entries(self) -> list[Entry]:
        return list(self._entries.values())

    def rooms(self) -> list[str]:
        """The rooms that something waits for."""
        return list(dict.fromkeys(entry.room for entry in self._entries.values()))

    def next_in(self, room: str) -> Entry | None:
        return next((entry for entry in self._entries.values() if entry.room == room), None)

    def holds(self, entry: Entry) -> bool:
        """It still waits: it, and not another one under its id."""
        return self._entries.get(entry.id) is entry

    def add(self, entry: Entry) -> asyncio.Future[Posted]:
        """Takes it, or joins one under the same id that waits already. Raises Conflict when that has other words."""
        known = self._entries.setdefault(entry.id, entry)
        if known != entry:
            raise Conflict("conflict", "this id waits with another room or other words", field="id")
        future = self._waiting.get(entry.id)
        if future is None:
            future = self._waiting[entry.id] = asyncio.get_running_loop().create_future()
            # Whoever waited may have gone: then nobody needs to hear how it ended.
            future.add_done_callback(lambda done: done.cancelled() or done.exception())
        return future

    def seen(self, message: Message) -> bool:
        """A message of ours came in its room's stream. False when it did not wait, or has other words."""
        entry = self._entries.get(message.client_id)
        if entry is None or (entry.room, entry.body) != (message.room, message.body):
            return False
        self.arrived(entry, message.id, message.seq)
        return True

    def arrived(self, entry: Entry, message: str, seq: int) -> None:
        """It is acknowledged."""
        if not self.holds(entry):
            return
        future = self._forget(entry)
        if future is not None and not future.done():
            future.set_result(Posted(message, seq, entry.room, entry.id, entry.body, entry.reply_to))

    def refused(self, entry: Entry, error: ParleyError) -> None:
        """The server will not have it."""
        if not self.holds(entry):
            return
        future = self._forget(entry)
        if future is None:
            logger.warning("a message of an earlier run was refused: %s", error)
        elif not future.done():
            future.set_exception(error)

    def abandon(self, error: Exception) -> None:
        """Nobody will carry anything any more. The entries stay, for a store to keep."""
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(error)
        self._waiting.clear()

    def _forget(self, entry: Entry) -> asyncio.Future[Posted] | None:
        del self._entries[entry.id]
        return self._waiting.pop(entry.id, None)
