"""The ways out to a client: finished frames on our production server, `send()` on any other, and over plain HTTP."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from chat.protocol.limits import SLOW_BYTES
from chat.streams.frames import texts_in

FRAMES_EXTENSION = "parley.frames"

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Outlet(Protocol):
    write: Callable[[bytes], None]
    """Takes finished frames, at once and without waiting. Not to be called after `on_end`."""

    async def drained(self) -> None:
        """Returns when what was written has mostly left. Only until `go_live`."""

    def buffered(self) -> int:
        """Bytes that wait for the client to read."""

    def close(self, code: int) -> None:
        """Says so to the client after what was written, and ends; nothing is written afterwards."""

    def go_live(self) -> None:
        """From now on nobody waits for this client, and SLOW_BYTES are the bound."""

    def on_slow(self, callback: Callable[[], None]) -> None:
        """`callback` is called, from within `write`, when more than SLOW_BYTES wait for a live client to read."""

    def on_end(self, callback: Callable[[], None]) -> None:
        """`callback` is called at the moment from which nothing may be written any more."""


class FrameOutlet:
    """Writes to the transport, by the scope extension of `project.frames`."""

    def __init__(self, frames: Any) -> None:
        self.write = frames.write
        self.drained = frames.drain
        self.buffered = frames.buffered
        self.go_live = frames.go_live
        self.on_slow = frames.on_slow
        self.on_end = frames.on_end
        self.close = frames.close


class SendOutlet:
    """Sends the texts one by one, behind a bounded queue, so that nobody else waits for this client."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: deque[str | int] = deque()
        self._bytes = 0
        self._slow: Callable[[], None] | None = None
        self._filled = asyncio.Event()
        self._empty = asyncio.Event()
        self._closing = False
        self._live = False
        self.write: Callable[[bytes], None] = self._enqueue
        self._task = asyncio.get_running_loop().create_task(self._run())

    def _enqueue(self, buffer: bytes) -> None:
        if self._closing:
            return
        self._waiting.extend(texts_in(buffer))
        self._bytes += len(buffer)
        self._empty.clear()
        self._filled.set()
        if self._live and self._bytes > SLOW_BYTES and self._slow is not None:
            self._slow()

    async def drained(self) -> None:
        if self._waiting and not self._task.done():
            await self._empty.wait()

    def buffered(self) -> int:
        return self._bytes

    def close(self, code: int) -> None:
        if not self._closing:
            self._closing = True
            self._waiting.append(int(code))  # autobahn, below Daphne, takes no IntEnum
            self._filled.set()

    def go_live(self) -> None:
        self._live = True

    def on_slow(self, callback: Callable[[], None]) -> None:
        self._slow = callback

    def on_end(self, callback: Callable[[], None]) -> None:
        """Not needed: what is written after the end goes nowhere."""

    async def stop(self) -> None:
        self._closing = True
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _say(self, text: str) -> None:
        await self._send({"type": "websocket.send", "text": text})

    async def _say_close(self, code: int) -> None:
        await self._send({"type": "websocket.close", "code": code})

    async def _run(self) -> None:
        try:
            while True:
                await self._filled.wait()
                self._filled.clear()
                while self._waiting:
                    item = self._waiting.popleft()
                    if isinstance(item, int):
                        await self._say_close(item)
                        return
                    await self._say(item)
                self._bytes = 0
                self._empty.set()
        except OSError:
            self._closing = True  # the client has gone
        finally:
            self._empty.set()


def outlet_of(scope: dict[str, Any], send: Send) -> FrameOutlet | SendOutlet:
    frames = scope.get("extensions", {}).get(FRAMES_EXTENSION)
    return SendOutlet(send) if frames is None else FrameOutlet(frames)
