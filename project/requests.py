"""What is known of an HTTP request around its answer: its id, how long it took, a line in the log."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any, Final

import structlog
from prometheus_client import Histogram

from chat.streams import metrics

logger = structlog.stdlib.get_logger("parley.requests")

REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9-]{8,64}")
"""What a proxy may say in X-Request-ID; else the request gets an id here."""
EVENT_STREAM: Final = (b"content-type", b"text/event-stream")
QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked for every few seconds, by programs: no line."""

request_seconds = Histogram(
    "parley_request_seconds", "How long HTTP requests took, by class of status; `gone`: nobody waited.", ["status"]
)


class Requests:
    """Binds `request`, the id, to the log's context, and gives it back as X-Request-ID.

    A stream of events is told of when it begins: it may last for days.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        request_id = id_of(scope)
        structlog.contextvars.bind_contextvars(request=request_id)
        status: int | None = None
        told = False
        begun = time.perf_counter()

        async def answer(message: dict[str, Any]) -> None:
            nonlocal status, told
            if message["type"] == "http.response.start":
                status = message["status"]
                if EVENT_STREAM in message["headers"]:
                    told = True
                    tell(scope, status, time.perf_counter() - begun)
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self.application(scope, receive, answer)
        except Exception:
            status = status or 500  # which the server says now
            metrics.uncaught.labels("request").inc()
            raise
        finally:
            if not told:
                tell(scope, status, time.perf_counter() - begun)


def tell(scope: dict[str, Any], status: int | None, seconds: float) -> None:
    request_seconds.labels(f"{status // 100}xx" if status else "gone").observe(seconds)
    if scope["path"] not in QUIET:
        logger.info(
            "request",
            method=scope["method"],
            path=scope["path"],
            status=status,
            ms=round(seconds * 1000, 1),
            client=(scope.get("client") or ("",))[0],
        )


def id_of(scope: dict[str, Any]) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(value):
            return str(value, "ascii")
    return uuid.uuid4().hex
