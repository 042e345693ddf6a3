"""The ASGI application: HTTP goes to Django, but for what waits in the event loop; the socket to the chat consumer."""

import os
from typing import Any, cast

import django
import structlog
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path, re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
django.setup(set_prefix=False)

# Only now: they import models.
from chat.realtime.consumer import ChatConsumer  # noqa: E402
from chat.realtime.http.commands import Commands  # noqa: E402
from chat.realtime.http.poll import Poll  # noqa: E402
from chat.realtime.http.stream import Stream  # noqa: E402
from project.handler import Handler  # noqa: E402
from project.lifespan import lifespan  # noqa: E402
from project.limits import BodyLimit  # noqa: E402
from project.requests import Requests  # noqa: E402

logger = structlog.stdlib.get_logger("parley.requests")


async def no_such_socket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answers a WebSocket handshake at any other path: 404, or 403 where the server cannot say so."""
    await receive()
    logger.info("socket denied", path=scope["path"], status=404)
    if "websocket.http.response" in scope.get("extensions", {}):
        headers = [(b"content-type", b"application/json")]
        await send({"type": "websocket.http.response.start", "status": 404, "headers": headers})
        body = b'{"code":"not_found","detail":"There is no socket here: use /ws/."}'
        await send({"type": "websocket.http.response.body", "body": body})
    else:
        await send({"type": "websocket.close"})


IN_THE_LOOP = {"/api/v1/stream/": Stream(), "/api/v1/poll/": Poll(), "/api/v1/commands/": Commands()}
"""What would keep a thread of Django's for as long as it waits."""
django_pages = Handler()


async def answer_http(scope: dict[str, Any], receive: Any, send: Any) -> None:
    await IN_THE_LOOP.get(scope["path"], django_pages)(scope, receive, send)


application = ProtocolTypeRouter(
    {
        "http": Requests(BodyLimit(answer_http)),
        "websocket": URLRouter(
            [path("ws/", cast(Any, ChatConsumer.as_asgi())), re_path("", cast(Any, no_such_socket))]
        ),
        "lifespan": lifespan,
    }
)
