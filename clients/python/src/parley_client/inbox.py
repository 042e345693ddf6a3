"""Between the socket and the application: a bounded queue, so that who cannot keep up holds the server back."""

from __future__ import annotations

import asyncio
from collections import deque

from parley_client import limits
from parley_client.positions import Step


class Inbox:
    """One writer, one reader. While the writer waits for room, `stalled` is set, and the socket is not read."""

    def __init__(self) -> None:
        self.stalled = asyncio.Event()
        self._steps: deque[Step] = deque()
        self._arrived = asyncio.Event()
        self._room = asyncio.Event()
        self._failure: BaseException | None = None
        self._read = False

    async def put(self, step: Step) -> None:
        try:
            while len(self._steps) >= limits.INBOX_ITEMS:
                self._room.clear()
                self.stalled.set()
                await self._room.wait()
        finally:
            self.stalled.clear()
        self._steps.append(step)
        self._arrived.set()

    async def get(self) -> Step:
        """The next step; when there is none left, raises what `fail` was given."""
        if self._read:
            raise RuntimeError("somebody else waits for the events of this client")
        self._read = True
        try:
            while not self._steps:
                if self._failure is not None:
                    raise self._failure
                self._arrived.clear()
                await self._arrived.wait()
        finally:
            self._read = False
        step = self._steps.popleft()
        if len(self._steps) <= limits.INBOX_ITEMS // 2:
            self._room.set()
        return step

    def fail(self, error: BaseException) -> None:
        self._failure = error
        self._arrived.set()
