"""The way out of a poll: frames that are collected until there is an answer."""

import asyncio
from collections.abc import Callable
from typing import Final

from chat.realtime.http.stream_outlet import close_frame
from chat.streams.frames import texts_in

PORTION_BYTES: Final = 512 * 1024


class PollOutlet:
    """`texts` are the frames so far; `over` is set when they are to be told."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.over = asyncio.Event()
        self.write: Callable[[bytes], None] = self._collect
        self._bytes = 0
        self._closed = self._telling = False

    def tell_next(self) -> None:
        """Whatever comes from now on is news."""
        self._telling = True

    def _collect(self, buffer: bytes) -> None:
        if self._closed:
            return
        self.texts.extend(texts_in(buffer))
        self._bytes += len(buffer)
        if self._telling:
            self.over.set()

    async def drained(self) -> None:
        """An answer has an end: a replay that is longer stops here, and goes on with the next poll."""
        if self._bytes > PORTION_BYTES:
            self.over.set()
            await asyncio.Event().wait()

    def buffered(self) -> int:
        return self._bytes

    def close(self, code: int) -> None:
        if not self._closed:
            self._closed = True
            self.texts.append(close_frame(code))
            self.over.set()

    def go_live(self) -> None:
        """Nobody waits for this client anyway."""

    def on_slow(self, callback: Callable[[], None]) -> None:
        """Not needed: it is answered in the turn of the loop after the next frame."""

    def on_end(self, callback: Callable[[], None]) -> None:
        """Not needed: what is written after the end goes nowhere."""
