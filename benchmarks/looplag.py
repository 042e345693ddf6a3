"""How often a Parley's event loop was late, from what it tells at /metrics."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass
from typing import Final

from benchmarks.servers import Running

TIMEOUT_SECONDS: Final = 30.0
LATE: Final = re.compile(r'^parley_event_loop_lag_seconds_bucket\{le="0\.02"\} (\S+)$', re.MULTILINE)
LOOKS: Final = re.compile(r"^parley_event_loop_lag_seconds_count (\S+)$", re.MULTILINE)
PROCESS: Final = re.compile(r"^process_start_time_seconds (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Looks:
    """Timers of the event loop that were looked at, and those among them that were at most 20 ms late."""

    process: float
    all: float
    in_time: float

    def late_since(self, earlier: Looks) -> float | None:
        """The share that was later; None when another worker answered."""
        looks = self.all - earlier.all
        if self.process != earlier.process or not looks:
            return None
        return 1 - (self.in_time - earlier.in_time) / looks


def looks(server: Running) -> Looks:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
    finally:
        connection.close()
    return read(text)


def read(text: str) -> Looks:
    """Raises ValueError for a text without these numbers."""
    found = [pattern.search(text) for pattern in (PROCESS, LOOKS, LATE)]
    process, all_, in_time = (float(match[1]) for match in found if match)
    return Looks(process, all_, in_time)
