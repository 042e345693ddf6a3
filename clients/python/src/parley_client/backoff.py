"""How long to wait before the next try."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from parley_client import limits


class Backoff:
    """Full jitter under a doubling ceiling: `random(0, min(30 s, 0.5 s · 2^n))`."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, uniform: Callable[[float, float], float] = random.uniform
    ) -> None:
        self._clock = clock
        self._uniform = uniform
        self._failures = 0
        self._connected_at: float | None = None

    def connected(self) -> None:
        """A connection became usable; if it lasts, its loss counts as the first failure again."""
        self._connected_at = self._clock()

    def next(self) -> float:
        """Seconds to wait after the failure that just happened."""
        if self._connected_at is not None and self._clock() - self._connected_at >= limits.STABLE_SECONDS:
            self._failures = 0
        self._connected_at = None
        # The exponent is bounded: after days of failures the power would be no float any more.
        ceiling = min(limits.BACKOFF_CEILING_SECONDS, limits.BACKOFF_SECONDS * 2.0 ** min(self._failures, 16))
        self._failures += 1
        return self._uniform(0, ceiling)
