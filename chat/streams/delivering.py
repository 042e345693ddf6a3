"""The way of events to the listeners of one stream: as they come, and from the log what is missing between them."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from chat.streams import database, log
from chat.streams.broadcasting import is_crowd, write_all, write_at_once
from chat.streams.feed import WRITE_BYTES, Feed, portions

logger = logging.getLogger(__name__)

REPLAY_EVENTS: Final = 200


async def deliver(feed: Feed, first: int, types: Sequence[str], texts: Sequence[str]) -> bool:
    """Writes the new ones of events `first`, `first + 1`, … to all listeners, with turns for others.

    False when there is a gap before them: nothing was delivered.
    """
    async with feed.delivering:
        for portion in portions(texts):
            new = slice(max(portion.start, feed.position + 1 - first), portion.stop)
            buffer = feed.take(first + portion.start, types[portion], texts[portion])
            if buffer is None:
                return False
            if buffer:
                await write_all(feed.listeners, buffer)
                feed.control(types[new], texts[new])
            if portion.stop < len(texts):
                await asyncio.sleep(0)
        return True


def deliver_at_once(feed: Feed, first: int, types: Sequence[str], texts: Sequence[str]) -> bool:
    """`deliver` without waiting. False where it has to wait: for another delivery, for what is missing, for turns."""
    if feed.delivering.locked() or is_crowd(feed.listeners) or sum(map(len, texts)) > WRITE_BYTES:
        return False
    new = slice(max(0, feed.position + 1 - first), None)
    buffer = feed.take(first, types, texts)
    if buffer:
        write_at_once(feed.listeners, buffer)
        feed.control(types[new], texts[new])
    return buffer is not None


def repair(feed: Feed) -> asyncio.Task[None]:
    """Reads from the log what is missing; one at a time for each stream."""
    if feed.repairing is None or feed.repairing.done():
        feed.repairing = asyncio.get_running_loop().create_task(_read_on(feed))
    return feed.repairing


async def _read_on(feed: Feed) -> None:
    try:
        while True:
            rows = await database.read(log.events_after, feed.id, feed.position, None, REPLAY_EVENTS)
            if not rows:
                return
            first = rows[0][0]
            if not await deliver(feed, first, [row[1] for row in rows], [row[2] for row in rows]):
                # Pruned beneath us: those who listen go on behind the gap, and come for a reset when they resume.
                logger.error("%s was pruned up to %d, beyond position %d", feed.name, first - 1, feed.position)
                feed.skip_to(first - 1)
    except Exception as error:
        logger.warning("%s could not be repaired now: %r", feed.name, error)
