"""The life of a server process, told to the chat: ASGI lifespan, which Channels does not route."""

from typing import Any

from chat.hooks import worker
from chat.realtime import lifecycle
from chat.tasks import worker as tasks


async def lifespan(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Raises what `start` raises: the server logs it and does not start."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await lifecycle.start()
            worker.start()
            tasks.start()
            await send({"type": "lifespan.startup.complete"})
        else:
            await tasks.stop()
            await worker.stop()
            await lifecycle.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
