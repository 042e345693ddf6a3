"""Carries messages from the outbox to the server: each room's in order, one at a time, for as long as it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from parley_client import limits
from parley_client.connection import Connection
from parley_client.errors import ParleyError, Refused, Stopped, Unreachable
from parley_client.outbox import Entry, Outbox
from parley_client.requests import Unanswered
from parley_client.rest import Rest


class Courier:
    """A task for each room that has something to send.

    Messages go by the socket. While that is not read, because the application is busy, their answers would not be
    heard, and an application that waits for one would wait for itself: then they go by HTTP, under the same id.
    """

    def __init__(
        self,
        outbox: Outbox,
        connection: Connection,
        rest: Rest,
        stalled: asyncio.Event,
        changed: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._outbox = outbox
        self._connection = connection
        self._rest = rest
        self._stalled = stalled
        self._changed = changed
        self._failed = failed
        self._runs: dict[str, asyncio.Task[None]] = {}

    def work(self, room: str) -> None:
        """There may be something to send in this room."""
        if room not in self._runs:
            self._runs[room] = asyncio.create_task(self._run(room))

    async def stop(self) -> None:
        runs = list(self._runs.values())
        for run in runs:
            run.cancel()
        await asyncio.gather(*runs, return_exceptions=True)

    async def _run(self, room: str) -> None:
        try:
            while (entry := self._outbox.next_in(room)) is not None:
                await self._carry(entry)
        except Exception as error:
            self._failed(error)
        finally:
            del self._runs[room]

    async def _carry(self, entry: Entry) -> None:
        """Until it is answered, by whichever way."""
        failures = 0
        while self._outbox.holds(entry):
            pause = min(limits.BACKOFF_CEILING_SECONDS, limits.FIRST_PAUSE_SECONDS * 2.0 ** min(failures, 16))
            failures += 1
            try:
                message, seq = await self._send(entry)
            except Unanswered:
                continue
            except Stopped:
                raise
            except (Refused, Unreachable) as error:
                if isinstance(error, Refused) and not error.passing:
                    self._refused(entry, error)
                    return
                await asyncio.sleep(pause if error.retry_after is None else error.retry_after)
            else:
                self._outbox.arrived(entry, message, seq)
                self._changed()

    def _refused(self, entry: Entry, error: ParleyError) -> None:
        self._outbox.refused(entry, error)
        self._changed()

    async def _send(self, entry: Entry) -> tuple[str, int]:
        """Once. Returns the message's id and number. Raises Unanswered, Refused, Unreachable, Stopped."""
        await first(self._connection.live.wait(), self._stalled.wait())
        if self._stalled.is_set():
            posted = await self._rest.post(entry.room, entry.body, id=entry.id, reply_to=entry.reply_to)
            return posted.id, posted.seq
        fields = {} if entry.reply_to is None else {"reply_to": entry.reply_to}
        asked = asyncio.ensure_future(
            self._connection.ask("post", room=entry.room, id=entry.id, body=entry.body, **fields)
        )
        try:
            await first(asked, self._stalled.wait())
            if not asked.done():
                raise Unanswered("the socket is not read any more")
        finally:
            asked.cancel()
        answer = asked.result()
        return answer["message"], answer["seq"]


async def first(*awaitables: Any) -> None:
    """Waits for one of them; the others that are coroutines are cancelled. Raises nothing of theirs."""
    futures = [asyncio.ensure_future(each) for each in awaitables]
    try:
        await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for future, given in zip(futures, awaitables, strict=True):
            if future is not given:
                future.cancel()
