"""The steps between threads and through the hub: hand-over, rendering in a reader thread, the hint."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from benchmarks.steps import messages
from benchmarks.steps.stopwatch import Figures, Stopwatch
from benchmarks.steps.way import Place
from chat.operations.drafts import draft
from chat.streams import database, publishing, running, writer
from chat.streams.feed import Feed
from chat.streams.hub import Hub
from chat.streams.writer import Writer

TOGETHER = 64


async def measure(place: Place, calls: int) -> dict[str, Figures]:
    """What takes a microsecond or two is called ten times as often."""
    hub = await running.hub()
    thread = writer.running()
    assert thread is not None
    try:
        return {
            "markdown": await rendering(place, calls),
            "hand_over_1": await handing_over(thread, 1, calls),
            f"hand_over_{TOGETHER}": await handing_over(thread, TOGETHER, 10 * calls // TOGETHER),
            "hint": await hinting(hub, place, calls),
            "take": taking(place, 10 * calls),
        }
    finally:
        await running.stop()


async def rendering(place: Place, calls: int) -> Figures:
    fields = messages.fields(place, messages.MARKDOWN)
    await database.read(draft, **fields)
    watch = Stopwatch()
    with watch:
        for _ in range(calls):
            await database.read(draft, **fields)
    return watch.each(calls)


async def handing_over(thread: Writer, together: int, rounds: int) -> Figures:
    """A commit that stores nothing, for so many who wait at a time."""
    await hand_over(thread, together)
    watch = Stopwatch()
    with watch:
        for _ in range(rounds):
            await hand_over(thread, together)
    return watch.each(rounds * together)


def store_nothing(drafts: Sequence[Any]) -> Sequence[Any]:
    return drafts


async def hand_over(thread: Writer, together: int) -> None:
    waiting, all_answered = together, asyncio.get_running_loop().create_future()

    def answered(_: Any) -> None:
        nonlocal waiting
        waiting -= 1
        if not waiting:
            all_answered.set_result(None)

    for number in range(together):
        thread.enqueue(store_nothing, number, answered)
    await all_answered


class Ear:
    """A listener without a socket."""

    heard: asyncio.Future[None]

    def write(self, buffer: bytes) -> None:
        self.heard.set_result(None)

    async def drained(self) -> None:
        pass

    def control(self, stream: str, type: str, text: str) -> None:
        pass


async def hinting(hub: Hub, place: Place, calls: int) -> Figures:
    """From the end of a transaction, through the channel layer, to the first `write`."""
    stream, ear, loop = f"room:{place[0]}", Ear(), asyncio.get_running_loop()
    await hub.open([(stream, place[0])])
    await hub.attach(ear, stream, None)
    watch, first = Stopwatch(), hub.position(stream) + 1
    for seq in range(first, first + calls):
        hints = publishing.hints([(stream, seq, "message.posted", messages.text(place, seq))])
        ear.heard = loop.create_future()
        with watch:
            publishing.publish(hints)
            await ear.heard
    hub.detach(ear, stream)
    return watch.each(calls)


def taking(place: Place, calls: int) -> Figures:
    feed = Feed(f"room:{place[0]}", place[0])
    texts = [messages.text(place, seq) for seq in range(1, calls + 1)]
    watch = Stopwatch()
    with watch:
        for seq, text in enumerate(texts, 1):
            feed.take(seq, ("message.posted",), (text,))
    return watch.each(calls)
