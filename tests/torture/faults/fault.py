"""What a fault is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.torture.run import Run


@dataclass(frozen=True)
class Fault:
    name: str
    how: str
    expected: str
    make: Callable[[Run], Awaitable[None]]
    live_seconds: float | None = None
    """The bound for who was cut off: 99 of 100 are live again within it."""
    delivery_seconds: float | None = None
    """The bound for what was acknowledged meanwhile: 99 of 100 are heard by all within it."""
    long_only: bool = False
