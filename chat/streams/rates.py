"""How much one person may send."""

import time
from collections import deque
from collections.abc import Callable, Hashable

from chat.protocol.errors import RateLimited


class SlidingWindow:
    """At most `limit` acts of each key in any `seconds`, counted in this process.

    Exact: it keeps the time of every act of the last window. Not thread-safe beyond what the interpreter's lock gives:
    two threads at the same instant may count one act less.
    """

    def __init__(self, limit: int, seconds: float, what: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._seconds = seconds
        self._what = what
        self._clock = clock
        self._acts: dict[Hashable, deque[float]] = {}
        self._swept_at = clock()

    def count(self, key: Hashable) -> None:
        """Counts one act, or raises RateLimited with the seconds until there is room again."""
        now = self._clock()
        if now - self._swept_at > self._seconds:
            self._sweep(now)
        acts = self._acts.setdefault(key, deque())
        while acts and acts[0] <= now - self._seconds:
            acts.popleft()
        if len(acts) >= self._limit:
            wait = acts[0] + self._seconds - now
            raise RateLimited(f"{self._limit} {self._what} in {self._seconds:g} s", retry_after=max(wait, 0.1))
        acts.append(now)

    def _sweep(self, now: float) -> None:
        self._swept_at = now
        for key in [key for key, acts in self._acts.items() if not acts or acts[-1] <= now - self._seconds]:
            del self._acts[key]


class TokenBucket:
    """At most `limit` acts at once, and `limit` more in any `seconds`: the bound of one socket, in a few bytes."""

    __slots__ = ("_limit", "_seconds", "_taken", "_taken_at")

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._taken = 0.0
        self._taken_at = 0.0

    def take(self) -> bool:
        """Whether one more may be."""
        now = time.monotonic()
        self._taken = max(0.0, self._taken - (now - self._taken_at) * self._limit / self._seconds)
        self._taken_at = now
        if self._taken > self._limit - 1:
            return False
        self._taken += 1
        return True
