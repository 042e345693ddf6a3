"""How late the event loop is: whatever keeps it from its work for long keeps every socket of the process waiting."""

from __future__ import annotations

import asyncio

from chat.streams import metrics

PROBE_SECONDS = 0.01
"""A timer that long finds every stretch of work that is longer."""


class LoopLag:
    """Sets a timer and looks at how late it comes, again and again, until `stop`."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._set()

    def stop(self) -> None:
        self._timer.cancel()

    def _set(self) -> None:
        self._due = self._loop.time() + PROBE_SECONDS
        self._timer = self._loop.call_at(self._due, self._look)

    def _look(self) -> None:
        metrics.loop_lag.observe(max(0.0, self._loop.time() - self._due))
        self._set()
