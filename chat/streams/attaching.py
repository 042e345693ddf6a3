"""Attach without a hole: what a listener has missed, and then live, each event once."""

import asyncio
from typing import Final

from chat.streams import database, log, metrics
from chat.streams.delivering import REPLAY_EVENTS, repair
from chat.streams.feed import Feed, Listener, portions
from chat.streams.frames import text_frame

DRAIN_SECONDS: Final = 20.0
"""How long a replay waits for its reader."""


async def catch_up(listener: Listener, feed: Feed, cursor: int | None) -> int | None:
    """Writes what lies after `cursor` and makes the listener one of the feed's; `Hub.attach` says what it returns."""
    if cursor is not None and cursor > feed.position:
        # Another node told the client before this one heard. Others may wait for the same: shielded from who goes.
        await asyncio.shield(repair(feed, "cursor"))
    servable = cursor is None or 0 <= cursor <= feed.position
    begun = cursor
    while True:
        while servable and cursor is not None and cursor < feed.position:
            buffer = feed.after(cursor)
            if buffer is not None:
                metrics.replayed.labels("ring").inc(feed.position - cursor)
                cursor = feed.position
                listener.write(buffer)
                await drained(listener)
            else:
                rows = await database.read(log.events_after, feed.id, cursor, feed.position, REPLAY_EVENTS)
                servable = bool(rows) and rows[0][0] == cursor + 1
                metrics.replayed.labels("log").inc(len(rows) if servable else 0)
                texts = [row[2] for row in rows]
                for portion in portions(texts) if servable else ():
                    cursor += portion.stop - portion.start
                    listener.write(b"".join(map(text_frame, texts[portion])))
                    await drained(listener)
        async with feed.delivering:
            # Nobody is half way through telling the others of an event that this one already has.
            if not servable or cursor is None or cursor == feed.position:
                feed.listeners[listener] = listener.write
                if not servable:
                    metrics.resets.inc()
                    return feed.position
                if begun is not None and cursor is not None:
                    metrics.replay_events.observe(cursor - begun)
                return None


async def drained(listener: Listener) -> None:
    """Waits until a listener has read most of what it was given. Raises TimeoutError when it reads nothing."""
    async with asyncio.timeout(DRAIN_SECONDS):
        await listener.drained()
