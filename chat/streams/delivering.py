"""The way of events to the listeners of one stream: as they come, and from the log what is missing between them."""

import asyncio
from collections.abc import Sequence
from typing import Final, Literal

import structlog

from chat.streams import database, log, metrics
from chat.streams.broadcasting import is_crowd, write_all, write_at_once
from chat.streams.feed import WRITE_BYTES, Feed, portions

logger = structlog.stdlib.get_logger(__name__)

REPLAY_EVENTS: Final = 200
GAP_SECONDS: Final = 0.05
"""How long what is missing may still come by itself."""


async def deliver(feed: Feed, first: int, types: Sequence[str], texts: Sequence[str]) -> bool:
    """Writes the new ones of events `first`, `first + 1`, … to all listeners, with turns for others.

    Then those that had come too early and whose turn it is now. False when there is a gap before them: nothing was
    delivered.
    """
    async with feed.delivering:
        if not await _deliver(feed, first, types, texts):
            return False
        while (batch := feed.due()) is not None:
            await _deliver(feed, *batch)
        return True


async def _deliver(feed: Feed, first: int, types: Sequence[str], texts: Sequence[str]) -> bool:
    for portion in portions(texts):
        new = slice(max(portion.start, feed.position + 1 - first), portion.stop)
        buffer = feed.take(first + portion.start, types[portion], texts[portion])
        if buffer is None:
            return False
        if buffer:
            await write_all(feed.listeners, buffer)
            metrics.delivered(feed.name, len(texts[new]), len(feed.listeners), texts[portion.stop - 1])
            feed.control(types[new], texts[new])
        if portion.stop < len(texts):
            await asyncio.sleep(0)
    return True


def deliver_at_once(feed: Feed, first: int, types: Sequence[str], texts: Sequence[str]) -> bool:
    """`deliver` without waiting. False where it has to wait: for another delivery, for what is missing, for turns."""
    if feed.delivering.locked() or feed.waits or is_crowd(feed.listeners) or sum(map(len, texts)) > WRITE_BYTES:
        return False
    new = slice(max(0, feed.position + 1 - first), None)
    buffer = feed.take(first, types, texts)
    if buffer:
        write_at_once(feed.listeners, buffer)
        metrics.delivered(feed.name, len(texts[new]), len(feed.listeners), texts[-1])
        feed.control(types[new], texts[new])
    return buffer is not None


def deliver_later(feed: Feed, first: int, types: Sequence[str], texts: Sequence[str]) -> None:
    """Keeps events that came too early until the others have come, or have been read from the log.

    Two processes that write to one stream tell of it in any order. To read at each gap what is about to come anyway
    took a fifth of their time.
    """
    feed.keep(first, types, texts)
    asyncio.get_running_loop().call_later(GAP_SECONDS, _repair_if_it_waits, feed)


def _repair_if_it_waits(feed: Feed) -> None:
    if feed.waits:
        repair(feed, "gap")


def repair(feed: Feed, why: Literal["gap", "head", "cursor"]) -> asyncio.Task[None]:
    """Reads from the log what is missing; one at a time for each stream.

    It was missed by what came after it (a gap), by the comparison of heads, or by a client that knew more.
    """
    if feed.repairing is None or feed.repairing.done():
        metrics.repairs.labels(why).inc()
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
                logger.error("pruned beyond the position", stream=feed.name, pruned=first - 1, position=feed.position)
                feed.skip_to(first - 1)
    except Exception as error:
        logger.warning("not repaired now", stream=feed.name, error=repr(error))
