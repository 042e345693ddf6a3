"""The life of a server process, told to the chat: ASGI lifespan, which Channels does not route."""

from importlib.util import find_spec
from typing import Any


async def start() -> None:
    if find_spec("chat.realtime.lifecycle"):
        from chat.realtime import lifecycle

        await lifecycle.start()


async def stop() -> None:
    if find_spec("chat.realtime.lifecycle"):
        from chat.realtime import lifecycle

        await lifecycle.stop()


async def lifespan(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Raises what `start` raises: the server logs it and does not start."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await start()
            await send({"type": "lifespan.startup.complete"})
        else:
            await stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
