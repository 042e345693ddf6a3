"""The same bytes to many."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

L = TypeVar("L")

TURN_LISTENERS: Final = 1_000
"""How many are written to in one turn of the event loop: about 7 ms, after which others have theirs."""


async def write_all(listeners: Mapping[L, Callable[[bytes], None]], buffer: bytes) -> None:
    """Writes `buffer` to all who listen now and still do when their turn comes; by no more than TURN_LISTENERS at once.

    `listeners` may change meanwhile; who comes is not written to.
    """
    if len(listeners) <= TURN_LISTENERS:
        for write in listeners.values():
            write(buffer)
        return
    for number, (listener, write) in enumerate(list(listeners.items()), 1):
        if listener in listeners:
            write(buffer)
        if number % TURN_LISTENERS == 0:
            await asyncio.sleep(0)
