"""A lock between processes: a file beside what it guards."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

POLL_SECONDS = 0.05


class FileLock:
    """Held from `take` to `release`; the system releases what a process leaves behind. Without effect on Windows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        """False when another holds it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(file)
                return False
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Waits for it. Asks again and again, because a thread that waits for it could not be cancelled."""
        while not self.take():  # noqa: ASYNC110 - another process does not set an Event
            await asyncio.sleep(POLL_SECONDS)
        try:
            yield
        finally:
            self.release()
