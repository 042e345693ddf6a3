"""What the disk alone takes: the least that any durable commit can cost."""

from __future__ import annotations

import os
import tempfile
import time
from statistics import quantiles
from typing import Final

from tests.support.services import DISK

WRITES: Final = 200
PAGE: Final = b"\0" * 4096


def sync_ms() -> tuple[float, float]:
    """Median and 99th percentile of appending 4 KiB to a file and waiting until they are on the disk."""
    taken = []
    with tempfile.TemporaryFile(dir=DISK, buffering=0) as file:
        for _ in range(WRITES):
            began = time.perf_counter()
            file.write(PAGE)
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    hundredths = quantiles(taken, n=100)
    return hundredths[49], hundredths[98]
