"""A server under test."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers import processes
from benchmarks.servers.processes import Cpu

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers.

    Attributes:
        name: `parley`, or the peer's.
        dialect: what the load generator speaks with it: `parley`, `plain` or `socketio`.
        path: of its WebSocket endpoint.
        tokens: Parley's: a file with one access token a line.
        own: ids of the server's own first processes.
        stores: those of the database and of Redis beneath it.
    """

    name: str
    dialect: str
    port: int
    path: str
    own: tuple[int, ...]
    stores: tuple[int, ...] = ()
    tokens: Path | None = None
    host: str = HOST

    def cpu(self) -> Cpu:
        """What all of its processes have used so far: workers, database and Redis, those that have died included."""
        return processes.cpu(self.own + self.stores)

    def parley_cpu(self) -> Cpu:
        """What the program under test has used alone, without database and Redis."""
        return processes.cpu(self.own)

    def memory(self) -> int:
        """Bytes that the program under test holds now, without database and Redis."""
        return processes.memory(self.own)
