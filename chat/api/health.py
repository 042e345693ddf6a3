"""Whether this process lives, and whether it can serve: for supervisors and load balancers."""

import asyncio
from collections.abc import Awaitable
from typing import Any, Final

import msgspec
from channels.layers import get_channel_layer
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from chat.streams import database, running

CHECK_SECONDS: Final = 2.0


@never_cache
async def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. It asks nothing else: to start it again would not bring a database back."""
    return _json(200, {"status": "ok"})


@never_cache
async def readyz(request: HttpRequest) -> HttpResponse:
    """200 while this process can serve; 503 names what is in the way."""
    names = ("database", "channel_layer")
    results = await asyncio.gather(_state(database.read(_ask_database)), _state(_ask_channel_layer()))
    checks = dict(zip(names, results, strict=True)) | {"process": "draining" if running.retiring() else "ok"}
    ready = all(state == "ok" for state in checks.values())
    return _json(200 if ready else 503, {"status": "ok" if ready else "unavailable", **checks})


async def _state(check: Awaitable[None]) -> str:
    try:
        await asyncio.wait_for(check, CHECK_SECONDS)
    except Exception:  # what it says may hold addresses, and anybody may ask
        return "away"
    return "ok"


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


async def _ask_channel_layer() -> None:
    layer: Any = get_channel_layer()
    await layer.group_send("readyz", {"type": "nobody.listens"})


def _json(status: int, data: dict[str, str]) -> HttpResponse:
    answer = HttpResponse(msgspec.json.encode(data), status=status, content_type="application/json")
    if status == 503:
        answer["Retry-After"] = "1"
    return answer
