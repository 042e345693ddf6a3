"""What one connection waits with: asyncio's Queue and Event keep four deques a socket, which are 3 KiB."""

from __future__ import annotations

import asyncio
from typing import Any


class Inbox:
    """The part of `asyncio.Queue` that a connection needs: any number of messages, one reader."""

    __slots__ = ("_loop", "_messages", "_reader")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._messages: list[Any] = []
        self._reader: asyncio.Future[None] | None = None

    def empty(self) -> bool:
        return not self._messages

    def put_nowait(self, message: Any) -> None:
        self._messages.append(message)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def get(self) -> Any:
        while not self._messages:
            self._reader = self._loop.create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        return self._messages.pop(0)


class Gate:
    """The part of `asyncio.Event` that a connection needs; open from the start."""

    __slots__ = ("_open", "_opened")

    def __init__(self) -> None:
        self._open = True
        self._opened: asyncio.Future[None] | None = None

    def is_set(self) -> bool:
        return self._open

    def set(self) -> None:
        self._open = True
        if self._opened is not None:
            if not self._opened.done():
                self._opened.set_result(None)
            self._opened = None

    def clear(self) -> None:
        self._open = False

    async def wait(self) -> None:
        """Returns when it is open; who waits may be cancelled without taking others along."""
        while not self._open:
            if self._opened is None:
                self._opened = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._opened)
