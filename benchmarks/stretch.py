"""Wall and CPU seconds of a stretch of work: the server's, the load generator's, and the machine's."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import Load
from benchmarks.looplag import looks
from benchmarks.servers import Running


@dataclass
class Stretch:
    """A stretch of work: wall and CPU seconds, filled when it is over.

    `cpu` is that of the server with database and Redis, `own` without them; `machine` that of everything that ran.
    `late` is the share of looks at Parley's event loop that found it more than 20 ms late.
    """

    seconds: float = 0.0
    cpu: float = 0.0
    own: float = 0.0
    generator: float = 0.0
    machine: float = 0.0
    late: float | None = None

    def shares(self) -> dict[str, float]:
        """Who used how much of one core; `other_cores` is what had nothing to do with the run. And `late`."""
        late = {} if self.late is None else {"loop_late_share": self.late}
        return late | {
            "server_cores": self.own / self.seconds,
            "store_cores": (self.cpu - self.own) / self.seconds,
            "generator_cpu_share": self.generator / self.seconds,
            "other_cores": max(self.machine - self.cpu - self.generator, 0.0) / self.seconds,
        }


@contextmanager
def stretch(server: Running, load: Load) -> Iterator[Stretch]:
    """Measures what is done within the block."""
    found = Stretch()
    earlier = looks(server)
    load.stats()
    cpu, own, machine, began = server.cpu().total, server.parley_cpu().total, busy_seconds(), time.monotonic()
    yield found
    found.seconds = time.monotonic() - began
    found.machine = busy_seconds() - machine
    found.cpu, found.own = server.cpu().total - cpu, server.parley_cpu().total - own
    found.generator = load.stats().cpu_since_stats.total
    now = looks(server)
    if now and earlier:
        found.late = now.late_since(earlier)


def busy_seconds() -> float:
    """CPU seconds that all of the machine has been busy, or kept waiting by its host (proc(5), `/proc/stat`)."""
    user, nice, system, _idle, _waiting, interrupts, soft, stolen, *_ = map(
        int, Path("/proc/stat").read_text().partition("\n")[0].split()[1:]
    )
    return (user + nice + system + interrupts + soft + stolen) / os.sysconf("SC_CLK_TCK")
