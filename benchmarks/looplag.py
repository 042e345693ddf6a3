"""How often a Parley's event loop was late, from what it tells at /metrics."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.servers import Running

TIMEOUT_SECONDS: Final = 30.0
LATE: Final = re.compile(r'^parley_event_loop_lag_seconds_bucket\{le="0\.02"\} (\S+)$', re.MULTILINE)
LOOKS: Final = re.compile(r"^parley_event_loop_lag_seconds_count (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Looks:
    """Timers of the event loop that were looked at, and those among them that were at most 20 ms late."""

    all: float
    in_time: float

    def late_since(self, earlier: Looks) -> float | None:
        """The share that was later; None when nobody has looked since."""
        looks = self.all - earlier.all
        return 1 - (self.in_time - earlier.in_time) / looks if looks else None


def looks(server: Running) -> Looks | None:
    """None for what is no Parley, and for one of several workers: each tells of itself, and any of them may answer."""
    if server.name != "parley" or has_workers(server):
        return None
    connection = http.client.HTTPConnection(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
    finally:
        connection.close()
    return read(text)


def has_workers(server: Running) -> bool:
    return any(Path(f"/proc/{pid}/task/{pid}/children").read_text() for pid in server.own)


def read(text: str) -> Looks:
    """Raises ValueError for a text without these numbers."""
    all_, in_time = (float(match[1]) for pattern in (LOOKS, LATE) if (match := pattern.search(text)))
    return Looks(all_, in_time)
