"""Brings what changes to the store: in a thread, one write at a time, what comes meanwhile in the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from parley_client.store import State, Store


class Keeping:
    """`snapshot` tells how things are now. Without a store all of this does nothing."""

    def __init__(self, store: Store | None, snapshot: Callable[[], State]) -> None:
        self._store = store
        self._snapshot = snapshot
        self._changes = 0
        self._written = 0
        self._changed = asyncio.Event()
        self._progress = asyncio.Condition()
        self._saving: asyncio.Future[None] | None = None
        self._failed = False

    def touch(self) -> None:
        """Something has changed, which will be written soon."""
        if self._store is not None:
            self._changes += 1
            self._changed.set()

    async def run(self) -> None:
        """Until it is cancelled. Raises what the store raises."""
        try:
            while True:
                await self._changed.wait()
                await self._write()
        except Exception:
            self._failed = True
            async with self._progress:
                self._progress.notify_all()
            raise

    async def flush(self) -> None:
        """Waits until everything up to now is written, or nothing will be any more."""
        if self._store is None:
            return
        wanted = self._changes
        async with self._progress:
            await self._progress.wait_for(lambda: self._written >= wanted or self._failed)

    async def finish(self) -> None:
        """The last write, when `run` has ended."""
        if self._store is None:
            return
        try:
            if self._written < self._changes and not self._failed:
                await self._write()
        finally:
            await asyncio.to_thread(self._store.close)

    async def _write(self) -> None:
        assert self._store is not None
        if self._saving is not None:
            await asyncio.wait({self._saving})
        changes = self._changes
        self._changed.clear()
        self._saving = asyncio.ensure_future(asyncio.to_thread(self._store.save, self._snapshot()))
        # A thread goes on when its waiter is cancelled; the next write comes after it.
        await asyncio.shield(self._saving)
        async with self._progress:
            self._written = changes
            self._progress.notify_all()
