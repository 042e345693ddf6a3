"""The sockets of this process, from its start to its end."""

import asyncio

from chat.protocol.closing import CloseCode
from chat.protocol.limits import RESTART_SPREAD_MS
from chat.realtime.session import Session
from chat.streams import running

sessions: set[Session] = set()
over_http: set[Session] = set()
"""Those of them that end with a response, which no server closes by itself."""


async def start() -> None:
    """Called before the first socket."""
    await running.hub()


def retire() -> None:
    """From here on this process is not ready, and takes no new socket. Those that it has go on as ever."""
    running.retire()


async def drain() -> None:
    """Finishes and answers what is being written, then says `bye` to all; the server closes with 1012 after that."""
    await running.drain()
    await asyncio.sleep(0)  # what was settled by the writer is answered in the next turn of the loop
    await asyncio.sleep(0)
    for session in list(sessions):
        if session in over_http:
            session.end(CloseCode.RESTART, RESTART_SPREAD_MS)
        else:
            session.say_bye(CloseCode.RESTART, RESTART_SPREAD_MS)


async def stop() -> None:
    """Called after the last socket."""
    await running.stop()
