"""What runs in this process: one writer and one hub, from start to drain."""

import asyncio
from collections.abc import Callable
from typing import Final

from chat.streams import writer
from chat.streams.hub import Hub
from chat.streams.writer import Writer

DRAIN_SECONDS: Final = 2.5

leaving: Final[set[Callable[[], None]]] = set()
"""Called in the event loop at the moment this process begins to end, for those who wait for something."""

_hub: Hub | None = None
_starting: asyncio.Lock | None = None
_retiring = _draining = False


async def hub() -> Hub:
    """The hub of this process. Servers that know no lifespan (Daphne) start it here, with the first socket."""
    global _hub, _starting, _retiring, _draining
    if _hub is None:
        if _starting is None:
            _starting = asyncio.Lock()
        async with _starting:
            if _hub is None:
                _retiring = _draining = False
                thread = Writer()
                thread.start()
                writer.use(thread)
                started = Hub()
                await started.start()
                _hub = started
    return _hub


def present_hub() -> Hub | None:
    """The hub, if it runs. From any thread."""
    return _hub


def retiring() -> bool:
    """True from the moment nobody new is to come: this process is about to end."""
    return _retiring


def draining() -> bool:
    """True from the moment this process takes no more writes."""
    return _draining


def retire() -> None:
    """Nobody new is to come; those who are here go on as ever."""
    global _retiring
    _retiring = True


async def drain() -> None:
    """Takes no more writes and finishes those that wait."""
    global _retiring, _draining
    _retiring = _draining = True
    for tell in list(leaving):
        tell()
    thread = writer.running()
    if thread is not None:
        await asyncio.get_running_loop().run_in_executor(None, thread.drain, DRAIN_SECONDS)


async def stop() -> None:
    """Ends what `hub` started."""
    global _hub, _starting
    await drain()
    if _hub is not None:
        await _hub.stop()
    writer.use(None)
    _hub = _starting = None
