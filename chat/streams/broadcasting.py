"""The same bytes to many."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import structlog

logger = structlog.stdlib.get_logger(__name__)

L = TypeVar("L")

TURN_LISTENERS: Final = 500
"""How many are written to in one turn of the event loop: about 4 ms, after which others have theirs."""


async def write_all(listeners: Mapping[L, Callable[[bytes], None]], buffer: bytes) -> None:
    """Writes `buffer` to all who listen now and still do when their turn comes; by no more than TURN_LISTENERS at once.

    `listeners` may change meanwhile; who comes is not written to.
    """
    if not is_crowd(listeners):
        write_at_once(listeners, buffer)
        return
    for number, (listener, write) in enumerate(list(listeners.items()), 1):
        try:
            if listener in listeners:
                write(buffer)
        except Exception:
            logger.exception("a listener could not be written to")
        if number % TURN_LISTENERS == 0:
            await asyncio.sleep(0)


def is_crowd(listeners: Mapping[L, Callable[[bytes], None]]) -> bool:
    """Whether it takes more than one turn of the event loop to write to all."""
    return len(listeners) > TURN_LISTENERS


def write_at_once(listeners: Mapping[L, Callable[[bytes], None]], buffer: bytes) -> None:
    """`write_all` for those who are no crowd."""
    for write in listeners.values():
        try:
            write(buffer)
        except Exception:  # the others must not miss it
            logger.exception("a listener could not be written to")
