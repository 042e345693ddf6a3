"""The most memory that a server holds over a stretch of work."""

from __future__ import annotations

import threading
from typing import Final, Self

from benchmarks.servers import Running

SAMPLE_SECONDS: Final = 0.1


class PeakMemory:
    """A context manager. Afterwards `grown` is the number of bytes that it was above the beginning at most."""

    def __init__(self, server: Running) -> None:
        self._server = server
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch)
        self.grown = 0

    def __enter__(self) -> Self:
        self._before = self._server.memory()
        self._watcher.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._watcher.join()
        self._look()

    def _watch(self) -> None:
        while not self._over.wait(SAMPLE_SECONDS):
            self._look()

    def _look(self) -> None:
        self.grown = max(self.grown, self._server.memory() - self._before)
